//! With a credential from the environment no store is opened and no bus is looked for: a tracer sees what is touched.

use serde_json::json;

use crate::support::programs::{Folder, program, programs_available, run};
use crate::support::server::{self, Server, get, post};

const TOKEN: &str = "fake-token-0123456789";
const KEY: &str = "fake-key-0123456789";

/// The files and sockets that a command opens, as strace tells them.
fn touched(home: &Folder, server: &Server, env: &[(&str, &str)], args: &[&str]) -> String {
    let trace = home.path().join("trace");
    let mut command = program("strace");
    command
        .args(["-f", "-qq", "-e", "trace=connect,open,openat,openat2", "-o"])
        .arg(&trace)
        .arg(env!("CARGO_BIN_EXE_keywright"))
        .args(args)
        .env("HOME", home.path())
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
        .env("KEYWRIGHT_BASE_URL", server.url())
        .envs(env.iter().copied());
    let ended = run(&mut command);
    assert!(ended.ok, "{args:?}: {}", ended.stderr);
    keywright::platform::files::read_text(&trace)
        .unwrap()
        .unwrap()
}

#[test]
fn environment_credential_opens_no_store() {
    if !programs_available(&["strace"]) {
        return;
    }
    for args in [
        &["token"][..],
        &["keys", "list"],
        &["keys", "verify"],
        &["api", "GET", "/v1/models"],
        &["exec", "--", "/bin/sh", "-c", ":"],
    ] {
        let home = Folder::new();
        let server = match args {
            ["token"] | ["exec", ..] => Server::new(),
            ["keys", "list"] => Server::with(
                get("/api/v1/accounts/user/api-keys/").bearer(TOKEN),
                server::json(200, &json!([])),
            ),
            ["api", ..] => Server::with(
                get("/v1/models").bearer(KEY).header("accept", "*/*"),
                server::json(200, &json!({})),
            ),
            _ => Server::with(get("/v1/models").bearer(KEY), server::json(200, &json!({}))),
        };
        let env = [
            ("KEYWRIGHT_PROVIDER", "schatzi"),
            ("KEYWRIGHT_TOKEN", TOKEN),
            ("KEYWRIGHT_API_KEY", KEY),
        ];
        let trace = touched(&home, &server, &env, args);
        no_store_is_in(&trace, args);
    }
}

fn no_store_is_in(trace: &str, args: &[&str]) {
    for unwanted in ["AF_UNIX", "store.age", "credentials.json", "/nowhere/bus"] {
        assert!(
            !trace.contains(unwanted),
            "{args:?}: {unwanted} in\n{trace}"
        );
    }
}

#[test]
fn environment_identity_opens_no_store() {
    if !programs_available(&["strace"]) {
        return;
    }
    for args in [
        &["token"][..],
        &["whoami"],
        &["exchange"],
        &["exchange", "--identity", "env:JOB_TOKEN"],
        &["exec", "--", "/bin/sh", "-c", ":"],
    ] {
        let (home, server) = (Folder::new(), Server::new());
        let body = json!({ "jwt": TOKEN });
        let auth = json!({ "auth": { "client_token": KEY, "lease_duration": 60 } });
        server
            .expect(post("/v1/auth/jwt/login").json(&body))
            .answer(server::json(200, &auth));
        if args == ["whoami"] {
            let who = json!({ "data": { "display_name": "jwt-ci" } });
            let wanted = get("/v1/auth/token/lookup-self").header("x-vault-token", KEY);
            server.expect(wanted).answer(server::json(200, &who));
        }
        let env = [
            ("KEYWRIGHT_PROVIDER", "openbao"),
            ("KEYWRIGHT_IDENTITY", "env:JOB_TOKEN"),
            ("JOB_TOKEN", TOKEN),
        ];
        let trace = touched(&home, &server, &env, args);
        no_store_is_in(&trace, args);
        let left = std::fs::read_dir(home.path()).unwrap();
        let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["trace"], "{args:?}");
    }
}
