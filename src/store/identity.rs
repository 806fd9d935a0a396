//! Opens the encrypted file: with a passphrase for users, with an age X25519 identity for machines.

use std::cell::RefCell;
use std::io::Write;
use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, EncryptError, Encryptor, scrypt, x25519};
use bech32::{Bech32, Hrp};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::file_key::{KnownFileKey, RememberingPassphrase};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::files;
use crate::platform::{Platform, SECRET_TRIES, Terminal, handed_over_to_keep};

/// The work for a passphrase as a power of two: about 0.2 s and 64 MiB. Left alone, `age` measures the
/// machine and may choose what a small container cannot open.
const SCRYPT_LOG_N: u8 = 16;

/// The most work that a file may ask for: 256 MiB.
const MAX_SCRYPT_LOG_N: u8 = 18;

/// The name under which systemd hands over the identity.
const CREDENTIAL: &str = "keywright-store-key";

/// The secret that opens a store, and the variable or prompt that it came from.
pub(super) struct Identity {
    key: IdentityKey,
    /// The key of the passphrase file that was decrypted last: with it the next version costs no work.
    known: RefCell<Option<KnownFileKey>>,
    /// For messages.
    pub(super) source: String,
}

enum IdentityKey {
    Passphrase(Secret),
    /// The key of one passphrase file, without its passphrase.
    OfFile(KnownFileKey),
    /// Never empty. The file is encrypted to each of them, so that one can replace another.
    X25519(Vec<x25519::Identity>),
}

/// The kind of key that a file is encrypted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyKind {
    /// For who knows a passphrase.
    Passphrase,
    /// For who has an identity.
    Identity,
}

/// The reason why bytes could not be decrypted.
#[derive(Debug)]
pub(super) enum DecryptFailure {
    /// Not an age file, cut off, or changed.
    Damaged,
    /// Encrypted for the other kind of key.
    OtherLock(KeyKind),
    /// The right kind of key and the wrong key.
    WrongKey,
    /// A passphrase file that requires more work than the limit.
    TooMuchWork(u8),
}

/// Generates an X25519 identity as `age-keygen` writes it into a file, and its public half.
pub(super) fn generate_file() -> (Secret, String) {
    let (identity, line) = generate_x25519();
    let public = identity.to_public().to_string();
    let text = format!("# public key: {public}\n{}\n", line.expose());
    (Secret::new(text), public)
}

/// Generates an X25519 identity, and the line that stands for it in a file.
fn generate_x25519() -> (x25519::Identity, Secret) {
    use age::secrecy::ExposeSecret;
    let identity = x25519::Identity::generate();
    let line = Secret::new(identity.to_string().expose_secret());
    (identity, line)
}

impl Identity {
    pub(super) fn passphrase(value: Secret, source: &str) -> Self {
        Identity::of(IdentityKey::Passphrase(value), source)
    }

    fn of(key: IdentityKey, source: &str) -> Self {
        Identity {
            key,
            known: RefCell::new(None),
            source: source.to_owned(),
        }
    }

    /// Opens the file of this key, and no other.
    pub(super) fn of_file(key: KnownFileKey, source: &str) -> Self {
        Identity::of(IdentityKey::OfFile(key), source)
    }

    /// Returns the key of the passphrase file that was decrypted last, as it is kept elsewhere.
    pub(super) fn known_file_key(&self) -> Option<Zeroizing<Vec<u8>>> {
        self.known.borrow().as_ref().map(KnownFileKey::to_bytes)
    }

