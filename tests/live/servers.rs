//! Servers of others, started for one test each on loopback, and ended with it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::programs::{Ended, Folder, program, programs_available, run, unable};

/// The time within which a server has to answer.
const START: Duration = Duration::from_secs(60);

/// A program whose clock is off waits as long as any other.
const REAL_PAUSES: (&str, &str) = ("FAKETIME_DONT_FAKE_MONOTONIC", "1");

/// The time within which it has to end by itself.
const END: Duration = Duration::from_secs(10);

pub(super) fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/live")
        .join(name)
}

/// Where `tests/live/install` puts the servers; nothing where it did not.
#[expect(
    clippy::disallowed_methods,
    reason = "a machine may keep the servers elsewhere"
)]
pub(super) fn installed() -> Option<PathBuf> {
    let usual = || Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("live");
    let folder = std::env::var_os("KEYWRIGHT_LIVE").map_or_else(usual, PathBuf::from);
    if folder.join("installed").exists() {
        return Some(folder);
    }
    unable("the servers are not installed: tests/live/install");
    None
}

/// Returns the path of a program that `tests/live/install` installs with the servers.
pub(crate) fn installed_program(name: &str) -> Option<PathBuf> {
    let program = installed()?.join("python/bin").join(name);
    if program.exists() {
        return Some(program);
    }
    unable(&format!("{name} is not installed: tests/live/install"));
    None
}

/// Returns the library that puts a program's clock off.
pub(crate) fn clock_library() -> Option<String> {
    programs_available(&["faketime"]).then(|| {
        let print = ["-f", "+0", "printenv", "LD_PRELOAD"];
        let ended = run(program("faketime").args(print));
        ended.stdout.trim().to_owned()
    })
}

/// A server that runs until this is dropped.
pub(crate) struct Live {
    child: Child,
    pub(crate) url: String,
    folder: Folder,
}

impl Live {
    /// better-auth with its plugin for API keys; an account `ada@example.com`.
    pub(crate) fn better_auth() -> Option<Self> {
        let installed = installed()?;
        let folder = Folder::new();
        // A module finds its packages beside itself.
        let script = folder.path().join("better-auth.mjs");
        std::fs::copy(here("better-auth.mjs"), &script).unwrap();
        let modules = installed.join("node_modules");
        std::os::unix::fs::symlink(modules, folder.path().join("node_modules")).unwrap();
        let mut command = program("node");
        command.arg(script);
        Some(Self::that_says_its_address(command, folder))
    }

    /// As [`Live::oidc`], with a browser in which `browser.mjs` is a person.
    pub(crate) fn oidc_and_browser() -> Option<Self> {
        let browser = installed()?.join("browser/chromium");
        let why = if browser.exists() {
            let version = run(program(browser).arg("--version"));
            if version.ok {
                return Self::oidc();
            }
            format!("the browser does not start: {}", version.stderr.trim())
        } else {
            "the browser is not installed: tests/live/install".to_owned()
        };
        unable(&why);
        None
    }

