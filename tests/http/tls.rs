//! Messages about a server whose certificate cannot be trusted.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection};

use super::{is_plain, job, listed};
use crate::support::programs::{Ended, Folder, program, programs_available, run};

/// The configuration of `openssl ca`, for the folder that it runs in.
const AUTHORITY: &str = "[ca]
default_ca = here
[here]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
";

/// An authority that exists for one test.
struct Authority(Folder);

impl Authority {
    fn new(name: &str) -> Self {
        let folder = Folder::new();
        folder.write("ca.cnf", AUTHORITY);
        folder.write("index.txt", "");
        folder.write("serial", "01\n");
        let made = Authority(folder);
        made.openssl(&format!("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 30 -subj /CN={name} -addext basicConstraints=critical,CA:TRUE"));
        made.openssl("req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout server.key -out server.csr -subj /CN=Fake_server");
        made
    }

    fn openssl(&self, args: &str) {
        let mut command = program("openssl");
        command
            .args(args.split(' '))
            .current_dir(self.0.path())
            .env("HOME", self.0.path());
        let ended = run(&mut command);
        assert!(ended.ok, "{args}: {}", ended.stderr);
    }

    /// Signs the request of that name for a certificate that is valid until the year `end`.
    fn sign(&self, name: &str, extensions: &str, end: u16) {
        self.0.write("extensions", extensions);
        self.openssl(&format!("ca -batch -config ca.cnf -cert ca.pem -keyfile ca.key -in {name}.csr -out {name}.pem -notext -extfile extensions -startdate 20200101000000Z -enddate {end}0101000000Z"));
    }

    /// The certificate of a client that is valid until the year `end`, and its key, in PEM.
    fn client(&self, end: u16) -> String {
        self.openssl("req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout client.key -out client.csr -subj /CN=Fake_client");
        self.sign(
            "client",
            "basicConstraints=CA:FALSE\nextendedKeyUsage=clientAuth\n",
            end,
        );
        self.text("client.pem") + &self.text("client.key")
    }

    fn text(&self, name: &str) -> String {
        let text = keywright::platform::files::read_text(&self.0.path().join(name));
        text.unwrap().unwrap()
    }

    /// A server with a certificate for `name` that is valid until the year `end`; its address.
    fn server(&self, name: &str, end: u16) -> String {
        let extensions = format!("subjectAltName={name}\nbasicConstraints=CA:FALSE\n");
        self.sign("server", &extensions, end);
        let path = |name: &str| self.0.path().join(name);
        let chain = vec![CertificateDer::from_pem_file(path("server.pem")).unwrap()];
        let key = PrivateKeyDer::from_pem_file(path("server.key")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        serve(Arc::new(config), "[]")
    }

    /// A cluster that takes the certificates of this authority alone, and holds one Secret.
    fn cluster(&self) -> String {
        self.for_clients(
            r#"{"metadata":{"resourceVersion":"4","uid":"u1"},"data":{"KEY":"ZmFrZS1vbGQ="}}"#,
        )
    }

    /// A server that answers clients with a certificate of this authority alone.
    fn for_clients(&self, body: &'static str) -> String {
        self.server("IP:127.0.0.1", 2099);
        let path = |name: &str| self.0.path().join(name);
        let own = || CertificateDer::from_pem_file(path("server.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(path("server.key")).unwrap();
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_file(path("ca.pem")).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let clients =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(clients.build().unwrap())
            .with_single_cert(vec![own()], key)
            .unwrap();
        serve(Arc::new(config), body)
    }

    fn base64(&self, name: &str) -> String {
        STANDARD.encode(self.text(name))
    }

    /// The file that a client names to trust it.
    fn trusted(&self) -> String {
        self.0.path().join("ca.pem").display().to_string()
    }
}

/// A server that answers every request with this body.
fn serve(config: Arc<ServerConfig>, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let mut connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::Stream::new(&mut connection, &mut socket);
            let mut buffer = [0; 4096];
            // A client that does not trust the certificate breaks off here.
            if stream.read(&mut buffer).is_ok() {
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
                );
                let _ = stream.write_all(answer.as_bytes());
            }
        }
    });
    url
}

