//! `providers check --live`: every step at a real service, and no key left there whatever goes wrong.

use std::process::{Child, Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use super::service::{Acme, Fault};
use super::{ACME, with};
use crate::support::home::{TestEnv, key};
use crate::support::programs::{Folder, program};
use crate::support::terminal::Reply;

const NO_KEYS: [&str; 0] = [];

/// A machine with the manifest in its folder, and the login in its environment.
pub(super) fn folder_with_manifest(manifest: &str) -> Folder {
    let folder = Folder::new();
    folder.write("config/providers/acme.toml", manifest);
    folder
}

pub(super) fn command(folder: &Folder, acme: &Acme, args: &[&str]) -> Command {
    // Whoever runs the tests may ignore signals, as `nohup` does, and what is ignored stays so.
    let mut command = program("env");
    command
        .args([
            "--default-signal=HUP,INT,QUIT,TERM",
            env!("CARGO_BIN_EXE_keywright"),
        ])
        .args(args)
        .env("KEYWRIGHT_CONFIG_DIR", folder.path().join("config"))
        .env("KEYWRIGHT_STATE_DIR", folder.path().join("state"))
        .env("HOME", folder.path())
        .env("KEYWRIGHT_PROVIDER", "acme")
        .env("KEYWRIGHT_BASE_URL", &acme.url)
        .env("KEYWRIGHT_API_KEY", "fake-own")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

const LIVE: [&str; 6] = ["-q", "--yes", "--json", "providers", "check", "acme"];

pub(super) fn live(folder: &Folder, acme: &Acme) -> Command {
    let mut command = command(folder, acme, &LIVE);
    command.arg("--live");
    command
}

pub(super) fn json_output(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("{output:?}"))
}

/// The result of each step, by its name.
fn states(output: &Output) -> Vec<(String, String)> {
    let report = json_output(output);
    let steps = report["live"]["steps"].as_array().unwrap().iter();
    let text = |step: &Value, field: &str| step[field].as_str().unwrap().to_owned();
    steps
        .map(|step| (text(step, "step"), text(step, "state")))
        .collect()
}

fn unfinished(folder: &Folder, acme: &Acme) -> Value {
    json_output(
        &command(folder, acme, &["-q", "--json", "rotations"])
            .output()
            .unwrap(),
    )
}

#[test]
fn live_check_runs_steps_revokes_key() {
    let acme = Acme::new();
    let folder = folder_with_manifest(ACME);
    let done = live(&folder, &acme).output().unwrap();
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let all = [
        "verify",
        "list",
        "create",
        "show",
        "list shows it",
        "rename",
        "verify the new key",
        "revoke",
        "list shows it no longer",
    ];
    let all: Vec<_> = all
        .iter()
        .map(|step| ((*step).to_owned(), "ok".to_owned()))
        .collect();
    assert_eq!(states(&done), all);
    assert_eq!(acme.keys(), NO_KEYS);
    assert_eq!(unfinished(&folder, &acme), json!([]));
    let name = json_output(&done)["live"]["key"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(name.starts_with("keywright-check-"), "{name}");
}

/// The manifest with the operations that change a key.
fn with_changes() -> String {
    let change = |verb: &str, body: &str| {
        format!(
            "\n[operations.{verb}]\nrequest = {{ method = \"PATCH\", path = \"/keys/{{id}}\", body = [{body}] }}\n"
        )
    };
    let status = "name = \"/name\"\nstatus = { at = \"/active\", map = { true = \"active\", false = \"disabled\" } }\n";
    with("name = \"/name\"\n", status).replace(
        "[{\"id\":\"k1\",\"name\":\"ci\"}]",
        "[{\"id\":\"k1\",\"name\":\"ci\",\"active\":true}]",
    ) + &change("set", "{ at = \"/name\", from = \"name\" }")
        + &change("disable", "{ at = \"/active\", value = false }")
        + &change("enable", "{ at = \"/active\", value = true }")
}

#[test]
fn live_check_runs_changes_of_manifest() {
    let acme = Acme::new();
    acme.tell_secrets();
    let folder = folder_with_manifest(&with_changes());
    let done = live(&folder, &acme).arg("--record").output().unwrap();
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let states = states(&done);
    for step in ["rename", "set", "disable", "enable", "revoke"] {
        let ok = (step.to_owned(), "ok".to_owned());
        assert!(states.contains(&ok), "{step}: {states:?}");
    }
    let recorded = json_output(&done)["live"]["recorded"].clone();
    for place in ["operations.set", "operations.disable", "operations.enable"] {
        let one = json!({ "place": place, "recorded": true, "why": null });
        assert!(recorded.as_array().unwrap().contains(&one), "{recorded}");
    }
    assert_eq!(acme.keys(), NO_KEYS);
}

#[test]
fn live_check_reads_changes_back() {
    // The first change is `rename`.
    for (turn, step, why) in [
        (1, "rename", "the list names it `keywright-check-"),
        (2, "set", "changed the name: it is `keywright-check-"),
        (3, "disable", "as active, not disabled"),
        (4, "enable", "as disabled, not active"),
    ] {
        let acme = Acme::that_errs("PATCH one", turn, Fault::Ignored);
        let home = TestEnv::new();
        home.write("config/providers/acme.toml", with_changes());
        home.log_in("acme", &acme.url, &[key("fake-own")]);
        home.run(["-y", "providers", "check", "acme", "--live"])
            .stdout_has(why)
            .stderr_has(&format!("the step `{step}` failed"))
            .exit(1);
        assert_eq!(acme.keys(), NO_KEYS);
    }
}

/// A fault, the step that meets it, and the exit code.
const FAULTS: [(&str, usize, Fault, &str, i32); 14] = [
    ("GET /me", 1, Fault::Refused, "verify", 1),
    ("GET /keys", 1, Fault::Refused, "list", 1),
    ("POST /keys", 1, Fault::Refused, "create", 1),
    ("POST /keys", 1, Fault::Wrong, "create", 1),
    ("POST /keys", 1, Fault::Lost, "create", 10),
    ("GET one", 1, Fault::Refused, "show", 1),
    ("GET one", 1, Fault::Wrong, "show", 1),
    ("GET /keys", 2, Fault::Refused, "list shows it", 1),
    ("PATCH one", 1, Fault::Refused, "rename", 1),
    ("GET /keys", 3, Fault::Refused, "rename", 1),
    ("GET /me", 2, Fault::Refused, "verify the new key", 1),
    ("DELETE one", 1, Fault::Refused, "revoke", 10),
    ("DELETE one", 1, Fault::Lost, "", 0),
    ("GET /keys", 4, Fault::Refused, "list shows it no longer", 1),
];

#[test]
fn live_check_failure_orphans_no_key() {
    for (at, turn, fault, step, code) in FAULTS {
        let acme = Acme::that_errs(at, turn, fault);
        let folder = folder_with_manifest(ACME);
        let done = live(&folder, &acme).output().unwrap();
        let case = format!("{at} {turn} {fault:?}: {done:?}");
        assert_eq!(done.status.code(), Some(code), "{case}");
        let states = states(&done);
        let failed = states.iter().find(|(_, state)| state == "failed");
        assert_eq!(failed.map_or("", |(step, _)| step), step, "{case}");
        if fault == Fault::Refused && at == "DELETE one" {
            assert_eq!(acme.keys().len(), 1, "{case}");
            let left = json_output(&done)["live"]["left_behind"]
                .as_str()
                .unwrap()
                .to_owned();
            assert_eq!(unfinished(&folder, &acme)[0]["id"], json!(left));
            acme.recover();
            let resumed = command(&folder, &acme, &["rotations", "resume", &left])
                .output()
                .unwrap();
            assert_eq!(resumed.status.code(), Some(0), "{resumed:?}");
        }
        assert_eq!(acme.keys(), NO_KEYS, "{case}");
        assert_eq!(unfinished(&folder, &acme), json!([]), "{case}");
    }
}

#[test]
fn live_check_missing_id_cleans_store() {
    let acme = Acme::that_errs("POST /keys", 1, Fault::Wrong);
    let home = TestEnv::new();
    home.write("config/providers/acme.toml", ACME);
    home.log_in("acme", &acme.url, &[key("fake-own")]);
    home.run(["-y", "providers", "check", "acme", "--live"])
        .any_stdout()
        .stderr_has("holds no id")
        .exit(1);
    assert_eq!(acme.keys(), NO_KEYS);
    // Beside the login stands the mark by which a keyring is known again.
    assert_eq!(home.keychain.values(), ["1", "fake-own"]);
}

/// A walk that stands still after the key was made.
fn spawn_stalled_check(folder: &Folder, acme: &Acme) -> Child {
    let child = live(folder, acme).spawn().unwrap();
    acme.silent.recv().unwrap();
    assert_eq!(acme.keys().len(), 1);
    child
}

#[test]
fn live_check_killed_resume_revokes_key() {
    let acme = Acme::that_errs("GET one", 1, Fault::Silent);
    let folder = folder_with_manifest(ACME);
    let mut child = spawn_stalled_check(&folder, &acme);
    child.kill().unwrap();
    child.wait().unwrap();
    let left = unfinished(&folder, &acme);
    assert_eq!(left.as_array().unwrap().len(), 1, "{left}");
    assert_eq!(left[0]["strategy"], "lease");
    let resumed = command(&folder, &acme, &["rotations", "resume"])
        .output()
        .unwrap();
    assert_eq!(resumed.status.code(), Some(0), "{resumed:?}");
    assert_eq!(acme.keys(), NO_KEYS);
    assert_eq!(unfinished(&folder, &acme), json!([]));
}

#[test]
fn live_check_signal_revokes_key_first() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let acme = Acme::that_errs("GET one", 1, Fault::Silent);
        let folder = folder_with_manifest(ACME);
        let child = spawn_stalled_check(&folder, &acme);
        kill_process(Pid::from_child(&child), signal).unwrap();
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(130), "{ended:?}");
        assert_eq!(acme.keys(), NO_KEYS);
        assert_eq!(unfinished(&folder, &acme), json!([]));
        let states = states(&ended);
        let state = |step: &str| {
            let found = states.iter().find(|(name, _)| name == step);
            found.map(|(_, state)| state.as_str())
        };
        assert_eq!(state("show"), Some("skipped"));
        assert_eq!(state("revoke"), Some("ok"));
    }
}

