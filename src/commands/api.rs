//! `keywright api`: any request with the profile's credential, the answer unchanged.

mod fields;

use clap::Args;

use super::{Context, Run};
use crate::core::error::{Error, Result};
use crate::core::secret::Secret;
use crate::core::untrusted::{mask_typed_secret, one_line};
use crate::manifest::{
    CallOwner, DEFAULT_SERVER, Manifest, Operation, Piece, RequestSpec, Template,
};
use crate::platform::files;
use crate::platform::{Header, RequestBody};
use crate::profile;
use crate::service::{RawCall, RawPages, pages_as_text};

/// Send a request with the profile's credential and print the response unchanged
#[derive(Debug, Args)]
#[command(after_help = "\
-F adds a field to the JSON body, or to the query with GET and HEAD. true, false, null and numbers have their type;
@FILE is the text of a file, and @- that of stdin. `a[b]=1` is in an object `a`, and each `a[]=1` is an item of a list.

--paginate reads all pages, by the pagination of the manifest's operation with this path, or else by the Link headers.
If each page is a JSON array, one array of all items is printed, or else one page after the other (jq -s reads them).

Examples:
  keywright api GET /v1/models
  keywright api POST /v1/generate -d '{\"prompt\":\"Hello\"}'
  keywright api POST /v1/keys -F name=ci -F limit=100 -F 'scopes[]=read'
  keywright api GET /v1/keys --paginate -F status=active")]
pub struct ApiArgs {
    /// HTTP method: GET, POST, …
    pub method: String,
    /// Path, relative to the base URL
    pub path: String,
    /// Request body: JSON, @FILE, or - for stdin
    #[arg(short, long, value_name = "JSON|@FILE|-", allow_hyphen_values = true)]
    pub data: Option<String>,
    /// Additional header (can be repeated)
    #[arg(short = 'H', long = "header", value_name = "N: V")]
    pub headers: Vec<String>,
    /// Field of the body, or of the query with GET: true, false, null, number, @FILE, @- or text (can be repeated)
    #[arg(
        short = 'F',
        long = "field",
        value_name = "NAME=VALUE",
        conflicts_with = "data"
    )]
    pub fields: Vec<String>,
    /// Read all pages of a list
    #[arg(long)]
    pub paginate: bool,
    /// Name of the base URL to use
    #[arg(long, value_name = "NAME")]
    pub base: Option<String>,
    /// Tier to use for this request
    #[arg(long, value_name = "T")]
    pub tier: Option<String>,
}

/// The most that is read of a body on stdin, in bytes.
const MAX_BODY_BYTES: usize = 4 << 20;

impl Run for ApiArgs {
    /// Sends the request and prints the answer.
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        let mut opened = context.open()?;
        if let Some(tier) = &self.tier {
            profile::check_variable(&opened.manifest, "tier", tier)
                .map_err(|_| Error::usage(format!("{} knows no tiers", opened.manifest.name)))?;
            opened.variables.insert(
                "tier".to_owned(),
                (tier.clone(), profile::ValueSource::Environment),
            );
        }
        if self.paginate && !is_one_of(&self.method, &["GET"]) {
            return Err(Error::usage("only GET can be read page by page")
                .hint("leave out `--paginate`, and ask for each page yourself"));
        }
        let base = base(self, &opened.manifest)?;
        if self.path.contains("://") || self.path.starts_with("//") {
            return Err(Error::usage("`PATH` is a whole address").hint(
                "name the path alone: the credential goes to the profile's base URL and nowhere else",
            ));
        }
        let uses = uses(self, &opened.manifest, &base);
        let headers = self
            .headers
            .iter()
            .map(|text| header(text))
            .collect::<Result<Vec<_>>>()?;
        let request = self.request(context, headers)?;
        let answer = context
            .with_client(&opened, async |client| {
                let service = client.service;
                let like = operation_like(self, service.manifest, &base);
                let query = request.path.split_once('?').map_or("", |(_, query)| query);
                let mut pages = RawPages::new(service, like, query);
                let mut read = Vec::new();
                loop {
                    let page = self.paginate.then_some(&pages);
                    let call = || request.call(&self.method, &base, page);
                    let (answer, refused) = client.raw(&uses, call).await?;
                    if self.paginate && pages.is_past_the_end(&answer) {
                        break;
                    }
                    if let Some(error) = refused {
                        if read.is_empty() {
                            context.reporter.bytes(&answer.body)?;
                        }
                        return Err(error);
                    }
                    let goes_on = self.paginate && pages.advance(service, &answer)?;
                    read.push(answer);
                    if !goes_on {
                        break;
                    }
                }
                let text = pages_as_text(&read);
                context.reporter.bytes(&text)?;
                Ok(text)
            })
            .await?;
        if context.reporter.at_a_terminal() && !answer.ends_with(b"\n") && !answer.is_empty() {
            context.log.line("");
        }
        Ok(0)
    }
}

