//! After a lost answer nothing is sent again: what is new is looked for, and revoked only where it is ours.

use serde_json::{Value, json};

use super::{Shop, creation, events, listed, listing, revocation};
use crate::support::server;
use crate::support::terminal::Reply;

/// A rotation whose answer was lost, after which the list shows these keys.
fn lost(after: &[Value]) -> Shop {
    let shop = Shop::new();
    shop.with_old();
    shop.server.expect(creation("ci")).answer(server::hang_up());
    shop.listed(after);
    shop.rotate(&["--to", "file:ci.key"])
        .stderr_has("a key may have been created, but its secret did not arrive")
        .exit(10);
    assert_eq!(events(&shop.home), [["intended", "lost"]]);
    shop
}

fn made_now(id: &str, name: &str) -> Value {
    json!({ "id": id, "name": name, "is_active": true, "created_at": "2026-11-20T12:00:00Z" })
}

#[test]
fn our_stranger_is_revoked_with_yes_and_the_old_key_is_left() {
    let after = [listed("k1", "ci"), made_now("k7", "ci")];
    let shop = lost(&after);
    shop.listed(&after).revoked("k7");
    shop.rotations(&["resume", "-y"])
        .expect_stderr("revoked the stranger `ci`\n")
        .exit(0);
    shop.is_clean();
    assert_eq!(shop.home.read("work/ci.key"), None);
}

#[test]
fn a_stranger_that_may_be_somebody_elses_is_not_revoked_with_yes() {
    let named_otherwise = made_now("k7", "laptop");
    let mut too_old = made_now("k7", "ci");
    too_old["created_at"] = json!("2026-11-20T11:00:00Z");
    for stranger in [named_otherwise, too_old] {
        let after = [listed("k1", "ci"), stranger];
        let shop = lost(&after);
        shop.listed(&after);
        shop.rotations(&["resume", "-y"])
            .stderr_has("it may be somebody else's\n")
            .stderr_has("hint: if it is yours: keywright keys revoke k7\n")
            .exit(10);
        assert_eq!(events(&shop.home), [["intended", "lost"]]);
    }
}

#[test]
fn of_two_strangers_none_is_revoked_with_yes() {
    let after = [
        listed("k1", "ci"),
        made_now("k7", "ci"),
        made_now("k8", "ci"),
    ];
    let shop = lost(&after);
    shop.listed(&after);
    shop.rotations(&["resume", "-y"])
        .stderr_has("it may be somebody else's\n")
        .exit(10);
}

#[test]
fn a_person_may_say_yes_to_one_stranger_and_no_to_the_next() {
    let after = [
        listed("k1", "ci"),
        made_now("k7", "ci"),
        made_now("k8", "b"),
    ];
    let shop = lost(&after);
    shop.listed(&after).revoked("k7");
    let done = shop
        .rotations(&["resume"])
        .asked_in_a_pipe()
        .reply(Reply::Confirm(true))
        .reply(Reply::Confirm(false))
        .any_stderr()
        .exit(130);
    assert_eq!(done.asked, ["Revoke it?", "Revoke it?"]);
    // The first is gone now, and the second is still in question.
    shop.listed(&[listed("k1", "ci"), made_now("k8", "b")]);
    shop.rotations(&["resume", "-y"]).any_stderr().exit(10);
}

#[test]
fn without_a_stranger_it_is_over() {
    let shop = lost(&[listed("k1", "ci")]);
    shop.with_old();
    shop.rotations(&["resume"])
        .expect_stderr(
            "no key was created: the list shows none that is new; the old one was not touched\n",
        )
        .exit(0);
    shop.is_clean();
}

#[test]
fn a_stranger_that_appears_late_is_found_by_the_next_look() {
    let shop = lost(&[listed("k1", "ci")]);
    shop.listed(&[listed("k1", "ci"), made_now("k7", "ci")])
        .revoked("k7");
    shop.rotations(&["resume", "-y", "-q"]).exit(0);
    shop.is_clean();
}

#[test]
fn a_second_rotation_looks_first_and_creates_nothing() {
    let after = [listed("k1", "ci"), made_now("k7", "ci")];
    let shop = lost(&after);
    shop.listed(&after).revoked("k7");
    shop.rotate(&[])
        .stderr_has("going on with the rotation")
        .stderr_has(" was given up: nothing was rotated\n")
        .stderr_has("hint: to rotate the key now, run this again\n")
        .exit(10);
    let creations = shop.server.seen();
    let creations = creations
        .iter()
        .filter(|seen| seen.path.ends_with("/create/"));
    assert_eq!(creations.count(), 1);
}

#[test]
fn the_key_of_another_creation_is_no_stranger() {
    let after = [listed("k1", "ci"), made_now("k7", "ci")];
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
        .any_stderr()
        .exit(10);
    shop.listed(&[
        listed("k1", "ci"),
        made_now("k7", "ci"),
        made_now("k8", "other"),
    ]);
    shop.revoked("k7");
    let first = lost_id(&shop);
    shop.rotations(&["resume", &first, "-y"])
        .expect_stderr("revoked the stranger `ci`\n")
        .exit(0);
}

/// The record that waits for a look.
fn lost_id(shop: &Shop) -> String {
    let all = shop.rotations(&["--json"]).any_stdout().exit(0).json();
    let lost = all
        .as_array()
        .unwrap()
        .iter()
        .find(|told| told["state"] == "lost");
    lost.unwrap()["id"].as_str().unwrap().to_owned()
}

#[test]
fn giving_up_without_looking_takes_consent() {
    let shop = lost(&[listed("k1", "ci")]);
    shop.rotations(&["abort"])
        .stderr_has("giving up without looking may leave a key at the service that nobody knows")
        .exit(2);
    shop.rotations(&["abort", "-y"])
        .expect_stderr("given up; look whether a key is left: keywright keys list\n")
        .exit(0);
    shop.is_clean();
}

#[test]
fn there_is_nothing_to_undo() {
    let shop = lost(&[listed("k1", "ci")]);
    shop.rotations(&["undo", "-y"])
        .stderr_has("error: the new key was put nowhere: there is nothing to go back to\n")
        .exit(2);
    assert_eq!(events(&shop.home), [["intended", "lost"]]);
}

#[test]
fn a_failure_that_created_nothing_leaves_nothing() {
    let shop = Shop::new();
    shop.with_old().refused(creation("ci"), 500).with_old();
    shop.rotate(&[])
        .stderr_has("no key was created: it is safe to run this again")
        .exit(8);
    shop.is_clean();
}

#[test]
fn a_look_that_fails_leaves_it_open() {
    let shop = Shop::new();
    shop.with_old();
    shop.server.expect(creation("ci")).answer(server::hang_up());
    shop.refused(listing(), 403);
    shop.rotate(&[]).any_stderr().exit(10);
    shop.refused(listing(), 403);
    shop.rotations(&["resume"])
        .stderr_has("nobody can say whether schatzi created a key")
        .exit(10);
}

#[test]
fn a_stranger_that_cannot_be_revoked_stays_reported() {
    let after = [listed("k1", "ci"), made_now("k7", "ci")];
    let shop = lost(&after);
    shop.listed(&after).refused(revocation("k7"), 500);
    shop.rotations(&["resume", "-y"])
        .stderr_has("the stranger `ci` was not revoked")
        .exit(10);
    assert_eq!(events(&shop.home), [["intended", "lost"]]);
}
