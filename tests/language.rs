//! The abilities of the manifest language, point by point: for each the recorded example of a golden manifest that is
//! played back, the test that proves it, or the clear error with which it is refused on purpose.

use std::path::Path;

use keywright::manifest::Manifest;

use crate::support::home::TestEnv;
use crate::user_manifests::minimal_manifest;

/// The proof of a point.
enum Proof {
    /// The example of that name in the golden manifest of that name; `golden` plays it.
    Golden(&'static str, &'static str),
    /// The test of that name in that file.
    Test(&'static str, &'static str),
    /// It is refused: a manifest with these lines is wrong, with these words.
    Refused(&'static str, &'static str),
}

use Proof::{Golden, Refused, Test};

const SIGNED: &str =
    "[credentials.other]\nkind = \"key\"\ntitle = \"x\"\nin = [{ hmac = { header = \"X-Sign\" } }]";

/// The points in their order; what one asks for in several ways has several proofs.
const POINTS: [(&str, &[Proof]); 48] = [
    (
        "several bases, filled from variables with choices",
        &[
            Golden("registry", "the end is in the token itself"),
            Golden(
                "desk",
                "HTTP Basic, no body, an end by the documented lifetime",
            ),
            Golden(
                "estate",
                "numbered from nought, bracketed, to the promised number of pages",
            ),
        ],
    ),
    (
        "declared variables",
        &[
            Golden("studio", "two pages, each behind the last id"),
            Test(
                "tests/services/siesta.rs",
                "call_without_organisation_sends_nothing",
            ),
        ],
    ),
    (
        "variables found by a call or in the answer to a login",
        &[
            Golden("estate", "every account"),
            Golden("club", "the session in the second of three cookies"),
            Test(
                "tests/user_manifests.rs",
                "login_discovers_variable_by_request",
            ),
        ],
    ),
    (
        "constant headers, and headers that are left out without their variable",
        &[Golden("studio", "two pages, each behind the last id")],
    ),
    (
        "paths: one segment each, slashes kept where wanted, secrets hidden",
        &[
            Golden("safe", "a secret in the path"),
            Test("src/service/values.rs", "path_value_is_one_segment"),
            Test("src/service/values.rs", "path_secret_is_hidden_when_shown"),
            Test("tests/adversarial_input.rs", "key_id_cannot_escape_path"),
        ],
    ),
    (
        "any method, a query with any, brackets",
        &[
            Golden("safe", "names alone, each looked at"),
            Golden("desk", "asynchronous: it is over when the key is gone"),
        ],
    ),
    (
        "a time limit of its own, no redirects",
        &[
            Test(
                "src/service/request_builder/tests.rs",
                "request_timeout_overrides_default_only",
            ),
            Test("tests/malformed_responses.rs", "redirects_are_not_followed"),
        ],
    ),
    (
        "several kinds of credential, each operation its own",
        &[
            Golden("registry", "the end is in the token itself"),
            Golden("safe", "two parts for a token"),
        ],
    ),
    (
        "credentials in headers, schemes, queries, cookies, Basic, bodies, signatures of AWS, JWT; others are refused",
        &[
            Golden("mint", "a signed query"),
            Golden("seal", "a token made for the call"),
            Golden("seal", "a signed assertion in a form"),
            Golden("forge", "itself"),
            Golden("registry", "the end is in the token itself"),
            Golden(
                "club",
                "an object of keys, a cursor in the body of the next call",
            ),
            Golden("cloud", "pages until the promised number has come"),
            Golden("desk", "a token in force"),
            Golden(
                "estate",
                "numbered from nought, bracketed, to the promised number of pages",
            ),
            Test(
                "src/service/request_builder/tests.rs",
                "credential_goes_to_declared_places",
            ),
            Refused(
                SIGNED,
                "credentials.other.in.0: signed requests (HMAC, DPoP, HTTP Digest) are refused on purpose",
            ),
        ],
    ),
    (
        "logins as JSON, as a form, nested, by Basic",
        &[
            Golden("search", "a form, and the session in a cookie"),
            Golden("club", "the session in the second of three cookies"),
            Golden(
                "desk",
                "HTTP Basic, no body, an end by the documented lifetime",
            ),
        ],
    ),
    (
        "sessions in bodies, headers and cookies",
        &[
            Golden("club", "the session in the second of three cookies"),
            Golden(
                "club",
                "a second factor is asked for, and the call is made once more with it",
            ),
        ],
    ),
    (
        "refresh by a field, a cookie or the token itself; what is left out stays",
        &[
            Golden("club", "by a cookie; the answer keeps the old one"),
            Golden("safe", "a secret in the path"),
            Test("tests/tokens.rs", "refresh_omitted_refresh_token_is_kept"),
        ],
    ),
    (
        "a key exchanged for a token",
        &[
            Golden("safe", "two parts for a token"),
            Golden("registry", "the end is in the token itself"),
        ],
    ),
    (
        "the end of a token from anywhere",
        &[
            Golden("registry", "the end is in the token itself"),
            Golden(
                "desk",
                "HTTP Basic, no body, an end by the documented lifetime",
            ),
            Golden("search", "a form, and the session in a cookie"),
        ],
    ),
    (
        "renewed before its end, and once on a declared refusal",
        &[Test(
            "tests/language.rs",
            "token_refreshed_on_declared_refusal",
        )],
    ),
    (
        "second factors",
        &[
            Golden(
                "club",
                "a second factor is asked for, and the call is made once more with it",
            ),
            Golden(
                "club",
                "a second factor at a delete makes a body where there was none",
            ),
        ],
    ),
    (
        "a password that is asked for again and kept nowhere",
        &[
            Golden(
                "club",
                "words become one deep object, and the password is asked for again",
            ),
            Test(
                "tests/language.rs",
                "create_password_without_prompt_is_refused",
            ),
        ],
    ),
    (
        "secrets of several parts",
        &[
            Golden(
                "estate",
                "a user that is there is taken; the secret has two halves",
            ),
            Golden("estate", "half a secret is none"),
            Test("tests/user_manifests.rs", "key_pair_is_accepted_and_hidden"),
        ],
    ),
    (
        "verbs that are native, by steps, by hand or unsupported; no others",
        &[
            Test(
                "src/manifest/validate/tests.rs",
                "incomplete_operation_is_reported",
            ),
            Refused("operations.fly = {}", "unknown variant `fly`"),
        ],
    ),
    (
        "several steps, with captures, guards and what they leave",
        &[
            Golden(
                "studio",
                "the second call is refused, and the account is named",
            ),
            Golden("estate", "a user that is not there is made first"),
        ],
    ),
    (
        "keys found in lists, lists of ids alone",
        &[
            Golden("safe", "names alone, each looked at"),
            Golden(
                "estate",
                "a user that is there is taken; the secret has two halves",
            ),
        ],
    ),
    (
        "bodies of every shape",
        &[
            Golden("club", "the session in the second of three cookies"),
            Golden("search", "an end that is not there is said"),
            Golden("safe", "an end by default, written with its unit"),
            Golden("cloud", "the answer is the secret itself"),
            Test(
                "src/service/request_builder/tests.rs",
                "body_nests_fields_omits_missing",
            ),
        ],
    ),
    (
        "what is read, changed and written back",
        &[
            Golden("cloud", "everything else is sent back as it was"),
            Golden(
                "estate",
                "the whole is sent back, with its id and another name",
            ),
        ],
    ),
    (
        "inputs that exclude each other, and bounds before anything is sent",
        &[
            Golden("desk", "two ways to say the end exclude each other"),
            Golden(
                "studio",
                "a name that the service would refuse is refused here",
            ),
        ],
    ),
    (
        "ends in any unit, with bounds, defaults and a word for never",
        &[
            Golden("safe", "never is refused where there is a latest end"),
            Golden("safe", "an end by default, written with its unit"),
            Golden(
                "forge",
                "an end that is too late is refused before anything is sent",
            ),
            Test(
                "src/service/request_builder/tests.rs",
                "expiry_is_encoded_in_field_unit",
            ),
            Test(
                "src/service/request_builder/tests.rs",
                "expiry_never_uses_when_unlimited",
            ),
        ],
    ),
    (
        "scopes as arrays, texts, keywords and objects",
        &[
            Golden("studio", "an account first, then its key"),
            Golden(
                "club",
                "words become one deep object, and the password is asked for again",
            ),
            Golden("club", "one word stands for all of them"),
            Test(
                "src/service/request_builder/tests.rs",
                "scopes_are_encoded_as_declared",
            ),
        ],
    ),
    (
        "a name for each request; creating is sent once",
        &[
            Golden(
                "club",
                "words become one deep object, and the password is asked for again",
            ),
            Test(
                "tests/retries.rs",
                "create_uncertain_response_is_not_retried",
            ),
        ],
    ),
    (
        "statuses and predicates of success",
        &[
            Golden("search", "offsets up to the total"),
            Golden("safe", "what is gone already is gone"),
        ],
    ),
    (
        "refusals under status 200",
        &[
            Golden("cloud", "an error under status 200"),
            Golden("safe", "a refusal under status 200"),
            Golden("safe", "null under status 200 is no yes"),
        ],
    ),
    (
        "answers that are empty, null, a word, text, XML or a web page",
        &[
            Golden("forge", "an answer without a body"),
            Golden("studio", "archiving is the end"),
            Golden("desk", "XML with the key, its id in a header"),
            Golden("desk", "a web page is no list"),
        ],
    ),
    (
        "places to read from",
        &[
            Golden("cloud", "the answer is the secret itself"),
            Golden(
                "club",
                "an object of keys, a cursor in the body of the next call",
            ),
            Golden(
                "estate",
                "a user that is there is taken; the secret has two halves",
            ),
            Golden("desk", "XML with the key, its id in a header"),
        ],
    ),
    (
        "transforms, a closed set; every form of time",
        &[
            Golden(
                "desk",
                "a short page is not the last here; one past the end is refused",
            ),
            Test("src/manifest/times.rs", "moment_every_format_is_read"),
            Test("src/manifest/times.rs", "layout_reads_ambiguous_time"),
            Test(
                "src/manifest/extract/tests.rs",
                "extract_applies_known_transforms_only",
            ),
            Golden("registry", "a masked form is no secret"),
        ],
    ),
    (
        "one form for every key; what is unknown stays unknown",
        &[
            Golden("safe", "names alone, each looked at"),
            Golden("forge", "two pages, led by the Link header"),
        ],
    ),
    (
        "secrets that a list shows are masked",
        &[
            Golden(
                "registry",
                "the secret stands where the masked form stands later",
            ),
            Golden("registry", "a path leads on, an empty text ends"),
        ],
    ),
    (
        "use and cost",
        &[Test(
            "tests/services/schatzi.rs",
            "list_json_includes_usage",
        )],
    ),
    (
        "every kind of paging, to the end or an error",
        &[
            Golden("forge", "two pages, led by the Link header"),
            Golden("forge", "a next page at another origin is not followed"),
            Golden(
                "studio",
                "a page that leads to itself is an error, not an endless list",
            ),
            Golden(
                "cloud",
                "fewer than promised is an error, never a short list",
            ),
            Golden("estate", "a page that is missing is an error"),
            Golden(
                "club",
                "an object of keys, a cursor in the body of the next call",
            ),
            Golden(
                "desk",
                "a short page is not the last here; one past the end is refused",
            ),
            Test(
                "tests/adversarial_input.rs",
                "list_below_promised_total_fails",
            ),
        ],
    ),
    (
        "constant parameters of a list",
        &[Golden("studio", "two pages, each behind the last id")],
    ),
    (
        "shapes of errors",
        &[
            Golden("desk", "the field that is wrong is named"),
            Test(
                "src/manifest/errors/tests.rs",
                "error_common_shapes_yield_message",
            ),
        ],
    ),
    (
        "what refusals mean, by status, code, message and operation",
        &[
            Golden("cloud", "an error under status 200"),
            Golden("desk", "403 is the word for a wrong token here"),
            Test("src/manifest/errors/tests.rs", "error_status_maps_to_kind"),
        ],
    ),
    (
        "how long to wait, in every meaning",
        &[
            Golden("club", "too many requests say in the body how long to wait"),
            Test(
                "src/service/transport/retry_after.rs",
                "retry_after_every_form_is_read",
            ),
            Test(
                "src/service/transport/retry_after.rs",
                "retry_after_manifest_rule_takes_precedence",
            ),
        ],
    ),
    (
        "limits as data, or from an answer",
        &[Test(
            "tests/language.rs",
            "list_response_limit_sets_maximum",
        )],
    ),
    (
        "what a verification may say",
        &[
            Golden("safe", "null under status 200 is no yes"),
            Golden("desk", "403 is the word for a wrong token here"),
        ],
    ),
    (
        "shapes of keys, which only advise",
        &[Test(
            "tests/language.rs",
            "credential_kind_chosen_by_prefix",
        )],
    ),
    (
        "ways to rotate, and a time in which the old secret lives",
        &[
            Golden("forge", "a new token under a new id"),
            Golden("club", "the old secret lives a little longer"),
            Golden("cloud", "the answer is the secret itself"),
        ],
    ),
    (
        "calls that end the credential they are made with",
        &[
            Test(
                "src/manifest/validate/tests.rs",
                "incomplete_operation_is_reported",
            ),
            Golden("forge", "a new token under a new id"),
        ],
    ),
    (
        "ids are the service's, as text",
        &[
            Golden("forge", "two pages, led by the Link header"),
            Golden(
                "desk",
                "a short page is not the last here; one past the end is refused",
            ),
        ],
    ),
    (
        "deletes that take their time, within bounds",
        &[
            Golden("desk", "asynchronous: it is over when the key is gone"),
            Golden("desk", "what does not come about is uncertain"),
        ],
    ),
    (
        "a version, no unknown keys, extensions, examples, and programs as the way out",
        &[
            Refused("[limmits]", "unknown field `limmits`"),
            Test("tests/user_manifests.rs", "manifest_extends_built_in_one"),
            Test("tests/example_manifests.rs", "wrong_example_fails_replay"),
            Golden("estate", "a program signs what data cannot"),
            Test(
                "tests/user_manifests.rs",
                "declared_program_runs_and_is_shown",
            ),
        ],
    ),
];

