//! The key of the project file that a rotation is about.

use super::super::{Context, ResolvedProfile};
use super::rotate::KeysRotateArgs;
use crate::core::error::{Error, Result};
use crate::profile::{
    self, Config, Project, ProjectKey, SelectedProfile, SelectionSource, UntrustedPolicy,
};

/// Returns the project file, where it is obeyed. One that is not trusted is passed over where something else names the
/// profile.
pub(super) fn obeyed(context: &Context<'_>) -> Result<Option<Project>> {
    let is_named = profile::is_named(context.platform, context.global.profile.as_deref());
    let if_untrusted = if is_named {
        UntrustedPolicy::Ignore(Some(context.log))
    } else {
        UntrustedPolicy::Refuse
    };
    profile::project(context.platform, if_untrusted)
}

/// A key of the project file, with its name there.
pub(super) type ProjectEntry<'p> = (&'p Project, &'p str, &'p ProjectKey);

/// Returns the key of the project file that is meant: the one that is named, or the only one.
pub(super) fn entry<'p>(
    project: Option<&'p Project>,
    args: &KeysRotateArgs,
    context: &Context<'_>,
) -> Result<Option<ProjectEntry<'p>>> {
    let Some(project) = project else {
        return Ok(None);
    };
    let wanted = context.global.profile.as_deref();
    let mut keys = project.keys.0.iter().filter(|(name, key)| {
        let of_profile = wanted.is_none_or(|wanted| {
            let own = project.profile_of(key);
            own.is_none_or(|own| own == wanted)
        });
        of_profile && args.key.as_ref().is_none_or(|text| text == name)
    });
    match (keys.next(), keys.next()) {
        (Some((name, key)), None) => Ok(Some((project, name, key))),
        (Some(_), Some(_)) if args.key.is_none() => {
            let names = project.keys.0.iter().map(|(name, _)| name.as_str());
            Err(Error::usage("no key given, and the project has several")
                .hint(format!("it has: {}", names.collect::<Vec<_>>().join(", ")))
                .hint("every one that is due: keywright keys rotate --due"))
        }
        _ => Ok(None),
    }
}

/// Returns the profile that a key of the project file belongs to, opened.
pub(super) fn open_for(
    context: &Context<'_>,
    project: &Project,
    key: &ProjectKey,
) -> Result<ResolvedProfile> {
    let Some(name) = project.profile_of(key) else {
        return context.open();
    };
    let saved = Config::load(context.platform)?.profile(name).cloned();
    // In a job there is no config: a profile is called like the provider that the environment names.
    if saved.is_err() && context.platform.env.get("KEYWRIGHT_PROVIDER") == Some(name) {
        return context.open();
    }
    let saved =
        saved.map_err(|error| error.hint(format!("it is named by {}", project.path.display())))?;
    context.open_chosen(SelectedProfile {
        name: name.to_owned(),
        saved,
        decided: SelectionSource::Project(project.path.clone()),
    })
}
