//! Splits the text of a netrc file into entries without losing a byte.

use std::ops::Range;

use crate::destination::user_file::FileText;

/// The reason why a text is left unchanged.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A further entry of the same machine and login, or a second password in the entry.
    Twice { line: usize },
    /// The machine has entries of several logins, and none is named.
    SeveralLogins,
    /// A macro at the end of the text takes in every line that is added.
    OpenMacro { line: usize },
    /// The value holds a control character.
    Unfit,
    /// The text ends where a value is expected.
    Incomplete { line: usize },
    /// The entry has a macro or other values than those that were added.
    Grown,
}

/// The form of an entry without a password, as [`NetrcText::written`] returns it; a written password has another start.
const NO_PASSWORD: &str = "-";

/// The mark before a written password.
const PASSWORD: &str = "=";

/// A word of the text, or several between quotes.
struct Token {
    at: Range<usize>,
    value: FileText,
}

/// `machine HOST login LOGIN password PASSWORD`, or `default …`.
struct Entry {
    /// The start of `machine`.
    start: usize,
    /// The end of its last word.
    end: usize,
    host: Option<FileText>,
    login: Option<FileText>,
    /// The place of the password, and the end of the word before `password`.
    password: Option<(Token, usize)>,
    /// The place of a second password.
    again: Option<usize>,
    /// Set if it has nothing but machine, login and password.
    simple: bool,
}

/// A netrc file, and the machine that is looked for in it.
pub(super) struct NetrcText<'t> {
    text: &'t str,
    host: &'t str,
    login: Option<&'t str>,
    entries: Vec<Entry>,
    /// The start of a macro that no empty line ends.
    open_macro: Option<usize>,
    /// The place at which the text ends within an entry.
    incomplete: Option<usize>,
}

impl<'t> NetrcText<'t> {
    pub(super) fn parse(text: &'t str, host: &'t str, login: Option<&'t str>) -> Self {
        let mut netrc = NetrcText {
            text,
            host,
            login,
            entries: Vec::new(),
            open_macro: None,
            incomplete: None,
        };
        netrc.read();
        netrc
    }

    fn read(&mut self) {
        let mut at = if self.text.starts_with('\u{FEFF}') {
            '\u{FEFF}'.len_utf8()
        } else {
            0
        };
        let mut before = at;
        while let Some(word) = token(self.text, at) {
            at = word.at.end;
            // A comment stands where a keyword could.
            if self.text[word.at.start..].starts_with('#') {
                at = word.at.start + rest_of_line(&self.text[word.at.start..]);
                continue;
            }
            let keyword = word.value.as_str();
            if keyword == "macdef" {
                at = self.skip_macro(word.at.start);
                if let Some(entry) = self.entries.last_mut() {
                    entry.simple = false;
                }
                before = at;
                continue;
            }
            if keyword == "default" {
                self.entries.push(Entry::new(&word.at, None));
                before = at;
                continue;
            }
            let known = ["machine", "login", "user", "password", "passwd"].contains(&keyword);
            if !known && !["account", "port", "protocol"].contains(&keyword) {
                self.extend(at);
                before = at;
                continue;
            }
            let Some(value) = token(self.text, at) else {
                self.incomplete = Some(word.at.start);
                return;
            };
            at = value.at.end;
            if keyword == "machine" {
                let host = Some(value.value.clone());
                self.entries.push(Entry::new(&(word.at.start..at), host));
            } else if let Some(entry) = self.entries.last_mut() {
                entry.take(keyword, value, before);
            }
            before = at;
        }
    }

    /// Lets the last entry reach to `at`, for a word that is not known.
    fn extend(&mut self, at: usize) {
        if let Some(entry) = self.entries.last_mut() {
            entry.end = at;
            entry.simple = false;
        }
    }

    /// Returns the end of the macro at `start`, which an empty line ends.
    fn skip_macro(&mut self, start: usize) -> usize {
        let mut at = start;
        for line in self.text[start..].split_inclusive('\n') {
            if at > start && line.trim_end_matches(['\r', '\n']).is_empty() {
                return at;
            }
            at += line.len();
        }
        self.open_macro = Some(start);
        at
    }

