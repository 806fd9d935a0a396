//! `providers check`: each mistake with its line and the way out, examples, coverage.

use serde_json::json;

use super::{ACME, with};
use crate::support::home::TestEnv;
use crate::support::messages;

const PLACE: &str = "config/providers/acme.toml";

#[test]
fn check_accepts_path_name_and_stdin() {
    let home = TestEnv::new();
    let path = home.write("acme.toml", ACME);
    home.write(PLACE, ACME);
    let summary =
        "no mistakes\nexamples: 6 of 6 pass\ncoverage: 6 of 6 calls, 3 of 3 response fields\n";
    home.run(["providers", "check", path.to_str().unwrap()])
        .expect_stdout(format!("[home]/acme.toml: {summary}"))
        .exit(0);
    home.run(["providers", "check", "acme"])
        .expect_stdout(format!("[home]/{PLACE}: {summary}"))
        .exit(0);
    home.run(["providers", "check", "-"])
        .stdin(ACME)
        .expect_stdout(format!("stdin: {summary}"))
        .exit(0);
    // The path that a shell puts in place of `<(command)` has a number for a name.
    let file = std::fs::File::open(&path).unwrap();
    let handed = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&file));
    if std::path::Path::new(&handed).exists() {
        home.run(["providers", "check", &handed])
            .expect_stdout(format!("{handed}: {summary}"))
            .exit(0);
    }
}

#[test]
fn check_built_in_manifests_pass() {
    let home = TestEnv::new();
    let shown = home.run(["providers", "list", "--json"]).json();
    for row in shown.as_array().unwrap() {
        home.run(["providers", "check", row["name"].as_str().unwrap()])
            .stdout_has("(built in): no mistakes")
            .exit(0);
    }
}

/// A mistake: what is written in place of what, where it is found, what is said, and a part of the fix.
const MISTAKES: [(&str, &str, &str, &str, &str); 22] = [
    (
        "title = \"Acme\"",
        "titel = \"Acme\"",
        "3:titel",
        "there is no key `titel` here",
        "did you mean `title`?",
    ),
    (
        "title = \"Acme\"\n",
        "",
        "1:title",
        "`title` is missing",
        "write `title = …`",
    ),
    (
        "about = \"a service of my own\"",
        "about = 7",
        "4:about",
        "it is the number `7`",
        "write text",
    ),
    (
        "manifest = 1",
        "manifest = 2",
        "1:manifest",
        "this keywright reads version 1",
        "write `manifest = 1`",
    ),
    (
        "2026-11-20",
        "yesterday",
        "5:checked",
        "write the date as `2026-11-20`",
        "",
    ),
    (
        "name = \"acme\"",
        "name = \"acne\"",
        "2:name",
        "its `name` is `acne`",
        "write `name = \"acme\"`",
    ),
    (
        "https://api",
        "http://api",
        "8:servers.api.url",
        "the URL must start with `https://`",
        "`--base-url`",
    ),
    (
        "auth = [\"key\"]",
        "auth = [\"kye\"]",
        "9:servers.api.auth",
        "there is no [credentials.kye]",
        "declare it",
    ),
    (
        "auth = [\"key\"]",
        "auth = \"key\"",
        "9:servers.api.auth",
        "it is the text \"key\"",
        "write a list",
    ),
    (
        "kind = \"key\"",
        "kind = \"jwt\"",
        "12:credentials.key.kind",
        "`jwt` is not an allowed value",
        "known here: key, token",
    ),
    (
        "header = {",
        "heder = {",
        "14:credentials.key.in.0",
        "`heder` is not an allowed value",
        "did you mean `header`?",
    ),
    (
        "in = [{ header",
        "in = [{ hmac = {} }, { header",
        "14:credentials.key.in.0",
        "signed requests",
        "let a step run the service's own program",
    ),
    (
        "X-Api-Key",
        "X Api Key",
        "14:credentials.key.in.0",
        "`X Api Key` is not a header name",
        "letters, digits",
    ),
    (
        "strategy = \"overlap\"",
        "strategy = \"atomic\"",
        "25:rotation.strategy",
        "`atomic` needs `request` in [operations.rotate]",
        "",
    ),
    ("id = \"/id\"", "id = \"id\"", "28:key.id", "", "/"),
    (
        "name = \"/name\"",
        "name = \"/nmae\"",
        "29:key.name",
        "no recorded example contains this path",
        "fix the path",
    ),
    (
        "[operations.list]",
        "[operations.lst]",
        "31:operations.lst",
        "`lst` is not an allowed value",
        "did you mean `list`?",
    ),
    (
        "path = \"/keys/{id}\"",
        "path = \"/keys/{id\"",
        "40:operations.show.request.path",
        "has a `{` without its `}`",
        "",
    ),
    (
        "path = \"/keys/{id}\"",
        "path = \"/keys\"",
        "40:operations.show.request",
        "the request does not name the key",
        "`{id}` in the path",
    ),
    (
        "from = \"name\"",
        "from = \"nme\"",
        "50:operations.create.request",
        "`nme` is not known here",
        "declare it: parameters",
    ),
    (
        "response = { secret = \"/key\" }\n",
        "",
        "48:operations.create.response.secret",
        "the pointer to the new secret is missing",
        "",
    ),
    (
        "method = \"PATCH\"",
        "method = \"patch\"",
        "60:operations.rename.request.method",
        "a method is a word in capitals",
        "",
    ),
];

