//! Secrets of a cluster as kmock emulates it; kubectl says what stands there.

use serde_json::{Value, json};

use super::servers::{Live, Machine, ends_with, here, hides, installed, installed_program};
use crate::support::messages;
use crate::support::programs::{Ended, Folder, program, run};

const TOKEN: &str = "fake-cluster-token";
const OTHER: &str = "ZmFrZS1vdGhlcg==";

struct Cluster {
    live: Live,
    machine: Machine,
}

impl Cluster {
    fn new() -> Option<Self> {
        installed_program("kubectl")?;
        let mut server = program(installed()?.join("python/bin/python"));
        server.arg(here("kmock_cluster.py"));
        Some(Cluster {
            live: Live::that_says_its_address(server, Folder::new()),
            machine: Machine::new(),
        })
    }

    fn keywright(&self, code: u8, token: &str, words: &[&str]) -> Ended {
        let words = [&["--sandbox", "-y", "-v"], words].concat();
        let mut command = self.machine.keywright(&words);
        command
            .env("KUBE_HOST", &self.live.url)
            .env("KUBE_TOKEN", token);
        let ended = ends_with(code, &mut command);
        hides(&ended.stderr, &[token]);
        ended
    }

    /// Returns the data of a Secret; nothing if there is none.
    fn data(&self, secret: &str) -> Option<Value> {
        let mut kubectl = program(installed_program("kubectl")?);
        kubectl
            .env("HOME", self.machine.path(""))
            .args(["--server", &self.live.url, "get", "--raw"])
            .arg(format!("/api/v1/namespaces/team/secrets/{secret}"));
        let ended = run(&mut kubectl);
        if !ended.ok {
            assert!(ended.stderr.contains("NotFound"), "{ended:#?}");
            return None;
        }
        let shown: Value = serde_json::from_str(&ended.stdout).unwrap();
        Some(shown["data"].clone())
    }
}

#[test]
fn kubernetes_secret_is_patched_and_restored() {
    let Some(cluster) = Cluster::new() else {
        return;
    };
    let to = "k8s:team/app#API_KEY";
    let refused = cluster.keywright(9, "wrong", &["keys", "create", "one", "--to", to]);
    assert!(
        refused.stderr.contains("nothing was created"),
        "{refused:#?}"
    );
    assert_eq!(cluster.data("app"), Some(json!({ "OTHER": OTHER })));

    cluster.keywright(0, TOKEN, &["keys", "create", "one", "--to", to]);
    let first = cluster.data("app").unwrap();
    assert_eq!(first["OTHER"], OTHER);
    assert!(first["API_KEY"].is_string(), "{first}");
    let rotate = ["keys", "rotate", "one", "--grace", "1h", "--to", to];
    let rotated = cluster.keywright(0, TOKEN, &rotate);
    let second = cluster.data("app").unwrap();
    assert_eq!(second["OTHER"], OTHER);
    assert_ne!(second["API_KEY"], first["API_KEY"]);
    hides(&rotated.stderr, &[second["API_KEY"].as_str().unwrap()]);
    cluster.keywright(0, TOKEN, &["rotations", "undo"]);
    assert_eq!(cluster.data("app"), Some(first));
}

#[test]
fn kubernetes_secret_is_created_and_removed() {
    let Some(cluster) = Cluster::new() else {
        return;
    };
    let file = format!("file:{}", cluster.machine.path("one.key").display());
    cluster.keywright(0, TOKEN, &["keys", "create", "one", "--to", &file]);
    assert_eq!(cluster.data("new"), None);
    let to = "k8s:team/new#API_KEY";
    let rotate = ["keys", "rotate", "one", "--grace", "1h", "--to", to];
    let rotated = cluster.keywright(0, TOKEN, &rotate);
    assert!(
        rotated.stderr.contains(&messages::delivered(to)),
        "{rotated:#?}"
    );
    assert!(cluster.data("new").unwrap()["API_KEY"].is_string());
    cluster.keywright(0, TOKEN, &["rotations", "undo"]);
    assert_eq!(cluster.data("new"), None);
}
