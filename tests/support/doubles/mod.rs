//! The one set of test doubles: a clock, a keyring, a terminal and a wire that unit tests, whole commands and the
//! simulation share. Unit tests include this folder by its path, so that nothing of it is part of the program.

pub(crate) mod clock;
pub(crate) mod faults;
pub(crate) mod keychain;
pub(crate) mod point;
pub(crate) mod terminal;
pub(crate) mod http;
