//! The embedded services, asked over real HTTP by a client that knows only their documents.

mod generic;
mod schatzi;
mod siati;
mod siesta;
mod sieve;
mod end_to_end;

use jiff::Timestamp;
use keywright::sandbox::{Behavior, Sandbox, TestCredential, test_credentials};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, mpsc};

/// 2026-11-20T12:00:00Z
const NOON: i64 = 1_795_176_000;
const DAY: i64 = 24 * 60 * 60;

/// A sandbox on a thread of its own, with a clock that only moves when told to.
struct Bench {
    sandbox: Arc<Sandbox>,
    clock: Arc<AtomicI64>,
    /// Only held, so that it is removed when the test ends.
    folder: Option<tempfile::TempDir>,
}

impl Bench {
    fn new() -> Bench {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut bench = Bench::on(&folder.path().join("sandbox"));
        bench.folder = Some(folder);
        bench
    }

    fn on(folder: &Path) -> Bench {
        let clock = Arc::new(AtomicI64::new(NOON));
        let (told, started) = mpsc::channel();
        let (folder, hands) = (folder.to_owned(), Arc::clone(&clock));
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_io()
                .build()
                .expect("a runtime");
            runtime.block_on(async move {
                let now = move || {
                    Timestamp::from_second(hands.load(Ordering::SeqCst)).expect("a valid time")
                };
                let sandbox = Sandbox::start(&folder, Arc::new(now)).await;
                // An error may hold what cannot go to another thread; its words can.
                told.send(sandbox.map_err(|error| error.to_string()))
                    .expect("someone waits for it");
                std::future::pending::<()>().await;
            });
        });
        let sandbox = started.recv().expect("an outcome").expect("a sandbox");
        Bench {
            sandbox: Arc::new(sandbox),
            clock,
            folder: None,
        }
    }

    fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    fn url(&self, provider: &str, base: &str, path: &str) -> String {
        let mut addresses = self.sandbox.addresses().iter();
        let address = addresses
            .find(|address| address.provider == provider && address.base == base)
            .expect("a known base");
        format!("{}{path}", address.url)
    }

    fn call(&self, provider: &str, method: &str, path: &str) -> Call {
        Call::new(method, &self.url(provider, "api", path))
    }

    fn login(&self, provider: &str, kind: &str) -> Option<String> {
        let logins = self.sandbox.logins().expect("logins");
        let found = logins
            .into_iter()
            .find(|login| login.provider == provider && login.kind == kind);
        found.map(|login| login.secret)
    }
}

/// The first character of a service with that behavior.
fn character(provider: &str, behavior: Behavior) -> &'static str {
    of_behavior(provider, behavior)
        .next()
        .expect("such a character")
}

fn of_behavior(provider: &str, behavior: Behavior) -> impl Iterator<Item = &'static str> {
    let of_it =
        move |known: &&TestCredential| known.provider == provider && known.behavior == behavior;
    test_credentials()
        .iter()
        .filter(of_it)
        .map(|known| known.secret)
}

/// One request in the making.
struct Call {
    host: String,
    head: String,
    body: String,
}

impl Call {
    fn new(method: &str, url: &str) -> Call {
        let rest = url.strip_prefix("http://").expect("an http address");
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let path = if path.is_empty() { "/" } else { path };
        Call {
            host: host.to_owned(),
            head: format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\n"),
            body: String::new(),
        }
    }

    fn header(mut self, name: &str, value: &str) -> Call {
        self.head.extend([name, ": ", value, "\r\n"]);
        self
    }

    fn bearer(self, credential: &str) -> Call {
        self.header("Authorization", &format!("Bearer {credential}"))
    }

    fn json(self, body: &Value) -> Call {
        self.raw("application/json", &body.to_string())
    }

    fn raw(mut self, media_type: &str, body: &str) -> Call {
        self.body.push_str(body);
        let length = body.len().to_string();
        self.header("content-type", media_type)
            .header("content-length", &length)
    }

    fn bytes(&self) -> Vec<u8> {
        format!("{}\r\n{}", self.head, self.body).into_bytes()
    }

    /// Sends it on a connection of its own.
    fn send(self) -> Answer {
        let mut stream = TcpStream::connect(&self.host).expect("a connection");
        let patience = std::time::Duration::from_secs(30);
        stream
            .set_read_timeout(Some(patience))
            .expect("a time limit");
        let call = self.header("connection", "close");
        stream.write_all(&call.bytes()).expect("a request sent");
        read_answer(&mut stream)
    }
}

/// The response.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    text: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The JSON body, after a look at the status.
    #[track_caller]
    fn json(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        serde_json::from_str(&self.text).expect("a JSON body")
    }
}

fn read_answer(stream: &mut TcpStream) -> Answer {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("an answer's head");
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).expect("a head in ASCII");
    let mut lines = head.trim_end().split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).expect("an answer's body");
    Answer {
        status: status
            .and_then(|status| status.parse().ok())
            .expect("a status"),
        headers,
        text: String::from_utf8(body).expect("a body in UTF-8"),
    }
}
