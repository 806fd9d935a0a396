//! A plan names every step and touches nothing.

use serde_json::{Value, json};

use super::{Shop, listed, on_disk, steps};
use crate::support::fake::{SIESTA_KEY, SIEVE_KEY};
use crate::support::home::{TestEnv, key};
use crate::support::messages;
use crate::support::server::{self, Server, get};

fn plan(shop: &Shop, args: &[&str]) -> crate::support::run::Run {
    shop.home.run(["keys", "rotate", "ci", "--plan"]).args(args)
}

#[test]
fn plan_prints_steps_changes_nothing() {
    let shop = Shop::new();
    shop.expect_old_key_listed();
    let before = on_disk(&shop.home);
    plan(
        &shop,
        &[
            "--to",
            "file:ci.key",
            "--to",
            "exec:/bin/cat",
            "--grace",
            "24h",
        ],
    )
    .expect_stdout(
        [
            "id        -",
            "profile   schatzi",
            "service   schatzi",
            "strategy  overlap",
            "old key   k1 (`ci`)",
            "new key   -",
            "state     planned",
            "                           planned  intend",
            "                           planned  create",
            "                           planned  keep",
            "                           planned  verify",
            "                           planned  deliver to file:[home]/work/ci.key",
            "                           planned  deliver to exec:/bin/cat",
            "                           planned  leave the old key for 1d",
            "                           planned  verify the new key once more",
            "                           planned  revoke the old key",
            "                           planned  clean up",
            "next      nothing was changed; to do it, leave `--plan` out\n",
        ]
        .join("\n"),
    )
    .exit(0);
    assert_eq!(on_disk(&shop.home), before);
    assert_eq!(shop.sent("POST"), 0);
}

#[test]
fn plan_json_has_rotation_fields() {
    let shop = Shop::new();
    shop.expect_old_key_listed();
    let before = on_disk(&shop.home);
    plan(&shop, &["--json"])
        .expect_json(json!({
            "id": null,
            "state": "planned",
            "profile": "schatzi",
            "old": "k1",
            "new": null,
            "strategy": "overlap",
            "steps": [
                { "step": "intend", "state": "planned", "at": null },
                { "step": "create", "state": "planned", "at": null },
                { "step": "keep", "state": "planned", "at": null },
                { "step": "verify", "state": "planned", "at": null },
                { "step": "deliver to stdout", "state": "planned", "at": null },
                { "step": "verify the new key once more", "state": "planned", "at": null },
                { "step": "revoke the old key", "state": "planned", "at": null },
                { "step": "clean up", "state": "planned", "at": null },
            ],
            "next": "nothing was changed; to do it, leave `--plan` out",
            "asked": { "name": "ci", "scopes": [], "expires_at": null, "set": {} },
        }))
        .exit(0);
    assert_eq!(on_disk(&shop.home), before);
}

#[test]
fn plan_at_quota_suggests_revocation() {
    let shop = Shop::new();
    let names = ["ci", "b", "c", "d", "e"];
    let five: Vec<Value> = names
        .iter()
        .map(|name| listed(&format!("id-{name}"), name))
        .collect();
    shop.listed(&five);
    plan(&shop, &[])
        .stdout_has(
            "next      schatzi refused to create a key: 5 of 5 keys are in use: revoke an unused one first\n",
        )
        .exit(0);
}

#[test]
fn plan_uncarried_expiry_warns() {
    let shop = Shop::new();
    let mut old = listed("k1", "ci");
    old["expires_at"] = json!("2027-01-01T00:00:00Z");
    shop.listed(&[old]);
    plan(&shop, &[])
        .stdout_has("id        -\n")
        .expect_stderr(messages::EXPIRY_LOST)
        .exit(0);
}

#[test]
fn plan_unfinished_rotation_shows_progress() {
    let shop = Shop::new();
    shop.expect_old_key_listed().created().verified();
    shop.rotate(&["--to", "file:ci.key", "--grace", "24h", "-q"])
        .exit(0);
    let before = on_disk(&shop.home);
    let done = plan(&shop, &["--json"]).json_stdout().exit(0);
    assert_eq!(done.json()["state"], "placed");
    assert!(steps(&done.json()).contains(&("verify", "done")));
    assert_eq!(on_disk(&shop.home), before);
}

#[test]
fn plan_strategy_shows_own_steps() {
    let home = TestEnv::new();
    let sieve = Server::with(
        get("/api/keys/status").header("x-api-key", SIEVE_KEY),
        server::json(200, &json!({ "hasKey": true, "name": "p" })),
    );
    home.log_in("sieve", &sieve.url(), &[key(SIEVE_KEY)]);
    let siesta = Server::new();
    let org = [("org_id", "org-fake-1")];
    home.log_in_as("siesta", "siesta", &siesta.url(), &org, &[key(SIESTA_KEY)]);
    for (profile, made, last) in [
        ("sieve", "replace", "deliver to profile:sieve"),
        ("siesta", "paste", "revoke the old key"),
    ] {
        let told = home
            .run(["keys", "rotate", "--plan", "--json", "-q", "-p", profile])
            .json();
        let steps = steps(&told);
        assert_eq!(steps[1], (made, "planned"));
        assert_eq!(steps[steps.len() - 2], (last, "planned"));
        // Where the old key ends with the call, there is nothing to prove before.
        let proves = steps.contains(&("verify the new key once more", "planned"));
        assert_eq!(proves, made == "paste");
    }
}
