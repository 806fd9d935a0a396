//! Ctrl-C while a hook runs: it reaches the program, the old key stays, and the record goes on from there.

use std::process::Stdio;
use std::time::Duration;

use super::model::Shape;
use super::{Place, identity};
use crate::support::programs::{program, run};

/// The time for which a started program is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

fn waits_for(condition: impl Fn() -> bool) -> bool {
    let step = Duration::from_millis(20);
    for _ in 0..PATIENCE.as_millis() / step.as_millis() {
        if condition() {
            return true;
        }
        std::thread::sleep(step);
    }
    false
}

/// Rotates a key whose hook is that script, and calls `interrupt` with a way to send Ctrl-C once it runs.
fn interrupted(script: &str, interrupt: impl Fn(&Place, &dyn Fn())) {
    let place = Place::new(Shape::Overlap, &identity());
    let hook = format!("exec:/bin/sh -c '{script}'");
    place.home.write(
        "keywright.toml",
        &format!("[keys.k1]\ndestinations = [\"file:target.key\"]\nafter = [\"{hook}\"]\n"),
    );
    let rotate = [
        "--project",
        "keywright.toml",
        "keys",
        "rotate",
        "k1",
        "--yes",
        "--no-input",
    ];
    // The tests may have been started with the signal ignored.
    let mut command = program("env");
    command
        .args(["--default-signal=INT", env!("CARGO_BIN_EXE_keywright")])
        .args(rotate);
    let mut command = place.at_home(command);
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let pid = child.id().to_string();
    appears(&place, "started");
    interrupt(&place, &|| {
        let sent = run(program("kill").args(["-INT", &pid]));
        assert!(sent.ok, "{sent:?}");
    });
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(130), "{said}");
    // Both keys live, the new one is delivered, and the record waits for the hook.
    assert_eq!(place.model.alive().len(), 2, "{said}");
    assert!(place.works_at_destination(), "{said}");
    let told = place.unfinished();
    assert!(told[0]["next"].is_string(), "{told:?}");
    place.home.write("go", "");
    let said = place.recover();
    assert!(place.unfinished().is_empty(), "{said}");
    assert_eq!(place.model.alive().len(), 1, "{said}");
    assert!(place.works_at_destination(), "{said}");
}

/// Waits for a file that the hook writes.
#[track_caller]
fn appears(place: &Place, name: &str) {
    let path = place.home.path().join(name);
    let written = || std::fs::metadata(&path).is_ok_and(|file| file.len() > 0);
    assert!(waits_for(written), "there is no {name}");
}

#[test]
fn ctrl_c_reaches_hook() {
    let script = "echo $$ > started; until test -e go; do sleep 0.05; done";
    interrupted(script, |_, ctrl_c| ctrl_c());
}

#[test]
fn second_ctrl_c_kills_hook() {
    let script = "trap \\\"echo heard > heard\\\" INT; echo $$ > started; until test -e go; do sleep 0.05; done";
    interrupted(script, |place, ctrl_c| {
        ctrl_c();
        appears(place, "heard");
        ctrl_c();
    });
}

#[test]
fn ctrl_c_lets_hook_finish() {
    let script = "trap \\\"echo heard > heard\\\" INT; echo $$ > started; until test -e heard; do sleep 0.05; done";
    interrupted(script, |_, ctrl_c| ctrl_c());
}
