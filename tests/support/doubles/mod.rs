//! The one set of test doubles: a clock, a keyring, a terminal and a wire that unit tests, whole commands and the
//! simulation share. Unit tests include this folder by its path, so that nothing of it is part of the program.

pub(crate) mod clock;
pub(crate) mod engine;
#[cfg(debug_assertions)]
pub(crate) mod faults;
pub(crate) mod kernel_keys;
pub(crate) mod keychain;
pub(crate) mod point;
pub(crate) mod terminal;
pub(crate) mod http;

use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use keywright::platform::{Dirs, Env, Platform, native};

/// A platform whose files are in `folder`: without a user and without a network, but with the programs of this machine.
pub(crate) fn platform(folder: &Path, env: Env) -> Platform {
    Platform {
        programs: native::programs(&env, folder),
        env,
        dirs: Dirs {
            config: folder.join("config"),
            state: folder.join("state"),
            cache: folder.join("cache"),
        },
        folder: folder.to_owned(),
        clock: Arc::new(clock::FakeClock::new()),
        terminal: Rc::new(terminal::FakeTerminal::default()),
        http: http::FakeTransport::new([]),
        keychain: Arc::new(keychain::FakeKeychain::default()),
        kernel_keys: Rc::new(kernel_keys::FakeKernelKeys::default()),
        callbacks: native::callbacks(),
        addresses: BTreeMap::new(),
        lock_deadline: Rc::default(),
        processes: native::processes(),
        shared_state: None,
    }
}
