//! Destinations that a manifest describes: a key arrives there, a change by others is not overwritten, and an undo
//! restores what stood there.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::fake::{SCHATZI_KEY, jwt};
use crate::support::home::{TestEnv, token};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Answer, Server, Wanted, get, method, post};
use crate::user_manifests::{minimal_manifest, then};

const KEYS: &str = "/api/v1/accounts/user/api-keys/";
const PLACE: &str = "shelf:main/deep/box#7";

/// A place with a revision: a write names the one that was read.
pub(crate) fn manifest(url: &str) -> String {
    format!(
        r#"manifest = 1
name = "shelf"
title = "Shelf"
about = "a place of my own"
checked = "2026-11-20"
address = "shelf:{{room}}/{{+box}}#{{slot}}"
servers.api = {{ url = "{url}", environment = ["SHELF_ADDR"], auth = ["token"] }}

[credentials.token]
kind = "token"
title = "shelf token"
environment = ["SHELF_TOKEN"]
file = "~/.shelf-token"
in = [{{ header = {{ name = "X-Shelf" }} }}]

[operations.read]
request = {{ method = "GET", path = "/rooms/{{room}}/{{+box}}" }}
response = {{ value = "/slots/{{slot}}", container = "/slots", capture = {{ revision = "/revision", slots = "/slots" }} }}

[operations.write]
request = {{ method = "PUT", path = "/rooms/{{room}}/{{+box}}", body = [
    {{ at = "/if", from = "step.read.revision", default = 0 }},
    {{ at = "/slots", from = "step.read.slots" }},
    {{ at = "/slots/{{slot}}", from = "secret" }},
] }}

[operations.remove]
request = {{ method = "PUT", path = "/rooms/{{room}}/{{+box}}", body = [
    {{ at = "/if", from = "step.read.revision" }},
    {{ at = "/slots", from = "step.read.slots" }},
    {{ at = "/slots/{{slot}}", remove = true }},
] }}

[operations.discard]
request = {{ method = "DELETE", path = "/rooms/{{room}}/{{+box}}" }}
"#
    )
}

fn read() -> Wanted {
    get("/rooms/main/deep/box").header("x-shelf", "fake-shelf-token")
}

fn write(body: &Value) -> Wanted {
    method("PUT", "/rooms/main/deep/box")
        .header("x-shelf", "fake-shelf-token")
        .json(body)
}

fn rehearsal(body: &Value) -> Wanted {
    method("PUT", "/rooms/main/deep/box?mode=test")
        .header("x-shelf", "fake-shelf-token")
        .json(body)
}

/// The content of the box at a revision.
fn content(revision: u32, slots: &Value) -> Answer {
    server::json(200, &json!({ "revision": revision, "slots": slots }))
}

fn nothing() -> Answer {
    server::json(404, &json!({ "error": "no such box" }))
}

/// Expects the creation of the key `ci` at schatzi.
pub(crate) fn expect_creation(service: &Server) {
    let jwt = jwt("schatzi", 86_400);
    let listing = get(KEYS).bearer(&jwt);
    then(service, listing, server::json(200, &json!([])));
    let created = json!({ "id": "k2", "name": "ci", "key": SCHATZI_KEY });
    let creation = post("/api/v1/accounts/user/api-keys/create/")
        .bearer(&jwt)
        .json(&json!({ "name": "ci" }));
    then(service, creation, server::json(201, &created));
}

struct Scene {
    service: Server,
    shelf: Server,
    home: TestEnv,
}

impl Scene {
    fn new() -> Self {
        let (service, shelf, home) = (Server::new(), Server::new(), TestEnv::new());
        let jwt = jwt("schatzi", 86_400);
        home.log_in("schatzi", &service.url(), &[token(&jwt, 86_400)]);
        home.write("config/destinations/shelf.toml", manifest(&shelf.url()));
        Scene {
            service,
            shelf,
            home,
        }
    }

    fn run(&self, words: &[&str]) -> Run {
        self.home
            .run(words)
            .env("SHELF_TOKEN", "fake-shelf-token")
            .hides("fake-shelf-token")
            .hides(SCHATZI_KEY)
    }

    fn create(&self) -> Run {
        self.run(&["keys", "create", "ci", "--to", PLACE])
    }

