//! Finds every mistake of a manifest, not only the first: an unreadable part is set aside, and the rest is examined.

mod recovery;
mod messages;

use serde::Serialize;
use serde_json::Value;

use super::merge::{merge, remove};
use super::schema::{LANGUAGE_VERSION, Manifest};
use super::validate::{self, Diagnostic};
use super::{PartialManifest, span};
use recovery::Recovery;

/// A mistake, its position and its fix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LocatedDiagnostic {
    /// The line of the text, from 1.
    pub line: usize,
    /// The dotted key from the top; empty if the text is not TOML.
    pub key: String,
    /// The mistake.
    pub message: String,
    /// The fix, if it is not obvious from the message.
    pub fix: Option<String>,
}

impl LocatedDiagnostic {
    fn at(text: &str, path: &[String], (message, fix): (String, Option<String>)) -> Self {
        LocatedDiagnostic {
            line: span::line_of_path(text, path),
            key: path.join("."),
            message,
            fix,
        }
    }

    /// Reports a manifest whose name is not that of its file.
    pub fn named(text: &str, inside: &str, file: &str) -> Self {
        let said = format!("its `name` is `{inside}`, which must equal its file name");
        let fix = format!("write `name = \"{file}\"`, or name the file `{inside}.toml`");
        LocatedDiagnostic::at(text, &["name".to_owned()], (said, Some(fix)))
    }

    /// `LINE:KEY`.
    pub fn place(&self) -> String {
        if self.key.is_empty() {
            self.line.to_string()
        } else {
            format!("{}:{}", self.line, self.key)
        }
    }
}

/// The result of reading a manifest for its author.
#[derive(Debug)]
pub struct Examination {
    /// Every mistake, in the order of the text.
    pub mistakes: Vec<LocatedDiagnostic>,
    /// The manifest with its examples, if they can be replayed.
    pub manifest: Option<Manifest>,
}

/// Reads the text of a manifest that extends `parent`, if any, and finds every mistake.
pub fn diagnose(text: &str, parent: Option<&PartialManifest>) -> Examination {
    let own: Value = match toml_edit::de::from_str(text) {
        Ok(value) => value,
        Err(error) => return not_toml(text, &error),
    };
    let mut mistakes = Vec::new();
    let mut base = parent.map_or_else(
        || Value::Object(serde_json::Map::new()),
        |parent| parent.value.clone(),
    );
    let left_out = own.get("without").and_then(Value::as_array);
    for key in left_out.into_iter().flatten().filter_map(Value::as_str) {
        if parent.is_some() && !remove(&mut base, key) {
            let said = format!("the manifest that it extends has no `{key}`");
            let fix = Some("leave it out of `without`".to_owned());
            mistakes.push(LocatedDiagnostic::at(
                text,
                &["without".to_owned()],
                (said, fix),
            ));
        }
    }
    merge(&mut base, own, &mut Vec::new());
    let mut mending = Recovery::of(base);
    let manifest = mending.recover();
    let unreadable = !mending.found.is_empty();
    for found in &mending.found {
        mistakes.push(LocatedDiagnostic::at(
            text,
            &found.path,
            messages::explain(&found.message),
        ));
    }
    let mut playable = mistakes.is_empty();
    if let Some(manifest) = &manifest {
        let (wrong, to_nothing) = validate::validate_with_coverage(manifest);
        playable &= wrong.is_empty() && manifest.manifest == LANGUAGE_VERSION;
        let follows = |problem: &Diagnostic| unreadable && mending.explains(&problem.path);
        let all = wrong.iter().chain(&to_nothing);
        for problem in all.filter(|problem| !follows(problem)) {
            let said = messages::split_message(&problem.message);
            mistakes.push(LocatedDiagnostic::at(text, &problem.path, said));
        }
        if manifest.manifest != LANGUAGE_VERSION && !mending.explains(&["manifest".to_owned()]) {
            let said = format!(
                "this keywright reads version {LANGUAGE_VERSION} of the manifest language, not {}",
                manifest.manifest
            );
            let fix = Some(format!("write `manifest = {LANGUAGE_VERSION}`"));
            mistakes.push(LocatedDiagnostic::at(
                text,
                &["manifest".to_owned()],
                (said, fix),
            ));
        }
    }
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
        mistakes: vec![LocatedDiagnostic {
            line: span::line_of(text, offset),
            key: String::new(),
            message: format!("this is not valid TOML: {message}"),
            fix: Some("fix this first: the text after it was not checked".to_owned()),
        }],
        manifest: None,
    }
}

#[cfg(test)]
mod tests;
