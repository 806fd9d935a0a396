//! Spools responses that a service gives only once: encrypted on disk, before they are read.
//!
//! Each call has its own file: a line of JSON that describes the call, the length of the received data, and the
//! response as an age file. The file is created, with room for the response, before the call, so that a single write
//! brings the response to disk. The credential that the call consumes is its spool key: it decrypts the response.
//! That credential is in its store already, so no other key has to be stored, and none can be left behind. The responses
//! to the calls that follow a first one are written behind its own, in the same form.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use age::stream::StreamWriter;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::PROBE_BYTES;
use crate::core::error::{Error, Kind, Result};
use crate::core::format::refuse_newer;
use crate::core::secret::Secret;
use crate::platform::HttpResponse;
use crate::platform::fault;
use crate::platform::files::{self, FileLock};
use crate::store::{SecretRef, sealed_by, unsealed_by};

/// The version of a note before a call, which its field `version` names. Since 2 the response is encrypted to an
/// identity that is derived from the spool key.
pub const NOTE_VERSION: u32 = 2;

/// The size that is reserved on disk before the call; a longer response is written all the same.
const RESERVED_BYTES: usize = 16 * 1024;

/// The size of the length field in bytes.
const LENGTH_BYTES: usize = size_of::<u64>();

/// A call in progress, ready for its response.
pub(super) struct Spool {
    path: PathBuf,
    file: File,
    seal: ResponseSeal,
}

/// The encryption of the responses to a call and to those that follow it.
pub(super) struct ResponseSeal {
    spool_key: Secret,
    /// Encrypts the next response, if it is made already.
    ready: Option<StreamWriter<Vec<u8>>>,
}

/// The remains of a call whose process died.
pub struct SpooledCall {
    path: PathBuf,
    note: Vec<u8>,
    ciphertexts: Vec<Vec<u8>>,
}

/// A response as it was received.
pub struct KeptResponse {
    /// The position of its call among those that follow the first one, from 1 on; 0 is the first one.
    pub call: usize,
    /// The response.
    pub answer: HttpResponse,
    /// The time of its arrival.
    pub at: Timestamp,
}

