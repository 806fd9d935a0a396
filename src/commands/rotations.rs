//! `keywright rotations`: what is unfinished, how to finish it, how to give it up.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::{Context, delivery};
use crate::api::{ApiClient, Support, support};
use crate::cli::{Rotations, RotationsCommand};
use crate::error::{Error, Kind, Result};
use crate::journal::{self, Entry, Event, Intent, Kept, Record, State};
use crate::key::Key;
use crate::manifest::Verb;
use crate::mint::{self, Found, Shelter};
use crate::output::{Report, relative};
use crate::profile::{Chosen, Config, Decided, Saved};
use crate::secret::Secret;
use crate::untrusted::{Untrusted, clean};

/// Carries out `keywright rotations`.
pub(super) async fn run(args: &Rotations, context: &Context<'_>) -> Result<u8> {
    match &args.command {
        None | Some(RotationsCommand::List) => list(context),
        Some(RotationsCommand::Show { id }) => show(&pick(id.as_deref(), context)?, context),
        Some(RotationsCommand::Resume { id }) => {
            resume(&pick(id.as_deref(), context)?, context).await
        }
        Some(RotationsCommand::Abort { id }) => {
            abort(&pick(id.as_deref(), context)?, context).await
        }
    }
}

/// A rotation as it is told; a created key is one without an old key.
#[derive(Serialize)]
struct Told {
    id: String,
    state: &'static str,
    profile: Option<String>,
    old: Option<String>,
    new: Option<String>,
    strategy: &'static str,
    steps: Vec<Step>,
    next: String,
}

#[derive(Serialize)]
struct Step {
    #[serde(rename = "step")]
    name: &'static str,
    state: &'static str,
    at: Timestamp,
}

#[derive(Serialize)]
#[serde(transparent)]
struct All(Vec<Told>);

