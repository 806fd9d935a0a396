//! Tests of the module above.

use super::*;

const GOOD: &str = r#"
manifest = 1
name = "demo"
title = "Demo"
about = "a demo"
checked = "2026-11-20"
servers.api = { url = "https://api.example.com", auth = ["key"] }
credentials.key = { kind = "key", title = "key", in = [{ header = { name = "X-Api-Key" } }] }
variables.org = { title = "organisation" }
operations.list = { request = { method = "GET", path = "/keys" } }
"#;

fn problems(change: impl Fn(&str) -> String) -> Vec<(String, String)> {
    let manifest = Manifest::parse(&change(GOOD), "demo.toml");
    assert!(manifest.is_ok(), "{:?}", manifest.err());
    validate(&manifest.ok().unwrap())
        .into_iter()
        .map(|problem| (problem.path.join("."), problem.message))
        .collect()
}

fn has(change: impl Fn(&str) -> String, path: &str, word: &str) {
    let found = problems(change);
    assert!(
        found
            .iter()
            .any(|(at, message)| at == path && message.contains(word)),
        "{found:?}"
    );
}

#[test]
fn a_sound_manifest_has_no_problems() {
    assert_eq!(problems(str::to_owned), []);
}

#[test]
fn names_that_do_not_exist_are_found() {
    has(
        |text| text.replace(r#"auth = ["key"]"#, r#"auth = ["token"]"#),
        "servers.api.auth",
        "credentials.token",
    );
    has(
        |text| text.replace(r#"path = "/keys""#, r#"path = "/{var.tenant}/keys""#),
        "operations.list.request",
        "[variables.tenant]",
    );
    has(
        |text| text.replace(r#"path = "/keys""#, r#"path = "/keys", server = "app""#),
        "operations.list.request.server",
        "[servers.app]",
    );
    has(
        |text| text.replace(r#"path = "/keys""#, r#"path = "/{step.account.id}/keys""#),
        "operations.list.request",
        "step `account`",
    );
}

#[test]
fn a_secret_that_is_not_declared_as_one_is_found() {
    has(
        |text| {
            text.replace(
                r#"path = "/keys""#,
                r#"path = "/keys", headers = [{ at = "Authorization", from = "var.org" }]"#,
            )
        },
        "operations.list.request.headers.0",
        "carries a secret",
    );
}

#[test]
fn an_operation_has_to_be_able_to_work() {
    let with = |operation: &'static str| move |text: &str| format!("{text}\n{operation}\n");
    has(
        with(r#"operations.create = { request = { method = "POST", path = "/keys" } }"#),
        "operations.create.response.secret",
        "the new secret is missing",
    );
    has(
        with(r#"operations.revoke = { request = { method = "DELETE", path = "/keys" } }"#),
        "operations.revoke.request",
        "which key",
    );
    has(
        with("operations.rename = {}"),
        "operations.rename",
        "one of",
    );
    has(
        with(r#"operations.show = { via = "status" }"#),
        "operations.show.via",
        "operations.status",
    );
    has(
        with(r#"operations.exchange = { request = { method = "POST", path = "/x" } }"#),
        "operations.exchange.yields",
        "which",
    );
    has(
        with(r#"rotation = { strategy = "atomic" }"#),
        "rotation.strategy",
        "operations.rotate",
    );
    has(
        with(
            "key = { carry_over = { place = \"/place\" } }\noperations.create = { request = { method = \"POST\", path = \"/x\" }, response = { secret = \"/key\" } }",
        ),
        "key.carry_over.place",
        "no such input",
    );
}

#[test]
fn a_host_is_written_as_programs_ask_with_it() {
    let with = |names: &'static str| {
        move |text: &str| format!("{text}\nhosts = [{{ names = [{names}], auth = [\"key\"] }}]\n")
    };
    assert_eq!(
        problems(with(
            r#""registry.example.com:5000", "https://x.example/v1/""#
        )),
        []
    );
    for bad in [
        r#""a@b.example""#,
        r#""b.example/v1/""#,
        r#""http://b.example""#,
        r#""b example""#,
        r#""""#,
    ] {
        has(
            |text| format!("{text}\nhosts = [{{ names = [{bad}], auth = [\"key\"] }}]\n"),
            "hosts.0.names.0",
            "as programs ask",
        );
    }
    has(with(""), "hosts.0", "say its `names`");
    has(
        with(r#""{var.tenant}.example.com""#),
        "hosts.0",
        "[variables.tenant]",
    );
    has(
        |text| format!("{text}\nhosts = [{{ names = [\"x.example\"], auth = [\"token\"] }}]\n"),
        "hosts.0.auth",
        "credentials.token",
    );
}
