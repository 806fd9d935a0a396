//! Logging in in every form, and what is kept of it.

use serde_json::json;

use crate::support::fake::{GENERIC_KEY, SCHATZI_KEY, SIATI_KEY, SIEVE_KEY, jwt};
use crate::support::home::{TestEnv, key, token};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Server, Wanted, delete, get, post};
use crate::support::terminal::Reply;

const KEYS: &str = "/api/v1/accounts/user/api-keys/";

/// A server that takes this JWT of Schatzi once.
fn takes(token: &str) -> Server {
    Server::with(get(KEYS).bearer(token), server::json(200, &json!([])))
}

fn login(home: &TestEnv, server: &Server, args: &[&str]) -> Run {
    home.run(["login"])
        .args(args)
        .args(["--base-url", &server.url()])
}

#[test]
fn login_token_from_stdin_is_stored() {
    let home = TestEnv::new();
    let token = jwt("fake-user", 3600);
    let server = takes(&token);
    login(&home, &server, &["schatzi", "--with-token"])
        .stdin(format!("{token}\n"))
        .expect_stderr(
            "logged in to schatzi as fake-user until 2026-11-20 13:00 UTC (in 1 hour); the JWT is kept in the test \
             keyring\n",
        )
        .exit(0);
    assert_eq!(home.kept("schatzi", "token"), Some(token));
    let config = home.read("config/config.toml").unwrap();
    assert_eq!(
        config,
        format!(
            "default_profile = \"schatzi\"\n\n[profiles.schatzi]\nprovider = \"schatzi\"\nstore = \"keyring\"\n\
             base_urls = {{ api = \"{}\" }}\n",
            server.url()
        )
    );
}

#[test]
fn login_json_reports_stored_credential() {
    let home = TestEnv::new();
    let token = jwt("fake-user", 3600);
    let server = takes(&token);
    login(&home, &server, &["schatzi", "--with-token", "--json", "-q"])
        .stdin(&token)
        .expect_json(json!({
            "profile": "schatzi",
            "provider": "schatzi",
            "credential": "token",
            "identity": "fake-user",
            "expires_at": "2026-11-20T13:00:00Z",
            "stored_in": "the test keyring",
        }))
        .exit(0);
}

#[test]
fn login_secret_whitespace_is_trimmed() {
    for text in [
        "{}\n",
        "{}\r\n",
        "{}",
        "  {} \t\n",
        "\u{feff}{}\n",
        "\u{200b}{}\u{200d}\u{2060}\n",
        "Bearer {}\n",
        "\u{feff}bearer {}\n",
    ] {
        let home = TestEnv::new();
        let server = Server::with(
            get("/v1/models").bearer(SIATI_KEY),
            server::json(200, &json!({ "data": [] })),
        );
        login(&home, &server, &["siati", "--with-key", "-q"])
            .stdin(text.replace("{}", SIATI_KEY))
            .exit(0);
        assert_eq!(home.kept("siati", "key").as_deref(), Some(SIATI_KEY));
    }
}

#[test]
fn login_invalid_stdin_fails_before_request() {
    let server = Server::new();
    for (stdin, message) in [
        (&b""[..], "there was no API key on stdin"),
        (b"\n \n", "there was no API key on stdin"),
        (
            b"sk-siati-fake01\nsk-siati-fake02\n",
            "the input on stdin has more than one line",
        ),
        (b"sk-siati-\xff\xfe", "the input on stdin is not text"),
    ] {
        let home = TestEnv::new();
        login(&home, &server, &["siati", "--with-key"])
            .stdin(stdin)
            .stderr_has(&format!("error: {message}\n"))
            .exit(2);
        assert!(home.kept("siati", "key").is_none());
    }
}

