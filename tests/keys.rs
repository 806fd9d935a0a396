//! Which key is meant, what a list shows of keys, and ending them.

use serde_json::{Value, json};

use crate::support::fake::{GENERIC_KEY, SCHATZI_KEY, SIEVE_KEY, jwt};
use crate::support::home::{TestEnv, key, token};
use crate::support::messages;
use crate::support::run::{Run, ci};
use crate::support::server::{self, Server, Wanted, get, post};
use crate::support::terminal::Reply;

const KEYS: &str = "/api/v1/accounts/user/api-keys/";

fn jwt_of(name: &str) -> String {
    jwt(name, 86_400)
}

fn listing() -> Wanted {
    get(KEYS).bearer(&jwt_of("schatzi"))
}

fn revocation(id: &str) -> Wanted {
    post(&format!("{KEYS}{id}/revoke/")).bearer(&jwt_of("schatzi"))
}

fn listed_key(id: &str, name: &str) -> Value {
    json!({ "id": id, "name": name, "key": format!("sk-***...{id}{id}"), "is_active": true })
}

fn sample_keys() -> Value {
    let mut over = listed_key("d4", "laptop");
    over["is_active"] = json!(false);
    json!([
        listed_key("a1", "ci"),
        listed_key("b2", "ci-backup"),
        listed_key("c3", "laptop"),
        over,
        listed_key("ci", "odd")
    ])
}

fn server_listing(keys: &Value) -> Server {
    Server::with(listing(), server::json(200, keys))
}

fn run(server: &Server, args: &[&str]) -> Run {
    ci("schatzi", server, args).token(&jwt_of("schatzi"))
}

#[test]
fn key_selected_by_id_name_prefix() {
    for (text, id) in [
        ("a1", "a1"),
        ("ci", "ci"),
        ("ci-backup", "b2"),
        ("ci-b", "b2"),
        ("b", "b2"),
        ("laptop", "c3"),
        ("lap", "c3"),
        ("d4", "d4"),
    ] {
        let server = server_listing(&sample_keys());
        server
            .expect(get(&format!("{KEYS}{id}/")).bearer(&jwt_of("schatzi")))
            .answer(server::json(200, &listed_key(id, "shown")));
        let found = run(&server, &["keys", "show", text, "--json"]).json();
        assert_eq!(found["id"], id, "{text}");
    }
}

#[test]
fn key_ambiguous_prefix_lists_matches() {
    let keys = json!([listed_key("a1", "app-one"), listed_key("b2", "app-two")]);
    let server = server_listing(&keys);
    run(&server, &["keys", "revoke", "app", "-y"])
        .fails(
            "`app` matches 2 keys",
            &[
                "match: a1  app-one",
                "match: b2  app-two",
                "name the key by its id",
            ],
        )
        .exit(6);
}

#[test]
fn key_without_match_is_not_found() {
    for args in [
        &["keys", "show", "nosuch"][..],
        &["keys", "rename", "nosuch", "x"],
        &["keys", "revoke", "nosuch", "-y"],
        &["keys", "verify", "nosuch"],
    ] {
        let server = server_listing(&sample_keys());
        run(&server, args)
            .fails(&messages::no_key("nosuch"), &[messages::LIST_KEYS])
            .exit(5);
    }
}

#[test]
fn key_argument_missing_is_usage_error() {
    let server = Server::new();
    run(&server, &["keys", "show"])
        .fails(messages::NO_KEY_GIVEN, &[messages::LIST_KEYS])
        .exit(2);
    run(&server, &["keys", "revoke", "-y"])
        .fails(messages::NO_KEY_GIVEN, &[messages::LIST_KEYS])
        .exit(2);
}

#[test]
fn list_empty_prints_message_or_array() {
    run(&server_listing(&json!([])), &["keys", "list"])
        .expect_stderr("no keys\n")
        .exit(0);
    run(&server_listing(&json!([])), &["keys", "list", "--json"])
        .expect_stdout("[]\n")
        .exit(0);
}

fn dated() -> Value {
    json!([
        { "id": "k1", "name": "old", "created_at": "2026-01-01T00:00:00Z", "last_used_at": "2026-11-19T12:00:00Z",
          "expires_at": "2027-06-01T00:00:00Z", "total_requests": 12, "total_cost_chf": 0.5 },
        { "id": "k2", "name": "New", "created_at": "2026-11-01T00:00:00Z", "last_used_at": null,
          "expires_at": "2026-11-25T00:00:00Z", "total_requests": 3, "total_cost_chf": 9.25 },
        { "id": "k3", "name": "idle", "created_at": 1_775_000_000, "last_used_at": "2026-07-01T00:00:00Z" },
    ])
}

