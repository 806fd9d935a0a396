//! `exec` as processes show it: environment, streams, signals, exit codes, and keys that go with their command.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex, mpsc};

use keywright::store::SecretRef;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::support::fake::{GENERIC_KEY, SIEVE_KEY, jwt};
use crate::support::home::{TestEnv, token};
use crate::support::messages;
use crate::support::programs::{Folder, program, programs_available};
use crate::support::run::{Run, ci};
use crate::support::server::{self, Server, get};

const KEYWRIGHT: &str = env!("CARGO_BIN_EXE_keywright");

/// No key at all.
const NONE: [&str; 0] = [];

/// A CI job at the generic service, its key in the environment.
fn job(home: &Folder, args: &[&str]) -> Command {
    let mut command = at(home, args);
    command
        .env("KEYWRIGHT_PROVIDER", "generic")
        .env("KEYWRIGHT_API_KEY", GENERIC_KEY);
    command
}

/// A command in the sandbox.
fn sandboxed(home: &Folder, args: &[&str]) -> Command {
    let mut command = at(home, args);
    command.env("KEYWRIGHT_SANDBOX", "1");
    command
}

fn at(home: &Folder, args: &[&str]) -> Command {
    // Whoever runs the tests may ignore signals, as `nohup` does, and what is ignored stays so.
    let mut command = program("env");
    command
        .args(["--default-signal=HUP,INT,QUIT,TERM", KEYWRIGHT])
        .args(args)
        .current_dir(home.path())
        .env("KEYWRIGHT_CONFIG_DIR", home.path().join("config"))
        .env("KEYWRIGHT_STATE_DIR", home.path().join("state"))
        .env("HOME", home.path());
    command
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn output(command: &mut Command) -> Output {
    command.output().unwrap()
}

/// A shell script as the command.
fn shell<'a>(before: &[&'a str], script: &'a str) -> Vec<&'a str> {
    let mut args = before.to_vec();
    args.extend(["--", "/bin/sh", "-c", script]);
    args
}

/// Starts a command and waits until its child has printed `ready`.
fn ready(mut command: Command) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    (child, lines)
}

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

/// The leased keys that the sandbox still has.
fn leased(home: &Folder) -> Vec<String> {
    let listed = output(&mut sandboxed(home, &["keys", "list", "--json"]));
    let keys: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let active = |key: &&Value| key["status"] == "active";
    let names = keys.as_array().unwrap().iter().filter(active);
    names
        .filter_map(|key| key["name"].as_str())
        .filter(|name| name.starts_with("lease-"))
        .map(str::to_owned)
        .collect()
}

/// The number of unfinished records in the sandbox.
fn unfinished(home: &Folder) -> Value {
    let listed = output(&mut sandboxed(home, &["rotations", "--json"]));
    serde_json::from_slice(&listed.stdout).unwrap()
}

#[test]
fn exec_passes_only_requested_credential() {
    let home = Folder::new();
    let args = shell(&["exec", "--env", "SERVICE_KEY"], "env; exit 7");
    let mut command = job(&home, &args);
    command
        .env("KEYWRIGHT_PASSPHRASE", "fake-passphrase")
        .env("KEYWRIGHT_STORE_KEY", "fake-identity")
        .env("OTHER", "stays");
    let ended = output(&mut command);
    assert_eq!(ended.status.code(), Some(7));
    assert_eq!(stderr(&ended), "");
    let stdout = stdout(&ended);
    let lines: Vec<&str> = stdout.lines().collect();
    assert!(lines.contains(&format!("SERVICE_KEY={GENERIC_KEY}").as_str()));
    assert!(lines.contains(&"OTHER=stays"));
    assert_eq!(stdout.matches(GENERIC_KEY).count(), 1, "{stdout}");
    assert!(!stdout.contains("fake-passphrase") && !stdout.contains("fake-identity"));
}

