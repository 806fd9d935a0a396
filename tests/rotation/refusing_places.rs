//! A place whose writes follow a step and end in a job, and one that never shows what it holds.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::{Shop, private};
use crate::support::fake::SCHATZI_KEY;
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Answer, Seen, get};
use crate::user_manifests::place_manifest;

const PLACE: &str = "loft:north";
/// A value that looks like the old key.
const OLD: &str = "sk-fake-old-value-0000000000000000";

/// The bodies that a place was sent, in order.
type Sent = Arc<Mutex<Vec<Value>>>;

/// A place with the operations in `operations`, which answers as `respond` says.
fn place(shop: &Shop, operations: &str, respond: fn(&Seen) -> Answer) -> Sent {
    let sent = Sent::default();
    let shared = Arc::clone(&sent);
    let url = server::serve_by(move |seen| {
        if seen.method == "PUT" {
            let body = serde_json::from_slice(&seen.body).unwrap();
            shared.lock().unwrap().push(body);
        }
        respond(seen)
    });
    let text = place_manifest("Loft", "{name}", &url, operations);
    shop.home.write("config/destinations/loft.toml", text);
    sent
}

fn run(shop: &Shop, words: &[&str]) -> Run {
    shop.home.run(words).env("LOFT_TOKEN", "fake-loft-token")
}

/// A step finds a number and an object; the write sends both, and is done when its job is.
const WITH_JOB: &str = r#"
[operations.read]
request = { method = "GET", path = "/lofts/{name}" }

[[operations.read.before]]
name = "head"
request = { method = "GET", path = "/heads/{name}" }
response = { capture = { revision = "/revision", others = "/others" } }

[operations.write]
request = { method = "PUT", path = "/lofts/{name}", body = [
    { at = "/if", from = "step.head.revision" },
    { at = "/members", from = "step.head.others" },
    { at = "/members/{name}", from = "secret" },
] }
response = { capture = { job = "/job" } }
poll = { request = { method = "GET", path = "/jobs/{step.write.job}" }, status = 200, when = [{ at = "/done", equals = true }] }
"#;

#[test]
fn captures_keep_types_for_polls() {
    let shop = Shop::new();
    let sent = place(&shop, WITH_JOB, |seen| match seen.path.as_str() {
        "/heads/north" => {
            server::json(200, &json!({ "revision": 3, "others": { "a": [1, true] } }))
        }
        "/jobs/7" => server::json(200, &json!({ "done": true })),
        _ if seen.method == "PUT" => server::json(202, &json!({ "job": 7 })),
        _ => server::json(200, &json!({})),
    });
    shop.rotates();
    run(&shop, &["keys", "rotate", "ci", "-y", "--to", PLACE])
        .stderr_has(&messages::delivered(PLACE))
        .exit(0);
    let members = json!({ "a": [1, true], "north": SCHATZI_KEY });
    assert_eq!(
        *sent.lock().unwrap(),
        [json!({ "if": 3, "members": members })]
    );
}

/// A list names the place, and never its value.
const WRITE_ONLY: &str = r#"
[operations.read]
request = { method = "GET", path = "/lofts" }
response = { entry = { at = "", find = { at = "/name", from = "name" } } }

[operations.write]
request = { method = "PUT", path = "/lofts/{name}", body = [{ at = "/secret", from = "secret" }] }
"#;

#[test]
fn undo_leaves_place_that_refused() {
    let shop = Shop::new();
    let sent = place(&shop, WRITE_ONLY, |seen| match seen.method.as_str() {
        "PUT" => server::json(403, &json!({ "error": "not yours" })),
        _ => server::json(200, &json!([{ "name": "north" }])),
    });
    shop.home.write("work/ci.key", format!("{OLD}\n"));
    private(&shop.home, "work/ci.key");
    shop.expect_old_key_listed().created().verified();
    let words = ["keys", "rotate", "ci", "-y", "--to", "file:ci.key"];
    run(&shop, &words)
        .args(["--to", PLACE])
        .stderr_has("not yours")
        .exit(10);
    let asked = get("/v1/models").bearer(OLD);
    let accepted = server::json(200, &json!({ "data": [] }));
    shop.server.expect(asked).answer(accepted);
    shop.revoked("k2");
    run(&shop, &["rotations", "undo", "-y"])
        .stderr_has("restored the previous value of `file:[home]/work/ci.key`")
        .exit(0);
    assert_eq!(sent.lock().unwrap().len(), 1);
    shop.is_clean();
}
