//! One marked secret of each kind goes through every command, in good days and bad: the mark comes out where the
//! answer is the secret, and nowhere else.

use std::cell::RefCell;
use std::rc::Rc;

use keywright::platform::{HeaderValue, HttpRequest, HttpResponse, TransportError};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::support::fake::jwt;
use crate::support::home::{TestEnv, key, token};
use crate::support::http::FakeTransport;
use crate::support::run::Run;
use crate::support::terminal::Stdout;

/// Stands in the middle of every secret here; no mask and no harmless word holds it.
const MARK: &str = "MARKED";

const KEY: &str = "sk-siati-fake-MARKED-old-key-0001";
const NEW_KEY: &str = "sk-fake-MARKED-new-key-0002";
const SIEVE_KEY: &str = "gds_fakeMARKEDoldkey0003";
const REFRESH: &str = "fake-MARKED-refresh-token-0004";
const PASSWORD: &str = "fake-MARKED-password-0005";

fn access() -> String {
    format!("{}-MARKED-access-0006", jwt("fake-user", 86_400))
}

fn next_access() -> String {
    format!("{}-MARKED-access-0007", jwt("fake-user", 86_400))
}

/// The behaviour of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Day {
    /// It answers as it should.
    Good,
    /// It refuses with that status and repeats everything it was told and everything it knows.
    Parrot(u16),
    /// It answers with JSON that is cut in the middle of a secret.
    Cut,
    /// It answers with a page that holds secrets.
    Page,
    /// It cannot be reached.
    Unreachable,
    /// It does not answer.
    Lost,
}

const DAYS: [Day; 11] = [
    Day::Good,
    Day::Parrot(302),
    Day::Parrot(400),
    Day::Parrot(401),
    Day::Parrot(403),
    Day::Parrot(429),
    Day::Parrot(500),
    Day::Cut,
    Day::Page,
    Day::Unreachable,
    Day::Lost,
];

/// A service that has such a day from the request `after` on.
struct Service {
    day: Day,
    after: usize,
    count: RefCell<usize>,
}

/// Everything that a request says, and the secrets of the service besides.
fn repeated(request: &HttpRequest) -> String {
    let mut said = vec![request.url.to_string()];
    for header in &request.headers {
        said.push(match &header.value {
            HeaderValue::Plain(text) => text.clone(),
            HeaderValue::Secret(secret) => secret.expose().to_owned(),
        });
    }
    if let Some(body) = &request.body {
        said.push(body.text.expose().to_owned());
    }
    said.join(" ")
}

fn good(request: &HttpRequest) -> Value {
    let path = request.url.path().trim_end_matches('/');
    let end = path.rsplit('/').next().unwrap_or_default();
    match (request.method.as_str(), end) {
        ("GET", "api-keys") => json!([
            { "id": "k1", "name": "backend", "key": "sk-***...ab12", "is_active": true },
            { "id": "k2", "name": "second", "key": NEW_KEY, "is_active": true },
        ]),
        ("POST", "create") => json!({ "id": "k3", "name": "new", "key": NEW_KEY }),
        ("POST", "keys") => json!({ "key": NEW_KEY, "keyPrefix": "gds_fake" }),
        ("POST", "login") => json!({ "token": next_access() }),
        ("POST", "exchange" | "refresh") => json!({
            "token": next_access(), "accessToken": next_access(), "refreshToken": REFRESH, "expiresIn": 900,
        }),
        ("DELETE", "keys") => json!({ "success": true }),
        ("GET", "status") => json!({ "hasKey": true, "keyPrefix": "gds_fake", "name": "one" }),
        _ => json!({ "id": "k1", "name": "backend" }),
    }
}

