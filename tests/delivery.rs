//! A new key goes where it was told to go, and what did not arrive is taken up again.

use serde_json::{Value, json};

use crate::support::fake::{SCHATZI_KEY, SIEVE_KEY, jwt};
use crate::support::home::{TestEnv, key, token};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Server, Wanted, get, post};
use crate::support::terminal::{Reply, Stdout};

const KEYS: &str = "/api/v1/accounts/user/api-keys/";

fn jwt_of() -> String {
    jwt("schatzi", 86_400)
}

fn listing() -> Wanted {
    get(KEYS).bearer(&jwt_of())
}

/// A server that creates one key, and a home logged in to it.
fn creating() -> (Server, TestEnv) {
    let server = Server::with(listing(), server::json(200, &json!([])));
    let creation = post("/api/v1/accounts/user/api-keys/create/")
        .bearer(&jwt_of())
        .json(&json!({ "name": "ci" }));
    server.expect(creation).answer(server::json(
        201,
        &json!({ "id": "k2", "name": "ci", "key": SCHATZI_KEY }),
    ));
    let home = logged_in(&server);
    (server, home)
}

fn logged_in(server: &Server) -> TestEnv {
    let home = TestEnv::new();
    home.log_in("schatzi", &server.url(), &[token(&jwt_of(), 86_400)]);
    home
}

fn create(home: &TestEnv, to: &[&str]) -> Run {
    let to = to.iter().flat_map(|to| ["--to", to]);
    home.run(["keys", "create", "ci"]).args(to)
}

#[test]
fn create_to_file_skips_stdout() {
    let (_server, home) = creating();
    create(&home, &["file:key.txt"])
        .expect_stderr(messages::delivered("file:[home]/work/key.txt"))
        .exit(0);
    assert_eq!(home.read("work/key.txt"), Some(format!("{SCHATZI_KEY}\n")));
}

#[test]
fn create_delivered_json_omits_secret() {
    let (_server, home) = creating();
    let answer = create(&home, &["dotenv:.env#API_KEY", "file:key.txt"])
        .args(["--json", "-q"])
        .json();
    assert_eq!(answer["secret"], Value::Null);
    assert_eq!(
        answer["delivered_to"],
        json!(["dotenv:.env#API_KEY", "file:key.txt"])
    );
    let dotenv = home.read("work/.env").unwrap();
    assert!(
        dotenv.contains(SCHATZI_KEY) && dotenv.starts_with("API_KEY="),
        "{dotenv}"
    );
}

#[test]
fn create_delivers_to_file_and_stdout() {
    let (_server, home) = creating();
    create(&home, &["file:key.txt", "stdout"])
        .expect_stdout(format!("{SCHATZI_KEY}\n"))
        .stderr_has(&messages::delivered("file:[home]/work/key.txt"))
        .exit(0);
}

#[test]
fn create_unusable_destination_fails_before_request() {
    let server = Server::new();
    let home = logged_in(&server);
    for to in [
        "file:nowhere/at/all/key",
        "dotenv:nowhere/.env#KEY",
        "exec:nosuch-program-of-mine",
    ] {
        create(&home, &[to])
            .stderr_has(messages::NOTHING_CREATED)
            .exit(9);
    }
    create(&home, &["cloud:x"])
        .stderr_has("`cloud:` is not a kind of destination")
        .exit(2);
}

#[test]
fn create_unclosed_dotenv_fails_before_request() {
    let server = Server::new();
    let home = logged_in(&server);
    home.write("work/.env", "A=1\nB=\"open\nAPI_KEY=old\n");
    private(&home, "work/.env");
    create(&home, &["dotenv:.env#API_KEY"])
        .stderr_has(
            "cannot write `API_KEY` to `[home]/work/.env`: the quote in line 2 is never closed",
        )
        .stderr_has("hint: close the quote in line 2 of `[home]/work/.env`")
        .stderr_has(messages::NOTHING_CREATED)
        .exit(9);
    assert_eq!(
        home.read("work/.env").as_deref(),
        Some("A=1\nB=\"open\nAPI_KEY=old\n")
    );
}

