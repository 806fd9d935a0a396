//! `keywright keys create`: the new key is shown once, and is safe before.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::super::{Context, delivery};
use crate::api::{ApiClient, Support, support};
use crate::cli::KeysCreate;
use crate::destination::DestinationSpec;
use crate::error::{Error, Kind, Result};
use crate::journal::Event;
use crate::key::{Expiry, Key, NewKey, Validity};
use crate::manifest::{CredentialKind, Effect, Manual, Operation, Span, Verb};
use crate::mint::{self, Safe, Shelter};
use crate::secret::Secret;
use crate::service::Carried;
use crate::session::Facts;
use crate::untrusted::clean;

/// The most that is read of a key on stdin, in bytes.
const LONGEST_PASTE: usize = 64 << 10;

/// Creates a key.
pub(super) async fn create(args: &KeysCreate, context: &Context<'_>) -> Result<u8> {
    let opened = context.open()?;
    let new = new_key(args, context.started)?;
    context
        .with_client(&opened, async |client| {
            client.check_new(&new)?;
            let to = delivery::proved(context, &args.to)?;
            if to.is_empty() || to.contains(&DestinationSpec::Stdout) || context.reporter.json {
                prove_stdout(context)?;
            }
            let safe = match support(client.service.manifest, Verb::Create) {
                Support::Native(operation) => {
                    natively(context, client, operation, &new, &to).await?
                }
                Support::Manual(manual) => by_hand(context, client, manual, &new, &to).await?,
                _ => return Err(client.cannot(Verb::Create)),
            };
            hand_over(context, safe, &args.to)
        })
        .await
}

fn new_key(args: &KeysCreate, now: Timestamp) -> Result<NewKey> {
    Ok(NewKey {
        name: args.name.clone(),
        scopes: args.scopes.clone(),
        expires: args
            .expires
            .as_deref()
            .map(|text| expiry(text, now))
            .transpose()?,
        fields: args.set.clone(),
    })
}

/// Reads `90d`, `2027-01-31`, an RFC 3339 time or `never`.
fn expiry(text: &str, now: Timestamp) -> Result<Expiry> {
    if text == "never" {
        return Ok(Expiry::Never);
    }
    let moment = text
        .parse::<Span>()
        .ok()
        .and_then(|span| span.after(now))
        .or_else(|| text.parse::<Timestamp>().ok())
        .or_else(|| {
            let date: Date = text.parse().ok()?;
            let zoned = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
            Some(zoned.timestamp())
        })
        .ok_or_else(|| {
            Error::usage(format!("`{}` is no end for a key", clean(text)))
                .hint("write `90d`, `2027-01-31` or `never`")
        })?;
    if moment <= now {
        return Err(Error::usage(format!("`{}` is in the past", clean(text))));
    }
    Ok(Expiry::At(moment))
}

/// Refuses before a key exists that nobody could read.
fn prove_stdout(context: &Context<'_>) -> Result<()> {
    context.world.terminal.probe_stdout().map_err(|error| {
        Error::new(
            Kind::Store,
            "the new key could not be printed: stdout does not take it",
        )
        .caused_by(error)
        .hint("nothing was created; send the output to a file or a pipe that is read")
    })
}

async fn natively(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    operation: &Operation,
    new: &NewKey,
    to: &[DestinationSpec],
) -> Result<Safe> {
    let name = client.service.name();
    if operation.effect == Effect::ReplacesOwn {
        context.confirm(
            &format!("creating a key at {name} ends the present one at once: whatever uses it stops working"),
            "Create a new key?",
        )?;
    }
    let before = free_slot(client).await?;
    let shelter = Shelter::open(client.session)?;
    let safe = mint::create(client, &shelter, new, before.as_deref(), to).await?;
    if operation.effect == Effect::ReplacesOwn {
        follow_login(client, &safe)?;
    }
    Ok(safe)
}

