//! What types cannot catch in a manifest.

mod pointers;

use std::collections::BTreeSet;

use super::paging::{Paging, PagingStyle};
use super::reading::Reads;
use super::schema::{BodyFormat, Effect, Field, Manifest, Operation, RequestSpec, Strategy};
use super::source::{PASSWORD, Source};
use super::verb::Verb;

/// A mistake in a manifest.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, from the top.
    pub path: Vec<String>,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// What every operation may be handed without declaring it.
const USUAL_INPUTS: &[&str] = &["id", "name", "scopes", "expires", "email"];

/// Headers that carry secrets by their nature.
const SECRET_HEADERS: &[&str] = &[
    "authorization",
    "cookie",
    "x-api-key",
    "api-key",
    "proxy-authorization",
];

/// Everything that is wrong with a manifest whose types are right.
pub fn check(manifest: &Manifest) -> Vec<Problem> {
    let mut look = Look {
        manifest,
        path: Vec::new(),
        problems: Vec::new(),
    };
    look.top();
    for (name, base) in &manifest.bases {
        look.within(&["bases", name], |look| {
            look.uses(&base.uses, "uses");
            look.fields(&base.headers, "headers", &BTreeSet::new());
            for source in base.url.sources() {
                look.source(source, &BTreeSet::new());
            }
            if !base.url.as_written().starts_with("https://") {
                look.problem(
                    "url",
                    "a base is `https://…`: another address is given with `--base-url`",
                );
            }
        });
    }
    for (name, spec) in &manifest.credentials {
        look.within(&["credentials", name], |look| {
            if spec.place.is_empty() {
                look.problem(
                    "place",
                    "it goes nowhere: say in which header, query or cookie a request carries it",
                );
            }
            if let Some(verify) = &spec.verify {
                look.within(&["verify"], |look| look.calls(verify, None));
            }
        });
    }
    for (verb, operation) in &manifest.operations {
        look.within(&["operations", verb.name()], |look| {
            look.operation(*verb, operation);
        });
    }
    look.problems.extend(pointers::to_nothing(manifest));
    look.problems
}

struct Look<'m> {
    manifest: &'m Manifest,
    path: Vec<String>,
    problems: Vec<Problem>,
}

