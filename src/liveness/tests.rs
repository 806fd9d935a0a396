use super::*;

#[expect(
    clippy::unnecessary_wraps,
    reason = "it stands where a store would be asked"
)]
fn nothing() -> Result<Option<Secret>> {
    Ok(None)
}

fn subject(beside: Beside<'_>) -> Subject<'_> {
    Subject {
        what: "the new key",
        secret: None,
        id: None,
        lives_for: None,
        young: false,
        may_look: true,
        beside,
    }
}

fn said(status: u16, code: &str) -> Said {
    let code = Some(code.to_owned()).filter(|code| !code.is_empty());
    Said::Limited(Validity::Restricted, Some(status), code)
}

/// What follows, in a word.
fn word(said: &Said, compared: &Compared, listed: &Listed, beside: Beside<'_>) -> &'static str {
    match next(said, compared, listed, &subject(beside), "acme") {
        Next::Go(_) => "go",
        Next::Refuse(_) => "refuse",
        Next::Wait(_) => "wait",
        Next::Compare => "compare",
        Next::Look => "look",
        Next::AskPerson => "ask",
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn the_other_key_may_go_only_where_this_one_is_proved() {
    use Compared::{NotYet as Unasked, Unknown};
    use Listed::{Active, Missing, NoWay, NotYet as Unseen};
    let open = || Listed::Open("late".to_owned());
    let over = || Listed::Over(KeyStatus::Expired);
    let alike = |said: Said| Compared::Said(said);
    for (answer, compared, listed, other_scopes, wanted) in [
        (Said::Valid, Unasked, Unseen, false, "go"),
        (
            Said::Dead(Validity::Invalid),
            Unasked,
            Unseen,
            false,
            "refuse",
        ),
        (
            Said::Dead(Validity::Expired),
            Unasked,
            Active,
            false,
            "refuse",
        ),
        (
            Said::Open("busy".to_owned()),
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
        // A service may answer alike to two keys that are dead: the list tells.
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
            Listed::EndsSoon(Timestamp::MIN),
            false,
            "refuse",
        ),
        (said(403, "a"), alike(said(403, "a")), open(), false, "wait"),
        (said(402, ""), alike(said(402, "")), Missing, true, "refuse"),
        (said(403, "a"), alike(said(403, "b")), Unseen, false, "wait"),
        (said(403, ""), alike(said(402, "")), Unseen, false, "wait"),
        (said(403, ""), alike(Said::Valid), Active, false, "wait"),
        (
            said(403, ""),
            alike(Said::Dead(Validity::Invalid)),
            Active,
            false,
            "wait",
        ),
        (
            said(403, ""),
            alike(Said::Open("busy".to_owned())),
            Active,
            false,
            "wait",
        ),
        // Where it cannot be compared, the list tells.
        (said(403, ""), Unknown, Unseen, false, "look"),
        (said(403, ""), Unknown, Active, false, "go"),
        (said(403, ""), Unknown, Missing, false, "refuse"),
        (said(403, ""), Unknown, open(), false, "wait"),
        (said(403, ""), Unknown, NoWay, false, "wait"),
        (said(403, ""), Unasked, Unseen, true, "look"),
        (said(403, ""), Unasked, Active, true, "go"),
        (said(403, ""), Unasked, over(), true, "refuse"),
        (said(403, ""), Unasked, NoWay, true, "compare"),
        (said(403, ""), alike(Said::Valid), NoWay, true, "wait"),
        // A call that neither key finds is none.
        (Said::NotThere(404), Unasked, Unseen, false, "compare"),
        (
            Said::NotThere(404),
            alike(Said::NotThere(404)),
            Unseen,
            false,
            "look",
        ),
        (
            Said::NotThere(404),
            alike(Said::NotThere(404)),
            Active,
            false,
            "go",
        ),
        (
            Said::NotThere(404),
            alike(Said::NotThere(405)),
            Active,
            false,
            "wait",
        ),
        (
            Said::NotThere(404),
            alike(Said::Valid),
            Active,
            false,
            "wait",
        ),
        (Said::NotThere(404), Unknown, Active, false, "wait"),
        // Without a call the list tells, and without a list a person.
        (Said::NoCall, Unasked, Unseen, false, "look"),
        (Said::NoCall, Unasked, Active, false, "go"),
        (Said::NoCall, Unasked, Missing, false, "refuse"),
        (Said::NoCall, Unasked, over(), false, "refuse"),
        (
            Said::NoCall,
            Unasked,
            Listed::EndsSoon(Timestamp::MIN),
            false,
            "refuse",
        ),
        (Said::NoCall, Unasked, open(), false, "wait"),
        (Said::NoCall, Unasked, NoWay, false, "ask"),
    ] {
        let beside = Beside::Key {
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
fn a_key_that_was_made_just_now_is_not_looked_for() {
    let subject = Subject {
        may_look: false,
        ..subject(Beside::Key {
            secret: &nothing,
            other_scopes: false,
            young: false,
        })
    };
    let said = said(403, "a");
    let compared = Compared::Said(said.clone());
    let next = next(&said, &compared, &Listed::NotYet, &subject, "acme");
    assert!(matches!(next, Next::Go(_)), "{next:?}");
}

#[test]
fn where_no_key_stands_beside_it_only_a_refusal_counts() {
    let unseen = || (Compared::NotYet, Listed::NotYet);
    for (answer, wanted) in [
        (Said::Valid, "go"),
        (said(403, ""), "go"),
        (Said::NotThere(404), "go"),
        (Said::Dead(Validity::Disabled), "refuse"),
        (Said::Open("busy".to_owned()), "wait"),
    ] {
        let (compared, listed) = unseen();
        assert_eq!(word(&answer, &compared, &listed, Beside::None), wanted);
    }
}
