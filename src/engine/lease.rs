//! Leases: a document names its holder, who renews it in the background. Nothing is compared between the clocks of
//! machines: a waiter takes over when the version has not moved for the time of a lease, by its own clock.

use std::fmt;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Engine;
use super::content::Content;
use super::kv::KvClient;
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::{Hold, Holder, Platform, SharedLease, fault, files};

/// The time that a lease lasts after each renewal, unless an effect needs longer.
const LEASE: Duration = Duration::from_secs(20);

/// The time that a lease lasts beyond an effect for which it is extended.
const RESERVE: Duration = Duration::from_secs(15);

/// Takes the lease of a document, which is created with `text` if that is given.
pub(super) fn try_hold(engine: &Engine, name: &str, text: Option<&Secret>) -> Result<Hold> {
    let kv = engine.kv();
    // A version that this machine gave back and that is still the latest has no holder.
    if let Some(version) = engine.waits.given_back(name)
        && let Some(lease) = take(engine, name, Secret::new(""), version)?
    {
        return Ok(Hold::Held(lease));
    }
    let found = kv.read(name)?;
    let holder = found.content.as_ref().and_then(|content| {
        let holder = content.holder.as_ref()?;
        Some((holder, Duration::from_secs(content.lease)))
    });
    if let Some((holder, lease)) = holder {
        let waits = &engine.waits;
        let is_free = engine.platform.processes.is_gone(holder)
            || waits.is_over(name, found.version, lease, kv.elapsed());
        if !is_free {
            return Ok(Hold::Elsewhere(found.version));
        }
    }
    let known = found.content.map(|content| content.text);
    let Some(text) = known.or_else(|| text.map(Secret::duplicate)) else {
        return Ok(Hold::Missing);
    };
    engine.waits.forget(name);
    let taken = take(engine, name, text, found.version)?;
    Ok(taken.map_or(Hold::Elsewhere(found.version + 1), Hold::Held))
}

/// Takes the lease of a document that the first write creates with `text`.
pub(super) fn hold_new(engine: &Engine, name: &str, text: &Secret) -> Result<Rc<dyn SharedLease>> {
    begin(shared(engine, name, text.duplicate(), 0))
}

/// Takes the lease of the document of that version; `None` if another write came first.
fn take(
    engine: &Engine,
    name: &str,
    text: Secret,
    version: u64,
) -> Result<Option<Rc<dyn SharedLease>>> {
    let lease = shared(engine, name, text, version);
    if !lease.renew(&mut lease.held())? {
        return Ok(None);
    }
    begin(lease).map(Some)
}

/// Returns the lease of the document of that version, before its first write.
fn shared(engine: &Engine, name: &str, text: Secret, version: u64) -> Arc<Shared> {
    let kv = engine.kv();
    let held = Held {
        text,
        version,
        renewed_at: kv.elapsed(),
        lease: LEASE,
        is_lost: false,
        is_over: false,
    };
    Arc::new(Shared {
        kv: Arc::clone(kv),
        name: name.to_owned(),
        own: engine.own.clone(),
        fence: version + 1,
        held: Mutex::new(held),
        end: Condvar::new(),
        waits: engine.waits.clone(),
    })
}

/// Renews a lease from here on.
fn begin(lease: Arc<Shared>) -> Result<Rc<dyn SharedLease>> {
    if !fault::has_fault_injector() {
        renew_in_background(Arc::clone(&lease))?;
    }
    Ok(Rc::new(Lease(lease)))
}

/// A lease, and the thread that renews it.
struct Shared {
    kv: Arc<KvClient>,
    name: String,
    own: Holder,
    fence: u64,
    held: Mutex<Held>,
    /// Wakes the thread when the lease is over.
    end: Condvar,
    waits: Waits,
}

/// The document as the holder knows it.
struct Held {
    text: Secret,
    version: u64,
    /// The moment before the latest renewal was sent.
    renewed_at: Duration,
    lease: Duration,
    is_lost: bool,
    is_over: bool,
}

impl Shared {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the document anew; returns false, and loses the lease, if another write came first.
    fn renew(&self, held: &mut Held) -> Result<bool> {
        let start = self.kv.elapsed();
        let content = Content {
            holder: Some(self.own.clone()),
            fence: self.fence,
            lease: held.lease.as_secs(),
            ..Content::of(&held.text)
        };
        let written = self.kv.write(&self.name, &content, held.version)?;
        if let Some(version) = written {
            held.version = version;
            held.renewed_at = start;
        }
        held.is_lost |= written.is_none();
        Ok(written.is_some())
    }

    /// Returns the time that is left; `None` if the lease is lost. A pause that outlasts it loses it, even if no other
    /// process has taken it yet.
    fn left(&self, held: &mut Held) -> Option<Duration> {
        if held.version == 0 && !held.is_lost {
            // No other process knows of the document yet.
            return Some(held.lease);
        }
        let used = self.kv.elapsed().saturating_sub(held.renewed_at);
        let left = held.lease.checked_sub(used).filter(|left| !left.is_zero());
        held.is_lost |= left.is_none();
        left.filter(|_| !held.is_lost)
    }

    /// Returns the error for a write that another one came before.
    fn overtaken(&self, held: &Held) -> Error {
        if held.version == 0 {
            let message = format!("there is already a `{}` in {}", self.name, self.kv.place());
            return Error::new(Kind::Conflict, message).hint("run this again");
        }
        self.lost()
    }

    fn lost(&self) -> Error {
        Error::new(
            Kind::Uncertain,
            format!("this process no longer holds `{}`: it was paused for longer than its lease, or another machine took over", self.name),
        )
        .hint("nothing more was begun here; its present holder finishes it: keywright rotations")
    }
}

