//! State that machines share in `OpenBao` or Vault: documents in KV v2, written with check-and-set, and leases on them.

mod content;
mod failure;
mod kv;
mod lease;
mod login;
mod settings;
#[cfg(test)]
mod tests;

use std::rc::Rc;
use std::sync::Arc;

pub use settings::{PLACE_VARIABLE, VARIABLES, check_place};

use crate::core::error::Result;
use crate::core::secret::Secret;
use crate::platform::{
    BlockingHttp, Holder, Platform, SharedDocument, SharedLease, SharedState, files, native,
};
use crate::report::log::Log;
use content::Content;
use kv::KvClient;
use lease::Waits;
use login::Login;
use settings::Settings;

/// The most that is read of a file with certificates or a token, in bytes.
const MAX_FILE: u64 = 1 << 20;

/// The documents below one path of an engine.
struct Engine {
    kv: Arc<KvClient>,
    waits: Waits,
    own: Holder,
    platform: Platform,
    log: Log,
}

/// Opens the shared state that the environment names; `None` if it names none. Nothing is sent before the first use.
pub fn open(platform: &Platform, log: &Log) -> Result<Option<Rc<dyn SharedState>>> {
    let Some(settings) = Settings::of(platform)? else {
        return Ok(None);
    };
    let roots = match &settings.roots {
        Some(path) => Some(settings::certificates(platform, path)?),
        None => None,
    };
    open_over(platform, log, native::blocking_http(roots))
}

/// As [`open`], with the engine behind `http`.
pub fn open_over(
    platform: &Platform,
    log: &Log,
    http: Arc<dyn BlockingHttp>,
) -> Result<Option<Rc<dyn SharedState>>> {
    let settings = Settings::of(platform)?;
    Ok(settings.map(|settings| Rc::new(Engine::new(platform, log, settings, http)) as _))
}

impl Engine {
    fn new(
        platform: &Platform,
        log: &Log,
        settings: Settings,
        http: Arc<dyn BlockingHttp>,
    ) -> Engine {
        let env = &platform.env;
        let mut users = ["USER", "LOGNAME", "USERNAME"].iter();
        let own = Holder {
            user: users
                .find_map(|name| env.get(name))
                .unwrap_or("unknown")
                .to_owned(),
            run: run_of_ci(platform),
            ..platform.processes.own()
        };
        Engine {
            kv: Arc::new(KvClient::new(settings, http, Arc::clone(&platform.clock))),
            waits: Waits::new(platform),
            own,
            platform: platform.clone(),
            log: log.clone(),
        }
    }

    /// Returns the client, which knows its way to a token from here on.
    fn kv(&self) -> &Arc<KvClient> {
        let find = |settings: &Settings| Login::of(&self.platform, &self.log, settings);
        self.kv.log_in_by(find);
        &self.kv
    }
}

/// Returns the run of a CI system that this process belongs to.
fn run_of_ci(platform: &Platform) -> Option<String> {
    let named = |system: &str, name: &str| {
        let number = platform.env.get(name)?;
        Some(format!("{system} {number}"))
    };
    named("GitHub run", "GITHUB_RUN_ID").or_else(|| named("GitLab job", "CI_JOB_ID"))
}

impl SharedState for Engine {
    fn place(&self) -> String {
        self.kv.place()
    }

    fn read(&self, name: &str) -> Result<Option<SharedDocument>> {
        let found = self.kv().read(name)?;
        Ok(found.content.map(|content| SharedDocument {
            text: content.text,
            version: found.version,
            holder: content.holder,
        }))
    }

    fn write(&self, name: &str, text: &Secret, expected: u64) -> Result<Option<u64>> {
        self.kv().write(name, &Content::of(text), expected)
    }

    fn remove(&self, name: &str) -> Result<bool> {
        self.kv().remove(name)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>> {
        self.kv().list(folder)
    }

    fn try_hold(&self, name: &str, text: &Secret) -> Result<Option<Rc<dyn SharedLease>>> {
        lease::try_hold(self, name, text)
    }
}

/// Reads a file that a variable names; `None` if there is none.
fn read_text(platform: &Platform, path: &str) -> Result<Option<String>> {
    files::read_named_text(&platform.folder.join(path), MAX_FILE)
}