#[test]
fn exec_adds_credentials_of_profiles() {
    let home = Folder::new();
    let script = "echo $A $B; test -n \"$A\" -a -n \"$B\" -a \"$A\" != \"$B\"";
    let args = ["exec", "-p", "generic", "--env", "A", "--env", "B=siesta"];
    let ended = output(&mut sandboxed(&home, &shell(&args, script)));
    assert!(ended.status.success(), "{ended:?}");
    // The leased key is of the profile in force alone.
    let args = ["exec", "--lease", "--env", "A", "--env", "B=siesta"];
    let leased_one = output(&mut sandboxed(&home, &shell(&args, script)));
    assert!(leased_one.status.success(), "{leased_one:?}");
    let second = |output: &Output| stdout(output).split_whitespace().nth(1).map(str::to_owned);
    assert_eq!(second(&leased_one), second(&ended));
    assert_eq!(leased(&home), NONE);
    let args = ["exec", "--lease", "--env", "B=siesta"];
    let refused = output(&mut sandboxed(&home, &shell(&args, "exit 9")));
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("with `--lease` no variable gets the leased key"));
    // A credential that is missing is known before the command starts.
    let args = ["exec", "--env", "A", "--env", "B=nosuch"];
    let unknown = output(&mut sandboxed(&home, &shell(&args, "exit 9")));
    assert_eq!(unknown.status.code(), Some(5));
}

#[test]
fn exec_default_variable_is_api_key() {
    let home = Folder::new();
    let ended = output(&mut job(&home, &["exec", "printenv", "API_KEY"]));
    assert_eq!(stdout(&ended), format!("{GENERIC_KEY}\n"));
}

#[test]
fn exec_prefers_token_over_key() {
    let home = Folder::new();
    let mut command = at(&home, &["exec", "--", "printenv", "API_KEY"]);
    let token = jwt("sieve", 10 * 365 * 86_400);
    command
        .env("KEYWRIGHT_PROVIDER", "sieve")
        .env("KEYWRIGHT_API_KEY", SIEVE_KEY)
        .env("KEYWRIGHT_TOKEN", &token);
    assert_eq!(stdout(&output(&mut command)), format!("{token}\n"));
}

#[test]
fn exec_returns_command_exit_code() {
    let home = Folder::new();
    for code in [0, 1, 2, 10, 126, 127, 130, 255] {
        let script = format!("exit {code}");
        let args = shell(&["exec"], &script);
        assert_eq!(output(&mut job(&home, &args)).status.code(), Some(code));
        let ended = output(&mut sandboxed(&home, &args));
        assert_eq!(ended.status.code(), Some(code), "{}", stderr(&ended));
    }
    let args = shell(&["exec"], "kill -KILL $$");
    let ended = output(&mut job(&home, &args));
    assert_eq!(ended.status.signal(), Some(9), "it is the process itself");
    let ended = output(&mut sandboxed(&home, &args));
    assert_eq!(ended.status.code(), Some(137));
}

#[test]
fn exec_unrunnable_command_matches_shell_codes() {
    let home = Folder::new();
    let plain = home.write("plain", "no program\n");
    let broken = home.write("broken", "#!/nowhere/interpreter\n");
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&broken, executable).unwrap();
    let nowhere = home.path().join("nowhere").display().to_string();
    for (name, code, said) in [
        (
            "nosuch-command",
            127,
            "there is no command `nosuch-command`",
        ),
        (&nowhere, 127, "there is no command"),
        ("", 127, "there is no command ``"),
        (&plain, 126, "it may not be executed"),
        ("/tmp", 126, "it is a folder"),
        (&broken, 126, "its interpreter does not exist"),
    ] {
        for lease in [&["exec", "--"][..], &["exec", "--lease", "--"]] {
            let mut args = lease.to_vec();
            args.push(name);
            let ended = output(&mut sandboxed(&home, &args));
            assert_eq!(ended.status.code(), Some(code), "{args:?}");
            assert!(stderr(&ended).contains(said), "{}", stderr(&ended));
        }
        let ended = output(&mut job(&home, &["--json", "exec", "--", name]));
        assert_eq!(ended.status.code(), Some(code), "{name}");
        let error: Value = serde_json::from_slice(&ended.stderr).unwrap();
        let message = error["error"]["message"].as_str().unwrap();
        assert!(message.contains(said), "{message}");
    }
    assert_eq!(leased(&home), NONE);
}

