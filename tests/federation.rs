//! The identity of a job in place of a stored key: fetched from its platform, exchanged, and nowhere kept.

use keywright::manifest::Manifest;
use keywright::platform::KeychainError;
use serde_json::{Value, json};

use crate::support::clock::{NOON, NOON_SECONDS};
use crate::support::home::{TestEnv, key};
use crate::support::jwt::{Jwt, signed};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Server, Wanted, get, post};
use crate::support::sigv4::SigV4;

const AUDIENCE: &str = "https://wharf.example.com";
const RUNNER_TOKEN: &str = "fake-runner-token-0001";
const TOKEN: &str = "fake-access-token-0001";

/// Variables with the claims of the tokens in them.
type Variables<'v> = &'v [(&'v str, &'v Value)];

/// The claims of a job's identity token, which lives for ten minutes.
fn claims() -> Value {
    json!({
        "iss": "https://ci.example.com",
        "sub": "repo:acme/site:ref:refs/heads/main",
        "aud": AUDIENCE,
        "iat": NOON_SECONDS,
        "exp": NOON_SECONDS + 600,
    })
}

/// The claims with one of them changed.
fn claims_with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

/// The exchange of the identity token with these claims, whose signature the server checks.
fn exchange_of(claims: Value) -> Wanted {
    let urn = "urn%3Aietf%3Aparams%3Aoauth";
    let body = format!(
        "grant_type={urn}%3Agrant-type%3Atoken-exchange&subject_token_type={urn}%3Atoken-type%3Ajwt&\
         subject_token={{jwt}}"
    );
    post("/token")
        .body("application/x-www-form-urlencoded", body.as_bytes())
        .jwt(Jwt {
            header: json!({ "alg": "EdDSA" }),
            claims,
        })
}

fn token(value: &str) -> server::Answer {
    let body = json!({ "access_token": value, "token_type": "Bearer", "expires_in": 900 });
    server::json(200, &body)
}

fn keys() -> server::Answer {
    server::json(200, &json!([{ "id": "k1", "name": "ci" }]))
}

/// A machine that knows the wharf and nothing else.
fn wharf() -> TestEnv {
    let home = TestEnv::new();
    home.write(
        "config/providers/wharf.toml",
        include_str!("manifests/wharf.toml"),
    );
    home
}

/// A command of a job at the wharf.
fn job(home: &TestEnv, server: &Server, args: &[&str]) -> Run {
    home.run(args)
        .env("KEYWRIGHT_PROVIDER", "wharf")
        .env("KEYWRIGHT_BASE_URL", &server.url())
}

/// A command of a job whose identity is in a variable.
fn job_with(home: &TestEnv, server: &Server, claims: &Value, args: &[&str]) -> Run {
    job(home, server, args)
        .env("KEYWRIGHT_IDENTITY", "env:JOB_TOKEN")
        .env("JOB_TOKEN", &signed(claims))
}

/// A command of a job at GitHub.
fn at_github(home: &TestEnv, server: &Server, args: &[&str]) -> Run {
    job(home, server, args)
        .env("KEYWRIGHT_IDENTITY", "github")
        .env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", RUNNER_TOKEN)
        .env(
            "ACTIONS_ID_TOKEN_REQUEST_URL",
            &format!("{}/idtoken?api-version=2.0", server.url()),
        )
}

/// The request of a job at GitHub for its identity token.
fn github() -> Wanted {
    get("/idtoken?api-version=2.0&audience=https%3A%2F%2Fwharf.example.com").bearer(RUNNER_TOKEN)
}

#[test]
fn github_job_needs_no_key() {
    let (home, server) = (wharf(), Server::new());
    let before = home.files();
    let identity = signed(&claims());
    server
        .expect(github())
        .answer(json!({ "count": 1, "value": identity }).into());
    server.expect(exchange_of(claims())).answer(token(TOKEN));
    server.expect(get("/keys").bearer(TOKEN)).answer(keys());
    at_github(&home, &server, &["-v", "keys", "list"])
        .stdout_has("k1")
        .stderr_has("> POST ")
        .hides(&identity)
        .hides(TOKEN)
        .hides(RUNNER_TOKEN)
        .exit(0);
    let mut files = home.files();
    files.retain(|path, _| !path.starts_with("cache"));
    assert_eq!(files, before);
    assert_eq!(home.keychain.touched(), 0);
}

