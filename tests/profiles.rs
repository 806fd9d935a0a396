//! Which profile is used and why, where requests go, and what is said of a config or a manifest with a mistake in it.

use serde_json::{Value, json};

use crate::support::fake::{GENERIC_KEY, SIEVE_KEY, jwt};
use crate::support::home::{TestEnv, key, token};
use crate::support::messages;
use crate::support::run::{Run, ci};
use crate::support::server::{self, Server, Wanted, get};
use crate::support::terminal::Reply;

const KEYS: &str = "/api/v1/accounts/user/api-keys/";

fn jwt_of(name: &str) -> String {
    jwt(name, 86_400)
}

fn listing(name: &str) -> Wanted {
    get(KEYS).bearer(&jwt_of(name))
}

/// A home with the profiles `a`, `b` and `c` of Schatzi at one server.
fn three(server: &Server) -> TestEnv {
    let home = TestEnv::new();
    for name in ["a", "b", "c"] {
        let secret = jwt_of(name);
        home.log_in_as(
            name,
            "schatzi",
            &server.url(),
            &[],
            &[token(&secret, 86_400)],
        );
    }
    home
}

/// Which profile a run uses, and what decided it.
fn used(run: Run) -> (String, String) {
    let shown = run.args(["profiles", "show", "--json"]).json();
    let text = |field: &str| shown[field].as_str().unwrap().to_owned();
    (text("name"), text("decided_by"))
}

fn none() -> [&'static str; 0] {
    []
}

#[test]
fn profile_most_specific_selection_wins() {
    let server = Server::new();
    let home = three(&server);
    let by = |name: &str, why: &str| (name.to_owned(), why.to_owned());
    assert_eq!(used(home.run(none())), by("a", "default_profile"));
    home.project("work/keywright.toml", "profile = \"b\"\n");
    assert_eq!(
        used(home.run(none())),
        by("b", "[home]/work/keywright.toml")
    );
    let variable = || home.run(none()).env("KEYWRIGHT_PROFILE", "c");
    assert_eq!(used(variable()), by("c", "KEYWRIGHT_PROFILE"));
    assert_eq!(used(variable().args(["-p", "a"])), by("a", "--profile"));
    let provider = || home.run(none()).env("KEYWRIGHT_PROVIDER", "generic");
    assert_eq!(used(provider()), by("generic", "KEYWRIGHT_PROVIDER"));
}

#[test]
fn project_file_is_searched_upwards() {
    let server = Server::new();
    let home = three(&server);
    home.project("keywright.toml", "profile = \"c\"\n");
    assert_eq!(used(home.run(none())).0, "c");
    home.project("work/keywright.toml", "");
    assert_eq!(
        used(home.run(none())).0,
        "a",
        "the nearest one counts alone"
    );
}

#[test]
fn single_profile_needs_no_selection() {
    let server = Server::new();
    let home = TestEnv::new();
    home.write(
        "config/config.toml",
        "[profiles.lonely]\nprovider = \"generic\"\n",
    );
    assert_eq!(
        used(home.run(none())),
        ("lonely".to_owned(), "the only profile".to_owned())
    );
    home.write(
        "config/config.toml",
        "[profiles.one]\nprovider = \"generic\"\n[profiles.two]\nprovider = \"generic\"\n",
    );
    home.run(["keys"])
        .fails(
            "there are several profiles, and none is the default",
            &[
                "name one with `--profile`: one, two",
                "or choose a default: keywright profiles use NAME",
            ],
        )
        .exit(2);
    drop(server);
}

#[test]
fn commands_without_profile_suggest_login() {
    for args in [
        &["keys", "list"][..],
        &["token"],
        &["keys", "create", "x"],
        &["keys", "verify"],
    ] {
        TestEnv::new()
            .run(args)
            .fails(
                "not logged in: there is no profile yet",
                &[
                    messages::LOG_IN,
                    "try everything without an account: keywright --sandbox keys list",
                    "in CI set KEYWRIGHT_PROVIDER, and KEYWRIGHT_API_KEY, KEYWRIGHT_TOKEN or KEYWRIGHT_IDENTITY",
                ],
            )
            .exit(3);
    }
}

