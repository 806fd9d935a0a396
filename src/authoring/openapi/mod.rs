//! A first manifest from the description of an API: `OpenAPI` 3.0 and 3.1, Swagger 2, in YAML or JSON.

mod calls;
mod changes;
mod document;
mod examples;
mod fields;
mod inputs;
mod named;
mod nouns;
mod operations;
mod pairs;
mod paging;
mod phrases;
mod requests;
mod resource;
mod responses;
mod samples;
mod secrets;
mod security;
mod words;
mod write;

use std::fmt::Write;

use crate::authoring::diagnostics::diagnose;
use crate::authoring::replay;
use crate::core::error::{Error, Result};
use crate::core::untrusted::one_line;
use crate::manifest::Manifest;
use crate::platform::Platform;
use document::Document;
use operations::{Builder, Section};
use write::{Notes, commented, quoted, said};

/// The largest description that is read, in bytes.
pub const MAX_DOCUMENT_BYTES: usize = 32 << 20;

/// The description of an API.
pub struct Description(Document);

/// A resource that may be one of keys.
pub struct Candidate {
    /// The path of its collection.
    pub path: String,
    /// Its likeness to a collection of keys.
    pub score: i32,
}

/// The answers that a person gives beside the description.
#[derive(Default)]
pub struct DraftAnswers {
    /// The name of the provider.
    pub name: String,
    /// The day of writing.
    pub day: String,
    /// The name of the description.
    pub source: String,
    /// The name that the service calls itself.
    pub title: Option<String>,
    /// The address before every path.
    pub url: Option<String>,
    /// The placement of a key, as a manifest writes it.
    pub placement: Option<String>,
    /// The documentation.
    pub docs: Option<String>,
    /// The page for managing keys by hand.
    pub dashboard: Option<String>,
    /// The location of the new secret.
    pub secret: Option<String>,
    /// The path of the collection of keys.
    pub resource: Option<String>,
}

/// A manifest, and its missing parts.
pub struct Draft {
    /// The manifest.
    pub text: String,
    /// Missing in the description.
    pub open: Vec<String>,
}

impl Description {
    /// Reads a description by its content.
    pub fn read(bytes: Vec<u8>) -> Result<Self> {
        if bytes.len() > MAX_DOCUMENT_BYTES {
            let most = MAX_DOCUMENT_BYTES >> 20;
            return Err(
                Error::usage(format!("the document is larger than {most} MiB"))
                    .hint("cut it down to the paths of keys and what they refer to"),
            );
        }
        let text =
            String::from_utf8(bytes).map_err(|_| Error::usage("the document is not UTF-8 text"))?;
        Document::read(&text).map(Description)
    }

    /// Returns the resources that may be keys, the likeliest first.
    pub fn candidates(&self) -> Vec<Candidate> {
        let calls = calls::calls(&self.0);
        let found = resource::resources(&self.0, &calls, None).into_iter();
        found
            .map(|one| Candidate {
                path: one.path,
                score: one.score,
            })
            .collect()
    }

    /// Writes the manifest, without the examples that fail when they are played on `platform`.
    pub async fn draft(&self, answers: &DraftAnswers, platform: &Platform) -> Result<Draft> {
        let mut written = self.written(answers)?;
        if let Some(manifest) = written.comment_out_mistakes(answers) {
            written.drop_failing(&manifest, platform).await;
            // The rest must still show every place that the manifest reads.
            written.comment_out_mistakes(answers);
        }
        Ok(Draft {
            text: written.text(answers),
            open: written.notes.open,
        })
    }

    fn written(&self, answers: &DraftAnswers) -> Result<Written> {
        let document = &self.0;
        let calls = calls::calls(document);
        let mut found = resource::resources(document, &calls, answers.resource.as_deref());
        let chosen = match &answers.resource {
            Some(path) => Some(resource::position(&found, path).ok_or_else(|| {
                let known: Vec<&str> = found.iter().take(8).map(|one| one.path.as_str()).collect();
                Error::usage(format!("the document has no keys at `{}`", one_line(path)))
                    .hint(format!("these look like keys: {}", known.join(", ")))
            })?),
            None => (!found.is_empty()).then_some(0),
        };
        if let Some(index) = chosen {
            resource::complete(document, &mut found, index, &calls);
        }
        let mut notes = Notes::default();
        let others: Vec<String> = found
            .iter()
            .enumerate()
            .filter(|(index, _)| Some(*index) != chosen)
            .take(12)
            .map(|(_, one)| one.path.clone())
            .collect();
        let keys = chosen.map(|index| &found[index]);
        if keys.is_none() {
            notes.open("the calls for keys: none of the document looks like one");
        }
        let mut builder = Builder::new(document, &calls, answers, notes);
        builder.build(keys);
        let title = document.root["info"]["title"].as_str().unwrap_or_default();
        let version = document.root["info"]["version"]
            .as_str()
            .unwrap_or_default();
        Ok(Written {
            title: answers
                .title
                .clone()
                .unwrap_or_else(|| plain_title(title, &answers.name)),
            version: said(version).trim_start_matches("version ").to_owned(),
            sections: builder.sections,
            head: builder.head,
            notes: builder.notes,
            remote: document.remote(),
            others,
            docs: answers.docs.clone().or_else(|| {
                let docs = document.root["externalDocs"]["url"].as_str()?;
                docs.starts_with("https://").then(|| docs.to_owned())
            }),
        })
    }
}