/// The parts of a request that are the same for each of its pages.
struct ApiRequest {
    path: String,
    shown_path: String,
    headers: Vec<(String, Secret)>,
    media_type: Option<String>,
    body: Option<Secret>,
}

impl ApiRequest {
    fn call<'c>(
        &'c self,
        method: &'c str,
        base: &'c str,
        pages: Option<&'c RawPages<'c>>,
    ) -> RawCall<'c> {
        // The answer of a call may be anything, so any is asked for.
        let plain_accept = !self.headers.iter().any(|(name, _)| name == "accept");
        RawCall {
            method,
            path: &self.path,
            shown_path: &self.shown_path,
            base,
            headers: self
                .headers
                .iter()
                .map(|(name, value)| Header::secret(name, value.duplicate()))
                .chain(plain_accept.then(|| Header::plain("accept", "*/*")))
                .collect(),
            body: self.body.as_ref().map(|text| RequestBody {
                media_type: self.media_type.clone(),
                text: text.duplicate(),
            }),
            pages,
        }
    }
}

impl ApiArgs {
    fn request(&self, context: &Context<'_>, headers: Vec<(String, Secret)>) -> Result<ApiRequest> {
        let json_body = !headers.iter().any(|(name, _)| name == "content-type");
        let mut path = self.path.clone();
        let mut shown_path = self.path.clone();
        let mut body = body(self, context)?;
        if let Some(data) = self
            .data
            .as_deref()
            .filter(|data| json_body && *data != "-" && !data.starts_with('@'))
        {
            let parsed: Result<serde::de::IgnoredAny, _> = serde_json::from_str(data);
            if let Err(error) = parsed {
                return Err(Error::usage(format!(
                    "`--data` is not JSON (column {})",
                    error.column()
                ))
                .hint("another kind of body needs its own header: -H 'Content-Type: text/plain'"));
            }
        }
        if !self.fields.is_empty() {
            let fields = fields::read(&self.fields, context)?;
            if is_one_of(&self.method, &["GET", "HEAD"]) {
                let (query, shown) = fields::as_query(&fields);
                let sign = if path.contains('?') { '&' } else { '?' };
                path = format!("{path}{sign}{query}");
                shown_path = format!("{shown_path}{sign}{shown}");
            } else {
                body = Some(Secret::new(fields::as_json(fields)?.to_string()));
            }
        }
        Ok(ApiRequest {
            path,
            shown_path,
            headers,
            media_type: json_body.then(|| "application/json".to_owned()),
            body,
        })
    }
}

fn is_one_of(method: &str, known: &[&str]) -> bool {
    known.iter().any(|known| method.eq_ignore_ascii_case(known))
}

/// Returns the operation with a pagination that the call looks like.
fn operation_like<'m>(args: &ApiArgs, manifest: &'m Manifest, base: &str) -> Option<&'m Operation> {
    let path = args.path.split(['?', '#']).next().unwrap_or_default();
    let calls = manifest.calls().into_iter().map(|call| call.operation);
    let mut paged = calls.filter(|operation| operation.pagination.is_some());
    paged.find(|operation| {
        operation.request.as_ref().is_some_and(|request| {
            request.server == base && is_path_of(request, &args.method, path)
        })
    })
}

