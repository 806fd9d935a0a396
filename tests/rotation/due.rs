//! Keys that a project declares due are rotated, every profile for itself, safe to run from two schedulers at once.

use std::rc::Rc;

use serde_json::{Value, json};

use super::{
    Shop, creation, events, jwt_of, listed, listing, on_disk, revocation, steps, verification,
};
use crate::support::fake::{SCHATZI_KEY, SIESTA_KEY, SIEVE_KEY};
use crate::support::home::{TestEnv, key};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Server, get, post};

const PAGE: &str = include_str!("../../docs/rotation.md");
const NEW_SIEVE: &str = "gds_fake0000000000000000000000000002";

fn due(home: &TestEnv, args: &[&str]) -> Run {
    home.run(["keys", "rotate", "--due"]).args(args)
}

fn project(home: &TestEnv, text: &str) {
    home.project("work/keywright.toml", text);
}

const CI: &str = "[keys.ci]\nrotate_every = \"30d\"\ndestinations = [\"file:ci.key\"]\n";

#[test]
fn due_old_key_is_rotated() {
    let shop = Shop::new();
    project(&shop.home, CI);
    shop.expect_old_key_listed().rotates();
    due(&shop.home, &["-y"])
        .expect_stderr(
            "`ci` is due: it was made 10 months ago, and is rotated every 30d\n\
             delivered to `file:[home]/work/ci.key`\nrevoked the old key `ci`\nrotated `ci`\n",
        )
        .exit(0);
    assert_eq!(
        shop.home.read("work/ci.key"),
        Some(format!("{SCHATZI_KEY}\n"))
    );
    shop.is_clean();
}

#[test]
fn due_young_key_is_skipped() {
    let shop = Shop::new();
    project(&shop.home, &CI.replace("30d", "400d"));
    shop.expect_old_key_listed();
    due(&shop.home, &["-y"])
        .expect_stderr("no key is due\n")
        .exit(0);
    shop.expect_old_key_listed();
    due(&shop.home, &["-y", "--json", "-q"])
        .expect_json(json!([]))
        .exit(0);
    assert_eq!(shop.sent("POST"), 0);
}

#[test]
fn due_expiring_key_is_rotated() {
    let shop = Shop::new();
    project(&shop.home, &CI.replace("30d", "400d"));
    let mut old = listed("k1", "ci");
    old["expires_at"] = json!("2026-11-25T12:00:00Z");
    shop.listed(std::slice::from_ref(&old));
    shop.listed(&[old])
        .created()
        .verified()
        .expect_verify_and_revoke("k1");
    due(&shop.home, &["-y"])
        .stderr_has("`ci` is due: it expires in 5 days\n")
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
}

#[test]
fn due_unknown_age_or_interval_warns() {
    let shop = Shop::new();
    project(&shop.home, CI);
    shop.listed(&[json!({ "id": "k1", "name": "ci", "is_active": true })]);
    due(&shop.home, &["-y"])
        .stderr_has("warning: `ci` is left alone: its age is unknown\n")
        .exit(0);
    let shop = Shop::new();
    project(&shop.home, "[keys.ci]\ndestinations = [\"file:ci.key\"]\n");
    shop.expect_old_key_listed();
    due(&shop.home, &["-y"])
        .stderr_has(
            "`ci` is left alone: nothing says how often it is rotated: set `rotate_every`\n",
        )
        .exit(0);
}

#[test]
fn due_without_project_file_fails() {
    due(&TestEnv::new(), &["-y"])
        .stderr_has("error: there is no keywright.toml here or above\n")
        .exit(2);
}

#[test]
fn due_without_yes_sends_nothing() {
    let shop = Shop::new();
    project(&shop.home, CI);
    due(&shop.home, &[])
        .stderr_has(messages::CONFIRM_WITH_YES)
        .exit(2);
    assert_eq!(shop.server.seen().len(), 0);
}

#[test]
fn due_stdout_destination_is_refused() {
    for to in ["", "destinations = [\"stdout\"]\n"] {
        let shop = Shop::new();
        project(
            &shop.home,
            &format!("[keys.ci]\nrotate_every = \"30d\"\n{to}"),
        );
        shop.expect_old_key_listed();
        due(&shop.home, &["-y"])
            .stderr_has("error: `ci`: no destination for the new key\n")
            .stderr_has(
                "hint: name it in [home]/work/keywright.toml: keys.ci.destinations = [\"…\"]\n",
            )
            .exit(2);
        assert_eq!(shop.sent("POST"), 0);
    }
}