#[test]
fn login_stdin_flag_at_terminal_refused() {
    for (flag, kind) in [("--with-key", "key"), ("--with-token", "token")] {
        let server = Server::new();
        login(
            &TestEnv::new(),
            &server,
            &["schatzi", flag, "--color", "never"],
        )
        .at_a_terminal()
        .fails(
            &format!("`{flag}` reads the {kind} from stdin, and stdin is a terminal"),
            &[
                &format!("hand it over in a file or a pipe: keywright login schatzi {flag} < FILE"),
                "or be asked for it: keywright login schatzi",
            ],
        )
        .exit(2);
    }
}

#[test]
fn login_prompt_explains_and_takes_token() {
    let home = TestEnv::new();
    let token = jwt("fake-user", 3600);
    let server = takes(&token);
    let done = login(&home, &server, &["schatzi"])
        .at_a_terminal()
        .reply(Reply::Choose("JWT".to_owned()))
        .reply(Reply::Secret(format!("  {token} ")))
        .stderr_has("get it here: https://schatziai.ch\n  1. Log in at schatziai.ch\n")
        .stderr_has("logged in to schatzi as fake-user")
        .exit(0);
    assert_eq!(done.asked, ["Log in with", "JWT"]);
    assert_eq!(home.kept("schatzi", "token"), Some(token));
}

#[test]
fn login_prompts_for_email_and_password() {
    let home = TestEnv::new();
    let token = jwt("app", 30 * 86_400);
    let server = Server::with(
        post("/auth/login").json(&json!({ "email": "u@example.com", "password": "fake-password" })),
        server::json(200, &json!({ "token": token })),
    );
    let done = login(&home, &server, &["siati"])
        .at_a_terminal()
        .reply(Reply::Choose("password".to_owned()))
        .reply(Reply::Text("u@example.com".to_owned()))
        .reply(Reply::Secret("fake-password".to_owned()))
        .stderr_has("logged in to siati as u@example.com until 2026-12-20 12:00 UTC")
        .exit(0);
    assert_eq!(done.asked, ["Log in with", "Email", "Password"]);
    assert_eq!(home.kept("siati", "token"), Some(token));
}

#[test]
fn wrong_password_is_asked_again() {
    let attempt = |password: &str| {
        post("/auth/login").json(&json!({ "email": "u@example.com", "password": password }))
    };
    let refused = || server::json(401, &json!({ "message": "Invalid credentials" }));
    let login_with = |passwords: &[&str]| {
        let home = TestEnv::new();
        let server = Server::new();
        for password in &passwords[..passwords.len() - 1] {
            server.expect(attempt(password)).answer(refused());
        }
        (home, server)
    };
    let (home, server) = login_with(&["slip", "fake-password"]);
    let token = jwt("app", 3600);
    let accepted = server::json(200, &json!({ "token": token }));
    server.expect(attempt("fake-password")).answer(accepted);
    // The email is not lost.
    let done = login(&home, &server, &["siati"])
        .at_a_terminal()
        .reply(Reply::Choose("password".to_owned()))
        .reply(Reply::Text("u@example.com".to_owned()))
        .reply(Reply::Secret("slip".to_owned()))
        .reply(Reply::Secret("fake-password".to_owned()))
        .stderr_has("siati does not accept this email and password\n")
        .stderr_has("logged in to siati")
        .exit(0);
    assert_eq!(done.asked, ["Log in with", "Email", "Password", "Password"]);
    let (home, server) = login_with(&["one", "two", "three", ""]);
    login(&home, &server, &["siati", "--email", "u@example.com"])
        .at_a_terminal()
        .reply(Reply::Secret("one".to_owned()))
        .reply(Reply::Secret("two".to_owned()))
        .reply(Reply::Secret("three".to_owned()))
        .stderr_has("check both and try again; nothing was stored")
        .exit(3);
    // A program's password is tried once.
    let (home, server) = login_with(&["one", ""]);
    login(&home, &server, &["siati", "--email", "u@example.com"])
        .stdin("one")
        .stderr_has("error: siati does not accept this email and password\n")
        .exit(3);
}