#[test]
fn identity_source_yields_token() {
    let gitlab = claims_with("iss", json!("https://gitlab.example.com"));
    let other = claims_with("iss", json!("https://elsewhere.example.com"));
    let third = claims_with("aud", json!("https://third.example.com"));
    let mut two = gitlab.clone();
    two["aud"] = json!(["https://third.example.com"]);
    let cases: &[(&str, Variables<'_>, &Value)] = &[
        ("env:JOB_TOKEN", &[("JOB_TOKEN", &gitlab)], &gitlab),
        (
            "gitlab",
            &[("GITLAB_OIDC_TOKEN", &other), ("ANY", &gitlab)],
            &other,
        ),
        (
            "gitlab",
            &[("MY_TOKEN", &gitlab), ("OTHER", &other)],
            &gitlab,
        ),
        ("gitlab", &[("MY_TOKEN", &gitlab), ("OTHER", &two)], &gitlab),
        (
            "gitlab:OTHER",
            &[("MY_TOKEN", &gitlab), ("OTHER", &third)],
            &third,
        ),
        (
            "circleci",
            &[
                ("CIRCLE_OIDC_TOKEN", &other),
                ("CIRCLE_OIDC_TOKEN_V2", &gitlab),
            ],
            &gitlab,
        ),
        ("circleci", &[("CIRCLE_OIDC_TOKEN", &other)], &other),
    ];
    for (source, variables, wanted) in cases {
        let (home, server) = (wharf(), Server::new());
        server
            .expect(exchange_of((*wanted).clone()))
            .answer(token(TOKEN));
        let mut run = job(&home, &server, &["token"])
            .env("KEYWRIGHT_IDENTITY", source)
            .env("CI_SERVER_URL", "https://gitlab.example.com");
        for (name, claims) in *variables {
            run = run.env(name, &signed(claims));
        }
        run.expect_stdout(format!("{TOKEN}\n")).exit(0);
    }
}

#[test]
fn gitlab_identity_needs_gitlab_job() {
    let (home, server) = (wharf(), Server::new());
    job(&home, &server, &["token"])
        .env("KEYWRIGHT_IDENTITY", "gitlab")
        .env("SOME_TOKEN", &signed(&claims()))
        .fails(
            "there is no identity token: this is no GitLab job: neither GITLAB_CI nor CI_SERVER_URL is set",
            &["a token of another issuer has a name: env:NAME"],
        )
        .exit(3);
    assert_eq!(server.seen().len(), 0);
}

#[test]
fn identity_file_is_read_anew() {
    for kind in ["file", "kubernetes"] {
        let (home, server) = (wharf(), Server::new());
        for lifetime in [600, 1200] {
            let claims = claims_with("exp", json!(NOON_SECONDS + lifetime));
            let file = home.write("run/token", format!("{}\n", signed(&claims)));
            server.expect(exchange_of(claims)).answer(token(TOKEN));
            let source = format!("{kind}:{}", file.display());
            job(&home, &server, &["token"])
                .env("KEYWRIGHT_IDENTITY", &source)
                .expect_stdout(format!("{TOKEN}\n"))
                .exit(0);
        }
    }
}

#[test]
fn refused_token_fetches_identity_once() {
    let (home, server) = (wharf(), Server::new());
    let refused = server::json(401, &json!({ "error": "invalid_token" }));
    for (lifetime, value) in [(600, "fake-token-0001"), (700, "fake-token-0002")] {
        let claims = claims_with("exp", json!(NOON_SECONDS + lifetime));
        let issued = json!({ "value": signed(&claims) });
        server.expect(github()).answer(issued.into());
        server.expect(exchange_of(claims)).answer(token(value));
        server
            .expect(get("/keys").bearer(value))
            .answer(refused.clone());
    }
    at_github(&home, &server, &["keys", "list"])
        .fails(
            "wharf refused to list keys: invalid_token",
            &["the access token was exchanged from the identity of this job: check what the service allows it"],
        )
        .exit(3);
}

#[test]
fn exchange_of_job_stores_nothing() {
    let (home, server) = (wharf(), Server::new());
    let before = home.files();
    for flag in [false, true] {
        server.expect(exchange_of(claims())).answer(token(TOKEN));
        let args = ["exchange", "--json", "--identity", "env:JOB_TOKEN"];
        let run = if flag {
            job(&home, &server, &args).env("JOB_TOKEN", &signed(&claims()))
        } else {
            job_with(&home, &server, &claims(), &args[..2])
        };
        run.expect_json(json!({ "expires_at": "2026-11-20T12:15:00Z", "stored_in": null }))
            .expect_stderr(
                "to use it: KEYWRIGHT_IDENTITY=env:JOB_TOKEN keywright exec -- COMMAND\n",
            )
            .exit(0);
    }
    assert_eq!(home.files(), before);
}

#[test]
fn identity_has_nothing_to_refresh() {
    let (home, server) = (TestEnv::new(), Server::new());
    home.run(["refresh"])
        .env("KEYWRIGHT_PROVIDER", "openbao")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .env("KEYWRIGHT_IDENTITY", "circleci")
        .fails(
            "there is no token to refresh: each command exchanges the identity of circleci anew",
            &["a token that is valid now: keywright token"],
        )
        .exit(2);
    assert!(home.files().is_empty());
}

#[test]
fn exchange_in_profile_stores_token() {
    let (home, server) = (wharf(), Server::new());
    home.log_in("wharf", &server.url(), &[]);
    server.expect(exchange_of(claims())).answer(token(TOKEN));
    home.run(["exchange", "--identity", "env:JOB_TOKEN"])
        .env("JOB_TOKEN", &signed(&claims()))
        .expect_stderr(
            "exchanged the identity of env:JOB_TOKEN for a token, which expires in 15 minutes; it is stored in the \
             test keyring\n",
        )
        .exit(0);
    assert_eq!(home.kept("wharf", "token").as_deref(), Some(TOKEN));
    server.expect(get("/keys").bearer(TOKEN)).answer(keys());
    home.run(["keys", "list"]).stdout_has("k1").exit(0);
}

#[test]
fn exchange_needs_store_in_profile() {
    let (home, server) = (wharf(), Server::new());
    home.log_in("wharf", &server.url(), &[]);
    let fault = KeychainError::Unavailable("it is not running".to_owned());
    home.keychain.fails(fault);
    home.run(["exchange", "--identity", "env:JOB_TOKEN"])
        .env("JOB_TOKEN", &signed(&claims()))
        .stderr_has(
            "to use a token without keeping it: KEYWRIGHT_IDENTITY=env:JOB_TOKEN keywright token",
        )
        .exit(9);
}

#[test]
fn audience_follows_variable() {
    let (home, server) = (wharf(), Server::new());
    let other = claims_with("aud", json!("acme prod"));
    server
        .expect(get("/idtoken?api-version=2.0&audience=acme+prod").bearer(RUNNER_TOKEN))
        .answer(json!({ "value": signed(&other) }).into());
    server.expect(exchange_of(other)).answer(token(TOKEN));
    at_github(&home, &server, &["token"])
        .env("KEYWRIGHT_VAR_AUDIENCE", "acme prod")
        .expect_stdout(format!("{TOKEN}\n"))
        .exit(0);
}

#[test]
fn service_without_federation_is_named() {
    let server = Server::new();
    let run = |args: &[&str]| {
        TestEnv::new()
            .run(args)
            .env("KEYWRIGHT_PROVIDER", "schatzi")
            .env("KEYWRIGHT_BASE_URL", &server.url())
            .env("JOB_TOKEN", &signed(&claims()))
    };
    let ways = [
        "it takes its API key: set KEYWRIGHT_API_KEY",
        "it takes its JWT: set KEYWRIGHT_TOKEN",
    ];
    let message = "schatzi does not exchange the identity of a job for a token";
    run(&["exchange", "--identity", "env:JOB_TOKEN"])
        .fails(message, &ways)
        .exit(2);
    run(&["keys", "list"])
        .env("KEYWRIGHT_IDENTITY", "env:JOB_TOKEN")
        .fails(message, &ways)
        .exit(2);
}

#[test]
fn identity_missing_is_explained() {
    let (home, server) = (wharf(), Server::new());
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "github",
            "ACTIONS_ID_TOKEN_REQUEST_URL is not set",
            &[
                "give the job the permission to ask: permissions, `id-token: write` (a fork's pull request never has it)",
            ],
        ),
        (
            "gitlab",
            "GITLAB_OIDC_TOKEN is not set",
            &["let GitLab issue it, with `id_tokens` in the job: GITLAB_OIDC_TOKEN, with `aud`"],
        ),
        (
            "circleci",
            "neither CIRCLE_OIDC_TOKEN_V2 nor CIRCLE_OIDC_TOKEN is set",
            &["CircleCI sets them in jobs that use a context"],
        ),
        ("env:JOB_TOKEN", "JOB_TOKEN is not set", &[]),
        ("file:none", "there is no file `none`", &[]),
        (
            "kubernetes:none",
            "there is no file `none`",
            &[
                "project a token into the pod: volumes, projected, serviceAccountToken, with `audience` and `path`",
                "then name the file: kubernetes:PATH",
            ],
        ),
    ];
    for (source, why, hints) in cases {
        job(&home, &server, &["token"])
            .env("KEYWRIGHT_IDENTITY", source)
            .env("GITLAB_CI", "true")
            .fails(&format!("there is no identity token: {why}"), hints)
            .exit(3);
    }
}

