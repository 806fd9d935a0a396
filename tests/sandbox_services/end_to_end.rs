//! The rules that hold for the sandbox as a whole.

use super::{Bench, Call, DAY, read_answer};
use keywright::sandbox::test_credentials;
use serde_json::json;
use std::collections::HashSet;
use std::io::Write;
use std::net::TcpStream;

const KEYS: &str = "/api/v1/accounts/user/api-keys/";

fn names(bench: &Bench) -> Vec<String> {
    let token = bench.login("schatzi", "token").expect("a token");
    let list = bench
        .call("schatzi", "GET", KEYS)
        .bearer(&token)
        .send()
        .json(200);
    let keys = list.as_array().expect("an array").iter();
    keys.map(|key| key["name"].as_str().expect("a name").to_owned())
        .collect()
}

fn create(bench: &Bench, name: &str) -> u16 {
    let token = bench.login("schatzi", "token").expect("a token");
    let call = bench.call("schatzi", "POST", &format!("{KEYS}create/"));
    call.bearer(&token)
        .json(&json!({"name": name}))
        .send()
        .status
}

#[test]
fn sandbox_serves_six_bases_on_loopback() {
    let bench = Bench::new();
    let bases: Vec<(&str, &str)> = bench
        .sandbox
        .addresses()
        .iter()
        .map(|address| (address.provider, address.base))
        .collect();
    let expected = [
        ("siati", "api"),
        ("siati", "app"),
        ("siesta", "api"),
        ("schatzi", "api"),
        ("generic", "api"),
        ("sieve", "api"),
    ];
    assert_eq!(bases, expected);
    for address in bench.sandbox.addresses() {
        let rest = address
            .url
            .strip_prefix("http://127.0.0.1:")
            .expect("loopback");
        assert_eq!(rest.ends_with("/api/v1"), address.base == "app");
        assert_eq!(
            Call::new("GET", &format!("{}/nowhere", address.url))
                .send()
                .status,
            404
        );
    }
}

#[test]
fn logins_cover_every_service() {
    let bench = Bench::new();
    let logins = bench.sandbox.logins().expect("logins");
    let kinds: Vec<(&str, &str)> = logins
        .iter()
        .map(|login| (login.provider, login.kind))
        .collect();
    let expected = [
        ("siati", "key"),
        ("siati", "token"),
        ("siesta", "key"),
        ("schatzi", "token"),
        ("generic", "key"),
        ("sieve", "key"),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(bench.login("siati", "token"), bench.login("siati", "token"));
}

#[test]
fn logins_replace_expiring_token() {
    let bench = Bench::new();
    let first = bench.login("siati", "token").expect("a token");
    bench.pass(29 * DAY);
    let second = bench.login("siati", "token").expect("a token");
    assert_ne!(first, second);
    let url = bench.url("siati", "app", "/me/boot");
    for token in [&first, &second] {
        assert_eq!(Call::new("GET", &url).bearer(token).send().status, 200);
    }
}

#[test]
fn state_is_shared_across_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("state/sandbox");
    let first = Bench::on(&path);
    let neighbour = Bench::on(&path);
    assert_eq!(create(&first, "one"), 201);
    assert_eq!(names(&neighbour), ["Production backend", "one"]);
    assert_eq!(create(&neighbour, "two"), 201);
    assert_eq!(names(&first), ["Production backend", "one", "two"]);
    drop((first, neighbour));
    assert_eq!(
        names(&Bench::on(&path)),
        ["Production backend", "one", "two"]
    );
}

#[test]
fn concurrent_creates_lose_no_changes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("sandbox");
    let workers: Vec<_> = (0..6)
        .map(|number| {
            let path = path.clone();
            std::thread::spawn(move || create(&Bench::on(&path), &format!("key {number}")))
        })
        .collect();
    let mut statuses: Vec<u16> = workers
        .into_iter()
        .map(|worker| worker.join().expect("a status"))
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 201, 201, 201, 400, 400]);
    assert_eq!(names(&Bench::on(&path)).len(), 5);
}

#[cfg(unix)]
#[test]
fn state_files_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("sandbox");
    let bench = Bench::on(&path);
    create(&bench, "one");
    let mode = |path: &std::path::Path| {
        let metadata = std::fs::metadata(path).expect("metadata");
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode(&path), 0o700);
    for name in ["siati.json", "schatzi.json", "sieve.json"] {
        assert_eq!(mode(&path.join(name)), 0o600);
    }
}

#[test]
fn deleted_state_starts_fresh() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("sandbox");
    let bench = Bench::on(&path);
    create(&bench, "one");
    std::fs::remove_file(path.join("schatzi.json")).expect("a file removed");
    assert_eq!(names(&bench), ["Production backend"]);
}

#[test]
fn connection_carries_several_requests() {
    let bench = Bench::new();
    let url = bench.url("generic", "api", "/v1/generate");
    let host = url
        .trim_start_matches("http://")
        .split('/')
        .next()
        .expect("a host");
    let mut stream = TcpStream::connect(host).expect("a connection");
    let body = json!({"prompt": "Hello, world!", "model": "gpt-4"});
    for _ in 0..3 {
        let call = Call::new("POST", &url)
            .bearer("generic-sandbox-demo-key")
            .json(&body);
        stream.write_all(&call.bytes()).expect("a request sent");
        assert_eq!(read_answer(&mut stream).status, 200);
    }
}

#[test]
fn body_over_one_mebibyte_is_refused() {
    let bench = Bench::new();
    let send = |size: usize| {
        let prompt = "x".repeat(size);
        let call = bench
            .call("generic", "POST", "/v1/generate")
            .bearer("generic-sandbox-demo-key");
        call.json(&json!({"prompt": prompt, "model": "gpt-4"}))
            .send()
    };
    assert_eq!(send(1024 * 1024 - 100).status, 200);
    // Announced, so that the answer may come before the body is read.
    let announced = bench.call("generic", "POST", "/v1/generate");
    let announced = announced.header("content-type", "application/json");
    let too_large = announced.header("content-length", "1048577").send();
    assert_eq!(too_large.json(413)["error"]["code"], "INVALID_REQUEST");
}

#[test]
fn test_credentials_have_unique_secrets() {
    let mut seen = HashSet::new();
    for character in test_credentials() {
        assert!(seen.insert(character.secret), "{} twice", character.secret);
        assert!(!character.what.is_empty());
        let prefix = match character.provider {
            "siati" => "sk-siati-",
            "schatzi" => "sk-",
            "sieve" => "gds_",
            other => other,
        };
        let is_jwt = character.secret.starts_with("eyJ");
        assert!(is_jwt || character.secret.starts_with(prefix));
    }
}

#[test]
fn dropped_sandbox_closes_its_port() {
    let bench = Bench::new();
    let url = bench.url("sieve", "api", "");
    let host = url.trim_start_matches("http://").to_owned();
    drop(bench);
    let closed = (0..200).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(5));
        TcpStream::connect(&host).is_err()
    });
    assert!(closed);
}
