//! Places that hold the environment of an app, a project or a pipeline.

use serde_json::{Value, json};

use super::{Entry, Place, Reply, Request, TOKEN, place};

pub(super) const PLACES: &[Place] = &[
    Place {
        base: "api/v4",
        ..place(
            "gitlab",
            "gitlab:team/sub/app@review/*#API_KEY",
            &[("GITLAB_TOKEN", TOKEN)],
            gitlab,
        )
    },
    place(
        "heroku",
        "heroku:example-app#API_KEY",
        &[("HEROKU_API_KEY", TOKEN)],
        heroku,
    ),
    Place {
        base: "api/v1",
        ..place(
            "netlify",
            "netlify:team/site@production#API_KEY",
            &[("NETLIFY_AUTH_TOKEN", TOKEN)],
            netlify,
        )
    },
    Place {
        shows: false,
        ..place(
            "vercel",
            "vercel:my-app#API_KEY",
            &[("VERCEL_TOKEN", TOKEN), ("VERCEL_ORG_ID", "team_1a2b3c")],
            vercel,
        )
    },
    Place {
        shows: false,
        ..place(
            "circleci",
            "circleci:gh/example/app#API_KEY",
            &[("CIRCLE_TOKEN", TOKEN)],
            circleci,
        )
    },
    Place {
        shows: false,
        ..place(
            "terraform",
            "terraform:acme/app#API_KEY",
            &[("TFE_TOKEN", TOKEN)],
            terraform,
        )
    },
    Place {
        shows: false,
        base: "client/v4",
        ..place(
            "cloudflare",
            "cloudflare:023e105f4ecef8ad9ca31a8372d0c353/app#API_KEY",
            &[("CLOUDFLARE_API_TOKEN", TOKEN)],
            cloudflare,
        )
    },
    Place {
        shows: false,
        ..place(
            "fly",
            "fly:my-app#API_KEY",
            &[("FLY_API_TOKEN", TOKEN)],
            fly,
        )
    },
];

fn gitlab(entry: &mut Entry, request: &Request) -> Reply {
    if request.header("private-token") != TOKEN {
        return (401, json!({ "message": "401 Unauthorized" }));
    }
    let shown = |value: &str| {
        json!({
            "variable_type": "env_var", "key": "API_KEY", "value": value, "protected": false, "masked": true,
            "hidden": false, "raw": true, "environment_scope": "review/*", "description": null,
        })
    };
    let missing = (404, json!({ "message": "404 Variable Not Found" }));
    let line = request.line();
    if line == "GET personal_access_tokens/self" {
        return (200, json!({ "id": 42, "active": true, "scopes": ["api"] }));
    }
    if line == "POST projects/team/sub/app/variables" {
        if entry.value.is_some() {
            let taken = json!({ "message": { "key": ["(API_KEY) has already been taken"] } });
            return (400, taken);
        }
        assert_eq!(request.text("/key"), "API_KEY");
        assert_eq!(request.text("/environment_scope"), "review/*");
        entry.take(request, "/value");
        return (201, shown(entry.value.as_deref().unwrap()));
    }
    let rest = line.split_once(' ').unwrap().1;
    assert_eq!(rest, "projects/team/sub/app/variables/API_KEY");
    assert_eq!(request.query("filter[environment_scope]"), "review/*");
    let Some(value) = entry.value.clone() else {
        return missing;
    };
    match request.method.as_str() {
        "GET" => (200, shown(&value)),
        "PUT" => {
            entry.take(request, "/value");
            (200, shown(entry.value.as_deref().unwrap()))
        }
        "DELETE" => {
            entry.set(None);
            (204, Value::Null)
        }
        other => panic!("{other}"),
    }
}

fn heroku(entry: &mut Entry, request: &Request) -> Reply {
    assert_eq!(
        request.header("accept"),
        "application/vnd.heroku+json; version=3"
    );
    if !request.is_bearer() {
        return (
            401,
            json!({ "id": "unauthorized", "message": "Invalid credentials provided." }),
        );
    }
    match request.line().as_str() {
        "GET apps/example-app/config-vars" => {}
        "PATCH apps/example-app/config-vars" => {
            let members = request.body.as_object().unwrap();
            assert_eq!(members.keys().collect::<Vec<_>>(), ["API_KEY"]);
            entry.set(members["API_KEY"].as_str());
        }
        other => panic!("{other}"),
    }
    let mut vars = json!({ "OTHER": "fake-other" });
    if let Some(value) = &entry.value {
        vars["API_KEY"] = json!(value);
    }
    (200, vars)
}

