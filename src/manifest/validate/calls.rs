//! Checks requests: undefined names, values that are not known yet, invalid locations.

use std::collections::BTreeSet;
use std::time::Duration;

use super::super::pagination::{
    LastPage, MAX_PAGES, Pagination, PaginationParameterIn, PaginationStyle,
};
use super::super::pointer::placeholder;
use super::super::schema::{
    BodyFormat, Field, Guard, Operation, ProgramSpec, RequestSpec, ResponseSpec, StepSpec,
};
use super::super::source::{IDENTITY, Piece, PublicKeyForm, Source, Template};
use super::super::times::Span;
use super::super::verb::Verb;
use super::Validator;
use super::names::{asked_first, inputs, undeclared};
use crate::core::error::closest_word;

/// The inputs that every operation accepts without declaring them.
const STANDARD_INPUTS: &[&str] = &["id", "name", "scopes", "expires", "email", "grace"];

/// Headers that carry secrets by their nature.
const SECRET_HEADERS: &[&str] = &[
    "authorization",
    "cookie",
    "x-api-key",
    "api-key",
    "proxy-authorization",
];

/// The most steps of one operation: more is a program.
const MAX_STEPS: usize = 20;

/// The longest time for a program or polling.
const MAX_WAIT: Duration = Duration::from_secs(600);

