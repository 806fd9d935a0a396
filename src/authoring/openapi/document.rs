//! An API description: its version, its references inside the document, and its schemas.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::core::error::{Error, Result};
use crate::core::yaml;
use crate::manifest::{escaped_part, plain_text};

/// The most references that lead from one to the next.
const MAX_HOPS: usize = 16;

/// The deepest nesting of a schema that is looked at.
const MAX_SCHEMA_DEPTH: usize = 8;

/// The most fields of a schema that are looked at.
const MAX_FIELDS: usize = 400;

/// A description.
pub(super) struct Document {
    pub(super) root: Value,
    /// Says that it is Swagger 2.
    pub(super) is_swagger: bool,
    /// The references to other documents, which are not followed.
    remote: RefCell<BTreeSet<String>>,
}

/// A property of an object.
#[derive(Clone, Copy)]
pub(super) struct Property<'d> {
    pub(super) name: &'d str,
    pub(super) schema: &'d Value,
    pub(super) required: bool,
}

/// A value somewhere in a schema.
#[derive(Clone)]
pub(super) struct Field<'d> {
    /// The JSON Pointer.
    pub(super) at: String,
    pub(super) name: &'d str,
    pub(super) schema: &'d Value,
    /// Says that it and everything around it are required.
    pub(super) required: bool,
}

impl Field<'_> {
    /// Returns the number of names in its location.
    pub(super) fn depth(&self) -> usize {
        self.at.matches('/').count()
    }
}

impl Document {
    /// Reads a description by its content: JSON, else YAML.
    pub(super) fn read(text: &str) -> Result<Self> {
        let text = text.trim_start_matches('\u{feff}');
        let root = if text.trim_start().starts_with('{') {
            // A flow mapping of YAML starts with `{` as well.
            serde_json::from_str(text).or_else(|why| yaml::parse(text).map_err(|_| why.to_string()))
        } else {
            yaml::parse(text)
        };
        let root = root
            .map_err(|why| Error::usage(format!("the document is neither JSON nor YAML: {why}")))?;
        let is_version = |key: &str, start: &str| {
            let version = &root[key];
            let text = version
                .as_str()
                .map_or_else(|| version.to_string(), str::to_owned);
            text.starts_with(start)
        };
        let is_swagger = is_version("swagger", "2");
        if !is_swagger && !is_version("openapi", "3.") {
            return Err(Error::usage(
                "the document is no OpenAPI description: it has neither `openapi: 3.…` nor `swagger: \"2.0\"`",
            ));
        }
        if !root["paths"].is_object() {
            return Err(Error::usage("the document describes no paths"));
        }
        Ok(Document {
            root,
            is_swagger,
            remote: RefCell::default(),
        })
    }

    /// Returns the references to other documents that were met.
    pub(super) fn remote(&self) -> Vec<String> {
        self.remote.borrow().iter().take(5).cloned().collect()
    }

