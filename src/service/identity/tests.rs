//! Tests of the module above.

use super::*;

#[test]
fn source_text_round_trips() {
    for text in [
        "github",
        "gitlab",
        "gitlab:MY_TOKEN",
        "kubernetes",
        "kubernetes:/run/token:1",
        "circleci",
        "env:JOB_TOKEN",
        "file:C:\\token",
    ] {
        let source: IdentitySource = text.parse().ok().unwrap();
        assert_eq!(source.to_string(), text);
    }
    for text in [
        "",
        "GitHub",
        "github:",
        "gitlab:",
        "circleci:x",
        "env",
        "env:A=B",
        "file:",
        "jwt",
    ] {
        assert!(text.parse::<IdentitySource>().is_err(), "{text}");
    }
}

#[test]
fn claims_are_read_of_jwt_alone() {
    let claims = "eyJhIjoxfQ";
    assert!(token::claims_of(&format!("e30.{claims}.c2ln")).is_some());
    for text in [
        claims.to_owned(),
        format!("e30.{claims}"),
        format!("e30.{claims}."),
        format!("e30.{claims}.c2ln.e30"),
        format!("<a>.{claims}.c2ln"),
        "e30.W10.c2ln".to_owned(),
    ] {
        assert!(token::claims_of(&text).is_none(), "{text}");
    }
}
