//! Simulated use of the guides: paths that led to a report, and the more frequent paths that did not.

use std::collections::HashMap;

use rand::{RngExt, rngs::SmallRng};
use time::{Date, OffsetDateTime};

use super::distributions::skewed_index;
use crate::{
    guides::{GuidePosition, GuideProgress, Guides},
    i18n::Lang,
    local_time,
    tickets::TicketCategory,
};

/// Distinct paths per guide and outcome. A guide has thousands of paths, most of which are never used in practice.
const PATHS_PER_GUIDE: usize = 40;

/// A guide path as it is stored with a ticket.
pub(super) struct DemoGuidePath {
    pub path: String,
    /// The given answers as JSON, for each language.
    answers: [String; 2],
    /// Indexes of the pages that this path opens.
    page_indexes: Vec<usize>,
}

impl DemoGuidePath {
    pub(super) fn answers(&self, lang: Lang) -> &str {
        &self.answers[lang as usize]
    }
}

/// The paths used in one guide, by outcome.
#[derive(Default)]
struct DemoGuidePaths {
    reporting: Vec<DemoGuidePath>,
    solved: Vec<DemoGuidePath>,
}

/// The paths used in all guides, and the daily page view counts.
pub(super) struct GuideTraffic {
    guides: HashMap<TicketCategory, DemoGuidePaths>,
    page_indexes: HashMap<String, usize>,
    page_views: HashMap<(Date, usize), i64>,
}

impl GuideTraffic {
    pub(super) fn generate(guides: &Guides, rng: &mut SmallRng) -> GuideTraffic {
        let mut traffic =
            GuideTraffic { guides: HashMap::new(), page_indexes: HashMap::new(), page_views: HashMap::new() };
        for category in TicketCategory::WITH_GUIDE {
            let mut paths = DemoGuidePaths::default();
            for _ in 0..50 * PATHS_PER_GUIDE {
                let Some(progress) = random_complete_path(guides, category, rng) else { continue };
                let solved = matches!(progress.position, GuidePosition::Resolved);
                let list = if solved { &mut paths.solved } else { &mut paths.reporting };
                // some users leave the guide early and report
                let early = !solved && rng.random_bool(0.2);
                let step = rng.random_range(0..progress.answered_steps.len().max(1));
                let path = progress
                    .answered_steps
                    .get(step)
                    .filter(|_| early)
                    .map_or(&progress.path, |step| &step.path_before);
                if list.len() < PATHS_PER_GUIDE && list.iter().all(|known| known.path != *path) {
                    list.extend(traffic.register_path(guides, path));
                }
            }
            traffic.guides.insert(category, paths);
        }
        traffic
    }

    fn register_path(&mut self, guides: &Guides, path: &str) -> Option<DemoGuidePath> {
        let progress = guides.resolve_path(Lang::Pl, path)?;
        let step_pages = progress.answered_steps.iter().map(|step| step.path_before.clone());
        let last_page = (!matches!(progress.position, GuidePosition::Report)).then(|| progress.path.clone());
        let page_indexes = step_pages.chain(last_page).map(|page| {
            let index = self.page_indexes.len();
            *self.page_indexes.entry(page).or_insert(index)
        });
        let page_indexes = page_indexes.collect();
        let answers = Lang::ALL
            .map(|lang| guides.resolve_path(lang, path).map(|progress| progress.given_answers()).unwrap_or_default());
        let answers = answers.map(|answers| serde_json::to_string(&answers).unwrap_or_default());
        Some(DemoGuidePath { path: progress.path, answers, page_indexes })
    }

    /// Counts the page views of a user who reported a problem at `at`, and of some users who used the guide without a
    /// report. Returns the path of the report.
    pub(super) fn record_report(
        &mut self,
        category: TicketCategory,
        at: OffsetDateTime,
        rng: &mut SmallRng,
    ) -> Option<&DemoGuidePath> {
        let day = local_time::to_local(at).date();
        let paths = self.guides.get(&category)?;
        let mut count_views = |guide_path: &DemoGuidePath| {
            for page in &guide_path.page_indexes {
                *self.page_views.entry((day, *page)).or_default() += 1;
            }
        };
        for _ in 0..rng.random_range(0..5) {
            // most users solved their problem, some left without a report
            let candidates = if rng.random_bool(0.75) { &paths.solved } else { &paths.reporting };
            candidates.get(skewed_index(rng, candidates.len())).map(&mut count_views);
        }
        let guide_path = paths.reporting.get(skewed_index(rng, paths.reporting.len()))?;
        count_views(guide_path);
        Some(guide_path)
    }

    /// Returns the day, page path and number of views.
    pub(super) fn page_views(&self) -> Vec<(Date, &str, i64)> {
        let mut paths_by_index = vec![""; self.page_indexes.len()];
        for (page, index) in &self.page_indexes {
            paths_by_index[*index] = page;
        }
        self.page_views.iter().map(|((day, page), views)| (*day, paths_by_index[*page], *views)).collect()
    }
}

/// Follows a guide to its end with random answers.
pub(super) fn random_complete_path<'a>(
    guides: &'a Guides,
    category: TicketCategory,
    rng: &mut SmallRng,
) -> Option<GuideProgress<'a>> {
    let mut progress = guides.resolve_path(Lang::Pl, category.into_str())?;
    while let GuidePosition::Step(_, step) = progress.position {
        let answer = step.answers.get(rng.random_range(0..step.answers.len().max(1)))?;
        progress = guides.resolve_path(Lang::Pl, &format!("{}/{}", progress.path, answer.id))?;
    }
    Some(progress)
}
