//! The built-in manifests against what their services publish: each request is held against a table of facts, and
//! each response is made up from one.

mod facts;
mod graphql;
mod published;

use std::path::Path;
use std::rc::Rc;

use keywright::authoring::replay;
use keywright::core::error::Kind;
use keywright::manifest::{CallOwner, Example, Manifest, RecordedExchange, Verb, places};
use keywright::platform::Platform;
use keywright::providers;

use facts::{Answer, Facts};
use published::PublishedService;

/// Every table of facts, with the name of its file.
fn tables() -> Vec<(String, Facts)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/catalogue/facts");
    let mut tables = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of facts") {
        let path = entry.expect("an entry").path();
        let text = keywright::platform::files::read_text(&path).expect("readable");
        let facts = toml_edit::de::from_str(&text.expect("there"))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        tables.push((path.display().to_string(), facts));
    }
    tables
}

fn manifest(name: &str) -> Manifest {
    let source = providers::find(name, &platform()).expect("a built-in manifest");
    source.with_examples().expect("readable")
}

fn platform() -> Platform {
    keywright::platform::native::platform()
}

/// Finds what is wrong in a manifest, held against the facts of its service.
type Check = fn(&Facts, &Manifest) -> Vec<String>;

/// Runs `check` for every manifest of every table, and panics with all that it finds.
fn hold(check: Check) {
    let mut wrong = Vec::new();
    for (file, facts) in tables() {
        for name in &facts.manifests {
            let found = check(&facts, &manifest(name));
            wrong.extend(
                found
                    .into_iter()
                    .map(|one| format!("{name}: {one} ({file})")),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The outcome of one call against a service that answers by its facts.
struct Outcome {
    place: String,
    result: Result<serde_json::Value, keywright::core::error::Error>,
    exchanges: Vec<RecordedExchange>,
    objections: Vec<String>,
}

/// Makes one call with the inputs of an example.
fn make(
    facts: &Facts,
    manifest: &Manifest,
    call: &keywright::manifest::Call<'_>,
    example: &Example,
    answer: Answer,
) -> Outcome {
    let service = Rc::new(PublishedService::new(facts.clone(), answer));
    let mut inside = platform();
    inside.http = service.clone();
    let programs = inside.programs.clone();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let run = replay::carry_out_call(manifest, call, example, &inside, &*programs);
    let result = runtime.block_on(run);
    Outcome {
        place: format!("{} `{}`", call.path.join("."), example.name),
        result,
        exchanges: service.exchanges.take(),
        objections: service.objections.take(),
    }
}

/// Makes every call with the inputs of each of its examples that succeeds.
fn make_all(facts: &Facts, manifest: &Manifest, answer: Answer) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for call in manifest.calls() {
        let examples = call.operation.examples.iter();
        for example in examples.filter(|one| one.fails.is_none() && !one.exchanges.is_empty()) {
            outcomes.push(make(facts, manifest, &call, example, answer));
        }
    }
    outcomes
}

fn wrong_requests_and_answers(facts: &Facts, manifest: &Manifest) -> Vec<String> {
    let mut wrong = Vec::new();
    for answer in [Answer::Full, Answer::RequiredOnly, Answer::Nulls] {
        for one in make_all(facts, manifest, answer) {
            let place = format!("{} with {answer:?}", one.place);
            wrong.extend(one.objections.iter().map(|why| format!("{place}: {why}")));
            let failed = one.result.err().filter(|_| one.objections.is_empty());
            wrong.extend(failed.map(|error| format!("{place}: {error}")));
        }
    }
    wrong
}

/// The facts' own answers take the place of the recorded ones; then every place that the manifest reads must be there.
fn undocumented_reads(facts: &Facts, manifest: &Manifest) -> Vec<String> {
    let mut documented = self::manifest(&manifest.name);
    documented.key = manifest.key.clone();
    for call in manifest.calls() {
        let mut examples = Vec::new();
        let all = call.operation.examples.iter();
        for example in all.filter(|one| !one.exchanges.is_empty()) {
            for answer in [Answer::Full, Answer::Refusal(0)] {
                examples.push(Example {
                    name: example.name.clone(),
                    input: example.input.clone(),
                    variables: example.variables.clone(),
                    now: None,
                    exchanges: make(facts, manifest, &call, example, answer).exchanges,
                    expect: None,
                    fails: None,
                });
            }
        }
        let (credentials, variables) = (&mut documented.credentials, &mut documented.variables);
        let operation = match call.owner {
            CallOwner::Verb(verb) => documented.operations.get_mut(&verb),
            CallOwner::Verify(name, _) => {
                let spec = credentials.get_mut(name);
                spec.and_then(|spec| spec.verify.as_mut())
            }
            CallOwner::Revoke(name, _) => {
                let spec = credentials.get_mut(name);
                spec.and_then(|spec| spec.revoke.as_mut())
            }
            CallOwner::Discovery(..) => {
                let spec = variables.get_mut(&call.path[1]);
                let discovery = spec.and_then(|spec| spec.discover.as_mut());
                discovery.map(|discovery| &mut *discovery.call)
            }
        };
        operation.expect("the same call").examples = examples;
    }
    let mut unknown = Vec::new();
    for one in places(&documented) {
        let at = one.at.trim_matches('`');
        let beside = facts.beside.iter().any(|known| known == at);
        if !one.shown && at.starts_with('/') && !beside {
            unknown.push(format!("{} reads {at}, which no document knows", one.key));
        }
    }
    unknown
}

fn misunderstood_refusals(facts: &Facts, manifest: &Manifest) -> Vec<String> {
    let mut wrong = Vec::new();
    for call in manifest.calls() {
        let examples = call.operation.examples.iter();
        let mut usable = examples.filter(|one| one.fails.is_none() && !one.exchanges.is_empty());
        let Some(example) = usable.next() else {
            continue;
        };
        for status in facts.refusals() {
            let one = make(facts, manifest, &call, example, Answer::Refusal(status));
            let understood = match (&call.owner, &one.result, status) {
                (CallOwner::Verify(..), Ok(verdict), _) => verdict["result"] != "valid",
                // A key that is gone is revoked.
                (CallOwner::Verb(Verb::Revoke), Ok(_), 404) => true,
                (CallOwner::Verb(verb), Err(_), 401) if facts.hidden.contains(verb) => true,
                (_, Err(error), 401) => error.kind() == Kind::Auth,
                (_, result, _) => result.is_err(),
            };
            if !understood {
                let result = one.result.map_err(|error| error.to_string());
                wrong.push(format!("{} answers {status} with {result:?}", one.place));
            }
        }
    }
    wrong
}

#[test]
fn requests_and_answers_match_facts() {
    hold(wrong_requests_and_answers);
}

#[test]
fn pointers_read_are_documented() {
    hold(undocumented_reads);
}

#[test]
fn documented_refusals_are_understood() {
    hold(misunderstood_refusals);
}

#[test]
fn facts_find_each_mistake() {
    let checks: [Mistake; 8] = [
        (
            "include_disabled",
            "include_expired",
            wrong_requests_and_answers,
        ),
        (
            "value = true",
            "value = \"yes\"",
            wrong_requests_and_answers,
        ),
        (
            "{ at = \"/name\", from = \"name\" },",
            "",
            wrong_requests_and_answers,
        ),
        ("\"PATCH\"", "\"PUT\"", wrong_requests_and_answers),
        (
            "as = \"rfc3339\"",
            "as = \"seconds\"",
            wrong_requests_and_answers,
        ),
        (
            "secret = \"/key\"",
            "secret = \"/data/key\"",
            wrong_requests_and_answers,
        ),
        ("id = \"/hash\"", "id = \"/id\"", undocumented_reads),
        (
            "reason = \"invalid-credential\"",
            "reason = \"conflict\"",
            misunderstood_refusals,
        ),
    ];
    find_each("openrouter", &checks);
}

#[test]
fn query_facts_find_each_mistake() {
    let checks: [Mistake; 7] = [
        (
            "profile createdAt",
            "profile bornAt",
            wrong_requests_and_answers,
        ),
        (
            "query($slug: String!)",
            "query($slug: ID!)",
            wrong_requests_and_answers,
        ),
        ("slug: $slug", "nick: $slug", wrong_requests_and_answers),
        (
            "expiresAt tokenHeader",
            "expiresAt tokenHeader { id }",
            wrong_requests_and_answers,
        ),
        (
            "input/organizationId",
            "input/organization",
            wrong_requests_and_answers,
        ),
        (
            "/limitedAccessTokens/nodes",
            "/limitedAccessTokens/items",
            wrong_requests_and_answers,
        ),
        (
            "{ at = \"/variables/input/id\", from = \"id\" },",
            "{ at = \"/variables/key\", from = \"id\" },",
            wrong_requests_and_answers,
        ),
    ];
    find_each("fly", &checks);
}

/// A right text, a wrong one in its place, and the check that finds it.
type Mistake<'t> = (&'t str, &'t str, Check);

/// Makes each mistake in a manifest, and panics unless its check finds it; without any it is content.
fn find_each(name: &str, mistakes: &[Mistake<'_>]) {
    let source = providers::find(name, &platform()).expect("a built-in manifest");
    let (_, facts) = tables()
        .into_iter()
        .find(|(_, facts)| facts.manifests == [name])
        .expect("its facts");
    let right = source.text().unwrap();
    for (part, wrong, check) in mistakes {
        let text = right.replace(part, wrong);
        assert_ne!(text, right, "{part}");
        let manifest = Manifest::parse(&text, name).expect("readable");
        assert!(!check(&facts, &manifest).is_empty(), "{wrong}");
    }
    let manifest = Manifest::parse(right, name).expect("readable");
    assert_eq!(
        wrong_requests_and_answers(&facts, &manifest),
        Vec::<String>::new()
    );
}
