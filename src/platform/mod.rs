//! Everything outside the process that is slow, global or irreversible, behind doors that a test can replace.

mod callback;
mod env;
mod handed_over;
pub mod keychain;
mod kernel_keys;
mod programs;
mod proxy;
mod question;
/// The platform outside the tests.
pub mod native;
mod http;
mod client_identity;
mod shared_state;
pub mod fault;
pub mod files;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use zeroize::Zeroizing;

pub use client_identity::client_identity;
pub use futures_util::future::LocalBoxFuture;

pub use callback::{CallbackListener, CallbackReply, CallbackServer};
pub use env::{Env, HOME_VARIABLE, SECRET_VARIABLES, VARIABLES, Variable};
pub use handed_over::{handed_over, handed_over_to_keep};
pub use http::{
    BlockingHttp, Header, HeaderValue, HttpRequest, HttpResponse, HttpTransport,
    MAX_RESPONSE_BYTES, RequestBody, SignalGuard, TlsCertificates, TransportError, is_local_name,
    is_loopback, may_carry_secrets,
};
pub use kernel_keys::{KernelKeys, KernelKeysError};
pub use programs::{
    ChildProcess, ForegroundCommand, PROGRAM_TIMEOUT, ProcessLauncher, Program, ProgramError,
    ProgramOutput, Programs, ReceivedSignal, SignalStream, SpawnError, why_not_found,
};
pub use proxy::{BrokenProxy, broken_proxy, proxy_variable};
pub use question::{
    CheckAnswer, LineQuestion, SECRET_TRIES, ask_optional, ask_optional_until, ask_text, ask_until,
    reason,
};
pub use shared_state::{Actor, Hold, Holder, Processes, SharedDocument, SharedLease, SharedState};

use crate::core::error::Result;
use crate::core::secret::Secret;
use crate::platform::files::LockDeadline;

/// Everything outside the process that a command may use.
#[derive(Clone)]
pub struct Platform {
    /// Environment variables.
    pub env: Env,
    /// The folders for files.
    pub dirs: Dirs,
    /// The folder the command was started in, for project files and relative paths.
    pub folder: PathBuf,
    /// The time, and waiting.
    pub clock: Arc<dyn Clock>,
    /// Standard streams and questions.
    pub terminal: Rc<dyn Terminal>,
    /// HTTP.
    pub http: Rc<dyn HttpTransport>,
    /// The keyring of the system; shared with the thread that waits for it.
    pub keychain: Arc<dyn Keychain>,
    /// The keys that the kernel keeps for this user.
    pub kernel_keys: Rc<dyn KernelKeys>,
    /// Other programs.
    pub programs: Rc<dyn ProcessLauncher>,
    /// Ports for a browser to return to.
    pub callbacks: Rc<dyn CallbackServer>,
    /// The addresses that replace a provider's own while a sandbox runs: provider → base → URL.
    pub addresses: BTreeMap<String, BTreeMap<String, String>>,
    /// The time that may be spent waiting for locks.
    pub lock_deadline: Rc<LockDeadline>,
    /// The processes of this machine.
    pub processes: Arc<dyn Processes>,
    /// The state that other machines share; `None` if all of it is in the state folder.
    pub shared_state: Option<Rc<dyn SharedState>>,
}

impl Platform {
    /// Returns the same platform with the folders of the sandbox, and without the user's own settings.
    #[must_use]
    pub fn sandboxed(&self) -> Platform {
        let own = self.dirs.state.join("sandbox");
        let keep = |name: &str| {
            !name.starts_with("KEYWRIGHT_")
                || matches!(
                    name,
                    "KEYWRIGHT_PROFILE" | "KEYWRIGHT_PROJECT" | "KEYWRIGHT_NO_INPUT"
                )
        };
        Platform {
            env: self.env.filtered(keep),
            dirs: Dirs {
                config: own.join("config"),
                state: own.join("state"),
                cache: own.join("cache"),
            },
            shared_state: None,
            ..self.clone()
        }
    }
}

/// The folders of this user; the name of each is `keywright`, unless a variable sets another.
#[derive(Debug, Clone)]
pub struct Dirs {
    /// `config.toml` and `providers/`: no secrets.
    pub config: PathBuf,
    /// Journal, locks, the encrypted-file store, the sandbox.
    pub state: PathBuf,
    /// Ids and names for completion.
    pub cache: PathBuf,
}

/// The time, and waiting.
pub trait Clock: Send + Sync {
    /// Returns the moment it is.
    fn now(&self) -> Timestamp;
    /// Waits.
    fn sleep(&self, time: Duration) -> LocalBoxFuture<'static, ()>;
    /// Waits, and blocks the thread.
    fn pause(&self, time: Duration) {
        fault::pause(time);
    }
    /// Returns the time since some moment in the past, which only grows: nobody sets it, and it goes on while the
    /// machine sleeps.
    fn elapsed(&self) -> Duration {
        let seconds = self.now().as_duration();
        Duration::try_from(seconds).unwrap_or_default()
    }
}

