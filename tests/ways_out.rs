//! Every error says what can be done about it: a list of causes, each of which is made to happen.

use serde_json::json;

use crate::hints::objections;
use crate::support::fake::GENERIC_KEY;
use crate::support::home::{TestEnv, key, token};
use crate::support::run::{Done, Run};
use crate::support::server::{self, Answer, Server, get};

/// Mistakes on the command line and in names, of a machine that is logged in to one service.
const WORDS: &[&str] = &[
    "frobnicate",
    "keys frobnicate",
    "keys list --nope",
    "keys list --limit 0",
    "keys list --sort nope",
    "keys list --older-than x",
    "keys create x --expires yesterday",
    "keys create x --to nowhere:x",
    "keys create x --to dotenv:.env",
    "keys create x --set novalue",
    "keys create x --to profile:nope",
    "keys create x --to file:missing/folder/x",
    "keys rotate x --strategy nope",
    "keys rotate x --grace abc",
    "keys rotate --due",
    "keys rename x",
    "keys disable x",
    "keys set x",
    "exec",
    "exec --env A --env A -- true",
    "exec --env 9bad -- true",
    "exec --env A=nope -- true",
    "exec -- no-such-program-here",
    "api GET",
    "api GET https://other.example.com/x",
    "token --min-ttl x",
    "completions nosuch",
    "man nosuchpage",
    "help nosuchtopic",
    "providers show nope",
    "providers check nope",
    "login nope",
    "login generic --with-key --with-token",
    "login generic --with-key --base-url http://example.com",
    "login generic --with-key --base-url nope=https://example.com",
    "login generic --with-key --store nope",
    "login generic --device",
    "login generic --set nope=1 --with-key",
    "profiles use nope",
    "profiles show nope",
    "profiles move nope --store file",
    "profiles remove nope",
    "-p nope keys list",
    "-p 'a b/c' keys list",
    "rotations show nope",
    "rotations resume nope",
    "rotations undo nope",
    "rotations abort nope",
    "trust no/such/folder",
    "trust --provider nope",
    "exchange",
    "exchange --identity github",
    "exchange --identity nope",
    "refresh",
    "unlock --for 0s",
    "unlock",
    "--timeout x keys list",
    "--project nope.toml keys list",
    "keys list --limit 1 --limit 2",
];

/// Variables that hold what cannot be used, each with the command that reads it.
const VARIABLES: &[(&str, &str, &str)] = &[
    ("KEYWRIGHT_API_KEY", "", "keys verify"),
    ("KEYWRIGHT_BASE_URL", "no address", "keys list"),
    ("KEYWRIGHT_BASE_URL", "http://example.com", "keys list"),
    ("KEYWRIGHT_PROVIDER", "nope", "keys list"),
    ("KEYWRIGHT_PROFILE", "nope", "keys list"),
    ("KEYWRIGHT_IDENTITY", "nope", "token"),
    ("KEYWRIGHT_STORE", "nope", "login generic --with-key"),
    ("KEYWRIGHT_PROJECT", "nope.toml", "keys list"),
    (
        "KEYWRIGHT_STORE_KEY_FILE",
        "nope",
        "login generic --with-key --store file",
    ),
    (
        "KEYWRIGHT_STORE_KEY",
        "nope",
        "login generic --with-key --store file",
    ),
];

/// Commands of a machine that is logged in to nothing.
const LOGGED_OUT: &[&str] = &[
    "keys list",
    "token",
    "login",
    "whoami",
    "refresh",
    "audit",
    "exec -- true",
    "env",
];

/// Answers of a service that is asked for its keys.
fn refusals() -> Vec<(&'static str, Answer)> {
    let error = |code: &str| json!({ "error": { "code": code, "message": "fake" } });
    vec![
        ("HTTP 401", server::json(401, &error("unauthorized"))),
        (
            "HTTP 402",
            server::json(402, &error("subscription_required")),
        ),
        ("HTTP 403", server::json(403, &error("forbidden"))),
        ("HTTP 404", server::json(404, &error("not_found"))),
        (
            "429",
            server::json(429, &error("slow")).header("retry-after", "86400"),
        ),
        ("page", server::html(200)),
        ("page 403", server::html(403)),
        ("text", server::text(200, "hello")),
        (
            "redirect",
            server::empty(302).header("location", "https://elsewhere.example.com/"),
        ),
        ("other JSON", server::json(200, &json!({ "nothing": 1 }))),
    ]
}

/// Returns the complaint about an error that leaves its reader alone.
fn dead_end(cause: &str, (code, done): &(u8, Done), config: &str) -> Option<String> {
    let has_way = done.stderr.lines().any(|line| {
        ["hint: ", "  tip: ", "Usage: ", "For more information"]
            .iter()
            .any(|way| line.starts_with(way))
    });
    let wrong = objections(&done.stderr, config);
    let complaint = match (code, has_way) {
        (0, _) => "it is no error",
        (_, false) => "it has no way out",
        _ if !wrong.is_empty() => "its hint cannot be run",
        _ => return None,
    };
    Some(format!(
        "{cause}: {complaint}\n{}{}\n",
        done.stderr,
        wrong.join("\n")
    ))
}

fn tried(run: Run) -> (u8, Done) {
    run.stderr_has("error: ").exit_any()
}

#[test]
fn every_error_has_way_out() {
    let home = || {
        let home = TestEnv::new();
        home.log_in("generic", "http://127.0.0.1:1", &[key(GENERIC_KEY)]);
        home
    };
    let mut found = Vec::new();
    let mut count = 0;
    let mut look = |cause: &str, home: &TestEnv, run: Run| {
        count += 1;
        let config = home.read("config/config.toml").unwrap_or_default();
        found.extend(dead_end(cause, &tried(run), &config));
    };
    for words in WORDS {
        let home = home();
        look(words, &home, home.run(shell_words::split(words).unwrap()));
    }
    for (name, value, words) in VARIABLES {
        let home = home();
        let run = home
            .run(shell_words::split(words).unwrap())
            .env(name, value);
        look(&format!("{name}={value} {words}"), &home, run);
    }
    for words in LOGGED_OUT {
        let home = TestEnv::new();
        look(words, &home, home.run(shell_words::split(words).unwrap()));
    }
    for (cause, answer) in refusals() {
        let home = TestEnv::new();
        let server = Server::new();
        let wanted = get("/api/v1/accounts/user/api-keys/").bearer("fake-token");
        server.expect(wanted).answer(answer);
        home.log_in("schatzi", &server.url(), &[token("fake-token", 3600)]);
        look(cause, &home, home.run(["keys", "list"]));
    }
    assert!(count >= 60, "{count} causes");
    assert!(
        found.is_empty(),
        "{} of {count}:\n{}",
        found.len(),
        found.join("\n")
    );
}
