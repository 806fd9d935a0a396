//! `providers new` for services with variables, a login, an exchange, keys in parts and keys in a wrapper: each draft
//! passes its check with an example of every call, and then works.

use serde_json::json;

use super::new::{PLACE, text};
use crate::support::home::TestEnv;
use crate::support::messages;
use crate::support::server::{self, Server, delete, get, post};
use crate::support::terminal::Reply;

fn choose(said: &str) -> Reply {
    Reply::Choose(said.to_owned())
}

/// The draft that these flags make.
fn drafted(flags: &[&str]) -> TestEnv {
    let home = TestEnv::new();
    home.run(["-q", "providers", "new", "acme", "--title", "Acme"])
        .args(flags)
        .expect_stdout(format!("[home]/{PLACE}\n"))
        .exit(0);
    passes_check(&home);
    home
}

/// The draft is without a mistake, and each call has an example.
fn passes_check(home: &TestEnv) {
    let checked = home
        .run(["providers", "check", "acme"])
        .stdout_has("no mistakes")
        .exit(0);
    let text = home.read(PLACE).unwrap();
    assert!(
        !checked.stdout.contains("warning"),
        "{}\n{text}",
        checked.stdout
    );
}

fn keys() -> server::Answer {
    json!({ "data": [{ "id": "k7", "label": "ci" }] }).into()
}

#[test]
fn new_login_manages_keys_by_token() {
    let home = drafted(&[
        "--url",
        "https://api.acme.example.com",
        "--header",
        "X-Api-Key",
        "--login",
        "/sessions",
        "--login-user",
        "/user/name",
        "--login-password",
        "/user/secret",
        "--token",
        "/session/token",
        "--token-expiry",
        "/session/ttl=minutes",
        "--token-header",
        "Authorization: Session",
        "--list",
        "/keys",
        "--items",
        "/data",
        "--id",
        "/id",
        "--named",
        "/label",
        "--create",
        "/keys",
        "--secret",
        "/data/value",
        "--wrapper",
        "/data",
        "--revoke",
        "/keys/{id}",
        "--verify",
        "/me",
    ]);
    let server = Server::new();
    let session = json!({ "session": { "token": "fake-session-1", "ttl": 60 } });
    server
        .expect(
            post("/sessions")
                .json(&json!({ "user": { "name": "ada", "secret": "fake-password" } })),
        )
        .answer(session.into());
    let signed = |wanted: server::Wanted| wanted.header("authorization", "Session fake-session-1");
    server.expect(signed(get("/keys"))).answer(keys());
    home.run([
        "login",
        "acme",
        "--email",
        "ada",
        "--base-url",
        &server.url(),
    ])
    .stdin("fake-password\n")
    .stderr_has("logged in to acme as ada until")
    .exit(0);
    server
        .expect(signed(post("/keys")).json(&json!({ "label": "cd" })))
        .answer(json!({ "data": { "id": "k8", "label": "cd", "value": "fake-key-8" } }).into());
    home.run(["keys", "create", "cd", "--json"])
        .stdout_has("\"id\":\"k8\"")
        .stdout_has("\"secret\":\"fake-key-8\"")
        .exit(0);
    server.expect(signed(get("/keys"))).answer(keys());
    server
        .expect(signed(delete("/keys/k7")))
        .answer(server::empty(204));
    home.run(["-q", "-y", "keys", "revoke", "k7"]).exit(0);
}

