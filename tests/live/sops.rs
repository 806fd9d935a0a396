//! `sops:` against sops itself, which keeps its files by a key of age.

use std::path::Path;
use std::rc::Rc;

use age::secrecy::ExposeSecret;
use keywright::core::error::Kind;
use keywright::core::secret::Secret;
use keywright::destination::{self, DestinationSpec, OpenDestination, SlotOpeners};
use keywright::platform::{Env, Terminal};
use keywright::report::log::Log;

use super::servers::installed_program;
use crate::support::home::TestEnv;
use crate::support::programs::{program, run};
use crate::support::run::Run;

const SECRET: &str = "sk-fake \"0123456789\\\n é";

/// Files in the form in which sops itself writes them.
const FILES: [(&str, &str); 2] = [
    (
        "a.yaml",
        "api:\n    # ours\n    key: old\n    n: 5\nlist:\n    - k: x\n",
    ),
    (
        "a.json",
        "{\"api\": {\"key\": \"old\", \"n\": 5}, \"list\": [{\"k\": \"x\"}]}",
    ),
];

fn encrypt(sops: &Path, file: &Path, recipient: &str) {
    let mut command = program(sops);
    command
        .args(["encrypt", "--age", recipient, "-i"])
        .arg(file);
    let ended = run(&mut command);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}

#[test]
fn sops_entry_is_written_and_restored() {
    let Some(sops) = installed_program("sops") else {
        return;
    };
    let identity = age::x25519::Identity::generate();
    let recipient = identity.to_public().to_string();
    let home = TestEnv::new();
    let terminal = Rc::new(Run::at(home.clone()).terminal());
    let shown = Rc::clone(&terminal) as Rc<dyn Terminal>;
    let folder = sops.parent().unwrap().display();
    let env = Env::default()
        .with("PATH", format!("{folder}:/usr/bin:/bin"))
        .with("SOPS_AGE_KEY", identity.to_string().expose_secret());
    let platform = |env: &Env| {
        let http = keywright::platform::native::http();
        home.platform(env.clone(), Rc::clone(&shown), http)
    };
    let openers = SlotOpeners {
        profile: &|_| panic!("there is no profile"),
        keyring: &|_, _| panic!("there is no keyring"),
        login: &|_| Ok(None),
    };
    let log = Log::new(Rc::clone(&shown), true, false);
    let open = |text: &str, env: &Env| {
        let spec: DestinationSpec = text.parse().unwrap();
        let opened = destination::open(&spec, &platform(env), &log, &openers);
        let OpenDestination::Code(code) = opened.unwrap() else {
            panic!("sops is in code");
        };
        code
    };
    for (name, text) in FILES {
        let file = home.write(&format!("work/{name}"), text);
        encrypt(&sops, &file, &recipient);
        let read = || home.read(&format!("work/{name}")).unwrap();
        let before = read();
        for at in ["/api/key", "/api/new", "/list/0/k"] {
            let there = open(&format!("sops:{name}#{at}"), &env);
            there.probe().unwrap();
            assert_eq!(read(), before);
            let saved = there.snapshot().unwrap();
            let secret = Secret::new(SECRET);
            there.deliver(&secret).unwrap();
            assert!(!read().contains("sk-fake"));
            assert_eq!(there.read().unwrap().is(&secret), Some(true));
            there.restore(&saved).unwrap();
            assert_eq!(read(), before, "{at}");
        }
        for (at, why) in [
            ("/api/n", "`/api/n` is not a string"),
            ("/nope/k", "there is no `/nope`"),
            ("/api/k_unencrypted", "`sops` leaves this entry unencrypted"),
        ] {
            let error = open(&format!("sops:{name}#{at}"), &env).probe();
            let error = error.unwrap_err();
            assert_eq!(error.kind(), Kind::Store);
            assert!(error.message().contains(why), "{error}");
            assert_eq!(read(), before);
        }
        let keyless = env.clone().with("SOPS_AGE_KEY", "");
        let error = open(&format!("sops:{name}#/api/key"), &keyless).probe();
        let error = error.unwrap_err();
        assert!(error.message().contains("`sops` failed"), "{error}");
    }
    assert!(!terminal.stderr.borrow().contains("sk-fake"));
}
