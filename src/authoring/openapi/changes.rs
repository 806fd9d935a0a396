//! The operations on a key that is there: rename, revoke, rotate; and the call that shows whether one works.

use std::fmt::Write;

use super::calls::Call;
use super::document::{Document, Field};
use super::fields;
use super::inputs;
use super::named::verification;
use super::operations::{Builder, Section};
use super::requests::Written;
use super::words::{is, rank, words};
use super::write::quoted;

impl<'d> Builder<'d> {
    pub(super) fn rename(&mut self, call: &'d Call<'d>) {
        let document = self.document;
        let Some(body) = call.body(document) else {
            return;
        };
        let all = inputs::of_body(document, &body);
        let name = fields::name_of(document, &all)
            .filter(|field| self.is_the_name(field))
            .map(|field| field.at.clone());
        let Some(name) = name else {
            return;
        };
        let mut written = self.written(call, "id");
        let place = inputs::place(&name, body.is_form);
        let mut fields = vec![format!("{{ at = {place}, from = \"name\" }}")];
        let named = all.iter().filter(|field| field.at != name);
        let (constants, others) = must(document, named, &written);
        fields.extend(constants);
        written
            .body
            .retain(|field| !field.contains(&format!("at = {place},")));
        let text = format!("[operations.rename]\n{}", written.request(Some(&fields)));
        if !others.is_empty() {
            self.notes.open(format!(
                "a rename must send {} as well, which would change: it is a comment",
                others.join(", ")
            ));
            self.sections.push(Section {
                place: "operations.rename".to_owned(),
                text,
                is_comment: true,
                example: None,
            });
            return;
        }
        if call.method == "PUT" && all.len() > 1 {
            self.notes
                .guess("a rename by PUT leaves the fields that it does not send as they are");
        }
        let example =
            self.examples
                .change(document, call, &written, &self.variables, Some(&fields));
        self.push("operations.rename", text, example);
    }

    /// Returns whether a field is the name of a key: a description is none where a key has both.
    fn is_the_name(&self, field: &Field<'_>) -> bool {
        let own = self
            .key
            .get("name")
            .and_then(|place| place.rsplit('/').next());
        let own = own.map(words).unwrap_or_default();
        let sent = words(field.name);
        own.is_empty() || sent == own || !is(&sent, &["description", "desc", "note", "comment"])
    }

    pub(super) fn revoke(&mut self, call: &'d Call<'d>) {
        let written = self.written(call, "id");
        let fields = self.needed(call, &written, "a revocation");
        let fields = fields.as_deref().filter(|fields| !fields.is_empty());
        let text = format!("[operations.revoke]\n{}", written.request(fields));
        let example = self
            .examples
            .change(self.document, call, &written, &self.variables, fields);
        self.push("operations.revoke", text, example);
    }

    pub(super) fn rotate(&mut self, call: &'d Call<'d>) {
        let written = self.written(call, "id");
        let new = self.new_secret(call, "rotate");
        let mut parts = self.response_parts(call);
        parts.push(new.response);
        let fields = self.needed(call, &written, "a rotation");
        let text = format!(
            "[operations.rotate]\n{}{}response = {{ {} }}\n",
            new.yields,
            written.request(fields.as_deref()),
            parts.join(", ")
        );
        let example = self.examples.change(
            self.document,
            call,
            &written,
            &self.variables,
            fields.as_deref(),
        );
        self.sections.push(Section {
            place: "operations.rotate".to_owned(),
            text,
            is_comment: !new.is_whole,
            example: example.filter(|_| new.is_whole),
        });
    }

    /// Returns the constants in the body of a call, if it has a body; the other fields that it must send are open.
    fn needed(
        &mut self,
        call: &'d Call<'d>,
        written: &Written,
        subject: &str,
    ) -> Option<Vec<String>> {
        let body = call.body(self.document)?;
        let all = inputs::of_body(self.document, &body);
        let (constants, others) = must(self.document, all.iter(), written);
        if !others.is_empty() {
            self.notes.open(format!(
                "{subject} must send {}: it is sent without",
                others.join(", ")
            ));
        }
        Some(constants)
    }

    /// Writes the call that shows whether a key works.
    pub(super) fn verify(&mut self, credential: &str, list: Option<&'d Call<'d>>) {
        let document = self.document;
        let place = format!("credentials.{credential}.verify");
        let own = verification(document, self.calls);
        let Some(call) = own.or(list) else {
            self.notes.open("the call that shows whether a key works");
            return;
        };
        let written = self.written(call, "");
        let mut text = format!("[{place}]\n");
        if own.is_none() {
            text.push_str("# It is the list, until a better call is known.\n");
            self.notes.guess("a key that works may list keys");
        }
        text.push_str(&written.request(None));
        if own.is_some()
            && let Some(response) = call.success(document)
        {
            let all = document.fields(response.schema);
            let who = [
                "email",
                "login",
                "user name",
                "username",
                "name",
                "full name",
                "display name",
                "id",
                "user id",
                "account id",
                "uuid",
            ];
            let found = all.iter().filter_map(|field| {
                let rank = rank(&words(field.name), &who)?;
                matches!(document.kind(field.schema), "string" | "integer")
                    .then_some(((field.depth(), rank), field))
            });
            if let Some((_, field)) = found.min_by_key(|(rank, _)| *rank) {
                let _ = writeln!(text, "response = {{ identity = {} }}", quoted(&field.at));
            }
        }
        let example = self
            .examples
            .verification(document, call, &written, &self.variables);
        self.sections.insert(
            0,
            Section {
                place,
                text,
                is_comment: false,
                example,
            },
        );
    }
}

/// Returns the fields that a request must send and that do not name the key: those with one possible value as a manifest
/// writes them, the others by their locations.
fn must<'f>(
    document: &Document,
    fields: impl Iterator<Item = &'f Field<'f>>,
    written: &Written,
) -> (Vec<String>, Vec<String>) {
    let mut constants = Vec::new();
    let mut others = Vec::new();
    for field in fields.filter(|field| field.required && !written.has_field(&field.at)) {
        match inputs::constant(document, field) {
            Some(value) => constants.push(format!(
                "{{ at = {}, value = {value} }}",
                inputs::place(&field.at, written.is_form)
            )),
            None => others.push(field.at.clone()),
        }
    }
    (constants, others)
}
