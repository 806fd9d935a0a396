//! Defines the content of the encrypted file: JSON with a revision number and the items.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use super::SecretRef;
use crate::core::secret::Secret;

/// The only format so far. A file of a later one is refused instead of read partially.
const FORMAT_VERSION: u32 = 1;

/// The decrypted content of the store.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Payload {
    format: u32,
    /// Grows by one with every write.
    pub(super) revision: u64,
    /// The secrets by name.
    pub(super) items: BTreeMap<SecretRef, StoredSecret>,
}

/// One secret and its label.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredSecret {
    /// A description for users who decrypt the file by hand.
    pub(super) label: String,
    /// The value.
    #[serde(serialize_with = "write_secret", deserialize_with = "read_secret")]
    pub(super) secret: Secret,
}

impl Payload {
    /// A store that has never been written.
    pub(super) fn empty() -> Self {
        Payload {
            format: FORMAT_VERSION,
            revision: 0,
            items: BTreeMap::new(),
        }
    }

    /// Parses decrypted bytes; the error shows the position of the fault and quotes nothing.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let payload: Payload = serde_json::from_slice(bytes).map_err(|error| {
            // The text of the error may quote a value, so that only its position can be shown.
            format!("line {}, column {}", error.line(), error.column())
        })?;
        if payload.format == FORMAT_VERSION {
            Ok(payload)
        } else {
            Err(format!("format {}", payload.format))
        }
    }

    /// Returns the bytes to encrypt.
    pub(super) fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
        // A byte becomes at most six in JSON. With room for the worst case the buffer never moves; a buffer that
        // moves leaves an unwiped copy behind.
        let room: usize = self
            .items
            .iter()
            .map(|(at, item)| at.as_str().len() + 6 * (item.label.len() + item.secret.len()) + 64)
            .sum();
        let mut bytes = Zeroizing::new(Vec::with_capacity(room + 128));
        serde_json::to_writer(&mut *bytes, self)?;
        Ok(bytes)
    }
}

fn write_secret<S: Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(secret.expose())
}

fn read_secret<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
    String::deserialize(from).map(Secret::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payload_bytes_round_trip() {
        let mut payload = Payload::empty();
        let at = SecretRef::fresh().unwrap();
        payload.revision = 7;
        payload.items.insert(
            at.clone(),
            StoredSecret {
                label: "keywright: a \"quoted\" label".to_owned(),
                secret: Secret::new("sk-fake-\u{1}\"\\ä"),
            },
        );
        let bytes = payload.to_bytes().unwrap();
        let read = Payload::parse(&bytes).unwrap();
        assert_eq!(read.revision, 7);
        assert_eq!(read.items[&at].secret.expose(), "sk-fake-\u{1}\"\\ä");
        assert!(!format!("{read:?}").contains("sk-fake"));
    }

    #[test]
    fn payload_parse_error_quotes_nothing() {
        for text in [
            r#"{"format":"sk-fake-leak","revision":1,"items":{}}"#,
            r#"{"format":1,"revision":1,"items":{"sk-fake-leak":{}}}"#,
            r#"{"format":1,"revision":1,"items":{},"sk-fake-leak":1}"#,
            r#"{"format":2,"revision":1,"items":{}}"#,
            "sk-fake-leak",
            "",
        ] {
            let why = Payload::parse(text.as_bytes()).unwrap_err();
            assert!(!why.contains("leak"), "{why}");
        }
    }
}
