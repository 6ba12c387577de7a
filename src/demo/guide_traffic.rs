//! Walks through the guides: those that led to a report, and the many more that did not.

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

/// Walks that people take in each guide: it has thousands, most of which nobody ever walks.
const PATHS_PER_GUIDE: usize = 40;

/// A walk as a ticket keeps it.
pub struct DemoGuidePath {
    pub path: String,
    /// The answers given, as JSON, in each language.
    answers: [String; 2],
    /// The pages that were opened on it.
    page_indexes: Vec<usize>,
}

impl DemoGuidePath {
    pub fn answers(&self, lang: Lang) -> &str {
        &self.answers[lang as usize]
    }
}

/// The walks that people take in one guide.
#[derive(Default)]
struct DemoGuidePaths {
    reporting: Vec<DemoGuidePath>,
    solved: Vec<DemoGuidePath>,
}

/// All walks that people take, and how often each page was opened on a day.
pub struct GuideTraffic {
    guides: HashMap<TicketCategory, DemoGuidePaths>,
    page_indexes: HashMap<String, usize>,
    page_views: HashMap<(Date, usize), i64>,
}

impl GuideTraffic {
    pub fn generate(guides: &Guides, random: &mut SmallRng) -> GuideTraffic {
        let mut walks =
            GuideTraffic { guides: HashMap::new(), page_indexes: HashMap::new(), page_views: HashMap::new() };
        for category in TicketCategory::WITH_GUIDE {
            let mut taken = DemoGuidePaths::default();
            for _ in 0..50 * PATHS_PER_GUIDE {
                let Some(walk) = random_complete_path(guides, category, random) else { continue };
                let solved = matches!(walk.position, GuidePosition::Resolved);
                let list = if solved { &mut taken.solved } else { &mut taken.reporting };
                // some give up on the way and write
                let early = !solved && random.random_bool(0.2);
                let step = random.random_range(0..walk.answered_steps.len().max(1));
                let path =
                    walk.answered_steps.get(step).filter(|_| early).map_or(&walk.path, |taken| &taken.path_before);
                if list.len() < PATHS_PER_GUIDE && list.iter().all(|known| known.path != *path) {
                    list.extend(walks.register_path(guides, path));
                }
            }
            walks.guides.insert(category, taken);
        }
        walks
    }

    fn register_path(&mut self, guides: &Guides, path: &str) -> Option<DemoGuidePath> {
        let walk = guides.resolve_path(Lang::Pl, path)?;
        let befores = walk.answered_steps.iter().map(|taken| taken.path_before.clone());
        let itself = (!matches!(walk.position, GuidePosition::Report)).then(|| walk.path.clone());
        let opened = befores.chain(itself).map(|page| {
            let place = self.page_indexes.len();
            *self.page_indexes.entry(page).or_insert(place)
        });
        let opened = opened.collect();
        let answers =
            Lang::ALL.map(|lang| guides.resolve_path(lang, path).map(|walk| walk.given_answers()).unwrap_or_default());
        let answers = answers.map(|given| serde_json::to_string(&given).unwrap_or_default());
        Some(DemoGuidePath { path: walk.path, answers, page_indexes: opened })
    }

    /// Somebody walked and wrote at `at`, which leaves the walk; meanwhile others walked and did not write.
    pub fn record_report(
        &mut self,
        category: TicketCategory,
        at: OffsetDateTime,
        random: &mut SmallRng,
    ) -> Option<&DemoGuidePath> {
        let day = local_time::to_local(at).date();
        let taken = self.guides.get(&category)?;
        let mut open = |known: &DemoGuidePath| {
            for page in &known.page_indexes {
                *self.page_views.entry((day, *page)).or_default() += 1;
            }
        };
        for _ in 0..random.random_range(0..5) {
            // most were helped, some went away
            let walks = if random.random_bool(0.75) { &taken.solved } else { &taken.reporting };
            walks.get(skewed_index(random, walks.len())).map(&mut open);
        }
        let known = taken.reporting.get(skewed_index(random, taken.reporting.len()))?;
        open(known);
        Some(known)
    }

    /// Day, page and how often it was opened then.
    pub fn page_views(&self) -> Vec<(Date, &str, i64)> {
        let mut names = vec![""; self.page_indexes.len()];
        for (page, place) in &self.page_indexes {
            names[*place] = page;
        }
        self.page_views.iter().map(|((day, page), visits)| (*day, names[*page], *visits)).collect()
    }
}

/// A walk to an end, taking every answer as it comes.
pub fn random_complete_path<'a>(
    guides: &'a Guides,
    category: TicketCategory,
    random: &mut SmallRng,
) -> Option<GuideProgress<'a>> {
    let mut walk = guides.resolve_path(Lang::Pl, category.as_str())?;
    while let GuidePosition::Step(_, step) = walk.position {
        let answer = step.answers.get(random.random_range(0..step.answers.len().max(1)))?;
        walk = guides.resolve_path(Lang::Pl, &format!("{}/{}", walk.path, answer.id))?;
    }
    Some(walk)
}
