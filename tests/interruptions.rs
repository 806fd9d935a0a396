//! A process killed anywhere in a refresh whose refresh token works once: the next one goes on with what has arrived.

#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};

use age::secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::support::fake::SIEVE_KEY;
use crate::support::home::{TestEnv, key, token};
use crate::support::programs::{Ended, program, programs_available, report, run};

/// The calls that change the disk: between two of them a kill finds the same state as at the second.
const DISK: [&str; 8] = [
    "fdatasync",
    "flock",
    "fsync",
    "link",
    "mkdir",
    "rename",
    "unlink",
    "write",
];

/// The calls of which a connection is made, and those that wait for it.
const WIRE: [&str; 6] = [
    "connect",
    "epoll_wait",
    "getsockopt",
    "recvfrom",
    "sendto",
    "writev",
];

/// A service whose refresh tokens work once.
struct Issuer {
    url: String,
    state: Arc<Mutex<Tokens>>,
}

#[derive(Default)]
struct Tokens {
    count: usize,
    /// The refresh token that works; none before the first exchange.
    live: Option<String>,
}

impl Tokens {
    fn pair(&mut self) -> Value {
        self.count += 1;
        let refresh = format!("fake-refresh-{}", self.count);
        self.live = Some(refresh.clone());
        json!({ "accessToken": format!("fake-access-{}", self.count), "refreshToken": refresh, "expiresIn": 900 })
    }

    fn answer(&mut self, path: &str, body: &Value) -> (u16, Value) {
        let spent = body["refreshToken"].as_str();
        match path {
            "/api/keys/exchange" => (200, self.pair()),
            "/api/keys/status" => (200, json!({ "hasKey": true, "keyPrefix": "gds_fake" })),
            "/api/auth/refresh" if spent.is_some() && spent == self.live.as_deref() => {
                (200, self.pair())
            }
            _ => (401, json!({ "error": "Invalid refresh token" })),
        }
    }
}

impl Issuer {
    fn new(live: Option<&str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(Tokens {
            count: 0,
            live: live.map(str::to_owned),
        }));
        let served = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = serve(stream, &served);
            }
        });
        Issuer { url, state }
    }

    fn grants(&self) -> usize {
        self.state.lock().unwrap().count
    }
}

