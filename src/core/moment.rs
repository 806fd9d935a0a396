//! Moments in messages.

use jiff::Timestamp;

/// Returns a moment to the minute: `2026-11-28 06:13 UTC`.
pub fn to_the_minute(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d %H:%M UTC").to_string()
}
