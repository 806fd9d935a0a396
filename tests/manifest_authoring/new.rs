//! `providers new`: a manifest that passes `providers check` at once.

use crate::support::home::TestEnv;
use crate::support::messages;
use crate::support::terminal::Reply;

pub(super) const PLACE: &str = "config/providers/acme.toml";

pub(super) fn text(said: &str) -> Reply {
    Reply::Text(said.to_owned())
}

const FLAGS: [&str; 24] = [
    "--title",
    "Acme \"Cloud\"",
    "--url",
    "https://api.acme.example.com/v1/",
    "--header",
    "Authorization: Token",
    "--list",
    "/keys",
    "--items",
    "/data",
    "--id",
    "/id",
    "--named",
    "/label",
    "--create",
    "PUT /keys",
    "--secret",
    "/token",
    "--expiry",
    "/expires_in=seconds",
    "--revoke",
    "POST /keys/{id}/revoke",
    "--docs",
    "https://docs.acme.example.com",
];

#[test]
fn new_with_all_flags_passes_check() {
    let home = TestEnv::new();
    let mut args = vec!["providers", "new", "acme"];
    args.extend(FLAGS);
    home.run(&args)
        .expect_stdout(format!("[home]/{PLACE}\n"))
        .expect_stderr(messages::MANIFEST_NEXT_STEP)
        .exit(0);
    home.run(["providers", "check", "acme"])
        .stdout_has("no mistakes")
        .exit(0);
    home.run(["providers", "show", "acme"])
        .stdout_has("Acme \"Cloud\" (acme)")
        .stdout_has("api = https://api.acme.example.com/v1\n")
        .stdout_has("PUT /keys")
        .stdout_has("POST /keys/{id}/revoke")
        .exit(0);
    let text = home.read(PLACE).unwrap();
    for line in [
        "in = [{ header = { name = \"Authorization\", scheme = \"Token\" } }]",
        "checked = \"2026-11-20\"",
        "response = { items = \"/data\" }",
        "from = \"expires\", as = \"seconds\"",
        "strategy = \"overlap\"",
        "# max_keys = 10",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[cfg(unix)]
#[test]
fn new_manifest_file_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let home = TestEnv::new();
    let mut args = vec!["-q", "providers", "new", "acme"];
    args.extend(FLAGS);
    home.run(&args)
        .expect_stdout("[home]/config/providers/acme.toml\n")
        .exit(0);
    let mode = |name: &str| {
        let data = home.path().join(name).metadata().unwrap();
        data.permissions().mode() & 0o777
    };
    assert_eq!(mode(PLACE), 0o600);
    assert_eq!(mode("config/providers"), 0o700);
}

#[test]
fn new_at_terminal_prompts_for_fields() {
    let home = TestEnv::new();
    let done = home
        .run(["providers", "new", "acme"])
        .at_a_terminal()
        .reply(text("Acme"))
        .reply(text("https://api.acme.example.com"))
        .reply(Reply::Choose("another header".to_owned()))
        .reply(text("X-Acme-Key"))
        .reply(Reply::Choose("the key".to_owned()))
        .reply(text("/keys"))
        .reply(text(""))
        .reply(text("/keys/{id}"))
        .reply(text("/id"))
        .reply(text("/name"))
        .reply(text("/keys"))
        .reply(text("/secret"))
        .reply(text(""))
        .reply(text("/ttl=days"))
        .reply(text(""))
        .expect_stdout("[home]/config/providers/acme.toml\n")
        .expect_stderr(messages::MANIFEST_NEXT_STEP)
        .exit(0);
    assert_eq!(done.asked.len(), 15);
    home.run(["providers", "check", "acme"])
        .stdout_has("no mistakes")
        .exit(0);
    let written = home.read(PLACE).unwrap();
    assert!(written.contains("{ header = { name = \"X-Acme-Key\" } }"));
    assert!(written.contains("as = \"days\""));
    assert!(written.contains("\n# response = { items = \"/data\" }\n"));
}

#[test]
fn new_wrong_answers_are_asked_again() {
    let home = TestEnv::new();
    home.run(["providers", "new", "acme"])
        .at_a_terminal()
        .reply(text("Acme"))
        .reply(text("api.acme.example.com"))
        .reply(text("https://api.acme.example.com"))
        .reply(Reply::Choose("another header".to_owned()))
        .reply(text("X Acme Key"))
        .reply(text("X-Acme-Key"))
        .reply(Reply::Choose("the key".to_owned()))
        .reply(text("PATCH and more words"))
        .reply(text("/keys"))
        .reply(text("data"))
        .reply(text("/data"))
        .reply(text("/keys"))
        .reply(text("/keys/{key}"))
        .reply(text("/keys/{id}"))
        .reply(text("/id"))
        .reply(text(""))
        .reply(text("/keys"))
        .reply(text("key"))
        .reply(text("/key"))
        .reply(text(""))
        .reply(text("/ttl=fortnights"))
        .reply(text("/ttl=days"))
        .reply(text(""))
        .expect_stdout("[home]/config/providers/acme.toml\n")
        .stderr_has("`api.acme.example.com` is not a URL")
        .stderr_has("`X Acme Key` is not a header name")
        .stderr_has("the request does not name the key")
        .stderr_has("`fortnights` is not a time format")
        .exit(0);
    home.run(["providers", "check", "acme"])
        .stdout_has("no mistakes")
        .exit(0);
}

#[test]
fn new_auth_placements_pass_check() {
    for (flag, value, line) in [
        (
            "--header",
            "X-Api-Key",
            "{ header = { name = \"X-Api-Key\" } }",
        ),
        ("--query", "api_key", "{ query = { name = \"api_key\" } }"),
        ("--basic", "user", "{ basic = { part = \"user\" } }"),
        ("--basic", "password", "{ basic = { part = \"password\" } }"),
    ] {
        let home = TestEnv::new();
        let url = "https://api.acme.example.com";
        home.run([
            "-q",
            "providers",
            "new",
            "acme",
            "--title",
            "Acme",
            "--url",
            url,
            flag,
            value,
        ])
        .expect_stdout("[home]/config/providers/acme.toml\n")
        .exit(0);
        assert!(home.read(PLACE).unwrap().contains(line));
        home.run(["providers", "check", "acme"])
            .stdout_has("no mistakes")
            .exit(0);
    }
}

#[test]
fn new_dashboard_makes_create_manual() {
    let home = TestEnv::new();
    let args = [
        "-q",
        "providers",
        "new",
        "acme",
        "--title",
        "Acme",
        "--header",
        "X-Key",
    ];
    home.run(args)
        .args([
            "--url",
            "https://api.acme.example.com",
            "--verify",
            "HEAD /me",
        ])
        .args(["--dashboard", "https://acme.example.com/keys"])
        .expect_stdout("[home]/config/providers/acme.toml\n")
        .exit(0);
    home.run(["providers", "check", "acme"])
        .stdout_has("no mistakes")
        .exit(0);
    home.run(["providers", "show", "acme"])
        .stdout_has("verified by HEAD /me")
        .stdout_has("create       manual       https://acme.example.com/keys")
        .exit(0);
}

#[test]
fn new_uncommented_lines_are_valid() {
    let home = TestEnv::new();
    let url = "https://api.acme.example.com";
    home.run([
        "-q",
        "providers",
        "new",
        "acme",
        "--title",
        "Acme",
        "--url",
        url,
        "--header",
        "X",
    ])
    .expect_stdout("[home]/config/providers/acme.toml\n")
    .exit(0);
    let written = home.read(PLACE).unwrap();
    let is_toml = |line: &str| line.starts_with("# [") || line.contains(" = ") || line == "# ]";
    let uncommented: Vec<&str> = written
        .lines()
        .filter(|line| !line.starts_with("unsupported"))
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if is_toml(line) => rest.trim_start(),
            _ => line,
        })
        .collect();
    let found = home
        .run(["-q", "providers", "check", "-", "--json"])
        .stdin(uncommented.join("\n"))
        .json_stdout()
        .stderr_has(
            "the manifest has errors; the first: stdin:49:key.masked: no recorded example \
             contains this path",
        )
        .exit_any()
        .1
        .json();
    let nothing = serde_json::json!([]);
    let mistakes = found["mistakes"].as_array().unwrap().iter();
    // The places of the one example stand for those of a service, which it cannot know.
    let own: Vec<_> = mistakes
        .filter(|mistake| {
            let said = mistake["message"].as_str().unwrap();
            !said.starts_with("no recorded example contains this path")
        })
        .collect();
    assert_eq!(
        serde_json::json!(own),
        nothing,
        "{}",
        uncommented.join("\n")
    );
}