fn text(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = keywright::platform::files::read_text(&path).unwrap();
    text.unwrap_or_else(|| panic!("{} is not there", path.display()))
}

#[test]
fn every_language_feature_has_proof() {
    for (number, (point, proofs)) in POINTS.iter().enumerate() {
        let number = number + 1;
        assert!(!proofs.is_empty(), "{number}: {point}");
        for proof in *proofs {
            match proof {
                Golden(manifest, example) => {
                    let text = text(&format!("tests/manifests/{manifest}.toml"));
                    assert!(
                        text.contains(&format!("name = \"{example}\"")),
                        "{number}, {point}: {manifest} has no example `{example}`"
                    );
                }
                Test(file, name) => assert!(
                    text(file).contains(&format!("fn {name}()")),
                    "{number}, {point}: {file} has no test `{name}`"
                ),
                Refused(lines, said) => {
                    let error =
                        Manifest::parse_checked(&minimal_manifest("mine", lines), "mine.toml")
                            .err()
                            .unwrap_or_else(|| panic!("{number}, {point}: it was not refused"));
                    let whole = format!("{error}\n{}", error.hints().join("\n"));
                    assert!(whole.contains(said), "{number}, {point}: {whole}");
                    assert!(whole.starts_with("mine.toml:"), "{whole}");
                }
            }
        }
    }
}

