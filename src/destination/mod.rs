//! Delivers a new secret: a destination is tested before the secret exists, then written, read back if possible, and
//! restored on demand.

mod content;
mod process;
mod confined;
mod exact_bytes;
mod git;
mod user_file;
mod entry;
mod structured;
mod github_actions;
mod callback;
mod ini;
mod credential;
mod kubeconfig;
mod login;
mod described;
mod catalogue;
mod opened;
mod registry;
mod spec;

#[cfg(test)]
#[cfg(unix)]
mod conformance;
#[cfg(test)]
mod dice;
#[cfg(test)]
#[cfg(unix)]
#[path = "../../tests/support/places/mod.rs"]
#[expect(dead_code, reason = "whole commands use the rest")]
mod places;
#[cfg(test)]
#[cfg(unix)]
mod test_world;
#[cfg(test)]
#[cfg(unix)]
mod tests;

pub use catalogue::{OfferedDestination, built_in, check_kind, described, offered};
pub use content::{StoredContent, ValueDigest};
pub use described::{DescribedDestination, PlaceState, bases, url_variable};
pub use exact_bytes::saved_value;
pub use git::ask as ask_git;
pub use github_actions::{is_github_job, mask_in_log};
pub use login::{CredentialSource, LentCredential};
pub use opened::OpenDestination;
pub use registry::{DestinationKind, KINDS, Names, dotenv_line, program_words};
pub use spec::DestinationSpec;
use spec::SpecKind;

use std::rc::Rc;

use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::core::untrusted;
use crate::platform::Platform;
use crate::report::log::Log;

/// A destination of a secret.
///
/// An error of [`Kind::Store`] means that the destination holds its previous value; one of [`Kind::Uncertain`] that
/// it may hold the new secret, so that the key must not be revoked because of it.
pub trait Destination {
    /// Returns its text, as on the command line.
    fn describe(&self) -> String;

    /// Returns whether [`Destination::read`] can read the content.
    fn can_read(&self) -> bool;

    /// Proves that [`Destination::deliver`] will work, as far as possible without a secret; changes nothing.
    fn probe(&self) -> Result<()>;

    /// Replaces the content by `secret`.
    fn deliver(&self, secret: &Secret) -> Result<()>;

    /// Returns the current content.
    fn read(&self) -> Result<StoredContent>;

    /// Returns the data with which [`Destination::restore`] restores every byte. It is more than a value if a
    /// delivery writes the value in another form: [`saved_value`] extracts the value.
    fn snapshot(&self) -> Result<StoredContent> {
        self.read()
    }

    /// Restores the previous content. A value that another store still has can be restored even at a destination that
    /// cannot be read; [`StoredContent::Unreadable`] and [`StoredContent::Digest`] cannot.
    fn restore(&self, previous: &StoredContent) -> Result<()>;
}

/// A slot for one secret that a higher layer stores: a profile's key, an item of the keyring.
pub trait SecretSlot {
    /// Proves that [`SecretSlot::write`] will work.
    fn probe(&self) -> Result<()>;
    /// Returns the stored secret.
    fn read(&self) -> Result<Option<Secret>>;
    /// Stores `secret`; `None` deletes the current one. Its errors have the kinds of [`Destination::deliver`].
    fn write(&self, secret: Option<&Secret>) -> Result<()>;
}

/// Returns the slot of a profile by its name, or the reason why there is none.
pub type ProfileSlot<'a> = dyn Fn(&str) -> Result<Box<dyn SecretSlot>> + 'a;

/// Returns the slot of a service and an account in the keyring, or the reason why there is none.
pub type KeyringSlot<'a> = dyn Fn(&str, &str) -> Result<Box<dyn SecretSlot>> + 'a;

/// Returns the source of the credential of a destination; `None` if its own tools have it.
pub type LoginOpener<'a> =
    dyn Fn(&DestinationSpec) -> Result<Option<Rc<dyn CredentialSource>>> + 'a;

/// The callbacks of destinations into higher layers.
pub struct SlotOpeners<'a> {
    /// The key of the profile of that name.
    pub profile: &'a ProfileSlot<'a>,
    /// The item of the keyring for that service and account.
    pub keyring: &'a KeyringSlot<'a>,
    /// The profile that lends a destination its credential.
    pub login: &'a LoginOpener<'a>,
}

/// Opens the destination of `spec`; nothing is touched before the first use.
pub fn open(
    spec: &DestinationSpec,
    platform: &Platform,
    log: &Log,
    openers: &SlotOpeners<'_>,
) -> Result<OpenDestination> {
    let (kind, rest, folder) = spec.parts();
    let shown = untrusted::escape(&spec.to_string());
    let kind = match kind {
        SpecKind::Code(kind) => {
            let login = || (openers.login)(spec);
            if let Some(place) = catalogue::open_with_credential(kind, rest, platform, log, login)?
            {
                return Ok(OpenDestination::Described(Box::new(place)));
            }
            kind
        }
        SpecKind::Described(name) => {
            let place = catalogue::open(name, rest, platform, log)?;
            let place = place.lent_by((openers.login)(spec)?);
            return Ok(OpenDestination::Described(Box::new(place)));
        }
    };
    let code = (kind.open)(&registry::OpenRequest {
        rest,
        folder,
        shown,
        platform,
        log,
        openers,
    })?;
    Ok(OpenDestination::Code(code))
}

/// Returns the error for a destination whose previous content is not known.
fn nothing_to_restore(shown: &str) -> Error {
    Error::new(
        Kind::Store,
        format!("cannot restore `{shown}`: its earlier value could not be read"),
    )
    .hint("put the old value there by hand")
}
