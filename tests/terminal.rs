//! What a person sees at a real terminal while work is under way.

use serde_json::json;

use crate::support::fake::jwt;
use crate::support::programs::{Folder, all_there, program, run};
use crate::support::server::{self, Server, get, post};

const KEYS: &str = "/api/v1/accounts/user/api-keys/";

#[test]
fn bulk_work_shows_how_far_it_is_and_leaves_no_line_behind() {
    if !all_there(&["script"]) {
        return;
    }
    let token = jwt("schatzi", 10 * 365 * 86_400);
    let keys = ["a", "b", "c"].map(|name| json!({ "id": name, "name": name }));
    let server = Server::with(
        get(KEYS).bearer(&token),
        server::json(200, &json!(keys.to_vec())),
    );
    let revoke = |name: &str| post(&format!("{KEYS}{name}/revoke/")).bearer(&token);
    server.expect(revoke("a")).answer(server::empty(204));
    // The second one takes a while.
    server
        .expect(revoke("b"))
        .answer(server::json(429, &json!({})).header("retry-after", "1"));
    server.expect(revoke("b")).answer(server::empty(204));
    server.expect(revoke("c")).answer(server::empty(204));
    let home = Folder::new();
    let mut script = program("script");
    script
        .args([
            "-qec",
            concat!(
                env!("CARGO_BIN_EXE_keywright"),
                " keys revoke a b c --yes; echo the end"
            ),
            "/dev/null",
        ])
        .env("TERM", "xterm")
        .env("COLUMNS", "80")
        .env("KEYWRIGHT_CONFIG_DIR", home.path().join("config"))
        .env("KEYWRIGHT_STATE_DIR", home.path().join("state"))
        .env("HOME", home.path())
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .env("KEYWRIGHT_BASE_URL", server.url())
        .env("KEYWRIGHT_TOKEN", &token);
    let ended = run(&mut script);
    let screen = &ended.stdout;
    assert!(screen.contains("revoking [======>"), "{screen}");
    assert!(screen.contains("] 1/3"), "{screen}");
    for line in ["revoked `a`\r\n", "revoked `b`\r\n", "revoked `c`\r\n"] {
        assert!(screen.contains(line), "{screen}");
    }
    // The bar is wiped before anything else is written.
    assert!(screen.contains("\r\x1b[2Kthe end\r\n"), "{screen}");
}
