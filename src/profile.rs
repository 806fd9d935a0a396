//! Which service, as whom, and why: the config file, and precedence in one function.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use toml_edit::{DocumentMut, Item, Table, value};
use url::{Host, Url};

use crate::error::{Error, Kind, Result};
use crate::files::{self, Lock};
use crate::manifest::{self, Manifest, Source};
use crate::providers::is_name;
use crate::service::{Filling, Values, fill_host};
use crate::store::StoreKind;
use crate::world::World;

/// How long to wait for another keywright that writes the config.
const CONFIG_WAIT: Duration = Duration::from_secs(10);

/// The project file that is looked for from the current folder upwards.
pub const PROJECT_FILE: &str = "keywright.toml";

/// `config.toml`: no secrets.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The profile that is used where nothing else names one.
    pub default_profile: Option<String>,
    /// The profiles by name.
    #[serde(default)]
    pub profiles: BTreeMap<String, Saved>,
}

/// A profile as it is saved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// The provider's name.
    pub provider: String,
    /// Where its secrets are kept.
    pub store: Option<StoreKind>,
    /// Addresses in place of the provider's own, by base.
    #[serde(default)]
    pub base_urls: BTreeMap<String, String>,
    /// What the provider has to know beside its credentials.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
}

/// `keywright.toml` of a project: no secrets, no addresses.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Project {
    profile: Option<String>,
}

/// Reads a TOML file of ours; mistakes are named by file, line and key.
fn read_toml<T: for<'de> Deserialize<'de> + Default>(path: &Path) -> Result<T> {
    let Some(text) = files::read_text(path)? else {
        return Ok(T::default());
    };
    toml_edit::de::from_str(&text).map_err(|error| {
        let place = manifest::place_in(&text, error.span());
        Error::usage(format!(
            "{}:{place}: {}",
            path.display(),
            error.message().trim()
        ))
    })
}

impl Config {
    /// The file's path.
    pub fn path(world: &World) -> PathBuf {
        world.dirs.config.join("config.toml")
    }

    /// Reads the file; none is an empty one.
    pub fn load(world: &World) -> Result<Config> {
        read_toml(&Config::path(world))
    }