/// A machine with Schatzi, Sieve and Siesta, each with a key that is due.
fn three() -> (Shop, Server, Server) {
    let shop = Shop::new();
    let sieve = Server::new();
    let siesta = Server::new();
    shop.home.log_in("sieve", &sieve.url(), &[key(SIEVE_KEY)]);
    let org = [("org_id", "org-fake-1")];
    shop.home
        .log_in_as("siesta", "siesta", &siesta.url(), &org, &[key(SIESTA_KEY)]);
    project(
        &shop.home,
        "profile = \"schatzi\"\n\
         [keys.ci]\nrotate_every = \"30d\"\ndestinations = [\"file:ci.key\"]\n\
         [keys.sieve]\nprofile = \"sieve\"\ndestinations = [\"file:sieve.key\"]\n\
         [keys.siesta]\nprofile = \"siesta\"\nrotate_every = \"30d\"\ndestinations = [\"file:siesta.key\"]\n",
    );
    shop.home.clock.pass(60 * 86_400);
    (shop, sieve, siesta)
}

fn sieve_rotates(sieve: &Server) {
    let status = || get("/api/keys/status").header("x-api-key", SIEVE_KEY);
    let has =
        json!({ "hasKey": true, "keyPrefix": "gds_fake", "createdAt": "2026-01-01 00:00:00" });
    sieve
        .expect(status())
        .times(2)
        .answer(server::json(200, &has));
    sieve
        .expect(
            post("/api/keys")
                .header("x-api-key", SIEVE_KEY)
                .json(&json!({})),
        )
        .answer(server::json(201, &json!({ "key": NEW_SIEVE })));
    sieve
        .expect(get("/api/keys/status").header("x-api-key", NEW_SIEVE))
        .answer(server::json(200, &has));
}

#[test]
fn due_profile_failure_continues_others() {
    let (shop, sieve, _siesta) = three();
    shop.refused(listing(), 401);
    sieve_rotates(&sieve);
    let done = due(&shop.home, &["-y", "--json"])
        .json_stdout()
        .stderr_has("warning: `siesta`: siesta has no operation to create keys: do it by hand\n")
        .exit(3);
    let told = done.json();
    let profiles: Vec<&str> = told
        .as_array()
        .unwrap()
        .iter()
        .map(|told| told["profile"].as_str().unwrap())
        .collect();
    assert_eq!(profiles, ["sieve"]);
    assert_eq!(
        shop.home.read("work/sieve.key"),
        Some(format!("{NEW_SIEVE}\n"))
    );
    // The first failure is the answer, the other one a warning; each names what it is about.
    assert!(done.stderr.contains("schatzi"), "{}", done.stderr);
    assert!(
        done.stderr
            .contains("`siesta`: siesta has no operation to create keys: do it by hand"),
        "{}",
        done.stderr
    );
}

#[test]
fn due_profile_flag_limits_profiles() {
    let (shop, sieve, _siesta) = three();
    sieve_rotates(&sieve);
    due(&shop.home, &["-y", "-q", "-p", "sieve"]).exit(0);
}

#[test]
fn due_plan_changes_nothing() {
    let (shop, sieve, _siesta) = three();
    shop.expect_old_key_listed();
    sieve
        .expect(get("/api/keys/status").header("x-api-key", SIEVE_KEY))
        .answer(server::json(
            200,
            &json!({ "hasKey": true, "createdAt": "2026-01-01 00:00:00" }),
        ));
    let before = on_disk(&shop.home);
    let told = due(&shop.home, &["--plan", "--json", "-q"]).json();
    let all: Vec<&Value> = told.as_array().unwrap().iter().collect();
    let strategies: Vec<&str> = all
        .iter()
        .map(|told| told["strategy"].as_str().unwrap())
        .collect();
    assert_eq!(strategies, ["overlap", "manual", "replace"]);
    assert!(steps(all[0]).contains(&("deliver to file:[home]/work/ci.key", "planned")));
    assert_eq!(on_disk(&shop.home), before);
}

#[test]
fn due_locked_profile_is_skipped() {
    let shop = Shop::new();
    project(&shop.home, CI);
    let platform = shop.home.platform(
        keywright::platform::Env::default(),
        Rc::new(Run::at(shop.home.clone()).terminal()),
        keywright::platform::native::http(),
    );
    let held = keywright::rotation::journal::lock_profile(&platform, "schatzi").unwrap();
    due(&shop.home, &["-y"])
        .stderr_has(
            "the keys of the profile `schatzi` are left to the other process that rotates them\n",
        )
        .exit(0);
    assert_eq!(shop.server.seen().len(), 0);
    drop(held);
    shop.expect_old_key_listed().rotates();
    due(&shop.home, &["-y", "-q"]).exit(0);
}

