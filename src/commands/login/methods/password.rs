//! `--email`: an email, or another name, and a password.

use super::super::super::Context;
use super::super::super::keys::pasted;
use super::LoginMethodArgs;
use super::{LoginInput, LoginMethod, impossible};
use crate::api::ApiClient;
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{Validity, Verdict};
use crate::manifest::{ErrorReason, Manifest, Operation, PASSWORD, Verb};
use crate::platform::{ask_text, handed_over};
use crate::profile::session::CredentialMetadata;
use crate::service::CallError;

pub(super) const METHOD: LoginMethod = LoginMethod {
    flag: "--email E",
    is_asked_for: |args| args.email.is_some(),
    title: |manifest| {
        password_login(manifest)?;
        Some(format!("{} and password", manifest.login_name_label()))
    },
    why_not: |manifest| manifest.operation(Verb::Login)?.unsupported.clone(),
    instead: |_, _| None,
    check: |_, _| Ok(()),
    obtain: |args, context, client| Box::pin(obtain(args, context, client)),
};

fn password_login(manifest: &Manifest) -> Option<&Operation> {
    manifest
        .operation(Verb::Login)
        .filter(|operation| operation.request.is_some() && operation.yields.is_some())
}

/// Returns a token for an email and a password.
async fn obtain(
    args: &LoginMethodArgs,
    context: &Context<'_>,
    client: &ApiClient<'_>,
) -> Result<LoginInput> {
    let manifest = client.service.manifest;
    let operation = password_login(manifest).ok_or_else(|| impossible(manifest, &METHOD))?;
    let name = operation.yields.clone().unwrap_or_default();
    let email = match &args.email {
        Some(email) => email.clone(),
        None => ask_text(
            &*context.platform.terminal,
            &titled(manifest.login_name_label()),
        )?,
    };
    let mut handed = handed_over(&context.platform.env, "KEYWRIGHT_PASSWORD")?;
    let tries = handed.is_none().then(|| context.hidden_tries());
    let mut left = tries.as_ref().map_or(1, |tries| tries.count);
    let reading = loop {
        left -= 1;
        let password = match handed.take() {
            Some(password) => password,
            None => pasted(context, "Password")?,
        };
        context.log.register_secret(&password);
        let mut values = client.service.values();
        values.input("email", email.clone());
        values.credential(PASSWORD, &password);
        let answer = client
            .service
            .execute(Verb::Login, operation, values, None)
            .await;
        match answer {
            Ok(reading) => break reading,
            Err(failure) if left > 0 && is_refused(&failure) => {
                context.refuse_answer(&wrong_password(failure, manifest));
            }
            Err(failure) => return Err(wrong_password(failure, manifest)),
        }
    };
    let token = reading
        .token()
        .ok_or_else(|| CallError::incomplete(&manifest.name, Verb::Login, "the token"))?;
    context.log.register_secret(&token.value);
    let metadata = CredentialMetadata {
        refresh: token.refresh,
        expires_at: token.expires_at,
        ..CredentialMetadata::default()
    };
    let verdict = Verdict {
        result: Validity::Valid,
        identity: Some(crate::core::untrusted::Untrusted::new(email)),
        ..Verdict::undecided()
    };
    Ok(LoginInput {
        name,
        secret: token.value,
        metadata,
        verdict,
        variables: reading.variables(),
    })
}

/// Returns a word as it begins a question.
fn titled(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// Returns whether the password is refused, whatever the code is called; not that something else is asked for, too.
fn is_refused(failure: &CallError) -> bool {
    failure.error.kind() == Kind::Auth && failure.reason != Some(ErrorReason::Challenge)
}

fn wrong_password(failure: CallError, manifest: &Manifest) -> Error {
    let is_refused = is_refused(&failure);
    let error = failure.error;
    if is_refused {
        return Error::new(
            Kind::Auth,
            format!(
                "{} does not accept this {} and password",
                manifest.name,
                manifest.login_name_label()
            ),
        )
        .with_code(error.code().map(str::to_owned))
        .with_status(error.http_status().unwrap_or(401))
        .with_request_id(error.request_id().map(str::to_owned))
        .hint("check both and try again; nothing was stored");
    }
    error
}
