//! The tests themselves are strict: an unexpected output, question or request fails them.

use crate::support::run::{Run, ci};
use crate::support::server::{self, Server, get};
use crate::support::terminal::Reply;

#[test]
#[should_panic(expected = "stderr: expected:")]
fn unexpected_stderr_fails_test() {
    Run::new().args(["keys"]).exit(3);
}

#[test]
#[should_panic(expected = "it ended with 3, not with 0")]
fn unexpected_exit_code_fails_test() {
    Run::new().args(["keys"]).any_stderr().exit(0);
}

#[test]
#[should_panic(expected = "stdin was not read")]
fn unread_stdin_fails_test() {
    Run::new().args(["keys"]).stdin("x").any_stderr().exit(3);
}

#[test]
#[should_panic(expected = "unused replies")]
fn unused_reply_fails_test() {
    Run::new()
        .args(["keys"])
        .reply(Reply::Confirm(true))
        .any_stderr()
        .exit(3);
}

#[test]
#[should_panic(expected = "unexpected question: `Service`")]
fn unexpected_prompt_fails_test() {
    Run::new().args(["login"]).at_a_terminal().exit(3);
}

#[test]
#[should_panic(expected = "1 × did not come")]
fn missing_request_fails_test() {
    Server::with(get("/"), server::empty(200));
}

#[test]
#[should_panic(expected = "unexpected request:\nGET /v1/models")]
fn unexpected_request_fails_test() {
    let server = Server::new();
    ci("siati", &server, ["keys", "verify"])
        .key("sk-siati-fake")
        .any_stderr()
        .exit(8);
}

#[test]
#[should_panic(expected = "expected:\nGET /v1/models")]
fn unexpected_header_fails_test() {
    let server = Server::with(get("/v1/models"), server::empty(200));
    ci("siati", &server, ["keys", "verify"])
        .key("sk-siati-fake")
        .any_stderr()
        .exit(8);
}