    /// Creates a key, which is written beside `other` at revision 3 and read back.
    fn delivers_beside(&self, other: &Value) {
        then(&self.shelf, read(), content(3, other));
        let mut both = other.clone();
        both["7"] = SCHATZI_KEY.into();
        let writes = write(&json!({ "if": 3, "slots": both }));
        then(&self.shelf, writes, content(4, &both));
        then(&self.shelf, read(), content(4, &both));
        self.create()
            .expect_stderr(messages::delivered(PLACE))
            .exit(0);
    }
}

#[test]
fn create_delivers_to_described_destination() {
    let scene = Scene::new();
    expect_creation(&scene.service);
    let other = json!({ "6": "other" });
    then(&scene.shelf, read(), content(3, &other));
    scene.delivers_beside(&other);
}

/// The same place with a dry run of its write.
fn manifest_with_dry_run(url: &str) -> String {
    manifest(url).replace(
        "path = \"/rooms/{room}/{+box}\", body = [\n    { at = \"/if\", from = \"step.read.revision\", default = 0 }",
        "path = \"/rooms/{room}/{+box}\", dry_run = [{ at = \"mode\", value = \"test\" }], body = [\n    { at = \"/if\", from = \"step.read.revision\", default = 0 }",
    )
}

#[test]
fn dry_run_precedes_creation() {
    let scene = Scene::new();
    let manifest = manifest_with_dry_run(&scene.shelf.url());
    scene.home.write("config/destinations/shelf.toml", manifest);
    expect_creation(&scene.service);
    let other = json!({ "6": "other" });
    then(&scene.shelf, read(), content(3, &other));
    let placeholder = json!({ "6": "other", "7": "keywright-probe" });
    let rehearsed = rehearsal(&json!({ "if": 3, "slots": placeholder }));
    then(&scene.shelf, rehearsed, content(3, &other));
    scene.delivers_beside(&other);
}

#[test]
fn dry_run_of_removal_is_mistake() {
    let scene = Scene::new();
    let manifest = manifest(&scene.shelf.url()).replace(
        "{ method = \"DELETE\",",
        "{ method = \"DELETE\", dry_run = [{ at = \"mode\", value = \"test\" }],",
    );
    let path = scene.home.write("shelf.toml", manifest);
    let path = path.to_str().unwrap();
    scene
        .run(&["destinations", "check", path])
        .stdout_has("1 mistake")
        .stderr_has(
            ":operations.discard.request.dry_run: only `add` and `write` of a destination have it\n",
        )
        .exit(2);
}

#[test]
fn refused_dry_run_creates_nothing() {
    let scene = Scene::new();
    let manifest = manifest_with_dry_run(&scene.shelf.url());
    scene.home.write("config/destinations/shelf.toml", manifest);
    then(&scene.shelf, read(), nothing());
    let slots = json!({ "7": "keywright-probe" });
    let rehearsed = rehearsal(&json!({ "if": 0, "slots": slots }));
    let refusal = json!({ "error": "read only" });
    then(&scene.shelf, rehearsed, server::json(403, &refusal));
    scene.create().stderr_has(messages::NOTHING_CREATED).exit(9);
}

#[test]
fn stale_write_keeps_other_value() {
    let scene = Scene::new();
    expect_creation(&scene.service);
    scene.shelf.expect(read()).times(2).answer(nothing());
    let writes = write(&json!({ "if": 0, "slots": { "7": SCHATZI_KEY } }));
    then(
        &scene.shelf,
        writes,
        server::json(409, &json!({ "error": "another revision" })),
    );
    scene
        .create()
        .stderr_has(messages::CHANGED_SINCE_READ)
        .stderr_has(messages::KEY_NOT_LOST)
        .exit(10);
    // Resuming reads what stands there now.
    let other = json!({ "6": "other" });
    then(&scene.shelf, read(), content(8, &other));
    let both = json!({ "6": "other", "7": SCHATZI_KEY });
    let writes = write(&json!({ "if": 8, "slots": both }));
    then(&scene.shelf, writes, content(9, &both));
    then(&scene.shelf, read(), content(9, &both));
    let verification = get("/v1/models").bearer(SCHATZI_KEY);
    then(
        &scene.service,
        verification,
        server::json(200, &json!({ "data": [] })),
    );
    scene
        .run(&["rotations", "resume"])
        .stderr_has(&messages::delivered(PLACE))
        .exit(0);
}