    /// Reads identities in the form of `age-keygen`: one a line, comments start with `#`.
    pub(super) fn x25519(text: &Secret, source: &str) -> Result<Self> {
        let mut identities = Vec::new();
        for line in text.expose().lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            // A text that does not parse may still be a secret: it is not shown.
            let identity = line.parse().map_err(|_| not_an_identity(source))?;
            identities.push(identity);
        }
        if identities.is_empty() {
            return Err(not_an_identity(source));
        }
        Ok(Identity::of(IdentityKey::X25519(identities), source))
    }

    /// Generates an identity, and the line that [`Identity::x25519`] reads.
    pub(super) fn generate(source: &str) -> (Self, Secret) {
        let (identity, line) = generate_x25519();
        let key = IdentityKey::X25519(vec![identity]);
        (Identity::of(key, source), line)
    }

    /// Returns the kind of key that a store written with this identity is encrypted for.
    pub(super) fn key_kind(&self) -> KeyKind {
        match self.key {
            IdentityKey::Passphrase(_) | IdentityKey::OfFile(_) => KeyKind::Passphrase,
            IdentityKey::X25519(_) => KeyKind::Identity,
        }
    }

    /// Encrypts `plain` into a file that `age` and `rage` can read.
    pub(super) fn encrypt(&self, plain: &[u8]) -> Result<Vec<u8>> {
        let failed = || Error::new(Kind::Store, "encryption failed");
        if let Some(known) = self
            .known
            .borrow()
            .as_ref()
            .filter(|known| known.has_work(SCRYPT_LOG_N))
        {
            return known.encrypt(plain);
        }
        let encryptor = match &self.key {
            IdentityKey::OfFile(key) => return key.encrypt(plain),
            IdentityKey::Passphrase(passphrase) => passphrase_encryptor(passphrase),
            IdentityKey::X25519(identities) => {
                let recipients: Vec<x25519::Recipient> =
                    identities.iter().map(x25519::Identity::to_public).collect();
                Encryptor::with_recipients(recipients.iter().map(|one| one as _))
            }
        }
        .map_err(|_| failed())?;
        let mut ciphertext = Vec::with_capacity(plain.len() + 512);
        encryptor
            .wrap_output(&mut ciphertext)
            .and_then(|mut writer| {
                writer.write_all(plain)?;
                writer.finish()
            })
            .map_err(|error| failed().caused_by(error))?;
        Ok(ciphertext)
    }

    /// Decrypts all of `ciphertext`, or nothing of it.
    pub(super) fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptFailure> {
        let decryptor = Decryptor::new_buffered(ciphertext).map_err(|_| DecryptFailure::Damaged)?;
        let lock = key_kind_of(&decryptor);
        if lock != self.key_kind() {
            return Err(DecryptFailure::OtherLock(lock));
        }
        let reader = match &self.key {
            IdentityKey::Passphrase(passphrase) => {
                let mut identity = scrypt::Identity::new(SecretString::from(passphrase.expose()));
                identity.set_max_work_factor(MAX_SCRYPT_LOG_N);
                let identity = RememberingPassphrase::new(identity);
                let reader = decryptor.decrypt(std::iter::once(&identity as _));
                *self.known.borrow_mut() = identity.known(ciphertext);
                reader
            }
            IdentityKey::OfFile(key) if !key.opens(ciphertext) => {
                return Err(DecryptFailure::WrongKey);
            }
            IdentityKey::OfFile(key) => decryptor.decrypt(std::iter::once(key as _)),
            IdentityKey::X25519(identities) => {
                decryptor.decrypt(identities.iter().map(|one| one as _))
            }
        };
        let mut reader = reader.map_err(|error| match error {
            DecryptError::ExcessiveWork { required, .. } => DecryptFailure::TooMuchWork(required),
            // Up to here only the file key was decrypted, so a failure concerns the given identity.
            DecryptError::DecryptionFailed
            | DecryptError::KeyDecryptionFailed
            | DecryptError::NoMatchingKeys => DecryptFailure::WrongKey,
            _ => DecryptFailure::Damaged,
        })?;
        // The plain text is shorter than the ciphertext text: with that room the buffer never moves.
        let mut plain = Zeroizing::new(Vec::with_capacity(ciphertext.len()));
        std::io::Read::read_to_end(&mut reader, &mut plain).map_err(|_| DecryptFailure::Damaged)?;
        Ok(plain)
    }
}

