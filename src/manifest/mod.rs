//! The manifest language: a service described as data, so that a new one needs no recompiling.

mod check;
mod errors;
mod expiry;
mod locate;
mod paging;
mod pattern;
mod pointer;
mod reading;
mod schema;
mod source;
mod times;
mod verb;

pub use check::{Problem, check};
pub use errors::{ErrorSpec, Reason, Refusal, RetryAfter, WaitUnit, looks_like_html};
pub use expiry::read_expiry;
pub use paging::{Paging, PagingPlace, PagingStyle, next_link, says_more};
pub use reading::{
    KeyFields, Predicate, Reads, Seen, UsageFields, is_masked, jwt_expiry, jwt_subject,
};
pub use schema::{
    Absent, AnswerSpec, BasicPart, BodyFormat, CredentialKind, CredentialSpec, DEFAULT_BASE,
    Effect, Example, Field, InputSpec, LANGUAGE, Manifest, Manual, Operation, Placement, Recorded,
    RequestSpec, Step, Strategy, TokenFields, VariableSpec, WriteAs,
};
pub use source::{PASSWORD, Piece, Source, Template, plain_text};
pub use times::{Span, in_words, read_moment, read_span};
pub use verb::Verb;

use std::ops::Range;

use crate::error::{Error, Result};

/// `LINE:KEY` of a span of a TOML text, for errors that can be acted on.
pub fn place_in(text: &str, span: Option<Range<usize>>) -> String {
    locate::place(text, span)
}

impl Manifest {
    /// Reads a manifest; `file` stands before line and key in its errors.
    pub fn parse(text: &str, file: &str) -> Result<Manifest> {
        let manifest: Manifest = toml_edit::de::from_str(text).map_err(|error| {
            let place = locate::place(text, error.span());
            Error::usage(format!("{file}:{place}: {}", error.message().trim()))
                .hint("a manifest to learn from: keywright providers show schatzi --manifest")
        })?;
        if manifest.manifest != LANGUAGE {
            return Err(Error::usage(format!(
                "{file}:{}: this keywright reads version {LANGUAGE} of the manifest language, not {}",
                locate::place_of(text, &["manifest".to_owned()]),
                manifest.manifest
            )));
        }
        Ok(manifest)
    }

    /// Reads a manifest that was checked and written as JSON when the program was built.
    pub fn prepared(json: &str, file: &str) -> Result<Manifest> {
        serde_json::from_str(json)
            .map_err(|error| Error::failed(format!("{file} cannot be read")).caused_by(error))
    }

    /// Reads a manifest and checks it whole.
    pub fn parse_checked(text: &str, file: &str) -> Result<Manifest> {
        let manifest = Manifest::parse(text, file)?;
        let problems = check(&manifest);
        let Some(first) = problems.first() else {
            return Ok(manifest);
        };
        let say = |problem: &Problem| {
            format!(
                "{file}:{}: {}",
                locate::place_of(text, &problem.path),
                problem.message
            )
        };
        let rest = problems.iter().skip(1).map(say);
        Err(Error::usage(say(first)).hints(rest))
    }

    /// The operation `verb`, if the manifest speaks of it.
    pub fn operation(&self, verb: Verb) -> Option<&Operation> {
        self.operations.get(&verb)
    }

    /// The name of the credential of that kind; the first where there are several.
    pub fn credential_of(&self, kind: CredentialKind) -> Option<&str> {
        self.credentials
            .iter()
            .find(|(_, spec)| spec.kind == kind)
            .map(|(name, _)| name.as_str())
    }

    /// The credentials that `operation` takes, the best first.
    pub fn uses<'a>(&'a self, operation: &'a Operation) -> &'a [String] {
        if let Some(uses) = &operation.uses {
            return uses;
        }
        operation
            .request
            .as_ref()
            .and_then(|request| self.bases.get(&request.base))
            .map_or(&[], |base| base.uses.as_slice())
    }
}