#[test]
fn live_check_skips_destructive_steps() {
    let by_hand = "manual = { url = \"https://example.com\", steps = [\"revoke it\"] }";
    for (manifest, why) in [
        (
            with(
                "[operations.create]\n",
                "[operations.create]\neffect = \"replaces-own\"\n",
            ),
            "a new key invalidates the profile's login key",
        ),
        (
            with(
                "[operations.revoke]\n",
                "[operations.revoke]\neffect = \"revokes-own\"\n",
            ),
            "`revoke` revokes the profile's login key",
        ),
        (
            ACME.split("[operations.revoke]").next().unwrap().to_owned()
                + "[operations.revoke]\n"
                + by_hand
                + "\n",
            "it could not be revoked again: the manifest declares `revoke` as manual",
        ),
    ] {
        let acme = Acme::new();
        let folder = folder_with_manifest(&manifest);
        let done = live(&folder, &acme).output().unwrap();
        assert_eq!(done.status.code(), Some(0), "{done:?}");
        let report = json_output(&done);
        let create = &report["live"]["steps"][2];
        assert_eq!(create["state"], "skipped");
        assert!(create["why"].as_str().unwrap().contains(why), "{create}");
        assert_eq!(acme.keys(), NO_KEYS);
    }
}

#[test]
fn live_check_without_consent_sends_nothing() {
    let home = TestEnv::new();
    home.write("config/providers/acme.toml", ACME);
    let acme = Acme::new();
    let run = |args: &[&str]| {
        home.run(args)
            .env("KEYWRIGHT_PROVIDER", "acme")
            .env("KEYWRIGHT_BASE_URL", &acme.url)
            .key("fake-own")
    };
    let args = ["providers", "check", "acme", "--live"];
    run(&args)
        .stderr_has("and prompts are disabled\nhint: if you want that, confirm with `--yes`")
        .exit(2);
    let done = run(&args)
        .at_a_terminal()
        .reply(Reply::Confirm(false))
        .stderr_has("cancelled: nothing was changed")
        .exit(130);
    assert!(
        done.stderr
            .contains("at acme with the login of the profile"),
        "{}",
        done.stderr
    );
    assert_eq!(acme.calls(), 0);
}

