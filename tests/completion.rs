//! The answers to a shell while somebody types, and the manual.

use std::process::Command;

use serde_json::json;

use crate::support::home::TestEnv;
use crate::support::programs::{Folder, program, programs_available, run};
use crate::support::server::{self, Server, get, patch, post};

/// Names that a shell takes apart, carries out or expands if they are not quoted.
pub(crate) const ODD_NAMES: [&str; 13] = [
    "my first key",
    "it's \"quoted\"",
    "cash $HOME",
    "glob *?[a]{b,c}",
    "back\\slash \\",
    "team:prod:eu",
    "a=b c",
    "日本 の鍵",
    "$(touch hurt)",
    "`touch hurt`",
    "semi;touch hurt&",
    "~ #!x",
    "(round) <angle>|",
];

/// A person with three profiles, whose keys were listed before.
pub(crate) fn person() -> Folder {
    let home = Folder::new();
    home.write(
        "config/config.toml",
        "default_profile = \"prod\"\n[profiles.prod]\nprovider = \"schatzi\"\n[profiles.dev]\nprovider = \"generic\"\n[profiles.odd]\nprovider = \"generic\"\n",
    );
    let named = |names: &[&str]| -> Vec<serde_json::Value> {
        let keys = names.iter().zip(1..);
        keys.map(|(name, number)| json!({ "id": format!("k{number}"), "name": name }))
            .collect()
    };
    let cache = json!({
        "prod": named(&["ci", "Production backend"]),
        "dev": [{ "id": "d7", "name": "laptop" }],
        "odd": named(&ODD_NAMES),
    });
    home.write("cache/keywright/keys.json", &cache.to_string());
    home
}

pub(crate) fn at_home(mut command: Command, home: &Folder) -> Command {
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_keywright"));
    let folder = binary.parent().unwrap().display();
    command
        .env("PATH", format!("{folder}:/usr/local/bin:/usr/bin:/bin"))
        .env("HOME", home.path())
        .env("KEYWRIGHT_CONFIG_DIR", home.path().join("config"))
        .env("KEYWRIGHT_STATE_DIR", home.path().join("state"))
        .env("XDG_CACHE_HOME", home.path().join("cache"))
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
        .current_dir(home.path());
    command
}

#[test]
fn fish_completes_keys_with_names() {
    if !programs_available(&["fish"]) {
        return;
    }
    let home = person();
    let script = "COMPLETE=fish keywright | source; complete -C 'keywright keys rotate k'";
    let mut fish = program("fish");
    fish.args(["--no-config", "-c", script]);
    let ended = run(&mut at_home(fish, &home));
    assert!(ended.ok, "{}", ended.stderr);
    assert_eq!(ended.stdout, "k1\tci\nk2\tProduction backend\n");
}

/// The answer to zsh at the end of these words.
fn answer(home: &Folder, words: &[&str]) -> String {
    let mut command = program(env!("CARGO_BIN_EXE_keywright"));
    command.args(["--", "keywright"]).args(words);
    let ended = run(at_home(command, home).env("COMPLETE", "zsh"));
    assert!(ended.ok, "{}", ended.stderr);
    ended.stdout
}

#[test]
fn each_key_offered_once_with_description() {
    let home = person();
    let two = "ci\tk1\nProduction backend\tk2\n";
    assert_eq!(answer(&home, &["keys", "revoke", ""]), two);
    assert_eq!(
        answer(&home, &["keys", "revoke", "k2"]),
        "k2\tProduction backend\n"
    );
    for given in ["ci", "k1"] {
        let left = answer(&home, &["keys", "revoke", given, ""]);
        assert_eq!(left, "Production backend\tk2\n", "{given}");
    }
    home.write(
        "cache/keywright/keys.json",
        r#"{"prod":[{"id":"k1","name":"twin"},{"id":"k2","name":"twin"},{"id":"-rf","name":"x\u202ey"}]}"#,
    );
    assert_eq!(answer(&home, &["keys", "show", ""]), "k1\ttwin\nk2\ttwin\n");
}

