//! Tools for who writes a manifest: to begin one, to check it, and to try it at the service.

use serde_json::{Value, json};

use crate::support::home::Home;
use crate::support::run::Run;
use crate::support::server::{self, Answer, Server, Wanted, delete, get, post};
use crate::support::terminal::Reply;
use crate::user_manifests::{least, then};

const ACME: &str = "config/providers/acme.toml";

/// The same file, from the folder that commands start in.
const FROM_WORK: &str = "../config/providers/acme.toml";

const FLAGS: [&str; 14] = [
    "--url",
    "https://api.acme.example.com/v1/",
    "--docs",
    "https://docs.acme.example.com",
    "--verify",
    "/me",
    "--list",
    "/keys",
    "--items",
    "/data",
    "--create",
    "/keys",
    "--revoke",
    "/keys/{id}",
];

fn new(home: &Home, more: &[&str]) -> Run {
    home.run(["providers", "new", "acme"]).args(more)
}

fn check(home: &Home, what: &str) -> Run {
    home.run(["providers", "check", what])
}

#[test]
fn what_flags_say_becomes_a_manifest_that_is_sound() {
    let home = Home::new();
    new(&home, &FLAGS)
        .stdout_has("config/providers/acme.toml\n")
        .stderr_has("next: fill in what its notes name, then keywright providers check acme")
        .exit(0);
    check(&home, "acme")
        .stdout_has("operations.create: warning: no example shows it\n")
        .stdout_has("acme.toml: no mistakes\n")
        .stdout_has("coverage: 0 of 4 calls, ")
        .exit(0);
    home.run(["providers", "show", "acme"])
        .stdout_has("api = https://api.acme.example.com/v1\n")
        .stdout_has("GET /keys\n")
        .stdout_has("DELETE /keys/{id}\n")
        .stdout_has("rotation     overlap\n")
        .exit(0);
    new(&home, &FLAGS)
        .stderr_has("acme.toml` already\nhint: edit it, or take another name\n")
        .exit(6);
}

#[test]
fn at_a_terminal_what_no_flag_says_is_asked_for() {
    let home = Home::new();
    let text = |text: &str| Reply::Text(text.to_owned());
    let mut run = new(&home, &["--url", "https://api.acme.example.com"]).at_a_terminal();
    // Title, docs, dashboard, header, verify, list, items, create, secret, revoke.
    for answer in [
        "Acme \"Weather\"",
        "",
        "https://acme.example.com/keys",
        "X-Api-Key",
        "",
        "/keys",
        "",
        "",
        "",
    ] {
        run = run.reply(text(answer));
    }
    run.stdout_has("acme.toml\n").any_stderr().exit(0);
    let written = home.read(ACME).unwrap();
    assert!(
        written.contains("title = 'Acme \"Weather\"'\n"),
        "{written}"
    );
    assert!(
        written.contains("place = [{ header = { name = \"X-Api-Key\" } }]\n"),
        "{written}"
    );
    // Nobody knows a call that creates: a person does it, on the page that is known.
    assert!(
        written.contains("manual = { url = \"https://acme.example.com/keys\""),
        "{written}"
    );
    check(&home, FROM_WORK).stdout_has("no mistakes").exit(0);
}

#[test]
fn what_would_be_no_manifest_is_not_written() {
    let home = Home::new();
    new(&home, &[])
        .fails(
            "where does the service answer? `--url` is missing",
            &["keywright providers new acme --url https://HOST/PATH"],
        )
        .exit(2);
    new(&home, &["--url", "http://api.acme.example.com"])
        .stderr_has("bases.api.url: a base is `https://…`")
        .stderr_has("hint: nothing was written: run it again with another answer\n")
        .exit(2);
    new(
        &home,
        &["--url", "https://a.example.com", "--revoke", "/keys"],
    )
    .stderr_has("operations.revoke.request: it does not say which key")
    .exit(2);
    home.run(["providers", "new", "../acme"])
        .stderr_has("`../acme` cannot be the name of a service")
        .exit(2);
    assert_eq!(home.read(ACME), None);
}