/// A response in its stored form.
#[derive(Serialize, Deserialize)]
pub struct SpooledResponse {
    /// The position of its call among those that follow the first one; 0 is the first one.
    #[serde(default, skip_serializing_if = "is_first")]
    call: usize,
    at: Timestamp,
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// Returns a new spool key, the secret that encrypts one response, for a call that consumes none. It is as large as a
/// large key, so that a store that keeps it also keeps a key.
pub fn new_spool_key() -> Result<Secret> {
    let random = SecretRef::fresh()?;
    let mut text = random.file_stem().to_owned();
    text.extend(std::iter::repeat_n('.', PROBE_BYTES));
    Ok(Secret::new(text))
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_first(call: &usize) -> bool {
    *call == 0
}

impl ResponseSeal {
    /// Prepares the encryption of the first response, so that `spool_key` decrypts it.
    pub(super) fn new(spool_key: &Secret) -> Result<ResponseSeal> {
        Ok(ResponseSeal {
            spool_key: spool_key.duplicate(),
            ready: Some(ResponseSeal::writer(spool_key)?),
        })
    }

    fn writer(spool_key: &Secret) -> Result<StreamWriter<Vec<u8>>> {
        sealed_by(spool_key)
            .and_then(|sealed| sealed.wrap_output(Vec::with_capacity(RESERVED_BYTES)).ok())
            .ok_or_else(|| Error::new(Kind::Store, "cannot encrypt the response file"))
    }

    /// Returns a response in its stored form, encrypted.
    pub(super) fn seal(
        &mut self,
        call: usize,
        answer: &HttpResponse,
        at: Timestamp,
    ) -> Result<Vec<u8>> {
        let plain = plain_response(call, answer, at)?;
        let mut encryptor = match self.ready.take() {
            Some(ready) => ready,
            None => ResponseSeal::writer(&self.spool_key)?,
        };
        let written = encryptor.write_all(&plain);
        let sealed = written.and_then(|()| encryptor.finish());
        sealed.map_err(|error| Error::failed("cannot encrypt the response").caused_by(error))
    }
}

/// Returns a response in its stored form, before it is encrypted.
fn plain_response(call: usize, answer: &HttpResponse, at: Timestamp) -> Result<Zeroizing<Vec<u8>>> {
    let body = Zeroizing::new(STANDARD.encode(&*answer.body));
    let mut written = SpooledResponse {
        call,
        at,
        status: answer.status,
        headers: answer.headers.clone(),
        body: String::new(),
    };
    let mut plain = Zeroizing::new(Vec::with_capacity(2 * body.len() + RESERVED_BYTES));
    written.body.clone_from(&body);
    let put = serde_json::to_writer(&mut *plain, &written);
    drop(Zeroizing::new(written.body));
    put.map_err(|error| Error::failed("cannot write the response").caused_by(error))?;
    Ok(plain)
}

/// Returns a response as it stands in its file: the length, and the encrypted text.
fn framed(sealed: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(LENGTH_BYTES + sealed.len());
    bytes.extend_from_slice(&(sealed.len() as u64).to_be_bytes());
    bytes.extend_from_slice(sealed);
    bytes
}

impl Spool {
    /// Notes that a call is about to be made and reserves room for its response, which `spool_key` decrypts; the lock
    /// proves that no other process makes the same call.
    pub(super) fn begin(
        path: &Path,
        note: Vec<u8>,
        spool_key: &Secret,
        lock: &FileLock,
    ) -> Result<Spool> {
        // Everything that takes time is done before the call.
        let seal = ResponseSeal::new(spool_key)?;
        Spool::reserve(path, note, &[], seal, lock)
    }

    /// Reserves room behind the responses that have arrived, for those to the calls that follow; `None` if no call was
    /// begun.
    pub(super) fn extend(
        path: &Path,
        spool_key: &Secret,
        lock: &FileLock,
    ) -> Result<Option<Spool>> {
        let Some(found) = SpooledCall::find(path)? else {
            return Ok(None);
        };
        let seal = ResponseSeal::new(spool_key)?;
        // An incomplete one is overwritten.
        let mut whole = found.ciphertexts;
        whole.retain(|ciphertext| opened(spool_key, ciphertext).is_some());
        Spool::reserve(path, found.note, &whole, seal, lock).map(Some)
    }

    fn reserve(
        path: &Path,
        note: Vec<u8>,
        before: &[Vec<u8>],
        seal: ResponseSeal,
        lock: &FileLock,
    ) -> Result<Spool> {
        let mut bytes = note;
        bytes.push(b'\n');
        bytes.extend(before.iter().flat_map(|sealed| framed(sealed)));
        let start = bytes.len() as u64;
        bytes.resize(bytes.len() + LENGTH_BYTES + RESERVED_BYTES, 0);
        let mut file = files::create_private(path, &bytes, lock)?;
        file.seek(SeekFrom::Start(start))
            .map_err(|error| files::path_error("write", path, error))?;
        Ok(Spool {
            path: path.to_owned(),
            file,
            seal,
        })
    }

    /// Stores the next response; when this returns, it is on disk.
    pub(super) fn write(
        &mut self,
        call: usize,
        answer: &HttpResponse,
        at: Timestamp,
    ) -> Result<()> {
        let bytes = framed(&self.seal.seal(call, answer, at)?);
        let start = self.file.stream_position();
        let written = start.and_then(|start| {
            fault::write_all(&mut self.file, &self.path, &bytes)
                .and_then(|()| fault::sync_data(&self.file, &self.path))
                .inspect_err(|_| {
                    // The next response takes the place of one that did not arrive whole.
                    let _ = self.file.seek(SeekFrom::Start(start));
                })
        });
        written.map_err(|error| files::path_error("write", &self.path, error))
    }
}

/// Returns a decrypted response; `None` if it is not whole, or `spool_key` is not what the call consumed.
fn opened(spool_key: &Secret, ciphertext: &[u8]) -> Option<KeptResponse> {
    let plain = unsealed_by(spool_key, ciphertext)?;
    let written: SpooledResponse = serde_json::from_slice(&plain).ok()?;
    let coded = Zeroizing::new(written.body);
    let answer = HttpResponse {
        status: written.status,
        headers: written.headers,
        body: Zeroizing::new(STANDARD.decode(coded.as_bytes()).ok()?),
    };
    Some(KeptResponse {
        call: written.call,
        answer,
        at: written.at,
    })
}

impl SpooledCall {
    /// Returns a call with its note and the encrypted responses, as the document of that name holds them.
    pub(super) fn of(name: &str, note: Vec<u8>, ciphertexts: Vec<Vec<u8>>) -> SpooledCall {
        SpooledCall {
            path: PathBuf::from(name),
            note,
            ciphertexts,
        }
    }

    /// Returns the remains of a call; `None` if none is in progress.
    pub fn find(path: &Path) -> Result<Option<SpooledCall>> {
        let Some(bytes) = files::read_private(path)? else {
            return Ok(None);
        };
        let end = bytes
            .iter()
            .position(|byte| *byte == b'\n')
            .ok_or_else(|| damaged(path))?;
        let mut rest = &bytes[end + 1..];
        let mut ciphertexts = Vec::new();
        while let Some((length, behind)) = rest.split_first_chunk::<LENGTH_BYTES>() {
            let length = usize::try_from(u64::from_be_bytes(*length)).ok();
            let Some(length) = length.filter(|length| (1..=behind.len()).contains(length)) else {
                break;
            };
            let (ciphertext, behind) = behind.split_at(length);
            ciphertexts.push(ciphertext.to_vec());
            rest = behind;
        }
        Ok(Some(SpooledCall {
            path: path.to_owned(),
            note: bytes[..end].to_vec(),
            ciphertexts,
        }))
    }

    /// Reads its note.
    pub fn note<N: DeserializeOwned>(&self) -> Result<N> {
        refuse_newer(&self.path, &self.note, NOTE_VERSION)?;
        serde_json::from_slice(&self.note).map_err(|_| damaged(&self.path))
    }

    /// Returns the response and its arrival; `None` if none arrived whole, or `spool_key` is not what the call consumed.
    pub fn answer(&self, spool_key: &Secret) -> Option<(HttpResponse, Timestamp)> {
        // A holder that lost its lease may have kept an earlier one.
        let first = self.answers(spool_key).filter(|kept| kept.call == 0);
        first.last().map(|kept| (kept.answer, kept.at))
    }

    /// Returns the responses that arrived whole, to the call and to those that follow it.
    pub fn answers(&self, spool_key: &Secret) -> impl Iterator<Item = KeptResponse> {
        let ciphertexts = self.ciphertexts.iter();
        ciphertexts.filter_map(|ciphertext| opened(spool_key, ciphertext))
    }

    /// Returns whether any part of a response has arrived.
    pub fn has_answer(&self) -> bool {
        !self.ciphertexts.is_empty()
    }
}

fn damaged(path: &Path) -> Error {
    Error::new(Kind::Store, format!("`{}` is damaged", path.display()))
        .hint("it may hold the response to an interrupted call; without it you may have to log in again")
        .hint("to continue without it, move the file away")
}

/// Removes the note of a call and its response, even an incomplete one.
pub fn remove_call(path: &Path, lock: &FileLock) -> Result<()> {
    files::remove(&files::with_suffix(path, ".new"), lock)?;
    files::remove(path, lock).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::test_world;

    fn at() -> Timestamp {
        "2026-11-20T12:00:00Z".parse().unwrap()
    }

    fn answer(body: &str) -> HttpResponse {
        HttpResponse {
            status: 200,
            headers: vec![("set-cookie".to_owned(), "fake-cookie".to_owned())],
            body: Zeroizing::new(body.as_bytes().to_vec()),
        }
    }

    fn begin(folder: &test_world::Folder, spool_key: &str) -> (PathBuf, Spool) {
        let path = folder.path.join("one.pending");
        let lock = FileLock::try_acquire(&folder.path.join("one.lock"))
            .unwrap()
            .unwrap();
        let spool = Spool::begin(
            &path,
            b"\"a note\"".to_vec(),
            &Secret::new(spool_key),
            &lock,
        )
        .unwrap();
        (path, spool)
    }

    fn find(path: &Path) -> SpooledCall {
        SpooledCall::find(path).unwrap().unwrap()
    }

    #[test]
    fn spooled_response_opens_with_spent_secret() {
        let folder = test_world::folder();
        for length in [0, 100, 3 * RESERVED_BYTES] {
            let (path, mut spool) = begin(&folder, "fake-spent");
            let body = "sk-fake-new ".repeat(length / 12);
            spool.write(0, &answer(&body), at()).unwrap();
            let found = find(&path);
            assert_eq!(found.note::<String>().unwrap(), "a note");
            let (read, when) = found.answer(&Secret::new("fake-spent")).unwrap();
            assert_eq!((read.status, when), (200, at()));
            assert_eq!(read.header("set-cookie"), Some("fake-cookie"));
            assert_eq!(*read.body, body.as_bytes());
            assert!(found.answer(&Secret::new("fake-other")).is_none());
            let bytes = files::read(&path).unwrap().unwrap();
            assert!(!String::from_utf8_lossy(&bytes).contains("fake-new"));
        }
    }

    #[test]
    fn spooled_partial_response_is_none() {
        let folder = test_world::folder();
        let (path, mut spool) = begin(&folder, "fake-spent");
        let spool_key = Secret::new("fake-spent");
        let before = find(&path);
        assert!(!before.has_answer() && before.answer(&spool_key).is_none());
        spool.write(0, &answer("{}"), at()).unwrap();
        let whole = files::read(&path).unwrap().unwrap();
        let lock = FileLock::try_acquire(&folder.path.join("one.lock"))
            .unwrap()
            .unwrap();
        let end = whole.iter().rposition(|byte| *byte != 0).unwrap();
        for cut in ["\"a note\"\n".len(), end / 2, end] {
            let mut torn = whole[..cut].to_vec();
            torn.resize(whole.len(), 0);
            files::write_private(&path, &torn, &lock).unwrap();
            assert!(find(&path).answer(&spool_key).is_none(), "{cut}");
            files::write_private(&path, &whole[..cut], &lock).unwrap();
            assert!(find(&path).answer(&spool_key).is_none(), "{cut}");
        }
    }

    #[test]
    fn further_responses_replace_torn_one() {
        let folder = test_world::folder();
        let (path, mut spool) = begin(&folder, "fake-spent");
        let spool_key = Secret::new("fake-spent");
        spool.write(0, &answer("{}"), at()).unwrap();
        let first = files::read(&path).unwrap().unwrap();
        spool.write(1, &answer("[1]"), at()).unwrap();
        let mut torn = files::read(&path).unwrap().unwrap();
        let end = torn.iter().rposition(|byte| *byte != 0).unwrap();
        assert!(end > first.iter().rposition(|byte| *byte != 0).unwrap());
        torn[end] = 0;
        let lock = FileLock::try_acquire(&folder.path.join("one.lock"))
            .unwrap()
            .unwrap();
        files::write_private(&path, &torn, &lock).unwrap();
        let mut spool = Spool::extend(&path, &spool_key, &lock).unwrap().unwrap();
        for call in [1, 2] {
            let body = format!("[{call}, \"{}\"]", "x".repeat(RESERVED_BYTES));
            spool.write(call, &answer(&body), at()).unwrap();
        }
        let found = find(&path);
        let calls: Vec<_> = found.answers(&spool_key).map(|kept| kept.call).collect();
        assert_eq!(calls, [0, 1, 2]);
        assert_eq!(*found.answer(&spool_key).unwrap().0.body, *b"{}");
        assert_eq!(found.note::<String>().unwrap(), "a note");
    }

    #[test]
    fn spool_damaged_file_is_error() {
        let folder = test_world::folder();
        let path = PathBuf::from(folder.write("one.pending", "no note"));
        let error = SpooledCall::find(&path).map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), Kind::Store);
        assert!(
            SpooledCall::find(&folder.path.join("none"))
                .unwrap()
                .is_none()
        );
    }
}
