//! The connection of a destination as its own tool is set up: server, login and certificates.

use std::rc::Rc;

use super::super::credential::is_in_environment;
use super::super::kubeconfig::{self, Cluster, ClusterLogin};
use super::{DescribedDestination, servers};
use crate::core::error::Result;
use crate::manifest::Verb;
use crate::platform::Platform;

impl DescribedDestination {
    /// Returns the cluster that its tool is set up for, unless a variable names the server.
    pub(super) fn cluster(&self) -> Result<Option<&Cluster>> {
        if self.manifest.tool.is_none() || servers::are_set(&self.manifest, &self.platform.env) {
            return Ok(None);
        }
        if let Some(known) = self.cluster.get() {
            return Ok(known.as_ref());
        }
        let found = kubeconfig::cluster(&self.platform)?;
        Ok(self.cluster.get_or_init(|| found).as_ref())
    }

    /// Returns the login that its tool is set up for, unless a variable holds one of the credentials.
    pub(super) fn login_of_tool(&self, accepted: &[String]) -> Result<Option<ClusterLogin>> {
        let Some(cluster) = self.cluster()? else {
            return Ok(None);
        };
        if self.source.is_some() {
            return Ok(None);
        }
        if is_in_environment(accepted, &self.manifest, &self.platform.env) {
            return Ok(None);
        }
        cluster.login(self.platform.clock.now()).map(Some)
    }

    /// Returns the platform whose connections have the certificates of the cluster, and no other has them.
    pub(super) fn connected(&self) -> Result<Platform> {
        let platform = self.platform.clone();
        let Some(cluster) = self.cluster()? else {
            return Ok(platform);
        };
        if let Some(http) = self.transport.get() {
            return Ok(Platform {
                http: Rc::clone(http),
                ..platform
            });
        }
        let write = self.manifest.operation(Verb::Write);
        let accepted = write.map_or(&[][..], |write| self.manifest.accepted_credentials(write));
        let certificates = match self.login_of_tool(accepted)? {
            Some(login) => login.certificates,
            None => cluster.certificates(),
        };
        let own = platform.http.with_certificates(certificates);
        let http = own.unwrap_or_else(|| Rc::clone(&platform.http));
        let http = self.transport.get_or_init(|| http);
        Ok(Platform {
            http: Rc::clone(http),
            ..platform
        })
    }
}
