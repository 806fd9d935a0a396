//! A key that is verified with another credential: introspection (RFC 7662) with client credentials.

use serde_json::{Value, json};

use crate::support::home::{TestEnv, key};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Answer, Server, Wanted, delete, get, post};

const PORTER: &str = include_str!("manifests/porter.toml");
const CLIENT: &str = r#"{"id":"fake client","secret":"fake-client-secret-0001"}"#;
/// Both halves as in a form, then in base64.
const BASIC: &str = "Basic ZmFrZStjbGllbnQ6ZmFrZS1jbGllbnQtc2VjcmV0LTAwMDE=";
const OLD: &str = "pk_fake-old-0000000000000001";
const NEW: &str = "pk_fake-new-0000000000000002";

struct Gateway {
    server: Server,
    home: TestEnv,
}

impl Gateway {
    /// A machine with the client's secret, if `knows`.
    fn new(knows: bool) -> Gateway {
        let (server, home) = (Server::new(), TestEnv::new());
        home.write("config/providers/porter.toml", PORTER);
        let client = crate::support::home::StoredCredential {
            credential: "client",
            ..key(CLIENT)
        };
        if knows {
            home.log_in("porter", &server.url(), &[client, key(OLD)]);
        } else {
            home.log_in("porter", &server.url(), &[key(OLD)]);
        }
        Gateway { server, home }
    }

    fn expect(&self, wanted: Wanted, answer: Answer) {
        let wanted = wanted.header("authorization", BASIC);
        self.server.expect(wanted).answer(answer);
    }

    /// The key is asked about, and never presented.
    fn introspects(&self, secret: &str, answer: Answer) {
        let form = format!("token={secret}&token_type_hint=access_token");
        let media_type = "application/x-www-form-urlencoded";
        self.expect(
            post("/introspect").body(media_type, form.as_bytes()),
            answer,
        );
    }

    fn verify(&self) -> Run {
        self.home.run(["keys", "verify", "--json"])
    }
}

fn active(active: &Value) -> Answer {
    server::json(200, &json!({ "active": active, "username": "jdoe" }))
}

#[test]
fn introspected_key_gets_verdict() {
    for (answer, result, code) in [
        (active(&json!(true)), "valid", 0),
        (active(&json!(false)), "invalid", 3),
        // Of another type, it is trusted neither way.
        (active(&json!("false")), "unknown", 1),
    ] {
        let gateway = Gateway::new(true);
        gateway.introspects(OLD, answer);
        let identity = (result == "valid").then_some("jdoe");
        let verdict = json!({ "result": result, "status_code": 200, "identity": identity });
        gateway
            .verify()
            .expect_verdict("porter", &verdict)
            .exit(code);
    }
}

#[test]
fn refused_client_decides_nothing() {
    let gateway = Gateway::new(true);
    let refusal = json!({ "error": "invalid_client", "error_description": "unknown client" });
    gateway.introspects(OLD, server::json(401, &refusal));
    gateway
        .verify()
        .stderr_has("invalid_client")
        .stderr_has("\"http_status\":401")
        .exit(3);
    assert_eq!(gateway.home.kept("porter", "key").as_deref(), Some(OLD));
}

#[test]
fn missing_client_sends_nothing() {
    let gateway = Gateway::new(false);
    gateway.verify().stderr_has("\"kind\":\"auth\"").exit(3);
    assert_eq!(gateway.server.seen().len(), 0);
}

#[test]
fn login_with_inactive_key_keeps_nothing() {
    let gateway = Gateway::new(true);
    gateway.introspects(NEW, active(&json!(false)));
    gateway
        .home
        .run(["login", "porter", "--with-key"])
        .stdin(NEW)
        .stderr_has("error: porter ")
        .exit(3);
    assert_eq!(gateway.home.kept("porter", "key").as_deref(), Some(OLD));
}

#[test]
fn rotation_proves_new_key_by_introspection() {
    let gateway = Gateway::new(true);
    gateway.expect(
        get("/keys"),
        server::json(200, &json!([{ "id": "1", "name": "ci" }])),
    );
    let made = json!({ "id": "2", "name": "ci", "key": NEW });
    let creation = post("/keys").json(&json!({ "name": "ci" }));
    gateway.expect(creation, server::json(201, &made));
    for _ in 0..2 {
        gateway.introspects(NEW, active(&json!(true)));
    }
    gateway.expect(delete("/keys/1"), server::empty(204));
    gateway
        .home
        .run(["keys", "rotate", "1", "-y", "--to", "file:ci.key"])
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    assert_eq!(gateway.home.read("work/ci.key"), Some(format!("{NEW}\n")));
}
