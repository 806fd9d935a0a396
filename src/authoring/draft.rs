//! The text of a new manifest: what is known as it is, what is not as lines that explain it.

use std::fmt::Write;

use crate::core::error::{Error, Result};
use crate::manifest::{BasicAuthPart, Template};

/// The answers about a service.
pub struct ServiceAnswers {
    /// The name that it calls itself.
    pub title: String,
    /// The address before every path.
    pub url: String,
    /// The placement of a key.
    pub carried: KeyPlacement,
    /// The call that lists keys.
    pub list: Option<CallLine>,
    /// The location of the list.
    pub items: Option<String>,
    /// The location of a key's id.
    pub id: Option<String>,
    /// The location of a key's name.
    pub named: Option<String>,
    /// The call that creates a key.
    pub create: Option<CallLine>,
    /// The location of the new secret.
    pub secret: Option<String>,
    /// The field for the expiry, and its form.
    pub expiry: Option<(String, String)>,
    /// The call that revokes a key.
    pub revoke: Option<CallLine>,
    /// The documentation.
    pub docs: Option<String>,
    /// The page for managing keys by hand.
    pub dashboard: Option<String>,
    /// The call that verifies a key.
    pub verify: Option<CallLine>,
}

/// A method and a path.
#[derive(Clone)]
pub struct CallLine {
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
}

impl CallLine {
    /// Parses a request as the user writes it, with or without its method.
    pub fn read(said: &str, method: &str) -> Result<Self> {
        let (method, path) = said.split_once(' ').unwrap_or((method, said));
        let path = path.trim();
        if let Err(why) = path.parse::<Template>() {
            return Err(Error::usage(why));
        }
        if !path.starts_with('/') {
            return Err(
                Error::usage(format!("`{path}` is not a path: it must start with `/`"))
                    .hint("give the base URL with `--url`"),
            );
        }
        Ok(CallLine {
            method: method.to_owned(),
            path: path.to_owned(),
        })
    }

    /// `method = …, path = …`.
    fn written(&self) -> String {
        format!(
            "method = {}, path = {}",
            quoted(&self.method),
            quoted(&self.path)
        )
    }
}

/// The placement of a key in a request.
#[derive(Clone)]
pub enum KeyPlacement {
    /// In a header, behind a word or alone.
    Header(String, Option<String>),
    /// In the address.
    Query(String),
    /// As a half of HTTP Basic.
    Basic(BasicAuthPart),
}

impl KeyPlacement {
    /// Parses a header as the user writes it: `X-Api-Key`, `Authorization: Bearer`.
    pub fn header(said: &str) -> Self {
        match said.split_once(':') {
            Some((name, scheme)) if !scheme.trim().is_empty() => {
                let scheme = scheme.trim().to_owned();
                KeyPlacement::Header(name.trim().to_owned(), Some(scheme))
            }
            Some((name, _)) => KeyPlacement::Header(name.trim().to_owned(), None),
            None => KeyPlacement::Header(said.trim().to_owned(), None),
        }
    }

    /// Returns it as an entry of `in`.
    pub fn written(&self) -> String {
        match self {
            KeyPlacement::Header(name, None) => {
                format!("{{ header = {{ name = {} }} }}", quoted(name))
            }
            KeyPlacement::Header(name, Some(scheme)) => format!(
                "{{ header = {{ name = {}, scheme = {} }} }}",
                quoted(name),
                quoted(scheme)
            ),
            KeyPlacement::Query(name) => format!("{{ query = {{ name = {} }} }}", quoted(name)),
            KeyPlacement::Basic(BasicAuthPart::User) => {
                "{ basic = { part = \"user\" } }".to_owned()
            }
            KeyPlacement::Basic(BasicAuthPart::Password) => {
                "{ basic = { part = \"password\" } }".to_owned()
            }
        }
    }
}

/// Returns a text as TOML writes it, on one line.
pub(super) fn quoted(text: &str) -> String {
    let written = toml_edit::Value::from(text).to_string();
    if written.contains('\n') {
        // JSON escapes every control character but this one.
        let written = serde_json::Value::from(text).to_string();
        written.replace('\u{7f}', "\\u007f")
    } else {
        written
    }
}

