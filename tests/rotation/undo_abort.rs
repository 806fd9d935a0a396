//! The way back: `undo` puts the old value where it stood, `abort` gives up; both leave the old key alone.

use super::{Shop, events, listed, listing, only_record, private, revocation};
use crate::support::fake::SCHATZI_KEY;
use crate::support::messages;
use crate::support::server;
use crate::support::terminal::{Reply, Stdout};

const OLD: &str = "sk-fake-old-value-000000000000001";

/// A rotation with these destinations, in place everywhere; revoking the old key has failed.
fn unrevoked(to: &[&str]) -> Shop {
    let shop = Shop::new();
    shop.home
        .write("work/.env", format!("A=1\nKEY={OLD} # ours\nB=2\n"));
    shop.home.write("work/ci.key", format!("{OLD}\n"));
    shop.home.write("work/empty.env", "");
    for name in ["work/.env", "work/ci.key", "work/empty.env"] {
        private(&shop.home, name);
    }
    shop.expect_old_key_listed()
        .created()
        .verified()
        .verified()
        .refused(revocation("k1"), 500);
    let to: Vec<&str> = to.iter().flat_map(|to| ["--to", to]).collect();
    shop.rotate(&to)
        .env("PATH", "/usr/bin:/bin")
        .stderr_has(&messages::old_key_not_revoked("ci"))
        .exit(10);
    shop
}

#[test]
fn undo_restores_every_destination() {
    let shop = unrevoked(&[
        "dotenv:.env#KEY",
        "file:ci.key",
        "file:new.key",
        "dotenv:empty.env#KEY",
        "keyring:mine/ci",
    ]);
    assert_eq!(
        shop.home.read("work/new.key"),
        Some(format!("{SCHATZI_KEY}\n"))
    );
    assert!(shop.home.read("work/.env").unwrap().contains(SCHATZI_KEY));
    // The old key was about to be revoked: it has to be there still.
    shop.expect_old_key_listed().revoked("k2");
    shop.rotations(&["undo", "-y"])
        .stderr_has(&messages::restored("file:[home]/work/new.key"))
        .stderr_has(&messages::revoked_new("k2"))
        .exit(0);
    assert_eq!(
        shop.home.read("work/.env"),
        Some(format!("A=1\nKEY={OLD} # ours\nB=2\n"))
    );
    assert_eq!(shop.home.read("work/ci.key"), Some(format!("{OLD}\n")));
    assert_eq!(shop.home.read("work/new.key"), None);
    assert_eq!(shop.home.read("work/empty.env"), Some(String::new()));
    shop.is_clean();
}

#[test]
fn rollback_old_key_gone_is_refused() {
    for way_back in ["undo", "abort"] {
        let shop = unrevoked(&["file:ci.key"]);
        shop.listed(&[listed("k2", "ci")]).verified();
        shop.rotations(&[way_back, "-y"])
            .stderr_has("schatzi does not list the old key; the new key is the only one\n")
            .exit(6);
        assert_eq!(
            shop.home.read("work/ci.key"),
            Some(format!("{SCHATZI_KEY}\n"))
        );
        shop.verified().refused(revocation("k1"), 404);
        shop.rotations(&["resume"])
            .expect_stderr("the old key `ci` was gone already\nrotated `ci`\n")
            .exit(0);
        shop.is_clean();
    }
}

#[test]
fn resume_retries_failed_revocation() {
    let shop = unrevoked(&["file:ci.key"]);
    shop.verified().refused(revocation("k1"), 500);
    shop.rotations(&["resume"])
        .stderr_has("was not revoked")
        .exit(10);
    shop.expect_verify_and_revoke("k1");
    shop.rotations(&["resume"])
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    shop.is_clean();
}

#[test]
fn undo_changed_destination_is_kept() {
    let shop = unrevoked(&["file:ci.key", "dotenv:.env#KEY"]);
    shop.home.write("work/ci.key", "somebody-elses\n");
    shop.expect_old_key_listed().revoked("k2");
    shop.rotations(&["undo", "-y"])
        .stderr_has(&messages::not_overwritten("file:[home]/work/ci.key"))
        .exit(0);
    assert_eq!(
        shop.home.read("work/ci.key").as_deref(),
        Some("somebody-elses\n")
    );
    assert!(shop.home.read("work/.env").unwrap().contains(OLD));
    shop.is_clean();
}

