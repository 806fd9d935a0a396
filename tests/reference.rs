//! keywright-manifest(5) holds what it says: its manifest works, its fragments fit into it, its commands can be typed.

use clap::Parser;
use keywright::authoring::replay;
use keywright::commands::Cli;
use keywright::manifest::{Manifest, PartialManifest};

use crate::support::home::TestEnv;

const SOURCE: &str = include_str!("../src/docs/reference.md");

/// The blocks of the page in `language`, each with the heading above it.
fn blocks(language: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut heading = "";
    let mut inside = None;
    for line in SOURCE.lines() {
        match inside {
            Some(wanted) => match line {
                "```" => inside = None,
                line if wanted => {
                    let (_, text) = found.last_mut().unwrap();
                    text.push_str(line);
                    text.push('\n');
                }
                _ => {}
            },
            None if line.starts_with('#') => heading = line,
            None => {
                if let Some(name) = line.strip_prefix("```") {
                    inside = Some(name == language);
                    if name == language {
                        found.push((heading.to_owned(), String::new()));
                    }
                }
            }
        }
    }
    found
}

fn problem(error: &keywright::core::error::Error) -> String {
    format!("{error}\n{}", error.hints().join("\n"))
}

#[test]
fn reference_manifest_examples_pass() {
    let (_, text) = &blocks("toml")[0];
    let manifest = Manifest::parse_checked(text, "reference").map_err(|error| problem(&error));
    let manifest = manifest.unwrap();
    let mut not_shown = replay::calls(&manifest);
    not_shown.retain(|(_, examples)| *examples == 0);
    assert_eq!(not_shown, Vec::new());
    let platform = keywright::platform::native::platform();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let played = runtime.block_on(replay::play(&manifest, &platform));
    assert!(played.len() >= 6);
    for played in played {
        assert_eq!(played.outcome, Ok(()), "{} `{}`", played.place, played.name);
    }
}

#[test]
fn reference_fragments_extend_its_manifest() {
    let blocks = blocks("toml");
    let (whole, fragments) = blocks.split_first().unwrap();
    assert!(fragments.len() >= 10);
    let parent = PartialManifest::read(&whole.1, "reference")
        .unwrap()
        .without_examples();
    for (heading, text) in fragments {
        let draft = PartialManifest::read(text, heading)
            .map_err(|error| problem(&error))
            .unwrap();
        let manifest = Manifest::parse_over(&draft, &parent, text, heading);
        if let Err(error) = manifest {
            panic!("{heading}\n{text}\n{}", problem(&error));
        }
    }
}

#[test]
fn reference_commands_parse() {
    let quoted = SOURCE.split('`').skip(1).step_by(2);
    let commands: Vec<&str> = quoted
        .filter(|text| text.starts_with("keywright "))
        .collect();
    assert!(commands.len() >= 5);
    for command in commands {
        let words = shell_words::split(command).unwrap();
        if let Err(error) = Cli::try_parse_from(words) {
            panic!("{command}: {error}");
        }
    }
}

#[test]
fn schema_command_prints_repository_schema() {
    let schema = include_str!("../schema/keywright-manifest.json");
    let home = TestEnv::new();
    home.run(["providers", "schema"])
        .expect_stdout(schema)
        .exit(0);
}
