//! Delivers to files that pass a value to the later steps of a GitHub Actions job.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::registry::OpenRequest;
use super::{Destination, StoredContent};
use crate::core::encoding::to_hex;
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::Platform;
use crate::platform::fault;
use crate::platform::files;

/// Returns whether this is a GitHub Actions job.
pub fn is_github_job(platform: &Platform) -> bool {
    platform.env.get("GITHUB_ACTIONS") == Some("true")
}

/// Makes the runner of a GitHub Actions job mask the secret in all later log output.
pub fn mask_in_log(platform: &Platform, secret: &Secret) -> io::Result<()> {
    let mut commands = Zeroizing::new(String::new());
    // The runner masks text line by line.
    let lines = secret.expose().lines();
    for line in lines.filter(|line| !line.trim().is_empty()) {
        // The runner decodes this escape.
        let line = Zeroizing::new(line.replace('%', "%25").replace('\r', "%0D"));
        // Writing to a string cannot fail.
        let _ = writeln!(commands, "::add-mask::{}", line.as_str());
    }
    platform.terminal.write_stdout(commands.as_bytes())
}

pub(super) struct WorkflowCommandFile {
    shown: String,
    /// The variable that holds the path of the file.
    variable: &'static str,
    name: String,
    platform: Platform,
}

impl WorkflowCommandFile {
    pub(super) fn new(request: &OpenRequest<'_>, variable: &'static str) -> Self {
        WorkflowCommandFile {
            shown: request.shown.clone(),
            variable,
            name: request.rest.to_owned(),
            platform: request.platform.clone(),
        }
    }

    /// Opens the runner's file for appending; fails outside GitHub Actions.
    fn open(&self) -> Result<(PathBuf, File)> {
        if !is_github_job(&self.platform) {
            return Err(self
                .refused("this is not a GitHub Actions job (GITHUB_ACTIONS is not `true`)")
                .hint("elsewhere use a file: --to dotenv:PATH#VAR"));
        }
        let path = self
            .platform
            .env
            .get(self.variable)
            .map(PathBuf::from)
            .ok_or_else(|| self.refused(&format!("{} is not set", self.variable)))?;
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .open(&path)
            .map_err(|error| files::path_error("append to", &path, error).with_kind(Kind::Store))?;
        match file.metadata() {
            Ok(data) if data.is_file() => Ok((path, file)),
            _ => Err(self.refused(&format!("`{}` is not a regular file", path.display()))),
        }
    }

    fn refused(&self, why: &str) -> Error {
        Error::new(Kind::Store, format!("cannot write `{}`: {why}", self.shown))
    }

    fn probe_masking(&self) -> Result<()> {
        self.platform.terminal.probe_stdout().map_err(|error| {
            self.refused("the runner does not read stdout, so that nothing can be masked")
                .caused_by(error)
        })
    }

    /// Makes the runner mask the secret in all later log output.
    fn mask(&self, secret: &Secret) -> Result<()> {
        // Text that is written to a closed stdout vanishes without an error.
        self.probe_masking()?;
        mask_in_log(&self.platform, secret).map_err(|error| {
            self.refused("the runner could not be told to mask the secret")
                .caused_by(error)
        })
    }

    fn block(&self, secret: &Secret) -> Result<Zeroizing<String>> {
        let delimiter = delimiter(secret)?;
        Ok(Zeroizing::new(format!(
            "{}<<{delimiter}\n{}\n{delimiter}\n",
            self.name,
            secret.expose()
        )))
    }
}

impl Destination for WorkflowCommandFile {
    fn describe(&self) -> String {
        self.shown.clone()
    }

    fn can_read(&self) -> bool {
        false
    }

    fn probe(&self) -> Result<()> {
        self.open()?;
        self.probe_masking()
    }

    fn deliver(&self, secret: &Secret) -> Result<()> {
        let (path, file) = self.open()?;
        let block = self.block(secret)?;
        self.mask(secret)?;
        append(&path, file, &block)
    }

    fn read(&self) -> Result<StoredContent> {
        Ok(StoredContent::Unreadable)
    }

    fn restore(&self, previous: &StoredContent) -> Result<()> {
        match previous {
            StoredContent::Value(secret) => self.deliver(secret),
            StoredContent::Digest(_) | StoredContent::Absent | StoredContent::Unreadable => {
                Err(super::nothing_to_restore(&self.shown))
            }
        }
    }
}

/// Appends `block` on lines of its own, or restores the length of the file: half a block would fail the whole step.
fn append(path: &Path, mut file: File, block: &str) -> Result<()> {
    let failed = |kind, error| files::path_error("append to", path, error).with_kind(kind);
    let (before, ended) = length_and_end(&mut file).map_err(|error| failed(Kind::Store, error))?;
    let newline = if ended { "" } else { "\n" };
    let text = Zeroizing::new(format!("{newline}{block}"));
    let written = fault::write_all(&mut file, path, text.as_bytes())
        .and_then(|()| fault::sync_all(&file, path));
    written.map_err(|error| match file.set_len(before) {
        Ok(()) => failed(Kind::Store, error),
        Err(_) => failed(Kind::Uncertain, error),
    })
}

/// Returns the length of a file, and whether its last line has its newline.
fn length_and_end(file: &mut File) -> io::Result<(u64, bool)> {
    let length = file.metadata()?.len();
    if length == 0 {
        return Ok((length, true));
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok((length, last == *b"\n"))
}

/// Returns a line that does not occur in the value: 128 bits from the system.
fn delimiter(secret: &Secret) -> Result<String> {
    loop {
        let mut bytes = [0_u8; 16];
        fault::random(&mut bytes)
            .map_err(|error| Error::failed("the system gives no random bytes").caused_by(error))?;
        let delimiter = format!("keywright_{}", to_hex(&bytes));
        if !secret.expose().contains(&delimiter) {
            return Ok(delimiter);
        }
    }
}
