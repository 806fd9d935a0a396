//! A manual page as plain text, for a terminal without `man`: as much of roff as our own pages need.

/// The requests whose arguments are words of the text.
const WORDS: [&str; 4] = ["B", "BR", "I", "IR"];

/// The left margin of text; the text of a term is indented further.
const MARGIN: usize = 4;
const STEP: usize = 4;

/// The page in lines of at most `width` columns.
pub fn text(page: &str, width: usize) -> String {
    let mut writer = Writer {
        width,
        depth: 0,
        depths: Vec::new(),
        below_term: false,
        as_it_is: false,
        words: Vec::new(),
        text: String::new(),
    };
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(request) = line.strip_prefix('.') else {
            writer.take(&unescaped(line));
            continue;
        };
        let (name, rest) = request.split_once(' ').unwrap_or((request, ""));
        match name {
            "SH" | "SS" => writer.heading(&unescaped(rest.trim_matches('"')), name == "SH"),
            "TP" => writer.term(&unescaped(lines.next().unwrap_or_default())),
            "IP" => writer.term("-"),
            "PP" | "br" | "sp" => writer.part(name != "br"),
            "RS" => writer.deeper(),
            "RE" => writer.back(),
            "nf" | "fi" => writer.fill(name == "fi"),
            _ if WORDS.contains(&name) => writer.take(&unescaped(rest).replacen(' ', "", 1)),
            _ => {}
        }
    }
    writer.flush();
    writer.text
}

struct Writer {
    width: usize,
    /// The current indentation depth.
    depth: usize,
    /// The depths to return to, one for each open indentation.
    depths: Vec<usize>,
    below_term: bool,
    as_it_is: bool,
    words: Vec<String>,
    text: String,
}

impl Writer {
    fn indent(&self) -> String {
        let steps = self.depth + usize::from(self.below_term);
        " ".repeat(MARGIN + steps * STEP)
    }

    fn line(&mut self, indent: &str, text: &str) {
        self.text.extend([indent, text, "\n"]);
    }

    fn take(&mut self, line: &str) {
        if self.as_it_is {
            self.line(&self.indent(), line);
        } else {
            self.words
                .extend(line.split_whitespace().map(str::to_owned));
        }
    }

    /// Writes the words that were taken.
    fn flush(&mut self) {
        let indent = self.indent();
        let mut line = String::new();
        for word in std::mem::take(&mut self.words) {
            let length = indent.len() + line.chars().count() + 1 + word.chars().count();
            if !line.is_empty() && length > self.width {
                self.line(&indent, &line);
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
        if !line.is_empty() {
            self.line(&indent, &line);
        }
    }

    /// Ends a paragraph, with an empty line behind it or without.
    fn part(&mut self, gap: bool) {
        self.flush();
        if gap {
            self.below_term = false;
            if !self.text.ends_with("\n\n") {
                self.text.push('\n');
            }
        }
    }

    fn heading(&mut self, title: &str, outer: bool) {
        self.part(!self.text.is_empty());
        self.depth = 0;
        self.depths.clear();
        self.below_term = false;
        let indent = if outer { "" } else { "  " };
        self.line(indent, title);
    }

    fn term(&mut self, term: &str) {
        self.part(true);
        self.line(&self.indent(), term);
        self.below_term = true;
    }

    fn deeper(&mut self) {
        self.flush();
        self.depths.push(self.depth);
        self.depth += 1 + usize::from(self.below_term);
        self.below_term = false;
    }

    fn back(&mut self) {
        self.flush();
        self.depth = self.depths.pop().unwrap_or_default();
        self.below_term = false;
    }

    fn fill(&mut self, fill: bool) {
        self.flush();
        self.as_it_is = !fill;
    }
}

/// A line without the escapes that our pages have.
fn unescaped(line: &str) -> String {
    const ESCAPES: [(&str, &str); 11] = [
        ("\\fB", ""),
        ("\\fI", ""),
        ("\\fR", ""),
        ("\\-", "-"),
        ("\\&", ""),
        ("\\*(Aq", "'"),
        ("\\(aq", "'"),
        ("\\(dq", "\""),
        ("\\(lq", "\""),
        ("\\(rq", "\""),
        ("\\(bu", "-"),
    ];
    let line = ESCAPES
        .iter()
        .fold(line.to_owned(), |line, (escape, text)| {
            line.replace(escape, text)
        });
    line.replace("\\e", "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_becomes_lines() {
        let page = ".TH X 1\n.SH NAME\na \\- b\n.SH \"TWO WORDS\"\none two\nthree\n.PP\nfour\n.TP\n\\fB\\-x\\fR\nwhat it is\n.br\nmore\n\
                    .RS 4\n.nf\n  as\\e it\n.fi\n.RE\n.BR keywright (1)\n";
        assert_eq!(
            text(page, 14),
            "NAME\n    a - b\n\nTWO WORDS\n    one two\n    three\n\n    four\n\n    -x\n        what\n        it is\n        more\n              as\\ it\n    keywright(1)\n"
        );
    }

    #[test]
    fn nothing_of_the_markup_is_left_in_our_pages() {
        for (name, page) in crate::docs::man::pages().unwrap() {
            let text = text(&page, 80);
            for line in text.lines() {
                assert!(!line.trim_start().starts_with(".SH"), "{name}: {line}");
                assert!(
                    !line.contains("\\f") && !line.contains("\\("),
                    "{name}: {line}"
                );
            }
        }
    }
}
