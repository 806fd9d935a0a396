//! Questions at a real terminal: what is typed, what is shown, and what is left behind.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Sender, channel};

use serde_json::json;

use crate::support::fake::jwt;
use crate::support::programs::{Folder, program, programs_available, run};
use crate::support::pty::{AtTerminal, line_at_terminal};
use crate::support::server::{self, Server, get, post};

const KEYWRIGHT: &str = env!("CARGO_BIN_EXE_keywright");
const KEYS: &str = "/api/v1/accounts/user/api-keys/";

/// Opens and closes what a question needs of the terminal.
const PASTE_OFF: &str = "\u{1b}[?2004l";
const CURSOR_ON: &str = "\u{1b}[?25h";

/// A profile of schatzi in the environment, and the keys at the service.
struct Scene {
    home: Folder,
    server: Server,
    token: String,
}

impl Scene {
    fn with_keys(names: &[&str]) -> Option<Scene> {
        if !programs_available(&["script"]) {
            return None;
        }
        let token = jwt("schatzi", 10 * 365 * 86_400);
        let keys: Vec<_> = names
            .iter()
            .map(|name| json!({ "id": name, "name": name }))
            .collect();
        let server = Server::with(get(KEYS).bearer(&token), server::json(200, &json!(keys)));
        Some(Scene {
            home: Folder::new(),
            server,
            token,
        })
    }

    fn revokes(&self, name: &str) {
        let revocation = post(&format!("{KEYS}{name}/revoke/")).bearer(&self.token);
        self.server.expect(revocation).answer(server::empty(204));
    }

    /// Starts a shell line with `kw` in it, and `$0` for the program.
    fn start(&self, line: &str) -> AtTerminal {
        start(&self.home, &self.server.url(), &self.token, line)
    }
}

fn start(home: &Folder, url: &str, token: &str, line: &str) -> AtTerminal {
    let line = format!("kw() {{ {KEYWRIGHT} \"$@\"; }}; {line}");
    let mut command = line_at_terminal(&line);
    command
        .env("LANG", "C.UTF-8")
        .env("KW", KEYWRIGHT)
        .env("HOME", home.path())
        .env("KEYWRIGHT_CONFIG_DIR", home.path().join("config"))
        .env("KEYWRIGHT_STATE_DIR", home.path().join("state"))
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .env("KEYWRIGHT_BASE_URL", url)
        .env("KEYWRIGHT_TOKEN", token)
        .current_dir(home.path());
    AtTerminal::start(&mut command)
}

#[test]
fn yes_counts_with_enter_only() {
    let Some(scene) = Scene::with_keys(&["ci"]) else {
        return;
    };
    let mut person = scene.start("kw keys revoke ci");
    person.wait_for("Revoke?").press("y");
    // Whatever the first letter was, it is no answer yet.
    person.press("x\r").wait_for("type y for yes or n for no");
    person.wait_for("Revoke?").press("n\r");
    let (code, screen) = person.end();
    assert_eq!(code, Some(130), "{screen}");
    assert!(screen.contains("nothing was changed"), "{screen}");
}

