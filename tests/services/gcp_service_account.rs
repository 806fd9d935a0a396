//! Google Cloud: a key file signs for a token, and a new key file arrives byte for byte.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::support::clock::NOON_SECONDS;
use crate::support::home::TestEnv;
use crate::support::jwt::Jwt;
use crate::support::messages;
use crate::support::server::{self, Server, Wanted, get, post};

const RSA: &str = include_str!("../../src/service/auth/jwt/keys/rsa-pkcs8.pem");
const ACCOUNT: &str = "ci@p1.iam.gserviceaccount.com";
const KEYS: &str = "/v1/projects/-/serviceAccounts/ci%40p1.iam.gserviceaccount.com/keys";

/// A key file as Google writes it: in lines, with a line break at the end or not.
pub(crate) fn key_file(id: &str, end: &str) -> String {
    let file = json!({
        "type": "service_account",
        "project_id": "p1",
        "private_key_id": id,
        "private_key": RSA,
        "client_email": ACCOUNT,
        "client_id": "1",
        "token_uri": "https://oauth2.googleapis.com/token",
        "universe_domain": "googleapis.com",
    });
    format!("{file:#}{end}")
}

/// The token endpoint, which checks the signature.
fn assertion(id: &str) -> Wanted {
    let grant = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";
    post("/token")
        .body(
            "application/x-www-form-urlencoded",
            format!("grant_type={grant}&assertion={{jwt}}").as_bytes(),
        )
        .jwt(Jwt {
            header: json!({ "alg": "RS256", "kid": id }),
            claims: json!({
                "iss": ACCOUNT,
                "scope": "https://www.googleapis.com/auth/cloud-platform",
                "aud": "https://oauth2.googleapis.com/token",
                "iat": NOON_SECONDS,
                "exp": NOON_SECONDS + 3600,
            }),
        })
}

pub(crate) fn accepted(server: &Server, id: &str) {
    let token = json!({ "access_token": "ya29.fake", "expires_in": 3599, "token_type": "Bearer" });
    server.expect(assertion(id)).answer(token.into());
}

#[test]
fn created_key_file_arrives_unchanged() {
    for end in ["", "\n"] {
        let (home, server) = (TestEnv::new(), Server::new());
        accepted(&server, "old");
        let url = server.url();
        home.run([
            "login",
            "gcp-service-account",
            "--with-key",
            "--base-url",
            &url,
        ])
        .args(["--set", &format!("service_account={ACCOUNT}")])
        .stdin(key_file("old", "\n"))
        .stderr_has("the key file is kept in the test keyring")
        .exit(0);
        accepted(&server, "old");
        server
            .expect(get(&format!("{KEYS}?keyTypes=USER_MANAGED")).bearer("ya29.fake"))
            .answer(json!({}).into());
        let new = key_file("new", end);
        let body = json!({
            "privateKeyType": "TYPE_GOOGLE_CREDENTIALS_FILE",
            "keyAlgorithm": "KEY_ALG_RSA_2048",
        });
        let answer = json!({
            "name": format!("projects/p1/serviceAccounts/{ACCOUNT}/keys/new"),
            "privateKeyData": STANDARD.encode(&new),
        });
        server
            .expect(post(KEYS).bearer("ya29.fake").json(&body))
            .answer(server::json(200, &answer));
        home.run(["keys", "create", "--to", "file:key.json"])
            .stderr_has(&messages::delivered("file:[home]/work/key.json"))
            .exit(0);
        assert_eq!(home.read("work/key.json"), Some(new));
    }
}
