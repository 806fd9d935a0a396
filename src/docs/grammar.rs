//! The command that a line leads to.

use std::ffi::OsString;

use clap::{Arg, ArgAction, Command};

/// A command that a line has reached.
pub struct ReachedCommand<'g> {
    /// The command.
    pub command: &'g Command,
    /// Its name and those above it, without that of the program.
    pub path: Vec<String>,
    /// The number of words up to its name.
    pub words: usize,
}

/// Returns the command that `words`, the line without the name of the program, lead to. The word `stop` leads nowhere.
pub fn reached<'g>(
    grammar: &'g Command,
    words: &[OsString],
    stop: Option<&str>,
) -> ReachedCommand<'g> {
    let mut reached = ReachedCommand {
        command: grammar,
        path: Vec::new(),
        words: 0,
    };
    let mut rest = words.iter().enumerate();
    while let Some((index, word)) = rest.next() {
        let Some(word) = word.to_str().filter(|word| *word != "--") else {
            break;
        };
        if word.starts_with('-') {
            if takes_next_word(reached.command, word) {
                rest.next();
            }
            continue;
        }
        let below = reached.command.find_subcommand(word);
        let Some(below) = below.filter(|_| Some(word) != stop) else {
            break;
        };
        reached.path.push(below.get_name().to_owned());
        (reached.command, reached.words) = (below, index + 1);
    }
    reached
}

/// Returns whether the value of a flag is the word behind it.
fn takes_next_word(command: &Command, word: &str) -> bool {
    let takes =
        |argument: &Arg| matches!(argument.get_action(), ArgAction::Set | ArgAction::Append);
    let mut arguments = command.get_arguments();
    if let Some(long) = word.strip_prefix("--") {
        return arguments.any(|argument| argument.get_long() == Some(long) && takes(argument));
    }
    let last = word.chars().next_back();
    arguments.any(|argument| argument.get_short() == last && last.is_some() && takes(argument))
}
