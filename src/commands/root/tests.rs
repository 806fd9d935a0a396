use clap::CommandFactory;

use super::*;

#[test]
fn version_output_is_package_version() {
    let said = concat!("keywright ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(Cli::command().render_version(), said);
}

#[test]
fn command_definition_passes_debug_assert() {
    Cli::command().debug_assert();
}

#[test]
fn commands_and_flags_have_help() {
    fn look(command: &clap::Command) {
        let about = command.get_about().map(ToString::to_string);
        assert!(
            about.is_some_and(|about| about.starts_with(char::is_uppercase)),
            "{}",
            command.get_name()
        );
        for argument in command.get_arguments() {
            assert!(
                argument.get_help().is_some(),
                "{} {}",
                command.get_name(),
                argument.get_id()
            );
        }
        command.get_subcommands().for_each(look);
    }
    let mut whole = Cli::command();
    whole.build();
    look(&whole);
}

/// Every command with the words that lead to it.
fn commands() -> Vec<(String, clap::Command)> {
    fn below(name: &str, command: &clap::Command, all: &mut Vec<(String, clap::Command)>) {
        all.push((name.to_owned(), command.clone()));
        for command in command.get_subcommands() {
            if command.get_name() != "help" {
                below(&format!("{name} {}", command.get_name()), command, all);
            }
        }
    }
    let mut whole = Cli::command();
    whole.build();
    let mut all = Vec::new();
    below("keywright", &whole, &mut all);
    all
}

/// The command line of keywright in an example: the words that a shell would pass, without the text around it.
fn line_of(example: &str) -> String {
    let start = example
        .find("keywright ")
        .or_else(|| example.find("keywright"));
    let (before, line) = example.split_at(start.unwrap());
    // In quotes of the shell, it ends with them.
    let around = ['\'', '"']
        .into_iter()
        .find(|quote| before.matches(*quote).count() % 2 == 1);
    let mut quoted = None;
    let mut end = line.len();
    for (index, letter) in line.char_indices() {
        match (letter, quoted) {
            (letter, None) if Some(letter) == around => {
                end = index;
                break;
            }
            ('\'' | '"', None) => quoted = Some(letter),
            (letter, Some(quote)) if letter == quote => quoted = None,
            ('|' | '<' | '>' | ')', None) => {
                end = index;
                break;
            }
            ('#', None) if line[..index].ends_with(' ') => {
                end = index;
                break;
            }
            _ => {}
        }
    }
    line[..end].trim().to_owned()
}

#[test]
fn commands_have_two_parsable_examples() {
    let mut wrong = Vec::new();
    for (name, command) in commands() {
        let help = command.get_after_help().map(ToString::to_string);
        let help = help.unwrap_or_default();
        let examples: Vec<&str> = help
            .split_once("Examples:\n")
            .map(|(_, examples)| examples.lines().collect())
            .unwrap_or_default();
        if examples.len() < 2 {
            wrong.push(format!("{name} has {} examples", examples.len()));
        }
        let mut shown = false;
        for example in examples {
            if !example.contains("keywright") {
                wrong.push(format!("{name}: `{example}` is about something else"));
                continue;
            }
            // Programs that are told to call keywright hand over the words themselves.
            if example.contains("--exec-command=keywright") {
                continue;
            }
            let line = line_of(example);
            shown |= name == "keywright" || line.contains(name.split_once(' ').unwrap().1);
            let mut words = shell_words::split(&line).unwrap();
            if line == "keywright credential git" {
                // git says by itself what it wants.
                words.push("get".to_owned());
            }
            words
                .iter_mut()
                .filter(|word| *word == "$@")
                .for_each(|word| *word = "get".to_owned());
            if let Err(error) = Cli::try_parse_from(words) {
                wrong.push(format!("{name}: `{line}`: {error}"));
            }
        }
        if !shown {
            wrong.push(format!("no example of {name} shows it"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn example_command_is_extracted_from_shell() {
    for (example, line) in [
        ("  keywright keys list", "keywright keys list"),
        (
            "  curl -H \"$(keywright token --header)\" https://x",
            "keywright token --header",
        ),
        (
            "  git config x '!keywright credential git'",
            "keywright credential git",
        ),
        (
            "  keywright api POST / -d '{\"a\":\"b>c\"}' | jq .",
            "keywright api POST / -d '{\"a\":\"b>c\"}'",
        ),
        ("  keywright keys list    # of one", "keywright keys list"),
        (
            "  keywright x --to dotenv:.env#KEY",
            "keywright x --to dotenv:.env#KEY",
        ),
    ] {
        assert_eq!(line_of(example), line);
    }
}
