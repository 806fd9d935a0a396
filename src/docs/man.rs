//! Manual pages, made from the grammar and the tables of the code.

use std::io;

use clap::Command;
use clap_mangen::Man;

use super::{reference, roff};
use crate::core::error::Kind;
use crate::profile::PROJECT_FILE;

/// The date on every page: when the interface last changed.
const PAGE_DATE: &str = "2026-11-21";

/// The files that keywright uses, each with its content.
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
        "journal, locks, the encrypted file store, what is trusted; KEYWRIGHT_STATE_DIR or the platform's state folder, such as ~/.local/state/keywright",
    ),
    (
        "<cache>/keys.json",
        "ids and names of keys for completion, such as below ~/.cache/keywright; may be deleted",
    ),
    (
        PROJECT_FILE,
        "which keys a project uses, where they go, how often they are rotated; looked for from the current folder upwards, and used only after `keywright trust`",
    ),
];

/// A page: the name of its file, and its text.
pub type Page = (String, String);

/// Returns the first lines of a page that is not made from the grammar.
pub(super) fn title(name: &str, section: u8) -> String {
    format!(
        ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n.TH {} {section} \"{PAGE_DATE}\" \"keywright {}\" \"keywright\"\n",
        name.to_uppercase(),
        env!("CARGO_PKG_VERSION")
    )
}

/// Returns every page: keywright(1), one for each command, and keywright-manifest(5).
pub fn pages(whole: &Command) -> io::Result<Vec<Page>> {
    let mut pages = vec![("keywright.1".to_owned(), main_page(whole)?)];
    for command in whole.get_subcommands() {
        below("keywright", command, &mut pages)?;
    }
    pages.push(reference::page(whole)?);
    for (_, text) in &mut pages {
        *text = roff::ascii(text);
    }
    Ok(pages)
}

/// keywright(1).
pub fn page(whole: &Command) -> io::Result<String> {
    Ok(roff::ascii(&main_page(whole)?))
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
        .date(PAGE_DATE)
        .manual("keywright")
        .source(concat!("keywright ", env!("CARGO_PKG_VERSION")));
    let mut page = Vec::new();
    render(&man, &mut page)?;
    let page = String::from_utf8(page).map_err(io::Error::other)?;
    Ok(tidy(&page))
}

/// Fixes what a linter of manual pages reports: breaks beside spaces, trailing blanks, long lines.
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
            roff::wrap(line, &mut tidied);
        }
    }
    tidied
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
    let variables = super::variables();
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
    roff::heading("SH", title, text);
    for (term, what) in entries {
        roff::entry(&format!("\\fB{}\\fR", roff::literal(&term)), what, text);
    }
}
