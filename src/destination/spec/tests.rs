use super::*;
use crate::core::error::Kind;

fn parse(text: &str) -> DestinationSpec {
    text.parse().unwrap()
}

#[test]
fn unknown_kind_error_lists_known_kinds() {
    for (text, why, hint) in [
        (
            "Ftp:x",
            "`Ftp:` is not a kind",
            "destinations are stdout, file:PATH",
        ),
        (
            ".env",
            "a destination needs its kind",
            "destinations are stdout",
        ),
    ] {
        let error = text.parse::<DestinationSpec>().unwrap_err();
        assert_eq!(error.kind(), Kind::Usage, "{text}");
        assert!(error.message().contains(why), "{text}: {error}");
        assert!(error.hints()[0].contains(hint), "{text}: {error:?}");
    }
}

#[test]
fn spec_mistaken_secret_is_not_printed() {
    for text in ["sk-fake-0123456789", "sk-fake-0123456789:more"] {
        let error = text.parse::<DestinationSpec>().unwrap_err();
        assert!(!format!("{error:?}").contains("sk-fake"), "{error:?}");
    }
}

#[test]
fn recorded_form_keeps_login() {
    let lent = parse("shelf:a/b#c").lent_by("team".to_owned()).unwrap();
    let json = serde_json::to_string(&lent).unwrap();
    assert_eq!(json, r#"{"to":"shelf:a/b#c","profile":"team"}"#);
    let read: DestinationSpec = serde_json::from_str(&json).unwrap();
    assert_eq!((read.login(), &read), (Some("team"), &lent));
    let file = parse("file:a").lent_by("team".to_owned());
    assert_eq!(file.unwrap_err().kind(), Kind::Usage);
}

#[test]
fn unknown_home_is_named_in_error() {
    let homeless = parse("file:~/x").absolute(Path::new("/project"), &Env::default());
    assert_eq!(homeless.unwrap_err().kind(), Kind::Usage);
}

#[test]
fn keyring_account_follows_last_slash() {
    let spec = parse("keyring:https://h/p/me");
    assert_eq!(spec.keyring_item(), Some(("https://h/p", "me")));
}
