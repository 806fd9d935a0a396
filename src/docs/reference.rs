//! keywright-manifest(5): the prose of `reference.md`, and in it the tables of the language as the schema has them.

use std::collections::BTreeMap;
use std::io;

use clap::Command;
use serde_json::{Map, Value};

use super::man::{self, Page};
use super::roff;
use crate::authoring::schema::schema;
use crate::core::map::map_of;

const SOURCE: &str = include_str!("reference.md");

/// The name of the root of the schema among its definitions.
const ROOT: &str = "Manifest";

/// The most keys that are named above the table they hold; a table that is used everywhere has only its own name.
const MAX_HOLDERS: usize = 5;

/// The heading for tables that the prose does not name.
const FURTHER: &str = "FURTHER TABLES";

/// Returns the page of the manifest language.
pub fn page(whole: &Command) -> io::Result<Page> {
    let text = schema().map_err(|error| io::Error::other(error.to_string()))?;
    let schema: Value = serde_json::from_str(&text)?;
    let language = LanguageTables::of(&schema);
    let mut text = man::title("keywright-manifest", 5);
    text.push_str(".SH NAME\nkeywright\\-manifest \\- how a service is described to keywright\n");
    let mut lines = SOURCE.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("# ") {
            roff::heading("SH", title, &mut text);
        } else if let Some(title) = line.strip_prefix("## ") {
            roff::heading("SS", title, &mut text);
        } else if line.starts_with("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            roff::block(&block, &mut text);
        } else if line == "{commands}" {
            commands(whole, &mut text);
        } else if let Some(name) = placeholder(line) {
            language.describe(name, &mut text);
        } else if !line.is_empty() {
            roff::paragraph(line, &mut text);
        }
    }
    let unnamed = language.unnamed();
    if !unnamed.is_empty() {
        roff::heading("SH", FURTHER, &mut text);
    }
    for name in unnamed {
        roff::heading("SS", name, &mut text);
        language.describe(name, &mut text);
    }
    text.push_str(".SH \"SEE ALSO\"\n.BR keywright (1),\n.BR keywright\\-providers (1)\n");
    Ok(("keywright-manifest.5".to_owned(), text))
}

/// Returns the table name that a line of the prose refers to.
fn placeholder(line: &str) -> Option<&str> {
    line.strip_prefix('{')?.strip_suffix('}')
}

/// The subcommands of `keywright providers`.
fn commands(whole: &Command, text: &mut String) {
    let providers = whole.find_subcommand("providers");
    for command in providers.into_iter().flat_map(Command::get_subcommands) {
        if command.get_name() == "help" {
            continue;
        }
        let about = command
            .get_about()
            .map(ToString::to_string)
            .unwrap_or_default();
        let term = format!("\\fBkeywright providers {}\\fR", command.get_name());
        roff::entry(&term, &about, text);
    }
}

/// The tables and words of the language.
struct LanguageTables<'s> {
    definitions: BTreeMap<&'s str, &'s Value>,
    /// The heading below which each is described.
    headings: BTreeMap<&'static str, &'static str>,
}

impl<'s> LanguageTables<'s> {
    fn of(schema: &'s Value) -> Self {
        let named = schema["definitions"].as_object().into_iter().flatten();
        let named = named
            .filter(|(name, _)| !name.contains('.'))
            .map(|(name, definition)| (name.as_str(), definition));
        let mut definitions: BTreeMap<&str, &Value> = map_of(named);
        definitions.insert(ROOT, schema);
        let mut headings = BTreeMap::new();
        let mut heading = "";
        for line in SOURCE.lines() {
            if line.starts_with('#') {
                heading = line.trim_start_matches(['#', ' ']);
            } else if let Some(name) = placeholder(line) {
                headings.insert(name, heading.split(':').next().unwrap_or(heading));
            }
        }
        LanguageTables {
            definitions,
            headings,
        }
    }