/// Returns the name of a service out of that of its description.
fn plain_title(title: &str, name: &str) -> String {
    let mut title = said(title);
    for end in [
        " OpenAPI Specification",
        " OpenAPI",
        " REST API",
        " HTTP API",
        " Public API",
        " API Reference",
        " API Documentation",
        " Platform API",
        " API",
    ] {
        if let Some(short) = title.strip_suffix(end) {
            title.truncate(short.trim_end().len());
        }
    }
    if title.is_empty() {
        name.to_owned()
    } else {
        title
    }
}

/// The parts of the manifest, before they are one text.
struct Written {
    title: String,
    version: String,
    /// Servers, variables, credentials and the tables without calls.
    head: String,
    sections: Vec<Section>,
    notes: Notes,
    remote: Vec<String>,
    others: Vec<String>,
    docs: Option<String>,
}

impl Written {
    /// Makes a comment of every section that is a mistake, with the reason, and returns the manifest.
    fn comment_out_mistakes(&mut self, answers: &DraftAnswers) -> Option<Manifest> {
        let mut rounds = 0..self.sections.len() + 2;
        loop {
            let examination = diagnose(&self.text(answers), None);
            let Some(mistake) = examination.mistakes.first() else {
                return examination.manifest;
            };
            if rounds.next().is_none() {
                return examination.manifest;
            }
            let first: Vec<&str> = mistake.path.iter().take(2).map(String::as_str).collect();
            let place = first.join(".");
            let mut sections = self.sections.iter_mut();
            if mistake.message.starts_with("no recorded example") {
                sections.for_each(|one| one.example = None);
            } else if let Some(section) = sections.find(|one| one.place == place && !one.is_comment)
            {
                section.is_comment = true;
                self.notes.open(format!("{place}: {}", mistake.message));
            } else {
                return examination.manifest;
            }
        }
    }

    /// Leaves out the examples of the description that do not fit its own schemas.
    async fn drop_failing(&mut self, manifest: &Manifest, platform: &Platform) {
        for played in replay::play(manifest, platform).await {
            if played.outcome.is_err() {
                let mut sections = self.sections.iter_mut();
                if let Some(section) = sections.find(|one| one.place == played.place) {
                    section.example = None;
                }
            }
        }
    }

    fn text(&self, answers: &DraftAnswers) -> String {
        let mut text = String::from(
            "# Every key is described in keywright-manifest(5): man keywright-manifest\n",
        );
        let source = &answers.source;
        let _ = writeln!(
            text,
            "# Written from {}. Compare it with the documentation before you rely on it.",
            one_line(source)
        );
        for (word, list) in [("open", &self.notes.open), ("guessed", &self.notes.guessed)] {
            for one in list {
                let _ = writeln!(text, "# {word}: {}", one_line(one));
            }
        }
        for one in &self.remote {
            let _ = writeln!(
                text,
                "# open: {} stands in another document, which was not read",
                one_line(one)
            );
        }
        if !self.others.is_empty() {
            let others: Vec<String> = self.others.iter().map(|one| one_line(one)).collect();
            let _ = writeln!(
                text,
                "# These look like keys as well (`--resource PATH`): {}",
                others.join(", ")
            );
        }
        let _ = writeln!(
            text,
            "manifest = 1\nname = {}\ntitle = {}",
            quoted(&answers.name),
            quoted(&self.title)
        );
        let _ = writeln!(
            text,
            "about = {}",
            quoted(&format!("API keys of {}", self.title))
        );
        if let Some(docs) = &self.docs {
            let _ = writeln!(text, "docs = {}", quoted(docs));
        }
        match &answers.dashboard {
            Some(page) => {
                let _ = writeln!(text, "dashboard = {}", quoted(page));
            }
            None => text.push_str(
                "# The page where people manage keys by hand.\n# dashboard = \"https://…\"\n",
            ),
        }
        let version = if self.version.is_empty() {
            String::new()
        } else {
            format!(", version {}", self.version)
        };
        let _ = writeln!(
            text,
            "checked = {}\nsources = [{}]",
            quoted(&answers.day),
            quoted(&format!("{}{version}", one_line(source)))
        );
        if !self.notes.guessed.is_empty() {
            text.push_str("assumed = [\n");
            for one in &self.notes.guessed {
                let _ = writeln!(text, "  {},", quoted(one));
            }
            text.push_str("]\n");
        }
        text.push_str(&self.head);
        for section in &self.sections {
            let mut own = section.text.clone();
            if let Some(example) = section.example.as_ref().filter(|_| !section.is_comment) {
                let _ = write!(own, "\n[[{}.examples]]\n{example}", section.place);
            }
            text.push('\n');
            text.push_str(&if section.is_comment {
                commented(&own)
            } else {
                own
            });
        }
        if !self
            .sections
            .iter()
            .any(|one| one.place.starts_with("operations.") && !one.is_comment)
        {
            text.push_str("\n[operations.list]\nunsupported = \"this manifest does not say yet how keys are listed\"\n");
        }
        text
    }
}