#[test]
fn unknown_identity_source_is_refused() {
    let (home, server) = (wharf(), Server::new());
    let forms = "write one of: github, gitlab, gitlab:NAME, kubernetes, kubernetes:PATH, circleci, env:NAME, file:PATH";
    for (source, hints) in [
        ("gihub", &["did you mean `github`?", forms][..]),
        ("env:", &[forms]),
        ("github:x", &[forms]),
    ] {
        job(&home, &server, &["exchange", "--identity", source])
            .fails(
                &format!("--identity: `{source}` is no source of an identity"),
                hints,
            )
            .exit(2);
    }
    let pasted = signed(&claims());
    job(&home, &server, &["token"])
        .env("KEYWRIGHT_IDENTITY", &pasted)
        .stderr_has("is no source of an identity")
        .stderr_has("a token is never an argument")
        .hides(&pasted)
        .exit(2);
    job(&home, &server, &["token"])
        .env("KEYWRIGHT_IDENTITY", "")
        .stderr_has("KEYWRIGHT_IDENTITY is set but empty")
        .exit(3);
}

#[test]
fn doctor_names_unknown_identity_source() {
    TestEnv::new()
        .run(["doctor"])
        .env("KEYWRIGHT_IDENTITY", "bogus")
        .stdout_has("KEYWRIGHT_IDENTITY: `bogus` is no source of an identity")
        .exit(0);
}

