//! Manifests of the user: one file each, read only when it is meant, extending or replacing what is built in.

use serde_json::json;

use crate::support::home::{TestEnv, key};
use crate::support::messages;
use crate::support::server::{self, Answer, Server, Wanted, get, post};

/// A manifest of the least that works, with `more` behind it.
pub(crate) fn minimal_manifest(name: &str, more: &str) -> String {
    format!(
        r#"manifest = 1
name = "{name}"
title = "Mine"
about = "a service of my own"
checked = "2026-11-20"
servers.api = {{ url = "https://api.example.com", auth = ["key"] }}
credentials.key = {{ kind = "key", title = "key", in = [{{ header = {{ name = "X-Api-Key" }} }}] }}
operations.list.request = {{ method = "GET", path = "/keys" }}
key = {{ id = "/id", name = "/name" }}
{more}
"#
    )
}

/// The manifest of a place of this form, with a token that `X-Title` carries, and these operations.
pub(crate) fn place_manifest(title: &str, form: &str, url: &str, operations: &str) -> String {
    let name = title.to_lowercase();
    let variable = title.to_uppercase();
    format!(
        r#"manifest = 1
name = "{name}"
title = "{title}"
about = "a place of my own"
checked = "2026-11-20"
address = "{name}:{form}"
servers.api = {{ url = "{url}", auth = ["token"] }}

[credentials.token]
kind = "token"
title = "{name} token"
environment = ["{variable}_TOKEN"]
in = [{{ header = {{ name = "X-{title}" }} }}]

{operations}"#
    )
}

/// The request that comes next, and its answer.
pub(crate) fn then(server: &Server, wanted: Wanted, answer: Answer) {
    server.expect(wanted).answer(answer);
}

fn place(name: &str) -> String {
    format!("config/providers/{name}.toml")
}

#[test]
fn only_selected_manifest_is_read() {
    let home = TestEnv::new();
    for number in 0..199 {
        home.write(&place(&format!("broken{number}")), "not a manifest");
    }
    home.write(&place("mine"), minimal_manifest("mine", ""));
    let server = Server::with(
        get("/keys").header("x-api-key", "fake-key"),
        server::json(200, &json!([{ "id": 1, "name": "a" }])),
    );
    home.run(["-q", "keys", "list", "--json"])
        .env("KEYWRIGHT_PROVIDER", "mine")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .key("fake-key")
        .stdout_has("\"id\": \"1\"")
        .exit(0);
    // Commands that read all of them name the wrong one, and still show the others.
    home.run(["providers", "list"])
        .stdout_has("a service of my own")
        .stderr_has("config/providers/broken0.toml:1")
        .exit(2);
}

#[test]
fn manifest_extends_built_in_one() {
    let home = TestEnv::new();
    home.write(
        &place("ours"),
        "name = \"ours\"\nextends = \"siesta\"\ntitle = \"Our Siesta\"\nservers.api.url = \"https://siesta.example.com\"\noperations.list = { unsupported = \"ask the office\" }\n",
    );
    home.run(["providers", "show", "ours"])
        .stdout_has("Our Siesta (ours)")
        .stdout_has("api = https://siesta.example.com")
        .stdout_has("extends      siesta")
        .stdout_has("variable     org_id")
        .stdout_has("ask the office")
        .exit(0);
}

#[test]
fn manifest_extends_same_named_built_in() {
    let home = TestEnv::new();
    home.write(
        &place("schatzi"),
        "name = \"schatzi\"\nextends = \"schatzi\"\nlimits.max_keys = 9\nwithout = [\"operations.rename\"]\n",
    );
    home.run(["providers", "show", "schatzi"])
        .stdout_has("at most      9 keys")
        .stdout_has("rename       unsupported")
        .stdout_has("revoke       native")
        .exit(0);
}

