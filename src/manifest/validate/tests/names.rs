//! Tests of names that nothing declares.

use super::{GOOD, has};

#[test]
fn undefined_name_suggests_near_one() {
    let declared = GOOD.replace(
        "servers.api = {",
        r#"servers.files = { url = "https://files.example.com" }
credentials.pair = { kind = "key", title = "pair", parts = [{ name = "user" }, { name = "secret" }], in = [{ basic = { part = "password", of = "secret", other = "credential.pair.user" } }] }
servers.api = {"#,
    );
    let list = r#"operations.list = { request = { method = "GET", path = "/keys" } }"#;
    for (from, to, path, near) in [
        (
            r#"auth = ["key"]"#,
            r#"auth = ["kye"]"#,
            "servers.api.auth",
            "key",
        ),
        (
            r#"path = "/keys""#,
            r#"path = "/keys", server = "file""#,
            "operations.list.request.server",
            "files",
        ),
        (
            r#"path = "/keys""#,
            r#"path = "/{var.ogr}/keys""#,
            "operations.list.request",
            "var.org",
        ),
        (
            r#"path = "/keys""#,
            r#"path = "/{org}/keys""#,
            "operations.list.request",
            "var.org",
        ),
        (
            r#"path = "/keys""#,
            r#"path = "/{nmae}/keys""#,
            "operations.list.request",
            "name",
        ),
        (
            r#"path = "/keys""#,
            r#"path = "/keys", query = [{ at = "k", from = "credential.kye" }]"#,
            "operations.list.request",
            "credential.key",
        ),
        (
            r#"path = "/keys""#,
            r#"path = "/keys", query = [{ at = "k", from = "credential.pair.user2" }]"#,
            "operations.list.request",
            "credential.pair.user",
        ),
        (
            r#"of = "secret""#,
            r#"of = "secrte""#,
            "credentials.pair.in.0",
            "secret",
        ),
        (
            list,
            r#"operations.list = { exclusive = [["name2"]], request = { method = "GET", path = "/keys" } }"#,
            "operations.list.exclusive.0",
            "name",
        ),
        (
            list,
            r#"operations.list = { before = [{ name = "who", request = { method = "GET", path = "/me" }, response = { capture = { team = "/team" } } }], request = { method = "GET", path = "/{step.who.taem}" } }"#,
            "operations.list.request",
            "step.who.team",
        ),
        (
            "operations.list",
            r#"operations.exchange = { yields = "kye", request = { method = "POST", path = "/t" }, response = { token = { value = "/t" } } }
operations.list"#,
            "operations.exchange.yields",
            "key",
        ),
    ] {
        assert!(declared.contains(from), "{from}");
        let text = declared.replacen(from, to, 1);
        has(|_| text.clone(), path, &format!("did you mean `{near}`? "));
    }
    let text = declared.replacen(r#"auth = ["key"]"#, r#"auth = ["session"]"#, 1);
    has(
        |_| text.clone(),
        "servers.api.auth",
        "session]: declare it, or name another",
    );
}
