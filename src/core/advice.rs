//! Commands in messages: where they are, and the flags without which they would mean something else.

use std::ops::Range;

use crate::core::untrusted::shell_argument;

/// The name of the program at the beginning of a command.
const PROGRAM: &str = "keywright ";

/// The commands that no profile decides.
const WITHOUT_PROFILE: [&str; 11] = [
    "providers",
    "destinations",
    "state",
    "trust",
    "rotations",
    "completions",
    "man",
    "sandbox",
    "identity",
    "unlock",
    "lock",
];

/// Returns the commands of a text: each begins the text or follows a colon, and ends at a `;` or `,` outside of quotes,
/// or with the text.
pub fn commands(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(PROGRAM)) {
        let start = from + at;
        let is_led = start == 0 || text[..start].ends_with(": ");
        let begins = |letter: char| letter.is_ascii_lowercase() || letter == '-';
        if is_led && text[start + PROGRAM.len()..].starts_with(begins) {
            let end = start + command_length(&text[start..]);
            found.push(start..end);
            from = end;
        } else {
            from = start + 1;
        }
    }
    found
}

fn command_length(text: &str) -> usize {
    let ends = |(at, c): &(usize, char)| matches!(c, ';' | ',') && text[at + 1..].starts_with(' ');
    unquoted(text).find(ends).map_or(text.len(), |(at, _)| at)
}

/// Returns the characters outside of quotes, each with its place.
pub fn unquoted(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quote = None;
    text.char_indices().filter(move |(_, c)| {
        match (quote, c) {
            (Some(open), c) if *c == open => quote = None,
            (None, '\'' | '"') => quote = Some(*c),
            (quote, _) => return quote.is_none(),
        }
        false
    })
}

/// The flags of a run that a suggested command needs, too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepeatedFlags {
    /// Those of every command, quoted.
    pub always: Vec<String>,
    /// The profile of those that a profile decides.
    pub profile: Option<String>,
    /// The provider whose `login` means another profile than the one named like it.
    pub login: Option<(String, String)>,
}

impl RepeatedFlags {
    /// Returns the flags that make a command mean this profile.
    pub fn of_profile(name: &str) -> Self {
        RepeatedFlags {
            profile: Some(name.to_owned()),
            ..RepeatedFlags::default()
        }
    }

    /// Returns the flags that make a login at a provider one of this profile.
    pub fn of_login(provider: &str, name: &str) -> Self {
        RepeatedFlags {
            login: Some((provider.to_owned(), name.to_owned())),
            ..RepeatedFlags::default()
        }
    }

    /// Returns a text whose commands have these flags.
    pub fn repeat(&self, text: &str) -> String {
        let mut repeated = String::with_capacity(text.len());
        let mut from = 0;
        for command in commands(text) {
            let flags = self.flags_for(&text[command.clone()]);
            let name_end = command.start + PROGRAM.len();
            repeated.push_str(&text[from..name_end]);
            for flag in flags {
                repeated.extend([&flag, " "]);
            }
            from = name_end;
        }
        repeated.push_str(&text[from..]);
        repeated
    }

    fn flags_for(&self, command: &str) -> Vec<String> {
        let mut flags = self.always.clone();
        flags.retain(|flag| !command.contains(flag.as_str()));
        let words = shell_words::split(command).unwrap_or_default();
        let (verb, names_profile) = verb(&words);
        let decided = match verb {
            Some([only]) if only == "profiles" => false,
            Some([group, verb, ..]) if group == "profiles" => verb == "show",
            Some([verb, ..]) => !WITHOUT_PROFILE.contains(&verb.as_str()),
            _ => false,
        };
        let of_login = self.login.as_ref().filter(|(provider, _)| {
            matches!(verb, Some([verb, of, ..]) if verb == "login" && of == provider)
        });
        let profile = of_login.map(|(_, name)| name);
        let profile = profile.or(self.profile.as_ref().filter(|_| decided));
        if let Some(name) = profile.filter(|_| !names_profile) {
            flags.push(format!("-p {}", shell_argument(name)));
        }
        flags
    }
}

/// Returns the words of a command from its verb on, and whether a flag names a profile.
fn verb(words: &[String]) -> (Option<&[String]>, bool) {
    let is_profile =
        |word: &String| word == "-p" || word == "--profile" || word.starts_with("--profile=");
    let names_profile = words.iter().any(is_profile);
    let mut at = 1;
    while let Some(word) = words.get(at).filter(|word| word.starts_with('-')) {
        at += if matches!(word.as_str(), "-p" | "--profile" | "--project") {
            2
        } else {
            1
        };
    }
    (
        words.get(at..).filter(|rest| !rest.is_empty()),
        names_profile,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_follow_colons_outside_quotes() {
        for (text, expected) in [
            ("keywright keys list", &["keywright keys list"][..]),
            (
                "go on: keywright rotations resume x; go back: keywright rotations undo x",
                &["keywright rotations resume x", "keywright rotations undo x"],
            ),
            (
                "revoke it: keywright keys revoke 'a; b', then wait",
                &["keywright keys revoke 'a; b'"],
            ),
            ("this keywright reads one version", &[]),
            ("keywright 0.1.0", &[]),
            ("no command", &[]),
        ] {
            let found: Vec<&str> = commands(text).into_iter().map(|at| &text[at]).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn flags_repeat_where_they_matter() {
        let flags = RepeatedFlags {
            always: vec!["--sandbox".to_owned()],
            profile: Some("my work".to_owned()),
            login: None,
        };
        for (text, expected) in [
            (
                "list the keys: keywright keys list",
                "list the keys: keywright --sandbox -p 'my work' keys list",
            ),
            (
                "keywright -p other keys list",
                "keywright --sandbox -p other keys list",
            ),
            (
                "log in: keywright login a --profile b",
                "log in: keywright --sandbox login a --profile b",
            ),
            (
                "keywright --sandbox keys list",
                "keywright -p 'my work' --sandbox keys list",
            ),
            (
                "see: keywright providers, or: keywright rotations",
                "see: keywright --sandbox providers, or: keywright --sandbox rotations",
            ),
            (
                "keywright profiles use NAME",
                "keywright --sandbox profiles use NAME",
            ),
            ("no command", "no command"),
        ] {
            assert_eq!(flags.repeat(text), expected);
            // Flags that were repeated once are not repeated again.
            assert_eq!(flags.repeat(expected), expected);
        }
    }

    #[test]
    fn login_names_profile_of_provider() {
        let flags = RepeatedFlags::of_login("sieve", "work");
        for (text, expected) in [
            (
                "log in: keywright login sieve --with-key",
                "log in: keywright -p work login sieve --with-key",
            ),
            ("keywright login siati", "keywright login siati"),
            ("keywright keys list", "keywright keys list"),
        ] {
            assert_eq!(flags.repeat(text), expected);
        }
    }
}