#[test]
fn wrong_token_is_asked_again() {
    let home = TestEnv::new();
    let (slip, token) = (jwt("slip", 3600), jwt("fake-user", 3600));
    let server = Server::new();
    server
        .expect(get(KEYS).bearer(&slip))
        .answer(server::json(401, &json!({})));
    server
        .expect(get(KEYS).bearer(&token))
        .answer(server::json(200, &json!([])));
    let done = login(&home, &server, &["schatzi"])
        .at_a_terminal()
        .reply(Reply::Choose("JWT".to_owned()))
        .reply(Reply::Secret(slip))
        .reply(Reply::Secret(token.clone()))
        .stderr_has(
            "starts with eyJ\nschatzi does not accept it: it is expired\nlogged in to schatzi",
        )
        .exit(0);
    assert_eq!(done.asked, ["Log in with", "JWT", "JWT"]);
    assert_eq!(home.kept("schatzi", "token"), Some(token));
}

#[test]
fn login_email_flag_prompts_for_password() {
    let home = TestEnv::new();
    let server = Server::with(
        post("/auth/login").json(&json!({ "email": "u@example.com", "password": "fake-password" })),
        server::json(200, &json!({ "token": jwt("app", 3600) })),
    );
    let done = login(&home, &server, &["siati", "--email", "u@example.com", "-q"])
        .at_a_terminal()
        .reply(Reply::Secret("fake-password".to_owned()))
        .exit(0);
    assert_eq!(done.asked, ["Password"]);
}

#[test]
fn login_takes_password_from_variable() {
    let attempt = || {
        post("/auth/login")
            .json(&json!({ "email": "u@example.com", "password": " fake pass phrase " }))
    };
    let home = TestEnv::new();
    let server = Server::with(
        attempt(),
        server::json(200, &json!({ "token": jwt("app", 3600) })),
    );
    let args = ["siati", "--email", "u@example.com", "--no-input"];
    login(&home, &server, &args)
        .env("KEYWRIGHT_PASSWORD", " fake pass phrase ")
        .stderr_has("logged in to siati as u@example.com")
        .hides("fake pass phrase")
        .exit(0);
    // A wrong one is not replaced by a prompt.
    let server = Server::with(
        attempt(),
        server::json(401, &json!({ "message": "Invalid credentials" })),
    );
    login(
        &TestEnv::new(),
        &server,
        &["siati", "--email", "u@example.com"],
    )
    .at_a_terminal()
    .env("KEYWRIGHT_PASSWORD", " fake pass phrase ")
    .stderr_has("siati does not accept this email and password")
    .exit(3);
}

#[test]
fn login_ctrl_c_stores_nothing() {
    let home = TestEnv::new();
    let server = Server::new();
    login(&home, &server, &["siati", "--email", "u@example.com"])
        .at_a_terminal()
        .reply(Reply::Interrupt)
        .expect_stderr("cancelled\n")
        .exit(130);
    assert_eq!(home.read("config/config.toml"), None);
}

#[test]
fn login_without_prompts_names_flags() {
    let server = Server::new();
    login(&TestEnv::new(), &server, &["siati"])
        .fails(
            messages::NO_LOGIN_METHOD,
            &[
                "name one: keywright login siati --email E",
                "or: keywright login siati --with-key",
                "or: keywright login siati --with-token",
            ],
        )
        .exit(2);
    login(&TestEnv::new(), &server, &[])
        .fails(
            "no service given: `PROVIDER` is missing",
            &["keywright login PROVIDER; the services: keywright providers"],
        )
        .exit(2);
}

#[test]
fn login_no_input_never_prompts() {
    let server = Server::new();
    let quiet = |run: Run| {
        run.at_a_terminal()
            .stderr_has(messages::NO_LOGIN_METHOD)
            .exit(2)
    };
    quiet(login(&TestEnv::new(), &server, &["siati", "--no-input"]));
    quiet(login(&TestEnv::new(), &server, &["siati"]).env("KEYWRIGHT_NO_INPUT", "1"));
    quiet(login(&TestEnv::new(), &server, &["siati"]).env("CI", "true"));
}