#[test]
fn unreadable_destination_undo_refused_abort_warns() {
    let shop = unrevoked(&["file:ci.key", "exec:/bin/sh -c 'cat > got'"]);
    shop.expect_old_key_listed();
    shop.rotations(&["undo", "-y"])
        .stderr_has("cannot restore the earlier value of `exec:/bin/sh -c 'cat > got'`")
        .stderr_has("hint: put the old key there by hand\n")
        .exit(9);
    assert_eq!(
        shop.home.read("work/ci.key"),
        Some(format!("{SCHATZI_KEY}\n")),
        "nothing is begun"
    );
    shop.expect_old_key_listed().revoked("k2");
    shop.rotations(&["abort", "-y"])
        .stderr_has("it keeps the new key, which is revoked now: put the old one there by hand")
        .exit(0);
    assert_eq!(shop.home.read("work/ci.key"), Some(format!("{OLD}\n")));
    assert_eq!(shop.home.read("work/got").as_deref(), Some(SCHATZI_KEY));
    shop.is_clean();
}

#[test]
fn rollback_declined_changes_nothing() {
    let shop = unrevoked(&["file:ci.key"]);
    for way_back in ["undo", "abort"] {
        shop.expect_old_key_listed();
        shop.rotations(&[way_back])
            .asked_in_a_pipe()
            .reply(Reply::Confirm(false))
            .stderr_has(messages::CANCELLED)
            .exit(130);
    }
    shop.expect_old_key_listed();
    shop.rotations(&["undo"])
        .stderr_has(messages::CONFIRM_WITH_YES)
        .exit(2);
    assert_eq!(
        shop.home.read("work/ci.key"),
        Some(format!("{SCHATZI_KEY}\n"))
    );
    assert_eq!(events(&shop.home)[0].last().unwrap(), "revoking");
}

#[test]
fn unfinished_undo_continues_on_any_command() {
    for next in ["undo", "resume", "abort"] {
        let shop = unrevoked(&["file:ci.key"]);
        shop.expect_old_key_listed().refused(revocation("k2"), 500);
        shop.rotations(&["undo", "-y"])
            .stderr_has("the new key `k2` was not revoked")
            .exit(10);
        assert_eq!(shop.home.read("work/ci.key"), Some(format!("{OLD}\n")));
        let next_line = shop.rotations(&["show", "--json"]).json();
        assert!(
            next_line["next"]
                .as_str()
                .unwrap()
                .starts_with("restore the old value")
        );
        shop.expect_old_key_listed().revoked("k2");
        shop.rotations(&[next, "-q"]).exit(0);
        shop.is_clean();
    }
}

#[test]
fn rollback_before_delivery_revokes_new_key() {
    for way_back in ["undo", "abort"] {
        let shop = Shop::new();
        shop.expect_old_key_listed()
            .created()
            .expect_failures(super::verification());
        let done = shop
            .rotate(&["--to", "file:ci.key"])
            .stderr_has("error: schatzi could not answer: no; the old key was not touched\n")
            .exit(10);
        assert!(
            !done.stderr.contains("nothing was changed"),
            "{}",
            done.stderr
        );
        shop.expect_old_key_listed().revoked("k2");
        shop.rotations(&[way_back, "-y"])
            .expect_stderr(messages::revoked_new("k2"))
            .exit(0);
        assert_eq!(shop.home.read("work/ci.key"), None);
        shop.is_clean();
    }
}

#[test]
fn undo_json_reports_steps() {
    let shop = unrevoked(&["file:ci.key"]);
    shop.expect_old_key_listed().revoked("k2");
    let done = shop
        .rotations(&["undo", "-y", "-q", "--json"])
        .json_stdout()
        .exit(0);
    let told = done.json();
    assert_eq!(
        (told["state"].as_str(), told["next"].as_str()),
        (Some("abandoned"), Some("nothing"))
    );
    let steps = super::steps(&told);
    assert!(
        steps.contains(&("restore file:[home]/work/ci.key", "done")),
        "{steps:?}"
    );
    assert!(steps.contains(&("revoke the new key", "done")), "{steps:?}");
}

