//! The call that creates a key answers with its id; a second call brings the secret.

use serde_json::{Value, json};

use super::{events, is_clean, only_id};
use crate::support::home::{TestEnv, key};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Answer, Server, Wanted, delete, get, post};

const KILN: &str = include_str!("../manifests/kiln.toml");
const OWN: &str = "kn_fake-own-00000000000000001";
const NEW: &str = "kn_fake-new-00000000000000002";

/// Kiln, whose second call only reads if `reads`, and a machine that manages its keys.
struct Kiln {
    server: Server,
    home: TestEnv,
    reads: bool,
}

impl Kiln {
    fn new(reads: bool) -> Kiln {
        let (server, home) = (Server::new(), TestEnv::new());
        let posted = "{ method = \"POST\", path = \"/vaults";
        assert!(KILN.contains(posted));
        let manifest = if reads {
            KILN.replace(posted, "{ method = \"GET\", path = \"/vaults")
                .replace(
                    "POST https://kiln.example.com/vaults",
                    "GET https://kiln.example.com/vaults",
                )
        } else {
            KILN.to_owned()
        };
        home.write("config/providers/kiln.toml", manifest);
        home.log_in("kiln", &server.url(), &[key(OWN)]);
        Kiln {
            server,
            home,
            reads,
        }
    }

    fn expect(&self, wanted: Wanted, answer: Answer) {
        self.server.expect(wanted.bearer(OWN)).answer(answer);
    }

    fn listed(&self, keys: &Value) {
        self.expect(get("/keys"), server::json(200, keys));
    }

    /// The key `2` is created.
    fn created(&self) {
        let creation = post("/keys").json(&json!({ "name": "ci" }));
        let created = json!({ "id": 2, "name": "ci", "vault": "v1" });
        self.expect(creation, server::json(201, &created));
    }

    /// The second call is answered so.
    fn secret(&self, answer: Answer) {
        let path = "/vaults/v1/keys/2/secrets";
        let wanted = if self.reads { get(path) } else { post(path) };
        self.expect(wanted, answer);
    }

    /// The new key is asked whether it works.
    fn verified(&self) {
        self.server
            .expect(get("/whoami").bearer(NEW))
            .answer(server::json(200, &json!({ "name": "ci" })));
    }

    fn create(&self) -> Run {
        self.home
            .run(["keys", "create", "ci", "--to", "file:ci.key"])
    }

    fn rotations(&self, args: &[&str]) -> Run {
        let id = only_id(&self.home);
        self.home
            .run(["rotations"])
            .args([args[0], &id])
            .args(&args[1..])
    }
}

fn secret() -> Answer {
    server::json(201, &json!({ "secret": NEW }))
}

#[test]
fn create_second_call_brings_secret() {
    let kiln = Kiln::new(false);
    kiln.listed(&json!([]));
    kiln.created();
    kiln.secret(secret());
    kiln.create()
        .expect_stderr(messages::delivered("file:[home]/work/ci.key"))
        .exit(0);
    assert_eq!(kiln.home.read("work/ci.key"), Some(format!("{NEW}\n")));
    is_clean(&kiln.home);
}

#[test]
fn rotate_second_call_brings_secret() {
    let kiln = Kiln::new(false);
    let keys = json!([{ "id": 1, "name": "ci" }, { "id": 9, "name": "own" }]);
    kiln.listed(&keys);
    kiln.created();
    kiln.secret(secret());
    kiln.verified();
    kiln.verified();
    kiln.expect(delete("/keys/1"), server::empty(204));
    kiln.home
        .run(["keys", "rotate", "1", "-y", "--to", "file:ci.key"])
        .expect_stderr(
            messages::delivered("file:[home]/work/ci.key")
                + &messages::revoked_old("ci")
                + &messages::rotated("ci"),
        )
        .exit(0);
    assert_eq!(kiln.home.read("work/ci.key"), Some(format!("{NEW}\n")));
    is_clean(&kiln.home);
}

#[test]
fn lost_secret_that_reads_is_fetched() {
    for status in [403, 404] {
        let kiln = Kiln::new(true);
        kiln.listed(&json!([]));
        kiln.created();
        kiln.secret(server::json(status, &json!({ "error": "not yet" })));
        kiln.create()
            .stderr_has(
                "a key was created, and the call that brings its secret failed: kiln refused",
            )
            .stderr_has("to fetch the secret: keywright rotations resume")
            .stderr_has("to give the key up: keywright rotations abort")
            .exit(10);
        assert_eq!(
            events(&kiln.home),
            [["intended", "sending", "created", "lost"]]
        );
        kiln.secret(secret());
        kiln.verified();
        kiln.rotations(&["resume"]).stderr_has("delivered").exit(0);
        assert_eq!(kiln.home.read("work/ci.key"), Some(format!("{NEW}\n")));
        is_clean(&kiln.home);
    }
}

#[test]
fn lost_secret_new_key_is_reported() {
    for answer in [
        server::hang_up(),
        server::json(403, &json!({ "error": "no" })),
    ] {
        let kiln = Kiln::new(false);
        kiln.listed(&json!([]));
        kiln.created();
        kiln.secret(answer);
        kiln.create()
            .stderr_has("a key was created, but its secret did not arrive")
            .stderr_has("`ci` (2) is new, and its secret did not arrive; to revoke it: keywright rotations resume")
            .exit(10);
        assert_eq!(
            events(&kiln.home),
            [["intended", "sending", "created", "lost"]]
        );
        kiln.expect(delete("/keys/2"), server::empty(204));
        kiln.rotations(&["resume", "-y"])
            .expect_stderr(messages::revoked_lost("ci"))
            .exit(0);
        is_clean(&kiln.home);
    }
}

#[test]
fn abort_names_key_without_secret() {
    let kiln = Kiln::new(false);
    kiln.listed(&json!([]));
    kiln.created();
    kiln.secret(server::hang_up());
    kiln.create().stderr_has("did not arrive").exit(10);
    kiln.rotations(&["abort", "-y"])
        .stderr_has("the key `ci` may be the lost one; revoke it: keywright keys revoke 2")
        .exit(0);
    is_clean(&kiln.home);
}
