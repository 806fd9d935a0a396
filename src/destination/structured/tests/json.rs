use std::fmt::Write;

use serde_json::Value;

use super::super::Json;
use super::{entry, refuses, replaces, round_trips, set_in};
use crate::destination::dice::Dice;
use crate::destination::entry::TextEntry;

#[test]
fn json_set_replaces_only_the_string() {
    for (at, before, after) in [
        ("/k", r#"{"k":"old"}"#, r#"{"k":"new"}"#),
        ("/k", "{ \"k\" :\t\"old\" }\r\n", "{ \"k\" :\t\"new\" }\r\n"),
        ("/k", "{\"k\": \"o\\\"l\\u0064\"}", "{\"k\": \"new\"}"),
        ("/k", r#"{"\u006b":"old"}"#, r#"{"\u006b":"new"}"#),
        (
            "/a/1/k",
            r#"{"a":[1,{"k":"old"}]}"#,
            r#"{"a":[1,{"k":"new"}]}"#,
        ),
        ("/a/0", r#"{"a":["old"]}"#, r#"{"a":["new"]}"#),
        ("/0", r#"["old", 1]"#, r#"["new", 1]"#),
        (
            "/a~1b/~0",
            r#"{"a/b":{"~":"old"}}"#,
            r#"{"a/b":{"~":"new"}}"#,
        ),
        (
            "/k",
            "// \"k\": \"no\"\n{\n  /* \"k\": 1 */\n  \"k\": \"old\", // why\n}\n",
            "// \"k\": \"no\"\n{\n  /* \"k\": 1 */\n  \"k\": \"new\", // why\n}\n",
        ),
        // The same name elsewhere is another entry.
        (
            "/b/k",
            r#"{"k":"1","b":{"k":"old"},"c":{"k":"3"}}"#,
            r#"{"k":"1","b":{"k":"new"},"c":{"k":"3"}}"#,
        ),
        // Doubles elsewhere stay.
        (
            "/k",
            r#"{"a":1,"a":2,"k":"old"}"#,
            r#"{"a":1,"a":2,"k":"new"}"#,
        ),
    ] {
        replaces(&Json, at, before, after);
    }
}

#[test]
fn json_set_adds_missing_key() {
    for (at, before, after) in [
        ("/k", "{}", r#"{"k": "new"}"#),
        ("/k", "{ }", r#"{"k": "new" }"#),
        ("/k", "{\n}", "{\n  \"k\": \"new\"\n}"),
        ("/k", "{\r\n}", "{\r\n  \"k\": \"new\"\r\n}"),
        ("/k", r#"{"a":1}"#, r#"{"a":1,"k":"new"}"#),
        ("/k", r#"{"a": 1}"#, r#"{"a": 1, "k": "new"}"#),
        ("/k", r#"{ "a":1 }"#, r#"{ "a":1, "k":"new" }"#),
        ("/k", r#"{"a":1, "b":2}"#, r#"{"a":1, "b":2, "k":"new"}"#),
        ("/k", r#"{"a": 1,}"#, r#"{"a": 1, "k": "new",}"#),
        (
            "/k",
            "{\n    \"a\": 1\n}\n",
            "{\n    \"a\": 1,\n    \"k\": \"new\"\n}\n",
        ),
        (
            "/k",
            "{\n\t\"a\": 1 // about a\n\t// end\n}\n",
            "{\n\t\"a\": 1, // about a\n\t\"k\": \"new\"\n\t// end\n}\n",
        ),
        (
            "/k",
            "{\n  \"a\": 1, /* about\n a */ // and more\n}\n",
            "{\n  \"a\": 1, /* about\n a */ // and more\n  \"k\": \"new\",\n}\n",
        ),
        (
            "/o/k",
            "{\n  \"o\": {\n  },\n  \"b\": 1\n}\n",
            "{\n  \"o\": {\n    \"k\": \"new\"\n  },\n  \"b\": 1\n}\n",
        ),
        ("/a b~1c", "{}", r#"{"a b/c": "new"}"#),
        ("/0", "{}", r#"{"0": "new"}"#),
        (
            "/k",
            "{ // nothing yet\n}",
            "{ // nothing yet\n  \"k\": \"new\"\n}",
        ),
    ] {
        replaces(&Json, at, before, after);
    }
    assert_eq!(
        *entry(&Json, "/k").set(None, "new").unwrap(),
        "{\n  \"k\": \"new\"\n}\n"
    );
}

#[test]
fn json_remove_keeps_other_members() {
    for (before, after) in [
        (r#"{"k": "v", "b": 1}"#, r#"{"b": 1}"#),
        (r#"{ "k": "v" , "b": 1 }"#, r#"{ "b": 1 }"#),
        (r#"{"a": 1, "k": "v", "b": 1}"#, r#"{"a": 1, "b": 1}"#),
        ("{\n  \"k\": \"v\",\n  \"b\": 1\n}", "{\n  \"b\": 1\n}"),
        ("{\n  \"a\": 1,\n  \"k\": \"v\" }", "{\n  \"a\": 1 }"),
        (
            "{\n  \"a\": 1, // a\n  \"k\": \"v\" }",
            "{\n  \"a\": 1 // a\n   }",
        ),
        ("{}", "{}"),
        (r#"{"a": 1}"#, r#"{"a": 1}"#),
    ] {
        let removed = entry(&Json, "/k").remove(before);
        assert_eq!(*removed.unwrap(), after, "{before:?}");
    }
    let element = entry(&Json, "/0").remove(r#"["v"]"#).unwrap_err();
    assert!(
        element.message().contains("an element of a list"),
        "{element}"
    );
}

#[test]
fn json_unfit_document_is_refused() {
    for (at, text, why) in [
        ("/a/k", "{}", "there is no `/a`"),
        ("/a/k", r#"{"a": "x"}"#, "`/a` is a string, not an object"),
        ("/a/k", r#"{"a": null}"#, "`/a` is null, not an object"),
        (
            "/a/2",
            r#"{"a": ["x"]}"#,
            "a list of 1, without an element `2`",
        ),
        ("/a/00", r#"{"a": ["x"]}"#, "without an element `00`"),
        ("/a/-", r#"{"a": ["x"]}"#, "without an element `-`"),
        ("/k", r#"{"k": null}"#, "`/k` is null, not a string"),
        ("/k", r#"{"k": true}"#, "`/k` is a boolean, not a string"),
        ("/k", r#"{"k": []}"#, "`/k` is a list, not a string"),
        ("/k", r#"{"k": "a", "\u006b": "b"}"#, "more than once"),
        (
            "/a/k",
            r#"{"a": {}, "a": {}}"#,
            "`/a` is there more than once",
        ),
        ("/k", "", "a value is expected there"),
        ("/k", "\"k\"", "`/` is a string, not an object"),
        ("/k", "{'k': 'old'}", "line 1 is not JSON"),
        (
            "/k",
            "{\"k\": \"old\"} {}",
            "nothing more is expected there",
        ),
        (
            "/k",
            "{\n\"k\": \"old\n\"}",
            "line 2 is not JSON: a string in it holds",
        ),
        ("/k", "{\"k\": \"old}", "is not closed"),
        ("/k", "{\"k\": \"old\"", "`,` or `}` is expected there"),
        ("/k", "{\"k\": 01}", "a value is expected there"),
        (
            "/k",
            "{\"k\": \"old\", /* open }",
            "a string in double quotes",
        ),
        ("/k", "{,}", "a string in double quotes"),
    ] {
        refuses(&Json, at, text, why);
    }
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    refuses(&Json, "/k", &deep, "nested deeper");
}

/// Returns a random value, with blanks and comments if `relaxed`, `depth` levels deep at most.
fn value(dice: &mut Dice, depth: usize, relaxed: bool) -> String {
    let gap = |dice: &mut Dice| {
        let gaps = [
            "",
            "",
            "",
            " ",
            "\n",
            "\n  ",
            "\r\n\t",
            "/* \"k\": {1, */",
            "// , }\n",
        ];
        let among = if relaxed { gaps.len() } else { gaps.len() - 2 };
        dice.pick(&gaps[..among])
    };
    let plain = [
        "1",
        "-2.5e3",
        "true",
        "null",
        "\"\"",
        "\"a\\n\"",
        "\"\u{e9}\\u00e9\"",
        "\"{\"",
    ];
    if depth == 0 || dice.roll(3) == 0 {
        return dice.pick(&plain).to_owned();
    }
    let is_list = dice.roll(3) == 0;
    let (open, close) = if is_list { ("[", "]") } else { ("{", "}") };
    let mut text = open.to_owned();
    let number = dice.roll(4);
    for index in 0..number {
        text.push_str(gap(dice));
        if !is_list {
            // Each name once.
            write!(text, "\"{}\"", ["a", "k", "o", "k k"][(index + depth) % 4]).unwrap();
            text.push_str(gap(dice));
            text.push(':');
            text.push_str(gap(dice));
        }
        text.push_str(&value(dice, depth - 1, relaxed));
        text.push_str(gap(dice));
        if index + 1 < number || relaxed && dice.roll(4) == 0 {
            text.push(',');
        }
    }
    text.push_str(gap(dice));
    text.push_str(close);
    text
}

#[test]
fn json_random_document_round_trips() {
    let make = |dice: &mut Dice, round| {
        let is_relaxed = round % 2 == 0;
        let text = value(dice, 3, is_relaxed);
        let at = dice.pick(&["/k", "/a", "/o/k", "/k/a/o", "/k k", "/a/0", "/k/1"]);
        (text, at, is_relaxed)
    };
    round_trips(
        &Json,
        6_000,
        make,
        |is_relaxed, entry, new, [before, after]| {
            if is_relaxed {
                return;
            }
            let mut expected: Value = serde_json::from_str(before).unwrap();
            set_in(&mut expected, &entry.parts, new);
            let read: Value = serde_json::from_str(after).unwrap();
            assert_eq!(
                read.to_string(),
                expected.to_string(),
                "{before:?}\n{after:?}"
            );
        },
    );
}
