//! Lists that go on, as servers write them: whole or an error, and each key once.

use serde_json::{Value, json};

use crate::support::home::TestEnv;
use crate::support::run::Run;
use crate::support::server::{self, Server, Wanted, get};
use crate::user_manifests::{minimal_manifest, then};

fn at(path: &str) -> Wanted {
    get(path).header("x-api-key", "fake-key")
}

/// The list of a service with these lines in its manifest.
fn list(server: &Server, more: &str) -> Run {
    list_of(server, &minimal_manifest("mine", more))
}

fn list_of(server: &Server, manifest: &str) -> Run {
    let home = TestEnv::new();
    home.write("config/providers/mine.toml", manifest);
    home.run(["keys", "list", "--json"])
        .env("KEYWRIGHT_PROVIDER", "mine")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .key("fake-key")
        .any_stdout()
}

fn keys(ids: &[u32]) -> Vec<Value> {
    let key = |id: &u32| json!({ "id": id, "name": format!("n{id}") });
    ids.iter().map(key).collect()
}

fn listed(run: Run) -> Vec<String> {
    let done = run.exit(0);
    let keys = done.json();
    let ids = keys.as_array().unwrap().iter();
    ids.map(|key| key["id"].as_str().unwrap().to_owned())
        .collect()
}

const NUMBERED: &str = "operations.list.response.items = \"/keys\"\noperations.list.pagination = { style = \"page\", param = \"page\", more = \"/more\" }";
const CURSOR: &str = "operations.list.response.items = \"/keys\"\noperations.list.pagination = { style = \"cursor\", param = \"after\", next = \"/next\" }";
const COUNTED: &str = "operations.list.response.items = \"/keys\"\noperations.list.pagination = { style = \"page\", param = \"page\", total = \"/total\" }";
const LINK: &str = "operations.list.pagination = { style = \"link\" }";

#[test]
fn list_null_items_is_empty() {
    let items = "operations.list.response.items = [\"/data/keys\", \"/keys\"]";
    for body in [json!({ "keys": null }), json!({ "data": { "keys": null } })] {
        let server = Server::with(at("/keys"), server::json(200, &body));
        assert!(listed(list(&server, items)).is_empty(), "{body}");
    }
    for body in [json!({ "data": null }), json!({ "total": 0 }), json!(null)] {
        let server = Server::with(at("/keys"), server::json(200, &body));
        list(&server, items)
            .stderr_has("the list is not where its manifest says it is")
            .exit(1);
    }
    let body = json!({ "keys": null, "error": { "message": "the index is rebuilt" } });
    let server = Server::with(at("/keys"), server::json(200, &body));
    list(&server, items)
        .stderr_has("mine refused to list keys: the index is rebuilt")
        .exit(1);
    let body = json!({ "keys": null, "total": 3 });
    let server = Server::with(at("/keys?page=1"), server::json(200, &body));
    list(&server, COUNTED)
        .stderr_has("3 keys were announced, 0 arrived")
        .exit(1);
}

#[test]
fn list_declared_refusal_is_empty() {
    let none = "operations.list.response = { items = \"/keys\", none_if = [{ status = 404 }, { at = \"/code\", equals = \"no_keys\" }] }";
    let server = Server::with(
        at("/keys"),
        server::json(404, &json!({ "code": "no_keys" })),
    );
    assert!(listed(list(&server, none)).is_empty());
    for answer in [
        server::json(404, &json!({ "code": "no_such_team" })),
        server::html(404),
    ] {
        let server = Server::with(at("/keys"), answer);
        list(&server, none)
            .stderr_has("mine refused to list keys")
            .exit(5);
    }
}

#[test]
fn list_empty_middle_page_is_skipped() {
    let server = Server::new();
    for (page, ids, more) in [(1, &[1, 2][..], true), (2, &[], true), (3, &[3], false)] {
        then(
            &server,
            at(&format!("/keys?page={page}")),
            server::json(200, &json!({ "keys": keys(ids), "more": more })),
        );
    }
    assert_eq!(listed(list(&server, NUMBERED)), ["1", "2", "3"]);
    let server = Server::new();
    for (after, ids, next) in [
        ("", &[1][..], "a"),
        ("?after=a", &[], "b"),
        ("?after=b", &[2], ""),
    ] {
        then(
            &server,
            at(&format!("/keys{after}")),
            server::json(200, &json!({ "keys": keys(ids), "next": next })),
        );
    }
    assert_eq!(listed(list(&server, CURSOR)), ["1", "2"]);
}

