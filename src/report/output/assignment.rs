//! Assignments of variables, quoted so that a shell reads the value back unchanged.

use zeroize::Zeroizing;

use crate::core::secret::Secret;

/// A shell, by the quotes that it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// sh, bash, dash, zsh and ksh.
    Posix,
    /// fish.
    Fish,
    /// `PowerShell`.
    Powershell,
}

/// Returns whether `name` can be a variable of a shell.
pub fn is_identifier(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && name.chars().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// Returns the line that exports a variable; `None` if the shell cannot hold the value.
pub fn assignment(shell: Shell, name: &str, value: &Secret) -> Option<Zeroizing<String>> {
    let value = value.expose();
    if value.contains('\0') {
        return None;
    }
    let (before, quoted) = match shell {
        Shell::Posix => (
            format!("export {name}="),
            escaped(value, |c| match c {
                // It ends the quotes, stands by itself, and opens them again.
                '\'' => Some("'\\''"),
                _ => None,
            }),
        ),
        Shell::Fish => (
            format!("set -gx {name} "),
            escaped(value, |c| match c {
                '\'' => Some("\\'"),
                '\\' => Some("\\\\"),
                _ => None,
            }),
        ),
        Shell::Powershell => (
            format!("$env:{name} = "),
            escaped(value, |c| match c {
                // Typographic quotes are quotes there, too.
                '\'' => Some("''"),
                '\u{2018}' => Some("\u{2018}\u{2018}"),
                '\u{2019}' => Some("\u{2019}\u{2019}"),
                '\u{201a}' => Some("\u{201a}\u{201a}"),
                '\u{201b}' => Some("\u{201b}\u{201b}"),
                _ => None,
            }),
        ),
    };
    Some(Zeroizing::new(format!("{before}'{}'", *quoted)))
}

/// The text with some characters written otherwise.
fn escaped(text: &str, replace: impl Fn(char) -> Option<&'static str>) -> Zeroizing<String> {
    let mut escaped = Zeroizing::new(String::with_capacity(2 * text.len()));
    for c in text.chars() {
        match replace(c) {
            Some(other) => escaped.push_str(other),
            None => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powershell_doubles_every_quote() {
        let value = Secret::new("it's \u{2019}$x`\"\n");
        assert_eq!(
            assignment(Shell::Powershell, "K", &value).unwrap().as_str(),
            "$env:K = 'it''s \u{2019}\u{2019}$x`\"\n'"
        );
    }
}
