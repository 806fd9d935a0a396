//! AWS as moto simulates it: two keys a user, and every signature is checked.

use serde_json::{Value, json};

use super::servers::{Live, Machine, ends_with, hides};

/// The services that a user of the tests may use.
const SERVICES: &str = r#""iam:*","sts:*","ssm:*","secretsmanager:*""#;

/// Sends an action with the key of the account, or of a provider as `key`.
pub(super) fn send(
    machine: &Machine,
    live: &Live,
    (provider, key): (&str, &str),
    action: &str,
) -> String {
    let form = "Content-Type: application/x-www-form-urlencoded";
    let words = ["api", "POST", "/", "-H", form, "-d", action];
    let key = ("KEYWRIGHT_API_KEY", key);
    machine.job(0, provider, &live.url, key, &words).stdout
}

/// Sends an action as the account, whose key ministack knows and moto need not.
fn configure(machine: &Machine, live: &Live, action: &str) -> String {
    let action = format!("Version=2010-05-08&Action={action}");
    send(machine, live, ("aws-iam", "test:test"), &action)
}

/// Returns the text of an element.
pub(super) fn element<'x>(xml: &'x str, name: &str) -> &'x str {
    let (_, rest) = xml.split_once(&format!("<{name}>")).unwrap();
    rest.split_once('<').unwrap().0
}

/// Lets the user do everything at the services of the tests, but for one action.
pub(super) fn allow_all_but(machine: &Machine, live: &Live, denied: &str) {
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":[{SERVICES}],"Resource":"*"}},{{"Effect":"Deny","Action":"{denied}","Resource":"*"}}]}}"#
    );
    let policy: String = url::form_urlencoded::byte_serialize(policy.as_bytes()).collect();
    let policy = format!("PutUserPolicy&UserName=ada&PolicyName=all&PolicyDocument={policy}");
    configure(machine, live, &policy);
}

/// A new user who may do everything at the services of the tests, and its key as `ID:SECRET`.
pub(super) fn user(machine: &Machine, live: &Live) -> (String, String) {
    configure(machine, live, "CreateUser&UserName=ada");
    allow_all_but(machine, live, "iam:DeleteUser");
    let made = configure(machine, live, "CreateAccessKey&UserName=ada");
    let id = element(&made, "AccessKeyId").to_owned();
    let key = format!("{id}:{}", element(&made, "SecretAccessKey"));
    (id, key)
}

#[test]
fn aws_iam_key_lifecycle_succeeds() {
    let Some(live) = Live::moto(3) else {
        return;
    };
    let machine = Machine::new();
    let (id, key) = user(&machine, &live);
    let who = ["aws-iam", "--with-key"];
    let mut wrong = key.clone();
    wrong.replace_range(key.len() - 1.., "~");
    let refused = machine.login(3, &live.url, &who, &wrong);
    assert!(
        refused.stderr.contains("does not accept it"),
        "{refused:#?}"
    );
    machine.login(0, &live.url, &who, &key);
    assert_eq!(machine.json(&["whoami"])["identity"], "ada");

    // The login follows its own rotated key, which revokes the old one.
    let to = format!("file:{}", machine.path("new.key").display());
    let rotated = machine.run(0, &["keys", "rotate", &id, "--to", &to, "-y"]);
    assert!(
        rotated
            .stderr
            .contains(&format!("revoked the old key `{id}`")),
        "{rotated:#?}"
    );
    let new: Value = serde_json::from_str(&machine.file("new.key")).unwrap();
    let secret = new["secret"].as_str().unwrap();
    hides(&rotated.stderr, &[secret]);
    let listed = machine.json(&["keys", "list"]);
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(listed[0]["id"], new["id"]);
    assert!(listed[0]["last_used_at"].is_string(), "{listed}");
    machine.run(0, &["keys", "verify"]);

    let second = machine.json(&["keys", "create"]);
    let full = machine.run(6, &["keys", "create"]);
    assert!(full.stderr.contains("2 of 2 keys are in use"), "{full:#?}");
    let second = second["id"].as_str().unwrap();
    // Moto lets an active key be deleted as well, so that the trace shows the order.
    let ended = machine.run(0, &["-v", "keys", "revoke", second, "-y"]);
    // The list, the last use of each key, deactivation and deletion.
    assert_eq!(super::servers::requests(&ended).len(), 5, "{ended:#?}");
    let mut left = machine.json(&["keys", "list"]);
    let mut known = json!([listed[0]]);
    for key in [&mut left[0], &mut known[0]] {
        key["last_used_at"] = Value::Null;
    }
    assert_eq!(left, known);
    let spent = ("KEYWRIGHT_API_KEY", key.as_str());
    machine.job(3, "aws-iam", &live.url, spent, &["keys", "verify"]);
}

