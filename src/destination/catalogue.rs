//! The destinations that manifests describe, by the word before the `:` of an address.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::described::DescribedDestination;
use super::login::CredentialSource;
use super::registry::{self, DestinationKind, KINDS};
use super::spec::{self, DestinationSpec, SpecKind};
use crate::core::error::{Error, Result};
use crate::core::untrusted::{escape, one_line};
use crate::manifest::{Address, Manifest};
use crate::platform::Platform;
use crate::providers::{Catalogue, ProviderSource};
use crate::report::log::Log;

/// Returns the manifests whose addresses begin with `name`: the file of that name first, then those that add a suffix.
pub fn described(name: &str, platform: &Platform) -> Result<Vec<ProviderSource>> {
    let own = format!("{name}-");
    Catalogue::Destinations.sources(platform, |known| known == name || known.starts_with(&own))
}

/// Returns every destination that is part of the program, those in code first.
pub fn built_in() -> Vec<OfferedDestination> {
    // The tests read each of them.
    let manifests = Catalogue::Destinations.built_in_manifests();
    let described = manifests.unwrap_or_default().into_iter();
    in_code().chain(described.filter_map(of_manifest)).collect()
}

/// Returns the form of an address, unless a kind in code has its name: that one shows a form of its own.
fn own_form(address: Address) -> Option<Address> {
    Some(address).filter(|address| registry::find(address.name()).is_none())
}

/// A destination that a person can choose.
pub struct OfferedDestination {
    /// Its syntax; the word before the `:` is its name.
    pub syntax: String,
    /// Its description.
    pub summary: String,
    /// The form of an address that a manifest describes; none of a destination in code.
    address: Option<Address>,
}

impl OfferedDestination {
    /// Returns the word before the `:`.
    pub fn name(&self) -> &str {
        let name = self.syntax.split_once(':');
        name.map_or(&*self.syntax, |(name, _)| name)
    }

    /// Reads the text of a destination of this form.
    pub fn read(&self, text: &str) -> Result<DestinationSpec> {
        let spec = text.parse()?;
        let Some(address) = &self.address else {
            return Ok(spec);
        };
        match text.split_once(':') {
            Some((name, rest)) if name == address.name() && address.read(rest).is_some() => {
                Ok(spec)
            }
            _ => Err(other_form(text, std::slice::from_ref(&self.syntax))),
        }
    }
}

/// Returns every destination, those in code first; a manifest that cannot be read is left out.
pub fn offered(platform: &Platform) -> Result<Vec<OfferedDestination>> {
    Ok(in_code().chain(of_manifests(platform)?).collect())
}

fn in_code() -> impl Iterator<Item = OfferedDestination> {
    KINDS.iter().map(|kind| OfferedDestination {
        syntax: kind.syntax.to_owned(),
        summary: kind.summary.to_owned(),
        address: None,
    })
}

fn of_manifest(manifest: Manifest) -> Option<OfferedDestination> {
    let address = own_form(manifest.address?)?;
    Some(OfferedDestination {
        syntax: address.shown(),
        summary: manifest.about,
        address: Some(address),
    })
}

/// Returns the destinations that manifests describe; one that cannot be read has no form to show.
fn of_manifests(platform: &Platform) -> Result<Vec<OfferedDestination>> {
    let sources = Catalogue::Destinations.sources(platform, |_| true)?;
    let manifests = sources.iter().filter_map(|known| known.manifest().ok());
    Ok(manifests.filter_map(of_manifest).collect())
}

fn other_form(text: &str, forms: &[String]) -> Error {
    Error::usage(format!(
        "`{}` is not a destination of this form",
        one_line(text)
    ))
    .hint(format!("write it as {}", forms.join(", or ")))
}

/// Opens the destination `NAME:REST`; nothing is sent. Of several forms that fit, the one with the most parts counts.
pub(super) fn open(
    name: &str,
    rest: &str,
    platform: &Platform,
    log: &Log,
) -> Result<DescribedDestination> {
    let shown = format!("{name}:{rest}");
    let mut forms = Vec::new();
    let mut found: Option<(Manifest, BTreeMap<String, String>)> = None;
    for known in described(name, platform)? {
        let manifest: Manifest = known.manifest()?;
        let Some(address) = manifest.address.as_ref().filter(|one| one.name() == name) else {
            continue;
        };
        forms.push(address.shown());
        if let Some(parts) = address.read(rest)
            && found
                .as_ref()
                .is_none_or(|(_, known)| known.len() < parts.len())
        {
            found = Some((manifest, parts));
        }
    }
    if let Some((manifest, parts)) = found {
        let (manifest, shown) = (Rc::new(manifest), escape(&shown));
        return Ok(DescribedDestination::new(
            manifest, parts, shown, platform, log,
        ));
    }
    if forms.is_empty() {
        return Err(unknown(&shown, platform)?);
    }
    Err(other_form(&shown, &forms))
}

/// Returns the error for a destination of no known kind, with the forms of those that manifests describe.
fn unknown(shown: &str, platform: &Platform) -> Result<Error> {
    let known = of_manifests(platform)?.into_iter();
    let forms: Vec<String> = known.map(|one| one.syntax).collect();
    Ok(spec::unknown(shown, &forms))
}

/// Refuses a destination whose kind is neither in code nor described by a manifest; nothing is opened.
pub fn check_kind(spec: &DestinationSpec, platform: &Platform) -> Result<()> {
    let SpecKind::Described(name) = spec.parts().0 else {
        return Ok(());
    };
    let begins_so = |manifest: Manifest| manifest.address.is_some_and(|one| one.name() == name);
    // A manifest that cannot be read says so when its destination is opened.
    let is_of_it =
        |known: &ProviderSource| known.name == *name || known.manifest().map_or(true, begins_so);
    if described(name, platform)?.iter().any(is_of_it) {
        return Ok(());
    }
    Err(unknown(&spec.to_string(), platform)?)
}

/// Opens a destination of a kind in code by the built-in manifest of its name, if there is one and its credential is at hand.
pub(super) fn open_with_credential(
    kind: &DestinationKind,
    rest: &str,
    platform: &Platform,
    log: &Log,
    login: impl FnOnce() -> Result<Option<Rc<dyn CredentialSource>>>,
) -> Result<Option<DescribedDestination>> {
    if !Catalogue::Destinations.has_built_in(kind.name()) {
        return Ok(None);
    }
    let place = open(kind.name(), rest, platform, log)?.lent_by(login()?);
    Ok(place.has_credential()?.then_some(place))
}
