//! Requests signed with AWS Signature Version 4, checked by a server that computes each signature itself.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::support::clock::NOON;
use crate::support::home::TestEnv;
use crate::support::server::{self, Server, Wanted, get, method, post};
use crate::support::sigv4::SigV4;

const ID: &str = "AKFAKE0000000001";
const SECRET: &str = "fake/secret+0000000000000000000000000001";
const NOT_ACCEPTED: &str = "mint does not accept it: it is invalid";
const FORM: &str = "application/x-www-form-urlencoded";

/// The signature of a server whose clock is so far from this machine's.
fn signature(ahead: SignedDuration) -> SigV4 {
    let now: Timestamp = NOON.parse().unwrap();
    SigV4 {
        id: ID,
        secret: SECRET,
        token: None,
        scope: "eu-1/mint",
        now: now.checked_sub(ahead).unwrap(),
    }
}

fn signed(wanted: Wanted) -> Wanted {
    wanted.signed(signature(SignedDuration::ZERO))
}

fn mint() -> TestEnv {
    let home = TestEnv::new();
    let manifest = include_str!("manifests/mint.toml");
    home.write("config/providers/mint.toml", manifest);
    home
}

fn who() -> Wanted {
    get("/?Action=Who%20Am%20I")
}

fn form(body: &str) -> Wanted {
    post("/").body(FORM, body.as_bytes())
}

fn list() -> Wanted {
    form("Action=ListAccessKeys")
}

fn creation() -> Wanted {
    post("/keys/a%20b").body(
        "application/x-amz-json-1.1",
        b"{\"Action\":\"CreateAccessKey\"}",
    )
}

fn identity() -> server::Answer {
    json!({ "Arn": "arn:mint:user/ada" }).into()
}

fn logged_in(home: &TestEnv, server: &Server) {
    server.expect(signed(who())).answer(identity());
    home.run(["login", "mint", "--with-key", "--base-url", &server.url()])
        .stdin(format!("{ID}:{SECRET}\n"))
        .expect_stderr(
            "logged in to mint as arn:mint:user/ada; the access key is kept in the test keyring\n",
        )
        .exit(0);
}

#[test]
fn commands_sign_each_request() {
    let (home, server) = (mint(), Server::new());
    logged_in(&home, &server);
    let keys = format!(
        "<ListAccessKeysResponse><Keys><member><AccessKeyId>{ID}</AccessKeyId>\
         <Status>Active</Status></member></Keys></ListAccessKeysResponse>"
    );
    let keys = server::bytes(200, "text/xml", keys.as_bytes());
    server.expect(signed(list())).answer(server::empty(503));
    server.expect(signed(list())).answer(keys.clone());
    let done = home
        .run(["-v", "keys", "list"])
        .stdout_has(ID)
        .stderr_has("> authorization: ***")
        .exit(0);
    assert!(!done.stderr.contains("fake/secret"), "{}", done.stderr);
    let new = json!({ "AccessKeyId": "AKFAKE2", "SecretAccessKey": "fake-secret-2" });
    server.expect(signed(list())).answer(keys.clone());
    server.expect(signed(creation())).answer(new.into());
    home.run(["keys", "create"])
        .expect_stdout("{\"id\":\"AKFAKE2\",\"secret\":\"fake-secret-2\"}\n")
        .stderr_has("the key `AKFAKE2` is shown once")
        .exit(0);
}

#[test]
fn api_signs_raw_requests() {
    let (home, server) = (mint(), Server::new());
    logged_in(&home, &server);
    let any = |wanted: Wanted| signed(wanted.header("accept", "*/*"));
    server
        .expect(any(method("PUT", "/a%20b?b=2&x=1%2F2")))
        .answer(server::text(200, "{}"));
    home.run(["api", "PUT", "/a%20b?x=1/2&b=2"])
        .expect_stdout("{}")
        .exit(0);
    server
        .expect(any(form("Action=Do")))
        .answer(server::text(200, "{}"));
    home.run(["api", "POST", "/", "-d", "Action=Do", "-H"])
        .args([format!("Content-Type: {FORM}")])
        .expect_stdout("{}")
        .exit(0);
}

#[test]
fn session_token_is_signed_too() {
    let (home, server) = (mint(), Server::new());
    let with_token = SigV4 {
        token: Some("fake-session:token"),
        ..signature(SignedDuration::ZERO)
    };
    server.expect(who().signed(with_token)).answer(identity());
    home.run(["login", "mint", "--with-key", "--base-url", &server.url()])
        .stdin(format!("{ID}:{SECRET}:fake-session:token\n"))
        .stderr_has("access key is kept in the test keyring")
        .exit(0);
}