#[test]
fn check_mistake_names_line_and_fix() {
    for (old, new, place, said, fix) in MISTAKES {
        let home = TestEnv::new();
        let path = home.write("acme.toml", with(old, new));
        let done = home
            .run(["providers", "check", path.to_str().unwrap(), "--json"])
            .json_stdout()
            .stderr_has("the manifest has errors; the first: [home]/acme.toml:")
            .exit(2);
        let found = done.json();
        let mistakes = found["mistakes"].as_array().unwrap();
        let named = |mistake: &&serde_json::Value| {
            let line = &mistake["line"];
            format!("{line}:{}", mistake["key"].as_str().unwrap()) == place
        };
        let mistake = mistakes.iter().find(named);
        let mistake = mistake.unwrap_or_else(|| panic!("{place}: {found:#}"));
        assert!(
            mistake["message"].as_str().unwrap().contains(said),
            "{mistake}"
        );
        let fix_text = mistake["fix"].as_str().unwrap_or_default();
        assert!(fix_text.contains(fix), "{place}: {mistake}");
        assert_eq!(found["ok"], false);
    }
}

#[test]
fn check_reports_all_mistakes_together() {
    let home = TestEnv::new();
    let mut text = ACME.to_owned();
    // One each of what types, the language and the examples refuse; none hides another.
    for (old, new) in [
        ("title = \"Acme\"\n", "titel = \"Acme\"\n"),
        ("about = \"a service of my own\"", "about = 7"),
        (
            "https://api.example.com\"\nauth",
            "http://api.example.com\"\nauth",
        ),
        ("kind = \"key\"", "kind = \"jwt\""),
        ("header = {", "heder = {"),
        (
            "path = \"/keys/{id}\" }\n\n[[operations.show",
            "pth = \"/keys/{id}\" }\n\n[[operations.show",
        ),
        (
            "at = \"/name\", from = \"name\" }] }\nresponse",
            "at = \"name\", from = \"name\" }] }\nresponse",
        ),
        ("method = \"DELETE\"", "method = \"delete\""),
    ] {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, new, 1);
    }
    let path = home.write("acme.toml", text);
    let done = home
        .run(["providers", "check", path.to_str().unwrap(), "--json"])
        .json_stdout()
        .stderr_has(
            "the manifest has errors; the first: [home]/acme.toml:1:title: `title` is missing",
        )
        .exit(2);
    let found = done.json();
    let mistakes = found["mistakes"].as_array().unwrap().iter();
    let places: Vec<String> = mistakes
        .map(|mistake| format!("{}:{}", mistake["line"], mistake["key"].as_str().unwrap()))
        .collect();
    assert_eq!(
        places,
        [
            "1:title",
            "3:titel",
            "4:about",
            "8:servers.api.url",
            "12:credentials.key.kind",
            "14:credentials.key.in.0",
            "40:operations.show.request.pth",
            "40:operations.show.request.path",
            "50:operations.create.request.body.0.at",
            "68:operations.revoke.request.method",
        ]
    );
    assert_eq!(
        found["examples"],
        json!([]),
        "what cannot be read is not played"
    );
}

