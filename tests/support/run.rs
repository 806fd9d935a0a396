//! One command line and everything it may say: what is not expected fails the test.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::join_all;
use keywright::platform::{Env, HttpTransport, Platform};
use serde_json::Value;

use super::browser::FakeBrowser;
use super::home::TestEnv;
use super::server::Server;
use super::terminal::{FakeTerminal, Person, Reply, Stdout};
use crate::hints;

/// The expected content of a stream.
enum Expected {
    /// Exactly this; nothing, unless the test says otherwise.
    Text(String),
    /// Each of these somewhere.
    Parts(Vec<String>),
    /// One JSON value.
    Json(Value),
    /// One JSON value, which the test looks at itself.
    AnyJson,
    /// The test looks itself.
    Anything,
}

impl Expected {
    fn part(&mut self, part: &str) {
        match self {
            Expected::Parts(parts) => parts.push(part.to_owned()),
            _ => *self = Expected::Parts(vec![part.to_owned()]),
        }
    }

    /// Returns the fault of the text, if there is one.
    fn objection(&self, text: &str) -> Option<String> {
        match self {
            Expected::Anything => None,
            Expected::AnyJson => serde_json::from_str::<Value>(text)
                .is_err()
                .then(|| "expected one JSON value".to_owned()),
            Expected::Text(wanted) => (wanted != text).then(|| format!("expected:\n{wanted}")),
            Expected::Parts(parts) => {
                let missing = parts.iter().find(|part| !text.contains(*part))?;
                Some(format!("expected somewhere:\n{missing}"))
            }
            Expected::Json(wanted) => {
                let came: Option<Value> = serde_json::from_str(text).ok();
                (came.as_ref() != Some(wanted)).then(|| format!("expected:\n{wanted:#}"))
            }
        }
    }
}

/// A command line that is about to run.
#[must_use = "say how it ends: .exit(code)"]
pub(crate) struct Run {
    home: TestEnv,
    args: Vec<OsString>,
    env: Env,
    person: Person,
    sink: Stdout,
    stdin: Option<Vec<u8>>,
    replies: VecDeque<Reply>,
    http: Option<Rc<dyn HttpTransport>>,
    browser: Option<FakeBrowser>,
    stdout: Expected,
    stderr: Expected,
    hidden: Vec<String>,
}

/// The result of a command.
pub(crate) struct Done {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The questions that were asked.
    pub(crate) asked: Vec<String>,
    /// The pauses that were made.
    pub(crate) sleeps: Vec<Duration>,
}

impl Done {
    /// The answer as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("no JSON: {}", self.stdout))
    }
}

/// The environment of a CI job: a provider and where it answers.
pub(crate) fn ci<A: AsRef<OsStr>>(
    provider: &str,
    server: &Server,
    args: impl IntoIterator<Item = A>,
) -> Run {
    Run::new()
        .args(args)
        .env("KEYWRIGHT_PROVIDER", provider)
        .env("KEYWRIGHT_BASE_URL", &server.url())
}

impl Run {
    /// On a machine of its own.
    pub(crate) fn new() -> Self {
        Run::at(TestEnv::new())
    }

    pub(crate) fn at(home: TestEnv) -> Self {
        Run {
            home,
            args: vec!["keywright".into()],
            env: Env::default().with("LANG", "C.UTF-8"),
            person: Person::default(),
            sink: Stdout::default(),
            stdin: None,
            replies: VecDeque::new(),
            http: None,
            browser: None,
            stdout: Expected::Text(String::new()),
            stderr: Expected::Text(String::new()),
            hidden: Vec::new(),
        }
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args
            .extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env = self.env.with(name, value);
        self
    }

    /// With a key in the environment.
    pub(crate) fn key(self, secret: &str) -> Self {
        self.env("KEYWRIGHT_API_KEY", secret)
    }

    /// With a token in the environment.
    pub(crate) fn token(self, secret: &str) -> Self {
        self.env("KEYWRIGHT_TOKEN", secret)
    }

    /// Hands over stdin, which has to be read.
    pub(crate) fn stdin(mut self, text: impl AsRef<[u8]>) -> Self {
        self.stdin = Some(text.as_ref().to_owned());
        self
    }

