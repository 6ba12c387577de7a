//! Walks through the guides: those that led to a report, and the many more that did not.

use std::collections::HashMap;

use rand::{RngExt, rngs::SmallRng};
use time::{Date, OffsetDateTime};

use super::chance::skewed;
use crate::{
    guides::{Guides, Place, Walk},
    tickets::Category,
    words::Lang,
    zone,
};

/// Walks that people take in each guide: it has thousands, most of which nobody ever walks.
const WALKS: usize = 40;

/// A walk as a ticket keeps it.
pub struct Known {
    pub path: String,
    /// The answers given, as JSON, in each language.
    answers: [String; 2],
    /// The pages that were opened on it.
    opened: Vec<usize>,
}

impl Known {
    pub fn answers(&self, lang: Lang) -> &str {
        &self.answers[lang as usize]
    }
}

/// The walks that people take in one guide.
#[derive(Default)]
struct Taken {
    to_a_report: Vec<Known>,
    solved: Vec<Known>,
}

/// All walks that people take, and how often each page was opened on a day.
pub struct Walks {
    guides: HashMap<Category, Taken>,
    pages: HashMap<String, usize>,
    visits: HashMap<(Date, usize), i64>,
}

impl Walks {
    pub fn draw(guides: &Guides, random: &mut SmallRng) -> Walks {
        let mut walks = Walks { guides: HashMap::new(), pages: HashMap::new(), visits: HashMap::new() };
        for category in Category::KNOWN {
            let mut taken = Taken::default();
            for _ in 0..50 * WALKS {
                let Some(walk) = to_an_end(guides, category, random) else { continue };
                let solved = matches!(walk.place, Place::Resolved);
                let list = if solved { &mut taken.solved } else { &mut taken.to_a_report };
                // some give up on the way and write
                let early = !solved && random.random_bool(0.2);
                let step = random.random_range(0..walk.taken.len().max(1));
                let path = walk.taken.get(step).filter(|_| early).map_or(&walk.path, |taken| &taken.before);
                if list.len() < WALKS && list.iter().all(|known| known.path != *path) {
                    list.extend(walks.known(guides, path));
                }
            }
            walks.guides.insert(category, taken);
        }
        walks
    }

    fn known(&mut self, guides: &Guides, path: &str) -> Option<Known> {
        let walk = guides.walk(Lang::Pl, path)?;
        let befores = walk.taken.iter().map(|taken| taken.before.clone());
        let itself = (!matches!(walk.place, Place::Report)).then(|| walk.path.clone());
        let opened = befores.chain(itself).map(|page| {
            let place = self.pages.len();
            *self.pages.entry(page).or_insert(place)
        });
        let opened = opened.collect();
        let answers = Lang::ALL.map(|lang| guides.walk(lang, path).map(|walk| walk.answers()).unwrap_or_default());
        let answers = answers.map(|given| serde_json::to_string(&given).unwrap_or_default());
        Some(Known { path: walk.path, answers, opened })
    }

    /// Somebody walked and wrote at `at`, which leaves the walk; meanwhile others walked and did not write.
    pub fn reported(&mut self, category: Category, at: OffsetDateTime, random: &mut SmallRng) -> Option<&Known> {
        let day = zone::to_local(at).date();
        let taken = self.guides.get(&category)?;
        let mut open = |known: &Known| {
            for page in &known.opened {
                *self.visits.entry((day, *page)).or_default() += 1;
            }
        };
        for _ in 0..random.random_range(0..5) {
            // most were helped, some went away
            let walks = if random.random_bool(0.75) { &taken.solved } else { &taken.to_a_report };
            walks.get(skewed(random, walks.len())).map(&mut open);
        }
        let known = taken.to_a_report.get(skewed(random, taken.to_a_report.len()))?;
        open(known);
        Some(known)
    }

    /// Day, page and how often it was opened then.
    pub fn visits(&self) -> Vec<(Date, &str, i64)> {
        let mut names = vec![""; self.pages.len()];
        for (page, place) in &self.pages {
            names[*place] = page;
        }
        self.visits.iter().map(|((day, page), visits)| (*day, names[*page], *visits)).collect()
    }
}

/// A walk to an end, taking every answer as it comes.
pub fn to_an_end<'a>(guides: &'a Guides, category: Category, random: &mut SmallRng) -> Option<Walk<'a>> {
    let mut walk = guides.walk(Lang::Pl, category.as_str())?;
    while let Place::Step(_, step) = walk.place {
        let answer = step.answers.get(random.random_range(0..step.answers.len().max(1)))?;
        walk = guides.walk(Lang::Pl, &format!("{}/{}", walk.path, answer.id))?;
    }
    Some(walk)
}
