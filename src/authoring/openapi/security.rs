//! The servers of a description, and how a request carries a credential.

use std::fmt::Write;

use serde_json::Value;

use super::calls::Call;
use super::document::{Document, entries, list};
use super::pairs::Pair;
use super::words::{has_any, snake, words};
use super::write::{Notes, Variable, quoted};

/// The server and the credentials, as a manifest writes them.
pub(super) struct Access {
    /// The tables of servers other than `api`.
    pub(super) servers: String,
    /// The credential that the server takes, which is also the one that is verified.
    pub(super) auth: &'static str,
    /// The tables of credentials, without the verification of the key.
    pub(super) credentials: String,
    /// Further tables: `[oauth]`, `[operations.exchange]`.
    pub(super) more: String,
}

/// Returns the URL of the API, with its variables.
pub(super) fn url(
    document: &Document,
    given: Option<&str>,
    variables: &mut Vec<Variable>,
    notes: &mut Notes,
) -> String {
    let root = &document.root;
    if let Some(given) = given {
        return given.trim_end_matches('/').to_owned();
    }
    let found = if document.is_swagger {
        let host = root["host"].as_str().unwrap_or_default();
        let base = root["basePath"].as_str().unwrap_or_default();
        if host.is_empty() {
            base.to_owned()
        } else {
            format!("https://{host}{base}")
        }
    } else {
        let urls = || list(&root["servers"]).filter_map(|server| server["url"].as_str());
        let best = urls().find(|url| url.starts_with("https://") && !url.contains("localhost"));
        best.or_else(|| urls().next())
            .unwrap_or_default()
            .to_owned()
    };
    let server = list(&root["servers"]).find(|server| server["url"] == found.as_str());
    let mut url = found.trim_end_matches('/').to_owned();
    for (name, spec) in server
        .into_iter()
        .flat_map(|server| entries(&server["variables"]))
    {
        let hole = format!("{{{name}}}");
        let value = spec["default"].as_str().unwrap_or_default();
        let choices: Vec<String> = list(&spec["enum"])
            .filter_map(|one| Some(one.as_str()?.to_owned()))
            .collect();
        // A part of the path with one value is no choice.
        if !url.contains(&hole) {
            continue;
        }
        if value.contains('/') || value.contains("://") || choices.len() == 1 {
            url = url.replace(&hole, value);
            continue;
        }
        let variable = Variable {
            name: snake(name),
            help: spec["description"].as_str().unwrap_or_default().to_owned(),
            required: true,
            default: Some(value.to_owned()).filter(|value| !value.is_empty()),
            choices,
        };
        url = url.replace(&hole, &format!("{{var.{}}}", variable.name));
        variables.push(variable);
    }
    let url = url.trim_end_matches('/').to_owned();
    let host = url.split_once("://").map_or("", |(_, rest)| rest);
    if ["localhost", "127.0.0.1", "0.0.0.0"]
        .iter()
        .any(|own| host.starts_with(own))
    {
        notes.open("the address of the service: the document names the own machine (`--url`)");
    }
    if url.starts_with("https://") && !url.contains("{}") {
        return url;
    }
    if let Some(rest) = url.strip_prefix("http://") {
        notes.guess("the service is reached by https, although the document says http");
        return format!("https://{rest}");
    }
    notes.open("the address of the service: the document names no host (`--url`)");
    let path = if url.starts_with('/') {
        url.as_str()
    } else {
        ""
    };
    format!("https://api.example.com{path}")
}

/// Returns the schemes that a call requires, by name; of several ways the one with the fewest that are not OAuth.
fn required<'d>(document: &'d Document, call: Option<&Call<'d>>) -> Vec<(&'d str, &'d Value)> {
    let root = &document.root;
    let all = if document.is_swagger {
        &root["securityDefinitions"]
    } else {
        &root["components"]["securitySchemes"]
    };
    let scheme = |name: &str| {
        let (name, scheme) = entries(all).find(|(known, _)| *known == name)?;
        Some((name.as_str(), document.resolve(scheme)))
    };
    let own = call
        .map(|call| &call.operation["security"])
        .filter(|own| own.is_array());
    let ways = list(own.unwrap_or(&root["security"]));
    let mut ways: Vec<Vec<(&str, &Value)>> = ways
        .map(|way| entries(way).filter_map(|(name, _)| scheme(name)).collect())
        .filter(|way: &Vec<_>| !way.is_empty())
        .collect();
    if ways.is_empty() {
        ways = entries(all)
            .map(|(name, one)| vec![(name.as_str(), document.resolve(one))])
            .collect();
    }
    let rank = |way: &Vec<(&str, &Value)>| {
        let kinds = way.iter().map(|(_, scheme)| match scheme["type"].as_str() {
            Some("apiKey") if scheme["in"] == "cookie" => 4,
            Some("apiKey") => 0,
            // A JWT is that of a login, where there is another way in.
            Some("http") if scheme["bearerFormat"] == "JWT" => 3,
            Some("http")
                if scheme["scheme"]
                    .as_str()
                    .is_some_and(|word| word.eq_ignore_ascii_case("bearer")) =>
            {
                0
            }
            // Of the others of HTTP, such as Digest, a manifest has no word.
            Some("http")
                if scheme["scheme"]
                    .as_str()
                    .is_none_or(|word| !word.eq_ignore_ascii_case("basic")) =>
            {
                5
            }
            Some("http" | "basic") => 1,
            Some("oauth2" | "openIdConnect") => 2,
            _ => 5,
        });
        kinds.max().unwrap_or(9)
    };
    ways.into_iter().min_by_key(rank).unwrap_or_default()
}

