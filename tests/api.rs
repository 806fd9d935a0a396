//! `api`: typed fields, and all pages of a list.

use serde_json::json;

use crate::support::fake::GENERIC_KEY;
use crate::support::home::TestEnv;
use crate::support::run::{Run, ci};
use crate::support::server::{self, Answer, Server, Wanted, get, post};
use crate::user_manifests::minimal_manifest;

fn at(path: &str) -> Wanted {
    get(path)
        .header("x-api-key", GENERIC_KEY)
        .header("accept", "*/*")
}

fn mine(server: &Server, more: &str, args: &[&str]) -> Run {
    let home = TestEnv::new();
    home.write("config/providers/mine.toml", minimal_manifest("mine", more));
    home.run(["api", "GET"])
        .args(args)
        .env("KEYWRIGHT_PROVIDER", "mine")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .key(GENERIC_KEY)
}

fn linked(server: &Server, body: &str, next: Option<&str>) -> Answer {
    let answer = server::text(200, body);
    match next {
        Some(next) => answer.header("link", &format!("<{}{next}>; rel=\"next\"", server.url())),
        None => answer,
    }
}

#[test]
fn api_fields_have_their_types() {
    let body = json!({
        "name": "ci", "enabled": true, "none": null, "limit": 7, "note": "two\nlines\n",
        "from": "stdin", "owner": { "id": 1 }, "scopes": ["read", "write"],
    });
    let server = Server::new();
    server
        .expect(
            post("/v1/keys")
                .bearer(GENERIC_KEY)
                .header("accept", "*/*")
                .json(&body),
        )
        .answer(server::text(200, "{}"));
    let home = TestEnv::new();
    home.write("work/note.txt", "two\nlines\n");
    home.run(["api", "POST", "/v1/keys"])
        .env("KEYWRIGHT_PROVIDER", "generic")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .key(GENERIC_KEY)
        .args([
            "-F",
            "name=ci",
            "-F",
            "enabled=true",
            "-F",
            "none=null",
            "--field",
            "limit=7",
        ])
        .args(["-F", "note=@note.txt", "-F", "from=@-", "-F", "owner[id]=1"])
        .args(["-F", "scopes[]=read", "-F", "scopes[]=write"])
        .stdin("stdin")
        .expect_stdout("{}")
        .exit(0);
}

#[test]
fn api_get_fields_are_query() {
    let server = Server::new();
    server
        .expect(at("/keys?a=1&q=x+y&limit=2&odd%26=%3D&file=fake-secret"))
        .answer(server::text(200, "{}"));
    mine(
        &server,
        "",
        &[
            "/keys?a=1",
            "-v",
            "-F",
            "q=x y",
            "-F",
            "limit=2",
            "-F",
            "odd&==",
        ],
    )
    .args(["-F", "file=@-"])
    .stdin("fake-secret")
    .expect_stdout("{}")
    .stderr_has("/keys?a=1&q=x+y&limit=2&odd%26=%3D&file=***")
    .hides("fake-secret")
    .exit(0);
}

#[test]
fn api_wrong_field_sends_nothing() {
    let server = Server::new();
    for (args, said) in [
        (&["-F", "a"][..], "a field is written NAME=VALUE"),
        (&["-F", "=a"], "a field is written NAME=VALUE"),
        (
            &["-F", "a=@nosuch"],
            "there is no file `[home]/work/nosuch`",
        ),
        (
            &["-F", "a=1", "-F", "a[b]=1"],
            "the field `a[b]` does not fit the others",
        ),
        (&["-F", "a=1", "-d", "{}"], "cannot be used with"),
        (&["--paginate"], "only GET can be read page by page"),
    ] {
        ci("generic", &server, ["api", "POST", "/v1/keys"])
            .args(args)
            .key(GENERIC_KEY)
            .stderr_has(said)
            .exit(2);
    }
}

#[test]
fn api_pages_follow_links() {
    let server = Server::new();
    let pages = [
        ("/all?x=1", "[1, 2]", Some("/all?p=2")),
        ("/all?p=2", "[]", Some("/all?p=3")),
        ("/all?p=3", "[3.10]", None),
    ];
    let expect = || {
        for (path, body, next) in pages {
            server.expect(at(path)).answer(linked(&server, body, next));
        }
    };
    expect();
    mine(&server, "", &["/all", "-F", "x=1", "--paginate"])
        .expect_stdout("[1, 2,3.10]\n")
        .exit(0);
    server
        .expect(at("/all"))
        .answer(linked(&server, "[1]", Some("/all?p=2")));
    mine(&server, "", &["/all"]).expect_stdout("[1]").exit(0);
    server
        .expect(at("/all"))
        .answer(linked(&server, "{\"a\":1}", Some("/all?p=2")));
    server
        .expect(at("/all?p=2"))
        .answer(linked(&server, "{\"a\":2}", None));
    mine(&server, "", &["/all", "--paginate"])
        .expect_stdout("{\"a\":1}\n{\"a\":2}\n")
        .exit(0);
}

#[test]
fn api_pages_follow_manifest() {
    let more = "operations.list.response.items = \"/keys\"\noperations.list.pagination = { style = \"page\", param = \"page\", more = \"/more\" }";
    let server = Server::new();
    server
        .expect(at("/keys?page=1"))
        .answer(server::text(200, "{\"keys\":[1],\"more\":true}"));
    server
        .expect(at("/keys?page=2"))
        .answer(server::text(200, "{\"keys\":[2],\"more\":false}\n"));
    mine(&server, more, &["/keys", "--paginate"])
        .expect_stdout("{\"keys\":[1],\"more\":true}\n{\"keys\":[2],\"more\":false}\n")
        .exit(0);
    // A page that is named is that page.
    server
        .expect(at("/keys?page=2"))
        .answer(server::text(200, "{\"keys\":[2],\"more\":true}"));
    mine(&server, more, &["/keys?page=2", "--paginate"])
        .expect_stdout("{\"keys\":[2],\"more\":true}")
        .exit(0);
}

#[test]
fn api_pages_are_whole_or_error() {
    let server = Server::new();
    server
        .expect(at("/all"))
        .answer(linked(&server, "[1]", Some("/all?p=2")));
    server.expect(at("/all?p=2")).answer(server::empty(403));
    mine(&server, "", &["/all", "--paginate"])
        .stderr_has("error: mine ")
        .exit(4);
    for (next, times) in [("https://elsewhere.example/all", 1), ("/all", 2)] {
        for _ in 0..times {
            let answer = server::text(200, "[1]").header("link", &format!("<{next}>; rel=next"));
            server.expect(at("/all")).answer(answer);
        }
        mine(&server, "", &["/all", "--paginate"])
            .stderr_has("the list of mine is incomplete: ")
            .exit(1);
    }
}
