//! The walk over the authorization server.

use super::super::schema::OAuth;
use super::Walk;

impl<'m> Walk<'_, 'm> {
    pub(super) fn oauth(&mut self, oauth: &'m OAuth) {
        self.walk_field("client_id", Some(&oauth.client_id), Self::template);
        for (key, template) in [
            ("client_secret", &oauth.client_secret),
            ("token_endpoint", &oauth.token_endpoint),
            ("authorization_endpoint", &oauth.authorization_endpoint),
            (
                "device_authorization_endpoint",
                &oauth.device_authorization_endpoint,
            ),
            ("revocation_endpoint", &oauth.revocation_endpoint),
        ] {
            self.walk_field(key, template, Self::template);
        }
        self.walk_list(
            "authorization_parameters",
            &oauth.authorization_parameters,
            Self::field,
        );
    }
}
