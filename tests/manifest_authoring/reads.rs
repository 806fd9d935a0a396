//! `providers check`: every place of the language that reads is counted, and one that leads to nothing is a mistake.

use std::fmt::Write;

use crate::support::home::TestEnv;

/// A manifest that reads in every place of the language, and whose examples show all of it.
const EVERYWHERE: &str = r#"manifest = 1
name = "everywhere"
title = "Everywhere"
about = "a service that says everything"
checked = "2026-11-20"

[servers.api]
url = "https://api.example.com"
auth = ["pair"]

[credentials.pair]
kind = "key"
title = "key pair"
parts = [{ name = "id" }, { name = "secret" }]
in = [{ basic = { part = "password", of = "secret", other = "credential.pair.id" } }]

[credentials.token]
kind = "token"
title = "token"
in = [{ header = { name = "Authorization" } }]

[credentials.pair.verify]
request = { method = "GET", path = "/me" }
response = { require = [{ at = "/active", exists = true }], identity = "/user", key_id = "/own", results = [{ when = [{ at = "/frozen", equals = true }], result = "blocked" }] }

[[credentials.pair.verify.examples]]
name = "a frozen one"
exchanges = [{ request = "GET https://api.example.com/me", status = 200, response = '{"active":true,"user":"ada","own":"k1","frozen":true}' }]
expect = { result = "blocked" }

[variables.org]
title = "organisation"

[variables.org.discover]
call = { request = { method = "GET", path = "/orgs" }, response = { items = "/orgs" }, examples = [
  { name = "two", exchanges = [{ request = "GET https://api.example.com/orgs", status = 200, response = '{"orgs":[{"slug":"a","display":"A"},{"slug":"b"}]}' }] },
] }
value = "/slug"
title = "/display"

[key]
id = "/id"
usage = { requests = "/used" }

[errors]
message = "/error/text"
code = "/error/code"
details = "/error/more"
request_id = { header = "X-Trace" }
docs = "/error/doc"
retry_after = { at = "/error/wait" }

[[errors.rules]]
when = [{ at = "/error/otp", equals = true }]
reason = "challenge"

[challenge]
title = "code"
capture = { session = "/session" }
body = [{ at = "/code", from = "challenge.code" }, { at = "/session", from = "challenge.session" }]

[operations.login]
auth = []
yields = "token"
request = { method = "POST", path = "/login", body = [{ at = "/email", from = "email" }, { at = "/password", from = "credential.password" }] }
response = { token = { value = "/token", refresh = "/renew", expires = { at = "/ttl", as = "seconds" } }, variables = { org = "/org" } }

[[operations.login.examples]]
name = "with a second factor"
input = { email = "u@example.com" }
exchanges = [
  { request = "POST https://api.example.com/login", body = '{"email":"u@example.com","password":"example-password"}', status = 401, response_headers = { X-Trace = "r1" }, response = '{"error":{"text":"no","code":"otp","more":{"left":2},"doc":"https://docs.example.com","wait":1,"otp":true},"session":"s1"}' },
  { request = "POST https://api.example.com/login", body = '{"email":"u@example.com","password":"example-password","code":"example-code","session":"s1"}', status = 200, response = '{"token":"fake-token","renew":"fake-renew","ttl":60,"org":"a"}' },
]

[operations.status]
request = { method = "GET", path = "/key" }
response = { none_if = [{ at = "/none", equals = true }], key = { id = "/key" } }

[[operations.status.examples]]
name = "there is one"
exchanges = [{ request = "GET https://api.example.com/key", status = 200, response = '{"none":false,"key":"k1"}' }]

[operations.list]
request = { method = "GET", path = "/keys" }
response = { items = "/keys", record = "/about", limit = "/most", warning = "/note", key = { name = "/label", carry_over = { zone = "/zone" } }, usage = { cost = "/cost" } }
pagination = { style = "cursor", param = "after", next = "/next", last_item = "/place", more = "/more", total = "/total", pages = "/count" }
details = { request = { method = "GET", path = "/keys/{id}" }, response = { record = "/full", key = { created_at = { at = "/born", as = "time" } } } }