fn netlify(entry: &mut Entry, request: &Request) -> Reply {
    if !request.is_bearer() {
        return (401, json!({ "code": 401, "message": "Access Denied" }));
    }
    assert_eq!(request.query("site_id"), "site");
    let shown = |value: &Option<String>| {
        let values: Vec<Value> = value
            .iter()
            .map(|value| json!({ "id": "v-2", "value": value, "context": "production" }))
            .collect();
        json!({ "key": "API_KEY", "scopes": ["builds"], "values": values, "is_secret": false })
    };
    match request.line().as_str() {
        "GET accounts/team/env" => (200, json!([])),
        "POST accounts/team/env" => {
            assert_eq!(entry.value, None);
            assert_eq!(request.text("/0/key"), "API_KEY");
            assert_eq!(request.text("/0/values/0/context"), "production");
            entry.take(request, "/0/values/0/value");
            (201, json!([shown(&entry.value)]))
        }
        line if line.ends_with("accounts/team/env/API_KEY") => match request.method.as_str() {
            _ if entry.value.is_none() => (404, json!({ "code": 404, "message": "Not Found" })),
            "GET" => (200, shown(&entry.value)),
            "PATCH" => {
                assert_eq!(request.text("/context"), "production");
                entry.take(request, "/value");
                (201, shown(&entry.value))
            }
            "DELETE" => {
                entry.set(None);
                (204, Value::Null)
            }
            other => panic!("{other}"),
        },
        other => panic!("{other}"),
    }
}

fn vercel(entry: &mut Entry, request: &Request) -> Reply {
    if !request.is_bearer() {
        let refusal =
            json!({ "code": "forbidden", "message": "Not authorized", "invalidToken": true });
        return (403, json!({ "error": refusal }));
    }
    assert_eq!(request.query("teamId"), "team_1a2b3c");
    let shown = json!({ "id": "e1", "key": "API_KEY", "type": "sensitive", "target": ["production"], "decrypted": false });
    match request.line().as_str() {
        "GET v10/projects/my-app/env" => {
            let mut envs = vec![
                json!({ "id": "e0", "key": "API_KEY", "value": "", "type": "sensitive", "target": ["preview"] }),
            ];
            if entry.value.is_some() {
                envs.push(shown);
            }
            (200, json!({ "envs": envs, "hiddenProductionEnvCount": 0 }))
        }
        "POST v10/projects/my-app/env" => {
            assert_eq!(entry.value, None);
            assert_eq!(request.text("/key"), "API_KEY");
            assert_eq!(request.body["target"], json!(["production"]));
            entry.take(request, "/value");
            (201, json!({ "created": shown, "failed": [] }))
        }
        line if !line.ends_with("projects/my-app/env/e1") => panic!("{line}"),
        _ if entry.value.is_none() => (
            404,
            json!({ "error": { "code": "not_found", "message": "not there" } }),
        ),
        line if line.starts_with("GET v1/") => (200, shown),
        line if line.starts_with("PATCH v9/") => {
            entry.take(request, "/value");
            (200, shown)
        }
        line if line.starts_with("DELETE v9/") => {
            entry.set(None);
            (200, shown)
        }
        other => panic!("{other}"),
    }
}

fn circleci(entry: &mut Entry, request: &Request) -> Reply {
    if request.header("circle-token") != TOKEN {
        return (401, json!({ "message": "You must log in first." }));
    }
    let shown = json!({ "name": "API_KEY", "value": "xxxx1234" });
    match request.line().as_str() {
        "GET api/v2/project/gh/example/app/envvar" => {
            (200, json!({ "items": [], "next_page_token": null }))
        }
        "POST api/v2/project/gh/example/app/envvar" => {
            assert_eq!(request.text("/name"), "API_KEY");
            entry.take(request, "/value");
            (201, shown)
        }
        "GET api/v2/project/gh/example/app/envvar/API_KEY" => match entry.value {
            Some(_) => (200, shown),
            None => (404, json!({ "message": "Not found." })),
        },
        "DELETE api/v2/project/gh/example/app/envvar/API_KEY" => {
            entry.set(None);
            (200, json!({ "message": "ok" }))
        }
        other => panic!("{other}"),
    }
}

