//! Storage on this machine: doctor, moving between stores, private files, and the time a call may take.

use std::cell::Cell;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use age::secrecy::ExposeSecret;
use keywright::platform::fault::{DiskEffect, FaultInjector, Injected};
use keywright::platform::files::FileLock;
use keywright::platform::{Clock, HttpRequest, KeychainError, TransportError};
use serde_json::{Value, json};

use crate::support::fake::{GENERIC_KEY, SIEVE_KEY, jwt};
use crate::support::home::{TestEnv, key, token};
use crate::support::run::Run;
use crate::support::server::{self, Server, get, method, post};
use crate::support::terminal::Stdout;

/// A request to a server's root that asks for nothing in particular.
fn head() -> server::Wanted {
    method("HEAD", "/").header("accept", "*/*")
}

fn finding(report: &Value, name: &str) -> (String, String) {
    let all = report["findings"].as_array().unwrap();
    let one = all.iter().find(|one| one["name"] == name).unwrap();
    let text = |field: &str| one[field].as_str().unwrap().to_owned();
    (text("state"), text("detail"))
}

/// Counts the time that is spent waiting for locks, and spends none.
#[derive(Default)]
struct Waiting {
    time: Cell<Duration>,
    random: Cell<u8>,
}

impl FaultInjector for Waiting {
    fn before(&self, _: DiskEffect, _: &Path) -> Injected {
        Injected::Proceed
    }

    fn pause(&self, time: Duration) {
        self.time.set(self.time.get() + time);
    }

    fn random(&self, bytes: &mut [u8]) {
        self.random.set(self.random.get() + 1);
        bytes.fill(self.random.get());
    }
}

#[test]
fn lock_wait_is_announced_and_bounded() {
    let identity = age::x25519::Identity::generate().to_string();
    let identity = identity.expose_secret();
    for (args, limit) in [
        (&["doctor"][..], 30),
        (&["doctor", "--timeout", "3s"], 3),
        (&["token", "--timeout", "3s"], 3),
    ] {
        let home = TestEnv::new();
        let server = Server::new();
        let old = jwt("old", 900);
        let old = token(&old, 60).refreshed_by("fake-refresh");
        home.log_in_to_file(identity, "sieve", &server.url(), &[old]);
        home.clock.pass(61);
        let next = json!({ "accessToken": jwt("new", 900), "expiresIn": 900 });
        let answer = server::json(200, &next);
        match args[0] {
            "token" => server
                .expect(post("/api/auth/refresh").json(&json!({ "refreshToken": "fake-refresh" })))
                .answer(answer),
            _ => server.expect(head()).answer(server::empty(200)),
        }
        let _held = FileLock::try_acquire(&home.state().join("store.lock"))
            .unwrap()
            .unwrap();
        let waiting = Rc::new(Waiting::default());
        keywright::platform::fault::set(Some(Rc::clone(&waiting) as Rc<dyn FaultInjector>));
        let run = home.run(args).env("KEYWRIGHT_STORE_KEY", identity);
        let (_, done) = run.any_stdout().any_stderr().exit_any();
        keywright::platform::fault::set(None);
        assert_eq!(waiting.time.get().as_secs(), limit, "{args:?}");
        let said = "waiting for another process that holds the lock `[home]/state/store.lock`\n";
        assert!(done.stderr.contains(said), "{args:?}: {}", done.stderr);
    }
}

#[test]
fn doctor_working_machine_is_ok() {
    let home = TestEnv::new();
    let on_time = server::empty(200).header("Date", "Fri, 20 Nov 2026 12:00:30 GMT");
    let server = Server::with(head(), on_time);
    home.log_in("generic", &server.url(), &[key(GENERIC_KEY)]);
    let before = home.keychain.values();
    let report = home.run(["doctor", "--json"]).json();
    assert_eq!(report["ok"], true);
    let ok = |detail: &str| ("ok".to_owned(), detail.to_owned());
    assert_eq!(
        finding(&report, "secret"),
        ok("written to the test keyring, read back and deleted")
    );
    assert_eq!(finding(&report, "clock"), ok("agrees with generic"));
    assert_eq!(
        finding(&report, "credentials"),
        ok("key of the profile `generic` (by default_profile)")
    );
    assert_eq!(home.keychain.values(), before, "nothing is left behind");
}