    /// oidc-provider, with clients `installed`, `secretive` and `signing`; any name is an account.
    pub(crate) fn oidc() -> Option<Self> {
        let installed = installed()?;
        let folder = Folder::new();
        if !installed.join("node_modules/oidc-provider").exists() {
            unable("oidc-provider is not installed: tests/live/install");
            return None;
        }
        for name in ["oidc-provider.mjs", "browser.mjs"] {
            std::fs::copy(here(name), folder.path().join(name)).unwrap();
        }
        let modules = installed.join("node_modules");
        std::os::unix::fs::symlink(modules, folder.path().join("node_modules")).unwrap();
        let mut command = program("node");
        command.arg(folder.path().join("oidc-provider.mjs"));
        // The public half of the key of RFC 8037, appendix A.
        command.arg(r#"{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#);
        Some(Self::that_says_its_address(command, folder))
    }

    /// A file beside the server.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Django with simplejwt and knox; an account `ada`. An access token lives for `lifetime` seconds; without a
    /// credential one may call as often as `rate` says.
    pub(crate) fn django(lifetime: u32, rate: &str) -> Option<Self> {
        let installed = installed()?;
        let folder = Folder::new();
        let mut command = program(installed.join("python/bin/python"));
        command
            .arg(here("django_site.py"))
            .arg(folder.path())
            .args([&lifetime.to_string(), rate]);
        Some(Self::that_says_its_address(command, folder))
    }

    /// `JupyterHub` with its proxy, where any name is an account.
    pub(crate) fn jupyterhub() -> Option<Self> {
        let installed = installed()?;
        let folder = Folder::new();
        let ports = free_ports();
        let [port, ..] = ports;
        let text = ports.map(|port| port.to_string()).join(",");
        let bin = installed.join("python/bin");
        let mut command = program(bin.join("python"));
        command
            .arg(bin.join("jupyterhub"))
            .arg("--config")
            .arg(here("jupyterhub_config.py"))
            .current_dir(folder.path())
            .env("LIVE_PORTS", text)
            .env("LIVE_FOLDER", folder.path())
            .env(
                "LIVE_PROXY",
                installed.join("node_modules/.bin/configurable-http-proxy"),
            );
        let mut live = Self::started(command, folder, Stdio::null());
        live.url = format!("http://127.0.0.1:{port}/hub/api");
        live.wait_for("the hub", || answers(port, "/hub/api/"));
        Some(live)
    }

    /// `OpenBao` in memory, unsealed; its root token is `root`.
    pub(crate) fn openbao() -> Option<Self> {
        Self::ended_by_shell("bao", "/v1/sys/health", |bao, port, _| {
            bao.args(["server", "-dev", "-dev-root-token-id=root"])
                .arg(format!("-dev-listen-address=127.0.0.1:{port}"));
        })
    }

    /// As [`Live::openbao`], over TLS; a certificate authority of its own stands in [`Live::authority`].
    pub(crate) fn openbao_over_tls() -> Option<Self> {
        let mut live = Self::ended_by_shell("bao", "", |bao, port, folder| {
            bao.args(["server", "-dev", "-dev-tls", "-dev-root-token-id=root"])
                .arg(format!("-dev-tls-cert-dir={}", folder.display()))
                .arg(format!("-dev-listen-address=127.0.0.1:{port}"));
        })?;
        live.url = live.url.replace("http:", "https:");
        Some(live)
    }

    /// The file of the certificate authority of a server.
    pub(crate) fn authority(&self) -> PathBuf {
        let all = keywright::platform::files::list(self.folder.path(), "pem").unwrap();
        let is_it = |path: &PathBuf| path.display().to_string().ends_with("-ca.pem");
        all.into_iter().find(is_it).unwrap()
    }

    /// Moto, which checks each signature after `unsigned` calls.
    pub(crate) fn moto(unsigned: u32) -> Option<Self> {
        Self::ended_by_shell("moto_server", "/moto-api/", |moto, port, _| {
            moto.args(["-H", "127.0.0.1", "-p", &port.to_string()])
                .env("INITIAL_NO_AUTH_ACTION_COUNT", unsigned.to_string());
        })
    }

    /// Ministack, on loopback alone: the account's key is `test:test`, and each signature is checked, with its time. Its
    /// clock is as far off as [`Live::set_clock`] says.
    pub(crate) fn ministack() -> Option<Self> {
        let library = clock_library()?;
        Self::ended_by_shell("ministack", "/_ministack/health", |server, port, folder| {
            let clock = folder.join("clock");
            File::create(&clock).unwrap().write_all(b"+0").unwrap();
            server
                .env("BIND_HOST", "127.0.0.1")
                .env("GATEWAY_PORT", port.to_string())
                .env("AUTH", "true")
                .envs([("IOT_MTLS_ENABLED", "0"), ("SFTP_ENABLED", "0")])
                // It writes the number of its process there.
                .env("TMPDIR", folder)
                .env("LD_PRELOAD", library)
                .env("FAKETIME_TIMESTAMP_FILE", clock)
                .envs([("FAKETIME_NO_CACHE", "1"), REAL_PAUSES]);
        })
    }

    /// Sets the clock of ministack; `off` is as `+10m`.
    pub(crate) fn set_clock(&self, off: &str) {
        self.folder.write("clock", off);
    }

    /// A program that does not end with its stdin, so that a shell ends it; it is there when it answers at `path`.
    fn ended_by_shell(
        name: &str,
        path: &str,
        arguments: impl FnOnce(&mut Command, u16, &Path),
    ) -> Option<Self> {
        let server = installed_program(name)?;
        let [port, ..] = free_ports();
        let mut command = program("/bin/sh");
        command
            .args(["-c", "\"$@\" </dev/null & read -r _; kill $!; wait", "sh"])
            .arg(server);
        let folder = Folder::new();
        arguments(&mut command, port, folder.path());
        let mut live = Self::started(command, folder, Stdio::null());
        live.url = format!("http://127.0.0.1:{port}");
        live.wait_for(name, || {
            if path.is_empty() {
                TcpStream::connect(("127.0.0.1", port)).is_ok()
            } else {
                answers(port, path)
            }
        });
        Some(live)
    }

    fn started(mut command: Command, folder: Folder, stdout: Stdio) -> Self {
        let log = File::create(folder.path().join("log")).unwrap();
        let child = command
            .env("HOME", folder.path())
            .stdin(Stdio::piped())
            .stdout(stdout)
            .stderr(log)
            .spawn()
            .unwrap();
        Live {
            child,
            url: String::new(),
            folder,
        }
    }

    /// A server that chooses its port and prints `ready URL` when it answers.
    pub(super) fn that_says_its_address(command: Command, folder: Folder) -> Self {
        let mut live = Self::started(command, folder, Stdio::piped());
        let stdout = BufReader::new(live.child.stdout.take().unwrap());
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if let Some(url) = line.strip_prefix("ready ") {
                    let _ = tell.send(url.to_owned());
                }
            }
        });
        let url = told.recv_timeout(START);
        live.url = url.unwrap_or_else(|why| panic!("it does not start: {why}\n{}", live.log()));
        live
    }

    #[expect(clippy::disallowed_methods, reason = "a server of others takes time")]
    fn wait_for(&mut self, what: &str, there: impl Fn() -> bool) {
        let start = Instant::now();
        while !there() {
            let ended = self.child.try_wait().unwrap();
            assert!(
                ended.is_none() && start.elapsed() < START,
                "{what} does not start: {ended:?}\n{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn log(&self) -> String {
        self.text("log")
    }

    /// The text of a file beside the server; empty where there is none.
    pub(crate) fn text(&self, name: &str) -> String {
        let bytes = keywright::platform::files::read(&self.file(name)).unwrap();
        String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
    }
}

impl Drop for Live {
    /// It ends when its stdin does, as it would if these tests were killed; what does not is killed.
    #[expect(clippy::disallowed_methods, reason = "a server of others takes time")]
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let start = Instant::now();
        while self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            if start.elapsed() > END {
                let _ = self.child.kill();
                let _ = self.child.wait();
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let proxy = self.folder.path().join("proxy.pid");
        if let Ok(Some(pid)) = keywright::platform::files::read_text(&proxy) {
            run(program("/bin/kill").arg(pid.trim()));
        }
    }
}

fn text_of(path: &Path) -> String {
    keywright::platform::files::read_text(path)
        .unwrap()
        .unwrap()
}

/// Ports below those that the system gives to clients, which take what a server has not opened yet.
fn free_ports() -> [u16; 3] {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + u16::try_from(std::process::id() % 100).unwrap() * 100;
    [(); 3].map(|()| {
        loop {
            let port = first + TAKEN.fetch_add(1, Ordering::Relaxed) % 2_000;
            if TcpListener::bind(("127.0.0.1", port)).is_ok() {
                return port;
            }
        }
    })
}

fn answers(port: u16, path: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else {
        return false;
    };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
    let asked = write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    );
    let mut start = [0; 12];
    asked.is_ok() && stream.read_exact(&mut start).is_ok() && start.ends_with(b" 200")
}

