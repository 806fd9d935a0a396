//! The version of a state file: an older keywright refuses what a newer one wrote.

use std::path::Path;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::{Error, Kind, Result};

/// Returns the version of a file that names none.
pub const fn first_version() -> u32 {
    1
}

/// The keywright that writes a file. The value is that of this program, whoever wrote the file that was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WriterVersion;

impl Serialize for WriterVersion {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.serialize_str(env!("CARGO_PKG_VERSION"))
    }
}

impl<'de> Deserialize<'de> for WriterVersion {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        IgnoredAny::deserialize(from).map(|_| WriterVersion)
    }
}

/// The fields that every later form keeps.
#[derive(Deserialize)]
struct Outline {
    version: u64,
}

/// The field with the program that wrote a file.
#[derive(Deserialize)]
struct Signature {
    keywright: String,
}

/// Says that a newer keywright wrote the file `shown`, and which one if the JSON names it.
pub fn written_by_newer(shown: &str, json: &[u8]) -> String {
    const LONGEST_VERSION: usize = 40;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
    let writer = serde_json::from_slice(json).ok();
    let writer = writer.map(|Signature { keywright }| keywright);
    match writer {
        Some(version) if version.len() <= LONGEST_VERSION && version.chars().all(is_plain) => {
            format!("`{shown}` was written by a newer keywright, {version}")
        }
        _ => format!("`{shown}` was written by a newer keywright"),
    }
}

/// Refuses the JSON of a state file whose version is above `newest`; text that names no version passes.
pub fn refuse_newer(path: &Path, json: &[u8], newest: u32) -> Result<()> {
    let outline = serde_json::from_slice::<Outline>(json);
    if outline.is_ok_and(|outline| outline.version > u64::from(newest)) {
        let message = written_by_newer(&path.display().to_string(), json);
        return Err(Error::new(Kind::Store, message).hint("update keywright"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_writer_is_named() {
        let told = |json: &str| written_by_newer("a.json", json.as_bytes());
        let unnamed = "`a.json` was written by a newer keywright";
        assert_eq!(
            told(r#"{"version":9,"keywright":"1.2.3-rc.1"}"#),
            format!("{unnamed}, 1.2.3-rc.1")
        );
        for json in [
            r#"{"version":9}"#,
            r#"{"keywright":7}"#,
            r#"{"keywright":"a b"}"#,
            "no",
        ] {
            assert_eq!(told(json), unnamed);
        }
        assert_eq!(
            told(&format!(r#"{{"keywright":"{}"}}"#, "1".repeat(41))),
            unnamed
        );
        let written = serde_json::to_value(WriterVersion).unwrap();
        assert_eq!(written, env!("CARGO_PKG_VERSION"));
        assert!(serde_json::from_str::<WriterVersion>(r#"{"any":[1]}"#).is_ok());
    }

    #[test]
    fn only_newer_version_is_refused() {
        let path = Path::new("state/some.json");
        for known in [
            "{}",
            r#"{"version":1,"a":[]}"#,
            r#"{"version":2}"#,
            "no",
            "null",
        ] {
            assert!(refuse_newer(path, known.as_bytes(), 2).is_ok(), "{known}");
        }
        for newer in [r#"{"version":3}"#, r#"{"a":[],"version":4294967296}"#] {
            let error = refuse_newer(path, newer.as_bytes(), 2).unwrap_err();
            assert_eq!(error.kind(), Kind::Store);
            assert_eq!(
                error.to_string(),
                "`state/some.json` was written by a newer keywright"
            );
        }
    }
}