#[test]
fn untrusted_certificate_names_reason() {
    if !programs_available(&["openssl"]) {
        return;
    }
    let home = Folder::new();
    let (authority, other) = (Authority::new("Fake_one"), Authority::new("Fake_other"));
    let ask = |url: &str, by: &Authority| listed(&home, url, &[("SSL_CERT_FILE", &by.trusted())]);

    let url = authority.server("IP:127.0.0.1", 2099);
    let ended = ask(&url, &authority);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    is_plain(
        &ask(&url, &other),
        "the TLS certificate of `127.0.0.1` was issued by an authority that this machine does not trust",
        "name its certificate: SSL_CERT_FILE=/path/to/ca.pem",
    );

    let url = authority.server("IP:127.0.0.1", 2021);
    is_plain(
        &ask(&url, &authority),
        "the TLS certificate of `127.0.0.1` expired on 2021-01-01 00:00 UTC, and this machine's clock says ",
        "set the clock of this machine; otherwise the certificate must be renewed",
    );

    let url = authority.server("DNS:other.example.test", 2099);
    is_plain(
        &ask(&url, &authority),
        "the TLS certificate of `127.0.0.1` is for another name: it says other.example.test",
        "check the base URL",
    );
}

/// Looks at a Secret with a configuration of kubectl that has these fields of the cluster and of the user.
fn checked(home: &Folder, url: &str, cluster: &str, user: &str) -> (Option<i32>, String) {
    let text = format!(
        "current-context: here\ncontexts: [{{ name: here, context: {{ cluster: c, user: u }} }}]\nclusters: [{{ name: c, cluster: {{ server: {url}{cluster} }} }}]\nusers: [{{ name: u, user: {{ {user} }} }}]\n"
    );
    home.write("kubeconfig", &text);
    let words = ["destinations", "check", "--live", "k8s:team/app#KEY"];
    let mut command = job(home, "https://127.0.0.1:1", &words);
    command.env("KUBECONFIG", home.path().join("kubeconfig"));
    let ended = run(&mut command);
    (ended.code, format!("{}{}", ended.stdout, ended.stderr))
}

#[test]
fn cluster_certificates_are_for_cluster_alone() {
    if !programs_available(&["openssl"]) {
        return;
    }
    let home = Folder::new();
    let authority = Authority::new("Fake_cluster");
    let url = authority.cluster();
    let roots = format!(
        ", certificate-authority-data: {}",
        authority.base64("ca.pem")
    );
    let user = format!(
        "client-certificate-data: {}, client-key-data: {}",
        authority.base64("server.pem"),
        authority.base64("server.key")
    );
    let (code, text) = checked(&home, &url, &roots, &user);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("it holds a value"), "{text}");

    let (code, text) = checked(&home, &url, "", &user);
    assert_eq!(code, Some(8), "{text}");
    assert!(text.contains("this machine does not trust"), "{text}");

    // Without the certificate of a client the cluster breaks off.
    let (code, _) = checked(&home, &url, &roots, "token: fake-kube-token");
    assert_ne!(code, Some(0));
    assert_eq!(listed(&home, &url, &[]).code, Some(8));
}

/// A machine of somebody who manages keys at a service that asks its clients for a certificate.
struct Citadel {
    home: Folder,
    authority: Authority,
    url: String,
}