#[test]
fn undo_possibly_printed_key_is_revoked() {
    let shop = Shop::new();
    shop.expect_old_key_listed().created().verified();
    shop.rotate(&[])
        .sink(Stdout::Full)
        .stderr_has(&messages::stdout_refused("ci"))
        .exit(10);
    shop.expect_old_key_listed().revoked("k2");
    shop.rotations(&["undo", "-y", "-q"]).exit(0);
    shop.is_clean();
}

#[test]
fn newer_record_is_not_modified() {
    let at = "\"at\":\"2026-11-20T12:00:00Z\"";
    for text in [
        format!("{{\"version\":99,{at},\"event\":\"intended\"}}\n"),
        format!("{{{at},\"event\":\"hook_started\"}}\n"),
    ] {
        let shop = unrevoked(&["file:ci.key"]);
        let path = only_record(&shop.home);
        let id = super::only_id(&shop.home);
        shop.home.write(&path, &text);
        for verb in ["resume", "abort", "undo"] {
            shop.rotations(&[verb, &id, "-y"])
                .stderr_has("was written by a newer keywright\n")
                .exit(10);
        }
        assert_eq!(shop.home.read(&path), Some(text));
        let told = shop.rotations(&["--json"]).json();
        assert_eq!(told[0]["state"], "newer");
    }
}

#[test]
#[cfg(unix)]
fn abort_unreadable_record_keeps_it() {
    let shop = unrevoked(&["file:ci.key"]);
    let path = shop.home.path().join(only_record(&shop.home));
    let id = super::only_id(&shop.home);
    // A link to itself leads nowhere, whoever asks.
    let name = only_record(&shop.home);
    let text = shop.home.read(&name).unwrap();
    std::fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink(&path, &path).unwrap();
    shop.rotations(&["abort", &id, "-y"])
        .stderr_has("cannot read `[home]/")
        .exit(1);
    assert!(path.is_symlink());
    std::fs::remove_file(&path).unwrap();
    shop.home.write(&name, text);
    shop.rotations(&["show", &id])
        .stdout_has("profile   schatzi\n")
        .exit(0);
}

#[test]
fn damaged_record_only_abort_works() {
    for text in [
        "",
        "{\n",
        "{\"at\":\"2026-11-20T12:00:00Z\",\"event\":\"placed\"}\n",
        "\0\u{1}",
    ] {
        let shop = unrevoked(&["file:ci.key"]);
        let path = only_record(&shop.home);
        let id = super::only_id(&shop.home);
        shop.home.write(&path, text);
        shop.rotations(&["show", &id])
            .stdout_has("state     damaged\n")
            .exit(0);
        shop.rotations(&["resume", &id])
            .stderr_has(&format!("set it aside: keywright rotations abort {id}"))
            .exit(10);
        shop.rotations(&["abort", &id])
            .stderr_has("aborting sets it aside without searching for its key")
            .exit(2);
        shop.rotations(&["abort", &id, "-y"])
            .stderr_has(&format!("set aside: [home]/{path}.damaged"))
            .exit(0);
        assert_eq!(events(&shop.home).len(), 0);
        // Its bytes are still there, and told of.
        assert_eq!(
            shop.home.read(&format!("{path}.damaged")).as_deref(),
            Some(text)
        );
        shop.rotations(&["list"])
            .expect_stderr(format!(
                "nothing is unfinished\na damaged record was set aside: [home]/{path}.damaged\n"
            ))
            .exit(0);
        shop.rotations(&["resume"])
            .expect_stderr(format!("error: {}", messages::NOTHING_UNFINISHED))
            .exit(5);
        // The key can be rotated again.
        shop.server.expect(listing()).answer(server::empty(401));
        shop.rotate(&["-q"])
            .fails(
                messages::JWT_REFUSED,
                &["paste a new one: keywright login schatzi --with-token"],
            )
            .exit(3);
    }
}