    /// Returns the tables that the prose does not name.
    fn unnamed(&self) -> Vec<&'s str> {
        let names = self.definitions.keys().copied();
        names
            .filter(|name| !self.headings.contains_key(name))
            .collect()
    }

    fn describe(&self, name: &str, text: &mut String) {
        let Some(definition) = self.definitions.get(name) else {
            return;
        };
        let keys = self.keys_that_hold(name);
        let what = match keys.as_slice() {
            [_, ..] if keys.len() <= MAX_HOLDERS => {
                format!("`{}`: {}", keys.join("`, `"), said(definition))
            }
            _ => said(definition).to_owned(),
        };
        roff::paragraph(&what, text);
        self.keys(definition, text);
        for choice in list(definition, "oneOf") {
            if let Some(word) = choice["const"].as_str() {
                roff::entry(&bold(word), said(choice), text);
                continue;
            }
            for (key, table) in entries(choice, "properties") {
                roff::entry(&bold(key), said(choice), text);
                text.push_str(".RS\n");
                self.keys(table, text);
                text.push_str(".RE\n");
            }
        }
    }

    /// Returns the keys whose value the definition describes, in any table.
    fn keys_that_hold(&self, name: &str) -> Vec<&str> {
        let reference = format!("#/definitions/{name}");
        let mut found = Vec::new();
        let choices = |definition: &'s Value| {
            let tables = list(definition, "oneOf").iter();
            tables.flat_map(|choice| entries(choice, "properties").map(|(_, table)| table))
        };
        for definition in self.definitions.values().copied() {
            for table in choices(definition).chain([definition]) {
                for (key, property) in entries(table, "properties") {
                    if refers(property, &reference) && !found.contains(&key.as_str()) {
                        found.push(key.as_str());
                    }
                }
            }
        }
        found
    }

    fn keys(&self, table: &Value, text: &mut String) {
        for (key, property) in entries(table, "properties") {
            let term = format!("{} ({})", bold(key), self.kind(property));
            roff::entry(&term, said(property), text);
        }
    }

    /// Describes a value in a few words.
    fn kind(&self, schema: &Value) -> String {
        if let Some(name) = schema["$ref"].as_str() {
            return self.kind_of(name.rsplit('/').next().unwrap_or_default());
        }
        if let [only] = list(schema, "allOf") {
            return self.kind(only);
        }
        match schema["type"].as_str() {
            Some("string") => "text".to_owned(),
            Some("integer") => "whole number".to_owned(),
            Some("number") => "number".to_owned(),
            Some("boolean") => "true or false".to_owned(),
            Some("array") => format!("list; each: {}", self.kind(&schema["items"])),
            Some("object") => match self.kind(&schema["additionalProperties"]).as_str() {
                "any value" => "table of values by name".to_owned(),
                each => format!("table by name; each: {each}"),
            },
            _ => "any value".to_owned(),
        }
    }

    fn kind_of(&self, name: &str) -> String {
        let heading = self.headings.get(name).copied().unwrap_or(FURTHER);
        let see = |what: &str| format!("{what}, see \\(lq{}\\(rq", roff::literal(heading));
        let definition = self.definitions.get(name).copied().unwrap_or(&Value::Null);
        let words: Vec<&str> = list(definition, "oneOf")
            .iter()
            .filter_map(|choice| choice["const"].as_str())
            .collect();
        match name {
            "Extractor" => "place to read".to_owned(),
            "StatusSet" => "statuses".to_owned(),
            "Source" => "name of a value".to_owned(),
            "Template" => "text with placeholders".to_owned(),
            "Pointer" => "JSON Pointer".to_owned(),
            "Pattern" => "regular expression".to_owned(),
            "Span" => "span of time".to_owned(),
            _ if words.is_empty() => see("table"),
            _ => see("word"),
        }
    }
}

/// Returns whether a value is, or contains as an element, the target of the reference.
fn refers(schema: &Value, reference: &str) -> bool {
    schema["$ref"] == reference
        || list(schema, "allOf")
            .iter()
            .any(|part| refers(part, reference))
        || ["items", "additionalProperties"]
            .iter()
            .any(|key| schema[*key].is_object() && refers(&schema[*key], reference))
}

fn bold(word: &str) -> String {
    format!("\\fB{}\\fR", roff::literal(word))
}

fn said(schema: &Value) -> &str {
    schema["description"].as_str().unwrap_or_default()
}

fn list<'v>(schema: &'v Value, key: &str) -> &'v [Value] {
    schema[key].as_array().map_or(&[], Vec::as_slice)
}

fn entries<'v>(schema: &'v Value, key: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    schema[key].as_object().into_iter().flat_map(Map::iter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reference_page_lists_every_schema_word() {
        let schema: Value = serde_json::from_str(&schema().unwrap()).unwrap();
        let language = LanguageTables::of(&schema);
        assert!(language.definitions.len() > 50);
        for name in language.headings.keys() {
            let known = language.definitions.contains_key(name) || *name == "commands";
            assert!(known, "{{{name}}} matches no table");
        }
        let mut whole = <crate::commands::Cli as clap::CommandFactory>::command();
        whole.build();
        let (_, page) = page(&whole).unwrap();
        for (name, definition) in &language.definitions {
            let choices = list(definition, "oneOf").iter();
            let words = choices
                .clone()
                .filter_map(|choice| choice["const"].as_str());
            let keys = entries(definition, "properties").map(|(key, _)| key.as_str());
            let tags = choices.flat_map(|choice| entries(choice, "properties"));
            let tags = tags.map(|(key, _)| key.as_str());
            for word in words.chain(keys).chain(tags) {
                assert!(
                    page.contains(&format!(".TP\n{}", bold(word))),
                    "{name}: {word}"
                );
            }
        }
    }
}