/// `KEY = "VALUE"`, or the same as a line that explains it.
fn value_or_comment(key: &str, value: Option<&String>, example: &str) -> String {
    match value {
        Some(value) => format!("{key} = {}\n", quoted(value)),
        None => format!("# {key} = {}\n", quoted(example)),
    }
}

/// Returns the manifest `name`, written on that day.
pub fn of(name: &str, day: &str, answers: &ServiceAnswers) -> String {
    let mut text = head(name, day, answers);
    text.push_str(&key(answers));
    text.push_str(&operations(answers));
    text.push_str(LAST);
    text
}

fn head(name: &str, day: &str, answers: &ServiceAnswers) -> String {
    let title = &answers.title;
    let mut text = String::from(
        "# Every key is described in keywright-manifest(5): man keywright-manifest\nmanifest = 1\n",
    );
    let _ = writeln!(text, "name = {}", quoted(name));
    let _ = writeln!(text, "title = {}", quoted(title));
    let about = format!("API keys of {title}");
    let _ = writeln!(text, "about = {}", quoted(&about));
    text.push_str(&value_or_comment(
        "docs",
        answers.docs.as_ref(),
        "https://…",
    ));
    text.push_str("# The page where people manage keys by hand.\n");
    text.push_str(&value_or_comment(
        "dashboard",
        answers.dashboard.as_ref(),
        "https://…",
    ));
    let _ = writeln!(
        text,
        "# The day of the last comparison with the documentation of the service, and its chapters.\nchecked = {}",
        quoted(day)
    );
    match &answers.docs {
        Some(docs) => {
            let _ = writeln!(text, "sources = [{}]", quoted(docs));
        }
        None => text.push_str("# sources = [\"the chapter on keys\"]\n"),
    }
    text.push_str("# Statements without a source; keywright providers show prints them.\n# assumed = [\"the list is never longer than one page\"]\n");
    let _ = writeln!(
        text,
        "\n[servers.api]\nurl = {}\nauth = [\"key\"]",
        quoted(&answers.url)
    );
    text.push_str(
        "# Headers of every call.\n# headers = [{ at = \"X-Version\", value = \"2026-01\" }]\n",
    );
    let _ = writeln!(
        text,
        "\n[credentials.key]\nkind = \"key\"\ntitle = \"API key\"\nin = [{}]",
        answers.carried.written()
    );
    text.push_str("# The prefix and the pattern of a key, so that a typing mistake is noticed.\n# prefixes = [\"sk-\"]\n# pattern = '^sk-[A-Za-z0-9]+$'\n");
    text.push_str("\n# The steps to get a key by hand.\n# [credentials.key.manual]\n# url = \"https://…\"\n# steps = [\"Log in\", \"Open API keys\", \"Copy the new key\"]\n");
    text.push_str("\n# The cheapest call that shows whether a key works.\n");
    let _ = match (&answers.verify, &answers.list) {
        (Some(verify), _) => writeln!(
            text,
            "[credentials.key.verify]\nrequest = {{ {} }}",
            verify.written()
        ),
        (None, Some(list)) => writeln!(
            text,
            "# It is the list, until a better one is known.\n[credentials.key.verify]\nrequest = {{ {} }}",
            list.written()
        ),
        (None, None) => writeln!(
            text,
            "# [credentials.key.verify]\n# request = {{ method = \"GET\", path = \"/me\" }}"
        ),
    };
    text.push_str("\n# [limits]\n# max_keys = 10\n");
    let both = answers.create.is_some() && answers.revoke.is_some();
    text.push_str(if both {
        "\n# The replacement of a key: create the new one, hand it over, revoke the old one.\n[rotation]\nstrategy = \"overlap\"\n"
    } else {
        "\n# The replacement of a key: `overlap` needs `create` and `revoke`; without them it is done by hand.\n# [rotation]\n# strategy = \"overlap\"\n"
    });
    text
}

fn key(answers: &ServiceAnswers) -> String {
    let mut text = String::from("\n# The fields of a key, in the list and elsewhere.\n[key]\n");
    text.push_str(&value_or_comment("id", answers.id.as_ref(), "/id"));
    text.push_str(&value_or_comment("name", answers.named.as_ref(), "/name"));
    text.push_str("# masked = \"/prefix\"\n# scopes = \"/scopes\"\n# created_at = { at = \"/created_at\", as = \"time\" }\n# expires_at = { at = \"/expires_at\", as = \"time\" }\n# last_used_at = { at = \"/last_used_at\", as = \"time\" }\n# status = { at = \"/active\", map = { true = \"active\", false = \"revoked\" } }\n");
    text
}

