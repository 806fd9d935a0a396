//! Mistakes in files and on the command line: named by file, line and key, and nothing is sent or overwritten.

use serde_json::json;

use crate::support::fake::{GENERIC_KEY, SIATI_KEY, jwt};
use crate::support::home::TestEnv;
use crate::support::run::{Run, ci};
use crate::support::server::{self, Server, Wanted, get, post};

#[test]
fn config_mistake_names_line_and_key() {
    for (text, said) in [
        ("this is = = not [toml\n", "config.toml:1"),
        (
            "\n\ndefault_profile = 7\n",
            "config.toml:3:default_profile: ",
        ),
        (
            "colour = \"red\"\n",
            "config.toml:1:colour: unknown field `colour`",
        ),
        (
            "[profiles.x]\nprovider = \"generic\"\nstroe = \"file\"\n",
            "config.toml:3:profiles.x.stroe: unknown field `stroe`",
        ),
        (
            "[profiles.x]\nprovider = []\n",
            "config.toml:2:profiles.x.provider: ",
        ),
        (
            "[profiles.x]\nstore = \"file\"\n",
            "missing field `provider`",
        ),
        ("profiles = 3\n", "config.toml:1:profiles: "),
    ] {
        let home = TestEnv::new();
        home.write("config/config.toml", text);
        for args in [
            &["keys", "list"][..],
            &["profiles"],
            &["profiles", "use", "x"],
            &["login", "generic", "--with-key"],
        ] {
            let done = home.run(args).stderr_has(said).exit(2);
            assert!(
                done.stderr.starts_with("error: [home]/config/config.toml:"),
                "{}",
                done.stderr
            );
        }
        assert_eq!(home.read("config/config.toml").as_deref(), Some(text));
    }
}

#[test]
fn config_unreadable_is_named() {
    let home = TestEnv::new();
    home.write("config/config.toml", b"\xff\xfe\0bad");
    home.run(["profiles"])
        .stderr_has("[home]/config/config.toml")
        .exit(2);
    let home = TestEnv::new();
    home.write("config/config.toml/file", "");
    home.run(["profiles"])
        .stderr_has("[home]/config/config.toml")
        .exit(2);
}

#[test]
fn project_file_mistake_is_named() {
    let home = TestEnv::new();
    home.write("work/keywright.toml", "profil = \"b\"\n");
    home.run(["keys", "--project", "keywright.toml"])
        .stderr_has("error: [home]/work/keywright.toml:1:profil: unknown field `profil`")
        .exit(2);
}

#[test]
fn unknown_key_suggests_near_one() {
    const CONFIG: &str = "config/config.toml";
    const PROJECT: &str = "work/keywright.toml";
    const MANIFEST: &str = "config/providers/x.toml";
    for (path, text, near) in [
        (CONFIG, "defaultt_profile = \"x\"\n", "default_profile"),
        (
            CONFIG,
            "[profiles.x]\nprovider = \"generic\"\nstroe = \"file\"\n",
            "store",
        ),
        (PROJECT, "profil = \"b\"\n", "profile"),
        (
            PROJECT,
            "[keys.ci]\nrotate_evry = \"90d\"\n",
            "rotate_every",
        ),
        (
            MANIFEST,
            "name = \"x\"\nextends = \"siesta\"\n[limmits]\n",
            "limits",
        ),
        (
            MANIFEST,
            "name = \"x\"\nextends = \"siesta\"\n[operations.lst]\nunsupported = \"no\"\n",
            "list",
        ),
    ] {
        let home = TestEnv::new();
        home.write(path, text);
        let args = match path {
            CONFIG => &["keys", "list"][..],
            PROJECT => &["keys", "--project", "keywright.toml"],
            _ => &["providers", "show", "x"],
        };
        home.run(args)
            .stderr_has(&format!("hint: did you mean `{near}`?"))
            .exit(2);
    }
}

#[test]
fn manifest_mistake_hides_no_other_service() {
    let manifest = include_str!("../src/providers/generic.toml").replace("\"generic\"", "\"mine\"");
    for (from, to, said) in [
        ("[limits]", "[limmits]", ":limmits: unknown field `limmits`"),
        (
            "title = \"API key\"",
            "titel = \"API key\"",
            ":credentials.key.titel: unknown field `titel`",
        ),
        ("manifest = 1", "manifest = ", ""),
        (
            "strategy = \"manual\"",
            "strategy = \"magic\"",
            ":rotation.strategy: ",
        ),
        ("auth = [\"key\"]", "auth = [\"kye\"]", ""),
    ] {
        let line = manifest[..manifest.find(from).unwrap()].lines().count() + 1;
        let said = &format!("[home]/config/providers/mine.toml:{line}{said}");
        let home = TestEnv::new();
        home.write("config/providers/mine.toml", manifest.replacen(from, to, 1));
        home.run(["providers", "show", "mine"])
            .stderr_has(said)
            .exit(2);
        home.run(["keys", "list"])
            .env("KEYWRIGHT_PROVIDER", "mine")
            .key(GENERIC_KEY)
            .stderr_has(said)
            .exit(2);
        home.run(["providers"])
            .stdout_has("schatzi")
            .stderr_has(said)
            .exit(2);
    }
}