use serde_json::json;

use crate::support::server::{self, Server, get, post};
use crate::user_manifests::then;

fn mine(more: &str) -> TestEnv {
    let home = TestEnv::new();
    home.write("config/providers/mine.toml", minimal_manifest("mine", more));
    home
}

#[test]
fn list_response_limit_sets_maximum() {
    let home = mine(
        "operations.status = { via = \"list\" }\noperations.list.response = { items = \"/data\", limit = \"/meta/max\" }",
    );
    let answer = json!({ "data": [{ "id": 1 }], "meta": { "max": 7 } });
    let server = Server::with(
        get("/keys").header("x-api-key", "fake-key-0123"),
        server::json(200, &answer),
    );
    let done = home
        .run(["keys", "status", "--json"])
        .env("KEYWRIGHT_PROVIDER", "mine")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .key("fake-key-0123")
        .json();
    assert_eq!(done["limit"], 7);
}

#[test]
fn create_password_without_prompt_is_refused() {
    let home = mine(
        "[operations.create]\nrequest = { method = \"POST\", path = \"/keys\", body = [{ at = \"/name\", from = \"name\" }, { at = \"/password\", from = \"credential.password\" }] }\nresponse = { secret = \"/key\" }",
    );
    let server = Server::with(
        get("/keys").header("x-api-key", "fake-key-0123"),
        server::json(200, &json!([])),
    );
    home.run(["keys", "create", "ci"])
        .env("KEYWRIGHT_PROVIDER", "mine")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .key("fake-key-0123")
        .stderr_has("mine asks for the Password of your account at Mine, and prompts are disabled")
        .exit(3);
}

