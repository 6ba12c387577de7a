//! A page's address as a picture, for the camera of another device (QR code, ISO/IEC 18004).

use std::fmt::Write;

use qrcode::{Color, QrCode};

/// The empty edge that readers need, in modules.
const QUIET_ZONE_MODULES: usize = 4;

/// A picture as one path of squares.
pub(crate) struct QrCodeImage {
    pub size: usize,
    pub svg_path: String,
}

impl QrCodeImage {
    /// Nothing for an address that is too long.
    pub fn from_url(address: &str) -> Option<QrCodeImage> {
        let code = QrCode::new(address).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (row, modules) in code.to_colors().chunks(width).enumerate() {
            let mut column = 0;
            // dark modules that touch are one bar
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
    fn an_address_becomes_a_picture_with_an_edge() {
        let address = "https://dzwoni.example.com/pl/ticket/DZ-7K3M9-Q2XWG?key=0123456789ABCDEFGHJKMNPQRS";
        let picture = QrCodeImage::from_url(address).unwrap();
        let modules = QrCode::new(address).unwrap();
        assert_eq!(picture.size, modules.width() + 8);
        // the corner's finder pattern: seven dark modules
        assert!(picture.svg_path.starts_with("M4 4h7v1h-7z"), "{}", picture.svg_path);
        let dark: usize = picture
            .svg_path
            .split('h')
            .skip(1)
            .step_by(2)
            .map(|h| h[..h.find('v').unwrap()].parse::<usize>().unwrap())
            .sum();
        assert_eq!(dark, modules.to_colors().iter().filter(|one| **one == Color::Dark).count());
        assert!(QrCodeImage::from_url(&"x".repeat(5000)).is_none());
    }
}