/// Standard streams and questions; every question fails as cancelled at Ctrl-C, the terminal restored.
pub trait Terminal {
    /// Returns whether stdin is a terminal.
    fn stdin_is_terminal(&self) -> bool;
    /// Returns whether stdout is a terminal.
    fn stdout_is_terminal(&self) -> bool;
    /// Returns whether stderr is a terminal.
    fn stderr_is_terminal(&self) -> bool;
    /// Returns the terminal's width in columns, where there is one.
    fn width(&self) -> Option<u16>;
    /// Returns the width of the terminal that stderr goes to; `None` if it goes elsewhere.
    fn stderr_width(&self) -> Option<u16>;
    /// Writes all of `bytes` to stdout and flushes; fails when a reader is gone or a disk is full.
    fn write_stdout(&self, bytes: &[u8]) -> io::Result<()>;
    /// Writes data that must not get lost. Unlike `write_stdout`, it fails if stdout is closed, which Python and Node
    /// open as `/dev/null`: losing a list is harmless, losing a key is not.
    fn write_secret(&self, bytes: &[u8]) -> io::Result<()> {
        self.probe_stdout()?;
        self.write_stdout(bytes)
    }
    /// Fails if a write to stdout cannot arrive: stdout is closed, or a pipe without a reader.
    fn probe_stdout(&self) -> io::Result<()>;
    /// Writes `text` to stderr; a failure is ignored.
    fn write_stderr(&self, text: &str);
    /// Reads all of stdin, at most `limit` bytes.
    fn read_stdin(&self, limit: usize) -> io::Result<Vec<u8>>;
    /// Returns whether questions can be asked: at stdin and stderr, or at the controlling terminal in their place.
    fn can_ask(&self) -> bool {
        self.stdin_is_terminal() && self.stderr_is_terminal()
    }
    /// Paints questions, or does not, whatever the environment says.
    fn use_color(&self, wanted: bool) {
        let _ = wanted;
    }
    /// Writes what a question is about to stderr, and to where it is asked.
    fn preface(&self, text: &str) {
        self.write_stderr(text);
    }
    /// Hides what is typed until the returned value is dropped: a secret will be asked for.
    fn hide_typing(&self) -> Box<dyn HiddenTyping> {
        Box::new(())
    }
    /// Asks for a secret without showing it.
    fn ask_secret(&self, prompt: &str) -> Result<Secret>;
    /// Asks for a line of text until `check` takes it; a wrong answer is shown with the reason and can be corrected.
    fn ask_line(&self, question: &LineQuestion<'_>, check: CheckAnswer<'_>) -> Result<()>;
    /// Asks a question that is "no" unless answered with "yes" and Enter.
    fn confirm(&self, prompt: &str) -> Result<bool>;
    /// Asks to choose one of `items`, found by typing parts of it; returns its index.
    fn choose(&self, prompt: &str, items: &[String]) -> Result<usize>;
    /// Asks to choose some of `items`, or none if that is an answer; returns their indices.
    fn choose_many(&self, prompt: &str, items: &[String], may_be_none: bool) -> Result<Vec<usize>>;
    /// Shows the progress of a wait until the returned value is dropped, with a count if there are several `steps`.
    /// Shows nothing if the wait is short or stderr is not a terminal.
    fn progress(&self, what: &str, steps: Option<u64>) -> Box<dyn Progress> {
        let _ = (what, steps);
        Box::new(())
    }
}

/// Something that hides what is typed.
pub trait HiddenTyping {}

impl HiddenTyping for () {}

/// Something that is waited for; dropped when the wait is over.
pub trait Progress {
    /// One step more is done.
    fn step(&self) {}
}

impl Progress for () {}

/// The keyring of the system: items of bytes under a service and an account.
///
/// Every call blocks, and some wait for the user without a limit: call it on a thread of its own, with a time limit.
pub trait Keychain: Send + Sync {
    /// Returns the system's name for it, for messages.
    fn name(&self) -> &'static str;
    /// Reaches it; nothing is read, written or asked. The other calls do this themselves.
    fn open(&self) -> Result<(), KeychainError>;
    /// Returns the item; `None` when there is none, which some systems also say when there is no keyring at all.
    fn get(
        &self,
        service: &str,
        account: &str,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError>;
    /// Writes the item; the keyring's own program shows it as `label`.
    fn set(
        &self,
        service: &str,
        account: &str,
        label: &str,
        value: &[u8],
    ) -> Result<(), KeychainError>;
    /// Removes the item; false when there was none.
    fn delete(&self, service: &str, account: &str) -> Result<bool, KeychainError>;
}

/// The reason why the keyring refused; holds no part of any item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeychainError {
    /// It is locked and was not unlocked.
    Locked,
    /// It does not exist or does not respond; the text says why.
    Unavailable(String),
    /// More bytes than it takes.
    TooLarge,
    /// Several items with that service and account.
    Ambiguous,
    /// Anything else.
    Failed(String),
}