#[test]
fn unknown_profile_names_its_source() {
    let server = Server::new();
    let home = three(&server);
    home.run(["keys", "-p", "nosuch"])
        .fails(&messages::no_profile("nosuch"), &[messages::KNOWN_PROFILES])
        .exit(5);
    home.run(["keys", "-p", "A"])
        .fails(
            &messages::no_profile("A"),
            &["did you mean `a`?", messages::KNOWN_PROFILES],
        )
        .exit(5);
    home.run(["keys"])
        .env("KEYWRIGHT_PROFILE", "nosuch")
        .fails(
            &messages::no_profile("nosuch"),
            &[messages::KNOWN_PROFILES, "it is named by KEYWRIGHT_PROFILE"],
        )
        .exit(5);
    home.write("config/config.toml", "default_profile = \"ghost\"\n");
    home.run(["keys"])
        .fails(
            &messages::no_profile("ghost"),
            &[
                "log in first: keywright login PROVIDER",
                "it is named by default_profile",
            ],
        )
        .exit(5);
}

#[test]
fn environment_credential_overrides_stored_one() {
    let server = Server::with(listing("given"), server::json(200, &json!([])));
    let home = three(&server);
    let touched = home.keychain.touched();
    home.run(["keys", "list"])
        .token(&jwt_of("given"))
        .expect_stderr("no keys\n")
        .exit(0);
    assert_eq!(home.keychain.touched(), touched, "no keyring was opened");
}

#[test]
fn ci_job_writes_no_files() {
    let home = TestEnv::new();
    let server = Server::with(listing("ci"), server::json(200, &json!([])));
    home.run(["keys", "list"])
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .token(&jwt_of("ci"))
        .expect_stderr("no keys\n")
        .exit(0);
    assert!(home.files().is_empty(), "{:?}", home.files().keys());
    assert_eq!(home.keychain.touched(), 0);
}

#[test]
fn base_url_every_form_is_accepted() {
    for form in [
        "{}",
        "{}/",
        "api={}",
        " api={} ,",
        "{}/gateway/v9",
        "api={}/gateway/v9/",
    ] {
        let path = if form.contains("v9") {
            format!("/gateway/v9{KEYS}")
        } else {
            KEYS.to_owned()
        };
        let server = Server::with(
            get(&path).bearer(&jwt_of("x")),
            server::json(200, &json!([])),
        );
        let url = form.replace("{}", &server.url());
        ci("schatzi", &server, ["keys", "list"])
            .env("KEYWRIGHT_BASE_URL", &url)
            .token(&jwt_of("x"))
            .expect_stderr("no keys\n")
            .exit(0);
    }
}

#[test]
fn base_url_unsafe_address_is_refused() {
    let server = Server::new();
    let not_encrypted = [
        "http://192.0.2.1:8080",
        "http://example.invalid",
        "http://127.0.0.1.example.invalid/",
        "http://[2001:db8::1]/",
    ];
    for url in not_encrypted {
        ci("schatzi", &server, ["keys", "list"])
            .env("KEYWRIGHT_BASE_URL", url)
            .token(&jwt_of("x"))
            .fails(
                &format!(
                    "KEYWRIGHT_BASE_URL: `{url}` is not a URL to send a credential to: it is not encrypted"
                ),
                &["use https://; plain http:// is for 127.0.0.1, [::1] and localhost alone"],
            )
            .exit(2);
    }
    for url in [
        "http://localhost@example.invalid/",
        "https://user:fake-password@example.invalid/",
        "not a url",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "http://",
        "127.0.0.1:80",
        "https://example.invalid/?x=1",
        "nosuch=https://example.invalid",
    ] {
        let done = ci("schatzi", &server, ["keys", "list"])
            .env("KEYWRIGHT_BASE_URL", url)
            .token(&jwt_of("x"))
            .stderr_has("error: KEYWRIGHT_BASE_URL: ")
            .exit(2);
        assert!(!done.stderr.contains("fake-password"), "{url}");
    }
    TestEnv::new()
        .run([
            "login",
            "schatzi",
            "--with-token",
            "--base-url",
            "http://192.0.2.1",
        ])
        .stderr_has("it is not encrypted\n")
        .exit(2);
}

