//! `OpenBao` with the manifests that are built in: userpass, the identity of a job, and `AppRole`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::servers::{Live, Machine, hides};
use crate::support::jwt::{PUBLIC_KEY, signed};

pub(super) const AUDIENCE: &str = "https://bao.example.com";

/// Sends a request with the root token.
fn configure(machine: &Machine, live: &Live, path: &str, body: &Value) {
    let words = ["api", "POST", path, "-d", &body.to_string()];
    let root = ("KEYWRIGHT_API_KEY", "root");
    machine.job(0, "openbao", &live.url, root, &words);
}

/// Lets the server trust identities that the tests sign.
pub(super) fn trust_jobs(machine: &Machine, live: &Live, policy: &str) {
    configure(machine, live, "/v1/sys/auth/jwt", &json!({ "type": "jwt" }));
    let key = STANDARD.encode(PUBLIC_KEY);
    let key = format!("-----BEGIN PUBLIC KEY-----\n{key}\n-----END PUBLIC KEY-----\n");
    let trusted = json!({ "jwt_validation_pubkeys": [key], "jwt_supported_algs": ["EdDSA"] });
    configure(machine, live, "/v1/auth/jwt/config", &trusted);
    let role = json!({
        "role_type": "jwt",
        "bound_audiences": [AUDIENCE],
        "user_claim": "sub",
        "token_policies": [policy],
        "token_ttl": "60s",
    });
    configure(machine, live, "/v1/auth/jwt/role/deploy", &role);
}

/// The identity token of a job, which expires so many seconds from now.
#[expect(
    clippy::disallowed_methods,
    reason = "the server goes by the machine's clock"
)]
pub(super) fn identity(audience: &str, lifetime: i64) -> String {
    let now = Timestamp::now().as_second();
    signed(&json!({
        "iss": "https://ci.example.com",
        "sub": "repo:acme/site",
        "aud": audience,
        "iat": now - 600,
        "exp": now + lifetime,
    }))
}

/// Lets a policy do everything that a manifest does with tokens and secret IDs.
fn allow(machine: &Machine, live: &Live) {
    let all = "capabilities = [\"create\", \"read\", \"update\", \"delete\", \"list\", \"sudo\"]";
    let policy = format!("path \"auth/*\" {{ {all} }}");
    let body = json!({ "policy": policy });
    configure(machine, live, "/v1/sys/policies/acl/keys", &body);
}

#[test]
fn openbao_token_lifecycle_succeeds() {
    let Some(live) = Live::openbao() else {
        return;
    };
    let machine = Machine::new();
    allow(&machine, &live);
    let userpass = json!({ "type": "userpass" });
    configure(&machine, &live, "/v1/sys/auth/userpass", &userpass);
    let ada = json!({ "password": "fake-password", "token_policies": ["keys"] });
    configure(&machine, &live, "/v1/auth/userpass/users/ada", &ada);
    let host = live.url.split('/').nth(2).unwrap();
    let host = format!("host={host}");
    let who = ["openbao", "--email", "ada", "--set", &host];
    machine.login(3, &live.url, &who, "wrong");
    machine.login(0, &live.url, &who, "fake-password");
    assert_eq!(machine.json(&["whoami"])["identity"], "userpass-ada");
    machine.run(0, &["refresh"]);

    let words = ["keys", "create", "ci", "--scope", "keys", "--expires", "1h"];
    let made = machine.json(&words);
    let (id, secret) = (
        made["id"].as_str().unwrap(),
        made["secret"].as_str().unwrap(),
    );
    assert_eq!(made["changed"], json!([]), "{made}");
    let shown = machine.json(&["keys", "show", id]);
    assert_eq!(shown["name"], "ci");
    assert!(shown["scopes"].to_string().contains("keys"), "{shown}");
    hides(&machine.json(&["keys", "list"]).to_string(), &[secret]);
    let job = |code, secret: &str, words: &[&str]| {
        let credential = ("KEYWRIGHT_API_KEY", secret);
        machine.job(code, "openbao", &live.url, credential, words)
    };
    job(0, secret, &["keys", "verify"]);

    let to = format!("file:{}", machine.path("new.key").display());
    machine.run(0, &["keys", "rotate", "ci", "--to", &to, "-y"]);
    let new = machine.file("new.key").trim().to_owned();
    job(3, secret, &["keys", "verify"]);
    job(0, &new, &["keys", "verify"]);
    machine.run(0, &["keys", "revoke", "ci", "-y"]);
    job(3, &new, &["keys", "verify"]);
    let capped = machine.run(0, &["keys", "create", "long", "--expires", "9000h"]);
    let warning = "warning: openbao changed the expiry";
    assert!(capped.stderr.starts_with(warning), "{capped:#?}");
    let login = machine.run(0, &["token"]).stdout;
    machine.run(0, &["logout", "--revoke"]);
    let words = ["api", "GET", "/v1/auth/token/lookup-self"];
    let spent = ("KEYWRIGHT_TOKEN", login.trim());
    machine.job(4, "openbao", &live.url, spent, &words);
}

