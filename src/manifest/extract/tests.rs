//! Tests of the module above.

use serde_json::json;

use super::super::jwt::{jwt_expiry, jwt_subject};
use super::super::predicate::StatusSet;
use super::*;

fn reads(value: Value) -> Extractor {
    serde_json::from_value(value).unwrap()
}

fn at(reads_as: Value, body: &Value) -> Option<Value> {
    let seen = ParsedResponse::default();
    reads(reads_as).value(&seen, body, "2026-11-20T00:00:00Z".parse().unwrap())
}

#[test]
fn extract_first_nonempty_pointer_wins() {
    let body = json!({"a": null, "b": "", "c": "found", "d": "late"});
    assert_eq!(
        at(json!(["/a", "/b", "/c", "/d"]), &body),
        Some(json!("found"))
    );
    assert_eq!(at(json!("/x"), &body), None);
}

#[test]
fn pointer_supports_wildcards_and_escapes() {
    let body = json!({"errors": [{"m": "one"}, {"m": "two"}], "a/b": {"c~d": 1}});
    assert_eq!(at(json!("/errors/1/m"), &body), Some(json!("two")));
    assert_eq!(at(json!("/errors/*/m"), &body), Some(json!(["one", "two"])));
    assert_eq!(at(json!("/a~1b/c~0d"), &body), Some(json!(1)));
    assert_eq!(at(json!(""), &json!("whole")), Some(json!("whole")));
}

#[test]
fn extract_applies_known_transforms_only() {
    let body =
        json!({"off": true, "s": "a b", "c": "x, y", "o": {"k": 1}, "ttl": 900, "st": "archived"});
    assert_eq!(
        at(json!({"at": "/off", "as": "not"}), &body),
        Some(json!(false))
    );
    assert_eq!(
        at(json!({"at": "/s", "as": "space"}), &body),
        Some(json!(["a", "b"]))
    );
    assert_eq!(
        at(json!({"at": "/c", "as": "comma"}), &body),
        Some(json!(["x", "y"]))
    );
    assert_eq!(
        at(json!({"at": "/o", "as": "keys"}), &body),
        Some(json!(["k"]))
    );
    assert_eq!(
        at(json!({"at": "/ttl", "as": "seconds"}), &body),
        Some(json!("2026-11-20T00:15:00Z"))
    );
    assert_eq!(
        at(json!({"at": "/st", "map": {"archived": "revoked"}}), &body),
        Some(json!("revoked"))
    );
    assert_eq!(at(json!({"at": "/st", "map": {"x": "y"}}), &body), None);
    assert!(serde_json::from_value::<Extractor>(json!({"at": "/x", "as": "eval"})).is_err());
}

fn said(reads_as: Value, body: &Value) -> StatedTime {
    let now = "2026-11-20T00:00:00Z".parse().unwrap();
    reads(reads_as).stated_time(&ParsedResponse::default(), body, now)
}

#[test]
fn stated_time_never_differs_from_unstated() {
    let body = json!({
        "null": null, "empty": "", "zero": 0, "first": "0001-01-01T00:00:00Z",
        "last": "9999-12-31T23:59:59Z", "late": 253_402_300_799_i64,
        "odd": true, "words": "soon", "list": [], "day": "2026-12-20",
        "at": "2026-12-20T00:00:00Z", "ttl": 60, "nothing": "0",
    });
    let time = |at: &str| said(json!({"at": at, "as": "time"}), &body);
    for place in [
        "/null", "/empty", "/zero", "/first", "/last", "/late", "/nothing",
    ] {
        assert_eq!(time(place), StatedTime::Never, "{place}");
    }
    for place in ["/gone", "/odd", "/words", "/list"] {
        assert_eq!(time(place), StatedTime::Nothing, "{place}");
    }
    let moment = "2026-12-20T00:00:00Z".parse().unwrap();
    for (place, by_day) in [("/day", true), ("/at", false)] {
        assert_eq!(time(place), StatedTime::At { moment, by_day }, "{place}");
    }
    let counted = |at: &str| said(json!({"at": at, "as": "seconds"}), &body);
    for place in ["/zero", "/nothing", "/null", "/empty"] {
        assert_eq!(counted(place), StatedTime::Never, "{place}");
    }
    assert!(matches!(
        counted("/ttl"),
        StatedTime::At { by_day: false, .. }
    ));
    assert_eq!(counted("/odd"), StatedTime::Nothing);
    let both = json!([{"at": "/null", "as": "time"}, {"at": "/at", "as": "time"}]);
    assert!(matches!(said(both, &body), StatedTime::At { .. }));
}

