//! Parses and validates the table of causes.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use super::{
    cause::{FailureCause, FaultLocation},
    phrase::normalize_phrase,
};

pub(super) const CAUSES_TOML: &str = include_str!("../../../templates/causes/causes.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CauseFile {
    #[serde(rename = "cause")]
    causes: Vec<CauseRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CauseRow {
    id: String,
    #[serde(default)]
    sip: Vec<i16>,
    #[serde(default)]
    q850: Vec<u8>,
    phrases: Vec<String>,
    #[serde(rename = "side")]
    fault_location: FaultLocation,
    #[serde(default = "default_true")]
    #[serde(rename = "fault")]
    is_fault: bool,
    #[serde(rename = "step")]
    guide_step: Option<String>,
    source: String,
    pl: CauseTexts,
    en: CauseTexts,
}

fn default_true() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CauseTexts {
    name: String,
    #[serde(rename = "means")]
    meaning: String,
    #[serde(rename = "first")]
    first_step: String,
}

impl CauseTexts {
    /// Whether each text is present, on one line, and without Fluent syntax.
    fn are_valid(&self) -> bool {
        [&self.name, &self.meaning, &self.first_step]
            .iter()
            .all(|text| !text.is_empty() && !text.contains(['{', '}', '\n']))
    }
}

/// Parses the table.
///
/// # Errors
/// All errors of the table.
pub(super) fn parse(text: &str) -> Result<Vec<FailureCause>, Vec<String>> {
    let file: CauseFile = toml::from_str(text).map_err(|error| vec![error.to_string()])?;
    let mut faults = Vec::new();
    let (mut ids, mut sip, mut q850, mut phrases) =
        (HashSet::new(), HashSet::new(), HashSet::new(), HashMap::<String, String>::new());
    let mut causes = Vec::new();
    for row in file.causes {
        let id = row.id.clone();
        let mut fault = |text: String| faults.push(format!("{id}: {text}"));
        // the URL of a cause must not equal that of the live hint
        let is_name = row.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') && row.id.len() <= 40;
        if !is_name || row.id.is_empty() || row.id == "hint" || row.id == "unknown" || !ids.insert(row.id.clone()) {
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
            if let Some(other) = phrases.insert(normalize_phrase(phrase), row.id.clone())
                && (other != row.id || normalize_phrase(phrase).is_empty())
            {
                fault(format!("the phrase {phrase:?} is empty, or in {other} too"));
            }
        }
        if !row.pl.are_valid() || !row.en.are_valid() || row.source.is_empty() || row.phrases.is_empty() {
            fault("a sentence, the source or the phrases are missing".into());
        }
        let step = row.guide_step.as_deref().map(|step| step.split_once('/'));
        if step == Some(None) {
            fault("the step is not of the form guide/step".into());
        }
        causes.push(FailureCause {
            name: format!("cause-{}-name", row.id),
            meaning: format!("cause-{}-means", row.id),
            first_step: format!("cause-{}-first", row.id),
            id: row.id,
            sip: row.sip,
            q850: row.q850,
            phrases: row.phrases,
            fault_location: row.fault_location,
            is_fault: row.is_fault,
            guide_step: step.flatten().map(|(guide, step)| (guide.to_owned(), step.to_owned())),
            source: row.source,
        });
    }
    if faults.is_empty() { Ok(causes) } else { Err(faults) }
}
