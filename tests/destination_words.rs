//! The words of the manifest language for places that list their entries, hide their values, or keep a credential in a
//! file or behind an exchange.

use serde_json::{Value, json};

use crate::described_destinations::expect_creation;
use crate::services::gcp_service_account::{accepted, key_file};
use crate::support::fake::{SCHATZI_KEY, jwt};
use crate::support::home::{TestEnv, token};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Server, get, method, post};
use crate::user_manifests::{place_manifest, then};

/// A list of entries, which a name and a room select; each has an id, and a value that may be hidden.
const OPERATIONS: &str = r#"[operations.read]
request = { method = "GET", path = "/rooms/{step.room.id}/cards" }

[operations.read.response]
require = [{ at = "/cards", exists = true }]
entry = { at = "/cards", find = { at = "/name", from = "card", and = [{ at = "/kinds", from = "kind", default = "plain" }, { at = "/locked", exists = false }] } }
hidden_if = [{ at = "/sealed", equals = true }]
value = "/text"
capture = { id = "/id" }

[[operations.read.before]]
name = "room"
request = { method = "GET", path = "/rooms" }
response = { capture = { id = { at = "/rooms", find = { at = "/name", from = "room", then = "/id" } } } }

[operations.add]
request = { method = "POST", path = "/rooms/{step.room.id}/cards", body = [
    { at = "/card/name", from = "card" },
    { at = "/card/text", from = "secret" },
    { at = "/card", stringify = true },
] }

[operations.write]
request = { method = "PUT", path = "/rooms/{step.room.id}/cards/{step.read.id}", body = [{ at = "/text", from = "secret" }] }

[operations.discard]
request = { method = "DELETE", path = "/rooms/{step.room.id}/cards/{step.read.id}" }
"#;

fn manifest(url: &str) -> String {
    place_manifest("Board", "{room}[@{kind}]#{card}", url, OPERATIONS)
}

struct Scene {
    board: Server,
    home: TestEnv,
}

fn holds(said: &Value) -> &str {
    said["holds"].as_str().unwrap()
}

impl Scene {
    fn new() -> Self {
        let (board, home) = (Server::new(), TestEnv::new());
        home.write("config/destinations/board.toml", manifest(&board.url()));
        Scene { board, home }
    }

    fn with(more: impl Fn(&str) -> String) -> Self {
        let scene = Scene::new();
        let text = more(&manifest(&scene.board.url()));
        scene.home.write("config/destinations/board.toml", text);
        scene
    }

    /// Expects that the cards are read, with `token`, so many times.
    fn reads(&self, token: &str, cards: &Value, times: usize) {
        for _ in 0..times {
            let rooms = json!({ "rooms": [{ "name": "x", "id": 1 }, { "name": "main", "id": 2 }] });
            let asked = get("/rooms").header("x-board", token);
            then(&self.board, asked, server::json(200, &rooms));
            let asked = get("/rooms/2/cards").header("x-board", token);
            let cards = json!({ "cards": cards, "sealed": cards[0]["sealed"] });
            then(&self.board, asked, server::json(200, &cards));
        }
    }

    fn check(&self, place: &str) -> Run {
        self.home
            .run(["destinations", "check", "--live", place, "--json"])
            .hides("fake-token")
            .hides("fake-old")
    }
}

#[test]
fn entry_is_selected_by_all_conditions() {
    let scene = Scene::new();
    let cards = json!([
        { "name": "k", "id": 5, "kinds": ["other"], "text": "fake-other" },
        { "name": "k", "id": 6, "kinds": ["plain"], "locked": true, "text": "fake-locked" },
        { "name": "k", "id": 7, "kinds": ["much", "plain"], "locked": null, "text": "fake-old" },
    ]);
    for (place, wanted) in [
        ("board:main#k", "a value"),
        ("board:main@other#k", "a value"),
        ("board:main@none#k", "nothing"),
        ("board:main#x", "nothing"),
    ] {
        scene.reads("fake-token", &cards, 2);
        let said = scene.check(place).env("BOARD_TOKEN", "fake-token").json();
        assert_eq!(holds(&said), wanted, "{place}");
    }
}

