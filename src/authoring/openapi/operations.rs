//! The operations of a manifest out of the calls of a description.

use std::fmt::Write;

use serde_json::Value;

use super::DraftAnswers;
use super::calls::{Call, hole};
use super::document::Document;
use super::examples::{Examples, MADE_UP};
use super::fields::{self, KeyPlaces};
use super::inputs;
use super::paging::pagination;
use super::pairs::{NewSecret, Pair};
use super::resource::Resource;
use super::responses::{errors, listed, record, single};
use super::secrets::secret;
use super::security;
use super::words::{has, words};
use super::write::{Notes, Variable, quoted};
use crate::core::untrusted::one_line;
use crate::manifest::Verb;

/// A table of the manifest with a call.
pub(super) struct Section {
    /// `operations.list`, `credentials.key`.
    pub(super) place: String,
    pub(super) text: String,
    /// Says that it is written as a comment.
    pub(super) is_comment: bool,
    /// Its example, without the head of the table.
    pub(super) example: Option<String>,
}

/// Builds the tables.
pub(super) struct Builder<'d> {
    pub(super) document: &'d Document,
    pub(super) calls: &'d [Call<'d>],
    pub(super) answers: &'d DraftAnswers,
    pub(super) variables: Vec<Variable>,
    pub(super) notes: Notes,
    pub(super) head: String,
    pub(super) sections: Vec<Section>,
    /// The fields of a key, unless an operation says otherwise.
    pub(super) key: KeyPlaces,
    /// The schema of a key in the list.
    pub(super) item: Option<&'d Value>,
    pub(super) noun: Vec<String>,
    pub(super) examples: Examples,
    /// The two parts of a new key, if it has two.
    pub(super) pair: Option<Pair>,
}

