//! A machine whose clock is ten minutes off: a service that checks the time tells its own, by which keywright goes on.

use super::aws::user;
use super::oidc::client;
use super::servers::{Live, Machine, clock_library, ends_with};
use crate::support::programs::Ended;

/// Returns whether a clock is named once as being off, as `+10m` says.
fn is_named(ended: &Ended, off: &str) -> bool {
    let way = if off.starts_with('+') {
        "ahead of"
    } else {
        "behind"
    };
    let lines: Vec<&str> = ended
        .stderr
        .lines()
        .filter(|line| line.contains("clock"))
        .collect();
    matches!(lines[..], [line] if line.starts_with("warning: this machine's clock is ") && line.contains(way))
}

#[test]
fn wrong_clock_at_oidc_is_corrected() {
    if clock_library().is_none() {
        return;
    }
    let Some(live) = Live::oidc() else { return };
    for off in ["+10m", "-10m"] {
        let machine = Machine::new();
        client(&machine, &live, "signing");
        let ended = machine.run_at(off, 0, &["exchange"]);
        assert!(is_named(&ended, off), "{ended:#?}");
    }
}

#[test]
fn wrong_clock_at_aws_is_corrected() {
    let Some(live) = Live::ministack() else {
        return;
    };
    let machine = Machine::new();
    let (_, key) = user(&machine, &live);
    let (id, secret) = key.split_once(':').unwrap();
    let login = ["aws-iam", "--with-key", "--set", "user=ada"];
    machine.login(0, &live.url, &login, &key);
    for off in ["+10m", "-10m"] {
        // IAM takes a signature of ten minutes ago, Systems Manager refuses it.
        let listed = machine.run_at(off, 0, &["keys", "list"]);
        assert!(is_named(&listed, off), "{listed:#?}");
        let mut check = machine.keywright_at(
            off,
            &[
                "destinations",
                "check",
                "--live",
                "aws-ssm:eu-west-1/app-key",
            ],
        );
        check
            .env("AWS_ENDPOINT_URL", &live.url)
            .env("AWS_ACCESS_KEY_ID", id)
            .env("AWS_SECRET_ACCESS_KEY", secret);
        let checked = ends_with(0, &mut check);
        assert!(is_named(&checked, off), "{checked:#?}");
        assert!(checked.stdout.contains("can take a secret"), "{checked:#?}");
    }
}
