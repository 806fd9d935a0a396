//! Parses `keywright token`, which scripts run before every call, without building the whole grammar.

use std::ffi::OsString;

use clap::Parser;

use super::token::TokenArgs;
use super::{Cli, Command, GlobalArgs};

/// `keywright token …`: the same flags as in the whole grammar, and nothing else.
#[derive(Parser)]
#[command(name = "keywright", disable_help_flag = true)]
struct TokenCommandLine {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(flatten)]
    token: TokenArgs,
}

/// Returns the command line if it is a plain `keywright token …`. The whole grammar, which takes four times as long to
/// build, parses everything else, including usage errors and `--help`.
pub(crate) fn token_line(args: &[OsString]) -> Option<Cli> {
    let [program, command, rest @ ..] = args else {
        return None;
    };
    if command != "token" {
        return None;
    }
    let line = TokenCommandLine::try_parse_from(std::iter::once(program).chain(rest)).ok()?;
    Some(Cli {
        global: line.global,
        command: Command::Token(line.token),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn fast_path_matches_full_parser() {
        for line in [
            "keywright token",
            "keywright token --header",
            "keywright token --min-ttl 5m -p work --json",
            "keywright token -qv --color never --timeout 3s --no-input",
            "keywright token --profile=token --sandbox -y",
        ] {
            let narrow = token_line(&words(line)).unwrap();
            let whole = Cli::try_parse_from(words(line)).unwrap();
            assert_eq!(format!("{narrow:?}"), format!("{whole:?}"), "{line}");
        }
    }

    #[test]
    fn fast_path_unsupported_line_is_none() {
        for line in [
            "keywright",
            "keywright tokens",
            "keywright --json token",
            "keywright keys list",
            "keywright token --help",
            "keywright token -h",
            "keywright token help",
            "keywright token --version",
            "keywright token --min-ttl",
            "keywright token --min-ttl soon",
            "keywright token --unknown",
            "keywright token word",
            "keywright token -- word",
            "keywright token --json --json",
        ] {
            assert!(token_line(&words(line)).is_none(), "{line}");
        }
    }
}