    /// Returns the entry of the machine.
    fn entry(&self) -> Result<Option<&Entry>, Refusal> {
        if let Some(at) = self.incomplete {
            return Err(Refusal::Incomplete {
                line: self.line(at),
            });
        }
        let is_ours = |entry: &&Entry| {
            let host = entry.host.as_ref();
            host.is_some_and(|host| host.eq_ignore_ascii_case(self.host))
        };
        let of_login = |entry: &&Entry| {
            let login = entry.login.as_ref().map(|login| login.as_str());
            self.login.is_none_or(|wanted| login == Some(wanted))
        };
        let mut entries = self.entries.iter().filter(is_ours).filter(of_login);
        let first = entries.next();
        if let (Some(first), Some(second)) = (first, entries.next()) {
            return Err(if first.login == second.login {
                Refusal::Twice {
                    line: self.line(second.start),
                }
            } else {
                Refusal::SeveralLogins
            });
        }
        match first.and_then(|first| first.again) {
            Some(again) => Err(Refusal::Twice {
                line: self.line(again),
            }),
            None => Ok(first),
        }
    }

    fn line(&self, at: usize) -> usize {
        1 + self.text[..at].matches('\n').count()
    }

    /// Returns the password.
    pub(super) fn get(&self) -> Result<Option<FileText>, Refusal> {
        let password = self.entry()?.and_then(|entry| entry.password.as_ref());
        Ok(password.map(|(password, _)| password.value.clone()))
    }

    /// Returns the text with `value` as the password.
    pub(super) fn set(&self, value: &str) -> Result<FileText, Refusal> {
        if value.chars().any(char::is_control) {
            return Err(Refusal::Unfit);
        }
        let entry = self.entry()?;
        let standing = entry.and_then(|entry| entry.password.as_ref());
        let is_quoted =
            standing.is_some_and(|(token, _)| self.text[token.at.clone()].starts_with('"'));
        self.write(entry, &written(value, is_quoted))
    }

    /// Returns the form in which the password is written, or that the entry has none; `None` without an entry.
    pub(super) fn written(&self) -> Result<Option<FileText>, Refusal> {
        let form = |entry: &Entry| match &entry.password {
            Some((token, _)) => format!("{PASSWORD}{}", &self.text[token.at.clone()]),
            None => NO_PASSWORD.to_owned(),
        };
        Ok(self.entry()?.map(|entry| FileText::new(form(entry))))
    }

    /// Returns the text with the password in the form that [`NetrcText::written`] returned.
    pub(super) fn put_back(&self, form: &str) -> Result<FileText, Refusal> {
        let entry = self.entry()?;
        if let Some(written) = form.strip_prefix(PASSWORD) {
            return self.write(entry, written);
        }
        let password = entry.and_then(|entry| entry.password.as_ref());
        Ok(match password {
            Some((token, before)) => self.spliced(*before..token.at.end, &[]),
            None => FileText::new(self.text.to_owned()),
        })
    }

    /// Returns the text without the entry.
    pub(super) fn remove(&self) -> Result<FileText, Refusal> {
        let Some(entry) = self.entry()? else {
            return Ok(FileText::new(self.text.to_owned()));
        };
        if !entry.simple {
            return Err(Refusal::Grown);
        }
        let rest = &self.text[entry.end..];
        let line = rest_of_line(rest);
        let (mut start, mut end) = (entry.start, entry.end);
        match rest[line..].find('\n') {
            Some(newline) if rest[..line].trim().is_empty() => end += line + newline + 1,
            None if line == 0 => {
                let before = &self.text[..start];
                let before = before.strip_suffix('\n').unwrap_or(before);
                start = before.strip_suffix('\r').unwrap_or(before).len();
            }
            _ => {}
        }
        Ok(self.spliced(start..end, &[]))
    }

    fn write(&self, entry: Option<&Entry>, written: &str) -> Result<FileText, Refusal> {
        match entry {
            Some(Entry {
                password: Some((token, _)),
                ..
            }) => Ok(self.spliced(token.at.clone(), &[written])),
            Some(entry) => Ok(self.spliced(entry.end..entry.end, &[" password ", written])),
            None => self.added(written),
        }
    }

