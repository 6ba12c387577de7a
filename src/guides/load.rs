//! Reads the guides' files and refuses, with file and line, what a customer could not walk.

use std::{collections::HashMap, fmt, path::Path};

use rust_embed::RustEmbed;

use super::{AnswerTarget, Guide, GuideStep, Guides, parser::GuideParser};
use crate::{i18n::Lang, tickets::TicketCategory};

#[derive(RustEmbed)]
#[folder = "templates/guides"]
struct BuiltInGuides;

/// What is wrong with a guide, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideError {
    pub file: String,
    pub line: usize,
    pub text: String,
}

impl fmt::Display for GuideError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.text)
    }
}

/// The guides inside the binary.
///
/// # Errors
/// All faults, never only the first.
pub fn load_built_in() -> Result<Guides, Vec<GuideError>> {
    load(|name| BuiltInGuides::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned()))
}

/// The guides of a folder, one file a guide and language.
///
/// # Errors
/// All faults; a missing file is one.
pub fn load_folder(folder: &Path) -> Result<Guides, Vec<GuideError>> {
    load(|name| std::fs::read_to_string(folder.join(name)).ok())
}

fn load(read: impl Fn(&str) -> Option<String>) -> Result<Guides, Vec<GuideError>> {
    let mut faults = Vec::new();
    let mut guides = HashMap::new();
    for lang in Lang::ALL {
        for category in TicketCategory::WITH_GUIDE {
            let file = file_name(category, lang);
            let Some(text) = read(&file) else {
                faults.push(GuideError { file, line: 1, text: "the file is missing or can't be read".into() });
                continue;
            };
            // as editors on Windows write it
            let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
            match GuideParser::new(&file, &text, lang, category).parse() {
                Ok(guide) => {
                    guides.insert((lang, category), guide);
                }
                Err(found) => faults.extend(found),
            }
        }
    }
    if faults.is_empty() {
        faults = check_languages_match(&guides);
    }
    if faults.is_empty() {
        faults = compute_max_remaining(&mut guides);
    }
    if faults.is_empty() { Ok(Guides { guides }) } else { Err(faults) }
}

fn file_name(category: TicketCategory, lang: Lang) -> String {
    format!("{}.{lang}.md", category.as_str())
}

/// The language switch keeps people at their step, so the steps and answers must be the same ones.
fn check_languages_match(guides: &HashMap<(Lang, TicketCategory), Guide>) -> Vec<GuideError> {
    let mut faults = Vec::new();
    for category in TicketCategory::WITH_GUIDE {
        let (Some(first), Some(second)) = (guides.get(&(Lang::Pl, category)), guides.get(&(Lang::En, category))) else {
            continue;
        };
        let file = file_name(category, Lang::En);
        let shape = |step: &GuideStep| -> Vec<(String, AnswerTarget)> {
            step.answers.iter().map(|answer| (answer.id.clone(), answer.target)).collect()
        };
        for (at, step) in first.steps.iter().enumerate() {
            let other = second.steps.get(at);
            let fault = match other {
                None => Some((1, format!("the step {} of the Polish guide is missing", step.id))),
                Some(other) if other.id != step.id => {
                    Some((other.line, format!("here is the step {}, in the Polish guide {}", other.id, step.id)))
                }
                Some(other) if shape(other) != shape(step) => {
                    Some((other.line, format!("the answers of {} differ from the Polish guide's", step.id)))
                }
                Some(_) => None,
            };
            if let Some((line, text)) = fault {
                faults.push(GuideError { file: file.clone(), line, text });
                break;
            }
        }
        if let Some(extra) = second.steps.get(first.steps.len()) {
            let text = format!("the step {} is not in the Polish guide", extra.id);
            faults.push(GuideError { file, line: extra.line, text });
        }
    }
    faults
}

/// Finds the longest way from every step, through other guides too; a way that comes back has none.
fn compute_max_remaining(guides: &mut HashMap<(Lang, TicketCategory), Guide>) -> Vec<GuideError> {
    let mut left: HashMap<(Lang, TicketCategory, usize), usize> = HashMap::new();
    let mut faults = Vec::new();
    for ((lang, category), guide) in guides.iter() {
        for at in 0..guide.steps.len() {
            let mut walked = Vec::new();
            if let Err(step) = longest_path_from(guides, (*lang, *category, at), &mut left, &mut walked) {
                let (lang, category, at) = step;
                let line =
                    guides.get(&(lang, category)).and_then(|guide| guide.steps.get(at)).map_or(1, |step| step.line);
                let fault = GuideError {
                    file: file_name(category, lang),
                    line,
                    text: "a way from this step leads back to it".into(),
                };
                if !faults.contains(&fault) {
                    faults.push(fault);
                }
            }
        }
    }
    for ((lang, category), guide) in guides.iter_mut() {
        for (at, step) in guide.steps.iter_mut().enumerate() {
            step.max_remaining = left.get(&(*lang, *category, at)).copied().unwrap_or_default();
        }
    }
    faults
}

type StepKey = (Lang, TicketCategory, usize);

fn longest_path_from(
    guides: &HashMap<(Lang, TicketCategory), Guide>,
    step: StepKey,
    known: &mut HashMap<StepKey, usize>,
    walked: &mut Vec<StepKey>,
) -> Result<usize, StepKey> {
    if let Some(left) = known.get(&step) {
        return Ok(*left);
    }
    if walked.contains(&step) {
        return Err(step);
    }
    walked.push(step);
    let (lang, category, at) = step;
    let targets = guides.get(&(lang, category)).and_then(|guide| guide.steps.get(at)).map(|step| &step.answers);
    let mut most = 0;
    for answer in targets.into_iter().flatten() {
        let next = match answer.target {
            AnswerTarget::Step(at) => (lang, category, at),
            AnswerTarget::Guide(category) => (lang, category, 0),
            AnswerTarget::Resolved | AnswerTarget::Report => continue,
        };
        most = most.max(1 + longest_path_from(guides, next, known, walked)?);
    }
    walked.pop();
    known.insert(step, most);
    Ok(most)
}
