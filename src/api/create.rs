//! Creates keys: by a call that is sent once, or by hand.

use jiff::Timestamp;

use super::{ApiClient, Support, fill_id, support};
use crate::core::key::{CreatedKey, Key, KeyStatus, NewKey};
use crate::core::secret::Secret;
use crate::core::untrusted::Untrusted;
use crate::manifest::{Source, Verb};
use crate::platform::HttpResponse;
use crate::service::{CallError, CallObserver, FieldValue, ResponseReader, Values};

impl ApiClient<'_> {
    /// Creates a key; sent once. `watch` observes the progress of the call.
    pub async fn create(
        &self,
        new: &NewKey,
        watch: &dyn CallObserver,
    ) -> Result<CreatedKey, CallError> {
        let fill = |values: &mut Values| fill_new(values, new);
        self.make(Verb::Create, fill, (new, None), watch).await
    }

    /// Gives a key a new secret in one call, which invalidates the old one; sent once. `watch` observes the progress
    /// of the call.
    pub async fn rotate(
        &self,
        key: &Key,
        new: &NewKey,
        watch: &dyn CallObserver,
    ) -> Result<CreatedKey, CallError> {
        let fill = |values: &mut Values| {
            fill_new(values, new);
            fill_id(values, key);
        };
        self.make(Verb::Rotate, fill, (new, Some(key)), watch).await
    }

    async fn make(
        &self,
        verb: Verb,
        fill: impl Fn(&mut Values),
        (new, old): (&NewKey, Option<&Key>),
        watch: &dyn CallObserver,
    ) -> Result<CreatedKey, CallError> {
        let Support::Native(operation) = support(self.manifest(), verb) else {
            return Err(self.cannot(verb).into());
        };
        let reading = self.execute_observed(verb, operation, fill, watch).await?;
        if !operation.after.is_empty() {
            return self
                .follow(verb, operation, &reading, (new, old), watch)
                .await;
        }
        self.minted(&reading, new)
            .ok_or_else(|| CallError::incomplete(self.service.name(), verb, "the new key"))
    }

    /// Returns the key in a spooled response that arrived at `at`; `None` if the manifest finds none in it.
    pub fn new_in(
        &self,
        verb: Verb,
        answer: &HttpResponse,
        at: Timestamp,
        new: &NewKey,
    ) -> Option<CreatedKey> {
        let Support::Native(operation) = support(self.manifest(), verb) else {
            return None;
        };
        let reading = self.service.read(verb, operation, answer, at).ok()?;
        self.minted(&reading, new)
    }

    fn minted(&self, reading: &ResponseReader<'_>, new: &NewKey) -> Option<CreatedKey> {
        let secret = reading.secret()?;
        Some(self.with_secret(self.key_of(reading), new, secret))
    }

    /// Returns the new key that a response describes, with its secret.
    pub(super) fn with_secret(&self, key: Key, new: &NewKey, secret: Secret) -> CreatedKey {
        self.log.register_secret(&secret);
        CreatedKey {
            key: described(key, new, &secret),
            secret,
        }
    }

    /// Returns the key that you created and pasted.
    pub fn pasted(&self, new: &NewKey, secret: Secret) -> CreatedKey {
        self.log.register_secret(&secret);
        let key = Key::unknown(self.service.name(), self.profile);
        CreatedKey {
            key: described(key, new, &secret),
            secret,
        }
    }
}

/// Adds to the response for a new key the properties that are certain besides; an expiry that was only requested is
/// not.
fn described(mut key: Key, new: &NewKey, secret: &Secret) -> Key {
    let masked = key.masked.take().filter(|masked| {
        // A field that contains the secret must not be shown.
        !masked.as_received().contains(secret.expose())
    });
    key.masked = masked.or_else(|| Some(Untrusted::new(secret.masked())));
    if key.name.is_none() {
        key.name = new.name.clone().map(Untrusted::new);
    }
    if key.status == KeyStatus::Unknown {
        key.status = KeyStatus::Active;
    }
    key
}

pub(super) fn fill_new(values: &mut Values, new: &NewKey) {
    if let Some(name) = &new.name {
        values.input("name", name.clone());
    }
    if !new.scopes.is_empty() {
        values.input("scopes", new.scopes.clone());
    }
    if let Some(expires) = new.expires {
        values.set(
            &Source::Input("expires".to_owned()),
            FieldValue::Ends(expires),
        );
    }
    for (name, value) in &new.fields {
        values.input(name, value.clone());
    }
}
