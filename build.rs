//! Prepares the built-in manifests: each TOML file of `src/providers` is written as JSON, without its examples, which
//! reads ten times as fast and is checked here for being TOML at all, and once more as its face alone.

#![expect(
    clippy::disallowed_methods,
    clippy::unnecessary_debug_formatting,
    reason = "a build script has no World, and quotes paths as Rust does"
)]

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::{Map, Value};

fn main() -> Result<(), Box<dyn Error>> {
    let source = Path::new("src/providers");
    println!("cargo::rerun-if-changed={}", source.display());
    let target = PathBuf::from(env::var("OUT_DIR")?);
    let mut files: Vec<PathBuf> = fs::read_dir(source)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
    });
    files.sort();
    let mut table = String::from("&[\n");
    for path in files {
        let name = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .ok_or("a name")?;
        let text = fs::read_to_string(&path)?;
        let mut manifest: Value = toml_edit::de::from_str(&text)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        forget_examples(&mut manifest);
        let json = target.join(format!("{name}.json"));
        fs::write(&json, manifest.to_string())?;
        let face = target.join(format!("{name}.face.json"));
        fs::write(&face, face_of(manifest).to_string())?;
        let whole = fs::canonicalize(&path)?;
        writeln!(
            table,
            "    BuiltIn {{ name: {name:?}, text: include_str!({whole:?}), json: include_str!({json:?}), \
             face: include_str!({face:?}) }},"
        )?;
    }
    table.push(']');
    fs::write(target.join("built_in.rs"), table)?;
    Ok(())
}

/// Examples are for the tests and for `providers check`, which read the TOML.
fn forget_examples(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            entries.remove("examples");
            entries.values_mut().for_each(forget_examples);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_examples),
        _ => {}
    }
}

/// What has to be known to hand out a credential that is there: all but what the service can do, which is most of it.
fn face_of(mut manifest: Value) -> Value {
    const KEPT: [&str; 9] = [
        "manifest",
        "name",
        "title",
        "about",
        "checked",
        "bases",
        "variables",
        "credentials",
        "scopes",
    ];
    if let Some(entries) = manifest.as_object_mut() {
        entries.retain(|name, _| KEPT.contains(&name.as_str()));
        entries.insert("operations".to_owned(), Value::Object(Map::new()));
    }
    let credentials = manifest
        .get_mut("credentials")
        .and_then(Value::as_object_mut);
    for credential in credentials.into_iter().flat_map(Map::values_mut) {
        if let Some(entries) = credential.as_object_mut() {
            entries.retain(|name, _| name != "verify" && name != "paste" && name != "pattern");
        }
    }
    manifest
}
