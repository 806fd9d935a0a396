//! One marked secret of each kind, and every command of the grammar in a process of its own: while it runs and after
//! it, the mark stands in no stream, no file, no argument of any process and no environment of a child.

#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use age::secrecy::ExposeSecret;
use clap::CommandFactory;
use serde_json::{Value, json};

use crate::support::fake::jwt;
use crate::support::home::{TestEnv, key, token};
use crate::support::programs::program;

/// Stands in the middle of every secret here; no mask and no harmless word holds it.
const MARK: &str = "STAMPED";

const KEY: &str = "sk-siati-fake-STAMPED-old-key-0001";
const NEW_KEY: &str = "sk-fake-STAMPED-new-key-0002";
const SIEVE_KEY: &str = "gds_fakeSTAMPEDoldkey0003";
const REFRESH: &str = "fake-STAMPED-refresh-token-0004";
const PASSWORD: &str = "fake-STAMPED-password-0005";

/// A manifest that exchanges the identity of a job.
const WHARF: &str = r#"
manifest = 1
name = "wharf"
title = "Wharf"
about = "tokens for the identity of a job"
checked = "2026-11-28"
servers.api = { url = "https://wharf.example.com", auth = ["token"] }
credentials.token = { kind = "token", title = "token", in = [{ header = { name = "Authorization", scheme = "Bearer" } }] }

[operations.federate]
yields = "token"
request = { method = "POST", path = "/exchange", body = [{ at = "/jwt", from = "credential.identity" }] }
response = { token = { value = "/accessToken", expires = { at = "/expiresIn", as = "seconds" } } }
"#;

/// A manifest whose key signs requests, whose keys are changed, and whose new keys get their secret by a second call.
const SLUICE: &str = r#"
manifest = 1
name = "sluice"
title = "Sluice"
about = "keys that sign, and that are changed"
checked = "2026-11-28"
servers.api = { url = "https://sluice.example.com", auth = ["key"] }
rotation = { strategy = "overlap" }
key = { id = "/id", name = "/name", masked = "/key", status = { at = "/disabled", as = "not" } }

[credentials.key]
kind = "key"
title = "access key"
parts = [{ name = "id", public = true }, { name = "secret" }]
separator = ":"
in = [{ aws-sigv4 = { service = "sluice", region = "eu-1" } }]

[operations]
list = { request = { method = "GET", path = "/gates" } }
enable = { request = { method = "POST", path = "/gates/{id}/open" } }
disable = { request = { method = "POST", path = "/gates/{id}/close" } }
set = { request = { method = "PATCH", path = "/gates/{id}", body = [{ at = "/name", from = "name" }] } }
create = { request = { method = "POST", path = "/gates", body = [{ at = "/name", from = "name" }] }, after = [{ name = "secret", request = { method = "POST", path = "/gates/{id}/secret" }, response = { secret_parts = { id = "/id", secret = "/secret" } } }] }
"#;

/// A manifest whose key signs an assertion for a token, which asks about the key.
const STAMP: &str = r#"
manifest = 1
name = "stamp"
title = "Stamp"
about = "tokens for an assertion that the key signs"
checked = "2026-11-28"
servers.api = { url = "https://stamp.example.com", auth = ["token"] }

[credentials.key]
kind = "key"
title = "signing secret"
in = [{ jwt = { alg = "HS256", claims = [{ at = "/exp", from = "now + 5m" }], in = { body = { at = "assertion" } } } }]

[credentials.key.verify]
auth = ["token"]
request = { method = "POST", path = "/introspect", format = "form", body = [{ at = "token", from = "credential.key" }] }
response = { results = [{ when = [{ at = "/active", equals = false }], result = "invalid" }] }

[credentials.token]
kind = "token"
title = "access token"
in = [{ header = { name = "Authorization", scheme = "Bearer" } }]

[operations.exchange]
auth = ["key"]
yields = "token"
request = { method = "POST", path = "/token", format = "form", body = [{ at = "grant_type", value = "urn:ietf:params:oauth:grant-type:jwt-bearer" }] }
response = { token = { value = "/access_token" } }
"#;

/// The parts of an access key.
fn access_key(secret: &str) -> String {
    json!({ "id": "FAKEACCESSKEY0008", "secret": secret }).to_string()
}

