//! Tokens that a credential signs, verified by a server that has the public key alone.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::support::clock::{NOON, NOON_SECONDS};
use crate::support::home::TestEnv;
use crate::support::jwt::Jwt;
use crate::support::server::{self, Server, Wanted, get, post};

const RSA: &str = include_str!("../src/service/auth/jwt/keys/rsa-pkcs8.pem");
const P256: &str = include_str!("../src/service/auth/jwt/keys/ec-sec1.pem");

/// The thumbprint of the key of RFC 7515, appendix A.3.
const THUMBPRINT: &str = "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U";

const KEY_FILE_KEPT: &str = "the key file is kept in the test keyring";

fn seal() -> TestEnv {
    let home = TestEnv::new();
    home.write(
        "config/providers/seal.toml",
        include_str!("manifests/seal.toml"),
    );
    home
}

/// A key file as a console writes it.
fn key_file() -> String {
    let file = json!({
        "type": "service_account",
        "private_key_id": "k1",
        "private_key": RSA,
        "client_email": "ci@seal.example.com",
        "quota": { "a": 1 },
    });
    format!("{file:#}\n")
}

/// An exchange of the key file, at a server whose clock is so far ahead.
fn exchange(server: &Server, ahead: i64) -> Wanted {
    let grant = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";
    let now = NOON_SECONDS + ahead;
    post("/token")
        .body(
            "application/x-www-form-urlencoded",
            format!("grant_type={grant}&assertion={{jwt}}").as_bytes(),
        )
        .jwt(Jwt {
            header: json!({ "alg": "RS256", "kid": "k1" }),
            claims: json!({
                "iss": "ci@seal.example.com",
                "scope": "keys",
                "aud": format!("{}/token", server.url()),
                "iat": now,
                "exp": now + 3600,
            }),
        })
}

/// A call of the application.
fn of_app(wanted: Wanted) -> Wanted {
    let claims = json!({
        "iss": 7,
        "iat": NOON_SECONDS - 60,
        "exp": NOON_SECONDS + 540,
        "jti": "{uuid}",
    });
    wanted.bearer("{jwt}").jwt(Jwt {
        header: json!({ "alg": "ES256", "kid": THUMBPRINT }),
        claims,
    })
}

fn token() -> Value {
    json!({ "access_token": "fake-token-0001", "expires_in": 3600 })
}

#[test]
fn key_file_is_exchanged_and_kept() {
    let (home, server) = (seal(), Server::new());
    let file = key_file();
    home.run(["login", "seal", "--with-key", "--base-url", &server.url()])
        .stdin(&file)
        .stderr_has(KEY_FILE_KEPT)
        .exit(0);
    assert_eq!(home.kept("seal", "file"), Some(file));
    server.expect(exchange(&server, 0)).answer(token().into());
    server
        .expect(get("/keys").bearer("fake-token-0001"))
        .answer(json!([{ "id": 1 }]).into());
    let done = home
        .run(["-v", "keys", "list"])
        .stdout_has("1")
        .stderr_has("> POST ")
        .exit(0);
    let key = RSA.lines().nth(3).unwrap();
    for secret in [key, "eyJ"] {
        assert!(!done.stderr.contains(secret), "{}", done.stderr);
    }
}

#[test]
fn application_signs_each_call() {
    let (home, server) = (seal(), Server::new());
    server
        .expect(of_app(get("/app")))
        .answer(json!({ "slug": "ci" }).into());
    home.run(["login", "seal", "--with-key", "--base-url", &server.url()])
        .stdin(P256)
        .stderr_has("as ci; the application key is kept in the test keyring")
        .exit(0);
    assert_eq!(home.kept("seal", "app").as_deref(), Some(P256));
    server
        .expect(of_app(get("/any").header("accept", "*/*")))
        .answer(server::text(200, "{}"));
    home.run(["api", "GET", "/any"]).expect_stdout("{}").exit(0);
    let done = home
        .run(["token", "--header"])
        .stdout_has("Authorization: Bearer eyJ")
        .expect_stderr("the profile `seal` has no token: this is its key\n")
        .exit(0);
    assert!(!done.stdout.contains("PRIVATE"));
}

#[test]
fn token_follows_clock_of_service() {
    let (home, server) = (seal(), Server::new());
    let now: Timestamp = NOON.parse().unwrap();
    let there = now.checked_add(SignedDuration::from_mins(10)).unwrap();
    let date = there.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let refused = json!({ "error": "invalid_grant", "error_description": "the token has expired" });
    home.run(["login", "seal", "--with-key", "--base-url", &server.url()])
        .stdin(key_file())
        .stderr_has(KEY_FILE_KEPT)
        .exit(0);
    server
        .expect(exchange(&server, 0))
        .answer(server::json(400, &refused).header("Date", &date));
    server
        .expect(exchange(&server, 600))
        .answer(server::json(200, &token()).header("Date", &date));
    home.run(["exchange"])
        .stderr_has("this machine's clock is 600 s behind that of seal")
        .stderr_has("exchanged the key for a token, which expires in 1 hour")
        .exit(0);
}

#[test]
fn unusable_key_is_not_kept() {
    let home = seal();
    for (given, why) in [
        (
            include_str!("../src/service/auth/jwt/keys/rsa-1024.pem"),
            "the key cannot sign with ES256: it is a key of another kind, RSA",
        ),
        (
            include_str!("../src/service/auth/jwt/keys/rsa-encrypted.pem"),
            "decrypt it first: openssl pkey -in key.pem -out plain.pem",
        ),
        ("-----BEGIN nothing", "it is neither PEM nor a JWK"),
    ] {
        home.run(["login", "seal", "--with-key"])
            .stdin(given)
            .stderr_has(why)
            .exit(2);
    }
    let weak = key_file().replace(
        RSA.trim().replace('\n', "\\n").as_str(),
        &include_str!("../src/service/auth/jwt/keys/rsa-1024.pem").replace('\n', "\\n"),
    );
    home.run(["login", "seal", "--with-key"])
        .stdin(weak)
        .stderr_has("the key cannot sign with RS256: an RSA key has at least 2048 bits")
        .exit(2);
    assert_eq!(home.kept("seal", "app"), None);
    assert_eq!(home.kept("seal", "file"), None);
}

#[test]
fn key_file_is_delivered_unchanged() {
    let (home, server) = (seal(), Server::new());
    let new = json!({ "privateKeyData": STANDARD.encode(key_file()) });
    for _ in 0..2 {
        for (wanted, answer) in [
            (get("/keys"), &json!([])),
            (post("/keys").json(&json!({ "name": "apps/7/ci" })), &new),
        ] {
            server
                .expect(wanted.bearer("fake-token-0001"))
                .answer(answer.into());
        }
    }
    let create = |to: &str| {
        let run = home.run(["keys", "create", "ci", "--to", to]);
        run.env("KEYWRIGHT_PROVIDER", "seal")
            .env("KEYWRIGHT_BASE_URL", &server.url())
            .env("KEYWRIGHT_TOKEN", "fake-token-0001")
    };
    create("file:key.json").stderr_has("delivered").exit(0);
    assert_eq!(home.read("work/key.json"), Some(key_file()));
    create("stdout")
        .expect_stdout(key_file())
        .stderr_has("shown once")
        .exit(0);
}
