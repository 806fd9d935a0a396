//! Confines the destinations of a project file to its folder: their paths are relative to it and stay inside it,
//! links included.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::DestinationSpec;
use super::spec::utf8;
use crate::core::error::{Error, Result};
use crate::core::untrusted::escape;

/// The maximum number of links in a chain.
const MAX_LINKS: usize = 40;

/// The folders of programs that belong to a system or its package manager.
const SYSTEM_DIRS: [&str; 7] = [
    "/bin",
    "/sbin",
    "/usr",
    "/opt",
    "/nix/store",
    "/run/current-system",
    "/snap/bin",
];

impl DestinationSpec {
    /// Returns the same destination relative to `folder`, whose links are resolved; fails if its path leads outside.
    pub fn confined(&self, folder: &Path) -> Result<Self> {
        let inside = |path: &str| {
            let found = inside(path, folder).map_err(|why| self.leads_out(why, folder))?;
            utf8(found, path)
        };
        if self.is_usual_file() {
            return Err(self.leads_out("is a file outside of", folder));
        }
        // A system program is found on PATH or has a full path; any other one is in the project.
        let is_own = |program: &String| {
            program.contains(std::path::is_separator) && !is_of_the_system(program)
        };
        if let Some(program) = self.program().filter(is_own) {
            inside(&program)?;
        }
        self.anchored(folder, inside)
    }

    fn leads_out(&self, why: &str, folder: &Path) -> Error {
        Error::usage(format!(
            "`{}` {why} `{}`",
            escape(&self.to_string()),
            folder.display()
        ))
        .hint("a project file can only write inside its own folder; for other places use `--to` on the command line")
    }
}

/// Returns whether a program has a full path in a folder of the system or its package manager.
fn is_of_the_system(program: &str) -> bool {
    let path = Path::new(program);
    let is_plain = !path.components().any(|part| part == Component::ParentDir);
    let mut folders = SYSTEM_DIRS.iter();
    is_plain && path.is_absolute() && (cfg!(windows) || folders.any(|at| path.starts_with(at)))
}

/// Resolves a path relative to `folder`: its folder without links, and its own name.
fn inside(text: &str, folder: &Path) -> Result<PathBuf, &'static str> {
    if text == "~" || text.starts_with("~/") {
        return Err("starts in the home folder, not in");
    }
    follow(&folder.join(text), folder, MAX_LINKS)
}

fn follow(path: &Path, folder: &Path, links: usize) -> Result<PathBuf, &'static str> {
    const OUT: &str = "leads out of";
    let Some(Component::Normal(name)) = path.components().next_back() else {
        return Err("does not name a file in");
    };
    let found = without_links(path.parent().unwrap_or(folder))?.join(name);
    if !found.starts_with(folder) || found == folder {
        return Err(OUT);
    }
    match fs::read_link(&found) {
        Ok(_) if links == 0 => Err("is one link too many in"),
        Ok(next) => {
            let parent = found.parent().unwrap_or(folder);
            follow(&parent.join(next), folder, links - 1)?;
            Ok(found)
        }
        // It is no link, or does not exist.
        Err(_) => Ok(found),
    }
}

