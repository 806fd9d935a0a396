//! The requests of a manifest: method, path, the parameters that must be there, and the variables that fill them.

use std::fmt::Write;

use serde_json::Value;

use super::calls::{Call, is_own_json};
use super::inputs::place;
use super::named::key_parameter;
use super::operations::Builder;
use super::words::{snake, words};
use super::write::{Variable, literal, quoted};

/// A request as a manifest writes it, with the values for its example.
pub(super) struct Written {
    pub(super) method: String,
    /// The path with placeholders.
    pub(super) path: String,
    /// Constant and variable parameters: `name`, and the text after `at`.
    pub(super) query: Vec<(String, String)>,
    headers: Vec<String>,
    /// The fields of the body that name the key.
    pub(super) body: Vec<String>,
    /// Says that a body is a form.
    pub(super) is_form: bool,
    /// The media type of a body, if it is not the usual one of its format.
    media_type: Option<String>,
}

impl Written {
    /// Returns whether the field at a location, or an element of it, names the key.
    pub(super) fn has_field(&self, at: &str) -> bool {
        let start = format!("{{ at = {},", place(at, self.is_form));
        let first = format!("{{ at = {},", place(&format!("{at}/0"), self.is_form));
        self.body
            .iter()
            .any(|known| known.starts_with(&start) || known.starts_with(&first))
    }

    /// Returns the request with these fields in its body, and those that name the key.
    pub(super) fn request(&self, body: Option<&[String]>) -> String {
        let mut text = format!(
            "request = {{ method = {}, path = {}",
            quoted(&self.method),
            quoted(&self.path)
        );
        if !self.query.is_empty() {
            let all: Vec<String> = self
                .query
                .iter()
                .map(|(name, rest)| format!("{{ at = {}, {rest} }}", quoted(name)))
                .collect();
            let _ = write!(text, ", query = [{}]", all.join(", "));
        }
        if !self.headers.is_empty() {
            let _ = write!(text, ", headers = [{}]", self.headers.join(", "));
        }
        let fields: Vec<&String> = self.body.iter().chain(body.into_iter().flatten()).collect();
        if body.is_some() || !fields.is_empty() {
            if self.is_form {
                text.push_str(", format = \"form\"");
            }
            if let Some(kind) = &self.media_type {
                let _ = write!(text, ", media_type = {}", quoted(kind));
            }
            let fields: Vec<String> = fields
                .into_iter()
                .map(|field| format!("\n  {field},"))
                .collect();
            if fields.is_empty() {
                text.push_str(", body = []");
            } else {
                let _ = write!(text, ", body = [{}\n]", fields.concat());
            }
        }
        text.push_str(" }\n");
        text
    }
}

impl Builder<'_> {
    /// Writes method, path and the parameters that must be there; `named` is the source of the last placeholder.
    pub(super) fn written(&mut self, call: &Call<'_>, named: &str) -> Written {
        let mut path = String::new();
        let mut rest = call.path;
        while let Some((before, after)) = rest.split_once('{')
            && let Some((name, after)) = after.split_once('}')
        {
            path.push_str(before);
            let is_item = call.shape.item.as_deref() == Some(name) && !named.is_empty();
            if is_item {
                let _ = write!(path, "{{{named}}}");
            } else {
                let variable = self.variable(call, name, "path");
                let _ = write!(path, "{{var.{variable}}}");
            }
            rest = after;
        }
        path.push_str(rest);
        let body = call.body(self.document);
        let own = |kind: &str| is_own_json(kind).then(|| kind.to_owned());
        let accepted = call.success(self.document).and_then(|one| own(one.kind));
        let accept =
            accepted.map(|kind| format!("{{ at = \"Accept\", value = {} }}", quoted(&kind)));
        let mut written = Written {
            method: call.method.clone(),
            path,
            query: Vec::new(),
            headers: accept.into_iter().collect(),
            body: Vec::new(),
            is_form: body.as_ref().is_some_and(|body| body.is_form),
            media_type: body.and_then(|body| own(body.kind)),
        };
        self.parameters(call, &mut written);
        let needs_name = named == "id" && call.shape.item.is_none();
        if let Some((in_body, at)) = key_parameter(self.document, call).filter(|_| needs_name) {
            if in_body {
                written.body.push(format!(
                    "{{ at = {}, from = \"id\" }}",
                    place(&at, written.is_form)
                ));
            } else {
                written.query.retain(|(name, _)| *name != at);
                written.query.push((at, "from = \"id\"".to_owned()));
            }
        }
        written
    }

    fn parameters(&mut self, call: &Call<'_>, written: &mut Written) {
        for one in call.parameters.iter().filter(|one| one.required) {
            let name = one.name.to_ascii_lowercase();
            let is_header = one.place == "header";
            if !is_header && one.place != "query"
                || [
                    "authorization",
                    "content-type",
                    "accept",
                    "user-agent",
                    "idempotency-key",
                ]
                .contains(&name.as_str())
            {
                continue;
            }
            // The header of the credential may be written as a parameter as well.
            if is_header
                && (name.contains("api-key") || name.contains("apikey") || name.contains("token"))
            {
                continue;
            }
            let words = self.document.words(one.schema);
            let example = [
                &one.schema["default"],
                &one.whole["example"],
                &one.schema["example"],
            ];
            let constant = if words.len() == 1 || is_header {
                example
                    .into_iter()
                    .find_map(literal)
                    .or_else(|| words.first().map(|word| quoted(word)))
            } else {
                literal(&one.schema["default"])
            };
            let rest = match constant {
                Some(constant) => format!("value = {constant}"),
                None => format!(
                    "from = \"var.{}\"",
                    self.variable(call, one.name, one.place)
                ),
            };
            if is_header {
                written
                    .headers
                    .push(format!("{{ at = {}, {rest} }}", quoted(one.name)));
            } else {
                written.query.push((one.name.to_owned(), rest));
            }
        }
    }

    /// Declares a variable for a parameter that does not name the key.
    fn variable(&mut self, call: &Call<'_>, name: &str, place: &str) -> String {
        let mut known = snake(name);
        if known.is_empty() {
            "value".clone_into(&mut known);
        }
        let bare = ["id", "name", "slug", "uuid"].contains(&known.as_str());
        if bare {
            // `/projects/{id}/keys`: the id of a project.
            let before = call
                .path
                .split(&format!("{{{name}}}"))
                .next()
                .unwrap_or_default();
            let parent = before
                .rsplit('/')
                .find(|part| !part.is_empty())
                .unwrap_or_default();
            known = format!("{}_{known}", words(parent).join("_"));
        }
        if self.variables.iter().any(|one| one.name == known) {
            return known;
        }
        let parameter = call
            .parameters
            .iter()
            .find(|one| one.name == name && one.place == place);
        let text = |key: &str| {
            parameter
                .and_then(|one| one.whole[key].as_str())
                .unwrap_or_default()
                .to_owned()
        };
        let schema = parameter.map_or(&Value::Null, |one| one.schema);
        self.variables.push(Variable {
            name: known.clone(),
            help: text("description"),
            required: false,
            default: schema["default"].as_str().map(str::to_owned),
            choices: self.document.words(schema),
        });
        known
    }
}
