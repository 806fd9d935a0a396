//! The screen of a real terminal while work is under way.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::fake::jwt;
use crate::support::programs::{Folder, program, programs_available, run};
use crate::support::server::{self, Server, get, post};

const KEYWRIGHT: &str = env!("CARGO_BIN_EXE_keywright");
const KEYS: &str = "/api/v1/accounts/user/api-keys/";

/// The screen while three keys are revoked, of which the second takes a while.
fn bulk_revocation(terminal: &str) -> String {
    let token = jwt("schatzi", 10 * 365 * 86_400);
    let keys = ["a", "b", "c"].map(|name| json!({ "id": name, "name": name }));
    let server = Server::with(
        get(KEYS).bearer(&token),
        server::json(200, &json!(keys.to_vec())),
    );
    let revoke = |name: &str| post(&format!("{KEYS}{name}/revoke/")).bearer(&token);
    server.expect(revoke("a")).answer(server::empty(204));
    // The second one takes a while.
    server
        .expect(revoke("b"))
        .answer(server::json(429, &json!({})).header("retry-after", "1"));
    server.expect(revoke("b")).answer(server::empty(204));
    server.expect(revoke("c")).answer(server::empty(204));
    let home = Folder::new();
    let line = format!("{KEYWRIGHT} keys revoke a b c --yes; echo the end");
    let mut script = at_terminal(&home, &server.url(), &token, &line);
    run(script.env("TERM", terminal)).stdout
}

#[test]
fn bulk_revoke_progress_bar_is_cleared() {
    if !programs_available(&["script"]) {
        return;
    }
    let screen = bulk_revocation("xterm");
    assert!(screen.contains("revoking [======>"), "{screen}");
    assert!(screen.contains("] 1/3"), "{screen}");
    for line in ["revoked `a`\r\n", "revoked `b`\r\n", "revoked `c`\r\n"] {
        assert!(screen.contains(line), "{screen}");
    }
    // The bar is wiped before anything else is written.
    assert!(screen.contains("\r\x1b[2Kthe end\r\n"), "{screen}");
}

#[test]
fn dumb_terminal_shows_no_progress() {
    if !programs_available(&["script"]) {
        return;
    }
    let screen = bulk_revocation("dumb");
    assert!(screen.ends_with("revoked `b`\r\nrevoked `c`\r\nthe end\r\n"));
    assert!(!screen.contains(['\u{1b}', '[']), "{screen}");
}

/// A shell line in a CI job at schatzi, run at a terminal of its own.
fn at_terminal(home: &Folder, url: &str, token: &str, line: &str) -> Command {
    let mut script = program("script");
    script.args(["-qec", line, "/dev/null"]);
    in_job(&mut script, home, url, token);
    script
}

fn in_job(command: &mut Command, home: &Folder, url: &str, token: &str) {
    command
        .env("TERM", "xterm")
        .env("COLUMNS", "80")
        .env("KEYWRIGHT_CONFIG_DIR", home.path().join("config"))
        .env("KEYWRIGHT_STATE_DIR", home.path().join("state"))
        .env("HOME", home.path())
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .env("KEYWRIGHT_BASE_URL", url)
        .env("KEYWRIGHT_TOKEN", token);
}

/// A server that never shows a key, and hangs up where one is to be created.
fn forgetful() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            lose_what_is_created(stream);
        }
    });
    url
}

fn lose_what_is_created(mut stream: TcpStream) {
    let mut buffer = [0; 4096];
    let count = stream.read(&mut buffer).unwrap_or_default();
    if buffer[..count].starts_with(b"GET ") {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n[]";
        let _ = stream.write_all(answer);
    }
}

/// The output of a program to its terminal, as it comes.
fn screen_of(child: &mut Child) -> mpsc::Receiver<String> {
    let mut stdout = child.stdout.take().unwrap();
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = stdout.read(&mut buffer) {
            let text = String::from_utf8_lossy(&buffer[..count]).into_owned();
            if tell.send(text).is_err() {
                break;
            }
        }
    });
    told
}

#[test]
fn ctrl_c_ends_wait_keeps_record() {
    if !programs_available(&["script"]) {
        return;
    }
    let (home, url) = (Folder::new(), forgetful());
    let token = jwt("schatzi", 10 * 365 * 86_400);
    // No shell stays between: it would answer Ctrl-C with an exit code of its own.
    let line = format!("exec {KEYWRIGHT} keys create ci --to file:ci.key");
    let mut child = at_terminal(&home, &url, &token, &line)
        .current_dir(home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut keyboard = child.stdin.take().unwrap();
    let told = screen_of(&mut child);
    let mut screen = String::new();
    loop {
        match told.recv_timeout(Duration::from_millis(300)) {
            Ok(text) => screen.push_str(&text),
            Err(RecvTimeoutError::Disconnected) => break,
            // Pressed again where it came just between two waits; once the command has failed, it would end the exit.
            Err(RecvTimeoutError::Timeout)
                if screen.contains("Ctrl-C ends the wait") && !screen.contains("error:") =>
            {
                let _ = keyboard.write_all(b"\x03");
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(10), "{screen}");
    assert!(screen.contains("keywright rotations"), "{screen}");
    assert!(!home.path().join("ci.key").exists());
    let mut shown = program(env!("CARGO_BIN_EXE_keywright"));
    in_job(shown.args(["rotations", "--json"]), &home, &url, &token);
    let shown = run(&mut shown);
    let records: Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!(records[0]["state"], "lost", "{records}");
    assert_eq!(records.as_array().unwrap().len(), 1, "{records}");
}
