//! `keywright keys rotate --due --repair`: the current key is written again to each destination of the project that does
//! not hold it.

use super::super::Context;
use super::super::delivery::{self, CliCallbacks, NewKeyInfo};
use super::super::inventory;
use super::super::rotations::{self, RotationView};
use super::project_key::ProjectEntry;
use super::rotate;
use crate::api::ApiClient;
use crate::core::error::{Error, Kind, Result};
use crate::core::key::Key;
use crate::core::secret::Secret;
use crate::core::untrusted::{Untrusted, escape, one_line, shell_argument};
use crate::destination::{DestinationSpec, StoredContent};
use crate::rotation::journal::{EventLog, Record, RecordSummary, RepairedKey};
use crate::rotation::liveness::{KeyQuery, Liveness, OtherKey, find_out};
use crate::rotation::{RepairRequest, Rotation, begin_repair, is_delivered_key};
use crate::wal::StateLock;

/// The end of an error before anything is written.
const NOTHING_REPAIRED: &str = "nothing was repaired";

/// The outcomes of a look at one key: its repair, and the destinations that could not be read.
pub(super) type Outcomes = Vec<Result<Option<RotationView>>>;

/// The destinations of a key that do not hold it.
struct Drift {
    to: Vec<DestinationSpec>,
    /// The fingerprints of the values that stand there and are neither the key nor an earlier one.
    foreign: Vec<(DestinationSpec, String)>,
}

/// Returns whether a record is an unfinished repair of the key of that name.
pub(super) fn is_repair_of(seen: &RecordSummary, name: &str) -> bool {
    let repaired = seen.events.as_ref().ok().and_then(EventLog::repairs);
    repaired.is_some_and(|key| key.is(name))
}

/// Finishes a repair that was interrupted; with `is_plan` only shows it.
pub(super) async fn resume(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    seen: &RecordSummary,
    is_plan: bool,
) -> Result<RotationView> {
    if is_plan {
        return Ok(rotations::view(&seen.id, &seen.events));
    }
    context
        .log
        .note(&format!("going on with the repair {}", seen.id));
    let record = Record::open(context.platform, &seen.id)?;
    let done = rotate::carried_out(context, client, record, None, Vec::new()).await?;
    rotations::report_outcome(context, &done.outcome);
    Ok(done.told())
}

/// Writes a key again to the destinations of its entry that do not hold it; without the lock of its profile only says
/// so. `fingerprint` is the digest of its secret, if this machine delivered it.
pub(super) async fn repair(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    entry: ProjectEntry<'_>,
    (key, fingerprint): (&Key, Option<String>),
    lock: Option<&StateLock>,
) -> Outcomes {
    let mut outcomes = Vec::new();
    let known = (key, fingerprint);
    let repaired = look(context, client, entry, known, lock, &mut outcomes).await;
    outcomes.insert(0, repaired);
    outcomes
}

async fn look(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    (project, name, wanted): ProjectEntry<'_>,
    (key, fingerprint): (&Key, Option<String>),
    lock: Option<&StateLock>,
    unread: &mut Outcomes,
) -> Result<Option<RotationView>> {
    let places = project.destinations(wanted, client.profile)?;
    let mut contents = Vec::new();
    for (to, read) in places
        .iter()
        .zip(inventory::contents(context, &places).await)
    {
        match read {
            Ok(StoredContent::Unreadable) => context.log.note(&format!(
                "`{}` cannot be read back: nothing shows whether it holds `{}`",
                escape(&to.to_string()),
                one_line(name)
            )),
            Ok(there) => contents.push((to, there)),
            Err(error) => unread.push(Err(error)),
        }
    }
    let holds_it =
        |content: &StoredContent| fingerprint.is_some() && content.fingerprint() == fingerprint;
    if contents.iter().all(|(_, content)| holds_it(content)) {
        return Ok(None);
    }
    let standing = contents.iter().find_map(|(_, content)| match content {
        StoredContent::Value(value) if holds_it(content) => Some(value.duplicate()),
        _ => None,
    });
    let secret = match standing {
        Some(secret) => Some(secret),
        None => held(client, key, fingerprint.as_deref()).await?,
    };
    let Some(secret) = secret else {
        return without_secret(context, name, &contents, fingerprint.is_some());
    };
    context.log.register_secret(&secret);
    let drift = drift(context, client, &contents, &secret)?;
    if drift.to.is_empty() {
        return Ok(None);
    }
    let (after, check) = project.hooks(wanted)?;
    let text = |field: &Option<Untrusted>| field.as_ref().map(|text| text.as_received().to_owned());
    let repaired = RepairedKey {
        id: text(&key.id),
        name: text(&key.name).or_else(|| Some(name.to_owned())),
        after,
        check,
    };
    let Some(lock) = lock else {
        return rotations::view_repair(client, repaired, &drift.to).map(Some);
    };
    let request = RepairRequest {
        key: repaired,
        secret: &secret,
        to: &drift.to,
        lock,
    };
    let foreign = drift.foreign;
    Box::pin(written(context, client, name, key, request, foreign))
        .await
        .map(Some)
}

/// Returns the secret of a key, if the profile logs in with it or the environment holds it.
async fn held(
    client: &ApiClient<'_>,
    key: &Key,
    fingerprint: Option<&str>,
) -> Result<Option<Secret>> {
    let session = client.session;
    let Some(credential) = client.service.manifest.new_key() else {
        return Ok(None);
    };
    let in_environment = session.in_environment(credential);
    let found = match &in_environment {
        Some(held) => Some(held.secret.duplicate()),
        None if session.uses_environment() || !session.holds(credential)? => None,
        None => session.kept(credential)?,
    };
    let Some(secret) = found else {
        return Ok(None);
    };
    let is_it = match fingerprint {
        Some(known) => secret.fingerprint() == *known,
        None if in_environment.is_some() => client.is_key_of_environment(key).await?,
        None => client.is_login_key(key).await?,
    };
    Ok(is_it.then_some(secret))
}

