//! Reads the keys of a project file.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::core::error::{Error, Result};
use crate::core::untrusted::escape;
use crate::destination::DestinationSpec;
use crate::hook::HookSpec;
use crate::manifest::{Retirement, Span, Strategy, read_expiry};

/// The maximum length of a destination or hook in a project file, in its displayed form, in bytes.
const MAX_TEXT: usize = 4096;

/// The keys of a project, in the order of the file.
#[derive(Debug, Default)]
pub struct ProjectKeys(pub Vec<(String, ProjectKey)>);

/// A key of a project.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectKey {
    /// Its profile; the project's if left out.
    pub profile: Option<String>,
    /// The rotation interval; the service's advice if left out.
    pub rotate_every: Option<Span>,
    /// The expiry of a new key: `90d`, `2027-01-31` or `never`; the old one's lifetime if left out.
    #[serde(default, deserialize_with = "deserialize_expiry")]
    pub expires: Option<String>,
    /// Its scopes; those of the old key if left out.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Its destinations; paths are relative to the folder of the file.
    #[serde(default, deserialize_with = "destinations")]
    pub destinations: Vec<DestinationSpec>,
    /// The grace of an old key.
    pub grace: Option<Span>,
    /// A strategy other than the service's.
    pub strategy: Option<Strategy>,
    /// The proof of disuse after which an old key is retired.
    pub retire: Option<Retirement>,
    /// The hooks that follow the delivery, before the old key is left or revoked.
    #[serde(default, deserialize_with = "hooks")]
    pub after: Vec<HookSpec>,
    /// The program by which the application says that it works with the new key.
    #[serde(default, deserialize_with = "check")]
    pub check: Option<HookSpec>,
}

/// Reads the expiry of a key; it is checked against the clock when it is used.
fn deserialize_expiry<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    read_expiry(&text, Timestamp::UNIX_EPOCH).map_err(serde::de::Error::custom)?;
    Ok(Some(text))
}

/// A text of a project file that is not too long to be read by the person who trusts it.
#[derive(Deserialize)]
#[serde(try_from = "String", bound = "T: FromStr<Err = Error>")]
struct Text<T>(T);

impl<T: FromStr<Err = Error>> TryFrom<String> for Text<T> {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        if escape(&text).len() > MAX_TEXT {
            return Err(Error::usage(format!(
                "a destination or hook of a project file has at most {MAX_TEXT} bytes"
            )));
        }
        text.parse().map(Text)
    }
}

/// A destination of a project file: its text, or a table with the profile that lends it a credential. A project cannot set
/// the folder in which a program runs.
struct Entry(DestinationSpec);

/// A destination with a profile beside it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LentEntry {
    to: Text<DestinationSpec>,
    profile: String,
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EntryVisitor)
    }
}

struct EntryVisitor;

impl<'de> Visitor<'de> for EntryVisitor {
    type Value = Entry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a destination, or a table with `to` and `profile`")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Entry, E> {
        let Text(spec) = Text::try_from(text.to_owned()).map_err(E::custom)?;
        Ok(Entry(spec))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Entry, A::Error> {
        let entry = LentEntry::deserialize(MapAccessDeserializer::new(map))?;
        let Text(spec) = entry.to;
        let spec = spec.lent_by(entry.profile);
        spec.map(Entry).map_err(serde::de::Error::custom)
    }
}

/// Reads destinations.
fn destinations<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<DestinationSpec>, D::Error> {
    let entries = Vec::<Entry>::deserialize(deserializer)?;
    Ok(entries.into_iter().map(|Entry(spec)| spec).collect())
}

/// Reads one hook, or a list of them.
fn hooks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<HookSpec>, D::Error> {
    deserializer.deserialize_any(HooksVisitor)
}

struct HooksVisitor;

impl<'de> Visitor<'de> for HooksVisitor {
    type Value = Vec<HookSpec>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a hook, or a list of hooks")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        let hook = Text::try_from(text.to_owned()).map_err(E::custom)?;
        Ok(vec![hook.0])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut hooks = Vec::new();
        while let Some(Text(hook)) = list.next_element()? {
            hooks.push(hook);
        }
        Ok(hooks)
    }
}

/// Reads the check of a key, which is a program.
fn check<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<HookSpec>, D::Error> {
    let Text(hook) = Text::<HookSpec>::deserialize(deserializer)?;
    if !hook.is_program() {
        let why = "the check of a key is a program that ends with exit code 0: exec:COMMAND…";
        return Err(serde::de::Error::custom(why));
    }
    Ok(Some(hook))
}

impl<'de> Deserialize<'de> for ProjectKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeysVisitor)
    }
}

struct KeysVisitor;

impl<'de> Visitor<'de> for KeysVisitor {
    type Value = ProjectKeys;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table `[keys.NAME]` for each key")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ProjectKeys, A::Error> {
        let mut keys = Vec::new();
        while let Some(entry) = map.next_entry::<String, ProjectKey>()? {
            keys.push(entry);
        }
        Ok(ProjectKeys(keys))
    }
}
