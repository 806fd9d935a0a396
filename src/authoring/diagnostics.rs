//! Finds every mistake of a manifest, not only the first: an unreadable part is set aside, and the rest is examined.

mod recovery;
mod messages;

use serde_json::{Map, Value};

use crate::core::error::Result;
use crate::core::untrusted::one_line;
use crate::manifest::{
    Diagnostic, LANGUAGE_VERSION, Manifest, PartialManifest, line_of, merged,
    validate_with_coverage,
};
use crate::providers::ProviderSource;
use recovery::Recovery;

/// The result of reading a manifest for its author.
#[derive(Debug)]
pub struct Examination {
    /// Every mistake, in the order of the text.
    pub mistakes: Vec<Diagnostic>,
    /// The manifest with its examples, if they can be replayed.
    pub manifest: Option<Manifest>,
}

/// Finds everything that is wrong with the manifest of a provider.
pub fn diagnose_provider(known: &ProviderSource) -> Result<Examination> {
    let text = known.text()?;
    let parent = known.extended_manifest()?;
    let mut examined = diagnose(text, parent.as_ref());
    let partial = PartialManifest::read(text, &known.file()).ok();
    let named = partial.as_ref().and_then(PartialManifest::name);
    if let Some(named) = named.filter(|named| *named != known.name) {
        let (named, file) = (one_line(named), &known.name);
        let mistake = Diagnostic::at(
            "name",
            format!("its `name` is `{named}`, which must equal its file name"),
            format!("write `name = \"{file}\"`, or name the file `{named}.toml`"),
        );
        examined.mistakes.push(mistake.located(text));
        examined.mistakes.sort_by_key(|mistake| mistake.line);
    }
    Ok(examined)
}

/// Reads the text of a manifest that extends `parent`, if any, and finds every mistake.
pub fn diagnose(text: &str, parent: Option<&PartialManifest>) -> Examination {
    let own: Value = match toml_edit::de::from_str(text) {
        Ok(value) => value,
        Err(error) => return not_toml(text, &error),
    };
    let mut mistakes = Vec::new();
    let extended = parent.map(|parent| parent.value.clone());
    let (whole, unknown) = merged(own, extended.unwrap_or_else(|| Map::new().into()));
    for key in unknown.iter().filter(|_| parent.is_some()) {
        let said = format!("the manifest that it extends has no `{key}`");
        mistakes.push(Diagnostic::at("without", said, "leave it out of `without`"));
    }
    let mut recovery = Recovery::of(whole);
    let manifest = recovery.recover();
    let unreadable = !recovery.found.is_empty();
    mistakes.extend(recovery.found.iter().map(messages::explain));
    let mut playable = mistakes.is_empty();
    if let Some(manifest) = &manifest {
        let (wrong, to_nothing) = validate_with_coverage(manifest);
        let is_read = manifest.manifest == LANGUAGE_VERSION;
        playable &= wrong.is_empty() && is_read;
        let follows = |problem: &Diagnostic| unreadable && recovery.explains(&problem.path);
        let all = wrong.into_iter().chain(to_nothing);
        mistakes.extend(all.filter(|problem| !follows(problem)));
        if !is_read && !recovery.explains(&["manifest".to_owned()]) {
            let said = format!(
                "this keywright reads version {LANGUAGE_VERSION} of the manifest language, not {}",
                manifest.manifest
            );
            let fix = format!("write `manifest = {LANGUAGE_VERSION}`");
            mistakes.push(Diagnostic::at("manifest", said, fix));
        }
    }
    let mut mistakes: Vec<Diagnostic> = mistakes
        .into_iter()
        .map(|mistake| mistake.located(text))
        .collect();
    mistakes.sort_by_key(|mistake| mistake.line);
    Examination {
        mistakes,
        manifest: manifest.filter(|_| playable),
    }
}

/// Reports text that is not TOML. Nothing can be said about the text after the first syntax error.
fn not_toml(text: &str, error: &toml_edit::de::Error) -> Examination {
    let offset = error.span().map_or(0, |span| span.start);
    let message = error.message().trim().replace('\n', ", ");
    Examination {
        mistakes: vec![Diagnostic {
            line: line_of(text, offset),
            path: Vec::new(),
            message: format!("this is not valid TOML: {message}"),
            fix: Some("fix this first: the text after it was not checked".to_owned()),
        }],
        manifest: None,
    }
}

#[cfg(test)]
mod tests;
