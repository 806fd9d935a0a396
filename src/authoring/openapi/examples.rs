//! Recorded calls out of the examples of a description.

use std::fmt::Write;

use serde_json::Value;

use super::calls::{Call, Response};
use super::document::{Document, entries};
use super::fields::KeyPlaces;
use super::inputs::Inputs;
use super::requests::Written;
use super::samples::{Sent, make_last, sample, sent};
use super::write::{Variable, quoted};
use crate::manifest::plain_text;

/// The longest example that is taken, in bytes.
const MAX_EXAMPLE_BYTES: usize = 4000;

/// The maker of examples.
#[derive(Default)]
pub(super) struct Examples {
    /// The URL of the API, with its variables.
    pub(super) url: String,
}

/// The name of an example that is made up.
pub(super) const MADE_UP: &str = "made up from the schema";

/// The name of an example that the document has.
const DOCUMENTED: &str = "the example of the document";

/// The id of a key in an example without one.
const SOME_ID: &str = "example-1";

/// Returns the body of a response, and the name of the example that it makes.
fn shown(document: &Document, response: &Response<'_>) -> Option<(Value, &'static str)> {
    if let Some(value) = of_response(document, response) {
        return Some((value.clone(), DOCUMENTED));
    }
    let value = (!response.schema.is_null()).then(|| sample(document, response.schema))?;
    (value.to_string().len() <= MAX_EXAMPLE_BYTES).then_some((value, MADE_UP))
}

/// Returns the example of a response.
fn of_response<'d>(document: &'d Document, response: &Response<'d>) -> Option<&'d Value> {
    let media = response.media;
    let old = entries(&response.whole["examples"])
        .find(|(kind, _)| kind.contains("json"))
        .map(|(_, value)| value);
    let named = entries(&media["examples"]).map(|(_, one)| &document.resolve(one)["value"]);
    let schema = document.resolve(response.schema);
    let all = old
        .into_iter()
        .chain([&media["example"]])
        .chain(named)
        .chain([&schema["example"]]);
    let mut known = all.filter(|value| value.is_object() || value.is_array());
    known.find(|value| value.to_string().len() <= MAX_EXAMPLE_BYTES)
}

/// Returns the keys of an exchange that say the response.
fn answered(response: &Response<'_>, value: &Value) -> String {
    format!(
        "status = {}, response = {}",
        response.status,
        quoted(&value.to_string())
    )
}

/// Returns the value that a variable has in an example.
fn value_of(variable: &Variable) -> String {
    let known = variable.choices.first().or(variable.default.as_ref());
    known
        .cloned()
        .unwrap_or_else(|| format!("example-{}", variable.name.replace('_', "-")))
}

fn filled(text: &str, variables: &[Variable], id: &str, name: &str) -> String {
    let mut text = text.replace("{id}", id).replace("{name}", name);
    for variable in variables {
        text = text.replace(&format!("{{var.{}}}", variable.name), &value_of(variable));
    }
    text
}

fn encoded(text: &str) -> String {
    let plain: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    plain.replace('+', "%20")
}

/// Returns the scalar at a location as it is written in `[key]`.
fn at_place(place: &str, value: &Value) -> Option<String> {
    let pointer = place.trim_matches(['"', '\'']);
    plain_text(value.pointer(pointer)?)
}

impl Examples {
    fn exchange(
        &self,
        written: &Written,
        variables: &[Variable],
        id: &str,
        more: &str,
        rest: &str,
    ) -> String {
        let mut address = filled(
            &format!("{}{}", self.url, written.path),
            variables,
            &encoded(id),
            "ci",
        );
        let mut query: Vec<String> = Vec::new();
        for (name, rest) in &written.query {
            let value = if let Some(constant) = rest.strip_prefix("value = ") {
                constant.trim_matches(['"', '\'']).to_owned()
            } else if rest == "from = \"id\"" {
                id.to_owned()
            } else {
                let named = rest
                    .trim_start_matches("from = \"var.")
                    .trim_end_matches('"');
                variables
                    .iter()
                    .find(|one| one.name == named)
                    .map(value_of)
                    .unwrap_or_default()
            };
            query.push(format!("{name}={}", encoded(&value)));
        }
        if !more.is_empty() {
            query.push(more.to_owned());
        }
        if !query.is_empty() {
            let _ = write!(address, "?{}", query.join("&"));
        }
        let request = quoted(&format!("{} {address}", written.method));
        format!("exchanges = [\n  {{ request = {request}, {rest} }},\n]\n")
    }

