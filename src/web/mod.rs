//! What a page and a form have in common. Knows no feature.

pub mod client;
pub mod csv;
pub mod cursor;
pub mod error;
pub mod form;
pub mod middleware;
pub mod rate_limit;
pub mod public_layout;
pub mod static_files;

pub use client::Client;
pub use csv::Csv;
pub use cursor::Cursor;
pub use error::AppError;
pub use form::Form;
pub use public_layout::{PublicLayout, render_html};
