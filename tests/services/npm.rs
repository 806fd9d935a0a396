//! npm: a password in the body and a one-time password in a header, neither of which is kept; pages led by paths.

use serde_json::json;

use crate::support::run::Run;
use crate::support::server::{self, Wanted, post};
use crate::support::service::{self, Service};
use crate::support::terminal::Reply;

const SESSION: &str = "npm_fake00000000000000000000000000000001";
const NEW: &str = "npm_fake00000000000000000000000000000002";
const PASSWORD: &str = "fake-password-of-ada";
const TOKENS: &str = "/-/npm/v1/tokens";

fn service() -> Service {
    service::service("npm", SESSION)
        .token(7200)
        .keys_at(TOKENS)
        .logged_in()
}

/// Returns the service that has been asked what there is already, as before every create.
fn without_tokens() -> Service {
    let service = service();
    service.lists(json!({ "objects": [], "urls": {} }));
    service
}

fn create(service: &Service) -> Run {
    service.run("keys create ci --expires 30d --scope @acme --set permission=read-write")
}

/// The request that creates the token.
fn creation() -> Wanted {
    post(TOKENS).json(&json!({
        "name": "ci",
        "password": PASSWORD,
        "expires": 30,
        "scopes": ["@acme"],
        "packages_and_scopes_permission": "read-write",
    }))
}

#[test]
fn create_password_and_otp_are_discarded() {
    let service = without_tokens();
    let notice =
        "Open https://www.npmjs.com/login/00000000 to use your security key for authentication";
    let challenge = server::json(
        401,
        &json!({ "error": "You must provide a one-time pass." }),
    )
    .header("WWW-Authenticate", "OTP")
    .header("npm-notice", notice);
    let created =
        json!({ "key": "k9", "name": "ci", "token": NEW, "expiry": "2026-12-20T12:00:00.000Z" });
    service
        .on(creation(), challenge)
        .on(creation().header("npm-otp", "123456"), (201, created));
    let done = create(&service)
        .asked_in_a_pipe()
        .reply(Reply::Secret(PASSWORD.to_owned()))
        .reply(Reply::Secret("123456".to_owned()))
        .expect_stdout(format!("{NEW}\n"))
        .stderr_has("the service explains it: https://www.npmjs.com/login/00000000\n")
        .exit(0);
    assert_eq!(
        done.asked,
        [
            "Password of your account at npm",
            "one-time password, of your authenticator or from the mail that npm has sent",
        ]
    );
    let kept = service.home.keychain.values();
    assert!(!kept.iter().any(|value| value.contains(PASSWORD)));
    for (path, bytes) in service.home.files() {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(
            !text.contains(PASSWORD) && !text.contains("123456"),
            "{path:?}"
        );
    }
}

#[test]
fn create_takes_password_from_variables() {
    let service = without_tokens();
    let challenge = server::json(
        401,
        &json!({ "error": "You must provide a one-time pass." }),
    )
    .header("WWW-Authenticate", "OTP");
    let created =
        json!({ "key": "k9", "name": "ci", "token": NEW, "expiry": "2026-12-20T12:00:00.000Z" });
    service
        .on(creation(), challenge)
        .on(creation().header("npm-otp", "123456"), (201, created));
    create(&service)
        .env("KEYWRIGHT_PASSWORD", PASSWORD)
        .env("KEYWRIGHT_CODE", "123456")
        .expect_stdout(format!("{NEW}\n"))
        .stderr_has("the key `ci` is shown once")
        .hides(PASSWORD)
        .hides("123456")
        .exit(0);
}

#[test]
fn create_without_prompt_fails() {
    create(&without_tokens())
        .fails(
            "npm asks for the Password of your account at npm, and prompts are disabled",
            &[
                "run this at a terminal: it is asked for there, used once and kept nowhere",
                "or hand it over: KEYWRIGHT_PASSWORD, or KEYWRIGHT_PASSWORD_FD with the number of a file descriptor",
            ],
        )
        .exit(3);
}

#[test]
fn list_follows_path_until_empty() {
    let first = json!({
        "objects": [{ "key": "k1", "name": "one", "token": "npm_aBcD...7890" }],
        "urls": { "next": "/-/npm/v1/tokens?page=1" },
    });
    let second = json!({
        "objects": [{ "key": "k2", "name": "two", "token": "npm_eFgH...1234", "revoked": "2026-11-02T00:00:00.000Z" }],
        "urls": { "next": "" },
    });
    let listed = service()
        .lists(first)
        .get("/-/npm/v1/tokens?page=1", second)
        .run("keys list --json")
        .json();
    let shown = |index: usize| {
        let key = &listed[index];
        [&key["name"], &key["masked"], &key["status"]]
            .map(|value| value.as_str().unwrap().to_owned())
    };
    assert_eq!(shown(0), ["one", "npm_aBcD...7890", "active"]);
    assert_eq!(shown(1), ["two", "npm_eFgH...1234", "revoked"]);
}