#[test]
fn due_grace_over_finishes_rotation() {
    let shop = Shop::new();
    project(&shop.home, &format!("{CI}grace = \"1d\"\n"));
    shop.expect_old_key_listed()
        .expect_old_key_listed()
        .created()
        .verified();
    due(&shop.home, &["-y", "-q"]).exit(0);
    let both = [listed("k1", "ci"), listed("k2", "ci")];
    shop.listed(&both);
    due(&shop.home, &["-y"])
        .stderr_has(&messages::old_key_valid_until("ci", "2026-11-21 12:00 UTC"))
        .exit(0);
    shop.home.clock.pass(86_400);
    shop.listed(&both).expect_verify_and_revoke("k1");
    due(&shop.home, &["-y"])
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    assert_eq!(events(&shop.home).len(), 0);
}

#[test]
fn due_profile_keys_rotate_sequentially() {
    let shop = Shop::new();
    project(
        &shop.home,
        "[keys.b]\nrotate_every = \"9d\"\ndestinations = [\"file:b.key\"]\n\
         [keys.a]\nrotate_every = \"9d\"\ndestinations = [\"file:a.key\"]\n",
    );
    let first = [listed("k1", "a"), listed("k2", "b")];
    shop.listed(&first).listed(&first);
    let created = |name: &str, id: &str| {
        shop.server
            .expect(creation(name))
            .answer(server::json(201, &json!({ "id": id, "key": SCHATZI_KEY })));
        shop.server
            .expect(verification())
            .times(2)
            .answer(server::text(200, "{}"));
    };
    created("b", "k3");
    // A failure of one does not keep the next from its turn.
    shop.refused(revocation("k2"), 500);
    shop.listed(&[listed("k1", "a"), listed("k2", "b"), listed("k3", "b")]);
    created("a", "k4");
    shop.revoked("k1");
    due(&shop.home, &["-y"])
        .stderr_has("error: `b`: the old key `b` was not revoked")
        .stderr_has(&messages::rotated("a"))
        .exit(10);
    assert_eq!(events(&shop.home).len(), 1);
}

#[test]
fn ci_recipe_environment_only_rotates() {
    let shop = Shop::new();
    let home = TestEnv::new();
    home.write(
        "work/keywright.toml",
        format!("profile = \"schatzi\"\n{CI}"),
    );
    shop.expect_old_key_listed().rotates();
    let recipe = "keywright --project keywright.toml keys rotate --due --yes";
    assert!(PAGE.contains(&format!("run: {recipe}  #")));
    home.run(recipe.split(' ').skip(1))
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .env("KEYWRIGHT_BASE_URL", &shop.server.url())
        .token(&jwt_of())
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    assert_eq!(home.read("work/ci.key"), Some(format!("{SCHATZI_KEY}\n")));
}

#[test]
fn cron_recipe_nothing_due_is_silent() {
    let shop = Shop::new();
    shop.home
        .write("work/keywright.toml", CI.replace("30d", "400d"));
    shop.expect_old_key_listed();
    let recipe = "17 6 * * * cd /srv/app && keywright --project keywright.toml keys rotate --due --yes --quiet\n";
    assert!(PAGE.contains(recipe));
    let command = recipe.trim().rsplit_once("keywright ").unwrap().1;
    shop.home.run(command.split(' ')).exit(0);
}

#[test]
fn documented_project_file_is_valid() {
    let (_, rest) = PAGE.split_once("```toml\nprofile = ").unwrap();
    let (text, _) = rest.split_once("```").unwrap();
    let (shop, sieve, _siesta) = three();
    project(&shop.home, &format!("profile = {text}"));
    shop.expect_old_key_listed();
    let has =
        json!({ "hasKey": true, "name": "Production API Key", "createdAt": "2026-01-01 00:00:00" });
    sieve
        .expect(get("/api/keys/status").header("x-api-key", SIEVE_KEY))
        .answer(server::json(200, &has));
    let shown = due(&shop.home, &["--plan", "--json", "-q"]).json();
    assert_eq!(shown.as_array().unwrap().len(), 2);
}