#[test]
fn missing_object_of_step_is_nothing() {
    let scene = Scene::new();
    for _ in 0..2 {
        let asked = get("/rooms").header("x-board", "fake-token");
        then(
            &scene.board,
            asked,
            server::json(200, &json!({ "rooms": [] })),
        );
    }
    let said = scene
        .check("board:main#k")
        .env("BOARD_TOKEN", "fake-token")
        .json();
    assert_eq!(holds(&said), "nothing");
}

#[test]
fn hidden_value_is_unknown() {
    let scene = Scene::new();
    let cards =
        json!([{ "name": "k", "id": 5, "kinds": ["plain"], "text": "***", "sealed": true }]);
    scene.reads("fake-token", &cards, 2);
    let said = scene
        .check("board:main#k")
        .env("BOARD_TOKEN", "fake-token")
        .json();
    assert_eq!(holds(&said), "unknown");
}

#[test]
fn stringified_body_is_text() {
    let home = TestEnv::new();
    let example = r#"
[[operations.add.examples]]
name = "a card"
input = { room = "main", card = "k", secret = "example-new", "step.room.id" = "2" }
exchanges = [{ request = "POST https://board.example.com/rooms/2/cards", body = '{"card":"{\"name\":\"k\",\"text\":\"example-new\"}"}', status = 201 }]
"#;
    let text = manifest("https://board.example.com") + example;
    home.write("work/board.toml", text);
    home.run(["destinations", "check", "board.toml"])
        .stdout_has("examples: 1 of 1 pass")
        .exit(0);
}

/// The credential of the place in a file of sections, or behind an exchange.
fn in_file(text: &str) -> String {
    text.replace(
        "environment = [\"BOARD_TOKEN\"]",
        "environment = [\"BOARD_TOKEN\"]\nfile = \"~/.board\"\nfile_environment = [\"BOARD_FILE\"]\nfile_format = \"ini\"\nin_file = \"/{var.profile}/board_token\"",
    )
    .replace(
        "[credentials.token]",
        "variables.profile = { title = \"profile\", environment = [\"BOARD_PROFILE\"], default = \"default\" }\n\n[credentials.token]",
    )
}

#[test]
fn credential_is_read_from_section() {
    let scene = Scene::with(in_file);
    let file = "[default]\nboard_token = fake-token\n[work]\nBoard_Token=fake-token-of-work\n";
    let path = scene.home.write("elsewhere/board", file);
    let path = path.to_str().unwrap();
    for (profile, token) in [("", "fake-token"), ("work", "fake-token-of-work")] {
        scene.reads(token, &json!([]), 2);
        let run = scene.check("board:main#k").env("BOARD_FILE", path);
        let run = if profile.is_empty() {
            run
        } else {
            run.env("BOARD_PROFILE", profile)
        };
        assert_eq!(holds(&run.json()), "nothing");
    }
    scene
        .home
        .run(["destinations", "check", "--live", "board:main#k"])
        .env("BOARD_FILE", path)
        .env("BOARD_PROFILE", "none")
        .fails(
            "`board:main#k`: there is no board token",
            &["set BOARD_TOKEN, or write it to ~/.board"],
        )
        .exit(9);
}

/// The token of the place is exchanged for a key of two parts, in a JSON document.
fn exchanged(text: &str) -> String {
    let key = r#"[credentials.key]
kind = "key"
title = "board key"
file_environment = ["BOARD_FILE"]
file_format = "json"
parts = [{ name = "id", public = true, in_file = "/client/id" }, { name = "secret" }]
in = [{ body = { at = "id", of = "id" } }, { body = { at = "secret", of = "secret" } }]

[operations.exchange]
yields = "token"
auth = ["key"]
request = { method = "POST", path = "/login", format = "form", body = [] }
response = { token = { value = "/access", expires = { at = "/in", as = "seconds" } } }

[operations.read]
"#;
    text.replace("environment = [\"BOARD_TOKEN\"]\n", "")
        .replacen("[operations.read]\n", key, 1)
}