/// Returns whether a call carries a user name and a password.
pub(super) fn is_basic(document: &Document, call: Option<&Call<'_>>) -> bool {
    let schemes = required(document, call);
    schemes.iter().any(|(_, scheme)| {
        let word = scheme["scheme"].as_str().unwrap_or_default();
        scheme["type"] == "basic" || scheme["type"] == "http" && word.eq_ignore_ascii_case("basic")
    })
}

/// Returns the credentials; a new key of two parts is a credential of its own where requests do not carry both.
pub(super) fn access(
    document: &Document,
    call: Option<&Call<'_>>,
    (given, mut pair): (Option<&str>, Option<&mut Pair>),
    notes: &mut Notes,
) -> Access {
    let is_carried = given.is_none() && is_basic(document, call);
    let mut access = carried(
        document,
        call,
        given,
        pair.as_deref().filter(|_| is_carried),
        notes,
    );
    if let Some(pair) = pair.as_mut().filter(|_| !is_carried) {
        pair.credential = "pair";
        notes.guess("a new key has two parts, and is not what this API itself takes");
        let _ = write!(
            access.credentials,
            "\n[credentials.pair]\nkind = \"key\"\ntitle = \"new key\"\n{}\n",
            pair.parts()
        );
    }
    access
}

fn carried(
    document: &Document,
    call: Option<&Call<'_>>,
    given: Option<&str>,
    pair: Option<&Pair>,
    notes: &mut Notes,
) -> Access {
    if let Some(given) = given {
        return key(&format!("in = [{given}]"));
    }
    let schemes = required(document, call);
    if let [(_, one)] = schemes.as_slice()
        && one["type"] == "oauth2"
        && let Some(access) = oauth(document, one, notes)
    {
        return access;
    }
    let mut placed = Vec::new();
    for (name, scheme) in &schemes {
        match placement(name, scheme, notes) {
            Some(Placement::Basic) => {
                if let Some(pair) = pair {
                    return key(&format!(
                        "{}\nin = [{{ basic = {{ part = \"password\", of = {}, other = \"credential.key.{}\" }} }}]",
                        pair.parts(),
                        quoted(&pair.secret.name),
                        pair.public.name
                    ));
                }
                return key(
                    "parts = [{ name = \"user\", title = \"user name\" }, { name = \"secret\", title = \"password or key\" }]\nin = [{ basic = { part = \"password\", of = \"secret\", other = \"credential.key.user\" } }]",
                );
            }
            Some(Placement::Whole(kind, keys)) => placed.push((quoted(&snake(name)), kind, keys)),
            None => {}
        }
    }
    match placed.as_slice() {
        [] => {
            notes.open("the way a request carries the key: the document does not say (`--header`, `--query`, `--basic`)");
            key(&format!("in = [{{ header = {{ {BEARER} }} }}]"))
        }
        [(_, kind, keys)] => key(&format!("in = [{{ {kind} = {{ {keys} }} }}]")),
        several => {
            let parts = several
                .iter()
                .map(|(part, ..)| format!("{{ name = {part} }}"));
            let carriers = several
                .iter()
                .map(|(part, kind, keys)| format!("{{ {kind} = {{ {keys}, of = {part} }} }}"));
            key(&format!(
                "parts = [{}]\nin = [{}]",
                parts.collect::<Vec<_>>().join(", "),
                carriers.collect::<Vec<_>>().join(", ")
            ))
        }
    }
}

fn key(lines: &str) -> Access {
    Access {
        servers: String::new(),
        auth: "key",
        credentials: format!("\n[credentials.key]\nkind = \"key\"\ntitle = \"API key\"\n{lines}\n"),
        more: String::new(),
    }
}

/// The keys of a header with a bearer.
const BEARER: &str = "name = \"Authorization\", scheme = \"Bearer\"";