/// Counts the keys where there may be so many only; returns those that are there.
async fn free_slot(client: &ApiClient<'_>) -> Result<Option<Vec<Key>>> {
    let manifest = client.service.manifest;
    let countable =
        matches!(support(manifest, Verb::List), Support::Native(_)) && !manifest.one_key;
    let Some(limit) = manifest.limits.max_keys.filter(|_| countable) else {
        return Ok(None);
    };
    let keys = client.list().await?;
    let used = keys.iter().filter(|key| key.status.takes_a_slot()).count() as u64;
    if used < limit {
        return Ok(Some(keys));
    }
    Err(Error::new(
        Kind::Conflict,
        format!(
            "{} refused to create a key: {used} of {limit} keys are in use",
            client.service.name()
        ),
    )
    .hint("revoke one first: keywright keys list --sort last-used"))
}

/// The new key takes the place of the one that this profile logs in with.
fn follow_login(client: &ApiClient<'_>, safe: &Safe) -> Result<()> {
    let manifest = client.service.manifest;
    let Some(name) = manifest.credential_of(CredentialKind::Key) else {
        return Ok(());
    };
    if client.session.environment_rules() {
        let variable = CredentialKind::Key.variable();
        if client.session.world.env.get(variable).is_some() {
            client.log.warn(&format!(
                "{variable} still holds the key that was just replaced: set it to the new one"
            ));
        }
        return Ok(());
    }
    let facts = Facts {
        expires_at: safe.minted.key.expires_at,
        name: safe
            .minted
            .key
            .name
            .as_ref()
            .map(|name| name.as_received().to_owned()),
        ..Facts::default()
    };
    client.session.keep(name, &safe.minted.secret, facts)?;
    client.log.note(&format!(
        "the profile `{}` logs in with the new key from now on",
        client.profile
    ));
    Ok(())
}

/// A person creates the key in the dashboard and pastes it.
async fn by_hand(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    manual: &Manual,
    new: &NewKey,
    to: &[DestinationSpec],
) -> Result<Safe> {
    let name = client.service.name();
    let mut further = Vec::new();
    if let Some(wanted) = &new.name {
        further.push(format!("Name it `{}`", clean(wanted)));
    }
    if !new.scopes.is_empty() {
        further.push(format!(
            "Give it these permissions and no others: {}",
            new.scopes.join(", ")
        ));
    }
    further.push("Paste the key here".to_owned());
    context.log.line(&format!(
        "{name} has no call to create a key; a person does it"
    ));
    context.instruct("open", manual, &further);
    let shelter = Shelter::open(client.session)?;
    let secret = pasted(context, "New key")?;
    check_pasted(context, client, &secret).await?;
    mint::adopt(client, &shelter, new, secret, to)
}

/// A secret from a hidden prompt, or from stdin where that is no terminal.
pub(in crate::commands) fn pasted(context: &Context<'_>, prompt: &str) -> Result<Secret> {
    let terminal = &context.world.terminal;
    let secret = if context.may_ask {
        terminal.ask_secret(prompt)?
    } else if terminal.stdin_is_terminal() {
        return Err(
            Error::usage(format!("`{prompt}` is needed, and nobody may be asked"))
                .hint("hand it over on stdin"),
        );
    } else {
        read_secret(context)?
    };
    if secret.is_empty() {
        return Err(Error::usage(format!("`{prompt}` is empty"))
            .hint("hand it over on stdin: keywright … < FILE"));
    }
    Ok(secret)
}

/// One secret from stdin.
pub(in crate::commands) fn read_secret(context: &Context<'_>) -> Result<Secret> {
    let bytes = context
        .world
        .terminal
        .read_stdin(LONGEST_PASTE)
        .map_err(|error| Error::usage("stdin could not be read").caused_by(error))?;
    let bytes = zeroize::Zeroizing::new(bytes);
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Error::usage("what came on stdin is no text"))?
        .trim();
    if text.chars().any(char::is_control) {
        return Err(Error::usage("what came on stdin is more than one line"));
    }
    let secret = Secret::new(text);
    context.log.learn(&secret);
    Ok(secret)
}

