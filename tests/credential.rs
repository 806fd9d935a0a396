//! `credential`: what git, AWS tools, kubectl and docker get to hear, and that no other host hears anything.

use serde_json::{Value, json};

use crate::support::fake::{GENERIC_KEY, SIATI_KEY, jwt};
use crate::support::home::{TestEnv, key, token};
use crate::support::messages;
use crate::support::programs::{Folder, program, programs_available, run};
use crate::support::run::{Run, ci};
use crate::support::server::Server;

/// A key in the shape of an AWS pair.
const PAIR: &str = "FAKEACCESSKEY0000001:fake/secret+access=key";

/// The request of git for the host of `url`.
fn question(url: &str) -> String {
    let (protocol, host) = url.split_once("://").unwrap();
    format!("protocol={protocol}\nhost={host}\n\n")
}

fn run_credential(server: &Server, action: &str, question: &str) -> Run {
    ci("generic", server, ["credential", "git", action])
        .key(GENERIC_KEY)
        .stdin(question)
}

/// A home that is logged in to Sieve with a token of fifteen minutes.
fn with_token(server: &Server) -> (TestEnv, String) {
    let home = TestEnv::new();
    let access = jwt("sieve", 900);
    home.log_in("sieve", &server.url(), &[token(&access, 900)]);
    (home, access)
}

#[test]
fn git_gets_credential_for_profile_host() {
    let server = Server::new();
    let wanted = format!("username=keywright\npassword={GENERIC_KEY}\n");
    run_credential(&server, "get", &question(&server.url()))
        .expect_stdout(wanted)
        .exit(0);
    let named = format!("username=ada\n{}", question(&server.url()));
    run_credential(&server, "get", &named)
        .expect_stdout(format!("username=ada\npassword={GENERIC_KEY}\n"))
        .exit(0);
    ci(
        "generic",
        &server,
        ["credential", "git", "--username", "x-access-token", "get"],
    )
    .key(GENERIC_KEY)
    .stdin(question(&server.url()))
    .expect_stdout(format!("username=x-access-token\npassword={GENERIC_KEY}\n"))
    .exit(0);
}

#[test]
fn git_gets_token_expiry() {
    let server = Server::new();
    let (home, access) = with_token(&server);
    let end = "2026-11-20T12:15:00Z".parse::<jiff::Timestamp>().unwrap();
    home.run(["credential", "git", "get"])
        .stdin(question(&server.url()))
        .expect_stdout(format!(
            "username=keywright\npassword={access}\npassword_expiry_utc={}\n",
            end.as_second()
        ))
        .exit(0);
}

#[test]
fn other_hosts_get_no_credential() {
    let server = Server::new();
    let port = server.url().rsplit_once(':').unwrap().1.to_owned();
    for other in [
        "https://example.com".to_owned(),
        format!("https://127.0.0.1:{port}"),
        format!("http://127.0.0.1:{port}@example.com"),
        format!("http://127.0.0.1.example.com:{port}"),
        format!("http://localhost:{port}"),
        "http://127.0.0.1".to_owned(),
        "http://127.0.0.1:1".to_owned(),
        "file://".to_owned(),
        "http://[".to_owned(),
    ] {
        run_credential(&server, "get", &question(&other)).exit(0);
        ci("generic", &server, ["credential", "docker", "get"])
            .key(GENERIC_KEY)
            .stdin(&other)
            .expect_stdout(messages::CREDENTIALS_NOT_FOUND)
            .exit(1);
    }
    for odd in ["", "\n", "host=x\n", "nonsense", "protocol=http\n"] {
        run_credential(&server, "get", odd).exit(0);
    }
}

/// A job at a service on another machine: nothing is sent.
fn far(provider: &str, key: &str, args: &[&str]) -> Run {
    Run::new()
        .args(args)
        .env("KEYWRIGHT_PROVIDER", provider)
        .key(key)
}