#[test]
fn openbao_job_needs_no_key() {
    let Some(live) = Live::openbao() else {
        return;
    };
    let machine = Machine::new();
    allow(&machine, &live);
    trust_jobs(&machine, &live, "keys");
    let before = std::fs::read_dir(machine.path("state")).map_or(0, Iterator::count);
    let job = |code, token: &str, words: &[&str]| {
        let mut command = machine.keywright(words);
        command
            .env("KEYWRIGHT_PROVIDER", "openbao")
            .env("KEYWRIGHT_BASE_URL", &live.url)
            .env("KEYWRIGHT_VAR_ROLE", "deploy")
            .env("KEYWRIGHT_VAR_AUDIENCE", AUDIENCE)
            .env("KEYWRIGHT_IDENTITY", "env:JOB_TOKEN")
            .env("JOB_TOKEN", token);
        super::servers::ends_with(code, &mut command)
    };
    let good = identity(AUDIENCE, 600);
    let who = job(0, &good, &["whoami", "--json"]);
    let who: Value = serde_json::from_str(&who.stdout).unwrap();
    assert_eq!(who["identity"], "jwt-repo:acme/site");
    assert_eq!(
        who["decided_by"],
        "KEYWRIGHT_PROVIDER, identity env:JOB_TOKEN"
    );
    assert!(job(0, &good, &["token"]).stdout.starts_with("s."));
    job(0, &good, &["api", "GET", "/v1/auth/token/lookup-self"]);
    let after = std::fs::read_dir(machine.path("state")).map_or(0, Iterator::count);
    assert_eq!(before, after);

    let other = job(3, &identity("elsewhere", 600), &["token"]);
    let hint = "the identity token is for the audience `elsewhere`, and the manifest names";
    assert!(other.stderr.contains(hint), "{other:#?}");
    let late = job(3, &identity(AUDIENCE, -3600), &["token"]);
    assert!(late.stderr.contains("expired at"), "{late:#?}");
    let mut tampered = good.clone();
    tampered.replace_range(good.len() - 8.., "AAAAAAAA");
    hides(&job(3, &tampered, &["token"]).stderr, &[&tampered]);
}

#[test]
fn approle_secret_id_is_rotated() {
    let Some(live) = Live::openbao() else {
        return;
    };
    let machine = Machine::new();
    allow(&machine, &live);
    let method = json!({ "type": "approle" });
    configure(&machine, &live, "/v1/sys/auth/approle", &method);
    let role = json!({ "token_policies": ["keys"], "token_ttl": "5m", "secret_id_ttl": "24h" });
    configure(&machine, &live, "/v1/auth/approle/role/ci", &role);
    let read = |words: &[&str]| -> Value {
        let root = ("KEYWRIGHT_API_KEY", "root");
        let ended = machine.job(0, "openbao", &live.url, root, words);
        serde_json::from_str(&ended.stdout).unwrap()
    };
    let id = read(&["api", "GET", "/v1/auth/approle/role/ci/role-id"]);
    let made = read(&[
        "api",
        "POST",
        "/v1/auth/approle/role/ci/secret-id",
        "-d",
        "{}",
    ]);
    let secret = made["data"]["secret_id"].as_str().unwrap();

    let host = live.url.split('/').nth(2).unwrap();
    let (host, role_id) = (
        format!("host={host}"),
        format!("role_id={}", id["data"]["role_id"].as_str().unwrap()),
    );
    let words = [
        "openbao-approle",
        "--with-key",
        "--set",
        &host,
        "--set",
        "role=ci",
        "--set",
        &role_id,
    ];
    machine.login(3, &live.url, &words, "fake-secret-id");
    machine.login(0, &live.url, &words, secret);
    machine.run(0, &["exchange"]);
    assert_eq!(machine.json(&["keys", "verify"])["result"], "valid");
    let listed = machine.json(&["keys", "list"]);
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");

    let made = machine.json(&["keys", "create", "deploy", "--expires", "1h"]);
    assert_eq!(made["changed"], json!([]), "{made}");
    let to = format!("file:{}", machine.path("new.key").display());
    machine.run(0, &["keys", "rotate", "deploy", "--to", &to, "-y"]);
    let old = made["id"].as_str().unwrap();
    machine.run(5, &["keys", "show", old]);
    let refused = machine.run(1, &["keys", "create", "long", "--expires", "72h"]);
    assert!(refused.stderr.contains("secret_id_ttl"), "{refused:#?}");
    machine.run(0, &["keys", "revoke", "deploy", "-y"]);
    let listed = machine.json(&["keys", "list"]);
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
}