#[test]
fn key_is_exchanged_once() {
    let scene = Scene::with(exchanged);
    let file = json!({ "client": { "id": "fake-id" }, "secret": "fake-secret" });
    let path = scene.home.write("elsewhere/board", file.to_string());
    let login = || {
        let form = "application/x-www-form-urlencoded";
        post("/login").body(form, b"id=fake-id&secret=fake-secret")
    };
    let token = json!({ "access": "fake-token", "in": 3600 });
    then(&scene.board, login(), server::json(200, &token));
    scene.reads("fake-token", &json!([]), 2);
    let check = || {
        let run = scene.check("board:main#k").hides("fake-secret");
        run.env("BOARD_FILE", path.to_str().unwrap())
    };
    assert_eq!(holds(&check().json()), "nothing");
    // One that is over in a moment is not used again.
    for _ in 0..2 {
        let short = json!({ "access": "fake-token", "in": 30 });
        then(&scene.board, login(), server::json(200, &short));
        scene.reads("fake-token", &json!([]), 1);
    }
    assert_eq!(holds(&check().json()), "nothing");
    let refusal = json!({ "error": "no such client" });
    then(&scene.board, login(), server::json(401, &refusal));
    scene
        .home
        .run(["destinations", "check", "--live", "board:main#k"])
        .env("BOARD_FILE", path.to_str().unwrap())
        .hides("fake-secret")
        .stderr_has("no such client")
        .exit(9);
    scene
        .home
        .run(["destinations", "check", "--live", "board:main#k"])
        .fails(
            "`board:main#k`: there is no board key",
            &["name its file in BOARD_FILE"],
        )
        .exit(9);
}

#[test]
fn wrong_words_are_named() {
    let home = TestEnv::new();
    let text = manifest("https://board.example.com");
    for (from, to, place, why) in [
        (
            "environment = [\"BOARD_TOKEN\"]",
            "environment = [\"BOARD_TOKEN\"]\nin_file = \"/x\"",
            "credentials.token",
            "it is in no file",
        ),
        (
            "environment = [\"BOARD_TOKEN\"]",
            "file = \"~/.board\"\nin_file = \"/x\"",
            "credentials.token.file_format",
            "a part of a file is found in `json`, `toml`, `yaml` or `ini`",
        ),
        (
            "environment = [\"BOARD_TOKEN\"]",
            "file = \"~/.board\"\nfile_format = \"ini\"",
            "credentials.token.in_file",
            "name the location of the credential in the file",
        ),
        (
            "environment = [\"BOARD_TOKEN\"]",
            "file = \"~/.board\"\nfile_format = \"ini\"\nin_file = \"/{room}/x\"",
            "credentials.token.in_file",
            "`{room}` must be a variable, as `{var.NAME}`",
        ),
        (
            "default = \"plain\" }",
            "exists = true }",
            "operations.read.response.entry",
            "a condition in `and` has one of `equals`, `from` and `exists`",
        ),
        (
            "{ at = \"/locked\", exists = false }",
            "{ at = \"/locked\", equals = 1, default = 2 }",
            "operations.read.response.entry",
            "`default` needs `from`",
        ),
        (
            "[operations.discard]\n",
            "[operations.discard]\nresponse.hidden_if = [{ status = 200 }]\n",
            "operations.discard.response",
            "`hidden_if` and `container` belong to [operations.read]",
        ),
        (
            "{ at = \"/card\", stringify = true }",
            "{ at = \"/card\", from = \"card\", value = 1 }",
            "operations.add.request.body.2",
            "say one of `from`, `value` and `format`",
        ),
    ] {
        assert!(text.contains(from), "{from}");
        home.write("work/board.toml", text.replacen(from, to, 1));
        home.run(["destinations", "check", "board.toml"])
            .stdout_has(place)
            .stdout_has(why)
            .stderr_has("board.toml")
            .exit(2);
    }
}

/// A token in a configuration of another format.
fn in_document(format: &str) -> impl Fn(&str) -> String {
    let file = format!(
        "file = \"~/.board\"\nfile_format = \"{format}\"\nin_file = \"/hosts/board.example.com/token\""
    );
    move |text| text.replace("environment = [\"BOARD_TOKEN\"]", &file)
}