const TWO_KINDS: &str = r#"
[credentials.admin]
kind = "key"
title = "admin key"
prefixes = ["adm-"]
in = [{ header = { name = "X-Admin-Key" } }]
[operations.status]
auth = ["admin"]
request = { method = "GET", path = "/status" }
"#;

#[test]
fn credential_kind_chosen_by_prefix() {
    let manifest = minimal_manifest("mine", TWO_KINDS).replace(
        "title = \"key\", place",
        "title = \"key\", prefixes = [\"key-\"], place",
    );
    let home = TestEnv::new();
    home.write("config/providers/mine.toml", manifest);
    let server = Server::with(
        get("/status").header("x-admin-key", "adm-fake-0123"),
        server::json(200, &json!({ "id": 1 })),
    );
    let run = |args: [&'static str; 2], key: &str| {
        home.run(args)
            .env("KEYWRIGHT_PROVIDER", "mine")
            .env("KEYWRIGHT_BASE_URL", &server.url())
            .key(key)
            .any_stdout()
            .any_stderr()
    };
    run(["keys", "status"], "adm-fake-0123").exit(0);
    then(
        &server,
        get("/keys").header("x-api-key", "key-fake-0123"),
        server::json(200, &json!([])),
    );
    run(["keys", "list"], "key-fake-0123").exit(0);
    run(["keys", "list"], "adm-fake-0123").exit(3);
}