fn base(args: &ApiArgs, manifest: &Manifest) -> Result<String> {
    let known: Vec<&str> = manifest.servers.keys().map(String::as_str).collect();
    match &args.base {
        Some(name) if manifest.servers.contains_key(name) => Ok(name.clone()),
        Some(name) => Err(Error::usage(format!(
            "{} has no base `{}`",
            manifest.name,
            mask_typed_secret(name)
        ))
        .hint(format!("it has: {}", known.join(", ")))),
        None if manifest.servers.contains_key(DEFAULT_SERVER) => Ok(DEFAULT_SERVER.to_owned()),
        None => Ok(known
            .first()
            .map_or(DEFAULT_SERVER, |first| first)
            .to_string()),
    }
}

/// Returns the credentials that the call takes: those of an operation of the manifest that it looks like, or of its
/// base.
fn uses(args: &ApiArgs, manifest: &Manifest, base: &str) -> Vec<String> {
    let path = args.path.split(['?', '#']).next().unwrap_or_default();
    let calls = manifest.calls().into_iter();
    let looks_like = calls
        .filter(|call| {
            let operation = call.operation;
            let request = operation.request.as_ref();
            operation.auth.as_ref().is_some_and(|uses| !uses.is_empty())
                && request.is_some_and(|request| {
                    request.server == base && is_path_of(request, &args.method, path)
                })
        })
        .min_by_key(|call| !matches!(call.owner, CallOwner::Verb(_)));
    match looks_like.and_then(|call| call.operation.auth.clone()) {
        Some(uses) => uses,
        None => manifest
            .servers
            .get(base)
            .map(|base| base.auth.clone())
            .unwrap_or_default(),
    }
}

fn is_path_of(request: &RequestSpec, method: &str, path: &str) -> bool {
    request.method.eq_ignore_ascii_case(method) && fits(&request.path, path)
}

/// Returns whether a path matches the template.
fn fits(template: &Template, path: &str) -> bool {
    let mut rest = path;
    let mut in_hole = false;
    for piece in template.pieces() {
        match piece {
            Piece::Hole { .. } => in_hole = true,
            Piece::Text(text) if in_hole => match rest.split_once(text.as_str()) {
                Some((hole, after)) if !hole.is_empty() && !hole.contains('/') => {
                    rest = after;
                    in_hole = false;
                }
                _ => return false,
            },
            Piece::Text(text) => match rest.strip_prefix(text.as_str()) {
                Some(after) => rest = after,
                None => return false,
            },
        }
    }
    if in_hole {
        !rest.is_empty() && !rest.contains('/')
    } else {
        rest.is_empty()
    }
}

fn header(text: &str) -> Result<(String, Secret)> {
    let (name, value) = text
        .split_once(':')
        .filter(|(name, _)| !name.trim().is_empty())
        .ok_or_else(|| {
            Error::usage("a header is written `Name: value`").hint("for example: -H 'X-Trace: 1'")
        })?;
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if !name.trim().chars().all(is_token) {
        return Err(Error::usage(format!(
            "`{}` is not a header name",
            one_line(name)
        )));
    }
    if value.chars().any(|c| c.is_control() && c != '\t') {
        return Err(Error::usage(format!(
            "the header `{}` holds a control character",
            one_line(name)
        )));
    }
    Ok((name.trim().to_ascii_lowercase(), Secret::new(value.trim())))
}

fn body(args: &ApiArgs, context: &Context<'_>) -> Result<Option<Secret>> {
    let Some(data) = &args.data else {
        return Ok(None);
    };
    let bytes = match data.strip_prefix('@') {
        Some(path) => {
            let path = context.platform.folder.join(path);
            files::read_named(&path, MAX_BODY_BYTES as u64)?
                .ok_or_else(|| Error::usage(format!("there is no file `{}`", path.display())))?
        }
        None if data == "-" => context
            .platform
            .terminal
            .read_stdin(MAX_BODY_BYTES)
            .map_err(|error| Error::usage("stdin could not be read").caused_by(error))?,
        None => data.as_bytes().to_vec(),
    };
    String::from_utf8(bytes)
        .map(|text| Some(Secret::new(text)))
        .map_err(|_| Error::usage("the body is not text"))
}
