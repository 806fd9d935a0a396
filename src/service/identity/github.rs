//! The identity token of a GitHub Actions job: the runner's own service issues it for an audience.

use serde_json::Value;
use url::Url;

use super::{Found, absent};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::core::untrusted::one_line;
use crate::manifest::looks_like_html;
use crate::platform::{Env, Header, HttpRequest, HttpResponse, is_loopback};
use crate::service::auth::Authentication;
use crate::service::encode::FieldEncoder;
use crate::service::request_builder::{PreparedRequest, checked};
use crate::service::transport::{Repeat, SentResponse, Transport};
use crate::service::{CallError, Values, decode, response};

/// The address that issues tokens, and the credential that it takes.
const URL_VARIABLE: &str = "ACTIONS_ID_TOKEN_REQUEST_URL";
const TOKEN_VARIABLE: &str = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

/// The line of a workflow without which a job gets neither.
const PERMISSION: &str = "give the job the permission to ask: permissions, `id-token: write` (a fork's pull request never has it)";

/// Requests a token.
pub(super) async fn request(
    env: &Env,
    transport: Transport<'_>,
    audience: Option<&str>,
) -> Result<Found> {
    let (Some(address), Some(bearer)) = (env.get(URL_VARIABLE), env.get(TOKEN_VARIABLE)) else {
        let missing = match env.get(URL_VARIABLE) {
            None => URL_VARIABLE,
            Some(_) => TOKEN_VARIABLE,
        };
        return Err(absent(&format!("{missing} is not set")).hint(PERMISSION));
    };
    let mut url: Url = address
        .parse()
        .map_err(|_| Error::usage(format!("{URL_VARIABLE} is no URL")))?;
    if url.scheme() != "https" && !is_loopback(&url) {
        return Err(Error::usage(format!(
            "{URL_VARIABLE} is not an `https` address, and the token for it is not sent"
        )));
    }
    if let Some(audience) = audience {
        url.query_pairs_mut().append_pair("audience", audience);
    }
    let bearer = Secret::pasted(bearer);
    transport.log.register_secret(&bearer);
    let line = Secret::new(format!("Bearer {}", bearer.expose()));
    let line = checked("authorization", line)?;
    let values = Values::at(transport.clock.now());
    let shown = one_line(&format!(
        "{}{}",
        url.origin().ascii_serialization(),
        url.path()
    ));
    let request = PreparedRequest {
        http: HttpRequest {
            method: "GET".to_owned(),
            shown_url: shown,
            headers: vec![
                Header::plain("accept", "application/json"),
                Header::secret("authorization", line),
            ],
            body: None,
            identity: None,
            timeout: transport.timeout,
            url: url.clone(),
        },
        auth: Authentication::default(),
        values: FieldEncoder::new(&values, &url),
        clock_ahead: jiff::SignedDuration::ZERO,
    };
    let sent = transport.send(request, Repeat::Always, None).await?;
    let at = url.origin().ascii_serialization();
    let SentResponse { answer, .. } =
        sent.map_err(|error| Error::from(CallError::lost("GitHub", &at, None, false, &error)))?;
    let token = token_in(&answer)?;
    Ok(Found {
        token,
        place: "of GitHub".to_owned(),
        now: response::dated(&answer.headers).unwrap_or_else(|| transport.clock.now()),
    })
}

/// Returns the token of an answer.
fn token_in(answer: &HttpResponse) -> Result<Secret> {
    let text = zeroize::Zeroizing::new(decode::text(answer));
    if looks_like_html(&text) {
        return Err(Error::failed(
            "GitHub answered with a web page in place of an identity token: is there a proxy in between?",
        )
        .with_status(answer.status));
    }
    let body: Value = serde_json::from_str(&text).unwrap_or_default();
    let value = body.get("value").and_then(Value::as_str);
    match (answer.status, value) {
        (200..300, Some(token)) => Ok(Secret::pasted(token)),
        (200..300, None) => Err(Error::failed(
            "GitHub answered, but its answer holds no identity token",
        )),
        (status @ (408 | 429 | 500..), _) => Err(Error::new(
            Kind::Unreachable,
            "GitHub could not issue an identity token",
        )
        .with_status(status)
        .hint("this call changed nothing: run it again in a moment")),
        (status, _) => {
            let why = ["message", "error"]
                .iter()
                .find_map(|name| body.get(name).and_then(Value::as_str))
                .map(|why| format!(": {}", one_line(why)));
            Err(Error::new(
                Kind::Auth,
                format!(
                    "GitHub refused to issue an identity token{}",
                    why.unwrap_or_default()
                ),
            )
            .with_status(status)
            .hint(PERMISSION))
        }
    }
}