#[test]
fn web_page_is_no_identity() {
    let (home, server) = (wharf(), Server::new());
    for source in ["env:CIRCLE_OIDC_TOKEN", "circleci"] {
        job(&home, &server, &["token"])
            .env("KEYWRIGHT_IDENTITY", source)
            .env("CIRCLE_OIDC_TOKEN", "<!DOCTYPE html><html></html>")
            .fails("the identity token in CIRCLE_OIDC_TOKEN is a web page", &[])
            .exit(3);
    }
}

#[test]
fn several_gitlab_variables_are_named() {
    let (home, server) = (wharf(), Server::new());
    let other = claims_with("aud", json!("https://other.example.com"));
    job(&home, &server, &["token"])
        .env("KEYWRIGHT_IDENTITY", "gitlab")
        .env("GITLAB_CI", "true")
        .env("A_TOKEN", &signed(&other))
        .env("B_TOKEN", &signed(&other))
        .fails(
            "several variables hold an identity token: A_TOKEN, B_TOKEN",
            &["name one: gitlab:A_TOKEN"],
        )
        .exit(2);
}

#[test]
fn expired_identity_is_not_sent() {
    let (home, server) = (wharf(), Server::new());
    let old = claims_with("exp", json!(NOON_SECONDS - 3600));
    job_with(&home, &server, &old, &["token"])
        .fails(
            "the identity token in JOB_TOKEN expired at 2026-11-20 11:00 UTC",
            &["this machine's clock says 2026-11-20 12:00 UTC: if that is wrong, set it"],
        )
        .exit(3);
}

