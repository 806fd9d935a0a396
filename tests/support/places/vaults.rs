//! Places that keep secrets for others.

use serde_json::{Value, json};

use super::{Entry, Place, Reply, Request, TOKEN, decoded, encoded, place};

const AWS: &[(&str, &str)] = &[
    ("AWS_ACCESS_KEY_ID", TOKEN),
    ("AWS_SECRET_ACCESS_KEY", "fake-secret-access-key"),
];

const AZURE: &[(&str, &str)] = &[
    ("AZURE_TENANT_ID", "example-tenant"),
    ("AZURE_CLIENT_ID", "example-client"),
    ("AZURE_CLIENT_SECRET", TOKEN),
];

const CONNECT: &[(&str, &str)] = &[("OP_CONNECT_TOKEN", TOKEN)];

const INFISICAL: &[(&str, &str)] = &[
    ("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", "example-client"),
    ("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", TOKEN),
];

pub(super) const PLACES: &[Place] = &[
    Place {
        compares: true,
        ..place(
            "vault",
            "vault:secret/team/app#API_KEY",
            &[("VAULT_TOKEN", TOKEN)],
            vault,
        )
    },
    Place {
        compares: true,
        ..place(
            "k8s",
            "k8s:team/app#API_KEY",
            &[("KUBE_TOKEN", TOKEN)],
            kubernetes,
        )
    },
    Place {
        compares: true,
        ..place(
            "doppler",
            "doppler:app/prd#API_KEY",
            &[("DOPPLER_TOKEN", TOKEN)],
            doppler,
        )
    },
    Place {
        base: "api",
        ..place(
            "infisical",
            "infisical:p1/prod/team/app#API_KEY",
            INFISICAL,
            infisical,
        )
    },
    place(
        "onepassword",
        "onepassword:team/app#API_KEY",
        CONNECT,
        connect,
    ),
    place(
        "aws-sm",
        "aws-sm:eu-west-1/team/app#API_KEY",
        AWS,
        secrets_manager,
    ),
    place(
        "aws-sm-whole",
        "aws-sm:eu-west-1/team/app",
        AWS,
        secrets_manager,
    ),
    place(
        "aws-ssm",
        "aws-ssm:eu-west-1//team/app",
        AWS,
        parameter_store,
    ),
    place(
        "gcp-sm",
        "gcp-sm:team-1/app-key",
        &[("CLOUDSDK_AUTH_ACCESS_TOKEN", TOKEN)],
        secret_manager,
    ),
    Place {
        servers: &["api", "login"],
        ..place("azure-kv", "azure-kv:team-1/app-key", AZURE, key_vault)
    },
];

fn vault(entry: &mut Entry, request: &Request) -> Reply {
    if request.header("x-vault-token") != TOKEN {
        return (403, json!({ "errors": ["permission denied"] }));
    }
    match request.line().as_str() {
        "POST v1/sys/capabilities-self" => {
            let capabilities = ["create", "read", "update", "delete"];
            (200, json!({ "data": { "capabilities": capabilities } }))
        }
        "GET v1/secret/data/team/app" => match &entry.value {
            None if entry.version == 0 => (404, json!({ "errors": [] })),
            None => {
                let metadata =
                    json!({ "version": entry.version, "deletion_time": "2026-11-20T00:00:00Z" });
                (
                    404,
                    json!({ "data": { "data": null, "metadata": metadata } }),
                )
            }
            Some(value) => {
                let data = json!({ "data": { "API_KEY": value }, "metadata": { "version": entry.version } });
                (200, json!({ "data": data }))
            }
        },
        "POST v1/secret/data/team/app" => {
            if request.body["options"]["cas"] != entry.version {
                let why = "check-and-set parameter did not match the current version";
                return (400, json!({ "errors": [why] }));
            }
            entry.take(request, "/data/API_KEY");
            (200, json!({ "data": { "version": entry.version } }))
        }
        "DELETE v1/secret/data/team/app" => {
            entry.value = None;
            (204, Value::Null)
        }
        other => panic!("{other}"),
    }
}

