//! Tests that need other processes: a real keyring, a real bus, a kill.

#[cfg(test)]
mod encrypted_file;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod keyring;
#[cfg(test)]
mod support;