#[cfg(unix)]
#[test]
fn resume_folder_as_record_continues_others() {
    let shop = Shop::new();
    shop.expect_old_key_listed().created().verified();
    shop.rotate(&["--to", "file:ci.key", "--grace", "24h", "-q"])
        .exit(0);
    shop.home.clock.pass(86_400);
    let folder = "state/rotations/20200101-000000.jsonl";
    std::fs::create_dir(shop.home.path().join(folder)).unwrap();
    shop.expect_verify_and_revoke("k1");
    shop.rotations(&["resume"])
        .stderr_has(&format!("`[home]/{folder}` is damaged: it is a folder\n"))
        .stderr_has("hint: set it aside: keywright rotations abort 20200101-000000\n")
        .stderr_has(&messages::rotated("ci"))
        .exit(10);
    shop.rotations(&["abort", "-y"])
        .stderr_has(&format!("set aside: [home]/{folder}.damaged"))
        .exit(0);
    shop.rotations(&["resume"])
        .expect_stderr(format!("error: {}", messages::NOTHING_UNFINISHED))
        .exit(5);
}

#[test]
fn truncated_record_resumes_previous_event() {
    let shop = Shop::new();
    shop.expect_old_key_listed().created().verified();
    shop.rotate(&["--to", "file:ci.key", "--grace", "24h", "-q"])
        .exit(0);
    let path = only_record(&shop.home);
    let whole = shop.home.read(&path).unwrap();
    let notice = format!(
        "warning: the record {} ends in an incomplete line: the lines before it count\n",
        super::only_id(&shop.home)
    );
    shop.home.write(&path, &whole[..whole.len() - 20]);
    shop.rotations(&["list"])
        .stdout_has("  schatzi  k1       k2       now    deliver the new key: ")
        .expect_stderr(&notice)
        .exit(0);
    // It is not known any more that the key was put in its place: it is tested, and put there again.
    shop.verified();
    shop.rotations(&["resume"]).stderr_has(&notice).exit(0);
    assert_eq!(
        shop.home.read(&path).unwrap().lines().count(),
        whole.lines().count()
    );
    shop.home.clock.pass(86_400);
    shop.expect_verify_and_revoke("k1");
    shop.rotations(&["resume"])
        .expect_stderr(messages::replaced("ci"))
        .exit(0);
    shop.is_clean();
}