fn kubernetes(entry: &mut Entry, request: &Request) -> Reply {
    let refusal = |code: u16, reason: &str| {
        let details = json!({ "name": "app", "kind": "secrets" });
        (
            code,
            json!({ "kind": "Status", "status": "Failure", "message": reason, "reason": reason, "details": details, "code": code }),
        )
    };
    if !request.is_bearer() {
        return refusal(401, "Unauthorized");
    }
    match request.line().as_str() {
        "GET api/v1/namespaces/team/secrets/app" => {}
        "PATCH api/v1/namespaces/team/secrets/app" => {
            assert_eq!(
                request.header("content-type"),
                "application/merge-patch+json"
            );
            if request.text("/metadata/resourceVersion") != entry.version.to_string() {
                return refusal(409, "Conflict");
            }
            let patched = request.body["data"].as_object().unwrap();
            assert_eq!(patched.keys().collect::<Vec<_>>(), ["API_KEY"]);
            let value = patched["API_KEY"].as_str().map(decoded);
            if request.query("dryRun") != "All" {
                entry.set(value.as_deref());
            }
        }
        other => panic!("{other}"),
    }
    let mut data = json!({ "OTHER": encoded("fake-other") });
    if let Some(value) = &entry.value {
        data["API_KEY"] = json!(encoded(value));
    }
    let metadata =
        json!({ "name": "app", "uid": "u1", "resourceVersion": entry.version.to_string() });
    (
        200,
        json!({ "kind": "Secret", "metadata": metadata, "data": data, "type": "Opaque" }),
    )
}

fn doppler(entry: &mut Entry, request: &Request) -> Reply {
    let refusal = |status: u16, why: &str| (status, json!({ "messages": [why], "success": false }));
    if !request.is_bearer() {
        return refusal(401, "Invalid Auth token");
    }
    match request.line().as_str() {
        "GET v3/configs/config/secret" => {
            let asked = ["project", "config", "name"].map(|name| request.query(name));
            assert_eq!(asked, ["app", "prd", "API_KEY"]);
            let mut value = json!({ "raw": entry.value, "computed": entry.value });
            if entry.value.is_some() {
                value["rawVisibility"] = json!("masked");
            }
            (200, json!({ "name": "API_KEY", "value": value }))
        }
        "POST v3/configs/config/secrets" => {
            let change = &request.body["change_requests"][0];
            assert_eq!(change["name"], "API_KEY");
            let is_new = change["originalName"].is_null();
            let is_same = change["originalValue"].as_str() == entry.value.as_deref();
            if is_new != entry.value.is_none() || !is_new && !is_same {
                return refusal(409, "the value has changed");
            }
            let deleted = change["shouldDelete"] == true;
            entry.set(change["value"].as_str().filter(|_| !deleted));
            (200, json!({ "secrets": {}, "success": true }))
        }
        other => panic!("{other}"),
    }
}

fn infisical(entry: &mut Entry, request: &Request) -> Reply {
    let refusal = |status: u16, error: &str, why: &str| {
        (
            status,
            json!({ "reqId": "r1", "statusCode": status, "message": why, "error": error }),
        )
    };
    if request.line() == "POST v1/auth/universal-auth/login" {
        assert_eq!(request.text("/clientId"), "example-client");
        if request.text("/clientSecret") != TOKEN {
            return refusal(401, "UnauthorizedError", "Invalid credentials");
        }
        return (
            200,
            json!({ "accessToken": TOKEN, "expiresIn": 7200, "tokenType": "Bearer" }),
        );
    }
    assert!(request.is_bearer());
    let line = request.line();
    let (method, path) = line.split_once(' ').unwrap();
    assert_eq!(path, "v4/secrets/API_KEY");
    let is_read = method == "GET";
    for (name, wanted) in [
        ("projectId", "p1"),
        ("environment", "prod"),
        ("secretPath", "/team/app"),
    ] {
        let given = if is_read {
            request.query(name)
        } else {
            request.text(&format!("/{name}"))
        };
        assert_eq!(given, wanted);
    }
    if entry.value.is_none() && method != "POST" {
        return refusal(404, "NotFound", "Secret with name 'API_KEY' not found");
    }
    match method {
        "GET" => {}
        "POST" if entry.value.is_some() => {
            return refusal(400, "BadRequest", "Secret already exist");
        }
        "POST" | "PATCH" => entry.take(request, "/secretValue"),
        "DELETE" => entry.set(None),
        other => panic!("{other}"),
    }
    let secret = json!({ "id": "s1", "secretKey": "API_KEY", "secretValue": entry.value, "secretValueHidden": false, "version": entry.version });
    (200, json!({ "secret": secret }))
}

