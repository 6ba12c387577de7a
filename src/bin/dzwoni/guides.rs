//! Loading the guides.

use std::path::Path;

use dzwoni::{
    checks,
    guides::{self, Guides},
};

/// Loads the guides of a directory, or the built-in ones. Logs a warning for each cause whose guide step is missing.
pub(crate) fn load_guides(folder: Option<&Path>) -> anyhow::Result<Guides> {
    let loaded = match folder {
        Some(folder) => guides::load_folder(folder),
        None => guides::load_built_in(),
    };
    if let Ok(guides) = &loaded {
        for cause in checks::causes_without_step(guides) {
            tracing::warn!(cause = cause.id, step = ?cause.guide_step, "the guides lack a step that treats a cause");
        }
    }
    loaded.map_err(|errors| {
        let lines: Vec<_> = errors.iter().map(|error| format!("\n  {error}")).collect();
        anyhow::anyhow!("the guides are invalid:{}", lines.concat())
    })
}
