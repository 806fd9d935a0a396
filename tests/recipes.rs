//! The recipes of README and `docs/`, run as they stand there: every command line, in the sandbox.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use regex_lite::Regex;

use crate::support::programs::{Folder, program, programs_available, run};

const README: &str = include_str!("../README.md");
const GUIDE: &str = include_str!("../docs/guide.md");
const PIPELINES: &str = include_str!("../docs/ci.md");
const ROTATION: &str = include_str!("../docs/rotation.md");

/// The first block of code under a headline of the page about pipelines.
fn block(headline: &str) -> &'static str {
    block_of(PIPELINES, headline)
}

/// The first block of code under a headline.
fn block_of(page: &'static str, headline: &str) -> &'static str {
    let (_, section) = page.split_once(&format!("\n## {headline}\n")).unwrap();
    let (_, after) = section.split_once("\n```").unwrap();
    let (_, code) = after.split_once('\n').unwrap();
    code.split_once("\n```").unwrap().0
}

/// The commands of a YAML list under `key`, or of each step's `key`.
fn commands(block: &str, key: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in block.lines() {
        let text = line.trim();
        let text = text.strip_prefix("- ").unwrap_or(text);
        if let Some(rest) = text
            .strip_prefix(key)
            .and_then(|rest| rest.strip_prefix(':'))
        {
            inside = rest.is_empty();
            if !inside {
                found.push(rest.trim().to_owned());
            }
        } else if inside && line.trim().starts_with("- ") {
            found.push(text.to_owned());
        } else {
            inside = false;
        }
    }
    found
}

/// A machine with keywright on its search path, and the programs that the recipes run.
struct Machine {
    home: Folder,
}

impl Machine {
    fn new() -> Self {
        let home = Folder::new();
        for (name, script) in [
            (
                "deploy.sh",
                "#!/bin/sh\ntest -n \"$SCHATZI_API_KEY\" && echo deployed\n",
            ),
            (
                "bin/cargo",
                "#!/bin/sh\ntest \"$*\" = 'install --locked --git https://example.com/source keywright'\n",
            ),
            (
                "report.sh",
                "#!/bin/sh\ntest -n \"$API_KEY\" && echo reported\n",
            ),
            (
                "server",
                "#!/bin/sh\ntest -n \"$SIATI_API_KEY\" && echo \"served $*\"\n",
            ),
        ] {
            let path = home.write(name, script);
            std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
        }
        home.write("bin/.here", "");
        let link = home.path().join("bin/keywright");
        symlink(env!("CARGO_BIN_EXE_keywright"), link).unwrap();
        Machine { home }
    }

    /// A line as a shell reads it that ends at the first failure.
    fn shell(&self, line: &str) -> Command {
        let path = self.home.path().join("bin").display().to_string();
        let mut command = program("/bin/sh");
        command
            .args(["-e", "-c", line])
            .current_dir(self.home.path())
            .env("PATH", format!("{path}:/usr/local/bin:/usr/bin:/bin"))
            .env("HOME", self.home.path())
            .env("KEYWRIGHT_CONFIG_DIR", self.home.path().join("config"))
            .env("KEYWRIGHT_STATE_DIR", self.home.path().join("state"))
            .env("REPOSITORY", "https://example.com/source")
            .env("KEYWRIGHT_SANDBOX", "1");
        command
    }

    fn runs(&self, line: &str) -> String {
        ran(&mut self.shell(line), line)
    }
}

fn ran(command: &mut Command, line: &str) -> String {
    let ended = run(command);
    assert!(ended.ok, "{line}\n{ended:?}");
    ended.stdout
}

#[test]
fn github_actions_recipe_works() {
    let machine = Machine::new();
    let steps = commands(block("GitHub Actions"), "run");
    assert_eq!(steps.len(), 4, "{steps:?}");
    let variables = machine.home.write("github_env", "");
    let mut said = String::new();
    for step in steps {
        let mut command = machine.shell(&step);
        command
            .env("CI", "true")
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_RUN_ID", "4711")
            .env("GITHUB_ENV", &variables);
        said.push_str(&ran(&mut command, &step));
    }
    assert!(said.contains("deployed\n"), "{said}");
    let path = machine.home.path().join("github_env");
    let written = keywright::platform::files::read_text(&path)
        .unwrap()
        .unwrap();
    let key = written.lines().nth(1).unwrap();
    assert!(written.starts_with("NEXT_API_KEY<<"), "{written}");
    assert!(said.contains(&format!("::add-mask::{key}\n")), "{said}");
}

#[test]
fn gitlab_recipe_works() {
    if !programs_available(&["curl"]) {
        return;
    }
    let machine = Machine::new();
    let block = block("GitLab CI");
    let script = commands(block, "script");
    let after = commands(block, "after_script");
    assert_eq!((script.len(), after.len()), (2, 1));
    let install = commands(block, "before_script");
    assert_eq!(machine.runs(&install.join("\n")), "");
    assert_eq!(machine.runs(&script[0]), "deployed\n");
    // Nothing answers at this address: what matters is what curl would have sent.
    let line = script[1].replace("curl -sf -H @- \"$SERVICE_URL\"", "cat");
    let mut command = machine.shell(&line);
    ran(command.env("SERVICE_URL", "http://127.0.0.1:9"), &line);
    let path = machine.home.path().join("answer.json");
    let sent = keywright::platform::files::read_text(&path)
        .unwrap()
        .unwrap();
    assert!(sent.starts_with("Authorization: Bearer eyJ"), "{sent}");
    assert_eq!(machine.runs(&after[0]), "");
}

#[test]
fn cron_recipe_works() {
    let machine = Machine::new();
    let entries = block("cron").lines().filter(|line| !line.contains('='));
    let times = block("cron")
        .lines()
        .filter(|line| line.contains("  keywright"));
    assert_eq!(entries.count() + 1, times.clone().count());
    let said: Vec<String> = times
        .map(|line| machine.runs(line.split_once("  ").unwrap().1))
        .collect();
    assert_eq!(said, ["", "reported\n"]);
}

#[test]
fn project_rotation_recipes_work() {
    let lines: Vec<&str> = ROTATION
        .lines()
        .filter(|line| line.contains("keywright --project keywright.toml "))
        .collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    for line in lines {
        let machine = Machine::new();
        let text = "[keys.\"Production backend\"]\nrotate_every = \"30d\"\ndestinations = [\"file:new.key\"]\n";
        machine.home.write("keywright.toml", text);
        let start = line.find("keywright --project").unwrap();
        machine.runs(&line[start..]);
        assert!(machine.home.path().join("new.key").is_file(), "{line}");
    }
}

#[test]
fn dockerfile_recipe_works() {
    let machine = Machine::new();
    let block = block("Dockerfile").replace("\\\n", "");
    let line = |word: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(word));
        line.unwrap().trim().to_owned()
    };
    assert_eq!(ran(&mut machine.shell(&line("RUN")), "RUN"), "");
    let build = line("RUN --mount=type=secret,id=service_key")
        .replace("--mount=type=secret,id=service_key", "");
    let secret = machine
        .home
        .write("service_key", "sk-siati-fake0000000000000001");
    let build = build.replace("/run/secrets/service_key", &secret);
    // In the sandbox a profile of that name is what the provider is outside.
    assert_eq!(line("ENV KEYWRIGHT_PROVIDER="), "siati");
    let as_siati = |line: &str| {
        let mut command = machine.shell(line);
        command.env("KEYWRIGHT_PROFILE", "siati");
        command
    };
    ran(&mut as_siati(&build), &build);
    let path = machine.home.path().join("models.json");
    let models = keywright::platform::files::read_text(&path)
        .unwrap()
        .unwrap();
    assert!(
        serde_json::from_str::<serde_json::Value>(&models).is_ok(),
        "{models}"
    );
    let words = |word: &str| -> Vec<String> { serde_json::from_str(&line(word)).unwrap() };
    let whole: Vec<String> = words("ENTRYPOINT")
        .into_iter()
        .chain(words("CMD"))
        .collect();
    let mut command = as_siati("\"$@\"");
    command.arg("sh").args(whole);
    assert_eq!(ran(&mut command, "docker run"), "served --port 8080\n");
}