    /// Saves a profile; the first one becomes the default. Comments and order of the file are kept.
    pub fn save_profile(world: &World, name: &str, saved: &Saved) -> Result<()> {
        edit(world, |document| {
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

    /// Makes a profile the default.
    pub fn set_default(world: &World, name: &str) -> Result<()> {
        edit(world, |document| {
            document["default_profile"] = value(name);
            Ok(())
        })
    }

    /// Removes a profile; where it was the default, there is none any more.
    pub fn remove_profile(world: &World, name: &str) -> Result<()> {
        edit(world, |document| {
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

    /// The saved profile of that name.
    pub fn profile(&self, name: &str) -> Result<&Saved> {
        self.profiles.get(name).ok_or_else(|| {
            let error = Error::new(
                Kind::NotFound,
                format!("there is no profile `{}`", crate::untrusted::clean(name)),
            );
            if self.profiles.is_empty() {
                return error.hint("log in first: keywright login PROVIDER");
            }
            let known: Vec<&str> = self.profiles.keys().map(String::as_str).collect();
            error.hint(format!("profiles are: {}", known.join(", ")))
        })
    }
}

fn edit(world: &World, change: impl FnOnce(&mut DocumentMut) -> Result<()>) -> Result<()> {
    let path = Config::path(world);
    let lock = Lock::acquire(&files::with_suffix(&path, ".lock"), CONFIG_WAIT)?;
    // Reading it as ours first: a file with a mistake in it is never rewritten.
    Config::load(world)?;
    let text = files::read_text(&path)?.unwrap_or_default();
    let mut document: DocumentMut = text
        .parse()
        .map_err(|_| Error::usage(format!("{} is no TOML", path.display())))?;
    change(&mut document)?;
    files::write_private(&path, document.to_string().as_bytes(), &lock)
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

/// What decided which profile is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// `--profile`.
    Flag,
    /// `KEYWRIGHT_PROFILE`.
    ProfileVariable,
    /// `KEYWRIGHT_PROVIDER`: no profile is needed.
    ProviderVariable,
    /// The nearest project file.
    Project(PathBuf),
    /// `default_profile`.
    Default,
    /// It is the only one.
    Only,
    /// Asked for by a command for each profile in turn.
    Each,
}

impl fmt::Display for Decided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Decided::Flag => f.write_str("--profile"),
            Decided::ProfileVariable => f.write_str("KEYWRIGHT_PROFILE"),
            Decided::ProviderVariable => f.write_str("KEYWRIGHT_PROVIDER"),
            Decided::Project(path) => write!(f, "{}", path.display()),
            Decided::Default => f.write_str("default_profile"),
            Decided::Only => f.write_str("the only profile"),
            Decided::Each => f.write_str("each profile in turn"),
        }
    }
}

/// The profile to use, and what decided it.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Its name.
    pub name: String,
    /// What is saved of it.
    pub saved: Saved,
    /// What decided it.
    pub decided: Decided,
}

/// Decides which profile is used: `--profile`, `KEYWRIGHT_PROFILE`, `KEYWRIGHT_PROVIDER`, the nearest project file,
/// `default_profile`, the only profile.
pub fn choose(world: &World, flag: Option<&str>) -> Result<Chosen> {
    let named = flag
        .map(|name| (name.to_owned(), Decided::Flag))
        .or_else(|| {
            let name = world.env.get("KEYWRIGHT_PROFILE")?;
            Some((name.to_owned(), Decided::ProfileVariable))
        });
    if named.is_none()
        && let Some(provider) = world.env.get("KEYWRIGHT_PROVIDER")
    {
        return Ok(Chosen {
            name: provider.to_owned(),
            saved: Saved {
                provider: provider.to_owned(),
                ..Saved::default()
            },
            decided: Decided::ProviderVariable,
        });
    }
    let config = Config::load(world)?;
    let (name, decided) = match named {
        Some(named) => named,
        None => unnamed(world, &config)?,
    };
    let saved = config
        .profile(&name)
        .map(Clone::clone)
        .map_err(|error| match &decided {
            Decided::Flag => error,
            other => error.hint(format!("it is named by {other}")),
        })?;
    Ok(Chosen {
        name,
        saved,
        decided,
    })
}

fn unnamed(world: &World, config: &Config) -> Result<(String, Decided)> {
    if let Some((name, path)) = project(world)? {
        return Ok((name, Decided::Project(path)));
    }
    if let Some(name) = &config.default_profile {
        return Ok((name.clone(), Decided::Default));
    }
    let mut names = config.profiles.keys();
    match (names.next(), names.next()) {
        (Some(only), None) => Ok((only.clone(), Decided::Only)),
        (Some(_), Some(_)) => {
            let known: Vec<&str> = config.profiles.keys().map(String::as_str).collect();
            Err(
                Error::usage("there are several profiles, and none is the default")
                    .hint(format!("name one with `--profile`: {}", known.join(", ")))
                    .hint("or choose a default: keywright profiles use NAME"),
            )
        }
        (None, _) => Err(
            Error::new(Kind::Auth, "not logged in: there is no profile yet")
                .hint("log in: keywright login PROVIDER")
                .hint("try everything without an account: keywright --sandbox keys list")
                .hint("in CI set KEYWRIGHT_PROVIDER, and KEYWRIGHT_API_KEY or KEYWRIGHT_TOKEN"),
        ),
    }
}

/// The profile that the nearest project file names.
fn project(world: &World) -> Result<Option<(String, PathBuf)>> {
    // A sandbox knows nothing of the projects around it.
    if !world.addresses.is_empty() {
        return Ok(None);
    }
    for folder in world.folder.ancestors() {
        let path = folder.join(PROJECT_FILE);
        if path.is_file() {
            let project: Project = read_toml(&path)?;
            return Ok(project.profile.map(|name| (name, path)));
        }
    }
    Ok(None)
}

/// Where a value comes from, for `profiles show`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// The running sandbox.
    Sandbox,
    /// An environment variable.
    Environment,
    /// The profile.
    Profile,
    /// The manifest.
    Manifest,
}

impl From {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            From::Sandbox => "sandbox",
            From::Environment => "environment",
            From::Profile => "profile",
            From::Manifest => "manifest",
        }
    }
}

/// The variables of a profile, each with where it comes from.
pub fn variables(
    world: &World,
    saved: &Saved,
    manifest: &Manifest,
) -> Result<BTreeMap<String, (String, From)>> {
    let mut all = BTreeMap::new();
    for (name, spec) in &manifest.variables {
        let variable = format!("KEYWRIGHT_VAR_{}", name.to_ascii_uppercase());
        let found = world
            .env
            .get(&variable)
            .map(|value| (value.to_owned(), From::Environment))
            .or_else(|| Some((saved.variables.get(name)?.clone(), From::Profile)))
            .or_else(|| Some((spec.default.clone()?, From::Manifest)));
        let Some((value, from)) = found else {
            continue;
        };
        check_variable(manifest, name, &value)?;
        all.insert(name.clone(), (value, from));
    }
    Ok(all)
}

/// Refuses a variable that the provider does not know or that cannot have this value.
pub fn check_variable(manifest: &Manifest, name: &str, value: &str) -> Result<()> {
    let Some(spec) = manifest.variables.get(name) else {
        let known: Vec<&str> = manifest.variables.keys().map(String::as_str).collect();
        let error = Error::usage(format!("{} has no variable `{name}`", manifest.name));
        return Err(if known.is_empty() {
            error
        } else {
            error.hint(format!("it has: {}", known.join(", ")))
        });
    };
    let refuse = |why: String| Err(Error::usage(format!("`{name}` {why}")));
    if !spec.choices.is_empty() && !spec.choices.iter().any(|choice| choice == value) {
        return refuse(format!("is one of: {}", spec.choices.join(", ")));
    }
    if let Some(pattern) = &spec.pattern
        && !pattern.matches(value)
    {
        return refuse(format!("has to match {}", pattern.as_str()));
    }
    if value.chars().any(char::is_control) {
        return refuse("holds a control character".to_owned());
    }
    Ok(())
}