    /// Follows references inside the document; `null` where one leads nowhere.
    pub(super) fn resolve<'d>(&'d self, value: &'d Value) -> &'d Value {
        let mut value = value;
        for _ in 0..MAX_HOPS {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                return value;
            };
            let Some(pointer) = reference.strip_prefix('#') else {
                self.remote.borrow_mut().insert(reference.to_owned());
                return &Value::Null;
            };
            let pointer = percent_encoding::percent_decode_str(pointer).decode_utf8_lossy();
            match self.root.pointer(&pointer) {
                Some(found) => value = found,
                None => return &Value::Null,
            }
        }
        &Value::Null
    }

    /// Returns the type of a schema; an empty text is unknown.
    pub(super) fn kind<'d>(&'d self, schema: &'d Value) -> &'d str {
        self.kind_within(schema, 0)
    }

    fn kind_within<'d>(&'d self, schema: &'d Value, depth: usize) -> &'d str {
        let schema = self.resolve(schema);
        let named = match &schema["type"] {
            Value::String(kind) => Some(kind.as_str()),
            Value::Array(kinds) => {
                let mut kinds = kinds.iter().filter_map(Value::as_str);
                kinds.find(|kind| *kind != "null")
            }
            _ => None,
        };
        if let Some(kind) = named {
            return kind;
        }
        if schema["properties"].is_object() {
            return "object";
        }
        if schema["items"].is_object() {
            return "array";
        }
        if depth < MAX_SCHEMA_DEPTH {
            for part in parts(schema) {
                let kind = self.kind_within(part, depth + 1);
                if !kind.is_empty() && kind != "null" {
                    return kind;
                }
            }
        }
        match schema["enum"].get(0) {
            Some(Value::String(_)) => "string",
            _ => "",
        }
    }

    /// Returns whether a value may be a text: the schema says so, or has no type.
    pub(super) fn may_be_text(&self, schema: &Value) -> bool {
        matches!(self.kind(schema), "string" | "")
    }

    /// Returns whether a value is a list of texts.
    pub(super) fn lists_texts(&self, schema: &Value) -> bool {
        self.items(schema)
            .is_some_and(|items| self.may_be_text(items))
    }

    /// Returns a word of a schema, or of the parts that it is composed of.
    pub(super) fn attribute<'d>(&'d self, schema: &'d Value, key: &str) -> Option<&'d Value> {
        let schema = self.resolve(schema);
        let own = schema.get(key).filter(|value| !value.is_null());
        own.or_else(|| {
            let mut parts = parts(schema).map(|part| self.resolve(part));
            parts.find_map(|part| part.get(key))
        })
    }

    /// Returns a text of a schema.
    pub(super) fn text<'d>(&'d self, schema: &'d Value, key: &str) -> &'d str {
        self.attribute(schema, key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Returns the titles and descriptions of a schema and of the parts that it is composed of.
    pub(super) fn descriptions(&self, schema: &Value) -> String {
        let schema = self.resolve(schema);
        let parts = parts(schema).map(|part| self.resolve(part));
        let all = std::iter::once(schema).chain(parts);
        let said: Vec<&str> = all
            .flat_map(|one| [&one["title"], &one["description"]])
            .filter_map(Value::as_str)
            .collect();
        said.join(" ")
    }

    /// Returns the properties of an object: all of `allOf`, and those of every alternative as optional ones.
    pub(super) fn properties<'d>(&'d self, schema: &'d Value) -> Vec<Property<'d>> {
        let mut found = Vec::new();
        self.collect(schema, true, 0, &mut found);
        found
    }

    fn collect<'d>(
        &'d self,
        schema: &'d Value,
        all: bool,
        depth: usize,
        found: &mut Vec<Property<'d>>,
    ) {
        let schema = self.resolve(schema);
        if depth > MAX_SCHEMA_DEPTH || found.len() > MAX_FIELDS {
            return;
        }
        let required = schema["required"].as_array();
        let is_required =
            |name: &str| required.is_some_and(|list| list.iter().any(|one| one == name));
        let own = schema["properties"].as_object().into_iter().flatten();
        for (name, schema) in own {
            let required = all && is_required(name);
            match found.iter_mut().find(|one| one.name == name) {
                Some(one) => one.required |= required,
                None => found.push(Property {
                    name,
                    schema,
                    required,
                }),
            }
        }
        for part in list(&schema["allOf"]) {
            self.collect(part, all, depth + 1, found);
        }
        // `required` may stand beside the parts that have the properties.
        for one in found.iter_mut().filter(|one| all && is_required(one.name)) {
            one.required = true;
        }
        let alternatives: Vec<&Value> = list(&schema["oneOf"])
            .chain(list(&schema["anyOf"]))
            .collect();
        let is_alone = alternatives
            .iter()
            .filter(|one| self.kind(one) != "null")
            .count()
            == 1;
        for part in alternatives {
            self.collect(part, all && is_alone, depth + 1, found);
        }
    }

    /// Returns the values of a schema that are no objects with properties, in the order of the document.
    pub(super) fn fields<'d>(&'d self, schema: &'d Value) -> Vec<Field<'d>> {
        let mut found = Vec::new();
        self.flatten(schema, "", true, 0, &mut found);
        found
    }

    fn flatten<'d>(
        &'d self,
        schema: &'d Value,
        at: &str,
        required: bool,
        depth: usize,
        found: &mut Vec<Field<'d>>,
    ) {
        for property in self.properties(schema) {
            if found.len() > MAX_FIELDS {
                return;
            }
            let at = format!("{at}/{}", escaped_part(property.name));
            let required = required && property.required;
            if depth < 3
                && !self.properties(property.schema).is_empty()
                && self.kind(property.schema) == "object"
            {
                self.flatten(property.schema, &at, required, depth + 1, found);
            } else {
                found.push(Field {
                    at,
                    name: property.name,
                    schema: property.schema,
                    required,
                });
            }
        }
    }

    /// Returns the schema of the elements of a list.
    pub(super) fn items<'d>(&'d self, schema: &'d Value) -> Option<&'d Value> {
        (self.kind(schema) == "array").then_some(())?;
        self.attribute(schema, "items")
    }

    /// Returns the words that a value may have.
    pub(super) fn words(&self, schema: &Value) -> Vec<String> {
        let listed = list(self.attribute(schema, "enum").unwrap_or(&Value::Null));
        let constant = self.attribute(schema, "const").into_iter();
        listed.chain(constant).filter_map(plain_text).collect()
    }
}

/// Returns the parts that a schema is composed of.
fn parts(schema: &Value) -> impl Iterator<Item = &Value> {
    ["allOf", "oneOf", "anyOf"]
        .into_iter()
        .flat_map(|key| list(&schema[key]))
}

/// Returns the elements of a list, and none of anything else.
pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Returns the entries of an object, and none of anything else.
pub(super) fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    value.as_object().unwrap_or(&NONE).iter()
}
