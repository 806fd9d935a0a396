//! `yaml:FILE#/POINTER`: one string of a YAML document; every other byte of the file is preserved.

use super::{DestinationKind, Names};
#[cfg(all(test, unix))]
use crate::destination::conformance::{Fixture, Restores};
use crate::destination::structured::{self, Format};

pub(super) const KIND: DestinationKind = DestinationKind {
    syntax: "yaml:FILE#/POINTER",
    summary: "one string of a YAML file, comments kept",
    variables: &[],
    names: Names::File(structured::path_of),
    reads_back: true,
    check: |rest| structured::parse(rest).map(drop),
    open: |request| structured::open(request, Format::Yaml),
    #[cfg(all(test, unix))]
    fixture: Fixture {
        text: "yaml:app.yml#/key",
        prepare: |scene| scene,
        content: |scene| scene.find("app.yml"),
        delivered: "key: \"{}\"\n",
        restores: Restores::Exactly {
            put: |scene, text| drop(scene.write("app.yml", text, 0o600)),
            contents: &[
                "",
                "# nothing yet",
                "---\r\na: 1\r\nkey: 'it''s old' # why\r\n",
                "key: |-\n  -----BEGIN\n  -----END\n\nb: 2\n",
                "a: &one {x: 1}\nkey: &two old\nb: *two\n",
                "{a: [1, 2]} # json-like\n",
            ],
        },
        refusals: &[
            (
                |scene| scene.having("app.yml", "key: old\n", 0o640),
                "can be read by others (mode 640)",
            ),
            (
                |scene| scene.having("app.yml", "key: 12\n", 0o600),
                "`/key` is a number, not a string",
            ),
            (
                |scene| scene.having("app.yml", "a: &a old\nkey: *a\n", 0o600),
                "`/key` is an alias, not a string",
            ),
            (
                |scene| scene.having("app.yml", "key: a\nb: 1\nkey: b\n", 0o600),
                "`/key` is there more than once, again in line 3",
            ),
            (
                |scene| scene.having("app.yml", "key: old\n---\nkey: old\n", 0o600),
                "it holds several documents, the second from line 2",
            ),
        ],
        late_failures: &[],
        further: &["yaml:a.yml#/services/app/environment/0"],
        malformed: &[
            ("yaml:app.yml", "it needs a pointer"),
            ("yaml:#/key", "it names no file"),
        ],
        anchored: &[("yaml:~/a.yml#/k", "yaml:/home/fake/a.yml#/k")],
    },
};
