//! Sources of values: names instead of expressions, and paths filled from them.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

use super::times::Span;
use crate::core::exact_json;

/// The name of the password that a login asks for, as in `credential.password`.
pub const PASSWORD: &str = "password";

/// The name of the identity token of a job, as in `credential.identity`.
pub const IDENTITY: &str = "identity";

/// The name of a value: `name` or `input.name`, `var.org_id`, `credential.key`, `credential.token.refresh`,
/// `credential.key.PART`, `step.account.id`, `challenge.code`, `server.origin`, `random.uuid`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// An input of the user.
    Input(String),
    /// A variable of the profile.
    Variable(String),
    /// A credential.
    Credential(String),
    /// The refresh token of a credential.
    Refresh(String),
    /// A part of a credential that has several.
    Part {
        /// The credential's name.
        credential: String,
        /// The part's name.
        part: String,
    },
    /// A value that an earlier step captured.
    Step {
        /// The step's name.
        step: String,
        /// The capture's name.
        capture: String,
    },
    /// The answer to a second-factor prompt.
    Challenge(String),
    /// The origin of the server that the request goes to.
    Origin,
    /// A UUID generated for this request.
    Uuid,
    /// The time, so many seconds later or earlier.
    Now(i64),
    /// A value that follows from the key of a signature.
    Signer(SignerValue),
    /// The public half of a key pair that is made here.
    PublicKey(PublicKeyForm),
}

/// A form of a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PublicKeyForm {
    /// `SubjectPublicKeyInfo` in PEM.
    Pem,
    /// `SubjectPublicKeyInfo` in DER, in base64.
    Der,
    /// A line as OpenSSH writes it, without a comment.
    OpenSsh,
    /// A JWK (RFC 7517).
    Jwk,
    /// The thumbprint of the JWK (RFC 7638).
    Thumbprint,
    /// The SHA-256 of the `SubjectPublicKeyInfo`, in base64.
    Spki,
}

impl PublicKeyForm {
    /// Every form.
    pub const ALL: [PublicKeyForm; 6] = [
        PublicKeyForm::Pem,
        PublicKeyForm::Der,
        PublicKeyForm::OpenSsh,
        PublicKeyForm::Jwk,
        PublicKeyForm::Thumbprint,
        PublicKeyForm::Spki,
    ];

    fn name(self) -> &'static str {
        match self {
            PublicKeyForm::Pem => "pem",
            PublicKeyForm::Der => "der",
            PublicKeyForm::OpenSsh => "openssh",
            PublicKeyForm::Jwk => "jwk",
            PublicKeyForm::Thumbprint => "thumbprint",
            PublicKeyForm::Spki => "spki",
        }
    }
}

/// A value that follows from the key of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignerValue {
    /// The thumbprint of the public key as a JWK (RFC 7638).
    Thumbprint,
    /// The SHA-256 of the public key as `SubjectPublicKeyInfo`, in base64.
    Spki,
}