/// A machine with the manifests of these servers, whose secrets are kept in an encrypted file.
pub(crate) struct Machine {
    home: Folder,
}

impl Machine {
    pub(crate) fn new() -> Self {
        let home = Folder::new();
        for name in ["better-auth", "simplejwt", "knox", "oidc"] {
            let text = text_of(&here(&format!("{name}.toml")));
            home.write(&format!("config/providers/{name}.toml"), &text);
        }
        home.write("config/config.toml", "");
        let identity = age::x25519::Identity::generate().to_string();
        let identity = age::secrecy::ExposeSecret::expose_secret(&identity).to_owned();
        let path = home.write("identity", &identity);
        for path in [
            path,
            home.path().join("config/config.toml").display().to_string(),
        ] {
            let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            std::fs::set_permissions(path, private).unwrap();
        }
        Machine { home }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub(crate) fn file(&self, name: &str) -> String {
        text_of(&self.path(name))
    }

    /// Writes a file of another tool.
    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        self.home.write(name, text)
    }

    /// Another manifest.
    pub(crate) fn manifest(&self, name: &str, text: &str) {
        self.home
            .write(&format!("config/providers/{name}.toml"), text);
    }

    /// The binary with these words.
    pub(crate) fn keywright(&self, words: &[&str]) -> Command {
        let mut command = program(env!("CARGO_BIN_EXE_keywright"));
        command
            .args(words)
            .env("HOME", self.home.path())
            .env("KEYWRIGHT_CONFIG_DIR", self.path("config"))
            .env("KEYWRIGHT_STATE_DIR", self.path("state"))
            .env("KEYWRIGHT_STORE", "file")
            .env("KEYWRIGHT_STORE_KEY_FILE", self.path("identity"));
        command
    }

