//! Text as manual pages have it.

use std::fmt::Write;

/// The longest line of text in a page; a reader fills its own.
const LINE: usize = 74;

/// Returns a text as it is: nothing in it is a request, a macro or an escape.
pub(super) fn literal(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) {
        return format!("\\&{text}");
    }
    text
}

/// Writes a sentence; text in backticks is bold.
pub(super) fn prose(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(|(index, part)| match index % 2 {
            0 => part.replace('\\', "\\e"),
            // Quoted text is typed: its hyphens are signs, and its spaces no place for a break.
            _ => format!("\\fB{}\\fR", literal(part)),
        })
        .collect()
}

/// Writes the signs that a reader without UTF-8 would leave out in those that every reader has.
pub(super) fn ascii(page: &str) -> String {
    page.replace('…', "\\&...").replace('→', "\\->")
}

/// Breaks a text that is roff already into lines.
pub(super) fn wrap(line: &str, into: &mut String) {
    let mut length = 0;
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        let fits = length + word.len() < LINE;
        if length > 0 && !fits {
            into.push('\n');
            length = 0;
        } else if length > 0 {
            into.push(' ');
            length += 1;
        }
        // A word that would be a request at the start of a line.
        if length == 0 && word.starts_with(['.', '\'']) && !into.ends_with(' ') {
            into.push_str("\\&");
        }
        into.push_str(word);
        length += word.len();
    }
    into.push('\n');
}

/// A paragraph.
pub(super) fn paragraph(text: &str, into: &mut String) {
    gap(into);
    wrap(&prose(text), into);
}

/// The separator between paragraphs; none below a heading.
fn gap(into: &mut String) {
    let last = into.lines().last().unwrap_or_default();
    if !last.starts_with(".SH") && !last.starts_with(".SS") {
        into.push_str(".PP\n");
    }
}

/// A heading, of a section or of a part of one.
pub(super) fn heading(request: &str, title: &str, into: &mut String) {
    // Writing to a string cannot fail.
    let _ = writeln!(
        into,
        ".{request} \"{}\"",
        literal(title).replace('"', "\\(dq")
    );
}

/// A term and what is said of it; an example stands on its own line.
pub(super) fn entry(term: &str, text: &str, into: &mut String) {
    // Writing to a string cannot fail.
    let _ = writeln!(into, ".TP\n{term}");
    match text.split_once(" Example: ") {
        Some((text, example)) => {
            wrap(&prose(text), into);
            into.push_str(".br\n");
            wrap(&format!("Example: {}", prose(example)), into);
        }
        None => wrap(&prose(text), into),
    }
}

/// Lines that stay as they are.
pub(super) fn block(lines: &[&str], into: &mut String) {
    gap(into);
    into.push_str(".RS 4\n.nf\n");
    for line in lines {
        into.push_str(&literal(line));
        into.push('\n');
    }
    into.push_str(".fi\n.RE\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_starting_like_request_is_escaped() {
        assert_eq!(literal(".TH a-b\\c"), "\\&.TH a\\-b\\ec");
        assert_eq!(prose("say `--x` twice\\"), "say \\fB\\-\\-x\\fR twice\\e");
        let mut page = String::new();
        wrap(&format!("{} .so 'x", "a".repeat(LINE)), &mut page);
        assert_eq!(page, format!("{}\n\\&.so 'x\n", "a".repeat(LINE)));
    }
}
