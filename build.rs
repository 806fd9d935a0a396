//! Prepares the data of the program.
//!
//! Each manifest of a service or a destination is written as JSON, over what it extends and without its examples: that reads ten
//! times as fast, and is checked here for being TOML at all. Its header alone is written once more, for commands that
//! only hand out a credential. What is read seldom is packed: the JSON of each manifest, the texts of all together, and
//! the schema of the language.

#![expect(
    clippy::disallowed_methods,
    clippy::unnecessary_debug_formatting,
    reason = "a build script has no World, and quotes paths as Rust does"
)]

use std::error::Error;
use std::fmt::{Display, Write as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde_json::{Map, Value};

#[path = "src/manifest/merge.rs"]
mod merge;

/// The most manifests that may extend each other in one line.
const LONGEST_LINE: usize = 8;

fn main() -> Result<(), Box<dyn Error>> {
    let schema = Path::new("schema/keywright-manifest.json");
    println!("cargo::rerun-if-changed={}", schema.display());
    let target = PathBuf::from(env::var("OUT_DIR")?);
    let mut texts = String::new();
    for (folder, file) in [
        ("src/providers", "built_in.rs"),
        ("src/destination/built_in", "destinations.rs"),
    ] {
        println!("cargo::rerun-if-changed={folder}");
        let table = table(Path::new(folder), &target, &mut texts)?;
        fs::write(target.join(file), table)?;
    }
    fs::write(target.join("manifests.deflate"), packed(&texts)?)?;
    let schema = fs::read_to_string(schema)?;
    fs::write(target.join("schema.deflate"), packed(&schema)?)?;
    Ok(())
}

/// Returns the table of the manifests of a folder, whose texts are added to `texts`.
fn table(source: &Path, target: &Path, texts: &mut String) -> Result<String, Box<dyn Error>> {
    let mut files: Vec<PathBuf> = fs::read_dir(source)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
    });
    files.sort();
    let folder = source.file_name().and_then(|name| name.to_str());
    let folder = folder.ok_or("a name")?;
    let mut table = String::from("&[\n");
    for path in files {
        let name = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .ok_or("a name")?;
        let manifest = whole(source, name, LONGEST_LINE)?;
        let json = target.join(format!("{folder}.{name}.json.deflate"));
        fs::write(&json, packed(&manifest.to_string())?)?;
        let header = target.join(format!("{folder}.{name}.header.json"));
        fs::write(&header, face_of(manifest).to_string())?;
        let start = texts.len();
        *texts += &fs::read_to_string(&path)?;
        let end = texts.len();
        writeln!(
            table,
            "    BuiltIn {{ name: {name:?}, text: {start}..{end}, json: include_bytes!({json:?}), \
             header: include_str!({header:?}) }},"
        )?;
    }
    table.push(']');
    Ok(table)
}

/// Returns a text as `core::packed` unpacks it.
fn packed(text: &str) -> io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes())?;
    encoder.finish()
}

/// A manifest as data, over the built-in ones that it extends, without examples: those are for the tests and for
/// `providers check`, which read the TOML.
fn whole(folder: &Path, name: &str, line: usize) -> Result<Value, Box<dyn Error>> {
    let path = folder.join(format!("{name}.toml"));
    let wrong = |why: &dyn Display| format!("{}: {why}", path.display());
    let text = fs::read_to_string(&path).map_err(|error| wrong(&error))?;
    let mut own: Value = toml_edit::de::from_str(&text).map_err(|error| wrong(&error))?;
    merge::forget_examples(&mut own);
    let Some(parent) = own.get("extends").and_then(Value::as_str) else {
        return Ok(own);
    };
    if line == 0 {
        return Err(wrong(&"it extends too many, or itself").into());
    }
    let mut all = whole(folder, parent, line - 1)?;
    let left_out = own.get("without").and_then(Value::as_array);
    for key in left_out.into_iter().flatten().filter_map(Value::as_str) {
        if !merge::remove(&mut all, key) {
            return Err(wrong(&format!("there is no `{key}` to leave out")).into());
        }
    }
    merge::merge(&mut all, own, &mut Vec::new());
    Ok(all)
}

/// Returns the part of a manifest that handing out a stored credential needs: all but the operations, which are most of
/// it.
fn face_of(mut manifest: Value) -> Value {
    const KEPT: [&str; 9] = [
        "manifest",
        "name",
        "title",
        "about",
        "checked",
        "servers",
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
            const LEFT_OUT: [&str; 4] = ["verify", "revoke", "manual", "pattern"];
            entries.retain(|name, _| !LEFT_OUT.contains(&name.as_str()));
        }
    }
    manifest
}
