//! The operations on a key that is there: rename, revoke, rotate; and the call that shows whether one works.

use std::fmt::Write;

use super::calls::Call;
use super::fields;
use super::inputs;
use super::named::verification;
use super::operations::{Builder, Section};
use super::words::{rank, words};
use super::write::quoted;

impl<'d> Builder<'d> {
    pub(super) fn rename(&mut self, call: &'d Call<'d>) {
        let document = self.document;
        let Some(body) = call.body(document) else {
            return;
        };
        let all = inputs::of_body(document, &body);
        let Some(name) = fields::name_of(document, &all).map(|field| field.at.clone()) else {
            return;
        };
        let mut written = self.written(call, "id");
        let place = inputs::place(&name, body.is_form);
        let others: Vec<&str> = all
            .iter()
            .filter(|field| {
                field.required && field.at != name && document.words(field.schema).len() != 1
            })
            .filter(|field| !written.has_field(&field.at))
            .map(|field| field.at.as_str())
            .collect();
        let mut fields = vec![format!("{{ at = {place}, from = \"name\" }}")];
        for field in all
            .iter()
            .filter(|field| field.required && field.at != name)
        {
            if let ([word], true) = (document.words(field.schema).as_slice(), !body.is_form) {
                fields.push(format!(
                    "{{ at = {}, value = {} }}",
                    quoted(&field.at),
                    quoted(word)
                ));
            }
        }
        written
            .body
            .retain(|field| !field.contains(&format!("at = {place},")));
        let text = format!(
            "[operations.rename]\n{}",
            written.request(Some(&fields), body.is_form)
        );
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
        self.push("operations.rename", text, None);
    }

    pub(super) fn revoke(&mut self, call: &'d Call<'d>) {
        let written = self.written(call, "id");
        let text = format!("[operations.revoke]\n{}", written.request(None, false));
        let example = self
            .examples
            .revoke(self.document, call, &written, &self.variables);
        self.push("operations.revoke", text, example);
    }

    pub(super) fn rotate(&mut self, call: &'d Call<'d>) {
        let document = self.document;
        let written = self.written(call, "id");
        let body = call.body(document);
        let secret = self.secret(call, "rotate");
        let mut parts = self.response_parts(call);
        parts.push(format!("secret = {}", quoted(&secret)));
        let needs: Vec<String> = body
            .iter()
            .flat_map(|body| inputs::of_body(document, body))
            .filter(|field| field.required && !written.has_field(&field.at))
            .map(|field| field.at)
            .collect();
        if !needs.is_empty() {
            self.notes.open(format!(
                "a rotation must send {}: it is sent without",
                needs.join(", ")
            ));
        }
        let fields: Option<&[String]> = body.as_ref().map(|_| [].as_slice());
        let text = format!(
            "[operations.rotate]\n{}response = {{ {} }}\n",
            written.request(fields, false),
            parts.join(", ")
        );
        self.push("operations.rotate", text, None);
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
        text.push_str(&written.request(None, false));
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
        self.sections.insert(
            0,
            Section {
                place,
                text,
                is_comment: false,
                example: None,
            },
        );
    }
}
