//! Variables for a shell: printed so that the shell itself reads back what was meant, and several of several profiles.

use serde_json::json;

use crate::support::fake::GENERIC_KEY;
use crate::support::home::{TestEnv, key};
use crate::support::messages;
use crate::support::programs::{Folder, program, programs_available, run};
use crate::support::run::Run;
use crate::support::server::Server;

/// Values that a shell may take apart.
const VALUES: [&str; 9] = [
    "fake-plain",
    "it's 'quoted' and \"quoted\"",
    "$HOME ${HOME} $(id) `id` !! %PATH%",
    "back\\slash \\n \\' end\\",
    "two\nlines\n\nand four",
    "''",
    "blanks  and # no comment; exit 1 & | < > * ? [a] ~ {b,c}",
    "\u{2018}typographic\u{2019} ünïcödé 漢字",
    "-n -e --",
];

fn printed(format: &str, value: &str) -> String {
    Run::new()
        .args(["env", "--format", format])
        .env("KEYWRIGHT_PROVIDER", "generic")
        .key(value)
        .stdout_has("API_KEY")
        .exit(0)
        .stdout
}

/// The value of `API_KEY` in a shell that has read these lines as the documentation says.
fn read_by(shell: &str, lines: &str) -> String {
    let folder = Folder::new();
    let file = folder.write("lines", lines);
    let read = match shell {
        "fish" => format!("cat {file} | source; printenv API_KEY"),
        _ => format!("eval \"$(cat {file})\"; printenv API_KEY"),
    };
    let ended = run(program(shell).args(["-c", &read]));
    assert!(ended.ok && ended.stderr.is_empty(), "{shell}: {ended:?}");
    let mut value = ended.stdout;
    assert_eq!(value.pop(), Some('\n'));
    value
}

#[test]
fn env_shell_reads_value_back() {
    for (shell, format) in [
        ("sh", "sh"),
        ("dash", "sh"),
        ("bash", "sh"),
        ("zsh", "sh"),
        ("fish", "fish"),
    ] {
        if !programs_available(&[shell]) {
            continue;
        }
        for value in VALUES {
            let read = read_by(shell, &printed(format, value));
            assert_eq!(read, value, "{shell}");
        }
    }
}

#[test]
fn env_default_format_is_sh() {
    let run = || {
        Run::new()
            .args(["env"])
            .env("KEYWRIGHT_PROVIDER", "generic")
            .key(GENERIC_KEY)
    };
    run()
        .expect_stdout(format!("export API_KEY='{GENERIC_KEY}'\n"))
        .exit(0);
    run()
        .args(["--format", "dotenv"])
        .expect_stdout(format!("API_KEY={GENERIC_KEY}\n"))
        .exit(0);
    for args in [&["--json"][..], &["--format", "json"]] {
        run()
            .args(args)
            .args(["--env", "OTHER"])
            .expect_stdout(format!("{{\"OTHER\":\"{GENERIC_KEY}\"}}\n"))
            .exit(0);
    }
    for format in ["sh", "fish", "powershell", "dotenv"] {
        run()
            .args(["--format", format, "--env", "A-B"])
            .stderr_has("no shell can set a variable that is called `A-B`")
            .exit(2);
    }
    run()
        .args(["--format", "dotenv"])
        .key("fake\rkey")
        .stderr_has("a dotenv file cannot hold the value for `API_KEY`")
        .hides("fake\rkey")
        .exit(2);
}

/// A home with two profiles.
fn two() -> TestEnv {
    let server = Server::new();
    let home = TestEnv::new();
    for name in ["one", "two"] {
        let secret = format!("fake-key-of-{name}-0000000000001");
        home.log_in_as(name, "generic", &server.url(), &[], &[key(&secret)]);
    }
    home
}

#[test]
fn env_names_variables_of_profiles() {
    let home = two();
    home.run([
        "env", "--env", "A", "--env", "B=two", "--env", "C=one", "--json",
    ])
    .expect_json(json!({
        "A": "fake-key-of-one-0000000000001",
        "B": "fake-key-of-two-0000000000001",
        "C": "fake-key-of-one-0000000000001",
    }))
    .exit(0);
    home.run(["env", "--env", "A", "--env", "B=two", "--json"])
        .key(GENERIC_KEY)
        .expect_json(json!({ "A": GENERIC_KEY, "B": "fake-key-of-two-0000000000001" }))
        .exit(0);
}

#[test]
fn env_wrong_variable_is_refused() {
    let home = two();
    for command in [&["env"][..], &["exec"]] {
        let run = |variables: &[&str]| {
            let mut args = command.to_vec();
            args.extend(variables.iter().flat_map(|variable| ["--env", variable]));
            if command == ["exec"] {
                args.extend(["--", "/bin/sh", "-c", "exit 9"]);
            }
            home.run(args)
        };
        run(&["A=fake-secret=pasted"])
            .fails(
                "`--env A=…` names no profile that exists",
                &["profiles are: one, two"],
            )
            .hides("fake-secret")
            .exit(5);
        run(&["A", "A=two"])
            .stderr_has("`--env` names `A` twice")
            .exit(2);
        run(&["A="])
            .stderr_has("`--env A=` names no profile")
            .exit(2);
        for text in ["", "=fake-secret"] {
            run(&[text])
                .stderr_has("cannot be the name of a variable")
                .hides("fake-secret")
                .exit(2);
        }
    }
    home.write("work/keywright.toml", "profile = \"two\"\n");
    home.run(["env", "--env", "A=one"])
        .stderr_has(messages::NOT_TRUSTED)
        .exit(2);
}
