//! After a lost answer nothing is sent again: what is new is looked for, and revoked only where it is ours.

use serde_json::{Value, json};

use super::{Shop, creation, events, listed, listing, revocation};
use crate::support::messages;
use crate::support::server;
use crate::support::terminal::Reply;

/// A rotation whose answer was lost, after which the list shows these keys.
fn lost(after: &[Value]) -> Shop {
    let shop = Shop::new();
    shop.expect_old_key_listed();
    shop.server.expect(creation("ci")).answer(server::hang_up());
    if after.len() > 1 {
        shop.listed(after);
    } else {
        shop.expect_no_new_key();
    }
    shop.rotate(&["--to", "file:ci.key"])
        .stderr_has(messages::SECRET_LOST)
        .exit(10);
    assert_eq!(events(&shop.home), [["intended", "sending", "lost"]]);
    shop
}

impl Shop {
    /// The list shows no new key for as long as a lost answer is looked for.
    fn expect_no_new_key(&self) {
        let old = json!([listed("k1", "ci")]);
        self.server
            .expect(listing())
            .times(7)
            .answer(server::json(200, &old));
    }

    /// Lists these keys at that moment of the service's clock.
    fn listed_at(&self, date: &str, keys: &[Value]) {
        let answer = server::json(200, &json!(keys)).header("Date", date);
        self.server.expect(listing()).answer(answer);
    }
}

fn key_created_now(id: &str, name: &str) -> Value {
    json!({ "id": id, "name": name, "is_active": true, "created_at": "2026-11-20T12:00:00Z" })
}

#[test]
fn resume_matching_unknown_key_is_revoked() {
    let after = [listed("k1", "ci"), key_created_now("k7", "ci")];
    let shop = lost(&after);
    shop.listed(&after).revoked("k7");
    shop.rotations(&["resume", "-y"])
        .expect_stderr(messages::revoked_lost("ci"))
        .exit(0);
    shop.is_clean();
    assert_eq!(shop.home.read("work/ci.key"), None);
}

#[test]
fn resume_differently_named_key_is_kept() {
    let after = [listed("k1", "ci"), key_created_now("k7", "laptop")];
    let shop = Shop::new();
    shop.expect_old_key_listed();
    shop.server.expect(creation("ci")).answer(server::hang_up());
    for _ in 0..7 {
        shop.listed(&after);
    }
    shop.rotate(&["--to", "file:ci.key"])
        .stderr_has(messages::RESPONSE_LOST)
        .exit(10);
    shop.home.clock.pass(15 * 60);
    shop.listed(&after);
    shop.rotations(&["resume", "-y"])
        .stderr_has(
            "`laptop` (k7) is new, but has another name than the one that was requested: it is \
             left alone\n",
        )
        .stderr_has("no key was created: the list shows no new key 15 minutes after the request")
        .exit(0);
    shop.is_clean();
}

#[test]
fn resume_unknown_older_key_is_kept() {
    let mut too_old = key_created_now("k7", "ci");
    too_old["created_at"] = json!("2026-11-20T11:00:01Z");
    let after = [listed("k1", "ci"), too_old];
    let shop = lost(&after);
    shop.listed(&after);
    shop.rotations(&["resume", "-y"])
        .stderr_has(messages::POSSIBLY_LOST_KEY)
        .stderr_has("hint: if it is yours: keywright keys revoke k7\n")
        .exit(10);
    assert_eq!(events(&shop.home), [["intended", "sending", "lost"]]);
}

#[test]
fn resume_service_clock_excludes_older_key() {
    // The service is an hour behind this machine.
    let shop = Shop::new();
    let old = [listed("k1", "ci")];
    let mut older = key_created_now("k7", "ci");
    older["created_at"] = json!("2026-11-20T10:54:59Z");
    let mut lost = key_created_now("k8", "ci");
    lost["created_at"] = json!("2026-11-20T11:00:01Z");
    let after = [listed("k1", "ci"), older, lost];
    let date = "Fri, 20 Nov 2026 11:00:00 GMT";
    shop.listed_at(date, &old);
    shop.server.expect(creation("ci")).answer(server::hang_up());
    shop.listed_at(date, &after);
    shop.rotate(&["--to", "file:ci.key"])
        .stderr_has("hint: `ci` (k8) is new, and its secret did not arrive")
        .exit(10);
    shop.listed_at(date, &after);
    shop.revoked("k8");
    shop.rotations(&["resume", "-y"])
        .expect_stderr(messages::revoked_lost("ci"))
        .exit(0);
    shop.is_clean();
}