/// A command line with nothing in its environment but an empty home and a search path.
fn in_empty_home(machine: &Machine, line: &str) -> Command {
    let home = machine.home.path();
    let path = format!(
        "{}:/usr/local/bin:/usr/bin:/bin",
        home.join("bin").display()
    );
    let mut command = program("/bin/sh");
    command
        .args(["-e", "-c", &format!("exec 2>&1; {line}")])
        .current_dir(home)
        .env("PATH", path)
        .env("HOME", home);
    command
}

/// Text whose random values and folder are replaced by fixed ones.
fn settled(text: &str, folder: &str) -> String {
    let text = text.replace(folder, "/home/ada/shop");
    let id = Regex::new(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").unwrap();
    let text = id.replace_all(&text, "00000000-0000-4000-8000-000000000000");
    let masked = Regex::new(r"sk-\*\*\*\.\.\.\w{4}").unwrap();
    masked.replace_all(&text, "sk-***...0000").into_owned()
}

#[test]
fn tour_prints_what_readme_shows() {
    let machine = Machine::new();
    let folder = machine.home.path().display().to_string();
    let tour = block_of(README, "A tour");
    let mut printed = String::new();
    for line in tour.lines().filter_map(|line| line.strip_prefix("$ ")) {
        printed.push_str("$ ");
        printed.push_str(line);
        printed.push('\n');
        printed.push_str(&ran(&mut in_empty_home(&machine, line), line));
    }
    let printed = printed.trim_end().replace(&folder, "/home/ada/shop");
    assert!(
        settled(tour, &folder) == settled(&printed, &folder),
        "the tour of the README should read:\n{printed}"
    );
}

#[test]
fn guide_sandbox_examples_run() {
    let machine = Machine::new();
    let lines: Vec<&str> = block_of(GUIDE, "The sandbox")
        .lines()
        .filter_map(|line| line.strip_prefix("$ "))
        .collect();
    assert_eq!(lines.len(), 3);
    for line in lines {
        ran(&mut in_empty_home(&machine, line), line);
    }
}

#[test]
fn two_commands_work_in_empty_home() {
    let lines: Vec<&str> = block_of(README, "Two commands").lines().collect();
    let [first, "cargo test"] = lines[..] else {
        panic!("{lines:?}");
    };
    let line = first.replace("cargo run --release --", "keywright");
    assert_ne!(line, first);
    let machine = Machine::new();
    let printed = ran(&mut in_empty_home(&machine, &line), first);
    assert!(printed.contains("\nsk-"), "{printed}");
}

/// Every page, and the help of every command.
fn pages() -> Vec<(String, String)> {
    let mut pages = vec![("README.md".to_owned(), README.to_owned())];
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    for path in keywright::platform::files::list(&folder, "md").unwrap() {
        let text = keywright::platform::files::read_text(&path).unwrap();
        pages.push((path.display().to_string(), text.unwrap()));
    }
    let commands = crate::architecture::rust_files("src/commands").into_iter();
    pages.extend(commands.filter(|(path, _)| !path.ends_with("tests.rs")));
    pages
}

#[test]
fn recipes_keep_tokens_out_of_argv() {
    // A word of a command line that is made from a secret; an assignment is none, nor what the shell itself evaluates.
    let made =
        Regex::new(r#"([A-Z_]+="?|eval ")?\$\((keywright [^)]*(token|env)|cat [^)]*)\b"#).unwrap();
    for (page, text) in pages() {
        let text = text.replace("\\\"", "\"");
        for found in made.captures_iter(&text) {
            assert!(found.get(1).is_some(), "{page}: {}", &found[0]);
        }
    }
}

#[test]
fn pipelines_install_and_make_identity() {
    for (headline, way) in [
        ("GitHub Actions", "uses: OWNER/keywright@v"),
        ("GitLab CI", "OWNER/keywright/setup-keywright@"),
        (
            "Dockerfile",
            "cargo install --locked --git \"$REPOSITORY\" keywright",
        ),
    ] {
        let block = block(headline);
        assert!(block.contains(way), "{block}");
    }
    let machine = Machine::new();
    let (_, once) = PIPELINES.split_once("`identity.txt` is made once").unwrap();
    let lines: Vec<&str> = once.split("```").nth(1).unwrap().trim().lines().collect();
    let [variable, new, _login] = lines[..] else {
        panic!("{lines:?}");
    };
    let printed = machine.runs(&format!("{variable}\n{new}"));
    assert!(printed.starts_with("age1"), "{printed}");
}