impl Citadel {
    fn new() -> Citadel {
        let home = Folder::new();
        let manifest = include_str!("../manifests/citadel.toml");
        home.write("config/providers/citadel.toml", manifest);
        let authority = Authority::new("Fake_citadel");
        let url = authority.for_clients(r#"{"name":"ci","items":[]}"#);
        Citadel {
            home,
            authority,
            url,
        }
    }

    fn run(&self, words: &[&str], stdin: &str) -> Ended {
        let mut command = program(env!("CARGO_BIN_EXE_keywright"));
        command
            .args(words)
            .current_dir(self.home.path())
            .env("KEYWRIGHT_CONFIG_DIR", self.home.path().join("config"))
            .env("KEYWRIGHT_STATE_DIR", self.home.path().join("state"))
            .env("KEYWRIGHT_STORE", "file")
            .env("KEYWRIGHT_PASSPHRASE", "fake-passphrase-0001")
            .env("HOME", self.home.path())
            .env("SSL_CERT_FILE", self.authority.trusted());
        let stdin = self.home.write("stdin", stdin);
        command.stdin(std::fs::File::open(stdin).unwrap());
        run(&mut command)
    }

    fn login(&self, pem: &str) -> Ended {
        let words = ["login", "citadel", "--with-key", "--base-url", &self.url];
        self.run(&words, pem)
    }

    fn is_logged_in(&self) -> bool {
        self.run(&["profiles", "show", "citadel"], "").ok
    }
}

#[test]
fn client_certificate_opens_service() {
    if !programs_available(&["openssl"]) {
        return;
    }
    let citadel = Citadel::new();
    let pem = citadel.authority.client(2099);
    let ended = citadel.login(&pem);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let ended = citadel.run(&["keys", "verify", "--json", "-v"], "");
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.contains("\"identity\": \"ci\""), "{ended:?}");
    let ended = citadel.run(&["api", "GET", "/anything", "-v"], "");
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let said = ended.stdout + &ended.stderr;
    assert!(!said.contains("-----BEGIN"), "{said}");
    let key = pem.lines().rev().nth(1).unwrap();
    assert!(!said.contains(key), "{said}");
    // Plain HTTP shows no certificate.
    let plain = citadel.url.replace("https://", "http://");
    let ended = citadel.run(
        &["login", "citadel", "--with-key", "--base-url", &plain],
        &pem,
    );
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("reached without TLS"), "{ended:?}");
}

#[test]
fn refused_client_certificate_is_explained() {
    if !programs_available(&["openssl"]) {
        return;
    }
    let citadel = Citadel::new();
    let other = Authority::new("Fake_other");
    let foreign = other.client(2099);
    let ended = citadel.login(&foreign);
    is_plain(
        &ended,
        "`127.0.0.1` does not accept the TLS certificate of the client",
        "log in with another certificate",
    );
    assert!(!citadel.is_logged_in());
    let ended = listed(
        &citadel.home,
        &citadel.url,
        &[("SSL_CERT_FILE", &citadel.authority.trusted())],
    );
    is_plain(
        &ended,
        "`127.0.0.1` asks for a TLS certificate of the client, and this request has none",
        "man keywright-manifest",
    );
}

#[test]
fn unusable_client_certificate_is_not_kept() {
    if !programs_available(&["openssl"]) {
        return;
    }
    let citadel = Citadel::new();
    let (good, expired) = (
        citadel.authority.client(2099),
        citadel.authority.client(2021),
    );
    let certificate = good.split("-----BEGIN PRIVATE").next().unwrap();
    let key = expired.split_once("-----BEGIN PRIVATE").unwrap().1;
    let mixed = format!("{certificate}-----BEGIN PRIVATE{key}");
    for (pem, why) in [
        ("sk-fake-key-0000000001", "it is no PEM"),
        (certificate, "there is no private key beside it"),
        (&mixed, "the private key is not that of the certificate"),
        (&expired, "it expired on 2021-01-01 00:00 UTC"),
    ] {
        let ended = citadel.login(pem);
        assert_eq!(ended.code, Some(2), "{ended:?}");
        let said = format!("error: the client certificate cannot be used: {why}\n");
        assert!(ended.stderr.starts_with(&said), "{ended:?}");
        assert!(!citadel.is_logged_in(), "{why}");
    }
}