#[test]
fn stored_credential_is_bound_to_origin() {
    let home = TestEnv::new();
    home.log_in("generic", "https://api.example.com", &[key(GENERIC_KEY)]);
    home.run(["api", "GET", "/v1/x"])
        .env("KEYWRIGHT_BASE_URL", "https://evil.invalid")
        .fails(
            "the credential of the profile `generic` was saved for https://api.example.com, and is not sent to \
             `https://evil.invalid`",
            &[
                "if `https://evil.invalid` is right, log in for it: keywright login generic --profile NAME --base-url \
                 https://evil.invalid",
            ],
        )
        .exit(2);
    let near = Server::new();
    home.run(["api", "GET", "/v1/x"])
        .env("KEYWRIGHT_BASE_URL", &near.url())
        .stderr_has("is not sent to `http://127.0.0.1:")
        .exit(2);
    let config = home.read("config/config.toml").unwrap();
    home.write(
        "config/config.toml",
        config.replace("https://api.example.com", "https://evil.invalid"),
    );
    home.run(["token"])
        .stderr_has("and is not sent to `https://evil.invalid`\n")
        .exit(2);
}

#[test]
fn api_absolute_url_path_is_refused() {
    let (server, elsewhere) = (Server::new(), Server::new());
    for path in [
        format!("{}/steal", elsewhere.url()),
        elsewhere.url().replace("http:", ""),
    ] {
        ci("generic", &server, ["api", "GET", &path])
            .key(GENERIC_KEY)
            .stderr_has("error: `PATH` is a whole address\n")
            .exit(2);
    }
    // The text before an `@` would be read as a user name if there were no slash between.
    let path = elsewhere.url().replace("http://", "@");
    server
        .expect(
            get(&format!("/{path}"))
                .bearer(GENERIC_KEY)
                .header("accept", "*/*"),
        )
        .answer(server::text(200, "home"));
    ci("generic", &server, ["api", "GET", &path])
        .key(GENERIC_KEY)
        .expect_stdout("home")
        .exit(0);
}

#[test]
fn profiles_list_shows_credentials() {
    let server = Server::new();
    let home = three(&server);
    home.log_in_as("idle", "sieve", &server.url(), &[], &[]);
    home.run(["profiles"])
        .expect_stdout(
            "PROFILE      PROVIDER  CREDENTIALS    STORE    EXPIRES   WORKS\n\
             a (default)  schatzi   token          keyring  in 1 day  -\n\
             b            schatzi   token          keyring  in 1 day  -\n\
             c            schatzi   token          keyring  in 1 day  -\n\
             idle         sieve     not logged in  keyring  -         -\n",
        )
        .exit(0);
    let answer = home.run(["profiles", "list", "--json"]).json();
    assert_eq!(
        answer[0],
        json!({
            "name": "a",
            "provider": "schatzi",
            "default": true,
            "credentials": ["token"],
            "store": "keyring",
            "expires_at": "2026-11-21T12:00:00Z",
            "result": null,
        })
    );
    TestEnv::new()
        .run(["profiles"])
        .expect_stderr("no profiles yet; log in: keywright login PROVIDER\n")
        .exit(0);
}

