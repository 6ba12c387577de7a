//! Reads the table of causes, and refuses one that contradicts itself.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use super::{Cause, Side, read::plain};

pub(super) const SOURCE: &str = include_str!("../../templates/causes/causes.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    cause: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    #[serde(default)]
    sip: Vec<i16>,
    #[serde(default)]
    q850: Vec<u8>,
    phrases: Vec<String>,
    side: Side,
    #[serde(default = "yes")]
    fault: bool,
    step: Option<String>,
    source: String,
    pl: Sentences,
    en: Sentences,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentences {
    name: String,
    means: String,
    first: String,
}

impl Sentences {
    /// Whether each is there, on one line, and plain text to Fluent.
    fn are_sayable(&self) -> bool {
        [&self.name, &self.means, &self.first].iter().all(|text| !text.is_empty() && !text.contains(['{', '}', '\n']))
    }
}

/// Reads the table.
///
/// # Errors
/// All faults, never only the first.
pub(super) fn parse(text: &str) -> Result<Vec<Cause>, Vec<String>> {
    let file: File = toml::from_str(text).map_err(|error| vec![error.to_string()])?;
    let mut faults = Vec::new();
    let (mut ids, mut sip, mut q850, mut phrases) =
        (HashSet::new(), HashSet::new(), HashSet::new(), HashMap::<String, String>::new());
    let mut causes = Vec::new();
    for row in file.cause {
        let id = row.id.clone();
        let mut fault = |text: String| faults.push(format!("{id}: {text}"));
        // "said" is the address of the answer without a page
        let is_name = row.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') && row.id.len() <= 40;
        if !is_name || row.id.is_empty() || row.id == "said" || row.id == "unknown" || !ids.insert(row.id.clone()) {
            fault("the id is no name, or there twice".into());
        }
        for code in &row.sip {
            if !(400..700).contains(code) || !sip.insert(*code) {
                fault(format!("the SIP code {code} is no failure, or there twice"));
            }
        }
        for code in &row.q850 {
            if !(1..128).contains(code) || !q850.insert(*code) {
                fault(format!("the Q.850 cause {code} is none, or there twice"));
            }
        }
        for phrase in &row.phrases {
            if let Some(other) = phrases.insert(plain(phrase), row.id.clone())
                && (other != row.id || plain(phrase).is_empty())
            {
                fault(format!("the phrase {phrase:?} is empty, or in {other} too"));
            }
        }
        if !row.pl.are_sayable() || !row.en.are_sayable() || row.source.is_empty() || row.phrases.is_empty() {
            fault("a sentence, the source or the phrases are missing".into());
        }
        let step = row.step.as_deref().map(|step| step.split_once('/'));
        if step == Some(None) {
            fault("the step is not of the form guide/step".into());
        }
        causes.push(Cause {
            name: format!("cause-{}-name", row.id),
            means: format!("cause-{}-means", row.id),
            first: format!("cause-{}-first", row.id),
            id: row.id,
            sip: row.sip,
            q850: row.q850,
            phrases: row.phrases,
            side: row.side,
            is_fault: row.fault,
            step: step.flatten().map(|(guide, step)| (guide.to_owned(), step.to_owned())),
            source: row.source,
        });
    }
    if faults.is_empty() { Ok(causes) } else { Err(faults) }
}
