//! A new key from the intent to the moment its secret is safe: sent once, kept before it is shown, looked for when
//! the answer is lost.

mod answer;

use std::rc::Rc;

pub use answer::{arrived, forget_opener};

use crate::api::{ApiClient, Support, support};
use crate::destination::DestinationSpec;
use crate::error::{Error, Kind, Result};
use crate::journal::{Event, Intent, Kept, Place, Record, Replaced};
use crate::key::{Key, Minted, NewKey};
use crate::manifest::{Strategy, Verb};
use crate::secret::Secret;
use crate::service::Trouble;
use crate::session::Session;
use crate::store::{SecretRef, SecretStore, StoreError, StoreKind, Stores};
use crate::untrusted::Untrusted;
use crate::world::{Answer, World};
use answer::Net;

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
        Ok(shelter)
    }

    /// Proves that it keeps secrets, before a person makes one.
    pub fn prove(&self) -> Result<()> {
        self.store.probe().map_err(unsafe_place)
    }

    fn place(&self) -> Result<Place> {
        Ok(Place {
            store: self.store.kind(),
            shelter: self.own,
            item: SecretRef::fresh()?,
            opener: Some(SecretRef::fresh()?),
        })
    }
}

fn unsafe_place(error: StoreError) -> Error {
    Error::from(error).context("a new key needs a place where it is safe before it is shown")
}