#[test]
fn host_lookalikes_get_no_credential() {
    let host = "api.example.com";
    for other in [
        format!("{host}/.evil"),
        format!("{host}/"),
        format!("{host}?x"),
        format!("{host}#x"),
        format!("evil@{host}"),
        format!("evil:x@{host}"),
        format!("@{host}"),
        format!("{host}\\.evil.example"),
        format!("{host}\\@evil.example"),
        format!("{host}."),
        format!("{host}:443"),
        format!("{host}:0443"),
        format!("{host}:"),
        format!("{host}:80"),
        format!("{host}\t"),
        format!("\t{host}"),
        format!(" {host}"),
        format!("{host} "),
        format!("{host}\r"),
        format!("{host}\0"),
        format!("/{host}"),
        format!("//{host}"),
        // The same host to a resolver, and another text.
        "API.Example.COM".to_owned(),
        host.to_uppercase(),
        "api%2eexample.com".to_owned(),
        "api.example%2ecom".to_owned(),
        "ap\u{131}.example.com".to_owned(),
        "api\u{3002}example\u{ff0e}com".to_owned(),
        "\u{ff41}pi.example.com".to_owned(),
        "a\tpi.example.com".to_owned(),
        format!("{host}\nhost=evil.example"),
        format!("evil.example\nhost={host}"),
        format!("{host}\nprotocol=http"),
        format!("{host}.evil.example"),
    ] {
        let question = format!("protocol=https\nhost={other}\n\n");
        far("generic", GENERIC_KEY, &["credential", "git", "get"])
            .stdin(question)
            .exit(0);
        for scheme in ["", "https://"] {
            far("generic", GENERIC_KEY, &["credential", "docker", "get"])
                .stdin(format!("{scheme}{other}"))
                .expect_stdout(messages::CREDENTIALS_NOT_FOUND)
                .exit(1);
        }
        let info = json!({
            "apiVersion": "client.authentication.k8s.io/v1",
            "kind": "ExecCredential",
            "spec": { "cluster": { "server": format!("https://{other}") }, "interactive": false },
        });
        far("generic", GENERIC_KEY, &["credential", "k8s"])
            .env("KUBERNETES_EXEC_INFO", &info.to_string())
            .stderr_has("is not where the profile")
            .exit(2);
    }
    for protocol in ["http", "HTTPS", "https:", "ssh", ""] {
        far("generic", GENERIC_KEY, &["credential", "git", "get"])
            .stdin(format!("protocol={protocol}\nhost={host}\n\n"))
            .exit(0);
    }
}

#[test]
fn exact_host_gets_credential() {
    let host = "api.example.com";
    far("generic", GENERIC_KEY, &["credential", "git", "get"])
        .stdin(format!("protocol=https\nhost={host}\n\n"))
        .expect_stdout(format!("username=keywright\npassword={GENERIC_KEY}\n"))
        .exit(0);
    for asked in [
        host.to_owned(),
        format!("https://{host}"),
        format!("https://{host}\n"),
    ] {
        far("generic", GENERIC_KEY, &["credential", "docker", "get"])
            .stdin(&asked)
            .stdout_has(GENERIC_KEY)
            .exit(0);
    }
}

#[test]
fn registry_answered_at_service_address_only() {
    let pat = format!("dckr_pat_{}", "Fake0".repeat(5) + "xx");
    let hub = |asked: &str| {
        far("dockerhub", &pat, &["credential", "docker", "get"])
            .env("KEYWRIGHT_VAR_USERNAME", "ada")
            .stdin(asked)
    };
    for asked in [
        "https://index.docker.io/v1/",
        "docker.io",
        "registry-1.docker.io",
    ] {
        hub(asked)
            .expect_json(json!({ "ServerURL": asked, "Username": "ada", "Secret": pat }))
            .exit(0);
    }
    for other in [
        "https://index.docker.io/v1",
        "https://index.docker.io/v1/x",
        "docker.io.evil",
    ] {
        hub(other)
            .expect_stdout(messages::CREDENTIALS_NOT_FOUND)
            .exit(1);
    }
    let token = "glpat-FakeFakeFakeFake0000";
    let lab = |host: &str, asked: &str| {
        far("gitlab", token, &["credential", "docker", "get"])
            .env("KEYWRIGHT_VAR_HOST", host)
            .stdin(asked)
    };
    lab("gitlab.com", "registry.gitlab.com")
        .stdout_has(token)
        .exit(0);
    lab("git.example.com", "registry.git.example.com")
        .stdout_has(token)
        .exit(0);
    lab("git.example.com", "registry.gitlab.com")
        .expect_stdout(messages::CREDENTIALS_NOT_FOUND)
        .exit(1);
    // With another address the token is for another place.
    let server = Server::new();
    ci("gitlab", &server, ["credential", "docker", "get"])
        .key(token)
        .stdin("registry.gitlab.com")
        .expect_stdout(messages::CREDENTIALS_NOT_FOUND)
        .exit(1);
}