#[test]
fn service_judges_recent_expiry() {
    let (home, server) = (wharf(), Server::new());
    let old = claims_with("exp", json!(NOON_SECONDS - 300));
    let date = "Fri, 20 Nov 2026 11:50:00 GMT";
    server
        .expect(exchange_of(old.clone()))
        .answer(token(TOKEN).header("Date", date));
    job_with(&home, &server, &old, &["token", "--json"])
        .expect_json(json!({
            "token": TOKEN,
            "type": "Bearer",
            "expires_at": "2026-11-20T12:15:00Z",
        }))
        .exit(0);
    server
        .expect(exchange_of(old.clone()))
        .answer(server::json(400, &json!({ "error": "invalid_grant" })));
    job_with(&home, &server, &old, &["token"])
        .stderr_has("the identity token expired at 2026-11-20 11:55 UTC, by this machine's clock, which says 2026-11-20 12:00 UTC")
        .exit(3);
}

#[test]
fn github_clock_decides_about_expiry() {
    let (home, server) = (wharf(), Server::new());
    let old = claims_with("exp", json!(NOON_SECONDS - 300));
    server.expect(github()).answer(
        server::json(200, &json!({ "value": signed(&old) }))
            .header("Date", "Fri, 20 Nov 2026 11:50:00 GMT"),
    );
    server.expect(exchange_of(old)).answer(token(TOKEN));
    at_github(&home, &server, &["token"])
        .expect_stdout(format!("{TOKEN}\n"))
        .exit(0);
}

#[test]
fn refused_identity_is_described() {
    let (home, server) = (wharf(), Server::new());
    let refusal = json!({ "error": "invalid_grant", "error_description": "no rule allows it" });
    let subject = "the identity is `repo:acme/site:ref:refs/heads/main` of https://ci.example.com: the service must trust it";
    let other = claims_with("aud", json!("sigstore"));
    let young = claims_with("iat", json!(NOON_SECONDS + 300));
    for (claims, hint) in [
        (
            &other,
            "the identity token is for the audience `sigstore`, and the manifest names `https://wharf.example.com`",
        ),
        (
            &young,
            "the identity token is valid from 2026-11-20 12:05 UTC, and this machine's clock says 2026-11-20 12:00 UTC: set the clock that is wrong",
        ),
    ] {
        server
            .expect(exchange_of(claims.clone()))
            .answer(server::json(400, &refusal));
        job_with(&home, &server, claims, &["token"])
            .fails(
                "wharf refused to exchange the identity for a token: no rule allows it",
                &[subject, hint],
            )
            .exit(3);
    }
}

#[test]
fn bad_answer_for_identity_is_explained() {
    let cases = [
        (
            server::html(200),
            "GitHub answered with a web page in place of an identity token: is there a proxy in between?",
            1,
        ),
        (
            server::json(200, &json!({})),
            "GitHub answered, but its answer holds no identity token",
            1,
        ),
        (
            server::json(200, &json!({ "value": "opaque" })),
            "the identity token of GitHub is no JSON Web Token",
            3,
        ),
        (
            server::json(403, &json!({ "message": "not allowed" })),
            "GitHub refused to issue an identity token: not allowed",
            3,
        ),
    ];
    for (answer, message, code) in cases {
        let (home, server) = (wharf(), Server::new());
        server.expect(github()).answer(answer);
        at_github(&home, &server, &["token"])
            .stderr_has(&format!("error: {message}\n"))
            .exit(code);
    }
}

