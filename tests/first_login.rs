//! The first login where there is no keyring, identities, and the encrypted file unlocked for a time.

use std::os::unix::fs::PermissionsExt;

use keywright::core::error::Kind;
use keywright::platform::KeychainError;
use serde_json::json;

use crate::support::fake::jwt;
use crate::support::home::TestEnv;
use crate::support::programs::{Folder, program, programs_available, run};
use crate::support::run::Run;
use crate::support::server::{self, Server, get};
use crate::support::terminal::Reply;

const KEYS: &str = "/api/v1/accounts/user/api-keys/";
const PHRASE: &str = "fake correct horse";

/// A container: nobody answers for a keyring.
fn container() -> TestEnv {
    let home = TestEnv::new();
    let nobody = KeychainError::Unavailable("no bus".to_owned());
    home.keychain.fails(nobody);
    home
}

fn token() -> String {
    jwt("schatzi", 10 * 365 * 86_400)
}

fn server() -> Server {
    Server::with(get(KEYS).bearer(&token()), server::json(200, &json!([])))
}

fn login(home: &TestEnv, server: &Server) -> Run {
    home.run(["login", "schatzi", "--base-url", &server.url()])
        .at_a_terminal()
        .stderr_has("no bus\n")
}

/// Logged in, with secrets in a file that has a passphrase.
fn logged_in(home: &TestEnv) {
    login(home, &server())
        .reply(Reply::Choose("JWT".to_owned()))
        .reply(Reply::Confirm(true))
        .reply(Reply::Choose("a passphrase".to_owned()))
        .reply(Reply::Secret(PHRASE.to_owned()))
        .reply(Reply::Secret(PHRASE.to_owned()))
        .reply(Reply::Secret(token()))
        .exit(0);
}

#[test]
fn login_without_keyring_offers_file() {
    let home = container();
    logged_in(&home);
    let config = home.read("config/config.toml").unwrap();
    assert!(config.contains("store = \"file\""), "{config}");
    home.run(["token"])
        .env("KEYWRIGHT_PASSPHRASE", PHRASE)
        .expect_stdout(format!("{}\n", token()))
        .exit(0);
}

#[test]
fn login_without_keyring_makes_identity() {
    let home = container();
    login(&home, &server())
        .reply(Reply::Choose("JWT".to_owned()))
        .reply(Reply::Confirm(true))
        .reply(Reply::Choose("an identity file".to_owned()))
        .reply(Reply::Secret(token()))
        .stderr_has("identity.txt`; keep a copy elsewhere\n")
        .exit(0);
    home.run(["token"])
        .expect_stdout(format!("{}\n", token()))
        .exit(0);
}

#[test]
fn login_file_declined_stores_nothing() {
    let home = container();
    login(&home, &Server::new())
        .reply(Reply::Choose("JWT".to_owned()))
        .reply(Reply::Confirm(false))
        .stderr_has("keep secrets in an encrypted file instead: `--store file`")
        .exit(Kind::Cancelled.exit_code());
    assert_eq!(home.read("config/config.toml"), None);
}

#[test]
fn login_without_terminal_names_ways() {
    let home = container();
    let told = home
        .run(["login", "schatzi", "--with-token"])
        .stderr_has("no bus\n")
        .exit(9)
        .stderr;
    assert!(told.contains("`--store file`"), "{told}");
    let told = home
        .run(["login", "schatzi", "--with-token", "--store", "file"])
        .stderr_has("is encrypted, and nothing was given to open it\n")
        .exit(9)
        .stderr;
    for way in [
        "KEYWRIGHT_STORE_KEY_FILE",
        "KEYWRIGHT_PASSPHRASE_FILE",
        "keywright identity new FILE",
    ] {
        assert!(told.contains(way), "{way} in {told}");
    }
}

#[test]
fn login_named_store_offers_nothing() {
    let home = container();
    home.run(["login", "schatzi", "--store", "keyring"])
        .at_a_terminal()
        .reply(Reply::Choose("JWT".to_owned()))
        .stderr_has("no bus\n")
        .exit(9);
    home.run(["login", "schatzi"])
        .env("KEYWRIGHT_STORE", "keyring")
        .at_a_terminal()
        .reply(Reply::Choose("JWT".to_owned()))
        .stderr_has("no bus\n")
        .exit(9);
}