    /// A person sits at every stream.
    pub(crate) fn at_a_terminal(mut self) -> Self {
        self.person = Person {
            at_stdin: true,
            at_stdout: true,
            at_stderr: true,
            columns: self.person.columns,
        };
        self
    }

    /// A person sits at every stream of a terminal that is so wide.
    pub(crate) fn at_columns(mut self, columns: u16) -> Self {
        self.person.columns = Some(columns);
        self.at_a_terminal().env("NO_COLOR", "1")
    }

    /// A person sits there, but stdout goes elsewhere.
    pub(crate) fn asked_in_a_pipe(mut self) -> Self {
        self.person = Person {
            at_stdin: true,
            at_stdout: false,
            at_stderr: true,
            columns: self.person.columns,
        };
        self
    }

    /// A person sits there and answers the next question, which has to be asked.
    pub(crate) fn reply(mut self, reply: Reply) -> Self {
        self.replies.push_back(reply);
        self
    }

    /// Sets the fate of stdout.
    pub(crate) fn sink(mut self, sink: Stdout) -> Self {
        self.sink = sink;
        self
    }

    /// Another wire than the real one.
    pub(crate) fn http(mut self, http: Rc<dyn HttpTransport>) -> Self {
        self.http = Some(http);
        self
    }

    /// With a browser that returns to this machine.
    pub(crate) fn browser(mut self, browser: &FakeBrowser) -> Self {
        self.browser = Some(browser.clone());
        self
    }

    pub(crate) fn expect_stdout(mut self, text: impl Into<String>) -> Self {
        self.stdout = Expected::Text(text.into());
        self
    }

    pub(crate) fn expect_json(mut self, value: Value) -> Self {
        self.stdout = Expected::Json(value);
        self
    }

    pub(crate) fn stdout_has(mut self, part: &str) -> Self {
        self.stdout.part(part);
        self
    }

    /// Stdout holds one JSON value, which the test looks at itself.
    pub(crate) fn json_stdout(mut self) -> Self {
        self.stdout = Expected::AnyJson;
        self
    }

    pub(crate) fn any_stdout(mut self) -> Self {
        self.stdout = Expected::Anything;
        self
    }

    pub(crate) fn expect_stderr(mut self, text: impl Into<String>) -> Self {
        self.stderr = Expected::Text(text.into());
        self
    }

    pub(crate) fn stderr_has(mut self, part: &str) -> Self {
        self.stderr.part(part);
        self
    }

    /// Expects a verdict in JSON, and a reason on stderr only if it is unknown.
    pub(crate) fn expect_verdict(self, service: &str, verdict: &Value) -> Self {
        let run = self.expect_json(verdict.clone());
        if verdict["result"] == "unknown" {
            return run.stderr_has(service);
        }
        run
    }

    pub(crate) fn any_stderr(mut self) -> Self {
        self.stderr = Expected::Anything;
        self
    }

    /// This stands on neither stream.
    pub(crate) fn hides(mut self, secret: &str) -> Self {
        self.hidden.push(secret.to_owned());
        self
    }

    /// Exactly this error on stderr, with its ways out.
    pub(crate) fn fails(self, message: &str, hints: &[&str]) -> Self {
        let hints = hints.iter().map(|hint| format!("hint: {hint}\n"));
        let text = format!("error: {message}\n{}", hints.collect::<String>());
        self.expect_stderr(text)
    }

    /// Exactly this error object on stderr.
    pub(crate) fn fails_as_json(mut self, error: &Value) -> Self {
        self.stderr = Expected::Json(serde_json::json!({ "error": error }));
        self
    }

    /// The streams of this run.
    pub(crate) fn terminal(&self) -> FakeTerminal {
        FakeTerminal {
            person: self.person,
            sink: Cell::new(self.sink),
            otherwise: None,
            stdin: RefCell::new(self.stdin.clone()),
            replies: RefCell::new(self.replies.clone()),
            asked: RefCell::default(),
            stdout: RefCell::default(),
            stderr: RefCell::default(),
        }
    }

