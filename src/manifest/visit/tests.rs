use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::extract::ExtractRule;
use super::super::pointer::Pointer;
use super::super::typed::read_typed;
use super::*;

/// A manifest with a value in every place of the JSON Schema, each of which can be told apart.
struct FullManifest {
    schema: Value,
    /// The values that a walk has to come across.
    wanted: BTreeSet<String>,
}

impl FullManifest {
    fn new() -> Self {
        let text = include_str!("../../../schema/keywright-manifest.json");
        FullManifest {
            schema: serde_json::from_str(text).unwrap(),
            wanted: BTreeSet::new(),
        }
    }

    /// Returns a value that is named by its place.
    fn marked(&mut self, start: &str, path: &str, end: &str) -> Value {
        let mark = format!("{start}{}{end}", path.replace('/', "-"));
        self.wanted.insert(mark.clone());
        json!(mark)
    }

    fn named(&mut self, name: &str, path: &str) -> Value {
        match name {
            // It reads from a file, not from a response.
            "Pointer" if path.ends_with("/in_file") => json!("/x"),
            "Pointer" => self.marked("/", path, ""),
            "Source" => self.marked("var.", path, ""),
            "Template" => self.marked("/{var.", path, "}"),
            "Extractor" => self.named("ExtractRule", path),
            "Address" => json!("x:{x}"),
            "Pattern" => json!("x"),
            "Span" => json!("1d"),
            "StatusSet" => json!(200),
            _ => {
                let definition = self.schema["definitions"][name].clone();
                let mut value = self.fill(&definition, path);
                let entries = value.as_object_mut();
                // Of these, a table has one.
                let others: &[&str] = match name {
                    "ExtractRule" => &["header", "cookie", "status", "value", "layout"],
                    "ElementMatch" => &["equals"],
                    "ElementCondition" => &["equals", "exists"],
                    "Operation" => {
                        entries.unwrap()["docs"] = self.marked("", path, "");
                        return value;
                    }
                    _ => return value,
                };
                let entries = entries.unwrap();
                entries.retain(|key, _| !others.contains(&key.as_str()));
                if name == "ExtractRule" {
                    entries["as"] = json!("seconds");
                }
                value
            }
        }
    }

    fn fill(&mut self, schema: &Value, path: &str) -> Value {
        if let Some(name) = schema["$ref"].as_str() {
            return self.named(name.rsplit('/').next().unwrap(), path);
        }
        if let Some(only) = schema["allOf"].get(0) {
            return self.fill(&only.clone(), path);
        }
        if let Some(choices) = schema["oneOf"].as_array()
            && schema["properties"].is_null()
        {
            return self.fill(&choices[0].clone(), path);
        }
        match schema["type"].as_str() {
            _ if !schema["const"].is_null() => schema["const"].clone(),
            Some("boolean") => json!(true),
            Some("string") => json!("x"),
            Some("array") => self.fill_list(&schema["items"], path),
            Some("object") => {
                let mut entries = Map::new();
                for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
                    entries.insert(key.clone(), self.fill(inner, &format!("{path}/{key}")));
                }
                let each = &schema["additionalProperties"];
                if each.is_object() {
                    let verbs = schema["propertyNames"]["enum"][0].as_str();
                    let key = verbs.unwrap_or("x");
                    entries.insert(key.to_owned(), self.fill(each, &format!("{path}/{key}")));
                }
                Value::Object(entries)
            }
            _ => json!(1),
        }
    }

    /// Returns a list with one element of each kind.
    fn fill_list(&mut self, items: &Value, path: &str) -> Value {
        let name = items["$ref"]
            .as_str()
            .and_then(|name| name.rsplit('/').next());
        let definition = name.map(|name| self.schema["definitions"][name].clone());
        let choices = definition.as_ref().and_then(|one| one["oneOf"].as_array());
        let tables = choices.filter(|choices| choices[0]["properties"].is_object());
        match tables {
            Some(tables) => {
                let each = tables.iter().enumerate();
                each.map(|(index, table)| self.fill(table, &format!("{path}/{index}")))
                    .collect()
            }
            None => json!([self.fill(items, &format!("{path}/0"))]),
        }
    }
}

/// Returns the pointers of a rule.
fn pointers(rule: &ExtractRule) -> impl Iterator<Item = &Pointer> {
    let find = rule.find.as_ref();
    let and = find.into_iter().flat_map(|find| &find.and);
    let and = and.map(|condition| Some(&condition.at));
    let found = find
        .into_iter()
        .flat_map(|find| [Some(&find.at), find.then.as_ref()])
        .chain(and);
    let own = [rule.at.as_ref(), rule.since.as_ref(), rule.claim.as_ref()];
    own.into_iter().chain(found).flatten()
}

#[test]
fn walk_visits_every_place_of_schema() {
    let mut full = FullManifest::new();
    let root = full.schema.clone();
    let value = full.fill(&root, "");
    let manifest: Manifest = read_typed(&value).unwrap();
    let mut met = BTreeSet::new();
    manifest.walk(&mut |_, node| match node {
        Node::Call(_, operation) => met.extend(operation.docs.clone()),
        Node::Request(request) => {
            met.insert(request.path.as_written());
        }
        Node::Address(template) => {
            met.insert(template.as_written());
        }
        Node::Source(source) => {
            met.insert(source.to_string());
            // A template that is filled into a request is met as its sources.
            met.insert(format!("/{{{source}}}"));
        }
        Node::Read(Read { reader, .. }) => match reader {
            Reader::Extractor(reads) => {
                let all = reads.0.iter().flat_map(pointers);
                met.extend(all.map(ToString::to_string));
            }
            Reader::Predicate(predicate) => {
                met.extend(predicate.at.as_ref().map(ToString::to_string));
            }
        },
    });
    let missed: Vec<&String> = full.wanted.difference(&met).collect();
    assert!(full.wanted.len() > 200, "{}", full.wanted.len());
    assert_eq!(
        missed,
        Vec::<&String>::new(),
        "the walk does not reach these"
    );
}

#[test]
fn calls_have_path_and_owner() {
    let mut full = FullManifest::new();
    let root = full.schema.clone();
    let value = full.fill(&root, "");
    let manifest: Manifest = read_typed(&value).unwrap();
    let calls: Vec<String> = manifest
        .calls()
        .iter()
        .map(|call| call.path.join("."))
        .collect();
    assert_eq!(
        calls,
        [
            "credentials.x.verify",
            "credentials.x.revoke",
            "variables.x.discover.call",
            "operations.login"
        ]
    );
}
