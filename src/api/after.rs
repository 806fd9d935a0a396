//! Makes the calls after the one that created a key, which bring its secret.

use serde_json::Value;

use super::create::{KeyOrigin, PublicKeyValues};
use super::{ApiClient, Support, fill_id, support};
use crate::core::error::Result;
use crate::core::key::{CreatedKey, Key};
use crate::core::secret::Secret;
use crate::core::untrusted::Untrusted;
use crate::manifest::{Operation, Source, StepSpec, Verb};
use crate::service::{
    CallError, CallObserver, FieldValue, ResponseReader, Service, Values, follows_again,
};
use crate::wal::KeptResponse;

/// The key that the kept responses of an interrupted run describe.
pub enum SpooledKey {
    /// No response arrived, or its spool key is lost.
    Nothing,
    /// A response in which the manifest finds no key.
    Unread,
    /// A new key. Every response is there, and the manifest does not find the secret in them.
    NoSecret(Box<Key>),
    /// A new key. Further calls bring its secret, or the private half of its pair is lost.
    Secretless(Box<Key>),
    /// A new key.
    Key(Box<CreatedKey>),
}

impl ApiClient<'_> {
    /// Returns whether calls follow that of `verb`.
    pub fn has_calls_after(&self, verb: Verb) -> bool {
        matches!(support(self.manifest(), verb), Support::Native(operation)
            if !operation.after.is_empty())
    }

    /// Returns what the kept responses of the calls that create a key say.
    pub fn new_in(&self, verb: Verb, kept: &[KeptResponse], origin: &KeyOrigin<'_>) -> SpooledKey {
        if kept_response(kept, 0).is_none() {
            return SpooledKey::Nothing;
        }
        let Some(mut chain) = self.chain(verb, kept, origin) else {
            return SpooledKey::Unread;
        };
        match chain.advance() {
            Ok(None) if chain.is_secret_known() => match chain.created() {
                Ok(created) => SpooledKey::Key(Box::new(created)),
                Err(_) => SpooledKey::Unread,
            },
            // A key without an id cannot be told from others.
            _ if !chain.is_named && verb != Verb::Rotate => SpooledKey::Unread,
            Ok(None) if chain.operation.key_pair.is_some() => chain.secretless(),
            Ok(None) if chain.operation.after.is_empty() => SpooledKey::Unread,
            Ok(None) | Err(_) => SpooledKey::NoSecret(Box::new(chain.key)),
            Ok(Some(_)) => chain.secretless(),
        }
    }

    /// Returns whether an interrupted run can get the secret: a kept response holds it, or each call that is left may be
    /// made again.
    pub fn may_follow_again(
        &self,
        verb: Verb,
        kept: &[KeptResponse],
        origin: &KeyOrigin<'_>,
    ) -> bool {
        let Some(mut chain) = self.chain(verb, kept, origin) else {
            return false;
        };
        let mut repeatable = !chain.operation.after.is_empty();
        while let Ok(Some((_, step))) = chain.advance() {
            repeatable &= follows_again(step);
            chain.pass_over();
        }
        repeatable || chain.has_answered_secret()
    }

    /// Makes the calls that are left after those whose responses were kept. One that may have been sent and may not be
    /// sent again ends them; `None` if the secret is lost with that.
    pub async fn follow_up(
        &self,
        verb: Verb,
        (kept, may_have_sent): (&[KeptResponse], bool),
        origin: &KeyOrigin<'_>,
        watch: &dyn CallObserver,
    ) -> Result<Option<CreatedKey>, CallError> {
        let Some(mut chain) = self.chain(verb, kept, origin) else {
            return Ok(None);
        };
        let mut in_doubt = None;
        while let Some((call, step)) = chain.advance()? {
            if may_have_sent && !follows_again(step) {
                in_doubt.get_or_insert(step);
            }
            if in_doubt.is_some() {
                chain.pass_over();
            } else {
                self.make_next(&mut chain, (call, step), watch).await?;
            }
        }
        if let Some(step) = in_doubt {
            if !chain.has_answered_secret() {
                return Ok(None);
            }
            self.log.warn(&format!(
                "the call `{}` that follows the creation may not have been made: it is not sent twice",
                step.name
            ));
        }
        chain.created().map(Some)
    }

    /// Makes the calls after the one that `reading` is the response to.
    pub(super) async fn follow(
        &self,
        verb: Verb,
        operation: &Operation,
        reading: &ResponseReader<'_>,
        origin: &KeyOrigin<'_>,
        watch: &dyn CallObserver,
    ) -> Result<CreatedKey, CallError> {
        let mut chain = CallChain::new(self, (verb, operation), reading, origin, &[])?;
        if !chain.is_named {
            let what = "the id of the new key";
            return Err(CallError::incomplete(self.service.name(), verb, what));
        }
        watch.created(chain.key.id.as_ref().map(Untrusted::as_received))?;
        while let Some(next) = chain.advance()? {
            self.make_next(&mut chain, next, watch).await?;
        }
        chain.created()
    }

    /// Makes the next call of a chain.
    async fn make_next<'o>(
        &self,
        chain: &mut CallChain<'_, 'o>,
        (call, step): (usize, &'o StepSpec),
        watch: &dyn CallObserver,
    ) -> Result<(), CallError> {
        let (verb, operation) = (chain.verb, chain.operation);
        let made = self.with_credential(operation, async |carried| {
            let mut values = self.service.values_with(carried);
            chain.fill(&mut values);
            let next = (call, step);
            self.service
                .follow(verb, next, values, carried, watch)
                .await
        });
        match made.await? {
            Some(seen) => chain.take(step, &seen),
            None => chain.pass_over(),
        }
        Ok(())
    }

    /// Returns the calls whose responses were kept; `None` if the first one is not there or reports no success.
    fn chain<'c>(
        &'c self,
        verb: Verb,
        kept: &'c [KeptResponse],
        origin: &'c KeyOrigin<'c>,
    ) -> Option<CallChain<'c, 'c>> {
        let Support::Native(operation) = support(self.manifest(), verb) else {
            return None;
        };
        let first = kept_response(kept, 0)?;
        let values = self.values_of(origin);
        let reading = self
            .service
            .read(verb, operation, &first.answer, &values, first.at)
            .ok()?;
        CallChain::new(self, (verb, operation), &reading, origin, kept).ok()
    }
}

