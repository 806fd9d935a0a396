//! The manifest language as a JSON Schema, from which editors complete and the reference is made.

#[cfg(test)]
mod derive;
#[cfg(test)]
mod tests;

/// The schema of manifests, as `keywright providers schema` prints it.
pub const SCHEMA: &str = include_str!("../../schema/keywright-manifest.json");
