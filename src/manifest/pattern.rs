//! Regular expressions that run in linear time.

use serde::Deserialize;

/// The most bytes of a text that are searched: even a linear search of an unlimited text takes too long.
const MAX_INPUT: usize = 64 << 10;

/// The most memory that an expression may take, in bytes.
const MAX_SIZE: usize = 128 << 10;

/// A regular expression, checked when the manifest is read; it takes at most linear time.
#[derive(Debug, Clone)]
pub struct Pattern(regex_lite::Regex);

impl Pattern {
    /// Returns whether `text` matches.
    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(start_of(text))
    }

    /// Returns the first group of the match in `text`, or the whole match if the expression has no group.
    pub fn first_group(&self, text: &str) -> Option<String> {
        let found = self.0.captures(start_of(text))?;
        found
            .get(1)
            .or_else(|| found.get(0))
            .map(|part| part.as_str().to_owned())
    }

    /// Returns the expression as it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

fn start_of(text: &str) -> &str {
    let mut end = text.len().min(MAX_INPUT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        regex_lite::RegexBuilder::new(&text)
            .size_limit(MAX_SIZE)
            .build()
            .map(Pattern)
            .map_err(|error| {
                serde::de::Error::custom(format!(
                    "not a regular expression, or one that is too large: {error}"
                ))
            })
    }
}