    fn head(name: &str, variables: &[Variable], input: &[(String, String)]) -> String {
        let mut text = format!("name = {}\n", quoted(name));
        if !input.is_empty() {
            let all: Vec<String> = input
                .iter()
                .map(|(name, value)| format!("{name} = {value}"))
                .collect();
            let _ = writeln!(text, "input = {{ {} }}", all.join(", "));
        }
        if !variables.is_empty() {
            let all: Vec<String> = variables
                .iter()
                .map(|one| format!("{} = {}", one.name, quoted(&value_of(one))))
                .collect();
            let _ = writeln!(text, "variables = {{ {} }}", all.join(", "));
        }
        text
    }

    /// Returns an example of the list.
    pub(super) fn list(
        &self,
        document: &Document,
        call: &Call<'_>,
        written: &Written,
        variables: &[Variable],
        (items, inner, paging): (&str, &str, Option<&str>),
        (key, listed): (&KeyPlaces, &Value),
    ) -> Option<String> {
        let response = call.success(document)?;
        let (mut value, name) = shown(document, &response)?;
        if name == MADE_UP {
            make_last(&mut value, paging.unwrap_or_default());
        } else {
            let first = value.pointer_mut(items)?.get_mut(0)?;
            complete(document, listed, first.pointer_mut(inner));
        }
        let all = value.pointer(items)?.as_array()?;
        let first = all.first()?;
        let id = at_place(key.get("id")?, first.pointer(inner).unwrap_or(first))?;
        let part = |name: &str| {
            let (_, rest) = paging?.split_once(&format!("{name} = "))?;
            rest.split([',', ' '])
                .next()
                .map(|value| value.trim_matches('"').to_owned())
        };
        let mut more = Vec::new();
        if let (Some(name), Some(size)) = (part("size_param"), part(" size")) {
            more.push(format!("{}={size}", encoded(&name)));
        }
        let style = part("style").unwrap_or_default();
        if let (Some(name), "page" | "offset") = (part(" param"), style.as_str()) {
            let first =
                part("first").unwrap_or_else(|| if style == "page" { "1" } else { "0" }.to_owned());
            more.push(format!("{}={first}", encoded(&name)));
        }
        let rest = answered(&response, &value);
        let mut text = Self::head(name, variables, &[]);
        text.push_str(&self.exchange(written, variables, "", &more.join("&"), &rest));
        let _ = writeln!(
            text,
            "expect = [{{ id = {} }}{}]",
            quoted(&id),
            ", {}".repeat(all.len() - 1)
        );
        Some(text)
    }

    /// Returns an example of one key.
    pub(super) fn one(
        &self,
        document: &Document,
        call: &Call<'_>,
        written: &Written,
        variables: &[Variable],
        (key, described): (&KeyPlaces, &Value),
        parts: &[String],
    ) -> Option<String> {
        let response = call.success(document)?;
        let (mut value, name) = shown(document, &response)?;
        if name == DOCUMENTED {
            let at = record_at(parts, &value);
            complete(document, described, value.pointer_mut(at));
        }
        let id = at_place(key.get("id")?, recorded(&value, parts))?;
        let mut rest = answered(&response, &value);
        // A request may name the key in its body.
        if !written.body.is_empty() {
            let filled = sent(&written.body, written.is_form, &Inputs::default(), &id)?;
            rest = format!("body = {}, {rest}", quoted(&filled.body));
        }
        let mut text = Self::head(name, variables, &[("id".to_owned(), quoted(&id))]);
        text.push_str(&self.exchange(written, variables, &id, "", &rest));
        let _ = writeln!(text, "expect = {{ id = {} }}", quoted(&id));
        Some(text)
    }