#[test]
fn next_page_false_ends_list() {
    let next_url = "operations.list.response.items = \"/keys\"\noperations.list.pagination = { style = \"next-url\", next = \"/next\" }";
    for style in [CURSOR, next_url] {
        let page = json!({ "keys": keys(&[1]), "next": false });
        let server = Server::with(at("/keys"), server::json(200, &page));
        assert_eq!(listed(list(&server, style)), ["1"], "{style}");
    }
}

#[test]
fn empty_page_repeating_cursor_ends_list() {
    let server = Server::new();
    for (after, ids) in [("", &[1][..]), ("?after=a", &[])] {
        then(
            &server,
            at(&format!("/keys{after}")),
            server::json(200, &json!({ "keys": keys(ids), "next": "a" })),
        );
    }
    assert_eq!(listed(list(&server, CURSOR)), ["1"]);
}

#[test]
fn endless_empty_pages_are_refused() {
    let server = Server::new();
    for page in 1..=101 {
        then(
            &server,
            at(&format!("/keys?page={page}")),
            server::json(200, &json!({ "keys": [], "more": true })),
        );
    }
    list(&server, NUMBERED)
        .stderr_has("100 pages in a row are empty")
        .exit(1);
}

#[test]
fn link_header_every_form_is_followed() {
    for link in [
        "</keys?ids=1,2;b>; rel=next",
        "</other>; REL=\"prev\", </keys?ids=1,2;b> ; title=\"x, <y>; rel=z\"; Rel=\"last Next\"",
    ] {
        let server = Server::new();
        then(
            &server,
            at("/keys"),
            server::json(200, &json!(keys(&[1])))
                .header("LINK", "</keys>; rel=first")
                .header("link", link),
        );
        then(
            &server,
            at("/keys?ids=1,2;b"),
            server::json(200, &json!(keys(&[2]))),
        );
        assert_eq!(listed(list(&server, LINK)), ["1", "2"], "{link}");
    }
}

#[test]
fn next_link_without_credential_gets_it() {
    let header = "header = { name = \"X-Api-Key\" }";
    let manifest = minimal_manifest("mine", LINK).replace(header, "query = { name = \"token\" }");
    for (next, asked) in [
        ("/keys?start=1", "/keys?start=1&token=fake-key"),
        (
            "/keys?token=fake-key&start=1",
            "/keys?token=fake-key&start=1",
        ),
    ] {
        let server = Server::new();
        then(
            &server,
            get("/keys?token=fake-key"),
            server::json(200, &json!(keys(&[1]))).header("link", &format!("<{next}>; rel=next")),
        );
        then(&server, get(asked), server::json(200, &json!(keys(&[2]))));
        assert_eq!(listed(list_of(&server, &manifest)), ["1", "2"], "{next}");
    }
}

#[test]
fn id_on_two_pages_listed_once() {
    let server = Server::new();
    for (page, ids, more) in [(1, &[1, 2][..], true), (2, &[2], false)] {
        then(
            &server,
            at(&format!("/keys?page={page}")),
            server::json(200, &json!({ "keys": keys(ids), "more": more })),
        );
    }
    assert_eq!(listed(list(&server, NUMBERED)), ["1", "2"]);
    // A page that comes again and again is no list.
    let server = Server::new();
    for page in 1..=2 {
        then(
            &server,
            at(&format!("/keys?page={page}")),
            server::json(200, &json!({ "keys": keys(&[1]), "more": true })),
        );
    }
    list(&server, NUMBERED)
        .stderr_has("a page arrived twice")
        .exit(1);
}

#[test]
fn list_vanished_key_is_skipped() {
    let each =
        "operations.list.details = { request = { method = \"GET\", path = \"/keys/{id}\" } }";
    let server = Server::new();
    then(&server, at("/keys"), server::json(200, &json!(["a", "b"])));
    let missing = || server::json(404, &json!({ "message": "gone" }));
    then(&server, at("/keys/a"), missing());
    then(
        &server,
        at("/keys/b"),
        server::json(200, &json!({ "name": "bee" })),
    );
    assert_eq!(listed(list(&server, each)), ["b"]);
    let server = Server::new();
    then(&server, at("/keys"), server::json(200, &json!(["a", "b"])));
    then(&server, at("/keys/a"), missing());
    then(&server, at("/keys/b"), missing());
    list(&server, each).stderr_has("gone").exit(5);
}

