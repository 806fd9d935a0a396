use super::quoting::Quote;
use super::text::{DotenvText, EditError};
use crate::destination::dice::Dice;

fn set(text: &str, name: &str, value: &str) -> String {
    DotenvText::parse(text)
        .set(name, value)
        .unwrap()
        .to_string()
}

fn get(text: &str, name: &str) -> Option<String> {
    let found = DotenvText::parse(text).get(name).unwrap();
    found.map(|value| value.to_string())
}

fn remove(text: &str, name: &str) -> String {
    DotenvText::parse(text).remove(name).unwrap().to_string()
}

#[test]
fn set_replaces_only_the_value() {
    for (before, after) in [
        ("", "K=new\n"),
        ("K=old\n", "K=new\n"),
        ("K=old", "K=new"),
        ("A=1", "A=1\nK=new"),
        ("A=1\n", "A=1\nK=new\n"),
        ("A=1\r\nB=2\r\n", "A=1\r\nB=2\r\nK=new\r\n"),
        ("A=1\r\nK=old\r\nB=2\r\n", "A=1\r\nK=new\r\nB=2\r\n"),
        (
            "# a comment\n\nK=old # why\nB=2\n",
            "# a comment\n\nK=new # why\nB=2\n",
        ),
        ("K='old'\t# why\r\n", "K='new'\t# why\r\n"),
        ("K=\"old\"#why\n", "K=\"new\" #why\n"),
        ("export K=old\n", "export K=new\n"),
        ("  export\tK = \"old\"  \n", "  export\tK = \"new\"  \n"),
        ("K=\n", "K=new\n"),
        ("K= # why\n", "K=new # why\n"),
        ("K=\"\"\n", "K=\"new\"\n"),
        ("K=`old`\n", "K='new'\n"),
        ("K=old#1\n", "K=new\n"),
        ("K=\"old", "K=new"),
        ("\u{FEFF}K=old\n", "\u{FEFF}K=new\n"),
        // The last of duplicates counts.
        ("K=1\nA=2\nK=3\nB=4\n", "K=1\nA=2\nK=new\nB=4\n"),
        // Names that only look alike.
        (
            "#K=old\nKK=1\nK.x=2\nA_K=3\n",
            "#K=old\nKK=1\nK.x=2\nA_K=3\nK=new\n",
        ),
        // Values over several lines are neither split nor searched.
        (
            "A=\"one\nK=not this\nthree\"\nK=old\n",
            "A=\"one\nK=not this\nthree\"\nK=new\n",
        ),
        (
            "K='-----BEGIN-----\nold=\n-----END-----' # pem\nA=1\n",
            "K='new' # pem\nA=1\n",
        ),
        ("A='it\\'s'\nK='old'\n", "A='it\\'s'\nK='new'\n"),
        ("A='ends in \\'\nK='old'\n", "A='ends in \\'\nK='new'\n"),
        (
            "A=\"\\\"\nK=x\\\"\"\nK=\"old\"\n",
            "A=\"\\\"\nK=x\\\"\"\nK=\"new\"\n",
        ),
        // An unclosed quote ends with its line.
        ("A=\"open\nK=\"old\"\n", "A=\"open\nK=\"new\"\n"),
        ("A='tis\nK='old'\n", "A='tis\nK='new'\n"),
    ] {
        assert_eq!(set(before, "K", "new"), after, "{before:?}");
        assert_eq!(get(after, "K").as_deref(), Some("new"), "{after:?}");
    }
}

/// Returns the reason why not every value can be written in `text`.
fn prove(text: &str) -> Option<EditError> {
    DotenvText::parse(text).prove("K").err()
}

#[test]
fn prove_open_quote_reports_its_line() {
    for (text, line) in [
        ("A=\"open\nK=old\n", 1),
        ("B=1\nA='open\nK=old\n", 2),
        ("B=1\n\nA=`open\n", 3),
        ("B=1\nexport A=\"open", 2),
        ("A=\"open\nK=\"old\"\n", 1),
        ("A='open\nK='old'\n", 1),
        // The old value keeps the last line from closing the quote.
        ("A=\"open\nK='x\"y'\nB=1 # \"\n", 1),
        // The other variable is unchanged, and is read from its previous place.
        ("K=k\nA=\"open\nK='x\"y'\nB=1 # \"\n", 2),
    ] {
        assert_eq!(prove(text), Some(EditError::Open { line }), "{text:?}");
    }
    for text in [
        "",
        "A=it's\nK=old\n",
        "A=\"two\nlines\"\nK=old\n",
        // Nothing after the value can include it.
        "K=old\nA=\"open\n",
        "K=\"open\n",
        "K=\"open # it's\n",
        // Another line ensures that the quote stays open.
        "A=\"open\nB=\"x\"\nK=old\n",
        "A=\"open\nB=a\"b\nK=old\n",
        "# don't\nK=old\n",
    ] {
        assert_eq!(prove(text), None, "{text:?}");
    }
    assert_eq!(
        prove("K='b'\"c\"\n"),
        Some(EditError::Odd { line: 1 }),
        "what cannot be read cannot be proved"
    );
}

