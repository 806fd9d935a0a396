//! Reads `keywright.toml`: the keys of a project, their destinations and their rotation interval; no secrets, no
//! addresses.

mod key;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use key::ProjectKey;
use key::ProjectKeys;

use super::config::parse_toml;
use super::trust::{TrustEntry, TrustRecord};
use crate::core::error::{Error, Result};
use crate::core::untrusted::{escape, mask_typed_secret};
use crate::destination::{self, DestinationSpec};
use crate::hook::HookSpec;
use crate::manifest;
use crate::platform::Platform;
use crate::platform::files;

/// The name of the project file, which is searched for from the current folder upwards.
pub const PROJECT_FILE: &str = "keywright.toml";

/// The variable that names the project file, as `--project` does.
const PROJECT_VARIABLE: &str = "KEYWRIGHT_PROJECT";

/// The largest project file that is read, in bytes.
const MAX_PROJECT: u64 = 1 << 20;

/// The maximum number of changes in the hints of an error.
const MAX_CHANGES: usize = 20;

/// The `keywright.toml` of a project.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// The profile that commands use in this project.
    pub profile: Option<String>,
    /// The keys of the project, by their name or id at the service.
    #[serde(default)]
    pub keys: ProjectKeys,
    /// The path of the file.
    #[serde(skip)]
    pub path: PathBuf,
    /// The folder of the file, with links resolved. Its destinations are relative to it.
    #[serde(skip)]
    pub folder: PathBuf,
}

impl Project {
    /// Refuses a file that is named on the command line or in the environment and is missing, even if the profile is
    /// selected otherwise.
    pub fn check_named(platform: &Platform) -> Result<()> {
        match platform.env.set_to(PROJECT_VARIABLE) {
            None | Some("") => Ok(()),
            Some(file) => Project::place(platform, file).map(drop),
        }
    }

    /// Returns the folder, with links resolved, and the name of a file that is named explicitly.
    fn place(platform: &Platform, file: &str) -> Result<(PathBuf, OsString)> {
        let path = platform.folder.join(file);
        let absent = || {
            Error::usage(format!("there is no project file `{}`", mask_typed_secret(file)))
                .hint("name a file with `--project` or KEYWRIGHT_PROJECT; an empty KEYWRIGHT_PROJECT means none")
        };
        let (folder, name) = match files::folder_and_name(&path) {
            Ok(found) => found,
            Err(_) if !path.exists() => return Err(absent()),
            Err(error) => return Err(error),
        };
        if folder.join(&name).symlink_metadata().is_err() {
            return Err(absent());
        }
        Ok((folder, name))
    }

    /// Reads the file that is named on the command line or in the environment; naming it is consent.
    fn named(platform: &Platform, file: &str) -> Result<Project> {
        let (folder, name) = Project::place(platform, file)?;
        let found = FoundProject::named(folder, &name)?;
        if found.is_readable {
            return found.project(platform);
        }
        let why = found.objection.unwrap_or_default();
        Err(Error::usage(format!(
            "cannot read `{}`: {why}",
            found.path.display()
        )))
    }

    fn parse(text: &str, path: PathBuf, folder: PathBuf) -> Result<Project> {
        let project: Project = parse_toml(text, &path)?;
        Ok(Project {
            path,
            folder,
            ..project
        })
    }

    /// Returns the key of that name.
    pub fn key(&self, name: &str) -> Option<&ProjectKey> {
        let mut keys = self.keys.0.iter();
        keys.find_map(|(known, key)| (known == name).then_some(key))
    }

    /// Returns the profile of a key, if the file names it.
    pub fn profile_of<'p>(&'p self, key: &'p ProjectKey) -> Option<&'p str> {
        key.profile.as_deref().or(self.profile.as_deref())
    }

    /// Returns the destinations of a key that belongs to `profile`, independent of the current folder; refuses those
    /// that only the command line may name.
    pub fn destinations(&self, key: &ProjectKey, profile: &str) -> Result<Vec<DestinationSpec>> {
        let destinations = key.destinations.iter();
        destinations
            .map(|to| self.destination(to, Some(profile)))
            .collect()
    }

    /// Returns the destinations of a key that the file may use, without those that only the command line may name.
    pub fn allowed_destinations(&self, key: &ProjectKey) -> Vec<DestinationSpec> {
        let profile = self.profile_of(key);
        let destinations = key.destinations.iter();
        destinations
            .filter_map(|to| self.destination(to, profile).ok())
            .collect()
    }

    fn destination(&self, to: &DestinationSpec, profile: Option<&str>) -> Result<DestinationSpec> {
        let refused = |error: Error| error.context(&self.path.display().to_string());
        if let (Some(name), Some(own)) = (to.profile(), profile)
            && name != own
        {
            let why = format!(
                "`profile:{}` is the login of another profile than `{}`, which the key belongs to",
                escape(name),
                escape(own)
            );
            return Err(refused(Error::usage(why).hint(
                "a project file replaces no other profile's login; if that is what you want, use `--to` on the command line",
            )));
        }
        to.confined(&self.folder).map_err(refused)
    }

