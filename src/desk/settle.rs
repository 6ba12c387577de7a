//! What was read out of an e-mail: staff see each field as it was understood, put it right and confirm all of it at once.

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use time::OffsetDateTime;

use super::{acts::Act, ticket::page};
use crate::{
    app::{App, Now},
    causes::LONGEST as MOST_IN_ERROR,
    guides::Guides,
    phone::Party,
    report::when::{self, RawWhen},
    staff::Staff,
    tickets::{
        Billing, Category, Channel, Failure, Guess, Side, Symptom, Ticket, Told,
        settle::{Settled, settle},
        verbs::Outcome,
    },
    web::{Error, Form, html},
    words::{Lang, Say},
    zone,
};

pub fn routes() -> Router<App> {
    Router::new().route("/staff/tickets/{reference}/told", post(confirm))
}

/// The form as it stands on the ticket's page.
#[derive(Debug, Clone, Default)]
pub(super) struct Settling {
    pub category: String,
    pub caller: String,
    pub callee: String,
    pub date: String,
    pub time: String,
    pub error_text: String,
    pub symptom: String,
    pub account: String,
    /// What is wrong with it, by field.
    pub wrong: Vec<(&'static str, Say)>,
}

impl Settling {
    /// The form for a ticket, if an e-mail left something to be settled on it.
    pub fn of(ticket: &Ticket) -> Option<Settling> {
        let is_open = !ticket.guessed.is_empty() || matches!(ticket.failure, Failure::Told(_));
        if ticket.channel != Channel::Email || !is_open {
            return None;
        }
        let Settled { category, told, error_text } = Settled::of(ticket);
        let typed = |side: Option<Side>| side.map(|side| side.typed).unwrap_or_default();
        Some(Settling {
            category: category.as_str().into(),
            caller: typed(told.caller),
            callee: typed(told.callee),
            date: told.at.map(zone::date).unwrap_or_default(),
            time: told.at.map(zone::hour).unwrap_or_default(),
            error_text: error_text.unwrap_or_default(),
            symptom: told.symptom.map(|symptom| symptom.as_str().to_owned()).unwrap_or_default(),
            account: told.account.map(|account| account.display()).unwrap_or_default(),
            wrong: Vec::new(),
        })
    }

    fn sent(form: &Form) -> Settling {
        Settling {
            category: form.line("category"),
            caller: form.line("caller"),
            callee: form.line("callee"),
            date: form.line("date"),
            time: form.line("time"),
            error_text: form.line("error_text"),
            symptom: form.line("symptom"),
            account: form.line("account"),
            wrong: Vec::new(),
        }
    }

    /// What stands in a line of it.
    pub fn value(&self, field: &str) -> &str {
        match field {
            "caller" => &self.caller,
            "callee" => &self.callee,
            "date" => &self.date,
            "time" => &self.time,
            "error_text" => &self.error_text,
            _ => &self.account,
        }
    }

    pub fn wrong(&self, field: &str) -> Option<&Say> {
        self.wrong.iter().find(|(name, _)| *name == field).map(|(_, say)| say)
    }

    /// Each complaint with its field's id.
    pub fn complaints(&self, lang: Lang) -> Vec<(String, String)> {
        self.wrong.iter().map(|(field, say)| (format!("told-{field}"), lang.say(say))).collect()
    }

    /// Reads every field; an empty one stays empty. What was not touched keeps its meaning.
    fn check(&mut self, ticket: &Ticket, now: OffsetDateTime, kept_days: u16) -> Option<Settled> {
        let before = Settled::of(ticket);
        let shown = Settling::of(ticket).unwrap_or_default();
        let mut wrong = Vec::new();
        let mut side = |field, typed: &str, was: Option<Side>, read: fn(&str) -> Result<Party, Say>| {
            if was.as_ref().is_some_and(|was| was.typed == typed) {
                return was;
            }
            if typed.is_empty() {
                return None;
            }
            read(typed)
                .map_err(|say| wrong.push((field, say)))
                .ok()
                .map(|party| Side { typed: typed.to_owned(), party })
        };
        let caller = side("caller", &self.caller, before.told.caller, Party::caller);
        let callee = side("callee", &self.callee, before.told.callee, Party::callee);
        let account = side("account", &self.account, None, Party::account).map(|side| side.party);
        let (at, precision) = match () {
            () if (&self.date, &self.time) == (&shown.date, &shown.time) => (before.told.at, before.told.precision),
            () if self.date.is_empty() && self.time.is_empty() => (None, None),
            () => {
                let raw = RawWhen { date: &self.date, time: &self.time, ..RawWhen::default() };
                match when::read(raw, now, kept_days) {
                    Ok(when) => (Some(when.at), Some(when.precision)),
                    Err(found) => {
                        let twice = found.fold.map(|_| Say::new("settle-twice"));
                        let all = [("date", found.date), ("time", found.time.or(twice))];
                        wrong.extend(all.into_iter().filter_map(|(field, say)| Some((field, say?))));
                        (None, None)
                    }
                }
            }
        };
        let count = self.error_text.chars().count();
        if count > MOST_IN_ERROR {
            wrong.push(("error_text", Say::new("settle-too-long").with("count", count).with("most", MOST_IN_ERROR)));
        }
        let category: Option<Category> = self.category.parse().ok();
        self.wrong = wrong;
        let category = category.filter(|_| self.wrong.is_empty())?;
        let symptom: Option<Symptom> = self.symptom.parse().ok();
        let is_call = category != Category::LoggedOut;
        let told = Told {
            caller,
            callee,
            at,
            precision,
            in_billing: before.told.in_billing.or(is_call.then_some(Billing::Unknown)),
            symptom: symptom.filter(|_| category == Category::Audio),
            account,
            public_ip: before.told.public_ip,
        };
        let error_text = Some(self.error_text.clone()).filter(|text| !text.is_empty());
        Some(Settled { category, told, error_text })
    }
}

/// Whether a field's value is a guess, for the mark beside it.
pub(super) fn is_guessed(ticket: &Ticket, field: &str) -> bool {
    let guess = match field {
        "category" => Guess::Category,
        "caller" => Guess::Caller,
        "callee" => Guess::Callee,
        "date" => Guess::When,
        "error_text" => Guess::Error,
        "symptom" => Guess::Symptom,
        _ => Guess::Account,
    };
    ticket.guessed.contains(&guess)
}

async fn confirm(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let mut act = Act::begin(&app, &staff, &reference, &form, now).await?;
    let mut settling = Settling::sent(&form);
    let settled = settling.check(&act.ticket, now, app.operator.records_days);
    let status = match settled {
        Some(settled) => {
            let (seen, by) = (act.seen(), act.by());
            match settle(&mut act.tx, &act.ticket, seen, &settled, by).await? {
                Outcome::Done | Outcome::Already => {
                    act.tx.commit().await?;
                    return Ok(Redirect::to(&format!("/staff/tickets/{}", act.ticket.reference)).into_response());
                }
                Outcome::Stale | Outcome::Held | Outcome::Duplicate | Outcome::Closed | Outcome::Gone => {
                    StatusCode::CONFLICT
                }
            }
        }
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    if status == StatusCode::CONFLICT {
        settling.wrong.push(("category", Say::new("settle-stale")));
    }
    // what was typed is kept beside the ticket as it is now
    let mut page = page(&app, &mut act.tx, &staff, act.ticket, &guides, None, now).await?;
    page.settling = Some(settling);
    Ok((status, html(&page)?).into_response())
}
