//! Tables: complete for a pipe, fitted to the width of a terminal.

use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, Row, Table, Width, presets,
};
use unicode_width::UnicodeWidthStr;

use super::card::{Card, Screen};
use super::column::{Cell, Column, ColumnKind};
use super::symbols::{Color, color_of, paint};
use crate::report::wrap::cut;

/// A terminal narrower than this shows a card for each row that does not fit.
const MIN_TABLE: usize = 60;

/// The columns between two values.
const GAP: u16 = 2;

/// The width down to which ids and names are cut before columns are left out.
const MIN_NAME: usize = 16;

/// The width up to which ids and names are shown before words get any room.
const USUAL_NAME: usize = 32;

/// The width down to which words are wrapped before columns are left out.
const MIN_PROSE: usize = 24;

/// Returns a table without any decoration, as wide as it is.
pub(super) fn plain(columns: &[Column], rows: &[Vec<Cell>], color: bool) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(columns.iter().map(|column| column.title));
    for row in rows {
        table.add_row(row.iter().map(|cell| &cell.text));
    }
    let mut text = String::new();
    for (index, line) in table.lines().enumerate() {
        let line = line.trim_end();
        let line = line.strip_prefix(' ').unwrap_or(line);
        text += &paint(line, Color::Bold, color && index == 0);
        text.push('\n');
    }
    text
}

/// Returns a table for a terminal: columns without information are left out, the rest fits the width, and each colour
/// comes with a symbol. Where that cannot be, each row is a card.
pub(super) fn fitting(columns: &[Column], rows: &[Vec<Cell>], screen: Screen) -> String {
    let mut layout = Layout::new(columns, rows, screen);
    if layout.fits() {
        return layout.drawn();
    }
    if screen.width < MIN_TABLE || !layout.narrowed() {
        return cards(columns, rows, screen);
    }
    layout.drawn()
}

/// A column as it is drawn.
struct FittedColumn {
    column: Column,
    cells: Vec<Cell>,
    is_short: bool,
    /// The width of the widest value, or of the title.
    natural: usize,
    width: usize,
}

impl FittedColumn {
    fn shown(&self, row: usize) -> &str {
        let cell = &self.cells[row];
        if self.is_short {
            cell.short()
        } else {
            &cell.text
        }
    }

    /// Makes it as wide as its values.
    fn fit_values(&mut self) {
        let cells = (0..self.cells.len()).map(|row| self.shown(row).width());
        self.natural = cells.max().unwrap_or(0).max(self.column.title.width());
        self.width = self.natural;
    }

    fn minimum(&self) -> usize {
        let least = match self.column.kind {
            ColumnKind::Id | ColumnKind::Name => MIN_NAME,
            ColumnKind::Prose => MIN_PROSE,
            _ => self.natural,
        };
        self.natural.min(least.max(self.column.title.width()))
    }

    fn is_name(&self) -> bool {
        matches!(self.column.kind, ColumnKind::Id | ColumnKind::Name)
    }
}

struct Layout {
    columns: Vec<FittedColumn>,
    /// The advice below each row.
    below: Vec<FittedColumn>,
    screen: Screen,
    is_partial: bool,
}

impl Layout {
    fn new(columns: &[Column], rows: &[Vec<Cell>], screen: Screen) -> Self {
        let fitted = |(index, column): (usize, &Column)| {
            let is_status = column.kind == ColumnKind::Status;
            let cell = |row: &Vec<Cell>| match &row[index] {
                cell if is_status => Cell::from(screen.charset.marked(&cell.text)),
                cell => cell.clone(),
            };
            let mut fitted = FittedColumn {
                column: *column,
                cells: rows.iter().map(cell).collect(),
                is_short: false,
                natural: 0,
                width: 0,
            };
            fitted.fit_values();
            fitted
        };
        let columns = columns.iter().enumerate().map(fitted);
        Layout {
            columns: columns
                .filter(|column| column.cells.iter().any(|cell| cell.text != "-"))
                .collect(),
            below: Vec::new(),
            screen,
            is_partial: false,
        }
    }

    fn total(&self) -> usize {
        let gaps = usize::from(GAP) * self.columns.len().saturating_sub(1);
        let mark = if self.is_partial {
            usize::from(GAP) + self.screen.charset.ellipsis().width()
        } else {
            0
        };
        let widths = self.columns.iter().map(|column| column.width);
        widths.sum::<usize>() + gaps + mark
    }

    fn fits(&self) -> bool {
        self.total() <= self.screen.width
    }

