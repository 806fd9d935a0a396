//! Secrets of Kubernetes, with the server and the login of kubectl's configuration.

use serde_json::json;

use crate::support::home::TestEnv;
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Answer, Server, get};

const PLACE: &str = "k8s:team/app#API_KEY";
const SECRET: &str = "/cluster/api/v1/namespaces/team/secrets/app";
const TOKEN: &str = "fake-kube-token-1";

struct Scene {
    api: Server,
    home: TestEnv,
}

impl Scene {
    fn new() -> Self {
        Scene {
            api: Server::new(),
            home: TestEnv::new(),
        }
    }

    /// Writes a configuration whose user has these fields.
    fn configures(&self, name: &str, user: &str, cluster: &str) {
        let text = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: here\ncontexts:\n- name: here\n  context: {{ cluster: c, user: u }}\nclusters:\n- name: c\n  cluster:\n    server: {}/cluster\n{cluster}\nusers:\n- name: u\n  user:\n{user}\n",
            self.api.url()
        );
        self.home.write(name, text);
    }

    /// Expects two looks and the dry run of a delivery, with that token.
    fn answers(&self, token: &str) {
        let content = json!({ "metadata": { "resourceVersion": "4", "uid": "u1" }, "data": { "API_KEY": "ZmFrZS1vbGQ=" } });
        let looks = || get(SECRET).bearer(token);
        let dry_run = server::method("PATCH", &format!("{SECRET}?dryRun=All"))
            .bearer(token)
            .body(
                "application/merge-patch+json",
                json!({ "metadata": { "resourceVersion": "4" }, "data": { "API_KEY": "a2V5d3JpZ2h0LXByb2Jl" } })
                    .to_string()
                    .as_bytes(),
            );
        let answer = || -> Answer { server::json(200, &content) };
        self.api.expect(looks()).answer(answer());
        self.api.expect(dry_run).answer(answer());
        self.api.expect(looks()).answer(answer());
    }

    fn checks(&self, configuration: &str) -> Run {
        self.home
            .run(["destinations", "check", "--live", PLACE])
            .env("KUBECONFIG", configuration)
            .hides(TOKEN)
    }
}

fn path(scene: &Scene, name: &str) -> String {
    scene.home.path().join(name).display().to_string()
}

#[test]
fn current_context_gives_server_and_token() {
    let scene = Scene::new();
    scene.configures("kube/config", &format!("    token: {TOKEN}"), "");
    scene.answers(TOKEN);
    scene
        .checks(&path(&scene, "kube/config"))
        .stdout_has("can take a secret; it holds a value")
        .exit(0);
}

#[test]
fn token_file_counts_from_configuration() {
    let scene = Scene::new();
    scene.home.write("kube/token", format!("{TOKEN}\n"));
    scene.configures("kube/config", "    tokenFile: token", "");
    scene.answers(TOKEN);
    scene
        .checks(&path(&scene, "kube/config"))
        .stdout_has(messages::HOLDS_VALUE)
        .exit(0);
}

#[test]
fn earlier_file_of_list_counts() {
    let scene = Scene::new();
    scene.home.write(
        "kube/first",
        "users:\n- name: u\n  user: { token: fake-kube-token-1 }\n",
    );
    scene.configures("kube/second", "    token: fake-kube-token-2", "");
    scene.answers(TOKEN);
    let listed = ["kube/none", "kube/first", "kube/second"].map(|name| path(&scene, name));
    scene
        .checks(&listed.join(":"))
        .stdout_has(messages::HOLDS_VALUE)
        .exit(0);
}

#[test]
fn program_of_user_is_not_started() {
    let scene = Scene::new();
    let exec = "    exec: { apiVersion: client.authentication.k8s.io/v1, command: fake-login }";
    scene.configures("kube/config", exec, "");
    let configuration = path(&scene, "kube/config");
    scene
        .checks(&configuration)
        .stderr_has("the user `u` of the configuration of kubectl starts a program for its token")
        .stderr_has("set KUBE_TOKEN: a token of a service account")
        .exit(9);
    // The token of the environment takes its place; the server stays.
    scene.answers("fake-kube-token-2");
    scene
        .checks(&configuration)
        .env("KUBE_TOKEN", "fake-kube-token-2")
        .stdout_has(messages::HOLDS_VALUE)
        .exit(0);
}

#[test]
fn unusable_configuration_sends_nothing() {
    let scene = Scene::new();
    let token = format!("    token: {TOKEN}");
    for (user, cluster, why) in [
        (
            "    username: a",
            "",
            "has a user name and a password, which no cluster takes",
        ),
        ("    as: root", "", "acts as another user"),
        ("    {}", "", "has neither a token nor a client certificate"),
        (
            &token,
            "    insecure-skip-tls-verify: true",
            "the cluster `c` has `insecure-skip-tls-verify`, which is not followed",
        ),
        (
            &token,
            "    certificate-authority-data: bm90IFBFTQ==",
            "`certificate-authority-data` holds no PEM",
        ),
        (
            &token,
            "    certificate-authority: none.pem",
            "kube/none.pem`",
        ),
        (&token, "    : [", "kube/config` cannot be read"),
    ] {
        scene.configures("kube/config", user, cluster);
        scene
            .checks(&path(&scene, "kube/config"))
            .stderr_has(why)
            .exit(9);
    }
    scene.home.write("kube/config", "current-context: gone\n");
    scene
        .checks(&path(&scene, "kube/config"))
        .stderr_has("it has no context `gone`")
        .exit(9);
}

#[test]
fn server_of_environment_leaves_configuration_unread() {
    let scene = Scene::new();
    scene.configures("kube/config", &format!("    token: {TOKEN}"), "");
    scene.answers("fake-kube-token-2");
    scene
        .checks(&path(&scene, "kube/config"))
        .env("KUBE_HOST", &format!("{}/cluster", scene.api.url()))
        .env("KUBE_TOKEN", "fake-kube-token-2")
        .stdout_has(messages::HOLDS_VALUE)
        .exit(0);
}
