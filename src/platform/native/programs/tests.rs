use super::*;
use crate::core::secret::Secret;

fn installed(pairs: &[(&str, &str)]) -> InstalledPrograms {
    let pairs = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let env = Env::new(pairs).with("PATH", "/usr/bin:/bin");
    InstalledPrograms::new(&env, &env::temp_dir())
}

fn shell(script: &str) -> Vec<String> {
    ["sh", "-c", script].map(str::to_owned).to_vec()
}

fn said(ended: &ProgramOutput) -> &str {
    std::str::from_utf8(&ended.stdout).unwrap()
}

#[test]
fn program_reads_stdin_reports_exit_code() {
    let words = shell("cat; echo trouble >&2; exit 7");
    let secret = Secret::new("sk-fake-0123456789");
    let ended = installed(&[])
        .run(&Program {
            stdin: Some(&secret),
            ..Program::new(&words)
        })
        .unwrap();
    assert_eq!(said(&ended), "sk-fake-0123456789");
    assert_eq!(&ended.stderr[..], b"trouble\n");
    assert_eq!((ended.code, ended.signal), (Some(7), None));
    assert!(!ended.success());
}

#[test]
fn program_inherits_environment_without_secrets() {
    let env: Vec<(&str, &str)> = SECRET_VARIABLES
        .iter()
        .map(|name| (*name, "sk-fake-secret"))
        .chain([("GH_HOST", "github.example")])
        .collect();
    let words = shell("env");
    let ended = installed(&env)
        .run(&Program {
            env: &[("ADDED", "yes")],
            ..Program::new(&words)
        })
        .unwrap();
    let said = said(&ended);
    assert!(!said.contains("sk-fake-secret"), "{said}");
    assert!(said.contains("GH_HOST=github.example\n"), "{said}");
    assert!(said.contains("ADDED=yes\n"), "{said}");
    // The environment of the test itself is not that of the platform.
    assert!(!said.contains("CARGO"), "{said}");
}

#[test]
fn program_timeout_kills_its_children() {
    let mark = format!("keywright-{}-hangs", std::process::id());
    let words = shell(&format!("sh -c 'sleep 60; : {mark}' & sleep 60; : {mark}"));
    let program = Program {
        timeout: Duration::from_millis(200),
        ..Program::new(&words)
    };
    let Err(ProgramError::Uncertain(why)) = installed(&[]).run(&program) else {
        panic!("it ended");
    };
    assert_eq!(why, "it did not exit within 0.2 s and was killed");
    let words = ["ps", "-eo", "stat,args"].map(str::to_owned);
    let left = installed(&[]).run(&Program::new(&words)).unwrap();
    let left: Vec<&str> = said(&left)
        .lines()
        .filter(|line| line.contains(&mark) && !line.starts_with('Z'))
        .collect();
    assert_eq!(left, [""; 0]);
}

#[test]
fn program_background_child_does_not_block() {
    let words = shell("echo done; sleep 5 & exit 0");
    let ended = installed(&[])
        .run(&Program {
            timeout: Duration::from_secs(3),
            ..Program::new(&words)
        })
        .unwrap();
    assert!(ended.success());
    assert_eq!(said(&ended), "done\n");
}

#[test]
fn program_long_output_is_truncated() {
    let words = shell("head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2");
    let ended = installed(&[]).run(&Program::new(&words)).unwrap();
    assert!(ended.success());
    assert_eq!(ended.stdout.len(), MAX_CAPTURED);
    assert_eq!(ended.stderr.len(), MAX_CAPTURED);
}

#[test]
fn program_ignoring_stdin_succeeds() {
    let words = ["true".to_owned()];
    let secret = Secret::new("x".repeat(1 << 20));
    let program = Program {
        stdin: Some(&secret),
        ..Program::new(&words)
    };
    assert!(installed(&[]).run(&program).unwrap().success());
}

#[test]
fn program_missing_is_not_started() {
    let programs = installed(&[]);
    for name in ["", "keywright-no-such-program", "./sh", "/etc/passwd"] {
        assert_eq!(programs.which(name), None, "{name:?}");
        let words = [name.to_owned()];
        let ran = programs.run(&Program::new(&words));
        assert!(matches!(ran, Err(ProgramError::NotStarted(_))), "{name:?}");
    }
    assert!(programs.which("sh").is_some());
    assert!(programs.which("/bin/sh").is_some());
}

#[test]
fn program_signal_is_reported() {
    let words = shell("kill -TERM $$");
    let ended = installed(&[]).run(&Program::new(&words)).unwrap();
    assert_eq!((ended.code, ended.signal), (None, Some(15)));
}
