//! Secrets that are typed or pasted without being shown.

use dialoguer::console::Term;
use dialoguer::theme::ColorfulTheme;
#[cfg(unix)]
use zeroize::Zeroizing;

use crate::core::secret::Secret;

/// Asks until something is typed.
#[cfg(unix)]
pub(super) fn ask(theme: &ColorfulTheme, term: &Term, prompt: &str) -> dialoguer::Result<Secret> {
    use dialoguer::theme::Theme;
    loop {
        let mut line = String::new();
        let written = theme.format_password_prompt(&mut line, prompt);
        written.map_err(std::io::Error::other)?;
        term.write_str(&line)?;
        term.flush()?;
        let typed = typed()?;
        term.write_line("")?;
        term.clear_last_lines(1)?;
        if !typed.is_empty() {
            return Ok(Secret::pasted(&typed));
        }
    }
}

#[cfg(not(unix))]
pub(super) fn ask(theme: &ColorfulTheme, term: &Term, prompt: &str) -> dialoguer::Result<Secret> {
    dialoguer::Password::with_theme(theme)
        .with_prompt(prompt)
        .report(false)
        .interact_on(term)
        .map(|text| Secret::pasted(&zeroize::Zeroizing::new(text)))
}

/// The key that submits the input.
#[cfg(unix)]
const SUBMIT_KEYS: u8 = 4;

/// The keys that take back the last character, and all of them.
#[cfg(unix)]
const DELETE_CHAR: [u8; 2] = [8, 127];
#[cfg(unix)]
const DELETE_LINE: u8 = 21;

/// A line from the terminal. The terminal's own editing of lines would cut it after 4095 bytes, so the few keys that
/// matter are understood here.
#[cfg(unix)]
fn typed() -> std::io::Result<Zeroizing<String>> {
    use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr};
    let stdin = std::io::stdin();
    let before = tcgetattr(&stdin)?;
    let mut hidden = before.clone();
    hidden.local_modes -= LocalModes::ECHO | LocalModes::ICANON;
    hidden.special_codes[SpecialCodeIndex::VMIN] = 1;
    hidden.special_codes[SpecialCodeIndex::VTIME] = 0;
    tcsetattr(&stdin, OptionalActions::Flush, &hidden)?;
    let line = line(std::io::Read::bytes(stdin.lock()));
    // The rest of a paste of several lines is discarded.
    tcsetattr(&stdin, OptionalActions::Flush, &before)?;
    line
}

#[cfg(unix)]
fn line(keys: impl Iterator<Item = std::io::Result<u8>>) -> std::io::Result<Zeroizing<String>> {
    // Room from the start, so that no half of it stays behind where it grew.
    let mut line = Zeroizing::new(Vec::with_capacity(128 << 10));
    let mut ended = false;
    for key in keys {
        match key? {
            b'\n' | b'\r' => {
                ended = true;
                break;
            }
            SUBMIT_KEYS => break,
            DELETE_LINE => line.clear(),
            key if DELETE_CHAR.contains(&key) => {
                // A character may have several bytes, of which the first tells itself from the others.
                while line.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {}
            }
            key => line.push(key),
        }
    }
    if line.is_empty() && !ended {
        return Err(std::io::ErrorKind::Interrupted.into());
    }
    let text = std::str::from_utf8(&line).map_err(|_| {
        std::io::Error::new(std::io::ErrorKind::InvalidData, "the input is not text")
    })?;
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn read(keys: &[u8]) -> Option<String> {
        let read = line(keys.iter().map(|key| Ok(*key)));
        read.ok().map(|line| line.to_string())
    }

    #[test]
    fn line_applies_editing_keys() {
        let long = "x".repeat(64 << 10);
        for (keys, meant) in [
            ("sk-fake\n", Some("sk-fake")),
            ("sk-fake\rrest", Some("sk-fake")),
            ("sk-fakk\u{7f}e\n", Some("sk-fake")),
            ("é\u{8}\u{8}e\n", Some("e")),
            ("wrong\u{15}sk-fake\n", Some("sk-fake")),
            ("sk-fake\u{4}", Some("sk-fake")),
            ("\n", Some("")),
            ("\u{4}", None),
            ("", None),
            (&format!("{long}\n"), Some(&long)),
        ] {
            assert_eq!(read(keys.as_bytes()).as_deref(), meant);
        }
        assert_eq!(read(b"\xff\n"), None);
    }
}
