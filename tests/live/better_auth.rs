//! better-auth with its plugin for API keys.

use super::servers::{Live, Machine, hides, requests};

const WHO: [&str; 3] = ["better-auth", "--email", "ada@example.com"];

#[test]
fn better_auth_key_lifecycle_succeeds() {
    let Some(live) = Live::better_auth() else {
        return;
    };
    let machine = Machine::new();
    // The path is forgotten: an empty 404.
    let origin = live.url.trim_end_matches("/api/auth");
    let refused = machine.login(5, origin, &WHO, "wrong");
    assert!(
        refused.stderr.contains("check the base URL"),
        "{refused:#?}"
    );
    let refused = machine.login(3, &live.url, &WHO, "wrong");
    assert!(refused.stderr.contains("does not accept"), "{refused:#?}");
    let login = machine.login(0, &live.url, &WHO, "fake-password");
    assert!(login.stderr.contains("ada@example.com"), "{login:#?}");
    assert_eq!(
        machine.json(&["keys", "verify"])["identity"],
        "ada@example.com"
    );
    machine.run(0, &["profiles", "--check"]);

    // A key from its birth to its end.
    let made = machine.json(&["keys", "create", "ci", "--expires", "30d"]);
    let (id, secret) = (
        made["id"].as_str().unwrap(),
        made["secret"].as_str().unwrap(),
    );
    assert!(secret.starts_with("ba_"), "{made}");
    assert!(made["expires_at"].is_string(), "{made}");
    let listed = machine.json(&["keys", "list"]);
    assert_eq!(listed[0]["id"], id);
    hides(&listed.to_string(), &[secret]);
    machine.run(0, &["keys", "rename", "ci", "deploy"]);
    let shown = machine.json(&["keys", "show", id]);
    assert_eq!(
        (shown["name"].as_str(), shown["status"].as_str()),
        (Some("deploy"), Some("active"))
    );
    let key = |code, secret| {
        let credential = ("KEYWRIGHT_API_KEY", secret);
        let words = ["keys", "verify", "--json"];
        let ended = machine.job(code, "better-auth", &live.url, credential, &words);
        let verdict: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
        verdict["result"].as_str().unwrap().to_owned()
    };
    assert_eq!(key(0, secret), "valid");
    assert_eq!(key(3, "ba_fake"), "invalid");

    // Another in its place: five calls, and the old one is dead.
    let to = format!("file:{}", machine.path("new.key").display());
    let rotated = machine.run(0, &["keys", "rotate", "deploy", "--to", &to, "-y", "-v"]);
    assert_eq!(requests(&rotated).len(), 5, "{rotated:#?}");
    let new = machine.file("new.key").trim().to_owned();
    hides(&rotated.stderr, &[&new, secret]);
    assert_eq!(key(3, secret), "invalid");
    assert_eq!(key(0, &new), "valid");
    let listed = machine.json(&["keys", "list"]);
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(listed[0]["name"], "deploy");
    assert!(
        listed[0]["expires_at"].is_string(),
        "the end is carried over: {listed}"
    );
    assert!(listed[0]["last_used_at"].is_string(), "{listed}");

    // Switched off by a call that no command has.
    let body = format!("{{\"keyId\":{},\"enabled\":false}}", listed[0]["id"]);
    machine.run(0, &["api", "POST", "/api-key/update", "-d", &body]);
    assert_eq!(key(3, &new), "disabled");
    assert_eq!(
        machine.json(&["keys", "show", "deploy"])["status"],
        "disabled"
    );
    machine.run(0, &["keys", "revoke", "deploy", "-y"]);
    machine.run(5, &["keys", "revoke", "deploy", "-y"]);
    assert_eq!(machine.json(&["keys", "status"])["has_key"], false);

    // The session ends at the server; here it looks as if it lived for days.
    machine.run(0, &["api", "POST", "/sign-out", "-d", "{}"]);
    assert!(
        machine
            .run(3, &["keys", "verify"])
            .stdout
            .contains("invalid")
    );
    let refused = machine.run(3, &["keys", "list"]);
    assert!(
        refused
            .stderr
            .contains("hint: log in: keywright login better-auth --email"),
        "{refused:#?}"
    );
}

#[test]
fn better_auth_pages_and_limits_honoured() {
    let Some(live) = Live::better_auth() else {
        return;
    };
    let machine = Machine::new();
    machine.login(0, &live.url, &WHO, "fake-password");
    // One key a page: a list is read to its end.
    let small = machine
        .file("config/providers/better-auth.toml")
        .replace("size = 100", "size = 1");
    for name in ["a", "b", "c"] {
        machine.run(0, &["keys", "create", name, "--to", "exec:true"]);
    }
    machine.manifest("better-auth", &small);
    let ended = machine.run(0, &["keys", "list", "-v", "--json"]);
    let listed: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(listed.as_array().map(Vec::len), Some(3), "{listed}");
    assert_eq!(requests(&ended).len(), 3, "{ended:#?}");
    // The plugin takes 1 to 365 days and 32 characters; nothing else is sent.
    for words in [
        &["keys", "create", "x", "--expires", "366d"][..],
        &["keys", "create", "x", "--expires", "1h"],
        &[
            "keys",
            "create",
            "a name of more than thirty-two characters",
        ],
    ] {
        let refused = machine.run(2, &[words, &["-v"]].concat());
        assert_eq!(requests(&refused), Vec::<&str>::new());
    }
    machine.run(
        0,
        &[
            "keys",
            "create",
            "x",
            "--expires",
            "1d",
            "--to",
            "exec:true",
        ],
    );
    let prefixed = machine.run(0, &["-q", "keys", "create", "y", "--set", "prefix=ci_"]);
    assert!(prefixed.stdout.starts_with("ci_"), "{prefixed:#?}");
}

#[test]
fn better_auth_both_rate_limits_honoured() {
    let Some(live) = Live::better_auth() else {
        return;
    };
    let machine = Machine::new();
    for _ in 0..3 {
        machine.login(0, &live.url, &WHO, "fake-password");
    }
    // A login is not repeated: JSON that says it is text, and X-Retry-After.
    let refused = machine.login(7, &live.url, &[&WHO[..], &["-v"]].concat(), "fake-password");
    assert_eq!(requests(&refused).len(), 1, "{refused:#?}");
    assert!(refused.stderr.contains("Too many requests"), "{refused:#?}");
    assert!(
        refused.stderr.contains("hint: it asks to wait "),
        "{refused:#?}"
    );

    let key = machine.json(&["keys", "create", "ci"]);
    let credential = ("KEYWRIGHT_API_KEY", key["secret"].as_str().unwrap());
    let verify = |code, words: &[&str]| {
        let words = [&["keys", "verify", "-v"], words].concat();
        machine.job(code, "better-auth", &live.url, credential, &words)
    };
    // The sixth use in ten seconds: details/tryAgainIn.
    for _ in 0..5 {
        verify(0, &[]);
    }
    let refused = verify(7, &["--timeout", "2s"]);
    assert_eq!(requests(&refused).len(), 1, "{refused:#?}");
    assert!(
        refused.stderr.contains("hint: it asks to wait "),
        "{refused:#?}"
    );
    let patient = verify(0, &[]);
    assert_eq!(requests(&patient).len(), 2, "{patient:#?}");
    assert!(
        patient
            .stderr
            .contains("asked to slow down; trying again in"),
        "{patient:#?}"
    );
}
