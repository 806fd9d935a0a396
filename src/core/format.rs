//! The version of a state file: an older keywright refuses what a newer one wrote.

use std::path::Path;

use serde::Deserialize;

use super::error::{Error, Kind, Result};

/// Returns the version of a file that names none.
pub const fn first_version() -> u32 {
    1
}

/// The one field that every later form keeps.
#[derive(Deserialize)]
struct Outline {
    version: u64,
}

/// Refuses the JSON of a state file whose version is above `newest`; text that names no version passes.
pub fn refuse_newer(path: &Path, json: &[u8], newest: u32) -> Result<()> {
    let outline = serde_json::from_slice::<Outline>(json);
    if outline.is_ok_and(|outline| outline.version > u64::from(newest)) {
        return Err(Error::new(
            Kind::Store,
            format!("`{}` was written by a newer keywright", path.display()),
        )
        .hint("update keywright"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

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
