//! Checks whether git would commit a file with a secret.

use std::path::Path;
use std::time::Duration;

use crate::platform::{Platform, Program, ProgramOutput};
use crate::report::log::Log;

/// The timeout of a git command.
const GIT_TIMEOUT: Duration = Duration::from_secs(30);

/// The exit code of `git check-ignore` for a file in a work tree that is not ignored.
const NOT_IGNORED: Option<i32> = Some(1);

/// Variables that git sets in the programs that it starts, about its own repository and about how it finds and reads
/// paths. In a hook they would select another repository than the file's.
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

/// Warns if git does not ignore `file`; silent without git and outside a work tree.
pub(super) fn warn_if_not_ignored(file: &Path, platform: &Platform, log: &Log) {
    let (Some(folder), Some(name)) = (
        file.parent().and_then(Path::to_str),
        file.file_name().and_then(|name| name.to_str()),
    ) else {
        return;
    };
    // Without a leading `:`, git gives no character of a name a special meaning.
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

/// Runs a git query on the repository around `folder`; `None` without git or without a response.
pub fn ask(platform: &Platform, folder: &str, question: &[&str]) -> Option<ProgramOutput> {
    platform.programs.which("git")?;
    // A repository may configure a program that git would start first.
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
