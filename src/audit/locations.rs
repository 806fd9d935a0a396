//! Checks the locations of secrets: destinations, files that git tracks, unfinished rotations.

use std::path::{Path, PathBuf};

use super::{Finding, Severity};
use crate::core::error::Result;
use crate::core::secret::Secret;
use crate::core::untrusted::shell_argument;
use crate::destination::{DestinationSpec, ask_git};
use crate::manifest::{CredentialKind, CredentialSpec, Manifest};
use crate::platform::Platform;
use crate::platform::files;
use crate::rotation::journal::{self, RecordState, Step};

/// The maximum size of a file to search: a longer one is unlikely to hold a key.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// The minimum length of a key.
const MIN_KEY_LENGTH: usize = 20;

/// The minimum length of a key prefix to search for: shorter ones occur everywhere.
const MIN_PREFIX_LENGTH: usize = 3;

/// Checks the files that keys are delivered to.
pub fn check_destinations(destinations: &[DestinationSpec], platform: &Platform) -> Vec<Finding> {
    let mut findings = Vec::new();
    for to in destinations {
        let Some(path) = to.file() else {
            continue;
        };
        let path = platform.folder.join(path);
        if !path.is_file() {
            continue;
        }
        let shown = path.display().to_string();
        if files::refuse_if_shared(&path).is_err() {
            findings.push(
                Finding::new(Severity::Error, "readable", &*shown)
                    .reason("others on this machine can read it")
                    .fixed_by(format!("chmod 600 {}", shell_argument(&shown))),
            );
        }
        findings.push(
            Finding::new(Severity::Info, "plain-text", &*shown)
                .reason("the key is stored there in plain text")
                .fixed_by("hand it over when it is needed instead: keywright exec -- COMMAND"),
        );
    }
    findings
}

/// Checks for unfinished rotations.
pub fn check_unfinished(platform: &Platform) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for seen in journal::all(platform)? {
        let state = seen
            .events
            .as_ref()
            .ok()
            .and_then(|events| events.state().ok());
        let intent = seen.events.as_ref().ok().and_then(|events| events.intent());
        let repairs = seen
            .events
            .as_ref()
            .is_ok_and(|events| events.repairs().is_some());
        let leased = seen.events.as_ref().is_ok_and(journal::EventLog::is_lease);
        let next = seen.events.as_ref().ok().zip(state);
        let next = next.and_then(|(events, state)| events.next_step(state));
        let hooks_failed = next == Some(Step::RunHooks);
        let (level, why) = match state {
            Some(RecordState::Staged) if leased => (
                Severity::Warning,
                "a key is leased to a command that runs, or that was killed".to_owned(),
            ),
            None => (Severity::Error, "its record cannot be read".to_owned()),
            Some(state) if repairs => (
                Severity::Warning,
                format!("a repair stopped: {}", state.name()),
            ),
            Some(RecordState::DeliveredAll | RecordState::HooksDone) if !hooks_failed => (
                Severity::Info,
                "the old key is still valid beside the new one".to_owned(),
            ),
            Some(RecordState::Watching) => (
                Severity::Info,
                "the old key is left until it is unused".to_owned(),
            ),
            Some(RecordState::Disabled) => (
                Severity::Info,
                "the old key is disabled, and is revoked next".to_owned(),
            ),
            Some(state) if state.awaits_secret() => (
                Severity::Error,
                "there may be a key whose secret is lost".to_owned(),
            ),
            Some(state) => (Severity::Warning, format!("it stopped: {}", state.name())),
        };
        let now = platform.clock.now();
        let events = seen.events.as_ref().ok();
        let expired = events.and_then(|events| events.expired_in_place(now));
        let (level, why, fix) = match expired {
            Some(expired) => (
                Severity::Error,
                format!(
                    "{}, and the old one is still there",
                    journal::expired_notice(expired)
                ),
                journal::way_back(&seen.id),
            ),
            None => (
                level,
                why,
                format!("keywright rotations resume {}", seen.id),
            ),
        };
        let finding = Finding::new(level, "unfinished", format!("rotation {}", seen.id));
        let finding = match intent {
            Some(intent) => finding.of(&intent.profile),
            None => finding,
        };
        findings.push(finding.reason(why).fixed_by(fix));
    }
    Ok(findings)
}

/// Checks the files that git tracks from the current folder upwards: `.env` files, and keys in the forms of
/// `manifests`; `None` outside a work tree.
pub fn check_git(manifests: &[Manifest], platform: &Platform) -> Option<Vec<Finding>> {
    let top = git(platform, &["rev-parse", "--show-toplevel"])?;
    let top = PathBuf::from(top.trim_end_matches('\n'));
    let mut findings = tracked_dotenv(platform);
    findings.extend(tracked_keys(manifests, &top, platform));
    Some(findings)
}

