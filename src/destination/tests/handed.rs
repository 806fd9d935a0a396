//! Tests destinations that pass the secret on: programs, GitHub, the runner, stdout, slots.

use std::time::Duration;

use super::super::process::SecretConsumer;
use super::super::test_world::{Memory, SECRET, Scene, refusal, secret};
use super::super::{Destination, StoredContent};
use crate::core::error::Kind;
use crate::core::secret::Secret;
use crate::doubles::terminal::Stdout;
use crate::report::log::Log;

/// Checks a destination that cannot be read: it restores an old value, and cannot delete one.
fn tells_nothing(destination: &dyn Destination) {
    assert!(!destination.can_read());
    assert!(matches!(destination.read(), Ok(StoredContent::Unreadable)));
    for previous in [StoredContent::Absent, StoredContent::Unreadable] {
        let message = refusal(destination.restore(&previous), Kind::Store);
        assert!(message.contains("cannot"), "{message}");
    }
}

#[test]
fn stdout_gets_the_bare_secret_and_a_newline() {
    let scene = Scene::new();
    let stdout = scene.open("stdout");
    stdout.probe().unwrap();
    assert_eq!(scene.printed(), "");
    stdout.deliver(&secret()).unwrap();
    assert_eq!(scene.printed(), format!("{SECRET}\n"));
    tells_nothing(stdout.as_ref());
    let again = stdout.restore(&StoredContent::Value(secret()));
    refusal(again, Kind::Store);
    assert_eq!(scene.printed(), format!("{SECRET}\n"));
}

#[test]
fn a_broken_stdout_is_noticed() {
    let scene = Scene::new();
    let stdout = scene.open("stdout");
    scene.streams.sink.set(Stdout::Full);
    refusal(stdout.deliver(&secret()), Kind::Uncertain);
    scene.streams.sink.set(Stdout::Closed);
    refusal(stdout.probe(), Kind::Store);
    refusal(stdout.deliver(&secret()), Kind::Store);
}

#[test]
fn a_program_gets_the_secret_on_stdin_and_nowhere_else() {
    let scene = Scene::new().with("KEYWRIGHT_API_KEY", "sk-fake-ours");
    scene.program(
        "take",
        "cat > got; printf '%s\\n' \"$0\" \"$@\" > words; env > env",
    );
    let exec = scene.open("exec:take 'a b' $HOME; | c");
    exec.probe().unwrap();
    assert!(!scene.path("got").exists());
    exec.deliver(&secret()).unwrap();
    assert_eq!(scene.read("got"), SECRET);
    let words = scene.read("words");
    assert!(words.ends_with("/bin/take\na b\n$HOME;\n|\nc\n"), "{words}");
    assert!(!scene.read("env").contains("sk-fake"));
    assert!(!scene.streams.stderr.borrow().contains("sk-fake"));
    tells_nothing(exec.as_ref());
    exec.restore(&StoredContent::Value(Secret::new("sk-fake-old")))
        .unwrap();
    assert_eq!(scene.read("got"), "sk-fake-old");
}

#[test]
fn a_program_that_cannot_run_is_refused_before_there_is_a_key() {
    let scene = Scene::new();
    scene.write("plain", "no program", 0o600);
    for text in ["exec:keywright-none", "exec:./plain", "exec:./missing x"] {
        let exec = scene.open(text);
        refusal(exec.probe(), Kind::Store);
        refusal(exec.deliver(&secret()), Kind::Store);
    }
    scene.write("mine", "#!/bin/sh\ncat > got\n", 0o700);
    let exec = scene.open("exec:./mine");
    exec.probe().unwrap();
    exec.deliver(&secret()).unwrap();
    assert_eq!(scene.read("got"), SECRET);
}

#[test]
fn a_program_that_fails_may_have_kept_the_secret() {
    let scene = Scene::new();
    scene.program("take", "cat > got; echo 'disk on fire' >&2; exit 3");
    let message = refusal(scene.open("exec:take").deliver(&secret()), Kind::Uncertain);
    assert_eq!(
        message,
        "`take` did not take the secret for `exec:take`: it ended with exit code 3: disk on fire"
    );
    scene.program("take", "kill -KILL $$");
    let message = refusal(scene.open("exec:take").deliver(&secret()), Kind::Uncertain);
    assert!(message.ends_with("signal 9 ended it"), "{message}");
    // Output that repeats the secret, whole or in part, is not shown.
    scene.program("take", "s=$(cat); echo \"bad ${s#sk-fake-}\" >&2; exit 1");
    let message = refusal(scene.open("exec:take").deliver(&secret()), Kind::Uncertain);
    assert!(message.ends_with("is not shown)"), "{message}");
    assert!(!scene.streams.stderr.borrow().contains("0123456789"));
}

