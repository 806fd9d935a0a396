//! Manual pages, made from the grammar and the tables of the code.

use std::fmt::Write;
use std::io;

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::cli::Cli;
use crate::error::Kind;
use crate::profile::PROJECT_FILE;
use crate::world::VARIABLES;

/// The date on every page: when the interface last changed.
const DATE: &str = "2026-11-21";

/// The files that keywright uses, each with what stands in it.
pub const FILES: [(&str, &str); 5] = [
    (
        "<config>/config.toml",
        "the profiles, without secrets; `<config>` is KEYWRIGHT_CONFIG_DIR or the platform's config folder, such as ~/.config/keywright",
    ),
    (
        "<config>/providers/*.toml",
        "manifests of your own, see keywright-manifest(5)",
    ),
    (
        "<state>/",
        "journal, locks, the encrypted file store; KEYWRIGHT_STATE_DIR or the platform's state folder, such as ~/.local/state/keywright",
    ),
    (
        "<cache>/keys.json",
        "ids and names of keys for completion, such as below ~/.cache/keywright; may be deleted",
    ),
    (
        PROJECT_FILE,
        "which keys a project uses, where they go, how often they are rotated; looked for from the current folder upwards",
    ),
];

/// A page: the name of its file, and its text.
pub type Page = (String, String);

/// Every page of section 1: keywright(1), and one for each command.
pub fn pages() -> io::Result<Vec<Page>> {
    let mut whole = Cli::command();
    whole.build();
    let mut pages = vec![("keywright.1".to_owned(), main_page(&whole)?)];
    for command in whole.get_subcommands() {
        below("keywright", command, &mut pages)?;
    }
    Ok(pages)
}

/// keywright(1).
pub fn page() -> io::Result<String> {
    let mut whole = Cli::command();
    whole.build();
    main_page(&whole)
}

fn below(parent: &str, command: &Command, pages: &mut Vec<Page>) -> io::Result<()> {
    if command.get_name() == "help" || command.is_hide_set() {
        return Ok(());
    }
    let name = format!("{parent}-{}", command.get_name());
    let mut text = rendered(command, &name, |man, page| man.render(page))?;
    text.push_str(".SH \"SEE ALSO\"\n.BR keywright (1)\n");
    pages.push((format!("{name}.1"), text));
    for command in command.get_subcommands() {
        below(&name, command, pages)?;
    }
    Ok(())
}

fn rendered(
    command: &Command,
    title: &str,
    render: impl FnOnce(&Man, &mut Vec<u8>) -> io::Result<()>,
) -> io::Result<String> {
    let man = Man::new(command.clone())
        .title(title.to_uppercase())
        .date(DATE)
        .manual("keywright")
        .source(concat!("keywright ", env!("CARGO_PKG_VERSION")));
    let mut page = Vec::new();
    render(&man, &mut page)?;
    let page = String::from_utf8(page).map_err(io::Error::other)?;
    Ok(tidy(&page))
}

/// The longest line of text in a page; a reader fills its own.
const LINE: usize = 74;

/// What a checker of manual pages would complain of, put right: breaks beside spaces, blanks at ends, long lines.
fn tidy(page: &str) -> String {
    let lines: Vec<&str> = page.lines().map(str::trim_end).collect();
    let mut tidied = String::new();
    let mut examples = false;
    for (index, line) in lines.iter().enumerate() {
        let near = [index.checked_sub(1), Some(index + 1)];
        let beside = |what: &str| {
            let mut near = near.iter().flatten();
            near.any(|near| lines.get(*near).is_some_and(|line| line.starts_with(what)))
        };
        if *line == ".br" && (beside(".sp") || beside(".SH") || beside(".RE")) || line.is_empty() {
            continue;
        }
        if *line == ".br" && tidied.ends_with(".br\n") || *line == "Examples:" {
            continue;
        }
        if *line == ".SH EXTRA" {
            // Examples are commands: each stays on its line.
            examples = true;
            tidied.push_str(".SH EXAMPLES\n.nf\n");
            continue;
        }
        if examples && line.starts_with(".SH") {
            examples = false;
            tidied.push_str(".fi\n");
        }
        if examples || line.starts_with(['.', '\'']) {
            tidied.push_str(line);
            tidied.push('\n');
        } else {
            wrap(line, &mut tidied);
        }
    }
    tidied
}

fn wrap(line: &str, into: &mut String) {
    let mut length = 0;
    for word in line.split(' ') {
        let fits = length + word.len() < LINE;
        if length > 0 && !fits {
            into.push('\n');
            // A word that would be a request at the start of a line.
            if word.starts_with(['.', '\'']) {
                into.push_str("\\&");
            }
            length = 0;
        } else if length > 0 {
            into.push(' ');
            length += 1;
        }
        into.push_str(word);
        length += word.len();
    }
    into.push('\n');
}

fn main_page(whole: &Command) -> io::Result<String> {
    let mut text = rendered(whole, "keywright", |man, page| {
        man.render_title(page)?;
        man.render_name_section(page)?;
        man.render_synopsis_section(page)?;
        man.render_description_section(page)?;
        man.render_options_section(page)?;
        man.render_subcommands_section(page)
    })?;
    let files = FILES.iter().map(|(name, what)| ((*name).to_owned(), *what));
    section(&mut text, "FILES", files);
    let variables = VARIABLES.iter();
    section(
        &mut text,
        "ENVIRONMENT",
        variables.map(|variable| (variable.name.to_owned(), variable.purpose)),
    );
    let done = [("0".to_owned(), "done (a no-op says so on stderr)")];
    let codes = Kind::ALL.iter().map(|kind| {
        (
            format!("{} {}", kind.exit_code(), kind.name()),
            kind.meaning(),
        )
    });
    section(&mut text, "EXIT STATUS", done.into_iter().chain(codes));
    text.push_str(".SH \"SEE ALSO\"\n.BR keywright\\-manifest (5)\n");
    Ok(text)
}

fn section<'t>(text: &mut String, title: &str, entries: impl Iterator<Item = (String, &'t str)>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, ".SH \"{title}\"");
    for (term, what) in entries {
        let _ = writeln!(text, ".TP\n\\fB{}\\fR", escaped(&term));
        wrap(&escaped(what), text);
    }
}

/// Text as roff takes it: nothing in it is a request or a macro.
fn escaped(text: &str) -> String {
    let text = text
        .replace('\\', "\\e")
        .replace('-', "\\-")
        .replace('`', "");
    if text.starts_with(['.', '\'']) {
        return format!("\\&{text}");
    }
    text
}
