//! Loads the guide files. Errors are reported with file and line. A guide is valid only if every path ends.

use std::{collections::HashMap, path::Path};

use rust_embed::RustEmbed;

use super::{
    guide::{AnswerTarget, Guide, GuideStep},
    parser::{GuideError, GuideParser},
    progress::Guides,
};
use crate::{i18n::Lang, tickets::TicketCategory};

#[derive(RustEmbed)]
#[folder = "templates/guides"]
struct BuiltInGuides;

/// Loads the guides inside the binary.
///
/// # Errors
/// All errors, not only the first.
pub fn load_built_in() -> Result<Guides, Vec<GuideError>> {
    load(|name| BuiltInGuides::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned()))
}

/// Loads the guides of a folder: one file per guide and language.
///
/// # Errors
/// All errors, not only the first. A missing file is an error.
pub fn load_folder(folder: &Path) -> Result<Guides, Vec<GuideError>> {
    load(|name| std::fs::read_to_string(folder.join(name)).ok())
}

fn load(read: impl Fn(&str) -> Option<String>) -> Result<Guides, Vec<GuideError>> {
    let mut errors = Vec::new();
    let mut guides = HashMap::new();
    for lang in Lang::ALL {
        for category in TicketCategory::WITH_GUIDE {
            let file = file_name(category, lang);
            let Some(text) = read(&file) else {
                errors.push(GuideError { file, line: 1, text: "the file is missing or can't be read".into() });
                continue;
            };
            // editors on Windows write a byte order mark and CRLF
            let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
            match GuideParser::new(&file, &text, lang, category).parse() {
                Ok(guide) => {
                    guides.insert((lang, category), guide);
                }
                Err(file_errors) => errors.extend(file_errors),
            }
        }
    }
    if errors.is_empty() {
        errors = check_languages_match(&guides);
    }
    if errors.is_empty() {
        errors = compute_max_remaining(&mut guides);
    }
    if errors.is_empty() { Ok(Guides::new(guides)) } else { Err(errors) }
}

fn file_name(category: TicketCategory, lang: Lang) -> String {
    format!("{}.{lang}.md", category.into_str())
}

/// The language switch keeps visitors at their step, so steps and answers must have the same ids in both languages.
fn check_languages_match(guides: &HashMap<(Lang, TicketCategory), Guide>) -> Vec<GuideError> {
    let mut errors = Vec::new();
    for category in TicketCategory::WITH_GUIDE {
        let (Some(polish), Some(english)) = (guides.get(&(Lang::Pl, category)), guides.get(&(Lang::En, category)))
        else {
            continue;
        };
        let file = file_name(category, Lang::En);
        let shape = |step: &GuideStep| -> Vec<(String, AnswerTarget)> {
            step.answers.iter().map(|answer| (answer.id.clone(), answer.target)).collect()
        };
        for (index, step) in polish.steps.iter().enumerate() {
            let other = english.steps.get(index);
            let difference = match other {
                None => Some((1, format!("the step {} of the Polish guide is missing", step.id))),
                Some(other) if other.id != step.id => {
                    Some((other.line, format!("here is the step {}, in the Polish guide {}", other.id, step.id)))
                }
                Some(other) if shape(other) != shape(step) => {
                    Some((other.line, format!("the answers of {} differ from the Polish guide's", step.id)))
                }
                Some(_) => None,
            };
            if let Some((line, text)) = difference {
                errors.push(GuideError { file: file.clone(), line, text });
                break;
            }
        }
        if let Some(extra) = english.steps.get(polish.steps.len()) {
            let text = format!("the step {} is not in the Polish guide", extra.id);
            errors.push(GuideError { file, line: extra.line, text });
        }
    }
    errors
}

/// Computes the longest path from every step, through other guides too. A cycle is an error.
fn compute_max_remaining(guides: &mut HashMap<(Lang, TicketCategory), Guide>) -> Vec<GuideError> {
    let mut lengths: HashMap<StepKey, usize> = HashMap::new();
    let mut errors = Vec::new();
    for ((lang, category), guide) in guides.iter() {
        for index in 0..guide.steps.len() {
            let mut visited = Vec::new();
            if let Err(step) = longest_path_from(guides, (*lang, *category, index), &mut lengths, &mut visited) {
                let (lang, category, index) = step;
                let line =
                    guides.get(&(lang, category)).and_then(|guide| guide.steps.get(index)).map_or(1, |step| step.line);
                let error = GuideError {
                    file: file_name(category, lang),
                    line,
                    text: "a path from this step leads back to it".into(),
                };
                if !errors.contains(&error) {
                    errors.push(error);
                }
            }
        }
    }
    for ((lang, category), guide) in guides.iter_mut() {
        for (index, step) in guide.steps.iter_mut().enumerate() {
            step.max_remaining = lengths.get(&(*lang, *category, index)).copied().unwrap_or_default();
        }
    }
    errors
}

/// A step by its index in its guide.
type StepKey = (Lang, TicketCategory, usize);

/// Returns the number of questions that can follow `step`. The error is a step that lies on a cycle.
fn longest_path_from(
    guides: &HashMap<(Lang, TicketCategory), Guide>,
    step: StepKey,
    lengths: &mut HashMap<StepKey, usize>,
    visited: &mut Vec<StepKey>,
) -> Result<usize, StepKey> {
    if let Some(length) = lengths.get(&step) {
        return Ok(*length);
    }
    if visited.contains(&step) {
        return Err(step);
    }
    visited.push(step);
    let (lang, category, index) = step;
    let answers = guides.get(&(lang, category)).and_then(|guide| guide.steps.get(index)).map(|step| &step.answers);
    let mut longest = 0;
    for answer in answers.into_iter().flatten() {
        let next = match answer.target {
            AnswerTarget::Step(index) => (lang, category, index),
            AnswerTarget::Guide(category) => (lang, category, 0),
            AnswerTarget::Resolved | AnswerTarget::Report => continue,
        };
        longest = longest.max(1 + longest_path_from(guides, next, lengths, visited)?);
    }
    visited.pop();
    lengths.insert(step, longest);
    Ok(longest)
}
