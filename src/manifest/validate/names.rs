//! Checks names: each stands for something that the manifest declares or the operation knows, and of one that does not, the
//! nearest known name is asked about.

use std::collections::BTreeSet;

use super::super::source::{IDENTITY, PASSWORD, Source, Template};
use super::Validator;
use crate::core::error::closest_word;
use crate::core::map::map_of;

/// Returns a fix behind the question whether another name was meant.
pub(super) fn asked_first(near: Option<&str>, fix: &str) -> String {
    match near {
        Some(near) => format!("did you mean `{near}`? {fix}"),
        None => fix.to_owned(),
    }
}

/// Returns the message about a name that no table of the manifest declares.
pub(super) fn undeclared<'m>(
    table: &str,
    name: &str,
    declared: impl IntoIterator<Item = &'m str>,
) -> String {
    let near = closest_word(name, declared);
    let fix = asked_first(near, "declare it, or name another");
    format!("there is no [{table}.{name}]: {fix}")
}

/// Returns the names of the inputs among the known sources.
pub(super) fn inputs(known: &BTreeSet<Source>) -> impl Iterator<Item = &str> {
    known.iter().filter_map(|source| match source {
        Source::Input(name) => Some(name.as_str()),
        _ => None,
    })
}

impl Validator<'_> {
    /// Checks a source that the built request knows, unlike paths and programs.
    pub(super) fn field_source(&mut self, source: &Source, known: &BTreeSet<Source>) {
        if *source != Source::Origin {
            self.source(source, known);
        }
    }

    pub(super) fn source(&mut self, source: &Source, known: &BTreeSet<Source>) {
        let manifest = self.manifest;
        let found = match source {
            Source::Variable(name) => manifest.variables.contains_key(name),
            Source::Credential(name) => {
                name == PASSWORD
                    || manifest.credentials.contains_key(name)
                    || known.contains(source)
            }
            Source::Refresh(name) => manifest.credentials.contains_key(name),
            Source::Part { credential, part } => {
                let spec = manifest.credentials.get(credential);
                spec.is_some_and(|spec| spec.parts.iter().any(|known| known.name == *part))
            }
            Source::Input(_)
            | Source::Step { .. }
            | Source::Challenge(_)
            | Source::Signer(_)
            | Source::PublicKey(_) => known.contains(source),
            Source::Origin => false,
            Source::Uuid | Source::Now(_) => true,
        };
        if found {
            return;
        }
        let fix = match source {
            Source::Variable(name) => format!("declare it: [variables.{name}]"),
            Source::Credential(name) if name == IDENTITY => {
                "only [operations.federate] knows the identity of a job".to_owned()
            }
            Source::Credential(name) | Source::Refresh(name) => {
                format!("declare it: [credentials.{name}]")
            }
            Source::Part { credential, part } => {
                format!("declare it: [[credentials.{credential}.parts]] with the name `{part}`")
            }
            Source::Input(name) if self.manifest.address.is_some() => {
                format!("it must be a part of `address`: `{{{name}}}`")
            }
            Source::Input(name) => format!("declare it: parameters = {{ {name} = {{}} }}"),
            Source::Step { step, capture } => {
                format!("an earlier step `{step}` must capture `{capture}`")
            }
            Source::Challenge(_) | Source::Uuid | Source::Now(_) => {
                "it can be used only in [challenge]".to_owned()
            }
            Source::Signer(_) => "it can be used only in a `jwt`".to_owned(),
            Source::PublicKey(_) => {
                "it is that of a pair which is made here: add `key_pair` to the operation"
                    .to_owned()
            }
            Source::Origin => "it can be used only in a field of a request".to_owned(),
        };
        let near = self.near_source(source, known).map(|near| near.to_string());
        let fix = asked_first(near.as_deref(), &fix);
        self.problem("", format!("`{source}` is not known here; {fix}"));
    }

    /// Returns the known source of the same kind whose name is near to that of an unknown one.
    fn near_source(&self, source: &Source, known: &BTreeSet<Source>) -> Option<Source> {
        let manifest = self.manifest;
        let credential = |name: &str| {
            let names = manifest.credentials.keys().map(String::as_str);
            closest_word(name, names).map(str::to_owned)
        };
        match source {
            Source::Variable(name) => {
                let names = manifest.variables.keys().map(String::as_str);
                closest_word(name, names).map(|near| Source::Variable(near.to_owned()))
            }
            Source::Credential(name) if name != IDENTITY => {
                credential(name).map(Source::Credential)
            }
            Source::Refresh(name) => credential(name).map(Source::Refresh),
            Source::Part {
                credential: of,
                part,
            } => {
                let Some(spec) = manifest.credentials.get(of) else {
                    let near = credential(of)?;
                    return Some(Source::Part {
                        credential: near,
                        part: part.clone(),
                    });
                };
                let names = spec.parts.iter().map(|known| known.name.as_str());
                closest_word(part, names).map(|near| Source::Part {
                    credential: of.clone(),
                    part: near.to_owned(),
                })
            }
            // A variable is often written without its first word.
            Source::Input(name) if manifest.variables.contains_key(name) => {
                Some(Source::Variable(name.clone()))
            }
            Source::Input(name) => {
                closest_word(name, inputs(known)).map(|near| Source::Input(near.to_owned()))
            }
            Source::Step { .. } => {
                let steps = known
                    .iter()
                    .filter(|known| matches!(known, Source::Step { .. }));
                let steps = map_of(steps.map(|known| (known.to_string(), known)));
                let near = closest_word(&source.to_string(), steps.keys().map(String::as_str))?;
                Some(steps[near].clone())
            }
            _ => None,
        }
    }

    /// Checks a text that only variables fill.
    pub(super) fn variables_only(&mut self, key: &str, template: Option<&Template>) {
        for source in template.into_iter().flat_map(Template::sources) {
            match source {
                Source::Variable(name) if self.manifest.variables.contains_key(name) => {}
                _ => {
                    let near = self.near_source(source, &BTreeSet::new());
                    let near = near.map(|near| near.to_string());
                    let fix = asked_first(near.as_deref(), "only declared variables fill it");
                    self.problem(key, format!("`{source}` is not known here; {fix}"));
                }
            }
        }
    }

    pub(super) fn check_auth(&mut self, auth: &[String], key: &str) {
        for name in auth {
            if !self.manifest.credentials.contains_key(name) {
                let message = self.undeclared_credential(name);
                self.problem(key, message);
            }
        }
    }

    /// Returns the message about a credential that the manifest does not declare.
    pub(super) fn undeclared_credential(&self, name: &str) -> String {
        let names = self.manifest.credentials.keys().map(String::as_str);
        undeclared("credentials", name, names)
    }
}