#[test]
fn resume_two_unknown_keys_are_kept() {
    let after = [
        listed("k1", "ci"),
        key_created_now("k7", "ci"),
        key_created_now("k8", "ci"),
    ];
    let shop = lost(&after);
    shop.listed(&after);
    shop.rotations(&["resume", "-y"])
        .stderr_has(
            "`ci` (k7), `ci` (k8) are new: one of them may be the lost key, or they are someone \
             else's\n",
        )
        .exit(10);
}

#[test]
fn resume_prompts_no_yes_revokes_second() {
    let after = [
        listed("k1", "ci"),
        key_created_now("k7", "ci"),
        key_created_now("k8", "ci"),
    ];
    let shop = lost(&after);
    shop.listed(&after).revoked("k8");
    shop.rotations(&["resume"])
        .asked_in_a_pipe()
        .reply(Reply::Confirm(false))
        .reply(Reply::Confirm(true))
        .stderr_has("cancelled: revoked `ci` (k8); left alone: `ci` (k7)\n")
        .exit(130);
}

#[test]
fn resume_prompts_yes_no_revokes_first() {
    let after = [
        listed("k1", "ci"),
        key_created_now("k7", "ci"),
        key_created_now("k8", "ci"),
    ];
    let shop = lost(&after);
    shop.listed(&after).revoked("k7");
    let done = shop
        .rotations(&["resume"])
        .asked_in_a_pipe()
        .reply(Reply::Confirm(true))
        .reply(Reply::Confirm(false))
        .stderr_has("cancelled: revoked `ci` (k7); left alone: `ci` (k8)\n")
        .exit(130);
    assert_eq!(done.asked, ["Revoke it?", "Revoke it?"]);
    assert!(!done.stderr.contains("nothing was changed"));
}

#[test]
fn resume_nothing_found_waits_then_closes() {
    let shop = lost(&[listed("k1", "ci")]);
    // Half a minute has passed while it looked.
    shop.expect_old_key_listed();
    shop.rotations(&["resume", "-y"])
        .fails(
            "no new key shows yet, which proves nothing: a list can be late",
            &[
                &format!(
                    "look again after 12:15 UTC: keywright rotations resume {}",
                    super::only_id(&shop.home)
                ),
                "list the unfinished ones: keywright rotations",
            ],
        )
        .exit(10);
    // A clock that was put back has measured nothing.
    shop.home.clock.pass(-3600);
    shop.expect_old_key_listed();
    shop.rotations(&["resume", "-y"])
        .stderr_has(messages::NO_NEW_KEY_YET)
        .exit(10);
    shop.home.clock.pass(3600 + 870);
    shop.expect_old_key_listed();
    shop.rotations(&["resume"])
        .expect_stderr(messages::NO_KEY_CREATED)
        .exit(0);
    shop.is_clean();
}

#[test]
fn resume_fast_clock_uses_service_date() {
    let shop = Shop::new();
    let old = [listed("k1", "ci")];
    shop.listed_at("Fri, 20 Nov 2026 12:00:00 GMT", &old);
    shop.server.expect(creation("ci")).answer(server::hang_up());
    shop.expect_no_new_key();
    shop.rotate(&["--to", "file:ci.key"])
        .stderr_has(messages::RESPONSE_LOST)
        .exit(10);
    shop.home.clock.pass(86_400);
    shop.listed_at("Fri, 20 Nov 2026 12:02:00 GMT", &old);
    shop.rotations(&["resume", "-y"])
        .stderr_has(messages::NO_NEW_KEY_YET)
        .exit(10);
    shop.listed_at("Fri, 20 Nov 2026 12:15:00 GMT", &old);
    shop.rotations(&["resume", "-y"])
        .expect_stderr(messages::NO_KEY_CREATED)
        .exit(0);
    shop.is_clean();
}

