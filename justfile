# Lists the recipes.
default:
    @just --list

# Format, lints, spelling, workflows.
lint:
    cargo fmt --check
    cargo clippy --locked --all-targets -- -D warnings
    cargo clippy --locked --no-default-features -- -D warnings
    .ci/lint

# The tests; `just test rotation` runs those with that word in their name.
test *FILTER:
    cargo test --locked -- {{FILTER}}

# Rewrites every generated file: schema, tables of the reference, completions, man pages, serialised words.
bless:
    cargo test --locked --lib -- --ignored write_the_
    cargo build --locked
    target/debug/keywright completions bash --static > completions/keywright.bash
    target/debug/keywright completions zsh --static > completions/_keywright
    target/debug/keywright completions fish --static > completions/keywright.fish
    target/debug/keywright completions powershell --static > completions/_keywright.ps1
    target/debug/keywright completions elvish --static > completions/keywright.elv
    target/debug/keywright completions bash > completions/asking/keywright.bash
    target/debug/keywright completions zsh > completions/asking/_keywright
    target/debug/keywright completions fish > completions/asking/keywright.fish
    target/debug/keywright man ./man
    KEYWRIGHT_BLESS=1 cargo test --locked --test keywright -- wire_words::serialised_words

# Records the screens of `docs/screens.md` anew; `just screens --check` compares them.
screens *ARGS:
    .ci/screens {{ARGS}}

# Builds the documentation as a site in `target/book`; `just site --check` looks at it in a browser.
site *ARGS:
    .ci/site {{ARGS}}

# Start-up, calls, memory and size, each beside a peer.
bench:
    cargo bench --bench micro
    benches/compare

# The tests against servers that this project did not write.
live:
    tests/live/install
    cargo test --locked --test keywright -- live::

# Many seeds of the simulation, many inputs of the fuzz targets: `just long [SEEDS [FROM [INPUTS]]]`.
long *ARGS:
    .ci/long {{ARGS}}

# Tests packages, installers and actions with the program of `cargo build`.
packages:
    cargo build --locked
    packaging/test

# Shows that two builds of one commit are the same.
reproduce *COMMIT:
    packaging/reproduce {{COMMIT}}
