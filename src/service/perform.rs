//! An operation from its values to a good answer.

use jiff::Timestamp;

use super::{Carried, Reading, Service, Trouble, Values, repeat_of};
use crate::manifest::{Operation, Verb};
use crate::world::Answer;

impl Service<'_> {
    /// Carries out an operation: its steps in order, then the call itself.
    pub async fn perform<'o>(
        &self,
        verb: Verb,
        operation: &'o Operation,
        values: Values,
        carried: Option<&Carried<'_>>,
    ) -> Result<Reading<'o>, Trouble> {
        self.perform_and_catch(verb, operation, values, carried, |_| ())
            .await
    }

    /// Carries out an operation; `catch` is shown a good answer to the call itself before anybody reads it.
    pub async fn perform_and_catch<'o>(
        &self,
        verb: Verb,
        operation: &'o Operation,
        mut values: Values,
        carried: Option<&Carried<'_>>,
        catch: impl FnOnce(&Answer),
    ) -> Result<Reading<'o>, Trouble> {
        let request = self.ready(verb, operation, &mut values, carried).await?;
        let repeat = repeat_of(
            verb,
            operation.repeatable,
            &request.method,
            operation.effect,
        );
        let request = self.build(request, &values, carried)?;
        let answer = self
            .send(repeat, Some(verb), request)
            .await
            .map_err(|trouble| trouble.after_steps(operation))?;
        if operation.answer.status.contains(answer.status) {
            catch(&answer);
        }
        self.read(verb, operation, &answer, self.now())
    }

    /// Reads the answer to an operation; `now` is when it came.
    pub fn read<'o>(
        &self,
        verb: Verb,
        operation: &'o Operation,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<Reading<'o>, Trouble> {
        let seen = self
            .judge(answer, &operation.answer, Some(verb))
            .map_err(|trouble| trouble.after_steps(operation))?;
        Ok(Reading {
            spec: &operation.answer,
            seen,
            now,
        })
    }
}