/// Renews a lease whenever a third of its time is over, until it ends.
fn renew_in_background(lease: Arc<Shared>) -> Result<()> {
    let thread = std::thread::Builder::new().name("lease".to_owned());
    let started = thread.spawn(move || {
        let mut held = lease.held();
        while !held.is_over && !held.is_lost {
            let third = held.lease / 3;
            let waited = lease.end.wait_timeout(held, third);
            held = waited.unwrap_or_else(PoisonError::into_inner).0;
            let is_due = lease.kv.elapsed().saturating_sub(held.renewed_at) >= third;
            if !held.is_over && is_due && lease.left(&mut held).is_some() {
                // The next turn tries again; an effect that would outlive the lease is refused meanwhile.
                let _ = lease.renew(&mut held);
            }
        }
    });
    started.map(drop).map_err(|error| {
        Error::failed("the thread that renews a lease cannot be started").caused_by(error)
    })
}

/// A lease that this process holds.
struct Lease(Arc<Shared>);

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lease({} {})", self.0.name, self.0.fence)
    }
}

impl SharedLease for Lease {
    fn fence(&self) -> u64 {
        self.0.fence
    }

    fn text(&self) -> Secret {
        self.0.held().text.duplicate()
    }

    fn prepare(&self, text: &Secret) {
        self.0.held().text = text.duplicate();
    }

    fn replace(&self, text: &Secret, time: Duration) -> Result<()> {
        let mut held = self.0.held();
        if self.0.left(&mut held).is_none() {
            return Err(self.0.lost());
        }
        held.lease = match time {
            Duration::ZERO => LEASE,
            time => LEASE.max(time + RESERVE),
        };
        let before = std::mem::replace(&mut held.text, text.duplicate());
        let written = self.0.renew(&mut held);
        let written =
            written.and_then(|kept| kept.then_some(()).ok_or_else(|| self.0.overtaken(&held)));
        if written.is_err() {
            held.text = before;
        }
        written
    }

    fn check(&self, time: Duration) -> Result<()> {
        let mut held = self.0.held();
        let left = self.0.left(&mut held).ok_or_else(|| self.0.lost())?;
        if left > time {
            return Ok(());
        }
        held.lease = held.lease.max(time + RESERVE);
        if self.0.renew(&mut held)? {
            Ok(())
        } else {
            Err(self.0.lost())
        }
    }

    fn remove(&self) -> Result<()> {
        let mut held = self.0.held();
        if self.0.left(&mut held).is_none() {
            return Err(self.0.lost());
        }
        if held.version > 0 {
            self.0.kv.remove_known(&self.0.name)?;
        }
        held.is_over = true;
        Ok(())
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut held = self.0.held();
        if !held.is_over && held.version > 0 && self.0.left(&mut held).is_some() {
            let content = Content {
                fence: self.0.fence,
                ..Content::of(&held.text)
            };
            // A lease that is not given back expires.
            let Shared {
                kv, name, waits, ..
            } = &*self.0;
            let version = kv.write_if_possible(name, &content, held.version);
            if let Some(version) = version.filter(|_| held.text.is_empty()) {
                waits.give_back(name, version);
            }
        }
        held.is_over = true;
        self.0.end.notify_all();
    }
}

/// The versions that this machine has seen without a change, or left without a holder. They are kept between commands,
/// so that a command need not wait for a whole lease, nor read a lock that it gave back.
#[derive(Clone)]
pub(super) struct Waits {
    folder: PathBuf,
    /// The start of this machine, since which intervals are counted, in every PID namespace of it; empty if unknown.
    since: String,
    /// The location of the documents.
    place: String,
}

impl Waits {
    pub(super) fn new(platform: &Platform, own: &Holder, place: String) -> Waits {
        Waits {
            place,
            folder: platform.dirs.state.join("leases"),
            since: own.started_at().to_owned(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{}.seen", name.replace('/', ".")))
    }

    fn free_path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{}.free", name.replace('/', ".")))
    }

    /// Remembers the version with which this machine gave back an empty document.
    fn give_back(&self, name: &str, version: u64) {
        let text = format!("{version}\n{}\n", self.place);
        files::write_best_effort(&self.free_path(name), text.as_bytes());
    }

    /// Returns the version with which this machine gave back an empty document, once.
    fn given_back(&self, name: &str) -> Option<u64> {
        let path = self.free_path(name);
        let text = files::read_text(&path).ok().flatten()?;
        // It is spent: the lock is another version from here on.
        fault::remove_file(&path).ok()?;
        let mut lines = text.lines();
        let version = lines.next()?.parse().ok()?;
        (lines.next() == Some(self.place.as_str())).then_some(version)
    }

    /// Returns whether the document had this version for the time of a lease already, and remembers that it was seen.
    pub(super) fn is_over(&self, name: &str, version: u64, lease: Duration, now: Duration) -> bool {
        let path = self.path(name);
        let seen = files::read_text(&path).ok().flatten();
        let seen = seen.and_then(|text| {
            let mut lines = text.lines();
            let (of, at) = (
                lines.next()?.parse::<u64>().ok()?,
                lines.next()?.parse().ok()?,
            );
            let same = of == version && lines.next() == Some(self.since.as_str());
            same.then(|| Duration::from_millis(at))
        });
        if let Some(at) = seen.filter(|at| *at <= now) {
            return now.saturating_sub(at) > lease;
        }
        let text = format!("{version}\n{}\n{}\n", now.as_millis(), self.since);
        files::write_best_effort(&path, text.as_bytes());
        false
    }

    fn forget(&self, name: &str) {
        let _ = fault::remove_file(&self.path(name));
    }
}
