//! Calls a deploy hook, whose address is itself a secret.

use url::Url;

use super::spec::AddressSource;
use super::{HookRunner, failed};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::{Header, HttpRequest, TransportError, is_loopback, may_carry_secrets};
use crate::store::KeyringItem;

impl HookRunner<'_> {
    /// Returns the address of a deploy hook; no message repeats a part of it.
    pub(super) fn address(&self, source: &AddressSource) -> Result<Url> {
        let text = match source {
            AddressSource::Variable(name) => {
                let value = self.platform.env.get(name);
                value.map(Secret::pasted).ok_or_else(|| {
                    Error::usage(format!("{name} is not set"))
                        .hint(format!("set {name} to the address of the deploy hook"))
                })?
            }
            AddressSource::Keyring { service, account } => {
                let item = KeyringItem::new(self.platform, self.may_ask, service, account)?;
                item.read()?.ok_or_else(|| {
                    Error::new(
                        Kind::Store,
                        format!("the keyring has no {service}/{account}"),
                    )
                })?
            }
        };
        self.log.register_secret(&text);
        let url = Url::parse(text.expose().trim()).ok().filter(Url::has_host);
        let Some(url) = url else {
            return Err(Error::usage(format!("{source} does not hold an address")));
        };
        if !may_carry_secrets(&url) {
            let why = format!("the address in {source} is not https");
            return Err(Error::usage(why));
        }
        if !is_loopback(&url) {
            self.check_sandbox()?;
        }
        Ok(url)
    }

    /// Sends a POST without a body, once.
    pub(super) async fn call(&self, source: &AddressSource) -> Result<()> {
        let request = HttpRequest {
            method: "POST".to_owned(),
            url: self.address(source)?,
            shown_url: format!("(the address in {source})"),
            headers: vec![Header::plain("accept", "*/*")],
            body: None,
            identity: None,
            timeout: self.call_timeout,
        };
        let begun = self.now();
        self.log.trace(|| format!("> POST {}", request.shown_url));
        let answer = self.platform.http.send(&request).await;
        let took = begun.duration_until(self.now());
        match answer {
            Ok(answer) => {
                self.log
                    .trace(|| format!("< {} after {} ms", answer.status, took.as_millis()));
                match answer.status {
                    200..=299 => Ok(()),
                    301 | 302 | 303 | 307 | 308 => Err(failed(format!(
                        "it was answered with a redirect (HTTP {}), which is not followed",
                        answer.status
                    ))),
                    status => Err(failed(format!("it was answered with HTTP {status}"))),
                }
            }
            Err(TransportError::Blocked { why, way_out }) => Err(failed(why).hint(way_out)),
            Err(error) if error.may_have_acted() => {
                Err(failed(format!("{error}; it may have begun nevertheless")))
            }
            Err(error) => Err(failed(error.to_string())),
        }
    }
}