#[test]
fn each_mistake_is_named_with_its_line_and_all_of_them_at_once() {
    let home = Home::new();
    let broken = [
        (
            "a key too many",
            "colour = 1",
            ":10:colour: there is no key `colour` here\n",
        ),
        (
            "a base that is not safe",
            "bases.other = { url = \"http://example.com\" }",
            ":10:bases.other.url: a base is `https://…`",
        ),
        (
            "a credential that nobody declared",
            "operations.show = { request = { method = \"GET\", path = \"/keys/{id}\" }, uses = [\"other\"] }",
            ":10:operations.show.uses",
        ),
        (
            "a create without a secret",
            "operations.create.request = { method = \"POST\", path = \"/keys\" }",
            ":10:operations.create.answer.secret: where is the new secret? say `secret = \"/…\"`",
        ),
        (
            "a pattern that is none",
            "variables.x = { title = \"x\", pattern = '(' }",
            ":10:variables.x.pattern",
        ),
    ];
    for (what, line, complaint) in broken {
        home.write(ACME, least("acme", line));
        let done = check(&home, FROM_WORK).any_stdout().any_stderr().exit(2);
        assert!(done.stdout.contains(complaint), "{what}: {}", done.stdout);
    }
    let two = format!("{}\n{}", broken[1].1, broken[3].1);
    home.write(ACME, least("acme", &two));
    check(&home, FROM_WORK)
        .stdout_has(":10:bases.other.url")
        .stdout_has(":11:operations.create.answer.secret")
        .stdout_has("acme.toml: 2 mistakes\n")
        .any_stderr()
        .exit(2);
    check(&home, "nosuch.toml").any_stderr().exit(5);
    check(&home, "nosuch").any_stderr().exit(5);
}

/// A manifest with one example of a list, which expects a key of that name.
fn with_example(name: &str) -> String {
    let example = format!(
        "[[operations.list.examples]]\nname = \"one key\"\n\
         exchanges = [{{ request = \"GET https://api.example.com/keys\", status = 200, answer = '[{{\"id\":1,\"name\":\"ci\"}}]' }}]\n\
         expect = [{{ id = \"1\", name = \"{name}\" }}]"
    );
    least("acme", &example)
}

#[test]
fn an_example_that_does_not_hold_is_told_with_its_line() {
    let home = Home::new();
    home.write(ACME, with_example("ci"));
    check(&home, FROM_WORK)
        .stdout_has("examples: 1 of 1 are right\n")
        .stdout_has("coverage: 1 of 1 calls, 2 of 2 places that are read\n")
        .exit(0);
    home.write(ACME, with_example("other"));
    check(&home, FROM_WORK)
        .stdout_has("operations.list: the example `one key` fails: ")
        .stdout_has("examples: 0 of 1 are right\n")
        .stderr_has("1 failing example of ")
        .exit(2);
    let done = check(&home, FROM_WORK)
        .args(["--json"])
        .any_stdout()
        .any_stderr()
        .exit(2);
    let report = done.json();
    assert_eq!(report["ok"], false);
    assert_eq!(report["examples"][0]["ok"], false);
    assert_eq!(report["examples"][0]["place"], "operations.list");
    // A draft may lie anywhere.
    home.write("work/draft.toml", with_example("ci"));
    check(&home, "draft.toml")
        .stdout_has("it is named `acme` inside, and has to be named like its file\n")
        .any_stderr()
        .exit(2);
    // Whoever pipes it says no name of a file.
    home.run(["providers", "check", "-"])
        .stdin(with_example("ci"))
        .stdout_has("stdin: no mistakes\n")
        .exit(0);
}

fn live(home: &Home, provider: &str, more: &[&str]) -> Run {
    home.run(["providers", "check", provider, "--live"])
        .args(more)
}

fn results(steps: &Value) -> Vec<(String, String)> {
    let word = |step: &Value, name: &str| step[name].as_str().unwrap().to_owned();
    let steps = steps.as_array().unwrap().iter();
    steps
        .map(|step| (word(step, "step"), word(step, "result")))
        .collect()
}

#[cfg(feature = "sandbox")]
#[test]
fn every_call_is_tried_and_the_key_is_gone_afterwards() {
    let home = Home::new();
    let sandboxed = |args: &[&str]| home.run(["--sandbox", "-p", "schatzi"]).args(args);
    let keys = || {
        let done = sandboxed(&["keys", "list", "--json"])
            .any_stdout()
            .any_stderr();
        done.exit(0).json()
    };
    let active = |keys: &Value| {
        let all = keys.as_array().unwrap().iter();
        all.filter(|key| key["status"] == "active").count()
    };
    let before = active(&keys());
    let done = sandboxed(&["providers", "check", "schatzi", "--live", "-y", "--json"])
        .any_stdout()
        .any_stderr()
        .exit(0);
    let wanted = [
        "verify",
        "list",
        "create",
        "show",
        "listed",
        "rename",
        "verify new",
        "revoke",
        "gone",
    ];
    let wanted: Vec<_> = wanted.map(|step| (step.to_owned(), "ok".to_owned())).into();
    assert_eq!(results(&done.json()), wanted);
    assert_eq!(active(&keys()), before);
    sandboxed(&["rotations"])
        .stderr_has("nothing is unfinished\n")
        .exit(0);
    // Nobody has said yes.
    sandboxed(&["providers", "check", "schatzi", "--live"])
        .stderr_has(
            "a key is made at schatzi, tried, and revoked again, and there is nobody to ask",
        )
        .exit(2);
    // A service with one key: trying it would end the one in use.
    let done = home
        .run(["--sandbox", "-p", "sieve", "providers", "check", "sieve"])
        .args(["--live", "-y", "--json"])
        .any_stdout()
        .any_stderr()
        .exit(0);
    let skipped = results(&done.json());
    assert_eq!(skipped[2], ("create".to_owned(), "skipped".to_owned()));
}