#[test]
fn set_unreadable_value_is_refused() {
    let document = DotenvText::parse("A=\"open\nK=old\n");
    assert_eq!(
        document.set("K", "a\"#b").err(),
        Some(EditError::Open { line: 1 })
    );
    assert!(document.set("K", "new").is_ok());
}

#[test]
fn set_keeps_quotes_where_possible() {
    for (before, value, after) in [
        ("K=old\n", "a b", "K='a b'\n"),
        ("K=old\n", "a#b", "K='a#b'\n"),
        ("K=old\n", "$HOME", "K='$HOME'\n"),
        ("K=old\n", "it's", "K=\"it's\"\n"),
        ("K=old\n", "~/x", "K='~/x'\n"),
        ("K=old\n", "a/b+c==:@%,-._", "K=a/b+c==:@%,-._\n"),
        ("K='old'\n", "plain", "K='plain'\n"),
        ("K='old'\n", "it's", "K=\"it's\"\n"),
        ("K='old'\n", "it's $5", "K=\"it's \\$5\"\n"),
        ("K=\"old\"\n", "say \"x\"", "K='say \"x\"'\n"),
        ("K=\"old\"\n", "a\nb", "K=\"a\nb\"\n"),
        ("K=old\n", "a\nb", "K='a\nb'\n"),
        ("K=old\n", "a\\", "K=\"a\\\\\"\n"),
        ("K=old\n", "", "K=\n"),
    ] {
        assert_eq!(set(before, "K", value), after, "{value:?}");
        assert_eq!(get(after, "K").as_deref(), Some(value), "{after:?}");
    }
}

#[test]
fn get_reads_values_like_loaders() {
    for (text, value) in [
        ("K=a b  # c\n", Some("a b")),
        ("K=a#b\n", Some("a#b")),
        ("K=\"a\\nb\\\"c\\\\\"\n", Some("a\nb\"c\\")),
        ("K='a\\nb'\n", Some("a\\nb")),
        ("K='it\\'s'\n", Some("it's")),
        ("K = a\n", Some("a")),
        ("K=\n", Some("")),
        ("export K\n", None),
        ("K: a\n", None),
        ("1K=a\n", None),
        ("", None),
    ] {
        assert_eq!(get(text, "K").as_deref(), value, "{text:?}");
    }
}

#[test]
fn shell_only_syntax_is_refused() {
    for text in [
        "A=1\nK='a'\"b\"\n",
        "A=1\nK=\"a\"; export K\n",
        "A=1\nK=a; export K\n",
        "A=1\nK=a\\\nb\n",
        "A=1\nexport K=old B=eu\n",
        "A=1\nexport K=old B\n",
        "A=1\nexport K='old' B=eu\n",
        "A=1\nK=old B=eu\n",
        "A=1\nK=old;B=eu\n",
        "A=1\nK=old;run\n",
        "A=1\nK='old';B=eu\n",
    ] {
        let document = DotenvText::parse(text);
        let odd = Some(EditError::Odd { line: 2 });
        assert_eq!(document.set("K", "new").err(), odd, "{text:?}");
        assert_eq!(document.get("K").err(), odd, "{text:?}");
        assert_eq!(document.remove("K").err(), odd, "{text:?}");
        // Oddities of other variables are ignored.
        assert!(document.set("A", "new").is_ok(), "{text:?}");
    }
    for value in ["a\0b", "a\rb", "\u{1b}[31m"] {
        assert_eq!(
            DotenvText::parse("").set("K", value).err(),
            Some(EditError::Unfit)
        );
    }
}

#[test]
fn earlier_lines_lists_duplicates() {
    let text = "K=1\nA='x\ny'\nK=2\nexport K=3\n";
    assert_eq!(DotenvText::parse(text).earlier_lines("K"), [1, 4]);
    assert_eq!(DotenvText::parse(text).earlier_lines("A"), [0; 0]);
}

#[test]
fn remove_after_set_restores_text() {
    for text in ["", "A=1\n", "A=1", "A=1\r\nB=2\r\n", "# only this\n", "\n"] {
        assert_eq!(remove(&set(text, "K", "new"), "K"), text, "{text:?}");
        assert_eq!(remove(text, "K"), text);
    }
    assert_eq!(remove("A=1\nK='x\ny' # c\nB=2\n", "K"), "A=1\nB=2\n");
}

const VALUE_PARTS: [&str; 16] = [
    "a", "Z9", "'", "\"", "`", "\\", "$", "#", " ", "\n", "=", "K=x", "\t", "é", "${A}", "\\n",
];