fn access() -> String {
    format!(
        "{}-STAMPED-access-0006",
        jwt("fake-user", 10 * 365 * 86_400)
    )
}

/// The step before a line: nothing, or a command that leaves something unfinished.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    /// A key was created and could not be printed.
    Unprinted,
}

/// A command line, what it reads, how it ends, and whether a secret is its answer.
struct Line {
    words: &'static str,
    stdin: Option<String>,
    answers_with_a_secret: bool,
    before: Before,
    code: i32,
}

fn line(words: &'static str) -> Line {
    Line {
        words,
        stdin: None,
        answers_with_a_secret: false,
        before: Before::Nothing,
        code: 0,
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

fn unfinished(words: &'static str) -> Line {
    Line {
        before: Before::Unprinted,
        ..line(words)
    }
}

fn ends(code: i32, line: Line) -> Line {
    Line { code, ..line }
}

/// At least one line for each command; a command that is not here fails the test.
fn lines() -> Vec<Line> {
    let mut lines = lines_of_keys();
    lines.extend(lines_of_tools());
    lines.extend(lines_of_signers());
    lines
}

fn lines_of_keys() -> Vec<Line> {
    vec![
        reads("login schatzi -p fresh --with-token", access()),
        reads("login siati -p fresh --with-key", KEY),
        reads("login siati -p fresh --email u@example.com", PASSWORD),
        reads("login sieve -p fresh --with-key", SIEVE_KEY),
        line("login pass -p fresh --device"),
        line("logout -p siati"),
        line("logout --all"),
        line("logout -p sieve --revoke"),
        line("whoami -p siati"),
        line("whoami -p sieve"),
        line("profiles list --check"),
        line("profiles show sieve --check"),
        line("profiles use siati"),
        line("profiles move siati --store file"),
        line("profiles remove siati -y"),
        line("doctor"),
        line("identity new [home]/new-identity.txt"),
        line("unlock"),
        line("lock"),
        hands_out("keys create new -p schatzi"),
        line("keys create new -p schatzi --to file:[home]/delivered.txt"),
        line("keys create new -p schatzi --to dotenv:[home]/delivered.env#KEY"),
        line("keys create new -p schatzi --to json:[home]/delivered.json#/key"),
        line("keys create new -p schatzi --to yaml:[home]/delivered.yml#/key"),
        line("keys create new -p schatzi --to toml:[home]/delivered.toml#/key"),
        line("keys create new -p schatzi --to netrc:[home]/delivered.netrc#api.example.com"),
        line("keys create new -p schatzi --to exec:[home]/take"),
        line("keys create new -p schatzi --to profile:schatzi"),
        hands_out("keys create -p sieve -y"),
        Line {
            answers_with_a_secret: true,
            ..reads("keys create -p siati", NEW_KEY)
        },
        line("keys list -p schatzi"),
        line("keys list --all-profiles"),
        line("keys show backend -p schatzi"),
        line("keys rename backend other -p schatzi"),
        ends(2, line("keys enable backend -p schatzi")),
        ends(2, line("keys disable backend -y -p schatzi")),
        ends(2, line("keys set backend name=other -p schatzi")),
        line("keys revoke second --dry-run -p schatzi"),
        line("keys revoke second -y -p schatzi"),
        line("keys status -p sieve"),
        line("keys verify -p siati"),
        line("keys rotate backend -p schatzi --plan"),
        line("keys rotate --due --repair -y --project [home]/drifted.toml"),
        line("rotate backend -p schatzi --plan"),
        line("version"),
        line("keys rotate backend -p schatzi -y --to file:[home]/delivered.txt"),
        line("keys rotate backend -p schatzi -y --to exec:[home]/take"),
        unfinished("rotations list"),
        unfinished("rotations show"),
        Line {
            answers_with_a_secret: true,
            ..unfinished("rotations resume")
        },
        unfinished("rotations log"),
        line("state"),
        line("state move folder"),
        unfinished("rotations abort -y"),
        ends(2, unfinished("rotations undo -y")),
    ]
}

/// The lines of services whose key signs, and never leaves.
fn lines_of_signers() -> Vec<Line> {
    vec![
        reads("login sluice -p fresh --with-key", access_key(KEY)),
        reads(
            "login sluice -p fresh --with-key",
            format!("FAKEACCESSKEY0008:{KEY}"),
        ),
        line("keys list -p sluice"),
        line("keys enable second -p sluice"),
        line("keys disable backend -y -p sluice"),
        line("keys set backend name=other -p sluice"),
        hands_out("keys create new -p sluice"),
        line("keys create new -p sluice --to file:[home]/delivered.txt"),
        hands_out("credential aws -p sluice"),
        hands_out("api GET /gates -p sluice"),
        line("exchange -p stamp"),
        hands_out("token -p stamp"),
        line("keys verify -p stamp"),
        line("whoami -p stamp"),
    ]
}

fn lines_of_tools() -> Vec<Line> {
    vec![
        line("exchange -p sieve"),
        line("exchange -p wharf --identity env:JOB_TOKEN"),
        line("refresh -p sieve"),
        line("refresh -p siati"),
        hands_out("token -p sieve"),
        hands_out("token -p sieve --header"),
        hands_out("env -p siati"),
        line("exec -p siati --env API_KEY --env API_KEY_B=sieve -- [home]/look"),
        line("exec -p siati -- [home]/look"),
        line("exec -p schatzi --lease -- [home]/look"),
        Line {
            answers_with_a_secret: true,
            ..reads(
                "credential git get -p schatzi",
                "protocol=[scheme]\nhost=[host]\n\n",
            )
        },
        reads(
            "credential git erase -p schatzi",
            "protocol=[scheme]\nhost=[host]\n\n",
        ),
        ends(2, line("credential aws -p schatzi")),
        hands_out("credential k8s -p schatzi"),
        Line {
            answers_with_a_secret: true,
            ..reads("credential docker get -p schatzi", "[scheme]://[host]")
        },
        line("completions bash"),
        line("man"),
        // The body of the answer is the answer, whatever stands in it.
        hands_out("api GET /v1/models -p schatzi"),
        reads("api POST /v1/echo -p schatzi -d -", PASSWORD),
        reads("api GET /v1/other -p schatzi --paginate -F x=@-", PASSWORD),
        line("audit"),
        line("completions bash"),
        line("man"),
        hands_out("exec -p sieve -- /usr/bin/env"),
        hands_out("credential k8s -p sieve"),
        reads(
            "credential git get -p sieve",
            "protocol=https\nhost=elsewhere.example\n\n",
        ),
        ends(2, line("credential aws -p sieve")),
        ends(
            1,
            reads("credential docker get -p sieve", "elsewhere.example"),
        ),
        ends(2, line("trust [home] --show")),
        line("trust --provider schatzi"),
        line("providers list"),
        line("providers show schatzi --manifest"),
        line("destinations list"),
        line("destinations show vault"),
        line("destinations check vault"),
        line("providers schema"),
        line("providers new acme --title x --url https://api.acme.example.com --header X-Api-Key"),
        // The fake service does not remember.
        ends(1, line("providers check schatzi --live -y")),
        ends(
            1,
            line("providers check [home]/own/schatzi.toml --live --record -y"),
        ),
        #[cfg(feature = "sandbox")]
        line("sandbox"),
    ]
}

/// The commands of the grammar that have no further commands, as they are typed.
fn commands() -> BTreeSet<String> {
    fn walk(command: &clap::Command, typed: &str, found: &mut BTreeSet<String>) {
        let mut below = command
            .get_subcommands()
            .filter(|command| command.get_name() != "help")
            .peekable();
        if below.peek().is_none() {
            found.insert(typed.trim().to_owned());
        }
        for command in below {
            walk(command, &format!("{typed} {}", command.get_name()), found);
        }
    }
    let mut whole = keywright::commands::Cli::command();
    whole.build();
    let mut found = BTreeSet::new();
    walk(&whole, "", &mut found);
    found
}

#[test]
fn every_command_has_leak_test() {
    let lines = lines();
    for command in commands() {
        let start = format!("{command} ");
        assert!(
            lines
                .iter()
                .any(|line| format!("{} ", line.words).starts_with(&start)),
            "no line here runs `keywright {command}`: what becomes of a secret in it?"
        );
    }
}

/// The answer of the service.
fn good(method: &str, path: &str) -> Value {
    let path = path
        .split('?')
        .next()
        .unwrap_or_default()
        .trim_end_matches('/');
    let end = path.rsplit('/').next().unwrap_or_default();
    let created = "2026-11-20T00:00:00Z";
    match (method, end) {
        ("GET", "api-keys") => json!([
            { "id": "k1", "name": "backend", "key": "sk-***...ab12", "is_active": true, "created_at": created },
            { "id": "k2", "name": "second", "key": NEW_KEY, "is_active": true, "created_at": created },
        ]),
        ("GET", "gates") => json!([
            { "id": "k1", "name": "backend", "key": "FAKE...0001", "disabled": false },
            { "id": "k2", "name": "second", "key": NEW_KEY, "disabled": true },
        ]),
        ("POST", "gates") => json!({ "id": "k3", "name": "new" }),
        ("POST", "secret") => json!({ "id": "FAKEACCESSKEY0009", "secret": NEW_KEY }),
        ("POST", "open") => {
            json!({ "id": "k2", "name": "second", "key": NEW_KEY, "disabled": false })
        }
        ("POST", "close") => json!({ "id": "k1", "name": "backend", "disabled": true }),
        ("PATCH", _) => json!({ "id": "k1", "name": "other", "key": NEW_KEY, "disabled": false }),
        ("POST", "introspect") => json!({ "active": true, "token": NEW_KEY }),
        ("POST", "create") => json!({ "id": "k3", "name": "new", "key": NEW_KEY }),
        ("POST", "keys") => json!({ "key": NEW_KEY, "keyPrefix": "gds_fake" }),
        ("POST", "login") => json!({ "token": access() }),
        ("POST", "exchange" | "refresh") => json!({
            "token": access(), "accessToken": access(), "refreshToken": REFRESH, "expiresIn": 900,
        }),
        ("POST", "code") => json!({
            "device_code": "fake-STAMPED-device-code-0007", "user_code": "AB-CD",
            "verification_uri": "https://pass.example.com/device", "interval": 1,
        }),
        ("POST", "token") => json!({ "access_token": access(), "refresh_token": REFRESH }),
        ("POST", "echo") => json!({ "done": true }),
        ("GET", "models") => json!({ "secret": NEW_KEY }),
        ("DELETE", "keys") => json!({ "success": true }),
        ("GET", "status") => json!({ "hasKey": true, "keyPrefix": "gds_fake", "name": "one" }),
        _ => json!({ "id": "k1", "name": "backend" }),
    }
}

/// A service that looks around before each answer: whoever asked still runs then.
struct Service {
    url: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Service {
    fn new(home: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let (home, found) = (home.to_owned(), Arc::clone(&seen));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = serve(stream, &home, &found);
            }
        });
        Service { url, seen }
    }
}

