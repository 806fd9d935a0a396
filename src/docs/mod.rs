//! Documentation that is derived from the code, so that it cannot lie.

pub mod completions;
pub mod language;
pub mod man;
pub mod plain;
pub mod reference;
mod roff;

use std::fmt::Write;

use crate::core::error::Kind;
use crate::platform::VARIABLES;

/// The exit codes as a Markdown table.
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

/// The environment variables as a Markdown table.
pub fn variables() -> String {
    let mut table = "| variable | what it does |\n|---|---|\n".to_owned();
    for variable in VARIABLES {
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| `{}` | {} |", variable.name, variable.purpose);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_asks_for_the_rust_that_the_manifest_asks_for() {
        let wanted = format!("Rust ({} or newer)", env!("CARGO_PKG_RUST_VERSION"));
        assert!(
            include_str!("../../README.md").contains(&wanted),
            "{wanted}"
        );
    }

    #[test]
    fn reference_page_holds_generated_tables() {
        let page = include_str!("../../docs/reference.md");
        for table in [exit_codes(), variables()] {
            assert!(
                page.contains(&table),
                "docs/reference.md should hold (`just bless` writes it):\n{table}"
            );
        }
    }

    #[test]
    #[ignore = "it writes the file that the others compare"]
    fn write_the_reference_tables() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference.md");
        let mut page = committed("docs", "reference.md");
        for table in [exit_codes(), variables()] {
            let header = table.lines().next().unwrap();
            let start = page.find(header).expect(header);
            let rows = page[start..].split_inclusive('\n');
            let length: usize = rows
                .take_while(|line| line.starts_with('|'))
                .map(str::len)
                .sum();
            page.replace_range(start..start + length, &format!("{}\n", table.trim_end()));
        }
        crate::platform::files::write_public(&path, page.as_bytes()).unwrap();
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
    fn the_scripts_in_the_repository_are_those_of_the_grammar() {
        for (shell, name) in completions::SHELLS {
            let script = String::from_utf8(completions::script(shell)).unwrap();
            assert!(
                committed("completions", name) == script,
                "completions/{name} is not what the grammar says: keywright completions {shell} --static > completions/{name}"
            );
        }
    }

    #[test]
    fn the_pages_in_the_repository_are_those_of_the_grammar() {
        for (name, page) in man::pages().unwrap() {
            assert!(
                committed("man", &name) == page,
                "man/{name} is not what the grammar says: keywright man man"
            );
        }
    }
}