#[test]
fn profiles_show_names_value_sources() {
    let server = Server::new();
    let home = TestEnv::new();
    home.log_in_as(
        "work",
        "siesta",
        &server.url(),
        &[("org_id", "org-fake-1")],
        &[key("fake-siesta-key-0001")],
    );
    let url = server.url();
    home.run(["profiles", "show"])
        .expect_stdout(format!(
            "profile    work (by default_profile)\n\
             provider   siesta\n\
             base       api = {url}/ (profile)\n\
             variable   org_id = org-fake-1 (profile)\n\
             key        fake-siesta-***0001 (keyring)\n\
             config     [home]/config/config.toml\n"
        ))
        .exit(0);
    let shown = home
        .run(["profiles", "show", "work", "--json"])
        .env("KEYWRIGHT_VAR_ORG_ID", "org-fake-2")
        .env("KEYWRIGHT_API_KEY", "fake-siesta-key-0002")
        .json();
    assert_eq!(
        shown["variables"]["org_id"],
        json!({ "value": "org-fake-2", "source": "environment" })
    );
    assert_eq!(shown["credentials"][0]["source"], "KEYWRIGHT_API_KEY");
}

#[test]
fn profiles_use_and_remove_take_effect() {
    let server = Server::new();
    let home = three(&server);
    home.run(["profiles", "use", "c"])
        .env("KEYWRIGHT_PROFILE", "b")
        .expect_stderr(
            "`c` is the default profile now\n\
             warning: KEYWRIGHT_PROFILE is set, and its profile goes before the default\n",
        )
        .exit(0);
    assert_eq!(used(home.run(none())).0, "c");
    home.run(["profiles", "remove", "c"])
        .asked_in_a_pipe()
        .reply(Reply::Confirm(true))
        .stderr_has("removed the profile `c`\n")
        .exit(0);
    assert_eq!(home.kept("c", "token"), None);
    home.run(["keys"]).stderr_has("none is the default").exit(2);
    for verb in ["use", "remove", "show"] {
        home.run(["profiles", verb, "c"])
            .stderr_has("error: there is no profile `c`\n")
            .exit(5);
    }
}

#[test]
fn profiles_use_preserves_config_comments() {
    let server = Server::new();
    let home = three(&server);
    let config = home.read("config/config.toml").unwrap();
    home.write(
        "config/config.toml",
        format!("# mine\n{config}\n# at the end\n"),
    );
    home.run(["profiles", "use", "b", "-q"]).exit(0);
    let config = home.read("config/config.toml").unwrap();
    assert!(
        config.starts_with("# mine\n") && config.ends_with("# at the end\n"),
        "{config}"
    );
}

#[test]
fn profiles_check_exits_with_first_failure() {
    let server = Server::new();
    let home = three(&server);
    home.log_in_as("d", "sieve", &server.url(), &[], &[]);
    // They are asked at the same time, so each has a server of its own.
    let servers: Vec<Server> = ["a", "b", "c"]
        .into_iter()
        .zip([200, 403, 200])
        .map(|(name, status)| {
            let own = Server::with(listing(name), server::json(status, &json!([])));
            // A credential that was saved for another address would not be sent there.
            home.log_in_as(
                name,
                "schatzi",
                &own.url(),
                &[],
                &[token(&jwt_of(name), 86_400)],
            );
            own
        })
        .collect();
    let done = home
        .run(["profiles", "--check", "--json"])
        .json_stdout()
        .stderr_has("profile `d`: not logged in to sieve")
        .exit(3);
    let results: Vec<Value> = done
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["result"].clone())
        .collect();
    assert_eq!(
        results,
        [
            json!("valid"),
            json!("invalid"),
            json!("valid"),
            json!(null)
        ]
    );
    drop(servers);
}

#[test]
fn profile_check_exits_with_worst_credential() {
    let server = Server::new();
    server
        .expect(get("/api/keys/status").header("x-api-key", SIEVE_KEY))
        .answer(server::json(401, &json!({})));
    server
        .expect(get("/api/scans?limit=1").bearer(&jwt_of("sieve")))
        .answer(server::json(200, &json!({})));
    let home = TestEnv::new();
    home.log_in(
        "sieve",
        &server.url(),
        &[key(SIEVE_KEY), token(&jwt_of("sieve"), 86_400)],
    );
    let done = home
        .run(["profiles", "show", "--check", "--json"])
        .json_stdout()
        .exit(3);
    let shown = done.json();
    assert_eq!(shown["credentials"][0]["result"], "invalid");
    assert_eq!(shown["credentials"][1]["result"], "valid");
}