#[test]
fn wrong_clock_is_named_and_corrected() {
    for ahead in [
        SignedDuration::from_mins(10),
        SignedDuration::from_mins(-10),
    ] {
        let (home, server) = (mint(), Server::new());
        let there = signature(ahead);
        let date = there.now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        server
            .expect(who().signed(signature(SignedDuration::ZERO)))
            .answer(
                server::json(
                    403,
                    &json!({ "Error": { "Code": "SignatureDoesNotMatch" } }),
                )
                .header("Date", &date),
            );
        server
            .expect(who().signed(there))
            .answer(identity().header("Date", &date));
        let way = if ahead.is_positive() {
            "600 s ahead of"
        } else {
            "600 s behind"
        };
        home.run(["login", "mint", "--with-key", "--base-url", &server.url()])
            .stdin(format!("{ID}:{SECRET}"))
            .stderr_has(&format!("this machine's clock is {way} that of mint"))
            .stderr_has("logged in to mint")
            .exit(0);
    }
}

#[test]
fn tolerated_wrong_clock_is_named_once() {
    let (home, server) = (mint(), Server::new());
    logged_in(&home, &server);
    let date = "Fri, 20 Nov 2026 12:10:00 GMT";
    let there = signature(SignedDuration::from_mins(-10));
    let full = json!({ "AccessKeyId": "AKFAKE2", "SecretAccessKey": "fake-secret-2" });
    server.expect(signed(list())).answer(
        server::json(200, &json!({ "ListAccessKeysResponse": { "Keys": [] } }))
            .header("Date", date),
    );
    server
        .expect(creation().signed(there))
        .answer(server::json(200, &full).header("Date", date));
    let done = home
        .run(["keys", "create"])
        .expect_stdout("{\"id\":\"AKFAKE2\",\"secret\":\"fake-secret-2\"}\n")
        .stderr_has("warning: this machine's clock is 600 s behind that of mint: set it, for tokens are judged by it\n")
        .exit(0);
    assert_eq!(done.stderr.matches("clock").count(), 1, "{}", done.stderr);
}

#[test]
fn refused_signature_is_not_repeated() {
    let (home, server) = (mint(), Server::new());
    let date = "Fri, 20 Nov 2026 12:00:30 GMT";
    server
        .expect(signed(who()))
        .answer(server::json(401, &json!({ "message": "no" })).header("Date", date));
    home.run(["login", "mint", "--with-key", "--base-url", &server.url()])
        .stdin(format!("{ID}:{SECRET}"))
        .stderr_has(NOT_ACCEPTED)
        .exit(3);
}

#[test]
fn access_key_without_secret_is_refused() {
    let home = mint();
    home.run(["login", "mint", "--with-key"])
        .stdin(ID)
        .stderr_has("the access key has several parts: id, secret, token")
        .stderr_has("hand over one line, `id:secret:token`, or a JSON object")
        .exit(2);
}

#[test]
fn xml_error_is_explained() {
    let (home, server) = (mint(), Server::new());
    logged_in(&home, &server);
    let refusal = "<ErrorResponse xmlns=\"https://mint.example.com/doc/\"><Error><Type>Sender</Type>\
                   <Code>AccessDenied</Code><Message>ask \u{1b}[31m your &lt;admin&gt;</Message></Error>\
                   <RequestId>r-1</RequestId></ErrorResponse>";
    let refusal = refusal.replace('\u{1b}', "&#x9b;");
    server
        .expect(signed(list()))
        .answer(server::bytes(403, "text/xml", refusal.as_bytes()));
    home.run(["keys", "list", "--json"])
        .stderr_has("mint refused to list keys: ask ")
        .stderr_has("[31m your <admin>")
        .stderr_has("\"code\":\"AccessDenied\"")
        .stderr_has("\"request_id\":\"r-1\"")
        .exit(4);
}

#[test]
fn xml_labelled_html_is_read() {
    let (home, server) = (mint(), Server::new());
    let refusal =
        b"<?xml version='1.0'?><ErrorResponse><Error><Code>Invalid</Code></Error></ErrorResponse>";
    server
        .expect(signed(who()))
        .answer(server::bytes(401, "text/html", refusal));
    home.run(["login", "mint", "--with-key", "--base-url", &server.url()])
        .stdin(format!("{ID}:{SECRET}"))
        .stderr_has(NOT_ACCEPTED)
        .exit(3);
}

#[test]
fn xml_alone_proves_no_key() {
    let (home, server) = (mint(), Server::new());
    let page = server::bytes(200, "text/xml", b"<Arn>anything</Arn>");
    server.expect(signed(who())).answer(page);
    home.run(["login", "mint", "--with-key", "--base-url", &server.url()])
        .stdin(format!("{ID}:{SECRET}"))
        .stderr_has("so it is unknown whether it works; nothing was stored")
        .exit(1);
}
