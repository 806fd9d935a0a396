//! Destinations of a new key (`--to`), opened and tested before the key exists.

use std::io;

use jiff::Timestamp;

use super::place_login::login_of;
use super::{Context, ResolvedProfile};
use crate::api::{ApiClient, Support, support};
use crate::core::error::{Error, Result};
use crate::core::key::Key;
use crate::core::secret::Secret;
use crate::core::untrusted::{Untrusted, escape};
use crate::destination::{
    self, DestinationSpec, OpenDestination, SecretSlot, SlotOpeners, StoredContent,
};
use crate::hook::HookSpec;
use crate::manifest::{CredentialKind, Manual, Verb};
use crate::platform::Platform;
use crate::profile::session::{CredentialMetadata, Session};
use crate::profile::{Config, SelectedProfile, SelectionSource};
use crate::report::log::Log;
use crate::rotation::RotationCallbacks;
use crate::rotation::journal::{OldKey, Record};
use crate::store::{KeyringItem, StoreKind, Stores};
use crate::wal;

/// Opens a destination as this run reaches it.
fn open(
    context: &Context<'_>,
    spec: &DestinationSpec,
    about: &NewKeyInfo,
) -> Result<OpenDestination> {
    let profile = |name: &str| -> Result<Box<dyn SecretSlot>> {
        let about = about.clone();
        Ok(Box::new(ProfileKeySlot::open(context, name, about)?))
    };
    let keyring = |service: &str, account: &str| -> Result<Box<dyn SecretSlot>> {
        let item = KeyringItem::new(context.platform, context.may_ask, service, account)?;
        Ok(Box::new(KeyringItemSlot(item)))
    };
    let openers = SlotOpeners {
        profile: &profile,
        keyring: &keyring,
        login: &|spec| login_of(context, spec),
    };
    destination::open(spec, context.platform, context.log, &openers)
}

/// Opens a destination to look at it.
pub(super) fn open_for_check(
    context: &Context<'_>,
    spec: &DestinationSpec,
) -> Result<OpenDestination> {
    open(context, spec, &NewKeyInfo::default())
}

/// Returns the destinations that were asked for, each proved able to take a secret; in the form in which they are
/// journalled. An error says that `nothing_done`.
pub(super) async fn proved(
    context: &Context<'_>,
    wanted: &[DestinationSpec],
    nothing_done: &str,
) -> Result<Vec<DestinationSpec>> {
    let mut to: Vec<DestinationSpec> = Vec::new();
    for spec in wanted {
        let spec = spec.absolute(&context.platform.folder, &context.platform.env)?;
        if !to.contains(&spec) {
            to.push(spec);
        }
    }
    let written = to.iter().filter(|spec| **spec != DestinationSpec::STDOUT);
    let probes = written.map(async |spec| {
        let place = open(context, spec, &NewKeyInfo::default())?;
        let probed = place.probe().await;
        probed.map_err(|error| error.hint(nothing_done))
    });
    // Side by side: places on the network take their time.
    for probed in futures_util::future::join_all(probes).await {
        probed?;
    }
    Ok(to)
}

/// Returns the values that stand at the destinations that can be read.
pub(super) async fn standing(context: &Context<'_>, at: &[DestinationSpec]) -> Vec<Secret> {
    let mut values = Vec::new();
    for spec in at.iter().filter(|spec| **spec != DestinationSpec::STDOUT) {
        if let Ok(destination) = open(context, spec, &NewKeyInfo::default())
            && let Ok(StoredContent::Value(value)) = destination.read_if_possible().await
        {
            values.push(value);
        }
    }
    values
}

/// The callbacks of a rotation: open destinations, print, ask.
pub(super) struct CliCallbacks<'p> {
    /// The command.
    pub context: &'p Context<'p>,
    /// The metadata of the new key, stored with it if it becomes a profile's login key.
    pub about: NewKeyInfo,
    /// Prints the new secret as the command does that.
    pub show: &'p PrintSecret<'p>,
    /// The key, profile and service that every question is about.
    pub subject: String,
    /// The destinations of the key, a line each.
    pub places: String,
}

/// Prints a new secret.
pub(super) type PrintSecret<'p> = dyn Fn(&Record, &Secret) -> io::Result<()> + 'p;

/// The metadata of a new key.
#[derive(Debug, Clone, Default)]
pub(super) struct NewKeyInfo {
    /// Its name at the service.
    pub name: Option<String>,
    /// Its expiry.
    pub expires_at: Option<Timestamp>,
}

impl NewKeyInfo {
    /// Returns the metadata of `key`.
    pub(super) fn of(key: &Key) -> Self {
        NewKeyInfo {
            name: key.name.as_ref().map(|name| name.as_received().to_owned()),
            expires_at: key.expires_at,
        }
    }
}

