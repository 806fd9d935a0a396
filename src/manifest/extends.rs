//! A manifest that extends another one: tables are merged key by key, everything else is replaced.

use serde_json::{Map, Value};

use super::merge::{forget_examples, merge, remove};
use super::schema::Manifest;
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
        let value =
            toml_edit::de::from_str(text).map_err(|error| super::not_read(text, file, &error))?;
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

    /// Returns the validated manifest; `own` is the user's text, `parent` the manifest that it extends.
    pub fn manifest(
        self,
        own: &PartialManifest,
        parent: &PartialManifest,
        text: &str,
        file: &str,
    ) -> Result<Manifest> {
        let manifest: Manifest = match serde_json::from_value(self.value) {
            Ok(manifest) => manifest,
            Err(error) => {
                let path = invalid_entry(&own.value, &parent.value);
                let place = span::place_of(text, &path);
                let message = format!("{file}:{place}: {error}");
                return Err(Error::usage(message).hint(super::REFERENCE_HINT));
            }
        };
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

/// Returns the path of the entry of the child that makes the merged manifest invalid: the innermost that does so on
/// its own.
fn invalid_entry(child: &Value, parent: &Value) -> Vec<String> {
    let mut path: Vec<String> = Vec::new();
    loop {
        let here = path.iter().try_fold(child, |value, part| value.get(part));
        let Some(entries) = here.and_then(Value::as_object) else {
            return path;
        };
        let guilty = entries.iter().find(|(key, value)| {
            let mut alone = Value::Object(Map::from_iter([((*key).clone(), (*value).clone())]));
            for part in path.iter().rev() {
                alone = Value::Object(Map::from_iter([(part.clone(), alone)]));
            }
            let mut whole = parent.clone();
            merge(&mut whole, alone, &mut Vec::new());
            serde_json::from_value::<Manifest>(whole).is_err()
        });
        match guilty {
            Some((key, _)) => path.push(key.clone()),
            None => return path,
        }
    }
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
        let mut manifest = whole.manifest(partial, parent, text, file)?;
        manifest.digest = Some(digest);
        Ok(manifest)
    }
}

/// Returns the mistakes as an error, the first as the message and the others as hints.
pub(super) fn report(problems: &[Diagnostic], text: &str, file: &str) -> Result<()> {
    let say = |problem: &Diagnostic| {
        format!(
            "{file}:{}: {}",
            span::place_of(text, &problem.path),
            problem.message
        )
    };
    match problems.split_first() {
        None => Ok(()),
        Some((first, rest)) => Err(Error::usage(say(first)).with_hints(rest.iter().map(say))),
    }
}
