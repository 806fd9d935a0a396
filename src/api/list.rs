//! Lists keys completely: all pages, each key in full.

use std::collections::HashSet;
use std::ops::ControlFlow;

use serde_json::Value;

use super::ApiClient;
use crate::core::error::{Error, Kind};
use crate::core::key::Key;
use crate::manifest::{ErrorReason, Operation, Verb};
use crate::service::{CallError, CredentialRef, ResponseReader};

/// The maximum number of calls for the items of one list.
const MAX_DETAIL_CALLS: usize = 1_000;

/// The first keys of a list that are enough.
pub struct FirstKeys<'f> {
    /// Their number.
    pub most: usize,
    /// Says which keys count; `None` if all do.
    pub fits: Option<&'f dyn Fn(&Key) -> bool>,
}

/// Keys of a list.
pub(super) struct ListedKeys {
    pub(super) keys: Vec<Key>,
    /// The maximum number of keys, if the response shows it.
    pub(super) limit: Option<u64>,
    /// Says that the list was read to its end.
    pub(super) complete: bool,
}

impl ApiClient<'_> {
    /// Returns every key, or the first ones that are enough: further pages are not read.
    pub(super) async fn listed(
        &self,
        operation: &Operation,
        first: Option<&FirstKeys<'_>>,
    ) -> Result<ListedKeys, CallError> {
        // The details alone may say whether a key fits.
        let first = first.filter(|first| operation.details.is_none() || first.fits.is_none());
        let fits = |key: &Key| {
            first
                .and_then(|first| first.fits)
                .is_none_or(|fits| fits(key))
        };
        self.with_credential(operation, async |carried| {
            let mut keys = Vec::new();
            let mut limit = None;
            let mut told = None;
            let mut known = HashSet::new();
            let mut complete = true;
            let mut see =
                |reading: &ResponseReader<'_>, items: Vec<Value>| {
                    told = told.or_else(|| reading.told_at());
                    limit = limit.or_else(|| reading.number(operation.response.limit.as_ref()));
                    let new = items.iter().map(|item| self.key_in(reading, item));
                    // A key that is added or removed while the pages are read shifts others to the next page.
                    keys.extend(new.filter(|key: &Key| {
                        key.id.as_ref().is_none_or(|id| known.insert(id.clone()))
                    }));
                    let enough = |first: &FirstKeys<'_>| {
                        keys.iter().filter(|key| fits(key)).take(first.most).count() == first.most
                    };
                    if first.is_some_and(enough) {
                        complete = false;
                        return ControlFlow::Break(());
                    }
                    ControlFlow::Continue(())
                };
            let values = self.service.values_with(carried);
            self.service
                .execute_pages(Verb::List, operation, values, carried, &mut see)
                .await?;
            if let Some(first) = first.filter(|first| first.fits.is_none()) {
                keys.truncate(first.most);
            }
            self.listed_at.set(told);
            if operation.details.is_some() {
                keys = self.each_in_full(operation, keys, carried).await?;
            }
            Ok(ListedKeys {
                keys,
                limit,
                complete,
            })
        })
        .await
    }

    /// Returns one key in full: as the call for one key shows it, and for the rest as the list does.
    pub async fn show_in_full(&self, listed: Key) -> Result<Key, CallError> {
        let shown = self.show(listed.clone()).await?;
        Ok(shown.over(listed))
    }

    /// Requests each key of a list that does not hold everything.
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
        let optional = operation.details.as_ref();
        let optional = optional.is_some_and(|details| details.optional);
        let count = keys.len();
        let mut refused = false;
        let mut full = Vec::with_capacity(count);
        let mut gone = None;
        for key in keys {
            let id = key.id.clone().filter(|_| !refused);
            let Some(id) = id else {
                full.push(key);
                continue;
            };
            let looked = self
                .service
                .look_at(operation, id.as_received(), carried)
                .await;
            let reading = match looked {
                // It was revoked after the list was read.
                Err(failure) if failure.reason == Some(ErrorReason::NotFound) => {
                    gone = Some(failure);
                    continue;
                }
                Err(failure) if optional && failure.error.kind() == Kind::Forbidden => {
                    let why = failure.error.message().to_owned();
                    self.log.trace(|| format!("* the list has to do: {why}"));
                    refused = true;
                    full.push(key);
                    continue;
                }
                looked => looked?,
            };
            full.push(match reading {
                Some(reading) => self.key_of(&reading).over(key),
                None => key,
            });
        }
        match gone {
            // A wrong address is more likely than the removal of all of them at once.
            Some(failure) if full.is_empty() && count > 1 => Err(failure),
            _ => Ok(full),
        }
    }
}