const SESSION: &str = r#"manifest = 1
name = "mine"
title = "Mine"
about = "a session"
checked = "2026-11-20"
servers.api = { url = "https://api.example.com", auth = ["token"] }
credentials.token = { kind = "token", title = "session", in = [{ header = { name = "X-Session" } }] }
key = { id = "/id" }
operations.list.request = { method = "GET", path = "/keys" }
[[errors.rules]]
status = 403
message = "over"
reason = "expired-credential"
[operations.refresh]
auth = []
yields = "token"
request = { method = "POST", path = "/next", body = [{ at = "/next", from = "credential.token.refresh" }] }
response = { token = { value = "/session", refresh = "/next" } }
"#;

#[test]
fn token_refreshed_on_declared_refusal() {
    let home = TestEnv::new();
    home.write("config/providers/mine.toml", SESSION);
    let old = get("/keys").header("x-session", "fake-old-0123");
    let server = Server::with(old, server::json(403, &json!({ "message": "it is over" })));
    then(
        &server,
        post("/next").json(&json!({ "next": "fake-next-0123" })),
        server::json(
            200,
            &json!({ "session": "fake-new-0123", "next": "fake-more-0123" }),
        ),
    );
    then(
        &server,
        get("/keys").header("x-session", "fake-new-0123"),
        server::json(200, &json!([{ "id": 1 }])),
    );
    let given = crate::support::home::token("fake-old-0123", 3_600).refreshed_by("fake-next-0123");
    home.log_in("mine", &server.url(), &[given]);
    home.run(["keys", "list"])
        .stdout_has("1   -     -    unknown  -        -        -          -         -\n")
        .exit(0);
}

