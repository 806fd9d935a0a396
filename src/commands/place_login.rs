//! The login of a destination from a profile: its credential, or a token that its service exchanges the identity of a job
//! for.

use std::rc::Rc;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use url::Url;

use super::{Context, ResolvedProfile, UntrustedPolicy};
use crate::core::advice::RepeatedFlags;
use crate::core::error::{Error, Result};
use crate::destination::{CredentialSource, DestinationSpec, LentCredential};
use crate::manifest::{CredentialKind, CredentialSpec};
use crate::platform::Platform;
use crate::profile::session::{IDENTITY_VARIABLE, Session};
use crate::profile::{Config, SelectedProfile, SelectionSource};
use crate::report::log::Log;
use crate::service::identity::IdentitySource;
use crate::store::{StoreKind, Stores};

/// Returns the profile that lends a destination its credential, if the entry of the project file or the configuration
/// names one.
pub(super) fn login_of(
    context: &Context<'_>,
    spec: &DestinationSpec,
) -> Result<Option<Rc<dyn CredentialSource>>> {
    let config = match Config::load(context.platform) {
        Ok(config) => config,
        // A run that needs no configuration works without one that can be read.
        Err(_) if spec.login().is_none() && !Config::may_name_logins(context.platform) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let set = config.destinations.get(spec.name());
    let identity = set.and_then(|set| set.identity.as_ref());
    let configured = set.and_then(|set| set.profile.as_deref());
    let Some(name) = spec.login().or(configured) else {
        return match identity {
            None => Ok(None),
            Some(_) => Err(Error::usage(format!(
                "destinations.{} in config.toml names an identity, and no profile whose service exchanges it",
                spec.name()
            ))
            .hint("add `profile = \"NAME\"` to it")),
        };
    };
    let chosen = match config.profile(name) {
        Ok(saved) => SelectedProfile {
            name: name.to_owned(),
            saved: saved.clone(),
            decided: SelectionSource::Each,
        },
        // It may be one of the environment.
        Err(unknown) => match context.choose_if(UntrustedPolicy::Ignore(None)) {
            Ok(chosen) if chosen.name == name => chosen,
            _ => return Err(unknown.context(&format!("the login of `{}:`", spec.name()))),
        },
    };
    let opened = context.open_chosen(chosen)?;
    Ok(Some(Rc::new(ProfileLogin::new(context, opened, identity)?)))
}

/// A profile that lends its credential.
struct ProfileLogin {
    platform: Platform,
    log: Log,
    stores: Stores,
    store: StoreKind,
    timeout: Duration,
    opened: ResolvedProfile,
    flags: RepeatedFlags,
    /// Says that the variables of credentials are for this profile.
    is_in_force: bool,
}

impl ProfileLogin {
    fn new(
        context: &Context<'_>,
        opened: ResolvedProfile,
        identity: Option<&IdentitySource>,
    ) -> Result<Self> {
        let name = &opened.chosen.name;
        let bare = context.without_variables_of_others(name);
        let mut platform = bare.unwrap_or_else(|| context.platform.clone());
        if let Some(identity) = identity {
            // In place of whatever the environment holds for the profile; nothing is stored.
            let env = platform.env.without_a_profile();
            platform.env = env.with(IDENTITY_VARIABLE, identity.to_string());
        }
        Ok(ProfileLogin {
            stores: Stores::new(&platform, context.may_ask),
            platform,
            log: context.log.clone(),
            store: context.store_of(&opened)?,
            timeout: context.timeout(),
            flags: RepeatedFlags::of_profile(name),
            is_in_force: context.is_in_force(name),
            opened,
        })
    }

    async fn held(&self, form: &CredentialSpec) -> Result<Option<LentCredential>> {
        let mut service = self.opened.service(&self.platform, &self.log);
        service.transport.timeout = self.timeout;
        let name = &self.opened.chosen.name;
        let session = Session::new(&self.platform, &service, name, &self.stores, self.store);
        let manifest = service.manifest;
        let kinds = [CredentialKind::Token, CredentialKind::Key].into_iter();
        let names = kinds.flat_map(|kind| manifest.credentials_of(kind));
        let names = names.filter(|name| is_of_form(&manifest.credentials[*name], form));
        let names: Vec<String> = names.map(str::to_owned).collect();
        if names.is_empty() {
            return Ok(None);
        }
        for name in &names {
            if let Some(held) = session.valid(name, None).await? {
                return Ok(Some((held.secret, held.expires_at)));
            }
        }
        let held = session.credential_to_lend(&names).await?;
        Ok(held.map(|held| (held.secret, held.expires_at)))
    }
}

impl CredentialSource for ProfileLogin {
    fn name(&self) -> String {
        format!("profile `{}`", self.opened.chosen.name)
    }

    fn servers(&self) -> Vec<Url> {
        let bases = self.opened.bases.values();
        bases.map(|(url, _)| url.clone()).collect()
    }

    fn credential<'s>(
        &'s self,
        form: &'s CredentialSpec,
    ) -> LocalBoxFuture<'s, Result<Option<LentCredential>>> {
        Box::pin(async {
            let held = self.held(form).await;
            held.map_err(|error| {
                // Of another profile, a variable would be its credential there.
                let leads_out = |hint: &str| self.is_in_force || !is_about_variable(hint);
                let error = error.retain_hints(leads_out);
                error.map_hints(|hint| self.flags.repeat(&hint))
            })
        })
    }
}

/// Returns whether advice is to set the variable of a credential.
fn is_about_variable(hint: &str) -> bool {
    let kinds = [CredentialKind::Key, CredentialKind::Token];
    let mut sets = kinds
        .map(|kind| format!("set {}", kind.variable()))
        .into_iter();
    sets.any(|set| hint.contains(&set))
}

/// Returns whether a credential has the parts of another form.
fn is_of_form(known: &CredentialSpec, form: &CredentialSpec) -> bool {
    let has = |spec: &CredentialSpec, name: &str| spec.parts.iter().any(|part| part.name == name);
    let mut needed = form.parts.iter().filter(|part| !part.optional);
    needed.all(|part| has(known, &part.name))
        && known.parts.iter().all(|part| has(form, &part.name))
}