#[test]
fn rotate_late_list_shortens_wait() {
    let shop = Shop::new();
    shop.expect_old_key_listed();
    shop.server.expect(creation("ci")).answer(server::html(504));
    shop.expect_old_key_listed().expect_old_key_listed();
    shop.refused(listing(), 500);
    shop.listed(&[listed("k1", "ci"), key_created_now("k7", "ci")]);
    let done = shop
        .rotate(&["--to", "file:ci.key"])
        .stderr_has(messages::RESPONSE_LOST)
        .stderr_has(
            "hint: `ci` (k7) is new, and its secret did not arrive; to revoke it: keywright \
             rotations resume ",
        )
        .exit(10);
    let waited: Vec<u64> = done
        .sleeps
        .iter()
        .map(std::time::Duration::as_secs)
        .collect();
    assert_eq!(waited.iter().sum::<u64>(), 4, "{waited:?}");
}

#[test]
fn resume_locally_delivered_key_is_kept() {
    let shop = lost(&[listed("k1", "ci")]);
    let lost = super::only_id(&shop.home);
    // The same name is asked for once more, and that key is delivered.
    shop.expect_old_key_listed();
    shop.server.expect(creation("ci")).answer(server::json(
        201,
        &json!({ "id": "k8", "name": "ci", "key": crate::support::fake::SCHATZI_KEY }),
    ));
    shop.home
        .run(["keys", "create", "ci", "--to", "file:ci.key", "-q"])
        .exit(0);
    let memory = shop.home.read("state/delivered.json").unwrap();
    assert!(memory.contains("\"k8\"") && !memory.contains(crate::support::fake::SCHATZI_KEY));
    let after = [
        listed("k1", "ci"),
        key_created_now("k7", "ci"),
        key_created_now("k8", "ci"),
    ];
    shop.listed(&after).revoked("k7");
    shop.rotations(&["resume", &lost, "-y"])
        .expect_stderr(messages::revoked_lost("ci"))
        .exit(0);
    shop.is_clean();
}

#[test]
fn resume_unsent_record_closes_without_request() {
    let shop = lost(&[listed("k1", "ci")]);
    let path = super::only_record(&shop.home);
    let text = shop.home.read(&path).unwrap();
    shop.home
        .write(&path, text.split_inclusive('\n').next().unwrap());
    // Nothing is asked of the service.
    shop.rotations(&["resume", "-y"])
        .expect_stderr("it was interrupted before anything was sent: no key was created\n")
        .exit(0);
    shop.is_clean();
}

#[test]
fn resume_all_first_failure_sets_exit() {
    let shop = lost(&[listed("k1", "ci")]);
    let first = super::only_id(&shop.home);
    shop.listed(&[listed("k1", "ci")]);
    shop.server.expect(creation("other")).answer(server::json(
        201,
        &json!({ "id": "k8", "name": "other", "key": crate::support::fake::SCHATZI_KEY }),
    ));
    shop.home
        .run(["keys", "create", "other"])
        .sink(crate::support::terminal::Stdout::Full)
        .stderr_has(&messages::stdout_refused("other"))
        .exit(10);
    shop.home.write("state/rotations/20990101-000000.jsonl", "");
    // The lost one first or last: their names are random.
    let by_name = lost_id(&shop);
    assert_eq!(by_name, first);
    let expected: Vec<String> = shop
        .rotations(&["--json"])
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|told| told["id"].as_str().unwrap().to_owned())
        .collect();
    for id in &expected {
        if *id == first {
            shop.expect_old_key_listed();
        } else if id != "20990101-000000" {
            shop.verified();
        }
    }
    shop.rotations(&["resume", "-y"])
        .expect_stdout(format!("{}\n", crate::support::fake::SCHATZI_KEY))
        .stderr_has("no new key shows yet, which proves nothing")
        .stderr_has("20990101-000000.jsonl` is damaged: it is empty")
        // Each failure comes with its way out.
        .stderr_has(&format!("keywright rotations resume {first}\n"))
        .stderr_has("hint: set it aside: keywright rotations abort 20990101-000000\n")
        .exit(10);
    let left = shop.rotations(&["--json"]).json();
    assert_eq!(left.as_array().unwrap().len(), 2, "{left}");
}

#[test]
fn resume_late_unknown_key_is_revoked() {
    let shop = lost(&[listed("k1", "ci")]);
    shop.listed(&[listed("k1", "ci"), key_created_now("k7", "ci")])
        .revoked("k7");
    // `-y` counts: its name and its time are those of the key that was asked for.
    shop.rotations(&["resume", "-y", "-q"]).exit(0);
    shop.is_clean();
}

