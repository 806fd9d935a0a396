//! A manifest that extends another one: tables are merged key by key, everything else is replaced.

use serde_json::Value;

use super::merge::{forget_examples, merge, remove};
use super::schema::Manifest;
use super::typed::{read_typed, toml_value};
use super::{Diagnostic, span, validate};
use crate::core::error::{Error, Result};

/// The text of a manifest as data, before it is checked.
pub struct PartialManifest {
    /// The content.
    pub value: Value,
}

impl PartialManifest {
    /// Reads the text; `file` precedes line and key in its errors.
    pub fn read(text: &str, file: &str) -> Result<PartialManifest> {
        let value = toml_value(text, file).map_err(|error| error.hint(super::REFERENCE_HINT))?;
        Ok(PartialManifest { value })
    }

    /// Reads a manifest that the build script wrote as JSON.
    pub fn prepared(json: &str, file: &str) -> Result<PartialManifest> {
        let value = serde_json::from_str(json)
            .map_err(|error| Error::failed(format!("{file} cannot be read")).caused_by(error))?;
        Ok(PartialManifest { value })
    }

    /// Returns the name of the manifest that it extends.
    pub fn extends(&self) -> Option<&str> {
        self.value.get("extends")?.as_str()
    }

    /// Returns its name.
    pub fn name(&self) -> Option<&str> {
        self.value.get("name")?.as_str()
    }

    /// Returns the SHA-256 of its content without its examples; the order of its keys does not count.
    pub fn digest(&self) -> String {
        let mut value = self.value.clone();
        forget_examples(&mut value);
        value.sort_all_objects();
        crate::platform::files::sha256(value.to_string().as_bytes())
    }

    /// Returns the draft without its examples: they prove their own manifest, not one that changes it.
    #[must_use]
    pub fn without_examples(mut self) -> PartialManifest {
        forget_examples(&mut self.value);
        self
    }

    /// Returns the draft merged into the one that it extends; `text` and `file` are for its errors.
    pub fn over(self, parent: PartialManifest, text: &str, file: &str) -> Result<PartialManifest> {
        let (value, unknown) = merged(self.value, parent.value);
        match unknown.first() {
            None => Ok(PartialManifest { value }),
            Some(key) => {
                let place = span::place_of(text, &["without".to_owned()]);
                Err(Error::usage(format!(
                    "{file}:{place}: the manifest that it extends has no `{key}`: leave it out of `without`"
                )))
            }
        }
    }

    /// Returns the validated manifest; `text` is the user's part of it.
    pub fn manifest(self, text: &str, file: &str) -> Result<Manifest> {
        let manifest: Manifest = read_typed(&self.value)
            .map_err(|found| found.as_error(text, file).hint(super::REFERENCE_HINT))?;
        super::check_version(&manifest, text, file)?;
        super::report(&validate(&manifest), text, file)?;
        Ok(manifest.with_implied_operations())
    }

    /// Returns a copy.
    #[must_use]
    pub fn duplicate(&self) -> PartialManifest {
        PartialManifest {
            value: self.value.clone(),
        }
    }
}

/// Returns a manifest merged into the one that it extends, and the keys in `without` that this one does not have.
pub fn merged(own: Value, mut parent: Value) -> (Value, Vec<String>) {
    let left_out = own.get("without").and_then(Value::as_array);
    let left_out = left_out.into_iter().flatten().filter_map(Value::as_str);
    let unknown = left_out
        .filter(|key| !remove(&mut parent, key))
        .map(str::to_owned)
        .collect();
    merge(&mut parent, own, &mut Vec::new());
    (parent, unknown)
}

impl Manifest {
    /// Reads a manifest that extends `parent`, and validates the result.
    pub fn parse_over(
        partial: &PartialManifest,
        parent: &PartialManifest,
        text: &str,
        file: &str,
    ) -> Result<Manifest> {
        let whole = partial.duplicate().over(parent.duplicate(), text, file)?;
        let digest = whole.digest();
        let mut manifest = whole.manifest(text, file)?;
        manifest.digest = Some(digest);
        Ok(manifest)
    }
}

/// Returns the mistakes as an error, the first as the message and the others as hints.
pub(super) fn report(problems: &[Diagnostic], text: &str, file: &str) -> Result<()> {
    let say = |problem: &Diagnostic| problem.in_file(text, file);
    match problems.split_first() {
        None => Ok(()),
        Some((first, rest)) => Err(Error::usage(say(first)).with_hints(rest.iter().map(say))),
    }
}