    /// Returns an example of a creation, with the parameters that are required.
    pub(super) fn create(
        &self,
        document: &Document,
        call: &Call<'_>,
        written: &Written,
        variables: &[Variable],
        inputs: &Inputs,
        (key, described, parts): (&KeyPlaces, &Value, &[String]),
    ) -> Option<String> {
        let response = call.success(document)?;
        let (mut value, name) = shown(document, &response)?;
        if name == DOCUMENTED {
            let at = record_at(parts, &value);
            complete(document, described, value.pointer_mut(at));
        }
        let Sent {
            inputs: mut given,
            body,
        } = sent(&inputs.body, inputs.is_form, inputs, SOME_ID)?;
        if written.path.contains("{name}") && !given.iter().any(|(name, _)| name == "name") {
            given.push(("name".to_owned(), "\"ci\"".to_owned()));
        }
        let has_body = call.body(document).is_some();
        let sent = if has_body {
            format!("body = {}, ", quoted(&body))
        } else {
            String::new()
        };
        let rest = format!("{sent}{}", answered(&response, &value));
        let mut text = Self::head(name, variables, &given);
        text.push_str(&self.exchange(written, variables, "", "", &rest));
        if let Some(id) = key
            .get("id")
            .and_then(|place| at_place(place, recorded(&value, parts)))
        {
            let _ = writeln!(text, "expect = {{ id = {} }}", quoted(&id));
        }
        Some(text)
    }

    /// Returns an example of a call that changes one key; `lines` are the fields of its body, if it has one.
    pub(super) fn change(
        &self,
        document: &Document,
        call: &Call<'_>,
        written: &Written,
        variables: &[Variable],
        lines: Option<&[String]>,
    ) -> Option<String> {
        let response = call.success(document)?;
        let answered = if response.schema.is_null() {
            format!("status = {}", response.status)
        } else {
            answered(&response, &shown(document, &response)?.0)
        };
        let all: Vec<String> = written
            .body
            .iter()
            .chain(lines.into_iter().flatten())
            .cloned()
            .collect();
        let filled = sent(&all, written.is_form, &Inputs::default(), SOME_ID)?;
        let body = if lines.is_some() || !all.is_empty() {
            format!("body = {}, ", quoted(&filled.body))
        } else {
            String::new()
        };
        let id = ("id".to_owned(), quoted(SOME_ID));
        let inputs: Vec<(String, String)> = std::iter::once(id).chain(filled.inputs).collect();
        let mut example = Self::head(MADE_UP, variables, &inputs);
        let rest = format!("{body}{answered}");
        example.push_str(&self.exchange(written, variables, SOME_ID, "", &rest));
        Some(example)
    }

    /// Returns an example of the call that shows whether a key works.
    pub(super) fn verification(
        &self,
        document: &Document,
        call: &Call<'_>,
        written: &Written,
        variables: &[Variable],
    ) -> Option<String> {
        let response = call.success(document)?;
        let (value, name) = shown(document, &response)?;
        let mut text = Self::head(name, variables, &[]);
        text.push_str(&self.exchange(written, variables, "", "", &answered(&response, &value)));
        text.push_str("expect = { result = \"valid\" }\n");
        Some(text)
    }
}

/// Adds the fields of a schema that an example leaves out, as `null`.
fn complete(document: &Document, schema: &Value, object: Option<&mut Value>) {
    if let Some(object) = object.and_then(Value::as_object_mut) {
        for property in document.properties(schema) {
            object.entry(property.name).or_insert(Value::Null);
        }
    }
}

/// Returns the location of the record of a key in a response.
fn record_at<'p>(parts: &'p [String], value: &Value) -> &'p str {
    let at = parts.iter().find_map(|part| part.strip_prefix("record = "));
    at.map(|at| at.trim_matches(['"', '\'']))
        .filter(|at| value.pointer(at).is_some())
        .unwrap_or_default()
}

/// Returns the record of a key in a response.
fn recorded<'v>(value: &'v Value, parts: &[String]) -> &'v Value {
    let at = record_at(parts, value);
    value.pointer(at).unwrap_or(value)
}
