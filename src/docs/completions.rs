//! Completion: scripts made from the grammar, and candidates that a shell asks for while somebody types.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::sync::Arc;

use clap::{Arg, Command, CommandFactory};
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use clap_complete::{Shell, generate};

use crate::cache::Cache;
use crate::cli::Cli;
use crate::destination::FORMS;
use crate::error::{Error, Result};
use crate::journal;
use crate::profile::{self, Config};
use crate::providers;
use crate::store::StoreKind;
use crate::world::World;

/// The shells with a script, each with the name that its file usually has.
pub const SHELLS: [(Shell, &str); 5] = [
    (Shell::Bash, "keywright.bash"),
    (Shell::Zsh, "_keywright"),
    (Shell::Fish, "keywright.fish"),
    (Shell::PowerShell, "_keywright.ps1"),
    (Shell::Elvish, "keywright.elv"),
];

/// The script that completes commands and flags in `shell`.
pub fn script(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "keywright", &mut script);
    script
}

/// What can be completed beyond commands and flags: words with a description, by what they are.
struct Words(BTreeMap<&'static str, Vec<(String, Option<String>)>>);

impl Words {
    /// Everything that is known here without a keyring, a network or a question; what cannot be read is left out.
    fn gather(world: &World, args: &[OsString]) -> Words {
        let config = Config::load(world).unwrap_or_default();
        let chosen = profile::choose(world, flag(args).as_deref()).ok();
        let cache = Cache::load(world);
        let alone = |word: &str| (word.to_owned(), None);
        let profiles = config.profiles.iter();
        let profiles: Vec<_> = profiles
            .map(|(name, saved)| (name.clone(), Some(saved.provider.clone())))
            .collect();
        let providers = providers::names(world).unwrap_or_default();
        let keys = chosen.iter().flat_map(|chosen| cache.keys(&chosen.name));
        let keys = keys.flat_map(|key| {
            let by_id = key.id.clone().map(|id| (id, key.name.clone()));
            // A name with a blank in it is more than one word to a shell.
            let is_word = |name: &&String| !name.contains(char::is_whitespace);
            let name = key.name.as_ref().filter(is_word);
            let by_name = name.map(|name| (name.clone(), key.id.clone()));
            by_id.into_iter().chain(by_name)
        });
        let manifest = chosen
            .as_ref()
            .and_then(|chosen| providers::manifest(&chosen.saved.provider, world).ok());
        let scopes = manifest.iter().flat_map(|manifest| &manifest.scopes);
        let rotations = journal::all(world).unwrap_or_default().into_iter();
        let mut destinations: Vec<_> = FORMS
            .iter()
            .map(|form| (start_of(form), Some((*form).to_owned())))
            .collect();
        destinations.extend(
            profiles
                .iter()
                .map(|(name, provider)| (format!("profile:{name}"), provider.clone())),
        );
        Words(BTreeMap::from([
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
            ("rotations", rotations.map(|seen| alone(&seen.id)).collect()),
            (
                "stores",
                StoreKind::ALL
                    .iter()
                    .map(|kind| alone(kind.name()))
                    .collect(),
            ),
            ("destinations", destinations),
            ("profiles", profiles),
        ]))
    }

    fn candidates(&self, kind: &str) -> Vec<CompletionCandidate> {
        let words = self.0.get(kind).into_iter().flatten();
        words
            .map(|(word, help)| CompletionCandidate::new(word).help(help.clone().map(Into::into)))
            .collect()
    }
}

/// What a destination's form starts with: all that comes before what the user has to know.
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

/// Which words an argument takes: by the command it belongs to and its own name.
fn kind_of(command: &str, argument: &str) -> Option<&'static str> {
    match (command, argument) {
        (_, "profile") | ("show" | "use" | "move" | "remove", "name") => Some("profiles"),
        (_, "provider") => Some("providers"),
        (_, "key" | "keys") => Some("keys"),
        (_, "scopes") => Some("scopes"),
        (_, "store") => Some("stores"),
        (_, "to") => Some("destinations"),
        ("show" | "resume" | "abort" | "undo", "id") => Some("rotations"),
        _ => None,
    }
}

fn with_candidates(command: Command, words: &Arc<Words>) -> Command {
    let name = command.get_name().to_owned();
    let command = command.mut_args(|argument: Arg| {
        let Some(kind) = kind_of(&name, argument.get_id().as_str()) else {
            return argument;
        };
        let words = words.clone();
        argument.add(ArgValueCandidates::new(move || words.candidates(kind)))
    });
    command.mut_subcommands(|command| with_candidates(command, words))
}

/// Answers a shell that asks for completions by `COMPLETE`; false when no shell asks.
pub fn answer(world: &World, args: &[OsString]) -> Result<bool> {
    let asks = world
        .env
        .get("COMPLETE")
        .is_some_and(|shell| !shell.is_empty() && shell != "0");
    if !asks {
        return Ok(false);
    }
    let words = Arc::new(Words::gather(world, args));
    let factory = || {
        let mut command = Cli::command();
        command.build();
        with_candidates(command, &words)
    };
    let name = OsStr::new("keywright");
    let args = std::iter::once(name.to_owned()).chain(args.iter().skip(1).cloned());
    clap_complete::CompleteEnv::with_factory(factory)
        .bin("keywright")
        .completer("keywright")
        .try_complete(args, Some(&world.folder))
        .map_err(|error| Error::usage(format!("completion failed: {}", error.to_string().trim())))
}