#[test]
fn request_body_may_name_own_credential() {
    let home = TestEnv::new();
    let text = minimal_manifest("mine", "")
        .replace(
            "path = \"/keys\"",
            "path = \"/keys\", authenticate = false, body = [{ at = \"/auth\", from = \"credential.key\" }]",
        )
        .replace(
            "title = \"key\"",
            "title = \"key\", verify = { request = { method = \"POST\", path = \"/check\", authenticate = false, body = [{ at = \"/key\", from = \"credential.key\" }] } }",
        );
    home.write("config/providers/mine.toml", text);
    let server = Server::new();
    then(
        &server,
        get("/keys").json(&json!({ "auth": "fake-key-0123" })),
        server::json(200, &json!([])),
    );
    then(
        &server,
        post("/check").json(&json!({ "key": "fake-key-0123" })),
        server::json(200, &json!({})),
    );
    for words in [
        &["keys", "list", "--json"][..],
        &["keys", "verify", "--json"],
    ] {
        home.run(words)
            .env("KEYWRIGHT_PROVIDER", "mine")
            .env("KEYWRIGHT_BASE_URL", &server.url())
            .key("fake-key-0123")
            .json_stdout()
            .exit(0);
    }
}

#[test]
fn refusal_without_hint_gets_one() {
    let page = "<!doctype html><title>Not Found</title>";
    let text = minimal_manifest("mine", "").replace(
        "title = \"key\"",
        "title = \"key\", verify = { request = { method = \"GET\", path = \"/check\" } }",
    );
    let home = TestEnv::new();
    home.write("config/providers/mine.toml", text);
    let address = "hint: a proxy or login page may be in the way; check the base URL: keywright profiles show\n";
    let list = &["keys", "list"][..];
    for (words, path, answer, code, stderr) in [
        (
            list,
            "/keys",
            server::json(401, &json!({ "message": "no" })),
            3,
            "error: mine refused to list keys: no\nhint: set another in KEYWRIGHT_API_KEY\n"
                .to_owned(),
        ),
        (
            list,
            "/keys",
            server::text(404, page),
            5,
            format!(
                "error: mine refused to list keys: it answered with a web page instead of JSON\n{address}"
            ),
        ),
        (
            list,
            "/keys",
            server::text(404, ""),
            5,
            format!(
                "error: mine refused to list keys: there is no such thing (HTTP 404)\n{address}"
            ),
        ),
        (
            &["keys", "verify"],
            "/check",
            server::json(400, &json!({ "message": "what?" })),
            1,
            "mine gave no answer that decides whether a key works (HTTP 400)\n".to_owned(),
        ),
    ] {
        let server = Server::with(get(path).header("x-api-key", "fake-key-0123"), answer);
        home.run(words)
            .env("KEYWRIGHT_PROVIDER", "mine")
            .env("KEYWRIGHT_BASE_URL", &server.url())
            .key("fake-key-0123")
            .any_stdout()
            .expect_stderr(&stderr)
            .exit(code);
    }
}
