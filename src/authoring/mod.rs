//! The tools of a manifest's author: diagnostics, replayed examples, a first draft, and the schema of the language.

pub mod check;
pub mod diagnostics;
pub mod draft;
pub mod live;
pub mod openapi;
pub mod replay;
pub mod schema;
pub mod show;