impl Service {
    fn http(self) -> Rc<FakeTransport> {
        FakeTransport::answering(move |request| self.answer(request))
    }

    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, TransportError> {
        *self.count.borrow_mut() += 1;
        let day = if *self.count.borrow() > self.after {
            self.day
        } else {
            Day::Good
        };
        let echo = repeated(request);
        let answer = |status: u16, body: String| {
            Ok(HttpResponse {
                status,
                headers: vec![
                    ("x-request-id".to_owned(), echo.clone()),
                    ("x-token".to_owned(), echo.clone()),
                    ("server".to_owned(), echo.clone()),
                    (
                        "location".to_owned(),
                        format!("https://elsewhere.invalid/?token={}", access()),
                    ),
                ],
                body: Zeroizing::new(body.into_bytes()),
            })
        };
        match day {
            Day::Good => answer(200, good(request).to_string()),
            Day::Parrot(status) => {
                let error = json!({ "message": echo, "type": echo, "code": access(), "details": { "k": echo } });
                answer(status, json!({ "error": error }).to_string())
            }
            Day::Cut => {
                let whole = good(request).to_string();
                answer(200, whole[..whole.len() - 3].to_owned())
            }
            Day::Page => answer(200, format!("<html>{echo}</html>")),
            Day::Unreachable => Err(TransportError::NotSent("connection refused".to_owned())),
            Day::Lost => Err(TransportError::Uncertain(
                "there was no answer in time".to_owned(),
            )),
        }
    }
}

/// A command line, what it reads, and whether a secret is its answer.
struct Line {
    words: &'static str,
    stdin: Option<String>,
    answers_with_a_secret: bool,
}

fn line(words: &'static str) -> Line {
    Line {
        words,
        stdin: None,
        answers_with_a_secret: false,
    }
}

fn reads(words: &'static str, stdin: impl Into<String>) -> Line {
    Line {
        stdin: Some(stdin.into()),
        ..line(words)
    }
}

fn hands_out(words: &'static str) -> Line {
    Line {
        answers_with_a_secret: true,
        ..line(words)
    }
}

fn lines() -> Vec<Line> {
    vec![
        line("-p schatzi keys list"),
        line("-p schatzi keys show backend"),
        line("-p schatzi keys rename backend other"),
        line("-p schatzi keys revoke second -y"),
        line("-p schatzi keys status"),
        line("-p schatzi keys verify"),
        line("-p schatzi keys verify second"),
        hands_out("-p schatzi keys create new"),
        line("-p schatzi keys create new --to file:key.txt"),
        hands_out("-p schatzi token"),
        hands_out("-p schatzi token --header"),
        // The body of the answer is the answer, whatever stands in it.
        hands_out("-p schatzi api GET /v1/models"),
        line("-p siati refresh"),
        hands_out("-p siati token"),
        hands_out("-p siati api POST /v1/x -d {}"),
        line("-p sieve keys status"),
        hands_out("-p sieve keys create -y"),
        line("-p sieve keys revoke -y"),
        line("-p sieve exchange"),
        line("-p sieve refresh"),
        hands_out("-p sieve token --min-ttl 14m"),
        line("keys list --all-profiles"),
        line("profiles --check"),
        line("-p sieve profiles show --check"),
        line("-p siati logout"),
        line("rotations"),
        reads("-p fresh login schatzi --with-token", access()),
        reads("-p fresh login siati --with-key", KEY),
        reads("-p fresh login siati --email u@example.com", PASSWORD),
        reads("-p fresh login sieve --with-key", SIEVE_KEY),
        Line {
            answers_with_a_secret: true,
            ..reads("-p siati keys create", NEW_KEY)
        },
    ]
}

/// A home that is logged in everywhere.
fn home() -> TestEnv {
    let home = TestEnv::new();
    let access = access();
    let held = || token(&access, 86_400).refreshed_by(REFRESH);
    home.log_in("schatzi", "https://schatzi.invalid", &[held()]);
    home.log_in("siati", "https://siati.invalid", &[key(KEY), held()]);
    home.log_in("sieve", "https://sieve.invalid", &[key(SIEVE_KEY), held()]);
    home
}

#[track_caller]
fn nothing_is_marked(home: &TestEnv, told: &str, texts: &[&str]) {
    for text in texts {
        assert!(!text.contains(MARK), "{told}:\n{text}");
    }
    for (path, bytes) in home.files() {
        let is_destination = path.ends_with("key.txt");
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            is_destination || !text.contains(MARK),
            "{told}: {}",
            path.display()
        );
        assert!(
            !path.display().to_string().contains(MARK),
            "{told}: {}",
            path.display()
        );
    }
}