#[test]
fn bad_answer_to_exchange_is_explained() {
    for (answer, message) in [
        (
            server::html(200),
            "wharf answered with a web page instead of JSON: is there a proxy or a login page in between?",
        ),
        (
            server::json(200, &json!({ "token": "x" })),
            "wharf answered, but the token is not where its manifest says it is",
        ),
    ] {
        let (home, server) = (wharf(), Server::new());
        server.expect(exchange_of(claims())).answer(answer);
        job_with(&home, &server, &claims(), &["token"])
            .stderr_has(&format!("error: {message}\nhint: "))
            .exit(1);
    }
}

#[test]
fn whoami_names_identity_source() {
    let (home, server) = (wharf(), Server::new());
    job_with(&home, &server, &claims(), &["whoami", "--json"])
        .expect_json(json!({
            "profile": "wharf",
            "provider": "wharf",
            "identity": null,
            "credential": "token",
            "expires_at": null,
            "decided_by": "KEYWRIGHT_PROVIDER, identity env:JOB_TOKEN",
        }))
        .exit(0);
}

#[test]
fn rotation_works_on_identity() {
    let (home, server) = (wharf(), Server::new());
    server.expect(exchange_of(claims())).answer(token(TOKEN));
    server.expect(get("/keys").bearer(TOKEN)).answer(keys());
    server
        .expect(post("/keys").bearer(TOKEN).json(&json!({ "name": "ci" })))
        .answer(server::json(
            201,
            &json!({ "id": "k2", "name": "ci", "secret": "wh_fake-0000000000002" }),
        ));
    let both = json!([{ "id": "k1", "name": "ci" }, { "id": "k2", "name": "ci" }]);
    server
        .expect(get("/keys").bearer(TOKEN))
        .answer(server::json(200, &both));
    server
        .expect(server::delete("/keys/k1").bearer(TOKEN))
        .answer(server::empty(204));
    job_with(
        &home,
        &server,
        &claims(),
        &["-y", "keys", "rotate", "k1", "--to", "file:new-key"],
    )
    .expect_stderr(format!(
        "wharf has no operation to verify a key: this one is taken as it is\n{}{}{}",
        messages::delivered("file:[home]/work/new-key"),
        messages::revoked_old("ci"),
        messages::rotated("ci"),
    ))
    .exit(0);
    assert_eq!(
        home.read("work/new-key").as_deref().map(str::trim),
        Some("wh_fake-0000000000002")
    );
}

#[test]
fn stored_key_is_audited() {
    let (home, server) = (wharf(), Server::new());
    let secret = "wh_fake-0000000000001";
    home.log_in("wharf", &server.url(), &[key(secret)]);
    server
        .expect(get("/keys").header("x-api-key", secret))
        .answer(server::json(200, &json!([])));
    let found = home.run(["audit", "--json"]).json();
    assert_eq!(found[0]["level"], "info");
    assert_eq!(found[0]["check"], "identity");
    assert_eq!(
        found[0]["fix"],
        "in the job: keywright -p wharf exchange --identity SOURCE"
    );
}

