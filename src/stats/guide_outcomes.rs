//! How walks through the guides ended. A walk that ends at a page is one that opened it, but none of the pages behind it,
//! and did not report from there; it is counted, never followed, so the figure is good for many walks and not for one.

use std::collections::{BTreeMap, HashMap};

use super::store::GuidePathRow;
use crate::{
    guides::{AnswerTarget, GuidePosition, Guides},
    i18n::Lang,
    tickets::TicketCategory,
};

/// How the walks ended that began in a guide, or whose last question was a step.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct OutcomeCounts {
    /// Walks that came there.
    pub opened: i64,
    /// Those that ended there without a report,
    pub ended_without_report: i64,
    /// and said of themselves that the trouble was over.
    pub solved: i64,
}

/// Walks by the guide that they began in, and by the last step.
#[derive(Debug, Default)]
pub struct GuideOutcomes {
    pub by_guide: BTreeMap<TicketCategory, OutcomeCounts>,
    /// The step as the guide that it stands in, and its id.
    pub by_step: Vec<((TicketCategory, String), OutcomeCounts)>,
}

impl GuideOutcomes {
    /// Walks that are no longer in the guides count for the guide, and for no step.
    pub fn from_paths(walked: &[GuidePathRow], guides: &Guides) -> GuideOutcomes {
        let all: HashMap<&str, &GuidePathRow> = walked.iter().map(|walked| (walked.path.as_str(), walked)).collect();
        let visits = |path: &str| all.get(path).map_or(0, |walked| walked.visits);
        let reports = |path: &str| all.get(path).map_or(0, |walked| walked.reports);
        let mut found = GuideOutcomes::default();
        let mut steps: HashMap<(TicketCategory, &str), OutcomeCounts> = HashMap::new();
        for walked in walked {
            let Some(start) = walked.path.split('/').next().and_then(|guide| guide.parse::<TicketCategory>().ok())
            else {
                continue;
            };
            let guide = found.by_guide.entry(start).or_default();
            guide.ended_without_report -= walked.reports;
            if walked.path == start.as_str() {
                guide.opened += walked.visits;
                guide.ended_without_report += walked.visits;
            }
            let Some(walk) = guides.resolve_path(Lang::Pl, &walked.path) else { continue };
            match walk.position {
                GuidePosition::Step(at, step) => {
                    let went_on: i64 = step
                        .answers
                        .iter()
                        .map(|answer| {
                            let next = format!("{}/{}", walked.path, answer.id);
                            // the form is no page of the guide: who went there is known by the report
                            if answer.target == AnswerTarget::Report { reports(&next) } else { visits(&next) }
                        })
                        .sum();
                    let ended = steps.entry((at.category, &step.id)).or_default();
                    ended.opened += walked.visits;
                    ended.ended_without_report += (walked.visits - went_on - walked.reports).max(0);
                }
                GuidePosition::Resolved => {
                    let solved = (walked.visits - walked.reports).max(0);
                    guide.solved += solved;
                    let last = walk
                        .answered_steps
                        .last()
                        .map(|taken| (guides.resolve_path(Lang::Pl, &taken.path_before), taken));
                    if let Some((Some(before), taken)) = last {
                        let ended = steps.entry((before.current_guide().category, &taken.step.id)).or_default();
                        ended.ended_without_report += solved;
                        ended.solved += solved;
                    }
                }
                GuidePosition::Report => {}
            }
        }
        for guide in found.by_guide.values_mut() {
            guide.ended_without_report = guide.ended_without_report.max(0);
            guide.solved = guide.solved.min(guide.ended_without_report);
        }
        found.by_step = steps.into_iter().map(|((guide, step), ended)| ((guide, step.to_owned()), ended)).collect();
        found.by_step.retain(|(_, ended)| ended.opened > 0 || ended.ended_without_report > 0);
        found.by_step.sort_by(|(a, one), (b, other)| {
            other.ended_without_report.cmp(&one.ended_without_report).then_with(|| a.cmp(b))
        });
        found
    }

    /// All guides together.
    pub fn total(&self) -> OutcomeCounts {
        self.by_guide.values().fold(OutcomeCounts::default(), |sum, guide| OutcomeCounts {
            opened: sum.opened + guide.opened,
            ended_without_report: sum.ended_without_report + guide.ended_without_report,
            solved: sum.solved + guide.solved,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::guides::load_built_in;
    use crate::stats::guide_outcomes::*;

    fn guide_path_row(path: &str, visits: i64, reports: i64) -> GuidePathRow {
        GuidePathRow { path: path.to_owned(), visits, reports }
    }

    #[test]
    fn walks_end_where_nobody_went_on() {
        let guides = load_built_in().unwrap_or_else(|faults| panic!("{faults:?}"));
        let end = |place: fn(&AnswerTarget) -> bool| {
            let guide = guides.get(Lang::Pl, TicketCategory::Audio).unwrap();
            let step = &guide.steps[0];
            step.answers.iter().find(|answer| place(&answer.target)).map(|answer| answer.id.clone())
        };
        let next = end(|target| matches!(target, AnswerTarget::Step(_))).unwrap();
        let first = guides.get(Lang::Pl, TicketCategory::Audio).unwrap().steps[0].id.clone();
        let second = format!("audio/{next}");
        let walks = GuideOutcomes::from_paths(
            &[
                guide_path_row("audio", 10, 1),
                guide_path_row(&second, 6, 2),
                guide_path_row("audio/not/there/any/more", 0, 1),
                guide_path_row("x", 5, 5),
            ],
            &guides,
        );
        assert_eq!(
            walks.by_guide[&TicketCategory::Audio],
            OutcomeCounts { opened: 10, ended_without_report: 6, solved: 0 }
        );
        let step = |id: &str| walks.by_step.iter().find(|((_, step), _)| step == id).map(|(_, ended)| ended.clone());
        assert_eq!(step(&first), Some(OutcomeCounts { opened: 10, ended_without_report: 3, solved: 0 }));
        assert_eq!(walks.by_step.len(), 2);
        assert_eq!(walks.total().opened, 10);
    }

    #[test]
    fn nothing_is_less_than_none() {
        let guides = load_built_in().unwrap_or_else(|faults| panic!("{faults:?}"));
        let walks =
            GuideOutcomes::from_paths(&[guide_path_row("audio", 1, 5), guide_path_row("outgoing", 0, 3)], &guides);
        assert_eq!(
            walks.by_guide[&TicketCategory::Audio],
            OutcomeCounts { opened: 1, ended_without_report: 0, solved: 0 }
        );
        assert!(walks.by_step.iter().all(|(_, ended)| ended.ended_without_report == 0));
    }
}
