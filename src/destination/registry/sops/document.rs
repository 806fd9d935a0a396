//! The parts of an encrypted file that stand in the open: names, types, and what `sops` notes about itself.

use std::path::Path;

use crate::destination::structured::{self, Format, Outline};
use crate::destination::user_file::FileText;

/// The start of an encrypted value.
const ENCRYPTED: &str = "ENC[";

/// The end of an encrypted string.
const STRING: &str = ",type:str]";

/// An entry of an encrypted file, without its value.
pub(super) struct SopsDocument {
    /// The path of the entry in the form of `sops`: `["a"][0]`.
    pub(super) index: String,
    /// Set if the entry is there.
    pub(super) has_entry: bool,
    /// Its text, if the entry is there and encrypted.
    pub(super) ciphertext: Option<FileText>,
}

/// Returns the format of a file by its name, as `sops` decides it.
pub(super) fn format(path: &str) -> Option<Format> {
    match Path::new(path).extension()?.to_str()? {
        "yaml" | "yml" => Some(Format::Yaml),
        "json" => Some(Format::Json),
        _ => None,
    }
}

impl SopsDocument {
    /// Reads a text; an error is the reason why it cannot be edited, and a way out.
    pub(super) fn read(
        text: &str,
        path: &Path,
        parts: &[String],
    ) -> Result<SopsDocument, (String, String)> {
        let format = path.to_str().and_then(format).unwrap_or(Format::Yaml);
        let note = ["sops".to_owned(), "mac".to_owned()];
        structured::check(format, text)?;
        let is_noted = Outline::find(format, text, &note).is_ok_and(|note| note.value.is_some());
        if !is_noted {
            return Err((
                "`sops` has not encrypted it".to_owned(),
                format!("encrypt it first: sops encrypt -i {}", path.display()),
            ));
        }
        let outline = Outline::find(format, text, parts)?;
        let has_entry = outline.value.is_some();
        let ciphertext = outline.value.filter(|value| value.starts_with(ENCRYPTED));
        if ciphertext
            .as_ref()
            .is_some_and(|value| !value.ends_with(STRING))
        {
            return Err((
                format!("`{}` is not a string", outline.pointer),
                "name a string, or write \"\" there first".to_owned(),
            ));
        }
        let steps = parts.iter().zip(outline.in_list);
        let index = steps.map(|(part, in_list)| {
            if in_list {
                format!("[{part}]")
            } else {
                format!("[\"{part}\"]")
            }
        });
        Ok(SopsDocument {
            index: index.collect(),
            has_entry,
            ciphertext,
        })
    }
}

/// Returns whether two texts differ in the encrypted value of one entry at most, which is `values` in each of them, and in
/// the notes that `sops` renews.
pub(super) fn is_same(one: &str, two: &str, values: Option<(&str, &str)>) -> bool {
    let (mut lines, mut others) = (one.lines(), two.lines());
    let mut in_notes = false;
    loop {
        let (line, other) = match (lines.next(), others.next()) {
            (None, None) => return one.ends_with('\n') == two.ends_with('\n'),
            (Some(line), Some(other)) => (line, other),
            _ => return false,
        };
        let name = line.trim_start().trim_start_matches('"');
        in_notes |= name.starts_with("sops:") || name.starts_with("sops\":");
        let is_renewed = ["mac", "lastmodified", "version"].iter().any(|note| {
            let rest = name.strip_prefix(note);
            rest.is_some_and(|rest| rest.starts_with([':', '"']))
        });
        if line == other || in_notes && is_renewed {
            continue;
        }
        let is_entry = values.is_some_and(|(value, new)| line.replacen(value, new, 1) == other);
        if !is_entry {
            return false;
        }
    }
}