#[test]
fn login_unsupported_method_lists_supported() {
    let server = Server::new();
    login(&TestEnv::new(), &server, &["schatzi", "--email", "u@example.com"])
        .fails(
            "schatzi cannot be logged in to with `--email E`",
            &[
                "use: keywright login schatzi --with-key",
                "or: keywright login schatzi --with-token",
                "Schatzi AI documents no login call: paste the JWT of a logged-in session: keywright login schatzi \
                 --with-token",
            ],
        )
        .exit(2);
    login(&TestEnv::new(), &server, &["generic", "--with-token"])
        .fails(
            "generic cannot be logged in to with `--with-token`",
            &["use: keywright login generic --with-key"],
        )
        .exit(2);
}

#[test]
fn login_refused_key_is_not_stored() {
    let home = TestEnv::new();
    let body = json!({ "error": { "code": "invalid_api_key" } });
    let server = Server::with(
        get("/v1/models").bearer(SIATI_KEY),
        server::json(401, &body),
    );
    login(&home, &server, &["siati", "--with-key"])
        .stdin(SIATI_KEY)
        .fails(
            "siati does not accept it: it is invalid",
            &[messages::COPY_AGAIN],
        )
        .exit(3);
    assert!(
        home.keychain
            .values()
            .iter()
            .all(|value| !value.contains("sk-"))
    );
    assert_eq!(home.read("config/config.toml"), None);
}

#[test]
fn login_unusual_key_accepted_warns() {
    let home = TestEnv::new();
    let odd = "siati_fake_other_prefix_0001";
    let server = Server::with(
        get("/v1/models").bearer(odd),
        server::json(200, &json!({ "data": [] })),
    );
    login(&home, &server, &["siati", "--with-key"])
        .stdin(odd)
        .stderr_has(
            "warning: this does not look like the usual API key of Siati: it does not start with `sk-siati-`\n",
        )
        .exit(0);
    assert_eq!(home.kept("siati", "key").as_deref(), Some(odd));
}

#[test]
fn login_key_without_subscription_warns() {
    let home = TestEnv::new();
    let body = json!({ "error": { "type": "subscription_required" } });
    let server = Server::with(
        get("/v1/models").bearer(SCHATZI_KEY),
        server::json(402, &body),
    );
    login(&home, &server, &["schatzi", "--with-key"])
        .stdin(SCHATZI_KEY)
        .stderr_has("warning: schatzi knows it, but the account may not use the service now\n")
        .exit(0);
    assert_eq!(home.kept("schatzi", "key").as_deref(), Some(SCHATZI_KEY));
}

#[test]
fn login_unverifiable_key_is_stored() {
    let home = TestEnv::new();
    let server = Server::new();
    login(&home, &server, &["generic", "--with-key"])
        .stdin(GENERIC_KEY)
        .stderr_has("generic has no operation to verify it, so it is kept as it is\n")
        .exit(0);
    assert_eq!(home.kept("generic", "key").as_deref(), Some(GENERIC_KEY));
}

#[test]
fn login_again_replaces_old_credential() {
    let home = TestEnv::new();
    let (old, new) = (jwt("old", 3600), jwt("new", 3600));
    let server = takes(&new);
    home.log_in("schatzi", &server.url(), &[token(&old, 3600)]);
    login(&home, &server, &["schatzi", "--with-token", "-q"])
        .stdin(&new)
        .exit(0);
    assert_eq!(home.kept("schatzi", "token").as_ref(), Some(&new));
    assert!(!home.keychain.values().contains(&old));
}

#[test]
fn login_stores_in_named_profile() {
    let home = TestEnv::new();
    let token = jwt("fake-user", 3600);
    let server = takes(&token);
    login(&home, &server, &["schatzi", "--with-token", "-p", "work"])
        .stdin(&token)
        .stderr_has("use it with: --profile work\n")
        .exit(0);
    assert_eq!(home.kept("work", "token"), Some(token));
}

