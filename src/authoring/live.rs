//! The parts of a live check: its steps at the real service, and their results.

mod report;
pub mod step;

pub use report::{LiveReport, LiveStep, StepOutcome, skipped};
