//! Recorded calls out of the examples of a description.

use std::fmt::Write;

use serde_json::{Map, Value};

use super::calls::{Call, Response};
use super::document::{Document, entries};
use super::fields::KeyPlaces;
use super::inputs::Inputs;
use super::requests::Written;
use super::write::{Variable, quoted};
use crate::manifest::{plain_text, unescaped_part};

/// The longest example that is taken, in bytes.
const MAX_EXAMPLE_BYTES: usize = 4000;

/// The maker of examples.
#[derive(Default)]
pub(super) struct Examples {
    /// The URL of the API, with its variables.
    pub(super) url: String,
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
        let value = of_response(document, &response)?;
        let mut value = value.clone();
        complete(
            document,
            listed,
            value.pointer_mut(items)?.get_mut(0)?.pointer_mut(inner)?,
        );
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
        let mut text = Self::head("the example of the document", variables, &[]);
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
        key: &KeyPlaces,
        parts: &[String],
    ) -> Option<String> {
        let response = call.success(document)?;
        let value = of_response(document, &response)?;
        let id = at_place(key.get("id")?, recorded(value, parts))?;
        let rest = answered(&response, value);
        let mut text = Self::head(
            "the example of the document",
            variables,
            &[("id".to_owned(), quoted(&id))],
        );
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
        (key, parts): (&KeyPlaces, &[String]),
    ) -> Option<String> {
        let response = call.success(document)?;
        let value = of_response(document, &response)?;
        if inputs.is_form {
            return None;
        }
        let required = |name: &str| {
            inputs
                .parameters
                .iter()
                .find(|(known, rest)| known == name && rest.contains("required = true"))
        };
        let mut body = Value::Object(Map::new());
        let mut input = Vec::new();
        for line in &inputs.body {
            let at = line.split("at = \"").nth(1)?.split('"').next()?;
            if let Some((_, constant)) = line.split_once(", value = ") {
                let constant = constant.trim_end_matches(" }");
                put(&mut body, at, serde_json::from_str(constant).ok()?);
                continue;
            }
            let name = line.split("from = \"").nth(1)?.split('"').next()?;
            let Some((_, rest)) = required(name) else {
                if name == "name" {
                    input.push(("name".to_owned(), "\"ci\"".to_owned()));
                    put(&mut body, at, Value::from("ci"));
                }
                continue;
            };
            // Only what is sent as it is given.
            if line.contains("as = ") || name == "expires" || name == "scopes" {
                return None;
            }
            let choice = rest
                .split("choices = [\"")
                .nth(1)
                .and_then(|rest| rest.split('"').next());
            let given = choice.unwrap_or(if name == "name" { "ci" } else { "example" });
            input.push((name.to_owned(), quoted(given)));
            put(&mut body, at, Value::from(given));
        }
        if written.path.contains("{name}") && !input.iter().any(|(name, _)| name == "name") {
            input.push(("name".to_owned(), "\"ci\"".to_owned()));
        }
        let has_body = call.body(document).is_some();
        let sent = if has_body {
            format!("body = {}, ", quoted(&body.to_string()))
        } else {
            String::new()
        };
        let rest = format!("{sent}{}", answered(&response, value));
        let mut text = Self::head("the example of the document", variables, &input);
        text.push_str(&self.exchange(written, variables, "", "", &rest));
        if let Some(id) = key
            .get("id")
            .and_then(|place| at_place(place, recorded(value, parts)))
        {
            let _ = writeln!(text, "expect = {{ id = {} }}", quoted(&id));
        }
        Some(text)
    }

    /// Returns an example of a revocation, if the document has an example of anything else to say it with.
    pub(super) fn revoke(
        &self,
        document: &Document,
        call: &Call<'_>,
        written: &Written,
        variables: &[Variable],
    ) -> Option<String> {
        let response = call.success(document)?;
        let value = of_response(document, &response);
        if !response.schema.is_null() && value.is_none() || !written.body.is_empty() {
            return None;
        }
        let text = value
            .map(|value| format!(", response = {}", quoted(&value.to_string())))
            .unwrap_or_default();
        let mut example = Self::head(
            "one key",
            variables,
            &[("id".to_owned(), "\"example-1\"".to_owned())],
        );
        example.push_str(&self.exchange(
            written,
            variables,
            "example-1",
            "",
            &format!("status = {}{text}", response.status),
        ));
        Some(example)
    }
}

/// Adds the fields of a schema that an example leaves out, as `null`.
fn complete(document: &Document, schema: &Value, value: &mut Value) {
    if let Some(object) = value.as_object_mut() {
        for property in document.properties(schema) {
            object.entry(property.name).or_insert(Value::Null);
        }
    }
}

/// Returns the record of a key in a response.
fn recorded<'v>(value: &'v Value, parts: &[String]) -> &'v Value {
    let at = parts.iter().find_map(|part| part.strip_prefix("record = "));
    at.and_then(|at| value.pointer(at.trim_matches(['"', '\''])))
        .unwrap_or(value)
}

/// Puts a value at a location, in new objects where there are none.
fn put(body: &mut Value, at: &str, value: Value) {
    let mut place = body;
    for part in at.split('/').skip(1) {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        place = &mut place[unescaped_part(part)];
    }
    *place = value;
}