    /// Returns the hooks that follow the delivery of a key, and its check, as they are run: in the folder of the file.
    pub fn hooks(&self, key: &ProjectKey) -> Result<(Vec<HookSpec>, Option<HookSpec>)> {
        let confined = |hook: &HookSpec| {
            let confined = hook.confined(&self.folder);
            confined.map_err(|error| error.context(&self.path.display().to_string()))
        };
        let after = key.after.iter().map(confined).collect::<Result<_>>()?;
        let check = key.check.as_ref().map(confined).transpose()?;
        Ok((after, check))
    }

    /// Returns a destination in its displayed form: in full, with its resolved path if it may be used.
    pub fn shown(&self, key: &ProjectKey, to: &DestinationSpec) -> String {
        match self.destination(to, self.profile_of(key)) {
            Ok(to) => to.to_string(),
            Err(_) => to.to_string(),
        }
    }

    /// Returns everything that the file may do, a line each.
    pub fn effects(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(profile) = &self.profile {
            lines.push(format!("profile `{}`", escape(profile)));
        }
        for (name, key) in &self.keys.0 {
            let of = match self.profile_of(key) {
                Some(profile) => format!("profile `{}`", escape(profile)),
                None => "the profile in force".to_owned(),
            };
            let mut line =
                |what: String| lines.push(format!("key `{}` ({of}): {what}", escape(name)));
            if key.destinations.is_empty() {
                line("rotated, without a destination of its own".to_owned());
            }
            for to in &key.destinations {
                let login = to
                    .login()
                    .map(|name| format!(" with the credential of the profile `{}`", escape(name)));
                let shown = escape(&self.shown(key, to)) + &login.unwrap_or_default();
                match self.destination(to, self.profile_of(key)) {
                    Ok(_) => line(format!("delivered to {shown}")),
                    Err(_) => line(format!("not delivered to {shown}: that needs `--to`")),
                }
            }
            let after = key.after.iter().map(|hook| ("then runs", hook));
            let check = key.check.iter().map(|hook| ("checked by", hook));
            for (role, hook) in after.chain(check) {
                let shown = escape(&hook.to_string());
                match hook.confined(&self.folder) {
                    Ok(_) => line(format!("{role} {shown}")),
                    Err(_) => line(format!("not run: {shown}, which lies outside its folder")),
                }
            }
            let each = [
                (
                    "rotate_every",
                    key.rotate_every.map(|span| span.to_string()),
                ),
                ("grace", key.grace.map(|span| span.to_string())),
                ("retire", key.retire.map(|retire| retire.to_string())),
                ("expires", key.expires.clone()),
                ("strategy", key.strategy.map(|one| one.name().to_owned())),
                (
                    "scopes",
                    Some(key.scopes.join(" ")).filter(|scopes| !scopes.is_empty()),
                ),
            ];
            for (field, value) in each {
                if let Some(value) = value {
                    line(format!("{field} {}", escape(&value)));
                }
            }
        }
        lines
    }
}

/// A project file that was found, before its trust is decided.
#[derive(Debug)]
pub struct FoundProject {
    /// Its path, with the links of its folder resolved.
    pub path: PathBuf,
    /// Its folder, with links resolved.
    pub folder: PathBuf,
    /// Its bytes: these are judged and used, and no others.
    bytes: Vec<u8>,
    /// Set if it could be read.
    is_readable: bool,
    /// The reason why another user may have written it, if there is one.
    pub objection: Option<String>,
}

impl FoundProject {
    /// Returns the nearest one, from the current folder upwards. Anything of its name counts, so that no outer file
    /// takes its place.
    pub fn nearest(platform: &Platform) -> Result<Option<FoundProject>> {
        if platform.folder.as_os_str().is_empty() {
            return Ok(None);
        }
        let mut folders = platform.folder.ancestors();
        let holds = |folder: &&Path| folder.join(PROJECT_FILE).symlink_metadata().is_ok();
        folders.find(holds).map(FoundProject::inside).transpose()
    }

    /// Returns the one in `folder`.
    pub fn inside(folder: &Path) -> Result<FoundProject> {
        let (folder, name) = files::folder_and_name(&folder.join(PROJECT_FILE))?;
        FoundProject::named(folder, &name)
    }

    /// Returns the file of that name in a folder whose links are resolved.
    fn named(folder: PathBuf, name: &OsStr) -> Result<FoundProject> {
        let examined = files::read_checked(&folder, name, MAX_PROJECT)?;
        Ok(FoundProject {
            path: folder.join(name),
            folder,
            is_readable: examined.bytes.is_some(),
            bytes: examined.bytes.unwrap_or_default(),
            objection: examined.objection,
        })
    }

    /// Returns the SHA-256 of its bytes.
    pub fn sha256(&self) -> String {
        files::sha256(&self.bytes)
    }

    fn text(&self) -> Result<&str> {
        std::str::from_utf8(&self.bytes)
            .map_err(|_| Error::usage(format!("`{}` is not UTF-8 text", self.path.display())))
    }

