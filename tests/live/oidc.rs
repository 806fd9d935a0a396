//! oidc-provider, which is certified for `OpenID` Connect: every grant, and what revokes it.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use super::servers::{Live, Machine, ends_with, hides};
use crate::support::programs::{Ended, program, run};

/// A client that authenticates itself.
const MACHINE: &str = r#"
manifest = 1
name = "NAME"
title = "oidc-provider"
about = "client credentials"
checked = "2026-11-28"

[servers.api]
url = "https://id.example.com"
auth = ["token"]

[credentials.client]
kind = "key"
title = "client key"
CLIENT

[credentials.token]
kind = "token"
title = "access token"
in = [{ header = { name = "Authorization", scheme = "Bearer" } }]

[credentials.token.verify]
request = { method = "GET", path = "/whoami" }
response = { identity = "/login" }

[credentials.token.revoke]
auth = ["client"]
request = { method = "POST", path = "/token/revocation", format = "form", body = [
  { at = "token", from = "credential.token" },
  MORE
] }

[operations.exchange]
auth = ["client"]
yields = "token"
request = { method = "POST", path = "/token", format = "form", body = [
  { at = "grant_type", value = "client_credentials" },
  MORE
] }
response = { token = { value = "/access_token", expires = { at = "/expires_in", as = "seconds" } } }
"#;

const SECRETIVE: &str = r#"in = [{ basic = { part = "password", other = "var.client_id", encoding = "form" } }]
[variables.client_id]
title = "client id"
default = "secretive""#;

const SIGNING: &str = r#"[[credentials.client.in]]
jwt = { alg = "EdDSA", in = { body = { at = "client_assertion" } }, claims = [
  { at = "/iss", value = "signing" },
  { at = "/sub", value = "signing" },
  { at = "/aud", from = "server.origin" },
  { at = "/jti", from = "random.uuid" },
  { at = "/iat", from = "now" },
  { at = "/exp", from = "now + 1m" },
] }"#;

const ASSERTED: &str = r#"{ at = "client_assertion_type", value = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" },"#;

const SECRET: &str = "fake+secret/of a %client";

/// The key of the client `signing`.
const KEY: &str = include_str!("../../src/authoring/replay/keys/ed25519.jwk");

/// Describes a client that authenticates itself, and logs in with its key.
pub(super) fn client(machine: &Machine, live: &Live, name: &str) {
    let (client, more, key) = match name {
        "signing" => (SIGNING, ASSERTED, KEY.trim()),
        _ => (SECRETIVE, "", SECRET),
    };
    let text = MACHINE.replace("NAME", name).replace("CLIENT", client);
    machine.manifest(name, &text.replace("MORE", more));
    machine.login(0, &live.url, &[name, "--with-key"], key);
}

fn token_of(machine: &Machine, name: &str) -> String {
    let token = machine.json(&["-p", name, "token"]);
    token["token"].as_str().unwrap().to_owned()
}

/// Returns whether the provider still knows a token.
fn is_known(machine: &Machine, live: &Live, token: &str) -> bool {
    let mut command = machine.keywright(&["keys", "verify", "--json"]);
    command
        .env("KEYWRIGHT_PROVIDER", "oidc")
        .env("KEYWRIGHT_BASE_URL", &live.url)
        .env("KEYWRIGHT_TOKEN", token);
    let ended = run(&mut command);
    assert!(matches!(ended.code, Some(0 | 3)), "{ended:#?}");
    ended.ok
}

/// A login that opens the browser, where a person does as `manner` says; the command ends with `code`.
fn log_in(code: u8, machine: &Machine, live: &Live, manner: &str) -> Ended {
    let (script, log) = (live.file("browser.mjs"), live.file("browser.log"));
    let (script, log) = (script.display(), log.display());
    let browser = format!("sh -c 'exec node {script} {manner} \"$0\" >{log} 2>&1'");
    let words = ["login", "oidc", "--web", "--timeout", "35s", "--base-url"];
    let mut command = machine.keywright(&words);
    let ended = run(command.arg(&live.url).env("BROWSER", browser));
    let seen = live.text("browser.log");
    assert_eq!(ended.code, Some(i32::from(code)), "{ended:#?}\n{seen}");
    ended
}

