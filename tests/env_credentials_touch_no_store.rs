//! With a credential from the environment no store is opened and no bus is looked for: a tracer sees what is touched.

use serde_json::json;

use crate::support::programs::{Folder, program, programs_available, run};
use crate::support::server::{self, Server, get};

const TOKEN: &str = "fake-token-0123456789";
const KEY: &str = "fake-key-0123456789";

/// The files and sockets that a command opens, as strace tells them.
fn touched(home: &Folder, server: &Server, args: &[&str]) -> String {
    let trace = home.path().join("trace");
    let mut command = program("strace");
    command
        .args(["-f", "-qq", "-e", "trace=connect,open,openat,openat2", "-o"])
        .arg(&trace)
        .arg(env!("CARGO_BIN_EXE_keywright"))
        .args(args)
        .env("HOME", home.path())
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .env("KEYWRIGHT_BASE_URL", server.url())
        .env("KEYWRIGHT_TOKEN", TOKEN)
        .env("KEYWRIGHT_API_KEY", KEY);
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
        let trace = touched(&home, &server, args);
        for unwanted in ["AF_UNIX", "store.age", "credentials.json", "/nowhere/bus"] {
            assert!(
                !trace.contains(unwanted),
                "{args:?}: {unwanted} in\n{trace}"
            );
        }
    }
}