/// Returns the fields of a secret of the KV v2 engine, and the status of the answer.
fn fields(machine: &Machine, live: &Live, path: &str, code: u8) -> Value {
    let path = format!("/v1/secret/data/{path}");
    let root = ("KEYWRIGHT_API_KEY", "root");
    let read = machine.job(code, "openbao", &live.url, root, &["api", "GET", &path]);
    let answer: Value = serde_json::from_str(&read.stdout).unwrap_or_default();
    answer["data"]["data"].clone()
}

#[test]
fn openbao_destination_is_written_and_restored() {
    let Some(live) = Live::openbao() else {
        return;
    };
    let machine = Machine::new();
    let sandbox = |code, words: &[&str]| {
        let mut command = machine.keywright(&[&["--sandbox", "-y"], words].concat());
        command
            .env("VAULT_ADDR", &live.url)
            .env("VAULT_TOKEN", "root");
        super::servers::ends_with(code, &mut command)
    };
    let other = json!({ "data": { "OTHER": "fake-other" } });
    configure(&machine, &live, "/v1/secret/data/team/app", &other);
    let place = "vault:secret/team/app#API_KEY";
    sandbox(0, &["keys", "create", "one", "--to", place]);
    let first = fields(&machine, &live, "team/app", 0);
    assert_eq!(first["OTHER"], "fake-other");
    let old = first["API_KEY"].as_str().unwrap();
    let to = ["--to", place, "--to", "vault:secret/fresh#API_KEY"];
    let words = [&["keys", "rotate", "one", "--grace", "1h"], &to[..]].concat();
    let rotated = sandbox(0, &words);
    hides(
        &format!("{}{}", rotated.stdout, rotated.stderr),
        &[old, "fake-other"],
    );
    let second = fields(&machine, &live, "team/app", 0);
    assert_eq!(second["OTHER"], "fake-other");
    let new = second["API_KEY"].as_str().unwrap();
    assert_ne!(new, old);
    assert_eq!(
        fields(&machine, &live, "fresh", 0),
        json!({ "API_KEY": new })
    );
    sandbox(0, &["rotations", "undo"]);
    assert_eq!(fields(&machine, &live, "team/app", 0), first);
    assert_eq!(fields(&machine, &live, "fresh", 5), Value::Null);

    // A token that may only read is found out before a key exists.
    let policy = json!({ "policy": "path \"secret/data/*\" { capabilities = [\"read\"] }" });
    configure(&machine, &live, "/v1/sys/policies/acl/reads", &policy);
    let token = json!({ "id": "fake-reads", "policies": ["reads"] });
    configure(&machine, &live, "/v1/auth/token/create", &token);
    let mut command = machine.keywright(&["--sandbox", "keys", "create", "two", "--to", place]);
    command
        .env("VAULT_ADDR", &live.url)
        .env("VAULT_TOKEN", "fake-reads");
    let refused = super::servers::ends_with(9, &mut command);
    assert!(
        refused.stderr.contains("may not read and write it"),
        "{refused:#?}"
    );
}
