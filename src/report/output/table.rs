//! Tables: complete for a pipe, fitted to the width of a terminal.

use std::fmt::Write;

use comfy_table::{Cell, ContentArrangement, Table, presets};

/// A terminal narrower than this shows one line for each value instead of columns.
const MIN_COLUMN: u16 = 60;

/// A table that is more than this much wider than its terminal is read line by line as well.
const TOO_WIDE: usize = 2;

/// The symbol and the colour of each status at a terminal.
const STATUS: [(&str, &str, u8); 9] = [
    ("active", "●", 32),
    ("valid", "●", 32),
    ("disabled", "◌", 33),
    ("expired", "✖", 31),
    ("revoked", "✖", 31),
    ("invalid", "✖", 31),
    ("error", "✖", 31),
    ("warning", "▲", 33),
    ("info", "·", 36),
];

/// A table without any decoration, as wide as it is.
pub(super) fn plain(columns: &[&str], rows: &[&[String]], color: bool) -> String {
    headed(&laid_out(columns, rows, None), color)
}

fn headed(lines: &[String], color: bool) -> String {
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        match index {
            0 if color => text.extend(["\u{1b}[1m", line, "\u{1b}[0m"]),
            _ => text.push_str(&painted(line, color)),
        }
        text.push('\n');
    }
    text
}

/// Returns a table for a terminal: columns without information are left out, the rest fits the width, and each colour
/// comes with a symbol.
pub(super) fn fitting(columns: &[&str], rows: &[&[String]], width: u16, color: bool) -> String {
    let says: Vec<usize> = (0..columns.len())
        .filter(|column| rows.iter().any(|row| row[*column] != "-"))
        .collect();
    let columns: Vec<&str> = says.iter().map(|column| columns[*column]).collect();
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| says.iter().map(|column| marked(&row[*column])).collect())
        .collect();
    let rows: Vec<&[String]> = rows.iter().map(Vec::as_slice).collect();
    let natural = natural_width(&columns, &rows);
    let width_of_screen = usize::from(width);
    if natural > width_of_screen && (width < MIN_COLUMN || natural > TOO_WIDE * width_of_screen) {
        return stacked(&columns, &rows, color);
    }
    headed(&laid_out(&columns, &rows, Some(width)), color)
}

fn laid_out(columns: &[&str], rows: &[&[String]], width: Option<u16>) -> Vec<String> {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(columns.iter().map(Cell::new));
    if let Some(width) = width {
        table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width);
    }
    for row in rows {
        table.add_row(row.iter().map(Cell::new));
    }
    let lines = table.lines();
    lines
        .map(|line| {
            let line = line.trim_end();
            line.strip_prefix(' ').unwrap_or(line).to_owned()
        })
        .collect()
}

fn natural_width(columns: &[&str], rows: &[&[String]]) -> usize {
    let widest = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells
            .chain([columns[column].chars().count()])
            .max()
            .unwrap_or_default()
    };
    (0..columns.len()).map(|column| widest(column) + 2).sum()
}

/// One line for each value, an empty one between rows.
fn stacked(columns: &[&str], rows: &[&[String]], color: bool) -> String {
    let titles: Vec<String> = columns.iter().map(|title| title.to_lowercase()).collect();
    let longest = titles.iter().map(|title| title.chars().count()).max();
    let longest = longest.unwrap_or_default();
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        for (title, value) in titles.iter().zip(row.iter()) {
            if value != "-" {
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{title:<longest$}  {}", painted(value, color));
            }
        }
    }
    text
}

/// A status with its symbol; anything else as it is.
fn marked(cell: &str) -> String {
    match STATUS.iter().find(|(word, _, _)| *word == cell) {
        Some((word, symbol, _)) => format!("{symbol} {word}"),
        None => cell.to_owned(),
    }
}

/// A line whose statuses are coloured.
fn painted(line: &str, color: bool) -> String {
    if !color {
        return line.to_owned();
    }
    STATUS
        .iter()
        .fold(line.to_owned(), |line, (word, symbol, code)| {
            let status = format!("{symbol} {word}");
            line.replace(&status, &format!("\u{1b}[{code}m{status}\u{1b}[0m"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(status: &str) -> Vec<Vec<String>> {
        let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        vec![
            row(["k1", "Production backend", status, "-"]),
            row(["k2", "ci", "revoked", "-"]),
        ]
    }

    const COLUMNS: [&str; 4] = ["ID", "NAME", "STATUS", "COST"];

    fn at(width: u16, color: bool) -> String {
        let rows = rows("active");
        let rows: Vec<&[String]> = rows.iter().map(Vec::as_slice).collect();
        fitting(&COLUMNS, &rows, width, color)
    }

    #[test]
    fn table_piped_keeps_every_column() {
        let rows = rows("active");
        let rows: Vec<&[String]> = rows.iter().map(Vec::as_slice).collect();
        assert_eq!(
            plain(&COLUMNS, &rows, false),
            "ID  NAME                STATUS   COST\n\
             k1  Production backend  active   -\n\
             k2  ci                  revoked  -\n"
        );
    }

    #[test]
    fn table_terminal_marks_status_omits_empty() {
        assert_eq!(
            at(80, false),
            "ID  NAME                STATUS\n\
             k1  Production backend  ● active\n\
             k2  ci                  ✖ revoked\n"
        );
        assert!(at(80, true).contains("\u{1b}[32m● active\u{1b}[0m"));
    }

    #[test]
    fn table_narrow_terminal_lists_fields() {
        assert_eq!(
            at(30, false),
            "id      k1\nname    Production backend\nstatus  ● active\n\n\
             id      k2\nname    ci\nstatus  ✖ revoked\n"
        );
    }
}
