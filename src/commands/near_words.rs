//! Tips for a mistyped command, flag or value: a word that is near in spelling, or that other tools use for the same.

use std::ffi::OsString;

use clap::builder::{StyledStr, Styles};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory, Parser};

use super::Cli;
use crate::core::error::{closest_word, spelling_distance};
use crate::docs::grammar::reached;
use crate::docs::topics::TOPICS;

/// The commands, by their own last word, that other tools call otherwise.
const OTHER_NAMES: &[(&str, &[&str])] = &[
    ("list", &["ls", "index"]),
    (
        "show",
        &["get", "info", "view", "describe", "inspect", "details"],
    ),
    ("create", &["add", "generate", "make", "issue", "mint"]),
    ("new", &["add", "create", "init", "scaffold", "draft"]),
    ("revoke", &["remove", "destroy", "del", "drop", "expire"]),
    ("remove", &["rm", "delete", "del", "forget"]),
    ("rename", &["mv", "move", "edit", "update", "set"]),
    ("move", &["mv", "migrate"]),
    (
        "rotate",
        &["renew", "replace", "roll", "regenerate", "reissue"],
    ),
    ("status", &["count", "quota", "limits", "usage"]),
    ("verify", &["check", "test", "validate", "ping"]),
    ("check", &["verify", "test", "validate", "lint"]),
    ("use", &["switch", "select", "default", "activate"]),
    ("resume", &["continue", "retry", "finish"]),
    ("abort", &["cancel", "stop"]),
    ("undo", &["rollback", "revert"]),
    (
        "login",
        &[
            "auth",
            "signin",
            "sign-in",
            "authenticate",
            "init",
            "setup",
            "configure",
            "connect",
        ],
    ),
    ("logout", &["signout", "sign-out", "disconnect"]),
    ("profiles", &["config", "configure", "contexts", "accounts"]),
    (
        "whoami",
        &["me", "who", "user", "identity", "account", "status"],
    ),
    ("providers", &["services", "service", "manifests"]),
    ("rotations", &["log", "logs", "history", "journal"]),
    ("refresh", &["renew"]),
    ("exchange", &["swap", "sts", "assume", "federate", "oidc"]),
    ("token", &["access-token", "print-token", "bearer"]),
    ("exec", &["run", "with", "wrap"]),
    ("credential", &["helper"]),
    ("api", &["request", "call", "curl", "http", "fetch"]),
    ("audit", &["scan"]),
    ("doctor", &["diagnose", "health", "troubleshoot"]),
    ("trust", &["allow", "permit", "approve"]),
    ("man", &["manual", "docs", "documentation"]),
    ("sandbox", &["demo", "playground", "try"]),
];

/// Words at the top for which a flag is needed.
const OTHER_LINES: &[(&str, &str)] = &[
    ("status", "profiles --check"),
    ("check", "profiles --check"),
    ("check", "keys verify"),
    ("ping", "profiles --check"),
];

/// The flags that other tools call otherwise.
const OTHER_FLAGS: &[(&str, &[&str])] = &[
    ("--json", &["--format", "--output", "--output-format", "-o"]),
    ("--yes", &["--force", "--confirm", "--assume-yes", "-f"]),
    ("--quiet", &["--silent", "-s"]),
    ("--verbose", &["--debug", "--trace", "--log-level"]),
    (
        "--no-input",
        &["--non-interactive", "--batch", "--no-prompt"],
    ),
    (
        "--profile",
        &[
            "--account",
            "--context",
            "--user",
            "--provider",
            "--service",
        ],
    ),
    ("--color", &["--colour", "--no-color", "--no-colour"]),
    ("--timeout", &["--max-time", "--wait"]),
    ("--project", &["--config", "--file", "-f"]),
    (
        "--expires",
        &[
            "--ttl",
            "--expiry",
            "--expiration",
            "--lifetime",
            "--duration",
            "--valid-for",
        ],
    ),
    (
        "--scope",
        &["--permission", "--permissions", "--role", "--ability"],
    ),
    (
        "--to",
        &["--destination", "--dest", "--target", "--deliver", "--out"],
    ),
    (
        "--with-key",
        &["--key", "--api-key", "--apikey", "--secret"],
    ),
    ("--with-token", &["--token", "--jwt", "--access-token"]),
    ("--email", &["--username", "--user", "--login"]),
    (
        "--base-url",
        &["--url", "--endpoint", "--host", "--server", "--api-url"],
    ),
    ("--reverse", &["--desc", "--descending"]),
    ("--limit", &["--max", "--count", "--top", "--number", "-n"]),
    ("--dry-run", &["--plan"]),
    ("--sort", &["--order", "--order-by"]),
    ("--all-profiles", &["--all", "-a", "-A"]),
    ("--plan", &["--dry-run"]),
    ("--data", &["--body", "--json-body", "--raw", "--input"]),
    ("--set", &["--field", "--var", "--variable", "-f"]),
    ("--env", &["--variable", "--var", "-e"]),
    ("--lease", &["--temporary", "--temp"]),
    ("--min-ttl", &["--ttl", "--valid-for"]),
    ("--fail-on", &["--level", "--severity"]),
];

