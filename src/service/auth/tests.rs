//! Tests of the module above.

use std::cell::RefCell;
use std::rc::Rc;

use jiff::SignedDuration;

use super::*;
use crate::doubles::clock::{FakeClock, NOON};
use crate::doubles::http::{FakeTransport, answer};
use crate::doubles::terminal::FakeTerminal;
use crate::platform::Header;
use crate::report::log::Log;
use crate::service::Values;
use crate::service::request_builder::PreparedRequest;
use crate::service::transport::{DEFAULT_TIMEOUT, Repeat, Transport};

/// Signs with the moment of the attempt.
struct Dated;

impl Authenticator for Dated {
    fn sign(
        &self,
        request: &mut HttpRequest,
        _: &Secret,
        _: &FieldEncoder<'_>,
        now: Timestamp,
    ) -> Result<()> {
        request.headers.retain(|header| header.name != "signed-at");
        let header = Header::plain("signed-at", now.to_string());
        request.headers.push(header);
        Ok(())
    }
}

#[tokio::test]
async fn each_attempt_is_signed_anew() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let sent = Rc::clone(&seen);
    let http = FakeTransport::answering(move |request| {
        let lines: Vec<String> = request.headers.iter().map(Header::as_line).collect();
        sent.borrow_mut().push(lines.join("\n"));
        let status = if sent.borrow().len() == 1 { 503 } else { 200 };
        Ok(answer(status, ""))
    });
    let log = Log::new(Rc::new(FakeTerminal::default()), true, false);
    let transport = Transport {
        http: &*http,
        clock: &FakeClock::new(),
        log: &log,
        timeout: DEFAULT_TIMEOUT,
    };
    let values = Values::at(Timestamp::UNIX_EPOCH);
    let base: url::Url = "https://example.com".parse().unwrap();
    let request = PreparedRequest {
        http: HttpRequest {
            method: "GET".to_owned(),
            url: base.clone(),
            shown_url: "https://example.com".to_owned(),
            headers: Vec::new(),
            body: None,
            identity: None,
            timeout: DEFAULT_TIMEOUT,
        },
        auth: Authentication(vec![(&Dated as &dyn Authenticator, Secret::new("fake"))]),
        values: FieldEncoder::new(&values, &base),
        clock_ahead: SignedDuration::ZERO,
    };
    let outcome = transport.send(request, Repeat::Always, None).await;
    assert_eq!(outcome.unwrap().unwrap().answer.status, 200);
    let seen = seen.borrow();
    assert_eq!(seen.len(), 2);
    assert_eq!(
        seen[0],
        format!("Signed-At: {}", NOON.parse::<Timestamp>().unwrap())
    );
    assert!(seen[1].starts_with("Signed-At: ") && seen[1].lines().count() == 1);
    assert_ne!(seen[0], seen[1]);
}
