//! A destination whose credential a profile lends, or a token for the identity of a job: explicit before what its own tools
//! hold, and to no other service.

use serde_json::{Value, json};

use crate::described_destinations::{expect_creation, manifest};
use crate::support::fake::{SCHATZI_KEY, jwt};
use crate::support::home::{TestEnv, token};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Answer, Server, Wanted, get, method, post};
use crate::user_manifests::then;

const PLACE: &str = "shelf:main/deep/box#7";
const LENT: &str = "profile = \"sieve\"";

struct Scene {
    service: Server,
    /// The destination, which is of the service `sieve`.
    shelf: Server,
    home: TestEnv,
}

impl Scene {
    /// A home in which `[destinations.shelf]` has these lines.
    fn new(lines: &str) -> Self {
        let (service, shelf, home) = (Server::new(), Server::new(), TestEnv::new());
        let login = jwt("schatzi", 86_400);
        home.log_in("schatzi", &service.url(), &[token(&login, 86_400)]);
        home.write("config/destinations/shelf.toml", manifest(&shelf.url()));
        let scene = Scene {
            service,
            shelf,
            home,
        };
        scene.configured(lines);
        scene
    }

    fn configured(&self, lines: &str) {
        let known = self.home.read("config/config.toml").unwrap();
        let text = format!("{known}\n[destinations.shelf]\n{lines}\n");
        self.home.write("config/config.toml", text);
    }

    fn logged_in(lines: &str, access: &str, lasts: i64) -> Self {
        let scene = Scene::new("");
        let given = token(access, lasts).refreshed_by("fake-refresh-1");
        scene.home.log_in("sieve", &scene.shelf.url(), &[given]);
        let config = scene.home.read("config/config.toml").unwrap();
        let config = config.replace(
            "[destinations.shelf]",
            &format!("[destinations.shelf]\n{lines}"),
        );
        scene.home.write("config/config.toml", config);
        scene
    }

    /// Runs a command for which the tools of the place hold another credential.
    fn run(&self, words: &[&str]) -> Run {
        self.home
            .run(words)
            .env("SHELF_TOKEN", "fake-token-of-its-tools")
            .hides("fake-token-of-its-tools")
            .hides(SCHATZI_KEY)
    }

    fn create(&self) -> Run {
        self.run(&["keys", "create", "ci", "--to", PLACE])
    }

    fn check(&self) -> Run {
        self.run(&["destinations", "check", "--live", PLACE, "--json"])
    }

    fn reads(&self, with: &str, slots: &Value) {
        then(&self.shelf, read(with), content(slots));
    }
}

fn read(with: &str) -> Wanted {
    get("/rooms/main/deep/box").header("x-shelf", with)
}

fn content(slots: &Value) -> Answer {
    server::json(200, &json!({ "revision": 3, "slots": slots }))
}

#[test]
fn lent_token_is_refreshed_first() {
    let (old, new) = (jwt("old", 900), jwt("new", 900));
    let scene = Scene::logged_in(LENT, &old, 30);
    let pair = json!({ "accessToken": new, "refreshToken": "fake-refresh-2", "expiresIn": 900 });
    let refresh = post("/api/auth/refresh").json(&json!({ "refreshToken": "fake-refresh-1" }));
    then(&scene.shelf, refresh, server::json(200, &pair));
    let (before, after) = (json!({}), json!({ "7": SCHATZI_KEY }));
    scene.reads(&new, &before);
    expect_creation(&scene.service);
    scene.reads(&new, &before);
    let write = method("PUT", "/rooms/main/deep/box").header("x-shelf", &new);
    let write = write.json(&json!({ "if": 3, "slots": after }));
    then(&scene.shelf, write, content(&after));
    scene.reads(&new, &after);
    let created = scene.create().hides(&new).hides(&old);
    created.expect_stderr(messages::delivered(PLACE)).exit(0);
}

#[test]
fn missing_login_is_found_before_key() {
    let scene = Scene::new(LENT);
    scene.home.log_in("sieve", &scene.shelf.url(), &[]);
    let done = scene
        .create()
        .stderr_has("error: `shelf:main/deep/box#7`: profile `sieve`: ")
        .stderr_has("hint: log in: keywright -p sieve login sieve --with-token\n")
        .exit(3);
    // The variable would hold the token of the profile in force.
    assert!(!done.stderr.contains("KEYWRIGHT_TOKEN"), "{}", done.stderr);
    assert_eq!(scene.shelf.seen().len(), 0);
}

#[test]
fn unknown_login_profile_is_not_found() {
    let scene = Scene::new("profile = \"ghost\"");
    scene
        .create()
        .stderr_has("error: the login of `shelf:`: there is no profile `ghost`\n")
        .exit(5);
    assert_eq!(scene.shelf.seen().len(), 0);
}

