//! Tests of the module above.

mod federation;
mod names;

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
fn valid_manifest_has_no_diagnostics() {
    assert_eq!(problems(str::to_owned), []);
}

#[test]
fn undefined_reference_is_reported() {
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
fn undeclared_secret_header_is_reported() {
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
fn incomplete_operation_is_reported() {
    let with = |operation: &'static str| move |text: &str| format!("{text}\n{operation}\n");
    has(
        with(r#"operations.create = { request = { method = "POST", path = "/keys" } }"#),
        "operations.create.response.secret",
        "the new secret is missing",
    );
    has(
        with(r#"operations.revoke = { request = { method = "DELETE", path = "/keys" } }"#),
        "operations.revoke.request",
        "does not name the key",
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
        "name the credential",
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
        "no parameter of this name",
    );
}

#[test]
fn invalid_host_name_is_reported() {
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
    has(with(""), "hosts.0", "a host needs `names`");
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

#[test]
fn write_pointer_with_wildcard_is_refused() {
    let create = |body: &str| {
        format!(
            "operations.create = {{ request = {{ method = \"POST\", path = \"/keys\", body = [{body}] }}, response = {{ secret = \"/key\" }} }}"
        )
    };
    for (operation, place) in [
        (
            create(r#"{ at = "/roles/*/name", from = "name" }"#),
            "operations.create.request.body.0.at",
        ),
        (
            create(r#"{ at = "/roles/-", from = "name" }"#),
            "operations.create.request.body.0.at",
        ),
        (
            create(r#"{ at = "", from = "name", wrap_in = "/-/name" }"#),
            "operations.create.request.body.0.wrap_in",
        ),
        (
            r#"challenge = { title = "code", body = [{ at = "/*/code", from = "challenge.code" }] }"#
                .to_owned(),
            "challenge.body.0.at",
        ),
    ] {
        has(
            |text| format!("{text}\n{operation}\n"),
            place,
            "write the number of an element",
        );
    }
    has(
        |text| {
            text.replace(
                r#"header = { name = "X-Api-Key" }"#,
                r#"body = { at = "/keys/-" }"#,
            )
        },
        "credentials.key.in.0",
        "`-` would be sent as a name",
    );
    has(
        |text| {
            text.replace(
                r#"path = "/keys" }"#,
                r#"path = "/keys" }, pagination = { style = "page", param = "/*/page", in = "body" }"#,
            )
        },
        "operations.list.pagination.param",
        "`*` would be sent as a name",
    );
}

#[test]
fn origin_is_known_to_fields_alone() {
    let step = |step: &str| {
        format!(
            r#"operations.create = {{ before = [{{ name = "op", {step}, response = {{ capture = {{ id = "" }} }} }}], request = {{ method = "POST", path = "/keys" }}, response = {{ secret = "/key" }} }}
programs = ["op"]"#
        )
    };
    for (text, place) in [
        (
            step(r#"program = { words = ["op", "{server.origin}"] }"#),
            "operations.create.before.0.program",
        ),
        (
            step(r#"program = { words = ["op"], stdin = "server.origin" }"#),
            "operations.create.before.0.program",
        ),
        (
            step(r#"request = { method = "GET", path = "/{server.origin}" }"#),
            "operations.create.before.0.request",
        ),
    ] {
        has(
            |good| format!("{good}\n{text}\n"),
            place,
            "it can be used only in a field of a request",
        );
    }
    assert_eq!(
        problems(|text| text.replace(
            r#"path = "/keys""#,
            r#"path = "/keys", headers = [{ at = "Origin", from = "server.origin" }]"#
        )),
        []
    );
}

#[test]
fn exchange_without_credential_is_refused() {
    let exchange = |rest: &str| {
        format!(
            "credentials.token = {{ kind = \"token\", title = \"t\" }}\noperations.exchange = {{ {rest}, yields = \"token\", response = {{ token = {{ value = \"/token\" }} }} }}"
        )
    };
    for rest in [
        r#"auth = [], request = { method = "POST", path = "/x" }"#,
        r#"auth = ["key"], request = { method = "POST", path = "/x", authenticate = false }"#,
    ] {
        has(
            |text| format!("{text}\n{}\n", exchange(rest)),
            "operations.exchange.auth",
            "name the key in `auth`",
        );
    }
    let good = r#"request = { method = "POST", path = "/x", authenticate = false, body = [{ at = "/key", from = "credential.key" }] }"#;
    assert_eq!(problems(|text| format!("{text}\n{}\n", exchange(good))), []);
}

#[test]
fn credential_of_another_call_is_refused() {
    let spare = "credentials.spare = { kind = \"key\", title = \"s\", in = [{ header = { name = \"X-Spare\" } }] }";
    let session = "credentials.session = { kind = \"token\", title = \"s\", in = [{ header = { name = \"X-Session\" } }] }";
    let token = "yields = \"session\", response = { token = { value = \"/t\" } }";
    let call = |source: &str| {
        format!(
            "request = {{ method = \"POST\", path = \"/x\", body = [{{ at = \"/a\", from = \"{source}\" }}] }}"
        )
    };
    for (operation, place, fix) in [
        (
            format!("operations.rename = {{ {}, parameters.id = {{}} }}", call("credential.spare")),
            "operations.rename.request.body.0.from",
            "name `spare` in `auth`",
        ),
        (
            format!("operations.rename = {{ {} }}", call("credential.key.refresh")),
            "operations.rename.request.body.0.from",
            "only `refresh` and `revoke` know",
        ),
        (
            format!("operations.login = {{ {token}, {} }}", call("credential.key")),
            "operations.login.request.body.0.from",
            "a login knows only `credential.password`",
        ),
        (
            format!("operations.refresh = {{ {token}, auth = [], {} }}", call("credential.key")),
            "operations.refresh.request.body.0.from",
            "the credential that it yields",
        ),
        (
            format!("credentials.spare.verify = {{ {} }}", call("credential.key")),
            "credentials.spare.verify.request.body.0.from",
            "the credential that it verifies",
        ),
        (
            format!("variables.team = {{ title = \"team\", discover = {{ value = \"/id\", call = {{ {} }} }} }}", call("credential.spare")),
            "variables.team.discover.call.request.body.0.from",
            "name `spare` in `auth`",
        ),
        (
            "servers.other = { url = \"https://x.example\", headers = [{ at = \"X-Y\", from = \"credential.spare\" }] }".to_owned(),
            "servers.other.headers.0.from",
            "name `spare` in `auth`",
        ),
        (
            "credentials.pair = { kind = \"key\", title = \"p\", in = [{ basic = { part = \"user\", other = \"credential.spare\" } }] }".to_owned(),
            "credentials.pair.in.0.basic.other",
            "name `spare` in `auth`",
        ),
    ] {
        has(
            |text| {
                let spare = match operation.strip_prefix("credentials.spare.verify") {
                    Some(_) => spare.replace(" }] }", &format!(" }}], verify{} }}", &operation["credentials.spare.verify".len()..])),
                    None => format!("{spare}\n{operation}"),
                };
                format!("{text}\n{spare}\n{session}\n")
            },
            place,
            fix,
        );
    }
    let good = format!(
        "{session}\noperations.refresh = {{ {token}, {} }}",
        call("credential.session.refresh")
    );
    assert_eq!(problems(|text| format!("{text}\n{good}\n")), []);
}

#[test]
fn discovery_credential_requires_placement() {
    let discovery = "credentials.spare = { kind = \"key\", title = \"s\" }\nvariables.team = { title = \"team\", discover = { value = \"/id\", call = { auth = [\"spare\"], request = { method = \"GET\", path = \"/teams\" } } } }";
    has(
        |text| format!("{text}\n{discovery}\n"),
        "credentials.spare.in",
        "no request carries it",
    );
}

#[test]
fn value_to_find_is_checked() {
    has(
        |text| {
            text.replace(
                r#"path = "/keys" }"#,
                r#"path = "/keys" }, response = { items = { at = "/all", find = { at = "/name", from = "var.tenant", then = "/keys" } } }"#,
            )
        },
        "operations.list.response",
        "[variables.tenant]",
    );
}

#[test]
fn signer_without_parts_is_reported() {
    let signs = |text: &str| {
        let carried = r#"in = [{ header = { name = "X-Api-Key" } }]"#;
        assert!(text.contains(carried));
        text.replace(
            carried,
            r#"parts = [{ name = "id" }, { name = "key" }], in = [{ aws-sigv4 = { service = "s", region = "{var.region}" } }]"#,
        )
    };
    has(
        signs,
        "credentials.key.in.0.aws-sigv4",
        "no part `secret`: declare it under [[credentials.key.parts]], or name another with `secret_access_key`",
    );
    has(signs, "credentials.key", "[variables.region]");
    for (parts, path, message) in [
        (
            "separator = \":\"",
            "credentials.key.separator",
            "declare them",
        ),
        (
            "parts = [{ name = \"a\", optional = true }, { name = \"b\" }]",
            "credentials.key.parts",
            "comes after those",
        ),
    ] {
        has(
            |text| text.replace("kind = \"key\"", &format!("kind = \"key\", {parts}")),
            path,
            message,
        );
    }
}

#[test]
fn token_mistakes_are_reported() {
    for (jwt, path, message) in [
        (
            r#"alg = "HS256", claims = [{ at = "/kid", from = "signer.thumbprint" }]"#,
            "claims",
            "it can be used only in a `jwt`",
        ),
        (
            r#"alg = "RS256", claims = [{ at = "iss", from = "var.org" }]"#,
            "claims.0.at",
            "it is a JSON Pointer: `/iss`",
        ),
        (
            r#"alg = "RS256", encoding = "hex", claims = []"#,
            "encoding",
            "only a secret for `HS256` has one",
        ),
        (
            r#"alg = "RS256", claims = [], in = { jwt = { alg = "RS256", claims = [] } }"#,
            "in",
            "it is the place of the token",
        ),
        (
            r#"alg = "RS256", claims = [], in = { query = { name = "t", of = "p" } }"#,
            "in",
            "named by `of` of the `jwt`",
        ),
    ] {
        let carried = r#"in = [{ header = { name = "X-Api-Key" } }]"#;
        let path = match path {
            "claims" => "credentials.key.in.0.jwt".to_owned(),
            path => format!("credentials.key.in.0.jwt.{path}"),
        };
        let change = |text: &str| text.replace(carried, &format!("in = [{{ jwt = {{ {jwt} }} }}]"));
        has(change, &path, message);
    }
}
