use std::fmt::Write;

use saphyr_parser::{Event, Parser};
use serde_json::{Map, Value};

use super::super::Yaml;
use super::{entry, refuses, replaces, reshaped, round_trips, set_in};
use crate::destination::dice::Dice;
use crate::destination::entry::TextEntry;

#[test]
fn yaml_set_replaces_only_the_string() {
    for (at, before, after) in [
        ("/k", "k: old\n", "k: new\n"),
        ("/k", "k: old", "k: new"),
        ("/k", "k:   old   # why\r\n", "k:   new   # why\r\n"),
        ("/k", "\u{FEFF}k: 'old'\n", "\u{FEFF}k: 'new'\n"),
        ("/k", "é: à\nk: \"old\"\n", "é: à\nk: \"new\"\n"),
        ("/k", "'k': old\n", "'k': new\n"),
        ("/k", "k:\n  old\n", "k:\n  new\n"),
        ("/k", "k: old\n  value\nb: 1\n", "k: new\nb: 1\n"),
        ("/k", "k: !!str 12 # why\n", "k: !!str new # why\n"),
        ("/k", "k: &a old\nb: *a\n", "k: &a new\nb: *a\n"),
        ("/k", "k: &a # why\n  'old'\n", "k: &a # why\n  'new'\n"),
        (
            "/k",
            "k: |\n  old\n\n# c\nb: 1\n",
            "k: \"new\"\n\n# c\nb: 1\n",
        ),
        ("/k", "k: >2-\n   old\n  x\nb: 1\n", "k: \"new\"\nb: 1\n"),
        ("/k", "k: |+\n  old\n\nb: 1\n", "k: \"new\"\n\nb: 1\n"),
        ("/k", "k: &a |\n  old\nb: 1\n", "k: &a \"new\"\nb: 1\n"),
        (
            "/l/1/k",
            "l:\n- k: 1\n# c\n- a: b\n  k: old\n",
            "l:\n- k: 1\n# c\n- a: b\n  k: new\n",
        ),
        (
            "/l/0",
            "l:\n  - old # c\n  - b\n",
            "l:\n  - new # c\n  - b\n",
        ),
        ("/l/1", "l: [a, 'old', c]\n", "l: [a, 'new', c]\n"),
        ("/l/1", "l:\n- a\n- |\n  old\n", "l:\n- a\n- \"new\"\n"),
        ("/o/k", "o: {k: old, b: 1}\n", "o: {k: new, b: 1}\n"),
        (
            "/o/k",
            "o: &o\n  k: old\np:\n  <<: *o\n",
            "o: &o\n  k: new\np:\n  <<: *o\n",
        ),
        (
            "/k",
            "%YAML 1.2\n---\nk: old\n...\n",
            "%YAML 1.2\n---\nk: new\n...\n",
        ),
        ("/8080/k", "8080:\n  k: old\n", "8080:\n  k: new\n"),
        ("/k", "{\"k\":\"old\"}", "{\"k\":\"new\"}"),
    ] {
        replaces(&Yaml, at, before, after);
    }
}

