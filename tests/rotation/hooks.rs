//! Hooks of a project file run between the delivery and the end of the old key, which waits for them.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use super::{Shop, events, is_clean, only_id, only_record, steps};
use crate::support::fake::SCHATZI_KEY;
use crate::support::messages;
use crate::support::server::{self, Wanted, post};
use crate::support::terminal::Reply;

const DEPLOY_PATH: &str = "/deploy/fake-hook-path-0001";

fn deploy() -> Wanted {
    post(DEPLOY_PATH).header("accept", "*/*")
}

/// Schatzi with a project whose key `ci` has these further lines.
fn shop_with(lines: &str) -> Shop {
    let shop = Shop::new();
    shop.home.project(
        "work/keywright.toml",
        format!("[keys.ci]\ndestinations = [\"file:ci.key\"]\n{lines}\n"),
    );
    shop
}

/// A hook that adds a line to the file `ran`, as long as there is no file `closed`.
fn adding(line: &str) -> String {
    format!("exec:/bin/sh -c 'echo {line} >> ran; test ! -e closed'")
}

fn ran(shop: &Shop) -> Vec<String> {
    let text = shop.home.read("work/ran").unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn hooks_run_between_delivery_and_revocation() {
    let hooks = format!(
        "after = [\"{}\", \"exec:/bin/sh -c 'cp ci.key seen; cat > stdin; env > environment; echo \\\"$0 $@\\\" > arguments; echo deployed; echo odd >&2' sh one\"]\ncheck = \"{}\"",
        adding("first"),
        adding("checked")
    );
    let shop = shop_with(&hooks);
    shop.expect_old_key_listed().created().verified();
    // The old key is still there when they run: the request that ends it is the last one.
    shop.expect_verify_and_revoke("k1");
    shop.rotate(&[])
        .env("KEYWRIGHT_PASSPHRASE", "fake passphrase of a store")
        .stderr_has(&messages::delivered("file:[home]/work/ci.key"))
        .stderr_has("  deployed\n  odd\nran `exec:/bin/sh -c 'cp ci.key seen;")
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    assert_eq!(ran(&shop), ["first", "checked"]);
    assert_eq!(
        shop.home.read("work/seen"),
        Some(format!("{SCHATZI_KEY}\n"))
    );
    assert_eq!(shop.home.read("work/stdin").as_deref(), Some(""));
    assert_eq!(
        shop.home.read("work/arguments").as_deref(),
        Some("sh one\n")
    );
    let environment = shop.home.read("work/environment").unwrap();
    for secret in [SCHATZI_KEY, "fake passphrase of a store"] {
        assert!(!environment.contains(secret), "{environment}");
    }
    shop.is_clean();
}

#[test]
fn failed_hook_keeps_old_key() {
    let hooks = format!(
        "after = [\"{}\", \"exec:/bin/sh -c 'echo second >> ran; echo sk-fake >&2; test -e open'\"]",
        adding("first")
    );
    let shop = shop_with(&hooks);
    shop.expect_old_key_listed().created().verified();
    shop.rotate(&[])
        .stderr_has("  sk-fake\n")
        .stderr_has("` failed: it ended with exit code 1; the new key is in place, and the old one was not revoked\n")
        .stderr_has("hint: go on: keywright rotations resume ")
        .exit(10);
    assert_eq!(ran(&shop), ["first", "second"]);
    let told = shop.rotations(&["show", "--json"]).json();
    assert_eq!(told["state"], "placed");
    assert_eq!(
        told["next"],
        format!(
            "run the hooks that follow the delivery: keywright rotations resume {}",
            only_id(&shop.home)
        )
    );
    let states: Vec<&str> = steps(&told)[4..8].iter().map(|(_, state)| *state).collect();
    assert_eq!(states, ["done", "done", "started", "pending"]);
    // It is refused once more, and nothing but its own program runs again.
    shop.rotations(&["resume"])
        .stderr_has(messages::OLD_ONE_NOT_REVOKED)
        .exit(10);
    assert_eq!(ran(&shop), ["first", "second", "second"]);
    shop.home.write("work/open", "");
    shop.expect_verify_and_revoke("k1");
    shop.rotations(&["resume"])
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    assert_eq!(ran(&shop), ["first", "second", "second", "second"]);
    shop.is_clean();
}

#[test]
fn failed_check_keeps_old_key() {
    let shop = shop_with(&format!("check = \"{}\"", adding("checked")));
    shop.home.write("work/closed", "");
    shop.expect_old_key_listed().created().verified();
    shop.rotate(&["-q"])
        .stderr_has(messages::OLD_ONE_NOT_REVOKED)
        .exit(10);
    fs::remove_file(shop.home.path().join("work/closed")).unwrap();
    shop.expect_verify_and_revoke("k1");
    shop.rotations(&["resume", "-q"]).exit(0);
    assert_eq!(ran(&shop), ["checked", "checked"]);
    shop.is_clean();
}

#[test]
fn check_runs_again_after_grace() {
    let shop = shop_with(&format!(
        "grace = \"1h\"\nafter = \"{}\"\ncheck = \"{}\"",
        adding("after"),
        adding("checked")
    ));
    shop.expect_old_key_listed().created().verified();
    shop.rotate(&[])
        .stderr_has(&messages::old_key_valid_until("ci", "2026-11-20 13:00 UTC"))
        .exit(0);
    assert_eq!(ran(&shop), ["after", "checked"]);
    shop.home.write("work/closed", "");
    shop.home.clock.pass(3600);
    shop.verified();
    shop.rotations(&["resume"])
        .stderr_has(messages::OLD_ONE_NOT_REVOKED)
        .exit(10);
    fs::remove_file(shop.home.path().join("work/closed")).unwrap();
    shop.expect_verify_and_revoke("k1");
    shop.rotations(&["resume", "-q"]).exit(0);
    assert_eq!(ran(&shop), ["after", "checked", "checked", "checked"]);
    shop.is_clean();
}

#[test]
fn resume_at_any_hook_event_finishes() {
    let shop = shop_with(&format!(
        "grace = \"1h\"\nafter = \"{}\"\ncheck = \"{}\"",
        adding("after"),
        adding("checked")
    ));
    shop.expect_old_key_listed().created().verified();
    shop.rotate(&["-q"]).exit(0);
    let all = events(&shop.home).remove(0);
    let placed = all.iter().position(|event| event == "placed").unwrap();
    assert_eq!(
        all[placed..],
        [
            "placed",
            "hook_started",
            "hook_done",
            "hook_started",
            "hook_done",
            "hooked"
        ]
    );
    let record = only_record(&shop.home);
    for count in placed + 1..=all.len() {
        let home = shop.home.copy();
        fs::remove_file(home.path().join("work/keywright.toml")).unwrap();
        let text = home.read(&record).unwrap();
        let lines: Vec<&str> = text.lines().take(count).collect();
        home.write(&record, lines.join("\n") + "\n");
        super::private(&home, &record);
        super::private(&home, "state/trust.json");
        home.clock.pass(7200);
        // A hook that was interrupted is run again, and the grace counts from the last one.
        let mut resumed = 0;
        while !events(&home).is_empty() {
            let waits = all[count - 1] != "hooked" && resumed == 0;
            if !waits {
                shop.expect_verify_and_revoke("k1");
            }
            home.run(["rotations", "resume", "-q"]).exit(0);
            home.clock.pass(7200);
            resumed += 1;
        }
        is_clean(&home);
        let ran = ran(&shop);
        assert_eq!(ran.last().map(String::as_str), Some("checked"), "{count}");
    }
}

#[test]
fn undo_runs_hooks_with_old_key() {
    let shop = shop_with(&format!(
        "grace = \"1h\"\nafter = \"{}\"\ncheck = \"{}\"",
        "exec:/bin/sh -c 'cat ci.key >> ran; test ! -e closed'",
        adding("checked")
    ));
    shop.home.write("work/ci.key", "sk-fake-old\n");
    super::private(&shop.home, "work/ci.key");
    shop.expect_old_key_listed().created().verified();
    shop.rotate(&["-q"]).exit(0);
    shop.home.write("work/closed", "");
    shop.expect_old_key_listed();
    shop.rotations(&["undo", "-y"])
        .stderr_has("the old key is in place, and the new one was not revoked\n")
        .exit(10);
    assert_eq!(ran(&shop), [SCHATZI_KEY, "checked", "sk-fake-old"]);
    fs::remove_file(shop.home.path().join("work/closed")).unwrap();
    shop.expect_old_key_listed().revoked("k2");
    shop.rotations(&["resume", "-q"]).exit(0);
    assert_eq!(
        ran(&shop),
        [SCHATZI_KEY, "checked", "sk-fake-old", "sk-fake-old"]
    );
    shop.is_clean();
}

#[test]
fn abort_failing_hook_is_named() {
    let shop = shop_with("grace = \"1h\"\nafter = \"exec:/bin/sh -c 'test ! -e closed'\"");
    shop.expect_old_key_listed().created().verified();
    shop.rotate(&["-q"]).exit(0);
    shop.home.write("work/closed", "");
    shop.expect_old_key_listed().revoked("k2");
    shop.rotations(&["abort", "-y"])
        .stderr_has("make the programs that use the key read the old one\n")
        .exit(0);
    shop.is_clean();
}

#[test]
fn deploy_hook_is_called_once() {
    let shop = shop_with("after = \"http:DEPLOY_HOOK_URL\"");
    let address = format!("{}{DEPLOY_PATH}", shop.server.url());
    shop.expect_old_key_listed().created().verified();
    shop.server
        .expect(deploy())
        .answer(server::json(503, &json!({ "error": DEPLOY_PATH })));
    shop.rotate(&["-v"])
        .env("DEPLOY_HOOK_URL", &address)
        .hides("fake-hook-path")
        .stderr_has("`http:DEPLOY_HOOK_URL` failed: it was answered with HTTP 503; the new key is in place, and the old one was not revoked\n")
        .exit(10);
    let written = shop.home.read(&only_record(&shop.home)).unwrap();
    assert!(
        !written.contains("fake-hook-path") && !written.contains("127.0.0.1"),
        "{written}"
    );
    shop.rotations(&["resume"])
        .stderr_has("DEPLOY_HOOK_URL is not set")
        .exit(10);
    shop.server.expect(deploy()).answer(server::empty(204));
    shop.expect_verify_and_revoke("k1");
    shop.rotations(&["resume", "-q"])
        .env("DEPLOY_HOOK_URL", &address)
        .exit(0);
    shop.is_clean();
}

#[test]
fn deploy_hook_unusable_address_creates_nothing() {
    for (address, said) in [
        (
            None,
            "cannot run `http:DEPLOY_HOOK_URL`: DEPLOY_HOOK_URL is not set",
        ),
        (Some("http://deploy.example/fake-hook-path"), "is not https"),
        (Some("fake-hook-path"), "does not hold an address"),
    ] {
        let shop = shop_with("after = \"http:DEPLOY_HOOK_URL\"");
        shop.expect_old_key_listed();
        let run = shop
            .rotate(&[])
            .hides("fake-hook-path")
            .stderr_has(said)
            .stderr_has(messages::NOTHING_CREATED);
        match address {
            Some(address) => run.env("DEPLOY_HOOK_URL", address).exit(2),
            None => run.exit(2),
        };
        assert_eq!(shop.sent("POST"), 0);
    }
}

#[test]
fn deploy_hook_address_reaches_no_program() {
    let shop =
        shop_with("after = [\"exec:/bin/sh -c 'env > environment'\", \"http:DEPLOY_HOOK_URL\"]");
    let address = format!("{}{DEPLOY_PATH}", shop.server.url());
    shop.expect_old_key_listed().created().verified();
    shop.server.expect(deploy()).answer(server::empty(204));
    shop.expect_verify_and_revoke("k1");
    shop.rotate(&["-q"])
        .env("DEPLOY_HOOK_URL", &address)
        .exit(0);
    let environment = shop.home.read("work/environment").unwrap();
    assert!(!environment.contains("fake-hook-path"), "{environment}");
}

#[test]
fn restart_hook_calls_kubectl() {
    let shop = shop_with("after = \"k8s-restart:prod/deployment/shop\"");
    let folder = shop.home.path().join("work");
    shop.expect_old_key_listed();
    shop.rotate(&[])
        .env("PATH", "/nowhere")
        .stderr_has("cannot run `k8s-restart:prod/deployment/shop`: `kubectl` is not on PATH")
        .exit(9);
    let program = shop
        .home
        .write("work/kubectl", "#!/bin/sh\necho \"$@\" > ran\n");
    fs::set_permissions(program, PermissionsExt::from_mode(0o755)).unwrap();
    shop.rotates();
    shop.rotate(&["-q"])
        .env("PATH", &format!("{}:/bin", folder.display()))
        .exit(0);
    assert_eq!(
        ran(&shop),
        ["--namespace prod rollout restart deployment/shop"]
    );
    shop.is_clean();
}

#[test]
fn plan_and_question_show_hooks() {
    let shop = shop_with("after = \"exec:/bin/cat x\"\ncheck = \"exec:/bin/cat y\"");
    shop.expect_old_key_listed();
    let told = shop.rotate(&["--plan", "--json"]).json();
    let names: Vec<&str> = steps(&told).iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names[4..8],
        [
            "deliver to file:[home]/work/ci.key",
            "run exec:/bin/cat x",
            "check with exec:/bin/cat y",
            "verify the new key once more",
        ]
    );
    shop.expect_old_key_listed();
    shop.home
        .run(["keys", "rotate", "ci"])
        .at_a_terminal()
        .reply(Reply::Confirm(false))
        .stderr_has("\n  then run `exec:/bin/cat x`\n  check with `exec:/bin/cat y`\n")
        .exit(130);
    assert_eq!(shop.sent("POST"), 0);
}