#[test]
fn list_prints_plain_table() {
    run(&server_listing(&dated()), &["keys", "list"])
        .expect_stdout(
            "ID  NAME  KEY  STATUS   CREATED        EXPIRES      LAST USED     REQUESTS  COST\n\
             k1  old   -    unknown  10 months ago  in 6 months  1 day ago     12        CHF 0.50\n\
             k2  New   -    unknown  19 days ago    in 4 days    -             3         CHF 9.25\n\
             k3  idle  -    unknown  7 months ago   -            4 months ago  -         -\n",
        )
        .exit(0);
}

#[test]
fn list_is_filtered_and_sorted() {
    for (flags, ids) in [
        (&["--sort", "name"][..], &["k3", "k2", "k1"][..]),
        (&["--sort", "created"], &["k1", "k3", "k2"]),
        (&["--sort", "expires"], &["k2", "k1", "k3"]),
        (&["--sort", "last-used"], &["k2", "k3", "k1"]),
        (&["--sort", "usage"], &["k3", "k2", "k1"]),
        (&["--sort", "cost"], &["k3", "k1", "k2"]),
        (&["--older-than", "90d"], &["k1", "k3"]),
        (&["--unused-for", "4w"], &["k3"]),
        (&["--expires-within", "14d"], &["k2"]),
        (&["--older-than", "90d", "--expires-within", "30d"], &[]),
    ] {
        let server = server_listing(&dated());
        let keys = run(&server, &["keys", "list", "--json"]).args(flags).json();
        let found: Vec<&str> = keys
            .as_array()
            .unwrap()
            .iter()
            .map(|key| key["id"].as_str().unwrap())
            .collect();
        assert_eq!(found, ids, "{flags:?}");
    }
}

#[test]
fn list_colour_follows_terminal_and_flags() {
    let bold = "\u{1b}[1m";
    let colours = |run: Run| {
        let done = run.stdout_has("NAME").exit(0);
        done.stdout.contains(bold)
    };
    let list = |server: &Server| run(server, &["keys", "list"]);
    assert!(!colours(list(&server_listing(&dated()))));
    assert!(colours(list(&server_listing(&dated())).at_a_terminal()));
    assert!(!colours(
        list(&server_listing(&dated()))
            .at_a_terminal()
            .env("NO_COLOR", "1")
    ));
    assert!(!colours(
        list(&server_listing(&dated()))
            .at_a_terminal()
            .args(["--color", "never"])
    ));
    assert!(colours(
        list(&server_listing(&dated())).args(["--color", "always"])
    ));
}

#[test]
fn show_prints_key_details() {
    let server = server_listing(&json!([listed_key("k1", "backend")]));
    server
        .expect(get(&format!("{KEYS}k1/")).bearer(&jwt_of("schatzi")))
        .answer(server::json(200, &dated()[0]));
    run(&server, &["keys", "show", "backend"])
        .expect_stdout(
            "name        old\n\
             id          k1\n\
             provider    schatzi\n\
             profile     schatzi\n\
             key         sk-***...k1k1\n\
             status      active\n\
             scopes      -\n\
             created     2026-01-01 00:00 UTC (10 months ago)\n\
             expires     2027-06-01 00:00 UTC (in 6 months)\n\
             last used   2026-11-19 12:00 UTC (1 day ago)\n\
             usage       12 requests, - in the last 30 days, CHF 0.50\n",
        )
        .exit(0);
}

#[test]
fn revoke_requires_prompt_or_yes() {
    let server = server_listing(&sample_keys());
    run(&server, &["keys", "revoke", "a1"])
        .fails(
            "revoking `ci` (a1) of the profile `schatzi` at schatzi cannot be undone, and prompts are disabled",
            &[messages::CONFIRM_IF_WANTED],
        )
        .exit(2);
    let server = server_listing(&sample_keys());
    let done = run(&server, &["keys", "revoke", "a1", "c3"])
        .asked_in_a_pipe()
        .reply(Reply::Text("yes".to_owned()))
        .reply(Reply::Text(String::new()))
        .expect_stderr(
            "revoking `ci` (a1), `laptop` (c3) of the profile `schatzi` at schatzi cannot be \
             undone\n`yes` is not the name; type `schatzi`, or nothing to cancel\n\
             cancelled: nothing was changed\n",
        )
        .exit(130);
    assert_eq!(done.asked, ["Type `schatzi` to go on"; 2]);
    let server = server_listing(&sample_keys());
    for id in ["a1", "c3"] {
        server.expect(revocation(id)).answer(server::empty(204));
    }
    run(&server, &["keys", "revoke", "a1", "c3"])
        .asked_in_a_pipe()
        .reply(Reply::Text("schatzi".to_owned()))
        .stderr_has("revoked `laptop`")
        .exit(0);
    let server = server_listing(&sample_keys());
    let done = run(&server, &["keys", "revoke", "a1"])
        .asked_in_a_pipe()
        .reply(Reply::Confirm(false))
        .expect_stderr(
            "revoking `ci` (a1) of the profile `schatzi` at schatzi cannot be undone\ncancelled: \
             nothing was changed\n",
        )
        .exit(130);
    assert_eq!(done.asked, ["Revoke?"]);
    let server = server_listing(&sample_keys());
    server.expect(revocation("a1")).answer(server::empty(204));
    run(&server, &["keys", "revoke", "a1"])
        .asked_in_a_pipe()
        .reply(Reply::Confirm(true))
        .expect_stderr(
            "revoking `ci` (a1) of the profile `schatzi` at schatzi cannot be undone\nrevoked \
             `ci`\n",
        )
        .exit(0);
}

