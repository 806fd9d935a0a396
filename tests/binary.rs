//! Tests that need a process: streams that are gone, signals, and what other users see of it.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use age::secrecy::ExposeSecret;
use serde_json::json;

use crate::http::answering;
use crate::support::fake::{GENERIC_KEY, SCHATZI_KEY, jwt};
use crate::support::home::{TestEnv, token};
use crate::support::programs::{Folder, program, programs_available, run};
use crate::support::server::{self, Server, get, post};

const KEYS: &str = "/api/v1/accounts/user/api-keys/";

const KEYWRIGHT: &str = env!("CARGO_BIN_EXE_keywright");

fn jwt_of() -> String {
    jwt("schatzi", 10 * 365 * 86_400)
}

fn keywright(args: &[&str]) -> Command {
    let mut command = program(KEYWRIGHT);
    command.args(args);
    command
}

/// A CI job in a folder of its own.
fn job(home: &Folder, server: &Server, args: &[&str]) -> Command {
    in_job(home, server, keywright(args))
}

fn in_job(home: &Folder, server: &Server, mut command: Command) -> Command {
    command
        .env("KEYWRIGHT_CONFIG_DIR", home.path().join("config"))
        .env("KEYWRIGHT_STATE_DIR", home.path().join("state"))
        .env("HOME", home.path())
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .env("KEYWRIGHT_BASE_URL", server.url())
        .env("KEYWRIGHT_TOKEN", jwt_of());
    command
}

fn creating() -> Server {
    let server = Server::with(get(KEYS).bearer(&jwt_of()), server::json(200, &json!([])));
    server
        .expect(
            post("/api/v1/accounts/user/api-keys/create/")
                .bearer(&jwt_of())
                .json(&json!({ "name": "ci" })),
        )
        .answer(server::json(
            201,
            &json!({ "id": "k1", "key": SCHATZI_KEY }),
        ));
    server
}

