//! Checks the requested properties of a new key against the abilities of the service.

use super::{ApiClient, Support, support};
use crate::core::error::{Error, Result};
use crate::core::key::{Expiry, Key, NewKey};
use crate::manifest::{InputSpec, Manual, Operation, Source, Verb};

impl ApiClient<'_> {
    /// Returns whether a call uses the user's value of `input`.
    pub fn takes(&self, verb: Verb, input: &str) -> bool {
        match support(self.manifest(), verb) {
            Support::Native(operation) => takes(operation, input),
            Support::Manual(manual) => AcceptedInputs::Person(manual).takes(input),
            _ => false,
        }
    }

    /// Returns the bounds of an input of a call.
    pub fn input(&self, verb: Verb, name: &str) -> Option<&InputSpec> {
        match support(self.manifest(), verb) {
            Support::Native(operation) => operation.parameters.get(name),
            _ => None,
        }
    }

    /// Refuses a property of a new key that the bounds of the input `name` do not allow, while others are still missing.
    pub fn check_property(&self, name: &str, new: &NewKey) -> Result<()> {
        let Support::Native(operation) = support(self.manifest(), Verb::Create) else {
            return Ok(());
        };
        let mut values = self.service.values();
        super::create::fill_new(&mut values, new);
        self.service.check_input(operation, name, &values)
    }

    /// Refuses, before anything is sent, properties that the service could not honour.
    pub fn check_new(&self, new: &NewKey) -> Result<()> {
        self.check_for(Verb::Create, new, None)
    }

    /// Refuses, before anything is sent, properties that the call `verb` could not honour: `create`, or `rotate` of
    /// the key `old`. With `create`, `old` is the key that the new one replaces.
    pub fn check_for(&self, verb: Verb, new: &NewKey, old: Option<&Key>) -> Result<()> {
        let name = self.service.name();
        let accepts = match support(self.manifest(), verb) {
            Support::Native(operation) => AcceptedInputs::Fields(operation),
            Support::Manual(manual) => AcceptedInputs::Person(manual),
            _ => return Err(self.cannot(verb)),
        };
        let refuse = |what: &str| {
            Err(Error::usage(format!(
                "{name} cannot honour {what} for a new key"
            )))
        };
        if new.name.is_some() && !accepts.takes("name") {
            return refuse("a name");
        }
        if !new.scopes.is_empty() && !accepts.takes("scopes") {
            return refuse("`--scope`");
        }
        // "never" requests nothing if keys do not expire anyway.
        if matches!(new.expires, Some(Expiry::At(_))) && !accepts.takes("expires") {
            return refuse("`--expires`");
        }
        for (field, _) in &new.fields {
            if !accepts.takes(field) {
                return refuse(&format!("`--set {field}=…`"));
            }
        }
        self.check_scopes(&new.scopes)?;
        if let AcceptedInputs::Fields(operation) = accepts {
            let needs_name = operation
                .parameters
                .get("name")
                .is_some_and(InputSpec::must_be_given);
            if needs_name && new.name.is_none() {
                let error = Error::usage(format!("{name} requires a name for the new key"));
                let renames = matches!(support(self.manifest(), Verb::Rename), Support::Native(_));
                return Err(match old {
                    None => error.hint("keywright keys create NAME"),
                    Some(_) if renames => {
                        error.hint("give the old key one first: keywright keys rename KEY NAME")
                    }
                    Some(_) => error.hint(
                        "create one with a name, and revoke the old one: keywright keys create NAME",
                    ),
                });
            }
            let mut values = self.service.values();
            super::create::fill_new(&mut values, new);
            if let Some(old) = old.filter(|_| verb == Verb::Rotate) {
                super::fill_id(&mut values, old);
            }
            self.service.check_inputs(operation, values)?;
        }
        Ok(())
    }

    /// Refuses a scope that the service does not have, if the manifest names those that it has.
    pub(super) fn check_scopes(&self, wanted: &[String]) -> Result<()> {
        let scopes = &self.manifest().scopes;
        let mut wanted = wanted.iter();
        match wanted.find(|scope| !scopes.is_empty() && !scopes.contains_key(*scope)) {
            None => Ok(()),
            Some(unknown) => {
                let known: Vec<&str> = scopes.keys().map(String::as_str).collect();
                let name = self.service.name();
                Err(Error::usage(format!("{name} has no scope `{unknown}`"))
                    .did_you_mean(unknown, known.iter().copied())
                    .hint(format!("scopes are: {}", known.join(", "))))
            }
        }
    }
}

/// The properties that a new key can be given.
enum AcceptedInputs<'m> {
    /// The inputs of the request.
    Fields(&'m Operation),
    /// The inputs that you can choose in the dashboard.
    Person(&'m Manual),
}

impl AcceptedInputs<'_> {
    fn takes(&self, input: &str) -> bool {
        match self {
            AcceptedInputs::Fields(operation) => takes(operation, input),
            AcceptedInputs::Person(manual) => manual.takes.iter().any(|taken| taken == input),
        }
    }
}

/// Returns whether a request of the operation uses the input `name`.
fn takes(operation: &Operation, name: &str) -> bool {
    let wanted = Source::Input(name.to_owned());
    operation.sources().contains(&&wanted)
}