#[test]
fn exec_streams_pass_through_unchanged() {
    let home = Folder::new();
    let args = shell(&["exec"], "cat; echo aside >&2");
    for mut command in [job(&home, &args), sandboxed(&home, &args)] {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(b"\0raw\xff").unwrap();
        drop(stdin);
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.stdout, b"\0raw\xff");
        assert!(stderr(&ended).ends_with("aside\n"));
    }
}

#[test]
fn exec_restores_core_dump_limit() {
    let home = Folder::new();
    let line = r#"ulimit -S -c 100 || exit 77; exec "$0" "$@""#;
    for args in [&["exec"][..], &["exec", "--lease"]] {
        let args = shell(args, "ulimit -S -c; ulimit -H -c > hard");
        let mut command = program("sh");
        command
            .args(["-c", line, KEYWRIGHT])
            .args(&args)
            .current_dir(home.path())
            .env("KEYWRIGHT_CONFIG_DIR", home.path().join("config"))
            .env("KEYWRIGHT_STATE_DIR", home.path().join("state"))
            .env("KEYWRIGHT_SANDBOX", "1")
            .env("HOME", home.path());
        let ended = output(&mut command);
        if ended.status.code() == Some(77) {
            // Whoever runs the tests may leave none either.
            return;
        }
        assert_eq!(stdout(&ended), "100\n", "{}", stderr(&ended));
        let hard = keywright::platform::files::read_text(&home.path().join("hard"))
            .unwrap()
            .unwrap();
        assert_ne!(hard, "0\n");
    }
    let line = r#"ulimit -S -c 100; exec "$0" "$@""#;
    let mut command = program("sh");
    command
        .args(["-c", line, KEYWRIGHT])
        .args(shell(&["exec"], "ulimit -S -c"))
        .current_dir(home.path())
        .env("KEYWRIGHT_PROVIDER", "generic")
        .env("KEYWRIGHT_API_KEY", GENERIC_KEY)
        .env("HOME", home.path());
    assert_eq!(stdout(&output(&mut command)), "100\n");
}

#[test]
fn exec_closed_stdout_is_ignored() {
    let home = Folder::new();
    for lease in ["", "--lease"] {
        let script = format!("exec \"$0\" exec {lease} -- /bin/sh -c 'exit 6' >&-");
        let mut command = program("/bin/sh");
        command
            .args(["-c", &script, KEYWRIGHT])
            .env("KEYWRIGHT_SANDBOX", "1")
            .env("KEYWRIGHT_STATE_DIR", home.path().join("state"))
            .env("KEYWRIGHT_CONFIG_DIR", home.path().join("config"))
            .env("HOME", home.path());
        assert_eq!(output(&mut command).status.code(), Some(6), "{lease}");
    }
}

/// Answers each signal by an exit code of its own.
const TRAPS: &str = "
    trap 'exit 41' HUP; trap 'exit 42' INT; trap 'exit 43' QUIT; trap 'exit 50' USR1; trap 'exit 52' USR2
    trap 'exit 55' TERM; trap 'exit 68' WINCH
    echo ready
    while :; do sleep 0.02; done";

#[test]
fn exec_forwards_signals() {
    let home = Folder::new();
    for (signal, code) in [
        (Signal::HUP, 41),
        (Signal::INT, 42),
        (Signal::QUIT, 43),
        (Signal::USR1, 50),
        (Signal::USR2, 52),
        (Signal::TERM, 55),
        (Signal::WINCH, 68),
    ] {
        let args = shell(&["exec"], TRAPS);
        for command in [job(&home, &args), sandboxed(&home, &args)] {
            let (child, _lines) = ready(command);
            send(&child, signal);
            let ended = child.wait_with_output().unwrap();
            assert_eq!(ended.status.code(), Some(code), "{signal:?}");
        }
    }
}

#[test]
fn exec_ignored_signal_stays_ignored() {
    let home = Folder::new();
    let inner = "trap '' HUP; exec \"$0\" exec -- /bin/sh -c 'kill -HUP $$; echo alive'";
    let mut command = program("/bin/sh");
    command
        .args(["-c", inner, KEYWRIGHT])
        .env("KEYWRIGHT_SANDBOX", "1")
        .env("KEYWRIGHT_STATE_DIR", home.path().join("state"))
        .env("KEYWRIGHT_CONFIG_DIR", home.path().join("config"))
        .env("HOME", home.path());
    assert_eq!(stdout(&output(&mut command)), "alive\n");
}

