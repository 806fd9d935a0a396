//! Creates a key, from the intent until its secret is safe. The request is sent once, the secret is stored before it
//! is shown, and a key whose response is lost is searched for.

mod response_spool;
mod stage;
mod reconcile;
mod report;

use std::rc::Rc;

pub use reconcile::{
    Reconciled, SearchSchedule, UnknownKey, describe_candidate, identify, is_believed, is_sure,
    reconcile,
};
pub use report::{
    retry_later_error, secret_pending_error, undetermined_error, with_raw_response, with_spooled,
};
pub use response_spool::{
    delete_spool_key, follow_up, kept_answers, kept_pair, may_follow_again, read_spooled_key,
    with_old_id,
};

use crate::api::ApiClient;
use crate::core::error::{Error, Result};
use crate::core::format::WriterVersion;
use crate::core::key::{CreatedKey, Key, NewKey, RequestedProperties};
use crate::core::secret::Secret;
use crate::core::untrusted::Untrusted;
use crate::destination::DestinationSpec;
use crate::manifest::{Strategy, Verb};
use crate::platform::Platform;
use crate::profile::session::Session;
use crate::rotation::journal::{EventKind, Intent, OldKey, Record, RecordState, StorageLocation};
use crate::service::CallError;
use crate::store::{self, SecretRef, SecretStore, StoreError, StoreKind, Stores};
use crate::wal::{self, StateLock, shelter};
use response_spool::ResponseSpool;

/// A store that holds a new secret until it has been delivered.
pub struct StagingStore {
    store: Rc<dyn SecretStore>,
    /// The platform whose state it is.
    platform: Platform,
    /// Set for the store beside the journal.
    is_shelter: bool,
}

impl StagingStore {
    /// Opens the store of the session. If credentials come from the environment and no store is set up, this is a
    /// file beside the journal whose key lies next to it, private to this user.
    pub fn open(session: &Session<'_>) -> Result<StagingStore> {
        let platform = session.platform;
        if platform.shared_state.is_some() {
            return Ok(StagingStore {
                store: session.stores.of(StoreKind::VAULT)?,
                platform: platform.clone(),
                is_shelter: false,
            });
        }
        let set_up = StoreKind::set_up(platform);
        let is_shelter = session.uses_environment() && set_up.is_none();
        if is_shelter {
            let platform = shelter::own_platform(platform)?;
            return Ok(StagingStore {
                store: store::open(StoreKind::FILE, &platform, false).map(Rc::from)?,
                platform,
                is_shelter,
            });
        }
        let in_environment = set_up.filter(|_| session.uses_environment());
        Ok(StagingStore {
            store: session.stores.of(in_environment.unwrap_or(session.store))?,
            platform: platform.clone(),
            is_shelter,
        })
    }

    /// Proves that the store keeps secrets, before you create one by hand.
    pub fn prove(&self) -> Result<()> {
        wal::probe(&*self.store, &self.platform).map_err(unsafe_place)
    }

    /// Keeps a copy of a secret.
    pub fn keep(&self, item: &SecretRef, label: &str, secret: &Secret) -> Result<(), StoreError> {
        self.store.put(item, label, secret)
    }

    /// Deletes the copy of a secret.
    pub fn forget(&self, item: &SecretRef) -> Result<(), StoreError> {
        self.store.delete(item).map(drop)
    }

    /// Returns the location of a secret that no call brings.
    pub fn place_of_copy(&self) -> Result<StorageLocation> {
        Ok(StorageLocation {
            spool_key: None,
            ..self.place()?
        })
    }

    fn place(&self) -> Result<StorageLocation> {
        Ok(StorageLocation {
            store: self.store.kind(),
            shelter: self.is_shelter,
            item: SecretRef::fresh()?,
            spool_key: Some(SecretRef::fresh()?),
        })
    }
}

fn unsafe_place(error: StoreError) -> Error {
    Error::from(error).context("a new key needs a place where it is safe before it is shown")
}

