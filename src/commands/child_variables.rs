//! The variables that a command gets: each with the credential of the profile in force, or of one that it names.

use std::collections::BTreeMap;

use super::{Context, ResolvedProfile, token};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::core::untrusted::mask_typed_secret;
use crate::profile::{Config, SelectedProfile, SelectionSource};

/// The variable for a credential if none is named.
const DEFAULT_VARIABLE: &str = "API_KEY";

/// A variable, and the profile whose credential it gets; that in force if it names none.
struct ChildVariable {
    name: String,
    profile: Option<String>,
}

/// The variables of a command, with every profile that they take a credential of.
pub(super) struct ChildVariables {
    variables: Vec<ChildVariable>,
    /// The profile in force, if a variable takes its credential.
    pub(super) in_force: Option<ResolvedProfile>,
    others: BTreeMap<String, ResolvedProfile>,
}

impl ChildVariables {
    /// Opens the profiles of these `NAME[=PROFILE]`; nothing is sent. A text behind a `=` may be a secret by mistake, so
    /// that no message repeats it.
    pub(super) fn open(texts: &[String], context: &Context<'_>) -> Result<ChildVariables> {
        let mut variables = parse(texts)?;
        let mut others = BTreeMap::new();
        for variable in &mut variables {
            let Some(profile) = &variable.profile else {
                continue;
            };
            if context.is_in_force(profile) {
                variable.profile = None;
            } else if !others.contains_key(profile) {
                let chosen = named(context, &variable.name, profile)?;
                others.insert(profile.clone(), context.open_chosen(chosen)?);
            }
        }
        let needs_own = variables.iter().any(|variable| variable.profile.is_none());
        let in_force = if needs_own {
            Some(context.open()?)
        } else {
            context.refuse_untrusted()?;
            None
        };
        Ok(ChildVariables {
            variables,
            in_force,
            others,
        })
    }

    /// Returns the credentials of the profiles that are not in force, valid now.
    pub(super) async fn of_others(&self, context: &Context<'_>) -> Result<BTreeMap<&str, Secret>> {
        let mut found = BTreeMap::new();
        for (name, opened) in &self.others {
            let secret = credential(context, opened).await;
            let secret = secret.map_err(|error| error.context(&format!("profile `{name}`")))?;
            found.insert(name.as_str(), secret);
        }
        Ok(found)
    }

    /// Returns the credential of the profile in force, valid now, if a variable takes it.
    pub(super) async fn of_own(&self, context: &Context<'_>) -> Result<Option<Secret>> {
        match &self.in_force {
            Some(opened) => credential(context, opened).await.map(Some),
            None => Ok(None),
        }
    }

    /// Each variable with its value, in the order of the command line.
    pub(super) fn filled<'v>(
        &'v self,
        own: Option<&'v Secret>,
        others: &'v BTreeMap<&str, Secret>,
    ) -> Vec<(&'v str, &'v Secret)> {
        let value = |variable: &'v ChildVariable| match &variable.profile {
            None => own,
            Some(profile) => others.get(profile.as_str()),
        };
        let filled = self.variables.iter();
        filled
            .filter_map(|variable| Some((variable.name.as_str(), value(variable)?)))
            .collect()
    }
}

async fn credential(context: &Context<'_>, opened: &ResolvedProfile) -> Result<Secret> {
    context
        .with_client(opened, async |client| {
            Ok(token::valid(client, None).await?.secret)
        })
        .await
}

fn parse(texts: &[String]) -> Result<Vec<ChildVariable>> {
    let mut variables: Vec<ChildVariable> = Vec::new();
    for text in texts {
        let (name, profile) = match text.split_once('=') {
            Some((name, profile)) => (name, Some(profile.to_owned())),
            None => (text.as_str(), None),
        };
        if name.is_empty() || name.contains('\0') {
            return Err(
                Error::usage("the text before `=` cannot be the name of a variable")
                    .hint("write it as NAME or NAME=PROFILE: --env API_KEY=production"),
            );
        }
        let shown = mask_typed_secret(name);
        if profile.as_ref().is_some_and(String::is_empty) {
            return Err(Error::usage(format!("`--env {shown}=` names no profile"))
                .hint("list the profiles: keywright profiles"));
        }
        if variables.iter().any(|known| known.name == name) {
            return Err(Error::usage(format!("`--env` names `{shown}` twice"))
                .hint("give each credential a variable of its own"));
        }
        variables.push(ChildVariable {
            name: name.to_owned(),
            profile,
        });
    }
    if variables.is_empty() {
        variables.push(ChildVariable {
            name: DEFAULT_VARIABLE.to_owned(),
            profile: None,
        });
    }
    Ok(variables)
}

fn named(context: &Context<'_>, variable: &str, profile: &str) -> Result<SelectedProfile> {
    let config = Config::load(context.platform)?;
    let Some(saved) = config.profiles.get(profile) else {
        let known: Vec<&str> = config.profiles.keys().map(String::as_str).collect();
        let error = Error::new(
            Kind::NotFound,
            format!(
                "`--env {}=…` names no profile that exists",
                mask_typed_secret(variable)
            ),
        );
        return Err(if known.is_empty() {
            error.hint("log in first: keywright login PROVIDER")
        } else {
            error.hint(format!("profiles are: {}", known.join(", ")))
        });
    };
    Ok(SelectedProfile {
        name: profile.to_owned(),
        saved: saved.clone(),
        decided: SelectionSource::Flag,
    })
}
