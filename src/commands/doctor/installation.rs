//! Finds the origin of the program, and completions and man pages that do not belong to it. This is advice: a secret can
//! be kept without either.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use clap_complete::Shell;
use flate2::read::MultiGzDecoder;

use super::super::Cli;
use super::{CheckResult, CheckState, fine};
use crate::core::untrusted::shell_argument;
use crate::docs::completions::{asking_script, script};
use crate::docs::man;
use crate::platform::{Env, Platform, files};

/// The largest page that is unpacked.
const MAX_PAGE: u64 = 1 << 20;

/// Returns the lines about the program; none where its path is not known.
pub(super) fn findings(platform: &Platform) -> Vec<CheckResult> {
    let Some(program) = platform.processes.program() else {
        return Vec::new();
    };
    let shares = shares(&program, &platform.env);
    let mut found = vec![origin_line(&program)];
    found.extend(completion_lines(&program, &shares, &platform.env));
    found.extend(page_lines(&shares));
    found
}

fn origin_line(program: &Path) -> CheckResult {
    let shown = program.display().to_string();
    // The form in which Windows resolves paths.
    let shown = shown.strip_prefix(r"\\?\").unwrap_or(&shown);
    let origin = origin(program, &|path| path.exists());
    let detail = match origin {
        Some(origin) => format!("`{shown}`, from {origin}"),
        None => format!("`{shown}`"),
    };
    fine("program", detail)
}

/// Returns what put a program at its path, if the path or what lies beside it tells.
fn origin(program: &Path, exists: &dyn Fn(&Path) -> bool) -> Option<&'static str> {
    const BY_PATH: [(&str, &str); 9] = [
        ("/cellar/keywright/", "Homebrew"),
        ("/scoop/apps/keywright/", "Scoop"),
        ("/winget/packages/", "winget"),
        ("/nix/store/", "Nix"),
        ("/.cargo/bin/", "Cargo"),
        ("/local/cargo/bin/", "Cargo"),
        ("/programs/keywright/keywright.exe", "install.ps1"),
        ("/target/debug/keywright", "a build in a clone"),
        ("/target/release/keywright", "a build in a clone"),
    ];
    let path = program
        .to_string_lossy()
        .replace('\\', "/")
        .to_ascii_lowercase();
    if path == "/usr/bin/keywright" {
        return [
            ("/var/lib/dpkg/info/keywright.list", "the .deb"),
            ("/usr/share/licenses/keywright/LICENSE-MIT", "the .rpm"),
        ]
        .into_iter()
        .find(|(file, _)| exists(Path::new(file)))
        .map(|(_, origin)| origin);
    }
    let record = prefix(program).map(|prefix| prefix.join("share/keywright/installed"));
    if record.is_some_and(|record| exists(&record)) {
        return Some("install.sh");
    }
    let mut known = BY_PATH.iter();
    known
        .find(|(part, _)| path.contains(part))
        .map(|(_, origin)| *origin)
}

/// Returns the folder above the `bin` of a program.
fn prefix(program: &Path) -> Option<&Path> {
    let folder = program.parent()?;
    folder.ends_with("bin").then(|| folder.parent()).flatten()
}

/// Returns the folders for data in which shells and man look: those beside the program, the user's, the system's.
fn shares(program: &Path, env: &Env) -> Vec<PathBuf> {
    let own = prefix(program).map(|prefix| prefix.join("share"));
    let user = match env.get("XDG_DATA_HOME") {
        Some(folder) => Some(PathBuf::from(folder)),
        None => env
            .get("HOME")
            .map(|home| Path::new(home).join(".local/share")),
    };
    let system = ["/usr/local/share", "/usr/share"].map(PathBuf::from);
    let mut found: Vec<PathBuf> = Vec::new();
    for folder in own.into_iter().chain(user).chain(system) {
        if !found.contains(&folder) {
            found.push(folder);
        }
    }
    found
}

