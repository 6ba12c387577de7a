//! How walks through the guides ended. A walk that ends at a page is one that opened it, but none of the pages behind it,
//! and did not report from there; it is counted, never followed, so the figure is good for many walks and not for one.

use std::collections::{BTreeMap, HashMap};

use super::store::Walked;
use crate::{
    guides::{Guides, Place, Target},
    tickets::Category,
    words::Lang,
};

/// How the walks ended that began in a guide, or whose last question was a step.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Ended {
    /// Walks that came there.
    pub opened: i64,
    /// Those that ended there without a report,
    pub without: i64,
    /// and said of themselves that the trouble was over.
    pub solved: i64,
}

/// Walks by the guide that they began in, and by the last step.
#[derive(Debug, Default)]
pub struct Walks {
    pub guides: BTreeMap<Category, Ended>,
    /// The step as the guide that it stands in, and its id.
    pub steps: Vec<((Category, String), Ended)>,
}

impl Walks {
    /// Walks that are no longer in the guides count for the guide, and for no step.
    pub fn of(walked: &[Walked], guides: &Guides) -> Walks {
        let all: HashMap<&str, &Walked> = walked.iter().map(|walked| (walked.path.as_str(), walked)).collect();
        let visits = |path: &str| all.get(path).map_or(0, |walked| walked.visits);
        let reports = |path: &str| all.get(path).map_or(0, |walked| walked.reports);
        let mut found = Walks::default();
        let mut steps: HashMap<(Category, &str), Ended> = HashMap::new();
        for walked in walked {
            let Some(start) = walked.path.split('/').next().and_then(|guide| guide.parse::<Category>().ok()) else {
                continue;
            };
            let guide = found.guides.entry(start).or_default();
            guide.without -= walked.reports;
            if walked.path == start.as_str() {
                guide.opened += walked.visits;
                guide.without += walked.visits;
            }
            let Some(walk) = guides.walk(Lang::Pl, &walked.path) else { continue };
            match walk.place {
                Place::Step(at, step) => {
                    let went_on: i64 = step
                        .answers
                        .iter()
                        .map(|answer| {
                            let next = format!("{}/{}", walked.path, answer.id);
                            // the form is no page of the guide: who went there is known by the report
                            if answer.target == Target::Report { reports(&next) } else { visits(&next) }
                        })
                        .sum();
                    let ended = steps.entry((at.category, &step.id)).or_default();
                    ended.opened += walked.visits;
                    ended.without += (walked.visits - went_on - walked.reports).max(0);
                }
                Place::Resolved => {
                    let solved = (walked.visits - walked.reports).max(0);
                    guide.solved += solved;
                    let last = walk.taken.last().map(|taken| (guides.walk(Lang::Pl, &taken.before), taken));
                    if let Some((Some(before), taken)) = last {
                        let ended = steps.entry((before.guide().category, &taken.step.id)).or_default();
                        ended.without += solved;
                        ended.solved += solved;
                    }
                }
                Place::Report => {}
            }
        }
        for guide in found.guides.values_mut() {
            guide.without = guide.without.max(0);
            guide.solved = guide.solved.min(guide.without);
        }
        found.steps = steps.into_iter().map(|((guide, step), ended)| ((guide, step.to_owned()), ended)).collect();
        found.steps.retain(|(_, ended)| ended.opened > 0 || ended.without > 0);
        found.steps.sort_by(|(a, one), (b, other)| other.without.cmp(&one.without).then_with(|| a.cmp(b)));
        found
    }

    /// All guides together.
    pub fn all(&self) -> Ended {
        self.guides.values().fold(Ended::default(), |sum, guide| Ended {
            opened: sum.opened + guide.opened,
            without: sum.without + guide.without,
            solved: sum.solved + guide.solved,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guides::load_built_in;

    fn walked(path: &str, visits: i64, reports: i64) -> Walked {
        Walked { path: path.to_owned(), visits, reports }
    }

    #[test]
    fn walks_end_where_nobody_went_on() {
        let guides = load_built_in().unwrap_or_else(|faults| panic!("{faults:?}"));
        let end = |place: fn(&Target) -> bool| {
            let guide = guides.get(Lang::Pl, Category::Audio).unwrap();
            let step = &guide.steps[0];
            step.answers.iter().find(|answer| place(&answer.target)).map(|answer| answer.id.clone())
        };
        let next = end(|target| matches!(target, Target::Step(_))).unwrap();
        let first = guides.get(Lang::Pl, Category::Audio).unwrap().steps[0].id.clone();
        let second = format!("audio/{next}");
        let walks = Walks::of(
            &[
                walked("audio", 10, 1),
                walked(&second, 6, 2),
                walked("audio/not/there/any/more", 0, 1),
                walked("x", 5, 5),
            ],
            &guides,
        );
        assert_eq!(walks.guides[&Category::Audio], Ended { opened: 10, without: 6, solved: 0 });
        let step = |id: &str| walks.steps.iter().find(|((_, step), _)| step == id).map(|(_, ended)| ended.clone());
        assert_eq!(step(&first), Some(Ended { opened: 10, without: 3, solved: 0 }));
        assert_eq!(walks.steps.len(), 2);
        assert_eq!(walks.all().opened, 10);
    }

    #[test]
    fn nothing_is_less_than_none() {
        let guides = load_built_in().unwrap_or_else(|faults| panic!("{faults:?}"));
        let walks = Walks::of(&[walked("audio", 1, 5), walked("outgoing", 0, 3)], &guides);
        assert_eq!(walks.guides[&Category::Audio], Ended { opened: 1, without: 0, solved: 0 });
        assert!(walks.steps.iter().all(|(_, ended)| ended.without == 0));
    }
}
