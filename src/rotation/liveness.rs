//! Decides whether the other key may be revoked: one decision, for every irreversible step, from proof that the
//! remaining key works.

mod listed;

use std::pin::Pin;

use crate::api::ApiClient;
use crate::core::error::{Kind, Result};
use crate::core::key::Validity;
use crate::core::moment::to_the_minute;
use crate::core::secret::Secret;
use crate::manifest::Span;
use crate::rotation::backoff::Backoff;
use crate::rotation::journal::Record;
use crate::service::{CallError, CredentialRef};
use listed::{ListAnswer, look};

/// The key that has to work.
pub struct KeyQuery<'s> {
    /// Its name in messages: `the new key`.
    pub what: &'s str,
    /// Its secret, if it is known here.
    pub secret: Option<&'s Secret>,
    /// Its id at the service.
    pub id: Option<&'s str>,
    /// Its record, by which the list is searched for it if its id is not known; none if no call created it.
    pub record: Option<&'s Record>,
    /// The span for which it must remain valid, if only a list shows that.
    pub lives_for: Option<Span>,
    /// Set if it was created a moment ago: a service that does not know it yet is then asked again.
    pub young: bool,
    /// Set if the list may be read when there is no call that verifies.
    pub may_look: bool,
    /// Set if the key beside it is revoked next, which a refusal of a young key must not decide.
    pub before_revocation: bool,
    /// The key beside it.
    pub beside: OtherKey<'s>,
}

/// The search for a secret that may stand at a destination.
pub type FoundSecret<'b> = Pin<Box<dyn Future<Output = Result<Option<Secret>>> + 'b>>;

/// Returns the end of a search for a secret that was known before it.
pub fn found<'b>(secret: Option<Secret>) -> FoundSecret<'b> {
    Box::pin(std::future::ready(Ok(secret)))
}

/// The key beside the one that has to work. The same call with it shows what a refusal means.
pub enum OtherKey<'b> {
    /// There is no other key that works.
    None,
    /// This one.
    Key {
        /// Finds its secret, if it is known here.
        secret: &'b dyn Fn() -> FoundSecret<'b>,
        /// Set if it may have other scopes, so that its response to the same call shows little.
        other_scopes: bool,
        /// Set if it was created a moment ago: a refusal may then mean only that the service does not know it yet.
        young: bool,
    },
}

/// The verdict on a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Liveness {
    /// It works; with its validity if it may not make this call, and the one beside it may not either.
    Works(Option<Validity>),
    /// It does not work: the reason, and the response to the key beside it if that was asked as well.
    Dead(String, OtherKeyResponse),
    /// The time allowed did not suffice to decide; with the reason.
    Open(String),
    /// No call and no list shows it: you have to confirm it.
    Unproved,
}

/// The response to a key that was asked in a decision about another one; none if it was not asked.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct OtherKeyResponse(Option<VerifyAnswer>);

/// The response of the service to the call that verifies.
#[derive(Debug, Clone, PartialEq, Eq)]
enum VerifyAnswer {
    /// It works.
    Valid,
    /// It may not make this call, or its account may not.
    Limited(Validity, Option<u16>, Option<String>),
    /// It does not work.
    Dead(Validity),
    /// There is no such call.
    NoCall,
    /// The service does not know the call.
    NotThere(u16),
    /// The response decides nothing; with the reason.
    Open(String),
}

/// The state of the question about the key beside it.
#[derive(Debug, PartialEq, Eq)]
enum OtherKeyAnswer {
    /// It was not asked yet.
    NotYet,
    /// It cannot be asked: its secret is not known here.
    Unknown,
    /// Its response.
    Said(VerifyAnswer),
}

/// The next step that the responses so far allow.
#[derive(Debug, PartialEq, Eq)]
enum NextStep {
    Go(Option<Validity>),
    Refuse(String),
    Wait(String),
    Compare,
    Look,
    AskPerson,
}

