//! The only place that names `std::env`, `SystemTime`, `reqwest`, `console` and `Command`.

mod blocking_http;
mod callback;
mod kernel_keys;
mod look;
mod processes;
mod signal_guard;
mod programs;
mod progress;
#[cfg(unix)]
mod questions;
#[cfg(not(unix))]
#[path = "dialogs.rs"]
mod questions;
mod terminal;
mod http;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
#[cfg(unix)]
use std::sync::OnceLock;
use std::task::Poll;
use std::time::Duration;

use jiff::Timestamp;

use super::keychain::SystemKeychain;
use super::{
    BlockingHttp, CallbackServer, Clock, Dirs, Env, HttpTransport, LocalBoxFuture, Platform,
    ProcessLauncher, Processes,
};
use crate::platform::files;

/// Returns the platform of this process: its environment, its streams, its user's folders.
pub fn platform() -> Platform {
    let (env, folder) = (env(), folder());
    Platform {
        dirs: dirs(&env),
        programs: programs(&env, &folder),
        folder,
        clock: Arc::new(SystemClock),
        terminal: Rc::new(terminal::StandardStreams::new(&env)),
        env,
        http: http(),
        keychain: Arc::new(SystemKeychain),
        kernel_keys: Rc::new(kernel_keys::UserKeyring),
        callbacks: callbacks(),
        addresses: BTreeMap::new(),
        lock_deadline: Rc::default(),
        processes: processes(),
        shared_state: None,
    }
}

/// The programs that `env` leads to, run in `folder`.
pub fn programs(env: &Env, folder: &Path) -> Rc<dyn ProcessLauncher> {
    Rc::new(programs::InstalledPrograms::new(env, folder))
}

/// Keeps other programs of this user out of this process's memory and away from a dump of it, where the system can.
///
/// Wiping is best effort, since libraries make copies; a short life and no dumps are the real protection.
pub fn harden() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        // Only the lower of the two limits: a command that is run in our place gets back what we were given.
        let given = getrlimit(Resource::Core);
        let _ = CORE_LIMIT.set(given.current);
        set_core_limit(Some(0));
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// The core dump limit of this process at its start; `None` means unlimited.
#[cfg(unix)]
static CORE_LIMIT: OnceLock<Option<u64>> = OnceLock::new();

/// Starts a program under the limit on dumps that this process was given, which holds no secret of ours: `start` may
/// return, and then there are no dumps again.
fn with_inherited_core_limit<T>(start: impl FnOnce() -> T) -> T {
    #[cfg(unix)]
    if let Some(given) = CORE_LIMIT.get() {
        set_core_limit(*given);
        let outcome = start();
        set_core_limit(Some(0));
        return outcome;
    }
    start()
}

#[cfg(unix)]
fn set_core_limit(current: Option<u64>) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Core).maximum;
    // If it is refused, everything else still holds.
    let _ = setrlimit(Resource::Core, Rlimit { current, maximum });
}

/// Waits until there is an event loop. Whatever `keywright token` may wait for goes through here first, so that a token
/// that is there is printed without one.
pub async fn event_loop() {
    std::future::poll_fn(|_| {
        if tokio::runtime::Handle::try_current().is_ok() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// Waits for a signal that ends this command, and returns its number. If a call whose response must not be lost is in
/// progress, `tell` is called and the signal takes effect after the response. Without `always`, Ctrl-C is only caught
/// during such a call.
pub async fn interrupt(always: bool, tell: &dyn Fn()) -> u8 {
    event_loop().await;
    signal_guard::interrupt(always, tell).await
}

/// The signal that came while such a call was out, and is not obeyed yet.
pub fn deferred_signal() -> Option<u8> {
    signal_guard::deferred()
}

/// Waits for Ctrl-C.
pub async fn ctrl_c() {
    signal_guard::note_ctrl_c_heard();
    if tokio::signal::ctrl_c().await.is_err() {
        // If it cannot be caught, the system ends the process.
        std::future::pending::<()>().await;
    }
}

/// HTTP as this process speaks it.
pub fn http() -> Rc<dyn HttpTransport> {
    Rc::new(http::HttpClients::default())
}

/// HTTP for callers that block; `roots` are certificates in PEM to trust instead of the system's.
pub fn blocking_http(roots: Option<Vec<u8>>) -> Arc<dyn BlockingHttp> {
    Arc::new(blocking_http::HttpThread::new(roots))
}

/// The processes of this machine.
pub fn processes() -> Arc<dyn Processes> {
    Arc::new(processes::SystemProcesses)
}

/// The ports of this machine.
pub fn callbacks() -> Rc<dyn CallbackServer> {
    Rc::new(callback::LoopbackPorts)
}

fn env() -> Env {
    // A variable that is not Unicode cannot be one of ours.
    Env::new(
        std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        }),
    )
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is where the folder comes from"
)]
fn folder() -> PathBuf {
    std::env::current_dir().unwrap_or_default()
}

/// Returns the folders of this user. Without a home, commands that need none still work: nothing is found there, and
/// the first write is refused.
fn dirs(env: &Env) -> Dirs {
    let own = |variable: &str| env.get(variable).map(PathBuf::from);
    let (config, state) = (own("KEYWRIGHT_CONFIG_DIR"), own("KEYWRIGHT_STATE_DIR"));
    let platform = directories::ProjectDirs::from("", "", "keywright")
        // A home that is no whole path would be another one in each folder.
        .filter(|platform| platform.config_dir().is_absolute());
    let nowhere = Path::new(files::NO_HOME);
    let cache = match (&platform, &state) {
        (Some(platform), _) => platform.cache_dir().to_owned(),
        (None, Some(state)) => state.join("cache"),
        (None, None) => nowhere.join("cache"),
    };
    let platform = platform.as_ref();
    Dirs {
        config: config
            .or_else(|| Some(platform?.config_dir().to_owned()))
            .unwrap_or_else(|| nowhere.join("config")),
        state: state
            .or_else(|| {
                let platform = platform?;
                let state = platform.state_dir();
                Some(
                    state
                        .unwrap_or_else(|| platform.data_local_dir())
                        .to_owned(),
                )
            })
            .unwrap_or_else(|| nowhere.join("state")),
        cache,
    }
}

struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where the time comes from"
    )]
    fn now(&self) -> Timestamp {
        // A clock outside the calendar is clamped to its limit.
        let time = std::time::SystemTime::now();
        Timestamp::try_from(time).unwrap_or(if time < std::time::UNIX_EPOCH {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }

    fn sleep(&self, time: Duration) -> LocalBoxFuture<'static, ()> {
        Box::pin(async move {
            event_loop().await;
            tokio::time::sleep(time).await;
        })
    }

    #[cfg(unix)]
    fn elapsed(&self) -> Duration {
        use rustix::time::{ClockId, clock_gettime};
        // Of these clocks, the one that goes on while the machine sleeps.
        #[cfg(target_os = "linux")]
        let clock = ClockId::Boottime;
        #[cfg(not(target_os = "linux"))]
        let clock = ClockId::Monotonic;
        Duration::try_from(clock_gettime(clock)).unwrap_or_default()
    }
}