fn private(home: &TestEnv, name: &str) {
    use std::os::unix::fs::PermissionsExt;
    let path = home.path().join(name);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn resume_unprinted_key_prints_once() {
    let (server, home) = creating();
    server
        .expect(get("/v1/models").bearer(SCHATZI_KEY))
        .times(2)
        .answer(server::json(200, &json!({ "data": [] })));
    create(&home, &[])
        .sink(Stdout::Full)
        .stderr_has(&messages::stdout_refused("ci"))
        .exit(10);
    let done = home.run(["rotations", "--json"]).json_stdout().exit(0);
    let told = done.json()[0].clone();
    assert_eq!(told["profile"], "schatzi");
    assert_eq!(told["new"], "k2");
    for field in ["id", "state", "old", "strategy", "steps", "next"] {
        assert!(told.as_object().unwrap().contains_key(field), "{told}");
    }
    let steps: Vec<(&str, &str)> = told["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| {
            let pending = step["state"] != "done";
            assert!(pending || step["at"] == "2026-11-20T12:00:00Z", "{step}");
            (
                step["step"].as_str().unwrap(),
                step["state"].as_str().unwrap(),
            )
        })
        .collect();
    let wanted = [
        ("intend", "done"),
        ("create", "done"),
        ("keep", "done"),
        ("deliver to stdout", "started"),
        ("clean up", "pending"),
    ];
    assert_eq!(steps, wanted);
    let id = told["id"].as_str().unwrap();
    home.run(["rotations", "show", id])
        .stdout_has(&format!("id        {id}\n"))
        .stdout_has(&format!("keywright rotations resume {id}"))
        .exit(0);

    home.run(["rotations", "resume", id])
        .sink(Stdout::Full)
        .stderr_has("is not lost: the test keyring keeps it")
        .exit(10);
    home.run(["rotations", "resume"])
        .expect_stdout(format!("{SCHATZI_KEY}\n"))
        .exit(0);
    assert!(!home.keychain.values().contains(&SCHATZI_KEY.to_owned()));
    home.run(["rotations"])
        .expect_stderr(messages::NOTHING_UNFINISHED)
        .exit(0);
    home.run(["rotations", "resume", id])
        .stderr_has(&format!("no unfinished rotation with id `{id}`"))
        .exit(5);
}

#[test]
fn resume_rejected_key_is_not_delivered() {
    let (server, home) = creating();
    create(&home, &[])
        .sink(Stdout::Full)
        .stderr_has(&messages::stdout_refused("ci"))
        .exit(10);
    server
        .expect(get("/v1/models").bearer(SCHATZI_KEY))
        .times(7)
        .answer(server::json(401, &json!({ "error": { "message": "no" } })));
    home.run(["rotations", "resume", "-y"])
        .expect_stdout("")
        .stderr_has("; it was not handed over")
        .stderr_has("hint: to abort it: keywright rotations abort 2026")
        .exit(10);
}

#[test]
#[cfg(unix)]
fn create_cleanup_failure_only_warns() {
    let (_server, home) = creating();
    // The delivery cannot be remembered: a folder is in the way.
    std::fs::create_dir_all(home.path().join("state/delivered.json")).unwrap();
    create(&home, &[])
        .expect_stdout(format!("{SCHATZI_KEY}\n"))
        .stderr_has("warning: the key was handed over, but its record could not be closed: ")
        .exit(0);
    std::fs::remove_dir(home.path().join("state/delivered.json")).unwrap();
    // Nothing is printed or asked once more.
    home.run(["rotations", "resume"]).expect_stdout("").exit(0);
    home.run(["rotations"])
        .expect_stderr(messages::NOTHING_UNFINISHED)
        .exit(0);
}

