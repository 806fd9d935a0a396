//! The keyring store against a real Secret Service, and against everything that can stand in its place.

#![cfg(target_os = "linux")]

use std::os::unix::net::UnixListener;
use std::path::Path;
use std::time::Duration;

use keywright::store::StoreKind;

use crate::support::programs::{
    Ended, Folder, program, program_of_this_user, programs_available, run, skipped, unable,
};
use crate::support::steps;

/// The programs of the Debian packages `dbus`, `gnome-keyring` and `libsecret-tools`.
const PROGRAMS: &[&str] = &[
    "bash",
    "dbus-run-session",
    "dbus-send",
    "gnome-keyring-daemon",
    "secret-tool",
];

/// Starts a keyring with an open collection, as a desktop does at login.
const UNLOCKED: &str =
    "printf fakepw | gnome-keyring-daemon --unlock --components=secrets >/dev/null";

/// The command of a service that is started and never comes up; it holds none of our pipes open.
const NEVER: &str = "/bin/sh -c 'exec sleep 8 >/dev/null 2>&1'";

/// Where nobody can answer, three seconds are the limit; the rest is the time of a slow machine.
const PATIENCE: Duration = Duration::from_millis(4500);

/// A session of its own: a bus, a home, and a shell that runs `script`, in which `store STEPS` uses the store.
struct Session {
    home: Folder,
    configuration: Option<String>,
    environment: Vec<(&'static str, &'static str)>,
}

impl Session {
    fn new() -> Self {
        let home = Folder::new();
        for name in ["run", "state"] {
            keywright::platform::files::create_private_folder(&home.path().join(name)).unwrap();
        }
        Session {
            home,
            configuration: None,
            environment: Vec::new(),
        }
    }

    /// A bus that can start only `services`: pairs of a name and a command.
    fn with_services(mut self, services: &[(&str, &str)]) -> Self {
        for (name, command) in services {
            let text = format!("[D-BUS Service]\nName={name}\nExec={command}\n");
            self.home.write(&format!("services/{name}.service"), &text);
        }
        let folder = self.home.path().join("services");
        let text = format!(
            "<busconfig><type>session</type><listen>unix:tmpdir={}</listen><auth>EXTERNAL</auth>\
             <servicedir>{}</servicedir><policy context=\"default\">\
             <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>\
             <allow own=\"*\"/></policy></busconfig>",
            self.home.path().display(),
            folder.display()
        );
        self.configuration = Some(self.home.write("bus.conf", &text));
        self
    }

    fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.environment.push((name, value));
        self
    }

    fn run(&self, script: &str) -> Ended {
        let home = self.home.path();
        let mut command = program("dbus-run-session");
        if let Some(path) = &self.configuration {
            command.arg("--config-file").arg(path);
        }
        let words: Vec<String> = steps::words()
            .iter()
            .map(|word| format!("'{word}'"))
            .collect();
        let script = format!("store() {{ STEPS=\"$*\" {}; }}\n{script}", words.join(" "));
        command.args(["--", "bash", "-c", &script]);
        command
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home.join("run"))
            .env("THIS", &steps::words()[0])
            .envs(self.environment.iter().copied());
        steps::give(&mut command, StoreKind::KEYRING, &home.join("state"), "");
        let ended = run(&mut command);
        assert!(ended.ok, "{ended:#?}");
        ended
    }
}

fn alone(home: &Folder, address: Option<&str>, steps: &str) -> Ended {
    let mut command = steps::process(StoreKind::KEYRING, home.path(), steps);
    command.env("XDG_RUNTIME_DIR", home.path());
    if let Some(address) = address {
        command.env("DBUS_SESSION_BUS_ADDRESS", address);
    }
    run(&mut command)
}

#[track_caller]
fn one_answer(ended: &Ended, expected: &str) {
    assert_eq!(steps::answers(&ended.stdout), [expected], "{ended:#?}");
    for time in steps::times(&ended.stdout) {
        assert!(time < PATIENCE, "{time:?}");
    }
    assert!(
        !format!("{}{}", ended.stdout, ended.stderr).contains("sk-fake"),
        "{ended:#?}"
    );
}

