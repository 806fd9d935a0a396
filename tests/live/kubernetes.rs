//! The identity of a pod: `OpenBao` lets the API server of a cluster review it, for which a program on loopback stands in.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
    UnparsedPublicKey,
};
use serde_json::{Value, json};

use super::servers::Live;
use super::team::{Sharing, configure, log_in, policy};

/// The audience of the API server, which a pod gets tokens for unless it asks for another.
const AUDIENCE: &str = "https://kubernetes.default.svc";

/// A certificate authority of no use: the server wants one even for a cluster without TLS.
const AUTHORITY: &str = include_str!("kubernetes-ca.pem");

/// A cluster that signs the tokens of its pods, and reviews them.
struct Cluster {
    url: String,
    key: EcdsaKeyPair,
}

impl Cluster {
    fn new() -> Self {
        let (random, how) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
        let bytes = EcdsaKeyPair::generate_pkcs8(how, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(how, bytes.as_ref(), &random).unwrap();
        let public = key.public_key().as_ref().to_vec();
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                // One that hangs up gets no answer.
                let _ = serve(&stream, &public);
            }
        });
        Cluster { url, key }
    }

    /// The token of a pod with that service account.
    #[expect(
        clippy::disallowed_methods,
        reason = "the server goes by the machine's clock"
    )]
    fn token(&self, account: &str) -> String {
        let now = Timestamp::now().as_second();
        let claims = json!({
            "iss": AUDIENCE,
            "aud": [AUDIENCE],
            "sub": format!("system:serviceaccount:default:{account}"),
            "iat": now - 60,
            "nbf": now - 60,
            "exp": now + 600,
            "kubernetes.io": {
                "namespace": "default",
                "serviceaccount": { "name": account, "uid": uid(account) },
            },
        });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = json!({ "alg": "ES256", "typ": "JWT" });
        let text = format!("{}.{}", part(&header), part(&claims));
        let signature = self.key.sign(&SystemRandom::new(), text.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.unwrap());
        format!("{text}.{signature}")
    }
}

/// The id of a service account.
fn uid(account: &str) -> String {
    format!("uid-of-{account}")
}

/// Answers a request for a review.
fn serve(stream: &TcpStream, public: &[u8]) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        head.push(line.trim().to_ascii_lowercase());
    }
    let length = head.iter().find_map(|line| {
        let length = line.strip_prefix("content-length:")?;
        length.trim().parse().ok()
    });
    let mut body = vec![0; length.unwrap_or_default()];
    reader.read_exact(&mut body)?;
    let asks = "post /apis/authentication.k8s.io/v1/tokenreviews ";
    let (status, answer) = if head.first().is_some_and(|line| line.starts_with(asks)) {
        ("201 Created", reviewed(&body, public))
    } else {
        ("404 Not Found", json!({ "kind": "Status" }))
    };
    let answer = answer.to_string();
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}",
        answer.len()
    )
}

/// The review of a token: a cluster knows those that it signed.
fn reviewed(body: &[u8], public: &[u8]) -> Value {
    let mut review: Value = serde_json::from_slice(body).unwrap_or_default();
    let token = review["spec"]["token"].as_str().unwrap_or_default();
    review["status"] = match claims(token, public) {
        Some(claims) => {
            let account = &claims["kubernetes.io"]["serviceaccount"];
            json!({
                "authenticated": true,
                "audiences": claims["aud"],
                "user": {
                    "username": claims["sub"],
                    "uid": account["uid"],
                    "groups": ["system:serviceaccounts", "system:serviceaccounts:default"],
                },
            })
        }
        None => json!({ "authenticated": false, "error": "invalid bearer token" }),
    };
    review
}

/// The claims of a token that this key signed.
fn claims(token: &str, public: &[u8]) -> Option<Value> {
    let (text, signature) = token.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public);
    key.verify(text.as_bytes(), &signature).ok()?;
    let claims = URL_SAFE_NO_PAD.decode(text.split_once('.')?.1).ok()?;
    serde_json::from_slice(&claims).ok()
}

/// Lets the pods of a cluster log in as `docs/team.md` says.
fn trust_pods(live: &Live, cluster: &Cluster) {
    let body = json!({ "policy": policy() });
    configure(live, "POST", "/v1/sys/policies/acl/keywright", &body);
    let method = json!({ "type": "kubernetes" });
    configure(live, "POST", "/v1/sys/auth/kubernetes", &method);
    let trusted = json!({
        "kubernetes_host": cluster.url,
        "kubernetes_ca_cert": AUTHORITY,
        "disable_local_ca_jwt": true,
    });
    configure(live, "POST", "/v1/auth/kubernetes/config", &trusted);
    let role = json!({
        "token_policies": "keywright",
        "token_ttl": "10m",
        "bound_service_account_names": "keywright",
        "bound_service_account_namespaces": "default",
    });
    let path = "/v1/auth/kubernetes/role/keywright";
    configure(live, "POST", path, &role);
}

/// A pod in which this token is mounted.
fn pod(live: &Live, token: &str) -> Sharing {
    let mut pod = Sharing::new(live, &[("VAULT_AUTH_ROLE", "keywright")]);
    let path = pod.machine.path("token");
    keywright::platform::files::write_public(&path, token.as_bytes()).unwrap();
    let source = format!("kubernetes:{}", path.display());
    pod.variables.push(("KEYWRIGHT_STATE_IDENTITY", source));
    pod
}

#[test]
fn pod_identity_opens_engine() {
    let Some(live) = Live::openbao() else {
        return;
    };
    let cluster = Cluster::new();
    trust_pods(&live, &cluster);
    let good = pod(&live, &cluster.token("keywright"));
    log_in(&good, &live);
    assert_eq!(good.run(0, &["token"]).stdout, "root\n");
    let forged = Cluster::new().token("keywright");
    for refused in [cluster.token("other"), forged] {
        let said = pod(&live, &refused).run(9, &["rotations"]).stderr;
        let wanted = format!(
            "OpenBao/Vault at `{}` refused the login at `auth/kubernetes/login`",
            live.url
        );
        assert!(said.contains(&wanted) && !said.contains(&refused), "{said}");
    }
}