#[test]
fn foreign_host_opens_no_store() {
    let server = Server::new();
    let home = TestEnv::new();
    home.log_in("generic", &server.url(), &[key(GENERIC_KEY)]);
    let touched = home.keychain.touched();
    home.run(["credential", "git", "get"])
        .stdin("protocol=https\nhost=example.com\n\n")
        .exit(0);
    assert_eq!(home.keychain.touched(), touched);
}

#[test]
fn git_store_and_erase_change_nothing() {
    let server = Server::new();
    let home = TestEnv::new();
    home.log_in("generic", &server.url(), &[key(GENERIC_KEY)]);
    let refused = format!(
        "username=keywright\npassword=other\n{}",
        question(&server.url())
    );
    home.run(["credential", "git", "store"])
        .stdin(&refused)
        .exit(0);
    home.run(["credential", "git", "erase"])
        .stdin(&refused)
        .stderr_has("rejected the credential; it stays stored. Check it: keywright keys verify")
        .exit(0);
    home.run(["credential", "git", "capability"]).exit(0);
    assert_eq!(home.kept("generic", "key").as_deref(), Some(GENERIC_KEY));
}

#[test]
fn git_helper_at_terminal_is_refused() {
    let server = Server::new();
    ci("generic", &server, ["credential", "git", "get"])
        .key(GENERIC_KEY)
        .at_a_terminal()
        .stderr_has("git writes its request to stdin")
        .exit(2);
}

#[test]
fn real_git_receives_credential() {
    if !programs_available(&["git"]) {
        return;
    }
    let home = Folder::new();
    let helper = format!(
        "credential.helper=!{} credential git",
        env!("CARGO_BIN_EXE_keywright")
    );
    for (host, wanted) in [
        (
            "127.0.0.1:9",
            Some(format!("username=keywright\npassword={GENERIC_KEY}\n")),
        ),
        ("127.0.0.1:10", None),
    ] {
        let question = home.write("question", &format!("protocol=http\nhost={host}\n\n"));
        let mut command = program("git");
        command
            .args(["-c", &helper, "credential", "fill"])
            .stdin(std::fs::File::open(question).unwrap())
            .env("HOME", home.path())
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("KEYWRIGHT_PROVIDER", "generic")
            .env("KEYWRIGHT_BASE_URL", "http://127.0.0.1:9")
            .env("KEYWRIGHT_API_KEY", GENERIC_KEY);
        let ended = run(&mut command);
        assert_eq!(ended.ok, wanted.is_some(), "{ended:?}");
        if let Some(wanted) = wanted {
            assert!(ended.stdout.ends_with(&wanted), "{ended:?}");
        }
        assert_eq!(ended.stdout.contains(GENERIC_KEY), ended.ok);
    }
}

#[test]
fn aws_helper_prints_key_pair() {
    let server = Server::new();
    ci("generic", &server, ["credential", "aws"])
        .key(PAIR)
        .expect_stdout(
            "{\"Version\":1,\"AccessKeyId\":\"FAKEACCESSKEY0000001\",\
             \"SecretAccessKey\":\"fake/secret+access=key\"}\n",
        )
        .exit(0);
}

#[test]
fn aws_helper_refuses_other_keys() {
    let server = Server::new();
    for other in [
        GENERIC_KEY,
        "short:secret",
        "FAKEACCESSKEY0000001:",
        "FAKE ACCESS KEY 0001:s",
    ] {
        ci("generic", &server, ["credential", "aws"])
            .key(other)
            .stderr_has("is not an AWS credential: that is an access key id and a secret")
            .exit(2);
    }
}

