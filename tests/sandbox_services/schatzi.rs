use super::{Answer, Bench, DAY, character};
use keywright::sandbox::Behavior;
use serde_json::{Value, json};

const KEYS: &str = "/api/v1/accounts/user/api-keys/";

struct Session {
    bench: Bench,
    token: String,
}

impl Session {
    fn new() -> Session {
        let bench = Bench::new();
        let token = bench.login("schatzi", "token").expect("a token");
        Session { bench, token }
    }

    fn ask(&self, method: &str, rest: &str) -> Answer {
        let path = format!("{KEYS}{rest}");
        self.bench
            .call("schatzi", method, &path)
            .bearer(&self.token)
            .send()
    }

    fn send(&self, method: &str, rest: &str, body: &Value) -> Answer {
        let path = format!("{KEYS}{rest}");
        let call = self.bench.call("schatzi", method, &path);
        call.bearer(&self.token).json(body).send()
    }

    fn create(&self, name: &str) -> Value {
        self.send("POST", "create/", &json!({"name": name}))
            .json(201)
    }

    fn list(&self) -> Vec<Value> {
        let list = self.ask("GET", "").json(200);
        list.as_array().expect("an array").clone()
    }

    fn use_key(&self, key: &str) -> Answer {
        self.bench
            .call("schatzi", "GET", "/v1/models")
            .bearer(key)
            .send()
    }
}

fn text<'value>(value: &'value Value, field: &str) -> &'value str {
    value[field].as_str().expect("a text")
}

#[track_caller]
fn refused(answer: &Answer, status: u16, kind: &str) -> Value {
    let body = answer.json(status);
    assert_eq!(body["error"]["type"], kind);
    assert!(body["error"]["message"].is_string());
    body
}

#[test]
fn initial_list_contains_one_key() {
    let session = Session::new();
    let keys = session.list();
    assert_eq!(keys.len(), 1);
    assert_eq!(keys[0]["name"], "Production backend");
    assert_eq!(keys[0]["masked_key"], "sk-***...4f2a");
    assert_eq!(keys[0]["created_at"], "2026-07-23T12:00:00Z");
    assert_eq!(keys[0]["last_used_at"], "2026-11-19T12:00:00Z");
    assert_eq!(
        keys[0]["usage"],
        json!({
            "total_requests": 1284,
            "total_cost_chf": 12.4,
            "last_30_days": {"requests": 311, "cost_chf": 3.11},
        })
    );
    assert_eq!(
        session
            .use_key(character("schatzi", Behavior::Working))
            .status,
        200
    );
}

#[test]
fn key_lifecycle_create_to_revoke_works() {
    let session = Session::new();
    let made = session.create("My Key");
    let (id, key) = (text(&made, "id"), text(&made, "key"));
    assert!(key.starts_with("sk-") && key.len() == 48);
    assert_eq!(made["masked_key"], format!("sk-***...{}", &key[44..]));
    assert_eq!(made["last_used_at"], Value::Null);

    assert_eq!(session.use_key(key).json(200)["object"], "list");
    let shown = session.ask("GET", &format!("{id}/")).json(200);
    assert_eq!(shown["usage"]["total_requests"], 1);
    assert_eq!(shown["usage"]["last_30_days"]["requests"], 1);
    assert_eq!(shown["last_used_at"], "2026-11-20T12:00:00Z");

    let renamed = session.send(
        "PATCH",
        &format!("{id}/update/"),
        &json!({"name": "Local dev"}),
    );
    assert_eq!(renamed.json(200)["name"], "Local dev");
    let listed = session.list();
    assert_eq!((listed.len(), &listed[1]["name"]), (2, &"Local dev".into()));
    for answer in [&shown, &listed[1], &renamed.json(200)] {
        assert!(answer.get("key").is_none() && !answer.to_string().contains(key));
    }

    session.bench.pass(30 * DAY);
    let later = session.ask("GET", &format!("{id}/")).json(200);
    assert_eq!(later["usage"]["total_requests"], 1);
    assert_eq!(later["usage"]["last_30_days"]["requests"], 0);

    let revoked = session.ask("POST", &format!("{id}/revoke/")).json(200);
    assert_eq!(
        (&revoked["id"], &revoked["is_active"]),
        (&id.into(), &false.into())
    );
    refused(&session.use_key(key), 403, "Forbidden");
    assert_eq!(session.list().len(), 1);
    for (method, rest) in [("GET", format!("{id}/")), ("POST", format!("{id}/revoke/"))] {
        refused(&session.ask(method, &rest), 404, "not_found");
    }
    let renamed = session.send("PATCH", &format!("{id}/update/"), &json!({"name": "Gone"}));
    refused(&renamed, 404, "not_found");
}