    /// The binary with these words, on a machine whose clock is off as `+10m` says.
    pub(crate) fn keywright_at(&self, off: &str, words: &[&str]) -> Command {
        let mut command = self.keywright(words);
        command
            .env("LD_PRELOAD", clock_library().unwrap())
            .env("FAKETIME", off)
            .envs([REAL_PAUSES]);
        command
    }

    /// Runs the binary on such a machine; it has to end with `code`.
    pub(crate) fn run_at(&self, off: &str, code: u8, words: &[&str]) -> Ended {
        ends_with(code, &mut self.keywright_at(off, words))
    }

    /// Runs the binary, which has to end with `code`.
    pub(crate) fn run(&self, code: u8, words: &[&str]) -> Ended {
        ends_with(code, &mut self.keywright(words))
    }

    /// The JSON that a command prints.
    pub(crate) fn json(&self, words: &[&str]) -> Value {
        let ended = self.run(0, &[words, &["--json"]].concat());
        serde_json::from_str(&ended.stdout).unwrap()
    }

    /// Logs in to a provider with a password on stdin.
    pub(crate) fn login(&self, code: u8, live: &str, words: &[&str], password: &str) -> Ended {
        let path = self.home.write("password", password);
        let words = [&["login"], words, &["--base-url", live]].concat();
        ends_with(
            code,
            self.keywright(&words).stdin(File::open(path).unwrap()),
        )
    }

    /// Runs the binary as a CI job that has `secret` in `variable` and nothing else.
    pub(crate) fn job(
        &self,
        code: u8,
        provider: &str,
        live: &str,
        (variable, secret): (&str, &str),
        words: &[&str],
    ) -> Ended {
        let mut command = self.keywright(words);
        command
            .env("KEYWRIGHT_PROVIDER", provider)
            .env("KEYWRIGHT_BASE_URL", live)
            .env(variable, secret);
        ends_with(code, &mut command)
    }
}

/// Runs a command, which has to end with `code`.
pub(crate) fn ends_with(code: u8, command: &mut Command) -> Ended {
    let ended = run(command);
    assert_eq!(ended.code, Some(i32::from(code)), "{command:?}\n{ended:#?}");
    ended
}

/// The requests that a command sent, from its traces.
pub(crate) fn requests(ended: &Ended) -> Vec<&str> {
    let methods = ["> GET ", "> POST ", "> DELETE ", "> PATCH "];
    let lines = ended.stderr.lines();
    lines
        .filter(|line| methods.iter().any(|method| line.starts_with(method)))
        .collect()
}

/// None of these secrets is in the text.
pub(crate) fn hides(text: &str, secrets: &[&str]) {
    for secret in secrets {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}