fn terraform(entry: &mut Entry, request: &Request) -> Reply {
    if !request.is_bearer() {
        return (
            401,
            json!({ "errors": [{ "status": "401", "title": "unauthorized" }] }),
        );
    }
    let shown = json!({ "id": "var-1", "type": "vars", "attributes": { "key": "API_KEY", "value": null, "sensitive": true, "category": "env", "hcl": false } });
    let same_name = json!({ "id": "var-0", "type": "vars", "attributes": { "key": "API_KEY", "value": "fake-other", "sensitive": false, "category": "terraform", "hcl": false } });
    let typed = || {
        assert_eq!(request.header("content-type"), "application/vnd.api+json");
        assert_eq!(request.text("/data/type"), "vars");
    };
    match request.line().as_str() {
        "GET api/v2/organizations/acme/workspaces/app" => (
            200,
            json!({ "data": { "id": "ws-1", "type": "workspaces" } }),
        ),
        "GET api/v2/workspaces/ws-1/vars" => match entry.value {
            Some(_) => (200, json!({ "data": [same_name, shown] })),
            None => (200, json!({ "data": [same_name] })),
        },
        "POST api/v2/workspaces/ws-1/vars" => {
            typed();
            assert_eq!(request.text("/data/attributes/key"), "API_KEY");
            assert_eq!(request.text("/data/attributes/category"), "env");
            assert_eq!(request.body["data"]["attributes"]["sensitive"], true);
            entry.take(request, "/data/attributes/value");
            (201, json!({ "data": shown }))
        }
        "PATCH api/v2/workspaces/ws-1/vars/var-1" => {
            typed();
            assert_eq!(request.text("/data/id"), "var-1");
            entry.take(request, "/data/attributes/value");
            (200, json!({ "data": shown }))
        }
        "DELETE api/v2/workspaces/ws-1/vars/var-1" => {
            entry.set(None);
            (204, Value::Null)
        }
        other => panic!("{other}"),
    }
}

fn cloudflare(entry: &mut Entry, request: &Request) -> Reply {
    let envelope = |status: u16, result: Value, why: &str| {
        let errors: Vec<Value> = (status >= 400)
            .then(|| json!({ "code": 10000, "message": why }))
            .into_iter()
            .collect();
        let body =
            json!({ "success": status < 400, "errors": errors, "messages": [], "result": result });
        (status, body)
    };
    if !request.is_bearer() {
        return envelope(403, Value::Null, "Authentication error");
    }
    let shown = json!({ "name": "API_KEY", "type": "secret_text" });
    let script = "accounts/023e105f4ecef8ad9ca31a8372d0c353/workers/scripts/app/secrets";
    let line = request.line();
    let (method, path) = line.split_once(' ').unwrap();
    match (method, path.strip_prefix(script).unwrap()) {
        ("GET", "") => envelope(200, json!([]), ""),
        ("PUT", "") => {
            assert_eq!(request.text("/name"), "API_KEY");
            assert_eq!(request.text("/type"), "secret_text");
            entry.take(request, "/text");
            envelope(200, shown, "")
        }
        ("GET", "/API_KEY") => match entry.value {
            Some(_) => envelope(200, shown, ""),
            None => envelope(404, Value::Null, "there is no such binding"),
        },
        ("DELETE", "/API_KEY") => {
            entry.set(None);
            envelope(200, Value::Null, "")
        }
        other => panic!("{other:?}"),
    }
}

fn fly(entry: &mut Entry, request: &Request) -> Reply {
    if !request.is_bearer() {
        return (401, json!({ "error": "unauthenticated" }));
    }
    let shown = json!({ "name": "API_KEY", "digest": "0f1e2d3c4b5a6978" });
    match request.line().as_str() {
        "GET v1/apps/my-app/secrets" => (200, json!({ "secrets": [] })),
        "GET v1/apps/my-app/secrets/API_KEY" => match entry.value {
            Some(_) => (200, shown),
            None => (404, json!({ "error": "not found" })),
        },
        "POST v1/apps/my-app/secrets/API_KEY" => {
            entry.take(request, "/value");
            (
                201,
                json!({ "name": "API_KEY", "digest": "8877665544332211", "version": entry.version }),
            )
        }
        "DELETE v1/apps/my-app/secrets/API_KEY" => {
            entry.set(None);
            (200, json!({ "version": entry.version }))
        }
        other => panic!("{other}"),
    }
}