#[test]
fn extract_wrong_type_is_absent() {
    let body = json!({
        "seven": 7, "one": 1, "text": "false", "odd": "no", "list": [true],
        "flags": {"read": true, "write": 1, "admin": 7, "root": "yes", "all": "true"},
        "scopes": ["a", {"name": "b"}], "yes": true, "id": 12,
    });
    let not = |at_: &str| at(json!({"at": at_, "as": "not"}), &body);
    assert_eq!(not("/one"), Some(json!(false)));
    assert_eq!(not("/text"), Some(json!(true)));
    for place in ["/seven", "/odd", "/list"] {
        assert_eq!(not(place), None, "{place}");
    }
    assert_eq!(
        at(json!({"at": "/flags", "as": "flags"}), &body),
        Some(json!(["read", "write", "all"]))
    );
    let (seen, now) = (
        ParsedResponse::default(),
        "2026-11-20T00:00:00Z".parse().unwrap(),
    );
    let texts = |place: &str| reads(json!(place)).texts(&seen, &body, now);
    assert_eq!(texts("/scopes"), None);
    assert_eq!(texts("/yes"), None);
    assert_eq!(texts("/id"), Some(vec!["12".to_owned()]));
    let word = |place: &str| reads(json!(place)).word(&seen, &body, now);
    assert_eq!(word("/yes"), None);
    assert_eq!(word("/id").as_deref(), Some("12"));
}

#[test]
fn extract_masked_secret_is_none() {
    let seen = ParsedResponse::default();
    let now = "2026-11-20T00:00:00Z".parse().unwrap();
    for text in ["sk-***abcd", "eyJhb...pi2-8", "", "sk-…x"] {
        let body = json!({ "key": text });
        assert!(
            reads(json!("/key")).secret(&seen, &body, now).is_none(),
            "{text}"
        );
    }
}

#[test]
fn jwt_expiry_and_subject_are_read() {
    // {"alg":"none"} . {"exp":1771065045,"sub":"u"}
    let token = "eyJhbGciOiJub25lIn0.eyJleHAiOjE3NzEwNjUwNDUsInN1YiI6InUifQ.c2ln";
    assert_eq!(
        jwt_expiry(token).map(|moment| moment.to_string()),
        Some("2026-02-14T10:30:45Z".to_owned())
    );
    assert_eq!(jwt_subject(token), Some("u".to_owned()));
    for text in ["", "a.b", "sk-fake", "a.%%%.c"] {
        assert_eq!(jwt_expiry(text), None);
    }
}

#[test]
fn status_set_accepts_codes_and_classes() {
    let set: StatusSet = serde_json::from_value(json!([201, "4xx"])).unwrap();
    assert!(set.contains(201) && set.contains(404) && !set.contains(200));
    assert!(StatusSet::default().contains(202));
    assert!(serde_json::from_value::<StatusSet>(json!(99)).is_err());
}

#[test]
fn encoded_texts_are_decoded() {
    // {"sub":"u","key":{"id":7},"exp":1771065045}
    let token =
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1Iiwia2V5Ijp7ImlkIjo3fSwiZXhwIjoxNzcxMDY1MDQ1fQ.c2ln";
    let body = json!({
        "base64": "a2V5LcOp", "url": "_z8_", "hex": "6b6579", "odd": "6b657", "token": token,
        "basic": "Basic YWRhOmZha2U=",
    });
    for (read, wanted) in [
        (
            json!({"at": "/base64", "as": "base64"}),
            Some(json!("key-é")),
        ),
        (json!({"at": "/url", "as": "base64"}), None),
        (json!({"at": "/hex", "as": "hex"}), Some(json!("key"))),
        (json!({"at": "/odd", "as": "hex"}), None),
        (
            json!({"at": "/basic", "cut": "^Basic (.+)$", "as": "base64"}),
            Some(json!("ada:fake")),
        ),
        (json!({"at": "/token", "claim": "/key/id"}), Some(json!(7))),
        (
            json!({"at": "/token", "claim": "/exp", "as": "time"}),
            Some(json!("2026-02-14T10:30:45Z")),
        ),
        (json!({"at": "/token", "claim": "/gone"}), None),
        (json!({"at": "/hex", "claim": "/sub"}), None),
    ] {
        assert_eq!(at(read.clone(), &body), wanted, "{read}");
    }
}

#[test]
fn secret_document_keeps_its_bytes() {
    let seen = ParsedResponse::default();
    let now = "2026-11-20T00:00:00Z".parse().unwrap();
    let secret = |text: &str| {
        let found = reads(json!("/key")).secret(&seen, &json!({ "key": text }), now);
        found.map(|secret| secret.expose().to_owned())
    };
    for text in [
        "-----BEGIN FAKE-----\nZmFrZQ==\n-----END FAKE-----\n",
        "{\n  \"mask\": \"***\",\r\n\t\"id\": 1\n}\n",
    ] {
        assert_eq!(secret(text).as_deref(), Some(text));
    }
    assert_eq!(secret("fake-key\n").as_deref(), Some("fake-key"));
    for text in ["fake\nkey", "-----BEGIN \u{1b}[31m"] {
        assert_eq!(secret(text), None, "{text:?}");
    }
}

#[test]
fn status_is_read_from_several_fields() {
    let status = json!([
        {"at": "/revoked", "map": {"true": "revoked"}},
        {"at": "/locked_at", "cut": ".", "map": {"2": "disabled"}},
        {"at": "/enabled"},
    ]);
    for (body, wanted) in [
        (json!({"revoked": true, "enabled": true}), json!("revoked")),
        (
            json!({"revoked": false, "locked_at": "2026", "enabled": true}),
            json!("disabled"),
        ),
        (
            json!({"revoked": false, "locked_at": null, "enabled": false}),
            json!(false),
        ),
    ] {
        assert_eq!(at(status.clone(), &body), Some(wanted));
    }
}