/// Finds out whether a key works. Makes the call that verifies, and repeats it while the response decides nothing,
/// within the time that one request may take.
pub async fn find_out(client: &ApiClient<'_>, subject: &KeyQuery<'_>) -> Result<Liveness> {
    let mut pauses = Backoff::of(client);
    let mut compared = OtherKeyAnswer::NotYet;
    'asking: loop {
        let said = match subject.secret {
            Some(secret) => ask(client, secret).await?,
            None => VerifyAnswer::NoCall,
        };
        let mut listed = ListAnswer::NotYet;
        let (finding, again) = loop {
            match next(&said, &compared, &listed, subject, client.service.name()) {
                NextStep::Go(Some(_))
                    if subject.may_become_valid(&compared)
                        && !declares_limits(client)
                        && pauses.wait().await =>
                {
                    compared = OtherKeyAnswer::NotYet;
                    continue 'asking;
                }
                NextStep::Go(limited) => return Ok(Liveness::Works(limited)),
                NextStep::AskPerson => return Ok(Liveness::Unproved),
                NextStep::Refuse(why) => {
                    let asked = OtherKeyResponse(compared.answer().cloned());
                    break (Liveness::Dead(why, asked), subject.young);
                }
                NextStep::Wait(why) => break (Liveness::Open(why), true),
                NextStep::Look => {
                    listed = match look(client, subject).await {
                        // A key that may not read the list leaves only the comparison.
                        Err(error)
                            if error.kind() == Kind::Forbidden
                                && compared.answer() == Some(&said) =>
                        {
                            ListAnswer::NoWay
                        }
                        listed => listed?,
                    }
                }
                NextStep::Compare => compared = compare(client, &subject.beside).await?,
            }
        };
        if !(again && pauses.wait().await) {
            return Ok(finding);
        }
    }
}

/// The response of a service to a key that is to be removed.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The service refuses it.
    Refused,
    /// It still works.
    Works,
    /// It may not make this call, as some services also answer for a key that they no longer know.
    Limited,
    /// No call shows it.
    NoWay,
    /// The response decides nothing now; with the reason.
    Open(String),
}

/// Asks once whether the service refuses a key.
pub async fn refusal(client: &ApiClient<'_>, secret: &Secret) -> Result<Refusal> {
    Ok(match ask(client, secret).await? {
        VerifyAnswer::Dead(_) => Refusal::Refused,
        VerifyAnswer::Valid => Refusal::Works,
        VerifyAnswer::Limited(..) => Refusal::Limited,
        VerifyAnswer::NoCall | VerifyAnswer::NotThere(_) => Refusal::NoWay,
        VerifyAnswer::Open(why) => Refusal::Open(why),
    })
}

/// Returns whether the service refuses a key that is asked once; `None` if the response does not show it.
pub async fn is_refused(client: &ApiClient<'_>, secret: &Secret) -> Result<Option<bool>> {
    Ok(match refusal(client, secret).await? {
        Refusal::Refused => Some(true),
        Refusal::Works | Refusal::Limited => Some(false),
        Refusal::NoWay | Refusal::Open(_) => None,
    })
}

/// Returns whether the service accepts a key that is asked once; `None` if the response decides neither.
pub async fn is_accepted(client: &ApiClient<'_>, secret: &Secret) -> Result<Option<bool>> {
    Ok(match ask(client, secret).await? {
        VerifyAnswer::Valid => Some(true),
        VerifyAnswer::Dead(_) => Some(false),
        _ => None,
    })
}

/// Returns whether a key no longer works, by its own response, or by the list if that decides nothing.
pub async fn is_gone(
    client: &ApiClient<'_>,
    subject: &KeyQuery<'_>,
    asked: OtherKeyResponse,
) -> Result<bool> {
    let mut said = match (asked.0, subject.secret) {
        (Some(said), _) => said,
        (None, Some(secret)) => ask(client, secret).await?,
        (None, None) => return Ok(false),
    };
    let mut pauses = Backoff::of(client);
    // A service may not know a key yet that was created a moment ago.
    while let (true, VerifyAnswer::Dead(_), Some(secret)) = (subject.young, &said, subject.secret)
        && pauses.wait().await
    {
        said = ask(client, secret).await?;
    }
    Ok(match said {
        VerifyAnswer::Dead(_) => true,
        VerifyAnswer::Limited(..) => match look(client, subject).await? {
            ListAnswer::Over(_) | ListAnswer::RevokedHere => true,
            // The list may be late.
            ListAnswer::Missing => !subject.young,
            _ => false,
        },
        _ => false,
    })
}

