//! Runs the program of a hook: no secret reaches it, and its output passes the gate.

use super::{HOOK_TIMEOUT, HookRunner, HookSpec, failed};
use crate::core::error::{Error, Kind, Result};
use crate::core::untrusted;
use crate::platform::{Program, ProgramError, ProgramOutput, why_not_found};

impl HookRunner<'_> {
    pub(super) fn probe_program(&self, hook: &HookSpec, words: &[String]) -> Result<()> {
        if hook.reaches_cluster() {
            self.check_sandbox()?;
        }
        let name = words.first().map_or("", String::as_str);
        if self.programs_of(hook).which(name).is_some() {
            return Ok(());
        }
        let why = format!("`{}` {}", untrusted::one_line(name), why_not_found(name));
        Err(Error::new(Kind::Store, why))
    }

    pub(super) fn run_program(&self, hook: &HookSpec, words: &[String]) -> Result<()> {
        self.probe_program(hook, words)?;
        self.log.trace(|| {
            let words = shell_words::join(words);
            format!("running {}", untrusted::one_line(&words))
        });
        let without = self.address_variables();
        let ran = self.programs_of(hook).run(&Program {
            without: &without,
            timeout: HOOK_TIMEOUT,
            hears_signals: true,
            ..Program::new(words)
        });
        let ended = match ran {
            Ok(ended) => ended,
            Err(ProgramError::NotStarted(why)) => {
                return Err(failed(format!("it could not be started: {why}")));
            }
            Err(ProgramError::Uncertain(why)) => {
                return Err(failed(why).hint("it cannot prompt at the terminal"));
            }
        };
        self.show_output(&ended);
        match (ended.code, ended.signal) {
            (Some(0), _) => Ok(()),
            (Some(code), _) => Err(failed(format!("it ended with exit code {code}"))),
            (None, Some(signal)) => Err(failed(format!("signal {signal} ended it"))),
            (None, None) => Err(failed("it did not end with exit code 0")),
        }
    }

    /// Shows the output of a program on stderr, line by line; with `--quiet` only that of one that failed.
    fn show_output(&self, ended: &ProgramOutput) {
        for stream in [&ended.stdout, &ended.stderr] {
            let text = String::from_utf8_lossy(stream);
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                let line = format!("  {line}");
                if ended.success() {
                    self.log.note(&line);
                } else {
                    self.log.line(&line);
                }
            }
        }
    }
}
