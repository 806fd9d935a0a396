//! Hooks of a project file: programs and calls that follow the delivery of a key, and the application's own check of it.

mod deploy;
mod program;
mod spec;

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;

pub use spec::HookSpec;

use self::spec::HookAction;
use crate::core::error::{Error, Kind, Result};
use crate::core::untrusted::escape;
use crate::platform::Platform;
use crate::report::log::Log;

/// The time limit of the program of a hook.
const HOOK_TIMEOUT: Duration = Duration::from_secs(300);

/// The surroundings of a hook that is run.
pub struct HookRunner<'r> {
    /// The platform.
    pub platform: &'r Platform,
    /// The side channel, which shows the output of programs.
    pub log: &'r Log,
    /// Set if the keyring may ask to be unlocked.
    pub may_ask: bool,
    /// The time limit of a call.
    pub call_timeout: Duration,
    /// All hooks of the key: their programs do not inherit a variable that holds the address of one.
    pub all: &'r [HookSpec],
}

impl HookRunner<'_> {
    /// Proves, before a key is created, that a hook can be run, as far as that is possible without running it.
    pub fn probe(&self, hook: &HookSpec) -> Result<()> {
        let probed = match hook.action() {
            HookAction::Program(words) => self.probe_program(hook, words),
            HookAction::Call(address) => self.address(address).map(drop),
            HookAction::Restart(workload) => self.probe_program(hook, &workload.command()),
        };
        probed.map_err(|error| error.context(&format!("cannot run `{}`", shown(hook))))
    }

    /// Runs a hook once; succeeds if its program ends with exit code 0, or its call is answered with a status of 2xx.
    pub async fn run(&self, hook: &HookSpec) -> Result<()> {
        let name = shown(hook);
        let waiting = self.log.progress(&format!("running {name}"));
        let ran = match hook.action() {
            HookAction::Program(words) => self.run_program(hook, words),
            HookAction::Call(address) => self.call(address).await,
            HookAction::Restart(workload) => self.run_program(hook, &workload.command()),
        };
        drop(waiting);
        ran.map_err(|error| error.context(&format!("`{name}` failed")))
    }

    /// Returns the moment it is.
    fn now(&self) -> Timestamp {
        self.platform.clock.now()
    }

    /// Refuses, in the sandbox, a hook that reaches another machine.
    fn check_sandbox(&self) -> Result<()> {
        if self.platform.addresses.is_empty() {
            return Ok(());
        }
        Err(Error::usage("nothing leaves this machine in the sandbox"))
    }

    /// Returns the variables that hold the address of a call.
    fn address_variables(&self) -> Vec<&str> {
        self.all.iter().filter_map(HookSpec::variable).collect()
    }

    fn programs_of(&self, hook: &HookSpec) -> std::rc::Rc<dyn crate::platform::ProcessLauncher> {
        match hook.folder() {
            Some(folder) => self.platform.programs.in_folder(Path::new(folder)),
            None => self.platform.programs.clone(),
        }
    }
}

/// Returns the text of a hook as it may be shown.
fn shown(hook: &HookSpec) -> String {
    escape(&hook.to_string())
}

fn failed(why: impl Into<String>) -> Error {
    Error::new(Kind::Uncertain, why.into())
}