#[test]
fn extension_mistake_names_line_and_key() {
    for (text, said) in [
        (
            "name = \"x\"\nextends = \"x\"\n",
            "x.toml:2:extends: it extends `x`, and there is no such manifest",
        ),
        (
            "name = \"x\"\nextends = \"../../etc/passwd\"\n",
            "x.toml:2:extends: it extends `../../etc/passwd`, and there is no such manifest",
        ),
        (
            "name = \"x\"\nextends = \"siesta\"\nwithout = [\"operations.fly\"]\n",
            "x.toml:3:without: the manifest that it extends has no `operations.fly`",
        ),
        (
            "name = \"x\"\nextends = \"siesta\"\n[servers.api]\nurl = 7\n",
            "x.toml:4:servers.api.url: ",
        ),
        (
            "name = \"x\"\nextends = \"siesta\"\n\n[limits]\nmost = 7\n",
            "x.toml:5:limits.most: unknown field `most`",
        ),
        (
            "name = \"x\"\nextends = \"siesta\"\n[servers.api]\nauth = [\"nothing\"]\n",
            "x.toml:4:servers.api.auth: there is no [credentials.nothing]",
        ),
        ("name = \"x\"\nextends = \n", "x.toml:2"),
        (
            "extends = \"siesta\"\n",
            "x.toml:1:name: its `name` is `siesta`",
        ),
    ] {
        let home = TestEnv::new();
        home.write(&place("x"), text);
        home.run(["providers", "show", "x"])
            .stderr_has(said)
            .exit(2);
    }
}

#[test]
fn extension_cycle_or_depth_is_refused() {
    let home = TestEnv::new();
    home.write(&place("a"), "name = \"a\"\nextends = \"b\"\n");
    home.write(&place("b"), "name = \"b\"\nextends = \"a\"\n");
    home.run(["providers", "show", "a"])
        .stderr_has("b.toml:2:extends: it extends `a`, which leads back to itself")
        .exit(2);
    for number in 0..20 {
        let text = format!("name = \"n{number}\"\nextends = \"n{}\"\n", number + 1);
        home.write(&place(&format!("n{number}")), text);
    }
    home.run(["providers", "show", "n0"])
        .stderr_has("the chain of `extends` has more than 8 manifests")
        .exit(2);
}

const PROGRAM: &str = r#"
programs = ["./sign"]
[operations.revoke]
request = { method = "POST", path = "/raw", body = [{ at = "/signed", from = "step.sign.text" }] }
[[operations.revoke.before]]
name = "sign"
program = { words = ["./sign", "{id}"], stdin = "credential.key", timeout = "20s" }
response = { capture = { text = "/signed" } }
"#;

#[cfg(unix)]
#[test]
fn declared_program_runs_and_is_shown() {
    use std::os::unix::fs::PermissionsExt;
    let home = TestEnv::new();
    home.write(&place("mine"), minimal_manifest("mine", PROGRAM));
    home.run(["providers", "show", "mine"])
        .stdout_has("program      ./sign: it is started on this machine")
        .stdout_has("the program `./sign {id}`, then POST /raw")
        .exit(0);
    let script = "#!/bin/sh\nread -r key\nprintf '{\"signed\":\"%s\"}' \"$1 by ${#key} $#\"\n";
    let path = home.write("work/sign", script);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).unwrap();
    let server = Server::with(
        get("/keys").header("x-api-key", "fake-key-0123"),
        server::json(200, &json!([{ "id": "k 1", "name": "a" }])),
    );
    then(
        &server,
        crate::support::server::post("/raw")
            .header("x-api-key", "fake-key-0123")
            .json(&json!({ "signed": "k 1 by 13 1" })),
        server::empty(204),
    );
    home.run(["trust", "--provider", "mine"])
        .stdout_has("may      start ./sign\n")
        .expect_stderr(messages::PROGRAMS_TRUSTED)
        .exit(0);
    let done = home
        .run(["keys", "revoke", "a", "--yes"])
        .env("KEYWRIGHT_PROVIDER", "mine")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .key("fake-key-0123")
        .stderr_has("runs `./sign`, as the manifest of mine says")
        .exit(0);
    assert!(!done.stderr.contains("fake-key-0123"), "{}", done.stderr);
}

#[test]
fn program_undeclared_or_unsafe_is_refused() {
    for (from, to, said) in [
        (
            "programs = [\"./sign\"]",
            "",
            ":operations.revoke.before.0.program.words: `./sign` is not among the programs of the manifest",
        ),
        (
            "\"{id}\"]",
            "\"{credential.key}\"]",
            "other users can read the arguments of a program: pass it with `stdin`",
        ),
        (
            "timeout = \"20s\"",
            "timeout = \"2h\"",
            "it can be at most ten minutes",
        ),
        (
            "\"./sign\", \"{id}\"",
            "\"{id}\"",
            "the first word must be the name of the program, without placeholders",
        ),
    ] {
        let home = TestEnv::new();
        home.write(
            &place("mine"),
            minimal_manifest("mine", &PROGRAM.replace(from, to)),
        );
        home.run(["providers", "show", "mine"])
            .stderr_has(said)
            .exit(2);
    }
}

