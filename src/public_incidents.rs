//! What is known to be broken, as public pages show it from memory. The slot is here, below the pages; `incidents` fills
//! it, and no page asks the database.

use std::sync::{Arc, PoisonError, RwLock};

use time::OffsetDateTime;

use crate::i18n::{Lang, UiMessage};
use crate::local_time;

/// A text in each language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocalizedText(pub [String; 2]);

impl LocalizedText {
    pub fn new(pl: String, en: String) -> LocalizedText {
        LocalizedText(Lang::ALL.map(|lang| match lang {
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
pub struct PublicIncident {
    pub id: i64,
    pub title: LocalizedText,
    pub text: LocalizedText,
    /// The names of the problems that it causes; none when it may be any.
    pub categories: Vec<String>,
    /// What numbers that can't be called begin with, the country's code first: "4420".
    pub number_prefixes: Vec<String>,
    pub began_at: OffsetDateTime,
    /// When it is expected to be over.
    pub expected_end_at: Option<OffsetDateTime>,
    pub published_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
    pub resolved_at: Option<OffsetDateTime>,
    /// What staff wrote since, the newest first.
    pub updates: Vec<PublicUpdate>,
}

/// What staff wrote later.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicUpdate {
    pub id: i64,
    pub at: OffsetDateTime,
    pub text: LocalizedText,
}

impl PublicIncident {
    pub fn is_resolved(&self) -> bool {
        self.resolved_at.is_some()
    }

    /// Whether somebody with this problem may have it from here.
    pub fn affects(&self, category: &str) -> bool {
        self.categories.is_empty() || self.categories.iter().any(|one| one == category)
    }

    /// Whether a call that is being told of may be part of it: by what is broken, and by the digits of B's number where it
    /// names numbers.
    pub fn might_explain(&self, category: &str, callee: Option<&str>) -> bool {
        let is_kind = if category.is_empty() { !self.number_prefixes.is_empty() } else { self.affects(category) };
        let is_number = |callee: &str| self.number_prefixes.iter().any(|number| callee.starts_with(number));
        is_kind && (self.number_prefixes.is_empty() || callee.is_some_and(is_number))
    }

    pub fn path(&self, lang: &Lang) -> String {
        format!("/{lang}/incident/{}", self.id)
    }

    /// Since when, and until when or to when. Pages are kept for long, so no word such as "today" can stand there.
    pub fn period_message(&self) -> UiMessage {
        let from = local_time::format_date_time(self.began_at);
        match (self.resolved_at, self.expected_end_at) {
            (Some(over), _) => UiMessage::new("incident-period-ended")
                .with("from", from)
                .with("to", local_time::format_date_time(over)),
            (None, Some(until)) => UiMessage::new("incident-period-until")
                .with("from", from)
                .with("until", local_time::format_date_time(until)),
            (None, None) => UiMessage::new("incident-period").with("from", from),
        }
    }

    /// When anything about it changed.
    pub fn last_changed_at(&self) -> OffsetDateTime {
        let news = self.updates.first().map_or(self.updated_at, |news| news.at);
        self.updated_at.max(news).max(self.resolved_at.unwrap_or(self.updated_at))
    }
}

/// All that is known, the newest first.
#[derive(Debug, Default)]
pub struct PublicIncidentCache {
    incidents: RwLock<Arc<Vec<PublicIncident>>>,
    /// Held while the database is asked, so that an older answer can't come after a newer one.
    pub refresh_lock: tokio::sync::Mutex<()>,
}

impl PublicIncidentCache {
    fn snapshot(&self) -> Arc<Vec<PublicIncident>> {
        self.incidents.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is known now; true when that is news.
    pub fn replace(&self, notices: Vec<PublicIncident>) -> bool {
        let mut shown = self.incidents.write().unwrap_or_else(PoisonError::into_inner);
        let is_new = **shown != notices;
        if is_new {
            *shown = Arc::new(notices);
        }
        is_new
    }

    /// What is broken now.
    pub fn current(&self) -> Vec<PublicIncident> {
        self.snapshot().iter().filter(|notice| !notice.is_resolved()).cloned().collect()
    }

    /// What may be the cause of a problem.
    pub fn affecting(&self, category: &str) -> Vec<PublicIncident> {
        let mut notices = self.current();
        notices.retain(|notice| notice.affects(category));
        notices
    }

    pub fn past(&self) -> Vec<PublicIncident> {
        self.snapshot().iter().filter(|notice| notice.is_resolved()).cloned().collect()
    }

    pub fn find(&self, id: i64) -> Option<PublicIncident> {
        self.snapshot().iter().find(|notice| notice.id == id).cloned()
    }

    /// All of them, the last changed first: for the feed.
    pub fn by_last_change(&self) -> Vec<PublicIncident> {
        let mut notices = self.snapshot().to_vec();
        notices.sort_by_key(|notice| std::cmp::Reverse(notice.last_changed_at()));
        notices
    }
}

/// How much of a text stands on pages that are about something else,
const MAX_SUMMARY_CHARS: usize = 280;
/// and of a title on a browser's tab, beside our name.
const MAX_TAB_TITLE_CHARS: usize = 52;

/// The beginning of a text, whole words of it.
pub fn summary(text: &str) -> String {
    truncate_at_word(text, MAX_SUMMARY_CHARS)
}

/// The same of a title.
pub fn tab_title(title: &str) -> String {
    truncate_at_word(title, MAX_TAB_TITLE_CHARS)
}

fn truncate_at_word(text: &str, most: usize) -> String {
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
    use crate::public_incidents::*;

    #[test]
    fn a_call_may_be_part_of_what_names_its_number_or_its_kind() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let notice = |categories: &[&str], numbers: &[&str]| PublicIncident {
            id: 1,
            title: LocalizedText::default(),
            text: LocalizedText::default(),
            categories: categories.iter().map(|&one| one.to_owned()).collect(),
            number_prefixes: numbers.iter().map(|&one| one.to_owned()).collect(),
            began_at: now,
            expected_end_at: None,
            published_at: now,
            updated_at: now,
            resolved_at: None,
            updates: Vec::new(),
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
            assert_eq!(notice.might_explain(category, callee), may, "{category} {callee:?}");
        }
    }

    #[test]
    fn a_long_text_ends_at_a_word() {
        assert_eq!(summary("Krótko."), "Krótko.");
        let long = summary(&"słowo, ".repeat(100));
        assert!(long.ends_with("słowo…") && long.chars().count() <= MAX_SUMMARY_CHARS + 1, "{long}");
        assert_eq!(summary(&"x".repeat(500)).chars().count(), MAX_SUMMARY_CHARS + 1);
    }
}
