//! Reads the guides' files and refuses, with file and line, what a customer could not walk.

use std::{collections::HashMap, fmt, path::Path};

use rust_embed::RustEmbed;

use super::{Guide, Guides, Step, Target, read::Reader};
use crate::{tickets::Category, words::Lang};

#[derive(RustEmbed)]
#[folder = "templates/guides"]
struct BuiltIn;

/// What is wrong with a guide, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub file: String,
    pub line: usize,
    pub text: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.text)
    }
}

/// The guides inside the binary.
///
/// # Errors
/// All faults, never only the first.
pub fn load_built_in() -> Result<Guides, Vec<Fault>> {
    load(|name| BuiltIn::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned()))
}

/// The guides of a folder, one file a guide and language.
///
/// # Errors
/// All faults; a missing file is one.
pub fn load_folder(folder: &Path) -> Result<Guides, Vec<Fault>> {
    load(|name| std::fs::read_to_string(folder.join(name)).ok())
}

fn load(read: impl Fn(&str) -> Option<String>) -> Result<Guides, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut guides = HashMap::new();
    for lang in Lang::ALL {
        for category in Category::KNOWN {
            let file = file_name(category, lang);
            let Some(text) = read(&file) else {
                faults.push(Fault { file, line: 1, text: "the file is missing or can't be read".into() });
                continue;
            };
            // as editors on Windows write it
            let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
            match Reader::new(&file, &text, lang, category).read() {
                Ok(guide) => {
                    guides.insert((lang, category), guide);
                }
                Err(found) => faults.extend(found),
            }
        }
    }
    if faults.is_empty() {
        faults = same_in_all_languages(&guides);
    }
    if faults.is_empty() {
        faults = without_loops(&mut guides);
    }
    if faults.is_empty() { Ok(Guides { guides }) } else { Err(faults) }
}

fn file_name(category: Category, lang: Lang) -> String {
    format!("{}.{lang}.md", category.as_str())
}

/// The language switch keeps people at their step, so the steps and answers must be the same ones.
fn same_in_all_languages(guides: &HashMap<(Lang, Category), Guide>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for category in Category::KNOWN {
        let (Some(first), Some(second)) = (guides.get(&(Lang::Pl, category)), guides.get(&(Lang::En, category))) else {
            continue;
        };
        let file = file_name(category, Lang::En);
        let shape = |step: &Step| -> Vec<(String, Target)> {
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
                faults.push(Fault { file: file.clone(), line, text });
                break;
            }
        }
        if let Some(extra) = second.steps.get(first.steps.len()) {
            let text = format!("the step {} is not in the Polish guide", extra.id);
            faults.push(Fault { file, line: extra.line, text });
        }
    }
    faults
}

/// Finds the longest way from every step, through other guides too; a way that comes back has none.
fn without_loops(guides: &mut HashMap<(Lang, Category), Guide>) -> Vec<Fault> {
    let mut left: HashMap<(Lang, Category, usize), usize> = HashMap::new();
    let mut faults = Vec::new();
    for ((lang, category), guide) in guides.iter() {
        for at in 0..guide.steps.len() {
            let mut walked = Vec::new();
            if let Err(step) = longest(guides, (*lang, *category, at), &mut left, &mut walked) {
                let (lang, category, at) = step;
                let line =
                    guides.get(&(lang, category)).and_then(|guide| guide.steps.get(at)).map_or(1, |step| step.line);
                let fault = Fault {
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
            step.left = left.get(&(*lang, *category, at)).copied().unwrap_or_default();
        }
    }
    faults
}

type StepId = (Lang, Category, usize);

fn longest(
    guides: &HashMap<(Lang, Category), Guide>,
    step: StepId,
    known: &mut HashMap<StepId, usize>,
    walked: &mut Vec<StepId>,
) -> Result<usize, StepId> {
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
            Target::Step(at) => (lang, category, at),
            Target::Guide(category) => (lang, category, 0),
            Target::Resolved | Target::Report => continue,
        };
        most = most.max(1 + longest(guides, next, known, walked)?);
    }
    walked.pop();
    known.insert(step, most);
    Ok(most)
}