#[test]
fn new_exchange_of_parts_fills_variables() {
    let home = drafted(&[
        "--url",
        "https://{var.host}/api",
        "--variable",
        "host=name of your server",
        "--with-header",
        "X-Org-Id: {var.org}",
        "--with-header",
        "X-Version: 2027",
        "--part",
        "id=X-Client-Id",
        "--part",
        "secret=X-Client-Secret: Secret",
        "--exchange",
        "PUT /token",
        "--token",
        "/access_token",
        "--token-expiry",
        "/expires_in=seconds",
        "--list",
        "/orgs/{var.org}/clients",
        "--items",
        "/data",
        "--id",
        "/id",
        "--create",
        "/orgs/{var.org}/clients",
        "--secret",
        "secret=/client/secret",
        "--secret",
        "id=/client/id",
        "--wrapper",
        "/client",
    ]);
    let written = home.read(PLACE).unwrap();
    for line in [
        "title = \"name of your server\"\nrequired = true",
        "[variables.org]\ntitle = \"org\"\nrequired = true",
        "headers = [{ at = \"X-Org-Id\", from = \"var.org\" }, { at = \"X-Version\", value = \"2027\" }]",
    ] {
        assert!(written.contains(line), "{line}\n{written}");
    }
    let server = Server::new();
    let of_org = |wanted: server::Wanted| {
        wanted
            .header("x-org-id", "acme-7")
            .header("x-version", "2027")
    };
    let exchanged = || {
        of_org(server::method("PUT", "/token"))
            .header("x-client-id", "c1")
            .header("x-client-secret", "Secret fake-secret-1")
    };
    let token = json!({ "access_token": "fake-token-1", "expires_in": 3600 });
    let listed = || of_org(get("/orgs/acme-7/clients")).bearer("fake-token-1");
    server.expect(exchanged()).answer(token.into());
    server.expect(listed()).answer(keys());
    home.run(["login", "acme", "--with-key", "--set", "org=acme-7"])
        .args(["--base-url", &server.url()])
        .stdin("c1:fake-secret-1\n")
        .stderr_has("logged in to acme; the API key")
        .exit(0);
    let new = json!({ "client": { "id": "c2", "secret": "fake-secret-2" } });
    server
        .expect(
            of_org(post("/orgs/acme-7/clients"))
                .bearer("fake-token-1")
                .json(&json!({})),
        )
        .answer(new.into());
    home.run(["-q", "keys", "create"])
        .expect_stdout("{\"id\":\"c2\",\"secret\":\"fake-secret-2\"}\n")
        .stderr_has("is shown once")
        .exit(0);
}

#[test]
fn new_at_terminal_asks_for_login() {
    let home = TestEnv::new();
    let done = home
        .run(["providers", "new", "acme"])
        .at_a_terminal()
        .reply(text("Acme"))
        .reply(text("https://{var.host}/v1"))
        .reply(choose("HTTP Basic: the key is an id and a secret"))
        .reply(choose("a token that a login with a password gives"))
        .reply(text("/login"))
        .reply(text(""))
        .reply(text("/token"))
        .reply(text("/expires_in=seconds"))
        .reply(text("/keys"))
        .reply(text("/data"))
        .reply(text(""))
        .reply(text("/id"))
        .reply(text(""))
        .reply(text("/keys"))
        .reply(text("/data/id"))
        .reply(text("/data/secret"))
        .reply(text("/data"))
        .reply(text(""))
        .reply(text(""))
        .reply(text("your server"))
        .expect_stdout(format!("[home]/{PLACE}\n"))
        .expect_stderr(messages::MANIFEST_NEXT_STEP)
        .exit(0);
    assert_eq!(done.asked.len(), 20, "{:?}", done.asked);
    passes_check(&home);
    let written = home.read(PLACE).unwrap();
    for line in [
        "[variables.host]\ntitle = \"your server\"\nrequired = true",
        "in = [{ basic = { part = \"password\", of = \"secret\", other = \"credential.key.id\" } }]",
        "{ at = \"/email\", from = \"email\" }",
        "response = { record = \"/data\", secret_parts = { id = \"/data/id\", secret = \"/data/secret\" } }",
    ] {
        assert!(written.contains(line), "{line}\n{written}");
    }
}

#[test]
fn new_at_terminal_asks_for_exchange() {
    let home = TestEnv::new();
    home.run(["providers", "new", "acme"])
        .at_a_terminal()
        .reply(text("Acme"))
        .reply(text("https://api.acme.example.com"))
        .reply(choose("two headers: the key is an id and a secret"))
        .reply(text("X-Id"))
        .reply(text("X-Secret: Key"))
        .reply(choose("a token for which the key is exchanged"))
        .reply(text("/token"))
        .reply(text("/access_token"))
        .reply(text("/expires_at"))
        .reply(text("/keys"))
        .reply(text(""))
        .reply(text(""))
        .reply(text("/id"))
        .reply(text("/name"))
        .reply(text(""))
        .reply(text(""))
        .expect_stdout(format!("[home]/{PLACE}\n"))
        .expect_stderr(messages::MANIFEST_NEXT_STEP)
        .exit(0);
    passes_check(&home);
    let written = home.read(PLACE).unwrap();
    for line in [
        "{ header = { name = \"X-Id\", of = \"id\" } }, { header = { name = \"X-Secret\", scheme = \"Key\", of = \"secret\" } }",
        "expires = { at = \"/expires_at\", as = \"time\" }",
        "auth = [\"token\"]",
    ] {
        assert!(written.contains(line), "{line}\n{written}");
    }
}

