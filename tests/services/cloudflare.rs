//! Cloudflare: an update sends the whole token back, and a roll answers with the secret itself.

use serde_json::{Value, json};

use crate::support::home::{TestEnv, key};
use crate::support::run::{Run, ci};
use crate::support::server::{self, Server, Wanted, get, method, post};

const OWN: &str = "fake-cloudflare-own-00000000000000000001";
const NEW: &str = "fake-cloudflare-new-00000000000000000001";

fn run(server: &Server, args: &[&str]) -> Run {
    ci("cloudflare", server, args).key(OWN)
}

fn good(result: &Value) -> server::Answer {
    server::json(
        200,
        &json!({ "success": true, "errors": [], "messages": [], "result": result }),
    )
}

fn token() -> Value {
    json!({
        "id": "t1", "name": "dns", "status": "active", "issued_on": "2026-01-01T00:00:00Z",
        "expires_on": "2027-01-01T00:00:00Z", "condition": { "request_ip": { "in": ["192.0.2.0/24"] } },
        "policies": [{
            "id": "p1", "effect": "allow", "permission_groups": [{ "id": "g1" }],
            "resources": { "com.cloudflare.api.account.zone.*": "*" },
        }],
    })
}

fn listing(server: &Server) {
    server
        .expect(get("/user/tokens?per_page=50&page=1").bearer(OWN))
        .answer(server::json(
            200,
            &json!({ "success": true, "result": [token()], "result_info": { "page": 1, "total_count": 1 } }),
        ));
}

fn present() -> Wanted {
    get("/user/tokens/t1").bearer(OWN)
}

#[test]
fn a_renamed_token_keeps_all_it_has() {
    let server = Server::new();
    listing(&server);
    server.expect(present()).answer(good(&token()));
    server
        .expect(method("PUT", "/user/tokens/t1").bearer(OWN).json(&json!({
            "name": "edge", "status": "active", "policies": token()["policies"], "condition": token()["condition"],
            "expires_on": "2027-01-01T00:00:00Z",
        })))
        .answer(good(&json!({ "id": "t1", "name": "edge" })));
    run(&server, &["keys", "rename", "dns", "edge"])
        .expect_stderr("renamed `dns` to `edge`\n")
        .exit(0);
}

#[test]
fn a_token_that_cannot_be_read_is_not_written() {
    let server = Server::new();
    listing(&server);
    let failed = json!({ "success": false, "errors": [{ "code": 1001, "message": "not now" }], "result": null });
    server.expect(present()).answer(server::json(200, &failed));
    run(&server, &["keys", "rename", "dns", "edge"])
        .stderr_has("not now")
        .exit(1);
}

#[test]
fn a_roll_keeps_the_id_and_its_answer_is_the_secret() {
    let server = Server::new();
    let home = TestEnv::new();
    home.log_in("cloudflare", &server.url(), &[key(OWN)]);
    listing(&server);
    server
        .expect(
            method("PUT", "/user/tokens/t1/value")
                .bearer(OWN)
                .json(&json!({})),
        )
        .answer(good(&json!(NEW)));
    let verification = |secret| get("/user/tokens/verify").bearer(secret);
    server
        .expect(verification(NEW))
        .answer(good(&json!({ "id": "t1", "status": "active" })));
    // Whether it was the one that was used is asked afterwards.
    server
        .expect(verification(OWN))
        .answer(good(&json!({ "id": "t9", "status": "active" })));
    home.run(["keys", "rotate", "dns", "-y", "--to", "file:dns.key"])
        .expect_stderr("delivered to `file:[home]/work/dns.key`\nrotated `dns`\n")
        .exit(0);
    assert_eq!(home.read("work/dns.key"), Some(format!("{NEW}\n")));
    assert_eq!(home.kept("cloudflare", "key").as_deref(), Some(OWN));
}

#[test]
fn the_login_follows_where_its_own_token_was_rolled() {
    let server = Server::new();
    let home = TestEnv::new();
    home.log_in("cloudflare", &server.url(), &[key(OWN)]);
    listing(&server);
    server
        .expect(
            method("PUT", "/user/tokens/t1/value")
                .bearer(OWN)
                .json(&json!({})),
        )
        .answer(good(&json!(NEW)));
    server
        .expect(get("/user/tokens/verify").bearer(NEW))
        .answer(good(&json!({ "id": "t1", "status": "active" })));
    let unknown =
        json!({ "success": false, "errors": [{ "code": 1000, "message": "Invalid API Token" }] });
    server
        .expect(get("/user/tokens/verify").bearer(OWN))
        .answer(server::json(401, &unknown));
    home.run(["keys", "rotate", "dns", "-y", "--to", "file:dns.key"])
        .any_stderr()
        .exit(0);
    assert_eq!(home.kept("cloudflare", "key").as_deref(), Some(NEW));
}

#[test]
fn what_a_token_may_do_is_said_as_json() {
    let policies =
        r#"[{"effect":"allow","permission_groups":[{"id":"g1"}],"resources":{"r":"*"}}]"#;
    let server = Server::new();
    listing(&server);
    server
        .expect(post("/user/tokens").bearer(OWN).json(&json!({
            "name": "edge",
            "policies": [{ "effect": "allow", "permission_groups": [{ "id": "g1" }], "resources": { "r": "*" } }],
        })))
        .answer(good(&json!({ "id": "t3", "name": "edge", "status": "active", "value": NEW })));
    run(
        &server,
        &[
            "keys",
            "create",
            "edge",
            "--set",
            &format!("policies={policies}"),
        ],
    )
    .expect_stdout(format!("{NEW}\n"))
    .any_stderr()
    .exit(0);
    run(&Server::new(), &["keys", "create", "dns"])
        .stderr_has("policies")
        .exit(2);
    run(
        &Server::new(),
        &["keys", "create", "dns", "--set", "policies=everything"],
    )
    .any_stderr()
    .exit(2);
}

#[test]
fn what_the_service_says_of_a_token_is_told() {
    for (status, word, code) in [
        ("active", "valid (t1)\n", 0),
        ("disabled", "disabled\n", 3),
        ("expired", "expired\n", 3),
    ] {
        let server = Server::with(
            get("/user/tokens/verify").bearer(OWN),
            good(&json!({ "id": "t1", "status": status })),
        );
        run(&server, &["keys", "verify"])
            .expect_stdout(word)
            .exit(code);
    }
}
