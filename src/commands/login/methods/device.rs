//! `--device`: a code that is entered on any device (RFC 8628).

use jiff::{SignedDuration, Timestamp};

use super::super::super::Context;
use super::super::issued;
use super::{LoginInput, LoginMethod, impossible};
use crate::api::ApiClient;
use crate::core::error::Result;
use crate::core::moment::to_the_minute;
use crate::manifest::GrantType;
use crate::report::output::relative;
use crate::report::qr_code::qr_code;
use crate::service::oauth::DeviceCode;

pub(super) const METHOD: LoginMethod = LoginMethod {
    flag: "--device",
    is_asked_for: |args| args.device,
    title: |manifest| {
        issued::yields(manifest, GrantType::DeviceCode)?;
        Some("a code that you enter on any device".to_owned())
    },
    why_not: |_| None,
    instead: |_, _| None,
    check: |_, _| Ok(()),
    obtain: |_, context, client| Box::pin(obtain(context, client)),
};

/// Shows a code, and returns the token once it was entered.
pub(super) async fn obtain(context: &Context<'_>, client: &ApiClient<'_>) -> Result<LoginInput> {
    let service = client.service;
    let name = issued::yields(service.manifest, GrantType::DeviceCode)
        .ok_or_else(|| impossible(service.manifest, &METHOD))?;
    let own = issued::client_credential(client).await?;
    let carried = own.as_ref().map(|own| own.credential_ref());
    let code = service.device_code(carried.as_ref()).await?;
    show(context, client, &code);
    let limit = limit(context);
    let token = service
        .await_device(code, limit, name, carried.as_ref())
        .await?;
    issued::accepted(context, client, name, token).await
}

/// Returns the moment at which `--timeout` ends the wait.
fn limit(context: &Context<'_>) -> Option<Timestamp> {
    let span = context.global.timeout?.duration();
    let span = SignedDuration::try_from(span).ok()?;
    context.platform.clock.now().checked_add(span).ok()
}

fn show(context: &Context<'_>, client: &ApiClient<'_>, code: &DeviceCode) {
    let now = context.platform.clock.now();
    let mut lines = vec![
        format!("log in to {} at: {}", client.service.name(), code.address),
        format!("enter the code: {}", code.user_code),
    ];
    if let Some(address) = &code.complete_address {
        lines.push(format!("or open: {address}"));
    }
    let end = code.expires_at;
    lines.push(format!(
        "the code is valid until {} ({})",
        to_the_minute(end),
        relative(Some(end), now)
    ));
    let address = code.complete_address.as_ref().unwrap_or(&code.address);
    let terminal = &context.platform.terminal;
    let width = terminal
        .stderr_width()
        .filter(|_| context.platform.env.speaks_utf8());
    lines.extend(width.and_then(|width| qr_code(address, width)));
    context.show(&lines.join("\n"));
}