#[test]
fn a_program_that_hangs_is_killed_and_may_have_kept_the_secret() {
    let scene = Scene::new();
    scene.program("take", "cat > got; sleep 60; echo late > got");
    let platform = scene.platform();
    let child = SecretConsumer {
        log: &Log::new(platform.terminal.clone(), false, true),
        platform: &platform,
        words: &["take".to_owned()],
        env: &[],
        timeout: Duration::from_millis(300),
        shown: "exec:take",
    };
    let message = refusal(child.feed(&secret()), Kind::Uncertain);
    assert!(
        message.ends_with("did not exit within 0.3 s and was killed"),
        "{message}"
    );
    assert_eq!(scene.read("got"), SECRET);
}

/// Writes a `gh` that records its calls and fails as `trouble` says.
fn gh(scene: &Scene, trouble: &str) {
    scene.program(
        "gh",
        &format!(
            "echo \"$@\" >> calls\n{trouble}\ncase \"$1\" in secret) cat > got;; esac\nexit 0"
        ),
    );
}

#[test]
fn a_repository_secret_goes_through_gh_on_stdin() {
    let scene = Scene::new();
    gh(&scene, "");
    let github = scene.open("github:octo/app#API_KEY");
    github.probe().unwrap();
    assert_eq!(
        scene.read("calls"),
        "api --silent repos/octo/app/actions/secrets/public-key\n\
         api --silent repos/octo/app/actions/secrets?per_page=1\n"
    );
    github.deliver(&secret()).unwrap();
    assert_eq!(scene.read("got"), SECRET);
    let calls = scene.read("calls");
    assert!(
        calls.ends_with("\nsecret set API_KEY --repo=octo/app\n"),
        "{calls}"
    );
    assert!(!calls.contains("sk-fake"));
    tells_nothing(github.as_ref());

    let github = scene.open("github:octo/app@my env#API_KEY");
    github.probe().unwrap();
    github.deliver(&secret()).unwrap();
    let calls = scene.read("calls");
    assert!(calls.contains("repos/octo/app/environments/my%20env/secrets/public-key\n"));
    assert!(
        calls.ends_with("secret set API_KEY --repo=octo/app --env=my env\n"),
        "{calls}"
    );
}

#[test]
fn what_keeps_gh_from_writing_is_said_before_there_is_a_key() {
    let scene = Scene::new();
    let why = |trouble: &str| {
        gh(&scene, trouble);
        refusal(scene.open("github:octo/app#K").probe(), Kind::Store)
    };
    let message = why("case \"$1\" in api) exit 4;; esac");
    assert!(message.ends_with("`gh` is not logged in"), "{message}");
    let message = why("exit 1");
    assert!(message.ends_with("`gh` is not logged in"), "{message}");
    let message = why("case \"$1\" in api) echo 'gh: Not Found (HTTP 404)' >&2; exit 1;; esac");
    assert_eq!(
        message,
        "`gh` cannot reach the secrets of `octo/app`: it ended with exit code 1: gh: Not Found (HTTP 404)"
    );
    // The public key is readable with any access; the list is not.
    let message = why("case \"$3\" in *per_page*) echo 'HTTP 403' >&2; exit 1;; esac");
    assert!(message.ends_with("exit code 1: HTTP 403"), "{message}");
    assert!(!scene.read("calls").contains("secret set"));

    let scene = scene.with("PATH", "/nowhere");
    let message = refusal(scene.open("github:octo/app#K").probe(), Kind::Store);
    assert!(message.ends_with("there is no `gh` on PATH"), "{message}");
}

#[test]
fn a_gh_that_fails_late_may_have_written() {
    let scene = Scene::new();
    gh(
        &scene,
        "case \"$1\" in secret) cat > got; echo 'timeout' >&2; exit 1;; esac",
    );
    let github = scene.open("github:octo/app#K");
    github.probe().unwrap();
    let message = refusal(github.deliver(&secret()), Kind::Uncertain);
    assert!(message.ends_with("exit code 1: timeout"), "{message}");
    let large = github.deliver(&Secret::new("x".repeat(50_000)));
    assert!(refusal(large, Kind::Store).contains("48 KiB"));
}

fn runner(file: &str) -> Scene {
    let scene = Scene::new();
    scene.write("env", file, 0o644);
    let path = scene.path("env").display().to_string();
    scene
        .with("GITHUB_ACTIONS", "true")
        .with("GITHUB_ENV", &path)
        .with("GITHUB_OUTPUT", &path)
}