/// Returns the files in which the scripts of shells are installed.
fn scripts(program: &Path, shares: &[PathBuf], env: &Env) -> Vec<(Shell, PathBuf)> {
    const IN_SHARE: [(Shell, &str); 4] = [
        (Shell::Bash, "bash-completion/completions/keywright"),
        (Shell::Zsh, "zsh/site-functions/_keywright"),
        (Shell::Zsh, "zsh/vendor-completions/_keywright"),
        (Shell::Fish, "fish/vendor_completions.d/keywright.fish"),
    ];
    let mut found: Vec<(Shell, PathBuf)> = shares
        .iter()
        .flat_map(|share| IN_SHARE.map(|(shell, file)| (shell, share.join(file))))
        .collect();
    let config = match env.get("XDG_CONFIG_HOME") {
        Some(folder) => Some(PathBuf::from(folder)),
        None => env.get("HOME").map(|home| Path::new(home).join(".config")),
    };
    found
        .extend(config.map(|config| (Shell::Fish, config.join("fish/completions/keywright.fish"))));
    found.push((Shell::PowerShell, program.with_file_name("completion.ps1")));
    found
}

fn completion_lines(program: &Path, shares: &[PathBuf], env: &Env) -> Vec<CheckResult> {
    let name = "completion";
    let mut current: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for (shell, path) in scripts(program, shares, env) {
        let Ok(Some(text)) = files::read(&path) else {
            continue;
        };
        if is_current(shell, &text) {
            let shell = shell.to_string();
            if !current.contains(&shell) {
                current.push(shell);
            }
            continue;
        }
        let hint = format!(
            "renew it: keywright completions {shell} > {}",
            quoted(&path)
        );
        found.push(CheckResult {
            state: CheckState::Warning,
            hints: vec![hint],
            ..fine(name, format!("`{}` is of another version", path.display()))
        });
    }
    if found.is_empty() {
        let detail = if current.is_empty() {
            "no script is installed (a shell may load one as it starts)".to_owned()
        } else {
            format!("{}: of this version", current.join(", "))
        };
        found.push(fine(name, detail));
    }
    found
}

/// Returns whether a script is one that this version prints, or asks for it.
fn is_current(shell: Shell, text: &[u8]) -> bool {
    let asks = b"keywright completions ";
    text.windows(asks.len()).any(|part| part == asks)
        || asking_script(shell).is_ok_and(|script| script == text)
        || script(shell, Cli::command()) == text
}

fn page_lines(shares: &[PathBuf]) -> Vec<CheckResult> {
    let name = "man pages";
    let folders = shares.iter().map(|share| share.join("man/man1"));
    let installed: Vec<(PathBuf, Vec<u8>)> = folders
        .filter_map(|folder| page_in(&folder).map(|page| (folder, page)))
        .collect();
    let Ok(current) = man::page(&Cli::command()) else {
        return Vec::new();
    };
    let stale: Vec<CheckResult> = installed
        .iter()
        .filter(|(_, page)| page != current.as_bytes())
        .map(|(folder, _)| {
            let shown = folder.display();
            CheckResult {
                state: CheckState::Warning,
                hints: vec![format!("renew them: keywright man {}", quoted(folder))],
                ..fine(name, format!("those in `{shown}` are of another version"))
            }
        })
        .collect();
    match (stale.is_empty(), installed.first()) {
        (false, _) => stale,
        (true, Some((folder, _))) => vec![fine(
            name,
            format!("`{}`: of this version", folder.display()),
        )],
        (true, None) => vec![fine(name, "none are installed (keywright man shows each)")],
    }
}

/// Returns a path as a hint repeats it.
fn quoted(path: &Path) -> String {
    shell_argument(&path.to_string_lossy())
}

/// Returns keywright(1) as it is installed in a folder, packed or not; of a damaged one, what can be unpacked.
fn page_in(folder: &Path) -> Option<Vec<u8>> {
    if let Ok(Some(text)) = files::read(&folder.join("keywright.1")) {
        return Some(text);
    }
    let packed = files::read(&folder.join("keywright.1.gz")).ok()??;
    let mut page = Vec::new();
    let mut unpacked = MultiGzDecoder::new(packed.as_slice()).take(MAX_PAGE);
    // A part of a page is no page of this version.
    let _ = unpacked.read_to_end(&mut page);
    Some(page)
}

#[cfg(test)]
mod tests;
