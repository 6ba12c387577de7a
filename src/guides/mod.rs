//! The step-by-step guides: one question per page. The whole state is in the URL.

mod guide;
mod progress;
mod check_ids;
mod parser;
mod load;
mod state;
pub mod pages;

pub use check_ids::CheckIds;
pub use guide::{AnswerOption, AnswerTarget, CheckKind, Guide, GuideStep, OperatorLink, PanelClick, StepBlock};
pub use load::{load_built_in, load_folder};
pub use parser::GuideError;
pub use progress::{AnsweredStep, GuidePosition, GuideProgress, Guides};
pub use state::GuidesState;