#[test]
fn the_runner_masks_first_and_then_reads_a_block() {
    for text in ["github-env:API_KEY", "github-output:API_KEY"] {
        let scene = runner("A=1");
        let step = scene.open(text);
        step.probe().unwrap();
        assert_eq!(scene.read("env"), "A=1");
        assert_eq!(scene.printed(), "");
        step.deliver(&Secret::new("sk-fake 50%\n\nsecond\r\nline"))
            .unwrap();
        assert_eq!(
            scene.printed(),
            "::add-mask::sk-fake 50%25\n::add-mask::second\n::add-mask::line\n"
        );
        let env = scene.read("env");
        let lines: Vec<&str> = env.split('\n').collect();
        let delimiter = lines[1].strip_prefix("API_KEY<<").unwrap();
        assert_eq!(delimiter.len(), "keywright_".len() + 32);
        assert_eq!(
            env,
            format!("A=1\nAPI_KEY<<{delimiter}\nsk-fake 50%\n\nsecond\r\nline\n{delimiter}\n")
        );
        tells_nothing(step.as_ref());
        step.deliver(&secret()).unwrap();
        let again = scene.read("env");
        assert!(again.starts_with(&env), "{again}");
        assert!(
            !again[env.len()..].contains(delimiter),
            "each block has its own"
        );
    }
}

#[test]
fn without_a_mask_nothing_is_written() {
    let scene = runner("A=1\n");
    let step = scene.open("github-env:K");
    scene.streams.sink.set(Stdout::Full);
    refusal(step.deliver(&secret()), Kind::Store);
    assert_eq!(scene.read("env"), "A=1\n");
    scene.streams.sink.set(Stdout::Closed);
    refusal(step.probe(), Kind::Store);
}

#[test]
fn outside_a_job_there_is_no_runner() {
    let scene = runner("");
    for (name, value, why) in [
        ("GITHUB_ACTIONS", "", "not a GitHub Actions job"),
        ("GITHUB_ACTIONS", "false", "not a GitHub Actions job"),
        ("GITHUB_ENV", "", "GITHUB_ENV is not set"),
        (
            "GITHUB_ENV",
            "/nowhere/env",
            "cannot append to `/nowhere/env`",
        ),
        ("GITHUB_ENV", "/dev/null", "not a regular file"),
    ] {
        let scene = runner("").with(name, value);
        let step = scene.open("github-env:K");
        for result in [step.probe(), step.deliver(&secret())] {
            let message = refusal(result, Kind::Store);
            assert!(message.contains(why), "{message}");
        }
        assert_eq!(scene.printed(), "");
    }
    drop(scene);
}

#[test]
fn a_slot_is_what_its_keeper_makes_of_it() {
    let scene = Scene::new();
    let memory = Memory::default();
    for (text, name) in [
        ("profile:work", "profile work"),
        ("keyring:app/sub/me", "keyring app/sub me"),
    ] {
        let kept = scene.open_with(text, &memory);
        assert!(kept.can_read());
        kept.probe().unwrap();
        assert!(matches!(kept.read(), Ok(StoredContent::Absent)));
        kept.deliver(&secret()).unwrap();
        assert_eq!(memory.kept.borrow()[name], SECRET);
        assert_eq!(kept.read().unwrap().is(&secret()), Some(true));
        kept.restore(&StoredContent::Value(Secret::new("sk-fake-old")))
            .unwrap();
        assert_eq!(memory.kept.borrow()[name], "sk-fake-old");
        kept.restore(&StoredContent::Absent).unwrap();
        assert!(memory.kept.borrow().is_empty());
        refusal(kept.restore(&StoredContent::Unreadable), Kind::Store);

        memory.locked.set(true);
        let message = refusal(kept.probe(), Kind::Store);
        assert_eq!(message, format!("cannot write to `{text}`: it is locked"));
        refusal(kept.deliver(&secret()), Kind::Store);
        refusal(kept.read(), Kind::Store);
        memory.locked.set(false);
    }
}

#[test]
fn a_destination_is_called_by_its_text() {
    let scene = Scene::new();
    for text in [
        "stdout",
        "file:key",
        "dotenv:~/.env#K",
        "profile:work",
        "keyring:app/me",
        "exec:tee 'a b'",
        "github:o/r@e#K",
        "github-env:K",
        "github-output:K",
    ] {
        assert_eq!(scene.open(text).describe(), text);
    }
}
