//! Manifests and services that mean harm, or are merely broken: a clear error, within bounded time and memory.

use std::cell::Cell;
use std::rc::Rc;

use keywright::platform::HttpTransport;
use serde_json::json;

use crate::support::home::TestEnv;
use crate::support::http::{FakeTransport, answer};
use crate::support::run::Run;
use crate::support::server::{self, Server, get};
use crate::user_manifests::{minimal_manifest, then};

/// A service that always has an answer: the body for the number of the request.
fn endless(body: impl Fn(u64) -> String + 'static) -> Rc<FakeTransport> {
    let count = Cell::new(0);
    FakeTransport::answering(move |_| {
        count.set(count.get() + 1);
        Ok(answer(200, body(count.get())))
    })
}

fn home(more: &str) -> TestEnv {
    let home = TestEnv::new();
    home.write("config/providers/mine.toml", minimal_manifest("mine", more));
    home
}

fn list(home: &TestEnv) -> Run {
    home.run(["keys", "list"])
        .env("KEYWRIGHT_PROVIDER", "mine")
        .key("fake-key-0123")
}

fn listing() -> server::Wanted {
    get("/keys").header("x-api-key", "fake-key-0123")
}

const INCOMPLETE_LIST: &str = "the list of mine is incomplete: ";

#[test]
fn endless_list_stops_at_page_limit() {
    for (more, most) in [("", 1_000), (", max_pages = 30", 30)] {
        let home = home(&format!(
            "[operations.list.pagination]\nstyle = \"page\"\nparam = \"page\"{}",
            more.replace(", ", "\n")
        ));
        let http = endless(|count| format!("[{{\"id\":{count}}}]"));
        list(&home)
            .http(Rc::clone(&http) as Rc<dyn HttpTransport>)
            .stderr_has(&format!("{INCOMPLETE_LIST}it has more than {most} pages"))
            .exit(1);
        assert_eq!(http.sent.borrow().len(), most);
    }
}

#[test]
fn manifest_excessive_max_pages_is_refused() {
    let home = home("[operations.list.pagination]\nstyle = \"link\"\nmax_pages = 10001");
    list(&home)
        .stderr_has(":operations.list.pagination.max_pages: it must be between 1 and 10000")
        .exit(2);
}

#[test]
fn list_above_size_limit_fails() {
    let home = home("[operations.list.pagination]\nstyle = \"page\"\nparam = \"page\"");
    let http = endless(|count| format!("[{{\"id\":{count},\"x\":\"{}\"}}]", "x".repeat(3 << 20)));
    list(&home)
        .http(Rc::clone(&http) as Rc<dyn HttpTransport>)
        .stderr_has(&format!(
            "{INCOMPLETE_LIST}it is larger than the 64 MiB that are read"
        ))
        .exit(1);
    assert_eq!(http.sent.borrow().len(), 22);
}

#[test]
fn list_repeated_page_fails() {
    // The service does not know the parameter, and gives its first page for ever.
    let home = home("[operations.list.pagination]\nstyle = \"page\"\nparam = \"p\"");
    let http = endless(|_| "[{\"id\":1},{\"id\":2}]".to_owned());
    list(&home)
        .http(Rc::clone(&http) as Rc<dyn HttpTransport>)
        .stderr_has(&format!("{INCOMPLETE_LIST}a page arrived twice"))
        .exit(1);
    assert_eq!(http.sent.borrow().len(), 2);
}