#[test]
fn exec_terminal_ctrl_c_arrives_once() {
    if !programs_available(&["script"]) {
        return;
    }
    let home = Folder::new();
    let counts = home.write(
        "counts.sh",
        "trap 'n=$((n+1))' INT\nn=0\nprintf 'ready\\n'\nwhile [ \"$n\" = 0 ]; do sleep 0.02; done\nsleep 0.3\n\
         sleep 0.3\necho \"heard $n\"\nexit 9\n",
    );
    for lease in ["", "--lease"] {
        let line = format!("exec {KEYWRIGHT} exec {lease} -- /bin/sh {counts}");
        let mut command = program("script");
        command
            .args(["-qec", &line, "/dev/null"])
            .env("KEYWRIGHT_SANDBOX", "1")
            .env("KEYWRIGHT_STATE_DIR", home.path().join("state"))
            .env("KEYWRIGHT_CONFIG_DIR", home.path().join("config"))
            .env("HOME", home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut keys = child.stdin.take().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut seen = String::new();
        while !seen.contains("ready") {
            assert!(lines.read_line(&mut seen).unwrap() > 0, "{seen}");
        }
        keys.write_all(b"\x03").unwrap();
        lines.read_to_string(&mut seen).unwrap();
        assert!(seen.contains("heard 1\r\n"), "{seen}");
        assert_eq!(child.wait().unwrap().code(), Some(9), "{seen}");
    }
    assert_eq!(leased(&home), NONE);
}

#[test]
fn exec_lease_forwards_terminal_hangup() {
    if !programs_available(&["script"]) {
        return;
    }
    let home = Folder::new();
    let waits = home.write(
        "waits.sh",
        "trap 'echo told >> told; exit 3' HUP\nprintf 'ready\\n'\nwhile :; do sleep 0.02; done\n",
    );
    // Here keywright leads the session: nobody else is told by the terminal.
    let line = format!("exec {KEYWRIGHT} exec --lease -- /bin/sh {waits}");
    let mut command = program("script");
    command
        .args(["-qec", &line, "/dev/null"])
        .current_dir(home.path())
        .env("KEYWRIGHT_SANDBOX", "1")
        .env("KEYWRIGHT_STATE_DIR", home.path().join("state"))
        .env("KEYWRIGHT_CONFIG_DIR", home.path().join("config"))
        .env("HOME", home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut terminal = command.spawn().unwrap();
    let mut lines = BufReader::new(terminal.stdout.take().unwrap());
    let mut seen = String::new();
    while !seen.contains("ready") {
        assert!(lines.read_line(&mut seen).unwrap() > 0, "{seen}");
    }
    assert_eq!(leased(&home).len(), 1);
    terminal.kill().unwrap();
    terminal.wait().unwrap();
    // Nobody waits for it any more: its key is gone when its record is.
    for _ in 0..500 {
        if unfinished(&home) == Value::Array(Vec::new()) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(unfinished(&home), Value::Array(Vec::new()));
    assert_eq!(leased(&home), NONE);
    let told = keywright::platform::files::read_text(&home.path().join("told")).unwrap();
    assert_eq!(told.as_deref(), Some("told\n"));
}

#[test]
fn exec_lease_key_lives_until_exit() {
    let home = Folder::new();
    let (mut child, _lines) = ready(sandboxed(
        &home,
        &shell(
            &["exec", "--lease"],
            "echo \"$API_KEY\" > key; echo ready; exec sleep 60",
        ),
    ));
    // The sandbox of another process has the same keys.
    assert_eq!(leased(&home).len(), 1);
    let record = &unfinished(&home)[0];
    assert_eq!(record["strategy"], "lease");
    assert_eq!(record["state"], "kept");
    let ended = output(&mut sandboxed(&home, &["rotations", "resume"]));
    assert_eq!(ended.status.code(), Some(6), "{}", stderr(&ended));
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(143));
    assert_eq!(leased(&home), NONE);
    assert_eq!(unfinished(&home), Value::Array(Vec::new()));
    let key = keywright::platform::files::read_text(&home.path().join("key")).unwrap();
    assert!(key.unwrap().starts_with("sk-"));
}

#[test]
fn exec_lease_is_masked_in_github() {
    let home = Folder::new();
    let line = shell(
        &["exec", "--env", "LEASED", "--lease"],
        "echo \"it is $LEASED\"",
    );
    let mut command = sandboxed(&home, &line);
    let ended = output(command.env("GITHUB_ACTIONS", "true"));
    let said = stdout(&ended);
    let (mask, rest) = said.split_once('\n').unwrap();
    let key = mask.strip_prefix("::add-mask::").unwrap();
    assert_eq!(rest, format!("it is {key}\n"));
    // Elsewhere nothing is in front of the command's own words.
    let ended = output(&mut sandboxed(&home, &line));
    assert!(stdout(&ended).starts_with("it is "));
    // Without stdout nothing can be masked, so no key is made.
    let mut command = sandboxed(&home, &line);
    command.env("GITHUB_ACTIONS", "true").stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(9), "{}", stderr(&ended));
    assert_eq!(leased(&home), NONE);
}

#[test]
fn exec_lease_any_exit_revokes_key() {
    let home = Folder::new();
    for (script, code) in [
        ("exit 0", 0),
        ("exit 3", 3),
        ("kill -KILL $$", 137),
        ("kill -SEGV $$", 139),
        // A process that it leaves behind does not keep its key.
        ("sleep 30 > /dev/null 2>&1 & echo $! > left; exit 5", 5),
    ] {
        let args = shell(&["exec", "--lease"], script);
        let ended = output(&mut sandboxed(&home, &args));
        assert_eq!(ended.status.code(), Some(code), "{}", stderr(&ended));
        assert!(stderr(&ended).contains("revoked the leased key"));
        assert_eq!(leased(&home), NONE, "{script}");
    }
    assert_eq!(unfinished(&home), Value::Array(Vec::new()));
    let left = keywright::platform::files::read_text(&home.path().join("left")).unwrap();
    let left: i32 = left.unwrap().trim().parse().unwrap();
    let _ = kill_process(Pid::from_raw(left).unwrap(), Signal::KILL);
}

#[test]
fn exec_lease_signal_revokes_key() {
    let home = Folder::new();
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let args = shell(&["exec", "--lease"], "echo ready; exec sleep 60");
        let (child, _lines) = ready(sandboxed(&home, &args));
        send(&child, signal);
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(code), "{}", stderr(&ended));
        assert_eq!(leased(&home), NONE);
    }
}

