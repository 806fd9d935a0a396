//! The fields of a request: the inputs that fill them, and the form of each.

use serde_json::Value;

use super::calls::{Body, BodySchema};
use super::document::{Document, Field};
use super::fields;
use super::words::{has, has_any, snake, words};
use super::write::{literal, quoted, said};
use crate::manifest::{escaped_part, unescaped_part};

/// The most parameters that are optional.
const MAX_OPTIONAL: usize = 15;

/// The words that a parameter of a call cannot have as its name.
const TAKEN: [&str; 7] = ["id", "name", "scopes", "expires", "email", "grace", "value"];

/// The fields of the body of `create`, and the parameters that fill them.
#[derive(Default)]
pub(super) struct Inputs {
    /// The fields as a manifest writes them.
    pub(super) body: Vec<String>,
    /// The parameters by name, each as a manifest writes it; an empty one may be anything.
    pub(super) parameters: Vec<(String, String)>,
    /// The names of fields, by the parameters that fill them.
    pub(super) carried: Vec<(String, String)>,
    /// The assumptions.
    pub(super) guesses: Vec<String>,
    /// The optional fields that are too many.
    pub(super) left_out: Vec<String>,
    pub(super) is_form: bool,
}

/// Returns the fields of a body.
pub(super) fn of_body<'d>(document: &'d Document, body: &Body<'d>) -> Vec<Field<'d>> {
    match &body.schema {
        BodySchema::One(schema) => document.fields(schema),
        BodySchema::Parameters(all) => {
            let field = |(name, schema, required): &(&'d str, &'d Value, bool)| Field {
                at: format!("/{}", escaped_part(name)),
                name,
                schema,
                required: *required,
            };
            all.iter().map(field).collect()
        }
    }
}

/// Returns the inputs of `create`.
pub(super) fn create<'d>(document: &'d Document, body: &Body<'d>, path: &str) -> Inputs {
    let mut all = of_body(document, body);
    // A field that the path names is not sent again.
    all.retain(|field| field.required || !path.contains(&format!("{{{}}}", field.name)));
    let writable: Vec<Field<'_>> = all
        .into_iter()
        .filter(|field| document.attribute(field.schema, "readOnly") != Some(&Value::Bool(true)))
        .collect();
    let mut inputs = Inputs {
        is_form: body.is_form,
        ..Inputs::default()
    };
    let name = fields::name_of(document, &writable).map(|field| field.at.clone());
    let expiry = fields::expiry_of(document, &writable).map(|field| field.at.clone());
    let mut optional = 0;
    let scopes = fields::scopes_of(document, &writable).map(|field| field.at.clone());
    for field in &writable {
        if Some(&field.at) == name.as_ref() {
            inputs.name(document, field);
        } else if Some(&field.at) == expiry.as_ref() {
            inputs.expiry(document, field);
        } else if Some(&field.at) == scopes.as_ref() {
            inputs.scopes(document, field);
        } else if field.required || optional < MAX_OPTIONAL {
            optional += usize::from(!field.required);
            inputs.parameter(document, field);
        } else {
            inputs.left_out.push(field.at.clone());
        }
    }
    inputs
}

/// Returns the location of a field as a request has it: a form has names, not JSON Pointers.
pub(super) fn place(at: &str, is_form: bool) -> String {
    match at.strip_prefix('/').filter(|_| is_form) {
        Some(name) => quoted(&unescaped_part(name)),
        None => quoted(at),
    }
}

/// Returns the only value that a field can have.
pub(super) fn constant(document: &Document, field: &Field<'_>) -> Option<String> {
    let words = document.words(field.schema);
    let [_] = words.as_slice() else { return None };
    let value = document
        .attribute(field.schema, "const")
        .or_else(|| document.attribute(field.schema, "enum")?.get(0))?;
    literal(value)
}

impl Inputs {
    fn place(&self, field: &Field<'_>) -> String {
        place(&field.at, self.is_form)
    }

