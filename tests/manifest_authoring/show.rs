//! `providers show`: what each operation does, within which bounds, and who says so.

use serde_json::json;

use super::with;
use crate::support::home::TestEnv;

#[test]
fn show_prints_documented_limits_and_sources() {
    let home = TestEnv::new();
    let text = with(
        "[rotation]\nstrategy = \"overlap\"\n",
        "[limits]\nmax_keys = 4\nrotate_every = \"90d\"\nrate = \"ten a second\"\n\n[rotation]\nstrategy = \"overlap\"\nnote = \"old keys live on\"\n",
    )
    .replace(
        "parameters = { name = { required = true, max_length = 64 } }\nrequest = { method = \"POST\", path = \"/keys\", body = [{ at = \"/name\", from = \"name\" }",
        "sources = [\"the page on keys\"]\nassumed = [\"names may repeat\"]\nparameters = { name = { required = true, max_length = 64 }, expires = { default = \"30d\", min = \"1d\", max = \"365d\" } }\nrequest = { method = \"POST\", path = \"/keys\", body = [{ at = \"/name\", from = \"name\" }, { at = \"/end\", from = \"expires\", as = \"unix\" }",
    )
    .replace("kind = \"key\"", "kind = \"key\"\nlifetime = \"365d\"")
    .replace(
        "[operations.list]\n",
        "[operations.list]\npagination = { style = \"page\", param = \"page\", size = 50 }\n",
    );
    home.write("config/providers/acme.toml", text);
    let done = home
        .run(["providers", "show", "acme"])
        .stdout_has("Acme (acme): a service of my own\n")
        .exit(0);
    for line in [
        "credential   key (API key, lives 365d)\n             verified by GET /me\n",
        "at most      4 keys\n",
        "rotate       every 90d, as the service advises\n",
        "rate         ten a second\n",
        "rotation     overlap: old keys live on\n",
        "list         native       GET /keys\n                          1 request for each page\n",
        "create       native       POST /keys\n                          takes expires: 30d unless said, at least 1d, at most 365d\n                          takes name: required, at most 64 characters\n",
        "assumed, because no source says it:\n  - create: names may repeat\n",
        "sources, last looked at on 2026-11-20:\n  - create: the page on keys\n",
    ] {
        assert!(done.stdout.contains(line), "{line}\n{}", done.stdout);
    }
    let shown = home.run(["providers", "show", "acme", "--json"]).json();
    let create = &shown["operations"]["create"];
    assert_eq!(create["inputs"]["expires"]["max"], "365d");
    assert_eq!(create["inputs"]["name"]["required"], true);
    assert_eq!(create["requests"], 1);
    assert_eq!(create["effect"], json!(null));
    assert_eq!(shown["credentials"]["key"]["lifetime"], "365d");
    assert_eq!(shown["rotate_every"], "90d");
}

#[test]
fn notes_on_discovery_are_shown() {
    let home = TestEnv::new();
    let discovery = "[variables.org]\ntitle = \"organisation\"\n\n[variables.org.discover]\ncall = { sources = [\"the page on teams\"], assumed = [\"there is one\"], request = { method = \"GET\", path = \"/orgs\" } }\nvalue = \"/id\"\n\n[rotation]\n";
    home.write(
        "config/providers/acme.toml",
        with("[rotation]\n", discovery),
    );
    home.run(["providers", "show", "acme"])
        .stdout_has("assumed, because no source says it:\n  - discover, of the organisation: there is one\n")
        .stdout_has(
            "sources, last looked at on 2026-11-20:\n  - discover, of the organisation: the page \
             on teams\n",
        )
        .exit(0);
    let shown = home.run(["providers", "show", "acme", "--json"]).json();
    assert_eq!(
        shown["assumed"],
        json!(["discover, of the organisation: there is one"])
    );
}

#[test]
fn show_names_login_replacing_operation() {
    let home = TestEnv::new();
    home.run(["providers", "show", "sieve"])
        .stdout_has("the new key replaces the one that it is made with")
        .exit(0);
}