impl Look<'_> {
    fn within(&mut self, parts: &[&str], look: impl FnOnce(&mut Self)) {
        let depth = self.path.len();
        self.path
            .extend(parts.iter().map(|part| (*part).to_owned()));
        look(self);
        self.path.truncate(depth);
    }

    fn problem(&mut self, key: &str, message: impl Into<String>) {
        let mut path = self.path.clone();
        if !key.is_empty() {
            path.extend(key.split('.').map(str::to_owned));
        }
        self.problems.push(Problem {
            path,
            message: message.into(),
        });
    }

    fn top(&mut self) {
        let manifest = self.manifest;
        if manifest.bases.is_empty() {
            self.problem(
                "bases",
                "there is no address: write [bases.api] with its `url`",
            );
        }
        if manifest.credentials.is_empty() {
            self.problem(
                "credentials",
                "there is no credential: write [credentials.key]",
            );
        }
        if manifest.checked.parse::<jiff::civil::Date>().is_err() {
            self.problem("checked", "write the day as `2026-11-20`");
        }
        if manifest.one_key && manifest.limits.max_keys != Some(1) {
            self.problem("limits.max_keys", "with `one_key = true` it is 1");
        }
        let replaces = manifest
            .operation(Verb::Create)
            .is_some_and(|create| create.effect == Effect::ReplacesOwn);
        match manifest.rotation.strategy {
            Strategy::Replace if !replaces => {
                self.problem(
                    "rotation.strategy",
                    "`replace` needs a create with `effect = \"replaces-own\"`",
                );
            }
            Strategy::Atomic if !self.is_native(Verb::Rotate) => {
                self.problem(
                    "rotation.strategy",
                    "`atomic` needs a native [operations.rotate]",
                );
            }
            Strategy::Overlap if !self.is_native(Verb::Create) => {
                self.problem(
                    "rotation.strategy",
                    "`overlap` needs a native [operations.create]",
                );
            }
            _ => {}
        }
        for (index, rule) in manifest.errors.rules.iter().enumerate() {
            let says_nothing = rule.status.is_none()
                && rule.code.is_empty()
                && rule.message.is_none()
                && rule.when.is_empty();
            if says_nothing {
                self.problem(
                    &format!("errors.rules.{index}"),
                    "it fits every error: say `status`, `code`, `message` or `when`",
                );
            }
        }
    }

    fn is_native(&self, verb: Verb) -> bool {
        self.manifest
            .operation(verb)
            .is_some_and(|operation| operation.request.is_some())
    }

    fn operation(&mut self, verb: Verb, operation: &Operation) {
        let ways = [
            operation.request.is_some(),
            operation.via.is_some(),
            operation.manual.is_some(),
            operation.unsupported.is_some(),
        ];
        if ways.iter().filter(|way| **way).count() != 1 {
            self.problem(
                "",
                "say one of `request`, `via`, `manual` and `unsupported`",
            );
        }
        if let Some(other) = operation.via
            && !self.is_native(other)
        {
            self.problem("via", format!("there is no native [operations.{other}]"));
        }
        self.calls(operation, Some(verb));
        if let Some(request) = &operation.request {
            self.answers(verb, operation, request);
        }
    }

    /// The requests of an operation: names that exist, in an order in which they are known.
    fn calls(&mut self, operation: &Operation, verb: Option<Verb>) {
        if let Some(uses) = &operation.uses {
            self.uses(uses, "uses");
        }
        let mut known: BTreeSet<Source> = operation
            .inputs
            .keys()
            .map(|name| Source::Input(name.clone()))
            .collect();
        known.extend(
            USUAL_INPUTS
                .iter()
                .map(|name| Source::Input((*name).to_owned())),
        );
        if verb == Some(Verb::Login) {
            known.insert(Source::Credential(PASSWORD.to_owned()));
        }
        for (index, step) in operation.steps.iter().enumerate() {
            self.within(&["steps", &index.to_string()], |look| {
                look.request(&step.request, &known);
                if step.answer.capture.is_empty() {
                    look.problem(
                        "answer.capture",
                        "a step captures something, or nobody needs it",
                    );
                }
            });
            known.extend(step.answer.capture.keys().map(|capture| Source::Step {
                step: step.name.clone(),
                capture: capture.clone(),
            }));
        }
        match &operation.request {
            Some(request) => self.request(request, &known),
            None if !operation.steps.is_empty() => {
                self.problem("steps", "there are steps, but no `request` after them");
            }
            None => {}
        }
        if let Some(paging) = &operation.paging {
            self.within(&["paging"], |look| look.paging(paging));
        }
        for (index, example) in operation.examples.iter().enumerate() {
            if example.exchanges.is_empty() && example.fails.is_none() {
                self.problem(
                    &format!("examples.{index}"),
                    "there is nothing in `exchanges`",
                );
            }
        }
    }

    fn request(&mut self, request: &RequestSpec, known: &BTreeSet<Source>) {
        self.within(&["request"], |look| {
            if !look.manifest.bases.contains_key(&request.base) {
                look.problem("base", format!("there is no [bases.{}]", request.base));
            }
            let good = !request.method.is_empty()
                && request
                    .method
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || c == '-');
            if !good {
                look.problem("method", "a method is a word in capitals, `GET`");
            }
            if !request.path.as_written().starts_with('/') {
                look.problem("path", "a path starts with `/`");
            }
            for source in request.path.sources() {
                look.source(source, known);
            }
            look.fields(&request.query, "query", known);
            look.fields(&request.headers, "headers", known);
            if let Some(body) = &request.body {
                look.fields(body, "body", known);
                let needs_pointer = request.format == BodyFormat::Json;
                for (index, field) in body.iter().enumerate() {
                    if needs_pointer && !field.at.starts_with('/') {
                        look.problem(
                            &format!("body.{index}.at"),
                            format!("in a JSON body it is a JSON Pointer: `/{}`", field.at),
                        );
                    }
                }
            }
        });
    }

    fn fields(&mut self, fields: &[Field], key: &str, known: &BTreeSet<Source>) {
        for (index, field) in fields.iter().enumerate() {
            let place = format!("{key}.{index}");
            match (&field.from, &field.value) {
                (Some(source), None) => self.source(source, known),
                (None, Some(_)) => {}
                _ => self.problem(&place, "say either `from` or `value`"),
            }
            if key != "headers" {
                continue;
            }
            let is_name = !field.at.is_empty()
                && field
                    .at
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
            if !is_name {
                self.problem(&place, format!("`{}` is no name of a header", field.at));
            }
            let carries_secret = SECRET_HEADERS.contains(&field.at.to_ascii_lowercase().as_str());
            let declared = matches!(
                &field.from,
                Some(Source::Credential(_) | Source::Refresh(_) | Source::Step { .. })
            );
            if carries_secret && !declared {
                self.problem(
                    &place,
                    format!("`{}` carries a secret: declare it under [credentials] and name it in `uses`", field.at),
                );
            }
        }
    }

    fn source(&mut self, source: &Source, known: &BTreeSet<Source>) {
        let manifest = self.manifest;
        let found = match source {
            Source::Variable(name) => manifest.variables.contains_key(name),
            Source::Credential(name) => {
                manifest.credentials.contains_key(name) || known.contains(source)
            }
            Source::Refresh(name) => manifest.credentials.contains_key(name),
            Source::Input(_) | Source::Step { .. } => known.contains(source),
        };
        if found {
            return;
        }
        let mend = match source {
            Source::Variable(name) => format!("declare it: [variables.{name}]"),
            Source::Credential(name) | Source::Refresh(name) => {
                format!("declare it: [credentials.{name}]")
            }
            Source::Input(name) => format!("declare it: inputs = {{ {name} = {{}} }}"),
            Source::Step { step, capture } => {
                format!("an earlier step `{step}` has to capture `{capture}`")
            }
        };
        self.problem("", format!("`{source}` is not known here; {mend}"));
    }

    fn uses(&mut self, uses: &[String], key: &str) {
        for name in uses {
            if !self.manifest.credentials.contains_key(name) {
                self.problem(key, format!("there is no [credentials.{name}]"));
            }
        }
    }

    fn paging(&mut self, paging: &Paging) {
        let missing = match paging.style {
            PagingStyle::Page | PagingStyle::Offset | PagingStyle::Cursor
                if paging.param.is_none() =>
            {
                Some("param")
            }
            PagingStyle::Cursor | PagingStyle::NextUrl
                if paging.next.is_none() && paging.last_item.is_none() =>
            {
                Some("next")
            }
            _ => None,
        };
        if let Some(key) = missing {
            self.problem(key, "this style of paging needs it");
        }
        let knows_the_end = paging.size.is_some()
            || paging.total.is_some()
            || paging.more.is_some()
            || paging.end_status.is_some();
        if paging.style == PagingStyle::Offset && !knows_the_end {
            self.problem(
                "size",
                "nothing says where the list ends: say `size`, `total` or `more`",
            );
        }
    }

    /// What a verb cannot do without in its answer, and in its request.
    fn answers(&mut self, verb: Verb, operation: &Operation, request: &RequestSpec) {
        let answer = &operation.answer;
        match verb {
            Verb::Create | Verb::Rotate if answer.secret.is_none() => {
                self.problem("answer.secret", "where is the new secret?");
            }
            Verb::Login | Verb::Refresh | Verb::Exchange => {
                if answer.token.is_none() {
                    self.problem("answer.token", "where is the token?");
                }
                match &operation.yields {
                    Some(name) if self.manifest.credentials.contains_key(name) => {}
                    _ => self.problem("yields", "which of the credentials does the answer hold?"),
                }
            }
            _ => {}
        }
        let id = Source::Input("id".to_owned());
        let needs_id =
            matches!(verb, Verb::Show | Verb::Rename | Verb::Revoke) && !self.manifest.one_key;
        if needs_id
            && !names(request, &id)
            && !operation.steps.iter().any(|step| names(&step.request, &id))
        {
            self.problem(
                "request",
                "it does not say which key: use `{id}` in the path, or `from = \"id\"`",
            );
        }
        let secret = answer.secret.as_ref();
        let shows = |reads: &Option<Reads>| {
            let pointers = |reads: &Reads| -> BTreeSet<String> {
                reads
                    .0
                    .iter()
                    .filter_map(|read| Some(read.at.as_ref()?.to_string()))
                    .collect()
            };
            match (secret, reads) {
                (Some(secret), Some(reads)) => !pointers(secret).is_disjoint(&pointers(reads)),
                _ => false,
            }
        };
        for (key, reads) in [("name", &answer.key.name), ("id", &answer.key.id)] {
            if shows(reads) {
                self.problem(&format!("answer.key.{key}"), "this is where the secret is");
            }
        }
    }
}

fn names(request: &RequestSpec, wanted: &Source) -> bool {
    let body = request.body.iter().flatten();
    request.path.sources().any(|source| source == wanted)
        || request
            .query
            .iter()
            .chain(&request.headers)
            .chain(body)
            .any(|field| field.from.as_ref() == Some(wanted))
}

#[cfg(test)]
mod tests;
