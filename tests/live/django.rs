//! Django REST framework with simplejwt, whose tokens live for seconds, and with knox.

use std::time::Duration;

use super::servers::{Live, Machine, ends_with, requests};
use crate::support::programs::run;

const JWT: [&str; 3] = ["simplejwt", "--email", "ada"];
const KNOX: [&str; 3] = ["knox", "--email", "ada"];

/// Waits until an access token of five seconds is over; only the server's own clock can tell it that.
fn until_it_is_over() {
    std::thread::sleep(Duration::from_millis(5_500));
}

#[test]
fn simplejwt_tokens_refresh_until_blacklisted() {
    let Some(live) = Live::django(5, "1000/min") else {
        return;
    };
    let machine = Machine::new();
    machine.login(3, &live.url, &JWT, "wrong");
    machine.login(0, &live.url, &JWT, "fake-password");
    assert_eq!(machine.json(&["keys", "verify"])["result"], "valid");
    let first = machine.run(0, &["token"]).stdout.trim().to_owned();
    let job = |code, token: &str, words: &[&str]| {
        machine.job(
            code,
            "simplejwt",
            &live.url,
            ("KEYWRIGHT_TOKEN", token),
            words,
        )
    };
    assert_eq!(
        job(0, &first, &["api", "GET", "/api/me/"]).stdout,
        "{\"username\":\"ada\"}"
    );
    assert!(
        job(3, "fake", &["keys", "verify"])
            .stdout
            .starts_with("invalid")
    );

    until_it_is_over();
    // Nothing renews what a variable holds.
    let refused = job(3, &first, &["api", "GET", "/api/me/"]);
    assert!(
        refused
            .stderr
            .contains("hint: set another in KEYWRIGHT_TOKEN"),
        "{refused:#?}"
    );
    let second = machine.run(0, &["token"]).stdout.trim().to_owned();
    assert_ne!(first, second);
    job(0, &second, &["api", "GET", "/api/me/"]);

    until_it_is_over();
    // Eight at once: the refresh token works once, and all get an answer.
    let many: Vec<_> = (0..8)
        .map(|_| {
            let mut command = machine.keywright(&["api", "GET", "/api/me/", "-v"]);
            std::thread::spawn(move || run(&mut command))
        })
        .collect();
    for one in many {
        let ended = one.join().unwrap();
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(0), "{\"username\":\"ada\"}"),
            "{ended:#?}"
        );
    }
    machine.run(0, &["refresh"]);

    // Somebody else spends the refresh token: the state of a backup holds one that is black-listed.
    let backup = machine.path("backup");
    copy(&machine.path("state"), &backup);
    machine.run(0, &["refresh"]);
    std::fs::remove_dir_all(machine.path("state")).unwrap();
    copy(&backup, &machine.path("state"));
    // The token that it has still works, and is given with a warning; then there is nothing more.
    machine.run(0, &["-q", "token"]);
    until_it_is_over();
    let refused = machine.run(3, &["token"]);
    assert!(
        refused.stderr.contains("Token is blacklisted"),
        "{refused:#?}"
    );
    assert!(
        refused
            .stderr
            .contains("hint: log in again: keywright login simplejwt"),
        "{refused:#?}"
    );
    machine.login(0, &live.url, &JWT, "fake-password");
    machine.run(0, &["api", "GET", "/api/me/"]);
}

/// A copy of a folder, as a backup has it.
fn copy(from: &std::path::Path, to: &std::path::Path) {
    ends_with(
        0,
        crate::support::programs::program("/bin/cp")
            .arg("-a")
            .args([from, to]),
    );
}

#[test]
fn simplejwt_throttled_login_is_not_repeated() {
    let Some(live) = Live::django(300, "3/min") else {
        return;
    };
    let machine = Machine::new();
    for _ in 0..3 {
        machine.login(3, &live.url, &JWT, "wrong");
    }
    let refused = machine.login(7, &live.url, &[&JWT[..], &["-v"]].concat(), "fake-password");
    assert_eq!(requests(&refused).len(), 1, "{refused:#?}");
    assert!(
        refused.stderr.contains("Request was throttled"),
        "{refused:#?}"
    );
    assert!(
        refused.stderr.contains("hint: it asks to wait "),
        "{refused:#?}"
    );
    // Longer than the 30 s that a command waits: it does not begin to.
    let job = |words: &[&str]| {
        machine.job(
            7,
            "simplejwt",
            &live.url,
            ("KEYWRIGHT_TOKEN", "fake"),
            words,
        )
    };
    let refused = job(&["keys", "verify", "-v"]);
    assert_eq!(requests(&refused).len(), 1, "{refused:#?}");
}

#[test]
fn knox_token_limit_and_logout_honoured() {
    let Some(live) = Live::django(300, "1000/min") else {
        return;
    };
    let machine = Machine::new();
    let knox = format!("{}/knox", live.url);
    machine.login(3, &knox, &KNOX, "wrong");
    let profiles = ["one", "two", "three", "four", "five"];
    for profile in profiles {
        machine.login(
            0,
            &knox,
            &[&KNOX[..], &["-p", profile]].concat(),
            "fake-password",
        );
    }
    let sixth = machine.login(
        6,
        &knox,
        &[&KNOX[..], &["-p", "six"]].concat(),
        "fake-password",
    );
    assert!(
        sixth
            .stderr
            .contains("there are as many tokens as there may be"),
        "{sixth:#?}"
    );
    assert!(sixth.stderr.contains("hint: end all of them"), "{sixth:#?}");

    let shown = machine.run(0, &["-p", "one", "token", "--header"]).stdout;
    assert!(shown.starts_with("Authorization: Token kx_"), "{shown}");
    assert!(machine.json(&["-p", "one", "token"])["expires_at"].is_string());
    assert_eq!(
        machine.json(&["-p", "one", "keys", "verify"])["identity"],
        "ada"
    );
    // A logout at the server ends one token, then all.
    machine.run(0, &["-p", "one", "api", "POST", "/logout/"]);
    assert!(
        machine
            .run(3, &["-p", "one", "keys", "verify"])
            .stdout
            .starts_with("invalid")
    );
    machine.run(0, &["-p", "two", "keys", "verify"]);
    machine.run(0, &["-p", "two", "api", "POST", "/logoutall/"]);
    machine.run(3, &["-p", "three", "profiles", "--check"]);
    machine.run(3, &["-p", "three", "api", "GET", "/me/"]);

    // A manifest that forgets the slash at the end gets a page for people.
    let naive = machine
        .file("config/providers/knox.toml")
        .replace("name = \"knox\"", "name = \"naive\"")
        .replace("path = \"/login/\"", "path = \"/login\"");
    machine.manifest("naive", &naive);
    let refused = machine.login(5, &knox, &["naive", "--email", "ada"], "fake-password");
    assert!(!refused.stderr.contains('<'), "{refused:#?}");
    assert!(
        refused.stderr.contains("check the base URL"),
        "{refused:#?}"
    );
    // An address that is wrong is found out as well.
    let nowhere = format!("{}/nowhere", live.url);
    let refused = machine.login(5, &nowhere, &KNOX, "fake-password");
    assert!(
        refused.stderr.contains("check the base URL"),
        "{refused:#?}"
    );
}
