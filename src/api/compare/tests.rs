//! Tests of the module above.

use super::*;

const NOW: &str = "2026-11-20T12:00:00Z";

fn new(expires: Option<&str>) -> NewKey {
    NewKey {
        expires: expires.map(|text| match text {
            "never" => Expiry::Never,
            text => Expiry::At(text.parse().unwrap()),
        }),
        ..NewKey::default()
    }
}

fn key(expires: Option<&str>, said: bool) -> Key {
    let mut key = Key::unknown("acme", "acme");
    key.expires_at = expires.map(|text| text.parse().unwrap());
    key.said.expiry = said;
    key
}

fn expiry(asked: &NewKey, key: &Key, by_day: bool) -> Option<(Value, bool)> {
    let comparison = Comparison {
        service: "acme",
        asked,
        key,
        scopes_are_expanded: false,
        by_day,
        now: NOW.parse().unwrap(),
    };
    let change = comparison.expiry()?;
    assert!(change.words.contains("expire"), "{}", change.words);
    Some((change.given, change.certain))
}

#[test]
fn expiry_within_tolerance_is_unchanged() {
    // Thirty days: one percent is 7 h 12 min.
    let asked = new(Some("2026-12-20T12:00:00Z"));
    for (given, by_day, same) in [
        ("2026-12-20T12:00:00Z", false, true),
        ("2026-12-20T19:11:59Z", false, true),
        ("2026-12-20T04:48:01Z", false, true),
        ("2026-12-20T19:12:00Z", false, false),
        ("2026-12-20T00:00:00Z", false, false),
        ("2026-12-20T00:00:00Z", true, true),
        ("2026-12-19T12:00:01Z", true, true),
        ("2026-12-19T12:00:00Z", true, false),
        ("2026-11-21T12:00:00Z", false, false),
    ] {
        let found = expiry(&asked, &key(Some(given), true), by_day);
        assert_eq!(found.is_none(), same, "{given} {by_day}");
    }
    // An hour: one percent would be 36 s, and five minutes are the least.
    let asked = new(Some("2026-11-20T13:00:00Z"));
    for (given, same) in [
        ("2026-11-20T13:04:59Z", true),
        ("2026-11-20T13:05:00Z", false),
    ] {
        let found = expiry(&asked, &key(Some(given), true), false);
        assert_eq!(found.is_none(), same, "{given}");
    }
}

#[test]
fn expiry_unreported_differs_from_unlimited() {
    let asked = new(Some("2026-12-20T12:00:00Z"));
    assert_eq!(
        expiry(&asked, &key(None, true), false),
        Some((Value::Null, true))
    );
    assert_eq!(
        expiry(&asked, &key(None, false), false),
        Some((Value::Null, false))
    );
    let never = new(Some("never"));
    assert_eq!(expiry(&never, &key(None, true), false), None);
    assert_eq!(expiry(&never, &key(None, false), false), None);
    let end = "2026-12-20T12:00:00Z";
    assert_eq!(
        expiry(&never, &key(Some(end), true), false),
        Some((json!(end), true))
    );
    assert_eq!(expiry(&new(None), &key(Some(end), true), false), None);
}

#[test]
fn field_values_are_compared_semantically() {
    for (asked, given) in [
        ("10", "10.0"),
        ("a, b", "b,a"),
        ("Monthly", "monthly"),
        ("1h", "3600"),
        (r#"[{"id":1}]"#, r#"[{"id":1,"name":"x"},{"id":2}]"#),
    ] {
        assert!(same(asked, given), "{asked} {given}");
    }
    for (asked, given) in [
        ("10", "5"),
        ("a,b", "a"),
        ("a", "a,b"),
        (r#"[{"id":1},{"id":3}]"#, r#"[{"id":1}]"#),
    ] {
        assert!(!same(asked, given), "{asked} {given}");
    }
}

#[test]
fn lookup_matches_id_or_unique_name() {
    let named = |id: Option<&str>, name: &str| {
        let mut key = Key::unknown("acme", "acme");
        key.id = id.map(Untrusted::new);
        key.name = Some(Untrusted::new(name));
        key
    };
    let keys = || {
        vec![
            named(Some("1"), "ci"),
            named(Some("2"), "ci"),
            named(Some("3"), "x"),
        ]
    };
    let found = |key: Key| the_one(keys(), &key).and_then(|key| key.id);
    assert_eq!(found(named(Some("2"), "ci")), Some(Untrusted::new("2")));
    assert_eq!(found(named(None, "ci")), None);
    assert_eq!(found(named(None, "x")), Some(Untrusted::new("3")));
    assert_eq!(found(named(Some("4"), "ci")), None);
}
