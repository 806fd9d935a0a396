//! Opens the encrypted file: with a passphrase for users, with an age X25519 identity for machines.

use std::io::Write;
use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, EncryptError, Encryptor, scrypt, x25519};
use bech32::{Bech32, Hrp};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::files;
use crate::platform::{Platform, SECRET_TRIES, Terminal};

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
    /// For messages.
    pub(super) source: String,
}

enum IdentityKey {
    Passphrase(Secret),
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

/// Generates an X25519 identity in the form of `age-keygen`.
pub(super) fn generate_x25519() -> Secret {
    use age::secrecy::ExposeSecret;
    let identity = x25519::Identity::generate().to_string();
    Secret::new(format!("{}\n", identity.expose_secret()))
}

impl Identity {
    pub(super) fn passphrase(value: Secret, source: &str) -> Self {
        Identity {
            key: IdentityKey::Passphrase(value),
            source: source.to_owned(),
        }
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
        Ok(Identity {
            key: IdentityKey::X25519(identities),
            source: source.to_owned(),
        })
    }

    /// Generates an identity, and the text that [`Identity::x25519`] reads.
    pub(super) fn generate(source: &str) -> (Self, Secret) {
        use age::secrecy::ExposeSecret;
        let identity = x25519::Identity::generate();
        let text = Secret::new(identity.to_string().expose_secret());
        let key = IdentityKey::X25519(vec![identity]);
        let source = source.to_owned();
        (Identity { key, source }, text)
    }

    /// Returns the kind of key that a store written with this identity is encrypted for.
    pub(super) fn key_kind(&self) -> KeyKind {
        match self.key {
            IdentityKey::Passphrase(_) => KeyKind::Passphrase,
            IdentityKey::X25519(_) => KeyKind::Identity,
        }
    }

    /// Encrypts `plain` into a file that `age` and `rage` can read.
    pub(super) fn encrypt(&self, plain: &[u8]) -> Result<Vec<u8>> {
        let failed = || Error::new(Kind::Store, "encryption failed");
        let encryptor = match &self.key {
            IdentityKey::Passphrase(passphrase) => passphrase_encryptor(passphrase),
            IdentityKey::X25519(identities) => {
                let recipients: Vec<x25519::Recipient> =
                    identities.iter().map(x25519::Identity::to_public).collect();
                Encryptor::with_recipients(recipients.iter().map(|one| one as _))
            }
        }
        .map_err(|_| failed())?;
        let mut cipher = Vec::with_capacity(plain.len() + 512);
        encryptor
            .wrap_output(&mut cipher)
            .and_then(|mut writer| {
                writer.write_all(plain)?;
                writer.finish()
            })
            .map_err(|error| failed().caused_by(error))?;
        Ok(cipher)
    }