fn serve(mut stream: TcpStream, home: &Path, seen: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    let whole = |text: &[u8]| {
        let shown = String::from_utf8_lossy(text).to_lowercase();
        let end = shown.find("\r\n\r\n")? + 4;
        let length = shown
            .split("content-length: ")
            .nth(1)
            .and_then(|rest| rest.split("\r\n").next()?.parse::<usize>().ok());
        Some(text.len() >= end + length.unwrap_or(0))
    };
    while whole(&text) != Some(true) {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        text.extend_from_slice(&buffer[..count]);
    }
    let line = String::from_utf8_lossy(&text);
    let mut words = line.split(' ');
    let (method, path) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    seen.lock().unwrap().extend(marked(home, MARK));
    let body = good(method, path).to_string();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// Everything that holds the mark now: files below `home` but those that secrets are delivered to, and arguments of
/// processes.
fn marked(home: &Path, mark: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![home.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.contains(mark) {
                found.push(format!("the name {}", path.display()));
            }
            if path.is_dir() {
                folders.push(path);
            } else if !name.starts_with("delivered.")
                && contents(&path).is_some_and(|bytes| holds(&bytes, mark))
            {
                found.push(format!("the file {}", path.display()));
            }
        }
    }
    for process in fs::read_dir("/proc").unwrap().flatten() {
        let line = contents(&process.path().join("cmdline")).unwrap_or_default();
        if holds(&line, mark) {
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            found.push(format!(
                "the arguments of {}: {line}",
                process.path().display()
            ));
        }
    }
    found
}