#[test]
fn list_details_complete_listed_key() {
    let each = |more: &str| {
        let key = "{ last_used_at = { at = \"/used\", as = \"time\" } }";
        let call = "{ method = \"GET\", path = \"/keys/{id}\" }";
        format!(
            "operations.list.details = {{ request = {call}, response = {{ key = {key} }}{more} }}"
        )
    };
    let expect_list = |server: &Server| {
        let keys = json!([{ "id": "a", "name": "ay" }, { "id": "b", "name": "bee" }]);
        then(server, at("/keys"), server::json(200, &keys));
    };
    let server = Server::new();
    expect_list(&server);
    let used = json!({ "used": "2026-11-19T00:00:00Z" });
    then(&server, at("/keys/a"), server::json(200, &used));
    // Its own word counts more than that of the list.
    let renamed = json!({ "name": "bumblebee" });
    then(&server, at("/keys/b"), server::json(200, &renamed));
    let keys = list(&server, &each("")).json();
    let told = |key: &Value| {
        let field = |name: &str| key[name].as_str().unwrap_or("-").to_owned();
        [field("id"), field("name"), field("last_used_at")].join(" ")
    };
    let keys: Vec<String> = keys.as_array().unwrap().iter().map(told).collect();
    assert_eq!(keys, ["a ay 2026-11-19T00:00:00Z", "b bumblebee -"]);

    // Where the list is enough, a refusal of the first call is one of all.
    let forbidden = || server::json(403, &json!({ "message": "not for you" }));
    let server = Server::new();
    expect_list(&server);
    then(&server, at("/keys/a"), forbidden());
    let listed = listed(list(&server, &each(", optional = true")));
    assert_eq!(listed, ["a", "b"]);
    let server = Server::new();
    expect_list(&server);
    then(&server, at("/keys/a"), forbidden());
    list(&server, &each("")).stderr_has("not for you").exit(4);
}

#[test]
fn list_huge_numeric_id_is_exact() {
    let id = "184467440737095516150";
    let body = format!("[{{\"id\": {id}, \"name\": \"big\"}}]");
    let server = Server::with(at("/keys"), server::text(200, &body));
    assert_eq!(listed(list(&server, "")), [id]);
}

#[test]
fn list_limit_reads_needed_pages() {
    let page = |number: u32, ids: &[u32]| {
        let body = json!({ "keys": keys(ids), "more": true });
        (
            at(&format!("/keys?page={number}")),
            server::json(200, &body),
        )
    };
    let server = Server::new();
    let limited = |args: &[&str]| listed(list(&server, NUMBERED).args(args));
    let expect = |pages: &[(u32, &[u32])]| {
        for (number, ids) in pages {
            let (wanted, answer) = page(*number, ids);
            server.expect(wanted).answer(answer);
        }
    };
    expect(&[(1, &[1, 2])]);
    assert_eq!(limited(&["--limit", "2"]), ["1", "2"]);
    expect(&[(1, &[1, 2]), (2, &[3, 4])]);
    assert_eq!(limited(&["--limit", "3"]), ["1", "2", "3"]);
    for order in [&["--reverse"][..], &["--sort", "id", "--reverse"]] {
        expect(&[(1, &[1, 3])]);
        let last = json!({ "keys": keys(&[2]), "more": false });
        server
            .expect(at("/keys?page=2"))
            .answer(server::json(200, &last));
        let first = if order.len() == 1 { "2" } else { "3" };
        let args = [&["--limit", "1"], order].concat();
        assert_eq!(limited(&args), [first], "{order:?}");
    }
    list(&server, NUMBERED)
        .args(["--limit", "0"])
        .stderr_has("invalid value '0' for '--limit <N>'")
        .exit(2);
}

#[test]
fn list_limit_counts_filtered_keys() {
    let dated =
        |id: u32, created: &str| json!({ "id": id, "name": format!("n{id}"), "created": created });
    let manifest = minimal_manifest("mine", NUMBERED).replace(
        "name = \"/name\" }",
        "name = \"/name\", created_at = { at = \"/created\", as = \"time\" } }",
    );
    let server = Server::new();
    for (page, id) in [(1, 1), (2, 2)] {
        let created = ["2026-11-19T00:00:00Z", "2026-01-01T00:00:00Z"][id as usize - 1];
        let body = json!({ "keys": [dated(id, created)], "more": true });
        server
            .expect(at(&format!("/keys?page={page}")))
            .answer(server::json(200, &body));
    }
    let args = ["--limit", "1", "--older-than", "30d"];
    assert_eq!(listed(list_of(&server, &manifest).args(args)), ["2"]);
}