#[test]
fn exec_lease_ignored_signal_revokes_key() {
    let home = Folder::new();
    let script = "trap '' TERM; echo ready; while [ ! -e go ]; do sleep 0.05; done; exit 3";
    let (mut child, _lines) = ready(sandboxed(&home, &shell(&["exec", "--lease"], script)));
    send(&child, Signal::TERM);
    let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(told.any(|line| line.unwrap().starts_with("revoked the leased key")));
    assert_eq!(leased(&home), NONE);
    assert_eq!(child.try_wait().unwrap(), None);
    home.write("go", "");
    assert_eq!(child.wait().unwrap().code(), Some(3));
}

#[test]
fn exec_lease_killed_resume_revokes_key() {
    let home = Folder::new();
    let script = "echo $$ > pid; echo ready; exec sleep 60";
    let (mut child, _lines) = ready(sandboxed(&home, &shell(&["exec", "--lease"], script)));
    child.kill().unwrap();
    child.wait().unwrap();
    let pid = keywright::platform::files::read_text(&home.path().join("pid")).unwrap();
    let pid = Pid::from_raw(pid.unwrap().trim().parse().unwrap()).unwrap();
    let _ = kill_process(pid, Signal::KILL);
    assert_eq!(leased(&home).len(), 1);
    let shown = output(&mut sandboxed(&home, &["rotations"]));
    let said = "revoke the key when its command has exited";
    assert!(stdout(&shown).contains(said), "{}", stdout(&shown));
    let ended = output(&mut sandboxed(&home, &["rotations", "resume"]));
    assert_eq!(ended.status.code(), Some(0), "{}", stderr(&ended));
    assert_eq!(stdout(&ended), "", "a leased key is never printed");
    assert_eq!(leased(&home), NONE);
    assert_eq!(unfinished(&home), Value::Array(Vec::new()));
}