impl Validator<'_> {
    /// Checks the requests of an operation: their names exist and are known in time.
    pub(super) fn calls(&mut self, operation: &Operation, verb: Option<Verb>) {
        if let Some(uses) = &operation.auth {
            self.check_auth(uses, "auth");
        }
        let mut known = known_inputs(operation);
        known.extend(known_public_key(operation));
        known.extend(self.known_at_destination(verb));
        if verb == Some(Verb::Federate) {
            known.insert(Source::Credential(IDENTITY.to_owned()));
        }
        if operation.before.len() > MAX_STEPS {
            self.problem(
                "before",
                format!("an operation has at most {MAX_STEPS} steps: let a program do the rest"),
            );
        }
        for (index, step) in operation.before.iter().enumerate() {
            self.within(&["before", &index.to_string()], |validator| {
                validator.step(step, &known);
            });
            known.extend(captured_by(&step.name, &step.response));
        }
        self.response(&operation.response, &known);
        match &operation.request {
            Some(request) => self.request(request, &known),
            None if !operation.before.is_empty() => {
                self.problem(
                    "before",
                    "`before` has steps, but no `request` follows them: add it",
                );
            }
            None => {}
        }
        self.after(operation, verb);
        if let Some(details) = &operation.details {
            if verb != Some(Verb::List) {
                self.problem("details", "only `list` can have `details`: remove it");
            }
            self.within(&["details"], |validator| {
                validator.request(&details.request, &known);
                validator.response(&details.response, &known);
            });
        }
        if let Some(poll) = &operation.poll {
            if operation.response.secret.is_some() || operation.response.token.is_some() {
                self.problem(
                    "poll",
                    "`poll` cannot be used with a response that holds a secret: remove `poll`",
                );
            }
            let mut known = known.clone();
            known.extend(
                verb.into_iter()
                    .flat_map(|verb| captured_by(verb.name(), &operation.response)),
            );
            self.within(&["poll"], |validator| {
                validator.request(&poll.request, &known);
                validator.check_max_duration("at_most", poll.at_most);
            });
        }
        if let Some(paging) = &operation.pagination {
            self.within(&["pagination"], |validator| validator.paging(paging));
        }
        if !operation.response.variables.is_empty() && verb != Some(Verb::Login) {
            self.problem(
                "response.variables",
                "only the response to `login` can set variables: use `discover` in the variable instead",
            );
        }
        for (index, names) in operation.exclusive.iter().enumerate() {
            for name in names {
                if !known.contains(&Source::Input(name.clone())) {
                    let fix = format!("declare it: parameters = {{ {name} = {{}} }}");
                    let near = closest_word(name, inputs(&known));
                    let fix = asked_first(near, &fix);
                    self.problem(
                        &format!("exclusive.{index}"),
                        format!("`{name}` is not a parameter: {fix}"),
                    );
                }
            }
        }
        for (index, example) in operation.examples.iter().enumerate() {
            if example.exchanges.is_empty() && example.fails.is_none() {
                self.problem(
                    &format!("examples.{index}"),
                    "`exchanges` is empty: record a call, or name the expected error in `fails`",
                );
            }
        }
    }

    /// Checks the calls that come after the one which creates a key.
    fn after(&mut self, operation: &Operation, verb: Option<Verb>) {
        let Some(verb) = verb.filter(|verb| matches!(verb, Verb::Create | Verb::Rotate)) else {
            if !operation.after.is_empty() {
                self.problem(
                    "after",
                    "only `create` and `rotate` have calls after them: remove it",
                );
            }
            return;
        };
        let inputs = ["id", "name"].map(|name| Source::Input(name.to_owned()));
        let mut known = BTreeSet::from(inputs);
        known.extend(known_public_key(operation));
        known.extend(captured_by(verb.name(), &operation.response));
        for (index, step) in operation.after.iter().enumerate() {
            self.within(&["after", &index.to_string()], |validator| {
                if step.program.is_some() {
                    validator.problem("program", "after the call only calls follow");
                }
                validator.step_call(step, &known);
            });
            known.extend(captured_by(&step.name, &step.response));
        }
    }

    fn step(&mut self, step: &StepSpec, known: &BTreeSet<Source>) {
        self.step_call(step, known);
        if step.response.capture.is_empty() {
            self.problem(
                "response.capture",
                "this step captures nothing: add a capture, or remove the step",
            );
        }
    }

    fn step_call(&mut self, step: &StepSpec, known: &BTreeSet<Source>) {
        match (&step.request, &step.program) {
            (Some(request), None) => self.request(request, known),
            (None, Some(program)) => {
                self.within(&["program"], |validator| validator.program(program, known));
            }
            _ => self.problem("", "a step has either `request` or `program`"),
        }
        for Guard { from, .. } in &step.only_if {
            // A guard may test for a value that an earlier step of the same name should have found.
            if !matches!(from, Source::Step { .. }) {
                self.source(from, known);
            }
        }
        self.response(&step.response, known);
    }

    fn program(&mut self, program: &ProgramSpec, known: &BTreeSet<Source>) {
        let name = program.words.first().map(Template::pieces);
        match name {
            Some([Piece::Text(name)]) if self.manifest.programs.contains(name) => {}
            Some([Piece::Text(name)]) => {
                let programs = self.manifest.programs.iter().map(String::as_str);
                let near = closest_word(name, programs);
                let fix = asked_first(near, "add it to `programs` at the top");
                self.problem(
                    "words",
                    format!("`{name}` is not among the programs of the manifest: {fix}"),
                );
            }
            _ => self.problem(
                "words",
                "the first word must be the name of the program, without placeholders",
            ),
        }
        for source in program.words.iter().flat_map(Template::sources) {
            if is_secret(source) {
                self.problem(
                    "words",
                    format!("`{source}` is a secret, and other users can read the arguments of a program: pass it with `stdin`"),
                );
            }
            self.source(source, known);
        }
        if let Some(source) = &program.stdin {
            self.source(source, known);
        }
        self.check_max_duration("timeout", program.timeout);
    }

    fn check_max_duration(&mut self, key: &str, span: Option<Span>) {
        if span.is_some_and(|span| span.duration() > MAX_WAIT) {
            self.problem(key, "it can be at most ten minutes: write `10m`");
        }
    }

    pub(super) fn request(&mut self, request: &RequestSpec, known: &BTreeSet<Source>) {
        self.within(&["request"], |validator| {
            if !validator.manifest.servers.contains_key(&request.server) {
                let servers = validator.manifest.servers.keys().map(String::as_str);
                let message = undeclared("servers", &request.server, servers);
                validator.problem("server", message);
            }
            let good = !request.method.is_empty()
                && request
                    .method
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || c == '-');
            if !good {
                validator.problem("method", "a method is a word in capitals, such as `GET`");
            }
            if !request.path.as_written().starts_with('/') {
                validator.problem("path", "a path must start with `/`");
            }
            for source in request.path.sources() {
                validator.source(source, known);
            }
            if let Some(pair) = &request.basic {
                for source in pair.password.iter().chain([&pair.user]) {
                    validator.field_source(source, known);
                }
            }
            validator.fields(&request.query, "query", known);
            validator.fields(&request.dry_run, "dry_run", known);
            validator.fields(&request.headers, "headers", known);
            validator.fields(&request.cookies, "cookies", known);
            if let Some(body) = &request.body {
                validator.fields(body, "body", known);
                let is_json = request.format == BodyFormat::Json;
                for (index, field) in body.iter().enumerate().filter(|_| is_json) {
                    let place = format!("body.{index}.at");
                    if !field.at.is_empty() && !field.at.starts_with('/') {
                        validator.problem(
                            &place,
                            format!("in a JSON body it must be a JSON Pointer: `/{}`", field.at),
                        );
                    }
                    validator.written_pointer(&field.at, &place);
                    validator.placeholders(field.at.split('/').filter_map(placeholder), &place);
                }
            }
        });
    }

    pub(super) fn fields(&mut self, fields: &[Field], key: &str, known: &BTreeSet<Source>) {
        for (index, field) in fields.iter().enumerate() {
            let place = format!("{key}.{index}");
            match (&field.from, &field.value) {
                (Some(source), None) => self.field_source(source, known),
                (None, Some(_)) => {}
                (None, None) if field.is_made_here() || field.format.is_some() => {}
                _ => self.problem(&place, "say one of `from`, `value` and `format`"),
            }
            self.recipient(field, &place, known);
            for (key, under) in [("wrap_in", &field.wrap_in), ("wrap_each", &field.wrap_each)] {
                let Some(under) = under else { continue };
                if !under.starts_with('/') {
                    self.problem(
                        &place,
                        format!("`{key}` is a JSON Pointer: it starts with `/`"),
                    );
                }
                self.written_pointer(under, &format!("{place}.{key}"));
            }
            for source in field.format.iter().flat_map(Template::sources) {
                if *source != Source::Input("value".to_owned()) {
                    self.field_source(source, known);
                } else if field.from.is_none() && field.value.is_none() {
                    self.problem(&place, "`{value}` is the value of `from`: add it");
                }
            }
            if key != "headers" {
                continue;
            }
            self.header_name(&field.at, &place);
            let carries_secret = SECRET_HEADERS.contains(&field.at.to_ascii_lowercase().as_str());
            let declared = field
                .from
                .as_ref()
                .is_some_and(|source| is_secret(source) || matches!(source, Source::Step { .. }));
            if carries_secret && !declared {
                self.problem(
                    &place,
                    format!("`{}` carries a secret: declare it under [credentials] and name it in `auth`", field.at),
                );
            }
        }
    }

    pub(super) fn header_name(&mut self, name: &str, place: &str) {
        let is_name = !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        if !is_name {
            self.problem(
                place,
                format!("`{name}` is not a header name: letters, digits, `-` and `_`"),
            );
        }
    }

    /// Checks the values that places of a response are compared with.
    fn response(&mut self, response: &ResponseSpec, known: &BTreeSet<Source>) {
        self.within(&["response"], |validator| {
            for source in response.sources() {
                validator.source(source, known);
            }
        });
    }

    /// Refuses a pointer to several places, or behind the last, for a value that goes to one.
    pub(super) fn written_pointer(&mut self, pointer: &str, place: &str) {
        let parts = pointer.strip_prefix('/').into_iter();
        let mut parts = parts.flat_map(|parts| parts.split('/'));
        if let Some(part) = parts.find(|part| matches!(*part, "*" | "-")) {
            self.problem(
                place,
                format!("a value goes to one place, and `{part}` would be sent as a name: write the number of an element, such as `0`"),
            );
        }
    }

    fn paging(&mut self, paging: &Pagination) {
        for (key, name) in [("param", &paging.param), ("size_param", &paging.size_param)] {
            let in_body = paging.location == PaginationParameterIn::Body;
            if let Some(name) = name.as_ref().filter(|_| in_body) {
                self.written_pointer(name, key);
            }
        }
        let missing = match paging.style {
            PaginationStyle::Page | PaginationStyle::Offset | PaginationStyle::Cursor
                if paging.param.is_none() =>
            {
                Some("param")
            }
            PaginationStyle::Cursor | PaginationStyle::NextUrl
                if paging.next.is_none() && paging.last_item.is_none() =>
            {
                Some("next")
            }
            _ => None,
        };
        if let Some(key) = missing {
            self.problem(
                key,
                format!("this style of pagination needs `{key}`: add it"),
            );
        }
        let knows_the_end = paging.size.is_some()
            || paging.total.is_some()
            || paging.pages.is_some()
            || paging.more.is_some()
            || paging.last == LastPage::Empty
            || paging.end_status.is_some();
        if paging.style == PaginationStyle::Offset && !knows_the_end {
            self.problem(
                "size",
                "the end of the list cannot be determined: add `size`, `total`, `more` or `last`",
            );
        }
        if !(1..=MAX_PAGES).contains(&paging.max_pages) {
            self.problem("max_pages", format!("it must be between 1 and {MAX_PAGES}"));
        }
    }
}

pub(super) fn known_inputs(operation: &Operation) -> BTreeSet<Source> {
    let declared = operation.parameters.keys().map(String::as_str);
    declared
        .chain(STANDARD_INPUTS.iter().copied())
        .map(|name| Source::Input(name.to_owned()))
        .collect()
}

/// Returns the values that `step` captures from its response.
pub(super) fn captured_by(step: &str, response: &ResponseSpec) -> Vec<Source> {
    let source = |capture: &String| Source::Step {
        step: step.to_owned(),
        capture: capture.clone(),
    };
    response.capture.keys().map(source).collect()
}

/// Returns the forms of the public key that the requests of an operation may send.
fn known_public_key(operation: &Operation) -> impl Iterator<Item = Source> {
    let forms = PublicKeyForm::ALL.into_iter();
    forms
        .filter(|_| operation.key_pair.is_some())
        .map(Source::PublicKey)
}

fn is_secret(source: &Source) -> bool {
    matches!(
        source,
        Source::Credential(_) | Source::Refresh(_) | Source::Part { .. } | Source::Challenge(_)
    )
}