/// The addresses of a profile by base, each with where it comes from.
pub fn bases(
    world: &World,
    saved: &Saved,
    manifest: &Manifest,
    variables: &BTreeMap<String, (String, From)>,
) -> Result<BTreeMap<String, (Url, From)>> {
    let sandbox = world.addresses.get(&manifest.name);
    let environment = environment_bases(world, manifest)?;
    for name in saved.base_urls.keys() {
        if !manifest.bases.contains_key(name) {
            return Err(unknown_base(manifest, name));
        }
    }
    let mut all = BTreeMap::new();
    for (name, base) in &manifest.bases {
        let found = sandbox
            .and_then(|addresses| Some((addresses.get(name)?.clone(), From::Sandbox)))
            .or_else(|| Some((environment.get(name)?.clone(), From::Environment)))
            .or_else(|| Some((saved.base_urls.get(name)?.clone(), From::Profile)));
        let (text, from) = match found {
            Some(found) => found,
            None => (
                own_base(manifest, name, &base.url, variables)?,
                From::Manifest,
            ),
        };
        all.insert(name.clone(), (check_url(&text)?, from));
    }
    Ok(all)
}

fn own_base(
    manifest: &Manifest,
    name: &str,
    template: &manifest::Template,
    variables: &BTreeMap<String, (String, From)>,
) -> Result<String> {
    let mut values = Values::at(jiff::Timestamp::UNIX_EPOCH);
    for (variable, (text, _)) in variables {
        values.set(
            &Source::Variable(variable.clone()),
            Filling::Plain(text.clone().into()),
        );
    }
    fill_host(template, &values)
        .map(|filled| filled.shown)
        .map_err(|_| {
            Error::usage(format!(
                "the address `{name}` of {} needs a variable that is not set, or not one for an address: {}",
                manifest.name,
                template.as_written()
            ))
            .hint("set it when logging in: keywright login --set NAME=VALUE")
        })
}

fn unknown_base(manifest: &Manifest, name: &str) -> Error {
    let known: Vec<&str> = manifest.bases.keys().map(String::as_str).collect();
    Error::usage(format!("{} has no base `{name}`", manifest.name))
        .hint(format!("it has: {}", known.join(", ")))
}

fn environment_bases(world: &World, manifest: &Manifest) -> Result<BTreeMap<String, String>> {
    match world.env.get("KEYWRIGHT_BASE_URL") {
        None => Ok(BTreeMap::new()),
        Some(text) => parse_bases(manifest, text.split(','))
            .map_err(|error| error.context("KEYWRIGHT_BASE_URL")),
    }
}

/// Reads `URL` (for every base) or `NAME=URL`, each checked.
pub fn parse_bases<'t>(
    manifest: &Manifest,
    texts: impl IntoIterator<Item = &'t str>,
) -> Result<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for text in texts
        .into_iter()
        .map(str::trim)
        .filter(|text| !text.is_empty())
    {
        let named = text.split_once('=').filter(|(name, _)| is_name(name));
        match named {
            Some((name, url)) => {
                if !manifest.bases.contains_key(name) {
                    return Err(unknown_base(manifest, name));
                }
                check_url(url)?;
                all.insert(name.to_owned(), url.to_owned());
            }
            None => {
                check_url(text)?;
                for name in manifest.bases.keys() {
                    all.insert(name.clone(), text.to_owned());
                }
            }
        }
    }
    Ok(all)
}

/// Reads an address that a credential may be sent to: HTTPS, or HTTP to this machine.
pub fn check_url(text: &str) -> Result<Url> {
    let refuse = |why: &str| {
        Error::usage(format!(
            "`{}` is no address to send a credential to: {why}",
            crate::untrusted::clean(text)
        ))
    };
    let url = Url::parse(text).map_err(|error| refuse(&error.to_string()))?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return Err(refuse("it is not encrypted")
                .hint("use https://; plain http:// is for 127.0.0.1, [::1] and localhost alone"));
        }
        other => return Err(refuse(&format!("`{other}` is not https"))),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::usage(
            "an address with a user name or password in it is not taken",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("it has a `?` or a `#`"));
    }
    Ok(url)
}

/// Whether an address is on this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_encrypted_or_near_addresses_are_taken() {
        for good in [
            "https://api.example.com/v1",
            "http://127.0.0.1:8080",
            "http://[::1]:1",
            "http://localhost:3/x",
        ] {
            assert!(check_url(good).is_ok(), "{good}");
        }
        for bad in [
            "http://api.example.com",
            "http://127.0.0.1.evil.example",
            "https://user:pw@example.com",
            "https://example.com?x=1",
            "ftp://127.0.0.1",
            "example.com",
            "",
        ] {
            assert_eq!(
                check_url(bad).err().map(|error| error.kind()),
                Some(Kind::Usage),
                "{bad}"
            );
        }
    }
}
