//! What the queue says about what was just done: it stands in the address that a verb leads back to, as `said=`.

use askama::Template;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::{
    staff::Staff,
    tickets::{Reference, bulk, incident::Joined, verbs::Outcome},
    web::{Error, Form},
    words::{Lang, Say},
};

/// "Take next", and there was none.
const NONE_NEW: &str = "none-new";
/// How long it is news what was done to many tickets: nobody needs it on a page that is looked at again.
const NEWS: Duration = Duration::minutes(2);
/// How many tickets that were left alone are named.
const MOST_NAMED: usize = 20;

/// What came of a change of many tickets. Stored as JSON by these names.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Told {
    pub done: usize,
    pub already: usize,
    pub gone: usize,
    /// Those that somebody may want to look at: why they were left as they are.
    pub left: Vec<(Reference, Left)>,
    /// The ticket that the others were merged into.
    #[serde(default)]
    pub main: Option<Reference>,
}

/// Why a ticket was left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Left {
    Stale,
    Held,
    Duplicate,
    /// Another incident has it.
    Incident,
    /// There is nothing left to be done about it.
    Closed,
}

impl Told {
    pub fn add_joined(&mut self, reference: &Reference, joined: Joined) {
        match joined {
            Joined::Done => self.done += 1,
            Joined::Already => self.already += 1,
            Joined::Gone => self.gone += 1,
            Joined::Other(_) => self.left.push((reference.clone(), Left::Incident)),
            Joined::Closed => self.left.push((reference.clone(), Left::Closed)),
            Joined::Duplicate => self.left.push((reference.clone(), Left::Duplicate)),
        }
    }

    pub fn add(&mut self, reference: &Reference, outcome: Outcome) {
        match outcome {
            Outcome::Done => self.done += 1,
            Outcome::Already => self.already += 1,
            Outcome::Gone => self.gone += 1,
            Outcome::Stale | Outcome::Closed => self.left.push((reference.clone(), Left::Stale)),
            Outcome::Held => self.left.push((reference.clone(), Left::Held)),
            Outcome::Duplicate => self.left.push((reference.clone(), Left::Duplicate)),
        }
    }

    fn sentences(&self) -> Vec<Say> {
        let mut told = vec![match &self.main {
            Some(main) => Say::new("bulk-merged").with("count", self.done).with("main", main.to_string()),
            None => Say::new("bulk-done").with("count", self.done),
        }];
        let of = |why| self.left.iter().filter(|(_, left)| *left == why).count();
        for (id, count) in [
            ("bulk-stale", of(Left::Stale)),
            ("bulk-held", of(Left::Held)),
            ("bulk-duplicate", of(Left::Duplicate)),
            ("bulk-incident-other", of(Left::Incident)),
            ("bulk-incident-closed", of(Left::Closed)),
            ("bulk-already", self.already),
            ("bulk-gone", self.gone),
        ] {
            if count > 0 {
                told.push(Say::new(id).with("count", count));
            }
        }
        told
    }
}

/// A quiet notice above the rows.
#[derive(Template)]
#[template(path = "desk/said.html")]
pub(super) struct Said {
    lang: Lang,
    sentences: Vec<Say>,
    /// Tickets to look at.
    named: Vec<Reference>,
    /// What can be taken back, and where that leads.
    undo: Option<Uuid>,
    seconds: i64,
    back: String,
}

impl Said {
    fn text(&self) -> String {
        self.sentences.iter().map(|say| self.lang.say(say)).collect::<Vec<_>>().join(" ")
    }
}

/// What an address of the queue says; `back` is that address without it.
pub(super) async fn said(
    db: &mut PgConnection,
    query: &str,
    staff: &Staff,
    back: String,
    now: OffsetDateTime,
) -> Result<Option<Said>, Error> {
    let form = Form::parse(query.as_bytes());
    let mut said = Said { lang: staff.lang, sentences: Vec::new(), named: Vec::new(), undo: None, seconds: 0, back };
    match form.raw("said") {
        NONE_NEW => said.sentences.push(Say::new("next-none")),
        id => {
            let Ok(id) = Uuid::parse_str(id) else { return Ok(None) };
            let bulk =
                bulk::read(db, id, staff.id).await?.filter(|bulk| now < bulk.undone_at.unwrap_or(bulk.at) + NEWS);
            let Some(bulk) = bulk else { return Ok(None) };
            let told: Told = serde_json::from_value(bulk.told).unwrap_or_default();
            let left = (bulk.at + bulk::UNDO - now).whole_seconds();
            if let Some(undone) = bulk.undone {
                let undone = usize::try_from(undone).unwrap_or(0);
                said.sentences.push(Say::new("bulk-undone").with("count", undone));
                if undone < told.done {
                    said.sentences.push(Say::new("bulk-undone-left").with("count", told.done - undone));
                }
            } else {
                said.sentences = told.sentences();
                said.named = told.left.into_iter().map(|(reference, _)| reference).take(MOST_NAMED).collect();
                (said.undo, said.seconds) = ((told.done > 0 && left > 0).then_some(id), left);
            }
        }
    }
    Ok(Some(said))
}

/// The address of the queue that a form came from, and nothing else.
pub(super) fn back(form: &Form) -> &str {
    let back = form.raw("back");
    let is_ours = back == "/staff" || back.starts_with("/staff?");
    if is_ours && back.bytes().all(|byte| byte.is_ascii_graphic()) { back } else { "/staff" }
}

/// The same with something to say.
pub(super) fn back_with(form: &Form, said: Option<Uuid>) -> String {
    let back = back(form);
    let sign = if back.contains('?') { '&' } else { '?' };
    match said {
        Some(id) => format!("{back}{sign}said={id}"),
        None => format!("{back}{sign}said={NONE_NEW}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_leads_back_to_the_queue_and_nowhere_else() {
        let back_of = |to: &str| back_with(&Form::parse(format!("back={to}").as_bytes()), None);
        assert_eq!(back_of("/staff?view=mine%26q=22"), "/staff?view=mine&q=22&said=none-new");
        for to in ["", "/staff", "//evil.example", "/staff/../x", "/staff%0d%0aX:y", "/staffx", "/staff?%0d%0aX: y"] {
            assert_eq!(back_of(to), "/staff?said=none-new", "{to}");
        }
    }
}
