//! The text of a new manifest: what is known as it is, what is not as lines that explain it.

mod answers;
mod samples;

use std::fmt::Write;

pub use answers::{CallLine, KeyPlacement, ServiceAnswers, TokenAnswers, TokenSource, header_line};
use samples::{Carried, Sample};

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

/// Returns the words for the forms of an expiry in a response.
pub fn response_times() -> Vec<&'static str> {
    samples::response_times()
}

/// Returns the manifest `name`, written on that day.
pub fn of(name: &str, day: &str, answers: &ServiceAnswers) -> String {
    let mut text = head(name, day, answers);
    text.push_str(&key(answers));
    text.push_str(&token(answers));
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
    text.push_str(&server(answers));
    text.push_str(&credential(answers));
    text.push_str("\n# The steps to get a key by hand.\n# [credentials.key.manual]\n# url = \"https://…\"\n# steps = [\"Log in\", \"Open API keys\", \"Copy the new key\"]\n");
    text.push_str(&verification(answers));
    text.push_str("\n# [limits]\n# max_keys = 10\n");
    let both = answers.create.is_some() && answers.revoke.is_some();
    text.push_str(if both {
        "\n# The replacement of a key: create the new one, hand it over, revoke the old one.\n[rotation]\nstrategy = \"overlap\"\n"
    } else {
        "\n# The replacement of a key: `overlap` needs `create` and `revoke`; without them it is done by hand.\n# [rotation]\n# strategy = \"overlap\"\n"
    });
    text
}

/// Returns the server and the variables that its calls hold.
fn server(answers: &ServiceAnswers) -> String {
    let accepted = match &answers.token {
        None => "\"key\"",
        Some(token) => match token.source {
            TokenSource::Exchange => "\"token\"",
            TokenSource::Login(..) => "\"key\", \"token\"",
        },
    };
    let url = quoted(&answers.url);
    let mut text = format!("\n[servers.api]\nurl = {url}\nauth = [{accepted}]\n");
    if answers.headers.is_empty() {
        text.push_str(
            "# Headers of every call.\n# headers = [{ at = \"X-Version\", value = \"2026-01\" }]\n",
        );
    } else {
        let entries = answers.headers.iter().map(|(name, value)| {
            let variable = value
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'))
                .filter(|name| name.starts_with("var.") && !name.contains('{'));
            let (key, value) = match variable {
                Some(variable) => ("from", variable),
                None if value.contains("{var.") => ("format", value.as_str()),
                None => ("value", value.as_str()),
            };
            format!("{{ at = {}, {key} = {} }}", quoted(name), quoted(value))
        });
        let entries: Vec<String> = entries.collect();
        let _ = writeln!(text, "headers = [{}]", entries.join(", "));
    }
    for name in answers.used_variables() {
        let title = answers.variables.get(name).cloned();
        let title = title.unwrap_or_else(|| name.replace('_', " "));
        let _ = writeln!(
            text,
            "\n[variables.{name}]\ntitle = {}\nrequired = true",
            quoted(&title)
        );
    }
    text
}

/// Returns the key, as far as its calls go.
fn credential(answers: &ServiceAnswers) -> String {
    let mut text = String::from("\n[credentials.key]\nkind = \"key\"\ntitle = \"API key\"\n");
    let parts = answers.carried.parts();
    if !parts.is_empty() {
        let entries = parts
            .iter()
            .map(|part| format!("{{ name = {} }}", quoted(part)));
        let entries: Vec<String> = entries.collect();
        let _ = writeln!(
            text,
            "# On one line, its parts stand one after the other with this between them.\nparts = [{}]\nseparator = \":\"",
            entries.join(", ")
        );
    }
    let _ = writeln!(text, "in = [{}]", answers.carried.written());
    text.push_str("# The prefix and the pattern of a key, so that a typing mistake is noticed.\n# prefixes = [\"sk-\"]\n# pattern = '^sk-[A-Za-z0-9]+$'\n");
    text
}

/// The words before a call that tests a credential.
const CHEAPEST: &str = "\n# The cheapest call that shows whether it works.\n";

/// The words before such a call, where it is the list.
const A_LIST: &str = "\n# The cheapest call that shows whether it works.\n# It is the list, until a better one is known.\n";

