//! Calls that need a process and a socket: names that are this machine, proxies, TLS, a process that was
//! stopped, and signals while an answer is out.

mod tls;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::fake::jwt;
use crate::support::programs::{Ended, Folder, program, run};

const KEYWRIGHT: &str = env!("CARGO_BIN_EXE_keywright");

/// A key of this form is nobody's.
const NEW_KEY: &str = "sk-fake-0123456789abcdef0123456789abcdef";

/// A CI job at schatzi, whose server is at `url`.
fn job(home: &Folder, url: &str, args: &[&str]) -> Command {
    // Whoever runs the tests may ignore signals, as `nohup` does, and what is ignored stays so.
    let mut command = program("env");
    command
        .args(["--default-signal=HUP,INT,QUIT,TERM", KEYWRIGHT])
        .args(args)
        .current_dir(home.path())
        .env("KEYWRIGHT_CONFIG_DIR", home.path().join("config"))
        .env("KEYWRIGHT_STATE_DIR", home.path().join("state"))
        .env("HOME", home.path())
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .env("KEYWRIGHT_BASE_URL", url)
        .env("KEYWRIGHT_TOKEN", jwt("schatzi", 10 * 365 * 86_400));
    command
}

/// A listener that gives each connection what comes to it: the address, and what was asked.
pub(crate) fn answering(answer: &'static [u8]) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, asked) = mpsc::channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut buffer = [0; 4096];
            let count = stream.read(&mut buffer).unwrap_or_default();
            let _ = tell.send(String::from_utf8_lossy(&buffer[..count]).into_owned());
            let _ = stream.write_all(answer);
        }
    });
    (port, asked)
}

fn listed(home: &Folder, url: &str, env: &[(&str, &str)]) -> Ended {
    let mut command = job(home, url, &["keys", "list"]);
    command.envs(env.iter().copied());
    run(&mut command)
}

/// No name of a type, and the way out.
fn is_plain(ended: &Ended, why: &str, way_out: &str) {
    assert_eq!(ended.code, Some(8), "{ended:?}");
    let text = &ended.stderr;
    assert!(text.contains(why) && text.contains(way_out), "{text}");
    for name in ["Other(", "Invalid", "Error", "::", "os error"] {
        assert!(!text.contains(name), "{text}");
    }
}

#[test]
fn https_plain_http_server_is_explained() {
    let home = Folder::new();
    let (port, _) = answering(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
    let ended = listed(&home, &format!("https://127.0.0.1:{port}"), &[]);
    is_plain(&ended, "does not speak TLS", "check the base URL");
}

#[test]
fn refusing_proxy_is_named() {
    let home = Folder::new();
    for (answer, why, way_out) in [
        (
            &b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"[..],
            "asks for a user name and a password",
            "HTTPS_PROXY",
        ),
        (
            b"HTTP/1.1 403 Forbidden\r\n\r\n",
            "refuses to connect to `api.example.test`",
            "NO_PROXY",
        ),
        (b"", "closed the connection", "NO_PROXY"),
    ] {
        let (port, asked) = answering(answer);
        let proxy = format!("http://127.0.0.1:{port}");
        let ended = listed(
            &home,
            "https://api.example.test",
            &[("HTTPS_PROXY", &proxy)],
        );
        is_plain(&ended, why, way_out);
        let named = format!("the proxy `127.0.0.1:{port}`");
        assert!(ended.stderr.contains(&named), "{}", ended.stderr);
        let asked = asked.recv().unwrap();
        assert!(
            asked.starts_with("CONNECT api.example.test:443 "),
            "{asked}"
        );
    }
}

#[test]
fn invalid_proxy_variable_is_named() {
    let home = Folder::new();
    let (port, asked) = answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]");
    let near = format!("http://127.0.0.1:{port}");
    for variable in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY"] {
        let junk = [(variable, "fake user:fake-password")];
        let ended = listed(&home, "https://api.example.test", &junk);
        let why = format!("{variable} is not the URL of a proxy");
        is_plain(&ended, &why, "write it as http://HOST:PORT");
        assert!(!ended.stderr.contains("fake"), "{}", ended.stderr);
        // This machine is reached without a proxy.
        let ended = listed(&home, &near, &junk);
        assert!(!ended.stderr.contains("proxy"), "{}", ended.stderr);
        assert!(asked.recv().unwrap().starts_with("GET "));
    }
    let ended = listed(
        &home,
        "https://api.example.test",
        &[("ALL_PROXY", "socks5://127.0.0.1:1080")],
    );
    is_plain(
        &ended,
        "ALL_PROXY names a SOCKS proxy",
        "name an HTTP proxy",
    );
    // The host needs none, and its name is asked for at once.
    let ended = listed(
        &home,
        "https://api.example.test",
        &[("HTTPS_PROXY", "not a url"), ("NO_PROXY", "example.test")],
    );
    assert!(!ended.stderr.contains("HTTPS_PROXY"), "{}", ended.stderr);
}

#[test]
fn loopback_server_keeps_proxy_for_others() {
    let home = Folder::new();
    let (near, _) = answering(b"no TLS");
    let (port, asked) = answering(b"HTTP/1.1 403 Forbidden\r\n\r\n");
    let proxy = format!("http://127.0.0.1:{port}");
    home.write(
        "config/providers/two.toml",
        r#"manifest = 1
name = "two"
title = "Two"
about = "a service with two servers"
checked = "2026-11-20"
servers.near = { url = "https://near.example.test", auth = ["key"] }
servers.far = { url = "https://far.example.test", auth = ["key"] }
credentials.key = { kind = "key", title = "key", in = [{ header = { name = "X-Api-Key" } }], verify = { request = { method = "GET", server = "near", path = "/me" } } }
operations.list.request = { method = "GET", server = "far", path = "/keys" }
key = { id = "/id", name = "/name" }
"#,
    );
    let mut command = job(&home, "", &["audit"]);
    command
        .env_remove("KEYWRIGHT_TOKEN")
        .env("KEYWRIGHT_PROVIDER", "two")
        .env("KEYWRIGHT_API_KEY", "fake-key")
        .env(
            "KEYWRIGHT_BASE_URL",
            format!("near=https://127.0.0.1:{near},far=https://far.example.test"),
        )
        .env("HTTPS_PROXY", &proxy);
    let ended = run(&mut command);
    let asked = asked.try_recv();
    assert!(
        asked.is_ok_and(|asked| asked.starts_with("CONNECT far.example.test:443 ")),
        "{ended:?}"
    );
}