/// The services in a process of their own, and how to reach them as a CI job.
struct Services {
    process: Child,
    url: String,
    token: String,
}

impl Services {
    fn start(home: &Folder) -> Self {
        let mut command = at(home, &["sandbox"]);
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = lines.map(Result::unwrap).find_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            (words[0] == "schatzi").then(|| words[2].to_owned())
        });
        let login = output(&mut sandboxed(home, &["token"]));
        Services {
            process,
            url: url.unwrap(),
            token: stdout(&login).trim().to_owned(),
        }
    }

    fn job(&self, home: &Folder, args: &[&str]) -> Command {
        let mut command = at(home, args);
        command
            .env("KEYWRIGHT_PROVIDER", "schatzi")
            .env("KEYWRIGHT_BASE_URL", &self.url)
            .env("KEYWRIGHT_TOKEN", &self.token);
        command
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn exec_lease_failed_revoke_is_resumable() {
    let home = Folder::new();
    for (own, code) in [(0, 10), (5, 5)] {
        let services = Services::start(&home);
        let script = format!("kill -KILL {}; exit {own}", services.process.id());
        let args = shell(&["--timeout", "5s", "exec", "--lease"], &script);
        let ended = output(&mut services.job(&home, &args));
        assert_eq!(ended.status.code(), Some(code), "{}", stderr(&ended));
        let said = stderr(&ended);
        assert!(said.contains("was not revoked"), "{said}");
        assert!(said.contains("keywright rotations resume "), "{said}");
        drop(services);
        assert_eq!(leased(&home).len(), 1);
        let services = Services::start(&home);
        let ended = output(&mut services.job(&home, &["rotations", "resume"]));
        assert_eq!(ended.status.code(), Some(0), "{}", stderr(&ended));
        assert_eq!(leased(&home), NONE);
    }
}

#[test]
fn lease_lost_response_found_by_name() {
    let home = Folder::new();
    let services = Services::start(&home);
    let args = shell(&["exec", "--lease"], "echo ready; exec sleep 60");
    let (mut child, _lines) = ready(services.job(&home, &args));
    child.kill().unwrap();
    child.wait().unwrap();
    // As if the process had died before the answer came: no secret, and nothing written down but the intent.
    let folder = home.path().join("state/rotations");
    let records = keywright::platform::files::list(&folder, "jsonl").unwrap();
    let text = keywright::platform::files::read_text(&records[0])
        .unwrap()
        .unwrap();
    let mut intent: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    intent["place"]["item"] = Value::from(SecretRef::fresh().unwrap().to_string());
    std::fs::remove_file(records[0].with_extension("answer")).unwrap();
    let mut file = File::create(&records[0]).unwrap();
    let sending = json!({ "at": intent["at"], "event": "sending" });
    writeln!(file, "{intent}\n{sending}").unwrap();
    assert_eq!(leased(&home).len(), 1);
    let ended = output(&mut services.job(&home, &["rotations", "resume"]));
    assert_eq!(ended.status.code(), Some(0), "{}", stderr(&ended));
    assert!(stderr(&ended).contains("revoked the leased key `lease-"));
    assert_eq!(leased(&home), NONE);
}

/// A service that gives its answer to the first line of each request; what it was asked for is told.
fn service(
    answer: impl Fn(&str) -> (&'static str, &'static str) + Send + Sync + 'static,
) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (report, reports) = mpsc::channel();
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        // A client may open a connection more than it uses: each has a thread of its own.
        for stream in listener.incoming() {
            let (answer, report) = (Arc::clone(&answer), report.clone());
            std::thread::spawn(move || {
                let mut stream = BufReader::new(stream.unwrap());
                let mut first = String::new();
                let mut length = 0;
                if stream.read_line(&mut first).unwrap_or(0) == 0 {
                    return;
                }
                loop {
                    let mut line = String::new();
                    stream.read_line(&mut line).unwrap();
                    let lower = line.to_ascii_lowercase();
                    if let Some(count) = lower.strip_prefix("content-length:") {
                        length = count.trim().parse().unwrap();
                    }
                    if line.trim().is_empty() {
                        break;
                    }
                }
                stream.read_exact(&mut vec![0; length]).unwrap();
                let (status, body) = answer(&first);
                let head = format!(
                    "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\n"
                );
                let answer = if body.is_empty() {
                    format!("{head}\r\n")
                } else {
                    format!("{head}Content-Length: {}\r\n\r\n{body}", body.len())
                };
                stream.get_mut().write_all(answer.as_bytes()).unwrap();
                // Nobody listens any more where the test has failed.
                let _ = report.send(first.split(' ').next().unwrap().to_owned());
            });
        }
    });
    (url, reports)
}