#[test]
fn missing_key_argument_prompts_for_choice() {
    let server = server_listing(&sample_keys());
    server.expect(revocation("c3")).answer(server::empty(204));
    let done = run(&server, &["keys", "revoke"])
        .asked_in_a_pipe()
        .reply(Reply::Choose("laptop  sk-***...c3c3  c3".to_owned()))
        .reply(Reply::Confirm(true))
        .stderr_has("revoked `laptop`")
        .exit(0);
    assert_eq!(done.asked, ["Keys to revoke at schatzi", "Revoke?"]);
    let server = server_listing(&sample_keys());
    server
        .expect(
            server::patch("/api/v1/accounts/user/api-keys/a1/update/")
                .bearer(&jwt_of("schatzi"))
                .json(&json!({ "name": "build" })),
        )
        .answer(server::json(200, &json!({})));
    run(&server, &["keys", "rename"])
        .asked_in_a_pipe()
        .reply(Reply::Choose("ci  sk-***...a1a1".to_owned()))
        .reply(Reply::Text("build".to_owned()))
        .stderr_has("renamed `ci` to `build`")
        .exit(0);
    run(&Server::new(), &["keys", "rename", "a1"])
        .fails(
            "`NAME` is missing: the new name of the key",
            &["keywright keys rename KEY NAME"],
        )
        .exit(2);
}

#[test]
fn several_keys_are_chosen_to_revoke() {
    let server = server_listing(&sample_keys());
    for id in ["a1", "c3"] {
        server.expect(revocation(id)).answer(server::empty(204));
    }
    let chosen = ["ci  sk", "laptop  sk"].map(str::to_owned).to_vec();
    let done = run(&server, &["keys", "revoke"])
        .asked_in_a_pipe()
        .reply(Reply::ChooseMany(chosen))
        .reply(Reply::Text("no".to_owned()))
        .reply(Reply::Text("schatzi".to_owned()))
        .stderr_has("`no` is not the name")
        .stderr_has("revoked `laptop`")
        .exit(0);
    let type_name = "Type `schatzi` to go on";
    assert_eq!(
        done.asked,
        ["Keys to revoke at schatzi", type_name, type_name]
    );
}

#[test]
fn revoke_duplicate_key_sends_once() {
    let server = server_listing(&sample_keys());
    server.expect(revocation("b2")).answer(server::empty(204));
    run(&server, &["keys", "revoke", "b2", "ci-backup", "b2", "-y"])
        .expect_stderr(messages::revoked("ci-backup"))
        .exit(0);
}

#[test]
fn revoke_several_exits_with_first_failure() {
    let server = server_listing(&sample_keys());
    server.expect(revocation("a1")).answer(server::json(
        404,
        &json!({ "error": { "message": "gone" } }),
    ));
    server.expect(revocation("c3")).answer(server::empty(200));
    let done = run(
        &server,
        &["keys", "revoke", "a1", "nosuch", "c3", "-y", "--json"],
    )
    .json_stdout()
    .stderr_has(&messages::revoked("laptop"))
    .stderr_has(&messages::no_key("nosuch"))
    .stderr_has("\"kind\":\"not_found\"")
    .exit(5);
    let revoked = done.json();
    assert_eq!(revoked[0]["id"], "c3");
    assert_eq!(revoked[0]["status"], "revoked");
    assert_eq!(revoked.as_array().unwrap().len(), 1);
}

#[test]
fn rename_json_prints_key() {
    let server = server_listing(&sample_keys());
    server
        .expect(
            server::patch(&format!("{KEYS}a1/update/"))
                .bearer(&jwt_of("schatzi"))
                .json(&json!({ "name": "new name" })),
        )
        .answer(server::empty(200));
    let shown = run(
        &server,
        &["keys", "rename", "a1", "new name", "--json", "-q"],
    )
    .json();
    assert_eq!(shown["name"], "new name");
    assert_eq!(shown["id"], "a1");
}

