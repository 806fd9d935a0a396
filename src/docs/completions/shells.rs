//! The scripts by which shells ask keywright itself, and the answers as each shell reads them.

use std::ffi::OsString;
use std::path::Path;

use clap_complete::engine::CompletionCandidate;
use clap_complete::env::{Elvish, EnvCompleter, Powershell};

use super::candidates::Candidates;
use super::line::{Line, fish_token};
use crate::core::error::{Error, Result};
use crate::core::untrusted::one_line;

/// A shell that can ask.
struct Asker {
    name: &'static str,
    script: Script,
    answer: fn(&[OsString], AtCursor<'_>) -> Result<String>,
}

/// The source of a script.
enum Script {
    Own(&'static str),
    Library(&'static dyn EnvCompleter),
}

/// Finds what may stand at the end of a line.
type AtCursor<'a> = &'a dyn Fn(&[OsString]) -> Result<Candidates>;

/// Every shell that can ask.
const ASKERS: [Asker; 5] = [
    Asker {
        name: "bash",
        script: Script::Own(BASH),
        answer: bash,
    },
    Asker {
        name: "zsh",
        script: Script::Own(ZSH),
        answer: with_help,
    },
    Asker {
        name: "fish",
        script: Script::Own(FISH),
        answer: fish,
    },
    Asker {
        name: "powershell",
        script: Script::Library(&Powershell),
        answer: powershell,
    },
    Asker {
        name: "elvish",
        script: Script::Library(&Elvish),
        answer: elvish,
    },
];

/// The answer where the words belong to a command of their own, which no word on a line can be.
const OF_COMMAND: &str = "\tcommand\n";

/// Asks keywright, which gets the line up to the cursor, and the part of it that bash replaces.
const BASH: &str = r#"_keywright() {
    local line=${COMP_LINE:0:COMP_POINT} answers answer
    answers=$(COMPLETE=bash keywright -- "$line" "$2" 2>/dev/null)
    COMPREPLY=()
    if [[ $answers == $'\tcommand' ]]; then
        _keywright_command "$2"
        return
    fi
    while IFS= read -r answer; do
        [[ $answer ]] && COMPREPLY+=("$answer")
    done <<<"$answers"
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} != *[:=/] ]]; then
        compopt +o nospace 2>/dev/null || [[ $line == *[\"\']* ]] || COMPREPLY[0]+=" "
    fi
}
_keywright_command() {
    local first=1 word
    while [[ ${COMP_WORDS[first - 1]} != -- ]]; do
        ((first++))
    done
    compopt +o nospace 2>/dev/null
    if declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset "$first"
    elif declare -F _command_offset >/dev/null; then
        _command_offset "$first"
    elif [[ $COMP_CWORD -eq $first && $1 != */* ]]; then
        while IFS= read -r word; do
            COMPREPLY+=("$word")
        done < <(compgen -A command -- "$1" | sort -u)
    else
        compopt -o default 2>/dev/null || while IFS= read -r word; do
            COMPREPLY+=("$word")
        done < <(compgen -f -- "$1")
    fi
}
complete -o nospace -o bashdefault -o nosort -F _keywright keywright 2>/dev/null ||
    complete -o nospace -o bashdefault -F _keywright keywright
"#;

/// Asks keywright; a word that a person has to go on typing gets no blank behind it.
const ZSH: &str = r#"#compdef keywright
_keywright() {
    local quote=$compstate[quote]
    local -a asked=("${(@Q)words[1,CURRENT-1]}" "${(Q)${:-$quote$PREFIX$quote}}")
    local -a open=() closed=()
    local line value shown
    for line in "${(@f)$(COMPLETE=zsh keywright -- "${asked[@]}" 2>/dev/null)}"; do
        if [[ -z $line ]]; then
            continue
        elif [[ $line == $'\tcommand' ]]; then
            local first=${words[(i)--]}
            shift $first words
            ((CURRENT -= first))
            _normal -p keywright
            return
        fi
        value=${line%%$'\t'*}
        shown=${${value//\\/\\\\}//:/\\:}
        [[ $line == *$'\t'* ]] && shown+=:${line#*$'\t'}
        if [[ $value == *[:=/] ]]; then
            open+=("$shown")
        else
            closed+=("$shown")
        fi
    done
    local found=1
    (($#open)) && _describe -V 'values' open -S '' && found=0
    (($#closed)) && _describe -V 'values' closed && found=0
    return found
}
if [[ $funcstack[1] == _keywright ]]; then
    _keywright "$@"
else
    compdef _keywright keywright
fi
"#;

/// Asks keywright, which gets the words up to the cursor, the last one with its quotes.
const FISH: &str = r#"function __keywright_complete
    set -l words (commandline --current-process --tokenize --cut-at-cursor)
    set -l current (commandline --current-token --cut-at-cursor)
    set -l answers (COMPLETE=fish keywright -- $words "$current" 2>/dev/null)
    if test "$answers[1]" = \tcommand
        set -e words[1..(contains --index -- -- $words)]
        complete --do-complete (string join ' ' -- (string escape -- $words) "$current")
    else if set -q answers[1]
        printf '%s\n' $answers
    end
end
complete --command keywright --keep-order --exclusive --arguments '(__keywright_complete)'
"#;

fn asker(shell: &str) -> Result<&'static Asker> {
    // `$SHELL` is a path.
    let name = Path::new(shell).file_stem().unwrap_or_default();
    let named = ASKERS.iter().find(|asker| name == asker.name);
    named.ok_or_else(|| Error::usage(format!("there is no script for `{}`", one_line(shell))))
}

/// Returns the script that sets up `shell`.
pub(super) fn registration(shell: &str) -> Result<Vec<u8>> {
    let asker = asker(shell)?;
    let mut text = Vec::new();
    match asker.script {
        Script::Own(script) => text.extend_from_slice(script.as_bytes()),
        Script::Library(usual) => usual
            .write_registration("COMPLETE", "keywright", "keywright", "keywright", &mut text)
            .map_err(|error| Error::failed("the script could not be made").caused_by(error))?,
    }
    Ok(text)
}

/// Returns the answer to what the script of `shell` asked.
pub(super) fn answer(shell: &str, asked: &[OsString], at_cursor: AtCursor<'_>) -> Result<String> {
    (asker(shell)?.answer)(asked, at_cursor)
}

fn bash(asked: &[OsString], at_cursor: AtCursor<'_>) -> Result<String> {
    let [line, typed] = asked else {
        return Err(Error::usage("bash asks with a line and a word"));
    };
    let typed = typed.to_string_lossy();
    let Some(line) = Line::of_bash(&line.to_string_lossy()) else {
        return Ok(String::new());
    };
    let words: Vec<OsString> = line.words.iter().map(OsString::from).collect();
    let text = written(&at_cursor(&words)?, |candidate| {
        line.completed(&typed, &value(candidate))
    });
    match text.trim_end_matches('\n') {
        // Bash takes a quote at the end for one that closes the word, even behind a backslash.
        only if !only.is_empty() && !only.contains('\n') && !only.ends_with([':', '=', '/']) => {
            Ok(format!("{only}{}\n", line.open.closing()))
        }
        _ => Ok(text),
    }
}

fn fish(asked: &[OsString], at_cursor: AtCursor<'_>) -> Result<String> {
    let mut words = asked.to_vec();
    if let Some(last) = words.last_mut() {
        *last = fish_token(&last.to_string_lossy()).into();
    }
    with_help(&words, at_cursor)
}

fn with_help(words: &[OsString], at_cursor: AtCursor<'_>) -> Result<String> {
    let candidates = at_cursor(words)?;
    Ok(written(&candidates, |candidate| Some(described(candidate))))
}

/// `PowerShell` and elvish get words that stand for themselves: what they quote, and when, differs between versions.
fn powershell(words: &[OsString], at_cursor: AtCursor<'_>) -> Result<String> {
    let candidates = at_cursor(words)?;
    Ok(written(&candidates, |candidate| {
        is_plain(&value(candidate)).then(|| described(candidate))
    }))
}

fn elvish(words: &[OsString], at_cursor: AtCursor<'_>) -> Result<String> {
    let candidates = at_cursor(words)?;
    Ok(written(&candidates, |candidate| {
        Some(value(candidate)).filter(|value| is_plain(value))
    }))
}

/// Returns whether a word stays one plain word in every shell.
fn is_plain(word: &str) -> bool {
    word.chars()
        .all(|letter| letter.is_alphanumeric() || "-_.:/@+%,=".contains(letter))
}

fn written(
    candidates: &Candidates,
    line_of: impl Fn(&CompletionCandidate) -> Option<String>,
) -> String {
    let words = match candidates {
        Candidates::OfCommand => return OF_COMMAND.to_owned(),
        Candidates::Words(words) => words,
    };
    let lines = words.iter().filter_map(line_of);
    lines.map(|line| line + "\n").collect()
}

fn value(candidate: &CompletionCandidate) -> String {
    candidate.get_value().to_string_lossy().into_owned()
}

/// Returns the word, and its description behind a tab.
fn described(candidate: &CompletionCandidate) -> String {
    let help = candidate.get_help().map(ToString::to_string);
    let help = help.as_deref().and_then(|help| help.lines().next());
    match help {
        Some(help) => format!("{}\t{}", value(candidate), one_line(help)),
        None => value(candidate),
    }
}
