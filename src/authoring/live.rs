//! The parts of a live check: its steps at the real service, and their results.

mod recorder;
pub mod recording;
mod report;
pub mod step;

pub use recorder::{RecordedCalls, Recorder};
pub use report::{LiveReport, LiveStep, RecordedExample, StepOutcome, skipped};
