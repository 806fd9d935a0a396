//! Chains the lines of a record: each ends in a digest of itself and the line before it, so that a later change shows.

use crate::platform::files::sha256;

/// The text before the digest at the end of a line.
const FIELD: &str = ",\"chain\":\"";

/// Returns a line, which is a JSON object, with its digest as the last member; `before` is the whole line before it, or
/// the id of the record.
pub(super) fn chained(line: &str, before: &str) -> String {
    let open = line.strip_suffix('}').unwrap_or(line);
    format!("{open}{FIELD}{}\"}}", digest(line, before))
}

fn digest(line: &str, before: &str) -> String {
    sha256(format!("{before}\n{line}").as_bytes())
}

/// Returns a line without its digest, and the digest; `None` if it has none.
fn split(line: &str) -> Option<(String, &str)> {
    let (open, rest) = line.rsplit_once(FIELD)?;
    let digest = rest.strip_suffix("\"}")?;
    let is_digest = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_digest.then(|| (format!("{open}}}"), digest))
}

/// Returns the number of the first line that was changed, or before which one was removed or added. Lines of versions
/// that wrote no digest may stand before the others.
pub(super) fn first_change(id: &str, lines: &[String]) -> Option<usize> {
    let mut before = id;
    let mut is_chained = false;
    for (number, line) in lines.iter().enumerate() {
        let is_good = match split(line) {
            Some((text, found)) => {
                is_chained = true;
                digest(&text, before) == found
            }
            None => !is_chained,
        };
        if !is_good {
            return Some(number + 1);
        }
        before = line;
    }
    None
}

/// The number of digits of the last digest in the name of a closed record.
const HEAD_DIGITS: usize = 16;

/// Returns the beginning of the last digest, which is part of the name of a closed record: lines that are cut off at the
/// end show.
pub(super) fn head(lines: &[String]) -> String {
    let last = lines.last().and_then(|line| split(line));
    let digest = last.map_or_else(|| "0".repeat(HEAD_DIGITS), |(_, digest)| digest.to_owned());
    digest.chars().take(HEAD_DIGITS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for number in 0..4 {
            let before = lines.last().map_or("id", String::as_str);
            lines.push(chained(&format!("{{\"n\":{number}}}"), before));
        }
        lines
    }

    #[test]
    fn chain_names_first_changed_line() {
        let whole = record();
        assert_eq!(first_change("id", &whole), None);
        assert_eq!(first_change("other", &whole), Some(1));
        for number in 0..4 {
            let mut edited = whole.clone();
            edited[number] = edited[number].replace("\"n\":", "\"n\":1");
            assert_eq!(first_change("id", &edited), Some(number + 1));
            let mut bare = whole.clone();
            bare[number] = split(&whole[number]).unwrap().0;
            let seen = if number == 0 { 2 } else { number + 1 };
            assert_eq!(first_change("id", &bare), Some(seen));
            let mut shorter = whole.clone();
            shorter.remove(number);
            let found = (first_change("id", &shorter), head(&shorter));
            assert_ne!(found, (None, head(&whole)));
        }
    }

    #[test]
    fn lines_of_older_versions_pass() {
        let mut lines = vec!["{\"n\":0}".to_owned(), "{\"n\":1}".to_owned()];
        assert_eq!(first_change("id", &lines), None);
        lines.push(chained("{\"n\":2}", &lines[1]));
        assert_eq!(first_change("id", &lines), None);
        lines.push("{\"n\":3}".to_owned());
        assert_eq!(first_change("id", &lines), Some(4));
    }
}
