//! The destinations that manifests describe, by the word before the `:` of an address.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::described::DescribedDestination;
use super::registry::{self, DestinationKind, KINDS};
use super::spec::{self, DestinationSpec};
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

/// Returns the syntax and the summary of every destination that is part of the program, those in code first.
pub fn built_in() -> Vec<(String, String)> {
    let in_code = KINDS.iter();
    let in_code = in_code.map(|kind| (kind.syntax.to_owned(), kind.summary.to_owned()));
    // The tests read each of them.
    let manifests = Catalogue::Destinations.built_in_manifests();
    let described = manifests.unwrap_or_default().into_iter();
    let described = described.filter_map(|one| Some((own_form(one.address?)?.shown(), one.about)));
    in_code.chain(described).collect()
}

/// Returns the form of an address, unless a kind in code has its name: that one shows a form of its own.
fn own_form(address: Address) -> Option<Address> {
    Some(address).filter(|address| registry::find(address.name()).is_none())
}

/// Returns the form of every address that a manifest describes.
pub fn forms(platform: &Platform) -> Result<Vec<String>> {
    let sources = Catalogue::Destinations.sources(platform, |_| true)?;
    // A manifest that cannot be read has no form to show.
    let forms = sources
        .iter()
        .filter_map(|known| Some(own_form(known.manifest().ok()?.address?)?.shown()));
    Ok(forms.collect())
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
    let in_code = KINDS.iter().map(|kind| OfferedDestination {
        syntax: kind.syntax.to_owned(),
        summary: kind.summary.to_owned(),
        address: None,
    });
    let sources = Catalogue::Destinations.sources(platform, |_| true)?;
    let described = sources.iter().filter_map(|known| {
        let manifest = known.manifest().ok()?;
        let address = own_form(manifest.address?)?;
        Some(OfferedDestination {
            syntax: address.shown(),
            summary: manifest.about,
            address: Some(address),
        })
    });
    Ok(in_code.chain(described).collect())
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
        return Err(spec::unknown(&shown, &self::forms(platform)?));
    }
    Err(other_form(&shown, &forms))
}

/// Opens a destination of a kind in code by the built-in manifest of its name, if there is one and its credential is at hand.
pub(super) fn open_with_credential(
    kind: &DestinationKind,
    rest: &str,
    platform: &Platform,
    log: &Log,
) -> Result<Option<DescribedDestination>> {
    if !Catalogue::Destinations.has_built_in(kind.name()) {
        return Ok(None);
    }
    let place = open(kind.name(), rest, platform, log)?;
    Ok(place.has_credential()?.then_some(place))
}