#[test]
fn trust_shows_hooks() {
    let shop = Shop::new();
    for (line, after, check) in [
        ("after = \"exec:./a\"", json!("exec:./a"), None),
        (
            "after = [\"exec:./a\", \"http:URL\"]",
            json!(["exec:./a", "http:URL"]),
            None,
        ),
        ("check = \"exec:./b\"", json!(null), Some(json!("exec:./b"))),
    ] {
        shop.home
            .write("work/keywright.toml", format!("[keys.ci]\n{line}\n"));
        let told = shop.home.run(["trust", "--show", "--json"]).json();
        assert_eq!(told["keys"][0]["after"], after, "{line}");
        assert_eq!(told["keys"][0].get("check"), check.as_ref(), "{line}");
    }
    shop.home.write(
        "work/keywright.toml",
        "[keys.ci]\nafter = [\"exec:./a\", \"exec:../b\"]\ncheck = \"exec:c\"\n",
    );
    shop.home
        .run(["trust", "--show"])
        .stdout_has(": then runs exec:./a\n")
        .stdout_has(": not run: exec:../b, which lies outside its folder\n")
        .stdout_has(": checked by exec:c\n")
        .exit(0);
}

#[test]
fn malformed_hook_names_location() {
    for (line, said) in [
        ("after = \"deploy\"", "keys.ci.after: a hook needs its kind"),
        ("after = 5", "keys.ci.after: "),
        ("after = [\"exec:a\", \"x:y\"]", "keys.ci.after"),
        (
            "after = \"https://deploy.example/fake-hook-path\"",
            "the address of a deploy hook is a secret",
        ),
        (
            "check = \"http:URL\"",
            "keys.ci.check: the check of a key is a program",
        ),
        (
            "after = \"exec:../deploy\"",
            "`exec:../deploy` leads out of `[home]/work`",
        ),
    ] {
        let shop = Shop::new();
        shop.home
            .write("work/keywright.toml", format!("[keys.ci]\n{line}\n"));
        shop.rotate(&["--project", "keywright.toml", "--to", "file:a.key"])
            .hides("fake-hook-path")
            .stderr_has(said)
            .exit(2);
        assert_eq!(shop.server.seen().len(), 0);
    }
}

#[test]
fn due_rotation_runs_hooks() {
    let shop = shop_with(&format!(
        "rotate_every = \"30d\"\nafter = \"{}\"",
        adding("after")
    ));
    shop.expect_old_key_listed().rotates();
    shop.home
        .run(["keys", "rotate", "--due", "-y", "-q"])
        .exit(0);
    assert_eq!(ran(&shop), ["after"]);
    shop.is_clean();
}