#[test]
fn doctor_unavailable_keyring_exits_nine() {
    let home = TestEnv::new();
    home.keychain
        .fails(KeychainError::Unavailable("nobody is there".to_owned()));
    home.run(["doctor"])
        .stdout_has("✗ secret")
        .stdout_has("nobody is there")
        .exit(9);
}

#[test]
fn doctor_invalid_proxy_names_variable() {
    let home = TestEnv::new();
    for (value, wanted) in [
        (
            "fake user@host",
            (
                "warning",
                "https_proxy is not the URL of a proxy: no request is sent to a service",
            ),
        ),
        (
            "http://user:fake-password@proxy.example.test:3128",
            ("ok", "the one in https_proxy; not used for this machine"),
        ),
    ] {
        let done = home
            .run(["doctor", "--json"])
            .env("https_proxy", value)
            .json_stdout()
            .exit(0);
        let (state, detail) = finding(&done.json(), "proxy");
        assert_eq!((state.as_str(), detail.as_str()), wanted);
        assert!(!done.stdout.contains("fake"), "{}", done.stdout);
    }
}

#[test]
fn doctor_wrong_clock_is_reported() {
    for (date, said) in [
        ("Fri, 20 Nov 2026 11:50:00 GMT", "600 s ahead of generic"),
        ("Fri, 20 Nov 2026 12:10:00 GMT", "600 s behind generic"),
    ] {
        let home = TestEnv::new();
        let server = Server::with(head(), server::empty(200).header("Date", date));
        home.log_in("generic", &server.url(), &[key(GENERIC_KEY)]);
        home.run(["doctor"]).stdout_has(said).exit(0);
    }
}

#[test]
fn doctor_deletes_secrets_of_interrupted_runs() {
    let home = TestEnv::new();
    home.log_in("generic", "https://generic.invalid", &[key(GENERIC_KEY)]);
    let before = home.keychain.values();
    // A process that was killed between its note and the end of what it did.
    let item = keywright::store::SecretRef::fresh().unwrap();
    let (note, orphan) = (
        json!({ "store": "keyring", "items": [item, home.item("generic", "key")] }),
        "state/spill/0123456789abcdef0123456789abcdef.age",
    );
    keywright::platform::Keychain::set(
        &*home.keychain,
        "keywright",
        item.as_str(),
        "",
        b"fake-left",
    )
    .unwrap();
    home.write("state/leftovers/00.json", note.to_string());
    home.write(orphan, "nobody opens this");
    home.run(["doctor"])
        .stdout_has("✓ left over    2 secrets of interrupted runs were deleted\n")
        .exit(0);
    assert_eq!(home.keychain.values(), before);
    assert!(home.read("state/leftovers/00.json").is_none() && home.read(orphan).is_none());
    let done = home
        .run(["doctor"])
        .stdout_has(concat!(
            "✓ version      keywright ",
            env!("CARGO_PKG_VERSION")
        ))
        .exit(0);
    assert!(!done.stdout.contains("left over"), "{}", done.stdout);
}