/// Makes the record an older copy of itself: without what was written after the last event of that name.
fn only_until(shop: &Shop, event: &str) {
    let path = only_record(&shop.home);
    let text = shop.home.read(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let last = lines
        .iter()
        .rposition(|line| line.contains(&format!("\"event\":\"{event}\"")))
        .unwrap();
    shop.home.write(&path, lines[..=last].join("\n") + "\n");
}

#[test]
fn rollback_finds_unrecorded_delivery() {
    for event in ["kept", "verified"] {
        let shop = unrevoked(&["file:ci.key"]);
        only_until(&shop, event);
        shop.expect_old_key_listed();
        shop.rotations(&["undo", "-y"])
            .stderr_has("cannot restore the earlier value of `file:[home]/work/ci.key`")
            .exit(9);
        shop.expect_old_key_listed().revoked("k2");
        shop.rotations(&["abort", "-y"])
            .stderr_has(
                "`file:[home]/work/ci.key`: it cannot be read back; it keeps the new key, which \
                 is revoked now",
            )
            .exit(0);
    }
    // A value that was put there by hand is in nobody's way.
    let shop = unrevoked(&["file:ci.key"]);
    only_until(&shop, "verified");
    shop.home.write("work/ci.key", format!("{OLD}\n"));
    shop.expect_old_key_listed().revoked("k2");
    shop.rotations(&["undo", "-y"])
        .expect_stderr(messages::revoked_new("k2"))
        .exit(0);
}

#[test]
fn rollback_rechecks_restored_destination() {
    for next in ["undo", "resume", "abort"] {
        let shop = unrevoked(&["file:ci.key"]);
        let path = only_record(&shop.home);
        let text = shop.home.read(&path).unwrap();
        let delivered = text.lines().find(|line| line.contains("delivered"));
        let restored = delivered.unwrap().replace("delivered", "restored");
        let undoing = "{\"at\":\"2026-11-20T12:00:00Z\",\"event\":\"undoing\"}";
        shop.home
            .write(&path, format!("{text}{undoing}\n{restored}\n"));
        shop.expect_old_key_listed().revoked("k2");
        shop.rotations(&[next, "-y"])
            .stderr_has(&messages::restored("file:[home]/work/ci.key"))
            .exit(0);
        assert_eq!(shop.home.read("work/ci.key"), Some(format!("{OLD}\n")));
        shop.is_clean();
    }
}

/// Forgets every secret that was kept but the login.
fn forget_what_was_kept(shop: &Shop) {
    let mut items = shop.home.keychain.items.lock().unwrap();
    items.retain(|_, (label, _)| !label.contains("new schatzi key"));
}

#[test]
fn resume_lost_staged_key_reads_destination() {
    let shop = unrevoked(&["file:ci.key"]);
    forget_what_was_kept(&shop);
    shop.expect_verify_and_revoke("k1");
    shop.rotations(&["resume"])
        .expect_stderr(messages::replaced("ci"))
        .exit(0);
    shop.is_clean();
}

#[test]
fn abort_new_key_lost_everywhere_succeeds() {
    let shop = unrevoked(&["file:ci.key"]);
    forget_what_was_kept(&shop);
    shop.home.write("work/ci.key", "somebody-elses\n");
    let id = super::only_id(&shop.home);
    shop.rotations(&["resume"])
        .stderr_has("no longer holds the key\n")
        .stderr_has(&format!(
            "give it up, and revoke the key: keywright rotations abort {id}\n"
        ))
        .exit(10);
    shop.expect_old_key_listed().revoked("k2");
    shop.rotations(&["abort", "-y"])
        .stderr_has(&messages::not_overwritten("file:[home]/work/ci.key"))
        .stderr_has(&messages::revoked_new("k2"))
        .exit(0);
    shop.is_clean();
}

#[test]
fn undo_restores_exact_bytes() {
    let shop = Shop::new();
    let files = [
        (
            "work/.env",
            format!("export KEY=\"{OLD}\"#ours\r\nB=${{KEY}}"),
        ),
        ("work/old.key", OLD.to_owned()),
        (
            "work/other.env",
            "KEY=\"$BASE-\\\"old\\\"\\n\"\n".to_owned(),
        ),
        (
            "work/app.json",
            format!("{{\r\n\t// ours\r\n\t\"api\": {{\"key\":\"{OLD}\"}},\r\n}}"),
        ),
        (
            "work/app.yml",
            format!("services: # ours\n- key: >-\n    {OLD}\n\n- {{}}\n"),
        ),
        (
            "work/app.toml",
            "# ours\n[api]\nurl = 'https://api.example.com'\n".to_owned(),
        ),
    ];
    for (name, text) in &files {
        shop.home.write(name, text);
        private(&shop.home, name);
    }
    shop.expect_old_key_listed()
        .created()
        .verified()
        .verified()
        .refused(revocation("k1"), 500);
    shop.rotate(&[
        "--to",
        "dotenv:.env#KEY",
        "--to",
        "file:old.key",
        "--to",
        "dotenv:other.env#KEY",
        "--to",
        "json:app.json#/api/key",
        "--to",
        "yaml:app.yml#/services/0/key",
        "--to",
        "toml:app.toml#/api/key",
    ])
    .env("PATH", "/usr/bin:/bin")
    .stderr_has(&messages::old_key_not_revoked("ci"))
    .exit(10);
    for (name, _) in &files {
        assert!(shop.home.read(name).unwrap().contains(SCHATZI_KEY));
    }
    shop.expect_old_key_listed().revoked("k2");
    shop.rotations(&["undo", "-y"])
        .stderr_has(&messages::revoked_new("k2"))
        .exit(0);
    for (name, text) in &files {
        assert_eq!(shop.home.read(name).as_ref(), Some(text));
    }
    shop.is_clean();
}