#[test]
fn keyring_secret_found_by_other_process() {
    if !programs_available(PROGRAMS) {
        return;
    }
    let session = Session::new();
    let ended = session.run(&format!(
        "{UNLOCKED}
        store 'probe; put one sk-fake-one; put long x5000; get one; get absent'
        store 'get one; get long; delete one; delete one; get one; delete long; get long'"
    ));
    assert_eq!(
        steps::answers(&ended.stdout),
        [
            "ok",
            "ok",
            "ok",
            "sk-fake-one",
            "none",
            "sk-fake-one",
            "x5000",
            "true",
            "false",
            "none",
            "true",
            "none"
        ],
        "{ended:#?}"
    );
}

#[test]
fn keyring_interoperates_with_secret_tool() {
    if !programs_available(PROGRAMS) {
        return;
    }
    let ended = Session::new().run(&format!(
        "{UNLOCKED}
        store 'put ours sk-fake-ours'
        echo \"tool: $(secret-tool lookup service keywright username keywright:ours)\"
        secret-tool search service keywright username keywright:ours 2>&1 | grep label
        printf sk-fake-theirs | secret-tool store --label=theirs service keywright username keywright:theirs
        store 'get theirs; delete theirs'
        echo \"left: $(secret-tool lookup service keywright username keywright:theirs)\""
    ));
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert!(lines.contains(&"tool: sk-fake-ours"), "{ended:#?}");
    assert!(lines.contains(&"label = keywright: ours"), "{ended:#?}");
    assert!(lines.contains(&"left: "), "{ended:#?}");
    assert_eq!(
        steps::answers(&ended.stdout),
        ["ok", "sk-fake-theirs", "true"]
    );
}

#[test]
fn keyring_duplicate_items_are_ambiguous() {
    if !programs_available(PROGRAMS) {
        return;
    }
    let ended = Session::new().run(&format!(
        "{UNLOCKED}
        store 'put two sk-fake-one'
        printf sk-fake-two | secret-tool store --label=x service keywright username keywright:two more yes
        store 'get two; put two sk-fake-one; delete two'"
    ));
    let expected = "ambiguous error: the Secret Service holds more than one item `keywright:two`";
    assert_eq!(
        steps::answers(&ended.stdout),
        ["ok", expected, expected, expected]
    );
    assert!(!ended.stdout.contains("sk-fake"), "{ended:#?}");
}

#[test]
fn keyring_locked_fails_immediately() {
    if !programs_available(PROGRAMS) {
        return;
    }
    let ended = Session::new().run(&format!(
        "{UNLOCKED}
        store 'put one sk-fake-one' >/dev/null
        {LOCK}
        store 'get one'; store 'put two sk-fake-two'; store 'delete one'; store 'probe'; store 'get two'"
    ));
    let expected = "locked error: the Secret Service is locked";
    assert_eq!(steps::answers(&ended.stdout), [expected; 5], "{ended:#?}");
    for time in steps::times(&ended.stdout) {
        assert!(time < PATIENCE, "{time:?}");
    }
}

/// Locks the collection as a screen saver may do.
const LOCK: &str = "dbus-send --session --print-reply --dest=org.freedesktop.secrets \
    /org/freedesktop/secrets org.freedesktop.Secret.Service.Lock \
    array:objpath:/org/freedesktop/secrets/collection/login >/dev/null";

#[test]
fn keyring_unanswered_prompt_times_out() {
    if !programs_available(PROGRAMS) {
        return;
    }
    let session = Session::new()
        .with_services(&[("org.gnome.keyring.SystemPrompter", NEVER)])
        .with("KEYWRIGHT_KEYRING_TIMEOUT", "2");
    let ended = session.run(&format!(
        "{UNLOCKED}
        store 'put one sk-fake-one' >/dev/null
        {LOCK}
        store 'get one'"
    ));
    one_answer(
        &ended,
        "unavailable error: the Secret Service is not available: no answer within 2 s; \
         it may be waiting for its password (KEYWRIGHT_KEYRING_TIMEOUT sets the limit)",
    );
}