#[test]
fn lost_write_is_read_back() {
    let scene = Scene::new();
    expect_creation(&scene.service);
    scene.shelf.expect(read()).times(2).answer(nothing());
    let slots = json!({ "7": SCHATZI_KEY });
    then(
        &scene.shelf,
        write(&json!({ "if": 0, "slots": slots })),
        server::hang_up(),
    );
    scene
        .shelf
        .expect(read())
        .times(2)
        .answer(content(1, &slots));
    scene
        .create()
        .expect_stderr(messages::delivered(PLACE))
        .exit(0);
}

#[test]
fn lost_write_without_value_is_uncertain() {
    let scene = Scene::new();
    expect_creation(&scene.service);
    scene.shelf.expect(read()).times(2).answer(nothing());
    let writes = write(&json!({ "if": 0, "slots": { "7": SCHATZI_KEY } }));
    then(&scene.shelf, writes, server::hang_up());
    then(&scene.shelf, read(), nothing());
    scene.create().stderr_has(messages::MAY_HOLD_NEW).exit(10);
}

#[test]
fn missing_credential_creates_nothing() {
    let scene = Scene::new();
    scene
        .home
        .run(["keys", "create", "ci", "--to", PLACE])
        .fails(
            "`shelf:main/deep/box#7`: there is no shelf token",
            &[
                "set SHELF_TOKEN, or write it to ~/.shelf-token",
                "nothing was created",
            ],
        )
        .exit(9);
}

#[test]
fn refused_probe_creates_nothing() {
    let scene = Scene::new();
    then(
        &scene.shelf,
        read(),
        server::json(403, &json!({ "error": "not yours" })),
    );
    scene.create().stderr_has("not yours").exit(9);
}

#[test]
fn unknown_form_names_the_right_one() {
    let scene = Scene::new();
    scene
        .run(&["keys", "create", "ci", "--to", "shelf:main"])
        .fails(
            "`shelf:main` is not a destination of this form",
            &["write it as shelf:ROOM/BOX#SLOT"],
        )
        .exit(2);
}

#[test]
fn live_check_reads_without_writing() {
    let scene = Scene::new();
    scene
        .shelf
        .expect(read())
        .times(2)
        .answer(content(3, &json!({ "7": "fake-old" })));
    let said = scene
        .run(&["destinations", "check", "--live", PLACE])
        .hides("fake-old")
        .args(["--json"])
        .json();
    assert_eq!(
        said,
        json!({ "destination": PLACE, "ok": true, "holds": "a value" })
    );
}

#[test]
fn null_value_is_not_empty() {
    let scene = Scene::new();
    scene
        .shelf
        .expect(read())
        .times(2)
        .answer(content(3, &json!({ "7": null })));
    let said = scene
        .run(&["destinations", "check", "--live", PLACE, "--json"])
        .json();
    assert_eq!(said["holds"], "unknown");
}

#[test]
fn missing_room_is_no_empty_place() {
    let scene = Scene::new();
    let before = "before = [{ name = \"room\", request = { method = \"GET\", path = \"/rooms/{room}\" }, response = { capture = { id = \"/id\" } } }]\n";
    let text = manifest(&scene.shelf.url());
    let text = text.replace(
        "[operations.read]\n",
        &format!("[operations.read]\n{before}"),
    );
    scene.home.write("config/destinations/shelf.toml", text);
    let room = get("/rooms/main").header("x-shelf", "fake-shelf-token");
    then(
        &scene.shelf,
        room,
        server::json(404, &json!({ "error": "no such room" })),
    );
    scene.create().stderr_has("no such room").exit(9);
}

#[test]
fn variable_against_its_pattern_is_refused() {
    let scene = Scene::new();
    let variable = "variables.zone = { title = \"zone\", pattern = '^[a-z]+$', environment = [\"SHELF_ZONE\"] }\n\n[credentials.token]";
    let text = manifest(&scene.shelf.url()).replacen("[credentials.token]", variable, 1);
    scene.home.write("config/destinations/shelf.toml", text);
    scene
        .create()
        .env("SHELF_ZONE", "../x")
        .stderr_has("`zone` must match ^[a-z]+$")
        .exit(2);
}

#[test]
fn destinations_list_has_all_kinds() {
    let scene = Scene::new();
    let rows = scene.run(&["destinations", "--json"]).json();
    let forms: Vec<&str> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["form"].as_str().unwrap())
        .collect();
    for form in ["stdout", "vault:MOUNT/PATH#FIELD", "shelf:ROOM/BOX#SLOT"] {
        assert!(forms.contains(&form), "{forms:?}");
    }
}