#[test]
fn new_missing_flags_write_nothing() {
    let home = TestEnv::new();
    let ask = "at a terminal you are prompted: keywright providers new NAME";
    home.run(["providers", "new", "acme"])
        .fails("a manifest needs more than that: `--title`, `--url`, one of `--header`, `--query`, `--basic` and `--part` is missing", &[ask])
        .exit(2);
    home.run([
        "--no-input",
        "providers",
        "new",
        "acme",
        "--title",
        "x",
        "--url",
        "https://x.example.com",
        "--header",
        "X",
        "--list",
        "/keys",
        "--create",
        "/keys",
    ])
    .at_a_terminal()
    .env("NO_COLOR", "1")
    .fails(
        "a manifest needs more than that: `--id`, `--secret` is missing",
        &[ask],
    )
    .exit(2);
    assert_eq!(home.read(PLACE), None);
}

#[test]
fn new_invalid_flag_writes_nothing() {
    let home = TestEnv::new();
    for (flag, value, said) in [
        (
            "--url",
            "http://api.example.com",
            "`http://api.example.com` is not a URL",
        ),
        (
            "--list",
            "keys",
            "`keys` is not a path: it must start with `/`",
        ),
        ("--list", "get /keys", "a method is a word in capitals"),
        ("--id", "id", "--id: "),
        ("--revoke", "/keys", "the request does not name the key"),
        ("--expiry", "/ttl=second", "did you mean `seconds`?"),
        ("--header", "X Api", "`X Api` is not a header name"),
    ] {
        let mut args = vec!["providers", "new", "acme"];
        args.extend(FLAGS);
        let place = args.iter().position(|arg| *arg == flag).unwrap();
        args[place + 1] = value;
        home.run(&args).stderr_has(said).exit(2);
        assert_eq!(home.read(PLACE), None, "{flag}");
    }
}

#[test]
fn new_existing_manifest_is_not_overwritten() {
    let home = TestEnv::new();
    home.write(PLACE, "mine");
    home.run(["providers", "new", "acme"])
        .fails(
            &format!("there is a manifest of `acme` already: [home]/{PLACE}"),
            &["to find the mistake: keywright providers check acme"],
        )
        .exit(6);
    assert_eq!(home.read(PLACE).as_deref(), Some("mine"));
    home.run(["providers", "new", "schatzi"])
        .stderr_has(
            "`schatzi` is built in\nhint: to change it, write what differs below `extends = \
             \"schatzi\"`",
        )
        .exit(6);
    home.run(["providers", "new", "../evil"])
        .stderr_has("`../evil` cannot name a service")
        .exit(2);
}
