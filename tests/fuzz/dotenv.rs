//! The editor of `.env` files: what is proved takes any secret, what is written is read back, nothing else changes, and
//! what stood there comes back to the byte.

use std::rc::Rc;

use arbtest::arbitrary::{Result, Unstructured};
use keywright::core::error::{Error, Kind};
use keywright::core::secret::Secret;
use keywright::destination::{self, DestinationSpec, OpenDestination, SlotOpeners, StoredContent};
use keywright::platform::{Env, Platform, Terminal};
use keywright::report::log::Log;

use super::{fuzz, pieces};
use crate::support::home::TestEnv;
use crate::support::run::Run;
use crate::support::terminal::FakeTerminal;

const LINES: [&str; 26] = [
    "A=1\n",
    "KEY=old\n",
    "export KEY='old one'\n",
    "KEY=\"o\\\"ld\" # why\n",
    "# KEY=commented\n",
    "\n",
    "B=\"two\nlines\"\n",
    "KEY=\n",
    "  KEY = spaced \n",
    "KEYS=other\n",
    "MY_KEY=other\n",
    "C='a#b'\n",
    "D=a b\n",
    "A=1\r\n",
    "KEY=\"a\nb\"\n",
    "KEY=${A}-old\n",
    "KEY=a&b\n",
    "export A=old KEY=eu\n",
    "A=old;KEY=eu\n",
    "E=`date`\n",
    "no assignment\n",
    "A=\"open\n",
    "B='open\n",
    "C=`open\n",
    "D=it's # a \"\n",
    "KEY='a\"b'\n",
];

fn secret(u: &mut Unstructured<'_>) -> Result<String> {
    let among = [
        "a", "Z", "0", "-", "_", "=", "+", "/", "$", "\"", "'", "\\", "#", " ", "`", "!", "{", "}",
        "%", "&", ";", "é", "\n",
    ];
    Ok(format!("k{}", pieces(u, &among, 24)?))
}

fn home_and_platform() -> (TestEnv, Platform, Rc<FakeTerminal>) {
    let home = TestEnv::new();
    let terminal = Rc::new(Run::at(home.clone()).terminal());
    let shown = Rc::clone(&terminal) as Rc<dyn Terminal>;
    let platform = home.platform(Env::default(), shown, keywright::platform::native::http());
    (home, platform, terminal)
}

#[test]
fn dotenv_edit_preserves_other_content() {
    let (home, platform, terminal) = home_and_platform();
    let spec: DestinationSpec = "dotenv:app.env#KEY".parse().unwrap();
    let openers = SlotOpeners {
        profile: &|_| Err(Error::failed("there is no profile")),
        keyring: &|_, _| Err(Error::failed("there is no keyring")),
        login: &|_| Ok(None),
    };
    fuzz("dotenv", 1, |u| {
        let mut before = pieces(u, &LINES, 8)?;
        if u.arbitrary()? {
            // The last line may have no end.
            before = before.trim_end_matches(['\r', '\n']).to_owned();
        }
        let path = home.write("work/app.env", &before);
        private(&path);
        let log = Log::new(Rc::clone(&terminal) as Rc<dyn Terminal>, true, false);
        let open = || {
            let opened = destination::open(&spec, &platform, &log, &openers).unwrap();
            let OpenDestination::Code(code) = opened else {
                panic!("dotenv is in code");
            };
            code
        };
        let secret = Secret::new(secret(u)?);
        let there = open();
        let proved = there.probe();
        assert_eq!(home.read("work/app.env").as_ref(), Some(&before));
        if let Err(refused) = proved {
            assert_eq!(refused.kind(), Kind::Store, "{before:?}: {refused}");
            return Ok(());
        }
        let previous = there.snapshot().unwrap();
        // A destination that was proved takes every secret.
        there
            .deliver(&secret)
            .unwrap_or_else(|error| panic!("{before:?}: {error}"));
        let after = home.read("work/app.env").unwrap();
        assert_eq!(
            open().read().unwrap().is(&secret),
            Some(true),
            "{before:?}\n{after:?}"
        );
        only_one_place(&before, &after);
        open().restore(&previous).unwrap();
        let back = home.read("work/app.env").unwrap_or_default();
        match &previous {
            StoredContent::Absent => assert_eq!(back.trim_end(), before.trim_end(), "{after:?}"),
            _ => assert_eq!(back, before, "{after:?}"),
        }
        Ok(())
    });
}

/// Everything outside one stretch is as it was, and in that stretch stands no other variable.
fn only_one_place(before: &str, after: &str) {
    let same = |(one, other): &(char, char)| one == other;
    let head: usize = before
        .chars()
        .zip(after.chars())
        .take_while(same)
        .map(|(letter, _)| letter.len_utf8())
        .sum();
    let tail: usize = before[head..]
        .chars()
        .rev()
        .zip(after[head..].chars().rev())
        .take_while(same)
        .map(|(letter, _)| letter.len_utf8())
        .sum();
    let gone = &before[head..before.len() - tail];
    for other in [
        "A=",
        "B=",
        "C=",
        "D=",
        "E=",
        "F=",
        "MY_",
        "KEYS",
        "# KEY",
        "no assignment",
    ] {
        assert!(
            !gone.contains(other),
            "{gone:?} is gone: {before:?}\n{after:?}"
        );
    }
}

#[cfg(unix)]
fn private(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn private(_: &std::path::Path) {}