/// Resolves the links of a folder; a folder that does not exist yet must have a plain path.
fn without_links(folder: &Path) -> Result<PathBuf, &'static str> {
    match fs::canonicalize(folder) {
        Ok(found) => Ok(found),
        Err(error) if error.kind() == ErrorKind::NotFound && !folder.is_symlink() => {
            let (Some(above), Some(Component::Normal(name))) =
                (folder.parent(), folder.components().next_back())
            else {
                return Err("leads out of");
            };
            Ok(without_links(above)?.join(name))
        }
        Err(_) => Err("cannot be followed inside"),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    struct Scene {
        _root: tempfile::TempDir,
        folder: PathBuf,
    }

    fn scene() -> Scene {
        let root = tempfile::tempdir().unwrap();
        let whole = fs::canonicalize(root.path()).unwrap();
        let folder = whole.join("project");
        fs::create_dir_all(folder.join("sub")).unwrap();
        fs::create_dir_all(whole.join("project-evil")).unwrap();
        fs::create_dir_all(whole.join("out")).unwrap();
        symlink("../out", folder.join("away")).unwrap();
        symlink("sub", folder.join("near")).unwrap();
        symlink("../../out/key", folder.join("sub/away.key")).unwrap();
        symlink("near.key", folder.join("sub/link.key")).unwrap();
        symlink("loop.key", folder.join("loop.key")).unwrap();
        symlink("nowhere", folder.join("gone")).unwrap();
        Scene {
            _root: root,
            folder,
        }
    }

    fn confined(scene: &Scene, text: &str) -> Result<String, String> {
        let spec: DestinationSpec = text.parse().unwrap();
        let spec = spec.confined(&scene.folder);
        let shown = |text: &str| text.replace(&scene.folder.display().to_string(), "[folder]");
        spec.map(|spec| shown(&spec.to_string()))
            .map_err(|error| shown(error.message()))
    }

    #[test]
    fn confined_inner_path_resolves_in_folder() {
        let scene = scene();
        for (text, whole) in [
            ("file:ci.key", "file:[folder]/ci.key"),
            ("dotenv:sub/.env#KEY", "dotenv:[folder]/sub/.env#KEY"),
            ("file:near/ci.key", "file:[folder]/sub/ci.key"),
            ("file:new/deep/ci.key", "file:[folder]/new/deep/ci.key"),
            ("file:sub/link.key", "file:[folder]/sub/link.key"),
            ("file:sub/../ci.key", "file:[folder]/ci.key"),
            ("file:~name.key", "file:[folder]/~name.key"),
            ("netrc:sub/.netrc#host", "netrc:[folder]/sub/.netrc#host"),
            ("github-env:KEY", "github-env:KEY"),
        ] {
            assert_eq!(confined(&scene, text).as_deref(), Ok(whole), "{text}");
        }
        let inside = format!("file:{}/x", scene.folder.display());
        assert_eq!(confined(&scene, &inside).as_deref(), Ok("file:[folder]/x"));
    }

    #[test]
    fn confined_escaping_path_is_refused() {
        let scene = scene();
        for text in [
            "file:../.netrc",
            "file:sub/../../.netrc",
            "file:/etc/keywright-fake",
            "file:~/.ssh/id_ed25519",
            "dotenv:../project-evil/.env#KEY",
            "file:away/key",
            "dotenv:away/.env#KEY",
            "file:away",
            "file:sub/away.key",
            "file:loop.key",
            "file:gone/key",
            "file:sub/..",
            // A missing folder leads nowhere.
            "file:a/../ci.key",
            "exec:../project-evil/take",
            "exec:away/take",
            "exec:/tmp/take",
            "exec:/home/fake/take x",
            "exec:/usr/../tmp/take",
            "exec:~/take",
            "netrc:host",
            "netrc:~/.netrc#host",
        ] {
            assert!(confined(&scene, text).is_err(), "{text}");
        }
        assert_eq!(
            confined(&scene, "file:../.netrc"),
            Err("`file:../.netrc` leads out of `[folder]`".to_owned())
        );
    }

    #[test]
    fn confined_program_runs_in_folder() {
        let scene = scene();
        for text in [
            "exec:./take x",
            "exec:sub/take",
            "exec:sh -c 'cat ../x'",
            "exec:/bin/sh -c 'cat ../x'",
            "exec:/opt/vault/bin/vault kv put app key=-",
        ] {
            let spec: DestinationSpec = text.parse().unwrap();
            let spec = spec.confined(&scene.folder).unwrap();
            let (_, _, folder) = spec.parts();
            assert_eq!(folder, Some(scene.folder.as_path()));
            // It is recorded with its folder, and read back unchanged.
            let text = serde_json::to_string(&spec).unwrap();
            assert_eq!(
                serde_json::from_str::<DestinationSpec>(&text).unwrap(),
                spec
            );
        }
    }
}
