//! The scripts by which shells ask keywright itself, where those of the library would fall short.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use clap::Command;
use clap_complete::env::{Bash, Elvish, EnvCompleter, Fish, Powershell, Shells, Zsh};

/// Every shell that can ask.
pub(super) const SHELLS: Shells<'static> = Shells(&[
    &ScriptedShell {
        name: "bash",
        script: BASH,
        usual: &Bash,
    },
    &Elvish,
    &Fish,
    &Powershell,
    &ScriptedShell {
        name: "zsh",
        script: ZSH,
        usual: &Zsh,
    },
]);

/// Asks keywright. Bash takes words apart at `:` and `=`, and replaces only what stands behind the last of them: the
/// words are put together again, and from the answers is taken away what stays.
const BASH: &str = r#"_keywright() {
    local line=${COMP_LINE:0:COMP_POINT} joined="" word i count
    local -a words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        ((i == COMP_CWORD)) && [[ $word != [:=]* ]] && word=$2
        count=${#words[@]}
        if [[ $count -gt 0 && $line != [[:blank:]]* && ($joined || $word == [:=]*) ]]; then
            words[count - 1]+=$word
        else
            words+=("$word")
        fi
        line=${line#*"$word"}
        joined=""
        [[ $word == *[:=] ]] && joined=1
    done
    local index=$((${#words[@]} - 1)) IFS=$'\n'
    local current=${words[index]} answers
    answers=$(_CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$index COMPLETE=bash keywright -- "${words[@]}" 2>/dev/null)
    COMPREPLY=()
    local stays=${current%"${2##[:=]}"}
    while read -r word; do
        [[ $word ]] && COMPREPLY+=("${word#"$stays"}")
    done <<<"$answers"
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} != *[:=/] ]]; then
        COMPREPLY[0]+=" "
    fi
}
complete -o nospace -o bashdefault -o nosort -F _keywright keywright 2>/dev/null ||
    complete -o nospace -o bashdefault -F _keywright keywright
"#;

/// Asks keywright; what a person has to go on typing gets no blank behind it.
const ZSH: &str = r#"#compdef keywright
_keywright() {
    local -a open=() closed=()
    local line value
    for line in "${(@f)$(_CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$((CURRENT - 1)) \
        COMPLETE=zsh keywright -- "${words[@]}" 2>/dev/null)}"; do
        value=${line//\\:/=}
        value=${value%%:*}
        if [[ -z $line ]]; then
            continue
        elif [[ $value == *[=/] ]]; then
            open+=("$line")
        else
            closed+=("$line")
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

/// The registration of `shell`.
pub(super) fn registration(shell: &dyn EnvCompleter) -> io::Result<Vec<u8>> {
    let mut script = Vec::new();
    shell.write_registration(
        "COMPLETE",
        "keywright",
        "keywright",
        "keywright",
        &mut script,
    )?;
    Ok(script)
}

/// A shell that is set up by a script of ours, and answered as the library answers it.
struct ScriptedShell {
    name: &'static str,
    script: &'static str,
    usual: &'static dyn EnvCompleter,
}

impl EnvCompleter for ScriptedShell {
    fn name(&self) -> &'static str {
        self.name
    }

    fn is(&self, name: &str) -> bool {
        name == self.name
    }

    fn write_registration(
        &self,
        _variable: &str,
        _name: &str,
        _program: &str,
        _completer: &str,
        script: &mut dyn io::Write,
    ) -> io::Result<()> {
        script.write_all(self.script.as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut Command,
        args: Vec<OsString>,
        folder: Option<&Path>,
        answer: &mut dyn io::Write,
    ) -> io::Result<()> {
        self.usual.write_complete(command, args, folder, answer)
    }
}
