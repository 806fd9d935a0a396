//! Creates keys: by a call that is sent once, or by hand.

use serde_json::Value;

use super::{ApiClient, Support, fill_id, support};
use crate::core::error::Result;
use crate::core::key::{CreatedKey, Key, KeyStatus, NewKey};
use crate::core::secret::Secret;
use crate::core::untrusted::Untrusted;
use crate::manifest::{Operation, PublicKeyForm, Source, Verb, plain_text};
use crate::service::{CallError, CallObserver, FieldValue, ResponseReader, Values};

impl ApiClient<'_> {
    /// Creates a key; sent once. `watch` observes the progress of the call.
    pub async fn create(
        &self,
        new: &NewKey,
        pair: Option<&Secret>,
        watch: &dyn CallObserver,
    ) -> Result<CreatedKey, CallError> {
        let fill = |values: &mut Values| fill_new(values, new);
        let origin = KeyOrigin {
            new,
            old: None,
            pair,
        };
        self.make(Verb::Create, fill, &origin, watch).await
    }

    /// Gives a key a new secret in one call, which invalidates the old one; sent once. `watch` observes the progress
    /// of the call.
    pub async fn rotate(
        &self,
        key: &Key,
        new: &NewKey,
        pair: Option<&Secret>,
        watch: &dyn CallObserver,
    ) -> Result<CreatedKey, CallError> {
        let fill = |values: &mut Values| {
            fill_new(values, new);
            fill_id(values, key);
        };
        let origin = KeyOrigin {
            new,
            old: Some(key),
            pair,
        };
        self.make(Verb::Rotate, fill, &origin, watch).await
    }

    async fn make(
        &self,
        verb: Verb,
        fill: impl Fn(&mut Values),
        origin: &KeyOrigin<'_>,
        watch: &dyn CallObserver,
    ) -> Result<CreatedKey, CallError> {
        let Support::Native(operation) = support(self.manifest(), verb) else {
            return Err(self.cannot(verb).into());
        };
        let public = self.public_key(operation, origin.pair)?;
        let fill = |values: &mut Values| {
            fill(values);
            public.fill(values);
        };
        let reading = self.execute_observed(verb, operation, fill, watch).await?;
        if !operation.after.is_empty() {
            let followed = self.follow(verb, operation, &reading, origin, watch);
            return Box::pin(followed).await;
        }
        self.minted(&reading, origin)
            .ok_or_else(|| CallError::incomplete(self.service.name(), verb, "the new key"))
    }

    /// Returns the values that a new key was requested with.
    pub(super) fn values_of(&self, origin: &KeyOrigin<'_>) -> Values {
        let mut values = self.service.values();
        fill_new(&mut values, origin.new);
        if let Some(old) = origin.old {
            fill_id(&mut values, old);
        }
        values
    }

    fn minted(&self, reading: &ResponseReader<'_>, origin: &KeyOrigin<'_>) -> Option<CreatedKey> {
        let secret = reading.secret().or_else(|| origin.private_key())?;
        Some(self.with_secret(self.key_of(reading), origin.new, secret))
    }

    /// Makes the key pair whose private half is the secret of a new key, if the manifest says so.
    pub fn make_key_pair(&self, verb: Verb) -> Result<Option<Secret>> {
        let Support::Native(operation) = support(self.manifest(), verb) else {
            return Ok(None);
        };
        let pair = operation
            .key_pair
            .map(|spec| self.service.make_key_pair(spec));
        pair.transpose()
    }

    /// Returns whether the secret of a new key is the private half of a pair that is made here.
    pub fn makes_key_pair(&self, verb: Verb) -> bool {
        matches!(support(self.manifest(), verb), Support::Native(operation)
            if operation.key_pair.is_some())
    }

    /// Returns whether `masked`, as a list shows it, is the shown form of a secret, or names the public half of a private
    /// key.
    pub fn is_shown_as(&self, secret: &Secret, masked: &str) -> bool {
        self.compare_shown(secret, masked) == Some(true)
    }

    /// Returns whether `masked`, as a list shows it, is the shown form of a secret or names the public half of a private
    /// key (`true`), or shows another one (`false`); `None` if it shows too little, or something else.
    pub fn compare_shown(&self, secret: &Secret, masked: &str) -> Option<bool> {
        let is_public_half = |verb| {
            let Support::Native(operation) = support(self.manifest(), verb) else {
                return false;
            };
            let Ok(public) = self.public_key(operation, Some(secret)) else {
                return false;
            };
            public.names().any(|name| {
                let name = Secret::new(name);
                name.expose() == masked || name.masked() == masked
            })
        };
        if [Verb::Create, Verb::Rotate].into_iter().any(is_public_half) {
            return Some(true);
        }
        secret.compare_mask(masked)
    }

    /// Returns the public half of a key pair, ready to be sent.
    pub(super) fn public_key(
        &self,
        operation: &Operation,
        pair: Option<&Secret>,
    ) -> Result<PublicKeyValues> {
        let Some((spec, private)) = operation.key_pair.zip(pair) else {
            return Ok(PublicKeyValues(Vec::new()));
        };
        let mut values = self.service.values();
        values.public_key(spec.alg, private)?;
        let forms = PublicKeyForm::ALL.into_iter().map(Source::PublicKey);
        let known = forms.filter_map(|source| match values.get(&source) {
            Some(FieldValue::Plain(value)) => Some((source, value.clone())),
            _ => None,
        });
        Ok(PublicKeyValues(known.collect()))
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
        self.with_secret(Key::unknown(self.service.name(), self.profile), new, secret)
    }
}

/// The facts about a new key that no response repeats.
pub struct KeyOrigin<'k> {
    /// Its requested properties.
    pub new: &'k NewKey,
    /// The key that is given a new secret, if that is the call.
    pub old: Option<&'k Key>,
    /// The private half of the key pair that was made for it, if one was.
    pub pair: Option<&'k Secret>,
}

impl KeyOrigin<'_> {
    pub(super) fn private_key(&self) -> Option<Secret> {
        self.pair.map(Secret::duplicate)
    }
}

/// The public half of a key pair, in each form.
pub(super) struct PublicKeyValues(Vec<(Source, Value)>);

impl PublicKeyValues {
    /// Returns the names by which lists show it.
    fn names(&self) -> impl Iterator<Item = String> {
        self.0.iter().flat_map(|(_, value)| {
            let text = plain_text(value);
            let named = text.clone().map(|text| format!("SHA256:{text}"));
            text.into_iter().chain(named)
        })
    }

    pub(super) fn fill(&self, values: &mut Values) {
        for (source, value) in &self.0 {
            values.set(source, FieldValue::Plain(value.clone()));
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
