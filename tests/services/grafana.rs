//! Grafana: the tokens of a service account, which is found at the login.

use serde_json::json;

use crate::support::home::TestEnv;
use crate::support::service::{self, Service};
use crate::support::terminal::Reply;

const KEY: &str = "glsa_fake0000000000000000000000000001_00c0ffee";
const NEW: &str = "glsa_fake0000000000000000000000000002_00c0ffee";

fn service() -> Service {
    service::service("grafana", KEY)
        .keys_at("/api/serviceaccounts/2/tokens")
        .variable("service_account", "2")
}

/// Returns the service that knows the token, and two service accounts.
fn two_accounts() -> Service {
    let service = service();
    let accounts = json!({ "totalCount": 2, "serviceAccounts": [{ "id": 1, "name": "grafana" }, { "id": 2, "name": "ci" }] });
    service
        .get(
            "/api/access-control/user/permissions",
            json!({ "dashboards:read": ["dashboards:*"] }),
        )
        .get("/api/serviceaccounts/search?perpage=100&page=1", accounts);
    service
}

#[test]
fn login_base_url_prompts_for_account() {
    let service = two_accounts();
    service
        .login("")
        .at_a_terminal()
        .reply(Reply::Secret(KEY.to_owned()))
        .reply(Reply::Choose("ci (2)".to_owned()))
        .stderr_has("service account: 2\n")
        .stderr_has("logged in to grafana; the service account token is kept in")
        .exit(0);
    service
        .lists(json!([]))
        .run("keys status")
        .expect_stdout("there is no key at grafana (0 in use)\n")
        .exit(0);
}

#[test]
fn login_several_accounts_without_prompt_fails() {
    let service = two_accounts();
    service
        .login("--with-key")
        .stdin(format!("{KEY}\n"))
        .fails(
            "there are several values for service account, and prompts are disabled",
            &[
                "`--set service_account=VALUE` is one of: grafana (1), ci (2)",
                "or give it yourself: --set service_account=VALUE",
            ],
        )
        .exit(2);
    assert_eq!(service.stored(), None);
}

#[test]
fn login_without_host_fails() {
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
fn create_expiry_is_seconds_or_zero() {
    let service = service().logged_in();
    for (expires, seconds, expiration, warning) in [
        ("never", 0, json!(null), "is shown once, here"),
        (
            "never",
            0,
            json!("2026-11-27T12:00:00Z"),
            "warning: grafana changed the expiry: the key expires on 2026-11-27 12:00 UTC, and none was requested\n",
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
            "warning: grafana changed the expiry: the key expires on 2026-11-21 12:00 UTC, and 2026-11-27 12:00 UTC was requested\n",
        ),
    ] {
        let body = json!({ "name": "ci", "secondsToLive": seconds });
        service
            // The existing accounts are listed before every create.
            .lists(json!([]))
            .creates(&body, json!({ "id": 7, "name": "ci", "key": NEW }))
            // Its answer does not say when it expires, and the list does.
            .lists(json!([{ "id": 7, "name": "ci", "expiration": expiration }]));
        service
            .run(&format!("keys create ci --expires {expires}"))
            .expect_stdout(format!("{NEW}\n"))
            .stderr_has(warning)
            .exit(0);
    }
}
