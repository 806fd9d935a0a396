use std::fmt::Write;

use serde_json::{Map, Value};

use super::super::Toml;
use super::{entry, refuses, replaces, reshaped, round_trips, set_in};
use crate::destination::dice::Dice;
use crate::destination::entry::TextEntry;

#[test]
fn toml_set_replaces_only_the_string() {
    for (at, before, after) in [
        ("/k", "k = \"old\"\n", "k = \"new\"\n"),
        ("/k", "k='old' # why\r\n", "k='new' # why\r\n"),
        ("/k", "\u{FEFF}k = \"o\\u006Cd\"", "\u{FEFF}k = \"new\""),
        ("/k", "k = '''\nold'''\na = 1\n", "k = \"new\"\na = 1\n"),
        ("/k", "k = \"\"\"old\"\"\" # c\n", "k = \"new\" # c\n"),
        (
            "/é/k",
            "é.k = 'old'\n".replace('é', "\"é\"").leak(),
            "\"é\".k = 'new'\n",
        ),
        (
            "/t/k",
            "k = 'a'\n[t] # c\n  k = 'old'\n",
            "k = 'a'\n[t] # c\n  k = 'new'\n",
        ),
        (
            "/t/u/k",
            "[t.u]\nk = 'old'\n[t]\nk = 1\n",
            "[t.u]\nk = 'new'\n[t]\nk = 1\n",
        ),
        (
            "/l/1/k",
            "[[l]]\nk = 'a'\n[[l]]\nk = 'old'\n",
            "[[l]]\nk = 'a'\n[[l]]\nk = 'new'\n",
        ),
        (
            "/l/1",
            "l = [\n  'a', # c\n  'old',\n]\n",
            "l = [\n  'a', # c\n  'new',\n]\n",
        ),
        (
            "/o/k",
            "o = { a = 1, k = \"old\" }\n",
            "o = { a = 1, k = \"new\" }\n",
        ),
        (
            "/o/p/k",
            "o = { p.k = \"old\" }\n",
            "o = { p.k = \"new\" }\n",
        ),
    ] {
        replaces(&Toml, at, before, after);
    }
}

#[test]
fn toml_set_adds_missing_key() {
    for (at, before, after) in [
        ("/k", "", "k = \"new\"\n"),
        ("/k", "\u{FEFF}", "\u{FEFF}k = \"new\"\n"),
        ("/k", "# c\n", "# c\nk = \"new\"\n"),
        ("/k", "a = 1", "a = 1\nk = \"new\""),
        (
            "/k",
            "a = 1 # c\r\n\r\n[t]\r\n",
            "a = 1 # c\r\nk = \"new\"\r\n\r\n[t]\r\n",
        ),
        ("/k", "[t]\na = 1\n", "k = \"new\"\n[t]\na = 1\n"),
        ("/k", "\u{FEFF}[t]\n", "\u{FEFF}k = \"new\"\n[t]\n"),
        (
            "/k",
            "# file\n\n# t\n[t]\n",
            "# file\n\nk = \"new\"\n# t\n[t]\n",
        ),
        (
            "/t/k",
            "[t]\n  a = [\n    1,\n  ]\n\n[u]\n",
            "[t]\n  a = [\n    1,\n  ]\n  k = \"new\"\n\n[u]\n",
        ),
        ("/t/k", "[t] # c\n[t.u]\n", "[t] # c\nk = \"new\"\n[t.u]\n"),
        ("/t/k", "[t]", "[t]\nk = \"new\""),
        (
            "/a/k",
            "a.b = 1\nc = 2\n[t]\n",
            "a.b = 1\nc = 2\na.k = \"new\"\n[t]\n",
        ),
        (
            "/t/a/b/k",
            "[t]\na.b.c = 1\n",
            "[t]\na.b.c = 1\na.b.k = \"new\"\n",
        ),
        (
            "/l/0/k",
            "[[l]]\na = 1\n[[l]]\n",
            "[[l]]\na = 1\nk = \"new\"\n[[l]]\n",
        ),
        (
            "/l/0/t/k",
            "[[l]]\n[l.t]\n[[l]]\n",
            "[[l]]\n[l.t]\nk = \"new\"\n[[l]]\n",
        ),
        ("/o/k", "o = {}\n", "o = {k = \"new\"}\n"),
        ("/o/k", "o = { a = 1 }\n", "o = { a = 1, k = \"new\" }\n"),
        ("/t/a b", "[t]\n", "[t]\n\"a b\" = \"new\"\n"),
    ] {
        replaces(&Toml, at, before, after);
    }
}

