//! Where a fresh key goes: `--to`, opened and proved before there is a key.

use super::{Context, Opened};
use crate::destination::{self, Destination, DestinationSpec, Hooks, Slot};
use crate::error::{Error, Kind, Result};
use crate::journal::{Event, Kept, Record};
use crate::log::Log;
use crate::manifest::CredentialKind;
use crate::mint::Shelter;
use crate::profile::{Chosen, Config, Decided};
use crate::secret::Secret;
use crate::session::{Facts, Session};
use crate::store::{KeyringItem, StoreKind, Stores};
use crate::world::World;

/// Opens a destination as this run reaches it.
pub(super) fn open(context: &Context<'_>, spec: &DestinationSpec) -> Result<Box<dyn Destination>> {
    let profile =
        |name: &str| -> Result<Box<dyn Slot>> { Ok(Box::new(ProfileKey::open(context, name)?)) };
    let keyring = |service: &str, account: &str| -> Result<Box<dyn Slot>> {
        let item = KeyringItem::new(context.world, context.may_ask, service, account)?;
        Ok(Box::new(Item(item)))
    };
    let hooks = Hooks {
        profile: &profile,
        keyring: &keyring,
    };
    destination::open(spec, context.world, context.log, &hooks)
}

/// The destinations that were asked for, each proved able to take a secret; in the form in which they are journalled.
pub(super) fn proved(
    context: &Context<'_>,
    wanted: &[DestinationSpec],
) -> Result<Vec<DestinationSpec>> {
    let mut to: Vec<DestinationSpec> = Vec::new();
    for spec in wanted {
        let spec = spec.anchored(&context.world.folder, &context.world.env)?;
        if to.contains(&spec) {
            continue;
        }
        if spec != DestinationSpec::Stdout {
            open(context, &spec)?
                .probe()
                .map_err(|error| error.hint("nothing was created"))?;
        }
        to.push(spec);
    }
    Ok(to)
}

/// Delivers a secret to every destination of the record that does not have it yet, one by one, each written down.
pub(super) fn deliver(context: &Context<'_>, record: &mut Record, secret: &Secret) -> Result<()> {
    for spec in record.undelivered() {
        if spec == DestinationSpec::Stdout {
            continue;
        }
        let destination = open(context, &spec)?;
        destination.deliver(secret)?;
        if destination.can_read() && destination.read()?.is(secret) == Some(false) {
            return Err(Error::new(
                Kind::Uncertain,
                format!(
                    "`{}` was written and holds something else",
                    destination.describe()
                ),
            ));
        }
        context
            .log
            .note(&format!("delivered to `{}`", destination.describe()));
        record.write(context.world, Event::Delivered { to: spec })?;
    }
    Ok(())
}

/// Forgets the copy and closes the record of a key that has arrived.
pub(super) fn finish(context: &Context<'_>, mut record: Record, kept: &Kept) -> Result<()> {
    record.write(context.world, Event::Done)?;
    let store = Shelter::of(kept, &context.stores, context.world)?;
    if let Err(error) = store.delete(&kept.item) {
        let error = Error::from(error);
        context
            .log
            .warn(&format!("a copy of the key stays in its store: {error}"));
    }
    record.close()
}

struct Item(KeyringItem);

impl Slot for Item {
    fn probe(&self) -> Result<()> {
        // Reading opens the keyring and unlocks it; a dummy beside a stranger's item would be one too many.
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
struct ProfileKey {
    world: World,
    log: Log,
    stores: Stores,
    opened: Opened,
    store: StoreKind,
    credential: String,
}

impl ProfileKey {
    fn open(context: &Context<'_>, name: &str) -> Result<Self> {
        let saved = Config::load(context.world)?.profile(name)?.clone();
        let opened = context.open_chosen(Chosen {
            name: name.to_owned(),
            saved,
            decided: Decided::Flag,
        })?;
        let credential = opened
            .manifest
            .credential_of(CredentialKind::Key)
            .ok_or_else(|| Error::usage(format!("{} has no keys", opened.manifest.name)))?
            .to_owned();
        Ok(ProfileKey {
            world: context.world.clone(),
            log: context.log.clone(),
            stores: Stores::new(context.world, context.may_ask),
            store: context.store_of(&opened)?,
            opened,
            credential,
        })
    }

    fn with_session<T>(&self, act: impl FnOnce(&Session<'_>) -> Result<T>) -> Result<T> {
        let service = self
            .opened
            .service(&self.world, &self.log, crate::exchange::DEFAULT_TIMEOUT);
        let session = Session {
            world: &self.world,
            log: &self.log,
            profile: &self.opened.chosen.name,
            service: &service,
            stores: &self.stores,
            store: self.store,
            here: std::cell::RefCell::default(),
        };
        act(&session)
    }
}

impl Slot for ProfileKey {
    fn probe(&self) -> Result<()> {
        Ok(self.stores.of(self.store)?.probe()?)
    }

    fn read(&self) -> Result<Option<Secret>> {
        self.with_session(|session| session.kept(&self.credential))
    }

    fn write(&self, secret: Option<&Secret>) -> Result<()> {
        self.with_session(|session| match secret {
            Some(secret) => session
                .keep(&self.credential, secret, Facts::default())
                .map(drop),
            None => session.forget(&self.credential).map(drop),
        })
    }
}
