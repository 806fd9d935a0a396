//! State that machines share in `OpenBao` or Vault: documents in KV v2, written with check-and-set, and leases on them.

mod content;
mod failure;
mod kv;
mod lease;
mod login;
mod settings;
#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

pub use settings::{PLACE_VARIABLE, VARIABLES, check_place};

use crate::core::error::Result;
use crate::core::secret::Secret;
use crate::platform::{
    BlockingHttp, Hold, Holder, Platform, SharedDocument, SharedLease, SharedState, files, native,
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
    /// The documents outside of folders, as this process knows them.
    known: RefCell<BTreeMap<String, KnownDocument>>,
    /// The moment at which a lease was last asked for.
    leased_at: Cell<Duration>,
}

/// A document as it was read or written last.
struct KnownDocument {
    document: Option<SharedDocument>,
    at: Duration,
}

/// The longest that a document counts as just read.
const RECENT: Duration = Duration::from_secs(2);

/// Opens the shared state that the environment names; `None` if it names none. Nothing is sent before the first use.
pub fn open(platform: &Platform, log: &Log) -> Result<Option<Rc<dyn SharedState>>> {
    let Some(settings) = Settings::of(platform)? else {
        return Ok(None);
    };
    let roots = settings.roots.as_deref();
    let roots = roots.map(|path| settings::certificates(platform, path));
    let http = native::blocking_http(roots.transpose()?);
    Ok(Some(Rc::new(Engine::new(platform, log, settings, http))))
}

/// As [`open`], at `place`, whatever the environment says.
pub fn open_at(
    platform: &Platform,
    log: &Log,
    place: impl Into<String>,
) -> Result<Option<Rc<dyn SharedState>>> {
    let mut named = platform.clone();
    named.env = named.env.with(PLACE_VARIABLE, place);
    open(&named, log)
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
        let (process, numbered_in) = platform.processes.own();
        let own = Holder {
            actor: platform.actor(),
            process,
            numbered_in,
        };
        let kv = KvClient::new(settings, http, Arc::clone(&platform.clock));
        Engine {
            waits: Waits::new(platform, &own, kv.place()),
            kv: Arc::new(kv),
            own,
            platform: platform.clone(),
            log: log.clone(),
            known: RefCell::default(),
            leased_at: Cell::default(),
        }
    }

    /// Returns the client, which knows its way to a token from here on.
    fn kv(&self) -> &Arc<KvClient> {
        let find = |settings: &Settings| Login::of(&self.platform, &self.log, settings);
        self.kv.log_in_by(find);
        &self.kv
    }

    /// Remembers a document outside of folders, of which there are few.
    fn remember(&self, name: &str, document: Option<&SharedDocument>) {
        if !name.contains('/') {
            let known = KnownDocument {
                document: document.map(SharedDocument::duplicate),
                at: self.kv.elapsed(),
            };
            self.known.borrow_mut().insert(name.to_owned(), known);
        }
    }
}

impl SharedState for Engine {
    fn place(&self) -> String {
        self.kv.place()
    }

    fn read(&self, name: &str) -> Result<Option<SharedDocument>> {
        let found = self.kv().read(name)?;
        if let Some(content) = found
            .content
            .as_ref()
            .filter(|found| found.holder.is_some())
        {
            // The wait of a later command counts from here on.
            let lease = Duration::from_secs(content.lease);
            let now = self.kv.elapsed();
            self.waits.is_over(name, found.version, lease, now);
        }
        let document = found.content.map(|content| SharedDocument {
            text: content.text,
            version: found.version,
            holder: content.holder,
        });
        self.remember(name, document.as_ref());
        Ok(document)
    }

    fn read_recent(&self, name: &str) -> Result<Option<SharedDocument>> {
        if let Some(known) = self.known.borrow().get(name) {
            let age = self.kv.elapsed().saturating_sub(known.at);
            let is_recent = age < RECENT && known.at >= self.leased_at.get();
            if known.document.is_none() || is_recent {
                return Ok(known.document.as_ref().map(SharedDocument::duplicate));
            }
        }
        self.read(name)
    }

    fn recall(&self, name: &str) -> Result<Option<SharedDocument>> {
        if let Some(known) = self.known.borrow().get(name) {
            return Ok(known.document.as_ref().map(SharedDocument::duplicate));
        }
        self.read(name)
    }

    fn write(&self, name: &str, text: &Secret, expected: u64) -> Result<Option<u64>> {
        self.known.borrow_mut().remove(name);
        let (kv, content) = (self.kv(), Content::of(text));
        let mut written = kv.write(name, &content, expected)?;
        if written.is_none() && expected == 0 {
            // A document that was deleted by hand keeps its versions.
            let now = kv.read(name)?;
            if now.content.is_none() {
                written = kv.write(name, &content, now.version)?;
            }
        }
        if let Some(version) = written {
            let document = SharedDocument {
                text: text.duplicate(),
                version,
                holder: None,
            };
            self.remember(name, Some(&document));
        }
        Ok(written)
    }

    fn remove(&self, name: &str) -> Result<bool> {
        self.known.borrow_mut().remove(name);
        self.kv().remove(name)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>> {
        self.kv().list(folder)
    }

    fn discard(&self, name: &str) -> Result<()> {
        self.kv().remove_known(name)
    }

    fn try_hold(&self, name: &str, text: Option<&Secret>) -> Result<Hold> {
        self.leased_at.set(self.kv.elapsed());
        lease::try_hold(self, name, text)
    }

    fn hold_new(&self, name: &str, text: &Secret) -> Result<Rc<dyn SharedLease>> {
        lease::hold_new(self, name, text)
    }
}

/// Reads a file that a variable names; `None` if there is none.
fn read_text(platform: &Platform, path: &str) -> Result<Option<String>> {
    files::read_named_text(&platform.folder.join(path), MAX_FILE)
}