/// A service whose keys have no names, so that nothing in its requests is left to chance.
fn nameless() -> (Home, Server) {
    let home = Home::new();
    let calls = "[credentials.key.verify]\nrequest = { method = \"GET\", path = \"/me\" }\n\
                 [operations.create]\nrequest = { method = \"POST\", path = \"/keys\", body = [] }\nanswer = { secret = \"/key\" }\n\
                 [operations.revoke]\nrequest = { method = \"DELETE\", path = \"/keys/{id}\" }";
    home.write("config/providers/mine.toml", {
        // The credential is a table of its own here.
        let place = "place = [{ header = { name = \"X-Api-Key\" } }]";
        least("mine", calls).replace(
            &format!("credentials.key = {{ kind = \"key\", title = \"key\", {place} }}\n"),
            &format!(
                "credentials.key.kind = \"key\"\ncredentials.key.title = \"key\"\ncredentials.key.{place}\n"
            ),
        )
    });
    (home, Server::new())
}

fn with_key(wanted: Wanted, key: &str) -> Wanted {
    wanted.header("x-api-key", key)
}

/// The requests up to the new key, which the service calls 2.
fn up_to_the_key(server: &Server) {
    let old = |wanted| with_key(wanted, "fake-key");
    let listed = json!([{ "id": 1, "name": "a" }]);
    then(server, old(get("/me")), server::json(200, &json!({})));
    then(server, old(get("/keys")), server::json(200, &listed));
    then(server, old(get("/keys")), server::json(200, &listed));
    let made = json!({ "id": 2, "key": "fake-new-key" });
    then(
        server,
        old(post("/keys").json(&json!({}))),
        server::json(201, &made),
    );
}

fn try_live(home: &Home, server: &Server) -> Run {
    live(home, "mine", &["-y", "--json"])
        .env("KEYWRIGHT_PROVIDER", "mine")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .key("fake-key")
        .any_stdout()
        .any_stderr()
}

#[test]
fn a_step_that_fails_keeps_nothing_from_being_revoked() {
    let (home, server) = nameless();
    up_to_the_key(&server);
    let old = |wanted| with_key(wanted, "fake-key");
    // The list does not show it, and the service does not know it.
    then(&server, old(get("/keys")), server::json(200, &json!([])));
    let unknown = || server::json(401, &json!({ "message": "who?" }));
    server
        .expect(with_key(get("/me"), "fake-new-key"))
        .times(3)
        .answer(unknown());
    then(&server, old(delete("/keys/2")), server::empty(204));
    then(&server, old(get("/keys")), server::json(200, &json!([])));
    let done = try_live(&home, &server).exit(1);
    let results = results(&done.json());
    let of = |step: &str| {
        let found = results.iter().find(|(name, _)| name == step);
        found.map(|(_, result)| result.as_str())
    };
    assert_eq!(of("create"), Some("ok"));
    assert_eq!(of("show"), Some("skipped"));
    assert_eq!(of("listed"), Some("failed"));
    assert_eq!(of("rename"), Some("skipped"));
    assert_eq!(of("verify new"), Some("failed"));
    assert_eq!(of("revoke"), Some("ok"));
    assert_eq!(of("gone"), Some("ok"));
    assert!(!done.stdout.contains("fake-new-key") && !done.stderr.contains("fake-new-key"));
}

#[test]
fn a_key_that_could_not_be_revoked_is_not_forgotten() {
    let (home, server) = nameless();
    up_to_the_key(&server);
    let old = |wanted| with_key(wanted, "fake-key");
    let both = json!([{ "id": 1, "name": "a" }, { "id": 2 }]);
    then(&server, old(get("/keys")), server::json(200, &both));
    then(
        &server,
        with_key(get("/me"), "fake-new-key"),
        server::json(200, &json!({})),
    );
    then(&server, old(delete("/keys/2")), refused());
    let done = try_live(&home, &server).exit(10);
    assert!(
        done.stderr.contains("keywright rotations resume "),
        "{}",
        done.stderr
    );
    then(&server, old(delete("/keys/2")), server::empty(204));
    home.run(["rotations", "resume"])
        .env("KEYWRIGHT_PROVIDER", "mine")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .key("fake-key")
        .any_stderr()
        .exit(0);
}

fn refused() -> Answer {
    server::json(403, &json!({ "message": "not now" }))
}

#[test]
fn a_manifest_is_tried_with_a_profile_of_its_own_service() {
    let home = Home::new();
    let server = Server::new();
    live(&home, "openai", &["-y"])
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .key("fake-key")
        .stderr_has("and the manifest is that of `openai`\n")
        .stderr_has("hint: name another profile with `-p`, or log in: keywright login openai\n")
        .exit(2);
}