#[test]
fn live_check_unsuitable_manifest_sends_nothing() {
    let acme = Acme::new();
    let home = TestEnv::new();
    home.write("config/providers/acme.toml", ACME);
    let wrong = home.write(
        "wrong/acme.toml",
        with("method = \"PATCH\"", "method = \"patch\""),
    );
    let fails = home.write(
        "fails/acme.toml",
        with("expect = { id = \"k1\" }", "expect = { id = \"k2\" }"),
    );
    let other = home.write("acne.toml", with("name = \"acme\"", "name = \"acne\""));
    for (path, said) in [
        (wrong, "a method is a word in capitals"),
        (fails, "1 example of "),
        (other, "is one of acme, and the manifest describes acne"),
    ] {
        home.run(["-y", "providers", "check", path.to_str().unwrap(), "--live"])
            .env("KEYWRIGHT_PROVIDER", "acme")
            .env("KEYWRIGHT_BASE_URL", &acme.url)
            .key("fake-own")
            .any_stdout()
            .stderr_has(said)
            .exit(2);
    }
    assert_eq!(acme.calls(), 0);
}

#[cfg(feature = "sandbox")]
#[test]
fn live_check_runs_in_sandbox() {
    let folder = Folder::new();
    let sandboxed = |args: &[&str]| {
        let mut command = program(env!("CARGO_BIN_EXE_keywright"));
        command
            .args(["-q", "-y", "--json", "--sandbox", "-p"])
            .args(args)
            .env("KEYWRIGHT_CONFIG_DIR", folder.path().join("config"))
            .env("KEYWRIGHT_STATE_DIR", folder.path().join("state"))
            .env("HOME", folder.path());
        let done = command.output().unwrap();
        assert_eq!(done.status.code(), Some(0), "{done:?}");
        done
    };
    let check = |name: &str, more: &[&str]| {
        let mut args = vec![name, "providers", "check", name, "--live"];
        args.extend(more);
        states(&sandboxed(&args))
    };
    let with_state = |states: &[(String, String)], wanted: &str| {
        states.iter().filter(|(_, state)| state == wanted).count()
    };
    assert_eq!(with_state(&check("schatzi", &[]), "ok"), 9);
    let left = json_output(&sandboxed(&["schatzi", "keys", "list"]));
    let mut left = left.as_array().unwrap().iter();
    assert!(left.all(|key| {
        let ours = key["name"]
            .as_str()
            .unwrap()
            .starts_with("keywright-check-");
        !ours || key["status"] == "revoked"
    }));
    // One key, which the profile logs in with: not without a word.
    assert_eq!(with_state(&check("sieve", &[]), "ok"), 2);
    let replaced = check("sieve", &["--replace"]);
    assert_eq!(replaced[2], ("create".to_owned(), "ok".to_owned()));
    assert_eq!(
        replaced[3],
        ("verify the new key".to_owned(), "ok".to_owned())
    );
    // The login has followed.
    sandboxed(&["sieve", "keys", "verify"]);
}
