//! The providers and destinations that keywright knows by manifest: those built in, and those in the user's folder.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::OnceLock;

use crate::core::error::{Error, Kind, Result};
use crate::core::packed::unpacked;
use crate::core::untrusted::{mask_typed_secret, one_line};
use crate::manifest::{Manifest, PartialManifest, place_of};
use crate::platform::Platform;
use crate::platform::files;

/// A manifest that is part of the program.
#[derive(Debug)]
struct BuiltIn {
    name: &'static str,
    /// As it was written, in [`texts`].
    text: Range<usize>,
    /// Without its examples, in the form that reads fastest, packed.
    json: &'static [u8],
    /// The part of that form that serving a stored credential needs.
    header: &'static str,
}

/// The manifests that are part of the program: every TOML file of this folder.
#[expect(
    clippy::unreadable_literal,
    reason = "the build script writes the places of texts"
)]
const BUILT_IN: &[BuiltIn] = include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

/// The manifests of destinations that are part of the program.
#[expect(
    clippy::unreadable_literal,
    reason = "the build script writes the places of texts"
)]
const BUILT_IN_DESTINATIONS: &[BuiltIn] = include!(concat!(env!("OUT_DIR"), "/destinations.rs"));

/// A set of manifests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Catalogue {
    /// The services.
    Providers,
    /// The places that keys are delivered to.
    Destinations,
}

impl Catalogue {
    fn built_in(self) -> &'static [BuiltIn] {
        match self {
            Catalogue::Providers => BUILT_IN,
            Catalogue::Destinations => BUILT_IN_DESTINATIONS,
        }
    }

    /// Returns whether a manifest of that name is part of the program.
    pub fn has_built_in(self, name: &str) -> bool {
        self.built_in().iter().any(|built_in| built_in.name == name)
    }

    /// Returns the folder of the user's manifests.
    pub fn folder(self, platform: &Platform) -> PathBuf {
        match self {
            Catalogue::Providers => folder(platform),
            Catalogue::Destinations => platform.dirs.config.join("destinations"),
        }
    }

    /// Returns the names of its manifests, sorted; a user's manifest overrides a built-in one.
    pub fn names(self, platform: &Platform) -> Result<Vec<(String, ManifestOrigin)>> {
        let built_in = self.built_in().iter();
        let mut all: Vec<(String, ManifestOrigin)> = built_in
            .map(|built_in| (built_in.name.to_owned(), ManifestOrigin::BuiltIn))
            .collect();
        for path in files::list(&self.folder(platform), "toml")? {
            let Some(name) = path.file_stem().and_then(|stem| stem.to_str()) else {
                continue;
            };
            let name = name.to_owned();
            all.retain(|(known, _)| *known != name);
            all.push((name, ManifestOrigin::User(path)));
        }
        all.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(all)
    }

    /// Returns the manifests that are part of the program, sorted by name.
    pub fn built_in_manifests(self) -> Result<Vec<Manifest>> {
        let names = self.built_in().iter().map(|built_in| built_in.name);
        let sources = names.filter_map(|name| ProviderSource::built_in(self, name, PathBuf::new()));
        sources.map(|source| source.manifest()).collect()
    }

    /// Returns its manifests whose names are chosen, sorted; their texts are not read as manifests yet.
    pub fn sources(
        self,
        platform: &Platform,
        is_chosen: impl Fn(&str) -> bool,
    ) -> Result<Vec<ProviderSource>> {
        let mut sources = Vec::new();
        for (name, _) in self.names(platform)? {
            if is_chosen(&name) {
                sources.extend(self.lookup(&name, platform)?);
            }
        }
        Ok(sources)
    }

    /// Returns the manifest of that name, if there is one: the user's before the built-in one.
    pub fn lookup(self, name: &str, platform: &Platform) -> Result<Option<ProviderSource>> {
        lookup(self, name, &self.folder(platform))
    }
}

/// Returns the texts of all built-in manifests, one behind the other.
fn texts() -> Result<&'static str> {
    static TEXTS: OnceLock<String> = OnceLock::new();
    const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/manifests.deflate"));
    if let Some(texts) = TEXTS.get() {
        return Ok(texts);
    }
    let texts = unpacked(PACKED)?;
    Ok(TEXTS.get_or_init(|| texts))
}

