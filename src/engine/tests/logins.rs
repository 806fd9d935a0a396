use serde_json::json;

use super::*;

/// The identity token of a job: `{"alg":"none"}`, `{"sub":"deploy-job"}` and no signature.
const TOKEN: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJkZXBsb3ktam9iIn0.not-signed";

/// A machine with these variables instead of a token, and this file beside them.
fn machine_with(at: &Arc<FakeEngine>, variables: &[(&str, &str)]) -> Machine {
    let folder = Rc::new(tempfile::tempdir().unwrap());
    let path = folder.path().join("pod-token");
    crate::platform::files::write_public(&path, TOKEN.as_bytes()).unwrap();
    let pod = format!("kubernetes:{}", path.display());
    let place = [
        ("KEYWRIGHT_STATE", "vault:kv/team"),
        ("VAULT_ADDR", "http://127.0.0.1:8200"),
    ];
    let given = variables.iter().map(|(name, value)| match *value {
        "kubernetes:" => (*name, pod.as_str()),
        value => (*name, value),
    });
    machine_in(at, folder, "", place.into_iter().chain(given))
}

/// The variables of a login, its path, and its body.
type LoginCase<'c> = (&'c [(&'c str, &'c str)], &'c str, Value);

#[test]
fn each_login_sends_its_body() {
    let cases: [LoginCase; 4] = [
        (
            &[
                ("VAULT_ROLE_ID", "r"),
                ("VAULT_SECRET_ID", "fake-secret-id"),
            ],
            "auth/approle/login",
            json!({ "role_id": "r", "secret_id": "fake-secret-id" }),
        ),
        (
            &[
                ("VAULT_AUTH_ROLE", "deploy"),
                ("KEYWRIGHT_STATE_IDENTITY", "env:JOB_TOKEN"),
                ("JOB_TOKEN", TOKEN),
            ],
            "auth/jwt/login",
            json!({ "role": "deploy", "jwt": TOKEN }),
        ),
        (
            &[
                ("VAULT_AUTH_ROLE", "pod"),
                ("KEYWRIGHT_STATE_IDENTITY", "kubernetes:"),
            ],
            "auth/kubernetes/login",
            json!({ "role": "pod", "jwt": TOKEN }),
        ),
        (
            &[
                ("VAULT_AUTH_ROLE", "deploy"),
                ("VAULT_AUTH_PATH", "ci/jwt"),
                ("KEYWRIGHT_STATE_IDENTITY", "env:JOB_TOKEN"),
                ("JOB_TOKEN", TOKEN),
            ],
            "auth/ci/jwt/login",
            json!({ "role": "deploy", "jwt": TOKEN }),
        ),
    ];
    for (variables, path, body) in cases {
        let at: Arc<FakeEngine> = Arc::default();
        at.issues_tokens();
        let one = machine_with(&at, variables);
        assert_eq!(one.engine.write("a", &text("1"), 0).unwrap(), Some(1));
        assert!(one.engine.read("a").unwrap().is_some());
        assert_eq!(at.take_logins(), [(path.to_owned(), body)]);
    }
}

const ROLE: &[(&str, &str)] = &[
    ("VAULT_ROLE_ID", "r"),
    ("VAULT_SECRET_ID", "fake-secret-id"),
];

#[test]
fn namespace_is_named_in_requests() {
    let at: Arc<FakeEngine> = Arc::default();
    at.issues_tokens();
    let variables = [ROLE, &[("VAULT_NAMESPACE", "team-a")]].concat();
    let one = machine_with(&at, &variables).engine;
    one.write("a", &text("1"), 0).unwrap();
    assert_eq!(at.take_namespaces(), ["team-a", "team-a"]);
}

#[test]
fn token_is_renewed_in_time() {
    let at: Arc<FakeEngine> = Arc::default();
    at.issues_tokens();
    let one = machine_with(&at, ROLE);
    one.engine.read("a").unwrap();
    at.take_requests();
    let read = "GET kv/data/team/a";
    one.clock.pass(39);
    one.engine.read("a").unwrap();
    assert_eq!(at.take_requests(), [read]);
    one.clock.pass(2);
    one.engine.read("a").unwrap();
    assert_eq!(at.take_requests(), ["POST auth/token/renew-self", read]);
    one.clock.pass(39);
    one.engine.read("a").unwrap();
    assert_eq!(at.take_requests(), [read]);
}

#[test]
fn expired_token_is_replaced() {
    let at: Arc<FakeEngine> = Arc::default();
    at.issues_tokens();
    let one = machine_with(&at, ROLE).engine;
    one.write("a", &text("1"), 0).unwrap();
    at.take_requests();
    at.revokes_tokens();
    assert_eq!(one.write("a", &text("2"), 1).unwrap(), Some(2));
    let write = "POST kv/data/team/a";
    let asked = [
        write,
        "GET auth/token/lookup-self",
        "POST auth/approle/login",
        write,
    ];
    assert_eq!(at.take_requests(), asked);
}

#[test]
fn expired_given_token_is_named() {
    let at: Arc<FakeEngine> = Arc::default();
    at.issues_tokens();
    let one = machine_with(&at, &[("VAULT_TOKEN", "fake-spent")]).engine;
    let error = one.read("a").map(drop).unwrap_err();
    assert_eq!(error.kind(), Kind::Store);
    let message = error.message();
    assert!(message.starts_with("OpenBao/Vault at"), "{message}");
    let hints = error.hints().join("\n");
    assert!(hints.contains("the token has expired"), "{hints}");
}

#[test]
fn refused_login_names_engine() {
    let at: Arc<FakeEngine> = Arc::default();
    let one = machine_with(&at, ROLE).engine;
    let error = one.read("a").map(drop).unwrap_err();
    assert_eq!(error.kind(), Kind::Store);
    let message = error.message();
    let wanted =
        "OpenBao/Vault at `http://127.0.0.1:8200` refused the login at `auth/approle/login`";
    assert!(message.starts_with(wanted), "{message}");
}

#[test]
fn missing_token_sends_nothing() {
    let at: Arc<FakeEngine> = Arc::default();
    let one = machine_with(&at, &[]).engine;
    let error = one.read("a").map(drop).unwrap_err();
    assert_eq!(error.kind(), Kind::Store);
    assert!(
        error
            .message()
            .starts_with("there is no token for OpenBao/Vault")
    );
    assert!(at.take_requests().is_empty());
}