#[test]
fn login_profile_conflict_is_refused() {
    let home = TestEnv::new();
    let server = Server::new();
    home.log_in_as("work", "generic", &server.url(), &[], &[key(GENERIC_KEY)]);
    login(&home, &server, &["schatzi", "--with-token", "-p", "work"])
        .fails(
            "the profile `work` is for generic",
            &["choose another name: keywright login schatzi --profile NAME"],
        )
        .exit(6);
    login(
        &home,
        &server,
        &["schatzi", "--with-token", "-p", "../work"],
    )
    .fails(
        "`../work` cannot name a profile",
        &["use letters, digits, `-`, `_` and `.`"],
    )
    .exit(2);
}

#[test]
fn login_unknown_service_is_not_found() {
    let home = TestEnv::new();
    let folder = "[home]/config/providers/NAME.toml";
    home.run(["login", "nosuch", "--with-key"])
        .fails(
            "there is no provider `nosuch`",
            &[
                messages::KNOWN_SERVICES,
                &format!("a manifest of your own goes to {folder}"),
            ],
        )
        .exit(5);
    home.run(["login", "schazti", "--with-key"])
        .stderr_has("hint: did you mean `schatzi`?")
        .exit(5);
}

#[test]
fn login_unknown_variable_is_refused() {
    let server = Server::new();
    login(
        &TestEnv::new(),
        &server,
        &["siati", "--with-key", "--set", "color=red"],
    )
    .fails("siati has no variable `color`", &["it has: tier"])
    .exit(2);
}

#[test]
fn login_locked_keyring_fails_before_reading() {
    let home = TestEnv::new();
    let server = Server::new();
    home.keychain
        .fails(keywright::platform::KeychainError::Locked);
    let done = login(&home, &server, &["siati", "--with-key"])
        .stderr_has("error: the test keyring is locked")
        .exit(9);
    assert!(done.stderr.contains("hint: "), "{}", done.stderr);
}

#[test]
fn logout_deletes_locally_revokes_nothing() {
    let home = TestEnv::new();
    let server = Server::new();
    home.log_in(
        "sieve",
        &server.url(),
        &[
            key(SIEVE_KEY),
            token(&jwt("sieve", 900), 900).refreshed_by("fake-refresh-1"),
        ],
    );
    home.run(["logout"])
        .expect_stderr(
            "forgot the credentials of the profile `sieve`; nothing was revoked at the service\n",
        )
        .exit(0);
    assert!(home.kept("sieve", "key").is_none() && home.kept("sieve", "token").is_none());
    let left = home.keychain.values();
    assert!(!left.iter().any(|value| value.contains("fake")), "{left:?}");
    home.run(["logout"])
        .expect_stderr("nothing was stored for the profile `sieve`\n")
        .exit(0);
    home.run(["keys", "status"])
        .stderr_has("error: not logged in to sieve: this takes its Personal Access Token or JWT")
        .exit(3);
}

fn revocation() -> Wanted {
    delete("/api/keys").header("x-api-key", SIEVE_KEY)
}

#[test]
fn logout_revoke_ends_key_first() {
    let home = TestEnv::new();
    let server = Server::with(revocation(), server::json(200, &json!({ "success": true })));
    home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
    home.run(["logout", "--revoke", "--json"])
        .expect_json(json!({ "forgotten": ["sieve"], "revoked": ["sieve"] }))
        .expect_stderr("revoked and forgot the credentials of the profile `sieve`\n")
        .exit(0);
    assert_eq!(home.kept("sieve", "key"), None);
}

#[test]
fn logout_refused_revocation_keeps_credential() {
    for answer in [server::empty(403), server::empty(401), server::empty(500)] {
        let home = TestEnv::new();
        let server = Server::with(revocation(), answer);
        home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
        home.run(["logout", "--revoke"])
            .stderr_has(messages::NOTHING_FORGOTTEN)
            .stderr_has(
                "hint: to forget the credentials here all the same: keywright -p sieve logout\n",
            )
            .exit(10);
        assert_eq!(home.kept("sieve", "key").as_deref(), Some(SIEVE_KEY));
    }
}