/// Says what cannot be repaired because the secret of the key is not held here.
fn without_secret(
    context: &Context<'_>,
    name: &str,
    contents: &[(&DestinationSpec, StoredContent)],
    is_known: bool,
) -> Result<Option<RotationView>> {
    let name = one_line(name);
    let mut drifted = contents
        .iter()
        .filter(|(_, content)| is_known || matches!(content, StoredContent::Absent));
    let Some((first, _)) = drifted.next() else {
        context.log.warn(&format!(
            "`{name}` was not delivered from here: nothing shows whether its destinations hold it"
        ));
        return Ok(None);
    };
    let others = match drifted.count() {
        0 => String::new(),
        1 => " and 1 other destination".to_owned(),
        count => format!(" and {count} other destinations"),
    };
    Err(Error::new(
        Kind::Auth,
        format!(
            "`{}`{others} cannot be repaired: the secret of `{name}` is not held here",
            escape(&first.to_string())
        ),
    )
    .hint(format!(
        "replace the key: keywright keys rotate {}",
        shell_argument(&name)
    )))
}

/// Returns the destinations whose content is not the key.
fn drift(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    contents: &[(&DestinationSpec, StoredContent)],
    secret: &Secret,
) -> Result<Drift> {
    let mut drift = Drift {
        to: Vec::new(),
        foreign: Vec::new(),
    };
    for (to, content) in contents {
        if let StoredContent::Value(value) = content {
            context.log.register_secret(value);
        }
        match (content, content.fingerprint()) {
            _ if content.is(secret) == Some(true) => continue,
            (_, Some(value)) if !is_delivered_key(client, &value)? => {
                drift.foreign.push(((*to).clone(), value));
            }
            // A profile that was logged out gets no new login.
            (StoredContent::Absent, _) if to.profile().is_some() => {
                context.log.warn(&format!(
                    "`{}` is logged out: it stays as it is",
                    escape(&to.to_string())
                ));
                continue;
            }
            _ => {}
        }
        drift.to.push((*to).clone());
    }
    Ok(drift)
}

/// Proves and asks everything, then writes the key.
async fn written(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    name: &str,
    key: &Key,
    mut request: RepairRequest<'_>,
    foreign: Vec<(DestinationSpec, String)>,
) -> Result<RotationView> {
    delivery::check_items(context, request.to)?;
    let to = delivery::proved(context, request.to, NOTHING_REPAIRED).await?;
    request.to = &to;
    let hooks: Vec<_> = request.key.hooks().cloned().collect();
    rotate::prove_hooks(context, client, &hooks, NOTHING_REPAIRED)?;
    prove_alive(context, client, name, &request).await?;
    agree(context, client, key, &foreign)?;
    let secret = request.secret.duplicate();
    let record = begin_repair(client, request)?;
    let person = CliCallbacks {
        context,
        about: NewKeyInfo::of(key),
        subject: delivery::subject_of(client, &record),
        places: delivery::places_of(&record),
        show: &|_, _| Ok(()),
    };
    let agreed = foreign.into_iter().map(|(_, value)| value).collect();
    let rotation = Rotation::new(client, &person, record, Some(secret)).overwriting(agreed);
    let outcome = rotation.run().await?;
    rotations::report_outcome(context, &outcome);
    Ok(rotations::outcome_view(outcome))
}

/// Refuses to write a key that the service does not accept: what stands there may be its successor.
async fn prove_alive(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    name: &str,
    request: &RepairRequest<'_>,
) -> Result<()> {
    let what = format!("the key `{}`", one_line(name));
    let subject = KeyQuery {
        what: &what,
        secret: Some(request.secret),
        id: request.key.id.as_deref(),
        record: None,
        lives_for: None,
        young: false,
        may_look: true,
        before_revocation: false,
        beside: OtherKey::None,
    };
    match find_out(client, &subject).await? {
        Liveness::Works(_) => Ok(()),
        Liveness::Dead(why, _) => Err(Error::new(Kind::Conflict, why)
            .append(NOTHING_REPAIRED)
            .hint(format!(
                "replace the key: keywright keys rotate {}",
                shell_argument(name)
            ))),
        Liveness::Open(why) => Err(Error::new(Kind::Uncertain, why).append(NOTHING_REPAIRED)),
        Liveness::Unproved => {
            context.log.note(&format!(
                "{} has no operation to verify a key: this one is taken as it is",
                client.service.name()
            ));
            Ok(())
        }
    }
}

/// Asks before values are overwritten that are neither the key nor an earlier one.
fn agree(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    key: &Key,
    foreign: &[(DestinationSpec, String)],
) -> Result<()> {
    if foreign.is_empty() {
        return Ok(());
    }
    let shown = |to: &DestinationSpec| escape(&to.to_string());
    if context.global.yes {
        for (to, _) in foreign {
            context.log.warn(&format!(
                "`{}` holds neither the current key nor an earlier one: it is overwritten",
                shown(to)
            ));
        }
        return Ok(());
    }
    let subject = delivery::subject(client, &delivery::full_label(client, key));
    let places: Vec<DestinationSpec> = foreign.iter().map(|(to, _)| to.clone()).collect();
    context.confirm(
        &format!(
            "repairing {subject} overwrites values that are neither this key nor an earlier one{}",
            delivery::places(&places)
        ),
        "Overwrite?",
    )
}
