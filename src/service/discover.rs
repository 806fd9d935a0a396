//! Discovers the possible values of a variable at the service.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde_json::Value;

use super::{CallError, CredentialRef, FieldValue, ResponseReader, Service};
use crate::manifest::{Discovery, Source, Verb};

/// A value that a variable may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableChoice {
    /// The value.
    pub value: String,
    /// Its display name.
    pub title: String,
}

impl Service<'_> {
    /// Returns every value that the service knows for a variable, in its order; `known` are the variables that were
    /// found before.
    pub async fn discover(
        &self,
        discovery: &Discovery,
        carried: &CredentialRef<'_>,
        known: &BTreeMap<String, String>,
    ) -> Result<Vec<VariableChoice>, CallError> {
        let call = &discovery.call;
        let mut values = self.values_with(Some(carried));
        for (name, value) in known {
            let value = FieldValue::Plain(value.clone().into());
            values.set(&Source::Variable(name.clone()), value);
        }
        let carried = self
            .manifest
            .accepted_credentials(call)
            .iter()
            .any(|name| name == carried.name)
            .then_some(carried);
        let found = RefCell::new(Vec::new());
        let see = |reading: &ResponseReader<'_>, item: &Value| {
            let text =
                |reads: &crate::manifest::Extractor| reads.text(&reading.seen, item, reading.now);
            let Some(value) = text(&discovery.value) else {
                return;
            };
            let title = discovery.title.as_ref().and_then(text);
            let title = title.unwrap_or_else(|| value.clone());
            found.borrow_mut().push(VariableChoice { value, title });
        };
        if call.response.items.is_some() || call.pagination.is_some() {
            self.execute_pages(Verb::List, call, values, carried, &mut |reading, items| {
                for item in &items {
                    see(reading, item);
                }
                ControlFlow::Continue(())
            })
            .await?;
        } else {
            let reading = self.execute(Verb::Status, call, values, carried).await?;
            match &reading.seen.body {
                Value::Array(items) => {
                    for item in items {
                        see(&reading, item);
                    }
                }
                one => see(&reading, one),
            }
        }
        Ok(found.into_inner())
    }
}
