//! The JSON Schema of the types with a parser of their own; all others are described by their fields.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::address::Address;
use super::extract::{ExtractRule, Extractor};
use super::pattern::Pattern;
use super::pointer::Pointer;
use super::predicate::StatusSet;
use super::source::{Source, Template};
use super::times::Span;

/// Returns the schema that requires exactly one of these keys.
pub(super) fn one_of(keys: &[&str]) -> Value {
    keys.iter()
        .map(|key| json!({ "required": [key] }))
        .collect()
}

/// Defines the schema of a type that is written as text of a certain form.
macro_rules! text {
    ($type:ident, $description:literal, $keyword:ident = $form:literal) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "description": $description,
                    "type": "string",
                    stringify!($keyword): $form,
                })
            }
        }
    };
}

text!(
    Pattern,
    "A regular expression. It is not anchored: use `^` and `$`. Look-around and back references are not supported, so that matching always takes linear time.",
    minLength = 1
);
text!(
    Pointer,
    "A JSON Pointer (RFC 6901): `/data/0/id`; `\"\"` is the whole document. A part `*` means every element of an array or value of an object; several of them yield one flat list.",
    pattern = "^(/.*)?$"
);
text!(
    Source,
    "The name of a value: `name` or another parameter, `var.NAME`, `credential.NAME`, `credential.NAME.refresh`, `credential.NAME.PART`, `step.NAME.CAPTURE`, `challenge.NAME`, `server.origin`, `random.uuid`, `now`, `now + 10m`; in a `jwt` also `signer.thumbprint` and `signer.spki`; with `key_pair` also `public_key.FORM`.",
    pattern = r"^((input\.)?[A-Za-z0-9_-]+|(var|credential|challenge)\.[A-Za-z0-9_-]+|(credential|step)\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+|server\.origin|random\.uuid|now ?[+-] ?[0-9]+[smhdw]|signer\.(thumbprint|spki)|public_key\.(pem|der|openssh|jwk|thumbprint|spki))$"
);
text!(
    Address,
    "The form of an address: a name, `:`, and text with a placeholder for each part, `vault:{mount}/{+path}#{field}`. A placeholder takes one segment, one with a plus also slashes; what stands in brackets may be left out.",
    pattern =
        r"^[a-z0-9-]+:([^\[\]{}]|\{\+?[A-Za-z0-9_]+\}|\[([^\[\]{}]|\{\+?[A-Za-z0-9_]+\})*\])+$"
);
text!(
    Template,
    "Text with placeholders: `/keys/{id}`, `https://{var.host}`. A placeholder names a value; one with a plus, `{+var.path}`, keeps its slashes.",
    pattern = r"^([^{]|\{\+*((input\.)?[A-Za-z0-9_-]+|(var|credential|challenge)\.[A-Za-z0-9_-]+|(credential|step)\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+|server\.origin|random\.uuid|now ?[+-] ?[0-9]+[smhdw]|signer\.(thumbprint|spki)|public_key\.(pem|der|openssh|jwk|thumbprint|spki))\})*$"
);
text!(
    Span,
    "A span of time: `90s`, `15m`, `24h`, `30d`, `4w`.",
    pattern = "^[0-9]+[smhdw]$"
);

impl JsonSchema for Extractor {
    fn schema_name() -> Cow<'static, str> {
        "Extractor".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let pointer = generator.subschema_for::<Pointer>();
        let read = generator.subschema_for::<ExtractRule>();
        let each = generator.subschema_for::<Extractor>();
        json_schema!({
            "description": "Where to read: a JSON Pointer, a table that says more, or a list of these; the first that has something counts.",
            "anyOf": [
                pointer,
                read,
                { "type": "array", "items": each },
            ],
        })
    }
}

impl JsonSchema for StatusSet {
    fn schema_name() -> Cow<'static, str> {
        "StatusSet".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let number = json_schema!({ "type": "integer", "minimum": 100, "maximum": 599 });
        let class = json_schema!({ "type": "string", "pattern": "^[1-5]xx$" });
        json_schema!({
            "description": "HTTP statuses: a number (`404`), a class (`\"2xx\"`), or a list of these.",
            "anyOf": [
                number.clone(),
                class.clone(),
                { "type": "array", "items": { "anyOf": [number, class] } },
            ],
        })
    }
}