#[test]
fn assumed_role_signs_calls() {
    const ID: &str = "ASIAFAKE000000000001";
    const SECRET: &str = "fake/secret+0000000000000000000000000001";
    const SESSION: &str = "fake-session-token/+==";
    let (home, server) = (TestEnv::new(), Server::new());
    let role = "arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdeploy";
    let action = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15";
    let form =
        format!("{action}&RoleArn={role}&RoleSessionName=keywright&WebIdentityToken={{jwt}}");
    let claims = claims_with("aud", json!("sts.amazonaws.com"));
    let proof = Jwt {
        header: json!({ "alg": "EdDSA" }),
        claims: claims.clone(),
    };
    let assume = || {
        let body = "application/x-www-form-urlencoded";
        let wanted = post("/").header("accept", "application/xml");
        wanted.body(body, form.as_bytes()).jwt(proof.clone())
    };
    let answer = format!(
        "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>\
         <AccessKeyId>{ID}</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey>\
         <SessionToken>{SESSION}</SessionToken><Expiration>2026-11-20T13:00:00Z</Expiration></Credentials>\
         </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
    );
    let in_job = |args: &[&str]| {
        home.run(args)
            .env("KEYWRIGHT_PROVIDER", "aws-sts")
            .env("KEYWRIGHT_BASE_URL", &server.url())
            .env(
                "KEYWRIGHT_VAR_ROLE_ARN",
                "arn:aws:iam::123456789012:role/deploy",
            )
            .env("KEYWRIGHT_IDENTITY", "env:JOB_TOKEN")
            .env("JOB_TOKEN", &signed(&claims))
            .hides(&signed(&claims))
    };
    let xml = |body: &str| server::bytes(200, "text/xml", body.as_bytes());
    server.expect(assume()).answer(xml(&answer));
    in_job(&["token", "--json"])
        .stdout_has("\"type\":\"access_token\"")
        .exit(0);
    server.expect(assume()).answer(xml(&answer));
    in_job(&["credential", "aws"])
        .expect_json(json!({
            "Version": 1,
            "AccessKeyId": ID,
            "SecretAccessKey": SECRET,
            "SessionToken": SESSION,
            "Expiration": "2026-11-20T13:00:00Z",
        }))
        .exit(0);
    let arn = "arn:aws:sts::123456789012:assumed-role/deploy/keywright";
    let who = format!(
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>{arn}</Arn>\
         </GetCallerIdentityResult></GetCallerIdentityResponse>"
    );
    server.expect(assume()).answer(xml(&answer));
    let wanted = post("/").header("accept", "application/xml").body(
        "application/x-www-form-urlencoded",
        b"Action=GetCallerIdentity&Version=2011-06-15",
    );
    server
        .expect(wanted.signed(SigV4 {
            id: ID,
            secret: SECRET,
            token: Some(SESSION),
            scope: "us-east-1/sts",
            now: NOON.parse().unwrap(),
        }))
        .answer(xml(&who));
    in_job(&["whoami", "--json"])
        .hides(SESSION)
        .expect_json(json!({
            "profile": "aws-sts",
            "provider": "aws-sts",
            "identity": arn,
            "credential": "session",
            "expires_at": "2026-11-20T13:00:00Z",
            "decided_by": "KEYWRIGHT_PROVIDER, identity env:JOB_TOKEN",
        }))
        .exit(0);
}

#[test]
fn chained_exchange_hides_first_token() {
    let (home, server) = (TestEnv::new(), Server::new());
    let manifest = include_str!("manifests/quay.toml");
    home.write("config/providers/quay.toml", manifest);
    let read = Manifest::parse_checked(manifest, "quay.toml").ok().unwrap();
    assert!(read.takes_identities_alone("sts") && !read.takes_identities_alone("api"));
    let first = "fake-federated-token-0001";
    let claims = claims_with("aud", json!("https://iam.quay.example.com/p1"));
    let sts = json!({
        "grantType": "urn:ietf:params:oauth:grant-type:token-exchange",
        "audience": "//iam.quay.example.com/p1",
        "subjectToken": "{jwt}",
    });
    let expect_sts = || {
        server
            .expect(post("/v1/token").json(&sts).jwt(Jwt {
                header: json!({ "alg": "EdDSA" }),
                claims: claims.clone(),
            }))
            .answer(json!({ "access_token": first }).into());
    };
    expect_sts();
    let account = || {
        let path = "/v1/accounts/deploy%40quay.example.com:generateAccessToken";
        let body = json!({ "scope": ["keys"] });
        post(path).bearer(first).json(&body)
    };
    let in_job = || {
        home.run(["-v", "token"])
            .env("KEYWRIGHT_PROVIDER", "quay")
            .env("KEYWRIGHT_BASE_URL", &server.url())
            .env("KEYWRIGHT_VAR_PROVIDER", "p1")
            .env("KEYWRIGHT_IDENTITY", "env:JOB_TOKEN")
            .env("JOB_TOKEN", &signed(&claims))
            .hides(first)
    };
    let echo = json!({ "message": format!("{first} may not") });
    server.expect(account()).answer(server::json(403, &echo));
    in_job().stderr_has("may not").exit(4);
    expect_sts();
    server
        .expect(account())
        .answer(json!({ "accessToken": TOKEN, "expireTime": "2026-11-20T13:00:00Z" }).into());
    in_job()
        .expect_stdout(format!("{TOKEN}\n"))
        .stderr_has("> POST ")
        .exit(0);
}
