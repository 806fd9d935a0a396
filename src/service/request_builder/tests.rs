//! Tests of the module above.

use jiff::Timestamp;

use super::*;
use crate::core::key::Expiry;
use crate::service::FieldValue;

const NOW: &str = "2026-11-20T00:00:00Z";

fn spec(text: &str) -> RequestSpec {
    toml_edit::de::from_str(text).unwrap()
}

fn built(text: &str, fill: impl Fn(&mut Values)) -> Result<HttpRequest> {
    let mut values = Values::at(NOW.parse().unwrap());
    fill(&mut values);
    let base = Url::parse("https://example.com/v1").unwrap();
    let around = RequestContext {
        whole: false,
        base: &base,
        headers: Vec::new(),
        body: &[],
        credential: None,
        timeout: Duration::from_secs(30),
        now: values.now,
        clock_ahead: SignedDuration::ZERO,
    };
    build_request(&spec(text), &around, &values).map(|request| request.http)
}

fn body_of(text: &str, fill: impl Fn(&mut Values)) -> String {
    let text = format!("method = \"POST\"\npath = \"/x/\"\n{text}");
    let request = built(&text, fill).ok().unwrap();
    request.body.unwrap().text.expose().to_owned()
}

fn ends(days: i64) -> FieldValue {
    let now: Timestamp = NOW.parse().unwrap();
    FieldValue::Ends(Expiry::At(
        now + jiff::SignedDuration::from_hours(24 * days),
    ))
}

#[test]
fn body_nests_fields_omits_missing() {
    let text = r#"body = [
        { at = "/data/type", value = "api_keys" },
        { at = "/data/attributes/name", from = "name" },
        { at = "/list/0/id", value = 7 },
        { at = "/gone", from = "nothing" },
        { at = "/null", from = "nothing", when_missing = "null" },
    ]"#;
    assert_eq!(
        body_of(text, |values| values.input("name", "ci")),
        r#"{"data":{"type":"api_keys","attributes":{"name":"ci"}},"list":[{"id":7}],"null":null}"#
    );
    assert_eq!(body_of("body = []", |_| ()), "{}");
}

