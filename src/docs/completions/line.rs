//! The line as a shell has it when Tab is pressed, and words as it must stand there.

/// The words up to the cursor, the last the one that is completed, without quotes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The words; the last may be empty.
    pub(super) words: Vec<String>,
    /// The quoting in force at the cursor.
    pub(super) open: Open,
}

/// The quoting in force at the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    /// None.
    Plain,
    /// A backslash was typed last.
    Backslash,
    /// `'` is open.
    Single,
    /// `"` is open.
    Double,
    /// `"` is open, and a backslash was typed last.
    DoubleBackslash,
}

impl Open {
    /// Returns the quote that ends the word.
    pub(super) fn closing(self) -> &'static str {
        match self {
            Open::Plain | Open::Backslash => "",
            Open::Single => "'",
            Open::Double | Open::DoubleBackslash => "\"",
        }
    }
}

/// The characters that a backslash takes the meaning from between `"` and `"`.
const SPECIAL_IN_DOUBLE: &str = "\"$`\\";

impl Line {
    /// Reads a line of bash that ends at the cursor; `None` where the name of a file is typed to which output goes.
    pub(super) fn of_bash(line: &str) -> Option<Line> {
        let mut words = Vec::new();
        let mut word: Option<String> = None;
        let mut open = Open::Plain;
        let mut redirects = false;
        for c in line.chars() {
            match (open, c) {
                (Open::Plain, ' ' | '\t' | '\n' | '<' | '>') => {
                    let number = |word: &String| word.chars().all(|c| c.is_ascii_digit());
                    let is_stream = matches!(c, '<' | '>') && word.as_ref().is_some_and(number);
                    if let Some(ended) = word.take().filter(|_| !is_stream)
                        && !std::mem::take(&mut redirects)
                    {
                        words.push(ended);
                    }
                    redirects |= matches!(c, '<' | '>');
                }
                _ => open = read(c, open, word.get_or_insert_default()),
            }
        }
        words.push(word.unwrap_or_default());
        (!redirects).then_some(Line { words, open })
    }

    /// Returns the word that is completed.
    pub(super) fn current(&self) -> &str {
        self.words.last().map_or("", String::as_str)
    }

    /// Returns the text that completes the word of bash to `whole`: what bash replaces is `typed`, and stays.
    pub(super) fn completed(&self, typed: &str, whole: &str) -> Option<String> {
        let rest = whole.strip_prefix(self.current())?;
        let is_first = self.current().is_empty();
        Some(format!("{typed}{}", quoted(rest, self.open, is_first)?))
    }
}

/// Adds a character of a word to it, and returns the quoting behind it.
fn read(c: char, open: Open, word: &mut String) -> Open {
    match (open, c) {
        (Open::Plain, '\\') => Open::Backslash,
        (Open::Plain, '\'') => Open::Single,
        (Open::Plain, '"') => Open::Double,
        (Open::Double, '\\') => Open::DoubleBackslash,
        (Open::Single, '\'') | (Open::Double, '"') => Open::Plain,
        (Open::Plain | Open::Backslash, c) => {
            word.push(c);
            Open::Plain
        }
        (Open::DoubleBackslash, c) => {
            if !SPECIAL_IN_DOUBLE.contains(c) {
                word.push('\\');
            }
            word.push(c);
            Open::Double
        }
        (Open::Single | Open::Double, c) => {
            word.push(c);
            open
        }
    }
}

/// Returns `rest` as it is typed behind the cursor.
fn quoted(rest: &str, open: Open, is_first: bool) -> Option<String> {
    let is_plain = |c: char| !c.is_ascii() || c.is_alphanumeric() || "-_.:/@+%,=".contains(c);
    let mut text = String::with_capacity(rest.len());
    let mut open = open;
    for (at, c) in rest.chars().enumerate() {
        let first = is_first && at == 0;
        match open {
            Open::Plain if !is_plain(c) || first && c == '=' => text.push('\\'),
            Open::Single if c == '\'' => text.push_str("'\\'"),
            Open::Double if SPECIAL_IN_DOUBLE.contains(c) => text.push('\\'),
            Open::DoubleBackslash if !SPECIAL_IN_DOUBLE.contains(c) => return None,
            _ => {}
        }
        open = match open {
            Open::Backslash => Open::Plain,
            Open::DoubleBackslash => Open::Double,
            open => open,
        };
        text.push(c);
    }
    Some(text)
}

/// Returns a token of fish up to the cursor, without its quotes.
pub(super) fn fish_token(token: &str) -> String {
    let mut word = String::with_capacity(token.len());
    let mut quote = None;
    let mut letters = token.chars().peekable();
    while let Some(c) = letters.next() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, '\\') => word.extend(letters.next()),
            (Some(open), '\\') => {
                let is_escape = |next: &char| matches!(next, '\\') || *next == open;
                let escaped =
                    letters.next_if(|next| is_escape(next) || open == '"' && *next == '$');
                word.push(escaped.unwrap_or('\\'));
            }
            _ => word.push(c),
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(line: &str, typed: &str, whole: &str) -> Option<String> {
        Line::of_bash(line)?.completed(typed, whole)
    }

    #[test]
    fn bash_line_is_read_unquoted() {
        for (line, words) in [
            ("kw keys ", &["kw", "keys", ""][..]),
            (
                "kw my\\ first 'it s' \"a\\$b\\c\" x",
                &["kw", "my first", "it s", "a$b\\c", "x"],
            ),
            ("kw --to=\"a b", &["kw", "--to=a b"]),
            ("kw '' a 2> err b", &["kw", "", "a", "b"]),
        ] {
            assert_eq!(Line::of_bash(line).unwrap().words, words, "{line}");
        }
        assert_eq!(Line::of_bash("kw list > fi"), None);
    }

    #[test]
    fn bash_word_completed_in_its_quotes() {
        let key = "it's \"a $x\" `y` 鍵";
        for (line, typed, text) in [
            ("kw ", "", r#"it\'s\ \"a\ \$x\"\ \`y\`\ 鍵"#),
            ("kw it\\'s", "it\\'s", r#"it\'s\ \"a\ \$x\"\ \`y\`\ 鍵"#),
            ("kw it\\", "it\\", r#"it\'s\ \"a\ \$x\"\ \`y\`\ 鍵"#),
            ("kw 'it", "it", r#"it'\''s "a $x" `y` 鍵"#),
            ("kw \"it", "it", r#"it's \"a \$x\" \`y\` 鍵"#),
            ("kw \"it's \\", "it's \\", r#"it's \"a \$x\" \`y\` 鍵"#),
        ] {
            assert_eq!(completed(line, typed, key).as_deref(), Some(text), "{line}");
        }
        assert_eq!(completed("kw \"it\\", "it\\", key), None);
        assert_eq!(completed("kw ", "", "~x").as_deref(), Some("\\~x"));
        assert_eq!(completed("kw other", "other", key), None);
    }

    #[test]
    fn fish_token_is_read_unquoted() {
        for (token, word) in [
            ("my\\ fi", "my fi"),
            ("'it\\'s a\\b", "it's a\\b"),
            ("\"a\\$b \\\"c\\\" d\\'", "a$b \"c\" d\\'"),
            ("a'b c'd", "ab cd"),
        ] {
            assert_eq!(fish_token(token), word, "{token}");
        }
    }
}