    fn name(&mut self, document: &Document, field: &Field<'_>) {
        let line = format!("{{ at = {}, from = \"name\" }}", self.place(field));
        self.body.push(line);
        self.constraint(document, field, "name", &[]);
    }

    fn expiry(&mut self, document: &Document, field: &Field<'_>) {
        let (form, is_guess) = expiry_form(document, field);
        let place = self.place(field);
        self.body.push(format!(
            "{{ at = {place}, from = \"expires\", as = \"{form}\" }}"
        ));
        if is_guess {
            self.guesses
                .push(format!("the expiry at {} is sent as `{form}`", field.at));
        }
        let span = |key: &str| {
            let number = document
                .attribute(field.schema, key)
                .and_then(Value::as_u64)?;
            let unit = match form {
                "days" => "d",
                "hours" => "h",
                "minutes" => "m",
                "seconds" => "s",
                _ => return None,
            };
            (number > 0 && number < 400_000_000).then(|| format!("{number}{unit}"))
        };
        let mut more = Vec::new();
        if let Some(most) = span("maximum") {
            more.push(format!("max = {}", quoted(&most)));
        }
        if let Some(least) = span("minimum") {
            more.push(format!("min = {}", quoted(&least)));
        }
        if field.required {
            more.insert(0, "required = true".to_owned());
        }
        if !more.is_empty() {
            self.parameters
                .push(("expires".to_owned(), format!("{{ {} }}", more.join(", "))));
        }
    }

    fn scopes(&mut self, document: &Document, field: &Field<'_>) {
        let place = self.place(field);
        let choices = if let Some(items) = document.items(field.schema) {
            self.body
                .push(format!("{{ at = {place}, from = \"scopes\" }}"));
            document.words(items)
        } else {
            let said = document
                .text(field.schema, "description")
                .to_ascii_lowercase();
            // The `scope` of OAuth has spaces.
            let has_spaces =
                said.contains("space") || field.name == "scope" && !said.contains("comma");
            let form = if has_spaces { "space" } else { "comma" };
            self.body.push(format!(
                "{{ at = {place}, from = \"scopes\", as = \"{form}\" }}"
            ));
            if !said.contains(form) {
                self.guesses.push(format!(
                    "several scopes at {} have a {form} between them",
                    field.at
                ));
            }
            document.words(field.schema)
        };
        self.constraint(document, field, "scopes", &choices);
    }

    fn parameter(&mut self, document: &Document, field: &Field<'_>) {
        let words = document.words(field.schema);
        let place = self.place(field);
        if let Some(constant) = constant(document, field).filter(|_| field.required) {
            self.body
                .push(format!("{{ at = {place}, value = {constant} }}"));
            return;
        }
        let name = self.free_name(field);
        let form = match document.kind(field.schema) {
            "integer" => ", as = \"integer\"",
            "boolean" => ", as = \"boolean\"",
            "array" if document.lists_texts(field.schema) => ", as = \"list\"",
            "number" | "object" | "array" => ", as = \"json\"",
            _ => "",
        };
        self.body
            .push(format!("{{ at = {place}, from = \"{name}\"{form} }}"));
        self.constraint(document, field, &name, &words);
        self.carried.push((name, field.at.clone()));
    }

    fn free_name(&self, field: &Field<'_>) -> String {
        let taken = |name: &str| {
            TAKEN.contains(&name) || self.parameters.iter().any(|(known, _)| known == name)
        };
        let parts: Vec<&str> = field.at.split('/').collect();
        let mut name = snake(field.name);
        for start in (1..parts.len().saturating_sub(1)).rev() {
            if !taken(&name) && !name.is_empty() {
                break;
            }
            name = snake(&parts[start..].join("_"));
        }
        while taken(&name) || name.is_empty() {
            name = if name.is_empty() {
                "field".to_owned()
            } else {
                format!("key_{name}")
            };
        }
        name
    }

