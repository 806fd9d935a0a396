//! Secrets of recorded calls, and the fake values that stand for them: the same value has the same fake everywhere.

use std::collections::BTreeSet;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use zeroize::Zeroizing;

use super::fake::fake_of;
use crate::core::encoding::{from_base64, to_base64};
use crate::core::secret::Secret;
use crate::service::parts_of;

/// The shortest value that is replaced: a shorter one would be found in ordinary words.
pub(super) const MIN_SECRET: usize = 8;

/// The shortest value that looks like a token wherever it stands.
const MIN_TOKEN: usize = 20;

/// The tries to find a fake value that nothing else has.
const MAX_TURNS: usize = 1000;

/// Parts of the names of fields that hold secrets.
const SECRET_WORDS: [&str; 11] = [
    "secret",
    "token",
    "password",
    "passwd",
    "privatekey",
    "apikey",
    "accesskey",
    "credential",
    "authorization",
    "signature",
    "jwt",
];

/// Endings of the names of fields that hold none.
const PLAIN_ENDINGS: [&str; 17] = [
    "id",
    "ids",
    "name",
    "type",
    "prefix",
    "hint",
    "url",
    "uri",
    "at",
    "count",
    "status",
    "state",
    "algorithm",
    "scope",
    "scopes",
    "email",
    "date",
];

/// A real value, and what stands for it.
struct Pair {
    real: Zeroizing<String>,
    fake: String,
}

/// The fake values of all secrets that are known.
pub(super) struct Disguise {
    pairs: Vec<Pair>,
    prefixes: Vec<String>,
    /// Says that the id of a key is a secret, too.
    hides_ids: bool,
}

impl Disguise {
    pub(super) fn new(prefixes: Vec<String>, hides_ids: bool) -> Self {
        Disguise {
            pairs: Vec::new(),
            prefixes,
            hides_ids,
        }
    }

    /// Learns a secret, each text of a credential of several parts by itself; a part that `is_public` stays.
    pub(super) fn learn(&mut self, secret: &Secret, is_public: &dyn Fn(&str) -> bool) {
        let parts = parts_of(secret);
        for (name, part) in &parts {
            if !is_public(name) {
                self.learn_value(&part.as_json());
            }
        }
        if parts.is_empty() {
            self.learn_value(&secret.as_json());
        } else if let Value::String(text) = secret.as_json() {
            let fake = self.apply(&text);
            self.pairs.push(Pair {
                real: text.into(),
                fake,
            });
        }
    }

    fn learn_value(&mut self, value: &Value) {
        if let Some(text) = value.as_str() {
            self.learn_text(text);
        }
    }

    pub(super) fn learn_text(&mut self, real: &str) {
        let is_known = self.pairs.iter().any(|pair| *pair.real == real);
        if real.len() < MIN_SECRET || is_known {
            return;
        }
        let is_free = |fake: &String| {
            let mut pairs = self.pairs.iter();
            fake != real && pairs.all(|pair| pair.fake != *fake && *pair.real != *fake)
        };
        let mut fakes = (0..MAX_TURNS).map(|turn| fake_of(real, &self.prefixes, turn));
        let fake = fakes.find(is_free).unwrap_or_else(|| "fake".to_owned());
        self.pairs.push(Pair {
            real: real.to_owned().into(),
            fake,
        });
    }

    /// Learns the secrets of a response that the manifest does not know: by the name of their field, or by their look.
    /// The values in `plain` are none.
    pub(super) fn discover(&mut self, body: &Value, plain: &BTreeSet<String>) {
        self.discover_in("", body, plain);
    }

    fn discover_in(&mut self, name: &str, value: &Value, plain: &BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    self.discover_in(name, member, plain);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.discover_in(name, item, plain);
                }
            }
            Value::String(text) => {
                for word in text.split_whitespace() {
                    if self.holds_secret(word) {
                        self.learn_text(word);
                    }
                }
                if !plain.contains(text) && self.is_secret(name, text) {
                    self.learn_text(text);
                }
            }
            _ => {}
        }
    }

    /// Returns whether a word is base64 of a text with a known secret in it, as `Basic` has it.
    fn holds_secret(&self, word: &str) -> bool {
        let text = from_base64(word).and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
        let text = Zeroizing::new(text.unwrap_or_default());
        let mut known = self.pairs.iter();
        known.any(|pair| text.contains(pair.real.as_str()))
    }

    fn is_secret(&self, name: &str, text: &str) -> bool {
        let is_word = !text.contains(char::is_whitespace) && !text.contains("://");
        if text.len() < MIN_SECRET || text.contains(['*', '…']) || text.contains("...") {
            return false;
        }
        let mut known = self.pairs.iter();
        if known.any(|pair| pair.real.len() > text.len() && pair.real.contains(text)) {
            return true;
        }
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        let is_plain = PLAIN_ENDINGS.iter().any(|end| name.ends_with(end));
        if is_plain && !(self.hides_ids && name.ends_with("id")) {
            return false;
        }
        let is_named = name == "key" || SECRET_WORDS.iter().any(|word| name.contains(word));
        text.contains("-----BEGIN ") || is_word && (is_named || is_like_token(text))
    }

    /// Returns a text with the fake values in place of the real ones, in each form in which they may stand there.
    pub(super) fn apply(&self, text: &str) -> String {
        self.apply_with(text, &[])
    }

    /// As [`Disguise::apply`]; each real value of `own` has its fake there.
    pub(super) fn apply_with(&self, text: &str, own: &[(String, String)]) -> String {
        let own = own
            .iter()
            .map(|(real, fake)| (real.as_str(), fake.as_str()));
        let pairs = self
            .pairs
            .iter()
            .map(|pair| (pair.real.as_str(), pair.fake.as_str()));
        let mut forms: Vec<(Zeroizing<String>, String)> = own
            .chain(pairs)
            .filter(|(real, _)| real.len() >= MIN_SECRET)
            .flat_map(|(real, fake)| forms(real, fake))
            .collect();
        forms.sort_by_key(|(real, _)| std::cmp::Reverse(real.len()));
        let mut written = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let form = forms.iter().find(|(real, _)| rest.starts_with(&**real));
            if let Some((real, fake)) = form {
                written.push_str(fake);
                rest = &rest[real.len()..];
            } else {
                written.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
        written
    }
}