    /// Parses its bytes as a project file.
    fn parsed(&self) -> Result<Project> {
        Project::parse(self.text()?, self.path.clone(), self.folder.clone())
    }

    /// Parses its bytes as a project file, all of whose destinations are of kinds that are known here.
    pub fn project(&self, platform: &Platform) -> Result<Project> {
        let project = self.parsed()?;
        for (name, key) in &project.keys.0 {
            for (index, to) in key.destinations.iter().enumerate() {
                let index = index.to_string();
                let at = ["keys", name, "destinations", &index];
                destination::check_kind(to, platform)
                    .map_err(|error| self.wrong_at(&at, &error))?;
            }
        }
        Ok(project)
    }

    /// Returns an error about an entry, with file, line and key.
    fn wrong_at(&self, at: &[&str], error: &Error) -> Error {
        let place = manifest::place_of(self.text().unwrap_or_default(), at);
        let path = self.path.display();
        Error::usage(format!("{path}:{place}: {}", error.message()))
            .with_hints(error.hints().iter().cloned())
    }

    /// Returns whether these bytes are allowed at this path, and no other user can have written them.
    pub fn is_trusted(&self, trust: &TrustRecord) -> bool {
        let allowed = trust.project(&self.path);
        self.objection.is_none() && allowed.is_some_and(|known| known.sha256 == self.sha256())
    }

    /// Refuses a file that another user may have written.
    pub fn check_ownership(&self) -> Result<()> {
        match &self.objection {
            None => Ok(()),
            Some(why) => Err(Error::usage(format!(
                "`{}` cannot be trusted: {why}",
                self.path.display()
            ))
            .hint(
                "file and folder must belong to you or to root, and must not be writable by others",
            )
            .hint("in CI, cron or a container name the file, which is consent: --project FILE")),
        }
    }
}

/// The project file as a command sees it.
#[derive(Debug)]
pub enum ProjectFile {
    /// There is none, or none is wanted.
    Absent,
    /// It is trusted, or was named.
    Obeyed(Project),
    /// It exists and is not trusted.
    Untrusted(UntrustedProject),
}

/// A project file that is not obeyed.
#[derive(Debug)]
pub struct UntrustedProject {
    found: FoundProject,
    /// The entry that was trusted at this path before.
    before: Option<TrustEntry>,
}

impl ProjectFile {
    /// Finds the project file of this run.
    pub fn find(platform: &Platform) -> Result<ProjectFile> {
        if let Some(file) = platform.env.set_to(PROJECT_VARIABLE) {
            return match file {
                "" => Ok(ProjectFile::Absent),
                file => Project::named(platform, file).map(ProjectFile::Obeyed),
            };
        }
        let Some(found) = FoundProject::nearest(platform)? else {
            return Ok(ProjectFile::Absent);
        };
        let trust = TrustRecord::load(platform)?;
        if found.is_trusted(&trust) {
            return found.project(platform).map(ProjectFile::Obeyed);
        }
        let before = trust.project(&found.path).cloned();
        Ok(ProjectFile::Untrusted(UntrustedProject { found, before }))
    }
}

impl UntrustedProject {
    fn why(&self) -> String {
        let path = escape(&self.found.path.display().to_string());
        match (&self.found.objection, &self.before) {
            (Some(why), _) => format!("`{path}` is not trusted: {why}"),
            (None, Some(_)) => format!("`{path}` has changed since it was trusted"),
            (None, None) => format!("`{path}` is not trusted"),
        }
    }

    /// Returns one line for a command that continues without it.
    pub fn notice(&self) -> String {
        format!(
            "{}, and is not used; what it may do: keywright trust --show",
            self.why()
        )
    }

    /// Returns the error of a command that would have obeyed it.
    pub fn error(&self) -> Error {
        let error = Error::usage(self.why());
        if let Err(refused) = self.found.check_ownership() {
            return error.with_hints(refused.hints().iter().cloned());
        }
        error
            .with_hints(self.changes())
            .hint("review it, then allow it: keywright trust")
            .hint("or go on without it: name the profile with `--profile`")
            .hint("in CI, cron or a container name the file, which is consent: --project FILE")
    }

    /// Returns the effects that it gained and lost since it was trusted.
    fn changes(&self) -> Vec<String> {
        let Some(before) = &self.before else {
            return Vec::new();
        };
        let now = match self.found.parsed() {
            Ok(project) => project.effects(),
            Err(error) => return vec![format!("it cannot be read any more: {error}")],
        };
        let added = now.iter().filter(|line| !before.may.contains(line));
        let removed = before.may.iter().filter(|line| !now.contains(line));
        let mut changes: Vec<String> = added
            .map(|line| format!("new: {line}"))
            .chain(removed.map(|line| format!("no longer: {line}")))
            .collect();
        if changes.is_empty() {
            return vec!["its permissions are the same as before".to_owned()];
        }
        if changes.len() > MAX_CHANGES {
            let more = changes.len() - MAX_CHANGES;
            changes.truncate(MAX_CHANGES);
            changes.push(format!("and {more} more: keywright trust --show"));
        }
        changes
    }
}
