//! Questions at a real terminal: what is typed, what is shown, and what is left behind.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::mpsc::{Receiver, Sender, channel};

use age::secrecy::ExposeSecret;
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
    let mut command = line_in(home, url, line);
    command.env("KEYWRIGHT_TOKEN", token);
    AtTerminal::start(command.env("KEYWRIGHT_PROVIDER", "schatzi"))
}

/// Starts a shell line where nobody is logged in and secrets are kept in a file.
fn start_login(home: &Folder, url: &str, line: &str) -> AtTerminal {
    let identity = age::x25519::Identity::generate().to_string();
    let mut command = line_in(home, url, line);
    command.env("KEYWRIGHT_STORE", "file");
    AtTerminal::start(command.env("KEYWRIGHT_STORE_KEY", identity.expose_secret()))
}

fn line_in(home: &Folder, url: &str, line: &str) -> Command {
    let line = format!("kw() {{ {KEYWRIGHT} \"$@\"; }}; {line}");
    let mut command = line_at_terminal(&line);
    command
        .env("LANG", "C.UTF-8")
        .env("KW", KEYWRIGHT)
        .env("HOME", home.path())
        .env("KEYWRIGHT_CONFIG_DIR", home.path().join("config"))
        .env("KEYWRIGHT_STATE_DIR", home.path().join("state"))
        .env("KEYWRIGHT_BASE_URL", url)
        .current_dir(home.path());
    command
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

/// A service that answers each request when it is told to, and tells of each that has come.
struct SlowService {
    url: String,
    came: Receiver<()>,
    go_on: Sender<()>,
}

impl SlowService {
    fn answering(status: &'static str, body: &'static str) -> SlowService {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (tell, came) = channel();
        let (go_on, told) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer_slowly(stream, (status, body), &tell, &told);
            }
        });
        SlowService { url, came, go_on }
    }
}

fn answer_slowly(
    mut stream: TcpStream,
    (status, body): (&str, &str),
    tell: &Sender<()>,
    told: &Receiver<()>,
) {
    let mut buffer = [0; 4096];
    let _ = stream.read(&mut buffer);
    let _ = tell.send(());
    let _ = told.recv();
    let head = "content-type: application/json\r\nconnection: close\r\ncontent-length";
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\n{head}: {}\r\n\r\n{body}",
        body.len()
    );
}