/// The placement of a scheme.
enum Placement {
    /// A user name and a password.
    Basic,
    /// The kind of its place, and the keys that describe it.
    Whole(&'static str, String),
}

/// Returns the placement of a scheme.
fn placement(scheme_name: &str, scheme: &Value, notes: &mut Notes) -> Option<Placement> {
    let said = scheme["description"].as_str().unwrap_or_default();
    let name = scheme["name"].as_str().unwrap_or_default();
    let named = |kind| Some(Placement::Whole(kind, format!("name = {}", quoted(name))));
    let header = |keys: String| Some(Placement::Whole("header", keys));
    match (
        scheme["type"].as_str()?,
        scheme["in"].as_str().unwrap_or_default(),
    ) {
        ("apiKey", "header") if name.eq_ignore_ascii_case("authorization") => {
            // The word before the value stands in the description, if anywhere.
            let prefixes = [
                "Bearer",
                "Token",
                "ApiKey",
                "Basic",
                "Key",
                "token",
                "Api-Key",
                "SSWS",
                "GenieKey",
                "Klaviyo-API-Key",
            ];
            let is_quoted = |word: &&&str| said.contains(&format!("\"{word}\""));
            let is_shown = |word: &&&str| {
                said.contains(&format!("{word} "))
                    && (said.contains(&format!("{word} <"))
                        || said.contains(&format!("{word} {{"))
                        || said.contains(&format!("`{word}"))
                        || said.contains(&format!(": {word}"))
                        || **word == "Bearer")
            };
            let word = prefixes
                .iter()
                .find(is_shown)
                .or_else(|| prefixes.iter().find(is_quoted));
            if let Some(word) = word {
                return header(format!(
                    "name = \"Authorization\", scheme = {}",
                    quoted(word)
                ));
            }
            if has_any(&words(scheme_name), &["bearer", "jwt"]) {
                notes.guess("the header Authorization carries a bearer: its scheme is called so");
                return header(BEARER.to_owned());
            }
            notes.guess("the header Authorization carries the key alone, without a word before it");
            header("name = \"Authorization\"".to_owned())
        }
        ("apiKey", "header") => named("header"),
        ("apiKey", "query") => named("query"),
        ("apiKey", "cookie") => named("cookie"),
        ("basic", _) => Some(Placement::Basic),
        ("http", _) => match scheme["scheme"].as_str()?.to_ascii_lowercase().as_str() {
            "basic" => Some(Placement::Basic),
            "bearer" => header(BEARER.to_owned()),
            _ => None,
        },
        ("oauth2" | "openIdConnect", _) => {
            notes.guess("the access token of the OAuth login is sent as a bearer; it is pasted until `[oauth]` is written");
            header(BEARER.to_owned())
        }
        _ => None,
    }
}

/// Returns the login of an OAuth scheme: in a browser, or with a client's id and secret.
fn oauth(document: &Document, scheme: &Value, notes: &mut Notes) -> Option<Access> {
    let flow = |name: &str, old: &str| {
        if document.is_swagger {
            (scheme["flow"] == old).then_some(scheme)
        } else {
            Some(&scheme["flows"][name]).filter(|flow| flow.is_object())
        }
    };
    let endpoint = |flow: &Value, key: &str| {
        let url = url::Url::parse(flow[key].as_str()?).ok()?;
        (url.scheme() == "https" && !url.as_str().contains("%7B"))
            .then(|| (url.origin().ascii_serialization(), url.path().to_owned()))
    };
    let token = format!(
        "\n[credentials.token]\nkind = \"token\"\ntitle = \"access token\"\nin = [{{ header = {{ {BEARER} }} }}]\n"
    );
    if let Some(flow) = flow("authorizationCode", "accessCode") {
        let (origin, authorize) = endpoint(flow, "authorizationUrl")?;
        let (other, path) = endpoint(flow, "tokenUrl")?;
        if origin != other {
            return None;
        }
        notes.open("the id under which a client is registered: var.client_id");
        return Some(Access {
            servers: format!("\n[servers.id]\nurl = {}\n", quoted(&origin)),
            auth: "token",
            credentials: token,
            more: format!(
                "\n[variables.client_id]\ntitle = \"client id\"\nrequired = true\n\n[oauth]\nserver = \"id\"\nclient_id = \"{{var.client_id}}\"\nauthorization_endpoint = {}\ntoken_endpoint = {}\n",
                quoted(&authorize),
                quoted(&path)
            ),
        });
    }
    let flow = flow("clientCredentials", "application")?;
    let (origin, path) = endpoint(flow, "tokenUrl")?;
    notes.guess("the client authenticates itself by HTTP Basic at the token endpoint");
    Some(Access {
        servers: format!(
            "\n[servers.id]\nurl = {}\nauth = [\"client\"]\n",
            quoted(&origin)
        ),
        auth: "token",
        credentials: format!(
            "\n[credentials.client]\nkind = \"key\"\ntitle = \"client\"\nparts = [{{ name = \"id\", title = \"client id\", public = true }}, {{ name = \"secret\", title = \"client secret\" }}]\nin = [{{ basic = {{ part = \"password\", of = \"secret\", other = \"credential.client.id\" }} }}]\n{token}"
        ),
        more: format!(
            "\n[operations.exchange]\nauth = [\"client\"]\nyields = \"token\"\nrequest = {{ method = \"POST\", server = \"id\", path = {}, format = \"form\", body = [{{ at = \"grant_type\", value = \"client_credentials\" }}] }}\nresponse = {{ token = {{ value = \"/access_token\", expires = {{ at = \"/expires_in\", as = \"seconds\" }} }} }}\n",
            quoted(&path)
        ),
    })
}
