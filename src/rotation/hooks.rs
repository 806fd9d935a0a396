//! Runs the hooks that follow a delivery, with an event before and after each.

use super::Rotation;
use super::rollback::RollbackMode;
use crate::core::error::{Error, Result};
use crate::core::untrusted::escape;
use crate::hook::{HookRunner, HookSpec};
use crate::rotation::journal::{Event, RecordState};

impl Rotation<'_> {
    /// Runs every hook that has not done its work yet.
    pub(super) async fn run_hooks(&mut self) -> Result<()> {
        let hooks = self.hooks();
        self.run_each(&hooks, 0..hooks.len()).await?;
        let server_at = self.client.service.time_there();
        self.write(Event::HooksDone { server_at })
    }

    /// Runs the check once more, in a later run than the one that delivered: before the old key is revoked.
    pub(super) async fn check_again(&mut self) -> Result<()> {
        let old = self.record.events.replaces();
        let has_check = old.is_some_and(|old| old.check.is_some());
        let later = [
            RecordState::HooksDone,
            RecordState::Watching,
            RecordState::Disabled,
        ];
        if !has_check || !later.contains(&self.began_in) {
            return Ok(());
        }
        let hooks = self.hooks();
        self.run_one(&hooks, hooks.len() - 1).await
    }

    /// Runs the hooks of a rollback: a program that has read the new key reads the old one again before the new one is
    /// revoked. The check is about the new key and is left out.
    pub(super) async fn run_hooks_after_rollback(&mut self) -> Result<()> {
        if !self.record.events.hooks_before_rollback() {
            return Ok(());
        }
        let (hooks, after) = self.record.events.hooks();
        match self.run_each(&hooks, 0..after).await {
            Err(error) if self.rollback_mode == RollbackMode::BestEffort => {
                self.log().warn(&format!(
                    "{error}; make the programs that use the key read the old one"
                ));
                Ok(())
            }
            ran => ran,
        }
    }

    async fn run_each(
        &mut self,
        hooks: &[HookSpec],
        numbers: std::ops::Range<usize>,
    ) -> Result<()> {
        for number in numbers {
            if !self.record.events.hooks_done().contains(&number) {
                self.run_one(hooks, number).await?;
            }
        }
        Ok(())
    }

    async fn run_one(&mut self, hooks: &[HookSpec], number: usize) -> Result<()> {
        let Some(hook) = hooks.get(number) else {
            return Err(Error::failed("the record does not hold this hook"));
        };
        // The output of a hook may hold it: the log knows it from here on.
        self.secret_if_known().await?;
        self.write(Event::HookStarted { number })?;
        let runner = HookRunner {
            platform: self.platform(),
            log: self.log(),
            may_ask: self.callbacks.may_ask(),
            call_timeout: self.client.service.transport.timeout,
            all: hooks,
        };
        let ran = Box::pin(runner.run(hook)).await;
        ran.map_err(|error| self.hook_failed(error))?;
        self.log()
            .note(&format!("ran `{}`", escape(&hook.to_string())));
        self.write(Event::HookDone { number })
    }

    fn hook_failed(&self, error: Error) -> Error {
        error.append(match self.record.state() {
            RecordState::RollingBack if self.is_repair() => {
                "the values from before the repair are in place"
            }
            RecordState::RollingBack => "the old key is in place, and the new one was not revoked",
            _ if self.old_lives_on() => "the new key is in place, and the old one was not revoked",
            _ if self.is_repair() => "the current key is in place",
            _ => "the new key is in place",
        })
    }

    fn hooks(&self) -> Vec<HookSpec> {
        self.record.events.hooks().0
    }
}
