//! How runs through the guides ended. A run ends at a page if the page was opened, but no following page, and no report was
//! sent from it. Only page views and reports are counted, visitors are not tracked: the figures are estimates that are
//! good for many runs.

use std::collections::{BTreeMap, HashMap};

use super::store::GuidePathRow;
use crate::{
    guides::{AnswerTarget, GuidePosition, Guides},
    i18n::Lang,
    tickets::TicketCategory,
};

/// Outcomes of the runs that began with a guide, or whose last step was a given one.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct OutcomeCounts {
    /// Page views.
    pub opened: i64,
    /// Runs that ended without a report.
    pub ended_without_report: i64,
    /// Those of them that ended on the page "solved".
    pub solved: i64,
}

/// Outcomes by first guide and by last step.
#[derive(Debug, Default)]
pub(crate) struct GuideOutcomes {
    pub by_guide: BTreeMap<TicketCategory, OutcomeCounts>,
    /// A step is identified by its guide's category and its id.
    pub by_step: Vec<((TicketCategory, String), OutcomeCounts)>,
}

impl GuideOutcomes {
    /// A path that is no longer in the guides counts for its guide and for no step.
    pub(crate) fn from_paths(rows: &[GuidePathRow], guides: &Guides) -> GuideOutcomes {
        let by_path: HashMap<&str, &GuidePathRow> = rows.iter().map(|row| (row.path.as_str(), row)).collect();
        let visits = |path: &str| by_path.get(path).map_or(0, |row| row.visits);
        let reports = |path: &str| by_path.get(path).map_or(0, |row| row.reports);
        let mut outcomes = GuideOutcomes::default();
        let mut steps: HashMap<(TicketCategory, &str), OutcomeCounts> = HashMap::new();
        for row in rows {
            let first_guide = row.path.split('/').next().and_then(|guide| guide.parse::<TicketCategory>().ok());
            let Some(first_guide) = first_guide else { continue };
            let guide = outcomes.by_guide.entry(first_guide).or_default();
            guide.ended_without_report -= row.reports;
            if row.path == first_guide.into_str() {
                guide.opened += row.visits;
                guide.ended_without_report += row.visits;
            }
            let Some(path) = guides.resolve_path(Lang::Pl, &row.path) else { continue };
            match path.position {
                GuidePosition::Step(step_guide, step) => {
                    let continued: i64 = step
                        .answers
                        .iter()
                        .map(|answer| {
                            let next = format!("{}/{}", row.path, answer.id);
                            // page views of the report form are not counted: the reports are
                            if answer.target == AnswerTarget::Report { reports(&next) } else { visits(&next) }
                        })
                        .sum();
                    let counts = steps.entry((step_guide.category, &step.id)).or_default();
                    counts.opened += row.visits;
                    counts.ended_without_report += (row.visits - continued - row.reports).max(0);
                }
                GuidePosition::Resolved => {
                    let solved = (row.visits - row.reports).max(0);
                    guide.solved += solved;
                    if let Some(last) = path.answered_steps.last()
                        && let Some(path) = guides.resolve_path(Lang::Pl, &last.path_before)
                    {
                        let counts = steps.entry((path.current_guide().category, &last.step.id)).or_default();
                        counts.ended_without_report += solved;
                        counts.solved += solved;
                    }
                }
                GuidePosition::Report => {}
            }
        }
        for guide in outcomes.by_guide.values_mut() {
            guide.ended_without_report = guide.ended_without_report.max(0);
            guide.solved = guide.solved.min(guide.ended_without_report);
        }
        let by_step = steps.into_iter().map(|((guide, step), counts)| ((guide, step.to_owned()), counts));
        outcomes.by_step = by_step.filter(|(_, counts)| counts.opened > 0 || counts.ended_without_report > 0).collect();
        outcomes.by_step.sort_by(|(step_a, a), (step_b, b)| {
            b.ended_without_report.cmp(&a.ended_without_report).then_with(|| step_a.cmp(step_b))
        });
        outcomes
    }

    /// The sum over all guides.
    pub(crate) fn total(&self) -> OutcomeCounts {
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
    fn a_run_ends_at_the_page_from_which_no_next_page_was_opened() {
        let guides = load_built_in().unwrap_or_else(|errors| panic!("{errors:?}"));
        let first_step = &guides.get(Lang::Pl, TicketCategory::Audio).unwrap().steps[0];
        let leads_on = first_step.answers.iter().find(|answer| matches!(answer.target, AnswerTarget::Step(_)));
        let second = format!("audio/{}", leads_on.unwrap().id);
        let outcomes = GuideOutcomes::from_paths(
            &[
                guide_path_row("audio", 10, 1),
                guide_path_row(&second, 6, 2),
                guide_path_row("audio/not/there/any/more", 0, 1),
                guide_path_row("x", 5, 5),
            ],
            &guides,
        );
        assert_eq!(
            outcomes.by_guide[&TicketCategory::Audio],
            OutcomeCounts { opened: 10, ended_without_report: 6, solved: 0 }
        );
        let step =
            |id: &str| outcomes.by_step.iter().find(|((_, step), _)| step == id).map(|(_, counts)| counts.clone());
        assert_eq!(step(&first_step.id), Some(OutcomeCounts { opened: 10, ended_without_report: 3, solved: 0 }));
        assert_eq!(outcomes.by_step.len(), 2);
        assert_eq!(outcomes.total().opened, 10);
    }

    #[test]
    fn counts_are_never_negative() {
        let guides = load_built_in().unwrap_or_else(|errors| panic!("{errors:?}"));
        let outcomes =
            GuideOutcomes::from_paths(&[guide_path_row("audio", 1, 5), guide_path_row("outgoing", 0, 3)], &guides);
        assert_eq!(
            outcomes.by_guide[&TicketCategory::Audio],
            OutcomeCounts { opened: 1, ended_without_report: 0, solved: 0 }
        );
        assert!(outcomes.by_step.iter().all(|(_, counts)| counts.ended_without_report == 0));
    }
}