impl RotationCallbacks for CliCallbacks<'_> {
    fn open(&self, to: &DestinationSpec) -> Result<OpenDestination> {
        open(self.context, to, &self.about)
    }

    fn show(&self, record: &Record, secret: &Secret) -> io::Result<()> {
        (self.show)(record, secret)
    }

    fn may_ask(&self) -> bool {
        self.context.may_ask
    }

    fn confirm(&self, what: &str, question: &str) -> Result<()> {
        let what = format!("{}: {what}{}", self.subject, self.places);
        self.context.confirm(&what, question)
    }

    fn witness(&self, what: &str, question: &str) -> Result<()> {
        self.context.witness(what, question)
    }

    fn agrees(&self, what: &str, question: &str) -> Result<bool> {
        self.context.agrees(what, question)
    }

    fn yes(&self) -> bool {
        self.context.global.yes
    }

    fn instruct(&self, title: &str, manual: &Manual, further: &[String]) {
        self.context.instruct(title, manual, further);
    }
}

/// Returns a key as a question names it: whole, with its id where that is not a secret.
pub(super) fn full_label(client: &ApiClient<'_>, key: &Key) -> String {
    let text = |field: &Option<Untrusted>| field.as_ref().map(|text| text.as_received().to_owned());
    label(client, [text(&key.name), text(&key.id), text(&key.masked)])
}

fn label(client: &ApiClient<'_>, [name, id, masked]: [Option<String>; 3]) -> String {
    let id = id.filter(|_| !client.service.manifest.hides_ids());
    match (name.filter(|name| !name.is_empty()), id) {
        (Some(name), Some(id)) if name != id => format!("`{}` ({})", escape(&name), escape(&id)),
        (Some(known), _) | (None, Some(known)) => format!("`{}`", escape(&known)),
        (None, None) => masked.map_or_else(
            || "the key".to_owned(),
            |masked| format!("`{}`", escape(&masked)),
        ),
    }
}

/// Returns the subject of an irreversible question: the key, its profile and service.
pub(super) fn subject(client: &ApiClient<'_>, label: &str) -> String {
    format!(
        "{label} of the profile `{}` at {}",
        escape(client.profile),
        client.service.name()
    )
}

/// Returns the destinations of a key as further lines of a question, each in full on its own line.
pub(super) fn places(to: &[DestinationSpec]) -> String {
    let lines = to.iter().map(|to| place(&to.to_string()));
    lines.collect::<Vec<_>>().concat()
}

/// Returns a destination as the further line of a question.
pub(super) fn place(to: &str) -> String {
    format!("\n  to `{}`", escape(to))
}

/// Returns what follows the delivery of a key as further lines of a question.
pub(super) fn followed_by(replaces: Option<&OldKey>) -> String {
    let hooks = replaces
        .into_iter()
        .flat_map(|old| hook_lines(&old.after, old.check.as_ref()));
    hooks.collect()
}

/// Returns each hook as a further line of a question.
pub(super) fn hook_lines(after: &[HookSpec], check: Option<&HookSpec>) -> Vec<String> {
    let line = |role: &str, hook: &HookSpec| format!("\n  {role} `{}`", escape(&hook.to_string()));
    let after = after.iter().map(|hook| line("then run", hook));
    after
        .chain(check.map(|hook| line("check with", hook)))
        .collect()
}

/// Returns the subject of the questions about a record.
pub(super) fn subject_of(client: &ApiClient<'_>, record: &Record) -> String {
    let intent = record.events.intent();
    let parts = match intent.and_then(|intent| intent.replaces.as_ref()) {
        Some(old) => [old.name.clone(), old.id.clone(), old.masked.clone()],
        None => [intent.and_then(|intent| intent.name.clone()), None, None],
    };
    subject(client, &label(client, parts))
}

/// Returns the lines that say where the key of a record goes.
pub(super) fn places_of(record: &Record) -> String {
    let intent = record.events.intent();
    let to = places(intent.map_or(&[][..], |intent| &intent.to));
    let (hooks, after) = record.events.hooks();
    let (after, check) = hooks.split_at(after);
    to + &hook_lines(after, check.first()).concat()
}

/// Refuses, for a project file, an item of the keyring that is there and that no rotation of this machine wrote: it
/// belongs to another program.
pub(super) fn check_items(context: &Context<'_>, wanted: &[DestinationSpec]) -> Result<()> {
    for spec in wanted {
        let Some((service, account)) = spec.keyring_item() else {
            continue;
        };
        let item = KeyringItem::new(context.platform, context.may_ask, service, account)?;
        if item.is_foreign()? {
            let shown = escape(&spec.to_string());
            return Err(Error::usage(format!(
                "`{shown}` is there already, and no rotation of this machine wrote it"
            ))
            .hint("a project file cannot replace another program's item; to do that, use `--to` on the command line"));
        }
    }
    Ok(())
}

