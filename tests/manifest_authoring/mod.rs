//! The help for the author of a manifest: every mistake, the examples played, a walk through the real service, and a
//! text to begin with.

mod check;
mod check_all;
mod habits;
#[cfg(unix)]
mod likeness;
mod live;
mod new;
mod new_calls;
mod openapi;
mod reads;
#[cfg(unix)]
mod record;
#[cfg(unix)]
mod service;
mod show;

/// A manifest in which nothing is wrong and everything is shown.
pub(super) const ACME: &str = r#"manifest = 1
name = "acme"
title = "Acme"
about = "a service of my own"
checked = "2026-11-20"

[servers.api]
url = "https://api.example.com"
auth = ["key"]

[credentials.key]
kind = "key"
title = "API key"
in = [{ header = { name = "X-Api-Key" } }]

[credentials.key.verify]
request = { method = "GET", path = "/me" }

[[credentials.key.verify.examples]]
name = "it works"
exchanges = [{ request = "GET https://api.example.com/me", status = 200, response = '{}' }]
expect = { result = "valid" }

[rotation]
strategy = "overlap"

[key]
id = "/id"
name = "/name"

[operations.list]
request = { method = "GET", path = "/keys" }

[[operations.list.examples]]
name = "one key"
exchanges = [{ request = "GET https://api.example.com/keys", status = 200, response = '[{"id":"k1","name":"ci"}]' }]
expect = [{ id = "k1", name = "ci" }]

[operations.show]
request = { method = "GET", path = "/keys/{id}" }

[[operations.show.examples]]
name = "one key"
input = { id = "k1" }
exchanges = [{ request = "GET https://api.example.com/keys/k1", status = 200, response = '{"id":"k1","name":"ci"}' }]
expect = { id = "k1" }

[operations.create]
parameters = { name = { required = true, max_length = 64 } }
request = { method = "POST", path = "/keys", body = [{ at = "/name", from = "name" }] }
response = { secret = "/key" }

[[operations.create.examples]]
name = "a new key"
input = { name = "ci" }
exchanges = [{ request = "POST https://api.example.com/keys", body = '{"name":"ci"}', status = 201, response = '{"id":"k1","name":"ci","key":"fake-new"}' }]
expect = { id = "k1", secret = "fake-new" }

[operations.rename]
request = { method = "PATCH", path = "/keys/{id}", body = [{ at = "/name", from = "name" }] }

[[operations.rename.examples]]
name = "another name"
input = { id = "k1", name = "cd" }
exchanges = [{ request = "PATCH https://api.example.com/keys/k1", body = '{"name":"cd"}', status = 200, response = '{"id":"k1","name":"cd"}' }]

[operations.revoke]
request = { method = "DELETE", path = "/keys/{id}" }

[[operations.revoke.examples]]
name = "one key"
input = { id = "k1" }
exchanges = [{ request = "DELETE https://api.example.com/keys/k1", status = 204 }]
"#;

/// The manifest with one text in place of another, which has to be there.
pub(super) fn with(old: &str, new: &str) -> String {
    assert!(ACME.contains(old), "{old}");
    ACME.replacen(old, new, 1)
}