[[operations.list.examples]]
name = "one page"
exchanges = [
  { request = "GET https://api.example.com/keys", status = 200, response = '{"keys":[{"about":{"id":"k1","label":"ci","zone":"eu","cost":1,"used":2},"place":"p1"}],"most":9,"note":"soon","next":null,"more":false,"total":1,"count":1}' },
  { request = "GET https://api.example.com/keys/k1", status = 200, response = '{"full":{"id":"k1","born":"2026-01-01T00:00:00Z"}}' },
]

[operations.create]
request = { method = "POST", path = "/keys", body = [{ at = "/owner", from = "step.owner.id" }, { at = "/name", from = "name" }] }
response = { secret_parts = { id = "/id", secret = "/value" } }

[[operations.create.before]]
name = "owner"
request = { method = "GET", path = "/owners" }
response = { capture = { id = { at = "/owners", find = { at = "/name", from = "name", then = "/id" } } } }

[[operations.create.examples]]
name = "for its owner"
input = { name = "ci" }
exchanges = [
  { request = "GET https://api.example.com/owners", status = 200, response = '{"owners":[{"name":"ci","id":"o1"}]}' },
  { request = "POST https://api.example.com/keys", body = '{"owner":"o1","name":"ci"}', status = 201, response = '{"id":"k2","value":"fake-new"}' },
]

[operations.revoke]
request = { method = "DELETE", path = "/keys/{id}" }
poll = { request = { method = "GET", path = "/keys/{id}" }, when = [{ at = "/state", equals = "gone" }] }

[[operations.revoke.examples]]
name = "in a while"
input = { id = "k1" }
exchanges = [
  { request = "DELETE https://api.example.com/keys/k1", status = 202 },
  { request = "GET https://api.example.com/keys/k1", status = 200, response = '{"state":"gone"}' },
]
"#;

