//! Grafana: the tokens of a service account, which is found at the login.

use serde_json::json;

use crate::support::home::{TestEnv, key};
use crate::support::run::Run;
use crate::support::server::{self, Server, get, post};
use crate::support::terminal::Reply;

const KEY: &str = "glsa_fake0000000000000000000000000001_00c0ffee";
const NEW: &str = "glsa_fake0000000000000000000000000002_00c0ffee";
const TOKENS: &str = "/api/serviceaccounts/2/tokens";
const SEARCH: &str = "/api/serviceaccounts/search?perpage=100&page=1";

fn accounts() -> server::Answer {
    server::json(
        200,
        &json!({ "totalCount": 2, "serviceAccounts": [{ "id": 1, "name": "grafana" }, { "id": 2, "name": "ci" }] }),
    )
}

fn login(home: &TestEnv, server: &Server) -> Run {
    let url = server.url();
    home.run(["login", "grafana", "--with-key", "--base-url", &url])
        .stdin(format!("{KEY}\n"))
}

/// A server that knows the token, and two service accounts.
fn two_accounts() -> Server {
    let server = Server::with(
        get("/api/access-control/user/permissions").bearer(KEY),
        server::json(200, &json!({ "dashboards:read": ["dashboards:*"] })),
    );
    server.expect(get(SEARCH).bearer(KEY)).answer(accounts());
    server
}

#[test]
fn a_login_needs_no_host_where_the_address_is_given_and_the_account_is_chosen() {
    let home = TestEnv::new();
    let server = two_accounts();
    let url = server.url();
    home.run(["login", "grafana", "--base-url", &url])
        .at_a_terminal()
        .reply(Reply::Secret(KEY.to_owned()))
        .reply(Reply::Choose("ci (2)".to_owned()))
        .stderr_has("service account: 2\n")
        .stderr_has("logged in to grafana; the service account token is kept in")
        .exit(0);
    server
        .expect(get(TOKENS).bearer(KEY))
        .answer(server::json(200, &json!([])));
    home.run(["keys", "status"])
        .expect_stdout("there is no key at grafana (0 in use)\n")
        .exit(0);
}

#[test]
fn where_there_is_nobody_to_choose_the_accounts_are_named() {
    let home = TestEnv::new();
    let server = two_accounts();
    login(&home, &server)
        .fails(
            "there are several values for service account, and prompts are disabled",
            &[
                "`--set service_account=VALUE` is one of: grafana (1), ci (2)",
                "or give it yourself: --set service_account=VALUE",
            ],
        )
        .exit(2);
    assert_eq!(home.kept("grafana", "key"), None);
}

#[test]
fn without_an_address_the_host_is_asked_for() {
    TestEnv::new()
        .run(["login", "grafana", "--with-key"])
        .fails(
            "grafana needs the host on every call",
            &[
                "add `--set host=VALUE`, or set KEYWRIGHT_VAR_HOST",
                "it is the name of your Grafana, such as grafana.example.org; for another address than https://HOST log in with `--base-url`",
            ],
        )
        .exit(2);
}

#[test]
fn no_end_is_a_nought_and_an_end_is_counted_in_seconds() {
    let home = TestEnv::new();
    let server = Server::new();
    let account = [("service_account", "2")];
    home.log_in_as("grafana", "grafana", &server.url(), &account, &[key(KEY)]);
    for (expires, seconds, expiration, warning) in [
        ("never", 0, json!(null), "is shown once, here"),
        (
            "never",
            0,
            json!("2026-11-27T12:00:00Z"),
            "warning: grafana changed the expiry: the key expires on 2026-11-27 12:00 UTC, and none was asked for\n",
        ),
        (
            "7d",
            604_800,
            json!("2026-11-27T12:00:00Z"),
            "is shown once, here",
        ),
        (
            "7d",
            604_800,
            json!("2026-11-21T12:00:00Z"),
            "warning: grafana changed the expiry: the key expires on 2026-11-21 12:00 UTC, and 2026-11-27 12:00 UTC was asked for\n",
        ),
    ] {
        // What is there already is looked at before every create.
        server
            .expect(get(TOKENS).bearer(KEY))
            .answer(server::json(200, &json!([])));
        server
            .expect(
                post(TOKENS)
                    .bearer(KEY)
                    .json(&json!({ "name": "ci", "secondsToLive": seconds })),
            )
            .answer(server::json(
                200,
                &json!({ "id": 7, "name": "ci", "key": NEW }),
            ));
        // Its answer does not say when it expires, and the list does.
        server.expect(get(TOKENS).bearer(KEY)).answer(server::json(
            200,
            &json!([{ "id": 7, "name": "ci", "expiration": expiration }]),
        ));
        home.run(["keys", "create", "ci", "--expires", expires])
            .expect_stdout(format!("{NEW}\n"))
            .stderr_has(warning)
            .exit(0);
    }
}