#[test]
fn set_random_values_round_trip() {
    let lines = [
        "# K=comment\n",
        "\n",
        "A=1\n",
        "export B='two words' # c\n",
        "C=\"multi\nK=inside\nline\" # c\n",
        "D=`tick`\n",
        "E = spaced\n",
        "F=\r\n",
        "broken line\n",
        "K=earlier\n",
        "  export K = 'earlier' # kept\n",
        "K=\"\"\n",
    ];
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for _ in 0..4_000 {
        let before = dice.text(&lines, 6);
        let value = dice.text(&VALUE_PARTS, 8);
        let after = set(&before, "K", &value);
        assert_eq!(get(&after, "K").as_ref(), Some(&value), "{after:?}");
        for name in ["A", "B", "C", "D", "E", "F"] {
            assert_eq!(get(&after, name), get(&before, name), "{after:?}");
        }
        // Writing the same again changes nothing; a second value comes back too.
        assert_eq!(set(&after, "K", &value), after);
        let other = dice.text(&VALUE_PARTS, 8);
        let again = set(&after, "K", &other);
        assert_eq!(get(&again, "K").as_ref(), Some(&other), "{again:?}");
        if get(&before, "K").is_none() {
            assert_eq!(remove(&after, "K"), before);
        } else {
            // Only the value of one assignment differs.
            let (head, tail) = common(&before, &after);
            assert!(
                before.len() - head - tail <= "'earlier' ".len(),
                "{before:?} {after:?}"
            );
        }
    }
}

/// Returns the length of the common start and, beyond it, of the common end.
fn common(one: &str, two: &str) -> (usize, usize) {
    let head = one
        .bytes()
        .zip(two.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let (one, two) = (&one.as_bytes()[head..], &two.as_bytes()[head..]);
    let tail = one
        .iter()
        .rev()
        .zip(two.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    (head, tail)
}

#[test]
fn set_random_document_round_trips() {
    let parts = [
        "K", "=", "'", "\"", "`", "\\", "\n", "\r\n", " ", "#", "export ", "A", ";", "\u{FEFF}",
        "é",
    ];
    let mut dice = Dice(0xD1B5_4A32_D192_ED03);
    for _ in 0..4_000 {
        let text = dice.text(&parts, 24);
        let document = DotenvText::parse(&text);
        if document.get("K").is_err() {
            continue;
        }
        let after = document.set("K", "new value").unwrap();
        assert_eq!(get(&after, "K").as_deref(), Some("new value"), "{text:?}");
    }
}

/// A shell reads every value as it was written: the reference for values that some loader reads differently.
#[test]
#[cfg(unix)]
fn shell_reads_values_as_written() {
    use crate::platform::{Program, native};
    let mut dice = Dice(0xA076_1D64_78BD_642F);
    let scene = crate::destination::test_world::Scene::new();
    let programs = native::programs(&scene.platform().env, &scene.folder);
    for standing in ["", "K=old\n", "K='old'\n", "export K=\"old\"\n"] {
        let values: Vec<String> = (0..60).map(|_| dice.text(&VALUE_PARTS, 8)).collect();
        let mut script = String::new();
        for value in &values {
            script.push_str(&set(standing, "K", value));
            script.push_str("\nprintf '%s\\0' \"$K\"\n");
        }
        let words = ["sh".to_owned(), "-c".to_owned(), script];
        let ended = programs.run(&Program::new(&words)).unwrap();
        let read: Vec<String> = String::from_utf8(ended.stdout.to_vec())
            .unwrap()
            .split_terminator('\0')
            .map(str::to_owned)
            .collect();
        assert_eq!(read, values);
    }
}

#[test]
fn quote_mark_round_trips() {
    for quote in [Quote::None, Quote::Single, Quote::Double, Quote::Backtick] {
        assert_eq!(Quote::opened_by(quote.mark().chars().next()), quote);
    }
}

#[test]
fn put_back_restores_original_bytes() {
    for text in [
        "A=1\nK=${BASE}-old\nB=2\n",
        "K=\"a\\nb\"\n",
        "K=a&b\n",
        "K=a b  # c\r\n",
        "export K = 'it\\'s'  # why\n",
        "K=\"old\"#why\n",
        "K=\"old\"\t#why\n",
        "K=\n",
        "K= # why",
        "K=\"one\ntwo\"\nA=1\n",
        "K=`$(x)`\n",
        "K=\"open\nA=1\n",
        "\u{FEFF}K=old",
        "K=1\nK=\"$2\"\n",
        "K=old;\n",
    ] {
        let written = DotenvText::parse(text).written("K").unwrap().unwrap();
        for new in ["sk-new", "it's $5\n\"x\"", ""] {
            let set = set(text, "K", new);
            let back = DotenvText::parse(&set).put_back("K", &written).unwrap();
            assert_eq!(*back, text, "{new:?}");
        }
    }
    // A removed line is written again, unchanged.
    assert_eq!(
        *DotenvText::parse("A=1\n").put_back("K", "=\"$x\"").unwrap(),
        "A=1\nK=\"$x\"\n"
    );
    assert_eq!(DotenvText::parse("A=1\n").written("K").unwrap(), None);
}