/// The misplaced pointer, its replacement, and the key that has to be named.
const TYPOS: [(&str, &str, &str); 41] = [
    (
        "at = \"/active\"",
        "at = \"/x\"",
        "credentials.pair.verify.response.require.0",
    ),
    (
        "identity = \"/user\"",
        "identity = \"/x\"",
        "credentials.pair.verify.response.identity",
    ),
    (
        "key_id = \"/own\"",
        "key_id = \"/x\"",
        "credentials.pair.verify.response.key_id",
    ),
    (
        "at = \"/frozen\"",
        "at = \"/x\"",
        "credentials.pair.verify.response.results.0.when.0",
    ),
    (
        "value = \"/slug\"",
        "value = \"/x\"",
        "variables.org.discover.value",
    ),
    (
        "title = \"/display\"",
        "title = \"/x\"",
        "variables.org.discover.title",
    ),
    (
        "items = \"/orgs\"",
        "items = \"/x\"",
        "variables.org.discover.call.response.items",
    ),
    (
        "requests = \"/used\"",
        "requests = \"/x\"",
        "key.usage.requests",
    ),
    (
        "message = \"/error/text\"",
        "message = \"/error/txet\"",
        "errors.message",
    ),
    ("code = \"/error/code\"", "code = \"/x\"", "errors.code"),
    (
        "details = \"/error/more\"",
        "details = \"/x\"",
        "errors.details",
    ),
    (
        "header = \"X-Trace\"",
        "header = \"X-Track\"",
        "errors.request_id",
    ),
    ("docs = \"/error/doc\"", "docs = \"/x\"", "errors.docs"),
    (
        "at = \"/error/wait\"",
        "at = \"/x\"",
        "errors.retry_after.at",
    ),
    (
        "at = \"/error/otp\"",
        "at = \"/x\"",
        "errors.rules.0.when.0",
    ),
    (
        "session = \"/session\"",
        "session = \"/x\"",
        "challenge.capture.session",
    ),
    (
        "value = \"/token\"",
        "value = \"/x\"",
        "operations.login.response.token.value",
    ),
    (
        "refresh = \"/renew\"",
        "refresh = \"/x\"",
        "operations.login.response.token.refresh",
    ),
    (
        "at = \"/ttl\"",
        "at = \"/x\"",
        "operations.login.response.token.expires",
    ),
    (
        "org = \"/org\"",
        "org = \"/x\"",
        "operations.login.response.variables.org",
    ),
    (
        "at = \"/none\"",
        "at = \"/x\"",
        "operations.status.response.none_if.0",
    ),
    (
        "id = \"/key\"",
        "id = \"/x\"",
        "operations.status.response.key.id",
    ),
    (
        "items = \"/keys\"",
        "items = \"/x\"",
        "operations.list.response.items",
    ),
    (
        "record = \"/about\"",
        "record = \"/x\"",
        "operations.list.response.record",
    ),
    (
        "limit = \"/most\"",
        "limit = \"/x\"",
        "operations.list.response.limit",
    ),
    (
        "warning = \"/note\"",
        "warning = \"/x\"",
        "operations.list.response.warning",
    ),
    (
        "name = \"/label\"",
        "name = \"/x\"",
        "operations.list.response.key.name",
    ),
    (
        "zone = \"/zone\"",
        "zone = \"/x\"",
        "operations.list.response.key.carry_over.zone",
    ),
    (
        "cost = \"/cost\"",
        "cost = \"/x\"",
        "operations.list.response.usage.cost",
    ),
    (
        "next = \"/next\"",
        "next = \"/x\"",
        "operations.list.pagination.next",
    ),
    (
        "last_item = \"/place\"",
        "last_item = \"/x\"",
        "operations.list.pagination.last_item",
    ),
    (
        "more = \"/more\"",
        "more = \"/x\"",
        "operations.list.pagination.more",
    ),
    (
        "total = \"/total\"",
        "total = \"/x\"",
        "operations.list.pagination.total",
    ),
    (
        "pages = \"/count\"",
        "pages = \"/x\"",
        "operations.list.pagination.pages",
    ),
    (
        "record = \"/full\"",
        "record = \"/x\"",
        "operations.list.details.response.record",
    ),
    (
        "at = \"/born\"",
        "at = \"/x\"",
        "operations.list.details.response.key.created_at",
    ),
    (
        "secret = \"/value\"",
        "secret = \"/x\"",
        "operations.create.response.secret_parts.secret",
    ),
    (
        "at = \"/owners\"",
        "at = \"/x\"",
        "operations.create.before.0.response.capture.id",
    ),
    (
        "find = { at = \"/name\"",
        "find = { at = \"/x\"",
        "operations.create.before.0.response.capture.id",
    ),
    (
        "then = \"/id\"",
        "then = \"/x\"",
        "operations.create.before.0.response.capture.id",
    ),
    (
        "at = \"/state\"",
        "at = \"/x\"",
        "operations.revoke.poll.when.0",
    ),
];

#[test]
fn every_place_that_reads_is_counted() {
    let home = TestEnv::new();
    let path = home.write("everywhere.toml", EVERYWHERE);
    home.run(["-v", "providers", "check", path.to_str().unwrap()])
        .stdout_has(
            "no mistakes\nexamples: 7 of 7 pass\ncoverage: 7 of 7 calls, 41 of 41 response fields\n",
        )
        .exit(0);
}

#[test]
fn pointer_to_nothing_is_found_everywhere() {
    let mut wrong = String::new();
    for (old, new, key) in TYPOS {
        assert_eq!(EVERYWHERE.matches(old).count(), 1, "{old}");
        let home = TestEnv::new();
        let text = EVERYWHERE.replacen(old, new, 1);
        let line = text[..text.find(new).unwrap()].lines().count();
        let path = home.write("everywhere.toml", text);
        let found = home
            .run(["-q", "providers", "check", path.to_str().unwrap(), "--json"])
            .json_stdout()
            .stderr_has("the first: [home]/everywhere.toml")
            .exit(2)
            .json();
        let named = found["mistakes"].as_array().unwrap().iter().any(|mistake| {
            mistake["key"] == key
                && mistake["message"] == "no recorded example contains this path"
                && mistake["fix"] == "fix the path, or add an example that has it"
                && mistake["line"].as_u64().unwrap().abs_diff(line as u64) <= 1
        });
        if !named {
            let _ = writeln!(wrong, "{key} at {line}: {}", found["mistakes"]);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
