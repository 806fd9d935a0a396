//! Micro-benchmarks of the paths that every command takes: reading a command line and a manifest, building a request,
//! reading a list. Whole commands beside their peers are measured by `benches/compare`.

// The doubles refer to the crate by its name, as they do in the tests.
#[path = "../tests/support/doubles/mod.rs"]
#[expect(
    dead_code,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the tests use the rest, and may panic"
)]
mod doubles;

use std::ffi::OsString;
use std::path::Path;
use std::rc::Rc;

use divan::{Bencher, black_box};
use keywright::platform::{Env, Platform};

fn main() {
    divan::main();
}

/// A platform whose service lists so many keys.
fn platform(folder: &Path, keys: usize) -> Platform {
    let env = [
        ("KEYWRIGHT_PROVIDER", "schatzi"),
        ("KEYWRIGHT_TOKEN", "bench-token"),
    ];
    let env = env.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let keys: Vec<_> = (0..keys).map(key).collect();
    let body = serde_json::to_vec(&keys).unwrap_or_default();
    let answer = move |_: &_| Ok(doubles::http::answer(200, body.clone()));
    Platform {
        http: doubles::http::FakeTransport::answering(answer),
        terminal: Rc::new(doubles::terminal::FakeTerminal::default()),
        ..doubles::platform(folder, Env::new(env))
    }
}

fn key(index: usize) -> serde_json::Value {
    serde_json::json!({
        "id": format!("key-{index}"), "name": format!("service {index}"), "is_active": !index.is_multiple_of(7),
        "created_at": "2026-11-20T12:00:00Z", "last_used_at": "2026-11-20T12:00:00Z",
    })
}

fn words(line: &str) -> Vec<OsString> {
    line.split(' ').map(OsString::from).collect()
}

#[expect(
    clippy::unwrap_used,
    reason = "without a folder there is nothing to measure"
)]
fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Runs a command to its end; returns its exit code.
fn run(line: &str, platform: &Platform) -> u8 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.map_or(1, |runtime| {
        runtime.block_on(keywright::run(words(line), platform))
    })
}

/// `token` has a grammar of its own, because scripts run it before every call; `keys list` needs the whole one.
#[divan::bench(args = ["keywright token", "keywright keys list"])]
fn command_line(bencher: Bencher<'_, '_>, line: &str) {
    let folder = folder();
    let platform = platform(folder.path(), 0);
    bencher.bench_local(|| keywright::parse(black_box(words(line)), &platform).is_ok());
}

#[divan::bench(args = ["schatzi", "gitlab", "openai"])]
fn manifest(bencher: Bencher<'_, '_>, name: &str) {
    let folder = folder();
    let platform = platform(folder.path(), 0);
    bencher.bench_local(|| keywright::providers::manifest(black_box(name), &platform).is_ok());
}

/// A list of no keys is mostly the request.
#[divan::bench(args = [0, 100, 10_000])]
fn list(bencher: Bencher<'_, '_>, keys: usize) {
    let folder = folder();
    let platform = platform(folder.path(), keys);
    assert_eq!(run("keywright keys list --json", &platform), 0);
    bencher.bench_local(|| run(black_box("keywright keys list --json"), &platform));
}