#[test]
fn rotate_after_lost_response_creates_nothing() {
    let after = [listed("k1", "ci"), key_created_now("k7", "ci")];
    let shop = lost(&after);
    shop.listed(&after).revoked("k7");
    shop.rotate(&[])
        .stderr_has(messages::ROTATION_RESUMED)
        .stderr_has(messages::NOTHING_ROTATED)
        .stderr_has("hint: to rotate the key now, run this again\n")
        .exit(10);
    let creations = shop.server.seen();
    let creations = creations
        .iter()
        .filter(|seen| seen.path.ends_with("/create/"));
    assert_eq!(creations.count(), 1);
}

#[test]
fn resume_key_of_other_creation_kept() {
    let after = [listed("k1", "ci"), key_created_now("k7", "ci")];
    let shop = lost(&after);
    // Another creation is under way in this profile, and knows its key.
    shop.listed(&after);
    shop.server.expect(creation("other")).answer(server::json(
        201,
        &json!({ "id": "k8", "name": "other", "key": "sk-fake-schatzi-other00000000001" }),
    ));
    shop.home
        .run(["keys", "create", "other"])
        .sink(crate::support::terminal::Stdout::Full)
        .stderr_has(&messages::stdout_refused("other"))
        .exit(10);
    shop.listed(&[
        listed("k1", "ci"),
        key_created_now("k7", "ci"),
        key_created_now("k8", "other"),
    ]);
    shop.revoked("k7");
    let first = lost_id(&shop);
    shop.rotations(&["resume", &first, "-y"])
        .expect_stderr(messages::revoked_lost("ci"))
        .exit(0);
}

#[test]
fn undelivered_key_without_id_stays_recognised() {
    let shop = lost(&[listed("k1", "ci")]);
    // The id of a second key of that name is not found either.
    let old = json!([listed("k1", "ci")]);
    shop.expect_old_key_listed();
    shop.server.expect(creation("ci")).answer(server::json(
        201,
        &json!({ "name": "ci", "key": crate::support::fake::SCHATZI_KEY }),
    ));
    shop.server
        .expect(listing())
        .times(4)
        .answer(server::json(200, &old));
    shop.home
        .run(["keys", "create", "ci"])
        .sink(crate::support::terminal::Stdout::Full)
        .stderr_has("cannot write the new key to stdout")
        .exit(10);
    let mut own = key_created_now("k7", "ci");
    own["key"] = json!("sk-fake...0001");
    shop.listed(&[listed("k1", "ci"), own]);
    let first = lost_id(&shop);
    shop.rotations(&["resume", &first, "-y"])
        .stderr_has("no new key shows yet")
        .exit(10);
}

/// The record that waits for a look.
fn lost_id(shop: &Shop) -> String {
    let all = shop.rotations(&["--json"]).json();
    let lost = all
        .as_array()
        .unwrap()
        .iter()
        .find(|told| told["state"] == "lost");
    lost.unwrap()["id"].as_str().unwrap().to_owned()
}

#[test]
fn abort_lost_response_requires_yes() {
    let shop = lost(&[listed("k1", "ci")]);
    shop.rotations(&["abort"])
        .stderr_has("aborting without a search may leave an unknown key at the service")
        .exit(2);
    shop.listed(&[listed("k1", "ci")]);
    shop.rotations(&["abort", "-y"])
        .expect_stderr(messages::CHECK_LEFTOVER)
        .exit(0);
    shop.is_clean();
}

#[test]
fn abort_failed_search_requires_prompt() {
    for (status, hint) in [
        (
            401,
            "hint: log in again: keywright login schatzi --profile schatzi\n",
        ),
        (500, "hint: go on: keywright rotations resume "),
    ] {
        let shop = lost(&[listed("k1", "ci")]);
        let no = || {
            let body = json!({ "error": { "message": "no" } });
            shop.server
                .expect(listing())
                .answer(server::json(status, &body));
        };
        no();
        shop.rotations(&["abort", "-y"])
            .stderr_has("error: could not determine whether a key was created: ")
            .stderr_has("; the record is kept: a key may be left at the service\n")
            .stderr_has(hint)
            .exit(10);
        assert_eq!(events(&shop.home), [["intended", "sending", "lost"]]);
        no();
        shop.rotations(&["abort", "-y"])
            .asked_in_a_pipe()
            .reply(Reply::Confirm(true))
            .stderr_has("aborting may leave an unknown key at the service")
            .exit(0);
        shop.is_clean();
    }
}