fn connect(entry: &mut Entry, request: &Request) -> Reply {
    if !request.is_bearer() {
        return (
            401,
            json!({ "status": 401, "message": "Invalid token signature" }),
        );
    }
    match request.line().as_str() {
        "GET v1/vaults" => {
            assert_eq!(request.query("filter"), "name eq \"team\"");
            (200, json!([{ "id": "v1", "name": "team" }]))
        }
        "GET v1/vaults/v1/items" => {
            assert_eq!(request.query("filter"), "title eq \"app\"");
            (200, json!([{ "id": "i1", "title": "app" }]))
        }
        "GET v1/vaults/v1/items/i1" => {
            let mut fields = vec![
                json!({ "id": "notesPlain", "type": "STRING", "purpose": "NOTES", "label": "notesPlain" }),
            ];
            match &entry.value {
                Some(value) => fields.push(
                    json!({ "id": "f1", "type": "CONCEALED", "label": "API_KEY", "value": value }),
                ),
                // A field that was emptied.
                None if entry.version > 0 => {
                    fields.push(json!({ "id": "f1", "type": "CONCEALED", "label": "API_KEY" }));
                }
                None => {}
            }
            (200, json!({ "id": "i1", "title": "app", "fields": fields }))
        }
        "PATCH v1/vaults/v1/items/i1" => {
            assert_eq!(request.body.as_array().unwrap().len(), 1);
            match (request.text("/0/op"), request.text("/0/path")) {
                ("add", "/fields") => {
                    assert_eq!(request.text("/0/value/label"), "API_KEY");
                    entry.take(request, "/0/value/value");
                }
                ("replace", "/fields/f1/value") => entry.take(request, "/0/value"),
                ("remove", "/fields/f1/value") => entry.set(None),
                other => panic!("{other:?}"),
            }
            (200, json!({ "id": "i1" }))
        }
        other => panic!("{other}"),
    }
}

/// Says whether a request to AWS is of the known key, and for which operation; a signature is checked elsewhere.
fn aws<'r>(request: &'r Request, service: &str) -> Result<&'r str, Reply> {
    let signed = request.header("authorization");
    let scope = format!("/eu-west-1/{service}/aws4_request");
    assert!(signed.contains(&scope), "{signed}");
    if !signed.contains(&format!("Credential={TOKEN}/")) {
        let refusal = json!({ "__type": "UnrecognizedClientException", "message": "The security token is invalid." });
        return Err((400, refusal));
    }
    assert_eq!(request.header("content-type"), "application/x-amz-json-1.1");
    Ok(request.header("x-amz-target"))
}

fn secrets_manager(entry: &mut Entry, request: &Request) -> Reply {
    let missing = (
        400,
        json!({ "__type": "ResourceNotFoundException", "Message": "not found" }),
    );
    let target = match aws(request, "secretsmanager") {
        Ok(target) => target,
        Err(refusal) => return refusal,
    };
    let name = match target {
        "secretsmanager.CreateSecret" => "/Name",
        _ => "/SecretId",
    };
    assert_eq!(request.text(name), "team/app");
    match (target, &entry.value) {
        ("secretsmanager.GetSecretValue", None) => missing,
        ("secretsmanager.GetSecretValue", Some(text)) => (
            200,
            json!({ "Name": "team/app", "SecretString": text, "VersionStages": ["AWSCURRENT"] }),
        ),
        ("secretsmanager.CreateSecret" | "secretsmanager.PutSecretValue", _) => {
            assert_eq!(target.ends_with("CreateSecret"), entry.value.is_none());
            assert_eq!(request.text("/ClientRequestToken").len(), 36);
            entry.take(request, "/SecretString");
            (200, json!({ "Name": "team/app" }))
        }
        ("secretsmanager.DeleteSecret", _) => {
            assert_eq!(request.body["ForceDeleteWithoutRecovery"], true);
            entry.set(None);
            (200, json!({ "Name": "team/app" }))
        }
        other => panic!("{other:?}"),
    }
}

