//! A new key from the intent to the moment its secret is safe: sent once, kept before it is shown, looked for when
//! the answer is lost.

mod response_spool;
mod stage;
mod reconcile;
mod report;

use std::rc::Rc;

pub use reconcile::{
    LookSchedule, Reconciled, UnknownKey, believed_from, identify, is_believed, reconcile,
    what_it_is,
};
pub use response_spool::{RawResponse, SpooledKey, arrived, delete_spool_key, kept_answer};

use crate::api::ApiClient;
use crate::core::error::{Error, Result};
use crate::core::key::{Asked, CreatedKey, Key, NewKey};
use crate::core::secret::Secret;
use crate::core::untrusted::Untrusted;
use crate::destination::DestinationSpec;
use crate::manifest::{Strategy, Verb};
use crate::platform::Platform;
use crate::profile::session::Session;
use crate::rotation::journal::{self, Intent, OldKey, Record, RecordState, StorageLocation};
use crate::service::CallError;
use crate::store::{SecretRef, SecretStore, StoreError, StoreKind, Stores};
use response_spool::ResponseSpool;

/// A place for a new secret until it has been handed over.
pub struct StagingStore {
    store: Rc<dyn SecretStore>,
    /// Whether it is the one beside the journal.
    own: bool,
}

impl StagingStore {
    /// The store of the session; where credentials come from the environment and no store is set up, a file beside
    /// the journal whose key lies next to it, private to this user.
    pub fn open(session: &Session<'_>) -> Result<StagingStore> {
        let platform = session.platform;
        let own = session.uses_environment() && !crate::store::is_set_up(platform);
        let shelter = StagingStore {
            store: if own {
                staging_file_store(platform)?
            } else if session.uses_environment() {
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

    fn place(&self) -> Result<StorageLocation> {
        Ok(StorageLocation {
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
pub fn store_of(
    place: &StorageLocation,
    stores: &Stores,
    platform: &Platform,
) -> Result<Rc<dyn SecretStore>> {
    if place.shelter {
        staging_file_store(platform)
    } else {
        stores.of(place.store)
    }
}

/// The store beside the journal: its identity is made once and lies next to it.
fn staging_file_store(platform: &Platform) -> Result<Rc<dyn SecretStore>> {
    let folder = platform.dirs.state.join("shelter");
    let identity = crate::store::machine_identity(&folder)?;
    let mut own = platform.clone();
    own.dirs.state = folder;
    own.env = own
        .env
        .filtered(|name| !name.starts_with("KEYWRIGHT_"))
        .with("KEYWRIGHT_STORE_KEY_FILE", identity.display().to_string());
    crate::store::open(StoreKind::File, &own, false).map(Rc::from)
}

/// What is wanted: a key, where it goes, and what it replaces.
pub struct CreateRequest<'o> {
    /// What the new key shall be.
    pub new: &'o NewKey,
    /// The keys that are there, where somebody asked.
    pub before: Option<&'o [Key]>,
    /// Where the new secret goes.
    pub to: &'o [DestinationSpec],
    /// The key it replaces, and how.
    pub replaces: Option<OldKey>,
    /// What the new key is held against, where somebody compares.
    pub asked: Option<Asked>,
    /// How often the list is asked where the answer is lost.
    pub patience: LookSchedule,
}

/// A new key whose secret is safe, with the record that is to be closed once it has been handed over.
pub struct StagedKey {
    /// The key and its secret.
    pub minted: CreatedKey,
    /// What is still to be done.
    pub record: Record,
    /// Whether the answer held no id, and the list had it.
    pub id_from_list: bool,
}

/// Creates a key, or gives an old one a new secret, and keeps it.
pub async fn create(
    client: &ApiClient<'_>,
    shelter: &StagingStore,
    order: CreateRequest<'_>,
) -> Result<StagedKey> {
    let intent = intent(client, shelter, &order)?;
    execute(client, shelter, order, intent).await
}

/// Creates a key for one command: whoever takes its record up later revokes it.
pub async fn lease(
    client: &ApiClient<'_>,
    shelter: &StagingStore,
    order: CreateRequest<'_>,
) -> Result<StagedKey> {
    let intent = Intent {
        lease: true,
        ..intent(client, shelter, &order)?
    };
    execute(client, shelter, order, intent).await
}

async fn execute(
    client: &ApiClient<'_>,
    shelter: &StagingStore,
    order: CreateRequest<'_>,
    intent: Intent,
) -> Result<StagedKey> {
    let hides_ids = hides_ids(client, &order);
    let record = Record::start(client.session.platform, intent, hides_ids)?;
    let net = match ResponseSpool::begin(client, shelter, record) {
        Ok(net) => net,
        Err((error, record)) => {
            // A store that does not keep need not delete.
            if let Err(error) = response_spool::close(client, record) {
                client.log.trace(|| format!("* {error}"));
            }
            return Err(error);
        }
    };
    let outcome = send(client, &order, &net).await;
    let (record, caught) = net.close();
    match outcome {
        Ok(minted) => {
            let minted = response_spool::with_old_id(minted, &record);
            stage::keep(client, shelter, record, minted, caught).await
        }
        // What comes after a good answer, such as the wait until it has come about, takes nothing back.
        Err(trouble)
            if record.state() == RecordState::Sending
                && (trouble.may_have_acted || caught && trouble.reason.is_none()) =>
        {
            Err(report::lost(client, record, trouble, caught, order.patience).await)
        }
        Err(trouble) => {
            response_spool::close(client, record)?;
            Err(trouble.error)
        }
    }
}

/// Sends the call that makes the key.
async fn send(
    client: &ApiClient<'_>,
    order: &CreateRequest<'_>,
    net: &ResponseSpool<'_>,
) -> Result<CreatedKey, CallError> {
    let replaces = order.replaces.as_ref();
    match replaces.filter(|replaced| replaced.strategy == Strategy::Atomic) {
        Some(old) => {
            let old = key_of(client, old.id.clone());
            client.rotate(&old, order.new, net).await
        }
        None => client.create(order.new, net).await,
    }
}

/// Keeps a key that a person created and pasted.
pub async fn stage_pasted(
    client: &ApiClient<'_>,
    shelter: &StagingStore,
    order: CreateRequest<'_>,
    secret: Secret,
) -> Result<StagedKey> {
    let mut intent = intent(client, shelter, &order)?;
    intent.place.opener = None;
    let hides_ids = hides_ids(client, &order);
    let record = Record::start(client.session.platform, intent, hides_ids)?;
    let minted = client.pasted(order.new, secret);
    stage::keep(client, shelter, record, minted, false).await
}

/// The key of that id, of which nothing else is known.
pub fn key_of(client: &ApiClient<'_>, id: Option<String>) -> Key {
    Key {
        id: id.map(Untrusted::new),
        ..Key::unknown(client.service.name(), client.profile)
    }
}

fn intent(
    client: &ApiClient<'_>,
    shelter: &StagingStore,
    order: &CreateRequest<'_>,
) -> Result<Intent> {
    // A call that gives a key a new secret keeps its name without being told.
    let replaces = order.replaces.as_ref();
    let old = replaces.and_then(|old| old.name.clone());
    let verb = verb_of(replaces);
    let asked = order.asked.clone();
    let asked = asked.map(|asked| asked.without(|name| client.is_secret_input(verb, name)));
    Ok(Intent {
        version: journal::FORMAT_VERSION,
        profile: client.profile.to_owned(),
        provider: client.service.name().to_owned(),
        name: order.new.name.clone().or(old),
        before: order.before.map(ids),
        listed_at: order.before.and_then(|_| client.listed_at.get()),
        to: order.to.to_vec(),
        place: shelter.place()?,
        replaces: order.replaces.clone(),
        asked,
        lease: false,
    })
}

/// Returns the call that makes a key in place of `replaces`.
pub fn verb_of(replaces: Option<&OldKey>) -> Verb {
    match replaces {
        Some(old) if old.strategy == Strategy::Atomic => Verb::Rotate,
        _ => Verb::Create,
    }
}

/// Returns whether the journal must not hold ids in clear text: the manifest says so, or one of them holds a secret that
/// is known here.
fn hides_ids(client: &ApiClient<'_>, order: &CreateRequest<'_>) -> bool {
    let old = order.replaces.as_ref().and_then(|old| old.id.clone());
    let mut all = order.before.map(ids).into_iter().flatten().chain(old);
    client.service.manifest.hides_ids() || all.any(|id| client.log.redact(&id) != id)
}

fn ids(keys: &[Key]) -> Vec<String> {
    keys.iter()
        .filter_map(|key| Some(key.id.as_ref()?.as_received().to_owned()))
        .collect()
}

/// What a store calls the item of a new key.
pub fn label(minted: &CreatedKey) -> String {
    format!("keywright: new {} key", minted.key.provider)
}
