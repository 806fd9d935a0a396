//! The protocol by which git asks: the credential is given to the host that it is for, and to no other spelling.

use super::{fuzz, pieces};
use crate::support::home::{TestEnv, key};
use crate::support::run::Run;

const SECRET: &str = "fake-git-password-00000000000001";
const HOST: &str = "api.siati.ai";

#[test]
fn git_answers_own_host_only() {
    let among = [
        HOST,
        "https",
        "http",
        "@",
        "/",
        ".",
        ":",
        "443",
        ":443",
        "evil.example",
        "%2e",
        "\\",
        "#",
        "?",
        " ",
        "\t",
        "é",
        "API.siati.ai",
        "user",
        "\r",
    ];
    let home = TestEnv::new();
    home.log_in("siati", "https://api.siati.ai", &[key(SECRET)]);
    let ask = |protocol: &str, host: &str| {
        let run: Run = home.run(["credential", "git", "get"]);
        let (_, done) = run
            .stdin(format!("protocol={protocol}\nhost={host}\n\n"))
            .any_stdout()
            .any_stderr()
            .exit_any();
        assert!(!done.stderr.contains(SECRET));
        done.stdout.contains(SECRET)
    };
    assert!(
        ask("https", HOST),
        "the credential is given where it belongs"
    );
    fuzz("git", 1, |u| {
        let protocol = *u.choose(&["https", "https", "https", "http", "HTTPS", "ssh", ""])?;
        let host = if u.arbitrary()? {
            pieces(u, &among, 4)?
        } else {
            format!("{}{HOST}{}", pieces(u, &among, 1)?, pieces(u, &among, 1)?)
        };
        let right = protocol == "https" && (host == HOST || host == format!("{HOST}:443"));
        let given = ask(protocol, &host);
        assert!(right || !given, "{protocol}://{host} was answered");
        Ok(())
    });
}

#[test]
fn git_helper_arbitrary_input_never_panics() {
    let among = [
        "protocol=",
        "host=",
        "https",
        "\n",
        "\r\n",
        "=",
        "\u{0}",
        "path=",
        "username=",
        "password=",
        "api.siati.ai",
        "[]",
        "url=",
        "é",
        " ",
    ];
    let home = TestEnv::new();
    home.log_in("siati", "https://api.siati.ai", &[key(SECRET)]);
    fuzz("git, anything", 1, |u| {
        let question = pieces(u, &among, 14)?;
        let action = *u.choose(&["get", "store", "erase", "capability"])?;
        let run = home.run(["credential", "git", action]);
        let run = if matches!(action, "get" | "store" | "erase") {
            run.stdin(question)
        } else {
            run
        };
        let _ = run.any_stdout().any_stderr().exit_any();
        Ok(())
    });
}
