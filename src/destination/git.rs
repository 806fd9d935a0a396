//! Whether git would take a file with a secret along.

use std::path::Path;
use std::time::Duration;

use crate::platform::{Platform, Program, ProgramOutput};
use crate::report::log::Log;

/// How long git may think.
const GIT_TIMEOUT: Duration = Duration::from_secs(30);

/// What `git check-ignore` ends with for a file that is in a work tree and not ignored.
const NOT_IGNORED: Option<i32> = Some(1);

/// Variables by which git tells the programs that it starts about its own repository, and how it finds and reads paths:
/// in a hook they would answer for another repository than that of the file.
const OTHER_REPOSITORY: [&str; 22] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_ATTR_SOURCE",
    "GIT_CEILING_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_DIR",
    "GIT_GLOB_PATHSPECS",
    "GIT_GRAFT_FILE",
    "GIT_ICASE_PATHSPECS",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_LITERAL_PATHSPECS",
    "GIT_NAMESPACE",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// Warns when git does not ignore `file`; silent without git and outside a work tree.
pub(super) fn warn_if_not_ignored(file: &Path, platform: &Platform, log: &Log) {
    let (Some(folder), Some(name)) = (
        file.parent().and_then(Path::to_str),
        file.file_name().and_then(|name| name.to_str()),
    ) else {
        return;
    };
    // Without a leading `:` nothing in a name is magic for git.
    let name = format!("./{name}");
    let git = |question: &[&str]| {
        let ended = ask(platform, folder, &[question, &["--", &name]].concat());
        ended.and_then(|ended| ended.code)
    };
    if git(&["check-ignore", "-q"]) != NOT_IGNORED {
        return;
    }
    let shown = file.display();
    if git(&["ls-files", "--error-unmatch"]) == Some(0) {
        log.warn(&format!(
            "git tracks `{shown}`: the secret would go into the next commit (git rm --cached, then ignore it)"
        ));
    } else {
        log.warn(&format!(
            "git does not ignore `{shown}`: add it to .gitignore before the secret is committed"
        ));
    }
}

/// Asks git something about the repository around `folder`; `None` where there is no git or it does not answer.
pub fn ask(platform: &Platform, folder: &str, question: &[&str]) -> Option<ProgramOutput> {
    platform.programs.which("git")?;
    // A repository may name a program that git would start first.
    let words: Vec<String> = ["git", "-c", "core.fsmonitor=false", "-C", folder]
        .iter()
        .chain(question)
        .map(|word| (*word).to_owned())
        .collect();
    let ended = platform.programs.run(&Program {
        env: &[("GIT_OPTIONAL_LOCKS", "0")],
        without: &OTHER_REPOSITORY,
        timeout: GIT_TIMEOUT,
        ..Program::new(&words)
    });
    ended.ok()
}
