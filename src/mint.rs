//! A new key from the intent to the moment its secret is safe: sent once, kept before it is shown, looked for when
//! the answer is lost.

use std::rc::Rc;

use crate::api::{ApiClient, Support, support};
use crate::destination::DestinationSpec;
use crate::error::{Error, Kind, Result};
use crate::journal::{Event, Intent, Kept, Record};
use crate::key::{Key, Minted, NewKey};
use crate::manifest::Verb;
use crate::secret::Secret;
use crate::service::Trouble;
use crate::session::Session;
use crate::store::{SecretRef, SecretStore, StoreKind};
use crate::untrusted::Untrusted;
use crate::world::World;

/// A place for a new secret until it has been handed over.
pub struct Shelter {
    store: Rc<dyn SecretStore>,
    /// Whether it is the one beside the journal.
    own: bool,
}

impl Shelter {
    /// The store of the session; where credentials come from the environment and no store is set up, a file beside
    /// the journal whose key lies next to it, private to this user.
    pub fn open(session: &Session<'_>) -> Result<Shelter> {
        let world = session.world;
        let own = session.environment_rules() && !crate::store::is_set_up(world);
        let shelter = Shelter {
            store: if own {
                own_store(world)?
            } else if session.environment_rules() {
                session.stores.of(StoreKind::File)?
            } else {
                session.stores.of(session.store)?
            },
            own,
        };
        shelter.store.probe().map_err(|error| {
            let error = Error::from(error);
            let context = "a new key needs a place where it is safe before it is shown";
            error.context(context)
        })?;
        Ok(shelter)
    }

    /// The place that a record points to.
    pub fn of(
        kept: &Kept,
        session_stores: &crate::store::Stores,
        world: &World,
    ) -> Result<Rc<dyn SecretStore>> {
        if kept.shelter {
            own_store(world)
        } else {
            session_stores.of(kept.store)
        }
    }

    /// Where it is, for messages.
    pub fn place(&self) -> String {
        self.store.place()
    }

    fn keep(&self, key: &Key, secret: &Secret) -> Result<Kept> {
        let item = SecretRef::fresh()?;
        self.store.put(
            &item,
            &format!("keywright: new {} key", key.provider),
            secret,
        )?;
        Ok(Kept {
            store: self.store.kind(),
            shelter: self.own,
            item,
            id: key.id.as_ref().map(|id| id.as_received().to_owned()),
            masked: secret.masked(),
        })
    }
}

/// The store beside the journal: its identity is made once and lies next to it.
fn own_store(world: &World) -> Result<Rc<dyn SecretStore>> {
    let folder = world.dirs.state.join("shelter");
    let identity = crate::store::machine_identity(&folder)?;
    let mut own = world.clone();
    own.dirs.state = folder;
    own.env = own
        .env
        .filtered(|name| !name.starts_with("KEYWRIGHT_"))
        .with("KEYWRIGHT_STORE_KEY_FILE", identity.display().to_string());
    crate::store::open(StoreKind::File, &own, false).map(Rc::from)
}

/// A new key whose secret is safe, with the record that is to be closed once it has been handed over.
pub struct Safe {
    /// The key and its secret.
    pub minted: Minted,
    /// Where the secret is kept meanwhile.
    pub kept: Kept,
    /// What is still to be done.
    pub record: Record,
}

/// Creates a key and keeps its secret; `before` are the keys that were there, where somebody asked.
pub async fn create(
    client: &ApiClient<'_>,
    shelter: &Shelter,
    new: &NewKey,
    before: Option<&[Key]>,
    to: &[DestinationSpec],
) -> Result<Safe> {
    let world = client.session.world;
    let record = Record::start(world, intent(client, new, before, to))?;
    let minted = match client.create(new).await {
        Ok(minted) => minted,
        Err(trouble) if !trouble.may_have_acted => {
            record.close()?;
            return Err(trouble.error);
        }
        Err(trouble) => return Err(look_for_it(client, record, before, trouble).await),
    };
    keep(world, shelter, record, minted)
}

/// Keeps a key that a person created and pasted.
pub fn adopt(
    client: &ApiClient<'_>,
    shelter: &Shelter,
    new: &NewKey,
    secret: Secret,
    to: &[DestinationSpec],
) -> Result<Safe> {
    let world = client.session.world;
    let record = Record::start(world, intent(client, new, None, to))?;
    keep(world, shelter, record, client.pasted(new, secret))
}