/// A service that shows its list of keys when it is told to.
fn slow_list() -> (String, Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (tell, told) = channel();
    std::thread::spawn(move || {
        let Ok((mut stream, _)) = listener.accept() else {
            return;
        };
        let mut buffer = [0; 4096];
        let _ = stream.read(&mut buffer);
        let _ = told.recv();
        let body = r#"[{"id":"ci","name":"ci"}]"#;
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
        let _ = write!(
            stream,
            "{head}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
    });
    (url, tell)
}

#[test]
fn answer_typed_ahead_is_dropped() {
    if !programs_available(&["script"]) {
        return;
    }
    let (home, (url, go_on)) = (Folder::new(), slow_list());
    let token = jwt("schatzi", 10 * 365 * 86_400);
    let mut person = start(&home, &url, &token, "kw keys revoke ci");
    person.press("y\r").wait_for("y\r\n");
    go_on.send(()).unwrap();
    person.wait_for("Revoke?").press("no\r");
    let (code, screen) = person.end();
    assert_eq!(code, Some(130), "{screen}");
}

#[test]
fn end_of_input_cancels_every_question() {
    for (line, question, key) in [
        ("kw keys revoke ci", "Revoke?", "\u{4}"),
        ("kw keys revoke ci build", "Type `schatzi`", "\u{4}"),
        ("kw keys revoke", "Keys to revoke at schatzi", "\u{4}"),
        ("kw keys revoke", "Keys to revoke at schatzi", "\u{1b}"),
        ("kw keys show", "Key at schatzi", "\u{1b}"),
        ("kw keys show", "Key at schatzi", "\u{3}"),
    ] {
        let Some(scene) = Scene::with_keys(&["ci", "build"]) else {
            return;
        };
        let mut person = scene.start(line);
        person.wait_for(question).press(key);
        let (code, screen) = person.end();
        assert_eq!(code, Some(130), "{line}: {screen}");
        let (on, off) = ("\u{1b}[?2004h", PASTE_OFF);
        assert_eq!(
            screen.matches(on).count(),
            screen.matches(off).count(),
            "{screen}"
        );
        assert!(screen.rfind(off) > screen.rfind(on), "{screen}");
    }
}

#[test]
fn menu_marks_several_keys() {
    let Some(scene) = Scene::with_keys(&["ci", "build", "docs"]) else {
        return;
    };
    scene.revokes("ci");
    scene.revokes("docs");
    let mut person = scene.start("kw keys revoke");
    person
        .wait_for("docs")
        .press("nothing")
        .wait_for("no match for `nothing`");
    person.press("\u{15} ").wait_for("◉ ci");
    person.press("doc ").wait_for("◉ docs").press("\r");
    person.wait_for("Type `schatzi`").press("schatzi\r");
    let (code, screen) = person.end();
    assert_eq!(code, Some(0), "{screen}");
    assert!(screen.contains("revoked `docs`"), "{screen}");
}

#[test]
fn long_name_fits_narrow_menu() {
    let long = "a long name ".repeat(9);
    let Some(scene) = Scene::with_keys(&["ci", long.trim()]) else {
        return;
    };
    let mut person = scene.start("stty rows 24 cols 40; kw keys show");
    person.wait_for("esc cancels").press("\u{1b}");
    let (code, screen) = person.end();
    assert_eq!(code, Some(130), "{screen}");
    assert!(
        screen.contains("  a long name a long name a long name …"),
        "{screen}"
    );
    assert!(!screen.contains(long.trim()), "{screen}");
}

#[test]
fn dumb_terminal_numbers_its_lists() {
    let Some(scene) = Scene::with_keys(&["ci", "build"]) else {
        return;
    };
    let mut person = scene.start("TERM=dumb kw keys show");
    person
        .wait_for("  2  build")
        .wait_for("(number)")
        .press("3\r");
    person
        .wait_for("`3` is not a number from 1 to 2")
        .press("\u{7f}\u{4}");
    let (code, screen) = person.end();
    assert_eq!(code, Some(130), "{screen}");
    assert!(!screen.contains('\u{1b}'), "{screen}");
}

#[test]
fn ending_signal_restores_terminal() {
    for (signal, code) in [("TERM", 143), ("HUP", 129), ("QUIT", 131)] {
        let Some(scene) = Scene::with_keys(&["ci", "build"]) else {
            return;
        };
        let line = "sh -c 'echo pid=$$.; exec $KW keys show'; echo code=$?; stty -a";
        let mut person = scene.start(line);
        let pid = person.wait_for("pid=").read_until(".");
        person.wait_for("esc cancels");
        let sent = run(program("kill").args([&format!("-{signal}"), pid.as_str()]));
        assert!(sent.ok, "{sent:?}");
        person.wait_for(PASTE_OFF).wait_for(CURSOR_ON);
        person.wait_for(&format!("code={code}"));
        let (_, screen) = person.end();
        for setting in [" icanon", " echo ", " icrnl", " ixon"] {
            assert!(screen.contains(setting), "{setting}: {screen}");
        }
    }
}

#[test]
fn stopped_question_goes_on_hidden() {
    let Some(scene) = Scene::with_keys(&["ci"]) else {
        return;
    };
    let line = "set -m; kw keys revoke ci; echo stopped; stty -a; fg; echo code=$?";
    let mut person = scene.start(line);
    person
        .wait_for("Revoke?")
        .press("y")
        .wait_for("\u{1b}[0m y");
    person.press("\u{1a}");
    person
        .wait_for(PASTE_OFF)
        .wait_for("stopped")
        .wait_for(" icanon")
        .wait_for(" echo ");
    // It is drawn again, with what was typed, and takes no echo.
    person.wait_for("Revoke?").wait_for("\u{1b}[0m y");
    person.press("\u{15}no\r");
    person.wait_for("code=130");
    let (_, screen) = person.end();
    // The one of `stty`.
    assert_eq!(screen.matches("^U").count(), 1, "{screen}");
}