#[test]
fn program_missing_is_named() {
    let home = TestEnv::new();
    home.write(&place("mine"), minimal_manifest("mine", PROGRAM));
    let server = Server::with(
        get("/keys").header("x-api-key", "fake-key-0123"),
        server::json(200, &json!([{ "id": "k1", "name": "a" }])),
    );
    home.run(["trust", "--provider", "mine"])
        .stdout_has("file     [home]/config/providers/mine.toml\n")
        .expect_stderr(messages::PROGRAMS_TRUSTED)
        .exit(0);
    home.run(["keys", "revoke", "a", "--yes"])
        .env("KEYWRIGHT_PROVIDER", "mine")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .key("fake-key-0123")
        .stderr_has("`./sign` could not be started: there is no such program")
        .exit(1);
}

/// A manifest whose every question to the service starts a program.
const ASKING: &str = r#"
programs = ["./ask"]
[[operations.list.before]]
name = "ask"
program = { words = ["./ask"] }
response = { capture = { text = "/text" } }
"#;

fn asking() -> String {
    let verify = "title = \"key\", verify = { request = { method = \"GET\", path = \"/keys\" }, \
                  before = [{ name = \"ask\", program = { words = [\"./ask\"] }, \
                  response = { capture = { text = \"/text\" } } }] }, in";
    minimal_manifest("mine", ASKING).replace("title = \"key\", in", verify)
}

#[cfg(unix)]
#[test]
fn program_untrusted_manifest_never_starts() {
    use std::os::unix::fs::PermissionsExt;
    let home = TestEnv::new();
    let server = Server::new();
    home.write(&place("mine"), minimal_manifest("mine", ""));
    home.log_in("mine", &server.url(), &[key("fake-key-0123")]);
    home.write(&place("mine"), asking());
    let script = "#!/bin/sh\necho x >> started\necho '{\"text\":\"a\"}'\n";
    let path = home.write("work/ask", script);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).unwrap();
    let started = || {
        home.read("work/started")
            .map_or(0, |text| text.lines().count())
    };
    let list = || {
        then(
            &server,
            get("/keys").header("x-api-key", "fake-key-0123"),
            server::json(200, &json!([])),
        );
    };
    for command in [
        "keys list -q",
        "profiles --check -q",
        "audit",
        "keys verify",
        "keys status",
    ] {
        let refused = home
            .run(command.split(' '))
            .any_stdout()
            .stderr_has("hint: read it: keywright providers show mine\n");
        let (code, done) = refused.exit_any();
        assert_ne!(code, 0, "{command}");
        assert!(
            done.stdout.contains("not trusted") || done.stderr.contains("is not trusted"),
            "{command}\n{}{}",
            done.stdout,
            done.stderr
        );
    }
    assert_eq!((started(), server.seen().len()), (0, 0));
    let shown = home
        .run(["trust", "--provider", "mine", "--show", "--json"])
        .json();
    assert_eq!(
        (&shown["trusted"], &shown["programs"]),
        (&json!(false), &json!(["./ask"]))
    );
    // The refusal names the hash that allows it in a job.
    let named = format!("mine@{}", shown["sha256"].as_str().unwrap());
    home.run(["keys", "list"])
        .stderr_has(&format!("in CI set KEYWRIGHT_TRUST_PROVIDER={named}\n"))
        .stderr_has("hint: then allow its programs: keywright trust --provider mine\n")
        .exit(2);
    list();
    let in_a_job = |given: &str| {
        home.run(["keys", "list", "-q"])
            .env("KEYWRIGHT_TRUST_PROVIDER", given)
    };
    in_a_job(&named).exit(0);
    assert_eq!(started(), 1);
    for given in [
        "mine",
        "mine@",
        "mine@0",
        &named.replace("mine@", "other@"),
        &named.replace("mine@", ""),
    ] {
        in_a_job(given)
            .stderr_has(messages::MANIFEST_NOT_TRUSTED)
            .exit(2);
    }
    let trust = || {
        home.run(["trust", "--provider", "mine", "-q"])
            .stdout_has("state    trusted\n")
            .exit(0)
    };
    trust();
    list();
    home.run(["keys", "list", "-q"]).exit(0);
    // A comment says nothing, another word does.
    home.write(&place("mine"), format!("# more\n{}", asking()));
    list();
    home.run(["keys", "list", "-q"]).exit(0);
    assert_eq!(started(), 3);
    home.write(
        &place("mine"),
        asking().replace("[\"./ask\"] }", "[\"./ask\", \"all\"] }"),
    );
    home.run(["keys", "list"])
        .stderr_has(messages::NOT_TRUSTED)
        .exit(2);
    trust();
    list();
    home.run(["keys", "list", "-q"]).exit(0);
    home.run(["trust", "--provider", "mine", "--revoke"])
        .expect_stderr("the programs of `mine` are not trusted any more\n")
        .exit(0);
    home.run(["keys", "list"])
        .stderr_has(messages::MANIFEST_NOT_TRUSTED)
        .exit(2);
    assert_eq!(started(), 4);
}