/// Opens the store that a record points to.
pub fn store_of(
    place: &StorageLocation,
    stores: &Stores,
    platform: &Platform,
) -> Result<Rc<dyn SecretStore>> {
    if place.shelter {
        shelter::open(platform)
    } else {
        stores.of(place.store)
    }
}

/// As [`store_of`], with the secrets that stand in the record itself.
pub fn items_of(
    record: &Record,
    place: &StorageLocation,
    stores: &Stores,
    platform: &Platform,
) -> Result<Rc<dyn SecretStore>> {
    store_of(place, stores, platform).map(|store| record.items(store))
}

/// A request for a key: its properties, its destinations, and the key it replaces.
pub struct CreateRequest<'o> {
    /// The properties of the new key.
    pub new: &'o NewKey,
    /// The keys that existed before, if they were listed.
    pub before: Option<&'o [Key]>,
    /// The destinations of the new secret.
    pub to: &'o [DestinationSpec],
    /// The key it replaces, and how.
    pub replaces: Option<OldKey>,
    /// The properties that the new key is compared with, if it is compared.
    pub asked: Option<RequestedProperties>,
    /// The schedule by which the list is read if the response is lost.
    pub search_schedule: SearchSchedule,
    /// The lock under which the key it replaces was chosen.
    pub lock: Option<&'o StateLock>,
}

/// A new key whose secret is safe, with the record that is closed after delivery.
pub struct StagedKey {
    /// The key and its secret.
    pub created: CreatedKey,
    /// The record of the remaining steps.
    pub record: Record,
    /// Set if the response held no id and the list did.
    pub id_from_list: bool,
}

/// Creates a key, or gives an old one a new secret, and stores it.
pub async fn create(
    client: &ApiClient<'_>,
    staging: &StagingStore,
    request: CreateRequest<'_>,
) -> Result<StagedKey> {
    let intent = intent(client, staging, &request)?;
    execute(client, staging, request, intent).await
}

/// Creates a key for one command. A run that resumes its record revokes it.
pub async fn lease(
    client: &ApiClient<'_>,
    staging: &StagingStore,
    request: CreateRequest<'_>,
) -> Result<StagedKey> {
    let intent = Intent {
        lease: true,
        ..intent(client, staging, &request)?
    };
    execute(client, staging, request, intent).await
}

async fn execute(
    client: &ApiClient<'_>,
    staging: &StagingStore,
    request: CreateRequest<'_>,
    intent: Intent,
) -> Result<StagedKey> {
    let hides_ids = hides_ids(client, &request);
    let pair = client.make_key_pair(verb_of(request.replaces.as_ref()))?;
    let place = intent.place.clone();
    let record = Record::start(client.session.platform, intent, hides_ids)?;
    let spool = match ResponseSpool::begin(client, staging, record, request.lock) {
        Ok(spool) => spool,
        Err((error, record)) => {
            // A store that does not keep secrets need not delete them.
            if let Err(error) = response_spool::close(client, record) {
                client.log.trace(|| format!("* {error}"));
            }
            return Err(error);
        }
    };
    if let Some(private) = &pair {
        let kept = keep_pair(client, staging, (&spool.record(), &place), private);
        if let Err(error) = kept {
            response_spool::close(client, spool.close().0)?;
            return Err(error);
        }
    }
    let outcome = send(client, &request, pair.as_ref(), &spool).await;
    let (record, spooled) = spool.close();
    match outcome {
        Ok(created) => {
            let created = response_spool::with_old_id(created, &record);
            let is_kept = pair.is_some();
            stage::keep(client, staging, record, created, (spooled, is_kept)).await
        }
        // A failure after a successful response, such as in the wait for its effect, undoes nothing.
        Err(failure)
            if record.state() == RecordState::Sending
                && (failure.may_have_acted
                    || spooled && failure.reason.is_none()
                    || record.events.at(EventKind::Created).is_some()) =>
        {
            Err(report::lost(client, record, failure, spooled, request.search_schedule).await)
        }
        Err(failure) => {
            response_spool::close(client, record)?;
            Err(failure.error)
        }
    }
}