    /// Makes it fit the screen; false if it cannot be.
    fn narrowed(&mut self) -> bool {
        let is_advice = |column: &FittedColumn| column.column.kind == ColumnKind::Advice;
        let columns = std::mem::take(&mut self.columns);
        (self.below, self.columns) = columns.into_iter().partition(is_advice);
        for kind in [ColumnKind::Id, ColumnKind::Date] {
            if self.fits() {
                return true;
            }
            let of_kind = self.columns.iter_mut();
            for column in of_kind.filter(|column| column.column.kind == kind) {
                column.is_short = true;
                column.fit_values();
            }
        }
        for column in &mut self.columns {
            column.width = column.minimum();
        }
        while !self.fits() {
            let ranks = self.columns.iter().enumerate();
            let ranks = ranks.filter_map(|(at, column)| Some((column.column.optional?, at)));
            let Some((_, least)) = ranks.min() else {
                return false;
            };
            self.columns.remove(least);
            self.is_partial = true;
        }
        self.widen(FittedColumn::is_name, USUAL_NAME);
        self.widen(|column| column.column.kind == ColumnKind::Prose, usize::MAX);
        self.widen(FittedColumn::is_name, usize::MAX);
        true
    }

    /// Shares the room that is left between some of the columns.
    fn widen(&mut self, chosen: impl Fn(&FittedColumn) -> bool, most: usize) {
        while self.total() < self.screen.width {
            let columns = self.columns.iter_mut();
            let narrowest = columns
                .filter(|column| chosen(column) && column.width < column.natural.min(most))
                .min_by_key(|column| column.width);
            let Some(narrowest) = narrowest else {
                return;
            };
            narrowest.width += 1;
        }
    }

    fn drawn(&self) -> String {
        let color = self.screen.color;
        let mut text = String::new();
        let titles = self.columns.iter().map(|column| column.column.title);
        for line in self.lines(titles.map(str::to_owned).collect()) {
            text += &paint(line.trim_end(), Color::Bold, color);
            if self.is_partial {
                let mark = self.screen.charset.ellipsis();
                let used = line.trim_end().width();
                let before = self.total() - mark.width();
                text += &" ".repeat(before.saturating_sub(used));
                text += &paint(mark, Color::Dim, color);
            }
            text.push('\n');
        }
        let count = self.columns.first().map_or(0, |column| column.cells.len());
        for row in 0..count {
            let shown = self.columns.iter().map(|column| {
                let value = column.shown(row);
                if column.column.kind == ColumnKind::Prose {
                    return value.to_owned();
                }
                cut(value, column.width, self.screen.charset.ellipsis())
            });
            for line in self.lines(shown.collect()) {
                text += &self.painted(line.trim_end());
                text.push('\n');
            }
            for column in &self.below {
                text += &self.screen.advice(&column.cells[row].text, 2);
            }
        }
        text
    }

    /// Returns the lines of one row.
    fn lines(&self, shown: Vec<String>) -> Vec<String> {
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::MAX)
            .add_row(Row::from(shown));
        for (column, fitted) in table.column_iter_mut().zip(&self.columns) {
            let width = u16::try_from(fitted.width).unwrap_or(u16::MAX - GAP);
            column.set_padding((0, GAP));
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width + GAP)));
            if fitted.column.kind == ColumnKind::Number {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table.lines().collect()
    }

    /// Returns a line whose status is coloured.
    fn painted(&self, line: &str) -> String {
        let mut start = 0;
        for column in &self.columns {
            if column.column.kind == ColumnKind::Status && self.screen.color {
                let from = byte_at(line, start);
                let to = byte_at(line, start + column.width);
                let status = line[from..to].trim_end();
                if let Some(color) = color_of(status) {
                    let behind = &line[from + status.len()..];
                    return format!("{}{}{behind}", &line[..from], paint(status, color, true));
                }
            }
            start += column.width + usize::from(GAP);
        }
        line.to_owned()
    }
}

/// Returns the position in a text of what stands in that column of the terminal.
fn byte_at(line: &str, column: usize) -> usize {
    let ends = line.char_indices().map(|(at, _)| at);
    let found = ends.take_while(|at| line[..*at].width() <= column).last();
    match found {
        Some(at) if line.width() > column => at,
        _ => line.len(),
    }
}

/// One card for each row, an empty line between them.
fn cards(columns: &[Column], rows: &[Vec<Cell>], screen: Screen) -> String {
    let says = |index: &usize| rows.iter().any(|row| row[*index].text != "-");
    let shown: Vec<usize> = (0..columns.len()).filter(says).collect();
    let titles = shown.iter().map(|index| columns[*index].title.width());
    let title_width = titles.max().unwrap_or(0) + 2;
    let cards = rows.iter().map(|row| {
        let mut card = Card::new(title_width);
        for index in shown.iter().filter(|index| row[**index].text != "-") {
            let title = columns[*index].title.to_lowercase();
            let cell = &row[*index];
            match columns[*index].kind {
                ColumnKind::Status => card.status(&title, &cell.text),
                ColumnKind::Id => {
                    let room = screen.width.saturating_sub(title_width);
                    let fitting = [&cell.text, cell.short()]
                        .into_iter()
                        .find(|text| text.width() <= room);
                    let mark = screen.charset.ellipsis();
                    let shown = fitting.map_or_else(|| cut(&cell.text, room, mark), str::to_owned);
                    card.text(&title, shown);
                }
                _ => card.text(&title, cell.text.clone()),
            }
        }
        card.drawn(screen)
    });
    cards.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
