//! `toml:FILE#/POINTER`: one string of a TOML document; every other byte of the file is preserved.

use super::{DestinationKind, Names};
#[cfg(all(test, unix))]
use crate::destination::conformance::{Fixture, Restores};
use crate::destination::structured::{self, Format};

pub(super) const KIND: DestinationKind = DestinationKind {
    syntax: "toml:FILE#/POINTER",
    summary: "one string of a TOML file, comments kept",
    variables: &[],
    names: Names::File(structured::path_of),
    reads_back: true,
    check: |rest| structured::parse(rest).map(drop),
    open: |request| structured::open(request, Format::Toml),
    #[cfg(all(test, unix))]
    fixture: Fixture {
        text: "toml:app.toml#/key",
        prepare: |scene| scene,
        content: |scene| scene.find("app.toml"),
        delivered: "key = \"{}\"\n",
        restores: Restores::Exactly {
            put: |scene, text| drop(scene.write("app.toml", text, 0o600)),
            contents: &[
                "",
                "# nothing yet",
                "a = 1",
                "a = 1\r\nkey = 'old' # why\r\n[t]\r\n",
                "# of the file\n\n# of the table\n[t]\nkey = \"other\"\n",
                "key = '''\n-----BEGIN\n-----END'''\n",
            ],
        },
        refusals: &[
            (
                |scene| scene.having("app.toml", "key = \"old\"\n", 0o640),
                "can be read by others (mode 640)",
            ),
            (
                |scene| scene.having("app.toml", "key = 12\n", 0o600),
                "`/key` is a number, not a string",
            ),
            (
                |scene| scene.having("app.toml", "[key]\n", 0o600),
                "`/key` is an object, not a string",
            ),
            (
                |scene| scene.having("app.toml", "a = 1\nkey = \"a\"\nkey = \"b\"\n", 0o600),
                "line 3 is not TOML: duplicate key",
            ),
        ],
        late_failures: &[],
        further: &["toml:a.toml#/registries/main/token"],
        malformed: &[
            ("toml:app.toml", "it needs a pointer"),
            ("toml:#/key", "it names no file"),
        ],
        anchored: &[("toml:~/a.toml#/k", "toml:/home/fake/a.toml#/k")],
    },
};
