//! Lists keys completely: all pages, each key in full.

use std::collections::HashSet;

use serde_json::Value;

use super::ApiClient;
use crate::core::error::Error;
use crate::core::key::Key;
use crate::manifest::{ErrorReason, Operation, Verb};
use crate::service::{CallError, CredentialRef, ResponseReader};

/// The maximum number of calls for the items of one list.
const MAX_DETAIL_CALLS: usize = 1_000;

impl ApiClient<'_> {
    /// Returns every key, and their maximum number if the response shows it.
    pub(super) async fn listed(
        &self,
        operation: &Operation,
    ) -> Result<(Vec<Key>, Option<u64>), CallError> {
        self.with_credential(operation, async |carried| {
            let mut keys = Vec::new();
            let mut limit = None;
            let mut told = None;
            let mut see = |reading: &ResponseReader<'_>, items: Vec<Value>| {
                told = told.or_else(|| reading.told_at());
                limit = limit.or_else(|| reading.number(operation.response.limit.as_ref()));
                keys.extend(items.iter().map(|item| self.key_in(reading, item)));
            };
            let values = self.service.values_with(carried);
            self.service
                .execute_pages(Verb::List, operation, values, carried, &mut see)
                .await?;
            // A key that is added or removed while the pages are read shifts others to the next page.
            let mut known = HashSet::new();
            keys.retain(|key: &Key| key.id.as_ref().is_none_or(|id| known.insert(id.clone())));
            self.listed_at.set(told);
            if operation.details.is_some() {
                keys = self.each_in_full(operation, keys, carried).await?;
            }
            Ok((keys, limit))
        })
        .await
    }

    /// Requests each key of a list that holds little more than ids.
    async fn each_in_full(
        &self,
        operation: &Operation,
        keys: Vec<Key>,
        carried: Option<&CredentialRef<'_>>,
    ) -> Result<Vec<Key>, CallError> {
        if keys.len() > MAX_DETAIL_CALLS {
            return Err(Error::failed(format!(
                "{} lists {} keys by their ids alone, and more than {MAX_DETAIL_CALLS} calls for one list are too many",
                self.service.name(),
                keys.len()
            ))
            .into());
        }
        let count = keys.len();
        let mut full = Vec::with_capacity(count);
        let mut gone = None;
        for key in keys {
            let Some(id) = &key.id else {
                full.push(key);
                continue;
            };
            let looked = self
                .service
                .look_at(operation, id.as_received(), carried)
                .await;
            let reading = match looked {
                // It was revoked after the list was read.
                Err(trouble) if trouble.reason == Some(ErrorReason::NotFound) => {
                    gone = Some(trouble);
                    continue;
                }
                looked => looked?,
            };
            full.push(match reading {
                Some(reading) => Key {
                    id: key.id.clone(),
                    ..self.key_of(&reading)
                },
                None => key,
            });
        }
        match gone {
            // A wrong address is more likely than the removal of all of them at once.
            Some(trouble) if full.is_empty() && count > 1 => Err(trouble),
            _ => Ok(full),
        }
    }
}