/// Returns the call that tests the key, and the token where there is one.
fn verification(answers: &ServiceAnswers) -> String {
    let mut text = String::new();
    let known = |call: Option<&CallLine>, name: &str, about: &str| {
        let place = format!("credentials.{name}.verify");
        let Some(call) = call else {
            return format!(
                "{about}# [{place}]\n# request = {{ method = \"GET\", path = \"/me\" }}\n"
            );
        };
        let mut text = format!("{about}[{place}]\nrequest = {{ {} }}\n", call.written());
        let is_list = answers
            .list
            .as_ref()
            .is_some_and(|list| list.path == call.path);
        let response = is_list.then(|| samples::list(answers)).flatten();
        let response = response.map_or_else(|| serde_json::json!({}), |(response, _)| response);
        let result = if call.method == "HEAD" {
            "unknown"
        } else {
            "valid"
        };
        let placement = match &answers.token {
            Some(token) if name == "token" => &token.carried,
            _ => &answers.carried,
        };
        let sample = Sample {
            place: &place,
            call,
            carried: Carried::Credential(name, placement),
            input: &[],
            body: None,
            response: Some(response).filter(|_| call.method != "HEAD"),
            expect: Some(format!("{{ result = {} }}", quoted(result))),
        };
        text.push_str(&sample.written(answers));
        text
    };
    let (verify, list) = (answers.verify.as_ref(), answers.list.as_ref());
    let (either, about) = (
        verify.or(list),
        if verify.is_none() && list.is_some() {
            A_LIST
        } else {
            CHEAPEST
        },
    );
    let Some(token) = &answers.token else {
        return known(either, "key", about);
    };
    let _ = writeln!(
        text,
        "\n[credentials.token]\nkind = \"token\"\ntitle = \"access token\"\nin = [{}]",
        token.carried.written()
    );
    if token.expires.is_none() {
        text.push_str("# The lifetime, where neither the response nor the token states it.\n# lifetime = \"1h\"\n");
    }
    match token.source {
        TokenSource::Exchange => text.push_str(&known(either, "token", about)),
        TokenSource::Login(..) => {
            text.push_str(&known(list, "token", A_LIST));
            text.push_str(&known(verify, "key", CHEAPEST));
        }
    }
    text
}

/// Returns the call that gives a token.
fn token(answers: &ServiceAnswers) -> String {
    let Some(token) = &answers.token else {
        return String::new();
    };
    let (verb, mut request) = match &token.source {
        TokenSource::Exchange => ("exchange", token.call.written()),
        TokenSource::Login(..) => ("login", token.call.written()),
    };
    let place = format!("operations.{verb}");
    let mut text = format!("\n[{place}]\n");
    if let TokenSource::Login(user, password) = &token.source {
        if user != "/email" {
            text.push_str("parameters = { email = { about = \"user name\" } }\n");
        }
        let _ = write!(
            request,
            ", body = [{{ at = {}, from = \"email\" }}, {{ at = {}, from = \"credential.password\" }}]",
            quoted(user),
            quoted(password)
        );
    }
    let accepted = if verb == "login" { "" } else { "\"key\"" };
    let _ = writeln!(
        text,
        "auth = [{accepted}]\nyields = \"token\"\nrequest = {{ {request} }}"
    );
    let expires = token
        .expires
        .as_ref()
        .map_or_else(String::new, |(pointer, form)| {
            format!(
                ", expires = {{ at = {}, as = {} }}",
                quoted(pointer),
                quoted(form)
            )
        });
    let _ = writeln!(
        text,
        "# A refresh token stands beside `value`: `refresh = \"/refresh_token\"`; [operations.refresh] takes it.\nresponse = {{ token = {{ value = {}{expires} }} }}",
        quoted(&token.value)
    );
    let Some((body, response, expect)) = samples::token(token) else {
        return text;
    };
    let sample = Sample {
        place: &place,
        call: &token.call,
        carried: match token.source {
            TokenSource::Exchange => Carried::Credential("key", &answers.carried),
            TokenSource::Login(..) => Carried::Nothing,
        },
        input: if body.is_some() {
            &[("email", "ada@example.com")]
        } else {
            &[]
        },
        body,
        response: Some(response),
        expect,
    };
    text.push_str(&sample.written(answers));
    text
}

/// Returns the credential that calls for keys carry.
fn manager(answers: &ServiceAnswers) -> Carried<'_> {
    match &answers.token {
        Some(token) => Carried::Credential("token", &token.carried),
        None => Carried::Credential("key", &answers.carried),
    }
}