#[test]
fn yaml_set_adds_missing_key() {
    for (at, before, after) in [
        ("/k", "", "k: \"new\"\n"),
        ("/k", "\u{FEFF}", "\u{FEFF}k: \"new\"\n"),
        ("/k", "# c\n", "# c\nk: \"new\"\n"),
        ("/k", "---\n", "---\nk: \"new\"\n"),
        ("/k", "a: 1\n", "a: 1\nk: \"new\"\n"),
        ("/k", "a: 1", "a: 1\nk: \"new\""),
        (
            "/k",
            "a: 1 # c\r\n# end\r\n",
            "a: 1 # c\r\nk: \"new\"\r\n# end\r\n",
        ),
        ("/k", "a: 1\n...\n", "a: 1\nk: \"new\"\n...\n"),
        (
            "/k",
            "a:\n  - b: 1\n    c:\n\n# end\n",
            "a:\n  - b: 1\n    c:\nk: \"new\"\n\n# end\n",
        ),
        (
            "/k",
            "a: |\n  x\n\n# end\n",
            "a: |\n  x\nk: \"new\"\n\n# end\n",
        ),
        (
            "/k",
            "a: |+\n  x\n\n\n# end\n",
            "a: |+\n  x\n\n\nk: \"new\"\n# end\n",
        ),
        (
            "/o/k",
            "o:\n    a: 1\nb: 2\n",
            "o:\n    a: 1\n    k: \"new\"\nb: 2\n",
        ),
        (
            "/l/0/k",
            "l:\n- a: 1\n- b: 2\n",
            "l:\n- a: 1\n  k: \"new\"\n- b: 2\n",
        ),
        ("/o/k", "o: {}\n", "o: {k: \"new\"}\n"),
        ("/o/k", "o: {a: 1}\n", "o: {a: 1, k: \"new\"}\n"),
        ("/k", "{\"a\": 1}", "{\"a\": 1, \"k\": \"new\"}"),
        (
            "/o/k",
            "o: {\n  a: 1, # c\n}\n",
            "o: {\n  a: 1, # c\n  k: \"new\",\n}\n",
        ),
        ("/a b", "c: 1\n", "c: 1\n\"a b\": \"new\"\n"),
        ("/yes", "c: 1\n", "c: 1\n\"yes\": \"new\"\n"),
        // An entry of its own comes before one that is merged.
        (
            "/p/k",
            "o: &o\n  k: 1\np:\n  <<: *o\n",
            "o: &o\n  k: 1\np:\n  <<: *o\n  k: \"new\"\n",
        ),
    ] {
        replaces(&Yaml, at, before, after);
    }
}

#[test]
fn yaml_written_form_fits_every_value() {
    for (earlier, value, written) in [
        (Some("old"), "sk-1", "sk-1"),
        (Some("old"), "12", "\"12\""),
        (Some("old"), "yes", "\"yes\""),
        (Some("old"), "", "\"\""),
        (Some("old"), "a: b", "\"a: b\""),
        (Some("'old'"), "it's", "'it''s'"),
        (Some("'old'"), "a\nb", "\"a\\nb\""),
        (
            Some("\"old\""),
            "\u{85}\u{2028}\u{7f}é",
            "\"\\u0085\\u2028\\u007Fé\"",
        ),
        (Some("|\n old"), "a", "\"a\""),
        (None, "a", "\"a\""),
    ] {
        use super::super::Syntax;
        assert_eq!(*Yaml.written(value, earlier), written);
    }
}

#[test]
fn yaml_unfit_document_is_refused() {
    for (at, text, why) in [
        ("/a/k", "b: 1\n", "there is no `/a`"),
        ("/a/k", "a:\n", "`/a` is null, not an object"),
        ("/a/k", "a: x\n", "`/a` is a string, not an object"),
        (
            "/a/k",
            "b: &b\n  k: x\na: *b\n",
            "`/a` is an alias, not an object",
        ),
        ("/k", "k:\n", "`/k` is null, not a string"),
        ("/k", "k: yes\n", "`/k` is a boolean, not a string"),
        ("/k", "k: 2026-01-31\n", "`/k` is a date, not a string"),
        (
            "/k",
            "k: !vault x\n",
            "`/k` is a value with a tag, not a string",
        ),
        ("/k", "k: !!binary eA==\n", "`/k` is a value with a tag"),
        ("/k", "k: | # c\n  old\n", "a form that is not edited"),
        ("/k", "? [a]\n: b\nk: x\n", "a key in it is no scalar"),
        ("/k", "k: 'open\n", "line "),
        ("/k", "k: \"a\"b\n", "line 1 is not YAML"),
        ("/k", "- a\n", "a list of 1, without an element `k`"),
        ("/k", "text\n", "`/` is a string, not an object"),
        ("/0/a", "[a: b]\n", "`/0` is a pair in a list"),
        (
            "/k",
            "k: {a: x, a: y}\nk: z\n",
            "more than once, again in line 2",
        ),
        ("/k", "--- # c\n...\n", "would not be read as before"),
        ("/k", "a: |\n  x", "a block scalar ends without a newline"),
    ] {
        refuses(&Yaml, at, text, why);
    }
}

