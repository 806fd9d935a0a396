//! State that machines share, in the real `OpenBao`: the store `vault`, logins of the engine, and its refusals.

use std::process::Command;

use serde_json::{Value, json};

use super::servers::{Live, Machine, ends_with};
use crate::support::programs::Ended;

/// A machine that shares the state at `secret/team`.
struct Sharing {
    machine: Machine,
    variables: Vec<(&'static str, String)>,
}

impl Sharing {
    fn new(live: &Live, login: &[(&'static str, &str)]) -> Self {
        let mut variables = vec![
            ("KEYWRIGHT_STATE", "vault:secret/team".to_owned()),
            ("VAULT_ADDR", live.url.clone()),
            ("KEYWRIGHT_STORE", "vault".to_owned()),
        ];
        variables.extend(
            login
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        Sharing {
            machine: Machine::new(),
            variables,
        }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = self.machine.keywright(words);
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        command
    }

    fn run(&self, code: u8, words: &[&str]) -> Ended {
        ends_with(code, &mut self.command(words))
    }
}

/// Sends a request to the engine with its root token.
fn configure(live: &Live, method: &str, path: &str, body: &Value) -> Value {
    let machine = Machine::new();
    let words = ["api", method, path, "-d", &body.to_string()];
    let root = ("KEYWRIGHT_API_KEY", "root");
    let ended = machine.job(0, "openbao", &live.url, root, &words);
    serde_json::from_str(&ended.stdout).unwrap_or_default()
}

/// Writes a policy and returns the `AppRole` that has it, as its two variables.
fn role(live: &Live, policy: &str) -> [(&'static str, String); 2] {
    let body = json!({ "policy": policy });
    configure(live, "POST", "/v1/sys/policies/acl/team", &body);
    let method = json!({ "type": "approle" });
    configure(live, "POST", "/v1/sys/auth/approle", &method);
    let body = json!({ "token_policies": ["team"], "token_ttl": "60s" });
    configure(live, "POST", "/v1/auth/approle/role/team", &body);
    let read = |method, path, field: &str| {
        let answer = configure(live, method, path, &json!({}));
        answer["data"][field].as_str().unwrap().to_owned()
    };
    let id = read("GET", "/v1/auth/approle/role/team/role-id", "role_id");
    let secret = read("POST", "/v1/auth/approle/role/team/secret-id", "secret_id");
    [("VAULT_ROLE_ID", id), ("VAULT_SECRET_ID", secret)]
}

/// Logs a machine in to the engine itself as its service, with a key that the engine then keeps.
fn log_in(one: &Sharing, live: &Live) {
    let path = one.machine.path("root.key");
    keywright::platform::files::write_public(&path, b"root\n").unwrap();
    let host = live.url.split('/').nth(2).unwrap();
    let host = format!("host={host}");
    let words = ["login", "openbao", "--with-key", "--set", &host];
    let words = [&words[..], &["--base-url", &live.url]].concat();
    let stdin = std::fs::File::open(path).unwrap();
    ends_with(0, one.command(&words).stdin(stdin));
}

#[test]
fn shared_store_keeps_login_for_machines() {
    let Some(live) = Live::openbao() else {
        return;
    };
    let policy = r#"
path "secret/data/team/*" { capabilities = ["create", "read", "update"] }
path "secret/metadata/team/*" { capabilities = ["list", "delete"] }
"#;
    let login = role(&live, policy);
    let login: Vec<_> = login
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let (one, two) = (Sharing::new(&live, &login), Sharing::new(&live, &login));
    log_in(&one, &live);
    let config = one.machine.file("config/config.toml");
    let path = two.machine.path("config/config.toml");
    keywright::platform::files::write_public(&path, config.as_bytes()).unwrap();
    assert_eq!(two.run(0, &["token"]).stdout, "root\n");
    two.run(0, &["keys", "verify"]);
    two.run(0, &["logout"]);
    one.run(3, &["token"]);
}