#[test]
fn profiles_move_transfers_all_credentials() {
    let home = TestEnv::new();
    let identity = age::x25519::Identity::generate().to_string();
    let with_file = |run: Run| run.env("KEYWRIGHT_STORE_KEY", identity.expose_secret());
    let access = jwt("sieve", 900);
    let server = Server::with(
        server::post("/api/auth/refresh").json(&json!({ "refreshToken": "fake-refresh-1" })),
        server::json(
            200,
            &json!({ "accessToken": jwt("next", 900), "expiresIn": 900 }),
        ),
    );
    home.log_in(
        "sieve",
        &server.url(),
        &[
            key(SIEVE_KEY),
            token(&access, 900).refreshed_by("fake-refresh-1"),
        ],
    );
    with_file(home.run(["profiles", "move", "--store", "file"]))
        .expect_stderr(
            "the secrets of the profile `sieve` are kept in `[home]/state/store.age` now\n",
        )
        .exit(0);
    let left = home.keychain.values();
    assert!(!left.iter().any(|value| value.contains("fake")), "{left:?}");
    with_file(home.run(["token"]))
        .expect_stdout(format!("{access}\n"))
        .exit(0);
    with_file(home.run(["refresh", "-q"])).exit(0);
    with_file(home.run(["profiles", "move", "sieve", "--store", "keyring", "-q"])).exit(0);
    assert_eq!(home.kept("sieve", "key").as_deref(), Some(SIEVE_KEY));
}

#[test]
fn profiles_move_refused_loses_nothing() {
    let home = TestEnv::new();
    let server = Server::new();
    home.log_in("generic", &server.url(), &[key(GENERIC_KEY)]);
    home.run(["profiles", "move", "--store", "file"])
        .stderr_has("KEYWRIGHT_PASSPHRASE")
        .exit(9);
    assert_eq!(home.kept("generic", "key").as_deref(), Some(GENERIC_KEY));
}

#[test]
fn every_file_is_private() {
    let home = TestEnv::new();
    let listing = get("/api/v1/accounts/user/api-keys/").bearer(&jwt("schatzi", 60));
    let server = Server::with(listing, server::json(200, &json!([])));
    let creation = server::post("/api/v1/accounts/user/api-keys/create/")
        .bearer(&jwt("schatzi", 60))
        .json(&json!({ "name": "ci" }));
    server.expect(creation).answer(server::json(
        201,
        &json!({ "id": "k1", "key": "sk-fake-0001" }),
    ));
    let identity = age::x25519::Identity::generate().to_string();
    home.log_in_to_file(
        identity.expose_secret(),
        "schatzi",
        &server.url(),
        &[token(&jwt("schatzi", 60), 60)],
    );
    home.run(["keys", "create", "ci"])
        .env("KEYWRIGHT_STORE_KEY", identity.expose_secret())
        .sink(Stdout::Full)
        .stderr_has("error: cannot write the new key to stdout; the new key `ci` is not lost")
        .exit(10);
    let files = home.files();
    assert!(files.len() > 4, "{:?}", files.keys());
    let mode = |path: &std::path::Path| {
        let path = home.path().join(path);
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    };
    for path in files.keys() {
        assert_eq!(mode(path), 0o600, "{}", path.display());
        let folders = path.ancestors().skip(1);
        for folder in folders.filter(|folder| !folder.as_os_str().is_empty()) {
            assert_eq!(mode(folder), 0o700, "{}", folder.display());
        }
    }
}