fn parameter_store(entry: &mut Entry, request: &Request) -> Reply {
    let target = match aws(request, "ssm") {
        Ok(target) => target,
        Err(refusal) => return refusal,
    };
    assert_eq!(request.text("/Name"), "/team/app");
    match (target, &entry.value) {
        ("AmazonSSM.GetParameter", None) => (400, json!({ "__type": "ParameterNotFound" })),
        ("AmazonSSM.GetParameter", Some(value)) => {
            assert_eq!(request.body["WithDecryption"], true);
            (
                200,
                json!({ "Parameter": { "Name": "/team/app", "Type": "SecureString", "Value": value } }),
            )
        }
        ("AmazonSSM.PutParameter", _) => {
            assert_eq!(request.text("/Type"), "SecureString");
            entry.take(request, "/Value");
            (200, json!({ "Version": entry.version }))
        }
        ("AmazonSSM.DeleteParameter", Some(_)) => {
            entry.set(None);
            (200, json!({}))
        }
        other => panic!("{other:?}"),
    }
}

fn secret_manager(entry: &mut Entry, request: &Request) -> Reply {
    let refusal = |code: u16, status: &str| {
        (
            code,
            json!({ "error": { "code": code, "message": status, "status": status } }),
        )
    };
    if !request.is_bearer() {
        return refusal(401, "UNAUTHENTICATED");
    }
    let version = format!("projects/1/secrets/app-key/versions/{}", entry.version);
    match request.line().as_str() {
        "GET v1/projects/team-1/secrets/app-key/versions/latest:access" => match &entry.value {
            Some(value) => (
                200,
                json!({ "name": version, "payload": { "data": encoded(value) } }),
            ),
            None if entry.version > 0 => refusal(400, "FAILED_PRECONDITION"),
            None => refusal(404, "NOT_FOUND"),
        },
        "POST v1/projects/team-1/secrets" => {
            assert_eq!(request.query("secretId"), "app-key");
            assert_eq!(request.body, json!({ "replication": { "automatic": {} } }));
            if entry.version > 0 {
                return refusal(409, "ALREADY_EXISTS");
            }
            (200, json!({ "name": "projects/1/secrets/app-key" }))
        }
        "POST v1/projects/team-1/secrets/app-key:addVersion" => {
            let value = decoded(request.text("/payload/data"));
            entry.set(Some(&value));
            (200, json!({ "name": version, "state": "ENABLED" }))
        }
        line if line == format!("POST v1/{version}:destroy") => {
            // The number of the latest version stays.
            entry.value = None;
            (200, json!({ "name": version, "state": "DESTROYED" }))
        }
        other => panic!("{other}"),
    }
}

fn key_vault(entry: &mut Entry, request: &Request) -> Reply {
    let refusal = |status: u16, code: &str| {
        (
            status,
            json!({ "error": { "code": code, "message": code } }),
        )
    };
    if request.line() == "POST example-tenant/oauth2/v2.0/token" {
        let given = ["/grant_type", "/scope", "/client_id"].map(|at| request.text(at));
        assert_eq!(
            given,
            [
                "client_credentials",
                "https://vault.azure.net/.default",
                "example-client"
            ]
        );
        if request.text("/client_secret") != TOKEN {
            return (
                401,
                json!({ "error": "invalid_client", "error_description": "Invalid client secret." }),
            );
        }
        return (
            200,
            json!({ "token_type": "Bearer", "expires_in": 3599, "access_token": TOKEN }),
        );
    }
    assert!(request.is_bearer());
    assert_eq!(request.query("api-version"), "7.4");
    let id = format!(
        "https://team-1.vault.azure.net/secrets/app-key/{}",
        entry.version
    );
    match request.line().as_str() {
        "GET secrets/app-key" => match &entry.value {
            Some(value) => (200, json!({ "value": value, "id": id })),
            None => refusal(404, "SecretNotFound"),
        },
        "PUT secrets/app-key" => {
            entry.take(request, "/value");
            (200, json!({ "value": entry.value, "id": id }))
        }
        "DELETE secrets/app-key" => {
            entry.set(None);
            (
                200,
                json!({ "id": id, "recoveryId": "https://team-1.vault.azure.net/deletedsecrets/app-key" }),
            )
        }
        other => panic!("{other}"),
    }
}
