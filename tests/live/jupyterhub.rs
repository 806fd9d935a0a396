//! `JupyterHub` with the manifest that is built in.

use std::time::Duration;

use super::servers::{Live, Machine, hides};

/// Waits until a token of three seconds is over; only the hub's own clock can tell it that.
fn until_it_is_over() {
    std::thread::sleep(Duration::from_millis(3_500));
}

#[test]
fn jupyterhub_token_lifecycle_succeeds() {
    let Some(live) = Live::jupyterhub() else {
        return;
    };
    let machine = Machine::new();
    let host = live.url.split('/').nth(2).unwrap();
    let host = format!("host={host}");
    let who = ["jupyterhub", "--email", "bob", "--set", &host];
    let job = |code, secret: &str, words: &[&str]| {
        let credential = ("KEYWRIGHT_API_KEY", secret);
        machine.job(code, "jupyterhub", &live.url, credential, words)
    };
    let service = "fake-token-of-a-service-0123456789";
    job(0, service, &["api", "POST", "/users/bob"]);
    let taken = job(6, service, &["api", "POST", "/users/bob"]);
    assert!(taken.stderr.contains("already exists"), "{taken:#?}");

    machine.login(3, &live.url, &who, "wrong");
    machine.login(0, &live.url, &who, "fake-password");
    assert_eq!(machine.json(&["keys", "verify"])["identity"], "bob");

    let made = machine.json(&[
        "keys",
        "create",
        "ci",
        "--scope",
        "read:users!user",
        "--expires",
        "1h",
    ]);
    let (id, secret) = (
        made["id"].as_str().unwrap(),
        made["secret"].as_str().unwrap(),
    );
    assert!(made["expires_at"].is_string(), "{made}");
    let listed = machine.json(&["keys", "list"]);
    let names: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["name"].as_str())
        .collect();
    assert!(names.contains(&Some("ci")), "{listed}");
    hides(&listed.to_string(), &[secret]);
    assert_eq!(machine.json(&["keys", "show", id])["name"], "ci");
    assert!(
        job(0, secret, &["keys", "verify"])
            .stdout
            .starts_with("valid (bob)")
    );
    // It may read its user, and nothing of tokens.
    job(4, secret, &["api", "GET", "/users/bob/tokens"]);
    let refused = machine.run(4, &["keys", "create", "x", "--scope", "admin:users"]);
    assert!(refused.stderr.contains("not held by"), "{refused:#?}");
    machine.run(2, &["keys", "rename", "ci", "deploy"]);

    let to = format!("file:{}", machine.path("new.key").display());
    machine.run(0, &["keys", "rotate", "ci", "--to", &to, "-y"]);
    let new = machine.file("new.key").trim().to_owned();
    assert!(
        job(3, secret, &["keys", "verify"])
            .stdout
            .starts_with("invalid")
    );
    job(0, &new, &["keys", "verify"]);
    machine.run(0, &["keys", "revoke", "ci", "-y"]);
    job(3, &new, &["keys", "verify"]);
    machine.run(5, &["keys", "revoke", "ci", "-y"]);

    let short = machine.json(&["keys", "create", "short", "--expires", "3s"]);
    let secret = short["secret"].as_str().unwrap();
    until_it_is_over();
    assert!(
        job(3, secret, &["keys", "verify"])
            .stdout
            .starts_with("invalid")
    );
    let shown = machine.json(&[
        "api",
        "GET",
        &format!("/users/bob/tokens/{}", short["id"].as_str().unwrap()),
    ]);
    assert!(shown["expires_at"].is_string(), "{shown}");
}
