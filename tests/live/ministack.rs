//! AWS as ministack simulates it: each signature is checked, with its time, and a policy is enforced.

use serde_json::{Value, json};

use super::aws::{allow_all_but, element, send, user};
use super::servers::{Live, Machine, hides};

/// The verdict of the service on a key of `ada`.
fn verify(machine: &Machine, live: &Live, code: u8, key: &str) -> String {
    let key = ("KEYWRIGHT_API_KEY", key);
    let words = ["keys", "verify"];
    let ended = machine.job(code, "aws-iam", &live.url, key, &words);
    ended.stdout.trim().to_owned()
}

#[test]
fn aws_rotation_waits_deactivates_deletes() {
    let Some(live) = Live::ministack() else {
        return;
    };
    let machine = Machine::new();
    let (id, key) = user(&machine, &live);
    let who = ["aws-iam", "--with-key", "--set", "user=ada"];
    machine.login(0, &live.url, &who, &key);
    let to = format!("file:{}", machine.path("new.key").display());
    let rotate = ["keys", "rotate", &id, "--grace", "1h", "--to", &to, "-y"];
    let rotated = machine.run(0, &rotate);
    assert!(rotated.stderr.contains("is valid until"), "{rotated:#?}");
    let new: Value = serde_json::from_str(&machine.file("new.key")).unwrap();
    let [new_id, secret] = ["id", "secret"].map(|part| new[part].as_str().unwrap());
    hides(&rotated.stderr, &[secret]);
    let new = format!("{new_id}:{secret}");
    for key in [&key, &new] {
        assert_eq!(verify(&machine, &live, 0, key), "valid");
    }

    // The service's clock decides when the grace period is over.
    let early = machine.run_at("+2h", 0, &["rotations", "resume"]);
    for said in [
        "clock is 7",
        "the grace period is not over by the clock of aws-iam",
    ] {
        assert!(early.stderr.contains(said), "{early:#?}");
    }
    assert_eq!(verify(&machine, &live, 0, &key), "valid");

    live.set_clock("+2h");
    allow_all_but(&machine, &live, "iam:DeleteAccessKey");
    let stopped = machine.run_at("+2h", 10, &["rotations", "resume"]);
    assert!(
        stopped.stderr.contains("the key is inactive"),
        "{stopped:#?}"
    );
    assert_eq!(verify(&machine, &live, 3, &key), "invalid");
    allow_all_but(&machine, &live, "iam:DeleteUser");
    let ended = machine.run_at("+2h", 0, &["rotations", "resume"]);
    let revoked = format!("revoked the old key `{id}`");
    assert!(ended.stderr.contains(&revoked), "{ended:#?}");
    let listed = machine.json(&["keys", "list"]);
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(
        (&listed[0]["id"], &listed[0]["status"]),
        (&json!(new_id), &json!("active"))
    );
}

#[test]
fn aws_wrong_secret_is_named() {
    let Some(live) = Live::ministack() else {
        return;
    };
    let machine = Machine::new();
    let (id, key) = user(&machine, &live);
    let wrong = format!("{id}:{}", "fake+wrong/secret");
    let refused = machine.login(3, &live.url, &["aws-iam", "--with-key"], &wrong);
    assert!(
        refused.stderr.contains("nothing was stored"),
        "{refused:#?}"
    );
    let carried = ("KEYWRIGHT_API_KEY", wrong.as_str());
    let words = ["keys", "list", "--json"];
    let refused = machine.job(3, "aws-iam", &live.url, carried, &words);
    let said: Value = serde_json::from_str(&refused.stderr).unwrap();
    assert_eq!(said["error"]["code"], "SignatureDoesNotMatch", "{said}");
    hides(&refused.stderr, &["fake+wrong/secret", &key]);
    assert_eq!(verify(&machine, &live, 0, &key), "valid");
}

#[test]
fn aws_session_token_is_checked() {
    let Some(live) = Live::ministack() else {
        return;
    };
    let machine = Machine::new();
    machine.manifest(
        "sts",
        r#"
extends = "aws-iam"
name = "sts"

[credentials.key]
in = [{ aws-sigv4 = { service = "sts", region = "{var.region}" } }]
"#,
    );
    let (_, key) = user(&machine, &live);
    let action = "Version=2011-06-15&Action=GetSessionToken";
    let session = send(&machine, &live, ("sts", &key), action);
    let [id, secret, token] =
        ["AccessKeyId", "SecretAccessKey", "SessionToken"].map(|name| element(&session, name));
    let whole = format!("{id}:{secret}:{token}");
    assert_eq!(verify(&machine, &live, 0, &whole), "valid");
    for part in [format!("{id}:{secret}"), format!("{whole}x")] {
        assert_eq!(verify(&machine, &live, 3, &part), "invalid");
    }
}
