//! Messages about a server whose certificate cannot be trusted.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection};

use super::{is_plain, listed};
use crate::support::programs::{Folder, program, programs_available, run};

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

    /// A server with a certificate for `name` that is valid until the year `end`; its address.
    fn server(&self, name: &str, end: u16) -> String {
        let extensions = format!("subjectAltName={name}\nbasicConstraints=CA:FALSE\n");
        self.0.write("extensions", &extensions);
        self.openssl(&format!("ca -batch -config ca.cnf -cert ca.pem -keyfile ca.key -in server.csr -out server.pem -notext -extfile extensions -startdate 20200101000000Z -enddate {end}0101000000Z"));
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
        serve(Arc::new(config))
    }

    /// The file that a client names to trust it.
    fn trusted(&self) -> String {
        self.0.path().join("ca.pem").display().to_string()
    }
}

/// A server that says of every request that there are no keys.
fn serve(config: Arc<ServerConfig>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let mut connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::Stream::new(&mut connection, &mut socket);
            let mut buffer = [0; 4096];
            // A client that does not trust the certificate breaks off here.
            if stream.read(&mut buffer).is_ok() {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n[]");
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
