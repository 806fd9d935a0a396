//! The words that may stand at the cursor, from the grammar and from files.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Arg, Command, ValueHint};
use clap_complete::engine::{
    ArgValueCandidates, ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter,
};

use crate::core::error::{Error, Result};
use crate::core::map::map_of;
use crate::core::untrusted::{is_unsafe_char, one_line};
use crate::destination::{self, KINDS, Names};
use crate::docs::grammar::reached;
use crate::manifest::Verb;
use crate::platform::Platform;
use crate::profile::{self, Config, UntrustedPolicy};
use crate::providers;
use crate::report::completion_cache::{CachedKey, CompletionCache};
use crate::rotation::journal;
use crate::service::identity::IDENTITY_SOURCES;
use crate::store::StoreKind;

/// The kinds of words that may stand at the cursor.
pub(super) enum Candidates {
    /// One of these.
    Words(Vec<CompletionCandidate>),
    /// A command with its arguments, as they stand behind `--`: the shell knows those itself.
    OfCommand,
}

/// Returns what may stand at the end of `words`, which begin with the name of the program.
pub(super) fn at_cursor(
    platform: &Platform,
    words: &[OsString],
    grammar: Command,
) -> Result<Candidates> {
    let mut grammar = grammar;
    grammar.build();
    let (before, current) = match words.split_last() {
        Some((current, before)) => (before, current.to_string_lossy()),
        None => return Ok(Candidates::Words(Vec::new())),
    };
    let words_before = before.get(1..).unwrap_or_default();
    let reached = reached(&grammar, words_before, None);
    let behind = &words_before[reached.words..];
    if before.iter().any(|word| word == "--") && takes_command(reached.command) {
        return Ok(Candidates::OfCommand);
    }
    let mut known = CompletionWords::gather(platform, before, behind);
    if words
        .iter()
        .any(|word| word.to_string_lossy().starts_with("--to"))
    {
        let offered = destination::offered(platform).unwrap_or_default();
        known.destinations = offered.into_iter().map(|one| one.syntax).collect();
    }
    let known = Arc::new(known);
    let globals = global_ids(&grammar);
    let mut asked = with_candidates(grammar.clone(), &known);
    let index = before.len();
    let folder = Some(platform.folder.as_path());
    let mut found = clap_complete::engine::complete(&mut asked, words.to_vec(), index, folder)
        .map_err(|error| {
            Error::usage(format!("completion failed: {}", error.to_string().trim()))
        })?;
    if !current.starts_with('-') {
        leave_out_options(&mut found, &globals);
    }
    Ok(Candidates::Words(found))
}

/// Returns whether the last arguments of `command` are another command.
fn takes_command(command: &Command) -> bool {
    command
        .get_positionals()
        .any(|argument| argument.get_value_hint() == ValueHint::CommandWithArguments)
}

/// Returns the ids by which options stand among candidates if every command has them.
fn global_ids(grammar: &Command) -> Vec<String> {
    let arguments = grammar.get_arguments();
    let globals = arguments.filter(|argument| argument.is_global_set());
    let ids = globals.map(|argument| argument.get_id().as_str());
    let ids = ids.chain(["help", "version"]);
    ids.map(|id| format!("arg::{id}")).collect()
}

/// Leaves options out where a value may stand, and those of every command in any case: `-` and Tab shows them.
fn leave_out_options(found: &mut Vec<CompletionCandidate>, globals: &[String]) {
    let is_option = |candidate: &CompletionCandidate| {
        let id = candidate.get_id();
        id.is_some_and(|id| id.starts_with("arg::"))
    };
    if found.iter().any(|candidate| !is_option(candidate)) {
        found.retain(|candidate| !is_option(candidate));
    } else {
        found.retain(|candidate| candidate.get_id().is_none_or(|id| !globals.contains(id)));
    }
}

/// The candidates beyond commands and flags: words with a description, by kind.
struct CompletionWords {
    by_kind: BTreeMap<&'static str, Vec<(String, Option<String>)>>,
    keys: Vec<CachedKey>,
    /// The words that stand on the line behind the command already.
    given: Vec<String>,
    folder: PathBuf,
    /// The forms of destinations, if the line asks for one.
    destinations: Vec<String>,
}

/// Returns whether a word can be offered: names come from servers and folders. One that looks like an option would
/// be taken for one, and one with characters that are not seen is not what it seems.
fn is_offered(word: &str) -> bool {
    !word.is_empty() && !word.starts_with('-') && !word.contains(is_unsafe_char)
}

