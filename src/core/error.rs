//! Errors of commands: one struct, one kind for each exit code, and hints that say how to go on.

use std::error::Error as StdError;
use std::fmt;

/// The class of a failure; its number is the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// Anything unexpected.
    Failed = 1,
    /// Bad arguments, bad configuration, bad manifest.
    Usage = 2,
    /// No credential, or one that the service does not accept.
    Auth = 3,
    /// The credential is good, but may not do this.
    Forbidden = 4,
    /// No such key, profile or provider.
    NotFound = 5,
    /// The key limit, a taken name, an ambiguous name, a lock that another process holds.
    Conflict = 6,
    /// The service asked to slow down for longer than was allowed to wait.
    RateLimited = 7,
    /// The service could not be reached or could not answer; safe to run again.
    Unreachable = 8,
    /// A secret store or a destination refused.
    Store = 9,
    /// Something may have happened that could not be confirmed.
    Uncertain = 10,
    /// Ctrl-C, or "no" at a prompt.
    Cancelled = 130,
}

impl Kind {
    /// Every kind, in the order of the exit codes.
    pub const ALL: [Kind; 11] = [
        Kind::Failed,
        Kind::Usage,
        Kind::Auth,
        Kind::Forbidden,
        Kind::NotFound,
        Kind::Conflict,
        Kind::RateLimited,
        Kind::Unreachable,
        Kind::Store,
        Kind::Uncertain,
        Kind::Cancelled,
    ];

    /// Returns the exit code.
    pub fn exit_code(self) -> u8 {
        self as u8
    }

    /// Returns the word used for it in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Failed => "failed",
            Kind::Usage => "usage",
            Kind::Auth => "auth",
            Kind::Forbidden => "forbidden",
            Kind::NotFound => "not_found",
            Kind::Conflict => "conflict",
            Kind::RateLimited => "rate_limited",
            Kind::Unreachable => "unreachable",
            Kind::Store => "store",
            Kind::Uncertain => "uncertain",
            Kind::Cancelled => "cancelled",
        }
    }

    /// Returns what the kind means, as the documentation prints it.
    pub fn meaning(self) -> &'static str {
        match self {
            Kind::Failed => "anything unexpected",
            Kind::Usage => {
                "bad arguments, bad config, bad manifest (file:line:key), untrusted project file"
            }
            Kind::Auth => {
                "not logged in; key or token missing, invalid, revoked, expired beyond refresh"
            }
            Kind::Forbidden => {
                "403, `tier_not_allowed`, missing scope, 402 `subscription_required`"
            }
            Kind::NotFound => "no such key, profile, provider",
            Kind::Conflict => {
                "key limit reached, name taken, ambiguous `KEY`, another rotation holds the lock"
            }
            Kind::RateLimited => "429 after honouring `Retry-After` within the time allowed",
            Kind::Unreachable => "DNS, TLS, connection, timeout, 5xx; safe to run again",
            Kind::Store => "keyring locked, missing, full; wrong passphrase; destination refused",
            Kind::Uncertain => {
                "something may have happened that could not be confirmed, or a rotation is unfinished"
            }
            Kind::Cancelled => "Ctrl-C, or \"no\" at a prompt",
        }
    }
}

/// A failure as the user sees it: the message, the causes and the hints.
#[derive(Debug)]
pub struct Error(Box<Inner>);

/// The parts of an error, behind a pointer so that a `Result` stays small.
#[derive(Debug)]
struct Inner {
    kind: Kind,
    message: String,
    hints: Vec<String>,
    code: Option<String>,
    http_status: Option<u16>,
    request_id: Option<String>,
    source: Option<Box<dyn StdError>>,
}

