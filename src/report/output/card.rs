//! Cards: a line for each value of one thing, and lists of checks.

use unicode_width::UnicodeWidthStr;

use super::symbols::{Charset, Color, paint, symbol};
use crate::core::untrusted::sanitize;
use crate::report::wrap::{Room, widest_word, wrap};

/// The properties of a terminal that decide how things look on it.
#[derive(Debug, Clone, Copy)]
pub struct Screen {
    pub(super) width: usize,
    pub(super) color: bool,
    pub(super) charset: Charset,
}

/// One thing, a line for each of its values.
#[derive(Clone)]
pub struct Card {
    /// The columns that titles take.
    title_width: usize,
    lines: Vec<Line>,
}

#[derive(Clone)]
enum Line {
    /// A title and words, which wrap.
    Text(String, String),
    /// A title and a word with a symbol and a colour.
    Status(String, String),
    /// A title and a value that is never broken.
    Whole(String, String),
    /// A status as a symbol, a title and words.
    Check(&'static str, String, String),
    /// Advice below a check.
    Advice(String),
    /// A status between two texts.
    Step(String, &'static str, String),
}

impl Card {
    /// Creates an empty card whose values stand behind titles of that width.
    pub fn new(title_width: usize) -> Self {
        Card {
            title_width,
            lines: Vec::new(),
        }
    }

    /// Adds words.
    pub fn text(&mut self, title: &str, words: impl Into<String>) {
        let line = Line::Text(title.to_owned(), sanitize(&words.into()));
        self.lines.push(line);
    }

    /// Adds a value that is never broken: an id or a path.
    pub fn whole(&mut self, title: &str, value: impl Into<String>) {
        let line = Line::Whole(title.to_owned(), sanitize(&value.into()));
        self.lines.push(line);
    }

    /// Adds a status.
    pub fn status(&mut self, title: &str, word: &str) {
        let line = Line::Status(title.to_owned(), word.to_owned());
        self.lines.push(line);
    }

    /// Adds a check with its status.
    pub fn check(&mut self, status: &'static str, title: &str, words: impl Into<String>) {
        let line = Line::Check(status, title.to_owned(), sanitize(&words.into()));
        self.lines.push(line);
    }

    /// Adds the way out of the check before.
    pub fn advice(&mut self, words: impl Into<String>) {
        self.lines.push(Line::Advice(sanitize(&words.into())));
    }

    /// Adds a step: its time, its status and its name.
    pub fn step(&mut self, time: String, status: &'static str, name: &str) {
        self.lines.push(Line::Step(time, status, sanitize(name)));
    }

    /// Returns the card with other words.
    pub(super) fn reworded(&self, reword: impl Fn(&str) -> String) -> Self {
        let mut card = self.clone();
        for line in &mut card.lines {
            if let Line::Text(_, words) | Line::Check(_, _, words) | Line::Advice(words) = line {
                *words = reword(words);
            }
        }
        card
    }

    /// Returns the card as it goes to a pipe.
    pub(super) fn plain(&self) -> String {
        let width = self.title_width;
        let line = |line: &Line| match line {
            Line::Text(title, value) | Line::Whole(title, value) | Line::Status(title, value) => {
                format!("{title:<width$}{value}\n")
            }
            Line::Check(status, title, words) => {
                let symbol = match *status {
                    "ok" => "✓",
                    "warning" => "!",
                    _ => "✗",
                };
                format!("{symbol} {title:<width$}{words}\n")
            }
            Line::Advice(words) => format!("  {:width$}→ {words}\n", ""),
            Line::Step(time, status, name) => format!("  {time}  {status:<8} {name}\n"),
        };
        self.lines.iter().map(line).collect()
    }

    /// Returns the card for a terminal.
    pub(super) fn drawn(&self, screen: Screen) -> String {
        self.lines
            .iter()
            .map(|line| self.line(line, screen))
            .collect()
    }

    fn line(&self, line: &Line, screen: Screen) -> String {
        let width = self.title_width;
        let head = |title: &str| {
            let pad = width.saturating_sub(title.width());
            format!("{}{:pad$}", paint(title, Color::Dim, screen.color), "")
        };
        match line {
            Line::Text(title, words) => screen.beside(&head(title), words, width),
            Line::Whole(title, value) if width + value.width() > screen.width => {
                format!("{}\n  {value}\n", head(title).trim_end())
            }
            Line::Whole(title, value) => format!("{}{value}\n", head(title)),
            Line::Status(title, word) => format!("{}{}\n", head(title), screen.status(word)),
            Line::Check(status, title, words) => {
                let pad = width.saturating_sub(title.width());
                let (mark, color) = symbol(status, screen.charset).unwrap_or(("-", Color::Dim));
                let mark = paint(mark, color, screen.color);
                screen.beside(&format!("{mark} {title}{:pad$}", ""), words, width + 2)
            }
            Line::Advice(words) if screen.has_room(words, width + 4) => {
                screen.advice(words, width + 2)
            }
            Line::Advice(words) => screen.advice(words, 2),
            Line::Step(time, status, name) => self.step_line(time, status, name, screen),
        }
    }

    fn step_line(&self, time: &str, status: &str, name: &str, screen: Screen) -> String {
        let is_step = |line: &Line| matches!(line, Line::Step(time, ..) if !time.trim().is_empty());
        let has_times = self.lines.iter().any(is_step);
        let shown = screen.status(status);
        let pad = 10_usize.saturating_sub(screen.charset.marked(status).width());
        let indent = 2 + if has_times { time.width() + 2 } else { 0 } + 11;
        if !has_times || screen.has_room(name, indent) {
            let time = if has_times {
                format!("{time}  ")
            } else {
                String::new()
            };
            let name = screen.wrapped(name, indent);
            return format!("  {time}{shown}{:pad$} {name}\n", "");
        }
        // A narrow terminal has no room beside a time.
        let name = screen.wrapped(name, 13);
        let time = match time.trim() {
            "" => String::new(),
            time => format!("{:13}{}\n", "", paint(time, Color::Dim, screen.color)),
        };
        format!("  {shown}{:pad$} {name}\n{time}", "")
    }
}

impl Screen {
    /// Returns whether no word is wider than the room from that column on.
    fn has_room(self, words: &str, column: usize) -> bool {
        column + widest_word(words) <= self.width
    }

    /// Returns a title and the words beside it, or below it where they have no room.
    fn beside(self, head: &str, words: &str, column: usize) -> String {
        if self.has_room(words, column) {
            return format!("{head}{}\n", self.wrapped(words, column));
        }
        format!("{}\n  {}\n", head.trim_end(), self.wrapped(words, 2))
    }

    /// Returns words that begin in that column and continue in it.
    pub(super) fn wrapped(self, words: &str, column: usize) -> String {
        let room = Room {
            width: self.width,
            taken: column,
            hang: column,
        };
        wrap(words, room)
    }

    /// Returns a status behind its symbol, in its colour.
    pub(super) fn status(self, word: &str) -> String {
        let marked = self.charset.marked(word);
        match symbol(word, self.charset) {
            Some((_, color)) => paint(&marked, color, self.color).into_owned(),
            None => marked,
        }
    }

    /// Returns a line of advice behind an arrow.
    pub(super) fn advice(self, words: &str, indent: usize) -> String {
        let arrow = self.charset.arrow();
        let words = self.wrapped(words, indent + arrow.width() + 1);
        let arrow = paint(arrow, Color::Cyan, self.color);
        format!("{:indent$}{arrow} {words}\n", "")
    }
}