impl Report<5> for All {
    const COLUMNS: [&'static str; 5] = ["ID", "PROFILE", "NEW KEY", "SINCE", "NEXT"];

    fn rows(&self, now: Timestamp) -> Vec<[String; 5]> {
        self.0
            .iter()
            .map(|told| {
                let or_dash =
                    |text: &Option<String>| text.as_deref().map_or_else(|| "-".to_owned(), clean);
                [
                    told.id.clone(),
                    or_dash(&told.profile),
                    or_dash(&told.new),
                    relative(told.steps.first().map(|step| step.at), now),
                    told.next.clone(),
                ]
            })
            .collect()
    }
}

fn tell(id: &str, entries: &Result<Vec<Entry>>) -> Told {
    let empty = Vec::new();
    let read = entries.as_ref().unwrap_or(&empty);
    let state = match entries {
        Ok(entries) => journal::replay(entries).ok(),
        Err(_) => None,
    };
    let intent = journal::intent(read);
    let kept = journal::kept(read);
    Told {
        id: id.to_owned(),
        state: state.map_or("damaged", State::name),
        profile: intent.map(|intent| intent.profile.clone()),
        old: None,
        new: kept
            .and_then(|kept| kept.id.clone())
            .or_else(|| intent.and_then(|intent| intent.name.clone())),
        strategy: "create",
        steps: read
            .iter()
            .map(|entry| Step {
                name: entry.event.name(),
                state: "done",
                at: entry.at,
            })
            .collect(),
        next: next(id, state),
    }
}

fn next(id: &str, state: Option<State>) -> String {
    match state {
        None => format!("its record is damaged: look at it, then keywright rotations abort {id}"),
        Some(State::Intended | State::Lost) => {
            format!("look whether a key was created: keywright rotations resume {id}")
        }
        Some(State::Kept) => format!("print the key: keywright rotations resume {id}"),
        Some(State::Showing) => {
            format!("it may have been printed; print it again: keywright rotations resume {id}")
        }
        Some(State::Nothing | State::Done | State::Abandoned) => "nothing".to_owned(),
    }
}

fn list(context: &Context<'_>) -> Result<u8> {
    let all = journal::all(context.world)?
        .iter()
        .map(|seen| tell(&seen.id, &seen.entries))
        .collect();
    context
        .reporter
        .report(&All(all), "nothing is unfinished")?;
    Ok(0)
}

/// The one that is named, or the only one.
fn pick(id: Option<&str>, context: &Context<'_>) -> Result<String> {
    if let Some(id) = id {
        return Ok(id.to_owned());
    }
    let mut all = journal::all(context.world)?;
    match all.len() {
        1 => Ok(all.remove(0).id),
        0 => Err(Error::new(Kind::NotFound, "nothing is unfinished")),
        _ => Err(
            Error::new(Kind::Conflict, "several are unfinished, and none is named").hints(
                all.into_iter()
                    .map(|seen| format!("it may be: {}", seen.id)),
            ),
        ),
    }
}

fn show(id: &str, context: &Context<'_>) -> Result<u8> {
    let all = journal::all(context.world)?;
    let told = all
        .iter()
        .find(|seen| seen.id == id)
        .map(|seen| tell(&seen.id, &seen.entries))
        .ok_or_else(|| {
            Error::new(
                Kind::NotFound,
                format!("there is nothing unfinished named `{}`", clean(id)),
            )
            .hint("see what is: keywright rotations")
        })?;
    if context.reporter.json {
        context.reporter.json_value(&told)?;
        return Ok(0);
    }
    let or_dash = |text: &Option<String>| text.as_deref().map_or_else(|| "-".to_owned(), clean);
    let mut lines = vec![
        format!("id        {}", told.id),
        format!("profile   {}", or_dash(&told.profile)),
        format!("new key   {}", or_dash(&told.new)),
        format!("state     {}", told.state),
    ];
    for step in &told.steps {
        lines.push(format!(
            "  {}  {}",
            step.at.strftime("%Y-%m-%d %H:%M:%S UTC"),
            step.name
        ));
    }
    lines.push(format!("next      {}", told.next));
    context.reporter.text(&format!("{}\n", lines.join("\n")))?;
    Ok(0)
}

/// Finishes what is unfinished.
async fn resume(id: &str, context: &Context<'_>) -> Result<u8> {
    let record = Record::open(context.world, id)?;
    match record.state() {
        State::Kept | State::Showing => hand_over_again(record, context),
        State::Intended | State::Lost => look_again(record, context).await,
        State::Nothing | State::Done | State::Abandoned => {
            record.close()?;
            context.log.note("there was nothing left to do");
            Ok(0)
        }
    }
}

/// Hands over the key that is kept, and forgets the copy once it has arrived.
fn hand_over_again(mut record: Record, context: &Context<'_>) -> Result<u8> {
    let kept = kept_of(&record)?;
    let store = Shelter::of(&kept, &context.stores, context.world)?;
    let secret = store.get(&kept.item)?.ok_or_else(|| {
        Error::new(
            Kind::Store,
            format!("{} no longer holds the key", store.place()),
        )
        .hint(format!(
            "give it up, and revoke the key: keywright rotations abort {}",
            record.id
        ))
    })?;
    context.log.learn(&secret);
    let hand_over = |record: &mut Record| -> Result<()> {
        delivery::deliver(context, record, &secret)?;
        if record.goes_to_stdout() {
            record.write(context.world, Event::Showing)?;
            return print(context, &kept, &secret).map_err(|error| {
                Error::new(Kind::Store, "stdout did not take it").caused_by(error)
            });
        }
        Ok(())
    };
    hand_over(&mut record).map_err(|error| {
        error
            .as_kind(Kind::Uncertain)
            .and(&format!(
                "the key is not lost: {} still keeps it",
                store.place()
            ))
            .hint(format!(
                "try again: keywright rotations resume {}",
                record.id
            ))
    })?;
    delivery::finish(context, record, &kept)?;
    Ok(0)
}

fn print(context: &Context<'_>, kept: &Kept, secret: &Secret) -> std::io::Result<()> {
    if context.reporter.json {
        let value = json!({ "id": kept.id, "masked": kept.masked, "secret": secret.as_json() });
        let text = zeroize::Zeroizing::new(format!("{value}\n"));
        return context.world.terminal.write_stdout(text.as_bytes());
    }
    if context.reporter.at_a_terminal() {
        return context
            .reporter
            .framed_secret("the key that was kept", secret);
    }
    context.reporter.secret(secret)
}

fn kept_of(record: &Record) -> Result<Kept> {
    record
        .kept()
        .cloned()
        .ok_or_else(|| Error::failed("the record does not say where the key is"))
}

/// The profile of a record, as it is saved now or as the environment says it.
fn chosen(intent: &Intent, context: &Context<'_>) -> Result<Chosen> {
    let saved = Config::load(context.world)?
        .profiles
        .remove(&intent.profile)
        .unwrap_or_else(|| Saved {
            provider: intent.provider.clone(),
            ..Saved::default()
        });
    Ok(Chosen {
        name: intent.profile.clone(),
        saved,
        decided: Decided::Each,
    })
}

/// Looks for a key whose answer was lost; a stranger is revoked only when somebody says so.
async fn look_again(mut record: Record, context: &Context<'_>) -> Result<u8> {
    let intent = intent_of(&record)?;
    let opened = context.open_chosen(chosen(&intent, context)?)?;
    context
        .with_client(&opened, async |client| {
            let found = match &intent.before {
                Some(before) => mint::strangers(client, before).await,
                None => Found::NobodyKnows,
            };
            match found {
                Found::Nothing => {
                    context
                        .log
                        .note("no key was created: the list shows none that is new");
                }
                Found::Strangers(keys) => {
                    for key in &keys {
                        revoke_stranger(context, client, key, &intent).await?;
                    }
                }
                Found::Replaced | Found::NobodyKnows => {
                    return Err(Error::new(
                        Kind::Uncertain,
                        format!(
                            "nobody can say whether {} created a key",
                            client.service.name()
                        ),
                    )
                    .hint("look in the dashboard, and revoke what nobody uses")
                    .hint(format!("then: keywright rotations abort {}", record.id)));
                }
            }
            record.write(context.world, Event::Abandoned)?;
            record.close()?;
            Ok(0)
        })
        .await
}

fn intent_of(record: &Record) -> Result<Intent> {
    record
        .intent()
        .cloned()
        .ok_or_else(|| Error::failed("the record does not say what was intended"))
}

async fn revoke_stranger(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    key: &Key,
    intent: &Intent,
) -> Result<()> {
    let ours = intent.name.is_some()
        && key.name.as_ref().map(Untrusted::as_received) == intent.name.as_deref();
    let what = format!("{} is new, and nobody has its secret", key.label());
    if context.global.yes && !ours {
        return Err(Error::new(
            Kind::Uncertain,
            format!("{what}; it may be somebody else's"),
        )
        .hint("`--yes` counts only for a key with the name that was asked for")
        .hint(format!(
            "if it is yours: keywright keys revoke {}",
            key.id
                .as_ref()
                .map_or_else(String::new, ToString::to_string)
        )));
    }
    context.confirm(&what, "Revoke it?")?;
    client.revoke(key).await?;
    context.log.note(&format!("revoked {}", key.label()));
    Ok(())
}

/// Gives up: revokes the new key where its id is known, and forgets the copy.
async fn abort(id: &str, context: &Context<'_>) -> Result<u8> {
    let record = match Record::open(context.world, id) {
        Ok(record) => record,
        Err(error) if matches!(error.kind(), Kind::NotFound | Kind::Conflict) => return Err(error),
        Err(error) => {
            context.confirm(
                &format!("the record cannot be read ({error}); giving it up forgets it"),
                "Forget it?",
            )?;
            Record::discard(context.world, id)?;
            context
                .log
                .note("forgot the record; look whether a key is left: keywright keys list");
            return Ok(0);
        }
    };
    match record.state() {
        State::Kept | State::Showing => abort_kept(record, context).await,
        _ => {
            context.confirm(
                "giving up without looking may leave a key at the service that nobody knows",
                "Give up?",
            )?;
            let mut record = record;
            if record.state().is_open() {
                record.write(context.world, Event::Abandoned)?;
            }
            record.close()?;
            context
                .log
                .note("given up; look whether a key is left: keywright keys list");
            Ok(0)
        }
    }
}

async fn abort_kept(mut record: Record, context: &Context<'_>) -> Result<u8> {
    let intent = intent_of(&record)?;
    let kept = kept_of(&record)?;
    context.confirm(
        &format!(
            "giving up revokes the new key {} and forgets it",
            kept.masked
        ),
        "Give up?",
    )?;
    let opened = context.open_chosen(chosen(&intent, context)?)?;
    context
        .with_client(&opened, async |client| {
            let revocable = matches!(
                support(client.service.manifest, Verb::Revoke),
                Support::Native(_)
            );
            match &kept.id {
                Some(id) if revocable => {
                    let key = Key {
                        id: Some(Untrusted::new(id.clone())),
                        ..Key::unknown(client.service.name(), client.profile)
                    };
                    match client.revoke(&key).await {
                        Ok(()) => context.log.note(&format!("revoked {}", key.label())),
                        Err(trouble) if trouble.error.kind() == Kind::NotFound => {
                            context.log.note("the key was gone already");
                        }
                        Err(trouble) => return Err(trouble.error),
                    }
                }
                _ => context.log.warn(&format!(
                    "{} has no call to revoke it: revoke the key {} by hand",
                    client.service.name(),
                    kept.masked
                )),
            }
            Ok(())
        })
        .await?;
    record.write(context.world, Event::Abandoned)?;
    Shelter::of(&kept, &context.stores, context.world)?.delete(&kept.item)?;
    record.close()?;
    Ok(0)
}