#[test]
fn trust_covers_extended_manifest() {
    let home = TestEnv::new();
    home.write(&place("base"), minimal_manifest("base", PROGRAM));
    home.write(&place("mine"), "name = \"mine\"\nextends = \"base\"\n");
    let shown = || {
        let done = home.run(["trust", "--provider", "mine", "--show", "--json"]);
        done.json()["trusted"].clone()
    };
    home.run(["trust", "--provider", "mine", "-q"])
        .stdout_has("file     [home]/config/providers/mine.toml\n")
        .exit(0);
    assert_eq!(shown(), true);
    home.write(
        &place("base"),
        minimal_manifest("base", &PROGRAM.replace("\"{id}\"", "\"-f\", \"{id}\"")),
    );
    assert_eq!(shown(), false);
    home.run(["trust", "--provider", "schatzi"])
        .expect_stderr("the manifest of schatzi starts no programs: there is nothing to allow\n")
        .exit(0);
    home.run(["trust", "--provider", "nowhere"])
        .fails(
            "there is no provider `nowhere`",
            &[
                messages::KNOWN_SERVICES,
                "a manifest of your own goes to [home]/config/providers/NAME.toml",
            ],
        )
        .exit(5);
}

const ACCOUNTS: &str = r#"
[variables.account]
title = "account"
required = true
discover = { call = { request = { method = "GET", path = "/accounts" } }, value = "/id", title = "/name" }
[operations.show]
request = { method = "GET", path = "/{var.account}/keys/{id}" }
"#;

#[test]
fn login_discovers_variable_by_request() {
    let two = json!([{ "id": "a1", "name": "one" }, { "id": "a2", "name": "two" }]);
    let log_in = |home: &TestEnv, answer, set: &[&str]| {
        home.write(&place("mine"), minimal_manifest("mine", ACCOUNTS));
        let server = Server::new();
        if set.is_empty() {
            then(
                &server,
                get("/accounts").header("x-api-key", "fake-key-0123"),
                answer,
            );
        }
        let url = server.url();
        let args = ["login", "mine", "--with-key", "--base-url", &url];
        let args: Vec<&str> = args.iter().chain(set).copied().collect();
        let (code, done) = home
            .run(args)
            .stdin("fake-key-0123")
            .stderr_has("mine has no operation to verify it, so it is kept as it is\n")
            .exit_any();
        (code, done.stderr, home.read("config/config.toml"))
    };
    let one = json!([{ "id": "a1", "name": "one" }]);
    let (code, said, config) = log_in(&TestEnv::new(), server::json(200, &one), &[]);
    assert_eq!(code, 0, "{said}");
    assert!(config.unwrap().contains("account = \"a1\""));
    // Nobody can be asked which of two it is: nothing is guessed.
    let (code, said, config) = log_in(&TestEnv::new(), server::json(200, &two), &[]);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("`--set account=VALUE` is one of: one (a1), two (a2)"),
        "{said}"
    );
    assert_eq!(config, None);
    let set = ["--set", "account=a2"];
    let (code, said, config) = log_in(&TestEnv::new(), server::json(200, &two), &set);
    assert_eq!(code, 0, "{said}");
    assert!(config.unwrap().contains("account = \"a2\""));
}

