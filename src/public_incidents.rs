//! Published incidents, as public pages show them from memory. The cache is below the pages, and `incidents` fills it, so
//! that no page asks the database.

use std::sync::{Arc, PoisonError, RwLock};

use time::OffsetDateTime;

use crate::i18n::{Lang, UiMessage};
use crate::local_time;
use crate::urls;

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

/// An incident that staff have published.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicIncident {
    pub id: i64,
    pub title: LocalizedText,
    pub text: LocalizedText,
    /// The names of the ticket categories that it affects; empty for all.
    pub categories: Vec<String>,
    /// Prefixes of numbers that cannot be called, with the country code: "4420".
    pub number_prefixes: Vec<String>,
    pub began_at: OffsetDateTime,
    pub expected_end_at: Option<OffsetDateTime>,
    pub published_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
    pub resolved_at: Option<OffsetDateTime>,
    /// Updates since the publication, the newest first.
    pub updates: Vec<PublicUpdate>,
}

/// An update by staff.
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

    /// Whether a problem of this category may be caused by it.
    pub fn affects(&self, category: &str) -> bool {
        self.categories.is_empty() || self.categories.iter().any(|affected| affected == category)
    }

    /// Whether it may explain a call that is being reported: by the category, and by the digits of the callee's number where
    /// it lists prefixes. An empty category is one that is not known yet.
    pub fn might_explain(&self, category: &str, callee: Option<&str>) -> bool {
        let matches_category =
            if category.is_empty() { !self.number_prefixes.is_empty() } else { self.affects(category) };
        let has_prefix = |callee: &str| self.number_prefixes.iter().any(|prefix| callee.starts_with(prefix));
        matches_category && (self.number_prefixes.is_empty() || callee.is_some_and(has_prefix))
    }

    pub fn path(&self, lang: &Lang) -> String {
        urls::public::incident(*lang, self.id)
    }

    /// The start and the end or expected end. Cached pages live long, so a word such as "today" would become wrong.
    pub fn period_message(&self) -> UiMessage {
        let from = local_time::format_date_time(self.began_at);
        match (self.resolved_at, self.expected_end_at) {
            (Some(resolved_at), _) => UiMessage::new("incident-period-ended")
                .with("from", from)
                .with("to", local_time::format_date_time(resolved_at)),
            (None, Some(expected_end_at)) => UiMessage::new("incident-period-until")
                .with("from", from)
                .with("until", local_time::format_date_time(expected_end_at)),
            (None, None) => UiMessage::new("incident-period").with("from", from),
        }
    }

    pub fn last_changed_at(&self) -> OffsetDateTime {
        let last_update_at = self.updates.first().map_or(self.updated_at, |update| update.at);
        self.updated_at.max(last_update_at).max(self.resolved_at.unwrap_or(self.updated_at))
    }
}

/// The published incidents, the newest first.
#[derive(Debug, Default)]
pub struct PublicIncidentCache {
    incidents: RwLock<Arc<Vec<PublicIncident>>>,
    /// Held during a refresh, so that an older result cannot replace a newer one.
    pub refresh_lock: tokio::sync::Mutex<()>,
}

impl PublicIncidentCache {
    fn snapshot(&self) -> Arc<Vec<PublicIncident>> {
        self.incidents.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns whether anything changed.
    pub fn replace(&self, incidents: Vec<PublicIncident>) -> bool {
        let mut cached = self.incidents.write().unwrap_or_else(PoisonError::into_inner);
        let is_changed = **cached != incidents;
        if is_changed {
            *cached = Arc::new(incidents);
        }
        is_changed
    }

    /// Incidents that are not resolved.
    pub fn current(&self) -> Vec<PublicIncident> {
        self.snapshot().iter().filter(|incident| !incident.is_resolved()).cloned().collect()
    }

    /// Current incidents that may cause a problem of this category.
    pub fn affecting(&self, category: &str) -> Vec<PublicIncident> {
        let mut incidents = self.current();
        incidents.retain(|incident| incident.affects(category));
        incidents
    }

    pub fn past(&self) -> Vec<PublicIncident> {
        self.snapshot().iter().filter(|incident| incident.is_resolved()).cloned().collect()
    }

    pub fn find(&self, id: i64) -> Option<PublicIncident> {
        self.snapshot().iter().find(|incident| incident.id == id).cloned()
    }

    /// All incidents, the last changed first.
    pub fn by_last_change(&self) -> Vec<PublicIncident> {
        let mut incidents = self.snapshot().to_vec();
        incidents.sort_by_key(|incident| std::cmp::Reverse(incident.last_changed_at()));
        incidents
    }
}

/// Longest text on pages that are about something else.
const MAX_SUMMARY_CHARS: usize = 280;
/// Longest title in a browser tab, beside the portal's name.
const MAX_TAB_TITLE_CHARS: usize = 52;

/// Shortens a text at a word.
pub fn summary(text: &str) -> String {
    truncate_at_word(text, MAX_SUMMARY_CHARS)
}

/// Shortens a title at a word.
pub fn tab_title(title: &str) -> String {
    truncate_at_word(title, MAX_TAB_TITLE_CHARS)
}

fn truncate_at_word(text: &str, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars) {
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
    fn an_incident_might_explain_a_call_by_its_number_prefix_and_category() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let incident = |categories: &[&str], numbers: &[&str]| PublicIncident {
            id: 1,
            title: LocalizedText::default(),
            text: LocalizedText::default(),
            categories: categories.iter().map(|&name| name.to_owned()).collect(),
            number_prefixes: numbers.iter().map(|&name| name.to_owned()).collect(),
            began_at: now,
            expected_end_at: None,
            published_at: now,
            updated_at: now,
            resolved_at: None,
            updates: Vec::new(),
        };
        let (to_britain, audio) = (incident(&["outgoing"], &["4420"]), incident(&["audio"], &[]));
        for (incident, category, callee, expected) in [
            (&to_britain, "outgoing", Some("442081900322"), true),
            (&to_britain, "", Some("442081900322"), true),
            (&to_britain, "audio", Some("442081900322"), false),
            (&to_britain, "outgoing", Some("493055501700"), false),
            (&to_britain, "outgoing", None, false),
            (&audio, "audio", None, true),
            (&audio, "audio", Some("493055501700"), true),
            (&audio, "outgoing", None, false),
            (&audio, "", Some("442081900322"), false),
        ] {
            assert_eq!(incident.might_explain(category, callee), expected, "{category} {callee:?}");
        }
    }

    #[test]
    fn a_long_text_is_shortened_at_a_word() {
        assert_eq!(summary("Krótko."), "Krótko.");
        let long = summary(&"słowo, ".repeat(100));
        assert!(long.ends_with("słowo…") && long.chars().count() <= MAX_SUMMARY_CHARS + 1, "{long}");
        assert_eq!(summary(&"x".repeat(500)).chars().count(), MAX_SUMMARY_CHARS + 1);
    }
}