/// The largest manifest of a user that is read, in bytes.
const MAX_MANIFEST_BYTES: u64 = 1 << 20;

/// The most manifests in one chain of `extends`.
const MAX_EXTENDS: usize = 8;

/// The origin of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ManifestOrigin {
    /// It is part of the program.
    BuiltIn,
    /// A file in the user's folder.
    User(PathBuf),
}

/// A provider by name, with its manifest's text.
#[derive(Debug, Clone)]
pub struct ProviderSource {
    /// Its name.
    pub name: String,
    /// The origin of its manifest.
    pub origin: ManifestOrigin,
    text: SourceText,
    catalogue: Catalogue,
    /// The folder of the user's manifests, one of which it may extend.
    folder: PathBuf,
}

/// The place of a manifest's text.
#[derive(Debug, Clone)]
enum SourceText {
    /// Among the texts of those built in.
    BuiltIn(&'static BuiltIn),
    /// Here.
    Read(String),
}

impl ProviderSource {
    /// Returns the manifest as it was written.
    pub fn text(&self) -> Result<&str> {
        match &self.text {
            SourceText::BuiltIn(built_in) => {
                let text = texts()?.get(built_in.text.clone());
                text.ok_or_else(|| Error::failed("the program file is damaged"))
            }
            SourceText::Read(text) => Ok(text),
        }
    }

    /// Returns the name of the file for errors of this manifest, before line and key.
    pub fn file(&self) -> String {
        match &self.origin {
            ManifestOrigin::BuiltIn => format!("{}.toml (built in)", self.name),
            ManifestOrigin::User(path) => path.display().to_string(),
        }
    }

    /// Reads a manifest from any file, as if it lay in the user's folder.
    pub fn from_file(path: &Path, platform: &Platform) -> Result<ProviderSource> {
        ProviderSource::from_file_of(Catalogue::Providers, path, platform)
    }

    /// As [`ProviderSource::from_file`], with the set that the manifest belongs to.
    pub fn from_file_of(
        catalogue: Catalogue,
        path: &Path,
        platform: &Platform,
    ) -> Result<ProviderSource> {
        let name = path.file_stem().and_then(|stem| stem.to_str());
        let text = files::read_named_text(path, MAX_MANIFEST_BYTES)?;
        match (name, text) {
            // A descriptor of a shell has no name of its own.
            (_, Some(text)) if files::is_descriptor_path(path) => {
                ProviderSource::from_text(text, &path.display().to_string(), platform)
            }
            (Some(name), Some(text)) => Ok(ProviderSource {
                name: name.to_owned(),
                origin: ManifestOrigin::User(path.to_owned()),
                text: SourceText::Read(text),
                catalogue,
                folder: catalogue.folder(platform),
            }),
            _ => Err(Error::new(
                Kind::NotFound,
                format!("there is no manifest `{}`", path.display()),
            )),
        }
    }

    /// Reads a manifest from text; its name is the one in its content.
    pub fn from_text(text: String, file: &str, platform: &Platform) -> Result<ProviderSource> {
        if text.len() as u64 > MAX_MANIFEST_BYTES {
            return Err(Error::usage(format!(
                "`{file}` is larger than a manifest can be"
            )));
        }
        let name = PartialManifest::read(&text, file)
            .ok()
            .and_then(|partial| Some(partial.name()?.to_owned()));
        Ok(ProviderSource {
            name: name.unwrap_or_default(),
            origin: ManifestOrigin::User(PathBuf::from(file)),
            text: SourceText::Read(text),
            catalogue: Catalogue::Providers,
            folder: folder(platform),
        })
    }

    /// Returns the same provider with another text.
    #[must_use]
    pub fn with_text(&self, text: String) -> ProviderSource {
        ProviderSource {
            text: SourceText::Read(text),
            ..self.clone()
        }
    }

    /// Returns the manifest that this one extends, if any.
    pub fn extended_manifest(&self) -> Result<Option<PartialManifest>> {
        let partial = PartialManifest::read(self.text()?, &self.file()).ok();
        let extended = partial.as_ref().and_then(PartialManifest::extends);
        extended
            .map(|name| self.parent(name, &mut vec![self.file()]))
            .transpose()
    }

