//! `--web`: a login in a browser, which returns to a port of this machine (RFC 8252).

use std::time::Duration;

use url::Url;

use super::super::super::{Context, browser};
use super::super::issued;
use super::{LoginInput, LoginMethod, device, impossible, with_key, with_token};
use crate::api::ApiClient;
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::manifest::{CredentialKind, GrantType, Manifest};
use crate::platform::{CallbackListener, CallbackReply};
use crate::service::oauth::{BrowserLogin, CallbackVerdict};

/// The longest wait for a browser, unless `--timeout` says otherwise.
const BROWSER_TIMEOUT: Duration = Duration::from_secs(300);

/// The address to which a browser returns, unless the manifest says otherwise.
const REDIRECT_URI: &str = "http://127.0.0.1/callback";

pub(super) const METHOD: LoginMethod = LoginMethod {
    flag: "--web",
    is_asked_for: |args| args.web,
    title: |manifest| {
        issued::yields(manifest, GrantType::AuthorizationCode)?;
        Some("a browser".to_owned())
    },
    why_not: |_| None,
    instead: by_page,
    check: |_, _| Ok(()),
    obtain: |_, context, client| Box::pin(obtain(context, client)),
};

/// Opens the page of the service on which you get a key or token, which is then pasted.
fn by_page(context: &Context<'_>, manifest: &Manifest) -> Option<&'static LoginMethod> {
    let (kind, method) = [
        (CredentialKind::Key, &with_key::METHOD),
        (CredentialKind::Token, &with_token::METHOD),
    ]
    .into_iter()
    .find(|(_, method)| (method.title)(manifest).is_some())?;
    let mut specs = manifest.credentials_of(kind);
    let manual = specs.find_map(|name| manifest.credentials[name].manual.as_ref());
    let page = manual.map(|manual| &manual.url);
    browser::show_page(context, page.or(manifest.dashboard.as_ref())?);
    Some(method)
}

/// Sends a browser to the authorization server, and returns the token for the code that it brings back. Without a
/// browser here, a code for another device does, or the address is shown.
async fn obtain(context: &Context<'_>, client: &ApiClient<'_>) -> Result<LoginInput> {
    let service = client.service;
    let name = issued::yields(service.manifest, GrantType::AuthorizationCode)
        .ok_or_else(|| impossible(service.manifest, &METHOD))?;
    let has_device = issued::yields(service.manifest, GrantType::DeviceCode).is_some();
    if let Some(why) = browser::missing(context.platform)
        && has_device
        && service.offers_device_codes().await?
    {
        context.log.note(&format!(
            "no browser can be opened ({why}): log in with a code instead"
        ));
        return device::obtain(context, client).await;
    }
    let own = issued::client_credential(client).await?;
    let carried = own.as_ref().map(|own| own.credential_ref());
    let (mut listener, redirect_uri) = listen(context, client)?;
    let login = service.browser_login(redirect_uri).await?;
    lead(context, client, &login);
    // From here on nobody has to read it.
    context.log.register_secret(login.state());
    let code = code(context, client, &mut *listener, &login).await?;
    drop(listener);
    let token = service
        .redeem_code(&login, &code, name, carried.as_ref())
        .await?;
    issued::accepted(context, client, name, token).await
}

/// Listens on the port to which a browser returns, and returns its address.
fn listen(
    context: &Context<'_>,
    client: &ApiClient<'_>,
) -> Result<(Box<dyn CallbackListener>, Url)> {
    let oauth = client.service.authorization_server()?;
    let written = oauth.redirect_uri.as_deref().unwrap_or(REDIRECT_URI);
    let mut address = Url::parse(written)
        .map_err(|_| Error::usage(format!("`{written}` is no address to return to")))?;
    let port = address.port().unwrap_or(0);
    let listener = context.platform.callbacks.listen(port).map_err(|error| {
        let error = Error::failed(format!(
            "no browser can return to this machine: port {port} cannot be listened on"
        ))
        .caused_by(error);
        error.hint("end the program that uses it, or log in with another method")
    })?;
    // It has a host, so that a port can be set.
    let _ = address.set_port(Some(listener.port()));
    Ok((listener, address))
}

/// Opens the address, and shows it: a browser may be elsewhere.
fn lead(context: &Context<'_>, client: &ApiClient<'_>, login: &BrowserLogin) {
    let (name, address) = (client.service.name(), login.address.as_str());
    match browser::open(context.platform, address) {
        Ok(()) => context.show(&format!(
            "log in to {name} in the browser that opens; if none does, open: {address}"
        )),
        Err(why) => context.show(&format!(
            "no browser can be opened ({why})\nlog in to {name} in a browser on this machine: {address}"
        )),
    }
}

/// Waits for the browser to come back with a code.
async fn code(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    listener: &mut dyn CallbackListener,
    login: &BrowserLogin,
) -> Result<Secret> {
    let service = client.service;
    let mut ended: Option<Result<Secret>> = None;
    let mut answer = |method: &str, target: &str| {
        let verdict = match method {
            "GET" => service.judge_callback(login, target),
            _ => Ok(CallbackVerdict::Other),
        };
        let (outcome, text) = match verdict {
            Ok(CallbackVerdict::Other) => {
                return CallbackReply {
                    status: 404,
                    text: "There is nothing here.",
                    is_last: false,
                };
            }
            Ok(CallbackVerdict::Code(code)) => (
                Ok(code),
                "That is all. You can close this page and return to the terminal.",
            ),
            Ok(CallbackVerdict::Refused(error)) | Err(error) => (
                Err(error),
                "You are not logged in. The terminal says why; you can close this page.",
            ),
        };
        let status = if outcome.is_ok() { 200 } else { 400 };
        ended = Some(outcome);
        CallbackReply {
            status,
            text,
            is_last: true,
        }
    };
    let waiting = context.log.progress("waiting for the browser");
    let limit = context.global.timeout;
    let limit = limit.map_or(BROWSER_TIMEOUT, crate::manifest::Span::duration);
    let served = listener.serve(limit, &mut answer).await;
    drop(waiting);
    served.map_err(|error| {
        Error::failed("the port to which the browser returns does not work").caused_by(error)
    })?;
    ended.unwrap_or_else(|| {
        let seconds = limit.as_secs();
        let name = service.name();
        Err(Error::new(
            Kind::Auth,
            format!("not logged in to {name}: no browser came back within {seconds} s"),
        )
        .hint("nothing was stored; run the login again, and finish it in the browser")
        .hint("allow more time: --timeout 15m"))
    })
}