#[test]
fn next_url_cycle_or_foreign_refused() {
    let home = home(
        "[operations.list.pagination]\nstyle = \"next-url\"\nnext = \"/next\"\n[operations.list.response]\nitems = \"/keys\"",
    );
    let page = |id: u64, next: &str| json!({ "keys": [{ "id": id }], "next": next });
    let server = Server::with(listing(), server::json(200, &page(1, "/keys?b")));
    then(
        &server,
        get("/keys?b").header("x-api-key", "fake-key-0123"),
        server::json(200, &page(2, "/keys?c")),
    );
    then(
        &server,
        get("/keys?c").header("x-api-key", "fake-key-0123"),
        server::json(200, &page(3, "/keys?b")),
    );
    list(&home)
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .stderr_has(&format!(
            "{INCOMPLETE_LIST}it is endless: a page links back to an earlier one"
        ))
        .exit(1);
    for away in [
        "https://evil.example/keys",
        "//evil.example/keys",
        "http://127.0.0.1:1/keys",
        "file:///etc/passwd",
    ] {
        let server = Server::with(listing(), server::json(200, &page(1, away)));
        list(&home)
            .env("KEYWRIGHT_BASE_URL", &server.url())
            .stderr_has(&format!(
                "{INCOMPLETE_LIST}the link to the next page leads to another origin"
            ))
            .exit(1);
    }
}

#[test]
fn list_below_promised_total_fails() {
    for paging in [
        "style = \"link\"\ntotal = \"/total\"",
        "style = \"next-url\"\nnext = \"/next\"\ntotal = \"/total\"",
        "style = \"cursor\"\nparam = \"after\"\nnext = \"/next\"\ntotal = \"/total\"",
        "style = \"page\"\nparam = \"page\"\npages = \"/total\"",
    ] {
        let home = home(&format!(
            "[operations.list.response]\nitems = \"/keys\"\n[operations.list.pagination]\n{paging}"
        ));
        let http = endless(|count| match count {
            1 => "{\"keys\":[{\"id\":1}],\"total\":3}".to_owned(),
            _ => "{\"keys\":[],\"total\":3}".to_owned(),
        });
        let done = list(&home)
            .http(http as Rc<dyn HttpTransport>)
            .stderr_has("were announced")
            .exit(1);
        assert_eq!(done.stdout, "");
    }
}

#[test]
fn list_huge_name_is_truncated() {
    let home = home("");
    let name = "n".repeat(1 << 20);
    let server = Server::with(
        listing(),
        server::json(200, &json!([{ "id": 1, "name": name }])),
    );
    let done = list(&home)
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .any_stdout()
        .exit(0);
    assert!(done.stdout.len() < 4_096, "{}", done.stdout.len());
}

const SHOW: &str = "[operations.show]\nrequest = { method = \"GET\", path = \"/keys/{id}\" }";

#[test]
fn key_id_cannot_escape_path() {
    for (id, path) in [
        ("..", None),
        (".", None),
        ("../admin", Some("/keys/..%2Fadmin")),
        ("%2e%2e", Some("/keys/%252e%252e")),
        ("a?b#c", Some("/keys/a%3Fb%23c")),
        ("a\r\nX: y", Some("/keys/a%0D%0AX%3A%20y")),
    ] {
        let home = home(SHOW);
        let server = Server::with(
            listing(),
            server::json(200, &json!([{ "id": id, "name": "mine" }])),
        );
        if let Some(path) = path {
            then(
                &server,
                get(path).header("x-api-key", "fake-key-0123"),
                server::json(200, &json!({ "id": id })),
            );
        }
        home.run(["keys", "show", "mine"])
            .env("KEYWRIGHT_PROVIDER", "mine")
            .env("KEYWRIGHT_BASE_URL", &server.url())
            .key("fake-key-0123")
            .any_stdout()
            .any_stderr()
            .exit(if path.is_some() { 0 } else { 2 });
    }
}

#[test]
fn header_value_line_break_is_refused() {
    let home = home(
        "[operations.show]\nrequest = { method = \"GET\", path = \"/keys/{id}\", headers = [{ at = \"X-Trace\", from = \"step.look.trace\" }] }\n[[operations.show.before]]\nname = \"look\"\nrequest = { method = \"GET\", path = \"/trace\" }\nresponse = { capture = { trace = \"/trace\" } }",
    );
    let server = Server::with(
        listing(),
        server::json(200, &json!([{ "id": 1, "name": "a" }])),
    );
    then(
        &server,
        get("/trace").header("x-api-key", "fake-key-0123"),
        server::json(200, &json!({ "trace": "a\r\nX-Evil: 1" })),
    );
    home.run(["keys", "show", "a"])
        .env("KEYWRIGHT_PROVIDER", "mine")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .key("fake-key-0123")
        .stderr_has("the value for the header `X-Trace` holds a line break")
        .exit(2);
}