#[test]
fn create_sixth_key_needs_free_slot() {
    let session = Session::new();
    let made: Vec<Value> = (2..=5)
        .map(|number| session.create(&format!("Key {number}")))
        .collect();
    let sixth = session.send("POST", "create/", &json!({"name": "Key 6"}));
    let body = refused(&sixth, 400, "limit_reached");
    assert_eq!(body["error"]["message"], "Maximum of 5 API keys reached");
    assert_eq!(session.list().len(), 5);
    session
        .ask("POST", &format!("{}/revoke/", text(&made[0], "id")))
        .json(200);
    session.create("Key 6");
}

#[test]
fn path_wrong_trailing_slash_is_404() {
    let session = Session::new();
    let id = text(&session.list()[0], "id").to_owned();
    let no_page = |answer: &Answer| {
        assert_eq!(answer.status, 404, "{answer:?}");
        assert_eq!(
            answer.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        assert!(answer.text.starts_with("<!doctype html>"));
    };
    let bare = KEYS.trim_end_matches('/');
    let bare = session
        .bench
        .call("schatzi", "GET", bare)
        .bearer(&session.token)
        .send();
    no_page(&bare);
    no_page(&session.ask("GET", &id));
    no_page(&session.ask("GET", "/"));
    no_page(&session.ask("POST", "create"));
    no_page(&session.ask("POST", &format!("{id}/revoke")));
    no_page(&session.ask("PATCH", &format!("{id}/update")));
    no_page(&session.ask("GET", &format!("{id}/unknown/")));
    no_page(&session.bench.call("schatzi", "GET", "/v1/models/").send());
}

#[test]
fn wrong_methods_and_bodies_are_refused() {
    let session = Session::new();
    let id = text(&session.list()[0], "id").to_owned();
    for (method, rest, allowed) in [
        ("POST", String::new(), "GET"),
        ("GET", "create/".to_owned(), "POST"),
        ("DELETE", format!("{id}/"), "GET"),
        ("POST", format!("{id}/update/"), "PATCH"),
        ("DELETE", format!("{id}/revoke/"), "POST"),
    ] {
        let answer = session.ask(method, &rest);
        refused(&answer, 405, "method_not_allowed");
        assert_eq!(answer.header("allow"), Some(allowed));
    }
    for body in [
        json!({}),
        json!({"name": 5}),
        json!({"name": " "}),
        json!({"name": null}),
        json!({"name": "x".repeat(101)}),
        json!({"name": "ci", "scopes": ["read"]}),
    ] {
        refused(
            &session.send("POST", "create/", &body),
            400,
            "invalid_request",
        );
        let update = session.send("PATCH", &format!("{id}/update/"), &body);
        refused(&update, 400, "invalid_request");
    }
    assert_eq!(session.list().len(), 1);
    let with_body = session.send("POST", &format!("{id}/revoke/"), &json!({"reason": "leak"}));
    refused(&with_body, 400, "invalid_request");
    let with_body = session.send("POST", &format!("{id}/revoke/"), &json!({}));
    assert_eq!(with_body.status, 200);
}

#[test]
fn management_takes_jwt_calls_take_key() {
    let session = Session::new();
    let manage = |credential: &str| {
        session
            .bench
            .call("schatzi", "GET", KEYS)
            .bearer(credential)
            .send()
    };
    refused(
        &session.bench.call("schatzi", "GET", KEYS).send(),
        401,
        "not_authenticated",
    );
    refused(&manage("nonsense"), 401, "token_not_valid");
    refused(
        &manage(character("schatzi", Behavior::Expired)),
        401,
        "token_not_valid",
    );
    refused(
        &manage(character("schatzi", Behavior::Working)),
        403,
        "Forbidden",
    );
    refused(&session.use_key(&session.token), 403, "Forbidden");
    refused(
        &session.use_key(character("schatzi", Behavior::Revoked)),
        403,
        "Forbidden",
    );
    refused(
        &session.bench.call("schatzi", "GET", "/v1/models").send(),
        403,
        "Forbidden",
    );
    session.bench.pass(3652 * DAY);
    assert_eq!(manage(&session.token).status, 200);
    session.bench.pass(2 * DAY);
    refused(&manage(&session.token), 401, "token_not_valid");
}

#[test]
fn missing_subscription_matches_documented_body() {
    let session = Session::new();
    let documented = json!({
        "error": {
            "message": "Active subscription required to access this service",
            "type": "subscription_required",
        }
    });
    let mut characters = super::of_behavior("schatzi", Behavior::NoSubscription);
    let key = characters.next().expect("a key");
    assert_eq!(session.use_key(key).json(402), documented);
    let token = characters.next().expect("a token");
    let managed = session
        .bench
        .call("schatzi", "GET", KEYS)
        .bearer(token)
        .send();
    assert_eq!(managed.json(402), documented);
}
