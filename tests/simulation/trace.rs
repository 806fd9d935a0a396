//! The events, line by line; kept only where somebody replays a seed.

use std::sync::{Arc, Mutex};

/// The lines of one run.
#[derive(Clone, Default)]
pub(super) struct Trace(Option<Arc<Mutex<Vec<String>>>>);

impl Trace {
    /// A trace that keeps its lines.
    pub(super) fn kept() -> Self {
        Trace(Some(Arc::default()))
    }

    pub(super) fn say(&self, line: impl FnOnce() -> String) {
        if let Some(lines) = &self.0 {
            lines.lock().unwrap().push(line());
        }
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let kept = self.0.as_ref();
        kept.map(|lines| lines.lock().unwrap().clone())
            .unwrap_or_default()
    }
}