    fn built_in(catalogue: Catalogue, name: &str, folder: PathBuf) -> Option<ProviderSource> {
        let mut all = catalogue.built_in().iter();
        let built_in = all.find(|built_in| built_in.name == name)?;
        Some(ProviderSource {
            name: built_in.name.to_owned(),
            origin: ManifestOrigin::BuiltIn,
            text: SourceText::BuiltIn(built_in),
            catalogue,
            folder,
        })
    }

    /// Reads the manifest; one of the user's is checked whole, those built in are checked by the tests and come
    /// without their examples.
    pub fn manifest(&self) -> Result<Manifest> {
        let manifest = match &self.text {
            SourceText::BuiltIn(built_in) => {
                Manifest::prepared(&unpacked(built_in.json)?, &self.file())?
            }
            // Most extend nothing, and a text that does not name the key need not be read twice.
            SourceText::Read(text) if text.contains("extends") => self.extended()?,
            SourceText::Read(text) => Manifest::parse_checked(text, &self.file())?,
        };
        if manifest.name != self.name {
            return Err(Error::usage(format!(
                "{}:{}: its `name` is `{}`, which must equal its file name",
                self.file(),
                place_of(self.text()?, &["name"]),
                one_line(&manifest.name)
            ))
            .hint(format!("write `name = \"{}\"` in it", self.name)));
        }
        Ok(manifest)
    }

    /// Reads the manifest with its examples, and checks it whole.
    pub fn with_examples(&self) -> Result<Manifest> {
        self.extended()
    }

    fn extended(&self) -> Result<Manifest> {
        let text = self.text()?;
        let partial = PartialManifest::read(text, &self.file())?;
        let Some(name) = partial.extends() else {
            return Manifest::parse_checked(text, &self.file());
        };
        let parent = self.parent(name, &mut vec![self.file()])?;
        Manifest::parse_over(&partial, &parent, text, &self.file())
    }