fn intent(
    client: &ApiClient<'_>,
    new: &NewKey,
    before: Option<&[Key]>,
    to: &[DestinationSpec],
) -> Intent {
    Intent {
        profile: client.profile.to_owned(),
        provider: client.service.name().to_owned(),
        name: new.name.clone(),
        before: before.map(ids),
        to: to.to_vec(),
    }
}

fn ids(keys: &[Key]) -> Vec<String> {
    keys.iter()
        .filter_map(|key| Some(key.id.as_ref()?.as_received().to_owned()))
        .collect()
}

fn keep(world: &World, shelter: &Shelter, mut record: Record, minted: Minted) -> Result<Safe> {
    // Not `?`: a secret that could not be kept has to reach the user all the same.
    let kept = shelter.keep(&minted.key, &minted.secret)?;
    record.write(world, Event::Kept(kept.clone()))?;
    Ok(Safe {
        minted,
        kept,
        record,
    })
}

/// After a lost answer: is there a stranger? Never sends the request again.
async fn look_for_it(
    client: &ApiClient<'_>,
    mut record: Record,
    before: Option<&[Key]>,
    trouble: Trouble,
) -> Error {
    let answered = trouble.reason.is_some();
    let found = match before {
        Some(before) => strangers(client, &ids(before)).await,
        None if client.service.manifest.one_key => replaced(client).await,
        None => Found::NobodyKnows,
    };
    // The service may have repeated what it was told: the journal is not secret.
    let why = client.log.redact(trouble.error.message());
    let id = record.id.clone();
    if answered && matches!(found, Found::Nothing) {
        // The service said that it failed, and nothing is there: it did fail.
        return match record.close() {
            Ok(()) => trouble
                .error
                .hint("no key was created: it is safe to run this again"),
            Err(error) => error,
        };
    }
    if let Err(error) = record.write(client.session.world, Event::Lost { why }) {
        client.log.warn(error.message());
    }
    let error = trouble
        .error
        .as_kind(Kind::Uncertain)
        .context("a key may have been created, but its secret did not arrive");
    let error = match found {
        Found::Nothing => error.hint("the list shows no new key; look again before you try another time: keywright keys list"),
        Found::Replaced => error
            .hint("the present key is no longer accepted: it was replaced, and the new one is lost")
            .hint("create one by hand and log in with it: keywright login --with-key"),
        Found::Strangers(keys) => error.hints(keys.iter().map(|key| {
            let id = key.id.as_ref().map_or_else(String::new, ToString::to_string);
            format!("{} is new, and its secret is lost; revoke it: keywright keys revoke {id}", key.label())
        })),
        Found::NobodyKnows => error.hint("look whether there is a new key before you try again"),
    };
    error.hint(format!("what to do next: keywright rotations show {id}"))
}

/// What a look after a lost answer has found.
pub enum Found {
    /// No key that was not there before.
    Nothing,
    /// Keys that were not there before.
    Strangers(Vec<Key>),
    /// The only key is another one.
    Replaced,
    /// There is no way to look, or it failed.
    NobodyKnows,
}

/// The keys that were not there before.
pub async fn strangers(client: &ApiClient<'_>, before: &[String]) -> Found {
    if !matches!(
        support(client.service.manifest, Verb::List),
        Support::Native(_)
    ) {
        return Found::NobodyKnows;
    }
    let Ok(now) = client.list().await else {
        return Found::NobodyKnows;
    };
    let is_new = |id: &Untrusted| !before.iter().any(|known| known == id.as_received());
    let new: Vec<Key> = now
        .into_iter()
        .filter(|key| key.id.as_ref().is_some_and(is_new))
        .collect();
    if new.is_empty() {
        Found::Nothing
    } else {
        Found::Strangers(new)
    }
}

async fn replaced(client: &ApiClient<'_>) -> Found {
    match client.status().await {
        Ok(_) => Found::Nothing,
        Err(trouble) if trouble.error.kind() == Kind::Auth => Found::Replaced,
        Err(_) => Found::NobodyKnows,
    }
}
