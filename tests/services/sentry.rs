//! Sentry: a next page is always named, and every description holds secrets that no list shows.

use serde_json::{Value, json};

use crate::support::home::{StoredCredential, TestEnv, key};
use crate::support::server::{self, Server, delete, get, post};

const AUTH: &str = "sntryu_fake0000000000000000000000000001";
const SECRET: &str = "fake5a592349e249c5906918393766718d";
const KEYS: &str = "/api/0/projects/acme/web/keys/";

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

fn link(server: &Server, cursor: &str, results: bool) -> String {
    let url = server.url();
    format!(
        "<{url}{KEYS}?&cursor=0:0:1>; rel=\"previous\"; results=\"false\"; cursor=\"0:0:1\", \
         <{url}{KEYS}?&cursor={cursor}>; rel=\"next\"; results=\"{results}\"; cursor=\"{cursor}\""
    )
}

fn auth() -> StoredCredential<'static> {
    StoredCredential {
        credential: "auth",
        ..key(AUTH)
    }
}

fn logged_in(server: &Server) -> TestEnv {
    let home = TestEnv::new();
    let variables = [("org", "acme"), ("project", "web")];
    home.log_in_as("sentry", "sentry", &server.url(), &variables, &[auth()]);
    home
}

/// A server with two pages of one key each.
fn two_pages() -> Server {
    let server = Server::new();
    let first = server::json(200, &json!([described("aaaa", "one")]))
        .header("Link", &link(&server, "0:100:0", true));
    server.expect(get(KEYS).bearer(AUTH)).answer(first);
    let second = server::json(200, &json!([described("bbbb", "two")]))
        .header("Link", &link(&server, "0:200:0", false));
    server
        .expect(get(&format!("{KEYS}?&cursor=0:100:0")).bearer(AUTH))
        .answer(second);
    server
}

#[test]
fn a_page_that_is_named_is_read_only_where_it_has_results_and_no_secret_is_shown() {
    for arguments in [&["keys", "list"][..], &["keys", "list", "--json", "-v"]] {
        let server = two_pages();
        let done = logged_in(&server)
            .run(arguments)
            .stdout_has("one")
            .stdout_has("two")
            .any_stderr()
            .exit(0);
        assert!(!done.stdout.contains(SECRET), "{}", done.stdout);
        assert!(!done.stderr.contains(SECRET), "{}", done.stderr);
    }
}

#[test]
fn organisation_and_project_are_found_one_by_the_other() {
    let home = TestEnv::new();
    let server = Server::new();
    let organisations = json!([{ "id": "1", "slug": "acme", "name": "Acme" }]);
    for _ in 0..2 {
        server
            .expect(get("/api/0/organizations/").bearer(AUTH))
            .answer(server::json(200, &organisations));
    }
    server
        .expect(get("/api/0/organizations/acme/projects/").bearer(AUTH))
        .answer(server::json(
            200,
            &json!([{ "id": "2", "slug": "web", "name": "Web" }]),
        ));
    let url = server.url();
    home.run(["login", "sentry", "--with-key", "--base-url", &url])
        .stdin(format!("{AUTH}\n"))
        .stderr_has("organisation: acme\nproject: web\n")
        .exit(0);
    assert_eq!(home.kept("sentry", "auth").as_deref(), Some(AUTH));
}

#[test]
fn what_a_create_hands_over_is_the_address_for_an_application() {
    let server = Server::with(get(KEYS).bearer(AUTH), server::json(200, &json!([])));
    server
        .expect(post(KEYS).bearer(AUTH).json(&json!({ "name": "ci" })))
        .answer(server::json(201, &described("cccc", "ci")));
    let home = logged_in(&server);
    home.run(["keys", "create", "ci"])
        .expect_stdout("https://cccc@o1.ingest.sentry.io/2\n")
        .stderr_has("is shown once, here")
        .exit(0);
    assert_eq!(home.kept("sentry", "auth").as_deref(), Some(AUTH));
}

#[test]
fn a_rotation_keeps_the_limit_of_a_key() {
    let mut old = described("aaaa", "one");
    old["rateLimit"] = json!({ "count": 1000, "window": 7200 });
    let server = Server::new();
    server
        .expect(get(KEYS).bearer(AUTH))
        .answer(server::json(200, &json!([old])));
    server
        .expect(
            post(KEYS)
                .bearer(AUTH)
                .json(&json!({ "name": "one", "rateLimit": { "count": 1000, "window": 7200 } })),
        )
        .answer(server::json(201, &described("cccc", "one")));
    server
        .expect(get(KEYS).bearer(AUTH))
        .answer(server::json(200, &json!([old, described("cccc", "one")])));
    server
        .expect(delete(&format!("{KEYS}aaaa/")).bearer(AUTH))
        .answer(server::empty(204));
    logged_in(&server)
        .run(["keys", "rotate", "one", "-y"])
        .expect_stdout("https://cccc@o1.ingest.sentry.io/2\n")
        .any_stderr()
        .exit(0);
}
