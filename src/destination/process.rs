//! Runs a program that reads a secret on stdin, and words its failures.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::core::untrusted;
use crate::platform::{Platform, Program, ProgramError, ProgramOutput};
use crate::report::log::Log;

/// The number of characters of a secret that make a text unfit to be shown.
const MIN_REVEALING: usize = 8;

/// A program and its purpose, in the words of an error.
pub(super) struct SecretConsumer<'a> {
    pub(super) platform: &'a Platform,
    pub(super) log: &'a Log,
    /// The program and its arguments.
    pub(super) words: &'a [String],
    pub(super) env: &'a [(&'a str, &'a str)],
    pub(super) timeout: Duration,
    /// The destination's text.
    pub(super) shown: &'a str,
}

impl SecretConsumer<'_> {
    /// Runs it without a secret; the caller judges its exit.
    pub(super) fn ask(&self) -> Result<ProgramOutput> {
        self.run(None).map_err(|error| {
            let (ProgramError::NotStarted(why) | ProgramError::Uncertain(why)) = error;
            let (name, shown) = (self.name(), untrusted::one_line(self.shown));
            Error::new(
                Kind::Store,
                format!("`{name}` could not be asked about `{shown}`: {why}"),
            )
        })
    }

    /// Passes `secret` to it; succeeds if it exits with code 0.
    ///
    /// After a failure, it is not known what it did with the secret.
    pub(super) fn feed(&self, secret: &Secret) -> Result<ProgramOutput> {
        self.log.register_secret(secret);
        let ended = match self.run(Some(secret)) {
            Ok(ended) if ended.success() => return Ok(ended),
            Ok(ended) => ended,
            Err(ProgramError::NotStarted(why)) => {
                return Err(self.refused(Kind::Store, &format!("it could not be started: {why}")));
            }
            Err(ProgramError::Uncertain(why)) => {
                return Err(self
                    .refused(Kind::Uncertain, &why)
                    .hint("it may have stored the secret; it cannot prompt at the terminal"));
            }
        };
        let why = format!(
            "{}{}",
            outcome(&ended),
            self.last_words(&ended, Some(secret))
        );
        Err(self
            .refused(Kind::Uncertain, &why)
            .hint("it may have stored the secret nevertheless"))
    }

    /// Passes `stdin` to it and returns its output on stdout; nothing was delivered whatever it does. It is for the caller
    /// to register a secret in the log.
    pub(super) fn filter(&self, stdin: Option<&Secret>) -> Result<Zeroizing<String>> {
        let failed = |why: &str| {
            let (name, shown) = (self.name(), untrusted::one_line(self.shown));
            Error::new(Kind::Store, format!("`{name}` failed for `{shown}`: {why}"))
        };
        let ended = self.run(stdin).map_err(|error| {
            let (ProgramError::NotStarted(why) | ProgramError::Uncertain(why)) = error;
            failed(&why)
        })?;
        if !ended.success() {
            let why = format!("{}{}", outcome(&ended), self.last_words(&ended, stdin));
            return Err(failed(&why));
        }
        let text = std::str::from_utf8(&ended.stdout);
        let text = text.map_err(|_| failed("its output is not UTF-8 text"))?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    /// Returns its last line on stderr, to append to a message, without any part of `secret`.
    pub(super) fn last_words(&self, ended: &ProgramOutput, secret: Option<&Secret>) -> String {
        let said = String::from_utf8_lossy(&ended.stderr);
        if said.trim().is_empty() {
            return String::new();
        }
        if secret.is_some_and(|secret| reveals(&said, secret.expose())) {
            return " (what it said holds part of the secret and is not shown)".to_owned();
        }
        format!(
            ": {}",
            untrusted::one_line(self.log.redact(said.trim()).trim())
        )
    }

    /// Returns an error that names the program and the destination.
    fn refused(&self, kind: Kind, why: &str) -> Error {
        let (name, shown) = (self.name(), untrusted::one_line(self.shown));
        Error::new(
            kind,
            format!("`{name}` did not take the secret for `{shown}`: {why}"),
        )
    }

    fn name(&self) -> String {
        untrusted::one_line(self.words.first().map_or("", String::as_str))
    }

    fn run(&self, stdin: Option<&Secret>) -> Result<ProgramOutput, ProgramError> {
        self.log.trace(|| {
            let words = shell_words::join(self.words);
            let stdin = if stdin.is_some() {
                " < (the secret)"
            } else {
                ""
            };
            format!("running {}{stdin}", untrusted::one_line(&words))
        });
        self.platform.programs.run(&Program {
            stdin,
            env: self.env,
            timeout: self.timeout,
            ..Program::new(self.words)
        })
    }
}

/// Describes the exit of a program that failed.
pub(super) fn outcome(ended: &ProgramOutput) -> String {
    match (ended.code, ended.signal) {
        (Some(code), _) => format!("it ended with exit code {code}"),
        (None, Some(signal)) => format!("signal {signal} ended it"),
        (None, None) => "it failed".to_owned(),
    }
}

/// Returns whether `text` contains a part of `secret` that is long enough to help a thief.
fn reveals(text: &str, secret: &str) -> bool {
    let characters: Vec<char> = secret.chars().collect();
    if characters.is_empty() {
        return false;
    }
    characters
        .windows(MIN_REVEALING.min(characters.len()))
        .any(|piece| text.contains(&piece.iter().collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reveals_detects_partial_secret() {
        let secret = "sk-fake-0123456789";
        for text in [
            "bad key sk-fake-0123456789",
            "cut: …23456789",
            "e-012345 refused",
        ] {
            assert!(reveals(text, secret), "{text}");
        }
        for text in ["HTTP 403", "sk-fa… is bad", "0123456"] {
            assert!(!reveals(text, secret), "{text}");
        }
        assert!(reveals("abc", "abc"));
        assert!(!reveals("abc", ""));
    }
}
