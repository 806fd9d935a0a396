//! Makes the calls after the one that created a key, which bring its secret.

use jiff::Timestamp;
use serde_json::Value;

use super::create::KeyOrigin;
use super::{ApiClient, Support, fill_id, support};
use crate::core::error::Result;
use crate::core::key::{CreatedKey, Key};
use crate::core::untrusted::Untrusted;
use crate::manifest::{Operation, Source, Verb};
use crate::platform::HttpResponse;
use crate::service::{CallError, CallObserver, FieldValue, ResponseReader, Values, repeats_after};

impl ApiClient<'_> {
    /// Returns whether calls follow that of `verb`, and all of them may be made again.
    pub fn may_follow_again(&self, verb: Verb) -> bool {
        matches!(support(self.manifest(), verb), Support::Native(operation)
            if !operation.after.is_empty() && repeats_after(operation))
    }

    /// Returns whether calls follow that of `verb`.
    pub fn has_calls_after(&self, verb: Verb) -> bool {
        matches!(support(self.manifest(), verb), Support::Native(operation)
            if !operation.after.is_empty())
    }

    /// Returns the key without a secret that a spooled response describes, if calls follow that bring the secret, or if
    /// the private half of its pair is lost.
    pub fn secretless_in(&self, verb: Verb, answer: &HttpResponse, at: Timestamp) -> Option<Key> {
        let values = self.service.values();
        let reading = self.reading_with_calls_after(verb, answer, at, &values)?.1;
        let key = self.key_of(&reading);
        (key.id.is_some() || self.manifest().one_key || verb == Verb::Rotate).then_some(key)
    }

    /// Makes the calls after the one whose spooled response arrived at `at`.
    pub async fn follow_up(
        &self,
        verb: Verb,
        (answer, at): (&HttpResponse, Timestamp),
        origin: &KeyOrigin<'_>,
    ) -> Option<Result<CreatedKey, CallError>> {
        let values = self.values_of(origin);
        let (operation, reading) = self.reading_with_calls_after(verb, answer, at, &values)?;
        if operation.after.is_empty() {
            return None;
        }
        Some(self.follow(verb, operation, &reading, origin, &()).await)
    }

    fn reading_with_calls_after(
        &self,
        verb: Verb,
        answer: &HttpResponse,
        at: Timestamp,
        values: &Values,
    ) -> Option<(&Operation, ResponseReader<'_>)> {
        let Support::Native(operation) = support(self.manifest(), verb) else {
            return None;
        };
        if operation.after.is_empty() && operation.key_pair.is_none() {
            return None;
        }
        let reading = self
            .service
            .read(verb, operation, answer, values, at)
            .ok()?;
        Some((operation, reading))
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
        let mut key = self.key_of(reading);
        if key.id.is_none() {
            key.id = origin.old.and_then(|old| old.id.clone());
        }
        if key.id.is_none() && !self.manifest().one_key {
            let what = "the id of the new key";
            return Err(CallError::incomplete(self.service.name(), verb, what));
        }
        let mut known = captures(verb.name(), reading);
        let mut secret = reading.secret().or_else(|| origin.private_key());
        let public = self.public_key(operation, origin.pair)?;
        watch.created(key.id.as_ref().map(Untrusted::as_received))?;
        for step in &operation.after {
            let fill = |values: &mut Values| {
                fill_id(values, &key);
                public.fill(values);
                if let Some(name) = &origin.new.name {
                    values.input("name", name.clone());
                }
                for (source, value) in &known {
                    values.set(source, FieldValue::Plain(value.clone()));
                }
            };
            let call = self.with_credential(operation, async |carried| {
                let mut values = self.service.values_with(carried);
                fill(&mut values);
                self.service.follow(verb, step, values, carried).await
            });
            let Some(seen) = call.await? else {
                continue;
            };
            known.extend(captures(&step.name, &seen));
            secret = secret.or_else(|| seen.secret());
        }
        let missing = || CallError::incomplete(self.service.name(), verb, "the new key");
        let secret = secret.ok_or_else(missing)?;
        Ok(self.with_secret(key, origin.new, secret))
    }
}

fn captures(step: &str, reading: &ResponseReader<'_>) -> Vec<(Source, Value)> {
    let source = |capture: &String| Source::Step {
        step: step.to_owned(),
        capture: capture.clone(),
    };
    let captured = reading.captured();
    captured
        .map(|(name, value)| (source(name), value))
        .collect()
}
