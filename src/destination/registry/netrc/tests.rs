use super::text::{NetrcText, Refusal};
use crate::destination::dice::Dice;

fn set(text: &str, login: Option<&str>, value: &str) -> String {
    let text = NetrcText::parse(text, "h", login);
    text.set(value).unwrap().to_string()
}

/// Checks that `value` is read back from the changed text, and that the bytes come back.
fn comes_back(before: &str, login: Option<&str>, value: &str) {
    let after = set(before, login, value);
    let (old, new) = (
        NetrcText::parse(before, "h", login),
        NetrcText::parse(&after, "h", login),
    );
    let read = new.get().unwrap();
    assert_eq!(read.unwrap().as_str(), value, "{after:?}");
    let back = match old.written().unwrap() {
        Some(written) => new.put_back(&written),
        None => new.remove(),
    };
    assert_eq!(*back.unwrap(), before, "{after:?}");
    assert_eq!(set(&after, login, value), after);
}

#[test]
fn set_replaces_only_the_password() {
    for (login, before, after) in [
        (None, "", "machine h password new\n"),
        (Some("me"), "", "machine h login me password new\n"),
        (
            None,
            "machine h login a password old\n",
            "machine h login a password new\n",
        ),
        (None, "machine h password old", "machine h password new"),
        (
            None,
            "machine\n  h\r\n\tlogin a\r\n\tpassword old # c\r\n",
            "machine\n  h\r\n\tlogin a\r\n\tpassword new # c\r\n",
        ),
        (
            None,
            "machine h password \"o l\\\"d\"\n",
            "machine h password \"new\"\n",
        ),
        (
            None,
            "machine \"h\" user a passwd old\n",
            "machine \"h\" user a passwd new\n",
        ),
        (None, "machine H password old\n", "machine H password new\n"),
        // A missing password follows what is there.
        (
            None,
            "machine h login a\nmachine i\n",
            "machine h login a password new\nmachine i\n",
        ),
        (
            None,
            "machine h account x\n",
            "machine h account x password new\n",
        ),
        // The login decides among several.
        (
            Some("b"),
            "machine h login a password 1\nmachine h login b password 2\n",
            "machine h login a password 1\nmachine h login b password new\n",
        ),
        (
            Some("c"),
            "machine h login a password 1\n",
            "machine h login a password 1\nmachine h login c password new\n",
        ),
        // Words that only look like it.
        (
            None,
            "# machine h password no\nmachine a login machine password h\n",
            "# machine h password no\nmachine a login machine password h\nmachine h password new\n",
        ),
        (
            None,
            "machine a\nmacdef init\nmachine h password no\n\nmachine h password old\n",
            "machine a\nmacdef init\nmachine h password no\n\nmachine h password new\n",
        ),
        (
            None,
            "machine a password #x\nmachine h password old\n",
            "machine a password #x\nmachine h password new\n",
        ),
        // `default` takes every machine: a new one comes before it.
        (
            None,
            "machine a\ndefault login x\n",
            "machine a\nmachine h password new\ndefault login x\n",
        ),
        (
            None,
            "machine a default login x",
            "machine a machine h password new\ndefault login x",
        ),
        (None, "machine a", "machine a\nmachine h password new"),
        (
            None,
            "\u{FEFF}machine a\r\n",
            "\u{FEFF}machine a\r\nmachine h password new\r\n",
        ),
    ] {
        assert_eq!(set(before, login, "new"), after, "{before:?}");
        comes_back(before, login, "new");
    }
}

#[test]
fn set_quotes_odd_values() {
    for (value, written) in [
        ("a\"b#c", "a\"b#c"),
        ("#a", "\"#a\""),
        ("\"a", "\"\\\"a\""),
        ("a b", "\"a b\""),
        ("a\\b", "\"a\\\\b\""),
        ("", "\"\""),
    ] {
        assert_eq!(
            set("", None, value),
            format!("machine h password {written}\n")
        );
        comes_back("", None, value);
    }
}

#[test]
fn unclear_text_is_refused() {
    for (login, text, refusal) in [
        (None, "machine h\nmachine h\n", Refusal::Twice { line: 2 }),
        (
            Some("a"),
            "machine h login a\nmachine i\nmachine h login a\n",
            Refusal::Twice { line: 3 },
        ),
        (
            None,
            "machine h password a\npassword b\n",
            Refusal::Twice { line: 2 },
        ),
        (
            None,
            "machine h login a\nmachine h login b\n",
            Refusal::SeveralLogins,
        ),
        (None, "machine h login", Refusal::Incomplete { line: 1 }),
        (
            None,
            "machine a\nmacdef m\nls",
            Refusal::OpenMacro { line: 2 },
        ),
    ] {
        let text = NetrcText::parse(text, "h", login);
        assert_eq!(text.set("new").err(), Some(refusal));
    }
    let text = NetrcText::parse("", "h", None);
    assert_eq!(text.set("a\nb").err(), Some(Refusal::Unfit));
    let grown = NetrcText::parse("machine h password a account b\n", "h", None);
    assert_eq!(grown.remove().err(), Some(Refusal::Grown));
}

#[test]
fn set_random_text_round_trips() {
    let parts = [
        "machine ",
        "h ",
        "i ",
        "login ",
        "a ",
        "password ",
        "\"b c\" ",
        "# x\n",
        "\n",
        "\r\n",
        "\t",
        "default ",
        "account ",
        "macdef m\n",
        "\n\n",
        "x ",
        "é ",
    ];
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut edited = 0;
    for _ in 0..20_000 {
        let text = dice.text(&parts, 13);
        let login = [None, Some("a"), Some("z")][dice.roll(3)];
        if NetrcText::parse(&text, "h", login).set("k").is_err() {
            continue;
        }
        edited += 1;
        comes_back(&text, login, ["new", "n w", "#", ""][dice.roll(4)]);
    }
    assert!(edited > 2_000, "{edited}");
}

/// Python's own reader sees the new password, and every other entry as before.
#[test]
#[cfg(unix)]
fn other_reader_sees_one_change() {
    use crate::platform::{Program, native};
    let scene = crate::destination::test_world::Scene::new();
    let platform = scene.platform();
    if platform.programs.which("python3").is_none() {
        return;
    }
    let programs = native::programs(&platform.env, &scene.folder);
    let script = "import netrc, sys\nfor f in sys.argv[1:]:\n  n = netrc.netrc(f)\n  print(repr(sorted(n.hosts.items())))";
    let before = "# ours\nmachine a login b password \"c d\"\nmacdef m\nls\n\nmachine h login a password old\ndefault login x password y\n";
    for value in ["new", "n \"w\\", "#new"] {
        for text in [
            before.to_owned(),
            before.replace("machine h login a password old\n", ""),
        ] {
            scene.write("before", &text, 0o600);
            scene.write("after", &set(&text, Some("a"), value), 0o600);
            let words = ["python3", "-c", script, "after"].map(str::to_owned);
            let ended = programs.run(&Program::new(&words)).unwrap();
            let read = String::from_utf8(ended.stdout.to_vec()).unwrap();
            let expected = format!(
                "[('a', ('b', '', 'c d')), ('default', ('x', '', 'y')), ('h', ('a', '', {}))]\n",
                python(value)
            );
            assert_eq!(read, expected);
        }
    }
}

/// Returns a text as Python shows it.
fn python(value: &str) -> String {
    format!("'{}'", value.replace('\\', "\\\\"))
}
