//! A new key of two parts: a public one beside the secret, as the id of an access key.

use serde_json::Value;

use super::calls::Call;
use super::document::Document;
use super::operations::Builder;
use super::secrets::secret;
use super::security;
use super::words::{has, is, snake, words};
use super::write::quoted;

/// The names of public parts, each with those of the secrets beside them.
const PAIRS: [(&[&str], &[&str]); 7] = [
    (
        &["public key", "public"],
        &["secret key", "private key", "secret", "private"],
    ),
    (
        &["access key id", "access key", "access id"],
        &[
            "secret access key",
            "secret key",
            "access key secret",
            "access secret",
            "secret",
        ],
    ),
    (&["client id"], &["client secret", "secret"]),
    (
        &["api key", "api key id"],
        &["api secret", "api key secret", "api secret key", "secret"],
    ),
    (
        &["key id"],
        &["key secret", "secret key", "secret", "application key"],
    ),
    (&["key"], &["secret", "key secret"]),
    (
        &["username", "user name"],
        &["password", "plain text", "plaintext", "secret"],
    ),
];

/// The names of what HTTP Basic takes as the user name, where the document names no other, the likeliest first.
const IDS: [&str; 5] = ["id", "sid", "uuid", "token id", "name"];

/// One part of a new key.
pub(super) struct Part {
    /// The name as a manifest writes it.
    pub(super) name: String,
    title: String,
    /// Its location in the response.
    pub(super) at: String,
}

/// The location of a new secret.
pub(super) struct NewSecret {
    /// The key of the operation that says what it yields, if that is not the key.
    pub(super) yields: String,
    /// The key of `response`.
    pub(super) response: String,
    /// Says that the response has all parts.
    pub(super) is_whole: bool,
}

/// The two parts of a new key.
pub(super) struct Pair {
    pub(super) public: Part,
    pub(super) secret: Part,
    /// The credential that they make up.
    pub(super) credential: &'static str,
}

impl Pair {
    /// Returns both parts as a credential declares them.
    pub(super) fn parts(&self) -> String {
        format!(
            "parts = [{{ name = {}, title = {}, public = true }}, {{ name = {}, title = {} }}]",
            quoted(&self.public.name),
            quoted(&self.public.title),
            quoted(&self.secret.name),
            quoted(&self.secret.title)
        )
    }

    /// Returns the key of `response` with the locations of both.
    pub(super) fn response(&self) -> String {
        format!(
            "secret_parts = {{ {} = {}, {} = {} }}",
            self.public.name,
            quoted(&self.public.at),
            self.secret.name,
            quoted(&self.secret.at)
        )
    }
}

/// Returns the pair of a response with the secret at a location; `is_basic` says that requests carry a user name and a
/// password.
pub(super) fn pair(
    document: &Document,
    schema: &Value,
    secret: &str,
    is_basic: bool,
) -> Option<Pair> {
    let (base, schema) = match document.items(schema) {
        Some(items) => ("/0", items),
        None => ("", schema),
    };
    let at = secret.strip_prefix(base)?;
    let (within, _) = at.rsplit_once('/')?;
    let fields = document.fields(schema);
    let own = words(fields.iter().find(|field| field.at == at)?.name);
    let beside = |names: &[&str]| {
        fields.iter().find(|field| {
            let place = field.at.rsplit_once('/').map(|(before, _)| before);
            place == Some(within)
                && field.at != at
                && document.may_be_text(field.schema)
                && is(&words(field.name), names)
        })
    };
    let named = PAIRS
        .iter()
        .filter(|(_, secrets)| is(&own, secrets))
        .find_map(|(publics, _)| beside(publics));
    let is_half = is_basic && has(&own, "secret");
    let by_id = || IDS.iter().find_map(|id| beside(&[id]));
    let public = named.or_else(|| is_half.then(by_id).flatten())?;
    let part = |name: &str, at: &str| Part {
        name: snake(name),
        title: words(name).join(" "),
        at: format!("{base}{at}"),
    };
    Some(Pair {
        public: part(public.name, &public.at),
        secret: part(own.join("_").as_str(), at),
        credential: "key",
    })
}

impl<'d> Builder<'d> {
    /// Finds the two parts of a new key, unless its secret is told to stand at one place.
    pub(super) fn find_pair(&mut self, asks: Option<&Call<'d>>, creating: Option<&Call<'d>>) {
        let document = self.document;
        let response = creating.and_then(|call| call.success(document));
        if let Some(response) = response.filter(|_| self.answers.secret.is_none())
            && let Some(at) = secret(document, response.schema, self.item)
        {
            let is_basic = security::is_basic(document, asks);
            self.pair = pair(document, response.schema, &at, is_basic);
            if self.pair.is_none() && is_basic && self.answers.placement.is_none() {
                self.notes.open(
                    "the user name that belongs to a new key: the response has the secret alone",
                );
            }
        }
    }

    /// Returns the location of the new secret in a response, or of both of its parts.
    pub(super) fn new_secret(&mut self, call: &Call<'d>, verb: &str) -> NewSecret {
        let secret = self.secret(call, verb);
        let document = self.document;
        let schema = call
            .success(document)
            .map_or(&Value::Null, |one| one.schema);
        let Some(known) = &self.pair else {
            return NewSecret {
                yields: String::new(),
                response: format!("secret = {}", quoted(&secret)),
                is_whole: true,
            };
        };
        // A rotation may have its parts elsewhere.
        let here = pair(document, schema, &secret, true).filter(|one| {
            one.public.name == known.public.name && one.secret.name == known.secret.name
        });
        let parts = here.as_ref().unwrap_or(known).response();
        if here.is_none() {
            self.notes.open(format!(
                "the response to {verb} has no `{}` beside the secret: it is a comment",
                known.public.name
            ));
        }
        NewSecret {
            yields: match known.credential {
                "key" => String::new(),
                other => format!("yields = {}\n", quoted(other)),
            },
            response: parts,
            is_whole: here.is_some(),
        }
    }
}
