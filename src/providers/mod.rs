//! The providers that keywright knows: those built in, and those in the user's folder.

use std::borrow::Cow;
use std::path::PathBuf;
use std::rc::Rc;

use crate::error::{Error, Kind, Result};
use crate::files;
use crate::manifest::Manifest;
use crate::world::World;

/// A manifest that is part of the program.
struct BuiltIn {
    name: &'static str,
    /// As it was written.
    text: &'static str,
    /// Without its examples, in the form that reads fastest.
    json: &'static str,
    /// Of that form, what has to be known to hand out a credential that is there.
    face: &'static str,
}

/// The manifests that are part of the program: every TOML file of this folder.
const BUILT_IN: &[BuiltIn] = include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

/// Where a manifest comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It is part of the program.
    BuiltIn,
    /// A file in the user's folder.
    User(PathBuf),
}

/// A provider by name, with its manifest's text.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its name.
    pub name: String,
    /// Where its manifest comes from.
    pub origin: Origin,
    /// The manifest as it was written.
    pub text: Cow<'static, str>,
}

impl Known {
    /// What stands before line and key in errors of this manifest.
    pub fn file(&self) -> String {
        match &self.origin {
            Origin::BuiltIn => format!("{}.toml (built in)", self.name),
            Origin::User(path) => path.display().to_string(),
        }
    }

    /// Reads the manifest; one of the user's is checked whole, those built in are checked by the tests and come
    /// without their examples.
    pub fn manifest(&self) -> Result<Manifest> {
        let built_in = BUILT_IN.iter().find(|built_in| built_in.name == self.name);
        let manifest = match (&self.origin, built_in) {
            (Origin::BuiltIn, Some(built_in)) => Manifest::prepared(built_in.json, &self.file())?,
            _ => Manifest::parse_checked(&self.text, &self.file())?,
        };
        if manifest.name != self.name {
            return Err(Error::usage(format!(
                "{}: it is named `{}` inside, and has to be named like its file",
                self.file(),
                manifest.name
            )));
        }
        Ok(manifest)
    }
}

/// Every provider, sorted by name; a user's manifest takes the place of a built-in one. Only names are looked at.
pub fn names(world: &World) -> Result<Vec<(String, Origin)>> {
    let mut all: Vec<(String, Origin)> = BUILT_IN
        .iter()
        .map(|built_in| (built_in.name.to_owned(), Origin::BuiltIn))
        .collect();
    for path in files::list(&folder(world), "toml")? {
        let Some(name) = path.file_stem().and_then(|stem| stem.to_str()) else {
            continue;
        };
        let name = name.to_owned();
        all.retain(|(known, _)| *known != name);
        all.push((name, Origin::User(path)));
    }
    all.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(all)
}

/// The provider of that name; only this one's manifest is read.
pub fn find(name: &str, world: &World) -> Result<Known> {
    if is_name(name) {
        let path = folder(world).join(format!("{name}.toml"));
        if let Some(text) = files::read_text(&path)? {
            return Ok(Known {
                name: name.to_owned(),
                origin: Origin::User(path),
                text: Cow::Owned(text),
            });
        }
        if let Some(built_in) = BUILT_IN.iter().find(|built_in| built_in.name == name) {
            return Ok(Known {
                name: built_in.name.to_owned(),
                origin: Origin::BuiltIn,
                text: Cow::Borrowed(built_in.text),
            });
        }
    }
    let known: Vec<String> = names(world)?.into_iter().map(|(name, _)| name).collect();
    Err(Error::new(
        Kind::NotFound,
        format!("there is no provider `{}`", crate::untrusted::clean(name)),
    )
    .hint(format!("known are: {}", known.join(", ")))
    .hint(format!(
        "a manifest of your own goes to {}",
        folder(world).join("NAME.toml").display()
    )))
}

/// The manifest of the provider of that name.
pub fn manifest(name: &str, world: &World) -> Result<Rc<Manifest>> {
    find(name, world)?.manifest().map(Rc::new)
}

/// The face of a built-in manifest that no file of the user takes the place of: its addresses, variables and kinds of
/// credential, and nothing of what the service can do.
pub fn face(name: &str, world: &World) -> Result<Option<Rc<Manifest>>> {
    let Some(built_in) = BUILT_IN.iter().find(|built_in| built_in.name == name) else {
        return Ok(None);
    };
    // A file that cannot be looked at is no reason to pass it over.
    if !matches!(
        folder(world).join(format!("{name}.toml")).try_exists(),
        Ok(false)
    ) {
        return Ok(None);
    }
    Manifest::prepared(built_in.face, name).map(|manifest| Some(Rc::new(manifest)))
}

/// Where the user's manifests lie.
pub fn folder(world: &World) -> PathBuf {
    world.dirs.config.join("providers")
}

/// Whether a word can name a provider or a profile: it becomes part of a path.
pub fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && !name.starts_with(['.', '-'])
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_manifest_is_sound() {
        for BuiltIn { name, text, .. } in BUILT_IN {
            let manifest = Manifest::parse_checked(text, name);
            assert!(
                manifest.is_ok(),
                "{:?}",
                manifest
                    .err()
                    .map(|error| (error.to_string(), error.ways_out().to_vec()))
            );
            assert_eq!(
                manifest.ok().map(|manifest| manifest.name).as_deref(),
                Some(*name)
            );
        }
    }

    #[test]
    fn a_face_says_what_the_whole_says() {
        for BuiltIn {
            name, json, face, ..
        } in BUILT_IN
        {
            let face = Manifest::prepared(face, name).unwrap();
            let mut whole = Manifest::prepared(json, name).unwrap();
            for credential in whole.credentials.values_mut() {
                credential.verify = None;
                credential.paste = None;
                credential.pattern = None;
            }
            let said = |manifest: &Manifest| {
                let bases = format!("{:?}", manifest.bases);
                let credentials = format!("{:?}", manifest.credentials);
                (bases, credentials, format!("{:?}", manifest.variables))
            };
            assert_eq!(said(&face), said(&whole), "{name}");
            assert!(face.operations.is_empty() && !whole.operations.is_empty());
        }
    }

    #[test]
    fn a_name_cannot_leave_its_folder() {
        for name in ["", "..", "a/b", "-x", ".hidden", "a b", "é"] {
            assert!(!is_name(name), "{name}");
        }
        assert!(is_name("my-service_2.test"));
    }
}
