use super::*;

const KEY: &str = "sk-fake-0123456789+abcdef/XYZ";

fn knowing(values: &[&str]) -> Redactor {
    let redactor = Redactor::default();
    for value in values {
        redactor.register(&Secret::new(*value));
    }
    redactor
}

#[test]
fn redact_prefers_longest_ignores_short() {
    let redactor = knowing(&["fake-key", "fake-key-and-more", "abc", ""]);
    assert_eq!(
        redactor.redact("fake-key-and-more fake-key abc"),
        "*** *** abc"
    );
}

#[test]
fn redact_public_part_stays_readable() {
    let redactor = Redactor::default();
    let key = Secret::new(r#"{"id":"AKIAFAKE00000001","secret":"fake/secret+0001"}"#);
    redactor.declare_part("id", true);
    redactor.register(&key);
    let said = "AKIAFAKE00000001 fake/secret+0001";
    assert_eq!(redactor.redact(said), "AKIAFAKE00000001 ***");
    // A service whose part of that name is a secret decides for all.
    redactor.declare_part("id", false);
    redactor.register(&key);
    assert_eq!(redactor.redact(said), "*** ***");
}

#[test]
fn redact_overlapping_secrets_leaves_nothing() {
    let redactor = knowing(&["aaaabbbbcccc", "bbbbccccdddd"]);
    assert_eq!(redactor.redact("x aaaabbbbccccdddd y"), "x *** y");
}

#[test]
fn redact_finds_base64_at_any_alignment() {
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    let redactor = knowing(&[KEY]);
    for before in ["", "u", "us", "user:", "user1:", "user12:"] {
        for behind in ["", "x", "xy", "xyz"] {
            for encode in [
                |text: &str| STANDARD.encode(text),
                |text: &str| URL_SAFE.encode(text),
                |text: &str| STANDARD_NO_PAD.encode(text),
            ] {
                let shown = redactor.redact(&encode(&format!("{before}{KEY}{behind}")));
                assert!(shown.contains("***"), "{before} {behind}: {shown}");
                // Of the value itself at most a part of a byte at each side is left.
                assert!(shown.len() <= 3 + 12 + 8, "{before} {behind}: {shown}");
            }
        }
    }
}

#[test]
fn redact_finds_encoded_forms() {
    let redactor = knowing(&[KEY]);
    for form in [
        "sk%2Dfake%2d0123456789%2Babcdef%2FXYZ",
        "sk-fake-0123456789%2Babcdef/XYZ",
        r"sk-fake-0123456789\u002babcdef\/XYZ",
        "SK-FAKE-0123456789+ABCDEF/XYZ",
        "sk-fake-0123456789+abcdef/xyz",
        "sk-fake-012345\n   6789+abcdef/XYZ",
        "sk-fake-012345\u{200b}6789+abcdef/XYZ",
        "sk-fake\u{1b}[31m-0123456789+abcdef\u{1b}[0m/XYZ",
        "sk-fake-0123456789+…",
        "sk-fake-0123456789+abcd",
    ] {
        let shown = redactor.redact(&format!("before {form} behind"));
        assert!(
            shown.contains("***") && !shown.contains("456789"),
            "{shown}"
        );
        assert!(
            shown.starts_with("before ") && shown.ends_with(" behind"),
            "{shown}"
        );
    }
}

#[test]
fn redact_keeps_masks_and_prefixes() {
    let redactor = knowing(&[KEY, "shortone"]);
    for text in [
        "sk-fake-***/XYZ",
        "sk-fake-0123…/XYZ",
        "sk-fake-…",
        "XSK-FAKE-0123456789+ABCDEF/XYZ",
        "SHORTONE c2hvcnRvbmU=",
        "a plain line with `sk-fake-` in it",
    ] {
        assert_eq!(redactor.redact(text), text);
    }
}

#[test]
fn redact_covers_fields_and_lines() {
    let redactor = knowing(&[
        r#"{"id":"AKIAFAKE0123","secret":"fake/secret+0123"}"#,
        "-----BEGIN FAKE KEY-----\nMIIfakefakefakefakefakefake0123\n-----END FAKE KEY-----",
    ]);
    assert_eq!(
        redactor.redact("AKIAFAKE0123 fake/secret+0123 MIIfakefakefakefakefakefake0123"),
        "*** *** ***"
    );
}

#[test]
fn redact_malformed_text_is_unchanged() {
    let redactor = knowing(&[KEY, "пароль-пароль-пароль", "%%%%%%%%%%%%%%"]);
    for text in [
        "",
        "%",
        "%4",
        "%zz",
        "\\",
        "\\u12",
        "\u{1b}",
        "\u{1b}[",
        "é%C3",
        "日本…",
    ] {
        assert_eq!(redactor.redact(text), text);
    }
    assert_eq!(redactor.redact("é пароль-пароль-пароль %D0"), "é *** %D0");
}
