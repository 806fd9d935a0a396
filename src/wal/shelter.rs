//! The store beside the journal, for new keys that no other store can take: one encrypted file, whose identity lies
//! next to it, private to this user.

use std::rc::Rc;

use crate::core::error::Result;
use crate::platform::Platform;
use crate::store::{self, SecretStore, StoreKind};

/// Opens the store beside the journal.
pub fn open(platform: &Platform) -> Result<Rc<dyn SecretStore>> {
    store::open(StoreKind::FILE, &own_platform(platform)?, false).map(Rc::from)
}

/// Returns the platform of the store beside the journal; its identity is created at first use.
pub fn own_platform(platform: &Platform) -> Result<Platform> {
    let folder = platform.dirs.state.join("shelter");
    let identity = store::machine_identity(&folder)?;
    let mut own = platform.clone();
    own.dirs.state = folder;
    own.env = own
        .env
        .filtered(|name| !name.starts_with("KEYWRIGHT_"))
        .with("KEYWRIGHT_STORE_KEY_FILE", identity.display().to_string());
    Ok(own)
}
