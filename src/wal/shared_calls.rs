//! The notes of calls in the state that machines share: a note and the response to its call stand in the document whose
//! lease is the lock of the call.

use std::future::ready;
use std::io::Write;
use std::rc::Rc;

use age::stream::StreamWriter;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::calls::{ResponseSlot, Wal};
use super::spool::{SpooledCall, plain_response, sealing};
use super::state_lock::StateLock;
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::{HttpResponse, LocalBoxFuture, SharedLease, SharedState};

/// The text of a document that is held while a call is made.
#[derive(Default, Serialize, Deserialize)]
pub struct SharedText {
    /// The lines of a record, if it is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub lines: String,
    /// The note of the call in progress.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// The encrypted response to it, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    response: Option<String>,
}

impl SharedText {
    /// Reads the text of a document; an empty one holds nothing.
    pub fn read(name: &str, text: &Secret) -> Result<SharedText> {
        if text.is_empty() {
            return Ok(SharedText::default());
        }
        serde_json::from_str(text.expose()).map_err(|_| {
            Error::new(
                Kind::Store,
                format!("the shared document `{name}` is damaged"),
            )
        })
    }

    /// Changes the text of a document that is held.
    pub fn change(
        lease: &dyn SharedLease,
        name: &str,
        change: impl FnOnce(&mut SharedText),
    ) -> Result<()> {
        let mut text = SharedText::read(name, &lease.text())?;
        change(&mut text);
        lease.replace(&text.to_text()?)
    }

    /// Returns it as the text of a document.
    pub fn to_text(&self) -> Result<Secret> {
        let text = serde_json::to_string(self);
        text.map(Secret::new)
            .map_err(|error| Error::failed("cannot write a shared document").caused_by(error))
    }

    /// Returns the call in progress.
    fn call(&self, name: &str) -> Option<SpooledCall> {
        let note = self.note.as_ref()?;
        let response = self.response.as_ref();
        let response = response.and_then(|text| STANDARD.decode(text).ok());
        Some(SpooledCall::of(name, note.as_bytes().to_vec(), response))
    }
}

/// Notes of calls in shared documents. The name of a call is the name of its document, with an extension or not.
pub(super) struct SharedCalls(pub(super) Rc<dyn SharedState>);

/// Returns the name of the document of a call; its lease is the lock of the call.
pub fn document(call: &str) -> &str {
    let ends = [".answer", ".call"];
    let mut stems = ends.iter().filter_map(|end| call.strip_suffix(end));
    stems.next().unwrap_or(call)
}

/// The folder of responses that came when the lease of their call was lost.
const LATE: &str = "late";

/// Returns the beginning of the names of such responses to a call; the fencing number follows.
fn late(call: &str) -> String {
    format!("{}.", document(call).replace('/', "."))
}

impl SharedCalls {
    fn found(&self, call: &str) -> Result<Option<SpooledCall>> {
        let name = document(call);
        let Some(found) = self.0.read(name)? else {
            return Ok(None);
        };
        let mut text = SharedText::read(name, &found.text)?;
        if text.note.is_some() && text.response.is_none() {
            text.response = self.late_response(call)?;
        }
        Ok(text.call(name))
    }

    /// Returns the names of the responses that earlier holders staged after they had lost the lease.
    fn late(&self, call: &str) -> Result<Vec<String>> {
        let mut names = self.0.list(LATE)?;
        names.retain(|name| name.starts_with(&late(call)));
        let full = names.into_iter().map(|name| format!("{LATE}/{name}"));
        Ok(full.collect())
    }

    /// Returns the response that an earlier holder staged under its fencing number after it had lost its lease.
    fn late_response(&self, call: &str) -> Result<Option<String>> {
        let Some(name) = self.late(call)?.pop() else {
            return Ok(None);
        };
        let found = self.0.read(&name)?;
        Ok(found.map(|found| found.text.expose().to_owned()))
    }

    fn emptied(&self, call: &str, lease: &dyn SharedLease) -> Result<()> {
        let name = document(call);
        let mut text = SharedText::read(name, &lease.text())?;
        if text.note.is_none() {
            return Ok(());
        }
        if text.response.is_none() {
            for late in self.late(call)? {
                self.0.remove(&late)?;
            }
        }
        text.note = None;
        text.response = None;
        lease.replace(&text.to_text()?)
    }

    fn begun(
        &self,
        call: &str,
        note: &[u8],
        spool_key: &Secret,
        lock: &StateLock,
    ) -> Result<Box<dyn ResponseSlot>> {
        let lease = lock.lease()?;
        let encryptor = sealing(spool_key)?;
        let note = String::from_utf8_lossy(note).into_owned();
        SharedText::change(&**lease, document(call), |text| {
            text.note = Some(note);
            text.response = None;
        })?;
        Ok(Box::new(SharedSlot {
            state: Rc::clone(&self.0),
            call: call.to_owned(),
            lease: Rc::clone(lease),
            encryptor,
        }))
    }
}

impl Wal for SharedCalls {
    fn begin<'w>(
        &'w self,
        call: &'w str,
        note: Vec<u8>,
        spool_key: &'w Secret,
        lock: &'w StateLock,
    ) -> LocalBoxFuture<'w, Result<Box<dyn ResponseSlot>>> {
        Box::pin(ready(self.begun(call, &note, spool_key, lock)))
    }

    fn recover<'w>(&'w self, call: &'w str) -> LocalBoxFuture<'w, Result<Option<SpooledCall>>> {
        Box::pin(ready(self.found(call)))
    }

    fn commit<'w>(&'w self, call: &'w str, lock: &'w StateLock) -> LocalBoxFuture<'w, Result<()>> {
        let emptied = lock.lease().and_then(|lease| self.emptied(call, &**lease));
        Box::pin(ready(emptied))
    }
}

/// The room for the response to one call.
struct SharedSlot {
    state: Rc<dyn SharedState>,
    call: String,
    lease: Rc<dyn SharedLease>,
    encryptor: StreamWriter<Vec<u8>>,
}

impl ResponseSlot for SharedSlot {
    fn keep(
        self: Box<Self>,
        answer: &HttpResponse,
        at: Timestamp,
    ) -> LocalBoxFuture<'_, Result<()>> {
        Box::pin(ready((*self).write(answer, at)))
    }
}

impl SharedSlot {
    fn write(self, answer: &HttpResponse, at: Timestamp) -> Result<()> {
        let SharedSlot {
            state,
            call,
            lease,
            mut encryptor,
        } = self;
        let plain = plain_response(answer, at)?;
        let seal = || {
            encryptor.write_all(&plain)?;
            encryptor.finish()
        };
        let sealed = seal().map_err(|error: std::io::Error| {
            Error::failed("cannot encrypt the response").caused_by(error)
        })?;
        let response = STANDARD.encode(sealed);
        let kept = SharedText::change(&*lease, document(&call), |text| {
            text.response = Some(response.clone());
        });
        match kept {
            // The present holder finds it, and the call is not sent again.
            Err(error) if error.kind() == Kind::Uncertain => {
                let name = format!("{LATE}/{}{}", late(&call), lease.fence());
                state.write(&name, &Secret::new(response), 0)?;
                Err(error)
            }
            kept => kept,
        }
    }
}
