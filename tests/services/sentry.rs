//! Sentry: a next page is always named, and every description holds secrets that no list shows.

use serde_json::{Value, json};

use crate::support::messages;
use crate::support::server;
use crate::support::service::{self, Service};

const AUTH: &str = "sntryu_fake0000000000000000000000000001";
const SECRET: &str = "fake5a592349e249c5906918393766718d";
const KEYS: &str = "/api/0/projects/acme/web/keys/";

fn service() -> Service {
    service::service("sentry", AUTH)
        .credential("auth")
        .keys_at(KEYS)
        .variable("org", "acme")
        .variable("project", "web")
}

fn described(id: &str, name: &str) -> Value {
    json!({
        "id": id,
        "name": name,
        "public": id,
        "secret": SECRET,
        "isActive": true,
        "dsn": { "secret": format!("https://{id}:{SECRET}@o1.ingest.sentry.io/2"), "public": format!("https://{id}@o1.ingest.sentry.io/2") },
        "dateCreated": "2026-06-21T19:50:26.036254Z",
    })
}

/// Returns a page of one key that names a next page.
fn page(service: &Service, key: Value, cursor: &str, results: bool) -> server::Answer {
    let url = service.server.url();
    let link = format!(
        "<{url}{KEYS}?&cursor=0:0:1>; rel=\"previous\"; results=\"false\"; cursor=\"0:0:1\", \
         <{url}{KEYS}?&cursor={cursor}>; rel=\"next\"; results=\"{results}\"; cursor=\"{cursor}\""
    );
    server::json(200, &Value::Array(vec![key])).header("Link", &link)
}

#[test]
fn list_skips_empty_page_hides_secrets() {
    for command in ["keys list", "keys list --json -v"] {
        let service = service().logged_in();
        let first = page(&service, described("aaaa", "one"), "0:100:0", true);
        let second = page(&service, described("bbbb", "two"), "0:200:0", false);
        service
            .lists(first)
            .get(&format!("{KEYS}?&cursor=0:100:0"), second)
            .run(command)
            .stdout_has("one")
            .stdout_has("two")
            .any_stderr()
            .hides(SECRET)
            .exit(0);
    }
}

#[test]
fn login_selects_organisation_then_project() {
    let service = service();
    let organisations = json!([{ "id": "1", "slug": "acme", "name": "Acme" }]);
    let projects = json!([{ "id": "2", "slug": "web", "name": "Web" }]);
    service
        .get("/api/0/organizations/", &organisations)
        .get("/api/0/organizations/", &organisations)
        .get("/api/0/organizations/acme/projects/", projects);
    service
        .login("--with-key")
        .stdin(format!("{AUTH}\n"))
        .stderr_has("organisation: acme\nproject: web\n")
        .exit(0);
    assert_eq!(service.stored().as_deref(), Some(AUTH));
}

#[test]
fn create_prints_public_dsn() {
    let service = service().logged_in();
    service
        .lists(json!([]))
        .creates(&json!({ "name": "ci" }), (201, described("cccc", "ci")))
        .run("keys create ci")
        .expect_stdout("https://cccc@o1.ingest.sentry.io/2\n")
        .stderr_has(&messages::shown_once("ci"))
        .exit(0);
    assert_eq!(service.stored().as_deref(), Some(AUTH));
}

#[test]
fn rotate_keeps_rate_limit() {
    let mut old = described("aaaa", "one");
    old["rateLimit"] = json!({ "count": 1000, "window": 7200 });
    let body = json!({ "name": "one", "rateLimit": { "count": 1000, "window": 7200 } });
    service()
        .logged_in()
        .lists(json!([old]))
        .creates(&body, (201, described("cccc", "one")))
        .lists(json!([old, described("cccc", "one")]))
        .delete(&format!("{KEYS}aaaa/"), 204)
        .run("keys rotate one -y")
        .expect_stdout("https://cccc@o1.ingest.sentry.io/2\n")
        .stderr_has(&messages::rotated("one"))
        .exit(0);
}
