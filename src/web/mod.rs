//! The web layer that all features share: forms, layout, errors, rate limits, middleware, CSV. Knows no feature.

mod body;
pub mod client;
pub mod csv;
pub mod cursor;
pub mod error;
pub mod form;
pub mod middleware;
pub mod public_layout;
pub mod rate_limit;
mod rate_limited_state;
pub mod static_files;

pub(crate) use body::{media_type, parse_json_object};
pub use client::Client;
pub use csv::Csv;
pub use cursor::Cursor;
pub use error::AppError;
pub use form::{Form, QueryForm};
pub use public_layout::{PublicLayout, render_html};
pub(crate) use rate_limited_state::RateLimitedState;