/// Decides from the responses so far, or returns the question to ask next.
fn next(
    said: &VerifyAnswer,
    compared: &OtherKeyAnswer,
    listed: &ListAnswer,
    subject: &KeyQuery<'_>,
    service: &str,
) -> NextStep {
    let what = subject.what;
    let alone = matches!(subject.beside, OtherKey::None);
    match said {
        VerifyAnswer::Valid => NextStep::Go(None),
        VerifyAnswer::Dead(result) => NextStep::Refuse(format!(
            "{service} does not accept {what}: it is {}",
            result.name()
        )),
        VerifyAnswer::Open(why) => NextStep::Wait(why.clone()),
        VerifyAnswer::NoCall if !subject.may_look => NextStep::AskPerson,
        VerifyAnswer::NoCall => by_list(listed, what, service),
        VerifyAnswer::Limited(result, ..) if alone => match by_list(listed, what, service) {
            // A service may respond so to a key that it no longer knows; the list tells.
            NextStep::Look if subject.may_look => NextStep::Look,
            NextStep::Go(_) | NextStep::Look | NextStep::AskPerson => NextStep::Go(Some(*result)),
            further => further,
        },
        VerifyAnswer::NotThere(_) if alone => NextStep::Go(None),
        VerifyAnswer::Limited(result, status, _) => {
            let go = NextStep::Go(Some(*result));
            let other = matches!(
                subject.beside,
                OtherKey::Key {
                    other_scopes: true,
                    ..
                }
            );
            let no_list = *listed == ListAnswer::NoWay;
            match compared {
                // A service may respond alike to two keys that it does not know.
                OtherKeyAnswer::Said(beside) if beside == said => {
                    if !subject.may_look || no_list {
                        return go;
                    }
                    match by_list(listed, what, service) {
                        NextStep::Go(_) => go,
                        further => further,
                    }
                }
                OtherKeyAnswer::NotYet if !other || no_list => NextStep::Compare,
                OtherKeyAnswer::Said(_) => NextStep::Wait(format!(
                    "{}, and the key beside it gets another answer to the same call",
                    limited(what, *result, *status)
                )),
                OtherKeyAnswer::Unknown if no_list => {
                    NextStep::Wait(limited(what, *result, *status))
                }
                OtherKeyAnswer::NotYet | OtherKeyAnswer::Unknown => {
                    match by_list(listed, what, service) {
                        NextStep::Go(_) => go,
                        further => further,
                    }
                }
            }
        }
        VerifyAnswer::NotThere(status) => match compared {
            OtherKeyAnswer::NotYet => NextStep::Compare,
            OtherKeyAnswer::Said(beside) if beside == said => by_list(listed, what, service),
            _ => NextStep::Wait(format!(
                "{service} gave no answer that decides whether {what} works (HTTP {status})"
            )),
        },
    }
}

fn limited(what: &str, result: Validity, status: Option<u16>) -> String {
    let status = status.map_or_else(String::new, |status| format!(" (HTTP {status})"));
    format!("{what} is {}{status}", result.name())
}

/// Decides without a call that verifies.
fn by_list(listed: &ListAnswer, what: &str, service: &str) -> NextStep {
    match listed {
        ListAnswer::NotYet => NextStep::Look,
        ListAnswer::NoWay => NextStep::AskPerson,
        ListAnswer::Active => NextStep::Go(None),
        ListAnswer::Missing => NextStep::Refuse(format!("{service} does not list {what}")),
        ListAnswer::Over(status) => {
            NextStep::Refuse(format!("{service} lists {what} as {}", status.name()))
        }
        ListAnswer::RevokedHere => NextStep::Refuse(format!("{what} was revoked from here")),
        ListAnswer::EndsSoon(end) => {
            NextStep::Refuse(format!("{what} expires too soon: {}", to_the_minute(*end)))
        }
        ListAnswer::Open(why) => NextStep::Wait(why.clone()),
    }
}