#[test]
fn yaml_remove_keeps_other_entries() {
    for (at, before, after) in [
        ("/k", "k: v\nb: 1\n", "b: 1\n"),
        ("/k", "a: 1\nk: |\n  v\n  w\nb: 1\n", "a: 1\nb: 1\n"),
        ("/k", "k: v\n", ""),
        ("/l/0/k", "l:\n- k: v\n  a: 1\n", "l:\n- a: 1\n"),
        ("/o/k", "o: {k: v, b: 1}\n", "o: {b: 1}\n"),
        ("/o/k", "b: 1\n", "b: 1\n"),
    ] {
        let removed = entry(&Yaml, at).remove(before);
        assert_eq!(*removed.unwrap(), after, "{before:?}");
    }
    let only = entry(&Yaml, "/o/k").remove("o:\n  k: v\n").unwrap_err();
    assert!(only.message().contains("would not be read"), "{only}");
}

/// Returns random block entries with `blanks` before them, and their values as a library of JSON has them.
fn mapping(dice: &mut Dice, blanks: &str, depth: usize) -> (String, Map<String, Value>) {
    let (mut text, mut read) = (String::new(), Map::new());
    for index in 0..=dice.roll(4) {
        let name = ["a", "k", "o", "k k", "l"][(index + depth) % 5];
        text.push_str(dice.pick(&["", "", "\n", "# k: no\n"]));
        let key = dice.pick(&["NAME:", "\"NAME\":", "'NAME':"]);
        write!(text, "{blanks}{}", key.replace("NAME", name)).unwrap();
        let end = dice.pick(&["\n", "  \n", " # why\n"]);
        let inner = format!("{blanks}{}", dice.pick(&["  ", "    "]));
        let scalars = [
            (" old", "old"),
            (" 'it''s'", "it's"),
            (" \"a\\n\"", "a\n"),
            (" &n old", "old"),
            (" !!str 7", "7"),
        ];
        let value: Value = match dice.roll(5) {
            0 if depth > 0 => {
                let (block, object) = mapping(dice, &inner, depth - 1);
                write!(text, "\n{block}").unwrap();
                object.into()
            }
            1 => {
                write!(text, " |-\n{inner}one\n{inner}  # two\n\n").unwrap();
                "one\n  # two".into()
            }
            2 => {
                write!(text, " {{a: x, k: 'y'}}{end}").unwrap();
                serde_json::json!({"a": "x", "k": "y"})
            }
            3 => {
                write!(text, "\n{inner}- one{end}{inner}- k: two\n").unwrap();
                serde_json::json!(["one", {"k": "two"}])
            }
            _ => {
                let (written, scalar) = scalars[dice.roll(scalars.len())];
                write!(text, "{written}{end}").unwrap();
                scalar.into()
            }
        };
        read.insert(name.to_owned(), value);
    }
    (text, read)
}

/// Reads a document of strings as the library does.
fn read(text: &str) -> Value {
    let mut events = Parser::new_from_str(text)
        .map(|event| event.unwrap().0)
        .filter(|event| {
            !matches!(event, Event::StreamStart | Event::StreamEnd)
                && !matches!(event, Event::DocumentStart(_) | Event::DocumentEnd)
        });
    let root = events.next().unwrap();
    let value = read_value(root, &mut events);
    assert!(events.next().is_none());
    value
}

fn read_value<'t>(event: Event<'t>, events: &mut dyn Iterator<Item = Event<'t>>) -> Value {
    match event {
        Event::Scalar(text, ..) => text.into_owned().into(),
        Event::SequenceStart(..) => {
            let mut list = Vec::new();
            loop {
                match events.next().unwrap() {
                    Event::SequenceEnd => return list.into(),
                    next => list.push(read_value(next, events)),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut object = Map::new();
            loop {
                match events.next().unwrap() {
                    Event::MappingEnd => return object.into(),
                    key => {
                        let Value::String(key) = read_value(key, events) else {
                            panic!("a key is a string");
                        };
                        let next = events.next().unwrap();
                        object.insert(key, read_value(next, events));
                    }
                }
            }
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn yaml_random_document_round_trips() {
    let make = |dice: &mut Dice, _| {
        let (text, members) = mapping(dice, "", 2);
        let text = reshaped(dice, text);
        let at = dice.pick(&[
            "/k", "/a", "/o/k", "/a/a", "/k k", "/k k/new", "/l/1/k", "/new",
        ]);
        (text, at, Value::Object(members))
    };
    round_trips(
        &Yaml,
        4_000,
        make,
        |mut expected, entry, new, [before, after]| {
            set_in(&mut expected, &entry.parts, new);
            assert_eq!(read(after), expected, "{before:?}\n{after:?}");
        },
    );
}