fn output(command: &mut Command) -> Output {
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn help_and_version_print_to_stdout() {
    let ended = run(&mut keywright(&["--version"]));
    assert!(ended.ok);
    assert_eq!(
        ended.stdout,
        concat!("keywright ", env!("CARGO_PKG_VERSION"), "\n")
    );
    for args in [
        &["--help"][..],
        &["-h"],
        &["help"],
        &["keys", "--help"],
        &["help", "login"],
    ] {
        let ended = run(&mut keywright(args));
        assert!(ended.ok && ended.stderr.is_empty(), "{ended:?}");
        assert!(ended.stdout.contains("Usage: keywright"), "{ended:?}");
        assert!(!ended.stdout.contains('\u{1b}'), "{ended:?}");
    }
}

#[test]
fn ci_job_needs_only_keywright_variables() {
    let server = Server::with(get(KEYS).bearer(&jwt_of()), server::json(200, &json!([])));
    let mut command = keywright(&["keys", "list", "--json"]);
    command
        .env_clear()
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .env("KEYWRIGHT_BASE_URL", server.url())
        .env("KEYWRIGHT_TOKEN", jwt_of());
    let ended = run(&mut command);
    assert_eq!(
        (ended.ok, ended.stdout.as_str()),
        (true, "[]\n"),
        "{ended:?}"
    );
}

#[test]
fn help_closed_pipe_is_success() {
    let mut child = keywright(&["--help"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn closed_pipe_ends_command_silently() {
    let home = Folder::new();
    let list = "/api/v1/accounts/user/api-keys/";
    let keys: Vec<_> = (0..2_000)
        .map(|number| json!({ "id": format!("k{number}"), "name": "x".repeat(60), "is_active": true }))
        .collect();
    for words in [
        &["keys", "list"][..],
        &["keys", "list", "--json"],
        &["api", "GET", list],
        &["token"],
        &["token", "--json"],
        &["profiles"],
        &["providers"],
        &["providers", "schema"],
        &["completions", "zsh"],
        &["man"],
        &["rotations"],
        &["help"],
        &["keys", "--help"],
    ] {
        let server = Server::new();
        if words.contains(&"list") || words.contains(&"api") {
            let accepted = if words.contains(&"api") {
                "*/*"
            } else {
                "application/json"
            };
            server
                .expect(get(list).bearer(&jwt_of()).header("accept", accepted))
                .answer(server::json(200, &json!(keys)));
        }
        let mut child = job(&home, &server, words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        let stderr = text(&ended.stderr);
        for word in ["error", "panicked", "roken pipe"] {
            assert!(!stderr.contains(word), "{words:?}: {stderr}");
        }
        assert!(
            matches!(ended.status.code(), Some(0 | 3 | 9)),
            "{words:?}: {ended:?}"
        );
    }
}

#[test]
fn create_full_stdout_keeps_key() {
    let home = Folder::new();
    let server = creating();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let ended = output(job(&home, &server, &["keys", "create", "ci"]).stdout(full));
    let stderr = text(&ended.stderr);
    assert_eq!(ended.status.code(), Some(10), "{stderr}");
    assert!(stderr.contains("keywright rotations resume "), "{stderr}");
    assert!(!stderr.contains(SCHATZI_KEY));
    // The product of an earlier run is tested before it is handed over.
    server
        .expect(get("/v1/models").bearer(SCHATZI_KEY))
        .answer(server::json(200, &json!({ "data": [] })));
    let ended = run(&mut job(&home, &server, &["rotations", "resume"]));
    assert_eq!(ended.stdout, format!("{SCHATZI_KEY}\n"), "{ended:?}");
}

#[test]
fn output_full_stdout_exits_one() {
    let home = Folder::new();
    let server = Server::with(get(KEYS).bearer(&jwt_of()), server::json(200, &json!([])));
    for args in [&["keys", "list", "--json"][..], &["token"], &["--help"]] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let ended = output(job(&home, &server, args).stdout(full));
        assert_eq!(
            ended.status.code(),
            Some(1),
            "{args:?}: {}",
            text(&ended.stderr)
        );
    }
}

#[test]
fn create_unread_pipe_fails_before_request() {
    let home = Folder::new();
    let server = Server::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let ended = output(job(&home, &server, &["keys", "create", "ci"]).stdout(writer));
    assert_eq!(ended.status.code(), Some(9), "{}", text(&ended.stderr));
}

#[test]
fn create_closed_stdout_fails_before_request() {
    let home = Folder::new();
    let server = Server::new();
    let mut shell = program("/bin/sh");
    shell.args([
        "-c",
        "exec \"$0\" keys create ci >&-",
        env!("CARGO_BIN_EXE_keywright"),
    ]);
    let ended = output(in_job(&home, &server, shell).stderr(Stdio::piped()));
    assert_eq!(ended.status.code(), Some(9), "{}", text(&ended.stderr));
}

/// Sends Ctrl-C to a child that waits for an answer.
fn interrupt(child: &Child) {
    let pid = rustix::process::Pid::from_child(child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
}

/// Waits until the server has seen so many requests.
fn until_seen(server: &Server, count: usize) {
    for _ in 0..4_000 {
        if server.seen().len() >= count {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("no request came");
}

#[test]
fn ctrl_c_cancels_waiting_command() {
    let home = Folder::new();
    let server = Server::with(get(KEYS).bearer(&jwt_of()), server::silence());
    let child = job(&home, &server, &["keys", "list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    until_seen(&server, 1);
    interrupt(&child);
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    assert_eq!(
        (text(&ended.stdout), text(&ended.stderr)),
        (String::new(), "cancelled\n".to_owned())
    );
}

#[test]
fn create_ctrl_c_waits_for_response() {
    let home = Folder::new();
    let server = Server::with(get(KEYS).bearer(&jwt_of()), server::json(200, &json!([])));
    let creation = post("/api/v1/accounts/user/api-keys/create/")
        .bearer(&jwt_of())
        .json(&json!({ "name": "ci" }));
    server.expect(creation).answer(server::silence());
    // Nothing comes, so it waits as long as it may.
    let child = job(&home, &server, &["keys", "create", "ci", "--timeout", "2s"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    until_seen(&server, 2);
    interrupt(&child);
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    assert_eq!(
        text(&ended.stderr),
        "waiting for the answer to a call that must not be lost, then stopping\ncancelled\nhint: list the unfinished rotations: keywright rotations\n"
    );
    let ended = run(&mut job(&home, &server, &["rotations", "--json"]));
    let all: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(all[0]["state"], "lost");
}

#[test]
fn process_list_shows_no_secret() {
    let home = Folder::new();
    let server = Server::with(
        post("/v1/jobs")
            .bearer(&jwt_of())
            .header("accept", "*/*")
            .body("application/json", b"fake-body-secret"),
        server::silence(),
    );
    let mut child = job(&home, &server, &["api", "POST", "/v1/jobs", "-d", "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"fake-body-secret")
        .unwrap();
    until_seen(&server, 1);
    let mut line = String::new();
    File::open(format!("/proc/{}/cmdline", child.id()))
        .unwrap()
        .read_to_string(&mut line)
        .unwrap();
    let words: Vec<&str> = line.split('\0').skip(1).collect();
    assert_eq!(words, ["api", "POST", "/v1/jobs", "-d", "-", ""]);
    interrupt(&child);
    child.wait().unwrap();
}

#[test]
fn concurrent_processes_share_one_refresh() {
    let identity = age::x25519::Identity::generate().to_string();
    one_refresh_for(64, ("KEYWRIGHT_STORE_KEY", identity.expose_secret()));
}

#[test]
fn slow_passphrase_processes_share_one_refresh() {
    // Each opens the store once, which takes a quarter of a second of work.
    one_refresh_for(16, ("KEYWRIGHT_PASSPHRASE", "fake phrase"));
}

/// So many processes that need a token at once, with a store that `opener` opens, make one refresh.
fn one_refresh_for(count: usize, opener: (&str, &str)) {
    let home = TestEnv::new();
    let next = jwt("next", 10 * 365 * 86_400);
    let server = Server::with(
        post("/api/auth/refresh").json(&json!({ "refreshToken": "fake-refresh-1" })),
        server::json(
            200,
            &json!({ "accessToken": next, "refreshToken": "fake-refresh-2", "expiresIn": 900 }),
        ),
    );
    let here = |args: &[&str]| {
        let mut command = keywright(args);
        command
            .env("KEYWRIGHT_CONFIG_DIR", home.path().join("config"))
            .env("KEYWRIGHT_STATE_DIR", home.state())
            .env("HOME", home.path())
            .env(opener.0, opener.1);
        command
    };
    // It ended long before this test was written, whatever the time is where it runs.
    let old = token("fake-old-token", -1_500_000_000).refreshed_by("fake-refresh-1");
    home.log_in_to_file_of(opener, "sieve", &server.url(), &[old]);
    let children: Vec<Child> = (0..count)
        .map(|_| {
            here(&["token"])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let ended = child.wait_with_output().unwrap();
        assert_eq!(
            text(&ended.stdout),
            format!("{next}\n"),
            "{}",
            text(&ended.stderr)
        );
    }
}

#[cfg(feature = "sandbox")]
#[test]
fn sandbox_serves_until_ctrl_c() {
    let home = Folder::new();
    let server = Server::new();
    let mut child = job(&home, &server, &["sandbox", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"]\n") {
        let mut byte = [0];
        stdout.read_exact(&mut byte).unwrap();
        bytes.push(byte[0]);
    }
    let addresses: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let schatzi = addresses
        .as_array()
        .unwrap()
        .iter()
        .find(|address| address["provider"] == "schatzi")
        .unwrap();
    let ended = run(job(&home, &server, &["keys", "list"])
        .env("KEYWRIGHT_BASE_URL", schatzi["url"].as_str().unwrap()));
    assert!(
        ended
            .stderr
            .starts_with("error: schatzi refused to list keys: "),
        "{ended:?}"
    );
    interrupt(&child);
    let code = child.wait().unwrap().code();
    assert!(matches!(code, Some(0 | 130)), "{code:?}");
}

#[test]
fn stdout_read_write_null_is_success() {
    let home = Folder::new();
    let server = Server::with(get(KEYS).bearer(&jwt_of()), server::json(200, &json!([])));
    // As Python and Node open it: readable as well as writable.
    let null = File::options()
        .read(true)
        .write(true)
        .open("/dev/null")
        .unwrap();
    let status = job(&home, &server, &["keys", "list", "--json"])
        .stdout(null)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(0));
}

/// A run as a user without an entry in the list of users, or `None` where this test cannot become one.
fn as_other_user(args: &[&str]) -> Option<Command> {
    if !rustix::process::geteuid().is_root() || !programs_available(&["setpriv"]) {
        return None;
    }
    let other = |program_args: &[&str]| {
        let mut command = program("setpriv");
        command
            .args(["--reuid=65533", "--regid=65533", "--clear-groups", "--"])
            .args(program_args)
            .current_dir("/");
        command
    };
    let reaches = output(&mut other(&["test", "-x", KEYWRIGHT]));
    reaches
        .status
        .success()
        .then(|| other(&[&[KEYWRIGHT], args].concat()))
}

#[test]
fn missing_home_allows_stateless_commands() {
    // Of root, and closed to everybody else.
    let other = Folder::new();
    let key = [
        ("KEYWRIGHT_PROVIDER", "generic"),
        ("KEYWRIGHT_API_KEY", GENERIC_KEY),
    ];
    for home in [
        None,
        Some(other.path().to_str().unwrap()),
        Some("/nonexistent"),
        Some(""),
    ] {
        let run = |args: &[&str], env: &[(&str, &str)]| -> Option<(Option<i32>, String)> {
            let mut command = as_other_user(args)?;
            command.envs(env.iter().copied());
            if let Some(home) = home {
                command.env("HOME", home);
            }
            let ended = output(&mut command);
            let said = text(&ended.stdout) + &text(&ended.stderr);
            Some((ended.status.code(), said))
        };
        for args in [
            &["--version"][..],
            &["--help"],
            &["completions", "bash"],
            &["providers", "list"],
            &["profiles"],
        ] {
            let Some((code, said)) = run(args, &[]) else {
                return;
            };
            assert_eq!(code, Some(0), "{home:?} {args:?}: {said}");
        }
        let (code, said) = run(&["token"], &key).unwrap();
        assert_eq!(
            (code, said),
            (Some(0), format!("{GENERIC_KEY}\n")),
            "{home:?}"
        );
        let (code, said) = run(&["whoami"], &key).unwrap();
        assert_eq!(code, Some(0), "{home:?}: {said}");
        assert!(
            said.contains("profile     generic (by KEYWRIGHT_PROVIDER)\n"),
            "{said}"
        );
        let (code, said) = run(&["exec", "--", "sh", "-c", "echo $API_KEY"], &key).unwrap();
        assert_eq!(
            (code, said),
            (Some(0), format!("{GENERIC_KEY}\n")),
            "{home:?}"
        );
        let (code, said) = run(&["keys", "list"], &[]).unwrap();
        assert_eq!(code, Some(3), "{home:?}: {said}");
        let (code, said) = run(&["doctor"], &[]).unwrap();
        assert_eq!(code, Some(9), "{home:?}: {said}");
        let way = if home.is_none() || home == Some("") {
            "set HOME, or both KEYWRIGHT_CONFIG_DIR and KEYWRIGHT_STATE_DIR"
        } else {
            "use folders of your own"
        };
        assert!(said.contains(way), "{home:?}: {said}");
    }
}

#[test]
fn root_owned_files_suggest_chown() {
    let home = Folder::new();
    let own = |path: &std::path::Path| {
        std::os::unix::fs::chown(path, Some(65_533), Some(65_533)).unwrap();
    };
    let left = home.path().join(".config/keywright");
    keywright::platform::files::create_private_folder(&left).unwrap();
    if as_other_user(&[]).is_none() {
        return;
    }
    own(home.path());
    own(&home.path().join(".config"));
    let run = |args: &[&str]| {
        let mut command = as_other_user(args).unwrap();
        let ended = output(command.env("HOME", home.path()));
        (
            ended.status.code(),
            text(&ended.stdout) + &text(&ended.stderr),
        )
    };
    let way = format!("sudo chown -R \"$(id -un)\" {}", left.display());
    let (code, said) = run(&["profiles"]);
    assert_eq!(code, Some(9), "{said}");
    assert!(said.contains(&way), "{said}");
    let (code, said) = run(&["doctor"]);
    assert_eq!(code, Some(9), "{said}");
    assert!(said.contains(&way) && !said.contains("chmod 600"), "{said}");
    // A file of root in a folder of one's own is found, too.
    own(&left);
    home.write(".config/keywright/config.toml.lock", "");
    let (code, said) = run(&["doctor"]);
    assert_eq!(code, Some(9), "{said}");
    assert!(
        said.contains("config.toml.lock` belongs to another user"),
        "{said}"
    );
    assert!(said.contains(&way), "{said}");
}

/// A home of the user that [`as_other_user`] becomes, with folders of keywright's in it.
struct NobodysHome(Folder);

impl NobodysHome {
    const FOLDERS: [&str; 3] = [
        ".config/keywright",
        ".local/state/keywright/rotations",
        ".local/state/keywright/locks",
    ];

    fn new() -> Self {
        let home = NobodysHome(Folder::new());
        for folder in Self::FOLDERS {
            let mut path = home.0.path().to_owned();
            for part in folder.split('/') {
                path.push(part);
                keywright::platform::files::create_private_folder(&path).unwrap();
                std::os::unix::fs::chown(&path, Some(65_533), Some(65_533)).unwrap();
            }
        }
        std::os::unix::fs::chown(home.0.path(), Some(65_533), Some(65_533)).unwrap();
        home
    }

    /// Gives a folder to root, as a `sudo` does, and returns its path.
    fn taken(&self, folder: &str, mode: u32) -> String {
        use std::os::unix::fs::PermissionsExt;
        let path = self.0.path().join(folder);
        std::os::unix::fs::chown(&path, Some(0), Some(0)).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        path.display().to_string()
    }

    fn run(&self, args: &[&str], env: &[(&str, &str)]) -> (Option<i32>, String) {
        let mut command = as_other_user(args).unwrap();
        command
            .env("HOME", self.0.path())
            .env("KEYWRIGHT_STORE", "file")
            .env("KEYWRIGHT_PASSPHRASE", "a fake passphrase")
            .envs(env.iter().copied());
        let ended = output(&mut command);
        let said = text(&ended.stdout) + &text(&ended.stderr);
        (ended.status.code(), said)
    }
}

#[test]
fn foreign_folder_exits_nine_with_chown() {
    if as_other_user(&[]).is_none() {
        return;
    }
    let wanted = |path: &str, (code, said): (Option<i32>, String)| {
        assert_eq!(code, Some(9), "{said}");
        let way = format!("sudo chown -R \"$(id -un)\" {path}\n");
        assert!(said.contains(&way), "{path}: {said}");
    };
    for mode in [0o700, 0o755] {
        for folder in NobodysHome::FOLDERS {
            let home = NobodysHome::new();
            let path = home.taken(folder, mode);
            wanted(&path, home.run(&["doctor"], &[]));
            let create = ["keys", "create", "ci", "--to", "file:/tmp/never.key"];
            if folder != ".config/keywright" {
                let (port, asked) = answering(
                    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n[]",
                );
                let token = jwt_of();
                let job = [
                    ("KEYWRIGHT_PROVIDER", "schatzi"),
                    ("KEYWRIGHT_BASE_URL", &format!("http://127.0.0.1:{port}")),
                    ("KEYWRIGHT_TOKEN", &token),
                ];
                wanted(&path, home.run(&create, &job));
                assert!(asked.try_iter().all(|asked| asked.starts_with("GET ")));
            } else if mode == 0o700 {
                wanted(&path, home.run(&["profiles"], &[]));
            } else {
                home.0.write(
                    ".config/keywright/config.toml",
                    "[profiles.generic]\nprovider = \"generic\"\n",
                );
                wanted(&path, home.run(&["profiles", "use", "generic"], &[]));
            }
        }
    }
}

#[test]
fn untrusted_symlink_destination_is_refused() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let home = Folder::new();
    let open = home.path().join("open");
    std::fs::create_dir(&open).unwrap();
    for mode in [0o1777, 0o777, 0o770] {
        std::fs::set_permissions(&open, std::fs::Permissions::from_mode(mode)).unwrap();
        // A group with the number of the owner is taken for the owner's own.
        std::os::unix::fs::chown(&open, None, (mode == 0o770).then_some(65_533))
            .unwrap_or_default();
        for (name, text) in [("victim", Some("theirs\n")), ("nothing-yet", None)] {
            let target = home.path().join(name);
            if let Some(text) = text {
                home.write(name, text);
            }
            let link = open.join("new.key");
            symlink(&target, &link).unwrap();
            // Nothing is asked of the server.
            let server = Server::new();
            let to = format!("file:{}", link.display());
            let args = ["keys", "create", "ci", "--to", &to];
            let ended = run(job(&home, &server, &args).current_dir(home.path()));
            assert_eq!(ended.code, Some(9), "{mode:o}: {ended:?}");
            assert!(
                ended
                    .stderr
                    .contains("is a link that others may have put there, and it is not followed")
                    && ended.stderr.contains("nothing was created"),
                "{mode:o}: {}",
                ended.stderr
            );
            let held = keywright::platform::files::read_text(&target).unwrap();
            assert_eq!(held.as_deref(), text);
            assert!(link.is_symlink());
            std::fs::remove_file(&link).unwrap();
        }
    }
}