impl CompletionWords {
    /// Everything that is known here without a keyring, a network or a question; what cannot be read is left out.
    fn gather(platform: &Platform, line: &[OsString], behind: &[OsString]) -> CompletionWords {
        let inside = sandboxed(platform, line);
        let platform = inside.as_ref().unwrap_or(platform);
        let config = Config::load(platform).unwrap_or_default();
        let if_untrusted = UntrustedPolicy::Ignore(None);
        let chosen = profile::select(platform, flag(line).as_deref(), if_untrusted).ok();
        let cache = CompletionCache::load(platform);
        let alone = |word: &str| (word.to_owned(), None);
        let profiles = config.profiles.iter();
        let profiles: Vec<_> = profiles
            .map(|(name, saved)| (name.clone(), Some(saved.provider.clone())))
            .collect();
        let providers = providers::names(platform).unwrap_or_default();
        let keys = chosen.iter().flat_map(|chosen| cache.keys(&chosen.name));
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
        let set = manifest
            .iter()
            .filter_map(|manifest| manifest.operation(Verb::Set));
        let fields = set.flat_map(|set| {
            let about = |name: &str| set.parameters.get(name)?.about.clone();
            let fields = set.settable().into_iter();
            fields.map(move |name| (format!("{name}="), about(name)))
        });
        let by_kind = map_of([
            ("fields", fields.collect()),
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
                "identities",
                IDENTITY_SOURCES.map(|form| (start_of(form), None)).to_vec(),
            ),
            (
                "stores",
                StoreKind::all().map(|kind| alone(kind.name())).collect(),
            ),
            ("profiles", profiles),
        ]);
        let given = behind.iter().filter_map(|word| word.to_str());
        CompletionWords {
            by_kind,
            keys: keys.cloned().collect(),
            given: given.map(str::to_owned).collect(),
            folder: platform.folder.clone(),
            destinations: Vec::new(),
        }
    }

    fn candidates(&self, kind: &str) -> Vec<CompletionCandidate> {
        let words = self.by_kind.get(kind).into_iter().flatten();
        words
            .filter(|(word, _)| kind == "profiles" || !self.given.contains(word))
            .filter(|(word, _)| is_offered(word))
            .map(|(word, help)| described(word, help.as_deref()))
            .collect()
    }

    /// Returns each key once that is not on the line already: by its name where no other key has it, else by its id.
    fn keys(&self, current: &str) -> Vec<CompletionCandidate> {
        let is_given = |text: &Option<String>| {
            let text = text.as_ref();
            text.is_some_and(|text| self.given.contains(text))
        };
        let named = |name: &str| {
            let same = |key: &&CachedKey| key.name.as_deref() == Some(name);
            self.keys.iter().filter(same).count()
        };
        let keys = self.keys.iter();
        let keys = keys.filter(|key| !is_given(&key.id) && !is_given(&key.name));
        let words = keys.filter_map(|key| {
            let (id, name) = (key.id.as_deref(), key.name.as_deref());
            let by_name = name.filter(|name| named(name) == 1).map(|name| (name, id));
            let by_id = id.map(|id| (id, name));
            let mut forms = [by_name, by_id].into_iter().flatten();
            forms.find(|(word, _)| is_offered(word) && word.starts_with(current))
        });
        words.map(|(word, help)| described(word, help)).collect()
    }

    /// Returns the beginnings of destinations: after `profile:` the profiles, after `file:` and `dotenv:` the files.
    fn destinations(&self, current: &str) -> Vec<CompletionCandidate> {
        let Some((kind, rest)) = current.split_once(':') else {
            let forms = self.destinations.iter();
            let begun = forms.filter(|form| form.starts_with(current) && is_offered(form));
            return begun
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
            Some(names) if names.file("").is_some() && !rest.contains('#') => PathCompleter::any()
                .current_dir(&self.folder)
                .complete(OsStr::new(rest)),
            _ => Vec::new(),
        };
        behind
            .into_iter()
            .filter(|candidate| candidate.get_value().to_str().is_some_and(is_offered))
            .filter(|candidate| candidate.get_value() != ".")
            .map(|candidate| candidate.add_prefix(format!("{kind}:")))
            .collect()
    }
}

fn described(word: &str, help: Option<&str>) -> CompletionCandidate {
    let help = help.map(one_line).filter(|help| !help.is_empty());
    CompletionCandidate::new(word).help(help.map(Into::into))
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

/// Returns the platform as the sandbox sees it, where the line is for the sandbox.
fn sandboxed(platform: &Platform, line: &[OsString]) -> Option<Platform> {
    let is_wanted = line.iter().any(|word| word == "--sandbox");
    (is_wanted || platform.env.flag("KEYWRIGHT_SANDBOX")).then(|| platform.sandboxed())
}

/// Returns the profile that is named on the line that is completed.
fn flag(line: &[OsString]) -> Option<String> {
    let mut words = line.iter().filter_map(|word| word.to_str());
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
        (_, "scopes") => Some("scopes"),
        (_, "store") => Some("stores"),
        ("exchange", "identity") => Some("identities"),
        ("set", "fields") => Some("fields"),
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
        let id = argument.get_id().as_str();
        if id == "to" {
            let destinations =
                move |current: &OsStr| words.destinations(&current.to_string_lossy());
            return argument.add(ArgValueCompleter::new(destinations));
        }
        if matches!(id, "key" | "keys") {
            let keys = move |current: &OsStr| words.keys(&current.to_string_lossy());
            return argument.add(ArgValueCompleter::new(keys));
        }
        let Some(kind) = kind_of(&name, id) else {
            return argument;
        };
        argument.add(ArgValueCandidates::new(move || words.candidates(kind)))
    });
    command.mut_subcommands(|command| with_candidates(command, words))
}
