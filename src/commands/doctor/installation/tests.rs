use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

/// A folder with a program in `bin`, and the environment of a user who lives elsewhere in it.
fn installed() -> (tempfile::TempDir, PathBuf, Env) {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("opt/bin/keywright");
    let home = folder.path().join("home").display().to_string();
    (folder, program, Env::new([("HOME".to_owned(), home)]))
}

fn put(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    files::write_public(path, bytes).unwrap();
}

/// The lines about files below a folder; a machine may have others of its own.
fn told(lines: Vec<CheckResult>) -> Vec<(CheckState, String, Vec<String>)> {
    let lines = lines.into_iter();
    lines
        .map(|line| (line.state, line.detail, line.hints))
        .collect()
}

#[test]
fn origin_follows_path_and_neighbours() {
    let none: &[&str] = &[];
    for (program, there, wanted) in [
        (
            "/usr/bin/keywright",
            &["/var/lib/dpkg/info/keywright.list"][..],
            Some("the .deb"),
        ),
        (
            "/usr/bin/keywright",
            &["/usr/share/licenses/keywright/LICENSE-MIT"],
            Some("the .rpm"),
        ),
        ("/usr/bin/keywright", none, None),
        (
            "/home/ada/.local/bin/keywright",
            &["/home/ada/.local/share/keywright/installed"],
            Some("install.sh"),
        ),
        ("/home/ada/.local/bin/keywright", none, None),
        ("/home/ada/.cargo/bin/keywright", none, Some("Cargo")),
        ("/usr/local/cargo/bin/keywright", none, Some("Cargo")),
        (
            "/opt/homebrew/Cellar/keywright/1.2.3/bin/keywright",
            none,
            Some("Homebrew"),
        ),
        (
            "/home/linuxbrew/.linuxbrew/Cellar/keywright/1.2.3/bin/keywright",
            none,
            Some("Homebrew"),
        ),
        (
            "/nix/store/abc-keywright-1.2.3/bin/keywright",
            none,
            Some("Nix"),
        ),
        (
            r"C:\Users\Ada\scoop\apps\keywright\current\keywright.exe",
            none,
            Some("Scoop"),
        ),
        (
            r"C:\Users\Ada\AppData\Local\Programs\keywright\keywright.exe",
            none,
            Some("install.ps1"),
        ),
        (
            r"C:\Users\Ada\AppData\Local\Microsoft\WinGet\Packages\acme.keywright\keywright.exe",
            none,
            Some("winget"),
        ),
        (
            "/home/ada/keywright/target/debug/keywright",
            none,
            Some("a build in a clone"),
        ),
        ("/opt/keywright", none, None),
    ] {
        let found = origin(Path::new(program), &|path| {
            there.iter().any(|file| Path::new(file) == path)
        });
        assert_eq!(found, wanted, "{program}");
    }
}

#[test]
fn scripts_of_this_version_are_current() {
    let (folder, program, env) = installed();
    let share = folder.path().join("opt/share");
    let shares = [share.clone(), folder.path().join("home/.local/share")];
    assert_eq!(
        told(completion_lines(&program, &shares, &env)),
        [(
            CheckState::Ok,
            "no script is installed (a shell may load one as it starts)".to_owned(),
            vec![]
        )]
    );
    let bash = asking_script(Shell::Bash).unwrap();
    put(&share.join("bash-completion/completions/keywright"), &bash);
    let zsh = script(Shell::Zsh, Cli::command());
    put(&share.join("zsh/site-functions/_keywright"), &zsh);
    let own = folder
        .path()
        .join("home/.config/fish/completions/keywright.fish");
    put(&own, b"keywright completions fish | source\n");
    assert_eq!(
        told(completion_lines(&program, &shares, &env)),
        [(
            CheckState::Ok,
            "bash, zsh, fish: of this version".to_owned(),
            vec![]
        )]
    );
}

#[test]
fn script_of_other_version_is_named() {
    let (folder, program, env) = installed();
    let shares = [folder.path().join("opt/share")];
    let path = shares[0].join("fish/vendor_completions.d/keywright.fish");
    put(&path, b"complete -c keywright -f\n");
    let path = path.display();
    assert_eq!(
        told(completion_lines(&program, &shares, &env)),
        [(
            CheckState::Warning,
            format!("`{path}` is of another version"),
            vec![format!("renew it: keywright completions fish > {path}")]
        )]
    );
}

#[test]
fn pages_are_compared_packed_or_not() {
    let (folder, _, _) = installed();
    let shares = [folder.path().join("opt/share")];
    let man1 = shares[0].join("man/man1");
    let none = "none are installed (keywright man shows each)".to_owned();
    assert_eq!(told(page_lines(&shares)), [(CheckState::Ok, none, vec![])]);
    let page = man::page(&Cli::command()).unwrap();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(page.as_bytes()).unwrap();
    put(&man1.join("keywright.1.gz"), &packed.finish().unwrap());
    let shown = man1.display();
    let current = (
        CheckState::Ok,
        format!("`{shown}`: of this version"),
        vec![],
    );
    assert_eq!(told(page_lines(&shares)), [current]);
    put(
        &man1.join("keywright.1"),
        page.replacen("keywright", "keywrong", 1).as_bytes(),
    );
    assert_eq!(
        told(page_lines(&shares)),
        [(
            CheckState::Warning,
            format!("those in `{shown}` are of another version"),
            vec![format!("renew them: keywright man {shown}")]
        )]
    );
}

#[test]
fn damaged_page_is_not_missing() {
    let (folder, _, _) = installed();
    let share = folder.path().join("opt/ada's share");
    let man1 = share.join("man/man1");
    let shown = man1.display();
    let wanted = [(
        CheckState::Warning,
        format!("those in `{shown}` are of another version"),
        vec![format!(
            "renew them: keywright man {}",
            shell_words::quote(&shown.to_string())
        )],
    )];
    for (name, bytes) in [
        ("keywright.1.gz", &b"no archive"[..]),
        ("keywright.1", b"\xff\xfe"),
    ] {
        put(&man1.join(name), bytes);
        assert_eq!(
            told(page_lines(std::slice::from_ref(&share))),
            wanted,
            "{name}"
        );
    }
}

#[test]
fn shares_begin_beside_program() {
    let env = |pairs: &[(&str, &str)]| {
        Env::new(
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        )
    };
    let home = env(&[("HOME", "/home/ada")]);
    let of = |program: &str, env: &Env| shares(Path::new(program), env);
    let paths = |paths: &[&str]| paths.iter().map(PathBuf::from).collect::<Vec<_>>();
    assert_eq!(
        of("/home/ada/.local/bin/keywright", &home),
        paths(&["/home/ada/.local/share", "/usr/local/share", "/usr/share"])
    );
    assert_eq!(
        of(
            "/opt/keywright",
            &env(&[("HOME", "/home/ada"), ("XDG_DATA_HOME", "/data")])
        ),
        paths(&["/data", "/usr/local/share", "/usr/share"])
    );
    assert_eq!(
        of("/usr/bin/keywright", &env(&[])),
        paths(&["/usr/share", "/usr/local/share"])
    );
}
