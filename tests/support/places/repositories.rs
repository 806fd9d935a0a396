//! Places that take a value sealed for them alone, and never show it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crypto_box::SecretKey;
use serde_json::{Value, json};

use super::{Entry, Place, Reply, Request, TOKEN, place};

const KEY_ID: &str = "568250167242549743";

pub(super) const PLACES: &[Place] = &[
    Place {
        shows: false,
        ..place(
            "github",
            "github:octo/app#API_KEY",
            &[("GH_TOKEN", TOKEN)],
            github,
        )
    },
    Place {
        shows: false,
        ..place(
            "github-environment",
            "github:octo/app@my env/1#API_KEY",
            &[("GH_TOKEN", TOKEN)],
            github,
        )
    },
];

fn github(entry: &mut Entry, request: &Request) -> Reply {
    let refusal = |status: u16, why: &str| (status, json!({ "message": why }));
    if !request.is_bearer() {
        return refusal(401, "Bad credentials");
    }
    assert_eq!(request.header("x-github-api-version"), "2022-11-28");
    let line = request.line();
    let (method, path) = line.split_once(' ').unwrap();
    let of_repository = path.strip_prefix("repos/octo/app/actions/secrets");
    let of_environment = path.strip_prefix("repos/octo/app/environments/my env/1/secrets");
    let private = SecretKey::from_bytes([7; 32]);
    match (method, of_repository.or(of_environment).unwrap()) {
        ("GET", "") => (200, json!({ "total_count": 0, "secrets": [] })),
        ("GET", "/public-key") => {
            let key = STANDARD.encode(private.public_key().as_bytes());
            (200, json!({ "key_id": KEY_ID, "key": key }))
        }
        ("GET", "/API_KEY") => match entry.value {
            Some(_) => (200, json!({ "name": "API_KEY" })),
            None => refusal(404, "Not Found"),
        },
        ("PUT", "/API_KEY") => {
            assert_eq!(request.text("/key_id"), KEY_ID);
            let sealed = STANDARD.decode(request.text("/encrypted_value")).unwrap();
            let value = String::from_utf8(private.unseal(&sealed).unwrap()).unwrap();
            let is_new = entry.value.is_none();
            entry.set(Some(&value));
            (if is_new { 201 } else { 204 }, Value::Null)
        }
        ("DELETE", "/API_KEY") => {
            entry.set(None);
            (204, Value::Null)
        }
        other => panic!("{other:?}"),
    }
}