#[test]
fn keyring_without_collection_is_not_empty() {
    if !programs_available(PROGRAMS) {
        return;
    }
    let ended = Session::new().run(
        "gnome-keyring-daemon --start --components=secrets >/dev/null
        store 'get one; delete one; put one sk-fake-one; probe'",
    );
    let missing = "missing error: the Secret Service has no item of keywright, although a secret was stored there";
    let nowhere = "unavailable error: the Secret Service is not available: \
                   it has no default collection to keep secrets in";
    assert_eq!(
        steps::answers(&ended.stdout),
        [missing, missing, nowhere, nowhere],
        "{ended:#?}"
    );
}

#[test]
fn bus_without_keyring_is_reported() {
    if !programs_available(PROGRAMS) {
        return;
    }
    let ended = Session::new().with_services(&[]).run("store 'get one'");
    one_answer(
        &ended,
        "unavailable error: the Secret Service is not available: \
         no service on the session bus stores secrets (org.freedesktop.secrets)",
    );
}

#[test]
fn keyring_never_starting_times_out() {
    if !programs_available(PROGRAMS) {
        return;
    }
    let session = Session::new().with_services(&[("org.freedesktop.secrets", NEVER)]);
    let ended = session.run("store 'get one'");
    one_answer(
        &ended,
        "unavailable error: the Secret Service is not available: \
         no answer within 3 s (KEYWRIGHT_KEYRING_TIMEOUT sets the limit)",
    );
}

#[test]
fn missing_bus_fails_immediately() {
    let home = Folder::new();
    let missing = format!("unix:path={}/nobody", home.path().display());
    for address in [
        None,
        Some(missing.as_str()),
        Some("autolaunch:"),
        Some("garbage"),
    ] {
        let ended = alone(&home, address, "put one sk-fake-one");
        one_answer(
            &ended,
            "unavailable error: the Secret Service is not available: there is no session bus (D-Bus)",
        );
        assert!(ended.took < Duration::from_secs(2), "{ended:#?}");
    }
}

#[test]
fn silent_bus_times_out() {
    let home = Folder::new();
    let path = home.path().join("mute");
    let listener = UnixListener::bind(&path).unwrap();
    std::thread::spawn(move || listener.incoming().flatten().collect::<Vec<_>>());
    let address = format!("unix:path={}", path.display());
    let ended = alone(
        &home,
        Some(&address),
        "get one; put one sk-fake-one; delete one",
    );
    let expected = "unavailable error: the Secret Service is not available: \
                    no answer within 3 s (KEYWRIGHT_KEYRING_TIMEOUT sets the limit)";
    assert_eq!(steps::answers(&ended.stdout), [expected; 3], "{ended:#?}");
    assert!(ended.took < PATIENCE, "{:?}", ended.took);
}

#[test]
fn bus_unknown_user_is_explained() {
    const OTHER_USER: &str = "setpriv --reuid 12345 --regid 12345 --clear-groups";
    if !programs_available(PROGRAMS) || !programs_available(&["setpriv"]) {
        return;
    }
    let session = Session::new();
    open_to_all(session.home.path());
    open_to_all(&session.home.path().join("state"));
    let ended = session.run(&format!(
        "{UNLOCKED}
        {OTHER_USER} \"$THIS\" --list >/dev/null 2>&1 || exit 0
        store() {{ STEPS=\"$*\" {OTHER_USER} {}; }}
        store 'get one'",
        steps::words().join(" ")
    ));
    if steps::answers(&ended.stdout).is_empty() {
        skipped("only root can become somebody else, who must be able to read this program");
        return;
    }
    one_answer(
        &ended,
        "unavailable error: the Secret Service is not available: \
         the session bus (D-Bus) closed the connection, as it does when it does not know the user",
    );
}

fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o777)).unwrap();
}

/// With that feature every call from inside our own runtime would panic, and any dependency can switch it on.
#[test]
fn zbus_does_not_use_tokio() {
    let tree = run(program_of_this_user(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--edges",
            "features",
            "--invert",
            "zbus",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR")));
    if !tree.ok {
        unable("cargo does not show the dependencies");
        return;
    }
    assert!(
        tree.stdout.contains("zbus feature \"async-io\""),
        "{tree:#?}"
    );
    assert!(!tree.stdout.contains("tokio"), "{tree:#?}");
}
