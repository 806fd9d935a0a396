//! `config.toml`: the profiles, without secrets; comments and order are kept when it is written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer};
use toml_edit::{DocumentMut, Item, Table, value};

use crate::core::error::{Error, Kind, Result};
use crate::manifest;
use crate::platform::Platform;
use crate::platform::files::{self, FileLock};
use crate::service::identity::IdentitySource;
use crate::store::StoreKind;

/// The maximum size of a TOML file that users write, in bytes.
const MAX_TOML: u64 = 1 << 20;

/// `config.toml`: no secrets.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The profile that is used if nothing else names one.
    pub default_profile: Option<String>,
    /// The profiles by name.
    #[serde(default)]
    pub profiles: BTreeMap<String, ProfileConfig>,
    /// The place of journal, locks and staged secrets.
    #[serde(default)]
    pub state: StateConfig,
    /// The logins of destinations, by the word before the `:` of their addresses.
    #[serde(default)]
    pub destinations: BTreeMap<String, LoginConfig>,
}

/// The login of the destinations of one kind, in place of the one of their own tools.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginConfig {
    /// The profile whose credential they get.
    pub profile: Option<String>,
    /// The source of the identity of a job, which the service of that profile exchanges for the credential.
    #[serde(default, deserialize_with = "identity")]
    pub identity: Option<IdentitySource>,
}

fn identity<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<IdentitySource>, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(serde::de::Error::custom)
}

/// The place of journal, locks and staged secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateConfig {
    /// The mount of a KV engine and a path in it, which machines share; the state folder if it is absent.
    pub vault: Option<String>,
}

/// A saved profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileConfig {
    /// The provider's name.
    pub provider: String,
    /// The store of its secrets.
    pub store: Option<StoreKind>,
    /// Addresses in place of the provider's own, by base.
    #[serde(default)]
    pub base_urls: BTreeMap<String, String>,
    /// The variables that the provider needs beside its credentials.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
}

/// Reads a TOML file of ours; an error names the file, line and key.
fn read_toml<T: for<'de> Deserialize<'de> + Default>(path: &Path) -> Result<T> {
    let Some(text) = files::read_text_within(path, MAX_TOML)? else {
        return Ok(T::default());
    };
    parse_toml(&text, path)
}

/// Parses the text of a TOML file of ours; an error names the file, line and key.
pub(super) fn parse_toml<T: for<'de> Deserialize<'de>>(text: &str, path: &Path) -> Result<T> {
    manifest::parse_toml(text, &path.display().to_string())
}

impl Config {
    /// Returns the path of the file.
    pub fn path(platform: &Platform) -> PathBuf {
        platform.dirs.config.join("config.toml")
    }

    /// Reads the file; a missing one is empty.
    pub fn load(platform: &Platform) -> Result<Config> {
        read_toml(&Config::path(platform))
    }

    /// Saves a profile; the first one becomes the default. Comments and order of the file are kept.
    pub fn save_profile(platform: &Platform, name: &str, saved: &ProfileConfig) -> Result<()> {
        edit(platform, |document| {
            let profiles = table_in(document.as_table_mut(), "profiles")?;
            profiles.set_implicit(true);
            let own = table_in(profiles, name)?;
            own["provider"] = value(&saved.provider);
            match saved.store {
                Some(store) => own["store"] = value(store.name()),
                None => drop(own.remove("store")),
            }
            for (key, entries) in [
                ("base_urls", &saved.base_urls),
                ("variables", &saved.variables),
            ] {
                if entries.is_empty() {
                    own.remove(key);
                } else {
                    own[key] = value(entries.iter().collect::<toml_edit::InlineTable>());
                }
            }
            if !document.contains_key("default_profile") {
                document["default_profile"] = value(name);
            }
            Ok(())
        })
    }

    /// Returns whether a file that cannot be understood may name the place of the state.
    pub fn may_name_state(platform: &Platform) -> bool {
        Config::text_holds(platform, "vault:")
    }

    /// Returns whether a file that cannot be understood may name the logins of destinations.
    pub fn may_name_logins(platform: &Platform) -> bool {
        Config::text_holds(platform, "destinations")
    }

    fn text_holds(platform: &Platform, word: &str) -> bool {
        let text = files::read_text_within(&Config::path(platform), MAX_TOML);
        text.is_ok_and(|text| text.is_some_and(|text| text.contains(word)))
    }

    /// Writes the place of journal, locks and staged secrets; `None` is the state folder.
    pub fn set_state(platform: &Platform, vault: Option<&str>) -> Result<()> {
        edit(platform, |document| {
            match vault {
                Some(place) => table_in(document.as_table_mut(), "state")?["vault"] = value(place),
                None => drop(document.remove("state")),
            }
            Ok(())
        })
    }

    /// Makes a profile the default.
    pub fn set_default(platform: &Platform, name: &str) -> Result<()> {
        edit(platform, |document| {
            document["default_profile"] = value(name);
            Ok(())
        })
    }

    /// Removes a profile; if it was the default, no default remains.
    pub fn remove_profile(platform: &Platform, name: &str) -> Result<()> {
        edit(platform, |document| {
            if let Some(profiles) = document
                .get_mut("profiles")
                .and_then(Item::as_table_like_mut)
            {
                profiles.remove(name);
            }
            if document.get("default_profile").and_then(Item::as_str) == Some(name) {
                document.remove("default_profile");
            }
            Ok(())
        })
    }

    /// Returns the saved profile of that name.
    pub fn profile(&self, name: &str) -> Result<&ProfileConfig> {
        self.profiles.get(name).ok_or_else(|| {
            let error = Error::new(
                Kind::NotFound,
                format!(
                    "there is no profile `{}`",
                    crate::core::untrusted::mask_typed_secret(name)
                ),
            );
            if self.profiles.is_empty() {
                return error.hint("log in first: keywright login PROVIDER");
            }
            let known: Vec<&str> = self.profiles.keys().map(String::as_str).collect();
            error
                .did_you_mean(name, known.iter().copied())
                .hint(format!("profiles are: {}", known.join(", ")))
        })
    }
}

fn edit(platform: &Platform, change: impl FnOnce(&mut DocumentMut) -> Result<()>) -> Result<()> {
    let path = Config::path(platform);
    let lock = FileLock::acquire(&files::lock_path(&path), &platform.lock_deadline)?;
    // The file is parsed first: a file with an error in it is never rewritten.
    Config::load(platform)?;
    let text = files::read_text_within(&path, MAX_TOML)?.unwrap_or_default();
    let mut document: DocumentMut = text
        .parse()
        .map_err(|_| Error::usage(format!("{} is not valid TOML", path.display())))?;
    change(&mut document)?;
    files::write_private_through(&path, document.to_string().as_bytes(), &lock)
}

fn table_in<'t>(table: &'t mut Table, key: &str) -> Result<&'t mut Table> {
    table
        .entry(key)
        .or_insert_with(|| Item::Table(Table::new()))
        .as_table_mut()
        .ok_or_else(|| {
            Error::usage(format!(
                "`{key}` in config.toml is written in one line: write it as [{key}]"
            ))
        })
}
