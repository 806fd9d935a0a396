//! `JupyterHub` with the manifest that is built in.

use super::servers::{Live, Machine, hides};

#[test]
fn jupyterhub_from_login_to_an_expired_token() {
    let Some(live) = Live::jupyterhub() else {
        return;
    };
    let machine = Machine::new();
    let host = live.url.split('/').nth(2).unwrap();
    let service = ("KEYWRIGHT_API_KEY", "fake-token-of-a-service-0123456789");
    let words = ["api", "POST", "/users/bob"];
    machine.job(0, "jupyterhub", &live.url, service, &words);
}