/// The most commands that one tip names.
const MAX_COMMANDS: usize = 4;

/// Parses a command line; a usage error has tips that are near.
pub(crate) fn parse_line(args: &[OsString]) -> Result<Cli, Box<clap::Error>> {
    Cli::try_parse_from(args).map_err(|error| Box::new(with_tips(error, args)))
}

fn with_tips(mut error: clap::Error, args: &[OsString]) -> clap::Error {
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            if let Some(typed) = text_of(&error, ContextKind::InvalidSubcommand) {
                error.remove(ContextKind::SuggestedSubcommand);
                error.remove(ContextKind::Suggested);
                tip_commands(&mut error, args, &typed);
            }
        }
        ErrorKind::UnknownArgument => {
            if let Some(typed) = text_of(&error, ContextKind::InvalidArg) {
                tip_flags(&mut error, args, &typed);
            }
        }
        ErrorKind::InvalidValue => tip_values(&mut error),
        _ => {}
    }
    error
}

fn text_of(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    }
}

/// A command of the grammar, with the words that lead to it.
struct KnownCommand {
    path: Vec<String>,
    names: Vec<String>,
}

impl KnownCommand {
    /// Returns whether other tools know it by that word.
    fn is_also_called(&self, typed: &str) -> bool {
        let name = self.path.last().map(String::as_str);
        let mut others = OTHER_NAMES.iter().filter(|(own, _)| Some(*own) == name);
        others.any(|(_, others)| others.contains(&typed))
    }
}

/// Returns every command below `command`, its own level first.
fn known_commands(command: &Command, above: &[String]) -> Vec<KnownCommand> {
    let visible = || command.get_subcommands().filter(|one| !one.is_hide_set());
    let path_of = |one: &Command| [above, &[one.get_name().to_owned()]].concat();
    let own = visible().map(|one| KnownCommand {
        path: path_of(one),
        names: one
            .get_name_and_visible_aliases()
            .iter()
            .map(ToString::to_string)
            .collect(),
    });
    let below = visible()
        .filter(|one| one.get_name() != "help")
        .flat_map(|one| known_commands(one, &path_of(one)));
    own.chain(below).collect()
}

fn tip_commands(error: &mut clap::Error, args: &[OsString], typed: &str) {
    let grammar = grammar();
    let level = reached(&grammar, behind_program(args), Some(typed)).path;
    let helped = args.get(1).is_some_and(|first| first == "help");
    if helped && let Some(topic) = closest_word(typed, TOPICS) {
        let tip = styled_line(&format!("help {topic}"));
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
        return;
    }
    let found = near_commands(&grammar, &level, &typed.to_lowercase());
    let own = found.iter().all(|path| path[..path.len() - 1] == level);
    if found.is_empty() {
        return;
    }
    if own {
        let names = found
            .into_iter()
            .filter_map(|mut path| path.pop())
            .collect();
        error.insert(
            ContextKind::SuggestedSubcommand,
            ContextValue::Strings(names),
        );
        return;
    }
    let tips = found
        .iter()
        .map(|path| styled_line(&path.join(" ")))
        .collect();
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
}

fn styled_line(words: &str) -> StyledStr {
    let valid = *Styles::default().get_valid();
    StyledStr::from(format!("{valid}keywright {words}{valid:#}"))
}