#[test]
fn localhost_subdomain_skips_dns() {
    let home = Folder::new();
    let (port, asked) = answering(b"no TLS");
    let ended = listed(&home, &format!("https://tenant.localhost:{port}"), &[]);
    is_plain(&ended, "does not speak TLS", "check the base URL");
    assert!(!asked.recv().unwrap().is_empty());
    let ended = listed(&home, &format!("http://tenant.localhost:{port}"), &[]);
    assert_eq!(ended.code, Some(2), "{ended:?}");
}

#[test]
fn stalled_tls_handshake_times_out() {
    let home = Folder::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    // It is accepted by the system, and nobody answers the handshake.
    let ended = run(&mut job(&home, &url, &["keys", "list", "--timeout", "1s"]));
    is_plain(
        &ended,
        "the connection did not open within 1 s",
        "check the network",
    );
}

/// A server that tells of each call that creates a key, and answers it when it is told to.
struct Maker {
    url: String,
    asked: Receiver<()>,
    answer: Sender<()>,
    /// The number of answers that were sent.
    sent: Receiver<()>,
}

impl Maker {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (tell, asked) = mpsc::channel();
        let (answer, told) = mpsc::channel();
        let (tell_sent, sent) = mpsc::channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                serve(stream, &tell, &told, &tell_sent);
            }
        });
        Maker {
            url,
            asked,
            answer,
            sent,
        }
    }
}

fn serve(mut stream: TcpStream, asked: &Sender<()>, told: &Receiver<()>, sent: &Sender<()>) {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while !is_whole(&text) {
        let count = stream.read(&mut buffer).unwrap_or_default();
        if count == 0 {
            return;
        }
        text.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    let creates = text.starts_with("POST ");
    let body = if creates {
        asked.send(()).unwrap();
        let _ = told.recv();
        format!(r#"{{"id":"k1","key":"{NEW_KEY}"}}"#)
    } else {
        "[]".to_owned()
    };
    let status = if creates { 201 } else { 200 };
    let _ = write!(
        stream,
        "HTTP/1.1 {status} OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    if creates {
        let _ = sent.send(());
    }
}

fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let head = head.to_lowercase();
    let length = head
        .split("content-length: ")
        .nth(1)
        .and_then(|rest| rest.split("\r\n").next()?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn creating(home: &Folder, maker: &Maker, more: &[&str]) -> Child {
    let args = [&["keys", "create", "ci"][..], more].concat();
    let child = job(home, &maker.url, &args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    maker.asked.recv().unwrap();
    child
}

fn send(child: &Child, signal: Signal) {
    let id = i32::try_from(child.id()).unwrap();
    kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Returns whether the new key was printed, or is what `resume` brings.
fn is_there(home: &Folder, maker: &Maker, output: &Output) -> bool {
    if text(&output.stdout).contains(NEW_KEY) {
        return true;
    }
    let resumed = run(&mut job(home, &maker.url, &["rotations", "resume"]));
    resumed.stdout.contains(NEW_KEY)
}

#[test]
fn signal_waits_for_create_response() {
    for (signal, code) in [
        (Signal::INT, 130),
        (Signal::TERM, 143),
        (Signal::HUP, 129),
        (Signal::QUIT, 131),
    ] {
        let home = Folder::new();
        let maker = Maker::new();
        let mut child = creating(&home, &maker, &[]);
        send(&child, signal);
        // The line is there before the answer is, or the process is gone.
        let mut said = String::new();
        let stderr = child.stderr.as_mut().unwrap();
        while !said.contains("waiting for the answer") {
            let mut byte = [0];
            assert_eq!(stderr.read(&mut byte).unwrap(), 1, "{signal:?}: {said}");
            said.push(char::from(byte[0]));
        }
        maker.answer.send(()).unwrap();
        let output = child.wait_with_output().unwrap();
        let ended = (output.status.code(), text(&output.stderr));
        assert_eq!(ended.0, Some(code), "{signal:?}: {said}{}", ended.1);
        assert!(is_there(&home, &maker, &output), "{signal:?}: {ended:?}");
    }
}

#[test]
fn signal_ends_list_immediately() {
    use std::os::unix::process::ExitStatusExt;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let home = Folder::new();
    let mut child = job(&home, &url, &["keys", "list"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let stream = listener.accept().unwrap();
    send(&child, Signal::TERM);
    let status = child.wait().unwrap();
    assert_eq!(status.signal(), Some(15), "{status:?}");
    drop(stream);
}

#[test]
fn arrived_response_beats_timeout() {
    let home = Folder::new();
    let maker = Maker::new();
    let child = creating(&home, &maker, &["--timeout", "1s"]);
    send(&child, Signal::STOP);
    maker.answer.send(()).unwrap();
    maker.sent.recv().unwrap();
    // Stopped for longer than it may wait.
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    send(&child, Signal::CONT);
    let output = child.wait_with_output().unwrap();
    assert_eq!(text(&output.stdout), format!("{NEW_KEY}\n"));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}