    pub(super) fn enter(&self) -> (Platform, Rc<FakeTerminal>, Vec<OsString>) {
        let terminal = Rc::new(self.terminal());
        let http = self
            .http
            .clone()
            .unwrap_or_else(keywright::platform::native::http);
        let mut platform = self.home.platform(
            self.env.clone(),
            Rc::clone(&terminal) as Rc<dyn keywright::platform::Terminal>,
            http,
        );
        if let Some(browser) = &self.browser {
            platform.callbacks = browser.ports(&terminal);
        }
        (platform, terminal, self.args.clone())
    }

    /// Runs it; everything has to be as it was said, and this the exit code.
    #[track_caller]
    pub(crate) fn exit(self, code: u8) -> Done {
        let (platform, terminal, args) = self.enter();
        self.home.clock.take_sleeps();
        let ended = runtime().block_on(keywright::run(args, &platform));
        self.judge(&terminal, ended, code)
    }

    /// Runs it; it has to succeed with one JSON value on stdout, which the test looks at itself.
    #[track_caller]
    pub(crate) fn json(self) -> Value {
        self.json_stdout().exit(0).json()
    }

    /// Runs it; whatever its exit code is, everything else has to be as it was said.
    #[track_caller]
    pub(crate) fn exit_any(self) -> (u8, Done) {
        let (platform, terminal, args) = self.enter();
        self.home.clock.take_sleeps();
        let ended = runtime().block_on(keywright::run(args, &platform));
        (ended, self.judge(&terminal, ended, ended))
    }

    #[track_caller]
    fn judge(&self, terminal: &FakeTerminal, ended: u8, code: u8) -> Done {
        let folder = self.home.path().display().to_string();
        let shown = |text: &str| text.replace(&folder, "[home]");
        let bytes = terminal.stdout.borrow();
        let stdout = shown(&String::from_utf8_lossy(&bytes));
        let stderr = shown(&terminal.stderr.borrow());
        let mut objections = Vec::new();
        if ended != code {
            objections.push(format!("it ended with {ended}, not with {code}"));
        }
        for (name, expected, came) in [
            ("stdout", &self.stdout, &stdout),
            ("stderr", &self.stderr, &stderr),
        ] {
            if let Some(objection) = expected.objection(came) {
                objections.push(format!("{name}: {objection}"));
            }
        }
        for secret in &self.hidden {
            if stdout.contains(secret) || stderr.contains(secret) {
                objections.push(format!("it shows {secret}"));
            }
        }
        // Wrapped lines are compared where they are wrapped.
        if self.person.columns.is_none() {
            let path = self.home.path().join("config/config.toml");
            // A test may have put something else there.
            let profiles = keywright::platform::files::read_text(&path);
            let profiles = profiles.ok().flatten().unwrap_or_default();
            objections.extend(hints::objections(&stderr, &profiles));
        }
        if terminal.stdin.borrow().is_some() {
            objections.push("stdin was not read".to_owned());
        }
        if !terminal.replies.borrow().is_empty() {
            objections.push(format!("unused replies: {:?}", terminal.replies.borrow()));
        }
        assert!(
            objections.is_empty(),
            "{:?}\n{}\n--- stdout:\n{stdout}--- stderr:\n{stderr}",
            self.args,
            objections.join("\n")
        );
        Done {
            stdout,
            stderr,
            asked: terminal.asked.borrow().clone(),
            sleeps: self.home.clock.take_sleeps(),
        }
    }
}

pub(super) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// Runs several command lines at the same time in one process; each has to end with 0.
#[track_caller]
pub(crate) fn all_at_once(runs: &[Run]) -> Vec<Done> {
    let entered: Vec<_> = runs.iter().map(Run::enter).collect();
    let each = runs
        .iter()
        .zip(&entered)
        .map(|(run, (platform, _, _))| keywright::run(run.args.clone(), platform));
    let ended = runtime().block_on(join_all(each));
    runs.iter()
        .zip(&entered)
        .zip(ended)
        .map(|((run, (_, terminal, _)), code)| run.judge(terminal, code, 0))
        .collect()
}