/// Warns where a key does not look like one, and asks the service whether it works.
async fn check_pasted(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    secret: &Secret,
) -> Result<()> {
    let manifest = client.service.manifest;
    let Some(name) = manifest.credential_of(CredentialKind::Key) else {
        return Ok(());
    };
    if let Some(warning) = client.odd_shape(name, secret) {
        context.log.warn(&warning);
    }
    let verdict = client.verify(&Carried { name, secret }).await?;
    match verdict.result {
        Validity::Valid => Ok(()),
        Validity::Unknown => {
            context.log.note(&format!(
                "{} has no call that shows whether a key works, so this one is taken as it is",
                client.service.name()
            ));
            Ok(())
        }
        Validity::Restricted | Validity::Blocked => {
            context
                .log
                .warn(&format!("the key is {}", verdict.result.name()));
            Ok(())
        }
        other => Err(Error::new(
            Kind::Auth,
            format!(
                "{} does not accept this key: it is {}",
                client.service.name(),
                other.name()
            ),
        )
        .hint("copy it again, whole; nothing was kept")),
    }
}

/// Delivers and prints the key; only then is the copy forgotten.
fn hand_over(context: &Context<'_>, mut safe: Safe, asked: &[DestinationSpec]) -> Result<u8> {
    let place = Shelter::of(&safe.kept, &context.stores, context.world)?.place();
    let label = safe.minted.key.label();
    arrive(context, &mut safe, asked).map_err(|error| {
        error
            .as_kind(Kind::Uncertain)
            .and(&format!(
                "the new key {label} is not lost: {place} keeps it"
            ))
            .hint(format!(
                "hand it over again: keywright rotations resume {}",
                safe.record.id
            ))
            .hint("see what is unfinished: keywright rotations")
    })?;
    delivery::finish(context, safe.record, &safe.kept)?;
    Ok(0)
}

fn arrive(context: &Context<'_>, safe: &mut Safe, asked: &[DestinationSpec]) -> Result<()> {
    delivery::deliver(context, &mut safe.record, &safe.minted.secret)?;
    let to_stdout = safe.record.goes_to_stdout();
    if to_stdout {
        safe.record.write(context.world, Event::Showing)?;
    }
    print(context, safe, asked)
        .map_err(|error| Error::new(Kind::Store, "stdout did not take it").caused_by(error))
}

fn print(context: &Context<'_>, safe: &Safe, asked: &[DestinationSpec]) -> std::io::Result<()> {
    let to_stdout = safe.record.goes_to_stdout();
    let reporter = &context.reporter;
    let key = &safe.minted.key;
    let secret = &safe.minted.secret;
    if reporter.json {
        let value = answer(key, to_stdout.then_some(secret), asked);
        let text = zeroize::Zeroizing::new(format!("{value}\n"));
        return context.world.terminal.write_stdout(text.as_bytes());
    }
    if !to_stdout {
        return Ok(());
    }
    if reporter.at_a_terminal() {
        let title = format!("new {} key {}", key.provider, key.label());
        return reporter.framed_secret(&title, secret);
    }
    reporter.secret(secret)?;
    context.log.warn(&format!(
        "the key {} is shown once, here: it will not be shown again",
        key.label()
    ));
    Ok(())
}

/// The answer as JSON; destinations are named as they were asked for.
fn answer(key: &Key, secret: Option<&Secret>, asked: &[DestinationSpec]) -> Value {
    let mut value = json!(key);
    value["secret"] = secret.map_or(Value::Null, Secret::as_json);
    value["delivered_to"] = if asked.is_empty() {
        json!([DestinationSpec::Stdout])
    } else {
        json!(asked)
    };
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_a_span_a_date_a_time_or_never() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let at = |text: &str| match expiry(text, now) {
            Ok(Expiry::At(moment)) => moment.to_string(),
            Ok(Expiry::Never) => "never".to_owned(),
            Err(error) => error.kind().name().to_owned(),
        };
        assert_eq!(at("90d"), "2027-02-18T12:00:00Z");
        assert_eq!(at("2027-01-31"), "2027-01-31T00:00:00Z");
        assert_eq!(at("2027-01-31T10:00:00+01:00"), "2027-01-31T09:00:00Z");
        assert_eq!(at("never"), "never");
        for text in ["", "soon", "2020-01-01", "2027-13-01", "-1d"] {
            assert_eq!(at(text), "usage", "{text}");
        }
    }
}
