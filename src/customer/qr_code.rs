//! A URL as a QR code (ISO/IEC 18004), for the camera of another device.

use std::fmt::Write;

use qrcode::{Color, QrCode};

/// The empty margin that readers need, in modules.
const QUIET_ZONE_MODULES: usize = 4;

/// A QR code as an SVG path, one unit per module.
pub(crate) struct QrCodeImage {
    pub size: usize,
    pub svg_path: String,
}

impl QrCodeImage {
    /// Returns `None` if the URL is too long for a QR code.
    pub(crate) fn from_url(url: &str) -> Option<QrCodeImage> {
        let code = QrCode::new(url).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (row, modules) in code.to_colors().chunks(width).enumerate() {
            let mut column = 0;
            // adjacent dark modules are one bar
            for bar in modules.chunk_by(|a, b| a == b) {
                if bar.first() == Some(&Color::Dark) {
                    let _ = write!(
                        path,
                        "M{} {}h{}v1h-{}z",
                        column + QUIET_ZONE_MODULES,
                        row + QUIET_ZONE_MODULES,
                        bar.len(),
                        bar.len()
                    );
                }
                column += bar.len();
            }
        }
        Some(QrCodeImage { size: width + 2 * QUIET_ZONE_MODULES, svg_path: path })
    }
}

#[cfg(test)]
mod tests {
    use crate::customer::qr_code::*;

    #[test]
    fn a_qr_code_has_the_modules_of_its_url_and_a_margin() {
        let url = "https://dzwoni.example.com/pl/ticket/DZ-7K3M9-Q2XWG?key=0123456789ABCDEFGHJKMNPQRS";
        let image = QrCodeImage::from_url(url).unwrap();
        let code = QrCode::new(url).unwrap();
        assert_eq!(image.size, code.width() + 8);
        // the corner's finder pattern: seven dark modules
        assert!(image.svg_path.starts_with("M4 4h7v1h-7z"), "{}", image.svg_path);
        let dark: usize = image
            .svg_path
            .split('h')
            .skip(1)
            .step_by(2)
            .map(|h| h[..h.find('v').unwrap()].parse::<usize>().unwrap())
            .sum();
        assert_eq!(dark, code.to_colors().iter().filter(|color| **color == Color::Dark).count());
        assert!(QrCodeImage::from_url(&"x".repeat(5000)).is_none());
    }
}
