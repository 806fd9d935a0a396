//! Adds a member to an object between braces, and removes one, so that a removal undoes an addition to the byte.

use std::ops::Range;

use super::node::{Insertion, Parent};
use crate::destination::user_file::FileText;

/// Returns the length of the comment at the start of a text; 0 if none starts there.
pub(super) type Comment = fn(&str) -> usize;

/// Returns the length of a comment from `#` to the end of its line.
pub(super) fn number_sign(rest: &str) -> usize {
    if rest.starts_with('#') {
        to_line_end(rest)
    } else {
        0
    }
}

/// Returns the length of the rest of the line, without its newline.
pub(super) fn to_line_end(rest: &str) -> usize {
    let line = rest.split('\n').next().unwrap_or(rest);
    line.strip_suffix('\r').unwrap_or(line).len()
}

/// Returns the newline of a text.
pub(super) fn newline(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Returns the start of the line at `at`.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Returns the blanks between the start of the line and `at`, if nothing else is there.
pub(super) fn indentation(text: &str, at: usize) -> Option<&str> {
    let before = text[line_start(text, at)..at].trim_start_matches('\u{FEFF}');
    before
        .chars()
        .all(|c| matches!(c, ' ' | '\t'))
        .then_some(before)
}

/// Returns the first place of `sought` in a range that holds blanks, punctuation and comments, outside of the comments.
pub(super) fn place(
    text: &str,
    range: Range<usize>,
    sought: char,
    comment: Comment,
) -> Option<usize> {
    let mut at = range.start;
    while at < range.end {
        let skipped = comment(&text[at..]);
        if skipped > 0 {
            at += skipped;
            continue;
        }
        let next = text[at..].chars().next()?;
        if next == sought {
            return Some(at);
        }
        at += next.len_utf8();
    }
    None
}

/// Returns the last newline of such a range.
fn last_newline(text: &str, range: Range<usize>, comment: Comment) -> Option<usize> {
    let next = |from: usize| place(text, from..range.end, '\n', comment);
    std::iter::successors(next(range.start), |at| next(at + 1)).last()
}

/// Returns `at`, or the place of the `\r` before it that belongs to the same newline.
fn newline_start(text: &str, at: usize) -> usize {
    if text[..at].ends_with('\r') {
        at - 1
    } else {
        at
    }
}

/// Returns the indentation of one level, as the first indented line has it.
fn level(text: &str) -> &str {
    let lines = text.lines();
    let blanks = lines.map(|line| &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]);
    blanks
        .filter(|blanks| !blanks.is_empty())
        .map(|blanks| {
            if blanks.starts_with('\t') {
                "\t"
            } else {
                blanks
            }
        })
        .next()
        .unwrap_or("  ")
}

/// Returns the place of a new member at the end of `object`; `key` is its key, up to the start of the value.
pub(super) fn insertion(text: &str, object: &Parent<'_>, key: &str, comment: Comment) -> Insertion {
    let (open, close) = (object.at.start + 1, object.at.end - 1);
    let newline = newline(text);
    let Some(last) = object.members.last() else {
        let (at, before) = match last_newline(text, open..close, comment) {
            Some(end) => {
                let outer = &text[line_start(text, object.at.end)..];
                let outer = &outer[..outer.len() - outer.trim_start_matches([' ', '\t']).len()];
                let before = format!("{newline}{outer}{}{key}", level(text));
                (newline_start(text, end), before)
            }
            None => (open, key.to_owned()),
        };
        return Insertion {
            comma: None,
            at,
            before,
            after: String::new(),
        };
    };
    let end = last.value.at.end;
    let trailing = place(text, end..close, ',', comment);
    let behind = trailing.map_or(end, |comma| comma + 1);
    let after = if trailing.is_some() { "," } else { "" };
    let (at, separator) = match indentation(text, last.key_at) {
        Some(blanks) => {
            let line_end = place(text, behind..close, '\n', comment);
            let at = line_end.map(|at| newline_start(text, at));
            (at.unwrap_or(behind), format!("{newline}{blanks}"))
        }
        None => (behind, blank_before(text, object)),
    };
    Insertion {
        comma: trailing.is_none().then_some(end),
        at,
        before: format!("{separator}{key}"),
        after: after.to_owned(),
    }
}