/// Prints a new key: in a frame at a terminal, alone through a pipe; `label` is its name.
pub(super) fn print_once(
    context: &Context<'_>,
    provider: &str,
    label: &str,
    secret: &Secret,
) -> io::Result<()> {
    let reporter = &context.reporter;
    if reporter.at_a_terminal() {
        return reporter.framed_secret(&format!("new {provider} key {label}"), secret);
    }
    reporter.secret(secret)?;
    context.log.warn(&format!(
        "the key {label} is shown once, here: it will not be shown again"
    ));
    Ok(())
}

/// Warns if the replaced key came from the environment, which keywright cannot change.
pub(super) fn warn_of_variable(client: &ApiClient<'_>) {
    let variable = CredentialKind::Key.variable();
    if client.session.platform.env.get(variable).is_some() {
        client.log.warn(&format!(
            "{variable} still holds the key that was just replaced: set it to the new one"
        ));
    }
}

/// Returns the place where the profile keeps its own key, where `key` is that one: it follows the new key.
pub(super) async fn login_destination(
    client: &ApiClient<'_>,
    key: Option<&Key>,
) -> Result<Option<DestinationSpec>> {
    let manifest = client.service.manifest;
    let session = client.session;
    let Some(name) = manifest.new_key() else {
        return Ok(None);
    };
    let listed = matches!(support(manifest, Verb::List), Support::Native(_)) && !manifest.one_key;
    if session.uses_environment() || !session.holds(name)? {
        return Ok(None);
    }
    if listed {
        match key {
            Some(key) if client.is_login_key(key).await? => {}
            _ => return Ok(None),
        }
    }
    Ok(Some(DestinationSpec::of_profile(client.profile)))
}

struct KeyringItemSlot(KeyringItem);

impl SecretSlot for KeyringItemSlot {
    fn probe(&self) -> Result<()> {
        // Reading opens the keyring and unlocks it; a dummy beside another program's item would be one too many.
        self.0.read().map(drop)
    }

    fn read(&self) -> Result<Option<Secret>> {
        self.0.read()
    }

    fn write(&self, secret: Option<&Secret>) -> Result<()> {
        match secret {
            Some(secret) => self.0.write(secret),
            None => self.0.forget().map(drop),
        }
    }
}

/// The key that a profile logs in with.
struct ProfileKeySlot {
    platform: Platform,
    log: Log,
    stores: Stores,
    opened: ResolvedProfile,
    store: StoreKind,
    credential: String,
    about: NewKeyInfo,
}

impl ProfileKeySlot {
    fn open(context: &Context<'_>, name: &str, about: NewKeyInfo) -> Result<Self> {
        let saved = Config::load(context.platform)?.profile(name)?.clone();
        let opened = context.open_chosen(SelectedProfile {
            name: name.to_owned(),
            saved,
            decided: SelectionSource::Flag,
        })?;
        let credential = opened
            .manifest
            .new_key()
            .ok_or_else(|| Error::usage(format!("{} has no keys", opened.manifest.name)))?
            .to_owned();
        Ok(ProfileKeySlot {
            platform: context.platform.clone(),
            log: context.log.clone(),
            stores: Stores::new(context.platform, context.may_ask),
            store: context.store_of(&opened)?,
            opened,
            credential,
            about,
        })
    }

    fn with_session<T>(&self, act: impl FnOnce(&Session<'_>) -> Result<T>) -> Result<T> {
        let service = self.opened.service(&self.platform, &self.log);
        let name = &self.opened.chosen.name;
        act(&Session::new(
            &self.platform,
            &service,
            name,
            &self.stores,
            self.store,
        ))
    }
}

impl SecretSlot for ProfileKeySlot {
    fn probe(&self) -> Result<()> {
        Ok(wal::probe(&*self.stores.of(self.store)?, &self.platform)?)
    }

    fn read(&self) -> Result<Option<Secret>> {
        self.with_session(|session| session.kept(&self.credential))
    }

    fn write(&self, secret: Option<&Secret>) -> Result<()> {
        self.with_session(|session| match secret {
            Some(secret) => {
                let metadata = CredentialMetadata {
                    name: self.about.name.clone(),
                    expires_at: self.about.expires_at,
                    ..CredentialMetadata::default()
                };
                session.keep(&self.credential, secret, metadata).map(drop)
            }
            None => session.forget(&self.credential).map(drop),
        })
    }
}