#[test]
fn regex_catastrophic_backtracking_is_bounded() {
    for huge in ["((a{100}){100}){100}", "[a-z]{100000}"] {
        let home = home(&format!(
            "[[errors.rules]]\nmessage = '{huge}'\nreason = \"conflict\""
        ));
        list(&home)
            .stderr_has(
                ":errors.rules.0.message: not a regular expression, or one that is too large",
            )
            .exit(2);
    }
    // Patterns that take exponential time elsewhere are linear here, and only the start of a text is searched.
    let home = home("[[errors.rules]]\nmessage = '^(a*)*b$'\nreason = \"conflict\"");
    let server = Server::with(
        listing(),
        server::json(400, &json!({ "message": "a".repeat(3 << 20) })),
    );
    list(&home)
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .stderr_has("error: mine refused to list keys")
        .exit(1);
}

#[test]
fn response_nested_or_damaged_gzip_fails() {
    let deep = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    let bomb = server::bytes(200, "application/json", &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0])
        .header("Content-Encoding", "gzip");
    for (answer, said) in [
        (
            server::text(200, &deep),
            "mine answered with text that is not JSON",
        ),
        (
            bomb,
            "mine answered with a compressed answer that is damaged",
        ),
    ] {
        let home = home("");
        let server = Server::with(listing(), answer);
        list(&home)
            .env("KEYWRIGHT_BASE_URL", &server.url())
            .any_stderr()
            .stderr_has(said)
            .exit(1);
    }
}

#[test]
fn retry_after_excessive_is_not_awaited() {
    for wait in [
        "99999999999999999999",
        "Thu, 31 Dec 9998 23:59:59 GMT",
        "8760h",
    ] {
        let home = home("");
        let server = Server::with(listing(), server::empty(429).header("Retry-After", wait));
        let done = list(&home)
            .env("KEYWRIGHT_BASE_URL", &server.url())
            .stderr_has("error: mine refused to list keys: too many requests (HTTP 429)\n")
            .exit(7);
        assert_eq!(done.sleeps, [], "{wait}");
    }
}

#[test]
fn manifest_oversized_or_deep_is_refused() {
    let home = TestEnv::new();
    let large = minimal_manifest("mine", &format!("# {}", "x".repeat(1 << 20)));
    home.write("config/providers/mine.toml", large);
    list(&home)
        .stderr_has("mine.toml`: it is larger than the 1 MiB that are read")
        .exit(2);
    let home = TestEnv::new();
    let deep = format!("scopes = {}1{}", "[".repeat(50_000), "]".repeat(50_000));
    home.write(
        "config/providers/mine.toml",
        minimal_manifest("mine", &deep),
    );
    list(&home).stderr_has("mine.toml:").exit(2);
    let home = TestEnv::new();
    let deep = format!("{} = 1", vec!["a"; 50_000].join("."));
    home.write(
        "config/providers/mine.toml",
        minimal_manifest("mine", &deep),
    );
    list(&home).stderr_has("mine.toml:").exit(2);
}

#[test]
fn slow_list_stops_at_time_limit() {
    let home = home("[operations.list.pagination]\nstyle = \"page\"\nparam = \"page\"");
    let clock = std::sync::Arc::clone(&home.clock);
    let http = endless(move |count| {
        clock.pass(25);
        format!("[{{\"id\":{count}}}]")
    });
    list(&home)
        .http(Rc::clone(&http) as Rc<dyn HttpTransport>)
        .stderr_has(&format!("{INCOMPLETE_LIST}it did not finish within 600 s"))
        .exit(1);
    assert_eq!(http.sent.borrow().len(), 25);
}
