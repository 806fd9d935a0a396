//! A program that parses its arguments and ends.

use clap::Parser;

#[derive(Parser)]
#[command(version)]
struct Cli {
    /// Anything
    words: Vec<String>,
}

fn main() {
    let cli = Cli::parse();
    print!("{}", cli.words.join(" "));
}
