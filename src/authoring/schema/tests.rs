use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::{derive, schema};
use crate::manifest::{LANGUAGE_VERSION, Manifest, escaped_part};
use crate::platform::files;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn derived_text() -> String {
    let text = serde_json::to_string_pretty(&derive::schema()).unwrap();
    format!("{text}\n")
}

#[test]
#[ignore = "it writes the file that the others compare"]
fn write_the_schema() {
    let path = repository().join("schema/keywright-manifest.json");
    files::write_public(&path, derived_text().as_bytes()).unwrap();
}

#[test]
fn committed_schema_matches_types() {
    assert!(
        schema().unwrap() == derived_text(),
        "schema/keywright-manifest.json is not what the types of src/manifest say: just bless"
    );
}

fn validator() -> Validator {
    jsonschema::draft7::new(&derive::schema()).unwrap()
}

/// The manifests of the repository, each with its name and as data.
fn manifests() -> Vec<(String, Value)> {
    let folders = ["tests/manifests", "src/providers"];
    let paths = folders
        .iter()
        .flat_map(|folder| files::list(&repository().join(folder), "toml").unwrap());
    let read = |path: PathBuf| {
        let text = files::read_text(&path).unwrap().unwrap();
        let value = toml_edit::de::from_str(&text).unwrap();
        (path.display().to_string(), value)
    };
    paths.map(read).collect()
}

#[test]
fn manifests_conform_to_schema() {
    let validator = validator();
    let manifests = manifests();
    assert!(manifests.len() >= 10);
    for (name, manifest) in manifests {
        let mistakes: Vec<String> = validator
            .iter_errors(&manifest)
            .map(|mistake| format!("{name}{}: {mistake}", mistake.instance_path()))
            .collect();
        assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
    }
}

