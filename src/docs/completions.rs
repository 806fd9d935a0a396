//! Completion: scripts made from the grammar, and candidates that a shell asks for at a Tab.

mod shells;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Arg, Command};
use clap_complete::engine::{
    ArgValueCandidates, ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter,
};
use clap_complete::{Shell, generate};

use crate::core::error::{Error, Result};
use crate::core::untrusted::one_line;
use crate::destination::{KINDS, Names};
use crate::platform::Platform;
use crate::profile::{self, Config, UntrustedPolicy};
use crate::providers;
use crate::report::completion_cache::CompletionCache;
use crate::rotation::journal;
use crate::store::StoreKind;

/// The shells with a script, each with the name that its file usually has.
pub const SHELLS: [(Shell, &str); 5] = [
    (Shell::Bash, "keywright.bash"),
    (Shell::Zsh, "_keywright"),
    (Shell::Fish, "keywright.fish"),
    (Shell::PowerShell, "_keywright.ps1"),
    (Shell::Elvish, "keywright.elv"),
];

/// The script by which `shell` asks keywright itself, which knows names of keys and profiles.
pub fn asking_script(shell: Shell) -> Result<Vec<u8>> {
    let unknown = || Error::failed(format!("there is no script for {shell}"));
    let completer = shells::SHELLS.completer(&shell.to_string());
    shells::registration(completer.ok_or_else(unknown)?).map_err(|error| unknown().caused_by(error))
}

/// The script that completes commands and flags in `shell` by itself.
pub fn script(shell: Shell, mut grammar: Command) -> Vec<u8> {
    let mut script = Vec::new();
    generate(shell, &mut grammar, "keywright", &mut script);
    script
}

/// The candidates beyond commands and flags: words with a description, by kind.
struct CompletionWords {
    by_kind: BTreeMap<&'static str, Vec<(String, Option<String>)>>,
    folder: PathBuf,
}

/// Returns whether a word stays one plain word in every shell: names come from servers and folders, and a
/// shell may put them on the line as they are.
fn is_plain(word: &str) -> bool {
    let plain = |letter: char| letter.is_alphanumeric() || "-_.:/@+%,=".contains(letter);
    !word.starts_with('-') && word.chars().all(plain)
}

impl CompletionWords {
    /// Everything that is known here without a keyring, a network or a question; what cannot be read is left out.
    fn gather(platform: &Platform, args: &[OsString]) -> CompletionWords {
        let config = Config::load(platform).unwrap_or_default();
        let if_untrusted = UntrustedPolicy::Ignore(None);
        let chosen = profile::select(platform, flag(args).as_deref(), if_untrusted).ok();
        let cache = CompletionCache::load(platform);
        let alone = |word: &str| (word.to_owned(), None);
        let profiles = config.profiles.iter();
        let profiles: Vec<_> = profiles
            .map(|(name, saved)| (name.clone(), Some(saved.provider.clone())))
            .collect();
        let providers = providers::names(platform).unwrap_or_default();
        let keys = chosen.iter().flat_map(|chosen| cache.keys(&chosen.name));
        let keys = keys.flat_map(|key| {
            let by_id = key.id.clone().map(|id| (id, key.name.clone()));
            let name = key.name.clone();
            let by_name = name.map(|name| (name, key.id.clone()));
            by_id.into_iter().chain(by_name)
        });
        let manifest = chosen
            .as_ref()
            .and_then(|chosen| providers::manifest(&chosen.saved.provider, platform).ok());
        let scopes = manifest.iter().flat_map(|manifest| &manifest.scopes);
        let rotations = journal::all(platform).unwrap_or_default().into_iter();
        let rotations = rotations.map(|seen| {
            let of = seen.events.ok();
            let of = of.and_then(|events| Some(events.intent()?.profile.clone()));
            (seen.id, of)
        });
        let bases = manifest.iter().flat_map(|manifest| manifest.servers.keys());
        let by_kind = BTreeMap::from([
            ("keys", keys.collect()),
            (
                "providers",
                providers.iter().map(|(name, _)| alone(name)).collect(),
            ),
            (
                "scopes",
                scopes
                    .map(|(name, what)| (name.clone(), Some(what.clone())))
                    .collect(),
            ),
            ("rotations", rotations.collect()),
            ("bases", bases.map(|name| alone(name)).collect()),
            ("methods", METHODS.map(alone).to_vec()),
            (
                "stores",
                StoreKind::all().map(|kind| alone(kind.name())).collect(),
            ),
            ("profiles", profiles),
        ]);
        let folder = platform.folder.clone();
        CompletionWords { by_kind, folder }
    }

