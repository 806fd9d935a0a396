//! Secrets of GitHub through its API: sealed for GitHub alone, written where they may be, and removed by an abort.

use serde_json::{Value, json};

use crate::described_destinations::expect_creation;
use crate::support::fake::{SCHATZI_KEY, jwt};
use crate::support::home::{TestEnv, token};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::sealed_box::Recipient;
use crate::support::server::{self, Answer, Server, Wanted, delete, get, method, post};
use crate::user_manifests::then;

const KEYS: &str = "/api/v1/accounts/user/api-keys/";
const SECRETS: &str = "/api/v3/repos/octo/app/actions/secrets";
const TOKEN: &str = "ghp_fake0123456789";
const KEY_ID: &str = "568250167242549743";

/// A request with the headers that the API of GitHub asks for.
fn asked(wanted: Wanted) -> Wanted {
    wanted
        .bearer(TOKEN)
        .header("accept", "application/vnd.github+json")
        .header("x-github-api-version", "2022-11-28")
}

struct Scene {
    service: Server,
    github: Server,
    recipient: Recipient,
    home: TestEnv,
}

impl Scene {
    fn new() -> Self {
        let (service, home) = (Server::new(), TestEnv::new());
        let jwt = jwt("schatzi", 86_400);
        home.log_in("schatzi", &service.url(), &[token(&jwt, 86_400)]);
        Scene {
            service,
            github: Server::new(),
            recipient: Recipient::of([7; 32]),
            home,
        }
    }

    fn asks(&self, path: &str, answer: Answer) {
        then(&self.github, asked(get(path)), answer);
    }

    /// Expects the look at a secret that is there or not, and the list that only a writer sees.
    fn probes(&self, secrets: &str, name: &str, is_there: bool) {
        self.looks(secrets, name, is_there);
        let list = json!({ "total_count": 0, "secrets": [] });
        self.asks(&format!("{secrets}?per_page=1"), server::json(200, &list));
    }

    fn looks(&self, secrets: &str, name: &str, is_there: bool) {
        let answer = if is_there {
            server::json(
                200,
                &json!({ "name": name, "updated_at": "2026-11-01T00:00:00Z" }),
            )
        } else {
            not_found()
        };
        self.asks(&format!("{secrets}/{name}"), answer);
    }

    /// Expects the sealed key at a secret.
    fn writes(&self, secrets: &str, name: &str, answer: Answer) {
        let key = json!({ "key_id": KEY_ID, "key": self.recipient.public_key() });
        self.asks(&format!("{secrets}/public-key"), server::json(200, &key));
        let sealed = format!("{{sealed:{SCHATZI_KEY}}}");
        let body = json!({ "encrypted_value": sealed, "key_id": KEY_ID });
        let wanted = method("PUT", &format!("{secrets}/{name}")).json(&body);
        then(
            &self.github,
            asked(wanted).sealed_for(&self.recipient),
            answer,
        );
    }

    fn run(&self, words: &[&str]) -> Run {
        self.home
            .run(words)
            .env("GITHUB_TOKEN", TOKEN)
            .env("GITHUB_API_URL", &format!("{}/api/v3", self.github.url()))
            .hides(TOKEN)
            .hides(SCHATZI_KEY)
    }
}

fn not_found() -> Answer {
    server::json(404, &json!({ "message": "Not Found", "status": "404" }))
}

fn created() -> Answer {
    server::json(201, &json!({}))
}

/// A place with boxes, whose write has `more` about its field.
fn locker_manifest(url: &str, more: &str) -> String {
    format!(
        r#"manifest = 1
name = "locker"
title = "Locker"
about = "a place with boxes"
checked = "2026-11-28"
address = "locker:{{name}}"
credentials = {{}}
servers.api = {{ url = "{url}", auth = [] }}
operations.write.request = {{ method = "PUT", path = "/{{name}}", body = [{{ at = "/box", from = "secret"{more} }}] }}
"#
    )
}

#[test]
fn key_arrives_sealed_at_github() {
    let scene = Scene::new();
    scene.probes(SECRETS, "API_KEY", false);
    expect_creation(&scene.service);
    scene.looks(SECRETS, "API_KEY", false);
    scene.writes(SECRETS, "API_KEY", created());
    scene.looks(SECRETS, "API_KEY", true);
    scene
        .run(&["keys", "create", "ci", "--to", "github:octo/app#API_KEY"])
        .expect_stderr(messages::delivered("github:octo/app#API_KEY"))
        .exit(0);
}

#[test]
fn environment_secret_goes_to_environment() {
    let scene = Scene::new();
    let secrets = "/api/v3/repos/octo/app/environments/my%20env%2F1/secrets";
    let place = "github:octo/app@my env/1#API_KEY";
    scene.probes(secrets, "API_KEY", true);
    expect_creation(&scene.service);
    scene.looks(secrets, "API_KEY", true);
    scene.writes(secrets, "API_KEY", server::empty(204));
    scene.looks(secrets, "API_KEY", true);
    scene
        .run(&["-v", "keys", "create", "ci", "--to", place])
        .stderr_has(&messages::delivered(place))
        .exit(0);
}