/// Stores the private half of a key pair, before its public half is sent.
fn keep_pair(
    client: &ApiClient<'_>,
    staging: &StagingStore,
    (record, place): (&Record, &StorageLocation),
    private: &Secret,
) -> Result<()> {
    if record.brings(&place.item, private)? {
        return Ok(());
    }
    let label = format!("keywright: new {} key", client.service.name());
    wal::put_and_read_back(&*staging.store, &place.item, &label, private).map_err(unsafe_place)
}

/// Sends the call that creates the key.
async fn send(
    client: &ApiClient<'_>,
    request: &CreateRequest<'_>,
    pair: Option<&Secret>,
    spool: &ResponseSpool<'_>,
) -> Result<CreatedKey, CallError> {
    let replaces = request.replaces.as_ref();
    match replaces.filter(|_| verb_of(replaces) == Verb::Rotate) {
        Some(old) => {
            let old = key_of(client, old.renewed().cloned());
            client.rotate(&old, request.new, pair, spool).await
        }
        None => client.create(request.new, pair, spool).await,
    }
}

/// Stores a key that you created and pasted.
pub async fn stage_pasted(
    client: &ApiClient<'_>,
    staging: &StagingStore,
    request: CreateRequest<'_>,
    secret: Secret,
) -> Result<StagedKey> {
    if let Some(lock) = request.lock {
        lock.check_choice(client.profile)?;
    }
    let mut intent = intent(client, staging, &request)?;
    intent.place.spool_key = None;
    let hides_ids = hides_ids(client, &request);
    let record = Record::start(client.session.platform, intent, hides_ids)?;
    let created = client.pasted(request.new, secret);
    stage::keep(client, staging, record, created, (false, false)).await
}

/// Returns the key of that id, without any other property.
pub fn key_of(client: &ApiClient<'_>, id: Option<String>) -> Key {
    Key {
        id: id.map(Untrusted::new),
        ..Key::unknown(client.service.name(), client.profile)
    }
}

fn intent(
    client: &ApiClient<'_>,
    staging: &StagingStore,
    request: &CreateRequest<'_>,
) -> Result<Intent> {
    // A call that gives a key a new secret keeps its name without a field for it.
    let replaces = request.replaces.as_ref();
    let old = replaces.and_then(|old| old.name.clone());
    let verb = verb_of(replaces);
    let asked = request.asked.clone();
    let asked = asked.map(|asked| asked.without(|name| client.is_secret_input(verb, name)));
    Ok(Intent {
        version: Intent::version_for(replaces),
        writer: WriterVersion,
        profile: client.profile.to_owned(),
        provider: client.service.name().to_owned(),
        name: request.new.name.clone().or(old),
        before: request.before.map(ids),
        listed_at: request.before.and_then(|_| client.listed_at.get()),
        to: request.to.to_vec(),
        place: staging.place()?,
        replaces: request.replaces.clone(),
        repairs: None,
        asked,
        lease: false,
    })
}

/// Returns the call that creates a key in place of `replaces`.
pub fn verb_of(replaces: Option<&OldKey>) -> Verb {
    match replaces {
        Some(old) if matches!(old.strategy, Strategy::Atomic | Strategy::Slots) => Verb::Rotate,
        _ => Verb::Create,
    }
}

/// Returns whether the journal must not hold ids in clear text: the manifest says so, or an id contains a secret that
/// is known here.
fn hides_ids(client: &ApiClient<'_>, request: &CreateRequest<'_>) -> bool {
    let old = request.replaces.as_ref().and_then(|old| old.id.clone());
    let mut all = request.before.map(ids).into_iter().flatten().chain(old);
    client.service.manifest.hides_ids() || all.any(|id| client.log.redact(&id) != id)
}

fn ids(keys: &[Key]) -> Vec<String> {
    keys.iter()
        .filter_map(|key| Some(key.id.as_ref()?.as_received().to_owned()))
        .collect()
}

/// Returns the label of the store item of a new key.
pub fn label(created: &CreatedKey) -> String {
    format!("keywright: new {} key", created.key.provider)
}
