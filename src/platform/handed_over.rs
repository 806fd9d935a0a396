//! Secrets that a caller hands over in place of typing them: in a variable, or through a file descriptor.

use std::path::Path;

use super::env::Env;
use super::files;
use crate::core::error::{Error, Result};
use crate::core::secret::Secret;

/// The most that is read from a descriptor, in bytes.
const MAX_BYTES: u64 = 64 << 10;

/// Returns the secret in the variable `name`, or the first line behind the descriptor that the variable `name` with `_FD`
/// numbers. A descriptor is read once: nothing asks for its secret again.
pub fn handed_over(env: &Env, name: &str) -> Result<Option<Secret>> {
    let descriptor = format!("{name}_FD");
    match (env.set_to(name), env.get(&descriptor)) {
        (Some(_), Some(_)) => Err(Error::usage(format!(
            "{name} and {descriptor} are both set: set one of them"
        ))),
        (Some(""), None) => Err(Error::usage(format!("{name} is set, but empty"))
            .hint(format!("unset it to be prompted: unset {name}"))),
        (Some(text), None) => Ok(Some(Secret::new(text))),
        (None, Some(number)) => read(number, &descriptor).map(Some),
        (None, None) => Ok(None),
    }
}

/// As [`handed_over`], for a secret that is asked for again: it is kept after the first time. An empty variable is none.
pub fn handed_over_to_keep(env: &Env, name: &str) -> Result<Option<Secret>> {
    if env.get(name).is_none() && env.get(&format!("{name}_FD")).is_none() {
        return Ok(None);
    }
    env.keep(name, || handed_over(env, name))
}

fn read(number: &str, variable: &str) -> Result<Secret> {
    let wrong = |why: &str| {
        Error::usage(format!("{variable} {why}")).hint(format!(
            "open one for the command: {variable}=3 keywright … 3< FILE"
        ))
    };
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || number.len() > 6 {
        return Err(wrong("is not the number of a file descriptor"));
    }
    let path = format!("/dev/fd/{number}");
    let text = match files::read_named_text(Path::new(&path), MAX_BYTES) {
        Ok(Some(text)) => zeroize::Zeroizing::new(text),
        Ok(None) => return Err(wrong("names a file descriptor that is not open")),
        Err(error) => {
            return Err(wrong("names a file descriptor that cannot be read").caused_by(error));
        }
    };
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(Secret::new(line)),
        _ => Err(wrong("leads to an empty line")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(values: &[(&str, &str)]) -> Env {
        let pairs = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Env::new(pairs)
    }

    fn why(values: &[(&str, &str)]) -> String {
        let handed = handed_over(&env(values), "KEYWRIGHT_PASSWORD");
        handed.map(drop).unwrap_err().message().to_owned()
    }

    #[test]
    fn password_variable_mistakes_are_named() {
        assert!(
            handed_over(&env(&[]), "KEYWRIGHT_PASSWORD")
                .unwrap()
                .is_none()
        );
        let both = [
            ("KEYWRIGHT_PASSWORD", "fake"),
            ("KEYWRIGHT_PASSWORD_FD", "3"),
        ];
        assert_eq!(
            why(&both),
            "KEYWRIGHT_PASSWORD and KEYWRIGHT_PASSWORD_FD are both set: set one of them"
        );
        assert_eq!(
            why(&[("KEYWRIGHT_PASSWORD", "")]),
            "KEYWRIGHT_PASSWORD is set, but empty"
        );
        for number in ["x", "-1", "12345678", "3/../etc"] {
            assert_eq!(
                why(&[("KEYWRIGHT_PASSWORD_FD", number)]),
                "KEYWRIGHT_PASSWORD_FD is not the number of a file descriptor"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn closed_descriptor_is_named() {
        assert_eq!(
            why(&[("KEYWRIGHT_PASSWORD_FD", "999999")]),
            "KEYWRIGHT_PASSWORD_FD names a file descriptor that is not open"
        );
    }

    #[cfg(unix)]
    #[test]
    fn descriptor_is_read_to_line_end() {
        use std::io::Write;
        use std::os::fd::AsRawFd;

        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b" fake pass phrase \nmore\n").unwrap();
        let number = file.as_raw_fd().to_string();
        let given = env(&[("KEYWRIGHT_PASSWORD_FD", &number)]);
        let secret = handed_over(&given, "KEYWRIGHT_PASSWORD").unwrap().unwrap();
        assert!(secret.eq_secret(&Secret::new(" fake pass phrase ")));
    }
}