#[test]
fn logout_without_revocation_call_is_refused() {
    let home = TestEnv::new();
    let server = Server::new();
    let secret = jwt("ada", 86_400);
    home.log_in("schatzi", &server.url(), &[token(&secret, 86_400)]);
    home.run(["logout", "--revoke"])
        .stderr_has(
            "error: schatzi has no call that revokes the JWT; nothing was revoked or forgotten\n",
        )
        .stderr_has("hint: to forget it here alone: keywright -p schatzi logout\n")
        .exit(2);
    assert_eq!(home.kept("schatzi", "token"), Some(secret));
    home.log_in("siati", &server.url(), &[key("sk-siati-fake-1")]);
    home.run(["-p", "siati", "logout", "--revoke"])
        .stderr_has("hint: revoke it by hand: https://my.siati.ai\n")
        .exit(2);
    home.run(["-p", "siati", "logout", "--revoke"])
        .key("sk-siati-fake-2")
        .stderr_has("KEYWRIGHT_API_KEY is set")
        .exit(2);
}

#[test]
fn logout_all_deletes_every_credential() {
    let home = TestEnv::new();
    let server = Server::new();
    for name in ["one", "two"] {
        home.log_in_as(name, "generic", &server.url(), &[], &[key(GENERIC_KEY)]);
    }
    home.run(["logout", "--all", "--json", "-q"])
        .env("KEYWRIGHT_API_KEY", "fake-key-of-the-environment")
        .expect_json(json!({ "forgotten": ["one", "two"] }))
        .expect_stderr("warning: KEYWRIGHT_API_KEY is still set, and is used\n")
        .exit(0);
    assert!(home.kept("one", "key").is_none() && home.kept("two", "key").is_none());
}

#[test]
fn login_response_without_token_stores_nothing() {
    for body in [
        json!({}),
        json!(null),
        json!({ "token": 7 }),
        json!({ "token": "" }),
    ] {
        let home = TestEnv::new();
        let server = Server::with(
            post("/auth/login")
                .json(&json!({ "email": "u@example.com", "password": "fake-password" })),
            server::json(200, &body),
        );
        let done = login(&home, &server, &["siati", "--email", "u@example.com"])
            .stdin("fake-password")
            .stderr_has("error: siati ")
            .exit(1);
        assert!(!done.stderr.contains("fake-password"));
        assert_eq!(home.read("config/config.toml"), None, "{body}");
    }
}

#[test]
fn login_request_is_never_repeated() {
    for (answer, code) in [
        (server::hang_up(), 8),
        (server::html(502), 8),
        (server::empty(503), 8),
        (server::empty(429).header("Retry-After", "1"), 7),
    ] {
        let server = Server::with(
            post("/auth/login")
                .json(&json!({ "email": "u@example.com", "password": "fake-password" })),
            answer,
        );
        login(
            &TestEnv::new(),
            &server,
            &["siati", "--email", "u@example.com"],
        )
        .stdin("fake-password")
        .stderr_has("error: siati ")
        .exit(code);
    }
}

#[test]
fn login_64_kib_key_is_stored() {
    let key = format!("sk-siati-{}", "fake".repeat(16 << 10));
    let home = TestEnv::new();
    let server = Server::with(
        get("/v1/models").bearer(&key),
        server::json(200, &json!({ "data": [] })),
    );
    login(&home, &server, &["siati", "--with-key", "-q"])
        .stdin(format!("{key}\r\n"))
        .exit(0);
    assert_eq!(home.kept("siati", "key"), Some(key));
}

#[test]
fn login_password_is_sent_unchanged() {
    let password = "Bearer \u{feff}pass\u{200b}word";
    let home = TestEnv::new();
    let server = Server::with(
        post("/auth/login").json(&json!({ "email": "u@example.com", "password": password })),
        server::json(401, &json!({ "detail": "no" })),
    );
    login(&home, &server, &["siati", "--email", "u@example.com"])
        .stdin(format!("{password}\n"))
        .fails(messages::PASSWORD_REFUSED, &[messages::CHECK_AND_RETRY])
        .exit(3);
}