#[test]
fn check_invalid_toml_names_line() {
    let home = TestEnv::new();
    let path = home.write("acme.toml", with("kind = \"key\"", "kind = "));
    home.run(["providers", "check", path.to_str().unwrap()])
        .stdout_has(messages::INVALID_TOML)
        .stdout_has("the text after it was not checked")
        .stderr_has(messages::INVALID_TOML)
        .exit(2);
}

#[test]
fn check_extension_reports_own_mistakes() {
    let home = TestEnv::new();
    let text = "name = \"mine\"\nextends = \"schatzi\"\nwithout = [\"operations.fly\"]\nlimits.most = 3\n\n[operations.list]\nrequest = { method = \"GET\", path = \"keys\" }\n";
    let path = home.write("mine.toml", text);
    let said = "[home]/mine.toml:3:without: the manifest that it extends has no `operations.fly`\n  fix: leave it out of `without`\n[home]/mine.toml:4:limits.most: there is no key `most` here\n";
    home.run(["providers", "check", path.to_str().unwrap()])
        .stdout_has(said)
        .stdout_has("mine.toml:7:operations.list.request.path: a path must start with `/`")
        .stderr_has("mine.toml:3:without: the manifest that it extends has no `operations.fly`")
        .exit(2);
    home.write("mine.toml", "name = \"mine\"\nextends = \"schatzi\"\n");
    home.run(["providers", "check", path.to_str().unwrap()])
        .stdout_has("no mistakes")
        .exit(0);
}

#[test]
fn check_failing_example_exits_two() {
    let home = TestEnv::new();
    let path = home.write(
        "acme.toml",
        with("expect = { id = \"k1\" }", "expect = { id = \"k2\" }"),
    );
    let path = path.to_str().unwrap();
    home.run(["providers", "check", path])
        .stdout_has(
            "operations.show: the example `one key` fails: `/id` is \"k1\", and should be \"k2\"",
        )
        .stdout_has("examples: 5 of 6 pass")
        .stderr_has(
            "error: 1 example of [home]/acme.toml fails; the first: `one key` of operations.show",
        )
        .exit(2);
    let found = home
        .run(["-q", "providers", "check", path, "--json"])
        .json_stdout()
        .stderr_has("1 example of [home]/acme.toml fails; the first: `one key` of operations.show")
        .exit(2)
        .json();
    assert_eq!(found["ok"], false);
    assert_eq!(found["mistakes"], json!([]));
    assert_eq!(found["examples"][2]["ok"], false);
    assert_eq!(found["examples"][1]["why"], json!(null));
}

#[test]
fn check_uncovered_operation_is_warning() {
    let home = TestEnv::new();
    let at = ACME.find("[[operations.revoke.examples]]").unwrap();
    let text = ACME[..at].replace("id = \"/id\"", "id = [\"/id\", \"/uuid\"]");
    let path = home.write("acme.toml", text);
    let path = path.to_str().unwrap();
    home.run(["providers", "check", path])
        .expect_stdout(
            "operations.revoke: warning: no example covers it\n\n[home]/acme.toml: no mistakes\n\
             examples: 5 of 5 pass\ncoverage: 5 of 6 calls, 3 of 4 response fields\n",
        )
        .exit(0);
    home.run(["-v", "providers", "check", path])
        .stdout_has("key.id: `/uuid` is in no example")
        .exit(0);
    let found = home.run(["providers", "check", path, "--json"]).json();
    assert_eq!(
        found["coverage"]["calls"][5],
        json!({ "place": "operations.revoke", "examples": 0 })
    );
    let places = found["coverage"]["places"].as_array().unwrap();
    assert!(places.contains(&json!({ "key": "key.id", "at": "`/uuid`", "shown": false })));
}

#[test]
fn check_missing_manifest_is_refused() {
    let home = TestEnv::new();
    home.run(["providers", "check", "nothing.toml"])
        .fails("there is no manifest `[home]/work/nothing.toml`", &[])
        .exit(5);
    home.run(["providers", "check", "schazti"])
        .stderr_has("there is no provider `schazti`\nhint: did you mean `schatzi`?")
        .exit(5);
    home.run(["providers", "check", "-"])
        .at_a_terminal()
        .stderr_has("stdin is a terminal")
        .exit(2);
}