    /// Returns the manifest `name` that this one extends, merged with all that it extends itself.
    fn parent(&self, name: &str, line: &mut Vec<String>) -> Result<PartialManifest> {
        let text = self.text()?;
        let wrong = |why: String| {
            Error::usage(format!(
                "{}:{}: it extends `{}`, {why}",
                self.file(),
                place_of(text, &["extends"]),
                one_line(name)
            ))
                .hint("`extends` names a built-in manifest or another file of the same folder; its own name means the built-in one")
        };
        let known = if name == self.name || self.origin == ManifestOrigin::BuiltIn {
            // A built-in manifest extends built-in manifests only.
            ProviderSource::built_in(self.catalogue, name, self.folder.clone())
        } else {
            lookup(self.catalogue, name, &self.folder)?
        };
        let known = known.ok_or_else(|| wrong("and there is no such manifest".to_owned()))?;
        if line.contains(&known.file()) {
            return Err(wrong("which leads back to itself".to_owned()));
        }
        if line.len() == MAX_EXTENDS {
            return Err(wrong(format!(
                "and the chain of `extends` has more than {MAX_EXTENDS} manifests"
            )));
        }
        line.push(known.file());
        let text = match &known.text {
            SourceText::BuiltIn(built_in) => {
                return PartialManifest::prepared(&unpacked(built_in.json)?, &known.file());
            }
            SourceText::Read(text) => text,
        };
        let partial = PartialManifest::read(text, &known.file())?.without_examples();
        match partial.extends().map(str::to_owned) {
            Some(grandparent) => {
                let parent = known.parent(&grandparent, line)?;
                partial.over(parent, text, &known.file())
            }
            None => Ok(partial),
        }
    }
}

/// Returns every provider, sorted by name; a user's manifest overrides a built-in one. Only the names are read.
pub fn names(platform: &Platform) -> Result<Vec<(String, ManifestOrigin)>> {
    Catalogue::Providers.names(platform)
}

/// Returns the provider of that name; only its manifest is read.
pub fn find(name: &str, platform: &Platform) -> Result<ProviderSource> {
    if let Some(known) = Catalogue::Providers.lookup(name, platform)? {
        return Ok(known);
    }
    let known: Vec<String> = names(platform)?.into_iter().map(|(name, _)| name).collect();
    Err(Error::new(
        Kind::NotFound,
        format!("there is no provider `{}`", mask_typed_secret(name)),
    )
    .did_you_mean(name, known.iter().map(String::as_str))
    .hint("see the services that are known: keywright providers")
    .hint(format!(
        "a manifest of your own goes to {}",
        folder(platform).join("NAME.toml").display()
    )))
}

fn lookup(catalogue: Catalogue, name: &str, folder: &Path) -> Result<Option<ProviderSource>> {
    if !is_name(name) {
        return Ok(None);
    }
    let path = folder.join(format!("{name}.toml"));
    if let Some(text) = files::read_text_within(&path, MAX_MANIFEST_BYTES)? {
        return Ok(Some(ProviderSource {
            name: name.to_owned(),
            origin: ManifestOrigin::User(path),
            text: SourceText::Read(text),
            catalogue,
            folder: folder.to_owned(),
        }));
    }
    Ok(ProviderSource::built_in(catalogue, name, folder.to_owned()))
}

/// Returns the manifest of the provider of that name.
pub fn manifest(name: &str, platform: &Platform) -> Result<Rc<Manifest>> {
    find(name, platform)?.manifest().map(Rc::new)
}

/// Returns the header of a built-in manifest, unless a user's file overrides it: its addresses, variables and kinds of
/// credential, without the operations.
pub fn header(name: &str, platform: &Platform) -> Result<Option<Rc<Manifest>>> {
    let Some(built_in) = BUILT_IN.iter().find(|built_in| built_in.name == name) else {
        return Ok(None);
    };
    // A file that cannot be examined still counts as an override.
    if !matches!(
        folder(platform).join(format!("{name}.toml")).try_exists(),
        Ok(false)
    ) {
        return Ok(None);
    }
    Manifest::prepared(built_in.header, name).map(|manifest| Some(Rc::new(manifest)))
}

/// Returns the folder of the user's manifests.
pub fn folder(platform: &Platform) -> PathBuf {
    let folder = platform.dirs.config.join("providers");
    // If the environment defines everything, an unreadable home counts as none.
    if platform.env.get("KEYWRIGHT_PROVIDER").is_some() && files::is_denied(&folder) {
        return Path::new(files::NO_HOME).join("providers");
    }
    folder
}

/// Returns whether a word can name a provider or a profile: it becomes part of a path.
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
    fn built_in_manifests_are_valid() {
        for (catalogue, BuiltIn { name, .. }) in [Catalogue::Providers, Catalogue::Destinations]
            .into_iter()
            .flat_map(|one| one.built_in().iter().map(move |built_in| (one, built_in)))
        {
            let known = ProviderSource::built_in(catalogue, name, PathBuf::new()).unwrap();
            let manifest = known.with_examples();
            assert!(
                manifest
                    .as_ref()
                    .is_ok_and(|manifest| manifest.programs.is_empty()),
                "{name} starts programs"
            );
            assert!(
                manifest.is_ok(),
                "{:?}",
                manifest
                    .err()
                    .map(|error| (error.to_string(), error.hints().to_vec()))
            );
            assert_eq!(
                manifest.ok().map(|manifest| manifest.name).as_deref(),
                Some(*name)
            );
        }
    }

    #[test]
    fn built_in_header_matches_full_manifest() {
        for BuiltIn {
            name, json, header, ..
        } in BUILT_IN
        {
            let header = Manifest::prepared(header, name).unwrap();
            let mut whole = Manifest::prepared(&unpacked(json).unwrap(), name).unwrap();
            for credential in whole.credentials.values_mut() {
                credential.verify = None;
                credential.revoke = None;
                credential.manual = None;
                credential.pattern = None;
            }
            let said = |manifest: &Manifest| {
                let bases = format!("{:?}", manifest.servers);
                let credentials = format!("{:?}", manifest.credentials);
                (bases, credentials, format!("{:?}", manifest.variables))
            };
            assert_eq!(said(&header), said(&whole), "{name}");
            assert!(header.operations.is_empty() && !whole.operations.is_empty());
        }
    }

    #[test]
    fn provider_name_invalid_is_rejected() {
        for name in ["", "..", "a/b", "-x", ".hidden", "a b", "é"] {
            assert!(!is_name(name), "{name}");
        }
        assert!(is_name("my-service_2.test"));
    }
}