    /// Returns the text with a new entry: at its end, but before `default`, which takes every machine.
    fn added(&self, written: &str) -> Result<FileText, Refusal> {
        let newline = match self.text.find('\n') {
            Some(at) if self.text[..at].ends_with('\r') => "\r\n",
            _ => "\n",
        };
        let default = self.entries.iter().find(|entry| entry.host.is_none());
        if let (Some(at), None) = (self.open_macro, default) {
            return Err(Refusal::OpenMacro {
                line: self.line(at),
            });
        }
        let login = self.login.map(|login| [" login ", login].concat());
        let login = login.unwrap_or_default();
        let at = default.map_or(self.text.len(), |entry| entry.start);
        let is_open = at == self.text.len()
            && !matches!(self.text, "" | "\u{FEFF}")
            && !self.text.ends_with('\n');
        let (before, behind) = if is_open {
            (newline, "")
        } else {
            ("", newline)
        };
        let entry = [
            before,
            "machine ",
            self.host,
            &login,
            " password ",
            written,
            behind,
        ];
        Ok(self.spliced(at..at, &entry))
    }

    fn spliced(&self, range: Range<usize>, new: &[&str]) -> FileText {
        let mut text = FileText::new(String::with_capacity(self.text.len() + 256));
        text.push_str(&self.text[..range.start]);
        for part in new {
            text.push_str(part);
        }
        text.push_str(&self.text[range.end..]);
        text
    }
}

impl Entry {
    fn new(at: &Range<usize>, host: Option<FileText>) -> Self {
        Entry {
            start: at.start,
            end: at.end,
            host,
            login: None,
            password: None,
            again: None,
            simple: true,
        }
    }

    /// Takes a value; `before` is the end of the word before its keyword.
    fn take(&mut self, keyword: &str, value: Token, before: usize) {
        self.end = value.at.end;
        match keyword {
            "login" | "user" => self.login = Some(value.value),
            "password" | "passwd" if self.password.is_some() => self.again = Some(value.at.start),
            "password" | "passwd" => self.password = Some((value, before)),
            _ => self.simple = false,
        }
    }
}

/// Returns the password as every program reads it.
fn written(value: &str, is_quoted: bool) -> FileText {
    let needs_quotes = |c: char| c.is_whitespace() || c == '\\';
    let is_plain =
        !value.is_empty() && !value.starts_with(['"', '#']) && !value.contains(needs_quotes);
    if is_plain && !is_quoted {
        return FileText::new(value.to_owned());
    }
    let mut text = FileText::new(String::with_capacity(2 * value.len() + 2));
    text.push('"');
    for c in value.chars() {
        if matches!(c, '"' | '\\') {
            text.push('\\');
        }
        text.push(c);
    }
    text.push('"');
    text
}

/// Returns the word at `at` or behind the blanks there.
fn token(text: &str, at: usize) -> Option<Token> {
    let rest = &text[at..];
    let start = at + rest.len() - rest.trim_start().len();
    let rest = &text[start..];
    let mut characters = rest.char_indices().peekable();
    characters.peek()?;
    if characters.next_if(|(_, c)| *c == '"').is_none() {
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        return Some(Token {
            at: start..start + length,
            value: FileText::new(rest[..length].to_owned()),
        });
    }
    let mut value = FileText::new(String::with_capacity(rest.len().min(4096)));
    let mut end = rest.len();
    while let Some((offset, c)) = characters.next() {
        match c {
            '"' => {
                end = offset + 1;
                break;
            }
            '\\' => match characters.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, 'r')) => value.push('\r'),
                Some((_, 't')) => value.push('\t'),
                Some((_, c)) => value.push(c),
                None => {}
            },
            c => value.push(c),
        }
    }
    Some(Token {
        at: start..start + end,
        value,
    })
}

/// Returns the length of the rest of the line, without its newline.
fn rest_of_line(rest: &str) -> usize {
    let line = rest.split('\n').next().unwrap_or(rest);
    line.strip_suffix('\r').unwrap_or(line).len()
}
