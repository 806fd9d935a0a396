use jiff::Timestamp;

use super::*;
use crate::core::key::KeyStatus;

fn nothing() -> FoundSecret<'static> {
    found(None)
}

fn subject(beside: OtherKey<'_>) -> KeyQuery<'_> {
    KeyQuery {
        what: "the new key",
        secret: None,
        id: None,
        record: None,
        lives_for: None,
        young: false,
        may_look: true,
        before_revocation: false,
        beside,
    }
}

fn said(status: u16, code: &str) -> VerifyAnswer {
    let code = Some(code.to_owned()).filter(|code| !code.is_empty());
    VerifyAnswer::Limited(Validity::Restricted, Some(status), code)
}

/// Returns the next step as a word.
fn word(
    said: &VerifyAnswer,
    compared: &OtherKeyAnswer,
    listed: &ListAnswer,
    beside: OtherKey<'_>,
) -> &'static str {
    match next(said, compared, listed, &subject(beside), "acme") {
        NextStep::Go(_) => "go",
        NextStep::Refuse(_) => "refuse",
        NextStep::Wait(_) => "wait",
        NextStep::Compare => "compare",
        NextStep::Look => "look",
        NextStep::AskPerson => "ask",
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn next_step_go_requires_proof() {
    use ListAnswer::{Active, Missing, NoWay, NotYet as Unseen};
    use OtherKeyAnswer::{NotYet as Unasked, Unknown};
    let open = || ListAnswer::Open("late".to_owned());
    let over = || ListAnswer::Over(KeyStatus::Expired);
    let alike = |said: VerifyAnswer| OtherKeyAnswer::Said(said);
    for (answer, compared, listed, other_scopes, wanted) in [
        (VerifyAnswer::Valid, Unasked, Unseen, false, "go"),
        (
            VerifyAnswer::Dead(Validity::Invalid),
            Unasked,
            Unseen,
            false,
            "refuse",
        ),
        (
            VerifyAnswer::Dead(Validity::Expired),
            Unasked,
            Active,
            false,
            "refuse",
        ),
        (
            VerifyAnswer::Open("busy".to_owned()),
            Unasked,
            Active,
            false,
            "wait",
        ),
        // A refusal means what it means for the key beside it.
        (said(403, ""), Unasked, Unseen, false, "compare"),
        (said(403, "a"), alike(said(403, "a")), Unseen, false, "look"),
        (said(403, "a"), alike(said(403, "a")), Active, false, "go"),
        (said(403, "a"), alike(said(403, "a")), NoWay, false, "go"),
        // A service may respond alike to two keys that do not work: the list decides.
        (
            said(403, "a"),
            alike(said(403, "a")),
            Missing,
            false,
            "refuse",
        ),
        (
            said(403, "a"),
            alike(said(403, "a")),
            over(),
            false,
            "refuse",
        ),
        (
            said(403, "a"),
            alike(said(403, "a")),
            ListAnswer::RevokedHere,
            false,
            "refuse",
        ),
        (
            said(403, "a"),
            alike(said(403, "a")),
            ListAnswer::EndsSoon(Timestamp::MIN),
            false,
            "refuse",
        ),
        (said(403, "a"), alike(said(403, "a")), open(), false, "wait"),
        (said(402, ""), alike(said(402, "")), Missing, true, "refuse"),
        (said(403, "a"), alike(said(403, "b")), Unseen, false, "wait"),
        (said(403, ""), alike(said(402, "")), Unseen, false, "wait"),
        (
            said(403, ""),
            alike(VerifyAnswer::Valid),
            Active,
            false,
            "wait",
        ),
        (
            said(403, ""),
            alike(VerifyAnswer::Dead(Validity::Invalid)),
            Active,
            false,
            "wait",
        ),
        (
            said(403, ""),
            alike(VerifyAnswer::Open("busy".to_owned())),
            Active,
            false,
            "wait",
        ),
        // Without a comparison, the list decides.
        (said(403, ""), Unknown, Unseen, false, "look"),
        (said(403, ""), Unknown, Active, false, "go"),
        (said(403, ""), Unknown, Missing, false, "refuse"),
        (said(403, ""), Unknown, open(), false, "wait"),
        (said(403, ""), Unknown, NoWay, false, "wait"),
        (said(403, ""), Unasked, Unseen, true, "look"),
        (said(403, ""), Unasked, Active, true, "go"),
        (said(403, ""), Unasked, over(), true, "refuse"),
        (said(403, ""), Unasked, NoWay, true, "compare"),
        (
            said(403, ""),
            alike(VerifyAnswer::Valid),
            NoWay,
            true,
            "wait",
        ),
        // A call that is unknown for both keys does not exist.
        (
            VerifyAnswer::NotThere(404),
            Unasked,
            Unseen,
            false,
            "compare",
        ),
        (
            VerifyAnswer::NotThere(404),
            alike(VerifyAnswer::NotThere(404)),
            Unseen,
            false,
            "look",
        ),
        (
            VerifyAnswer::NotThere(404),
            alike(VerifyAnswer::NotThere(404)),
            Active,
            false,
            "go",
        ),
        (
            VerifyAnswer::NotThere(404),
            alike(VerifyAnswer::NotThere(405)),
            Active,
            false,
            "wait",
        ),
        (
            VerifyAnswer::NotThere(404),
            alike(VerifyAnswer::Valid),
            Active,
            false,
            "wait",
        ),
        (VerifyAnswer::NotThere(404), Unknown, Active, false, "wait"),
        // Without a call the list decides, and without a list the user.
        (VerifyAnswer::NoCall, Unasked, Unseen, false, "look"),
        (VerifyAnswer::NoCall, Unasked, Active, false, "go"),
        (VerifyAnswer::NoCall, Unasked, Missing, false, "refuse"),
        (VerifyAnswer::NoCall, Unasked, over(), false, "refuse"),
        (
            VerifyAnswer::NoCall,
            Unasked,
            ListAnswer::EndsSoon(Timestamp::MIN),
            false,
            "refuse",
        ),
        (VerifyAnswer::NoCall, Unasked, open(), false, "wait"),
        (VerifyAnswer::NoCall, Unasked, NoWay, false, "ask"),
    ] {
        let beside = OtherKey::Key {
            secret: &nothing,
            other_scopes,
            young: false,
        };
        let came = word(&answer, &compared, &listed, beside);
        assert_eq!(
            came, wanted,
            "{answer:?} {compared:?} {listed:?} {other_scopes}"
        );
    }
}

#[test]
fn next_step_lookup_disallowed_goes() {
    let subject = KeyQuery {
        may_look: false,
        ..subject(OtherKey::Key {
            secret: &nothing,
            other_scopes: false,
            young: false,
        })
    };
    let said = said(403, "a");
    let compared = OtherKeyAnswer::Said(said.clone());
    let next = next(&said, &compared, &ListAnswer::NotYet, &subject, "acme");
    assert!(matches!(next, NextStep::Go(_)), "{next:?}");
}

#[test]
fn next_step_alone_never_compares() {
    let unseen = || (OtherKeyAnswer::NotYet, ListAnswer::NotYet);
    for (answer, wanted) in [
        (VerifyAnswer::Valid, "go"),
        (said(403, ""), "look"),
        (VerifyAnswer::NotThere(404), "go"),
        (VerifyAnswer::Dead(Validity::Disabled), "refuse"),
        (VerifyAnswer::Open("busy".to_owned()), "wait"),
    ] {
        let (compared, listed) = unseen();
        assert_eq!(word(&answer, &compared, &listed, OtherKey::None), wanted);
    }
}
