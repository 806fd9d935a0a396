//! Sieve: one key a user, exchanged for tokens of fifteen minutes.

use serde_json::{Value, json};

use crate::support::fake::{SIEVE_KEY, jwt};
use crate::support::home::token;
use crate::support::messages;
use crate::support::server::{delete, get, post};
use crate::support::service::{self, Service};
use crate::support::terminal::Reply;

const STATUS: &str = "/api/keys/status";
const NEW: &str = "gds_fake0000000000000000000000000002";

fn service() -> Service {
    service::service("sieve", SIEVE_KEY)
        .auth(|wanted, secret| wanted.header("x-api-key", secret))
        .keys_at("/api/keys")
}

/// Returns the service that takes a token.
fn service_for_tokens(access: &str) -> Service {
    service::service("sieve", access).token(900)
}

fn status() -> Value {
    json!({
        "hasKey": true,
        "keyPrefix": "gds_fake",
        "name": "Production API Key",
        "lastUsed": "2026-02-14 10:30:45",
        "createdAt": "2026-01-14 08:15:30",
    })
}

fn created() -> (u16, Value) {
    let warning = "Copy this key now. It will not be shown again.";
    (
        201,
        json!({ "key": NEW, "keyPrefix": "gds_fake", "warning": warning }),
    )
}

fn pair(access: &str) -> Value {
    json!({ "accessToken": access, "refreshToken": "fake-refresh-2", "expiresIn": 900 })
}

/// The server's one key as every service's keys are shown.
fn shown() -> Value {
    json!({
        "provider": "sieve",
        "profile": "sieve",
        "id": null,
        "name": "Production API Key",
        "masked": "gds_fake",
        "status": "active",
        "scopes": null,
        "created_at": "2026-01-14T08:15:30Z",
        "expires_at": null,
        "last_used_at": "2026-02-14T10:30:45Z",
        "rotated_at": null,
        "usage": null,
    })
}

/// Returns the service that is asked for the status once and answers so.
fn with_status(answer: Value) -> Service {
    let service = service();
    service.get(STATUS, answer);
    service
}

fn without_key() -> Service {
    with_status(json!({ "hasKey": false }))
}

#[test]
fn status_reports_single_key() {
    with_status(status())
        .run("keys status --json")
        .expect_json(json!({ "has_key": true, "key": shown(), "limit": 1, "used": 1 }))
        .exit(0);
    without_key()
        .run("keys status --json")
        .expect_json(json!({ "has_key": false, "key": null, "limit": 1, "used": 0 }))
        .exit(0);
}

#[test]
fn status_non_boolean_response_is_unknown() {
    for (odd, kind) in [
        (json!("false"), "text"),
        (json!("true"), "text"),
        (json!(7), "a number"),
        (json!(0), "a number"),
        (json!([]), "a list"),
        (json!({}), "an object"),
    ] {
        for command in ["keys status", "keys list"] {
            with_status(json!({ "hasKey": odd }))
                .run(command)
                .fails(
                    &format!(
                        "sieve was asked to say whether there is a key, and its answer decides nothing: `/hasKey` is {kind}, not `true` or `false`"
                    ),
                    &[],
                )
                .exit(1);
        }
        with_status(json!({ "hasKey": odd }))
            .run("keys verify")
            .expect_stderr(messages::STATUS_UNDECIDED)
            .expect_stdout("unknown\n")
            .exit(1);
    }
    for odd in [json!({}), json!({ "hasKey": null }), json!([])] {
        with_status(odd)
            .run("keys verify")
            .expect_stderr(messages::STATUS_UNDECIDED)
            .expect_stdout("unknown\n")
            .exit(1);
    }
}

#[test]
fn list_and_show_need_no_name() {
    with_status(status())
        .run("keys list --json")
        .expect_json(json!([shown()]))
        .exit(0);
    with_status(status())
        .run("keys show --json")
        .expect_json(shown())
        .exit(0);
    without_key()
        .run("keys show")
        .fails(
            "there is no key at sieve",
            &["create one: keywright keys create"],
        )
        .exit(5);
}

#[test]
fn create_without_yes_sends_nothing() {
    service()
        .run("keys create new")
        .fails(
            "creating a key of the profile `sieve` at sieve invalidates the current one at once: programs that use it stop working, \
             and prompts are disabled",
            &[messages::CONFIRM_IF_WANTED],
        )
        .exit(2);
}

#[test]
fn create_declined_changes_nothing() {
    let done = service()
        .run("keys create new")
        .asked_in_a_pipe()
        .reply(Reply::Confirm(false))
        .expect_stderr(
            "creating a key of the profile `sieve` at sieve invalidates the current one at once: programs that use it stop working\n  to `stdout`\n\
             cancelled: nothing was changed\n",
        )
        .exit(130);
    assert_eq!(done.asked, ["Create a new key?"]);
}

#[test]
fn create_sends_name_and_expiry_days() {
    let body = json!({ "name": "Production API", "expiresIn": 180 });
    service().creates(&body, created())
        .run("keys create --expires 180d -y")
        .args(["Production API"])
        .expect_stdout(format!("{NEW}\n"))
        .expect_stderr(
            "warning: KEYWRIGHT_API_KEY still holds the key that was just replaced: set it to the new one\n\
             warning: sieve does not say whether the key expires: 2027-05-19 12:00 UTC was requested\n\
             warning: the key `Production API` is shown once, here: it will not be shown again\n",
        )
        .exit(0);
}

