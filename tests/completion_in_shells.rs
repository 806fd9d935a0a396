//! Tab, pressed in real shells at a real terminal.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::time::Duration;

use crate::completion::{ODD_NAMES, at_home, person};
use crate::support::programs::{Folder, program, programs_available, run};

/// The number of looks for a file before it counts as missing, and the pause between two looks.
const LOOKS: u32 = 2_000;
const PAUSE: Duration = Duration::from_millis(20);

/// A shell at a terminal of its own.
struct Shell<'h> {
    home: &'h Folder,
    process: Child,
    keys: ChildStdin,
    screen: std::thread::JoinHandle<String>,
    lines: u32,
}

impl<'h> Shell<'h> {
    fn start(home: &'h Folder, command: &str, first: &str) -> Self {
        let mut script = program("script");
        script.args(["-qec", command, "/dev/null"]);
        let mut process = at_home(script, home)
            .env("TERM", "xterm")
            .env("LANG", "C.UTF-8")
            .env("ZDOTDIR", home.path())
            .env("HISTFILE", home.path().join("history"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut from = process.stdout.take().unwrap();
        let screen = std::thread::spawn(move || {
            let mut seen = Vec::new();
            let _ = from.read_to_end(&mut seen);
            String::from_utf8_lossy(&seen).into_owned()
        });
        let keys = process.stdin.take().unwrap();
        let mut shell = Shell {
            home,
            process,
            keys,
            screen,
            lines: 0,
        };
        let words = match shell_name(command) {
            "fish" => "function words; string join '|' -- $argv; end",
            _ => "words() { local IFS='|'; printf '%s\\n' \"$*\"; }",
        };
        shell.press(&format!("{words}; {first}; echo > ready\n"));
        shell.left("ready");
        shell
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// The content of a file as soon as there is a whole line in it.
    fn left(&mut self, name: &str) -> String {
        let path = self.home.path().join(name);
        for _ in 0..LOOKS {
            let text = keywright::platform::files::read_text(&path)
                .unwrap()
                .unwrap_or_default();
            if let Some(line) = text.strip_suffix('\n') {
                return line.to_owned();
            }
            assert!(
                self.process.try_wait().unwrap().is_none(),
                "the shell has ended"
            );
            std::thread::sleep(PAUSE);
        }
        panic!("the shell never wrote `{name}`");
    }

    /// The words that the shell makes of `line` when Tab is pressed behind it; the last ends in `^` where the next
    /// letter would be typed.
    fn after_tab(&mut self, line: &str) -> String {
        self.lines += 1;
        let name = format!("line-{}", self.lines);
        // The line is not carried out: it becomes the arguments of another command.
        self.press(&format!("{line}\t^\x01words \x05 > {name}\n"));
        self.left(&name)
    }

    fn end(mut self) -> String {
        self.press("exit\n");
        self.process.wait().unwrap();
        drop(self.keys);
        self.screen.join().unwrap()
    }
}

/// The completion of lines in every shell.
const LINES: [(&str, &str); 18] = [
    ("keywright keys rot", "keywright|keys|rotate|^"),
    ("keywright keys revoke c", "keywright|keys|revoke|ci|^"),
    ("keywright keys revoke k", "keywright|keys|revoke|k^"),
    (
        "keywright -p dev keys show d",
        "keywright|-p|dev|keys|show|d7|^",
    ),
    (
        "keywright --profile=dev keys show d",
        "keywright|--profile=dev|keys|show|d7|^",
    ),
    ("keywright --profile=p", "keywright|--profile=prod|^"),
    ("keywright profiles use d", "keywright|profiles|use|dev|^"),
    ("keywright login sch", "keywright|login|schatzi|^"),
    (
        "keywright login sieve --store f",
        "keywright|login|sieve|--store|file|^",
    ),
    (
        "keywright keys list --sort la",
        "keywright|keys|list|--sort|last-used|^",
    ),
    (
        "keywright keys create --to dot",
        "keywright|keys|create|--to|dotenv:^",
    ),
    (
        "keywright keys create --to profile:d",
        "keywright|keys|create|--to|profile:dev|^",
    ),
    (
        "keywright keys create --to file:sec",
        "keywright|keys|create|--to|file:secrets/^",
    ),
    (
        "keywright keys create --to=file:secrets/a",
        "keywright|keys|create|--to=file:secrets/app.key|^",
    ),
    (
        "keywright -p generic-of-nobody keys create --scope ",
        "keywright|-p|generic-of-nobody|keys|create|--scope|^",
    ),
    (
        "keywright -p dev keys create --scope adm",
        "keywright|-p|dev|keys|create|--scope|admin|^",
    ),
    (
        "keywright keys create --to=\"file:secrets/a",
        "keywright|keys|create|--to=file:secrets/app.key|^",
    ),
    (
        "keywright keys revoke ci ",
        "keywright|keys|revoke|ci|Production backend|^",
    ),
];

/// Behind `exec --` the shell completes a command and its files.
const BEHIND_EXEC: [(&str, &str); 3] = [
    ("keywright exec -- mkfif", "keywright|exec|--|mkfifo|^"),
    (
        "keywright exec --env X -- ./run some",
        "keywright|exec|--env|X|--|./run|some file|^",
    ),
    ("keywright exec -- ./sec", "keywright|exec|--|./secrets/^"),
];

/// The name of the shell that a command starts.
fn shell_name(command: &str) -> &str {
    command.split(' ').next().unwrap_or_default()
}

/// Lines that end in the middle of an odd name, in the ways in which it can be typed, and the name.
fn odd_lines(shell: &str) -> Vec<(String, &'static str)> {
    let begin = "keywright -p odd keys show";
    let mut lines = Vec::new();
    for name in ODD_NAMES {
        let start: String = name.chars().take(1).collect();
        if start.chars().all(char::is_alphabetic) {
            lines.extend(["", "'", "\""].map(|quote| (format!("{begin} {quote}{start}"), name)));
        } else {
            lines.push((format!("{begin} '{start}"), name));
        }
    }
    let behind = [
        ("my\\ f", ODD_NAMES[0]),
        ("'my fi", ODD_NAMES[0]),
        ("cash\\ \\$H", ODD_NAMES[2]),
        ("team:", ODD_NAMES[5]),
        ("team:prod:e", ODD_NAMES[5]),
        ("a=", ODD_NAMES[6]),
        ("\"it's \\\"q", ODD_NAMES[1]),
    ];
    let behind = behind.map(|(typed, name)| (format!("{begin} {typed}"), name));
    lines.extend(behind);
    if shell == "bash" {
        // Only bash is left at a backslash, by names that differ behind it.
        lines.push((format!("{begin} my\\"), ODD_NAMES[0]));
    }
    lines
}

/// Presses Tab behind every line; returns what was on the screen.
fn press_tab(command: &str, first: &str) -> Option<String> {
    let shell = shell_name(command);
    if !programs_available(&["script", shell]) {
        return None;
    }
    let home = person();
    home.write("secrets/app.key", "");
    home.write("some file", "");
    let mut at = Shell::start(&home, command, first);
    for (line, expected) in LINES {
        assert_eq!(at.after_tab(line), expected, "{command}: {line}");
    }
    for (line, name) in odd_lines(shell) {
        let expected = format!("keywright|-p|odd|keys|show|{name}|^");
        assert_eq!(at.after_tab(&line), expected, "{command}: {line}");
    }
    for (line, expected) in BEHIND_EXEC {
        assert_eq!(at.after_tab(line), expected, "{command}: {line}");
    }
    assert!(!Path::new(&home.path().join("hurt")).exists());
    Some(at.end())
}

const IN_BASH: &str = "source <(keywright completions bash)";

#[test]
fn bash_tab_completes_words() {
    press_tab("bash --norc --noprofile -i", IN_BASH);
}

#[test]
fn bash_tab_without_word_breaks() {
    let first = format!("COMP_WORDBREAKS=${{COMP_WORDBREAKS//[:=]}}; {IN_BASH}");
    press_tab("bash --norc --noprofile -i", &first);
}

#[test]
fn bash_tab_beside_bash_completion() {
    if programs_available(&["/usr/share/bash-completion/bash_completion"]) {
        let first = format!("source /usr/share/bash-completion/bash_completion; {IN_BASH}");
        press_tab("bash --norc --noprofile -i", &first);
    }
}

#[test]
fn zsh_tab_completes_words() {
    let first = "autoload -U compinit; compinit -u -D; source <(keywright completions zsh)";
    if let Some(screen) = press_tab("zsh -f -i", first) {
        assert!(screen.contains("-- Production backend"), "{screen}");
    }
}

#[test]
fn zsh_tab_from_fpath_completes_words() {
    let first = "keywright completions zsh > _keywright; fpath=($PWD $fpath); autoload -U compinit; compinit -u -D";
    press_tab("zsh -f -i", first);
}

#[test]
fn fish_tab_completes_words() {
    let first = "keywright completions fish | source";
    if let Some(screen) = press_tab("fish --no-config -i", first) {
        assert!(screen.contains("Production backend"), "{screen}");
    }
}

/// The screen of a person who asks for the manual at a terminal, with these programs at hand.
fn manual_at_a_terminal(home: &Folder, path: &str) -> String {
    let mut script = program("script");
    let command = format!("PATH={path} {} man", env!("CARGO_BIN_EXE_keywright"));
    script.args(["-qec", &command, "/dev/null"]);
    let ended = run(at_home(script, home).env("TERM", "xterm"));
    assert!(ended.ok, "{}", ended.stdout);
    ended.stdout.replace('\r', "")
}

#[test]
fn manual_shown_by_man_or_help() {
    use std::os::unix::fs::PermissionsExt;
    if !programs_available(&["script"]) {
        return;
    }
    let home = person();
    let help = manual_at_a_terminal(&home, "/nowhere");
    assert!(help.starts_with("One command for the whole life"), "{help}");
    assert!(help.contains("\nGlobal options:\n"), "{help}");
    let man = home.write(
        "bin/man",
        "#!/bin/sh\necho \"shown: $*\"; head -c 4 \"$1\"\n",
    );
    std::fs::set_permissions(man, PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", home.path().join("bin").display());
    let file = home.path().join("cache/keywright/keywright.1");
    assert_eq!(
        manual_at_a_terminal(&home, &path),
        format!("shown: {}\n.ie ", file.display())
    );
}
