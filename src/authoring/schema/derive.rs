//! Derives the JSON Schema of the manifest language from its types; a test compares the file in the repository with it.

use std::collections::BTreeSet;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::manifest::{Manifest, Verb};

/// The identifier by which editors cache the schema: it changes whenever words of the language do.
const ID: &str = "urn:keywright:manifest:2026-11-27";

/// The suffix of the name of a definition that only lists the required keys.
const COMPLETE: &str = ".complete";

/// Returns the schema, derived from the types.
///
/// A manifest that extends another need not be complete. So the required keys stand in definitions of their own, which
/// apply only if nothing is extended.
pub(super) fn schema() -> Value {
    let settings = SchemaSettings::draft07();
    let root = settings.into_generator().into_root_schema_for::<Manifest>();
    let mut root = Value::from(root);
    simplify(&mut root);
    root["$id"] = json!(ID);
    root["title"] = json!("manifest of keywright");
    root["properties"]["manifest"]["const"] = json!(crate::manifest::LANGUAGE_VERSION);
    root["properties"]["operations"]["propertyNames"] = json!({ "enum": Verb::ALL.into_iter().chain(Verb::OF_DESTINATION).map(Verb::name).collect::<Vec<_>>() });
    let definitions = root["definitions"].clone();
    let complete = RequiredKeys {
        definitions: &definitions,
    };
    let mut wanted = Map::new();
    for (name, definition) in definitions.as_object().unwrap() {
        if complete.has_required_keys(definition, &mut BTreeSet::new()) {
            let required_keys = complete
                .required_keys(definition)
                .unwrap_or_else(|| json!({}));
            wanted.insert(format!("{name}{COMPLETE}"), required_keys);
        }
    }
    let whole = complete.required_keys(&root).unwrap();
    make_optional(&mut root, false);
    root["if"] = json!({ "not": { "required": ["extends"] } });
    root["then"] = whole;
    root["definitions"].as_object_mut().unwrap().extend(wanted);
    root
}

/// Returns every direct subschema, and whether it is one of the choices of `oneOf`.
fn parts(schema: &mut Value) -> Vec<(&mut Value, bool)> {
    let mut parts = Vec::new();
    for (key, inner) in schema.as_object_mut().into_iter().flatten() {
        match (key.as_str(), inner) {
            ("properties" | "definitions", Value::Object(named)) => {
                parts.extend(named.values_mut().map(|part| (part, false)));
            }
            ("allOf" | "anyOf" | "oneOf", Value::Array(choices)) => {
                parts.extend(choices.iter_mut().map(|part| (part, key == "oneOf")));
            }
            ("items" | "additionalProperties", part) => parts.push((part, false)),
            _ => {}
        }
    }
    parts
}