#[test]
fn verify_login_key_uses_its_secret() {
    let server = server_listing(&json!([{ "id": "k1", "name": "mine", "key": "sk-fake-***0001" }]));
    server
        .expect(get("/v1/models").bearer(SCHATZI_KEY))
        .answer(server::json(200, &json!({ "data": [] })));
    let home = TestEnv::new();
    home.log_in(
        "schatzi",
        &server.url(),
        &[key(SCHATZI_KEY), token(&jwt_of("schatzi"), 86_400)],
    );
    home.run(["keys", "verify", "mine", "--json"])
        .expect_json(json!({ "result": "valid", "status_code": 200, "identity": null }))
        .exit(0);
}

#[test]
fn list_all_profiles_survives_one_failure() {
    let home = TestEnv::new();
    let (good, bad) = (Server::new(), Server::new());
    let of = |name: &str| get(KEYS).bearer(&jwt_of(name));
    good.expect(of("a"))
        .answer(server::json(200, &json!([listed_key("k1", "of-a")])));
    bad.expect(of("b")).answer(server::json(403, &json!({})));
    home.log_in_as(
        "a",
        "schatzi",
        &good.url(),
        &[],
        &[token(&jwt_of("a"), 86_400)],
    );
    home.log_in_as(
        "b",
        "schatzi",
        &bad.url(),
        &[],
        &[token(&jwt_of("b"), 86_400)],
    );
    home.log_in_as("c", "generic", &bad.url(), &[], &[key(GENERIC_KEY)]);
    home.log_in_as("d", "sieve", &bad.url(), &[], &[]);
    let done = home
        .run([
            "keys",
            "list",
            "--all-profiles",
            "--json",
            "--sort",
            "profile",
        ])
        .json_stdout()
        .stderr_has("profile `b`: schatzi refused to list keys: ")
        .stderr_has("also: profile `d`: not logged in to sieve")
        .exit(3);
    let keys = done.json();
    let found: Vec<(&str, &str)> = keys
        .as_array()
        .unwrap()
        .iter()
        .map(|key| {
            (
                key["profile"].as_str().unwrap(),
                key["provider"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(found, [("a", "schatzi"), ("c", "generic")]);
}

#[test]
fn list_all_profiles_names_profiles() {
    let home = TestEnv::new();
    let server = Server::with(
        get("/api/keys/status").header("x-api-key", SIEVE_KEY),
        server::json(
            200,
            &json!({ "hasKey": true, "keyPrefix": "gds_fake", "name": "one" }),
        ),
    );
    home.log_in_as("work", "sieve", &server.url(), &[], &[key(SIEVE_KEY)]);
    home.run(["keys", "--all-profiles"])
        .expect_stdout(
            "PROFILE  ID  NAME  KEY       STATUS  CREATED  EXPIRES  LAST USED  REQUESTS  COST\n\
             work     -   one   gds_fake  active  -        -        -          -         -\n",
        )
        .exit(0);
}

#[test]
fn list_full_stdout_exits_one() {
    let server = server_listing(&sample_keys());
    run(&server, &["keys", "list"])
        .sink(crate::support::terminal::Stdout::Full)
        .expect_stderr(
            "error: cannot write the result to stdout\n  because: no space left on device\n",
        )
        .exit(1);
}

#[test]
fn revoke_dry_run_changes_nothing() {
    run(
        &server_listing(&sample_keys()),
        &["keys", "revoke", "ci-backup", "laptop", "--dry-run"],
    )
    .expect_stdout("would revoke `ci-backup` (b2)\nwould revoke `laptop` (c3)\n")
    .expect_stderr(messages::NOTHING_REVOKED)
    .exit(0);
    let shown = run(
        &server_listing(&sample_keys()),
        &["keys", "revoke", "b2", "nosuch", "--dry-run", "--json"],
    )
    .json_stdout()
    .stderr_has("there is no key `nosuch`")
    .exit(5);
    assert_eq!(shown.json()[0]["status"], "active");
    let server = Server::with(
        get("/api/keys/status").header("x-api-key", SIEVE_KEY),
        server::json(200, &json!({ "hasKey": true, "keyPrefix": "gds_fake" })),
    );
    ci("sieve", &server, ["keys", "revoke", "--dry-run"])
        .key(SIEVE_KEY)
        .expect_stdout("would revoke `gds_fake`; it is the key that this profile logs in with\n")
        .expect_stderr(messages::NOTHING_REVOKED)
        .exit(0);
}
