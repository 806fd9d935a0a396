//! Reads YAML into the values of JSON, within bounds: aliases count as often as they are used.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Number, Value};

/// The deepest nesting.
pub const MAX_DEPTH: usize = 128;

/// The most values in a document, with every alias counted as what it stands for.
const MAX_VALUES: usize = 2_000_000;

/// The most text that is read again with other indentation.
const MAX_REREAD_BYTES: usize = 64 << 20;

/// A value with its size.
#[derive(Clone)]
struct Measured {
    value: Value,
    values: usize,
    depth: usize,
}

/// A list or an object that is not complete.
struct Open {
    /// The objects that `<<` merges into this one; its own entries come first.
    merged: Vec<Value>,
    anchor: usize,
    holder: Holder,
    values: usize,
    depth: usize,
}

enum Holder {
    List(Vec<Value>),
    Object(Map<String, Value>, Option<String>),
}

/// A mistake in a text.
struct Mistake {
    line: usize,
    said: String,
}

impl Mistake {
    /// Returns whether a line inside brackets is less indented than the lines around them. YAML forbids it, and the
    /// usual readers allow it.
    fn is_outdented(&self) -> bool {
        matches!(
            self.said.as_str(),
            "invalid indentation" | "invalid indentation in flow construct"
        )
    }

    /// Returns whether a line of a text in quotes is less indented than its key, which the usual readers allow as well.
    fn is_in_quotes(&self) -> bool {
        self.said == "invalid indentation in quoted scalar"
    }
}

/// Reads the first document of a text.
pub fn parse(text: &str) -> Result<Value, String> {
    let mut indented: Option<Vec<String>> = None;
    let mut left = MAX_REREAD_BYTES;
    loop {
        let joined = indented.as_ref().map(|lines| lines.join("\n"));
        let mistake = match read(joined.as_deref().unwrap_or(text)) {
            Ok(value) => return Ok(value),
            Err(mistake) => mistake,
        };
        let is_first = indented.is_none();
        let rest = left.checked_sub(text.len());
        let Some(rest) = rest.filter(|_| mistake.is_outdented() || mistake.is_in_quotes()) else {
            return Err(format!("line {}: {}", mistake.line, mistake.said));
        };
        left = rest;
        let lines = indented.get_or_insert_with(|| text.lines().map(str::to_owned).collect());
        let at = mistake.line.saturating_sub(1);
        if mistake.is_in_quotes() {
            if !indent_quoted(lines, at) {
                return Err(format!("line {}: {}", mistake.line, mistake.said));
            }
        } else if is_first {
            indent_brackets(lines);
        } else {
            indent(lines, at);
        }
    }
}

/// Indents the lines that only close brackets.
fn indent_brackets(lines: &mut [String]) {
    for index in 0..lines.len() {
        let bare = lines[index].trim();
        if bare.starts_with([']', '}']) && bare.chars().all(|c| "]}, ".contains(c)) {
            indent(lines, index);
        }
    }
}

/// Indents the lines that continue the text in quotes that begins in a line; returns whether one of them needed it. Space
/// at the beginning of such a line means nothing.
fn indent_quoted(lines: &mut [String], begin: usize) -> bool {
    let Some(first) = lines.get(begin) else {
        return false;
    };
    let wanted = column(first) + 1;
    let quote = first.chars().find(|c| ['"', '\''].contains(c));
    let mut is_changed = false;
    for line in &mut lines[begin + 1..] {
        let missing = wanted.saturating_sub(column(line));
        if missing > 0 && !line.trim().is_empty() {
            line.insert_str(0, &" ".repeat(missing));
            is_changed = true;
        }
        if is_changed && quote.is_none_or(|quote| line.contains(quote)) {
            break;
        }
    }
    is_changed
}

