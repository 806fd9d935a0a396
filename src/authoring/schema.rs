//! The manifest language as a JSON Schema, from which editors complete and the reference is made.

#[cfg(test)]
mod derive;
#[cfg(test)]
mod tests;

use crate::core::error::Result;
use crate::core::packed::unpacked;

/// Returns the schema of manifests, as `keywright providers schema` prints it.
pub fn schema() -> Result<String> {
    unpacked(include_bytes!(concat!(env!("OUT_DIR"), "/schema.deflate")))
}