#[test]
fn toml_unfit_document_is_refused() {
    for (at, text, why) in [
        ("/a/k", "b = 1\n", "there is no `/a`"),
        ("/a/k", "a = 'x'\n", "`/a` is a string, not an object"),
        ("/k", "k = 1.5\n", "`/k` is a number, not a string"),
        ("/k", "k = true\n", "`/k` is a boolean, not a string"),
        ("/k", "k = 2026-01-31\n", "`/k` is a date, not a string"),
        ("/k", "k = []\n", "`/k` is a list, not a string"),
        ("/k", "[[k]]\n", "`/k` is a list, not a string"),
        ("/l/k", "[[l]]\n", "a list of 1, without an element `k`"),
        ("/a/k", "[a.b]\n", "`/a` has no header of its own"),
        ("/k", "k = 'a'\nk = 'b'\n", "line 2 is not TOML"),
        ("/k", "a = 1\nk = old\n", "line 2 is not TOML"),
        (
            "/o/p/k",
            "o = { p.a = 1 }\n",
            "`/o/p` is in a table to which no key is added",
        ),
    ] {
        refuses(&Toml, at, text, why);
    }
}

#[test]
fn toml_remove_keeps_other_keys() {
    for (at, before, after) in [
        ("/k", "k = 'v'\nb = 1\n", "b = 1\n"),
        (
            "/t/k",
            "[t]\na = 1\nk = '''\nv\n''' # c\n[u]\n",
            "[t]\na = 1\n[u]\n",
        ),
        ("/k", "k = 'v'", ""),
        ("/k", "\u{FEFF}k = 'v'\n", "\u{FEFF}"),
        ("/o/k", "o = { k = 'v', b = 1 }\n", "o = { b = 1 }\n"),
    ] {
        let removed = entry(&Toml, at).remove(before);
        assert_eq!(*removed.unwrap(), after, "{before:?}");
    }
}

/// Returns random lines of keys.
fn keys(dice: &mut Dice) -> String {
    let mut text = String::new();
    let names = ["a", "k", "o.k", "o.p", "\"k k\"", "l"];
    let first = dice.roll(names.len());
    for index in 0..dice.roll(5) {
        let name = names[(first + index) % names.len()];
        text.push_str(dice.pick(&["", "", "\n", "# k = 'no'\n", "  "]));
        let value = dice.pick(&[
            "\"old\"",
            "'o\"ld'",
            "'''\nold\n'''",
            "\"\"\"a\\\n  b\"\"\"",
            "{ a = 'x', k = \"y\" }",
            "{}",
            "[ 'one', # c\n  { k = 'two' } ]",
            "\"\\u00e9\"",
        ]);
        let end = dice.pick(&["\n", " # why\n", "\t\n"]);
        write!(text, "{name} = {value}{end}").unwrap();
    }
    text
}

/// Returns a document as a library of JSON has it.
fn read(item: &toml_edit::Item) -> Value {
    let table = |table: &dyn toml_edit::TableLike| {
        let members = table
            .iter()
            .map(|(name, item)| (name.to_owned(), read(item)));
        Value::Object(members.collect::<Map<_, _>>())
    };
    match item {
        toml_edit::Item::Table(found) => table(found),
        toml_edit::Item::ArrayOfTables(tables) => tables.iter().map(|found| table(found)).collect(),
        toml_edit::Item::Value(toml_edit::Value::InlineTable(found)) => table(found),
        toml_edit::Item::Value(toml_edit::Value::Array(array)) => array
            .iter()
            .map(|value| read(&toml_edit::Item::Value(value.clone())))
            .collect(),
        other => other.as_str().unwrap().into(),
    }
}

#[test]
fn toml_random_document_round_trips() {
    let make = |dice: &mut Dice, _| {
        let mut text = keys(dice);
        for header in ["[t]", "[t.u]", "[[m]]", "[[m]]"] {
            if dice.roll(2) == 0 {
                let end = dice.pick(&["\n", " # c\n", "\n\n"]);
                write!(text, "{}{header}{end}", dice.pick(&["", "\n", "# c\n"])).unwrap();
                text.push_str(&keys(dice));
            }
        }
        let text = reshaped(dice, text);
        let at = dice.pick(&[
            "/k",
            "/a",
            "/o/k",
            "/o/new",
            "/k k",
            "/new",
            "/t/k",
            "/t/new",
            "/t/u/k",
            "/t/u/o/new",
            "/m/0/k",
            "/m/0/new",
            "/m/1/a",
            "/l/1/k",
            "/l/1/new",
            "/a/new",
        ]);
        (text, at, ())
    };
    let document = |text: &str| read(&toml_edit::Document::parse(text).unwrap().into_item());
    round_trips(&Toml, 4_000, make, |(), entry, new, [before, after]| {
        let mut expected = document(before);
        set_in(&mut expected, &entry.parts, new);
        assert_eq!(document(after), expected, "{before:?}\n{after:?}");
    });
}