/// Returns the number of spaces at the beginning of a line.
fn column(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Indents a line deeper than the one before it. Space at the beginning of a line means nothing inside brackets; a text
/// in which a line only closes brackets may become longer by it.
fn indent(lines: &mut [String], index: usize) {
    let before = lines[..index.min(lines.len())].iter().rev();
    let mut full = before.filter(|line| !line.trim().is_empty());
    let wanted = full.next().map_or(0, |line| column(line)) + 1;
    if let Some(line) = lines.get_mut(index) {
        let missing = wanted.saturating_sub(column(line));
        line.insert_str(0, &" ".repeat(missing.max(1)));
    }
}

fn read(text: &str) -> Result<Value, Mistake> {
    let mut parser = Parser::new_from_str(text);
    let mut builder = Builder::default();
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|why| Mistake {
            line: why.marker().line(),
            said: why.info().to_owned(),
        })?;
        let line = span.start.line();
        let taken = builder.take(event);
        if taken.map_err(|said| Mistake { line, said })? {
            break;
        }
    }
    Ok(builder.root.unwrap_or_default())
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: BTreeMap<usize, Measured>,
    values: usize,
    root: Option<Value>,
}

impl Builder {
    /// Takes an event; returns whether the document is complete.
    fn take(&mut self, event: Event<'_>) -> Result<bool, String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = tag.is_some_and(|tag| tag.suffix == "str");
                let value = match style {
                    ScalarStyle::Plain if !is_text => plain(&text),
                    _ => Value::String(text.clone().into_owned()),
                };
                if self.expects_name() {
                    return self.name(text.into_owned()).map(|()| false);
                }
                self.put(
                    Measured {
                        value,
                        values: 1,
                        depth: 0,
                    },
                    anchor,
                )?;
            }
            Event::SequenceStart(anchor, _) => self.begin(anchor, Holder::List(Vec::new()))?,
            Event::MappingStart(anchor, _) => {
                self.begin(anchor, Holder::Object(Map::new(), None))?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    let value = match open.holder {
                        Holder::List(list) => Value::Array(list),
                        Holder::Object(mut object, _) => {
                            for from in open.merged {
                                merge(&mut object, from);
                            }
                            Value::Object(object)
                        }
                    };
                    let whole = Measured {
                        value,
                        values: open.values,
                        depth: open.depth,
                    };
                    self.put(whole, open.anchor)?;
                }
            }
            Event::Alias(anchor) => {
                let Some(named) = self.anchors.get(&anchor) else {
                    return Err("an alias stands for something that contains it".to_owned());
                };
                // Counted before it is copied.
                self.values += named.values;
                self.bounded()?;
                let named = named.clone();
                self.put(named, 0)?;
            }
            Event::DocumentEnd => return Ok(true),
            _ => {}
        }
        Ok(false)
    }

    fn expects_name(&self) -> bool {
        matches!(
            self.open.last(),
            Some(Open {
                holder: Holder::Object(_, None),
                ..
            })
        )
    }

    fn bounded(&self) -> Result<(), String> {
        if self.values > MAX_VALUES {
            return Err(format!("it has more than {MAX_VALUES} values"));
        }
        Ok(())
    }

    fn begin(&mut self, anchor: usize, holder: Holder) -> Result<(), String> {
        if self.expects_name() {
            return Err("a name in an object must be a text".to_owned());
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(format!("it is nested deeper than {MAX_DEPTH} levels"));
        }
        self.open.push(Open {
            anchor,
            holder,
            values: 1,
            depth: 0,
            merged: Vec::new(),
        });
        Ok(())
    }

    fn name(&mut self, text: String) -> Result<(), String> {
        if let Some(Open {
            holder: Holder::Object(object, name),
            ..
        }) = self.open.last_mut()
        {
            if object.contains_key(&text) {
                return Err(format!("`{text}` is there twice"));
            }
            *name = Some(text);
        }
        Ok(())
    }

    fn put(&mut self, one: Measured, anchor: usize) -> Result<(), String> {
        self.values += 1;
        self.bounded()?;
        if self.open.len() + one.depth > MAX_DEPTH {
            return Err(format!("it is nested deeper than {MAX_DEPTH} levels"));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, one.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(one.value);
            return Ok(());
        };
        open.values += one.values;
        open.depth = open.depth.max(one.depth + 1);
        match &mut open.holder {
            Holder::List(list) => list.push(one.value),
            Holder::Object(object, name) => match name.take() {
                Some(name) if name == "<<" => open.merged.push(one.value),
                Some(name) => {
                    object.insert(name, one.value);
                }
                None => return Err("a name in an object must be a text".to_owned()),
            },
        }
        Ok(())
    }
}