#[test]
fn destinations_of_manifests_are_offered() {
    let home = person();
    let manifest = r#"manifest = 1
name = "locker"
title = "Locker"
about = "a place with boxes"
checked = "2026-11-28"
address = "locker:{room}#{box}"
credentials = {}
servers.api = { url = "https://locker.example.com", auth = [] }
operations.write.request = { method = "PUT", path = "/{room}", body = [{ at = "/{box}", from = "secret" }] }
"#;
    home.write("config/destinations/locker.toml", manifest);
    let offered = |begun: &str| answer(&home, &["keys", "create", "--to", begun]);
    assert_eq!(offered("lo"), "locker:\tlocker:ROOM#BOX\n");
    let all = offered("");
    for form in ["stdout", "file:", "vault:", "locker:"] {
        assert!(all.lines().any(|line| line.starts_with(form)), "{all}");
    }
    let of_github = all.lines().filter(|line| line.starts_with("github:"));
    assert_eq!(of_github.count(), 1, "{all}");
}

#[test]
fn value_list_omits_options_until_dash() {
    let home = person();
    let scopes = answer(
        &home,
        &[
            "-p", "dev", "keys", "create", "--scope", "read", "--scope", "",
        ],
    );
    let words: Vec<&str> = scopes
        .lines()
        .filter_map(|line| line.split('\t').next())
        .collect();
    assert_eq!(words, ["admin", "webhook", "write"]);
    let own = answer(&home, &["keys", "list", ""]);
    assert!(own.contains("--sort\t"), "{own}");
    for (words, has) in [
        (&["keys", "list", ""][..], false),
        (&["keys", "list", "-"], true),
    ] {
        let shown = answer(&home, words);
        for global in [
            "-p",
            "--project",
            "--json",
            "-q",
            "-y",
            "--no-input",
            "-v",
            "--timeout",
            "--color",
            "--sandbox",
        ] {
            assert_eq!(
                shown.contains(&format!("{global}\t")),
                has,
                "{global} in {shown}"
            );
        }
    }
}

#[test]
fn words_behind_exec_are_a_command() {
    let home = person();
    for words in [
        &["exec", "--", ""][..],
        &["-p", "dev", "exec", "--env", "X", "--", "git", "che"],
    ] {
        assert_eq!(answer(&home, words), "\tcommand\n", "{words:?}");
    }
}

#[test]
fn sandbox_keys_are_offered_for_sandbox() {
    let home = person();
    let mut create = program(env!("CARGO_BIN_EXE_keywright"));
    create.args(["--sandbox", "keys", "create", "my first key"]);
    let ended = run(&mut at_home(create, &home));
    assert!(ended.ok, "{}", ended.stderr);
    let offered = answer(&home, &["--sandbox", "keys", "show", "my"]);
    assert!(offered.starts_with("my first key\t"), "{offered}");
    assert_eq!(answer(&home, &["keys", "show", "my"]), "");
}

#[test]
fn completion_opens_no_socket_writes_nothing() {
    if !programs_available(&["strace"]) {
        return;
    }
    let home = person();
    let trace = home.path().join("trace");
    let mut command = program("strace");
    command
        .args([
            "-f",
            "-qq",
            "-e",
            "trace=socket,connect,openat,mkdir,rename",
            "-o",
        ])
        .arg(&trace)
        .args([
            env!("CARGO_BIN_EXE_keywright"),
            "--",
            "keywright keys rotate k",
            "k",
        ])
        .env("COMPLETE", "bash");
    let ended = run(&mut at_home(command, &home));
    assert!(ended.ok, "{}", ended.stderr);
    assert_eq!(ended.stdout.lines().count(), 2, "{}", ended.stdout);
    let trace = keywright::platform::files::read_text(&trace)
        .unwrap()
        .unwrap();
    for unwanted in [
        "socket(",
        "connect(",
        "O_CREAT",
        "mkdir(",
        "rename(",
        "store.age",
    ] {
        assert!(!trace.contains(unwanted), "{unwanted} in\n{trace}");
    }
}

