//! GitHub App: the private key signs for an installation token; a personal access token is revoked without a login.

use serde_json::json;

use crate::support::clock::NOON_SECONDS;
use crate::support::home::TestEnv;
use crate::support::jwt::Jwt;
use crate::support::server::{self, Server, Wanted, get, post};

const RSA: &str = include_str!("../../src/service/auth/jwt/keys/rsa-pkcs1.pem");

fn of_github(wanted: Wanted) -> Wanted {
    wanted
        .header("accept", "application/vnd.github+json")
        .header("x-github-api-version", "2022-11-28")
}

fn signed(wanted: Wanted) -> Wanted {
    let claims = json!({
        "iss": "Iv23fake",
        "iat": NOON_SECONDS - 60,
        "exp": NOON_SECONDS + 540,
    });
    of_github(wanted).bearer("{jwt}").jwt(Jwt {
        header: json!({ "alg": "RS256" }),
        claims,
    })
}

#[test]
fn app_key_signs_for_installation_token() {
    let (home, server) = (TestEnv::new(), Server::new());
    server
        .expect(signed(get("/app")))
        .answer(json!({ "slug": "deployer" }).into());
    home.run([
        "login",
        "github-app",
        "--with-key",
        "--base-url",
        &server.url(),
    ])
    .args(["--set", "app=Iv23fake", "--set", "installation=7"])
    .stdin(RSA)
    .stderr_has("as deployer")
    .exit(0);
    let token = json!({ "token": "ghs_fake0000000001", "expires_at": "2026-11-20T13:00:00Z" });
    server
        .expect(signed(post("/app/installations/7/access_tokens")))
        .answer(server::json(201, &token));
    home.run(["token"])
        .expect_stdout("ghs_fake0000000001\n")
        .exit(0);
}

#[test]
fn personal_token_is_revoked_without_login() {
    let (home, server) = (TestEnv::new(), Server::new());
    let pat = "github_pat_fake0000000000000001";
    server
        .expect(of_github(get("/user")).bearer(pat))
        .answer(json!({ "login": "ada" }).into());
    home.run([
        "login",
        "github-app",
        "--with-key",
        "--base-url",
        &server.url(),
    ])
    .stdin(pat)
    .stderr_has("as ada")
    .exit(0);
    server
        .expect(of_github(post("/credentials/revoke")).json(&json!({ "credentials": [pat] })))
        .answer(server::json(202, &json!({})));
    home.run(["logout", "--revoke", "-y"])
        .stderr_has("revoked")
        .exit(0);
}