fn tracked_dotenv(platform: &Platform) -> Vec<Finding> {
    let question = [
        "ls-files",
        "-z",
        "--full-name",
        "--",
        ":(top).env",
        ":(top,glob)**/.env",
        ":(top,glob)**/.env.*",
    ];
    let Some(listed) = git(platform, &question) else {
        return Vec::new();
    };
    let names = listed.split('\0').filter(|name| !name.is_empty());
    // An example is meant to be committed: it holds no secret, or the search for keys finds it.
    let is_example = |name: &&str| {
        [".example", ".sample", ".template", ".dist"]
            .iter()
            .any(|end| name.ends_with(end))
    };
    names
        .filter(|name| !is_example(name))
        .map(|name| {
            Finding::new(Severity::Error, "tracked-dotenv", name)
                .reason("git tracks it: its secrets reach everyone who has the repository")
                .fixed_by(format!(
                    "git rm --cached {}, then add it to .gitignore",
                    shell_argument(name)
                ))
        })
        .collect()
}

fn tracked_keys(manifests: &[Manifest], top: &Path, platform: &Platform) -> Vec<Finding> {
    let specs: Vec<(&str, &CredentialSpec, &str)> = manifests
        .iter()
        .flat_map(|manifest| {
            let specs = manifest.credentials.values();
            let keys = specs.filter(|spec| spec.kind == CredentialKind::Key);
            keys.flat_map(move |spec| {
                let prefixes = spec.prefixes.iter();
                prefixes.map(move |prefix| (manifest.name.as_str(), spec, prefix.as_str()))
            })
        })
        .filter(|(_, _, prefix)| prefix.len() >= MIN_PREFIX_LENGTH)
        .collect();
    if specs.is_empty() {
        return Vec::new();
    }
    let mut question = vec!["grep", "-zlIF", "--full-name"];
    for (_, _, prefix) in &specs {
        question.extend(["-e", prefix]);
    }
    question.push(":/");
    let Some(listed) = git(platform, &question) else {
        return Vec::new();
    };
    let names = listed.split('\0').filter(|name| !name.is_empty());
    names
        .flat_map(|name| in_file(name, &top.join(name), &specs))
        .collect()
}

/// Returns the keys in one file, masked, each once.
fn in_file(name: &str, path: &Path, specs: &[(&str, &CredentialSpec, &str)]) -> Vec<Finding> {
    let small = path
        .metadata()
        .is_ok_and(|data| data.is_file() && data.len() <= MAX_FILE_BYTES);
    let Ok(Some(text)) = (if small {
        files::read_text(path)
    } else {
        Ok(None)
    }) else {
        return Vec::new();
    };
    let mut findings: Vec<Finding> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for (masked, providers) in keys_in(line, specs) {
            let why = format!(
                "line {}: {masked} looks like a key of {}, and git tracks the file",
                number + 1,
                providers.join(" or ")
            );
            let known = findings.iter().any(|known| known.why.ends_with(&why));
            if !known {
                findings.push(
                    Finding::new(Severity::Error, "tracked-key", name)
                        .reason(why)
                        .fixed_by(
                            "revoke the key, then take it out of the file and of the history",
                        ),
                );
            }
        }
    }
    findings
}

/// Returns the likely keys in a line, masked, with their possible providers.
fn keys_in<'s>(
    line: &str,
    specs: &[(&'s str, &CredentialSpec, &str)],
) -> Vec<(String, Vec<&'s str>)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut found: Vec<(String, Vec<&str>)> = Vec::new();
    for word in line.split(|c: char| !is_part(c)) {
        let word = word.trim_matches('.');
        if word.len() < MIN_KEY_LENGTH || !word.bytes().any(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let fitting = specs.iter().filter(|(_, spec, prefix)| {
            let pattern = spec.pattern.as_ref();
            word.starts_with(prefix) && pattern.is_none_or(|pattern| pattern.matches(word))
        });
        // The longest prefix is the most specific: `sk-ant-` is unique, though others start with `sk-`.
        let longest = fitting.clone().map(|(_, _, prefix)| prefix.len()).max();
        let best = fitting.filter(|(_, _, prefix)| Some(prefix.len()) == longest);
        let mut providers: Vec<&str> = best.map(|(name, _, _)| *name).collect();
        providers.dedup();
        if !providers.is_empty() {
            found.push((Secret::new(word).masked(), providers));
        }
    }
    found
}

/// Returns the output of git; `None` without git, outside a work tree, or if it finds nothing.
fn git(platform: &Platform, question: &[&str]) -> Option<String> {
    let ended = ask_git(platform, platform.folder.to_str()?, question)?;
    if !ended.success() {
        return None;
    }
    String::from_utf8(ended.stdout.to_vec()).ok()
}
