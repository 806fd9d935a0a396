//! Ids that hold the secret of their key: neither the journal nor any other file in clear text has them.

use serde_json::{Value, json};

use crate::support::home::TestEnv;
use crate::support::run::Run;
use crate::support::server::{self, Server, delete, get, post};
use crate::user_manifests::minimal_manifest;

const OWN: &str = "fake-root-key-0123";
const SECRET: &str = "fake-new-key-0123456789abcdef";
const ID: &str = "id-of-fake-new-key-0123456789abcdef";

const MORE: &str = r#"
operations.create.request = { method = "POST", path = "/keys", body = [{ at = "/name", from = "name" }] }
operations.create.response = { secret = "/secret" }
operations.revoke.request = { method = "DELETE", path = "/keys/{id}" }
rotation.strategy = "overlap"
"#;

fn home() -> TestEnv {
    let home = TestEnv::new();
    home.write("config/providers/mine.toml", minimal_manifest("mine", MORE));
    home
}

fn run(home: &TestEnv, server: &Server, args: &[&str]) -> Run {
    home.run(args)
        .key(OWN)
        .env("KEYWRIGHT_PROVIDER", "mine")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .any_stderr()
}

fn listed(server: &Server, keys: &Value) {
    server
        .expect(get("/keys").header("x-api-key", OWN))
        .answer(server::json(200, keys));
}

fn created(server: &Server) {
    let wanted = post("/keys").json(&json!({ "name": "ci" }));
    server
        .expect(wanted.header("x-api-key", OWN))
        .answer(server::json(
            201,
            &json!({ "id": ID, "name": "ci", "secret": SECRET }),
        ));
}

#[track_caller]
fn stands_nowhere(home: &TestEnv) {
    for (path, bytes) in home.files() {
        let text = String::from_utf8_lossy(&bytes);
        let delivered = path.starts_with("work");
        assert!(
            delivered || !text.contains(SECRET),
            "{}: {text}",
            path.display()
        );
    }
}

#[test]
fn delivered_secret_id_stored_as_fingerprint() {
    let (home, server) = (home(), Server::new());
    listed(&server, &json!([]));
    created(&server);
    let args = ["keys", "create", "ci", "--to", "file:ci.key", "--json"];
    let done = run(&home, &server, &args).json_stdout().exit(0);
    let id = done.json()["id"].clone();
    assert!(id.as_str().unwrap().starts_with("fingerprint:"), "{id}");
    assert!(!done.stdout.contains(SECRET) && !done.stderr.contains(SECRET));
    stands_nowhere(&home);
    let remembered = home.read("state/delivered.json").unwrap();
    assert!(remembered.contains(id.as_str().unwrap()), "{remembered}");
}

#[test]
fn abort_secret_id_revokes_new_key() {
    let (home, server) = (home(), Server::new());
    let old = json!({ "id": "k1", "name": "ci" });
    let new = json!({ "id": ID, "name": "ci" });
    listed(&server, &json!([old]));
    created(&server);
    let args = [
        "keys",
        "rotate",
        "ci",
        "--to",
        "file:ci.key",
        "--grace",
        "1h",
        "--yes",
    ];
    run(&home, &server, &args).exit(0);
    stands_nowhere(&home);
    // Only the list knows the id; the old key is proved alive by it, too.
    for _ in 0..2 {
        listed(&server, &json!([old, new]));
    }
    server
        .expect(delete(&format!("/keys/{ID}")).header("x-api-key", OWN))
        .answer(server::empty(204));
    let done = run(&home, &server, &["rotations", "abort", "--yes"]).exit(0);
    assert!(!done.stderr.contains(SECRET), "{}", done.stderr);
    stands_nowhere(&home);
}

#[test]
fn listed_login_key_is_never_written() {
    let (home, server) = (home(), Server::new());
    let own = json!({ "id": OWN, "name": format!("login {OWN}") });
    listed(&server, &json!([own, { "id": "k1", "name": "ci" }]));
    created(&server);
    let args = "keys rotate ci --to file:ci.key --grace 1h --yes";
    let args: Vec<&str> = args.split(' ').collect();
    run(&home, &server, &args).exit(0);
    for name in ["cache/keys.json", "state/rotations"] {
        assert!(home.path().join(name).exists(), "{name} is looked at");
    }
    for (path, bytes) in home.files() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(OWN), "{}: {text}", path.display());
    }
}