#[test]
fn lent_credential_serves_no_other_service() {
    let scene = Scene::new("profile = \"schatzi\"");
    scene
        .create()
        .stderr_has(&format!(
            "error: `{PLACE}`: it is at {}, and the profile `schatzi` belongs to {}: its credential serves no other service\n",
            scene.shelf.url(),
            scene.service.url()
        ))
        .stderr_has("KEYWRIGHT_DESTINATION_URL_SHELF=URL")
        .exit(2);
    assert_eq!(scene.shelf.seen().len() + scene.service.seen().len(), 0);
}

#[test]
fn project_entry_names_its_login() {
    let access = jwt("access", 86_400);
    let scene = Scene::logged_in("", &access, 86_400);
    let entry = format!("{{ to = \"{PLACE}\", profile = \"sieve\" }}");
    let text = format!("[keys.ci]\nprofile = \"schatzi\"\ndestinations = [{entry}]\n");
    scene.home.write("work/keywright.toml", text);
    let listed = json!([{ "id": "k1", "name": "ci", "key": "sk-***...0000", "is_active": true, "created_at": "2026-01-01T00:00:00Z" }]);
    let listing = get("/api/v1/accounts/user/api-keys/").bearer(&jwt("schatzi", 86_400));
    let show = || {
        let shown = scene.run(&["keys", "show", "ci", "--json", "-p", "schatzi"]);
        then(&scene.service, listing.clone(), server::json(200, &listed));
        let shown_by_id = get("/api/v1/accounts/user/api-keys/k1/").bearer(&jwt("schatzi", 86_400));
        then(&scene.service, shown_by_id, server::json(200, &listed[0]));
        shown
    };
    // Nothing is sent for a file that is not trusted.
    assert_eq!(show().json()["destinations"], Value::Null);
    scene
        .run(&["trust"])
        .stderr_has(&messages::trusted("[home]/work/keywright.toml"))
        .stdout_has("delivered to shelf:main/deep/box#7 with the credential of the profile `sieve`")
        .exit(0);
    scene.reads(&access, &json!({}));
    let told = show().hides(&access).json();
    assert_eq!(told["destinations"][0]["state"], "missing", "{told}");
}

#[test]
fn project_login_needs_place_with_api() {
    let scene = Scene::new("");
    for (entry, said) in [
        (
            "{ to = \"file:a\", profile = \"sieve\" }",
            "`file:` has no login",
        ),
        (
            "{ to = \"shelf:a/b#c\", login = \"x\" }",
            "unknown field `login`",
        ),
        ("{ to = \"shelf:a/b#c\" }", "missing field `profile`"),
        ("5", "a destination, or a table with `to` and `profile`"),
    ] {
        let text = format!("[keys.ci]\ndestinations = [{entry}]\n");
        scene.home.write("work/keywright.toml", text);
        scene
            .run(&["trust"])
            .stderr_has("[home]/work/keywright.toml:2:keys.ci.destinations.0")
            .stderr_has(said)
            .exit(2);
    }
}

#[test]
fn identity_is_exchanged_and_not_kept() {
    let scene = Scene::new("profile = \"bao\"\nidentity = \"env:JOB_TOKEN\"");
    let url = scene.shelf.url();
    let variables = [("role", "deploy")];
    scene
        .home
        .log_in_as("bao", "openbao", &url, &variables, &[]);
    let kept = scene.home.keychain.values();
    let body = json!({ "role": "deploy", "jwt": "fake-identity-of-a-job" });
    let auth = json!({ "auth": { "client_token": "s.fake-client-token", "lease_duration": 900 } });
    let login = post("/v1/auth/jwt/login").json(&body);
    then(&scene.shelf, login, server::json(200, &auth));
    scene
        .shelf
        .expect(read("s.fake-client-token"))
        .times(2)
        .answer(content(&json!({})));
    let checked = scene
        .check()
        .env("JOB_TOKEN", "fake-identity-of-a-job")
        .hides("fake-identity-of-a-job")
        .hides("s.fake-client-token");
    assert_eq!(checked.json()["holds"], "nothing");
    assert_eq!(scene.home.keychain.values(), kept);
}

#[test]
fn identity_needs_profile_and_known_source() {
    let scene = Scene::new("identity = \"github\"");
    scene
        .check()
        .stderr_has("destinations.shelf in config.toml names an identity, and no profile whose service exchanges it")
        .exit(2);
    let scene = Scene::new("identity = \"gitbub\"");
    scene
        .check()
        .stderr_has("destinations.shelf.identity: `gitbub` is no source of an identity")
        .exit(2);
}