fn operations(answers: &ServiceAnswers) -> String {
    let mut text = String::new();
    match &answers.list {
        Some(list) => {
            let _ = writeln!(text, "\n[operations.list]\nrequest = {{ {} }}", list.written());
            if let Some(items) = &answers.items {
                let _ = writeln!(text, "response = {{ items = {} }}", quoted(items));
            } else {
                text.push_str("# The place of the list. Default: the whole response.\n# response = { items = \"/data\" }\n");
            }
            text.push_str("# The pagination of a long list. Default: one page.\n# pagination = { style = \"page\", param = \"page\" }\n");
        }
        None => text.push_str("\n[operations.list]\nunsupported = \"this manifest does not say yet how keys are listed\"\n# request = { method = \"GET\", path = \"/keys\" }\n"),
    }
    text.push_str(&create(answers));
    match &answers.revoke {
        Some(revoke) => {
            let _ = writeln!(
                text,
                "\n[operations.revoke]\nrequest = {{ {} }}",
                revoke.written()
            );
        }
        None => text.push_str(
            "\n# [operations.revoke]\n# request = { method = \"DELETE\", path = \"/keys/{id}\" }\n",
        ),
    }
    text.push_str(
        "\n# [operations.show]\n# request = { method = \"GET\", path = \"/keys/{id}\" }\n",
    );
    text.push_str("\n# [operations.rename]\n# request = { method = \"PATCH\", path = \"/keys/{id}\", body = [{ at = \"/name\", from = \"name\" }] }\n");
    text
}

fn create(answers: &ServiceAnswers) -> String {
    let Some(create) = &answers.create else {
        if let Some(page) = &answers.dashboard {
            let page = quoted(page);
            return format!(
                "\n[operations.create]\nmanual = {{ url = {page}, takes = [\"name\"], steps = [\"Log in\", \"Create a key\", \"Copy it\"] }}\n"
            );
        }
        return "\n# [operations.create]\n# request = { method = \"POST\", path = \"/keys\", body = [{ at = \"/name\", from = \"name\" }] }\n# response = { secret = \"/key\" }\n".to_owned();
    };
    let mut fields = Vec::new();
    let mut assumed = None;
    if let Some(named) = &answers.named {
        fields.push(format!("{{ at = {}, from = \"name\" }}", quoted(named)));
        assumed = Some(format!(
            "the body names the key at {named}, as the list does"
        ));
    }
    if let Some((field, form)) = &answers.expiry {
        fields.push(format!(
            "{{ at = {}, from = \"expires\", as = {} }}",
            quoted(field),
            quoted(form)
        ));
    }
    let mut text = String::from("\n[operations.create]\n");
    let _ = writeln!(
        text,
        "request = {{ {}, body = [{}] }}",
        create.written(),
        fields.join(", ")
    );
    if let Some(secret) = &answers.secret {
        let _ = writeln!(text, "response = {{ secret = {} }}", quoted(secret));
    }
    if let Some(assumed) = assumed {
        let _ = writeln!(text, "assumed = [{}]", quoted(&assumed));
    }
    text.push_str("# The parameters of a new key and their bounds, checked before anything is sent.\n# parameters = { name = { required = true, max_length = 64 }, expires = { max = \"365d\" } }\n");
    text
}

/// The end of the text.
const LAST: &str = r#"
# The meaning of a refusal, where its status alone does not say it.
# [[errors.rules]]
# status = 409
# operations = ["create"]
# reason = "limit-reached"
# hints = ["revoke one first: keywright keys list --sort last-used"]

# A recorded call for each operation: `keywright providers check` plays them. The key is `example-key` in them.
# [[operations.list.examples]]
# name = "one key"
# exchanges = [
#   { request = "GET https://api.example.com/keys", status = 200, response = '[{"id":"k1","name":"ci"}]' },
# ]
# expect = [{ id = "k1", name = "ci" }]
"#;