    /// Returns the parameters that a key in the list shows again, but for what makes it this key and no other: the
    /// locations in `own`.
    pub(super) fn carried_by(
        self,
        document: &Document,
        item: Option<&Value>,
        own: &[&str],
    ) -> Vec<(String, String)> {
        let shown = item.map(|item| document.fields(item)).unwrap_or_default();
        let has = |at: &str| {
            let mut all = shown.iter();
            !own.contains(&at)
                && all.any(|one| one.at == at && document.kind(one.schema) != "object")
        };
        self.carried.into_iter().filter(|(_, at)| has(at)).collect()
    }

    /// Declares a parameter with its bounds.
    fn constraint(
        &mut self,
        document: &Document,
        field: &Field<'_>,
        name: &str,
        choices: &[String],
    ) {
        let mut parts = Vec::new();
        if field.required && document.attribute(field.schema, "default").is_none() {
            parts.push("required = true".to_owned());
        }
        let number = |key: &str| {
            document
                .attribute(field.schema, key)
                .and_then(Value::as_u64)
        };
        if document.kind(field.schema) == "string" {
            parts.extend(
                number("minLength")
                    .filter(|least| *least > 1)
                    .map(|least| format!("min_length = {least}")),
            );
            parts.extend(number("maxLength").map(|most| format!("max_length = {most}")));
        }
        if !choices.is_empty() && choices.len() <= 200 {
            let all: Vec<String> = choices.iter().map(|word| quoted(word)).collect();
            parts.push(format!("choices = [{}]", all.join(", ")));
        }
        let is_own = !matches!(name, "name" | "scopes");
        let about = said(document.text(field.schema, "description"));
        if is_own && !about.is_empty() {
            parts.push(format!("about = {}", quoted(&about)));
        }
        if is_own || !parts.is_empty() {
            let text = if parts.is_empty() {
                "{}".to_owned()
            } else {
                format!("{{ {} }}", parts.join(", "))
            };
            self.parameters.push((name.to_owned(), text));
        }
    }
}

/// Returns the form of a time in a request, and whether it is a guess.
fn expiry_form(document: &Document, field: &Field<'_>) -> (&'static str, bool) {
    let name = words(field.name);
    let text = document.descriptions(field.schema).to_ascii_lowercase();
    let says = |word: &str| has(&name, word) || text.contains(word);
    match (
        document.kind(field.schema),
        document.text(field.schema, "format"),
    ) {
        (_, "date-time") => ("rfc3339", false),
        (_, "date") => ("date", false),
        ("integer" | "number", format) => {
            let is_moment = [
                "at",
                "on",
                "date",
                "timestamp",
                "time",
                "until",
                "expiration",
                "expiry",
                "expires",
            ];
            let is_span = [
                "in", "ttl", "lifetime", "duration", "day", "second", "hour", "minute", "validity",
            ];
            if says("day") && !text.contains("unix") && !text.contains("epoch") {
                ("days", false)
            } else if has_any(&name, &is_span) {
                let unit = if says("minute") {
                    "minutes"
                } else if says("hour") {
                    "hours"
                } else if says("millisecond") {
                    "milliseconds"
                } else {
                    "seconds"
                };
                (unit, !says("second") && !says("minute") && !says("hour"))
            } else if text.contains("millisecond") || has(&name, "ms") {
                ("unix-ms", false)
            } else if text.contains("unix") || text.contains("epoch") || text.contains("timestamp")
            {
                ("unix", false)
            } else if text.contains("second") {
                ("seconds", true)
            } else if has_any(&name, &is_moment) {
                ("unix", format != "unix")
            } else {
                ("seconds", true)
            }
        }
        _ if text.contains("yyyy-mm-dd") && !text.contains("hh:mm") => ("date", false),
        _ if text.contains("rfc3339")
            || text.contains("rfc 3339")
            || text.contains("iso 8601")
            || text.contains("iso8601") =>
        {
            ("rfc3339", false)
        }
        _ if has_any(&name, &["in", "ttl", "duration", "lifetime"])
            || text.contains("duration") && !has_any(&name, &["at", "on", "date", "until"]) =>
        {
            ("duration", true)
        }
        _ => ("rfc3339", true),
    }
}
