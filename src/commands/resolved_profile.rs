//! A profile with everything that is known before anything is sent.

use std::collections::BTreeMap;
use std::rc::Rc;

use url::Url;

use crate::core::error::Result;
use crate::manifest::Manifest;
use crate::platform::Platform;
use crate::profile::{self, SelectedProfile, ValueSource};
use crate::report::log::Log;
use crate::service::Service;

/// A profile with everything that is known before anything is sent.
pub struct ResolvedProfile {
    /// The profile, and the source of its selection.
    pub chosen: SelectedProfile,
    /// Its provider.
    pub manifest: Rc<Manifest>,
    /// Its addresses.
    pub bases: BTreeMap<String, (Url, ValueSource)>,
    /// Its variables.
    pub variables: BTreeMap<String, (String, ValueSource)>,
    /// Its manifest may run programs.
    pub trusted: bool,
}

impl ResolvedProfile {
    /// Returns a profile as `platform` describes it.
    pub fn new(
        platform: &Platform,
        chosen: SelectedProfile,
        manifest: Rc<Manifest>,
    ) -> Result<ResolvedProfile> {
        let variables = profile::variables(platform, &chosen.saved, &manifest)?;
        let bases = profile::bases(platform, &chosen.saved, &manifest, &variables)?;
        let trusted = profile::may_start_programs(platform, &manifest)?;
        Ok(ResolvedProfile {
            chosen,
            manifest,
            bases,
            variables,
            trusted,
        })
    }

    /// Returns the service as the profile reaches it.
    pub fn service<'s>(&'s self, platform: &'s Platform, log: &'s Log) -> Service<'s> {
        let bases = self.bases.iter();
        let bases = bases.map(|(name, (url, _))| (name.clone(), url.clone()));
        let variables = self.variables.iter();
        let variables = variables.map(|(name, (value, _))| (name.clone(), value.clone()));
        let mut service = Service::new(platform, log, &self.manifest, bases, variables);
        service.aside.trusted = self.trusted;
        service
    }
}