/// The answer of a service that creates a key.
const MADE: (&str, &str) = (
    "201 Created",
    r#"{"id":"k1","key":"sk-fake-leased-0000000001"}"#,
);

/// A service that makes and ends one key; while it makes it, it sends `signal` to the process that it is told of.
fn service_that_signals(signal: Signal) -> (String, mpsc::Sender<Pid>, mpsc::Receiver<String>) {
    let (tell, told) = mpsc::channel();
    let told = Mutex::new(told);
    let (url, verbs) = service(move |first| {
        if first.contains("/create/") {
            kill_process(told.lock().unwrap().recv().unwrap(), signal).unwrap();
            return MADE;
        }
        match first.split(' ').next() {
            Some("POST") => ("204 No Content", ""),
            _ => ("200 OK", "[]"),
        }
    });
    (url, tell, verbs)
}

/// A service that says `refusal` of its new key, so often, and then accepts it.
fn service_that_is_late(times: usize, refusal: (&'static str, &'static str)) -> String {
    let left = Mutex::new(times);
    let answer = move |first: &str| {
        if first.contains("/create/") {
            return MADE;
        }
        if first.starts_with("POST") {
            return ("204 No Content", "");
        }
        let mut left = left.lock().unwrap();
        if first.contains("/v1/models") && *left > 0 {
            *left -= 1;
            return refusal;
        }
        ("200 OK", "[]")
    };
    service(answer).0
}

/// Leases a key for a script in this process, where no time passes.
fn leased_here(home: &TestEnv, url: &str) -> Run {
    home.run(["exec", "--lease", "--", "/bin/sh", "-c"])
        .args(["printf %s \"$API_KEY\" > got"])
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .env("KEYWRIGHT_BASE_URL", url)
        .token(&jwt("schatzi", 10 * 365 * 86_400))
}

#[test]
fn exec_lease_waits_until_key_works() {
    let home = TestEnv::new();
    let url = service_that_is_late(2, ("403 Forbidden", "{}"));
    let done = leased_here(&home, &url)
        .stderr_has("revoked the leased key `k1`\n")
        .exit(0);
    assert_eq!(
        home.read("work/got").as_deref(),
        Some("sk-fake-leased-0000000001")
    );
    let waited: Vec<u64> = done
        .sleeps
        .iter()
        .map(std::time::Duration::as_secs)
        .collect();
    assert_eq!(waited, [1, 1]);
}

#[test]
fn exec_lease_rejected_key_runs_nothing() {
    for (refusal, said, code) in [
        (
            ("403 Forbidden", "{}"),
            "schatzi does not accept the leased key: it is invalid",
            3,
        ),
        (("500 Oops", "{}"), "schatzi could not answer", 10),
    ] {
        let home = TestEnv::new();
        let url = service_that_is_late(usize::MAX, refusal);
        leased_here(&home, &url)
            .stderr_has(said)
            .stderr_has("; the command was not run\n")
            .stderr_has("revoked the leased key ")
            .exit(code);
        assert_eq!(home.read("work/got"), None);
        home.run(["rotations", "--json"])
            .expect_json(serde_json::json!([]))
            .exit(0);
    }
}

#[test]
fn exec_runs_script_without_shebang() {
    let home = Folder::new();
    let script = home.write("script", "echo \"ran with $1 and ${#API_KEY}\"\nexit 7\n");
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&script, executable).unwrap();
    for lease in [&["exec", "--"][..], &["exec", "--lease", "--"]] {
        let args = [lease, &["./script", "one"]].concat();
        let ended = output(&mut sandboxed(&home, &args));
        assert_eq!(ended.status.code(), Some(7), "{}", stderr(&ended));
        assert!(
            stdout(&ended).starts_with("ran with one and "),
            "{}",
            stdout(&ended)
        );
    }
    let ended = output(&mut job(&home, &["exec", "--", "./script", "one"]));
    assert_eq!(ended.status.code(), Some(7), "{}", stderr(&ended));
}