#[test]
fn expiry_is_encoded_in_field_unit() {
    for (form, written) in [
        ("days", "180"),
        ("hours", "4320"),
        ("seconds", "15552000"),
        ("unix", "1810684800"),
        ("rfc3339", "\"2027-05-19T00:00:00Z\""),
        ("naive", "\"2027-05-19T00:00:00\""),
        ("date", "\"2027-05-19\""),
        ("duration", "\"15552000s\""),
        ("minutes", "259200"),
        ("weeks", "25"),
        ("milliseconds", "15552000000"),
        ("unix-ms", "1810684800000"),
        ("rfc3339-ms", "\"2027-05-19T00:00:00.000Z\""),
        ("date-time", "\"2027-05-19 00:00:00\""),
        ("http-date", "\"Wed, 19 May 2027 00:00:00 GMT\""),
    ] {
        let text = format!(r#"body = [{{ at = "/e", from = "expires", as = "{form}" }}]"#);
        let body = body_of(&text, |values| {
            values.set(&Source::Input("expires".to_owned()), ends(180));
        });
        assert_eq!(body, format!(r#"{{"e":{written}}}"#), "{form}");
    }
}

#[test]
fn expiry_never_uses_when_unlimited() {
    let fill = |values: &mut Values| {
        values.set(
            &Source::Input("expires".to_owned()),
            FieldValue::Ends(Expiry::Never),
        );
    };
    assert_eq!(
        body_of(
            r#"body = [{ at = "/e", from = "expires", as = "days", when_unlimited = 0 }]"#,
            fill
        ),
        r#"{"e":0}"#
    );
    assert_eq!(
        body_of(
            r#"body = [{ at = "/e", from = "expires", as = "days" }]"#,
            fill
        ),
        "{}"
    );
}

#[test]
fn grace_zero_is_encoded_as_zero() {
    for (form, grace, written) in [
        ("minutes", "0s", "0"),
        ("days", "0d", "0"),
        ("duration", "0s", "\"0s\""),
        ("seconds", "never", "-1"),
        ("minutes", "2h", "120"),
    ] {
        let text = format!(
            r#"body = [{{ at = "/g", from = "grace", as = "{form}", when_unlimited = -1 }}]"#
        );
        let body = body_of(&text, |values| values.input("grace", grace));
        assert_eq!(body, format!(r#"{{"g":{written}}}"#), "{form} {grace}");
    }
    let text = "method = \"POST\"\npath = \"/x\"\nbody = [{ at = \"/g\", from = \"grace\", as = \"minutes\" }]";
    let Err(error) = built(text, |values| values.input("grace", "30s")) else {
        panic!("a minute is the least");
    };
    assert_eq!(
        error.message(),
        "the time is too short for this service: it takes 1m or more"
    );
}

#[test]
fn scopes_are_encoded_as_declared() {
    let fill = |values: &mut Values| values.input("scopes", json!(["read", "write"]));
    assert_eq!(
        body_of(r#"body = [{ at = "/s", from = "scopes" }]"#, fill),
        r#"{"s":["read","write"]}"#
    );
    assert_eq!(
        body_of(
            r#"body = [{ at = "/s", from = "scopes", as = "comma" }]"#,
            fill
        ),
        r#"{"s":"read,write"}"#
    );
    assert_eq!(
        body_of(
            r#"body = [{ at = "/s", from = "scopes", map = { read = { id = "r1" }, write = { id = "w1" } } }]"#,
            fill
        ),
        r#"{"s":[{"id":"r1"},{"id":"w1"}]}"#
    );
}

#[test]
fn url_keeps_trailing_slash_and_query() {
    let request = built(
        "method = \"GET\"\npath = \"/keys/\"\nquery = [{ at = \"page[size]\", value = 2 }, { at = \"all\", value = true }]",
        |_| (),
    )
    .ok()
    .unwrap();
    assert_eq!(
        request.url.as_str(),
        "https://example.com/v1/keys/?page%5Bsize%5D=2&all=true"
    );
    assert!(request.body.is_none());
}

#[test]
fn missing_required_variable_is_named() {
    let error = built(
        "method = \"GET\"\npath = \"/\"\nheaders = [{ at = \"X-Org-Id\", from = \"var.org_id\", when_missing = \"refuse\" }]",
        |_| (),
    )
    .err()
    .unwrap();
    assert_eq!(error.kind(), crate::core::error::Kind::Usage);
    assert!(error.message().contains("org_id"));
}

#[test]
fn request_timeout_overrides_default_only() {
    let seconds = |own: &str, usual: u64| {
        let text = format!("method = \"GET\"\npath = \"/\"\ntimeout = \"{own}\"");
        let base = Url::parse("https://example.com").unwrap();
        let around = RequestContext {
            whole: false,
            base: &base,
            headers: Vec::new(),
            body: &[],
            credential: None,
            timeout: Duration::from_secs(usual),
            now: Timestamp::UNIX_EPOCH,
            clock_ahead: SignedDuration::ZERO,
        };
        let values = Values::at(NOW.parse().unwrap());
        let request = build_request(&spec(&text), &around, &values);
        request.ok().unwrap().http.timeout.as_secs()
    };
    assert_eq!(seconds("2m", 30), 120);
    assert_eq!(seconds("5s", 30), 5);
    // An explicit `--timeout 10s` counts.
    assert_eq!(seconds("2m", 10), 10);
}

#[test]
fn credential_goes_to_declared_places() {
    let places = r#"in = [
        { header = { name = "Authorization", format = 'Token token="{value}"' } },
        { header = { name = "X-Key", scheme = "Key" } },
        { query = { name = "key" } },
        { cookie = { name = "a" } },
        { cookie = { name = "b" } },
        { body = { at = "/auth/key" } },
    ]"#;
    let places: std::collections::BTreeMap<String, Vec<Placement>> =
        toml_edit::de::from_str(places).unwrap();
    let base = Url::parse("https://example.com").unwrap();
    let secret = Secret::new("fake");
    let built = |text: &str| {
        let around = RequestContext {
            whole: false,
            base: &base,
            headers: Vec::new(),
            body: &[],
            credential: Some((&secret, &places["in"])),
            timeout: Duration::from_secs(30),
            now: Timestamp::UNIX_EPOCH,
            clock_ahead: SignedDuration::ZERO,
        };
        let values = Values::at(NOW.parse().unwrap());
        let request = build_request(&spec(text), &around, &values);
        request.ok().unwrap().http
    };
    let sent = built("method = \"POST\"\npath = \"/x\"\nbody = [{ at = \"/n\", value = 1 }]");
    let lines: Vec<String> = sent.headers.iter().map(Header::as_line).collect();
    for line in [
        "Authorization: Token token=\"fake\"",
        "X-Key: Key fake",
        "Cookie: a=fake; b=fake",
    ] {
        assert!(lines.contains(&line.to_owned()), "{lines:?}");
    }
    assert_eq!(sent.url.as_str(), "https://example.com/x?key=fake");
    assert_eq!(sent.shown_url, "https://example.com/x?key=***");
    assert_eq!(
        sent.body.unwrap().text.expose(),
        r#"{"n":1,"auth":{"key":"fake"}}"#
    );
    // If only the fields of a request carry the credential, it goes nowhere else.
    let sent = built("method = \"POST\"\npath = \"/x\"\nauthenticate = false");
    assert_eq!(sent.headers.len(), 1);
    assert!(sent.body.is_none());
}

#[test]
fn words_are_wrapped_one_by_one() {
    let text = r#"body = [
        { at = "/roles", from = "scopes", wrap_each = "/role/name" },
        { at = "/tags", from = "tags", wrap_each = "/name" },
        { at = "/codes", from = "scopes", wrap_each = "/id", map = { read = 1, write = 2 } },
    ]"#;
    let body = body_of(text, |values| {
        values.input("scopes", json!(["read", "write"]));
        values.input("tags", "a, b");
    });
    assert_eq!(
        body,
        r#"{"roles":[{"role":{"name":"read"}},{"role":{"name":"write"}}],"tags":[{"name":"a"},{"name":"b"}],"codes":[{"id":1},{"id":2}]}"#
    );
}

#[test]
fn format_fills_several_placeholders() {
    let text = r#"
    headers = [{ at = "X-Who", format = "{name} {credential.key}" }]
    body = [
        { at = "/sub", format = "{var.account}.{name}" },
        { at = "/iss", from = "name", format = "{var.account}.{value}" },
        { at = "/aud", value = "x", format = "{server.origin}/{value}" },
        { at = "/gone", format = "{name}.{var.none}" },
        { at = "/null", from = "name", format = "{var.none}", when_missing = "null" },
    ]"#;
    let fill = |values: &mut Values| {
        values.input("name", "ci");
        values.credential("key", &Secret::new("fake-key"));
        let account = Source::Variable("account".to_owned());
        values.set(&account, FieldValue::Plain("A1".into()));
    };
    let text = format!("method = \"POST\"\npath = \"/x\"\n{text}");
    let request = built(&text, fill).ok().unwrap();
    assert_eq!(
        request.body.unwrap().text.expose(),
        r#"{"sub":"A1.ci","iss":"A1.ci","aud":"https://example.com/x","null":null}"#
    );
    let who = request.headers.iter().find(|header| header.name == "x-who");
    assert!(
        matches!(&who.unwrap().value, HeaderValue::Secret(value) if value.expose() == "ci fake-key")
    );
}