#[test]
fn answer_typed_ahead_is_dropped() {
    if !programs_available(&["script"]) {
        return;
    }
    let (home, token) = (Folder::new(), jwt("schatzi", 10 * 365 * 86_400));
    let list = r#"[{"id":"ci","name":"ci"}]"#;
    let service = SlowService::answering("200 OK", list);
    let mut person = start(&home, &service.url, &token, "kw keys revoke ci");
    person.press("y\r").wait_for("y\r\n");
    service.go_on.send(()).unwrap();
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
        // The tests may have been started with a signal ignored.
        let line =
            "sh -c 'echo pid=$$.; exec env --default-signal $KW keys show'; echo code=$?; stty -a";
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

/// A token of 64 KiB.
fn long_token() -> String {
    let token = jwt("schatzi", 10 * 365 * 86_400);
    let rest = "fake-64k".repeat(8 << 10);
    format!("{token}{rest}")
}

const LOGIN: &str = "kw login schatzi";

#[test]
fn long_paste_arrives_whole_and_hidden() {
    if !programs_available(&["script"]) {
        return;
    }
    let token = long_token();
    for (before, after) in [("\u{1b}[200~", "\u{1b}[201~"), ("", "")] {
        let accepted = server::json(200, &json!([]));
        let server = Server::with(get(KEYS).bearer(&token), accepted);
        let home = Folder::new();
        let mut person = start_login(&home, &server.url(), LOGIN);
        person
            .wait_for("Log in with")
            .press("JWT")
            .wait_for("JWT (pasted)")
            .press("\r");
        person.wait_for("\u{1b}[?2004h").wait_for("JWT");
        person.press(&format!("{before}{token}{after}"));
        person
            .wait_for(&format!("• ({} characters)", token.len()))
            .press("\r");
        let (code, screen) = person.end();
        assert_eq!(code, Some(0), "{screen}");
        assert!(screen.contains("logged in to schatzi"), "{screen}");
        assert!(!screen.contains("fake-64k"), "{screen}");
    }
}

#[test]
fn rest_of_paste_is_no_command() {
    if !programs_available(&["script"]) {
        return;
    }
    let (home, server) = (Folder::new(), Server::new());
    let line = format!("{LOGIN}; echo code=$?; read -r rest; echo \"rest=[$rest]\"");
    let mut person = start_login(&home, &server.url(), &line);
    person
        .wait_for("Log in with")
        .press("JWT")
        .wait_for("JWT (pasted)")
        .press("\r");
    person.wait_for("\u{1b}[?2004h").wait_for("JWT");
    let pem = "-----BEGIN FAKE KEY-----\rQUJD\r-----END FAKE KEY-----\r";
    person.press(&format!("{pem}touch pwned\rtouch pwned\r"));
    person.wait_for("code=").press("end\r");
    person.wait_for("rest=[end]");
    let (_, screen) = person.end();
    assert!(!screen.contains("QUJD"), "{screen}");
    assert!(!screen.contains("pwned"), "{screen}");
}

/// Logs in to a slow service with a password that it refuses.
fn wrong_password(home: &Folder, service: &SlowService, line: &str) -> AtTerminal {
    let mut person = start_login(home, &service.url, line);
    person.wait_for("Password").press("fake-slip\r");
    service.came.recv().unwrap();
    person
}

#[test]
fn nothing_typed_between_prompts_shows() {
    if !programs_available(&["script"]) {
        return;
    }
    let home = Folder::new();
    let service = SlowService::answering("401 Unauthorized", "{}");
    let line = "kw login siati --email u@example.com";
    let mut person = wrong_password(&home, &service, line);
    person.press("too-soon");
    service.go_on.send(()).unwrap();
    person
        .wait_for("does not accept")
        .wait_for("Password")
        .press("\u{4}");
    let (code, screen) = person.end();
    assert_eq!(code, Some(130), "{screen}");
    assert!(!screen.contains("too-soon"), "{screen}");
    assert!(!screen.contains("fake-slip"), "{screen}");
}

#[test]
fn signal_between_prompts_restores_echo() {
    if !programs_available(&["script"]) {
        return;
    }
    let home = Folder::new();
    let service = SlowService::answering("401 Unauthorized", "{}");
    let line =
        "sh -c 'echo pid=$$.; exec $KW login siati --email u@example.com'; echo code=$?; stty -a";
    let mut person = start_login(&home, &service.url, line);
    let pid = person.wait_for("pid=").read_until(".");
    person.wait_for("Password").press("fake-slip\r");
    service.came.recv().unwrap();
    let signalled = run(program("kill").args(["-TERM", pid.as_str()]));
    assert!(signalled.ok, "{signalled:?}");
    // A login that is out is waited for.
    service.go_on.send(()).unwrap();
    person.wait_for("code=143");
    let (_, screen) = person.end();
    assert!(screen.contains(" echo "), "{screen}");
}

#[test]
fn redirected_streams_ask_at_terminal() {
    let Some(scene) = Scene::with_keys(&["ci"]) else {
        return;
    };
    scene.revokes("ci");
    let line = "echo no | kw keys revoke ci 2> log; echo code=$?";
    let mut person = scene.start(line);
    person
        .wait_for("cannot be undone")
        .wait_for("Revoke?")
        .press("y\r");
    person.wait_for("code=0");
    person.end();
    let log = keywright::platform::files::read_text(&scene.home.path().join("log"));
    let log = log.unwrap().unwrap();
    assert!(log.contains("revoked `ci`"), "{log}");
    // Whoever forbids questions is asked none.
    for forbidden in ["--no-input", "KEYWRIGHT_NO_INPUT", "CI"] {
        let Some(scene) = Scene::with_keys(&["ci"]) else {
            return;
        };
        let (before, after) = match forbidden {
            "--no-input" => (String::new(), forbidden),
            name => (format!("{name}=1"), ""),
        };
        let line = format!("echo y | {before} $KW keys revoke ci {after}; echo code=$?");
        let mut person = scene.start(&line);
        person.wait_for("prompts are disabled").wait_for("code=2");
        person.end();
    }
}

#[test]
fn signal_wipes_spinner() {
    if !programs_available(&["script"]) {
        return;
    }
    let home = Folder::new();
    let service = SlowService::answering("200 OK", "[]");
    let token = jwt("schatzi", 10 * 365 * 86_400);
    let line = "sh -c 'echo pid=$$.; exec $KW keys list'; echo code=$?";
    let mut person = start(&home, &service.url, &token, line);
    let pid = person.wait_for("pid=").read_until(".");
    person.wait_for("waiting for 127.0.0.1");
    let signalled = run(program("kill").args(["-TERM", pid.as_str()]));
    assert!(signalled.ok, "{signalled:?}");
    let drawn = person.read_until("code=143");
    let (_, left) = drawn.rsplit_once("\r\u{1b}[2K").unwrap_or_default();
    assert!(!left.contains("waiting"), "{drawn}");
}

#[test]
fn colors_are_refused_by_every_means() {
    for line in [
        "CLICOLOR=0 kw keys show",
        "NO_COLOR=1 kw keys show",
        "kw keys show --color never",
    ] {
        let Some(scene) = Scene::with_keys(&["ci", "build"]) else {
            return;
        };
        let mut person = scene.start(line);
        person.wait_for("esc cancels").press("\u{1b}");
        let (_, screen) = person.end();
        assert!(!screen.contains("\u{1b}[1m"), "{line}: {screen}");
        assert!(!screen.contains("\u{1b}[36m"), "{line}: {screen}");
    }
}

#[test]
fn stopped_secret_is_never_echoed() {
    if !programs_available(&["script"]) {
        return;
    }
    let (home, service) = (
        Folder::new(),
        SlowService::answering("401 Unauthorized", "{}"),
    );
    let line = "set -m; kw login siati --email u@example.com; echo stopped; fg; echo code=$?";
    let mut person = start_login(&home, &service.url, line);
    person
        .wait_for("Password")
        .press("fake-")
        .wait_for("(5 characters)");
    person.press("\u{1a}").wait_for("stopped");
    person
        .wait_for("\u{1b}[?2004h")
        .wait_for("(5 characters)")
        .press("slip");
    person.wait_for("(9 characters)").press("\u{4}");
    person.wait_for("code=130");
    let (_, screen) = person.end();
    assert!(!screen.contains("slip"), "{screen}");
}