/// Every place in a value, as a JSON Pointer.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Object(entries) => {
            for (name, inner) in entries {
                places(inner, &format!("{here}/{}", escaped_part(name)), found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                places(inner, &format!("{here}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// The manifests that come of one manifest by one mistake at a place that is not known yet, each with what was done.
fn mistakes(manifest: &Value, known: &mut BTreeSet<String>) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    let mut every = Vec::new();
    places(manifest, "", &mut every);
    for place in every {
        // A mistake in the second element of a list is that in the first, in whatever manifest.
        let alike: String = place
            .chars()
            .filter(|letter| !letter.is_ascii_digit())
            .collect();
        if !known.insert(alike) {
            continue;
        }
        let mut change = |what: &str, change: &dyn Fn(&mut Value)| {
            let mut changed = manifest.clone();
            change(changed.pointer_mut(&place).unwrap());
            all.push((format!("{place}: {what}"), changed));
        };
        let here = manifest.pointer(&place).unwrap();
        for other in [
            json!("?? {"),
            json!(7),
            json!(true),
            json!([]),
            json!([7]),
            json!({}),
        ] {
            change(&format!("becomes {other}"), &|value| *value = other.clone());
        }
        if let Some(entries) = here.as_object() {
            change("gets a key too many", &|value| {
                value["unheard_of"] = json!("x");
            });
            for key in entries.keys() {
                change(&format!("loses `{key}`"), &|value| {
                    value.as_object_mut().unwrap().shift_remove(key);
                });
            }
        }
    }
    all
}

#[test]
fn schema_and_parser_agree_on_mistakes() {
    let validator = validator();
    let mut known = BTreeSet::new();
    let mut tried = 0;
    let mut quarrels = Vec::new();
    // A manifest that extends another is not whole by itself.
    let whole = manifests()
        .into_iter()
        .filter(|(_, manifest)| manifest.get("extends").is_none());
    for (name, manifest) in whole {
        for (what, changed) in mistakes(&manifest, &mut known) {
            tried += 1;
            let fits = validator.is_valid(&changed);
            let text = changed.to_string();
            let read =
                Manifest::prepared(&text, "changed").map(|read| read.manifest == LANGUAGE_VERSION);
            if fits != matches!(read, Ok(true)) {
                let why = serde_json::from_str::<Manifest>(&text).err();
                let why = why.map(|why| why.to_string()).unwrap_or_default();
                // A schema cannot say which regular expressions keywright knows.
                if fits && why.contains("regular expression") {
                    continue;
                }
                quarrels.push(format!("{name}{what}: schema {fits}, reader `{why}`"));
            }
        }
    }
    assert!(tried > 5_000, "{tried}");
    assert!(
        quarrels.is_empty(),
        "{} of {tried}:\n{}",
        quarrels.len(),
        quarrels[..quarrels.len().min(60)].join("\n")
    );
}

#[test]
fn schema_extending_manifest_may_be_partial() {
    let validator = validator();
    let mut change = json!({
        "manifest": 1, "extends": "schatzi",
        "operations": { "list": { "request": { "path": "/v2/keys" } } },
    });
    assert!(validator.is_valid(&change));
    change["operations"]["list"]["request"]["pth"] = json!("/v2/keys");
    assert!(!validator.is_valid(&change));
    let whole = &manifests()[0].1;
    assert!(validator.is_valid(whole));
    let mut incomplete = whole.clone();
    incomplete["servers"] = json!({ "api": { "auth": [] } });
    assert!(!validator.is_valid(&incomplete));
}

/// Every table of the language that has keys, with the name of its definition; a choice of several is several.
fn tables() -> Vec<(String, Value)> {
    let schema = derive::schema();
    let mut tables = vec![("Manifest".to_owned(), schema.clone())];
    for (name, definition) in schema["definitions"].as_object().unwrap() {
        let choices = definition["oneOf"].as_array().into_iter().flatten();
        let inner = choices.filter_map(|choice| choice["properties"].as_object());
        let inner = inner
            .flatten()
            .map(|(key, table)| (format!("{name}.{key}"), table.clone()));
        tables.extend(inner);
        tables.push((name.clone(), definition.clone()));
    }
    tables.retain(|(name, table)| !name.contains(".complete") && table["properties"].is_object());
    tables
}

#[test]
fn schema_keys_state_whether_required() {
    let generator = schemars::generate::SchemaSettings::draft07().into_generator();
    let types = Value::from(generator.into_root_schema_for::<Manifest>());
    let mut wrong = Vec::new();
    for (name, table) in tables() {
        let as_types = match name.split_once('.') {
            None if name == "Manifest" => &types,
            None => &types["definitions"][&name],
            Some((name, key)) => types["definitions"][name]["oneOf"]
                .as_array()
                .unwrap()
                .iter()
                .map(|choice| &choice["properties"][key])
                .find(|table| table.is_object())
                .unwrap(),
        };
        for (key, property) in table["properties"].as_object().unwrap() {
            let said = property["description"].as_str().unwrap_or_default();
            if said.is_empty() {
                wrong.push(format!("{name}.{key} says nothing"));
            }
            let required = as_types["required"].as_array().into_iter().flatten();
            let is_required = required.into_iter().any(|required| required == key);
            let says_required = said.contains("Required.")
                || said.contains("Required;")
                || said.contains("Required in this table.")
                || said.contains("At least one is required.");
            if is_required && !says_required {
                wrong.push(format!(
                    "{name}.{key} has to be there and does not say `Required.`"
                ));
            }
            if !is_required && (said.contains("Required.") || said.contains("Required;")) {
                wrong.push(format!("{name}.{key} may be left out and says `Required.`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn schema_description_examples_are_valid() {
    let mut shown = 0;
    let mut wrong = Vec::new();
    for (name, table) in tables() {
        for (key, property) in table["properties"].as_object().unwrap() {
            let said = property["description"].as_str().unwrap_or_default();
            let mut schema = property.clone();
            schema["definitions"] = derive::schema()["definitions"].clone();
            let validator = jsonschema::draft7::new(&schema).unwrap();
            for example in derive::examples(said) {
                shown += 1;
                match derive::value_of(key, example) {
                    Some(value) if validator.is_valid(&value) => {}
                    Some(value) => wrong.push(format!("{name}.{key}: `{example}` is {value}")),
                    None => wrong.push(format!("{name}.{key}: `{example}` is not valid TOML")),
                }
            }
        }
    }
    assert!(shown > 20, "{shown}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
