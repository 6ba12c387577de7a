//! What is known to be broken, as public pages show it from memory. The slot is here, below the pages; `incidents` fills
//! it, and no page asks the database.

use std::sync::{Arc, PoisonError, RwLock};

use time::OffsetDateTime;

use crate::words::{Lang, Say};
use crate::zone;

/// A text in each language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts(pub [String; 2]);

impl Texts {
    pub fn of(pl: String, en: String) -> Texts {
        Texts(Lang::ALL.map(|lang| match lang {
            Lang::Pl => pl.clone(),
            Lang::En => en.clone(),
        }))
    }

    pub fn get(&self, lang: &Lang) -> &str {
        &self.0[*lang as usize]
    }
}

/// Trouble that staff have published.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    pub id: i64,
    pub title: Texts,
    pub text: Texts,
    /// The names of the problems that it causes; none when it may be any.
    pub categories: Vec<String>,
    /// What numbers that can't be called begin with, the country's code first: "4420".
    pub numbers: Vec<String>,
    pub began_at: OffsetDateTime,
    /// When it is expected to be over.
    pub until: Option<OffsetDateTime>,
    pub published_at: OffsetDateTime,
    pub changed_at: OffsetDateTime,
    pub resolved_at: Option<OffsetDateTime>,
    /// What staff wrote since, the newest first.
    pub news: Vec<News>,
}

/// What staff wrote later.
#[derive(Debug, Clone, PartialEq)]
pub struct News {
    pub id: i64,
    pub at: OffsetDateTime,
    pub text: Texts,
}

impl Notice {
    pub fn is_over(&self) -> bool {
        self.resolved_at.is_some()
    }

    /// Whether somebody with this problem may have it from here.
    pub fn concerns(&self, category: &str) -> bool {
        self.categories.is_empty() || self.categories.iter().any(|one| one == category)
    }

    /// Whether a call that is being told of may be part of it: by what is broken, and by the digits of B's number where it
    /// names numbers.
    pub fn may_cover(&self, category: &str, callee: Option<&str>) -> bool {
        let is_kind = if category.is_empty() { !self.numbers.is_empty() } else { self.concerns(category) };
        let is_number = |callee: &str| self.numbers.iter().any(|number| callee.starts_with(number));
        is_kind && (self.numbers.is_empty() || callee.is_some_and(is_number))
    }

    pub fn address(&self, lang: &Lang) -> String {
        format!("/{lang}/incident/{}", self.id)
    }

    /// Since when, and until when or to when. Pages are kept for long, so no word such as "today" can stand there.
    pub fn span(&self) -> Say {
        let from = zone::short_moment(self.began_at);
        match (self.resolved_at, self.until) {
            (Some(over), _) => Say::new("incident-span-over").with("from", from).with("to", zone::short_moment(over)),
            (None, Some(until)) => {
                Say::new("incident-span-until").with("from", from).with("until", zone::short_moment(until))
            }
            (None, None) => Say::new("incident-span").with("from", from),
        }
    }

    /// When anything about it changed.
    pub fn renewed_at(&self) -> OffsetDateTime {
        let news = self.news.first().map_or(self.changed_at, |news| news.at);
        self.changed_at.max(news).max(self.resolved_at.unwrap_or(self.changed_at))
    }
}

/// All that is known, the newest first.
#[derive(Debug, Default)]
pub struct Notices {
    shown: RwLock<Arc<Vec<Notice>>>,
    /// Held while the database is asked, so that an older answer can't come after a newer one.
    pub pen: tokio::sync::Mutex<()>,
}

impl Notices {
    fn all(&self) -> Arc<Vec<Notice>> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is known now; true when that is news.
    pub fn set(&self, notices: Vec<Notice>) -> bool {
        let mut shown = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        let is_new = **shown != notices;
        if is_new {
            *shown = Arc::new(notices);
        }
        is_new
    }

    /// What is broken now.
    pub fn current(&self) -> Vec<Notice> {
        self.all().iter().filter(|notice| !notice.is_over()).cloned().collect()
    }

    /// What may be the cause of a problem.
    pub fn concerning(&self, category: &str) -> Vec<Notice> {
        let mut notices = self.current();
        notices.retain(|notice| notice.concerns(category));
        notices
    }

    pub fn past(&self) -> Vec<Notice> {
        self.all().iter().filter(|notice| notice.is_over()).cloned().collect()
    }

    pub fn one(&self, id: i64) -> Option<Notice> {
        self.all().iter().find(|notice| notice.id == id).cloned()
    }

    /// All of them, the last changed first: for the feed.
    pub fn by_change(&self) -> Vec<Notice> {
        let mut notices = self.all().to_vec();
        notices.sort_by_key(|notice| std::cmp::Reverse(notice.renewed_at()));
        notices
    }
}

/// How much of a text stands on pages that are about something else,
const SHORT: usize = 280;
/// and of a title on a browser's tab, beside our name.
const TAB: usize = 52;

/// The beginning of a text, whole words of it.
pub fn short(text: &str) -> String {
    beginning(text, SHORT)
}

/// The same of a title.
pub fn tab(title: &str) -> String {
    beginning(title, TAB)
}

fn beginning(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => {
            let start = &text[..end];
            let words = start.rsplit_once(char::is_whitespace).map_or(start, |(words, _)| words);
            format!("{}…", words.trim_end_matches(|c: char| !c.is_alphanumeric()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_may_be_part_of_what_names_its_number_or_its_kind() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let notice = |categories: &[&str], numbers: &[&str]| Notice {
            id: 1,
            title: Texts::default(),
            text: Texts::default(),
            categories: categories.iter().map(|&one| one.to_owned()).collect(),
            numbers: numbers.iter().map(|&one| one.to_owned()).collect(),
            began_at: now,
            until: None,
            published_at: now,
            changed_at: now,
            resolved_at: None,
            news: Vec::new(),
        };
        let (british, all) = (notice(&["outgoing"], &["4420"]), notice(&["audio"], &[]));
        for (notice, category, callee, may) in [
            (&british, "outgoing", Some("442081900322"), true),
            (&british, "", Some("442081900322"), true),
            (&british, "audio", Some("442081900322"), false),
            (&british, "outgoing", Some("493055501700"), false),
            (&british, "outgoing", None, false),
            (&all, "audio", None, true),
            (&all, "audio", Some("493055501700"), true),
            (&all, "outgoing", None, false),
            (&all, "", Some("442081900322"), false),
        ] {
            assert_eq!(notice.may_cover(category, callee), may, "{category} {callee:?}");
        }
    }

    #[test]
    fn a_long_text_ends_at_a_word() {
        assert_eq!(short("Krótko."), "Krótko.");
        let long = short(&"słowo, ".repeat(100));
        assert!(long.ends_with("słowo…") && long.chars().count() <= SHORT + 1, "{long}");
        assert_eq!(short(&"x".repeat(500)).chars().count(), SHORT + 1);
    }
}