#[test]
fn new_drafts_of_each_kind_pass() {
    let keys = ["--list", "/keys", "--id", "/id", "--revoke", "/keys/{id}"];
    let create = ["--create", "/keys", "--secret", "/secret"];
    let token = ["--token", "/token"];
    for flags in [
        &["--header", "X-Key"][..],
        &[
            "--header", "X-Key", "--list", "/keys", "--id", "/id", "--items", "/0/data",
        ],
        &["--query", "api key"],
        &["--basic", "user", "--verify", "HEAD /me"],
        &["--part", "id", "--part", "secret", "--verify", "/me"],
    ] {
        drafted(&[&["--url", "https://api.acme.example.com"], flags].concat());
    }
    for source in [["--login", "/login"], ["--exchange", "/token"]] {
        for placement in [
            ["--header", "X-Key"],
            ["--query", "key"],
            ["--basic", "password"],
        ] {
            for expiry in [
                "seconds",
                "minutes",
                "hours",
                "days",
                "milliseconds",
                "duration",
                "time",
                "unix-ms",
            ] {
                let expiry = format!("/expires={expiry}");
                let expiry = ["--token-expiry", &expiry];
                let url = ["--url", "https://{var.host}/v1"];
                drafted(
                    &[
                        &url[..],
                        &source,
                        &token,
                        &expiry,
                        &placement,
                        &keys,
                        &create,
                    ]
                    .concat(),
                );
            }
        }
    }
}

#[test]
fn new_inconsistent_flags_write_nothing() {
    let home = TestEnv::new();
    let base = ["providers", "new", "acme", "--title", "Acme", "--url"];
    let url = "https://api.acme.example.com";
    let create = ["--create", "/keys"];
    for (flags, said) in [
        (
            &["--header", "X", "--variable", "org=x"][..],
            "nothing names the variable `org`",
        ),
        (
            &["--header", "X", "--login", "/login"],
            "`--token` is missing",
        ),
        (
            &["--header", "X", "--token", "/token"],
            "--login <[METHOD ]PATH>|--exchange <[METHOD ]PATH>",
        ),
        (
            &["--header", "X", "--login", "/l", "--exchange", "/x"],
            "cannot be used with",
        ),
        (&["--part", "id"], "the parts of a key are two or more"),
        (
            &["--part", "id=X-Id", "--part", "secret"],
            "the parts of a key are two or more",
        ),
        (&["--part", "refresh=X-Id", "--part", "secret=Y"], "refresh"),
        (
            &["--header", "X", "--with-header", "X-Org"],
            "--with-header: `X-Org` has no value",
        ),
        (
            &["--header", "X", "--with-header", "X Org: 1"],
            "`X Org` is not a header name",
        ),
        (
            &["--header", "X", "--exchange", "/x", "--token", "token"],
            "--token: ",
        ),
        (
            &[
                "--header",
                "X",
                "--exchange",
                "/x",
                "--token",
                "/t",
                "--token-expiry",
                "/e=second",
            ],
            "did you mean `seconds`?",
        ),
        (&["--header", "X", "--wrapper", "/data"], "--create"),
    ] {
        home.run(base)
            .args([url])
            .args(flags)
            .stderr_has(said)
            .exit(2);
    }
    for (secrets, said) in [
        (
            &["--secret", "/secret"][..],
            "a key in parts has a location for each",
        ),
        (
            &["--secret", "id=/id"],
            "`--secret secret=POINTER` is missing",
        ),
        (&["--secret", "key=/id"], "a key has no part `key`"),
    ] {
        home.run(base)
            .args([url, "--part", "id", "--part", "secret"])
            .args(create)
            .args(secrets)
            .stderr_has(said)
            .exit(2);
    }
    assert_eq!(home.read(PLACE), None);
}