/// The content of a file; nothing where it has gone meanwhile, as files and processes do.
fn contents(path: &Path) -> Option<Vec<u8>> {
    keywright::platform::files::read(path).ok().flatten()
}

fn holds(bytes: &[u8], mark: &str) -> bool {
    bytes
        .windows(mark.len())
        .any(|window| window == mark.as_bytes())
}

/// A home that is logged in everywhere, with a program to deliver to.
struct Machine {
    home: TestEnv,
    service: Service,
    identity: PathBuf,
}

impl Machine {
    fn new() -> Self {
        let home = TestEnv::new();
        let service = Service::new(home.path());
        let identity = age::x25519::Identity::generate().to_string();
        let identity = identity.expose_secret();
        home.write(
            "config/providers/pass.toml",
            include_str!("manifests/pass.toml"),
        );
        home.write(
            "own/schatzi.toml",
            include_str!("../src/providers/schatzi.toml"),
        );
        let access = access();
        let held = || token(&access, 900).refreshed_by(REFRESH);
        let url = service.url.as_str();
        let long = token(&access, 10 * 365 * 86_400);
        home.log_in_to_file(identity, "schatzi", url, &[long]);
        home.log_in_to_file(identity, "siati", url, &[key(KEY), held()]);
        home.log_in_to_file(identity, "sieve", url, &[key(SIEVE_KEY), held()]);
        let identity = home.write("identity", identity);
        // The child of a delivery sees this of itself, beside the secret that it is given on stdin.
        let seen = home.path().join("seen");
        let script = format!(
            "#!/bin/sh\ncat /proc/$$/environ /proc/$$/cmdline /proc/$PPID/cmdline >> {}\ncat >/dev/null\n",
            seen.display()
        );
        let take = home.write("take", script);
        // A guest is given its secret in one variable; what else it sees must not hold it.
        let script = format!(
            "#!/bin/sh\ntr '\\0' '\\n' < /proc/$$/environ | grep -v '^API_KEY[_A-Z]*=' >> {0}\n\
             cat /proc/$$/cmdline /proc/$PPID/cmdline >> {0}\n",
            seen.display()
        );
        let look = home.write("look", script);
        for (path, mode) in [(&identity, 0o600), (&take, 0o700), (&look, 0o700)] {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
        home.write(
            "drifted.toml",
            "[keys.one]\nprofile = \"sieve\"\nrotate_every = \"30d\"\ndestinations = [\"file:delivered.again\"]\n",
        );
        fs::create_dir(home.path().join("tmp")).unwrap();
        Machine {
            home,
            service,
            identity,
        }
    }

    fn keywright(&self, words: &str, stdin: Option<&str>) -> Command {
        let home = self.home.path();
        let shown = home.display().to_string();
        let mut command = program(env!("CARGO_BIN_EXE_keywright"));
        command
            .args(words.split(' ').map(|word| word.replace("[home]", &shown)))
            .current_dir(home.join("work"))
            .env("KEYWRIGHT_CONFIG_DIR", home.join("config"))
            .env("KEYWRIGHT_STATE_DIR", home.join("state"))
            .env("KEYWRIGHT_STORE_KEY_FILE", &self.identity)
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("TMPDIR", home.join("tmp"))
            .env("HOME", home)
            // Not used where a profile is named, and no child may see it.
            .env("KEYWRIGHT_PASSPHRASE", PASSWORD)
            .env("KEYWRIGHT_NO_INPUT", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if words.contains("env:JOB_TOKEN") {
            command.env("JOB_TOKEN", access());
        }
        if words.starts_with("login") {
            command.env("KEYWRIGHT_BASE_URL", &self.service.url);
        }
        if stdin.is_some() {
            command.stdin(Stdio::piped());
        }
        command
    }

    /// Runs a line; returns its code, stdout and stderr.
    fn run(&self, words: &str, stdin: Option<&str>) -> (Option<i32>, String, String) {
        let mut child = self.keywright(words, stdin).spawn().unwrap();
        if let Some(text) = stdin {
            child
                .stdin
                .take()
                .unwrap()
                .write_all(text.as_bytes())
                .unwrap();
        }
        if words.starts_with("sandbox") {
            // It serves until it is stopped; what it prints first says that it does.
            let mut byte = [0];
            child
                .stdout
                .as_mut()
                .unwrap()
                .read_exact(&mut byte)
                .unwrap();
            let pid = rustix::process::Pid::from_child(&child);
            rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
        }
        let ended = child.wait_with_output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (
            ended.status.code(),
            text(&ended.stdout),
            text(&ended.stderr),
        )
    }

    /// Adds the profiles of services that a line names and that no manifest of the program describes.
    fn know_services_of(&self, words: &str) {
        let home = &self.home;
        let access_key = access_key(KEY);
        let of_sluice = [key(&access_key)];
        for (name, manifest, held) in [
            ("wharf", WHARF, &[][..]),
            ("sluice", SLUICE, &of_sluice),
            ("stamp", STAMP, &[key(KEY)]),
        ] {
            if words.contains(name) {
                home.write(&format!("config/providers/{name}.toml"), manifest);
                let identity = home.read("identity").unwrap();
                home.log_in_to_file(&identity, name, &self.service.url, held);
            }
        }
    }

    fn leave_a_key_unprinted(&self) {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let ended = self
            .keywright("keys create ci -p schatzi", None)
            .stdout(full)
            .output()
            .unwrap();
        assert_eq!(ended.status.code(), Some(10), "{ended:?}");
    }
}

#[test]
fn commands_leak_no_marked_secret() {
    for (number, line) in lines().into_iter().enumerate() {
        let machine = Machine::new();
        machine.know_services_of(line.words);
        if line.before == Before::Unprinted {
            machine.leave_a_key_unprinted();
        }
        let flags = ["-v", "-v --json"][number % 2];
        // Words behind `--` are for somebody else.
        let words = match line.words.split_once(" -- ") {
            Some((own, guest)) => format!("{own} {flags} -- {guest}"),
            None => format!("{} {flags}", line.words),
        };
        let (scheme, host) = machine.service.url.split_once("://").unwrap();
        let stdin = line
            .stdin
            .map(|text| text.replace("[scheme]", scheme).replace("[host]", host));
        let (code, stdout, stderr) = machine.run(&words, stdin.as_deref());
        let told = format!("{words}\n--- stdout:\n{stdout}--- stderr:\n{stderr}");
        let serves = line.words == "sandbox";
        assert!(code == Some(line.code) || serves, "{code:?}: {told}");
        assert!(!stderr.contains(MARK), "stderr: {told}");
        assert!(
            line.answers_with_a_secret || !stdout.contains(MARK),
            "stdout: {told}"
        );
        assert!(
            !line.answers_with_a_secret || stdout.contains(MARK),
            "no secret was handed out: {told}"
        );
        let during = machine.service.seen.lock().unwrap().clone();
        assert_eq!(during, Vec::<String>::new(), "while it ran: {told}");
        assert_eq!(
            marked(machine.home.path(), MARK),
            Vec::<String>::new(),
            "{told}"
        );
        if line.words.contains("--record") {
            let recorded = machine.home.read("own/schatzi.toml").unwrap();
            assert!(recorded.contains("name = \"recorded\""), "{told}");
        }
        if line.words.contains("[home]/take") || line.words.contains("[home]/look") {
            let seen = machine.home.read("seen").unwrap();
            assert!(seen.contains("PATH=") && seen.contains("/bin/sh"), "{seen}");
        }
    }
}

#[test]
fn leaked_mark_is_detected() {
    // Another one: the other test looks at the processes of this one too.
    let mark = "BRANDED";
    let home = TestEnv::new();
    home.write("state/some file", format!("before {mark} after"));
    home.write(&format!("cache/{mark}"), "");
    home.write("delivered.txt", mark);
    let mut child = program("/bin/sh")
        .args(["-c", "echo; read wait", mark])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // When it has said something it surely runs.
    child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    let found = marked(home.path(), mark);
    drop(child.stdin.take());
    child.wait().unwrap();
    let about = |what: &str| found.iter().filter(|one| one.starts_with(what)).count();
    assert_eq!(
        (about("the file"), about("the name"), about("the arguments")),
        (1, 1, 1),
        "{found:?}"
    );
}