/// Returns the response to a call; where a repeated one has several, the last.
fn kept_response(kept: &[KeptResponse], call: usize) -> Option<&KeptResponse> {
    kept.iter().rfind(|kept| kept.call == call)
}

/// The calls that create a key, as far as their responses are known.
struct CallChain<'c, 'o> {
    client: &'c ApiClient<'c>,
    verb: Verb,
    operation: &'o Operation,
    origin: &'c KeyOrigin<'c>,
    kept: &'c [KeptResponse],
    key: Key,
    /// Set if the key can be told from others.
    is_named: bool,
    public: PublicKeyValues,
    known: Vec<(Source, Value)>,
    /// The secret in the first response.
    first: Option<Secret>,
    /// The secret in a later one.
    followed: Option<Secret>,
    /// The number of calls behind the first that are over.
    past: usize,
}

impl<'c, 'o> CallChain<'c, 'o> {
    fn new(
        client: &'c ApiClient<'c>,
        (verb, operation): (Verb, &'o Operation),
        reading: &ResponseReader<'_>,
        origin: &'c KeyOrigin<'c>,
        kept: &'c [KeptResponse],
    ) -> Result<CallChain<'c, 'o>> {
        let mut key = client.key_of(reading);
        if key.id.is_none() && !operation.after.is_empty() {
            key.id = origin.old.and_then(|old| old.id.clone());
        }
        Ok(CallChain {
            client,
            verb,
            operation,
            origin,
            kept,
            is_named: key.id.is_some() || client.manifest().one_key,
            key,
            public: client.public_key(operation, origin.pair)?,
            known: reading.captured_as(verb.name()),
            first: reading.secret(),
            followed: None,
            past: 0,
        })
    }

    /// Reads the responses that are kept, as far as they go; returns the position and the description of the next call,
    /// if one is left.
    fn advance(&mut self) -> Result<Option<(usize, &'o StepSpec)>, CallError> {
        while let Some(step) = self.operation.after.get(self.past) {
            let call = self.past + 1;
            let mut values = self.client.service.values();
            self.fill(&mut values);
            if let Some(kept) = kept_response(self.kept, call) {
                let service = self.client.service;
                let seen = service.read_step(self.verb, step, &kept.answer, &values, kept.at)?;
                self.take(step, &seen);
            } else if Service::may_follow(step, &values) {
                return Ok(Some((call, step)));
            } else {
                self.pass_over();
            }
        }
        Ok(None)
    }

    /// Leaves out the next call.
    fn pass_over(&mut self) {
        self.past += 1;
    }

    /// Takes from the response to the next call what it brings.
    fn take(&mut self, step: &StepSpec, seen: &ResponseReader<'_>) {
        self.known.extend(seen.captured_as(&step.name));
        self.followed = self.followed.take().or_else(|| seen.secret());
        self.past += 1;
    }

    /// Sets the values that the next call may name.
    fn fill(&self, values: &mut Values) {
        fill_id(values, &self.key);
        self.public.fill(values);
        if let Some(name) = &self.origin.new.name {
            values.input("name", name.clone());
        }
        for (source, value) in &self.known {
            values.set(source, FieldValue::Plain(value.clone()));
        }
    }

    /// Returns whether a response has brought the secret.
    fn has_answered_secret(&self) -> bool {
        self.first.is_some() || self.followed.is_some()
    }

    fn is_secret_known(&self) -> bool {
        self.has_answered_secret() || self.origin.pair.is_some()
    }

    fn secretless(self) -> SpooledKey {
        SpooledKey::Secretless(Box::new(self.key))
    }

    /// Returns the new key.
    fn created(self) -> Result<CreatedKey, CallError> {
        let private = self.origin.private_key();
        let secret = self.first.or(private).or(self.followed);
        let name = self.client.service.name();
        let secret = secret.ok_or_else(|| CallError::incomplete(name, self.verb, "the new key"))?;
        Ok(self.client.with_secret(self.key, self.origin.new, secret))
    }
}