fn passphrase_encryptor(passphrase: &Secret) -> Result<Encryptor, EncryptError> {
    let mut recipient = scrypt::Recipient::new(SecretString::from(passphrase.expose()));
    recipient.set_work_factor(SCRYPT_LOG_N);
    Encryptor::with_recipients(std::iter::once(&recipient as _))
}

/// Begins an age file that `secret` opens without work: the secret is one that a service or this program generated,
/// and cannot be guessed. `age` measures the machine before each passphrase, which takes milliseconds, so the file is
/// encrypted to an identity that is derived from the secret.
pub fn sealed_by(secret: &Secret) -> Option<Encryptor> {
    let recipient = derived_identity(secret)?.to_public();
    Encryptor::with_recipients(std::iter::once(&recipient as _)).ok()
}

/// Decrypts an age file that `secret` opens; `None` if it is not whole, or another secret opens it. Version 0.1.0 wrote
/// such files with the secret as a passphrase.
pub fn unsealed_by(secret: &Secret, ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let source = "the secret that sealed it";
    let identity = match key_kind(ciphertext)? {
        KeyKind::Passphrase => Identity::passphrase(secret.duplicate(), source),
        KeyKind::Identity => {
            Identity::of(IdentityKey::X25519(vec![derived_identity(secret)?]), source)
        }
    };
    identity.decrypt(ciphertext).ok()
}

/// Returns the identity whose secret key is a digest of `secret`.
fn derived_identity(secret: &Secret) -> Option<x25519::Identity> {
    let digest = Sha256::new()
        .chain_update("keywright response\n")
        .chain_update(secret.expose())
        .finalize();
    let prefix = Hrp::parse("age-secret-key-").ok()?;
    let text = Zeroizing::new(bech32::encode_upper::<Bech32>(prefix, &digest).ok()?);
    text.parse().ok()
}

/// Returns the kind of key that `ciphertext` is encrypted for; `None` if it is no age file.
pub(super) fn key_kind(ciphertext: &[u8]) -> Option<KeyKind> {
    Decryptor::new_buffered(ciphertext)
        .ok()
        .map(|decryptor| key_kind_of(&decryptor))
}

fn key_kind_of<R>(decryptor: &Decryptor<R>) -> KeyKind {
    if decryptor.is_scrypt() {
        KeyKind::Passphrase
    } else {
        KeyKind::Identity
    }
}

/// The file of an identity that was made for one folder.
pub(super) const MACHINE_IDENTITY: &str = "identity.txt";

/// The largest file that holds an identity or a passphrase, in bytes.
const MAX_KEY_FILE: u64 = 64 << 10;

