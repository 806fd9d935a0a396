//! The key of one age file with a passphrase, by which it is read and written again without the work for the passphrase.
//!
//! `age` gives each file a random key, and encrypts that key for the passphrase in the header. The content is encrypted
//! under a key derived from it and from a nonce of 16 random bytes. So the next version of the file may have the same
//! header in front of a content with a new nonce, and the passphrase opens it as before.

use std::cell::RefCell;

use age::secrecy::ExposeSecret;
use age::{DecryptError, scrypt};
use age_core::format::{FILE_KEY_BYTES, FileKey, Stanza};
use age_core::primitives::hkdf;
use chacha20poly1305::aead::Aead;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::core::error::{Error, Kind, Result};
use crate::platform::fault;

/// The length of the nonce in front of the content.
const NONCE: usize = 16;

/// The length of the pieces that are encrypted each by itself.
const CHUNK: usize = 64 << 10;

/// The length of the digest of a header.
const DIGEST: usize = 32;

/// A header, and the key that it holds encrypted.
pub(super) struct KnownFileKey {
    header: Vec<u8>,
    key: Zeroizing<[u8; FILE_KEY_BYTES]>,
}

impl KnownFileKey {
    /// Returns the key in the form in which it is kept elsewhere, with a digest of its header.
    pub(super) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let digest = Sha256::digest(&self.header);
        Zeroizing::new([&digest[..], &self.key[..]].concat())
    }

    /// Reads what [`KnownFileKey::to_bytes`] made; `None` if the file `cipher` has another header.
    pub(super) fn of_bytes(bytes: &[u8], cipher: &[u8]) -> Option<KnownFileKey> {
        let (digest, key) = bytes.split_at_checked(DIGEST)?;
        let header = header_of(cipher)?;
        if Sha256::digest(header)[..] != *digest {
            return None;
        }
        Some(KnownFileKey {
            header: header.to_vec(),
            key: Zeroizing::new(key.try_into().ok()?),
        })
    }

    /// Returns whether `cipher` has this header.
    pub(super) fn opens(&self, cipher: &[u8]) -> bool {
        header_of(cipher) == Some(&self.header)
    }

    /// Returns whether the header asks for this work, as a power of two.
    pub(super) fn has_work(&self, log_n: u8) -> bool {
        let text = String::from_utf8_lossy(&self.header);
        let stanza = text.lines().nth(1).unwrap_or_default();
        stanza.rsplit(' ').next() == Some(&log_n.to_string())
    }

    /// Encrypts `plain` into a file with the same header.
    pub(super) fn encrypt(&self, plain: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE];
        fault::random(&mut nonce)
            .map_err(|error| Error::failed("the system gives no random bytes").caused_by(error))?;
        let key = Zeroizing::new(hkdf(&nonce, b"payload", &self.key[..]));
        let aead = ChaCha20Poly1305::new((&*key).into());
        let mut cipher = self.header.clone();
        cipher.extend_from_slice(&nonce);
        // An empty file has one empty piece.
        let count = plain.len().div_ceil(CHUNK).max(1);
        for number in 0..count {
            let chunk = plain.get(number * CHUNK..).unwrap_or_default();
            let chunk = &chunk[..chunk.len().min(CHUNK)];
            let nonce = chunk_nonce(number as u64, number + 1 == count);
            let sealed = aead
                .encrypt((&nonce).into(), chunk)
                .map_err(|_| Error::new(Kind::Store, "encryption failed"))?;
            cipher.extend_from_slice(&sealed);
        }
        Ok(cipher)
    }
}

/// Returns the nonce of a piece: its number in eleven bytes, and whether it is the last.
fn chunk_nonce(number: u64, is_last: bool) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce[3..11].copy_from_slice(&number.to_be_bytes());
    nonce[11] = u8::from(is_last);
    nonce
}

/// Returns the header of an age file with the line that ends it.
fn header_of(cipher: &[u8]) -> Option<&[u8]> {
    const END: &[u8] = b"\n--- ";
    let last = cipher.windows(END.len()).position(|bytes| bytes == END)? + END.len();
    let end = cipher[last..].iter().position(|byte| *byte == b'\n')?;
    Some(&cipher[..=last + end])
}

impl age::Identity for KnownFileKey {
    fn unwrap_stanza(&self, _: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        Some(Ok(FileKey::new(Box::new(*self.key))))
    }
}

/// A passphrase that remembers the key which it opened.
pub(super) struct RememberingPassphrase {
    passphrase: scrypt::Identity,
    opened: RefCell<Option<Zeroizing<[u8; FILE_KEY_BYTES]>>>,
}

impl RememberingPassphrase {
    pub(super) fn new(passphrase: scrypt::Identity) -> Self {
        RememberingPassphrase {
            passphrase,
            opened: RefCell::new(None),
        }
    }

    /// Returns the key of `cipher`, which was decrypted with it.
    pub(super) fn known(self, cipher: &[u8]) -> Option<KnownFileKey> {
        Some(KnownFileKey {
            header: header_of(cipher)?.to_vec(),
            key: self.opened.into_inner()?,
        })
    }
}

impl age::Identity for RememberingPassphrase {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        #[cfg(test)]
        WORK.set(WORK.get() + 1);
        let opened = self.passphrase.unwrap_stanza(stanza)?;
        if let Ok(key) = &opened {
            *self.opened.borrow_mut() = Some(Zeroizing::new(*key.expose_secret()));
        }
        Some(opened)
    }
}

#[cfg(test)]
thread_local! {
    /// The number of times that the work for a passphrase was done.
    pub(super) static WORK: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}
