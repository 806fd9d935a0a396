use super::{Answer, Bench, Call, character, of_behavior};
use keywright::sandbox::Behavior;

const DEMO: &str = "org-sandbox-demo";

fn call(bench: &Bench, path: &str, key: &str, organization: &str) -> Call {
    bench
        .call("siesta", "GET", path)
        .header("X-Api-Key", key)
        .header("X-Org-Id", organization)
}

#[track_caller]
fn refused(answer: &Answer, status: u16) {
    let body = answer.json(status);
    assert_eq!(body["status"], status);
    assert!(body["detail"].is_string() && body["title"].is_string());
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json")
    );
}

#[test]
fn login_includes_organization() {
    let bench = Bench::new();
    let logins = bench.sandbox.logins().expect("logins");
    let siesta = logins
        .iter()
        .find(|login| login.provider == "siesta")
        .expect("a login");
    assert_eq!(siesta.variables, [("org_id", DEMO)]);
    let answer = call(&bench, "/api/v1/Agent?Limit=10", &siesta.secret, DEMO).send();
    assert_eq!(answer.json(200)["items"].as_array().map(Vec::len), Some(10));
}

#[test]
fn agents_are_paginated() {
    let bench = Bench::new();
    let key = character("siesta", Behavior::Working);
    let page = |query: &str| call(&bench, &format!("/api/v1/Agent{query}"), key, DEMO).send();
    let rest = page("?Limit=10&Offset=10").json(200);
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        (&rest["totalCount"], &rest["offset"]),
        (&12.into(), &10.into())
    );
    assert_eq!(page("").json(200)["limit"], 10);
    assert_eq!(
        page("?Offset=99").json(200)["items"]
            .as_array()
            .map(Vec::len),
        Some(0)
    );
    for query in [
        "?Limit=0",
        "?Limit=101",
        "?Limit=x",
        "?limit=10",
        "?Limit=1&Limit=2",
        "?Offset=-1",
    ] {
        refused(&page(query), 400);
    }
    let id = rest["items"][0]["id"].as_str().expect("an id");
    assert_eq!(page(&format!("/{id}")).json(200), rest["items"][0]);
}

#[test]
fn agent_of_other_organization_is_404() {
    let bench = Bench::new();
    let other = character("siesta", Behavior::OtherOrganization);
    let theirs = call(&bench, "/api/v1/Agent", other, "org-sandbox-other")
        .send()
        .json(200);
    let path = format!(
        "/api/v1/Agent/{}",
        theirs["items"][0]["id"].as_str().expect("an id")
    );
    assert_eq!(
        call(&bench, &path, other, "org-sandbox-other")
            .send()
            .status,
        200
    );
    let key = character("siesta", Behavior::Working);
    refused(&call(&bench, &path, key, DEMO).send(), 404);
    refused(
        &call(&bench, "/api/v1/Agent/unknown", key, DEMO).send(),
        404,
    );
    for path in [
        "/api/v1/agent",
        "/api/v1/Agent/",
        "/api/v1/Agents",
        "/v1/Agent",
        "/api/v1/Agent/a/b",
    ] {
        refused(&call(&bench, path, key, DEMO).send(), 404);
    }
    let posted = bench.call("siesta", "POST", "/api/v1/Agent").send();
    refused(&posted, 405);
    assert_eq!(posted.header("allow"), Some("GET"));
}

#[test]
fn key_and_organization_must_match() {
    let bench = Bench::new();
    let path = "/api/v1/Agent";
    for key in of_behavior("siesta", Behavior::Working) {
        assert_eq!(call(&bench, path, key, DEMO).send().status, 200);
        refused(&call(&bench, path, key, "org-sandbox-other").send(), 403);
        let alone = bench
            .call("siesta", "GET", path)
            .header("X-Api-Key", key)
            .send();
        refused(&alone, 403);
        let bearer = bench
            .call("siesta", "GET", path)
            .bearer(key)
            .header("X-Org-Id", DEMO)
            .send();
        refused(&bearer, 401);
    }
    refused(
        &bench
            .call("siesta", "GET", path)
            .header("X-Org-Id", DEMO)
            .send(),
        401,
    );
    refused(&call(&bench, path, "unknown", DEMO).send(), 401);
    refused(
        &call(&bench, path, character("siesta", Behavior::Expired), DEMO).send(),
        401,
    );
    refused(
        &call(
            &bench,
            path,
            character("siesta", Behavior::NoPermission),
            DEMO,
        )
        .send(),
        403,
    );
    refused(
        &call(
            &bench,
            path,
            character("siesta", Behavior::OtherOrganization),
            DEMO,
        )
        .send(),
        403,
    );
}

#[test]
fn rate_limited_requests_return_429() {
    let bench = Bench::new();
    let ask = |role| call(&bench, "/api/v1/Agent", character("siesta", role), DEMO).send();
    let slow = ask(Behavior::LimitedOnce);
    refused(&slow, 429);
    assert_eq!(slow.header("retry-after"), Some("1"));
    assert_eq!(ask(Behavior::LimitedOnce).status, 200);
    refused(&ask(Behavior::Limited), 429);
    refused(&ask(Behavior::Limited), 429);
}