/// Takes out what TOML cannot say, and puts in what the descriptions say.
fn simplify(schema: &mut Value) {
    for (part, _) in parts(schema) {
        simplify(part);
    }
    let Value::Object(entries) = schema else {
        return;
    };
    remove_null(entries);
    if entries
        .get("format")
        .is_some_and(|format| format != "regex")
    {
        entries.remove("format");
    }
    if let Some(Value::String(text)) = entries.get_mut("description") {
        *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let properties = entries.get_mut("properties");
    for (name, property) in properties
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
    {
        add_examples(name, property);
    }
}

fn remove_null(entries: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = entries.get("type")
        && let [one, Value::String(null)] = types.as_slice()
        && null == "null"
    {
        let one = one.clone();
        entries.insert("type".to_owned(), one);
    }
    if let Some(Value::Array(choices)) = entries.get("anyOf")
        && let [one, null] = choices.as_slice()
        && null["type"] == "null"
    {
        let one = one.clone();
        entries.remove("anyOf");
        entries.insert("allOf".to_owned(), json!([one]));
    }
}

/// Adds the default and the examples of a key, from its description.
fn add_examples(name: &str, property: &mut Value) {
    let description = property["description"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let said = description
        .split_once("Default: `")
        .and_then(|(_, rest)| rest.split_once('`'));
    if let Some((word, _)) = said {
        property["default"] = value(word).unwrap_or_else(|| json!(word));
    }
    let examples: Vec<Value> = examples(&description)
        .into_iter()
        .filter_map(|example| value_of(name, example))
        .collect();
    if !examples.is_empty() {
        property["examples"] = examples.into();
    }
}

/// Removes the required keys; the one key that tells the choices of `oneOf` apart stays.
fn make_optional(schema: &mut Value, is_choice: bool) {
    for (part, is_choice) in parts(schema) {
        make_optional(part, is_choice);
    }
    if let Value::Object(entries) = schema
        && !is_choice
    {
        entries.remove("required");
    }
}

/// Collects the required keys.
struct RequiredKeys<'d> {
    definitions: &'d Value,
}

impl RequiredKeys<'_> {
    /// Returns the requirements of a complete value; `None` if there are none.
    fn required_keys(&self, schema: &Value) -> Option<Value> {
        let entries = schema.as_object()?;
        let mut required_keys = Map::new();
        if let Some(required) = entries.get("required") {
            required_keys.insert("required".to_owned(), required.clone());
        }
        let properties = entries.get("properties").and_then(Value::as_object);
        let properties: Map<String, Value> = properties
            .into_iter()
            .flatten()
            .filter_map(|(name, inner)| Some((name.clone(), self.required_keys(inner)?)))
            .collect();
        if !properties.is_empty() {
            required_keys.insert("properties".to_owned(), properties.into());
        }
        for key in ["items", "additionalProperties"] {
            if let Some(inner) = entries.get(key).and_then(|inner| self.required_keys(inner)) {
                required_keys.insert(key.to_owned(), inner);
            }
        }
        let mut all = Vec::new();
        for choice in choices(entries) {
            // Choices differ in what they are, so that what one demands does not touch the others.
            let mut inner = self.required_keys(choice);
            if let Some(Value::Object(inner)) = &mut inner {
                inner.remove("required");
            }
            all.extend(inner.filter(|inner| *inner != json!({})));
        }
        if let Some(name) = resolve_ref(entries)
            && self.has_required_keys(&self.definitions[name], &mut BTreeSet::new())
        {
            all.push(json!({ "$ref": format!("#/definitions/{name}{COMPLETE}") }));
        }
        if all.len() == 1 && required_keys.is_empty() {
            return all.pop();
        }
        if !all.is_empty() {
            required_keys.insert("allOf".to_owned(), all.into());
        }
        (!required_keys.is_empty()).then(|| required_keys.into())
    }

    /// Returns whether a key is required, in the value itself or in its parts.
    fn has_required_keys(&self, schema: &Value, seen: &mut BTreeSet<String>) -> bool {
        let Value::Object(entries) = schema else {
            return false;
        };
        let named = entries.get("properties").and_then(Value::as_object);
        let named = named.into_iter().flat_map(Map::values);
        let others = ["items", "additionalProperties"].into_iter();
        let others = others.filter_map(|key| entries.get(key));
        let mut parts = named.chain(others).chain(choices(entries));
        entries.contains_key("required")
            || resolve_ref(entries).is_some_and(|name| {
                let is_new = seen.insert(name.to_owned());
                is_new && self.has_required_keys(&self.definitions[name], seen)
            })
            || parts.any(|part| self.has_required_keys(part, seen))
    }
}

fn choices(entries: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    let lists = ["allOf", "anyOf", "oneOf"].into_iter();
    let lists = lists.filter_map(|key| entries.get(key).and_then(Value::as_array));
    lists.flatten()
}

fn resolve_ref(entries: &Map<String, Value>) -> Option<&str> {
    entries.get("$ref")?.as_str()?.rsplit('/').next()
}

/// Returns the examples in the description of a key: the text in backticks after `Example:`.
pub(super) fn examples(description: &str) -> Vec<&str> {
    let Some((_, said)) = description.split_once("Example: ") else {
        return Vec::new();
    };
    said.split('`').skip(1).step_by(2).collect()
}

/// Returns the value of a key in an example: `KEY = VALUE`, the table it is in, or the value alone.
pub(super) fn value_of(name: &str, example: &str) -> Option<Value> {
    let line: Option<Value> = toml_edit::de::from_str(example).ok();
    let alone = line.or_else(|| value(example))?;
    Some(alone.get(name).cloned().unwrap_or(alone))
}

/// Reads a value as TOML writes it.
fn value(text: &str) -> Option<Value> {
    let line: Value = toml_edit::de::from_str(&format!("value = {text}")).ok()?;
    line.get("value").cloned()
}