#[test]
fn show_lists_additional_hosts() {
    let home = TestEnv::new();
    home.run(["providers", "show", "gitlab"])
        .stdout_has("\nhost         registry.{var.host} (git and docker get the key)\n")
        .exit(0);
    let done = home
        .run(["providers", "show", "dockerhub", "--json"])
        .json_stdout()
        .exit(0);
    let names = [
        "https://index.docker.io/v1/",
        "index.docker.io",
        "docker.io",
        "registry-1.docker.io",
    ];
    let hosts = serde_json::json!([{ "names": names, "uses": ["key"] }]);
    assert_eq!(done.json()["hosts"], hosts);
    let shown = home.run(["providers", "show", "sieve", "--json"]).json();
    assert_eq!(shown["hosts"], serde_json::json!([]));
}

#[test]
fn user_manifest_replaces_built_in_one() {
    let home = TestEnv::new();
    let manifest = include_str!("../src/providers/generic.toml");
    home.write(
        "config/providers/generic.toml",
        manifest.replace("title = \"Generic AI API\"", "title = \"My own API\""),
    );
    home.run(["providers", "show", "generic"])
        .stdout_has("My own API (generic)")
        .stdout_has("[home]/config/providers/generic.toml")
        .exit(0);
    home.write("config/providers/other.toml", manifest);
    home.run(["providers", "show", "other"])
        .stderr_has("its `name` is `generic`, which must equal its file name")
        .exit(2);
    home.write("config/providers/binary.toml", b"\xff\xfe");
    home.run(["providers", "show", "binary"])
        .stderr_has("[home]/config/providers/binary.toml")
        .exit(2);
}

#[test]
fn built_in_services_are_shown() {
    let home = TestEnv::new();
    let done = home
        .run(["providers", "list", "--json"])
        .json_stdout()
        .exit(0);
    let names: Vec<String> = done
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap().to_owned())
        .collect();
    for name in [
        "generic", "schatzi", "siati", "siesta", "sieve", "openai", "npm",
    ] {
        assert!(names.iter().any(|known| known == name), "{name}");
    }
    assert!(names.is_sorted());
    for name in names {
        home.run(["providers", "show", &name])
            .stdout_has(&format!(" ({name}): "))
            .stdout_has("assumed, because no source says it:")
            .exit(0);
        let shown = home.run(["providers", "show", &name, "--json"]).json();
        for field in [
            "base_urls",
            "credentials",
            "operations",
            "sources",
            "assumed",
            "strategy",
        ] {
            assert!(!shown[field].is_null(), "{name}: {field}");
        }
        home.run(["providers", "show", &name, "--manifest"])
            .stdout_has("manifest = 1\n")
            .exit(0);
    }
}

#[test]
fn invalid_arguments_send_nothing() {
    let server = Server::new();
    for args in [
        &["nonsense"][..],
        &["keys", "nonsense"],
        &["keys", "list", "--nonsense"],
        &["keys", "rename", "onlyone"],
        &["--color", "purple", "keys"],
        &["--timeout", "banana", "keys"],
        &["--timeout", "0s", "keys"],
        &["keys", "list", "--older-than", "-5d"],
        &["keys", "list", "--older-than", "99999999d"],
        &["keys", "rotate", "--grace", "3000000d", "--plan"],
        &["keys", "create", "x", "--expires", "banana"],
        &["token", "--min-ttl", "soon"],
        &["api", "GET"],
        &["login", "schatzi", "--with-key", "--with-token"],
        &["login", "schatzi", "--set", "no-equals-sign"],
        &["login", "schatzi", "--store", "cloud"],
        &[],
    ] {
        let done = ci("schatzi", &server, args)
            .token(&jwt("x", 60))
            .any_stderr()
            .exit(2);
        assert!(done.stderr.len() > 20, "{args:?}");
    }
}

#[test]
fn usage_error_json_is_structured() {
    let done = Run::new()
        .args(["--json", "keys", "nonsense"])
        .stderr_has("unrecognized subcommand 'nonsense'")
        .exit(2);
    let error: serde_json::Value = serde_json::from_str(&done.stderr).unwrap();
    assert_eq!(error["error"]["kind"], "usage");
    assert_eq!(
        error["error"]["message"],
        "unrecognized subcommand 'nonsense'"
    );
    assert_eq!(error["error"]["retryable"], false);
}

#[test]
fn secret_argument_is_refused_unprinted() {
    for args in [
        &["login", "siati", "--with-key=sk-siati-fake0000000000000001"][..],
        &[
            "login",
            "siati",
            "--with-key",
            "sk-siati-fake0000000000000001",
        ],
        &["login", "siati", "--key", "sk-siati-fake0000000000000001"],
        &[
            "--json",
            "login",
            "siati",
            "--with-key=sk-siati-fake0000000000000001",
        ],
    ] {
        let done = Run::new().args(args).any_stderr().exit(2);
        assert!(!done.stderr.contains(SIATI_KEY), "{}", done.stderr);
    }
}