#[test]
fn abort_names_possible_lost_key() {
    let shop = lost(&[listed("k1", "ci")]);
    shop.listed(&[listed("k1", "ci"), key_created_now("k9", "ci")]);
    // Nothing says it later, so that it is said to those who want no notes, too.
    shop.rotations(&["abort", "-y", "-q"])
        .expect_stderr(
            "warning: the key `ci` may be the lost one; revoke it: keywright keys revoke k9\n",
        )
        .exit(0);
    shop.is_clean();
    let log = shop.rotations(&["log", "--json"]).json();
    let last = log.as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["event"], &last["key"]),
        (&json!("abandoned"), &json!("k9"))
    );
}

#[test]
fn abort_unsure_candidate_hints_leftover() {
    let shop = lost(&[listed("k1", "ci")]);
    let new = |id| key_created_now(id, "ci");
    shop.listed(&[listed("k1", "ci"), new("k8"), new("k9")]);
    shop.rotations(&["abort", "-y"])
        .stderr_has("the key `ci` may be the lost one; revoke it: keywright keys revoke k8\n")
        .stderr_has("the key `ci` may be the lost one; revoke it: keywright keys revoke k9\n")
        .stderr_has(messages::CHECK_LEFTOVER)
        .exit(0);
    shop.is_clean();
}

#[test]
fn undo_undelivered_key_is_refused() {
    let shop = lost(&[listed("k1", "ci")]);
    shop.rotations(&["undo", "-y"])
        .stderr_has("error: the new key was not delivered: nothing to undo\n")
        .exit(2);
    assert_eq!(events(&shop.home), [["intended", "sending", "lost"]]);
}

#[test]
fn rotate_refused_creation_leaves_no_record() {
    let shop = Shop::new();
    shop.expect_old_key_listed().refused(creation("ci"), 400);
    shop.rotate(&[])
        .fails("schatzi refused to create a key: no", &[])
        .exit(1);
    shop.is_clean();
}

#[test]
fn resume_failed_search_stays_unfinished() {
    let shop = Shop::new();
    shop.expect_old_key_listed();
    shop.server.expect(creation("ci")).answer(server::hang_up());
    shop.refused(listing(), 403);
    shop.rotate(&[]).stderr_has(messages::SECRET_LOST).exit(10);
    shop.refused(listing(), 403);
    shop.rotations(&["resume"])
        .stderr_has("could not determine whether a key was created: schatzi refused to list keys: ")
        .exit(10);
}

#[test]
fn resume_failed_revocation_keeps_record() {
    let after = [listed("k1", "ci"), key_created_now("k7", "ci")];
    let shop = lost(&after);
    shop.listed(&after).refused(revocation("k7"), 500);
    shop.rotations(&["resume", "-y"])
        .stderr_has("the lost key `ci` was not revoked")
        .exit(10);
    assert_eq!(
        events(&shop.home),
        [["intended", "sending", "lost", "created"]]
    );
    // The record names the key: no list is asked again.
    shop.revoked("k7");
    shop.rotations(&["resume", "-y"])
        .expect_stderr(messages::revoked_lost("ci"))
        .exit(0);
    shop.is_clean();
}

/// The answer to the creation in a form that the manifest does not read.
fn expect_unreadable_creation(shop: &Shop) -> String {
    let body = json!({ "id": "k7", "name": "ci", "value": crate::support::fake::SCHATZI_KEY });
    let body = format!("{body}\u{1b}[2J\n");
    let answer = server::bytes(201, "text/plain", body.as_bytes());
    shop.server.expect(creation("ci")).answer(answer);
    body
}