impl std::str::FromStr for Source {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` names no value: write `name`, `var.NAME`, `credential.NAME`, \
                 `credential.NAME.refresh`, `credential.NAME.PART`, `step.NAME.CAPTURE`, `challenge.NAME`, \
                 `server.origin`, `random.uuid`, `now` or `now + 10m`"
            )
        };
        if let Some(rest) = text.strip_prefix("now").map(str::trim)
            && (rest.is_empty() || rest.starts_with(['+', '-']))
        {
            return offset(rest).map(Source::Now).ok_or_else(wrong);
        }
        let word = |word: &str| {
            let good = !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
            good.then(|| word.to_owned()).ok_or_else(wrong)
        };
        let parts: Vec<&str> = text.split('.').collect();
        match parts.as_slice() {
            [name] | ["input", name] => Ok(Source::Input(word(name)?)),
            ["var", name] => Ok(Source::Variable(word(name)?)),
            ["credential", name] => Ok(Source::Credential(word(name)?)),
            ["credential", name, "refresh"] => Ok(Source::Refresh(word(name)?)),
            ["credential", name, part] => Ok(Source::Part {
                credential: word(name)?,
                part: word(part)?,
            }),
            ["challenge", name] => Ok(Source::Challenge(word(name)?)),
            ["server", "origin"] => Ok(Source::Origin),
            ["random", "uuid"] => Ok(Source::Uuid),
            ["signer", "thumbprint"] => Ok(Source::Signer(SignerValue::Thumbprint)),
            ["signer", "spki"] => Ok(Source::Signer(SignerValue::Spki)),
            ["public_key", form] => {
                let mut forms = PublicKeyForm::ALL.into_iter();
                let form = forms.find(|known| known.name() == *form);
                form.map(Source::PublicKey).ok_or_else(wrong)
            }
            ["step", step, capture] => Ok(Source::Step {
                step: word(step)?,
                capture: word(capture)?,
            }),
            _ => Err(wrong()),
        }
    }
}

/// Returns the seconds of `+ 10m` or `- 1h`; nothing is zero.
fn offset(text: &str) -> Option<i64> {
    if text.is_empty() {
        return Some(0);
    }
    let (sign, span) = text.split_at(1);
    let span: Span = span.trim().parse().ok()?;
    let seconds = i64::try_from(span.duration().as_secs()).ok()?;
    Some(if sign == "-" { -seconds } else { seconds })
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Input(name) => f.write_str(name),
            Source::Variable(name) => write!(f, "var.{name}"),
            Source::Credential(name) => write!(f, "credential.{name}"),
            Source::Refresh(name) => write!(f, "credential.{name}.refresh"),
            Source::Part { credential, part } => write!(f, "credential.{credential}.{part}"),
            Source::Step { step, capture } => write!(f, "step.{step}.{capture}"),
            Source::Challenge(name) => write!(f, "challenge.{name}"),
            Source::Origin => f.write_str("server.origin"),
            Source::Uuid => f.write_str("random.uuid"),
            Source::Now(0) => f.write_str("now"),
            Source::Now(seconds) => {
                let sign = if *seconds < 0 { '-' } else { '+' };
                write!(f, "now {sign} {}", Span::of_seconds(seconds.unsigned_abs()))
            }
            Source::Signer(SignerValue::Thumbprint) => f.write_str("signer.thumbprint"),
            Source::Signer(SignerValue::Spki) => f.write_str("signer.spki"),
            Source::PublicKey(form) => write!(f, "public_key.{}", form.name()),
        }
    }
}

impl Source {
    /// Returns whether it is the credential `name`, or a part of it.
    pub fn is_of(&self, name: &str) -> bool {
        matches!(self, Source::Credential(found) | Source::Part { credential: found, .. } if found == name)
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// Returns a scalar as text.
pub fn plain_text(value: &serde_json::Value) -> Option<String> {
    use serde_json::Value;
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Object(_) => exact_json::number_text(value).map(str::to_owned),
        Value::Null | Value::Array(_) => None,
    }
}

/// Returns a scalar as text; a string is not copied.
pub fn into_text(value: serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) => Some(text),
        other => plain_text(&other),
    }
}

/// Text with placeholders, `/keys/{id}` or `/orgs/{+var.path}`; a placeholder with `+` keeps its slashes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    pieces: Vec<Piece>,
}

/// A piece of a [`Template`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Literal text.
    Text(String),
    /// A placeholder.
    Hole {
        /// The source of the value.
        source: Source,
        /// Keeps a `/` in the value unencoded.
        keep_slashes: bool,
    },
}

impl Template {
    /// Returns its pieces, in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Returns the names in its placeholders.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Hole { source, .. } => Some(source),
            Piece::Text(_) => None,
        })
    }

    /// Returns the template as it was written.
    pub fn as_written(&self) -> String {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Hole {
                    source,
                    keep_slashes,
                } => format!("{{{}{source}}}", if *keep_slashes { "+" } else { "" }),
            })
            .collect()
    }
}

impl std::str::FromStr for Template {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (hole, after) = after
                .split_once('}')
                .ok_or_else(|| format!("`{text}` has a `{{` without its `}}`"))?;
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            let keep_slashes = hole.starts_with('+');
            pieces.push(Piece::Hole {
                source: hole.trim_start_matches('+').parse()?,
                keep_slashes,
            });
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Template { pieces })
    }
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_text_round_trips() {
        for text in [
            "name",
            "var.org_id",
            "credential.key",
            "credential.token.refresh",
            "credential.key.app",
            "step.a.id",
            "challenge.code",
            "server.origin",
            "random.uuid",
            "now",
            "now + 10m",
            "now - 1h",
            "signer.thumbprint",
            "signer.spki",
            "public_key.openssh",
            "nowhere",
        ] {
            assert_eq!(text.parse::<Source>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "a b",
            "step.a",
            "var.",
            "server.host",
            "x.y.z.w",
            "now + x",
            "now 1m",
            "signer.key",
            "public_key.xml",
        ] {
            assert!(text.parse::<Source>().is_err(), "{text}");
        }
    }

    #[test]
    fn template_text_round_trips() {
        for text in ["/keys/{id}/", "/x/{+var.path}", "/plain", "{var.host}"] {
            assert_eq!(text.parse::<Template>().unwrap().as_written(), text);
        }
        assert!("/keys/{id".parse::<Template>().is_err());
    }
}