/// The store that a record points to.
pub fn store_of(place: &Place, stores: &Stores, world: &World) -> Result<Rc<dyn SecretStore>> {
    if place.shelter {
        own_store(world)
    } else {
        stores.of(place.store)
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

/// What is wanted: a key, where it goes, and what it replaces.
pub struct Order<'o> {
    /// What the new key shall be.
    pub new: &'o NewKey,
    /// The keys that are there, where somebody asked.
    pub before: Option<&'o [Key]>,
    /// Where the new secret goes.
    pub to: &'o [DestinationSpec],
    /// The key it replaces, and how.
    pub replaces: Option<Replaced>,
}

/// A new key whose secret is safe, with the record that is to be closed once it has been handed over.
pub struct Safe {
    /// The key and its secret.
    pub minted: Minted,
    /// What is still to be done.
    pub record: Record,
}

/// Creates a key, or gives an old one a new secret, and keeps it.
pub async fn create(client: &ApiClient<'_>, shelter: &Shelter, order: Order<'_>) -> Result<Safe> {
    let intent = intent(client, shelter, &order)?;
    carry_out(client, shelter, order, intent).await
}

/// Creates a key for one command: whoever takes its record up later revokes it.
pub async fn lease(client: &ApiClient<'_>, shelter: &Shelter, order: Order<'_>) -> Result<Safe> {
    let intent = Intent {
        lease: true,
        ..intent(client, shelter, &order)?
    };
    carry_out(client, shelter, order, intent).await
}

async fn carry_out(
    client: &ApiClient<'_>,
    shelter: &Shelter,
    order: Order<'_>,
    intent: Intent,
) -> Result<Safe> {
    let (new, before) = (order.new, order.before);
    let record = Record::start(client.session.world, intent)?;
    let net = match Net::spread(client, shelter, &record) {
        Ok(net) => net,
        Err(error) => {
            // A store that does not keep need not delete.
            if let Err(error) = answer::close(client, record) {
                client.log.trace(|| format!("* {error}"));
            }
            return Err(error);
        }
    };
    let atomic = order
        .replaces
        .as_ref()
        .filter(|replaced| replaced.strategy == Strategy::Atomic);
    let catch = |answer: &Answer| net.catch(answer);
    let outcome = match atomic {
        Some(old) => {
            let old = key_of(client, old.id.clone());
            client.rotate(&old, new, &catch).await
        }
        None => client.create(new, &catch).await,
    };
    match outcome {
        Ok(minted) => {
            let minted = answer::with_old_id(minted, &record);
            keep(client, shelter, record, minted).await
        }
        Err(trouble) if !trouble.may_have_acted => {
            answer::close(client, record)?;
            Err(trouble.error)
        }
        Err(trouble) => {
            let id = record.id.clone();
            let error = look_for_it(client, record, before, trouble).await;
            Err(answer::with_way_to_read(error, &net, &id))
        }
    }
}

/// Keeps a key that a person created and pasted.
pub async fn adopt(
    client: &ApiClient<'_>,
    shelter: &Shelter,
    order: Order<'_>,
    secret: Secret,
) -> Result<Safe> {
    let mut intent = intent(client, shelter, &order)?;
    intent.place.opener = None;
    let record = Record::start(client.session.world, intent)?;
    let minted = client.pasted(order.new, secret);
    keep(client, shelter, record, minted).await
}

/// The key of that id, of which nothing else is known.
pub fn key_of(client: &ApiClient<'_>, id: Option<String>) -> Key {
    Key {
        id: id.map(Untrusted::new),
        ..Key::unknown(client.service.name(), client.profile)
    }
}

fn intent(client: &ApiClient<'_>, shelter: &Shelter, order: &Order<'_>) -> Result<Intent> {
    // A call that gives a key a new secret keeps its name without being told.
    let old = order.replaces.as_ref().and_then(|old| old.name.clone());
    Ok(Intent {
        profile: client.profile.to_owned(),
        provider: client.service.name().to_owned(),
        name: order.new.name.clone().or(old),
        before: order.before.map(ids),
        to: order.to.to_vec(),
        place: shelter.place()?,
        replaces: order.replaces.clone(),
        lease: false,
    })
}

fn ids(keys: &[Key]) -> Vec<String> {
    keys.iter()
        .filter_map(|key| Some(key.id.as_ref()?.as_received().to_owned()))
        .collect()
}

/// What a store calls the item of a new key.
pub fn label(minted: &Minted) -> String {
    format!("keywright: new {} key", minted.key.provider)
}

async fn keep(
    client: &ApiClient<'_>,
    shelter: &Shelter,
    mut record: Record,
    minted: Minted,
) -> Result<Safe> {
    let world = client.session.world;
    let label = label(&minted);
    let mut place = record.intent()?.place.clone();
    if let Err(error) = shelter.store.put(&place.item, &label, &minted.secret) {
        let error = Error::from(error);
        if taken_back(client, &record, &minted.key).await {
            answer::close(client, record)?;
            return Err(error
                .context("the new key could not be kept, so it was revoked again")
                .hint("nothing has changed; make room in the store and try again"));
        }
        // It cannot be taken back, or the old one is dead: any place will do.
        let elsewhere = || -> Result<()> {
            let store = own_store(world)?;
            Ok(store.put(&place.item, &label, &minted.secret)?)
        };
        if elsewhere().is_err() {
            let why = client.log.redact(error.message());
            record.write(world, Event::Lost { why })?;
            return Err(error
                .as_kind(Kind::Uncertain)
                .context("a key was created, but no store took its secret, which is lost")
                .hint(format!(
                    "what to do next: keywright rotations show {}",
                    record.id
                )));
        }
        client
            .log
            .warn("the store did not take the new key; it waits in the file beside the journal");
        place.shelter = true;
    }
    let kept = Event::Kept(Kept::new(place, &minted));
    if let Err(error) = record.write(world, kept) {
        return Err(error
            .as_kind(Kind::Uncertain)
            .and("the new key is not lost: it is kept")
            .hint(format!("go on: keywright rotations resume {}", record.id)));
    }
    Ok(Safe { minted, record })
}

/// Revokes a key whose secret cannot be kept, where that harms nobody; whether that has worked.
async fn taken_back(client: &ApiClient<'_>, record: &Record, key: &Key) -> bool {
    let manifest = client.service.manifest;
    let replaces = record.story.replaces();
    let only_one = manifest.one_key || replaces.is_some_and(|replaced| !replaced.lives_on());
    let native = matches!(support(manifest, Verb::Revoke), Support::Native(_));
    !only_one && native && key.id.is_some() && client.revoke(key).await.is_ok()
}

/// After a lost answer: is there a stranger? Never sends the request again.
async fn look_for_it(
    client: &ApiClient<'_>,
    mut record: Record,
    before: Option<&[Key]>,
    trouble: Trouble,
) -> Error {
    let answered = trouble.reason.is_some();
    let before = before.map(ids);
    let ends_old = record.story.replaces().is_some_and(|old| !old.lives_on());
    let found = look(client, before.as_deref(), ends_old).await;
    // The service may have repeated what it was told: the journal is not secret.
    let why = client.log.redact(trouble.error.message());
    let id = record.id.clone();
    let atomic = record
        .story
        .replaces()
        .is_some_and(|replaced| replaced.strategy == Strategy::Atomic);
    // Where a call gives an old key a new secret, the list looks the same whether it was carried out or not.
    if answered && !atomic && matches!(found, Found::Nothing) {
        // The service said that it failed, and nothing is there: it did fail.
        return match answer::close(client, record) {
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
        Found::Nothing if atomic => error.hint("the old key may be dead: verify it before you rely on it, and do not rotate it again"),
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

/// Looks for a key that was not among `before`, or that has taken the place of the one that was used: `ends_old` where
/// the call that was lost ends the old key.
pub async fn look(client: &ApiClient<'_>, before: Option<&[String]>, ends_old: bool) -> Found {
    let manifest = client.service.manifest;
    if manifest.one_key {
        return replaced(client).await;
    }
    match (support(manifest, Verb::List), before) {
        (Support::Native(_), Some(before)) => strangers(client, before, ends_old).await,
        _ => Found::NobodyKnows,
    }
}

async fn strangers(client: &ApiClient<'_>, before: &[String], ends_old: bool) -> Found {
    let now = match client.list().await {
        Ok(now) => now,
        // Whoever may no longer look was locked out by the call.
        Err(trouble) if ends_old && trouble.error.kind() == Kind::Auth => return Found::Replaced,
        Err(_) => return Found::NobodyKnows,
    };
    let is_new = |id: &Untrusted| !before.iter().any(|known| known == id.as_received());
    let new: Vec<Key> = now
        .into_iter()
        .filter(|key| key.status.takes_a_slot() && key.id.as_ref().is_some_and(is_new))
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
