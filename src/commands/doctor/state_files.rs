//! Every file of the state folder: whose it is, who can read it, and whether it can be understood.

use std::fs;
use std::path::{Path, PathBuf};

use super::{CheckResult, CheckState, fine, odd};
use crate::core::error::{Error, Kind, Result};
use crate::platform::Platform;
use crate::platform::files;
use crate::profile::credential_index::CredentialIndex;
use crate::rotation::journal;

const NAME: &str = "files";

/// The most files and folders that are looked at.
const MAX_FILES: usize = 10_000;

/// Returns the problems of the files in the state folder, or that there are none; empty without such a folder.
pub(super) fn findings(platform: &Platform) -> Vec<CheckResult> {
    let root = &platform.dirs.state;
    if !root.exists() {
        return Vec::new();
    }
    let (paths, mut found) = walk(root);
    found.extend(paths.iter().filter_map(|path| problem_with(path)));
    found.extend(unreadable_files(platform));
    if found.is_empty() {
        let count = paths.len();
        found.push(fine(
            NAME,
            format!("{count} in the state folder, private and readable"),
        ));
    }
    found
}

/// Returns the files and folders below `root`, itself included, and what could not be listed.
pub(super) fn walk(root: &Path) -> (Vec<PathBuf>, Vec<CheckResult>) {
    let mut paths = vec![root.to_owned()];
    let mut found = Vec::new();
    let mut next = 0;
    while next < paths.len() && paths.len() < MAX_FILES {
        let path = paths[next].clone();
        next += 1;
        if path.is_symlink() || !path.is_dir() {
            continue;
        }
        match fs::read_dir(&path) {
            Ok(entries) => paths.extend(entries.flatten().map(|entry| entry.path())),
            Err(error) => {
                let error = files::path_error("list", &path, error);
                found.push(odd(NAME, CheckState::Failed, &error));
            }
        }
    }
    (paths, found)
}

fn problem_with(path: &Path) -> Option<CheckResult> {
    if let Err(error) = files::refuse_if_foreign(path) {
        return Some(odd(NAME, CheckState::Failed, &error));
    }
    if path.is_dir() && !path.is_symlink() {
        let unwritable = files::refuse_if_unwritable(path).err()?;
        return Some(odd(NAME, CheckState::Failed, &unwritable));
    }
    match files::is_readable(path) {
        // Removed by another process meanwhile.
        Ok(false) if !path.is_symlink() => return None,
        Ok(_) => {}
        Err(error) => return Some(odd(NAME, CheckState::Failed, &error)),
    }
    let shared = files::refuse_if_shared(path).err()?;
    Some(odd(NAME, CheckState::Warning, &shared))
}

/// Returns the files that are there and make no sense.
fn unreadable_files(platform: &Platform) -> Vec<CheckResult> {
    let mut found = Vec::new();
    if let Err(error) = CredentialIndex::load(platform) {
        found.push(odd(NAME, CheckState::Failed, &error));
    }
    match journal::all(platform) {
        Ok(records) => {
            let unread = records.into_iter().filter_map(|seen| seen.events.err());
            found.extend(unread.map(|error| {
                let error = Error::from(error).hint("see: keywright rotations");
                odd(NAME, CheckState::Warning, &error)
            }));
        }
        Err(error) => found.push(odd(NAME, CheckState::Failed, &error)),
    }
    for path in journal::set_aside(platform).unwrap_or_default() {
        let what = format!("`{}` is damaged, and was set aside", path.display());
        let error = Error::new(Kind::Store, what).hint(
            "look whether a key is left at its service: keywright keys list; then remove the file",
        );
        found.push(odd(NAME, CheckState::Warning, &error));
    }
    if let Err(error) = revision(platform) {
        found.push(odd(NAME, CheckState::Warning, &error));
    }
    found
}

fn revision(platform: &Platform) -> Result<()> {
    let path = platform.dirs.state.join("store.revision");
    let text = files::read_text(&path)?;
    if text.is_none_or(|text| text.trim().parse::<u64>().is_ok()) {
        return Ok(());
    }
    let message = format!("`{}` holds no number", path.display());
    Err(Error::new(Kind::Store, message)
        .hint("the next write to the store repairs it; it only serves to notice an old copy"))
}