    fn candidates(&self, kind: &str) -> Vec<CompletionCandidate> {
        let words = self.by_kind.get(kind).into_iter().flatten();
        words
            .filter(|(word, _)| is_plain(word))
            .map(|(word, help)| {
                let help = help.as_deref().map(one_line);
                CompletionCandidate::new(word).help(help.map(Into::into))
            })
            .collect()
    }

    /// Returns the beginnings of destinations: after `profile:` the profiles, after `file:` and `dotenv:` the files.
    fn destinations(&self, current: &str) -> Vec<CompletionCandidate> {
        let Some((kind, rest)) = current.split_once(':') else {
            let syntaxes = KINDS.iter().map(|kind| kind.syntax);
            return syntaxes
                .filter(|syntax| syntax.starts_with(current))
                .map(|form| CompletionCandidate::new(start_of(form)).help(Some(form.into())))
                .collect();
        };
        let known = KINDS.iter().find(|known| known.name() == kind);
        let behind = match known.map(|known| &known.names) {
            Some(Names::Profile) => {
                let mut profiles = self.candidates("profiles");
                profiles.retain(|name| name.get_value().to_string_lossy().starts_with(rest));
                profiles
            }
            // The name after `#` is the user's own choice.
            Some(Names::File(_)) if !rest.contains('#') => PathCompleter::any()
                .current_dir(&self.folder)
                .complete(OsStr::new(rest)),
            _ => Vec::new(),
        };
        behind
            .into_iter()
            .filter(|candidate| candidate.get_value().to_str().is_some_and(is_plain))
            .filter(|candidate| candidate.get_value() != ".")
            .map(|candidate| candidate.add_prefix(format!("{kind}:")))
            .collect()
    }
}

/// The methods that are offered for a request.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Returns the fixed beginning of a destination's form, before the part that the user has to know.
fn start_of(form: &str) -> String {
    match form.split_once(':') {
        Some((kind, _)) => format!("{kind}:"),
        None => form.to_owned(),
    }
}

/// The profile that is named on the line that is completed.
fn flag(args: &[OsString]) -> Option<String> {
    let mut words = args.iter().filter_map(|word| word.to_str());
    while let Some(word) = words.next() {
        if word == "-p" || word == "--profile" {
            return words.next().map(str::to_owned);
        }
        if let Some(name) = word.strip_prefix("--profile=") {
            return Some(name.to_owned());
        }
    }
    None
}

/// Returns the kind of words that an argument takes, by its command and its own name.
fn kind_of(command: &str, argument: &str) -> Option<&'static str> {
    match (command, argument) {
        (_, "profile") | ("show" | "use" | "move" | "remove", "name") => Some("profiles"),
        (_, "provider") => Some("providers"),
        (_, "key" | "keys") => Some("keys"),
        (_, "scopes") => Some("scopes"),
        (_, "store") => Some("stores"),
        ("api", "method") => Some("methods"),
        ("api", "base") => Some("bases"),
        ("show" | "resume" | "abort" | "undo", "id") => Some("rotations"),
        _ => None,
    }
}

fn with_candidates(command: Command, words: &Arc<CompletionWords>) -> Command {
    let name = command.get_name().to_owned();
    let command = command.mut_args(|argument: Arg| {
        let words = words.clone();
        if argument.get_id() == "to" {
            let destinations =
                move |current: &OsStr| words.destinations(&current.to_string_lossy());
            return argument.add(ArgValueCompleter::new(destinations));
        }
        let Some(kind) = kind_of(&name, argument.get_id().as_str()) else {
            return argument;
        };
        argument.add(ArgValueCandidates::new(move || words.candidates(kind)))
    });
    command.mut_subcommands(|command| with_candidates(command, words))
}

/// Answers a shell that asks for completions by `COMPLETE`; false when no shell asks.
pub fn answer(
    platform: &Platform,
    args: &[OsString],
    grammar: impl Fn() -> Command,
) -> Result<bool> {
    let asks = platform
        .env
        .get("COMPLETE")
        .is_some_and(|shell| !shell.is_empty() && shell != "0");
    if !asks {
        return Ok(false);
    }
    let words = Arc::new(CompletionWords::gather(platform, args));
    let factory = || {
        let mut command = grammar();
        command.build();
        with_candidates(command, &words)
    };
    let name = OsStr::new("keywright");
    let args = std::iter::once(name.to_owned()).chain(args.iter().skip(1).cloned());
    clap_complete::CompleteEnv::with_factory(factory)
        .shells(shells::SHELLS)
        .bin("keywright")
        .completer("keywright")
        .try_complete(args, Some(&platform.folder))
        .map_err(|error| Error::usage(format!("completion failed: {}", error.to_string().trim())))
}