/// Returns the forms of a value in JSON, XML, URLs and base64, each with that of its fake.
fn forms(real: &str, fake: &str) -> Vec<(Zeroizing<String>, String)> {
    let each: [fn(&str) -> String; 7] = [
        str::to_owned,
        in_json,
        in_xml,
        |text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string(),
        |text| url::form_urlencoded::byte_serialize(text.as_bytes()).collect(),
        |text| to_base64(text.as_bytes()).trim_end_matches('=').to_owned(),
        |text| {
            let standard = to_base64(text.as_bytes());
            let url_safe = standard.replace('+', "-").replace('/', "_");
            url_safe.trim_end_matches('=').to_owned()
        },
    ];
    let mut found: Vec<(Zeroizing<String>, String)> = Vec::new();
    for form in each {
        let real = Zeroizing::new(form(real));
        if found.iter().all(|(known, _)| *known != real) {
            found.push((real, form(fake)));
        }
    }
    found
}

fn in_json(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

fn in_xml(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

/// Returns whether a word is too random to be one: letters and digits, and long.
fn is_like_token(text: &str) -> bool {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "_+/=.~-".contains(c);
    text.len() >= MIN_TOKEN
        && text.chars().all(is_token)
        && text.contains(|c: char| c.is_ascii_digit())
        && text.contains(|c: char| c.is_ascii_alphabetic())
        && uuid::Uuid::try_parse(text).is_err()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SECRET: &str = "sk_real_aB3dE5fG7h/+";

    fn knowing(secret: &str) -> Disguise {
        let mut disguise = Disguise::new(Vec::new(), false);
        disguise.learn(&Secret::new(secret), &|_| false);
        disguise
    }

    #[test]
    fn secret_leaves_every_form() {
        let disguise = knowing(SECRET);
        for form in forms(SECRET, "").iter().map(|(real, _)| real) {
            let written = disguise.apply(&format!("<{}>", &**form));
            assert!(!written.contains(&**form), "{written}");
            assert!(written.starts_with('<') && written.ends_with('>'));
        }
        let fake = disguise.apply(SECRET);
        assert_eq!(
            disguise.apply(&to_base64(SECRET.as_bytes())),
            to_base64(fake.as_bytes())
        );
    }

    #[test]
    fn parts_of_credential_are_replaced_alone() {
        let mut disguise = Disguise::new(Vec::new(), false);
        let pair = r#"{"id":"publicpublic","secret":"realrealreal1"}"#;
        disguise.learn(&Secret::new(pair), &|name| name == "id");
        assert_eq!(disguise.apply("publicpublic"), "publicpublic");
        assert_eq!(disguise.apply("realrealreal1"), "fakefakefake0");
        assert_eq!(
            disguise.apply(pair),
            r#"{"id":"publicpublic","secret":"fakefakefake0"}"#
        );
    }

    #[test]
    fn basic_header_with_secret_is_replaced() {
        let mut disguise = knowing(SECRET);
        let basic = to_base64(format!("user:{SECRET}").as_bytes());
        let body = json!({ "send": format!("Basic {basic}") });
        disguise.discover(&body, &BTreeSet::new());
        let written = disguise.apply(&body.to_string());
        assert!(written.starts_with(r#"{"send":"Basic "#), "{written}");
        assert!(!written.contains(&basic[6..20]), "{written}");
    }

    #[test]
    fn unknown_secret_is_found_by_field() {
        let mut disguise = Disguise::new(Vec::new(), false);
        let plain = BTreeSet::from(["keywright-check-12345678".to_owned()]);
        disguise.discover(
            &json!({
                "id": "0123456789abcdef01234567",
                "key": "keywright-check-12345678",
                "webhook_secret": "hunter2hunter2",
                "token_type": "bearer-token",
                "note": "aVeryLongRandomWord0123456789",
                "masked_key": "sk_real_…3dE5",
                "created": "2026-11-28T10:00:00.000000Z",
                "uuid": "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            }),
            &plain,
        );
        let found: Vec<&str> = disguise
            .pairs
            .iter()
            .map(|pair| pair.real.as_str())
            .collect();
        assert_eq!(found, ["hunter2hunter2", "aVeryLongRandomWord0123456789"]);
    }
}