#[test]
fn identity_new_is_private_and_unique() {
    let home = TestEnv::new();
    let done = home
        .run(["identity", "new", "mine.txt"])
        .stdout_has("age1")
        .stderr_has("export KEYWRIGHT_STORE_KEY_FILE=")
        .exit(0);
    assert!(done.stdout.starts_with("age1"), "{}", done.stdout);
    assert_eq!(done.stdout.lines().count(), 1);
    let written = home.read("work/mine.txt").unwrap();
    assert!(written.contains("\nAGE-SECRET-KEY-1"), "its form is age's");
    assert!(written.starts_with(&format!("# public key: {}", done.stdout)));
    let mode = std::fs::metadata(home.path().join("work/mine.txt"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    home.run(["identity", "new", "mine.txt"])
        .stderr_has("is there already, and was left as it is")
        .exit(6);
    assert_eq!(home.read("work/mine.txt").unwrap(), written);
    let json = home
        .run(["identity", "new", "--json"])
        .stderr_has("export KEYWRIGHT_STORE_KEY_FILE=")
        .json_stdout()
        .json();
    assert_eq!(json["file"], "[home]/work/identity.txt");
    assert!(json["public_key"].as_str().unwrap().starts_with("age1"));
}

#[test]
fn new_identity_opens_the_file() {
    let home = container();
    home.run(["identity", "new"])
        .stdout_has("age1")
        .stderr_has("wrote `[home]/work/identity.txt`")
        .exit(0);
    let server = server();
    home.run([
        "login",
        "schatzi",
        "--with-token",
        "--base-url",
        &server.url(),
    ])
    .env("KEYWRIGHT_STORE_KEY_FILE", "identity.txt")
    .stdin(token())
    .stderr_has("logged in to schatzi")
    .exit(0);
    home.run(["token"])
        .env("KEYWRIGHT_STORE_KEY_FILE", "identity.txt")
        .expect_stdout(format!("{}\n", token()))
        .exit(0);
}

#[test]
fn unlocked_file_asks_for_nothing() {
    let home = container();
    logged_in(&home);
    home.run(["unlock", "--for", "15m"])
        .at_a_terminal()
        .reply(Reply::Secret(PHRASE.to_owned()))
        .stderr_has("is unlocked until ")
        .exit(0);
    let times: Vec<u64> = home
        .kernel_keys
        .kept
        .borrow()
        .values()
        .map(|(_, time)| time.as_secs())
        .collect();
    assert_eq!(times, [15 * 60]);
    let kept = home
        .kernel_keys
        .kept
        .borrow()
        .values()
        .next()
        .unwrap()
        .0
        .clone();
    assert!(!String::from_utf8_lossy(&kept).contains(PHRASE));
    // A question would fail the test.
    home.run(["token"])
        .at_a_terminal()
        .expect_stdout(format!("{}\n", token()))
        .exit(0);
    home.run(["lock"]).stderr_has("is locked\n").exit(0);
    home.run(["lock"]).stderr_has("was not unlocked\n").exit(0);
    home.run(["token"])
        .stderr_has("nothing was given to open it")
        .exit(9);
}

#[test]
fn unlock_refusals_have_their_codes() {
    let home = container();
    home.run(["unlock"])
        .stderr_has("does not exist: there is nothing to unlock")
        .exit(9);
    logged_in(&home);
    home.run(["unlock"])
        .env("KEYWRIGHT_PASSPHRASE", "fake wrong")
        .stderr_has("wrong passphrase")
        .exit(9);
    home.run(["unlock", "--for", "0s"])
        .stderr_has("it must be longer than zero")
        .exit(2);
    home.kernel_keys.is_forbidden.set(true);
    home.run(["unlock"])
        .env("KEYWRIGHT_PASSPHRASE", PHRASE)
        .stderr_has("the kernel's keyring cannot be used here: permission denied")
        .stderr_has("hint: containers often forbid it")
        .exit(9);
    // Without it, commands work as before.
    home.run(["token"])
        .env("KEYWRIGHT_PASSPHRASE", PHRASE)
        .expect_stdout(format!("{}\n", token()))
        .exit(0);
}

/// Runs the real binary in a session of its own, whose keyring does not lead to the user's.
#[cfg(target_os = "linux")]
#[test]
fn unlocked_file_opens_in_another_session() {
    if !programs_available(&["setsid", "perl"]) {
        return;
    }
    let home = Folder::new();
    let binary = env!("CARGO_BIN_EXE_keywright");
    let keyctl = if cfg!(target_arch = "x86_64") {
        250
    } else {
        219
    };
    // 1 is KEYCTL_JOIN_SESSION_KEYRING.
    let apart = format!("syscall({keyctl}, 1, 0) >= 0 or exit 77; exec @ARGV");
    let keywright = |words: &[&str], phrase: Option<&str>| {
        let mut command = program("setsid");
        command
            .args(["-w", "perl", "-e", &apart, binary])
            .args(words);
        command
            .env("HOME", home.path())
            .env("KEYWRIGHT_CONFIG_DIR", home.path().join("config"))
            .env("KEYWRIGHT_STATE_DIR", home.path().join("state"))
            .env("KEYWRIGHT_STORE", "file");
        if let Some(phrase) = phrase {
            command.env("KEYWRIGHT_PASSPHRASE", phrase);
        }
        run(&mut command)
    };
    let made = keywright(&["doctor", "-q"], Some(PHRASE));
    if made.code == Some(77) {
        return;
    }
    assert!(made.ok, "{made:#?}");
    let unlocked = keywright(&["unlock", "--for", "1m"], Some(PHRASE));
    if unlocked.code == Some(9) {
        assert!(
            unlocked
                .stderr
                .contains("the kernel's keyring cannot be used here")
        );
        return;
    }
    assert!(unlocked.ok, "{unlocked:#?}");
    let opened = keywright(&["doctor"], None);
    assert!(opened.ok, "{opened:#?}");
    let locked = keywright(&["lock"], None);
    assert!(locked.stderr.contains("is locked"), "{locked:#?}");
    let closed = keywright(&["doctor"], None);
    assert_eq!(closed.code, Some(9), "{closed:#?}");
}