#[test]
fn list_caches_only_ids_and_names() {
    let server = Server::with(
        get("/api/v1/accounts/user/api-keys/").bearer("fake-token-0123456789"),
        server::json(
            200,
            &serde_json::json!([{ "id": "k1", "name": "ci", "key": "sk-***...abcd", "is_active": true }]),
        ),
    );
    let home = Folder::new();
    let mut list = program(env!("CARGO_BIN_EXE_keywright"));
    list.args(["keys", "list"])
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .env("KEYWRIGHT_BASE_URL", server.url())
        .env("KEYWRIGHT_TOKEN", "fake-token-0123456789");
    let ended = run(&mut at_home(list, &home));
    assert!(ended.ok, "{}", ended.stderr);
    let left =
        keywright::platform::files::read_text(&home.path().join("cache/keywright/keys.json"));
    let left = left.unwrap();
    assert_eq!(
        left.as_deref(),
        Some(r#"{"schatzi":[{"id":"k1","name":"ci"}]}"#)
    );
}

/// The keys of schatzi that completion knows after a command.
fn known_after(home: &TestEnv, server: &Server, args: &[&str]) -> serde_json::Value {
    home.run(args)
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .token("fake-token-0123456789")
        .any_stdout()
        .any_stderr()
        .exit(0);
    let left = home.read("cache/keys.json").unwrap_or_default();
    serde_json::from_str(&left).unwrap_or_default()
}

#[test]
fn completion_cache_follows_key_changes() {
    const KEYS: &str = "/api/v1/accounts/user/api-keys/";
    let bearer = "fake-token-0123456789";
    let home = TestEnv::new();
    let listing =
        |keys: &serde_json::Value| Server::with(get(KEYS).bearer(bearer), server::json(200, keys));
    let server = listing(&json!([]));
    server
        .expect(
            post(&format!("{KEYS}create/"))
                .bearer(bearer)
                .json(&json!({ "name": "ci" })),
        )
        .answer(server::json(
            201,
            &json!({ "id": "k9", "name": "ci", "key": "sk-fake-0123456789abcdef" }),
        ));
    assert_eq!(
        known_after(&home, &server, &["keys", "create", "ci"]),
        json!({ "schatzi": [{ "id": "k9", "name": "ci" }] })
    );
    let there = json!([{ "id": "k9", "name": "ci", "key": "sk-***...cdef", "is_active": true }]);
    let server = listing(&there);
    server
        .expect(
            patch(&format!("{KEYS}k9/update/"))
                .bearer(bearer)
                .json(&json!({ "name": "new" })),
        )
        .answer(server::json(200, &json!({ "id": "k9", "name": "new" })));
    assert_eq!(
        known_after(&home, &server, &["keys", "rename", "k9", "new"]),
        json!({ "schatzi": [{ "id": "k9", "name": "new" }] })
    );
    let server = listing(&there);
    server
        .expect(post(&format!("{KEYS}k9/revoke/")).bearer(bearer))
        .answer(server::empty(204));
    assert_eq!(
        known_after(&home, &server, &["keys", "revoke", "k9", "-y"]),
        json!({})
    );
}

#[test]
fn completion_cache_omits_secret_ids() {
    let home = TestEnv::new();
    let invites = r#"
key = { id = "/token", name = "/note" }
operations.revoke = { parameters = { id = { secret = true } }, request = { method = "DELETE", path = "/keys/{id}" } }
"#;
    let manifest = crate::user_manifests::minimal_manifest("mine", "");
    let manifest = manifest.replace("key = { id = \"/id\", name = \"/name\" }\n", invites);
    home.write("config/providers/mine.toml", manifest);
    let listed = json!([{ "token": "fake-invite-0123456789", "note": "guests" }]);
    let server = Server::with(
        get("/keys").header("x-api-key", "fake-key"),
        server::json(200, &listed),
    );
    home.run(["keys", "list"])
        .env("KEYWRIGHT_PROVIDER", "mine")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .key("fake-key")
        .stdout_has("fingerprint:3274016f28522bb6f73d7fff53218087  guests  -    unknown  -        -        -          -         -\n")
        .exit(0);
    let known = home.read("cache/keys.json").unwrap_or_default();
    assert_eq!(known, r#"{"mine":[{"id":null,"name":"guests"}]}"#);
}

#[test]
fn man_pages_pass_mandoc_lint() {
    if !programs_available(&["mandoc"]) {
        return;
    }
    let home = Folder::new();
    let mut man = program(env!("CARGO_BIN_EXE_keywright"));
    man.args(["man", "./pages"]);
    let ended = run(&mut at_home(man, &home));
    assert!(ended.ok, "{}", ended.stderr);
    let pages = keywright::platform::files::list(&home.path().join("pages"), "1").unwrap();
    assert!(pages.len() > 30, "{pages:?}");
    let ended = run(program("mandoc").arg("-Tlint").args(&pages));
    assert_eq!(ended.stdout, "");
    assert!(ended.ok, "{}", ended.stderr);
}
