//! The address of a destination: its name, then text with placeholders, parts of which may be left out.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, de};

use crate::core::map::map_of;

/// The form of an address, `vault:{mount}/{+path}#{field}` or `github:{owner}/{repo}[@{environment}]#{name}`. A
/// placeholder takes one segment, with `+` also slashes; a part in brackets may be left out.
#[derive(Debug, Clone)]
pub struct Address {
    written: String,
    name: String,
    form: regex_lite::Regex,
    parts: Vec<String>,
}

impl Address {
    /// Returns the word before the `:`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the names of its placeholders, in order.
    pub fn parts(&self) -> &[String] {
        &self.parts
    }

    /// Returns the form as it was written.
    pub fn as_written(&self) -> &str {
        &self.written
    }

    /// Returns the form as a person reads it, `vault:MOUNT/PATH#FIELD`.
    pub fn shown(&self) -> String {
        let mut shown = self.written.replace("{+", "{");
        for part in &self.parts {
            shown = shown.replace(&format!("{{{part}}}"), &part.to_ascii_uppercase());
        }
        shown
    }

    /// Returns the value of each placeholder in the text after the `:`; `None` if the text has another form.
    pub fn read(&self, rest: &str) -> Option<BTreeMap<String, String>> {
        let found = self.form.captures(rest)?;
        let part = |(index, name): (usize, &String)| {
            let value = found.get(index + 1)?.as_str();
            Some((name.clone(), value.to_owned()))
        };
        Some(map_of(self.parts.iter().enumerate().filter_map(part)))
    }
}

impl std::str::FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| {
            format!(
                "`{text}` is not the form of an address: {why}; write it as `name:{{part}}#{{part}}`"
            )
        };
        let (name, rest) = text.split_once(':').ok_or_else(|| wrong("it has no `:`"))?;
        let is_name = !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !is_name {
            return Err(wrong(
                "the word before the `:` has small letters, digits and `-` alone",
            ));
        }
        let mut form = String::from("^");
        let mut parts: Vec<String> = Vec::new();
        let mut is_open = false;
        let mut left = rest.chars();
        while let Some(c) = left.next() {
            match c {
                '{' => {
                    let (hole, rest) = left
                        .as_str()
                        .split_once('}')
                        .ok_or_else(|| wrong("its brackets do not match"))?;
                    left = rest.chars();
                    let (part, pattern) = match hole.strip_prefix('+') {
                        Some(part) => (part, "(.+?)"),
                        None => (hole, "([^/]+?)"),
                    };
                    let is_word = !part.is_empty()
                        && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                    if !is_word || parts.iter().any(|known| known == part) {
                        return Err(wrong("each placeholder has a name of its own"));
                    }
                    form += pattern;
                    parts.push(part.to_owned());
                }
                '[' if !is_open => {
                    is_open = true;
                    form += "(?:";
                }
                ']' if is_open => {
                    is_open = false;
                    form += ")?";
                }
                '[' | ']' | '}' => return Err(wrong("its brackets do not match")),
                literal => form += &regex_lite::escape(literal.encode_utf8(&mut [0; 4])),
            }
        }
        if is_open || parts.is_empty() {
            return Err(wrong("it needs a placeholder, and brackets that match"));
        }
        form.push('$');
        Ok(Address {
            written: text.to_owned(),
            name: name.to_owned(),
            form: regex_lite::Regex::new(&form).map_err(|_| wrong("it is too large"))?,
            parts,
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &str, rest: &str) -> Option<Vec<(String, String)>> {
        let form: Address = form.parse().unwrap();
        Some(form.read(rest)?.into_iter().collect())
    }

    fn pairs(wanted: &[(&str, &str)]) -> Vec<(String, String)> {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        wanted.iter().map(pair).collect()
    }

    #[test]
    fn address_plus_part_keeps_slashes() {
        let found = read("vault:{mount}/{+path}#{field}", "secret/team/app#KEY");
        let wanted = [("field", "KEY"), ("mount", "secret"), ("path", "team/app")];
        assert_eq!(found, Some(pairs(&wanted)));
    }

    #[test]
    fn address_bracketed_part_is_optional() {
        let form = "github:{owner}/{repo}[@{environment}]#{name}";
        let short = pairs(&[("name", "KEY"), ("owner", "me"), ("repo", "app")]);
        assert_eq!(read(form, "me/app#KEY"), Some(short));
        let long = read(form, "me/app@prod#KEY").unwrap();
        assert!(long.contains(&("environment".to_owned(), "prod".to_owned())));
    }

    #[test]
    fn address_of_other_form_is_refused() {
        let form = "vault:{mount}/{+path}#{field}";
        for rest in [
            "",
            "secret",
            "secret/app",
            "secret/#KEY",
            "/app#KEY",
            "secret/app#a/b",
        ] {
            assert_eq!(read(form, rest), None, "{rest}");
        }
    }

    #[test]
    fn address_malformed_form_is_refused() {
        for form in [
            "vault", "V:{a}", "v:", "v:x", "v:{a", "v:[{a}", "v:{a}{a}", "v:{a b}", "v:]{a}",
        ] {
            assert!(form.parse::<Address>().is_err(), "{form}");
        }
    }
}