#[test]
fn unreadable_response_is_saved_key_kept() {
    let after = [listed("k1", "ci"), key_created_now("k7", "ci")];
    let shop = Shop::new();
    shop.expect_old_key_listed();
    let body = expect_unreadable_creation(&shop);
    shop.listed(&after);
    let done = shop
        .rotate(&["--to", "file:ci.key"])
        .stderr_has("a key may have been created, and the answer could not be read")
        .stderr_has("hint: `ci` (k7) is new: its secret is in that answer\n")
        .exit(10);
    let id = super::only_id(&shop.home);
    assert!(
        done.stderr
            .contains(&format!("keywright rotations show {id} --raw"))
    );
    for wrong in [
        "lost",
        "did not arrive",
        "keys revoke",
        crate::support::fake::SCHATZI_KEY,
    ] {
        assert!(!done.stderr.contains(wrong), "{wrong}: {}", done.stderr);
    }
    shop.listed(&after);
    shop.rotations(&["resume", "-y"])
        .stderr_has("the response that holds its secret cannot be read\n")
        .exit(10);
    assert_eq!(shop.sent("POST"), 1, "nothing was revoked");
    // A person gets what came, byte for byte; a terminal is not steered by it.
    shop.rotations(&["show", &id, "--raw"])
        .expect_stdout(body.clone())
        .stderr_has("answered with 201 at 2026-11-20 12:00:00 UTC: ")
        .stderr_has("warning: the answer may hold the new key: keep it from others\n")
        .exit(0);
    let shown = shop
        .rotations(&["show", "--raw"])
        .at_a_terminal()
        .stdout_has(crate::support::fake::SCHATZI_KEY)
        .expect_stderr(messages::RAW_ANSWER)
        .exit(0)
        .stdout;
    assert!(!shown.contains('\u{1b}'));
    let told = shop
        .rotations(&["show", "--raw", "--json"])
        .expect_stderr(messages::RAW_ANSWER)
        .json();
    assert_eq!(
        (&told["body"], &told["http_status"]),
        (&json!(body), &json!(201))
    );
}

#[test]
fn resume_key_of_unreadable_response_kept() {
    let shop = lost(&[listed("k1", "ci")]);
    let id = super::only_id(&shop.home);
    let after = [listed("k1", "ci"), key_created_now("k7", "ci")];
    shop.expect_old_key_listed();
    expect_unreadable_creation(&shop);
    shop.listed(&after);
    shop.home
        .run(["keys", "create", "ci", "--to", "file:other.key", "-y"])
        .stderr_has(
            "error: a key may have been created, and the answer could not be read: schatzi \
             answered, but the new key is not where its manifest says it is\n",
        )
        .exit(10);
    shop.listed(&after);
    shop.rotations(&["resume", &id, "-y"])
        .stderr_has(messages::POSSIBLY_LOST_KEY)
        .exit(10);
}

#[test]
fn show_raw_without_response_fails() {
    let shop = lost(&[listed("k1", "ci")]);
    let id = super::only_id(&shop.home);
    shop.rotations(&["show", "--raw"])
        .fails(
            &format!("no response is saved for `{id}`"),
            &[&format!("see its state: keywright rotations show {id}")],
        )
        .exit(5);
}

#[test]
fn response_without_id_matches_listed_key() {
    let shop = Shop::new();
    shop.expect_old_key_listed();
    shop.server.expect(creation("ci")).answer(server::json(
        201,
        &json!({ "name": "ci", "key": crate::support::fake::SCHATZI_KEY }),
    ));
    // The list is late; of two new keys of that name the mask tells which it is.
    shop.expect_old_key_listed();
    let mut own = key_created_now("k7", "ci");
    own["key"] = json!("sk-fake...0001");
    let mut other = key_created_now("k8", "ci");
    other["key"] = json!("sk-fake...0002");
    shop.listed(&[listed("k1", "ci"), other, own]);
    shop.verified();
    shop.rotate(&["--to", "file:ci.key", "--grace", "1h", "-q"])
        .exit(0);
    let told = shop.rotations(&["--json"]).json();
    assert_eq!(told[0]["new"], "k7");
    shop.expect_old_key_listed().revoked("k7");
    shop.rotations(&["abort", "-y"])
        .expect_stderr(
            "restored the previous value of `file:[home]/work/ci.key`\nrevoked the new key `k7`\n",
        )
        .exit(0);
    shop.is_clean();
}

#[test]
fn orphaned_record_lock_is_removed() {
    let shop = lost(&[listed("k1", "ci")]);
    let folder = shop.home.path().join("state/rotations");
    let orphan = folder.join("20261119-aaaaaa.jsonl.lock");
    let held = folder.join("20261119-bbbbbb.jsonl.lock");
    shop.home
        .write("state/rotations/20261119-aaaaaa.jsonl.lock", "");
    let lock = keywright::platform::files::FileLock::try_acquire(&held)
        .unwrap()
        .unwrap();
    shop.rotations(&["--json"]).json_stdout().exit(0);
    assert!(!orphan.exists() && held.exists());
    drop(lock);
    shop.rotations(&["--json"]).json_stdout().exit(0);
    assert!(!held.exists());
    // The record's own lock is not held now, and stays beside it.
    let own = format!("{}.lock", super::only_record(&shop.home));
    assert!(shop.home.path().join(own).exists());
}
