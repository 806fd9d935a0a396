//! Neon: a revocation is believed when the answer says so, and a key of one project stays one.

use serde_json::{Value, json};

use crate::support::home::{TestEnv, key};
use crate::support::run::ci;
use crate::support::server::{self, Server, delete, get, post};

const OWN: &str = "napi_fake000000000000000000000000000001";
const NEW: &str = "napi_fake000000000000000000000000000002";

fn item(id: u64, name: &str) -> Value {
    json!({
        "id": id, "name": name, "created_at": "2026-10-21T12:00:00Z",
        "created_by": { "id": "u-1", "name": "Ada", "image": "" },
        "last_used_at": "2026-11-19T12:00:00Z", "last_used_from_addr": "192.0.2.1",
    })
}

#[test]
fn a_key_is_shown_from_the_list_by_its_number() {
    let server = Server::with(
        get("/api_keys").bearer(OWN),
        server::json(200, &json!([item(7, "ci"), item(8, "laptop")])),
    );
    let done = ci("neon", &server, ["keys", "show", "8", "--json"])
        .key(OWN)
        .any_stdout()
        .exit(0);
    assert_eq!(done.json()["name"], "laptop");
    assert_eq!(done.json()["last_used_at"], "2026-11-19T12:00:00Z");
}

#[test]
fn an_answer_that_does_not_say_so_is_no_revocation() {
    for (revoked, code) in [(true, 0), (false, 1)] {
        let server = Server::with(
            get("/api_keys").bearer(OWN),
            server::json(200, &json!([item(7, "ci")])),
        );
        server
            .expect(delete("/api_keys/7").bearer(OWN))
            .answer(server::json(
                200,
                &json!({ "id": 7, "name": "ci", "revoked": revoked }),
            ));
        ci("neon", &server, ["keys", "revoke", "ci", "-y"])
            .key(OWN)
            .any_stderr()
            .exit(code);
    }
}

#[test]
fn a_key_of_one_project_is_replaced_by_one_of_that_project() {
    let server = Server::new();
    let home = TestEnv::new();
    let org = [("org", "org-1")];
    home.log_in_as("neon-org", "neon-org", &server.url(), &org, &[key(OWN)]);
    let mut old = item(7, "shop");
    old["project_id"] = json!("shop-1");
    let list = "/organizations/org-1/api_keys";
    server
        .expect(get(list).bearer(OWN))
        .answer(server::json(200, &json!([old])));
    server
        .expect(
            post(list)
                .bearer(OWN)
                .json(&json!({ "key_name": "shop", "project_id": "shop-1" })),
        )
        .answer(server::json(
            200,
            &json!({ "id": 9, "key": NEW, "name": "shop", "project_id": "shop-1" }),
        ));
    // It may not see the keys of the organisation. The old secret is not known here, and so the list decides, before
    // the key is delivered and before the old one is revoked.
    for _ in 0..2 {
        server.expect(get(list).bearer(NEW)).answer(server::json(
            403,
            &json!({ "code": "", "message": "not allowed" }),
        ));
        server
            .expect(get(list).bearer(OWN))
            .answer(server::json(200, &json!([old, item(9, "shop")])));
    }
    server
        .expect(delete("/organizations/org-1/api_keys/7").bearer(OWN))
        .answer(server::json(200, &json!({ "id": 7, "revoked": true })));
    home.run(["keys", "rotate", "shop", "-y", "--to", "file:shop.key"])
        .stderr_has("warning: the new key is restricted\n")
        .exit(0);
    assert_eq!(home.read("work/shop.key"), Some(format!("{NEW}\n")));
}
