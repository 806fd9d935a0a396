//! Tokens that `logout --revoke` revokes at their service (RFC 7009).

use serde_json::json;

use crate::support::home::{StoredCredential, TestEnv, token};
use crate::support::messages;
use crate::support::server::{self, Server, Wanted, post};

const FORM: &str = "application/x-www-form-urlencoded";

fn badge() -> TestEnv {
    let home = TestEnv::new();
    home.write(
        "config/providers/badge.toml",
        include_str!("manifests/badge.toml"),
    );
    home
}

const CLIENT: StoredCredential<'_> = StoredCredential {
    credential: "client",
    secret: r#"{"id":"fake-id","secret":"fake-secret"}"#,
    refresh: None,
    lasts: None,
};

/// The revocation of `token` by the client.
fn revocation(token: &str) -> Wanted {
    post("/oauth/revoke")
        .header("authorization", "Basic ZmFrZS1pZDpmYWtlLXNlY3JldA==")
        .body(FORM, format!("token={token}").as_bytes())
}

#[test]
fn logout_revoke_ends_token_first() {
    let home = badge();
    let server = Server::with(revocation("fake-token"), server::empty(200));
    // It is over by the clock here, which is no reason to get another one.
    home.log_in("badge", &server.url(), &[CLIENT, token("fake-token", -60)]);
    home.run(["logout", "--revoke", "--json"])
        .expect_json(json!({ "forgotten": ["badge"], "revoked": ["badge"] }))
        .expect_stderr(
            "warning: no call revokes the client secret: it is only forgotten\n\
             revoked and forgot the credentials of the profile `badge`\n",
        )
        .exit(0);
    assert_eq!(home.kept("badge", "token"), None);
    assert_eq!(home.kept("badge", "client"), None);
}

#[test]
fn logout_refused_token_revocation_keeps_it() {
    for answer in [
        server::json(503, &json!({ "error": "temporarily_unavailable" })),
        server::json(400, &json!({ "error": "unsupported_token_type" })),
        server::json(401, &json!({ "error": "invalid_client" })),
    ] {
        let home = badge();
        let server = Server::with(revocation("fake-token"), answer);
        home.log_in("badge", &server.url(), &[CLIENT, token("fake-token", 60)]);
        home.run(["logout", "--revoke"])
            .stderr_has("revoke the access token: ")
            .stderr_has(messages::NOTHING_FORGOTTEN)
            .stderr_has("here all the same: keywright -p badge logout\n")
            .hides("fake-token")
            .exit(10);
        assert!(home.kept("badge", "token").is_some());
        assert!(home.kept("badge", "client").is_some());
    }
}

#[test]
fn refresh_with_client_secret_succeeds() {
    let home = badge();
    let body = b"grant_type=refresh_token&refresh_token=fake-refresh-1";
    let refresh = post("/oauth/token")
        .header("authorization", "Basic ZmFrZS1pZDpmYWtlLXNlY3JldA==")
        .body(FORM, body);
    let fresh = json!({ "access_token": "fake-token-2", "refresh_token": "fake-refresh-2" });
    let server = Server::with(refresh, server::json(200, &fresh));
    let old = token("fake-token-1", 3600).refreshed_by("fake-refresh-1");
    home.log_in("badge", &server.url(), &[CLIENT, old]);
    home.run(["refresh"])
        .stderr_has("stored in the test keyring\n")
        .exit(0);
    assert_eq!(home.kept("badge", "token").as_deref(), Some("fake-token-2"));
}