#[test]
fn abort_removes_secret_written_first() {
    let scene = Scene::new();
    let locker = Server::new();
    let text = locker_manifest(&locker.url(), "");
    scene.home.write("config/destinations/locker.toml", text);
    scene.probes(SECRETS, "A", false);
    expect_creation(&scene.service);
    scene.looks(SECRETS, "A", false);
    scene.writes(SECRETS, "A", created());
    scene.looks(SECRETS, "A", true);
    let body = json!({ "box": SCHATZI_KEY });
    let refusal = server::json(422, &json!({ "error": "it is full" }));
    then(&locker, method("PUT", "/7").json(&body), refusal);
    let places = ["--to", "github:octo/app#A", "--to", "locker:7"];
    scene
        .run(&["keys", "create", "ci"])
        .args(places)
        .stderr_has("`locker:7`")
        .stderr_has(messages::KEY_NOT_LOST)
        .exit(10);
    scene.looks(SECRETS, "A", true);
    let removal = asked(delete(&format!("{SECRETS}/A")));
    then(&scene.github, removal, server::empty(204));
    let jwt = jwt("schatzi", 86_400);
    let revocation = post(&format!("{KEYS}k2/revoke/")).bearer(&jwt);
    then(&scene.service, revocation, server::empty(204));
    scene
        .run(&["rotations", "abort", "-y"])
        .expect_stderr(format!(
            "{}revoked the new key `k2`\n",
            messages::restored("github:octo/app#A")
        ))
        .exit(0);
}

#[test]
fn lost_answer_is_not_sent_again() {
    let scene = Scene::new();
    scene.probes(SECRETS, "A", true);
    expect_creation(&scene.service);
    scene.looks(SECRETS, "A", true);
    scene.writes(SECRETS, "A", server::hang_up());
    scene.looks(SECRETS, "A", true);
    scene
        .run(&["keys", "create", "ci", "--to", "github:octo/app#A"])
        .stderr_has(messages::MAY_HOLD_NEW)
        .exit(10);
}

#[test]
fn unfit_token_creates_nothing() {
    let scene = Scene::new();
    let place = "github:octo/app#A";
    let refusal = |status: u16, message: &str| {
        let status_text = status.to_string();
        server::json(
            status,
            &json!({ "message": message, "status": status_text }),
        )
    };
    scene.asks(&format!("{SECRETS}/A"), refusal(401, "Bad credentials"));
    scene
        .run(&["keys", "create", "ci", "--to", place])
        .stderr_has("Bad credentials")
        .exit(9);
    scene.looks(SECRETS, "A", false);
    let message = "Resource not accessible by integration";
    scene.asks(&format!("{SECRETS}?per_page=1"), refusal(403, message));
    scene
        .run(&["keys", "create", "ci", "--to", place])
        .stderr_has(message)
        .stderr_has("the permission Secrets (write)")
        .exit(9);
}

#[test]
fn wrong_public_key_writes_nothing() {
    let scene = Scene::new();
    scene.probes(SECRETS, "A", false);
    expect_creation(&scene.service);
    scene.looks(SECRETS, "A", false);
    let key = json!({ "key_id": KEY_ID, "key": "c2hvcnQ=" });
    scene.asks(&format!("{SECRETS}/public-key"), server::json(200, &key));
    scene
        .run(&["keys", "create", "ci", "--to", "github:octo/app#A"])
        .stderr_has("`step.public_key.key`: it is no public key of 32 bytes in base64")
        .exit(10);
}

#[test]
fn show_has_api_of_github() {
    let home = TestEnv::new();
    let shown = home
        .run(["destinations", "show", "github", "--json"])
        .json();
    let forms = shown["by_api"].as_array().unwrap().iter();
    let forms: Vec<&Value> = forms.map(|one| &one["form"]).collect();
    let (own, environment) = (
        "github:OWNER/REPO#NAME",
        "github:OWNER/REPO@ENVIRONMENT#NAME",
    );
    assert_eq!(forms, [&json!(own), &json!(environment)]);
    home.run(["destinations", "show", "github"])
        .stdout_has("GH_TOKEN, GITHUB_TOKEN")
        .exit(0);
    let rows = home.run(["destinations", "--json"]).json();
    let rows = rows.as_array().unwrap().iter();
    assert_eq!(rows.filter(|row| row["name"] == "github").count(), 1);
}

#[test]
fn sealed_field_recipient_is_checked() {
    let home = TestEnv::new();
    for (field, why) in [
        (
            r#"as = "sealed-box""#,
            "operations.write.request.body.0.as: `sealed-box` needs `recipient`",
        ),
        (
            r#"recipient = "name""#,
            "operations.write.request.body.0.recipient: only a value that is sealed has a recipient",
        ),
        (
            r#"as = "sealed-box", recipient = "step.none.key""#,
            "step.none.key",
        ),
    ] {
        let text = locker_manifest("https://locker.example.com", &format!(", {field}"));
        home.write("work/locker.toml", text);
        home.run(["destinations", "check", "locker.toml"])
            .stdout_has(why)
            .stderr_has("locker.toml")
            .exit(2);
    }
}