/// Returns the line that says so, where the server accepts others.
fn managed_by(answers: &ServiceAnswers) -> &'static str {
    let token = answers.token.as_ref();
    match token.map(|token| &token.source) {
        Some(TokenSource::Login(..)) => "auth = [\"token\"]\n",
        _ => "",
    }
}

fn key(answers: &ServiceAnswers) -> String {
    let mut text = String::from("\n# The fields of a key, in the list and elsewhere.\n[key]\n");
    // Nothing else reads them.
    let is_read = answers.list.is_some() || answers.create.is_some();
    let [id, named] = [&answers.id, &answers.named].map(|place| place.as_ref().filter(|_| is_read));
    text.push_str(&value_or_comment("id", id, "/id"));
    text.push_str(&value_or_comment("name", named, "/name"));
    text.push_str("# masked = \"/prefix\"\n# scopes = \"/scopes\"\n# created_at = { at = \"/created_at\", as = \"time\" }\n# expires_at = { at = \"/expires_at\", as = \"time\" }\n# last_used_at = { at = \"/last_used_at\", as = \"time\" }\n# status = { at = \"/active\", map = { true = \"active\", false = \"revoked\" } }\n");
    text
}

fn operations(answers: &ServiceAnswers) -> String {
    let mut text = String::new();
    match &answers.list {
        Some(list) => {
            let auth = managed_by(answers);
            let _ = writeln!(text, "\n[operations.list]\n{auth}request = {{ {} }}", list.written());
            if let Some(items) = &answers.items {
                let _ = writeln!(text, "response = {{ items = {} }}", quoted(items));
            } else {
                text.push_str("# The place of the list. Default: the whole response.\n# response = { items = \"/data\" }\n");
            }
            text.push_str("# The pagination of a long list. Default: one page.\n# pagination = { style = \"page\", param = \"page\" }\n");
            if let Some((response, expect)) = samples::list(answers) {
                let sample = Sample {
                    place: "operations.list",
                    call: list,
                    carried: manager(answers),
                    input: &[],
                    body: None,
                    response: Some(response),
                    expect: Some(expect),
                };
                text.push_str(&sample.written(answers));
            }
        }
        None => text.push_str("\n[operations.list]\nunsupported = \"this manifest does not say yet how keys are listed\"\n# request = { method = \"GET\", path = \"/keys\" }\n"),
    }
    text.push_str(&create(answers));
    match &answers.revoke {
        Some(revoke) => {
            let _ = writeln!(
                text,
                "\n[operations.revoke]\n{}request = {{ {} }}",
                managed_by(answers),
                revoke.written()
            );
            let sample = Sample {
                place: "operations.revoke",
                call: revoke,
                carried: manager(answers),
                input: &[("id", "k1")],
                body: None,
                response: None,
                expect: None,
            };
            text.push_str(&sample.written(answers));
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
        "{}request = {{ {}, body = [{}] }}",
        managed_by(answers),
        create.written(),
        fields.join(", ")
    );
    let mut response = Vec::new();
    if let Some(wrapper) = &answers.wrapper {
        response.push(format!("record = {}", quoted(wrapper)));
    }
    let mut parts = Vec::new();
    for (part, pointer) in &answers.secret {
        match part {
            Some(part) => parts.push(format!("{part} = {}", quoted(pointer))),
            None => response.push(format!("secret = {}", quoted(pointer))),
        }
    }
    if !parts.is_empty() {
        response.push(format!("secret_parts = {{ {} }}", parts.join(", ")));
    }
    if !response.is_empty() {
        let _ = writeln!(text, "response = {{ {} }}", response.join(", "));
    }
    if let Some(assumed) = assumed {
        let _ = writeln!(text, "assumed = [{}]", quoted(&assumed));
    }
    text.push_str("# The parameters of a new key and their bounds, checked before anything is sent.\n# parameters = { name = { required = true, max_length = 64 }, expires = { max = \"365d\" } }\n");
    if let Some((body, response, expect)) = samples::create(answers) {
        let sample = Sample {
            place: "operations.create",
            call: create,
            carried: manager(answers),
            input: if answers.named.is_some() {
                &[("name", "ci")]
            } else {
                &[]
            },
            body: Some(body),
            response: Some(response),
            expect: Some(expect),
        };
        text.push_str(&sample.written(answers));
    }
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