    /// Decrypts all of `cipher`, or nothing of it.
    pub(super) fn decrypt(&self, cipher: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptFailure> {
        let decryptor = Decryptor::new_buffered(cipher).map_err(|_| DecryptFailure::Damaged)?;
        let lock = key_kind_of(&decryptor);
        if lock != self.key_kind() {
            return Err(DecryptFailure::OtherLock(lock));
        }
        let reader = match &self.key {
            IdentityKey::Passphrase(passphrase) => {
                let mut identity = scrypt::Identity::new(SecretString::from(passphrase.expose()));
                identity.set_max_work_factor(MAX_SCRYPT_LOG_N);
                decryptor.decrypt(std::iter::once(&identity as _))
            }
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
        // The plain text is shorter than the cipher text: with that room the buffer never moves.
        let mut plain = Zeroizing::new(Vec::with_capacity(cipher.len()));
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
pub fn unsealed_by(secret: &Secret, cipher: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let source = "the secret that sealed it";
    let identity = match key_kind(cipher)? {
        KeyKind::Passphrase => Identity::passphrase(secret.duplicate(), source),
        KeyKind::Identity => Identity {
            key: IdentityKey::X25519(vec![derived_identity(secret)?]),
            source: source.to_owned(),
        },
    };
    identity.decrypt(cipher).ok()
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

/// Returns the kind of key that `cipher` is encrypted for; `None` if it is no age file.
pub(super) fn key_kind(cipher: &[u8]) -> Option<KeyKind> {
    Decryptor::new_buffered(cipher)
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
    Ok(env
        .get("KEYWRIGHT_PASSPHRASE")
        .map(|text| Identity::passphrase(Secret::new(text), "KEYWRIGHT_PASSPHRASE")))
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
    .hint("an identity is a line that starts with AGE-SECRET-KEY-1: make one with `age-keygen`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::test_world;

    const PASSPHRASE: &str = "fake correct horse battery";

    fn refusal(result: Result<Zeroizing<Vec<u8>>, DecryptFailure>) -> DecryptFailure {
        result.map(|_| ()).unwrap_err()
    }

    #[test]
    fn decrypt_with_wrong_key_is_refused() {
        let (mine, text) = Identity::generate("a test");
        let (other, _) = Identity::generate("a test");
        let phrase = Identity::passphrase(Secret::new(PASSPHRASE), "a test");
        let wrong = Identity::passphrase(Secret::new("fake other phrase"), "a test");

        let for_key = mine.encrypt(b"fake").unwrap();
        assert_eq!(key_kind(&for_key), Some(KeyKind::Identity));
        let again = Identity::x25519(&text, "a test").unwrap();
        assert_eq!(*again.decrypt(&for_key).unwrap(), b"fake");
        assert!(matches!(
            refusal(other.decrypt(&for_key)),
            DecryptFailure::WrongKey
        ));
        assert!(matches!(
            refusal(phrase.decrypt(&for_key)),
            DecryptFailure::OtherLock(KeyKind::Identity)
        ));

        let for_phrase = phrase.encrypt(b"fake").unwrap();
        assert_eq!(key_kind(&for_phrase), Some(KeyKind::Passphrase));
        assert_eq!(*phrase.decrypt(&for_phrase).unwrap(), b"fake");
        assert!(matches!(
            refusal(wrong.decrypt(&for_phrase)),
            DecryptFailure::WrongKey
        ));
        assert!(matches!(
            refusal(mine.decrypt(&for_phrase)),
            DecryptFailure::OtherLock(KeyKind::Passphrase)
        ));
        let header = String::from_utf8_lossy(&for_phrase[..120]).into_owned();
        let stanza = header.lines().nth(1).unwrap();
        assert!(stanza.ends_with(" 16"), "{stanza}");
    }

    #[test]
    fn decrypt_excessive_work_factor_is_refused() {
        let mut heavy = scrypt::Recipient::new(SecretString::from(PASSPHRASE));
        heavy.set_work_factor(10);
        let cipher = age::encrypt(&heavy, b"fake").unwrap();
        let text = String::from_utf8_lossy(&cipher).into_owned();
        let at = text.find(" 10\n").unwrap();
        let mut cipher = cipher;
        cipher[at + 1..at + 3].copy_from_slice(b"19");
        let phrase = Identity::passphrase(Secret::new(PASSPHRASE), "a test");
        assert!(matches!(
            refusal(phrase.decrypt(&cipher)),
            DecryptFailure::TooMuchWork(19)
        ));
    }

    #[test]
    fn several_identities_all_decrypt() {
        let (old, old_text) = Identity::generate("a test");
        let (new, new_text) = Identity::generate("a test");
        let both = Secret::new(format!(
            "# old\n{}\n\n# new\n{}\n",
            old_text.expose(),
            new_text.expose()
        ));
        let both = Identity::x25519(&both, "a test").unwrap();
        assert_eq!(
            *both.decrypt(&old.encrypt(b"fake").unwrap()).unwrap(),
            b"fake"
        );
        let cipher = both.encrypt(b"fake").unwrap();
        assert_eq!(*old.decrypt(&cipher).unwrap(), b"fake");
        assert_eq!(*new.decrypt(&cipher).unwrap(), b"fake");
    }

    #[test]
    fn invalid_identity_is_not_printed() {
        for text in [
            "",
            "# only a comment",
            "AGE-SECRET-KEY-1FAKELEAK",
            "fake-leak",
        ] {
            let error = Identity::x25519(&Secret::new(text), "KEYWRIGHT_STORE_KEY")
                .map(|_| ())
                .unwrap_err();
            assert_eq!(
                error.message(),
                "KEYWRIGHT_STORE_KEY holds no age X25519 identity"
            );
            assert!(!error.hints().concat().contains("LEAK"));
        }
    }

    #[test]
    fn identity_source_precedence_first_wins() {
        let folder = test_world::folder();
        let (_, text) = Identity::generate("a test");
        let key_file = folder.write("key", &format!("# a comment\n{}\n", text.expose()));
        folder.write("keywright-store-key", text.expose());
        let phrase_file = folder.write("phrase", "fake phrase\r\nsecond line\n");
        let here = folder.path.display().to_string();
        let sources = [
            ("KEYWRIGHT_STORE_KEY_FILE", key_file.as_str()),
            ("KEYWRIGHT_STORE_KEY", text.expose()),
            ("CREDENTIALS_DIRECTORY", here.as_str()),
            ("KEYWRIGHT_PASSPHRASE_FILE", phrase_file.as_str()),
            ("KEYWRIGHT_PASSPHRASE", "fake phrase"),
        ];
        let mut platform = test_world::platform(&folder, &[]);
        for (name, value) in sources.iter().rev() {
            platform.env = platform.env.with(name, *value);
            let mut notices = Vec::new();
            let found = from_environment(&platform, &mut notices).unwrap().unwrap();
            assert!(
                found.source == *name || found.source.contains("keywright-store-key"),
                "{name}: {}",
                found.source
            );
            assert_eq!(notices, Vec::<String>::new());
            if let IdentityKey::Passphrase(value) = &found.key {
                assert_eq!(value.expose(), "fake phrase");
            }
        }
    }

    #[test]
    fn missing_key_file_is_error() {
        let folder = test_world::folder();
        for name in ["KEYWRIGHT_STORE_KEY_FILE", "KEYWRIGHT_PASSPHRASE_FILE"] {
            let platform = test_world::platform(
                &folder,
                &[(name, "absent"), ("KEYWRIGHT_PASSPHRASE", "fake phrase")],
            );
            let error = from_environment(&platform, &mut Vec::new())
                .map(|_| ())
                .unwrap_err();
            assert!(error.message().contains(name), "{error}");
        }
    }
}