/// Returns the blank that follows a comma in an object on one line.
fn blank_before(text: &str, object: &Parent<'_>) -> String {
    let is_blank = |gap: &str| gap.ends_with([' ', '\t']);
    let spaced = match object.members {
        [.., before, last] => is_blank(&text[before.value.at.end..last.key_at]),
        [only] => {
            let whole = &text[only.key_at..only.value.at.start];
            is_blank(whole) || is_blank(&text[object.at.start..only.key_at])
        }
        [] => true,
    };
    if spaced { " " } else { "" }.to_owned()
}

/// Returns the text without member number `index` of `object`.
pub(super) fn without(
    text: &str,
    object: &Parent<'_>,
    index: usize,
    comment: Comment,
) -> Option<FileText> {
    let members = object.members;
    let member = members.get(index)?;
    let earlier = index.checked_sub(1).and_then(|index| members.get(index));
    let next = members.get(index + 1).map(|next| next.key_at);
    let value_end = member.value.at.end;
    let behind = value_end..next.unwrap_or(object.at.end - 1);
    let own_comma = place(text, behind, ',', comment);
    let mut end = own_comma.map_or(value_end, |comma| comma + 1);
    let rest = &text[end..end + to_line_end(&text[end..])];
    let blanks = rest.len() - rest.trim_start().len();
    let ends_line = blanks == rest.len() || comment(&rest[blanks..]) > 0;
    let has_line = indentation(text, member.key_at).is_some();
    // A comment to the end of its line would take in a brace that follows.
    let before = earlier.map_or(object.at.start + 1, |earlier| earlier.value.at.end);
    let gap = &text[before..member.key_at];
    let closes = next.is_none() && !gap.contains("//") && !gap.contains('#');
    let start = if has_line && (ends_line || closes) {
        let newline = line_start(text, member.key_at).checked_sub(1)?;
        newline_start(text, newline)
    } else if !has_line && earlier.is_some() {
        text[..member.key_at].trim_end_matches([' ', '\t']).len()
    } else {
        if own_comma.is_some() {
            end += blanks;
        }
        member.key_at
    };
    // The comma before it goes if none follows.
    let comma = earlier.filter(|_| own_comma.is_none()).and_then(|earlier| {
        let between = earlier.value.at.end..member.key_at;
        place(text, between, ',', comment)
    });
    let (before, between) = match comma {
        Some(comma) => (&text[..comma], text.get(comma + 1..start)?),
        None => (&text[..start], ""),
    };
    Some(FileText::new([before, between, &text[end..]].concat()))
}

/// Returns the place of a new line behind the line that ends at `last`, which also gives the blanks before it; at the end
/// of the text if there is no such line.
pub(super) fn line(text: &str, last: Option<(usize, String)>, key: &str) -> Insertion {
    let newline = newline(text);
    let (end, blanks) = last.unwrap_or((text.len(), String::new()));
    let is_open = !matches!(text, "" | "\u{FEFF}") && !text.ends_with('\n');
    let (at, before, after) = match text[end..].find('\n') {
        Some(found) => (end + found + 1, "", newline),
        None if is_open => (text.len(), newline, ""),
        None => (text.len(), "", newline),
    };
    Insertion {
        comma: None,
        at,
        before: format!("{before}{blanks}{key}"),
        after: after.to_owned(),
    }
}

/// Returns the text without the lines from that of `start` to that of `end`.
pub(super) fn without_lines(text: &str, start: usize, end: usize) -> FileText {
    let mut start = line_start(text, start);
    if start == 0 && text.starts_with('\u{FEFF}') {
        start = '\u{FEFF}'.len_utf8();
    }
    let end = text[end..].find('\n').map(|newline| end + newline + 1);
    let mut before = &text[..start];
    // A last line without its newline leaves the text before it without one.
    if end.is_none() {
        before = before.strip_suffix('\n').unwrap_or(before);
        before = before.strip_suffix('\r').unwrap_or(before);
    }
    FileText::new([before, &text[end.unwrap_or(text.len())..]].concat())
}