/// Returns the commands that `typed` may mean at a level: first by a name that other tools use, then by spelling.
fn near_commands(grammar: &Command, level: &[String], typed: &str) -> Vec<Vec<String>> {
    let all = known_commands(grammar, &[]);
    let is_own = |known: &&KnownCommand| known.path[..known.path.len() - 1] == *level;
    let is_named = |known: &&KnownCommand| known.names.iter().any(|name| name == typed);
    let lines = |found: Vec<&KnownCommand>| -> Vec<Vec<String>> {
        let found = found.into_iter().take(MAX_COMMANDS);
        found.map(|known| known.path.clone()).collect()
    };
    let synonyms: Vec<&KnownCommand> = all
        .iter()
        .filter(|known| known.is_also_called(typed))
        .collect();
    let own_synonyms: Vec<&KnownCommand> = synonyms
        .iter()
        .copied()
        .filter(|known| is_own(known))
        .collect();
    if !level.is_empty() && !own_synonyms.is_empty() {
        return lines(own_synonyms);
    }
    let mut exact: Vec<&KnownCommand> = all.iter().filter(is_named).collect();
    exact.extend(own_synonyms);
    if exact.is_empty() {
        exact = synonyms;
    }
    exact.sort_by_key(|known| known.path.first().is_some_and(|first| first != "keys"));
    let mut exact = lines(exact);
    if level.is_empty() {
        let further = OTHER_LINES.iter().filter(|(word, _)| *word == typed);
        exact.extend(further.map(|(_, line)| line.split(' ').map(str::to_owned).collect()));
    }
    if !exact.is_empty() {
        return exact;
    }
    let nearest = |among: Vec<&KnownCommand>| -> Vec<Vec<String>> {
        let distance = |known: &KnownCommand| {
            let names = known.names.iter();
            names
                .filter_map(|name| spelling_distance(typed, name))
                .min()
        };
        let mut near: Vec<(usize, &KnownCommand)> = among
            .into_iter()
            .filter_map(|known| Some((distance(known)?, known)))
            .collect();
        near.sort_by_key(|(distance, _)| *distance);
        let least = near.first().map(|(distance, _)| *distance);
        near.retain(|(distance, _)| Some(*distance) == least);
        lines(near.into_iter().map(|(_, known)| known).collect())
    };
    let own = nearest(all.iter().filter(is_own).collect());
    if !own.is_empty() {
        return own;
    }
    let elsewhere = nearest(all.iter().collect());
    if !elsewhere.is_empty() {
        return elsewhere;
    }
    // `create-key` has the command in one of its parts.
    let parts = typed.split(['-', '_', ':']).filter(|part| *part != typed);
    let mut found = parts.map(|part| near_commands(grammar, level, part));
    found.find(|found| !found.is_empty()).unwrap_or_default()
}

fn tip_flags(error: &mut clap::Error, args: &[OsString], typed: &str) {
    let grammar = grammar();
    let command = reached(&grammar, behind_program(args), None).command;
    error.remove(ContextKind::SuggestedArg);
    let flag = typed.split('=').next().unwrap_or(typed);
    let longs: Vec<String> = command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set())
        .filter_map(clap::Arg::get_long_and_visible_aliases)
        .flatten()
        .map(|long| format!("--{long}"))
        .collect();
    let synonym = OTHER_FLAGS
        .iter()
        .find(|(own, others)| others.contains(&flag) && longs.iter().any(|long| long == own));
    let near = synonym.map(|(own, _)| *own).or_else(|| {
        let is_long = flag.starts_with("--");
        is_long.then(|| closest_word(flag, longs.iter().map(String::as_str)))?
    });
    let tips = error.remove(ContextKind::Suggested);
    if let Some(near) = near {
        error.insert(
            ContextKind::SuggestedArg,
            ContextValue::String(near.to_owned()),
        );
    } else if let Some(ContextValue::StyledStrs(tips)) = tips {
        let kept: Vec<StyledStr> = tips
            .into_iter()
            .filter(|tip| tip.to_string().contains(flag))
            .collect();
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(kept));
    }
    let usage = command.clone().render_usage();
    error.insert(ContextKind::Usage, ContextValue::StyledStr(usage));
}

fn tip_values(error: &mut clap::Error) {
    error.remove(ContextKind::SuggestedValue);
    let (Some(typed), Some(ContextValue::Strings(known))) = (
        text_of(error, ContextKind::InvalidValue),
        error.get(ContextKind::ValidValue),
    ) else {
        return;
    };
    let near = closest_word(&typed, known.iter().map(String::as_str)).map(str::to_owned);
    if let Some(near) = near {
        error.insert(ContextKind::SuggestedValue, ContextValue::String(near));
    }
}

fn behind_program(args: &[OsString]) -> &[OsString] {
    args.get(1..).unwrap_or_default()
}

fn grammar() -> Command {
    let mut grammar = Cli::command();
    grammar.build();
    grammar
}

#[cfg(test)]
mod tests;
