//! Positions in a TOML text: `line:key`, for errors that can be acted on.

use std::ops::Range;

use toml_edit::{Document, Item, TableLike, Value};

/// Returns `LINE:KEY` of a span of the text; the key is the path of the innermost entry around it.
pub(super) fn place(text: &str, span: Option<Range<usize>>) -> String {
    let Some(span) = span else {
        return "1".to_owned();
    };
    let line = line_of(text, span.start);
    let path = Document::parse(text)
        .ok()
        .and_then(|document| innermost(document.as_table(), span.start))
        .unwrap_or_default();
    if path.is_empty() {
        line.to_string()
    } else {
        format!("{line}:{}", path.join("."))
    }
}

/// Returns `LINE:KEY` of an entry, or of the nearest one around it.
pub(super) fn place_of(text: &str, path: &[String]) -> String {
    format!("{}:{}", line_of_path(text, path), path.join("."))
}

/// Returns the line of an entry, or of the nearest one around it.
pub(super) fn line_of_path(text: &str, path: &[String]) -> usize {
    Document::parse(text)
        .ok()
        .and_then(|document| start_of(document.as_table(), path))
        .map_or(1, |start| line_of(text, start))
}

/// Returns the line of an offset, from 1.
pub fn line_of(text: &str, offset: usize) -> usize {
    let end = offset.min(text.len());
    text.bytes()
        .take(end)
        .fold(1, |line, byte| line + usize::from(byte == b'\n'))
}

/// Returns the path of the innermost entry whose key or value holds the offset.
fn innermost(table: &dyn TableLike, offset: usize) -> Option<Vec<String>> {
    let mut best: Option<(usize, Vec<String>)> = None;
    visit(table, &mut Vec::new(), &mut |path, span| {
        if span.contains(&offset) || span.start == offset {
            let size = span.len();
            if best.as_ref().is_none_or(|(smallest, _)| size <= *smallest) {
                best = Some((size, path.to_vec()));
            }
        }
    });
    best.map(|(_, path)| path)
}

fn start_of(table: &dyn TableLike, wanted: &[String]) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    visit(table, &mut Vec::new(), &mut |path, span| {
        if wanted.starts_with(path) && best.is_none_or(|(depth, _)| path.len() > depth) {
            best = Some((path.len(), span.start));
        }
    });
    best.map(|(_, start)| start)
}

type Visitor<'a> = dyn FnMut(&[String], Range<usize>) + 'a;

fn visit(table: &dyn TableLike, path: &mut Vec<String>, see: &mut Visitor<'_>) {
    for (name, item) in table.iter() {
        path.push(name.to_owned());
        if let Some(span) = table.key(name).and_then(toml_edit::Key::span) {
            see(path, span);
        }
        if let Some(span) = item.span() {
            see(path, span);
        }
        match item {
            Item::Table(inner) => visit(inner, path, see),
            Item::ArrayOfTables(tables) => {
                for (index, inner) in tables.iter().enumerate() {
                    path.push(index.to_string());
                    if let Some(span) = inner.span() {
                        see(path, span);
                    }
                    visit(inner, path, see);
                    path.pop();
                }
            }
            Item::Value(value) => visit_value(value, path, see),
            Item::None => {}
        }
        path.pop();
    }
}

fn visit_value(value: &Value, path: &mut Vec<String>, see: &mut Visitor<'_>) {
    match value {
        Value::InlineTable(inner) => visit(inner, path, see),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                if let Some(span) = item.span() {
                    see(path, span);
                }
                visit_value(item, path, see);
                path.pop();
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a = 1\n[b]\nc = { d = [1, { e = 2 }] }\n[[f]]\ng = 3\n";

    #[test]
    fn place_names_line_and_key() {
        let at = |needle: &str| TEXT.find(needle).map(|start| start..start + 1);
        assert_eq!(place(TEXT, at("a =")), "1:a");
        assert_eq!(place(TEXT, at("e =")), "3:b.c.d.1.e");
        assert_eq!(place(TEXT, at("g =")), "5:f.0.g");
        assert_eq!(place(TEXT, None), "1");
    }

    #[test]
    fn place_missing_path_uses_nearest_entry() {
        let path = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(place_of(TEXT, &path("b.c.d")), "3:b.c.d");
        assert_eq!(place_of(TEXT, &path("f.0.missing")), "4:f.0.missing");
    }
}