#[test]
fn exec_lease_early_signal_revokes_key() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        let home = Folder::new();
        let (url, tell, verbs) = service_that_signals(signal);
        let mut command = at(&home, &shell(&["exec", "--lease"], "touch started"));
        let child = command
            .env("KEYWRIGHT_PROVIDER", "schatzi")
            .env("KEYWRIGHT_BASE_URL", url)
            .env("KEYWRIGHT_TOKEN", jwt("schatzi", 10 * 365 * 86_400))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        tell.send(Pid::from_child(&child)).unwrap();
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(code), "{}", stderr(&ended));
        let verbs: Vec<String> = (0..3).map(|_| verbs.recv().unwrap()).collect();
        assert_eq!(verbs[..2], ["GET", "POST"]);
        assert!(stderr(&ended).contains("revoked the leased key"));
        let line = "waiting for the answer to a call that must not be lost, then stopping\n";
        assert_eq!(
            stderr(&ended).matches(line).count(),
            1,
            "{}",
            stderr(&ended)
        );
        assert!(!home.path().join("started").exists());
    }
}

#[test]
fn exec_lease_name_identifies_ci_job() {
    let home = Folder::new();
    for (variable, value, wanted) in [
        ("GITHUB_RUN_ID", "123", "leased the key `lease-github-123-"),
        ("CI_JOB_ID", "77", "leased the key `lease-gitlab-77-"),
        ("CI_JOB_ID", "odd name", "leased the key `lease-"),
    ] {
        let mut command = sandboxed(&home, &["exec", "--lease", "--", "true"]);
        let ended = output(command.env(variable, value));
        assert!(stderr(&ended).contains(wanted), "{}", stderr(&ended));
    }
}

#[test]
fn exec_lease_unsupported_provider_is_refused() {
    for (provider, why) in [
        (
            "siesta",
            "siesta has no operation to create a key: do it by hand",
        ),
        ("sieve", "a new key would invalidate the current one"),
    ] {
        Run::new()
            .args(["exec", "--lease", "--", "/bin/sh"])
            .env("KEYWRIGHT_PROVIDER", provider)
            .env(
                "KEYWRIGHT_VAR_ORG_ID",
                "11111111-2222-3333-4444-555555555555",
            )
            .fails(
                &format!("{provider} cannot lease a key: {why}"),
                &["without `--lease` the command gets the profile's own credential"],
            )
            .exit(2);
    }
}

#[test]
fn exec_invalid_options_are_refused() {
    for args in [["exec", "--scope", "read"], ["exec", "--expires", "1h"]] {
        Run::new()
            .args(args)
            .args(["--", "/bin/sh"])
            .stderr_has("--lease")
            .exit(2);
    }
    Run::new()
        .args(["exec", "--lease", "--expires", "1h", "--", "/bin/sh"])
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .fails("schatzi cannot honour `--expires` for a new key", &[])
        .exit(2);
}

#[test]
fn exec_lease_full_quota_runs_nothing() {
    let key =
        |id: usize| serde_json::json!({ "id": id.to_string(), "name": "n", "is_active": true });
    let keys: Vec<Value> = (0..5).map(key).collect();
    let jwt = jwt("schatzi", 60);
    let listing = get("/api/v1/accounts/user/api-keys/").bearer(&jwt);
    let server = Server::with(listing, server::json(200, &Value::from(keys)));
    ci("schatzi", &server, ["exec", "--lease", "--", "/bin/sh"])
        .token(&jwt)
        .fails(messages::ALL_KEYS_IN_USE, &[messages::REVOKE_ONE_FIRST])
        .exit(6);
}

#[test]
fn exec_expired_login_runs_nothing() {
    let home = TestEnv::new();
    let server = Server::new();
    let ended = token("fake-expired-token", -60);
    home.log_in("schatzi", &server.url(), &[ended]);
    home.run(["exec", "--", "/bin/sh"])
        .stderr_has("error: ")
        .exit(3);
}
