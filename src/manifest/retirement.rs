//! The proof after which an old key is retired: `when-unused=24h`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Span;

/// The word before the duration.
const WHEN_UNUSED: &str = "when-unused";

/// The duration if none is given, in seconds.
const UNUSED_FOR: u64 = 86_400;

/// The proof that an old key is not in use: its uses have not grown for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retirement {
    /// The time.
    pub unused_for: Span,
}

impl FromStr for Retirement {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unused_for = match text.split_once('=') {
            None if text == WHEN_UNUSED => Span::of_seconds(UNUSED_FOR),
            Some((WHEN_UNUSED, span)) => span.parse()?,
            _ => return Err(format!("write `{WHEN_UNUSED}` or `{WHEN_UNUSED}=24h`")),
        };
        if unused_for.is_zero() {
            return Err("a key is unused over a time: write `when-unused=24h`".to_owned());
        }
        Ok(Retirement { unused_for })
    }
}

impl fmt::Display for Retirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{WHEN_UNUSED}={}", self.unused_for)
    }
}

impl Serialize for Retirement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Retirement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retirement_text_is_read_and_shown() {
        for (text, shown) in [
            ("when-unused", "when-unused=1d"),
            ("when-unused=36h", "when-unused=36h"),
        ] {
            let retirement: Retirement = text.parse().unwrap();
            assert_eq!(retirement.to_string(), shown);
        }
        for text in ["", "never", "when-unused=", "when-unused=0s", "unused=24h"] {
            assert!(text.parse::<Retirement>().is_err(), "{text}");
        }
    }
}