/// The result of nearly everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Returns a failure of `kind`; `message` is one sentence, lower case, without a full stop.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Error(Box::new(Inner {
            kind,
            message: message.into(),
            hints: Vec::new(),
            code: None,
            http_status: None,
            request_id: None,
            source: None,
        }))
    }

    /// Bad arguments, configuration or manifest.
    pub fn usage(message: impl Into<String>) -> Self {
        Error::new(Kind::Usage, message)
    }

    /// Something unexpected.
    pub fn failed(message: impl Into<String>) -> Self {
        Error::new(Kind::Failed, message)
    }

    /// The user ended the command.
    pub fn cancelled() -> Self {
        Error::new(Kind::Cancelled, "cancelled")
    }

    /// Adds a way out.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hints.push(hint.into());
        self
    }

    /// Adds ways out.
    #[must_use]
    pub fn with_hints(mut self, hints: impl IntoIterator<Item = String>) -> Self {
        self.0.hints.extend(hints);
        self
    }

    /// Rewords the ways out.
    #[must_use]
    pub fn map_hints(mut self, reword: impl Fn(String) -> String) -> Self {
        self.0.hints = self.0.hints.into_iter().map(reword).collect();
        self
    }

    /// Leaves out the ways out that do not lead there.
    #[must_use]
    pub fn retain_hints(mut self, leads_out: impl Fn(&str) -> bool) -> Self {
        self.0.hints.retain(|hint| leads_out(hint));
        self
    }

    /// Adds the nearest of the known words as a way out, where one is near to what was typed.
    #[must_use]
    pub fn did_you_mean<'w>(self, typed: &str, known: impl IntoIterator<Item = &'w str>) -> Self {
        self.with_hints(did_you_mean(typed, known))
    }

    /// Adds the server's own error code.
    #[must_use]
    pub fn with_code(mut self, code: Option<String>) -> Self {
        self.0.code = code;
        self
    }

    /// Adds the HTTP status that the server answered with.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.0.http_status = Some(status);
        self
    }

    /// Adds the id under which the server knows the request.
    #[must_use]
    pub fn with_request_id(mut self, id: Option<String>) -> Self {
        self.0.request_id = id;
        self
    }

    /// Adds the cause, printed under the message.
    #[must_use]
    pub fn caused_by(mut self, source: impl StdError + 'static) -> Self {
        self.0.source = Some(Box::new(source));
        self
    }

    /// Returns the same failure under another kind.
    #[must_use]
    pub fn with_kind(mut self, kind: Kind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Returns the same failure with `context: ` before its message.
    #[must_use]
    pub fn context(mut self, context: &str) -> Self {
        self.0.message = format!("{context}: {}", self.0.message);
        self
    }

    /// Returns the same failure with its message reworded.
    #[must_use]
    pub fn map_message(mut self, reword: impl FnOnce(&str) -> String) -> Self {
        self.0.message = reword(&self.0.message);
        self
    }

    /// Returns the same failure with `; rest` behind its message.
    #[must_use]
    pub fn append(mut self, rest: &str) -> Self {
        self.0.message = format!("{}; {rest}", self.0.message);
        self
    }

    /// Returns the class of the failure.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Returns the message.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the ways out.
    pub fn hints(&self) -> &[String] {
        &self.0.hints
    }

    /// Returns the server's own error code.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Returns the HTTP status that the server answered with.
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// Returns the id under which the server knows the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Returns whether the same command may simply be run again.
    pub fn retryable(&self) -> bool {
        matches!(self.0.kind, Kind::RateLimited | Kind::Unreachable)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref()
    }
}

/// Returns the question after the known word that is near in spelling to what was typed.
pub fn did_you_mean<'w>(typed: &str, known: impl IntoIterator<Item = &'w str>) -> Option<String> {
    let word = closest_word(typed, known)?;
    Some(format!("did you mean `{word}`?"))
}

/// Returns the known word that is near in spelling to what was typed.
pub fn closest_word<'w>(typed: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let near = known
        .into_iter()
        .filter_map(|word| Some((spelling_distance(typed, word)?, word)));
    near.min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// Returns the number of slips of the finger between two words; `None` if they are too many for the length of the
/// words.
///
/// A word of which the beginning was typed is near, too, and one that was typed with another behind it.
pub fn spelling_distance(typed: &str, known: &str) -> Option<usize> {
    let plain = |word: &str| word.to_lowercase().replace('_', "-");
    let (typed, known) = (plain(typed), plain(known));
    let letters = |word: &str| {
        word.chars()
            .filter(|letter| letter.is_alphanumeric())
            .count()
    };
    let allowed = match letters(&typed).min(letters(&known)) {
        0..=2 => 0,
        3..=5 => 1,
        6..=8 => 2,
        _ => 3,
    };
    let distance = strsim::osa_distance(&typed, &known);
    if distance <= allowed {
        return Some(distance);
    }
    let begun = letters(&typed) > 2 && known.starts_with(&typed)
        || letters(&known) > 2 && typed.starts_with(&format!("{known}-"));
    begun.then_some(allowed + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_and_names_are_unique() {
        let mut codes: Vec<u8> = Kind::ALL.iter().map(|kind| kind.exit_code()).collect();
        let mut names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        codes.dedup();
        names.sort_unstable();
        names.dedup();
        assert_eq!(codes, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 130]);
        assert_eq!(names.len(), Kind::ALL.len());
    }

    #[test]
    fn retryable_holds_only_for_transient_errors() {
        let retryable: Vec<Kind> = Kind::ALL
            .into_iter()
            .filter(|kind| Error::new(*kind, "x").retryable())
            .collect();
        assert_eq!(retryable, [Kind::RateLimited, Kind::Unreachable]);
    }

    #[test]
    fn closest_word_ignores_distant_matches() {
        let known = ["schatzi", "siati", "sieve"];
        assert_eq!(closest_word("schazti", known), Some("schatzi"));
        assert_eq!(closest_word("Sieve", known), Some("sieve"));
        assert_eq!(closest_word("siat", known), Some("siati"));
        for typed in ["openai", "nope", "", "s", "si", "sierra"] {
            assert_eq!(closest_word(typed, known), None, "{typed}");
        }
        for (typed, known) in [
            ("nope", "openai"),
            ("status", "rotations"),
            ("rotate", "rotations"),
            ("--format", "--sort"),
            ("--output", "--no-input"),
            ("create", "credential"),
        ] {
            assert_eq!(spelling_distance(typed, known), None, "{typed}");
        }
    }
}
