//! Tests destinations that pass the secret on: programs, GitHub, the runner. What all have in common is in the
//! conformance suite.

use std::time::Duration;

use super::super::KINDS;
use super::super::process::SecretConsumer;
use super::super::test_world::{SECRET, Scene, refusal, secret};
use crate::core::error::Kind;
use crate::core::secret::Secret;
use crate::report::log::Log;

#[test]
fn each_kind_says_whether_it_reads() {
    for kind in KINDS {
        let scene = (kind.fixture.prepare)(Scene::new());
        let opened = scene.open(kind.fixture.text);
        assert_eq!(opened.can_read(), kind.reads_back, "{kind:?}");
    }
}

#[test]
fn program_gets_words_without_a_shell() {
    let scene = Scene::new();
    scene.program("take", "printf '%s\\n' \"$0\" \"$@\" > words; cat > got");
    let exec = scene.open("exec:take 'a b' $HOME; | c");
    exec.deliver(&secret()).unwrap();
    let words = scene.read("words");
    assert!(words.ends_with("/bin/take\na b\n$HOME;\n|\nc\n"), "{words}");
}

#[test]
fn exec_unrunnable_program_fails_probe() {
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
fn exec_failed_program_is_uncertain() {
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
fn exec_timeout_kills_and_is_uncertain() {
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
fn github_secret_is_piped_to_gh() {
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
fn github_unusable_gh_fails_probe() {
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
fn github_late_gh_failure_is_uncertain() {
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
fn github_actions_masks_before_writing_block() {
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
        step.deliver(&secret()).unwrap();
        let again = scene.read("env");
        assert!(again.starts_with(&env), "{again}");
        assert!(
            !again[env.len()..].contains(delimiter),
            "each block has its own"
        );
    }
}