#[test]
fn credential_is_read_from_document() {
    for (format, text) in [
        (
            "json",
            r#"{"hosts":{"board.example.com":{"token":"fake-token"}}}"#,
        ),
        (
            "yaml",
            "# note\nhosts:\n  board.example.com:\n    token: fake-token\n",
        ),
        (
            "toml",
            "[hosts.\"board.example.com\"]\ntoken = \"fake-token\" # note\n",
        ),
    ] {
        let scene = Scene::with(in_document(format));
        let path = scene.home.write("home/.board", text);
        let home = path.parent().unwrap().to_str().unwrap().to_owned();
        scene.reads("fake-token", &json!([]), 2);
        let said = scene.check("board:main#k").env("HOME", &home).json();
        assert_eq!(holds(&said), "nothing", "{format}");
        scene.home.write("home/.board", "{[");
        let why = format!(
            "is not {}, so no credential is read from it",
            format.to_uppercase()
        );
        scene
            .check("board:main#k")
            .env("HOME", &home)
            .stderr_has(&why)
            .exit(9);
    }
}

#[test]
fn service_account_signs_for_token() {
    let (home, google) = (TestEnv::new(), Server::new());
    let url = google.url();
    let text = format!(
        "manifest = 1\nname = \"gcp-sm\"\nextends = \"gcp-sm\"\nservers.api.url = \"{url}\"\nservers.oauth.url = \"{url}\"\n"
    );
    home.write("config/destinations/gcp-sm.toml", text);
    let file = home.write("elsewhere/key.json", key_file("k1", "\n"));
    accepted(&google, "k1");
    let read = || get("/v1/projects/team-1/secrets/app/versions/latest:access").bearer("ya29.fake");
    let version = json!({ "name": "projects/1/secrets/app/versions/3", "payload": { "data": "ZmFrZS1vbGQ=" } });
    google
        .expect(read())
        .times(2)
        .answer(server::json(200, &version));
    let said = home
        .run([
            "destinations",
            "check",
            "--live",
            "gcp-sm:team-1/app",
            "--json",
        ])
        .env("GOOGLE_APPLICATION_CREDENTIALS", file.to_str().unwrap())
        .hides("fake-old")
        .hides("ya29.fake")
        .json();
    assert_eq!(holds(&said), "a value");
}

/// A document in a text; one member is written.
const DOCUMENT: &str = r#"[operations.read]
request = { method = "GET", path = "/notes/{name}" }
response = { entry = { at = "/text", as = "json" }, value = "/{field}", container = "", capture = { members = "" } }

[operations.write]
request = { method = "PUT", path = "/notes/{name}", body = [
    { at = "/text", from = "step.read.members" },
    { at = "/text/{field}", from = "secret" },
    { at = "/text", stringify = true },
] }
"#;

#[test]
fn document_in_text_keeps_digits() {
    let (service, note, home) = (Server::new(), Server::new(), TestEnv::new());
    let login = jwt("schatzi", 86_400);
    home.log_in("schatzi", &service.url(), &[token(&login, 86_400)]);
    let manifest = place_manifest("Note", "{name}#{field}", &note.url(), DOCUMENT);
    home.write("config/destinations/note.toml", manifest);
    let members = |value: &str| {
        format!(r#"{{"id":123456789012345678901,"key":"{value}","rate":0.10,"z":1E5}}"#)
    };
    let held = |value: &str| json!({ "text": members(value) });
    let read = || get("/notes/app").header("x-note", "fake-note-token");
    expect_creation(&service);
    for _ in 0..2 {
        then(&note, read(), server::json(200, &held("fake-old")));
    }
    let write = method("PUT", "/notes/app").header("x-note", "fake-note-token");
    let write = write.json(&held(SCHATZI_KEY));
    then(&note, write, server::json(200, &json!({})));
    then(&note, read(), server::json(200, &held(SCHATZI_KEY)));
    home.run(["keys", "create", "ci", "--to", "note:app#key"])
        .env("NOTE_TOKEN", "fake-note-token")
        .hides("fake-note-token")
        .hides(SCHATZI_KEY)
        .expect_stderr(messages::delivered("note:app#key"))
        .exit(0);
}