#[cfg(unix)]
#[test]
fn non_utf8_argument_is_refused() {
    use std::os::unix::ffi::OsStrExt;
    let server = Server::new();
    let odd = std::ffi::OsStr::from_bytes(b"\xff\xfe");
    ci("schatzi", &server, ["keys", "show"])
        .args([odd])
        .token(&jwt("x", 60))
        .stderr_has("error: invalid UTF-8 was detected in one or more arguments\n")
        .exit(2);
}

fn call(path: &str) -> Wanted {
    get(path).bearer(GENERIC_KEY).header("accept", "*/*")
}

#[test]
fn credential_with_line_break_is_refused() {
    let server = Server::new();
    for odd in ["fake\r\nX-Evil: 1", "fake\nX-Evil: 1"] {
        let done = ci("generic", &server, ["api", "GET", "/x"])
            .key(odd)
            .fails(
                "the value for the header `Authorization` holds a line break or another control \
                 character, which no header may",
                &["nothing was sent; hand the value over without it"],
            )
            .exit(2);
        assert!(!done.stderr.contains("X-Evil"), "{}", done.stderr);
    }
}

#[test]
fn api_headers_are_sent_or_refused() {
    let server = Server::with(
        call("/x?a=b&c=%20d")
            .header("x-one", "1")
            .header("x-two", "two: words")
            .header("accept", "text/csv"),
        server::text(200, "a;b"),
    );
    let get = |server: &Server, header: &str| {
        ci(
            "generic",
            server,
            ["api", "GET", "/x?a=b&c=%20d", "-H", header],
        )
        .key(GENERIC_KEY)
    };
    get(&server, "X-One: 1")
        .args(["-H", "X-Two:two: words ", "-H", "Accept: text/csv"])
        .expect_stdout("a;b")
        .exit(0);
    let server = Server::new();
    for (header, message) in [
        ("no colon", "a header is written `Name: value`"),
        (": empty", "a header is written `Name: value`"),
        (
            "X-A: b\r\nX-Evil: 1",
            "the header `X-A` holds a control character",
        ),
        ("Bad Name: x", "`Bad Name` is not a header name"),
    ] {
        get(&server, header)
            .stderr_has(&format!("error: {message}\n"))
            .exit(2);
    }
}

#[test]
fn api_body_from_argument_file_stdin() {
    let body = json!({ "name": "ü", "n": [1, 2] });
    let home = TestEnv::new();
    home.write("work/body.json", body.to_string());
    let wanted = || {
        post("/x/y/")
            .bearer(GENERIC_KEY)
            .header("accept", "*/*")
            .json(&body)
    };
    let server = Server::new();
    server.expect(wanted()).times(3).answer(server::empty(204));
    let send = |data: &str| {
        home.run(["api", "post", "/x/y/", "-d", data])
            .env("KEYWRIGHT_PROVIDER", "generic")
            .env("KEYWRIGHT_BASE_URL", &server.url())
            .key(GENERIC_KEY)
    };
    send(&body.to_string()).exit(0);
    send("@body.json").exit(0);
    send("-").stdin(body.to_string()).exit(0);
    send("@nosuch.json")
        .fails("there is no file `[home]/work/nosuch.json`", &[])
        .exit(2);
    send("{not json")
        .stderr_has("error: `--data` is not JSON (column 2)\n")
        .exit(2);
    server
        .expect(
            post("/x/y/")
                .bearer(GENERIC_KEY)
                .header("accept", "*/*")
                .body("text/plain", b"{not json"),
        )
        .answer(server::empty(204));
    send("{not json")
        .args(["-H", "Content-Type: text/plain"])
        .exit(0);
}

#[test]
fn api_methods_and_statuses_are_handled() {
    let server = Server::new();
    for method in ["PUT", "PATCH", "HEAD", "OPTIONS", "DELETE"] {
        let mut wanted = server::method(method, "/v1/x").bearer(GENERIC_KEY);
        wanted = wanted.header("accept", "*/*");
        server.expect(wanted).answer(server::empty(200));
        ci("generic", &server, ["api", method, "/v1/x"])
            .key(GENERIC_KEY)
            .exit(0);
    }
    for (status, code) in [
        (400, 1),
        (401, 3),
        (402, 4),
        (403, 4),
        (404, 5),
        (409, 6),
        (422, 1),
        (500, 8),
    ] {
        server.expect(call("/v1/x")).answer(server::empty(status));
        ci("generic", &server, ["api", "GET", "/v1/x"])
            .key(GENERIC_KEY)
            .stderr_has("error: generic ")
            .exit(code);
    }
}

#[test]
fn api_unknown_base_is_refused() {
    let server = Server::new();
    ci("siati", &server, ["api", "GET", "/x", "--base", "nosuch"])
        .key(SIATI_KEY)
        .fails("siati has no base `nosuch`", &["it has: api, app"])
        .exit(2);
}