#[test]
fn http_silent_server_times_out() {
    let server = Server::with(get("/slow").header("accept", "*/*"), server::silence());
    let request = HttpRequest {
        method: "GET".to_owned(),
        url: format!("{}/slow", server.url()).parse().unwrap(),
        shown_url: String::new(),
        headers: vec![keywright::platform::Header::plain("accept", "*/*")],
        body: None,
        identity: None,
        timeout: Duration::from_millis(50),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let http = keywright::platform::native::http();
    let late = runtime.block_on(http.send(&request)).unwrap_err();
    assert_eq!(
        late,
        TransportError::Uncertain("there was no answer in time".to_owned())
    );
}

#[test]
fn doctor_checks_every_state_file() {
    let home = TestEnv::new();
    home.log_in("schatzi", "https://schatzi.invalid", &[token("fake", 900)]);
    let env = [("KEYWRIGHT_PROVIDER", "none")];
    let looked = |code| {
        let run = home.run(["doctor", "--json"]).json_stdout();
        let run = env
            .iter()
            .fold(run, |run, (name, value)| run.env(name, value));
        run.exit(code).json()
    };
    let (state, detail) = finding(&looked(0), "files");
    assert!(
        state == "ok" && detail.contains("private and readable"),
        "{detail}"
    );
    let revision = home.write("state/store.revision", "");
    private(&revision);
    let (state, detail) = finding(&looked(0), "files");
    assert_eq!(state, "warning");
    assert!(
        detail.ends_with("store.revision` holds no number"),
        "{detail}"
    );
    std::fs::remove_file(revision).unwrap();
    let shared = home.write("state/leftovers/wide.txt", "");
    std::fs::set_permissions(&shared, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (state, detail) = finding(&looked(0), "files");
    assert!(
        state == "warning" && detail.contains("can be read by others"),
        "{detail}"
    );
    private(&shared);
    let pointers = home.write("state/credentials.json", "{");
    private(&pointers);
    let (state, detail) = finding(&looked(9), "files");
    assert!(
        state == "failed" && detail.contains("is damaged"),
        "{detail}"
    );
}

fn private(path: &Path) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn doctor_fix_repairs_modes_and_remains() {
    use std::os::unix::fs::PermissionsExt;
    let home = TestEnv::new();
    home.run(["doctor"]).stdout_has("✓ secret").exit(0);
    let mode = |path: &Path, mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(path, mode).unwrap();
    };
    let wide = home.write("state/credentials.json.bak", "{}");
    mode(&wide, 0o644);
    let closed = home.write("state/rotations/closed/x", "");
    mode(&closed, 0o400);
    mode(&home.state(), 0o755);
    let stale = home.write("state/old.lock", "");
    let left = home.write("state/index.json.new", "");
    let young = home.write("state/other.json.new", "");
    let now = std::time::SystemTime::from(home.clock.now());
    let touch = |path: &Path, time| {
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_modified(time).unwrap();
    };
    touch(&left, now - std::time::Duration::from_secs(3600));
    touch(&young, now);
    let held = home.write("state/held.lock", "");
    let lock = FileLock::try_acquire(&held).unwrap().unwrap();
    let fixed = home
        .run(["doctor", "--fix"])
        .stdout_has("✓ fixed")
        .exit(0)
        .stdout;
    for (path, wanted) in [(&wide, 0o600), (&closed, 0o600), (&home.state(), 0o700)] {
        let found = std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(found, wanted, "{}", path.display());
    }
    assert!(!stale.exists() && !left.exists());
    assert!(young.exists() && held.exists());
    drop(lock);
    for said in [
        "(mode 644, now 600)",
        "(mode 755, now 700)",
        "lock file",
        "was never finished",
    ] {
        assert!(fixed.contains(said), "{said} in {fixed}");
    }
    home.run(["doctor", "--fix"]).stdout_has("✓ fixed").exit(0);
}

#[test]
fn doctor_fix_takes_files_back() {
    use std::os::unix::fs::{MetadataExt, chown};
    let home = TestEnv::new();
    home.run(["doctor"]).stdout_has("✓ secret").exit(0);
    let foreign = home.write("state/credentials.json.bak", "{}");
    private(&foreign);
    let owner = std::fs::metadata(&foreign).unwrap().uid();
    if chown(&foreign, Some(65_533), None).is_err() {
        // Only the superuser gives a file away, so that nobody else has one to take back.
        assert_ne!(owner, 0);
        return;
    }
    let said = "`[home]/state/credentials.json.bak` belongs to you (it was user 65533's)";
    home.run(["doctor", "--fix"]).stdout_has(said).exit(0);
    assert_eq!(std::fs::metadata(&foreign).unwrap().uid(), owner);
}
