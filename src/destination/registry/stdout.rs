//! `stdout`: the bare secret and a newline, once.

use std::io;
use std::rc::Rc;

use zeroize::Zeroizing;

use super::{DestinationKind, Names};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::destination::{Destination, StoredContent};
#[cfg(all(test, unix))]
use crate::destination::{
    conformance::{Fixture, Restores},
    test_world::Scene,
};
use crate::platform::Terminal;

pub(in crate::destination) const KIND: DestinationKind = DestinationKind {
    syntax: "stdout",
    summary: "the standard output, once",
    variables: &[],
    names: Names::Nothing,
    reads_back: false,
    check: |_| Ok(()),
    open: |request| {
        Ok(Box::new(StdoutDestination {
            terminal: Rc::clone(&request.platform.terminal),
        }))
    },
    #[cfg(all(test, unix))]
    fixture: Fixture {
        text: "stdout",
        prepare: |scene| scene,
        content: |scene| Some(scene.printed()).filter(|text| !text.is_empty()),
        delivered: "{}\n",
        restores: Restores::Never,
        refusals: &[(Scene::with_closed_stdout, "cannot be written to `stdout`")],
        // A part of it may have been read.
        late_failures: &[(Scene::fill_stdout, Kind::Uncertain)],
        further: &[],
        malformed: &[],
        anchored: &[],
    },
};

struct StdoutDestination {
    terminal: Rc<dyn Terminal>,
}

impl Destination for StdoutDestination {
    fn describe(&self) -> String {
        "stdout".to_owned()
    }

    fn can_read(&self) -> bool {
        false
    }

    fn probe(&self) -> Result<()> {
        self.terminal
            .probe_stdout()
            .map_err(|error| unwritable(Kind::Store, error))
    }

    fn deliver(&self, secret: &Secret) -> Result<()> {
        self.probe()?;
        let end = if secret.expose().ends_with('\n') {
            ""
        } else {
            "\n"
        };
        let line = Zeroizing::new(format!("{}{end}", secret.expose()));
        // A part of it may have been read before the rest failed.
        self.terminal
            .write_secret(line.as_bytes())
            .map_err(|error| unwritable(Kind::Uncertain, error))
    }

    fn read(&self) -> Result<StoredContent> {
        Ok(StoredContent::Unreadable)
    }

    fn restore(&self, _: &StoredContent) -> Result<()> {
        // An old secret is not printed in its place either.
        Err(Error::new(
            Kind::Store,
            "output printed to `stdout` cannot be undone",
        ))
    }
}

fn unwritable(kind: Kind, error: io::Error) -> Error {
    Error::new(kind, "the secret cannot be written to `stdout`")
        .caused_by(error)
        .hint("send it to a file instead: --to file:PATH")
}