/// Adds the entries of other objects that an object does not have itself.
fn merge(object: &mut Map<String, Value>, from: Value) {
    match from {
        Value::Object(from) => {
            for (name, value) in from {
                object.entry(name).or_insert(value);
            }
        }
        Value::Array(list) => list.into_iter().for_each(|one| merge(object, one)),
        _ => {}
    }
}

/// Returns a plain scalar by the core schema of YAML 1.2.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let digits = text.trim_start_matches(['-', '+']);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Value::from(text);
    }
    if let Ok(number) = text.parse::<i64>() {
        return Value::from(number);
    }
    let is_float = digits
        .chars()
        .all(|c| c.is_ascii_digit() || ".eE+-".contains(c));
    let float = text.parse::<f64>().ok().filter(|_| is_float);
    float
        .and_then(Number::from_f64)
        .map_or_else(|| Value::from(text), Value::Number)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use serde_json::json;

    use super::*;

    #[test]
    fn yaml_forms_become_json() {
        let text = "---\n# a comment\na: &x {b: 1, c: [yes, 'no', \"\\u0041\"]}\nd: *x\ne:\n- 1.5\n- ~\n- 2026-01-01\n- !!str 7\nf: >\n  one\n  two\ng: |\n  one\n  two\nh:\n  <<: *x\n  b: 2\n200: ok\n";
        let x = json!({ "b": 1, "c": ["yes", "no", "A"] });
        assert_eq!(
            parse(text).unwrap(),
            json!({
                "a": x, "d": x, "e": [1.5, null, "2026-01-01", "7"], "f": "one two\n", "g": "one\ntwo\n",
                "h": { "b": 2, "c": ["yes", "no", "A"] }, "200": "ok"
            })
        );
    }

    #[test]
    fn outdented_brackets_are_read() {
        let text = "a:\n  b: [\n    1,\n  ]\n  c: {\n  d: [\n]\n}\n  e:\n  - [2,\n3\n]\n  f: |\n    x\n    ]\n";
        assert_eq!(
            parse(text).unwrap(),
            json!({ "a": { "b": [1], "c": { "d": [] }, "e": [[2, 3]], "f": "x\n ]\n" } })
        );
        let broken = "a:\n  b: [\n1,\n";
        assert!(parse(broken).unwrap_err().starts_with("line "));
    }

    #[test]
    fn outdented_quotes_are_read() {
        let text = "a:\n  b:\n    c: \"one\n two\n\nthree\"\n    d: 1\n  e: 'x\ny'\n";
        assert_eq!(
            parse(text).unwrap(),
            json!({ "a": { "b": { "c": "one two\nthree", "d": 1 }, "e": "x y" } })
        );
        assert!(parse("a:\n  b: \"one\ntwo\n").is_err());
    }

    #[test]
    fn hostile_yaml_is_refused() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let before = format!("*a{}", level - 1);
            let list = vec![before; 10].join(", ");
            writeln!(bomb, "a{level}: &a{level} [{list}]").unwrap();
        }
        let mut chain = "a0: &a0 [x]\n".to_owned();
        for level in 1..200 {
            writeln!(chain, "a{level}: &a{level} [*a{}]", level - 1).unwrap();
        }
        let lines: Vec<String> = (0..300)
            .map(|depth| format!("{}a:\n", " ".repeat(depth)))
            .collect();
        let blocks = lines.concat();
        for (text, said) in [
            (bomb, "more than 2000000 values"),
            (chain, "nested deeper than 128 levels"),
            (blocks, "nested deeper than 128 levels"),
            ("[".repeat(5000), "line 1"),
            (
                "a: 1\nb: 2\na: 3\n".to_owned(),
                "line 3: `a` is there twice",
            ),
            ("a: &a [*a]\n".to_owned(), "contains it"),
            ("? [a]\n: b\n".to_owned(), "must be a text"),
            ("a: [1\n".to_owned(), "line "),
        ] {
            let why = parse(&text).unwrap_err();
            assert!(why.contains(said), "{why}");
        }
    }
}
