//! Screens of a terminal: nothing wraps that is typed or compared, at any width.

use serde_json::{Value, json};

use crate::support::fake::jwt;
use crate::support::home::{TestEnv, token};
use crate::support::run::{Run, ci};
use crate::support::server::{self, Server, get};

const KEYS: &str = "/api/v1/accounts/user/api-keys/";

/// Keys with long ids that begin alike, and with names of every kind.
fn keys() -> Value {
    let names = [
        "Production backend of the european region, second try",
        "ci",
        "日本語のキーの名前はとても長いです",
        "emoji 👍👍🏽 key",
    ];
    let key = |(index, name): (usize, &&str)| {
        json!({ "id": format!("63d873f{index}-2ff4-4699-90de-4569b32b2e9e"), "name": name,
                "key": format!("sk-***...4f2{index}"), "is_active": index != 1,
                "created_at": "2026-01-01T00:00:00Z", "expires_at": "2027-06-01T00:00:00Z",
                "last_used_at": "2026-11-19T12:00:00Z", "total_requests": 12_345 * index,
                "total_cost_chf": 0.5 })
    };
    names.iter().enumerate().map(key).collect()
}

fn list(columns: u16) -> String {
    let token = jwt("schatzi", 86_400);
    let server = Server::with(get(KEYS).bearer(&token), server::json(200, &keys()));
    let done = ci("schatzi", &server, ["keys", "list"])
        .token(&token)
        .at_columns(columns)
        .stdout_has("63d873f2")
        .exit(0);
    for line in done.stdout.lines() {
        let width = unicode_width::UnicodeWidthStr::width(line);
        assert!(width <= usize::from(columns), "{width}: {line}");
    }
    done.stdout
}

#[test]
fn list_80_columns_one_line_each() {
    assert_eq!(
        list(80),
        "ID        NAME                        STATUS     EXPIRES  LAST USED  REQUESTS  …\n\
         63d873f0  Production backend of the…  ● active   in 6mo   1d ago            0\n\
         63d873f1  ci                          ✗ revoked  in 6mo   1d ago        12345\n\
         63d873f2  日本語のキーの名前はとて…   ● active   in 6mo   1d ago        24690\n\
         63d873f3  emoji 👍👍🏽 key              ● active   in 6mo   1d ago        37035\n"
    );
}

#[test]
fn list_narrow_terminal_is_cards() {
    let screen = list(40);
    let cards: Vec<&str> = screen.split("\n\n").collect();
    assert_eq!(cards.len(), 4, "{screen}");
    assert_eq!(
        cards[1],
        "id         63d873f1\nname       ci\nkey        sk-***...4f21\nstatus     ✗ revoked\n\
         created    10 months ago\nexpires    in 6 months\nlast used  1 day ago\n\
         requests   12345\ncost       CHF 0.50"
    );
}

#[test]
fn list_wide_terminal_shows_whole_ids() {
    let screen = list(200);
    assert!(
        screen.contains("63d873f2-2ff4-4699-90de-4569b32b2e9e  "),
        "{screen}"
    );
    assert!(screen.contains("10 months ago"), "{screen}");
}

#[test]
fn short_id_of_list_names_key() {
    let token = jwt("schatzi", 86_400);
    let server = Server::with(get(KEYS).bearer(&token), server::json(200, &keys()));
    let id = "63d873f2-2ff4-4699-90de-4569b32b2e9e";
    server
        .expect(get(&format!("{KEYS}{id}/")).bearer(&token))
        .answer(server::json(200, &keys()[2]));
    ci("schatzi", &server, ["keys", "show", "63d873f2"])
        .token(&token)
        .at_columns(40)
        .stdout_has(&format!("id\n  {id}\n"))
        .exit(0);
}

#[test]
fn hint_hangs_at_terminal_only() {
    let run = |run: Run, stderr: &str| {
        run.args(["keys", "list", "-p", "nope"])
            .expect_stderr(stderr)
            .exit(5);
    };
    let error = "error: there is no profile `nope`\nhint: log in first:";
    run(Run::new(), &format!("{error} keywright login PROVIDER\n"));
    run(
        Run::new().at_columns(40),
        &format!("{error}\n      keywright login PROVIDER\n"),
    );
}

#[test]
fn hint_repeats_flags_that_matter() {
    let home = TestEnv::new();
    let token_of = jwt("schatzi", 86_400);
    let server = Server::with(get(KEYS).bearer(&token_of), server::json(200, &keys()));
    for name in ["main", "work"] {
        let given = [token(&token_of, 86_400)];
        home.log_in_as(name, "schatzi", &server.url(), &[], &given);
    }
    home.run(["-p", "work", "keys", "show", "nope"])
        .fails(
            "there is no key `nope`",
            &["list the keys: keywright -p work keys list"],
        )
        .exit(5);
}