impl<'d> Builder<'d> {
    pub(super) fn new(
        document: &'d Document,
        calls: &'d [Call<'d>],
        answers: &'d DraftAnswers,
        notes: Notes,
    ) -> Self {
        Builder {
            document,
            calls,
            answers,
            notes,
            variables: Vec::new(),
            head: String::new(),
            sections: Vec::new(),
            key: KeyPlaces::default(),
            item: None,
            noun: Vec::new(),
            examples: Examples::default(),
            pair: None,
        }
    }

    /// Writes everything below the first lines.
    pub(super) fn build(&mut self, keys: Option<&Resource>) {
        let document = self.document;
        let all = self.calls;
        let url = security::url(
            document,
            self.answers.url.as_deref(),
            &mut self.variables,
            &mut self.notes,
        );
        self.examples.url.clone_from(&url);
        let call = |verb: Verb| {
            let known = keys.into_iter().flat_map(|one| &one.calls);
            known
                .into_iter()
                .find(|(known, _)| *known == verb)
                .map(|(_, index)| &all[*index])
        };
        let (list, create) = (call(Verb::List), call(Verb::Create));
        let asks = create.or(list).or_else(|| call(Verb::Revoke));
        if let Some(keys) = keys {
            let name = keys.path.rsplit('/').find(|part| hole(part).is_none());
            self.noun = words(name.unwrap_or_default());
            if !keys.is_named() {
                self.notes.guess(format!(
                    "{} are keys: a new one is shown with a secret",
                    keys.path
                ));
            }
        }
        self.find_key(
            list,
            call(Verb::Show),
            create,
            [call(Verb::Revoke), call(Verb::Rename), call(Verb::Rotate)]
                .into_iter()
                .flatten()
                .next(),
        );
        self.find_pair(asks, create.or_else(|| call(Verb::Rotate)));
        let access = security::access(
            document,
            asks,
            (self.answers.placement.as_deref(), self.pair.as_mut()),
            &mut self.notes,
        );
        let order = [
            (Verb::List, list),
            (Verb::Show, call(Verb::Show)),
            (Verb::Create, create),
            (Verb::Rename, call(Verb::Rename)),
            (Verb::Revoke, call(Verb::Revoke)),
            (Verb::Rotate, call(Verb::Rotate)),
        ];
        let mut carried = Vec::new();
        for (verb, call) in order {
            let Some(call) = call else { continue };
            match verb {
                Verb::List => self.list(call),
                Verb::Show => self.show(call),
                Verb::Create => carried = self.create(call),
                Verb::Rename => self.rename(call),
                Verb::Rotate => self.rotate(call),
                _ => self.revoke(call),
            }
        }
        self.verify(access.auth, list);
        self.note_examples();
        let strategy = self.strategy();
        let mut head = format!(
            "\n[servers.api]\nurl = {}\nauth = [\"{}\"]\n",
            quoted(&url),
            access.auth
        );
        head.push_str(&access.servers);
        self.variables
            .iter()
            .for_each(|one| head.push_str(&one.table()));
        head.push_str(&access.credentials);
        head.push_str("# prefixes = [\"sk-\"]\n");
        head.push_str(&access.more);
        let _ = write!(head, "\n{strategy}");
        if !self.key.found.is_empty() {
            head.push_str("\n[key]\n");
            self.key.found.iter().for_each(|(name, place)| {
                let _ = writeln!(head, "{name} = {place}");
            });
        }
        if !carried.is_empty() {
            head.push_str("\n[key.carry_over]\n");
            for (name, at) in &carried {
                let _ = writeln!(head, "{name} = {}", quoted(at));
            }
        }
        let own: Vec<&Call<'_>> = order.iter().filter_map(|(_, call)| *call).collect();
        head.push_str(&errors(document, &own));
        self.head = head;
    }

    /// Says that examples are made up, if some are.
    fn note_examples(&mut self) {
        let made_up = |one: &Section| {
            one.example
                .as_ref()
                .is_some_and(|one| one.contains(MADE_UP))
        };
        if self.sections.iter().any(made_up) {
            self.notes.guess(format!(
                "examples called `{MADE_UP}` are not recorded; `providers check --live --record` adds real ones"
            ));
        }
    }

    /// Returns the table of rotation.
    fn strategy(&self) -> &'static str {
        let own = self.sections.iter().filter(|one| !one.is_comment);
        let has = |place: &str| own.clone().any(|one| one.place == place);
        match (
            has("operations.create") && has("operations.revoke"),
            has("operations.rotate"),
        ) {
            (true, _) => "[rotation]\nstrategy = \"overlap\"\n",
            (false, true) => "[rotation]\nstrategy = \"atomic\"\n",
            (false, false) => {
                "# `overlap` needs `create` and `revoke`; without them a key is replaced by hand.\n# [rotation]\n# strategy = \"overlap\"\n"
            }
        }
    }

    /// Finds the fields of a key: in the list, else in one key, else in the response to its creation.
    fn find_key(
        &mut self,
        list: Option<&'d Call<'d>>,
        show: Option<&'d Call<'d>>,
        create: Option<&'d Call<'d>>,
        other: Option<&Call<'_>>,
    ) {
        let document = self.document;
        let item = [show, other, create]
            .into_iter()
            .flatten()
            .find_map(|call| call.shape.item.as_deref());
        let noun = self.noun.clone();
        let listed = list.and_then(|call| listed(document, call.success(document)?.schema, &noun));
        let one = |call: Option<&'d Call<'d>>| {
            Some(single(document, call?.success(document)?.schema, item, &noun).1)
        };
        // A list of objects without fields says nothing about a key.
        self.item = listed
            .map(|listed| record(document, listed.item, item, &noun).1)
            .filter(|schema| !document.fields(schema).is_empty())
            .or_else(|| one(show));
        if let Some(schema) = self.item.or_else(|| one(create)) {
            self.key = fields::places(document, schema, item, &noun);
        }
        if self.key.get("id").is_none() && (show.is_some() || other.is_some() || list.is_some()) {
            self.notes.guess("the id of a key stands at /id: no response of the document has one by a usual name");
            self.key.found.insert(0, ("id", "\"/id\"".to_owned()));
        }
    }

    pub(super) fn push(&mut self, place: &str, text: String, example: Option<String>) {
        self.sections.push(Section {
            place: place.to_owned(),
            text,
            is_comment: false,
            example,
        });
    }

    fn list(&mut self, call: &'d Call<'d>) {
        let document = self.document;
        let written = self.written(call, "");
        let mut text = format!("[operations.list]\n{}", written.request(None));
        let mut paging = None;
        let mut items = String::new();
        let mut inner = String::new();
        if let Some(response) = call.success(document) {
            if let Some(found) = listed(document, response.schema, &self.noun) {
                items.clone_from(&found.at);
                inner = record(document, found.item, call.shape.item.as_deref(), &self.noun).0;
                if document.properties(found.item).is_empty()
                    && matches!(document.kind(found.item), "string")
                {
                    self.notes.open("the list holds texts alone, taken as ids");
                }
                let mut parts = Vec::new();
                if !items.is_empty() {
                    parts.push(format!("items = {}", quoted(&items)));
                }
                if !inner.is_empty() && inner != "/0" {
                    parts.push(format!("record = {}", quoted(&inner)));
                }
                if !parts.is_empty() {
                    let _ = writeln!(text, "response = {{ {} }}", parts.join(", "));
                }
            } else {
                self.notes.open("the location of the list in its response");
                text.push_str(
                    "# open: the location of the list\n# response = { items = \"/data\" }\n",
                );
            }
            paging = pagination(document, call, &response, self.key.get("id"));
        }
        match &paging {
            Some(paging) => {
                let _ = writeln!(text, "pagination = {paging}");
            }
            None => text.push_str("# The document shows no pages: one page is read.\n"),
        }
        let example = self.examples.list(
            document,
            call,
            &written,
            &self.variables,
            (&items, &inner, paging.as_deref()),
            (&self.key, self.item.unwrap_or(&Value::Null)),
        );
        self.push("operations.list", text, example);
        self.push(
            "operations.status",
            "[operations.status]\nvia = \"list\"\n".to_owned(),
            None,
        );
    }

    /// Returns the keys of `response` that differ from `[key]`.
    pub(super) fn response_parts(&mut self, call: &Call<'d>) -> Vec<String> {
        let document = self.document;
        let Some(response) = call.success(document).filter(|one| !one.schema.is_null()) else {
            return Vec::new();
        };
        let (at, schema) = single(
            document,
            response.schema,
            call.shape.item.as_deref(),
            &self.noun,
        );
        let own = fields::places(document, schema, call.shape.item.as_deref(), &self.noun);
        let mut parts = Vec::new();
        if !at.is_empty() {
            parts.push(format!("record = {}", quoted(&at)));
        }
        let differing: Vec<String> = own
            .found
            .iter()
            .filter(|(name, place)| self.key.get(name).is_none_or(|known| known != place))
            .filter(|(name, _)| matches!(*name, "id" | "name" | "created_at" | "expires_at"))
            .filter(|(name, _)| {
                *name != "id"
                    || self
                        .key
                        .get("id")
                        .is_none_or(|known| !has_field(document, schema, known))
            })
            .map(|(name, place)| format!("{name} = {place}"))
            .collect();
        if !differing.is_empty() {
            parts.push(format!("key = {{ {} }}", differing.join(", ")));
        }
        parts
    }

    fn show(&mut self, call: &'d Call<'d>) {
        let written = self.written(call, "id");
        let mut text = format!("[operations.show]\n{}", written.request(None));
        let parts = self.response_parts(call);
        if !parts.is_empty() {
            let _ = writeln!(text, "response = {{ {} }}", parts.join(", "));
        }
        let example = self.examples.one(
            self.document,
            call,
            &written,
            &self.variables,
            (&self.key, self.item.unwrap_or(&Value::Null)),
            &parts,
        );
        self.push("operations.show", text, example);
    }

    /// Returns the location of the new secret in a response.
    pub(super) fn secret(&mut self, call: &Call<'d>, verb: &str) -> String {
        let document = self.document;
        let schema = call
            .success(document)
            .map_or(&Value::Null, |one| one.schema);
        if let Some(given) = &self.answers.secret {
            return given.clone();
        }
        secret(document, schema, self.item).unwrap_or_else(|| {
            self.notes.open(format!("the location of the new secret in the response to {verb}: taken as /key (`--secret`)"));
            "/key".to_owned()
        })
    }

    fn create(&mut self, call: &'d Call<'d>) -> Vec<(String, String)> {
        let document = self.document;
        // The name of a new key may be its place: `PUT /keys/{name}`.
        let item = call.shape.item.as_deref().map(words);
        let is_named = item.is_some_and(|item| has(&item, "name"));
        let mut written = self.written(call, if is_named { "name" } else { "" });
        let body = call.body(document);
        let mut inputs = body
            .as_ref()
            .map(|body| inputs::create(document, body, call.path))
            .unwrap_or_default();
        if is_named && !inputs.parameters.iter().any(|(name, _)| name == "name") {
            inputs
                .parameters
                .push(("name".to_owned(), "{ required = true }".to_owned()));
        }
        inputs
            .guesses
            .iter()
            .for_each(|one| self.notes.guess(one.clone()));
        let secret = self.secret(call, "create");
        let NewSecret {
            yields, response, ..
        } = self.new_secret(call, "create");
        let mut parts = self.response_parts(call);
        if secret != "/0"
            && parts.iter().any(|part| part == "record = \"/0\"")
            && !secret.starts_with("/0")
        {
            parts.retain(|part| part != "record = \"/0\"");
        }
        parts.push(response);
        written.body.clear();
        let fields = body.as_ref().map(|_| inputs.body.as_slice());
        let mut text = format!("[operations.create]\n{yields}{}", written.request(fields));
        let _ = writeln!(text, "response = {{ {} }}", parts.join(", "));
        if !inputs.left_out.is_empty() {
            let _ = writeln!(
                text,
                "# Left out: {}",
                one_line(&inputs.left_out.join(", "))
            );
        }
        if !inputs.parameters.is_empty() {
            text.push_str("\n[operations.create.parameters]\n");
            for (name, rest) in &inputs.parameters {
                let _ = writeln!(text, "{name} = {rest}");
            }
        }
        let described = match (self.item, call.success(document)) {
            // Without a list the response to the creation describes a key.
            (None, Some(one)) => {
                single(document, one.schema, call.shape.item.as_deref(), &self.noun).1
            }
            _ => &Value::Null,
        };
        let example = self.examples.create(
            document,
            call,
            &written,
            &self.variables,
            &inputs,
            (&self.key, described, &parts),
        );
        self.push("operations.create", text, example);
        let mut own = vec![secret.as_str()];
        own.extend(self.key.own());
        own.extend(self.pair.iter().map(|pair| pair.public.at.as_str()));
        inputs.carried_by(document, self.item, &own)
    }
}

fn has_field(document: &Document, schema: &Value, place: &str) -> bool {
    document
        .fields(schema)
        .iter()
        .any(|field| quoted(&field.at) == place)
}