#[test]
fn create_name_and_expiry_are_optional() {
    service()
        .logged_in()
        .creates(&json!({}), created())
        .run("keys create --yes --json")
        .expect_json(json!({
            "provider": "sieve",
            "profile": "sieve",
            "id": null,
            "name": null,
            "masked": "gds_fake",
            "status": "active",
            "scopes": null,
            "created_at": null,
            "expires_at": null,
            "last_used_at": null,
            "rotated_at": null,
            "usage": null,
            "secret": NEW,
            "delivered_to": ["stdout"],
            "changed": [],
        }))
        .expect_stderr(messages::login_follows("sieve"))
        .exit(0);
}

#[test]
fn create_updates_login() {
    let service = service().logged_in();
    service
        .creates(&json!({ "name": "new" }), created())
        .on_as(NEW, get(STATUS), json!({ "hasKey": false }))
        .run("keys create new")
        .asked_in_a_pipe()
        .reply(Reply::Confirm(true))
        .expect_stdout(format!("{NEW}\n"))
        .stderr_has(&messages::login_follows("sieve"))
        .exit(0);
    assert_eq!(service.stored().as_deref(), Some(NEW));
    let stored = service.home.keychain.values();
    assert!(!stored.contains(&SIEVE_KEY.to_owned()));
    service
        .run("keys status")
        .expect_stdout(messages::NO_KEY_AT_SIEVE)
        .exit(0);
}

#[test]
fn create_expiry_below_day_is_refused() {
    service()
        .run("keys create --yes --expires 1h")
        .fails("`expires` is out of bounds: at least 1d, at most any", &[])
        .exit(2);
}

#[test]
fn revoke_own_key_logs_out() {
    let service = service().logged_in();
    let revoked = json!({ "success": true, "message": "API key revoked successfully" });
    service.on(delete("/api/keys"), revoked)
        .run("keys revoke")
        .asked_in_a_pipe()
        .reply(Reply::Confirm(true))
        .expect_stderr(
            "revoking the key of the profile `sieve` at sieve cannot be undone; it is the key that this profile logs in with\n\
             it was the key of this profile, which is logged out now\n\
             revoked the key\n",
        )
        .exit(0);
    assert_eq!(service.stored(), None);
}

#[test]
fn revoke_unconfirmed_response_fails() {
    let failed = json!({ "success": false, "error": "something went wrong" });
    service()
        .on(delete("/api/keys"), failed)
        .run("keys revoke -y")
        .fails("sieve refused to revoke a key: something went wrong", &[])
        .exit(1);
}

#[test]
fn exchange_stores_token_pair() {
    let service = service().logged_in();
    let access = jwt("sieve", 900);
    service
        .on(post("/api/keys/exchange"), pair(&access))
        .run("exchange --json")
        .expect_json(
            json!({ "expires_at": "2026-11-20T12:15:00Z", "stored_in": "the test keyring" }),
        )
        .exit(0);
    assert_eq!(service.home.kept("sieve", "token"), Some(access));
    let stored = service.home.keychain.values();
    assert!(stored.contains(&"fake-refresh-2".to_owned()));
}

#[test]
fn refresh_sends_refresh_token() {
    let (old, access) = (jwt("old", 60), jwt("next", 900));
    let service =
        service_for_tokens(&old).logged_in_with(&[token(&old, 60).refreshed_by("fake-refresh-1")]);
    let body = json!({ "refreshToken": "fake-refresh-1" });
    service
        .on_public(post("/api/auth/refresh").json(&body), pair(&access))
        .run("refresh")
        .expect_stderr(
            "refreshed the token, which expires in 15 minutes; it is stored in the test keyring\n",
        )
        .exit(0);
    assert_eq!(service.stored(), Some(access));
    let stored = service.home.keychain.values();
    assert!(!stored.contains(&"fake-refresh-1".to_owned()));
}

#[test]
fn status_accepts_access_token() {
    service_for_tokens(&jwt("sieve", 900))
        .get(STATUS, json!({ "hasKey": false }))
        .run("keys status")
        .expect_stdout(messages::NO_KEY_AT_SIEVE)
        .exit(0);
}

#[test]
fn verify_uses_call_of_each_credential() {
    with_status(status())
        .run("keys verify --json")
        .expect_json(json!({ "result": "valid", "status_code": 200, "identity": "gds_fake" }))
        .exit(0);
    service_for_tokens(&jwt("sieve", 900))
        .get("/api/scans?limit=1", json!({ "scans": [] }))
        .run("keys verify")
        .expect_stdout("valid (sieve)\n")
        .exit(0);
    without_key()
        .run("keys verify")
        .expect_stdout("invalid\n")
        .exit(3);
}

#[test]
fn status_replaced_key_suggests_new_one() {
    service()
        .get(STATUS, (401, json!({ "error": "Invalid API key" })))
        .run("keys status")
        .fails(
            "sieve refused to say whether there is a key: Invalid API key",
            &["if the key was replaced or revoked, set KEYWRIGHT_API_KEY to the new one"],
        )
        .exit(3);
}

#[test]
fn rename_is_refused() {
    service()
        .run("keys rename gds other")
        .fails(
            "sieve cannot rename a key: a key gets its name when it is created: keywright keys create NAME",
            &[],
        )
        .exit(2);
}