#[test]
fn oidc_browser_login_lifecycle_succeeds() {
    let Some(live) = Live::oidc_and_browser() else {
        return;
    };
    let machine = Machine::new();
    let login = log_in(0, &machine, &live, "");
    assert!(
        login.stderr.contains("logged in to oidc as ada until"),
        "{login:#?}"
    );
    let first = token_of(&machine, "oidc");
    assert!(is_known(&machine, &live, &first));

    // Each refresh token works once, and what a thief presents ends the session.
    let old = machine.path("old-state");
    run(program("/bin/cp")
        .arg("-r")
        .arg(machine.path("state"))
        .arg(&old));
    machine.run(0, &["refresh"]);
    let second = token_of(&machine, "oidc");
    assert_ne!(first, second);
    machine.run(0, &["refresh"]);
    let third = token_of(&machine, "oidc");
    let mut thief = machine.keywright(&["refresh"]);
    let refused = ends_with(3, thief.env("KEYWRIGHT_STATE_DIR", &old));
    assert!(refused.stderr.contains("log in again"), "{refused:#?}");
    let refused = machine.run(3, &["refresh"]);
    assert!(refused.stderr.contains("log in again"), "{refused:#?}");
    hides(&refused.stderr, &[&first, &second, &third]);
}

#[test]
fn oidc_browser_login_refused_stores_nothing() {
    let Some(live) = Live::oidc_and_browser() else {
        return;
    };
    let machine = Machine::new();
    for (manner, code, said) in [
        ("cancel", 4, "error: oidc refused to log in: "),
        ("other-login", 3, "its `state` is not the one that was sent"),
    ] {
        let refused = log_in(code, &machine, &live, manner);
        assert!(refused.stderr.contains(said), "{refused:#?}");
        assert!(
            refused.stderr.contains("nothing was stored"),
            "{refused:#?}"
        );
        machine.run(5, &["-p", "oidc", "whoami"]);
    }
}

#[test]
fn oidc_device_login_and_logout_succeed() {
    let Some(live) = Live::oidc_and_browser() else {
        return;
    };
    let machine = Machine::new();
    let mut command = machine.keywright(&["login", "oidc", "--device", "--base-url", &live.url]);
    let mut login = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(login.stderr.take().unwrap()).lines();
    let mut lines = lines.by_ref().map_while(Result::ok);
    let address = lines.find_map(|line| Some(line.strip_prefix("or open: ")?.to_owned()));
    let mut person = program("node");
    person.arg(live.file("browser.mjs")).arg(address.unwrap());
    let page = run(&mut person);
    assert!(page.stdout.contains("Sign-in Success"), "{page:#?}");
    let rest: Vec<String> = lines.collect();
    assert!(login.wait().unwrap().success(), "{rest:?}");
    assert!(
        rest.iter()
            .any(|line| line.contains("logged in to oidc as ada until")),
        "{rest:?}"
    );

    let token = token_of(&machine, "oidc");
    assert!(is_known(&machine, &live, &token));
    machine.run(0, &["logout", "--revoke"]);
    assert!(!is_known(&machine, &live, &token));
    machine.run(3, &["token"]);
}

#[test]
fn oidc_client_credentials_are_exchanged() {
    let Some(live) = Live::oidc() else { return };
    let machine = Machine::new();
    for name in ["secretive", "signing"] {
        client(&machine, &live, name);
        let token = token_of(&machine, name);
        assert_eq!(machine.json(&["-p", name, "whoami"])["identity"], name);
        assert!(is_known(&machine, &live, &token));
        machine.run(0, &["-p", name, "logout", "--revoke"]);
        assert!(!is_known(&machine, &live, &token));
    }
}

#[test]
fn oidc_metadata_of_other_issuer_refused() {
    let Some(live) = Live::oidc() else { return };
    let machine = Machine::new();
    let other = format!("{}/other", live.url);
    let words = ["login", "oidc", "--device", "--base-url", &other];
    let refused = machine.run(1, &words);
    assert!(refused.stderr.contains("is another one"), "{refused:#?}");
    machine.run(5, &["-p", "oidc", "whoami"]);
}
