//! Columns and cells: how each kind of value gives way on a narrow terminal.

use jiff::Timestamp;

use super::relative;

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The title, in capitals.
    pub(super) title: &'static str,
    pub(super) kind: ColumnKind,
    /// Says that the column may be left out where the terminal is too narrow; the lowest first.
    pub(super) optional: Option<u8>,
}

/// The way in which the values of a column give way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnKind {
    /// An id or a masked key: first its short form, then cut; it never wraps.
    Id,
    /// A name: cut.
    Name,
    /// A word of which each has a colour and a symbol.
    Status,
    /// A time: in its short form.
    Date,
    /// A number: right-aligned, and always whole.
    Number,
    /// Words: they wrap.
    Prose,
    /// Advice with a command: on lines of its own below its row.
    Advice,
}

impl Column {
    const fn new(title: &'static str, kind: ColumnKind) -> Self {
        Column {
            title,
            kind,
            optional: None,
        }
    }

    /// A column of ids or masked keys.
    pub const fn id(title: &'static str) -> Self {
        Column::new(title, ColumnKind::Id)
    }

    /// A column of names.
    pub const fn name(title: &'static str) -> Self {
        Column::new(title, ColumnKind::Name)
    }

    /// A column of statuses.
    pub const fn status(title: &'static str) -> Self {
        Column::new(title, ColumnKind::Status)
    }

    /// A column of times.
    pub const fn date(title: &'static str) -> Self {
        Column::new(title, ColumnKind::Date)
    }

    /// A column of numbers.
    pub const fn number(title: &'static str) -> Self {
        Column::new(title, ColumnKind::Number)
    }

    /// A column of words.
    pub const fn prose(title: &'static str) -> Self {
        Column::new(title, ColumnKind::Prose)
    }

    /// A column of advice.
    pub const fn advice(title: &'static str) -> Self {
        Column::new(title, ColumnKind::Advice)
    }

    /// The same column, left out on a narrow terminal; of several the one with the lowest `rank` first.
    #[must_use]
    pub const fn optional(self, rank: u8) -> Self {
        Column {
            optional: Some(rank),
            ..self
        }
    }
}

/// A value of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub(super) text: String,
    /// The form for a narrow terminal; empty if there is none.
    pub(super) short: String,
}

impl Cell {
    /// Returns a value with a form for a narrow terminal.
    pub fn shortened(text: impl Into<String>, short: impl Into<String>) -> Self {
        Cell {
            text: text.into(),
            short: short.into(),
        }
    }

    /// Returns a value that may be missing.
    pub fn optional(text: Option<impl Into<String>>) -> Self {
        text.map_or_else(|| Cell::from("-"), |text| Cell::from(text.into()))
    }

    /// Returns a moment in relative words.
    pub fn moment(moment: Option<Timestamp>, now: Timestamp) -> Self {
        let text = relative(moment, now);
        let short = abbreviated(&text);
        Cell { text, short }
    }

    pub(super) fn short(&self) -> &str {
        if self.short.is_empty() {
            &self.text
        } else {
            &self.short
        }
    }

    pub(super) fn map(self, change: impl Fn(&str) -> String) -> Self {
        Cell {
            text: change(&self.text),
            short: change(&self.short),
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell::shortened(text, "")
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::from(text.to_owned())
    }
}

/// Returns relative words with the unit abbreviated: `3d ago`, `in 10mo`.
fn abbreviated(words: &str) -> String {
    const UNITS: [(&str, &str); 5] = [
        (" minute", "min"),
        (" hour", "h"),
        (" day", "d"),
        (" month", "mo"),
        (" year", "y"),
    ];
    UNITS.iter().fold(words.to_owned(), |text, (unit, short)| {
        text.replace(&format!("{unit}s"), short)
            .replace(unit, short)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moment_short_form_abbreviates_unit() {
        for (words, short) in [
            ("now", "now"),
            ("-", "-"),
            ("1 minute ago", "1min ago"),
            ("in 30 s", "in 30 s"),
            ("10 months ago", "10mo ago"),
            ("in 12 days", "in 12d"),
            ("in 1 year", "in 1y"),
        ] {
            assert_eq!(abbreviated(words), short);
        }
    }
}
