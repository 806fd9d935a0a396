//! An address as a QR code, for the camera of another device.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};
use unicode_width::UnicodeWidthStr;

/// Returns a text as a QR code of half blocks, light on the dark ground of a terminal; `None` if it is wider than
/// `width` columns.
pub fn qr_code(text: &str, width: u16) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let drawn = code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Light)
        .light_color(Dense1x2::Dark)
        .build();
    let fits = drawn.lines().all(|line| line.width() <= usize::from(width));
    fits.then_some(drawn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qr_code_fits_or_is_absent() {
        let text = "https://pass.example.com/device?code=WDJB-MJHT";
        let drawn = qr_code(text, 80).unwrap();
        let columns = drawn.lines().next().unwrap().width();
        // 29 modules of version 3 with a margin of four on each side.
        assert_eq!((columns, drawn.lines().count()), (37, 19));
        assert!(drawn.chars().all(|c| " ▀▄█\n".contains(c)), "{drawn}");
        assert_eq!(qr_code(text, 36), None);
        assert_eq!(qr_code(&"x".repeat(4000), 4000), None);
    }
}