#[test]
fn login_again_rediscovers_variable() {
    let home = TestEnv::new();
    home.write(&place("mine"), minimal_manifest("mine", ACCOUNTS));
    let log_in = |secret: &str, accounts: serde_json::Value| {
        let server = Server::new();
        let answer = server::json(200, &accounts);
        then(
            &server,
            get("/accounts").header("x-api-key", secret),
            answer,
        );
        let url = server.url();
        home.run(["login", "mine", "--with-key", "--base-url", &url])
            .stdin(secret)
            .stderr_has("logged in to mine; the key is kept in the test keyring\n")
            .exit(0);
        home.read("config/config.toml").unwrap()
    };
    let config = log_in("fake-key-0001", json!([{ "id": "a1" }]));
    assert!(config.contains("account = \"a1\""), "{config}");
    // Another key, of another account.
    let config = log_in("fake-key-0002", json!([{ "id": "a2" }]));
    assert!(config.contains("account = \"a2\""), "{config}");
    // A server that was found before is not asked about while it is still there.
    let config = log_in("fake-key-0003", json!([{ "id": "a1" }, { "id": "a2" }]));
    assert!(config.contains("account = \"a2\""), "{config}");
}

#[test]
fn login_again_keeps_given_variable() {
    let home = TestEnv::new();
    home.write(&place("mine"), minimal_manifest("mine", ACCOUNTS));
    let server = Server::new();
    let url = server.url();
    let args = ["login", "mine", "--with-key", "--base-url", &url];
    for set in [&["--set", "account=a7"][..], &[]] {
        home.run(args.iter().chain(set).copied().collect::<Vec<_>>())
            .stdin("fake-key-0001")
            .expect_stderr(messages::LOGGED_IN_UNVERIFIED)
            .exit(0);
    }
    let config = home.read("config/config.toml").unwrap();
    assert!(config.contains("account = \"a7\""), "{config}");
}

const PARTS: &str = r#"manifest = 1
name = "mine"
title = "Mine"
about = "a key of two halves"
checked = "2026-11-20"
servers.api = { url = "https://api.example.com", auth = ["key"] }
operations.list = { request = { method = "GET", path = "/keys" } }
key = { id = "/id", name = "/name" }
[credentials.key]
kind = "key"
title = "key pair"
parts = [{ name = "api" }, { name = "app" }]
in = [{ header = { name = "X-Api", of = "api" } }, { header = { name = "X-App", of = "app" } }]
"#;