/// Returns the identity from the environment, by precedence; warnings go to `notices`.
pub(super) fn from_environment(
    platform: &Platform,
    notices: &mut Vec<String>,
) -> Result<Option<Identity>> {
    let env = &platform.env;
    let mut read = |path: &Path, name: &str| read_key_file(platform, path, name, notices);
    if let Some(path) = env.get("KEYWRIGHT_STORE_KEY_FILE") {
        let text = read(Path::new(path), "KEYWRIGHT_STORE_KEY_FILE")?;
        return Identity::x25519(&text, "KEYWRIGHT_STORE_KEY_FILE").map(Some);
    }
    if let Some(text) = env.get("KEYWRIGHT_STORE_KEY") {
        return Identity::x25519(&Secret::new(text), "KEYWRIGHT_STORE_KEY").map(Some);
    }
    if let Some(folder) = env.get("CREDENTIALS_DIRECTORY") {
        let path = PathBuf::from(folder).join(CREDENTIAL);
        // Every service has the folder; only those that were given the credential have it.
        if let Some(text) = files::read_text_within(&path, MAX_KEY_FILE)? {
            let source = format!("`{}`", path.display());
            return Identity::x25519(&Secret::new(text), &source).map(Some);
        }
    }
    if let Some(path) = env.get("KEYWRIGHT_PASSPHRASE_FILE") {
        let text = read(Path::new(path), "KEYWRIGHT_PASSPHRASE_FILE")?;
        let line = text.expose().lines().next().unwrap_or_default();
        if line.is_empty() {
            return Err(Error::new(
                Kind::Store,
                "the file in KEYWRIGHT_PASSPHRASE_FILE starts with an empty line",
            ));
        }
        let passphrase = Secret::new(line);
        return Ok(Some(Identity::passphrase(
            passphrase,
            "KEYWRIGHT_PASSPHRASE_FILE",
        )));
    }
    let source = match env.get("KEYWRIGHT_PASSPHRASE_FD") {
        Some(_) => "KEYWRIGHT_PASSPHRASE_FD",
        None => "KEYWRIGHT_PASSPHRASE",
    };
    let passphrase = handed_over_to_keep(env, "KEYWRIGHT_PASSPHRASE")?;
    Ok(passphrase.map(|passphrase| Identity::passphrase(passphrase, source)))
}

/// Returns the identity in the state folder, which a first login made there.
pub(super) fn of_machine(platform: &Platform) -> Result<Option<Identity>> {
    let path = platform.dirs.state.join(MACHINE_IDENTITY);
    let Some(text) = files::read_text_within(&path, MAX_KEY_FILE)? else {
        return Ok(None);
    };
    let source = format!("`{}`", path.display());
    Identity::x25519(&Secret::new(text), &source).map(Some)
}

/// Asks for the passphrase; twice for a new store, since a typing error would lock it forever.
pub(super) fn from_person(platform: &Platform, place: &str, new: bool) -> Result<Identity> {
    let terminal = &platform.terminal;
    let _hidden = terminal.hide_typing();
    let passphrase = if new {
        new_passphrase(&**terminal, place)?
    } else {
        terminal.ask_secret(&format!("Passphrase of {place}"))?
    };
    if passphrase.is_empty() {
        return Err(Error::new(Kind::Store, "the passphrase is empty"));
    }
    Ok(Identity::passphrase(passphrase, "the passphrase typed"))
}

fn new_passphrase(terminal: &dyn Terminal, place: &str) -> Result<Secret> {
    const DIFFER: &str = "the two passphrases differ";
    for left in (0..SECRET_TRIES).rev() {
        let first = terminal.ask_secret(&format!("New passphrase for {place}"))?;
        let second = terminal.ask_secret("The same passphrase again")?;
        if first.eq_secret(&second) {
            return Ok(first);
        }
        if left > 0 {
            terminal.preface(&format!("{DIFFER}\n"));
        }
    }
    Err(Error::new(Kind::Store, DIFFER).hint("nothing was written; run this again"))
}

fn read_key_file(
    platform: &Platform,
    path: &Path,
    name: &str,
    notices: &mut Vec<String>,
) -> Result<Secret> {
    let path = platform.folder.join(path);
    let text = files::read_named_text(&path, MAX_KEY_FILE)?.ok_or_else(|| {
        Error::new(
            Kind::Store,
            format!("`{}`, named by {name}, is not there", path.display()),
        )
        .hint(format!("create the file, or unset {name}"))
    })?;
    // Mounted secrets are often readable by all in a container of one user, so this only warns.
    if let Err(error) = files::refuse_if_shared(&path) {
        notices.push(error.message().to_owned());
    }
    Ok(Secret::new(text))
}

fn not_an_identity(source: &str) -> Error {
    Error::new(
        Kind::Store,
        format!("{source} holds no age X25519 identity"),
    )
    .hint("an identity is a line that starts with AGE-SECRET-KEY-1: make one with `keywright identity new FILE`")
}

#[cfg(test)]
mod tests;
