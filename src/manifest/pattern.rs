//! Regular expressions that cannot explode.

use serde::Deserialize;

/// A regular expression, checked when the manifest is read; it cannot take more than linear time.
#[derive(Debug, Clone)]
pub struct Pattern(regex_lite::Regex);

impl Pattern {
    /// Whether `text` matches.
    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// What the first group of the expression takes of `text`; the whole match where it has no group.
    pub fn first_group(&self, text: &str) -> Option<String> {
        let found = self.0.captures(text)?;
        found
            .get(1)
            .or_else(|| found.get(0))
            .map(|part| part.as_str().to_owned())
    }

    /// The expression as it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        regex_lite::RegexBuilder::new(&text)
            .size_limit(1 << 20)
            .build()
            .map(Pattern)
            .map_err(|error| serde::de::Error::custom(format!("not a regular expression: {error}")))
    }
}
