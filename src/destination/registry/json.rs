//! `json:FILE#/POINTER`: one string of a JSON document; every other byte of the file is preserved.

use super::{DestinationKind, Names};
#[cfg(all(test, unix))]
use crate::destination::conformance::{Fixture, Restores};
use crate::destination::structured::{self, Format};

pub(super) const KIND: DestinationKind = DestinationKind {
    syntax: "json:FILE#/POINTER",
    summary: "one string of a JSON file, comments kept",
    variables: &[],
    names: Names::File(structured::path_of),
    reads_back: true,
    check: |rest| structured::parse(rest).map(drop),
    open: |request| structured::open(request, Format::Json),
    #[cfg(all(test, unix))]
    fixture: Fixture {
        text: "json:app.json#/key",
        prepare: |scene| scene,
        content: |scene| scene.find("app.json"),
        delivered: "{\n  \"key\": \"{}\"\n}\n",
        restores: Restores::Exactly {
            put: |scene, text| drop(scene.write("app.json", text, 0o600)),
            contents: &[
                "{}",
                "{\n}\n",
                "{ }\n",
                "{\r\n\t\"a\": [1, {}]\r\n}\r\n",
                "\u{FEFF}{\"a\":1}",
                "{\n  // ours\n  \"a\": 1, /* last */\n}",
                "{\"key\": \"\\u006fld \\/\" , \"b\": null}\n",
            ],
        },
        refusals: &[
            (
                |scene| scene.having("app.json", "{\"key\": \"old\"}", 0o640),
                "can be read by others (mode 640)",
            ),
            (
                |scene| scene.having("app.json", "{\"key\": 1}", 0o600),
                "`/key` is a number, not a string",
            ),
            (
                |scene| scene.having("app.json", "{\"key\": {}}", 0o600),
                "`/key` is an object, not a string",
            ),
            (
                |scene| scene.having("app.json", "{\"key\": \"a\",\n\"key\": \"b\"}", 0o600),
                "`/key` is there more than once, again in line 2",
            ),
            (
                |scene| scene.having("app.json", "{\n\"key\" \"old\"}", 0o600),
                "line 2 is not JSON: `:` is expected there",
            ),
            (
                |scene| scene.having("app.json", "[]", 0o600),
                "a list of 0, without an element `key`",
            ),
        ],
        late_failures: &[],
        further: &["json:app.json#/a/0/b~1c~0d", "json:odd#folder/a.json#/a#b"],
        malformed: &[
            ("json:app.json", "it needs a pointer"),
            ("json:app.json#key", "it needs a pointer"),
            ("json:app.json#/", "a name in its pointer is empty"),
            ("json:app.json#/a//b", "a name in its pointer is empty"),
            ("json:#/key", "it names no file"),
        ],
        anchored: &[
            ("json:~/a.json#/k", "json:/home/fake/a.json#/k"),
            ("json:a#b/c.json#/k", "json:/project/a#b/c.json#/k"),
        ],
    },
};