#[test]
fn aws_key_retires_when_unused() {
    let Some(live) = Live::moto(3) else {
        return;
    };
    let machine = Machine::new();
    let (_, key) = user(&machine, &live);
    machine.login(0, &live.url, &["aws-iam", "--with-key"], &key);
    let old = machine.json(&["keys", "create"]);
    let old = old["id"].as_str().unwrap();
    // Not even a list has used it.
    let shown = machine.json(&["keys", "show", old]);
    assert_eq!(
        (&shown["last_used_at"], &shown["status"]),
        (&Value::Null, &json!("active")),
        "{shown}"
    );
    let listed = machine.json(&["keys", "list"]);
    let mut own = listed.as_array().unwrap().iter();
    let own = own.find(|one| one["id"] != old).unwrap();
    assert!(own["last_used_at"].is_string(), "{listed}");
    machine.run(0, &["keys", "revoke", old, "-y"]);
    let to = format!("file:{}", machine.path("new.key").display());
    let id = own["id"].as_str().unwrap();
    let words = [
        "keys",
        "rotate",
        id,
        "--retire",
        "when-unused=24h",
        "--to",
        &to,
        "-y",
    ];
    let rotated = machine.run(0, &words);
    assert!(rotated.stderr.contains("unused"), "{rotated:#?}");
    let kept = machine.json(&["keys", "list"]);
    assert_eq!(kept.as_array().unwrap().len(), 2, "{kept}");
}

#[test]
fn aws_destinations_are_written_and_restored() {
    let Some(live) = Live::moto(3) else {
        return;
    };
    let machine = Machine::new();
    let (_, key) = user(&machine, &live);
    let (id, secret) = key.split_once(':').unwrap();
    let sandbox = |code, secret: &str, words: &[&str]| {
        let section = format!("aws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
        let text = format!("[default]\naws_access_key_id = AKIAFAKE\n\n[work]\n{section}");
        let file = machine.write("credentials", &text);
        let mut command = machine.keywright(&[&["--sandbox", "-y"], words].concat());
        command
            .env("AWS_ENDPOINT_URL", &live.url)
            .env("AWS_SHARED_CREDENTIALS_FILE", file)
            .env("AWS_PROFILE", "work");
        ends_with(code, &mut command)
    };
    let holds = |place: &str| {
        let words = ["destinations", "check", "--json", "--live", place];
        let said: Value = serde_json::from_str(&sandbox(0, secret, &words).stdout).unwrap();
        said["holds"].as_str().unwrap().to_owned()
    };
    let (parameter, stored) = ("aws-ssm:eu-west-1/app-key", "aws-sm:eu-west-1/team/app");
    let refused = sandbox(9, "wrong", &["keys", "create", "one", "--to", parameter]);
    assert!(
        refused.stderr.contains("nothing was created"),
        "{refused:#?}"
    );
    sandbox(0, secret, &["keys", "create", "one", "--to", parameter]);
    assert_eq!(
        [holds(parameter), holds(stored)],
        ["a value", "nothing"].map(str::to_owned)
    );
    let member = "aws-sm:eu-west-1/team/members#API_KEY";
    let other = "aws-sm:eu-west-1/team/members#OTHER";
    sandbox(0, secret, &["keys", "create", "two", "--to", other]);
    let to = ["--to", parameter, "--to", stored, "--to", member];
    let words = [&["keys", "rotate", "one", "--grace", "1h"], &to[..]].concat();
    sandbox(0, secret, &words);
    assert_eq!(
        [holds(stored), holds(member)],
        ["a value", "a value"].map(str::to_owned)
    );
    sandbox(0, secret, &["rotations", "undo"]);
    let held = [parameter, stored, member, other].map(holds);
    assert_eq!(held, ["a value", "nothing", "nothing", "a value"]);
}
