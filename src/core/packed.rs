//! Data of the program that is packed when it is built, for it is read seldom and would be a tenth of the program.

use std::io::Read;

use flate2::read::DeflateDecoder;

use super::error::{Error, Result};

/// Unpacks a text that the build script packed with DEFLATE. It fails only if the program file is damaged.
pub fn unpacked(packed: &[u8]) -> Result<String> {
    let mut text = String::new();
    let read = DeflateDecoder::new(packed).read_to_string(&mut text);
    read.map_err(|error| Error::failed("the program file is damaged").caused_by(error))?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_data_is_reported() {
        let damaged = unpacked(b"\xff\xff\xff").unwrap_err();
        assert_eq!(damaged.message(), "the program file is damaged");
    }
}
