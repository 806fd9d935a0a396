//! The questions of a command, and what has to be read to go on.

use super::Context;
use crate::core::error::{Error, Kind, Result};
use crate::core::untrusted::mask_typed_secret;
use crate::platform::{HiddenTyping, SECRET_TRIES, ask_optional_until};

/// The tries to type a secret; input between the questions is hidden as long as this lives.
pub struct HiddenTries {
    /// The number of times.
    pub count: usize,
    _hidden: Option<Box<dyn HiddenTyping>>,
}

impl Context<'_> {
    /// Asks whether to go on; `--yes` is required if prompts are disabled.
    pub fn confirm(&self, what: &str, question: &str) -> Result<()> {
        if self.agrees(what, question)? {
            return Ok(());
        }
        Err(Error::new(
            Kind::Cancelled,
            "cancelled: nothing was changed",
        ))
    }

    /// Asks for a fact that only the user can know; `--yes` does not answer it.
    pub fn witness(&self, what: &str, question: &str) -> Result<()> {
        if !self.may_ask {
            return Err(Error::new(Kind::Uncertain, what)
                .hint("run this at a terminal to answer: `--yes` does not"));
        }
        self.log.preface(what);
        if self.platform.terminal.confirm(question)? {
            return Ok(());
        }
        Err(Error::new(
            Kind::Cancelled,
            "cancelled: neither key was revoked",
        ))
    }

    /// Asks as [`Context::confirm`] does, and returns the answer.
    pub fn agrees(&self, what: &str, question: &str) -> Result<bool> {
        if self.global.yes {
            return Ok(true);
        }
        self.check_consent(what)?;
        self.log.preface(what);
        self.platform.terminal.confirm(question)
    }

    /// Fails if there is no consent to `what` and prompts are disabled.
    pub fn check_consent(&self, what: &str) -> Result<()> {
        if self.global.yes || self.may_ask {
            return Ok(());
        }
        // Further lines belong to the prompt only.
        let what = what.lines().next().unwrap_or_default();
        Err(Error::usage(format!("{what}, and prompts are disabled"))
            .hint("if you want that, confirm with `--yes`"))
    }

    /// Asks to type a word before a bulk change; `--yes` is required if prompts are disabled.
    pub fn confirm_by_name(&self, what: &str, name: &str) -> Result<()> {
        if self.global.yes || !self.may_ask {
            return self.confirm(what, "");
        }
        self.log.preface(what);
        let question = format!("Type `{name}` to go on");
        let typed = ask_optional_until(&*self.platform.terminal, &question, "", |typed| {
            if typed == name {
                return Ok(());
            }
            let typed = mask_typed_secret(typed);
            Err(Error::usage(format!(
                "`{typed}` is not the name; type `{name}`, or nothing to cancel"
            )))
        })?;
        typed.ok_or_else(|| Error::new(Kind::Cancelled, "cancelled: nothing was changed"))
    }

    /// Hides what is typed until the returned value is dropped, if a secret will be asked for, and says how often a
    /// wrong one may be typed; a program's is read once.
    pub fn hidden_tries(&self) -> HiddenTries {
        let terminal = &self.platform.terminal;
        if self.may_ask && terminal.stdin_is_terminal() {
            HiddenTries {
                count: SECRET_TRIES,
                _hidden: Some(terminal.hide_typing()),
            }
        } else {
            HiddenTries {
                count: 1,
                _hidden: None,
            }
        }
    }

    /// Says why an answer is refused before it is asked for again.
    pub fn refuse_answer(&self, error: &Error) {
        self.log.preface(error.message());
    }

    /// Prints the steps to do by hand.
    pub fn instruct(&self, title: &str, manual: &crate::manifest::Manual, further: &[String]) {
        let steps = manual.steps.iter().chain(further).enumerate();
        let steps = steps.map(|(number, step)| format!("  {}. {step}", number + 1));
        let head = std::iter::once(format!("{title}: {}", manual.url));
        self.show(&head.chain(steps).collect::<Vec<_>>().join("\n"));
    }

    /// Prints what you have to see to go on, wherever you are.
    pub fn show(&self, text: &str) {
        if self.may_ask {
            self.log.preface(text);
        } else {
            self.log.line(text);
        }
    }
}