fn try_out(home: &TestEnv, line: &Line, flags: &[&str], day: Day, after: usize, sink: Stdout) {
    let home = home.copy();
    let service = Service {
        day,
        after,
        count: RefCell::default(),
    };
    let mut run = home
        .run(line.words.split(' '))
        .args(flags)
        .http(service.http())
        .sink(sink)
        .any_stdout()
        .any_stderr();
    if let Some(stdin) = &line.stdin {
        run = run.stdin(stdin);
    }
    let (code, done) = run.exit_any();
    let told = format!(
        "{} {flags:?} {day:?} after {after}, ended with {code}",
        line.words
    );
    assert!(
        day != Day::Good || sink != Stdout::Open || code == 0,
        "{told}:\n{}",
        done.stderr
    );
    let stdout = if line.answers_with_a_secret {
        ""
    } else {
        &done.stdout
    };
    nothing_is_marked(&home, &told, &[stdout, &done.stderr]);
}

#[test]
fn secret_appears_only_in_requested_output() {
    let home = home();
    for (number, line) in lines().iter().enumerate() {
        try_out(&home, line, &["-v"], Day::Good, 0, Stdout::Open);
        // Bad days are many: text and JSON take turns.
        for (turn, day) in DAYS.into_iter().enumerate() {
            let both = [&["-v", "--json"][..], &["-v"]];
            try_out(&home, line, both[(number + turn) % 2], day, 0, Stdout::Open);
        }
    }
}

#[test]
fn secret_hidden_when_service_fails_midway() {
    let home = home();
    for line in lines() {
        for day in [Day::Parrot(401), Day::Parrot(500), Day::Cut, Day::Lost] {
            try_out(&home, &line, &["-v"], day, 1, Stdout::Open);
        }
    }
}

#[test]
fn secret_hidden_when_stdout_is_full() {
    let home = home();
    for line in lines() {
        try_out(&home, &line, &["-v"], Day::Good, 0, Stdout::Full);
    }
}

#[test]
fn trace_shows_requests_without_secrets() {
    let home = home();
    let service = Service {
        day: Day::Good,
        after: 0,
        count: RefCell::default(),
    };
    let done = home
        .run(["-v", "-p", "schatzi", "keys", "rename", "k1", "x"])
        .http(service.http())
        .stderr_has("renamed `backend` to `x`\n")
        .exit(0);
    for shown in [
        "> GET https://schatzi.invalid/api/v1/accounts/user/api-keys/\n",
        "> authorization: ***\n",
        "> accept: application/json\n",
        "> PATCH https://schatzi.invalid/api/v1/accounts/user/api-keys/k1/update/\n",
        "> body of 12 bytes, application/json\n",
        "< 200 after 0 ms, ",
    ] {
        assert!(done.stderr.contains(shown), "{shown}{}", done.stderr);
    }
}

#[test]
fn encrypted_file_hides_stored_secrets() {
    use age::secrecy::ExposeSecret;
    let home = TestEnv::new();
    let identity = age::x25519::Identity::generate().to_string();
    let here = |run: Run| {
        run.env("KEYWRIGHT_STORE", "file")
            .env("KEYWRIGHT_STORE_KEY", identity.expose_secret())
            .http(
                Service {
                    day: Day::Good,
                    after: 0,
                    count: RefCell::default(),
                }
                .http(),
            )
    };
    here(home.run(["-v", "login", "schatzi", "--with-token"]))
        .stdin(access())
        .any_stderr()
        .exit(0);
    nothing_is_marked(&home, "after the login", &[]);
    here(home.run(["keys", "create", "new"]))
        .sink(Stdout::Full)
        .stderr_has("error: cannot write the new key to stdout; the new key `new` is not lost")
        .exit(10);
    nothing_is_marked(&home, "with a key that is kept", &[]);
    let store = home
        .files()
        .into_keys()
        .find(|path| path.ends_with("store.age"));
    assert!(store.is_some());
    assert_eq!(home.keychain.touched(), 0);
}

#[test]
fn environment_secrets_are_never_printed() {
    for day in DAYS {
        for flags in [&["-v"][..], &["-v", "--json"]] {
            let home = TestEnv::new();
            let service = Service {
                day,
                after: 0,
                count: RefCell::default(),
            };
            let (_, done) = home
                .run(["keys", "list"])
                .args(flags)
                .env("KEYWRIGHT_PROVIDER", "schatzi")
                .token(&access())
                .key(KEY)
                .env("KEYWRIGHT_PASSPHRASE", PASSWORD)
                .http(service.http())
                .any_stdout()
                .any_stderr()
                .exit_any();
            nothing_is_marked(&home, &format!("{day:?}"), &[&done.stdout, &done.stderr]);
        }
    }
}