impl KeyQuery<'_> {
    /// Returns whether a refusal may only mean that the service does not know one of the two keys yet.
    fn may_become_valid(&self, compared: &OtherKeyAnswer) -> bool {
        let beside_is_young = self.beside.is_young() && compared.answer().is_some();
        let alone_is_young = self.young && self.before_revocation;
        beside_is_young || alone_is_young
    }
}

impl OtherKey<'_> {
    fn is_young(&self) -> bool {
        matches!(self, OtherKey::Key { young: true, .. })
    }
}

impl OtherKeyAnswer {
    /// Returns the response to the key beside it, if it was asked.
    fn answer(&self) -> Option<&VerifyAnswer> {
        match self {
            OtherKeyAnswer::Said(said) => Some(said),
            OtherKeyAnswer::NotYet | OtherKeyAnswer::Unknown => None,
        }
    }
}

/// Returns whether the manifest says how a key is answered that works and may not make the call that verifies: such a
/// response is then not that to a key which the service does not know yet.
fn declares_limits(client: &ApiClient<'_>) -> bool {
    let manifest = client.service.manifest;
    let spec = manifest
        .new_key()
        .and_then(|name| manifest.credentials.get(name));
    let verify = spec.and_then(|spec| spec.verify.as_ref());
    verify.is_some_and(|verify| {
        let mut rules = verify.response.results.iter();
        rules.any(|rule| matches!(rule.result, Validity::Restricted | Validity::Blocked))
    })
}

async fn compare(client: &ApiClient<'_>, beside: &OtherKey<'_>) -> Result<OtherKeyAnswer> {
    let secret = match beside {
        OtherKey::Key { secret, .. } => secret().await?,
        OtherKey::None => None,
    };
    Ok(match secret {
        Some(secret) => OtherKeyAnswer::Said(ask(client, &secret).await?),
        None => OtherKeyAnswer::Unknown,
    })
}

async fn ask(client: &ApiClient<'_>, secret: &Secret) -> Result<VerifyAnswer> {
    let Some(name) = client.service.manifest.new_key() else {
        return Ok(VerifyAnswer::NoCall);
    };
    let verdict = match client.verify(&CredentialRef { name, secret }).await {
        Ok(verdict) => verdict,
        Err(failure) => return decides_nothing(failure).map(VerifyAnswer::Open),
    };
    let result = verdict.result;
    Ok(match (result, verdict.status_code) {
        (Validity::Valid, _) => VerifyAnswer::Valid,
        (Validity::Restricted | Validity::Blocked, status) => {
            VerifyAnswer::Limited(result, status, verdict.code)
        }
        (Validity::Invalid | Validity::Expired | Validity::Disabled, _) => {
            VerifyAnswer::Dead(result)
        }
        (Validity::Unknown, None) => VerifyAnswer::NoCall,
        (Validity::Unknown, Some(status @ (404 | 405 | 501))) if verdict.foreign.is_none() => {
            VerifyAnswer::NotThere(status)
        }
        (Validity::Unknown, Some(_)) => {
            VerifyAnswer::Open(verdict.why_unknown(client.service.name(), "a key"))
        }
    })
}

/// Returns the reason why a failed call decides nothing; a failure unrelated to the key stays an error.
fn decides_nothing(failure: CallError) -> Result<String> {
    let error = failure.error;
    let passes = matches!(
        error.kind(),
        Kind::RateLimited | Kind::Unreachable | Kind::Uncertain
    );
    let redirects = error
        .http_status()
        .is_some_and(|status| (300..400).contains(&status));
    if passes || redirects {
        return Ok(error.message().to_owned());
    }
    Err(error)
}

#[cfg(test)]
mod tests;