#[test]
fn kubectl_gets_token_and_expiry() {
    let server = Server::new();
    let (home, access) = with_token(&server);
    let answer = |version: &str| {
        json!({
            "apiVersion": format!("client.authentication.k8s.io/{version}"),
            "kind": "ExecCredential",
            "status": { "token": access, "expirationTimestamp": "2026-11-20T12:15:00Z" },
        })
    };
    let asked = |info: Option<Value>| {
        let run = home.run(["credential", "k8s"]);
        match info {
            Some(info) => run.env("KUBERNETES_EXEC_INFO", &info.to_string()),
            None => run,
        }
    };
    asked(None).expect_json(answer("v1")).exit(0);
    let info = |version: &str, server: &str| {
        Some(json!({
            "apiVersion": format!("client.authentication.k8s.io/{version}"),
            "kind": "ExecCredential",
            "spec": { "cluster": { "server": server }, "interactive": false },
        }))
    };
    for version in ["v1", "v1beta1"] {
        asked(info(version, &server.url()))
            .expect_json(answer(version))
            .exit(0);
    }
    asked(info("v1", "https://10.0.0.1:6443"))
        .stderr_has("the cluster `https://10.0.0.1:6443` is not where the profile `sieve` logs in")
        .exit(2);
    let mut numbered = info("v1", "").unwrap();
    numbered["spec"]["cluster"]["server"] = json!(5);
    asked(Some(numbered))
        .stderr_has("the cluster `5` is not where")
        .exit(2);
    asked(info("v9", &server.url()))
        .stderr_has("`client.authentication.k8s.io/v9`, which is not known")
        .exit(2);
    home.run(["credential", "k8s"])
        .env("KUBERNETES_EXEC_INFO", "{")
        .stderr_has("KUBERNETES_EXEC_INFO is not JSON")
        .exit(2);
}

#[test]
fn docker_helper_answers_each_action() {
    let server = Server::new();
    let asked = |action: &'static str| {
        ci("generic", &server, ["credential", "docker", action]).key(GENERIC_KEY)
    };
    asked("get")
        .stdin(format!("{}/v2/", server.url()))
        .expect_json(json!({
            "ServerURL": format!("{}/v2/", server.url()),
            "Username": "keywright",
            "Secret": GENERIC_KEY,
        }))
        .exit(0);
    asked("list")
        .expect_json(json!({ server.url(): "keywright" }))
        .exit(0);
    asked("store")
        .stdin(r#"{"ServerURL":"x","Username":"u","Secret":"fake"}"#)
        .expect_stderr("nothing was kept: log in with: keywright login\n")
        .exit(0);
    asked("erase")
        .stdin(server.url())
        .expect_stderr("nothing was forgotten: log out with: keywright logout\n")
        .exit(0);
}

#[test]
fn helpers_without_login_print_json_error() {
    let server = Server::new();
    for (args, stdin) in [
        (&["credential", "git", "get"][..], question(&server.url())),
        (&["credential", "docker", "get"], server.url()),
        (&["credential", "k8s"], String::new()),
        (&["credential", "aws"], String::new()),
    ] {
        let run = ci("sieve", &server, args).args(["--json"]);
        let run = if stdin.is_empty() {
            run
        } else {
            run.stdin(stdin)
        };
        let done = run.stderr_has("not logged in to sieve").exit(3);
        let error: Value = serde_json::from_str(&done.stderr).unwrap();
        assert_eq!(error["error"]["kind"], "auth");
        assert_eq!(done.stdout, "");
    }
}

#[test]
fn each_host_gets_matching_credential() {
    let (api, app) = (Server::new(), Server::new());
    let access = jwt("siati", 900);
    let bases = format!("api={},app={}", api.url(), app.url());
    for (server, secret) in [(&api, SIATI_KEY), (&app, access.as_str())] {
        ci("siati", server, ["credential", "git", "get"])
            .env("KEYWRIGHT_BASE_URL", &bases)
            .key(SIATI_KEY)
            .token(&access)
            .stdin(question(&server.url()))
            .stdout_has(&format!("\npassword={secret}\n"))
            .exit(0);
    }
}
