//! Tests of the module above.

use serde_json::json;

use super::super::jwt::jwt_subject;
use super::super::predicate::StatusSet;
use super::*;

fn reads(value: Value) -> Reads {
    serde_json::from_value(value).unwrap()
}

fn at(reads_as: Value, body: &Value) -> Option<Value> {
    let seen = Seen::default();
    reads(reads_as).value(&seen, body, "2026-11-20T00:00:00Z".parse().unwrap())
}

#[test]
fn the_first_that_has_something_is_taken() {
    let body = json!({"a": null, "b": "", "c": "found", "d": "late"});
    assert_eq!(
        at(json!(["/a", "/b", "/c", "/d"]), &body),
        Some(json!("found"))
    );
    assert_eq!(at(json!("/x"), &body), None);
}

#[test]
fn pointers_go_through_arrays_stars_and_escapes() {
    let body = json!({"errors": [{"m": "one"}, {"m": "two"}], "a/b": {"c~d": 1}});
    assert_eq!(at(json!("/errors/1/m"), &body), Some(json!("two")));
    assert_eq!(at(json!("/errors/*/m"), &body), Some(json!(["one", "two"])));
    assert_eq!(at(json!("/a~1b/c~0d"), &body), Some(json!(1)));
    assert_eq!(at(json!(""), &json!("whole")), Some(json!("whole")));
}

#[test]
fn transforms_are_a_closed_set() {
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
    assert!(serde_json::from_value::<Reads>(json!({"at": "/x", "as": "eval"})).is_err());
}

#[test]
fn a_masked_secret_is_none() {
    let seen = Seen::default();
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
fn a_jwt_says_when_it_ends() {
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
fn statuses_are_numbers_and_classes() {
    let set: StatusSet = serde_json::from_value(json!([201, "4xx"])).unwrap();
    assert!(set.contains(201) && set.contains(404) && !set.contains(200));
    assert!(StatusSet::default().contains(202));
    assert!(serde_json::from_value::<StatusSet>(json!(99)).is_err());
}