fn serve(mut stream: TcpStream, tokens: &Mutex<Tokens>) -> std::io::Result<()> {
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    let (head, length) = loop {
        let count = stream.read(&mut buffer)?;
        text.extend_from_slice(&buffer[..count]);
        let shown = String::from_utf8_lossy(&text).to_lowercase();
        if let Some(end) = shown.find("\r\n\r\n") {
            let length = shown
                .split("content-length: ")
                .nth(1)
                .and_then(|rest| rest.split("\r\n").next()?.parse().ok());
            break (end + 4, length.unwrap_or(0));
        }
        if count == 0 {
            return Ok(());
        }
    };
    while text.len() < head + length {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        text.extend_from_slice(&buffer[..count]);
    }
    let line = String::from_utf8_lossy(&text);
    let path = line.split(' ').nth(1).unwrap_or_default();
    let body = serde_json::from_slice(&text[head..]).unwrap_or_default();
    let (status, body) = tokens.lock().unwrap().answer(path, &body);
    let body = body.to_string();
    write!(
        stream,
        "HTTP/1.1 {status} OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// A machine whose profile needs another token.
struct Machine {
    home: TestEnv,
    issuer: Issuer,
    identity: String,
}

/// The command that gets the token.
#[derive(Clone, Copy)]
enum By {
    Refresh,
    Exchange,
}

impl Machine {
    fn new(by: By) -> Self {
        let home = TestEnv::new();
        let identity = age::x25519::Identity::generate().to_string();
        let identity = identity.expose_secret().to_owned();
        let (live, given) = match by {
            // It ended long before this test was written, whatever the time is where it runs.
            By::Refresh => (
                Some("fake-refresh-0"),
                token("fake-access-0", -1_500_000_000).refreshed_by("fake-refresh-0"),
            ),
            By::Exchange => (None, key(SIEVE_KEY)),
        };
        let issuer = Issuer::new(live);
        home.log_in_to_file(&identity, "sieve", &issuer.url, &[given]);
        Machine {
            home,
            issuer,
            identity,
        }
    }

    fn here(&self, mut command: Command, args: &[&str]) -> Command {
        command
            .args(args)
            .env("KEYWRIGHT_CONFIG_DIR", self.home.path().join("config"))
            .env("KEYWRIGHT_STATE_DIR", self.home.state())
            .env("HOME", self.home.path())
            .env("KEYWRIGHT_STORE_KEY", &self.identity);
        command
    }

    fn keywright(&self, args: &[&str]) -> Ended {
        run(&mut self.here(program(env!("CARGO_BIN_EXE_keywright")), args))
    }

    /// A command under these options of strace; it may read a key from stdin.
    fn traced(&self, args: &[&str], options: &[&str]) -> Ended {
        let mut command = program("strace");
        command
            .args(["-f", "-qq"])
            .args(options)
            .arg(env!("CARGO_BIN_EXE_keywright"));
        run(self.here(command, args).stdin(self.key()))
    }

    /// A key to be read.
    fn key(&self) -> std::fs::File {
        let path = self.home.write("key", SIEVE_KEY);
        std::fs::File::open(path).unwrap()
    }

    /// The items of the store, and the files of calls and notes that are left.
    fn left(&self) -> (usize, usize) {
        let cipher = keywright::platform::files::read(&self.home.state().join("store.age"))
            .unwrap()
            .unwrap();
        let identity: age::x25519::Identity = self.identity.parse().unwrap();
        let plain = age::decrypt(&identity, &cipher).unwrap();
        let payload: Value = serde_json::from_slice(&plain).unwrap();
        let files = ["pending", "leftovers", "probes"]
            .iter()
            .filter_map(|folder| std::fs::read_dir(self.home.state().join(folder)).ok())
            .map(Iterator::count)
            .sum();
        (payload["items"].as_object().unwrap().len(), files)
    }
}

/// A system call of a run: its name and which of that name it is.
type Point = (String, usize);

/// The calls of a whole run, each with its arguments.
fn calls(machine: &Machine, args: &[&str], names: &[&str]) -> Vec<(Point, String)> {
    let to = machine.home.path().join("trace");
    let calls = format!("trace=openat,{}", names.join(","));
    let ended = machine.traced(args, &["-o", to.to_str().unwrap(), "-e", &calls]);
    assert!(ended.ok, "{ended:#?}");
    let text = keywright::platform::files::read_text(&to).unwrap().unwrap();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for line in text.lines() {
        // `PID name(arguments) = result`; a call that another thread interrupts has a second line, `<... name`.
        let call = line
            .split_once(char::is_whitespace)
            .and_then(|(_, call)| call.trim_start().split_once('('));
        if let Some((name, arguments)) = call {
            let count = counts.entry(name.to_owned()).or_default();
            *count += 1;
            found.push(((name.to_owned(), *count), arguments.to_owned()));
        }
    }
    found
}

/// The calls after the request was sent, up to the one that puts the answer on the disk.
fn window(calls: &[(Point, String)]) -> Vec<Point> {
    let mut window = Vec::new();
    let (mut spool, mut sent, mut notes) = (None, false, 0);
    for (point, arguments) in calls {
        let name = point.0.as_str();
        if arguments.contains("sieve.token.call.new\"") && name == "openat" {
            spool = arguments.rsplit("= ").next().map(|fd| format!("{fd},"));
        }
        let to_spool =
            name == "write" && spool.as_ref().is_some_and(|fd| arguments.starts_with(fd));
        notes += usize::from(to_spool);
        if sent && notes < 2 || to_spool && notes == 2 {
            window.push(point.clone());
        }
        sent |= matches!(name, "sendto" | "writev") && spool.is_some();
    }
    assert_eq!(notes, 2, "{calls:#?}");
    window
}

/// Returns whether a kill at `point` may fall between the request and its answer: the number of waits for a connection
/// differs in each run.
fn falls_into(window: &[Point], point: &Point) -> bool {
    window.contains(point) || matches!(point.0.as_str(), "epoll_wait" | "recvfrom")
}

/// Kills `keywright ARGS` at one of its calls.
fn kill(machine: &Machine, args: &[&str], (name, turn): &Point) -> Ended {
    let trace = format!("trace={name}");
    let inject = format!("inject={name}:signal=SIGKILL:when={turn}");
    machine.traced(args, &["-o", "/dev/null", "-e", &trace, "-e", &inject])
}

fn killed_anywhere(by: By, what: &str) {
    if !programs_available(&["strace"]) {
        return;
    }
    let mut calls = calls(&Machine::new(by), &["token"], &[&DISK[..], &WIRE].concat());
    let window = window(&calls);
    calls.retain(|((name, _), _)| name != "openat");
    let mut lost = Vec::new();
    let mut killed = 0;
    for (point, _) in &calls {
        let machine = Machine::new(by);
        killed += usize::from(!kill(&machine, &["token"], point).ok);
        let acted = machine.issuer.grants();
        let after = machine.keywright(&["token"]);
        let about = format!("{what}: {point:?}: {after:#?}");
        if after.ok {
            let newest = machine.issuer.grants();
            assert_eq!(after.stdout, format!("fake-access-{newest}\n"), "{about}");
            // The response that has arrived is used, not requested again, and the pair goes on working.
            if !falls_into(&window, point) {
                assert_eq!(newest, 1, "{about}");
            }
            let refreshed = machine.keywright(&["refresh"]);
            assert!(refreshed.ok, "{about}\n{refreshed:#?}");
            // The pair, and the key where there is one: nothing that was written on the way is left behind.
            let items = match by {
                By::Refresh => 2,
                By::Exchange => 3,
            };
            assert_eq!(machine.left(), (items, 0), "{about}");
            continue;
        }
        lost.push(point.clone());
        assert_eq!(acted, 1, "{about}");
        assert!(falls_into(&window, point), "{about}\nnot in {window:?}");
        for said in [
            "error: sieve refused to refresh the token: Invalid refresh token\n",
            "was interrupted before its answer arrived: what gets the next token was used up by it, and the new one is \
             lost\n",
            "hint: log in again: keywright login sieve\n",
        ] {
            assert!(after.stderr.contains(said), "{about}");
        }
    }
    // A pass without any kill would say nothing.
    assert!(
        killed >= calls.len() / 2 && killed > 20,
        "{killed} of {}",
        calls.len()
    );
    assert!(lost.len() <= window.len() + 2, "{lost:?}");
    report(&format!(
        "{what} was killed at {killed} points; a login was needed after {}: {lost:?}",
        lost.len()
    ));
}

#[test]
fn refresh_killed_anywhere_keeps_received_token() {
    killed_anywhere(By::Refresh, "a refresh");
}

#[test]
fn exchange_killed_anywhere_yields_token() {
    killed_anywhere(By::Exchange, "an exchange");
}

/// Kills a command everywhere; after it, the command itself has to leave so many items and nothing else.
fn leaves_nothing_behind(args: &[&str], items: usize) {
    if !programs_available(&["strace"]) {
        return;
    }
    let mut calls = calls(&Machine::new(By::Exchange), args, &DISK);
    calls.retain(|((name, _), _)| name != "openat");
    let mut killed = 0;
    for (point, _) in &calls {
        let machine = Machine::new(By::Exchange);
        killed += usize::from(!kill(&machine, args, point).ok);
        let again = run(machine
            .here(program(env!("CARGO_BIN_EXE_keywright")), args)
            .stdin(machine.key()));
        assert!(again.ok, "{point:?}: {again:#?}");
        assert_eq!(machine.left(), (items, 0), "{point:?}: {again:#?}");
    }
    assert!(
        killed >= calls.len() / 2 && killed > 20,
        "{killed} of {}",
        calls.len()
    );
    report(&format!("{args:?} was killed at {killed} points"));
}

#[test]
fn login_killed_anywhere_leaves_no_orphan() {
    leaves_nothing_behind(&["login", "sieve", "--with-key", "--store", "file"], 1);
}

#[test]
fn logout_killed_anywhere_leaves_no_secret() {
    leaves_nothing_behind(&["logout"], 0);
}
