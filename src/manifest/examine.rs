//! Every mistake of a manifest, not only the first: what cannot be read is put aside, and the rest is looked at.

mod mend;
mod words;

use serde::Serialize;
use serde_json::Value;

use super::check::{self, Problem};
use super::join::{join, remove};
use super::schema::{LANGUAGE, Manifest};
use super::{Draft, locate};
use mend::Mending;

/// A mistake, where it stands, and how it is mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// The line of the text, from 1.
    pub line: usize,
    /// The key from the top, with dots; empty where the text is no TOML.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// How to mend it, where more can be said than what is wrong.
    pub fix: Option<String>,
}

impl Mistake {
    fn at(text: &str, path: &[String], (message, fix): (String, Option<String>)) -> Self {
        Mistake {
            line: locate::line_of_path(text, path),
            key: path.join("."),
            message,
            fix,
        }
    }

    /// A manifest that is named otherwise than its file.
    pub fn named(text: &str, inside: &str, file: &str) -> Self {
        let said = format!("it is named `{inside}` inside, and has to be named like its file");
        let fix = format!("write `name = \"{file}\"`, or name the file `{inside}.toml`");
        Mistake::at(text, &["name".to_owned()], (said, Some(fix)))
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

/// What came of reading a manifest for its author.
#[derive(Debug)]
pub struct Examined {
    /// Everything that is wrong, in the order of the text.
    pub mistakes: Vec<Mistake>,
    /// The manifest with its examples, where they can be played.
    pub manifest: Option<Manifest>,
}

/// Reads the text of a manifest that changes `parent`, where there is one, and looks for everything that is wrong.
pub fn examine(text: &str, parent: Option<&Draft>) -> Examined {
    let own: Value = match toml_edit::de::from_str(text) {
        Ok(value) => value,
        Err(error) => return no_toml(text, &error),
    };
    let mut mistakes = Vec::new();
    let mut base = parent.map_or_else(
        || Value::Object(serde_json::Map::new()),
        |parent| parent.value.clone(),
    );
    let left_out = own.get("without").and_then(Value::as_array);
    for key in left_out.into_iter().flatten().filter_map(Value::as_str) {
        if parent.is_some() && !remove(&mut base, key) {
            let said = format!("there is no `{key}` in what it extends");
            let fix = Some("leave it out of `without`".to_owned());
            mistakes.push(Mistake::at(text, &["without".to_owned()], (said, fix)));
        }
    }
    join(&mut base, own, &mut Vec::new());
    let mut mending = Mending::of(base);
    let manifest = mending.mend();
    let unreadable = !mending.found.is_empty();
    for found in &mending.found {
        mistakes.push(Mistake::at(
            text,
            &found.path,
            words::explain(&found.message),
        ));
    }
    let mut playable = mistakes.is_empty();
    if let Some(manifest) = &manifest {
        let (wrong, to_nothing) = check::apart(manifest);
        playable &= wrong.is_empty() && manifest.manifest == LANGUAGE;
        let follows = |problem: &Problem| unreadable && mending.explains(&problem.path);
        let all = wrong.iter().chain(&to_nothing);
        for problem in all.filter(|problem| !follows(problem)) {
            let said = words::apart(&problem.message);
            mistakes.push(Mistake::at(text, &problem.path, said));
        }
        if manifest.manifest != LANGUAGE && !mending.explains(&["manifest".to_owned()]) {
            let said = format!(
                "this keywright reads version {LANGUAGE} of the manifest language, not {}",
                manifest.manifest
            );
            let fix = Some(format!("write `manifest = {LANGUAGE}`"));
            mistakes.push(Mistake::at(text, &["manifest".to_owned()], (said, fix)));
        }
    }
    mistakes.sort_by_key(|mistake| mistake.line);
    Examined {
        mistakes,
        manifest: manifest.filter(|_| playable),
    }
}

/// The text is no TOML: nobody can say what stands behind the first place that cannot be read.
fn no_toml(text: &str, error: &toml_edit::de::Error) -> Examined {
    let offset = error.span().map_or(0, |span| span.start);
    let message = error.message().trim().replace('\n', ", ");
    Examined {
        mistakes: vec![Mistake {
            line: locate::line_of(text, offset),
            key: String::new(),
            message: format!("this is no TOML: {message}"),
            fix: Some("mend this first: what stands behind it was not looked at".to_owned()),
        }],
        manifest: None,
    }
}

#[cfg(test)]
mod tests;