#[test]
fn abort_revokes_unprinted_key() {
    let (server, home) = creating();
    create(&home, &[])
        .sink(Stdout::Full)
        .stderr_has(&messages::stdout_refused("ci"))
        .exit(10);
    server
        .expect(post("/api/v1/accounts/user/api-keys/k2/revoke/").bearer(&jwt_of()))
        .answer(server::empty(204));
    home.run(["rotations", "abort"])
        .asked_in_a_pipe()
        .reply(Reply::Confirm(true))
        .stderr_has(&messages::revoked_new("k2"))
        .exit(0);
    assert!(!home.keychain.values().contains(&SCHATZI_KEY.to_owned()));
}

#[test]
fn resume_yes_revokes_unknown_key() {
    let server = Server::with(listing(), server::json(200, &json!([])));
    let creation = post("/api/v1/accounts/user/api-keys/create/")
        .bearer(&jwt_of())
        .json(&json!({ "name": "ci" }));
    server.expect(creation).answer(server::hang_up());
    let stranger = json!([{ "id": "k7", "name": "ci" }]);
    server
        .expect(listing())
        .times(2)
        .answer(server::json(200, &stranger));
    server
        .expect(post("/api/v1/accounts/user/api-keys/k7/revoke/").bearer(&jwt_of()))
        .answer(server::empty(204));
    let home = logged_in(&server);
    create(&home, &[])
        .stderr_has(messages::SECRET_LOST)
        .exit(10);
    home.run(["rotations", "resume", "--yes"])
        .stderr_has(&messages::revoked_lost("ci"))
        .exit(0);
    home.run(["rotations"])
        .expect_stderr(messages::NOTHING_UNFINISHED)
        .exit(0);
}

#[test]
fn create_delivers_to_profile_login() {
    let (server, home) = creating();
    home.log_in_as(
        "calls",
        "schatzi",
        &server.url(),
        &[],
        &[key("sk-fake-schatzi-old")],
    );
    create(&home, &["profile:calls"])
        .stderr_has(&messages::delivered("profile:calls"))
        .exit(0);
    assert_eq!(home.kept("calls", "key").as_deref(), Some(SCHATZI_KEY));
}

#[cfg(unix)]
#[test]
fn exec_destination_gets_key_via_stdin() {
    let (_server, home) = creating();
    create(
        &home,
        &["exec:/bin/sh -c 'cat > got; env > environment; echo \"$@\" > arguments' sh"],
    )
    .env("KEYWRIGHT_STORE_KEY", "AGE-SECRET-KEY-FAKE")
    .env("PATH", "/usr/bin:/bin")
    .stderr_has("delivered to `exec:")
    .exit(0);
    assert_eq!(home.read("work/got").unwrap().trim_end(), SCHATZI_KEY);
    for other in ["work/environment", "work/arguments"] {
        let text = home.read(other).unwrap();
        assert!(
            !text.contains(SCHATZI_KEY) && !text.contains("AGE-SECRET"),
            "{other}: {text}"
        );
    }
}

#[test]
fn github_output_masks_delivered_key() {
    let (_server, home) = creating();
    let outputs = home.write("outputs", "");
    create(&home, &["github-output:KEY"])
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_OUTPUT", &outputs.display().to_string())
        .expect_stdout(format!("::add-mask::{SCHATZI_KEY}\n"))
        .stderr_has(&messages::delivered("github-output:KEY"))
        .exit(0);
    assert!(home.read("outputs").unwrap().contains(SCHATZI_KEY));
}

#[test]
fn single_key_create_updates_login() {
    let new = "gds_fake0000000000000000000000000002";
    let server = Server::with(
        post("/api/keys")
            .header("x-api-key", SIEVE_KEY)
            .json(&json!({ "name": "ci" })),
        server::json(201, &json!({ "key": new, "keyPrefix": "gds_fake" })),
    );
    let home = TestEnv::new();
    home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
    create(&home, &["file:key.txt"])
        .args(["-y"])
        .stderr_has(&messages::delivered("file:[home]/work/key.txt"))
        .exit(0);
    assert_eq!(home.read("work/key.txt"), Some(format!("{new}\n")));
    assert_eq!(home.kept("sieve", "key").as_deref(), Some(new));
}
