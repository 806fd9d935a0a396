//! `exec:COMMAND…`: a program that reads the secret on stdin, without a newline and without a shell.

use super::{DestinationKind, Names, OpenRequest};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::core::untrusted;
#[cfg(all(test, unix))]
use crate::destination::conformance::{Fixture, Restores};
use crate::destination::process::SecretConsumer;
use crate::destination::{Destination, StoredContent, nothing_to_restore};
use crate::platform::{PROGRAM_TIMEOUT, Platform, why_not_found};
use crate::report::log::Log;

pub(super) const KIND: DestinationKind = DestinationKind {
    syntax: "exec:COMMAND…",
    summary: "a program that reads the key on stdin",
    variables: &[],
    names: Names::Program(program),
    reads_back: false,
    check: |rest| words(rest).map(drop),
    open: |request| Ok(Box::new(ExecDestination::new(request)?)),
    #[cfg(all(test, unix))]
    fixture: Fixture {
        text: "exec:take 'a b'",
        prepare: |scene| scene.having_program("take", "cat > got"),
        content: |scene| scene.find("got"),
        delivered: "{}",
        restores: Restores::ByDelivery,
        refusals: &[(|scene| scene.with("PATH", "/nowhere"), "`take`")],
        late_failures: &[(
            |scene| scene.program("take", "cat > got; exit 3"),
            Kind::Uncertain,
        )],
        further: &[
            "exec:sh -c 'cat > \"a b\"'",
            "exec: tee  out",
            "exec:sh -c 'a\nb'",
        ],
        malformed: &[
            ("exec:", "it names no program"),
            ("exec:''", "it names no program"),
            ("exec:a 'b", "a quote in it is not closed"),
        ],
        anchored: &[],
    },
};

/// Returns the program and its arguments, split as a shell splits words; no shell ever reads them.
pub fn words(rest: &str) -> Result<Vec<String>, String> {
    let words = shell_words::split(rest).map_err(|_| "a quote in it is not closed")?;
    if words.first().is_none_or(String::is_empty) {
        return Err("it names no program".to_owned());
    }
    if words.iter().any(|word| word.contains('\0')) {
        return Err("it holds a control character".to_owned());
    }
    Ok(words)
}

fn program(rest: &str) -> String {
    let words = words(rest).unwrap_or_default();
    words.into_iter().next().unwrap_or_default()
}

struct ExecDestination {
    shown: String,
    words: Vec<String>,
    platform: Platform,
    log: Log,
}

impl ExecDestination {
    fn new(request: &OpenRequest<'_>) -> Result<Self> {
        let mut platform = request.platform.clone();
        if let Some(folder) = request.folder {
            platform.programs = platform.programs.in_folder(folder);
            folder.clone_into(&mut platform.folder);
        }
        Ok(ExecDestination {
            shown: request.shown.clone(),
            words: request.parse(words)?,
            platform,
            log: request.log.clone(),
        })
    }
}

impl Destination for ExecDestination {
    fn describe(&self) -> String {
        self.shown.clone()
    }

    fn can_read(&self) -> bool {
        false
    }

    fn probe(&self) -> Result<()> {
        let folder = &self.platform.folder;
        if !folder.as_os_str().is_empty() && !folder.is_dir() {
            return Err(Error::new(
                Kind::Store,
                format!(
                    "cannot run `{}`: there is no folder `{}`",
                    self.shown,
                    folder.display()
                ),
            ));
        }
        let name = self.words.first().map_or("", String::as_str);
        if self.platform.programs.which(name).is_some() {
            return Ok(());
        }
        let why = why_not_found(name);
        Err(Error::new(
            Kind::Store,
            format!("cannot run `{}`: it {why}", untrusted::one_line(name)),
        )
        .hint("name a program, not a shell's word; for a shell write exec:sh -c '…'"))
    }

    fn deliver(&self, secret: &Secret) -> Result<()> {
        let child = SecretConsumer {
            platform: &self.platform,
            log: &self.log,
            words: &self.words,
            env: &[],
            timeout: PROGRAM_TIMEOUT,
            shown: &self.shown,
        };
        child.feed(secret).map(drop)
    }

    fn read(&self) -> Result<StoredContent> {
        Ok(StoredContent::Unreadable)
    }

    fn restore(&self, previous: &StoredContent) -> Result<()> {
        match previous {
            StoredContent::Value(secret) => self.deliver(secret),
            StoredContent::Digest(_) | StoredContent::Absent | StoredContent::Unreadable => {
                Err(nothing_to_restore(&self.shown))
            }
        }
    }
}
