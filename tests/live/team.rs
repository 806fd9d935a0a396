//! State that machines share, in the real `OpenBao`: the store `vault`, logins of the engine, and its refusals.

use std::process::Command;

use serde_json::{Value, json};

use super::openbao::{AUDIENCE, identity, trust_jobs};
use super::servers::{Live, Machine, ends_with};
use crate::support::programs::Ended;

/// A machine that shares the state at `secret/team`.
pub(super) struct Sharing {
    pub(super) machine: Machine,
    pub(super) variables: Vec<(&'static str, String)>,
}

impl Sharing {
    pub(super) fn new(live: &Live, login: &[(&'static str, &str)]) -> Self {
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

    pub(super) fn run(&self, code: u8, words: &[&str]) -> Ended {
        ends_with(code, &mut self.command(words))
    }
}

/// Sends a request to the engine with its root token.
pub(super) fn configure(live: &Live, method: &str, path: &str, body: &Value) -> Value {
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
    let methods = configure(live, "GET", "/v1/sys/auth", &json!({}));
    if methods["data"].get("approle/").is_none() {
        let method = json!({ "type": "approle" });
        configure(live, "POST", "/v1/sys/auth/approle", &method);
    }
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

/// The policy of `docs/team.md`, for the place of these tests.
pub(super) fn policy() -> String {
    policy_block(1)
}

/// The block of that number in `docs/team.md`.
fn policy_block(number: usize) -> String {
    let page = include_str!("../../docs/team.md");
    let policy = page.split("```hcl\n").nth(number).unwrap();
    let policy = policy.split("```").next().unwrap();
    let policy = policy.replace("kv/data/keywright", "secret/data/team");
    policy.replace("kv/metadata/keywright", "secret/metadata/team")
}

/// Logs a machine in to the engine itself as its service, with a key that the engine then keeps.
pub(super) fn log_in(one: &Sharing, live: &Live) {
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
    let login = role(&live, &policy());
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

/// A key of the engine itself, and a machine that rotates it to a program, which is `script`.
fn rotates(one: &Sharing, live: &Live, script: &str) -> (Command, String) {
    let path = one.machine.path("take");
    keywright::platform::files::write_public(&path, script.as_bytes()).unwrap();
    let owner = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(&path, owner).unwrap();
    log_in(one, live);
    let made = one.run(0, &["keys", "create", "ci", "--expires", "1h", "--json"]);
    let made: Value = serde_json::from_str(&made.stdout).unwrap();
    let to = format!("exec:{}", path.display());
    let words = ["keys", "rotate", "ci", "--to", &to, "-y"];
    let old = made["secret"].as_str().unwrap().to_owned();
    (one.command(&words), old)
}

#[test]
fn killed_machine_is_followed_up() {
    let Some(live) = Live::openbao() else {
        return;
    };
    let root = [("VAULT_TOKEN", "root")];
    let (one, two) = (Sharing::new(&live, &root), Sharing::new(&live, &root));
    let (kept, killed) = (two.machine.path("new.key"), two.machine.path("killed"));
    // The first delivery kills the machine that makes it.
    let script = format!(
        "#!/bin/sh\nif [ ! -e {killed} ]; then touch {killed}; kill -9 $PPID; sleep 5; fi\ncat > {kept}\n",
        killed = killed.display(),
        kept = kept.display()
    );
    let (mut rotation, old) = rotates(&one, &live, &script);
    assert_eq!(crate::support::programs::run(&mut rotation).code, None);
    log_in(&two, &live);
    let listed = two.run(0, &["rotations", "--json"]);
    let listed: Value = serde_json::from_str(&listed.stdout).unwrap();
    let (began, held) = (&listed[0]["began_by"], &listed[0]["held_by"]);
    assert!(began["host"].is_string() && began == held, "{listed}");
    two.run(0, &["rotations", "resume", "-y"]);
    let new = two.machine.file("new.key");
    let job = |code, secret: &str| {
        let credential = ("KEYWRIGHT_API_KEY", secret);
        two.machine
            .job(code, "openbao", &live.url, credential, &["keys", "verify"]);
    };
    job(0, new.trim());
    job(3, &old);
    let log = one.run(0, &["rotations", "log", "--json"]);
    let log: Value = serde_json::from_str(&log.stdout).unwrap();
    let events: Vec<_> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["event"])
        .collect();
    assert_eq!(events.last().unwrap(), &"done");
    two.run(5, &["rotations", "resume"]);
}

#[test]
fn policy_gives_exactly_enough() {
    let Some(live) = Live::openbao() else {
        return;
    };
    let whole = policy();
    let enough = flow(&live, &whole);
    assert!(enough.is_none(), "{enough:#?}");
    for capability in ["create", "read", "update", "list", "delete"] {
        let less = whole.replace(&format!("\"{capability}\""), "\"deny-nothing\"");
        let less = less
            .replace("\"deny-nothing\", ", "")
            .replace(", \"deny-nothing\"", "");
        assert_ne!(less, whole);
        let failed = flow(&live, &less).unwrap_or_else(|| panic!("{capability} is not needed"));
        assert_eq!(failed.code, Some(9), "{failed:#?}");
        let named = format!("capabilities = [\"{capability}\"]");
        assert!(failed.stderr.contains(&named), "{capability}: {failed:#?}");
    }
}

#[test]
fn protected_log_lets_rotations_pass() {
    let Some(live) = Live::openbao() else {
        return;
    };
    let whole = [policy(), policy_block(2)].join("\n");
    let enough = flow(&live, &whole);
    assert!(enough.is_none(), "{enough:#?}");
}

/// Logs in, rotates a key and reads the log with this policy; returns the first command that fails.
fn flow(live: &Live, policy: &str) -> Option<Ended> {
    let login = role(live, policy);
    let login: Vec<_> = login
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let one = Sharing::new(live, &login);
    let path = one.machine.path("root.key");
    keywright::platform::files::write_public(&path, b"root\n").unwrap();
    let host = live.url.split('/').nth(2).unwrap();
    let (host, to) = (
        format!("host={host}"),
        format!("file:{}", one.machine.path("new.key").display()),
    );
    let login = [
        "login",
        "openbao",
        "--with-key",
        "--set",
        &host,
        "--base-url",
        &live.url,
    ];
    let name = uuid();
    let steps: [&[&str]; 6] = [
        &login,
        &["keys", "create", &name, "--expires", "1h"],
        &["keys", "rotate", &name, "--to", &to, "-y"],
        &["keys", "revoke", &name, "-y"],
        &["rotations", "log"],
        &["logout"],
    ];
    steps.iter().find_map(|words| {
        let stdin = std::fs::File::open(&path).unwrap();
        let ended = crate::support::programs::run(one.command(words).stdin(stdin));
        (!ended.ok).then_some(ended)
    })
}

/// A name that no other key has.
fn uuid() -> String {
    let name = keywright::store::SecretRef::fresh().unwrap();
    format!("ci-{}", &name.file_stem()[..12])
}

/// A machine that logs in to the engine with an identity.
fn with_identity(live: &Live, role: &str, source: &str, token: &str) -> Sharing {
    let login = [
        ("VAULT_AUTH_ROLE", role),
        ("KEYWRIGHT_STATE_IDENTITY", source),
        ("JOB_TOKEN", token),
    ];
    Sharing::new(live, &login)
}

#[test]
fn job_identity_opens_engine() {
    let Some(live) = Live::openbao() else {
        return;
    };
    let body = json!({ "policy": policy() });
    configure(&live, "POST", "/v1/sys/policies/acl/team", &body);
    trust_jobs(&Machine::new(), &live, "team");
    let good = with_identity(&live, "deploy", "env:JOB_TOKEN", &identity(AUDIENCE, 600));
    log_in(&good, &live);
    assert_eq!(good.run(0, &["token"]).stdout, "root\n");
    let expired = with_identity(&live, "deploy", "env:JOB_TOKEN", &identity(AUDIENCE, -300));
    let refused = expired.run(9, &["rotations"]).stderr;
    let wanted = format!(
        "OpenBao/Vault at `{}` refused the login at `auth/jwt/login`",
        live.url
    );
    assert!(refused.contains(&wanted), "{refused}");
}

#[test]
fn own_authority_is_trusted() {
    let Some(live) = Live::openbao_over_tls() else {
        return;
    };
    let authority = live.authority().display().to_string();
    let root = ("VAULT_TOKEN", "root");
    let trusting = Sharing::new(&live, &[root, ("VAULT_CACERT", &authority)]);
    trusting.run(0, &["rotations"]);
    let refused = Sharing::new(&live, &[root]).run(9, &["rotations"]).stderr;
    assert!(refused.contains("OpenBao/Vault at `https://"), "{refused}");
    assert!(refused.contains("certificate"), "{refused}");
    let missing = Sharing::new(&live, &[root, ("VAULT_CACERT", "none.pem")]);
    let refused = missing.run(9, &["rotations"]).stderr;
    assert!(refused.contains("VAULT_CACERT"), "{refused}");
}
