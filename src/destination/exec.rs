//! Delivers to `exec:COMMAND…`: a program that reads the secret on stdin, without a newline and without a shell.

use super::process::SecretConsumer;
use super::{CommandLine, Destination, StoredContent};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::core::untrusted;
use crate::platform::{PROGRAM_TIMEOUT, Platform};
use crate::report::log::Log;

pub(super) struct ExecDestination {
    shown: String,
    words: Vec<String>,
    platform: Platform,
    log: Log,
}

impl ExecDestination {
    pub(super) fn new(
        shown: String,
        command: &CommandLine,
        platform: &Platform,
        log: &Log,
    ) -> Self {
        let mut platform = platform.clone();
        if let Some(folder) = command.folder() {
            platform.programs = platform.programs.in_folder(folder);
            folder.clone_into(&mut platform.folder);
        }
        ExecDestination {
            shown,
            words: command.words().to_owned(),
            platform,
            log: log.clone(),
        }
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
        let why = if name.contains(std::path::is_separator) {
            "it does not exist, or is not executable"
        } else {
            "it is not on PATH, or may not be executed"
        };
        Err(Error::new(
            Kind::Store,
            format!("cannot run `{}`: {why}", untrusted::one_line(name)),
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
            StoredContent::Absent | StoredContent::Unreadable => {
                Err(super::nothing_to_restore(&self.shown))
            }
        }
    }
}
