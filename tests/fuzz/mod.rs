//! Fuzz targets: what is made up by a seed goes into everything that reads text from elsewhere, and a second reader or
//! the value that was written says what has to come out.
//!
//! `cargo test` runs a fixed number of inputs of growing size, the same each time. `KEYWRIGHT_FUZZ=100000` runs that
//! many of each target and tells how many a second; a failure names its seed and the shortest one that was found.

mod addresses;
mod dotenv;
mod files;
mod headers;
mod times;

use std::time::Instant;

use arbtest::arbitrary::{Result, Unstructured};
use arbtest::arbtest;

use crate::support::programs::report;

/// The number of inputs that a test run tries.
const INPUTS: u64 = 300;

/// The least and the most bytes of randomness behind an input.
const SIZES: std::ops::Range<u64> = 16..1600;

/// Tries a property; `cheap` says how many times more than the usual number of inputs it can take.
#[expect(
    clippy::disallowed_methods,
    reason = "a long run is asked for from outside, and its time is told"
)]
fn fuzz(name: &str, cheap: u64, mut property: impl FnMut(&mut Unstructured<'_>) -> Result<()>) {
    let asked: Option<u64> = std::env::var("KEYWRIGHT_FUZZ")
        .ok()
        .and_then(|text| text.parse().ok());
    let inputs = asked.unwrap_or(INPUTS * cheap);
    let began = Instant::now();
    for number in 0..inputs {
        let size = SIZES.start + number % (SIZES.end - SIZES.start);
        // The seed holds its size in its lower half.
        let random = number.wrapping_mul(0x9e37_79b9) & 0xffff_ffff;
        arbtest(&mut property).seed(random << 32 | size).run();
    }
    if asked.is_some() {
        let took = began.elapsed();
        let each = u128::from(inputs) * 1000 / took.as_millis().max(1);
        report(&format!("fuzz {name}: {inputs} inputs, {each} a second"));
    }
}

/// A text of these pieces.
fn pieces(u: &mut Unstructured<'_>, among: &[&str], most: usize) -> Result<String> {
    let count = u.int_in_range(0..=most)?;
    let mut text = String::new();
    for _ in 0..count {
        text.push_str(u.choose(among)?);
    }
    Ok(text)
}