#[test]
fn key_pair_is_accepted_and_hidden() {
    for handed in [
        "{\"api\":\"fake-api-01\",\"app\":\"fake-app-02\"}",
        "fake-api-01\nfake-app-02\n",
    ] {
        let home = TestEnv::new();
        home.write(&place("mine"), PARTS);
        let server = Server::with(
            get("/keys")
                .header("x-api", "fake-api-01")
                .header("x-app", "fake-app-02"),
            server::json(200, &json!([])),
        );
        let url = server.url();
        home.run(["login", "mine", "--with-key", "--base-url", &url])
            .stdin(handed)
            .expect_stderr(
                "mine has no operation to verify it, so it is kept as it is\n\
                 logged in to mine; the key pair is kept in the test keyring\n",
            )
            .exit(0);
        let done = home
            .run(["-v", "keys", "list"])
            .stderr_has("no keys\n")
            .exit(0);
        assert!(!done.stderr.contains("fake-ap"), "{}", done.stderr);
    }
    let home = TestEnv::new();
    home.write(&place("mine"), PARTS);
    home.run(["login", "mine", "--with-key"])
        .stdin("fake-api-01")
        .stderr_has("the key pair has several parts: api, app")
        .exit(2);
    for (handed, lack) in [
        (r#"{"api":"fake-api-01"}"#, "the JSON object has no `app`"),
        (
            r#"{"api":"fake-api-01","#,
            "it begins as a JSON object and is none: line 1, column 21",
        ),
    ] {
        home.run(["login", "mine", "--with-key"])
            .stdin(handed)
            .stderr_has(lack)
            .exit(2);
    }
}

#[test]
fn resume_fixed_manifest_reads_stored_response() {
    let manifest = |secret: &str| {
        let create = format!(
            "[operations.create]\nrequest = {{ method = \"POST\", path = \"/keys\", body = [{{ at = \"/name\", from = \"name\" }}] }}\n\
             response = {{ secret = \"{secret}\" }}"
        );
        minimal_manifest("mine", &create)
    };
    let home = TestEnv::new();
    home.write(&place("mine"), manifest("/key"));
    let keyed = |wanted: Wanted| wanted.header("x-api-key", "fake-key");
    let made = json!({ "id": 2, "name": "ci", "token": "sk-fake-arrived-all-the-same" });
    let server = Server::new();
    then(&server, keyed(get("/keys")), server::json(200, &json!([])));
    let create = keyed(post("/keys")).json(&json!({ "name": "ci" }));
    then(&server, create, server::json(201, &made));
    let listed = server::json(200, &json!([{ "id": 2, "name": "ci" }]));
    then(&server, keyed(get("/keys")), listed);
    let run = |args: &[&str]| {
        home.run(args)
            .env("KEYWRIGHT_PROVIDER", "mine")
            .env("KEYWRIGHT_BASE_URL", &server.url())
            .key("fake-key")
    };
    run(&["keys", "create", "ci"])
        .expect_stdout("")
        .stderr_has("hint: once its manifest finds the key in it: keywright rotations resume ")
        .exit(10);
    home.write(&place("mine"), manifest("/token"));
    // Nothing is sent again; the list says that the key is there.
    let listed = server::json(200, &json!([{ "id": 2, "name": "ci" }]));
    then(&server, keyed(get("/keys")), listed);
    run(&["-q", "rotations", "resume"])
        .expect_stdout("sk-fake-arrived-all-the-same\n")
        .exit(0);
    run(&["rotations"])
        .expect_stderr(messages::NOTHING_UNFINISHED)
        .exit(0);
}

#[test]
fn replaced_address_host_is_not_required() {
    let hosted = |more: &str| {
        let text = minimal_manifest(
            "mine",
            "variables.host = { title = \"host\", required = true }\n",
        );
        text.replace("https://api.example.com", "https://{var.host}") + more
    };
    let home = TestEnv::new();
    home.write(&place("mine"), hosted(""));
    let server = Server::new();
    home.run(["login", "mine", "--with-key", "--base-url", &server.url()])
        .stdin("fake-key")
        .expect_stderr(messages::LOGGED_IN_UNVERIFIED)
        .exit(0);
    // Where a call names it as well, somebody has to say it.
    home.write(
        &place("mine"),
        hosted(
            "operations.revoke.request = { method = \"DELETE\", path = \"/{var.host}/{id}\" }\n",
        ),
    );
    let home = &home;
    home.run([
        "login",
        "mine",
        "-p",
        "other",
        "--with-key",
        "--base-url",
        &server.url(),
    ])
    .stderr_has("mine needs the host on every call\n")
    .exit(2);
}

#[test]
fn response_variables_allowed_only_at_login() {
    let home = TestEnv::new();
    let more = r#"
variables.user = { title = "user" }
operations.exchange = { auth = ["key"], yields = "token", request = { method = "POST", path = "/t" }, response = { token = { value = "/t" }, variables = { user = "/user" } } }
credentials.token = { kind = "token", title = "token", in = [{ header = { name = "X-Token" } }] }
"#;
    home.write(&place("mine"), minimal_manifest("mine", more));
    home.run(["providers", "show", "mine"])
        .stderr_has(
            "operations.exchange.response.variables: only the response to `login` can set variables",
        )
        .exit(2);
}

#[test]
fn verify_inconclusive_status_is_unknown() {
    let home = TestEnv::new();
    let place_of_key = r#"in = [{ header = { name = "X-Api-Key" } }]"#;
    let verify = format!("{place_of_key}, verify.request = {{ method = \"GET\", path = \"/me\" }}");
    let manifest = minimal_manifest("mine", "").replace(place_of_key, &verify);
    home.write(&place("mine"), manifest);
    let server = Server::with(
        get("/me").header("x-api-key", "fake-key"),
        server::json(400, &json!({ "error": "no" })),
    );
    home.run(["keys", "verify"])
        .env("KEYWRIGHT_PROVIDER", "mine")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .key("fake-key")
        .expect_stdout("unknown\n")
        .expect_stderr("mine gave no answer that decides whether a key works (HTTP 400)\n")
        .exit(1);
}