#[test]
fn destinations_show_names_credential_sources() {
    let scene = Scene::new();
    let shown = scene
        .run(&["destinations", "show", "shelf", "--json"])
        .json();
    assert_eq!(
        shown["credentials"],
        json!({ "token": ["SHELF_TOKEN", "~/.shelf-token"] })
    );
    scene
        .run(&["destinations", "show", "shelf"])
        .stdout_has("shelf:ROOM/BOX#SLOT")
        .exit(0);
    scene
        .run(&["destinations", "show", "dotenv"])
        .stdout_has("dotenv:PATH#VAR")
        .exit(0);
    scene
        .run(&["destinations", "show", "selph"])
        .stderr_has("there is no destination `selph`")
        .exit(5);
}

#[test]
fn service_with_destination_words_is_refused() {
    let home = TestEnv::new();
    for (more, why) in [
        (
            "operations.write.request = { method = \"PUT\", path = \"/x\" }",
            "operations.write: only a destination has it",
        ),
        (
            "address = \"mine:{a}\"",
            "a destination has `exchange`, `probe`, `read`, `add`, `write`",
        ),
        (
            "variables.x = { title = \"x\", environment = [\"X\"] }",
            "variables.x.environment: only a destination reads the environment of its tools",
        ),
    ] {
        home.write("work/mine.toml", minimal_manifest("mine", more));
        home.run(["providers", "check", "mine.toml"])
            .stdout_has(why)
            .stderr_has("mine.toml")
            .exit(2);
    }
}

/// A refusal that says when to come back.
fn slow_down(status: u16, seconds: &str) -> Answer {
    server::empty(status).header("Retry-After", seconds)
}

#[test]
fn write_refused_unread_is_repeated() {
    let scene = Scene::new();
    expect_creation(&scene.service);
    let (before, after) = (json!({}), json!({ "7": SCHATZI_KEY }));
    then(&scene.shelf, read(), slow_down(503, "2"));
    then(&scene.shelf, read(), content(3, &before));
    then(&scene.shelf, read(), content(3, &before));
    let writes = || write(&json!({ "if": 3, "slots": after }));
    then(&scene.shelf, writes(), slow_down(429, "3"));
    then(&scene.shelf, writes(), content(4, &after));
    then(&scene.shelf, read(), content(4, &after));
    let done = scene
        .create()
        .stderr_has("answered 503; trying again in 2 s\n")
        .stderr_has("asked to slow down; trying again in 3 s\n")
        .stderr_has(&messages::delivered(PLACE))
        .exit(0);
    let seconds: Vec<u64> = done.sleeps.iter().map(Duration::as_secs).collect();
    let waits = seconds.into_iter().filter(|seconds| *seconds > 0);
    assert_eq!(waits.collect::<Vec<_>>(), [2, 3]);
}

#[test]
fn write_is_repeated_within_timeout() {
    let scene = Scene::new();
    expect_creation(&scene.service);
    let before = json!({});
    then(&scene.shelf, read(), content(3, &before));
    then(&scene.shelf, read(), content(3, &before));
    let writes = write(&json!({ "if": 3, "slots": { "7": SCHATZI_KEY } }));
    then(&scene.shelf, writes, slow_down(429, "60"));
    scene
        .create()
        .args(["--timeout", "10s"])
        .stderr_has("too many requests")
        .exit(10);
}

#[test]
fn other_values_keep_every_digit() {
    let scene = Scene::new();
    expect_creation(&scene.service);
    let other = r#""6":123456789012345678901234567890,"rate":1.10,"far":1e400,"zero":-0"#;
    let both = format!("{other},\"7\":\"{SCHATZI_KEY}\"");
    let held = |revision: u32, slots: &str| {
        let text = format!("{{\"revision\":{revision},\"slots\":{{{slots}}}}}");
        server::bytes(200, "application/json", text.as_bytes())
    };
    then(&scene.shelf, read(), held(3, other));
    then(&scene.shelf, read(), held(3, other));
    let sent = format!("{{\"if\":3,\"slots\":{{{both}}}}}");
    let writes = method("PUT", "/rooms/main/deep/box")
        .header("x-shelf", "fake-shelf-token")
        .body("application/json", sent.as_bytes());
    then(&scene.shelf, writes, held(4, &both));
    then(&scene.shelf, read(), held(4, &both));
    scene
        .create()
        .expect_stderr(messages::delivered(PLACE))
        .exit(0);
}
