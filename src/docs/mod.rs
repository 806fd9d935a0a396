//! Documentation that is derived from the code, so that it cannot lie.

pub mod completions;
pub mod grammar;
pub mod man;
pub mod reference;
pub mod topics;
mod roff;

use std::fmt::Write;

use crate::core::error::Kind;
use crate::destination::{self, KINDS};
use crate::platform::{VARIABLES, Variable};
use crate::store::StoreKind;

/// Returns the exit codes as a Markdown table.
pub fn exit_codes() -> String {
    let mut table = "| code | kind | for |\n|---|---|---|\n".to_owned();
    table.push_str("| 0 | | done (a no-op says so on stderr) |\n");
    for kind in Kind::ALL {
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "| {} | `{}` | {} |",
            kind.exit_code(),
            kind.name(),
            kind.meaning()
        );
    }
    table
}

/// Returns every environment variable that keywright reads.
fn variables() -> impl Iterator<Item = &'static Variable> {
    let of_stores = StoreKind::all().flat_map(StoreKind::variables);
    let of_destinations = KINDS.iter().flat_map(|kind| kind.variables);
    VARIABLES.iter().chain(of_stores).chain(of_destinations)
}

/// Returns the environment variables as a Markdown table.
pub fn variables_table() -> String {
    let mut table = "| variable | what it does |\n|---|---|\n".to_owned();
    for variable in variables() {
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| `{}` | {} |", variable.name, variable.purpose);
    }
    table
}

/// Returns the destinations as a Markdown table.
pub fn destinations_table() -> String {
    let mut table = "| destination | what it is |\n|---|---|\n".to_owned();
    for one in destination::built_in() {
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| `{}` | {} |", one.syntax, one.summary);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::{self, ManifestOrigin};

    fn grammar() -> clap::Command {
        let mut whole = <crate::commands::Cli as clap::CommandFactory>::command();
        whole.build();
        whole
    }

    #[test]
    fn readme_rust_version_matches_cargo() {
        let wanted = format!("Rust ({} or newer)", env!("CARGO_PKG_RUST_VERSION"));
        assert!(
            include_str!("../../README.md").contains(&wanted),
            "{wanted}"
        );
    }

    /// Returns the points of the built-in services that no source tells, as a Markdown table.
    fn assumptions_table() -> String {
        let platform = crate::platform::native::platform();
        let mut table = "| provider | assumed, or open |\n|---|---|\n".to_owned();
        for (name, origin) in providers::names(&platform).unwrap() {
            if !matches!(origin, ManifestOrigin::BuiltIn) {
                continue;
            }
            let source = providers::find(&name, &platform).unwrap();
            let manifest = source.manifest().unwrap();
            let mut points = manifest.assumed.clone();
            for (verb, operation) in &manifest.operations {
                let told = operation.assumed.iter();
                points.extend(told.map(|one| format!("`{}`: {one}", verb.name())));
            }
            points.extend(open_points(source.text().unwrap()));
            if !points.is_empty() {
                let points = points.join("<br>").replace('|', "\\|");
                let _ = writeln!(table, "| `{name}` | {points} |");
            }
        }
        table
    }

    /// Returns the comments of a manifest that begin with `Open:`.
    fn open_points(text: &str) -> Vec<String> {
        let mut points: Vec<String> = Vec::new();
        let mut is_open = false;
        for line in text.lines() {
            let comment = line.strip_prefix("# ");
            match (
                comment,
                comment.and_then(|text| text.strip_prefix("Open: ")),
            ) {
                (_, Some(start)) => {
                    points.push(format!("open: {start}"));
                    is_open = true;
                }
                (Some(more), None) if is_open => {
                    if let Some(point) = points.last_mut() {
                        let _ = write!(point, " {more}");
                    }
                }
                _ => is_open = false,
            }
        }
        points
    }

    /// Returns the generated tables, each with the page in `docs/` that holds it.
    fn tables() -> [(&'static str, String); 4] {
        [
            ("assumptions.md", assumptions_table()),
            ("reference.md", exit_codes()),
            ("reference.md", variables_table()),
            ("guide.md", destinations_table()),
        ]
    }

    #[test]
    fn pages_hold_generated_tables() {
        for (page, table) in tables() {
            assert!(
                committed("docs", page).contains(&table),
                "docs/{page} should hold (`just bless` writes it):\n{table}"
            );
        }
    }

    #[test]
    fn variables_with_secrets_are_listed() {
        for name in crate::platform::SECRET_VARIABLES {
            assert!(variables().any(|known| known.name == name), "{name}");
        }
    }

    #[test]
    fn variable_names_are_unique() {
        let mut names: Vec<_> = variables().map(|variable| variable.name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    #[ignore = "it writes the files that the others compare"]
    fn write_the_tables() {
        for (name, table) in tables() {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("docs")
                .join(name);
            let mut page = committed("docs", name);
            let header = table.lines().next().unwrap();
            let start = page.find(header).expect(header);
            let rows = page[start..].split_inclusive('\n');
            let length: usize = rows
                .take_while(|line| line.starts_with('|'))
                .map(str::len)
                .sum();
            page.replace_range(start..start + length, &format!("{}\n", table.trim_end()));
            crate::platform::files::write_public(&path, page.as_bytes()).unwrap();
        }
    }

    /// Returns the content of a file of this repository.
    fn committed(folder: &str, name: &str) -> String {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = path.join(folder).join(name);
        crate::platform::files::read_text(&path)
            .unwrap()
            .unwrap_or_default()
    }

    #[test]
    fn committed_completions_match_grammar() {
        for (shell, name) in completions::SHELLS {
            let script = String::from_utf8(completions::script(shell, grammar())).unwrap();
            assert!(
                committed("completions", name) == script,
                "completions/{name} is not what the grammar says: keywright completions {shell} --static > completions/{name}"
            );
        }
    }

    #[test]
    fn committed_asking_scripts_are_current() {
        for (shell, name) in completions::SHELLS.iter().take(3) {
            let script = String::from_utf8(completions::asking_script(*shell).unwrap()).unwrap();
            assert!(
                committed("completions/asking", name) == script,
                "completions/asking/{name} is not what keywright prints: keywright completions {shell}"
            );
        }
    }

    #[test]
    fn man_pages_need_no_utf8() {
        for (name, page) in man::pages(&grammar()).unwrap() {
            let other = page.lines().find(|line| !line.is_ascii());
            assert_eq!(other, None, "{name}");
        }
    }

    #[test]
    fn committed_man_pages_match_grammar() {
        for (name, page) in man::pages(&grammar()).unwrap() {
            assert!(
                committed("man", &name) == page,
                "man/{name} is not what the grammar says: keywright man ./man"
            );
        }
    }
}
