//! `/staff/letters`: what waits and what needs a person, who decides there.

mod store;

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::Uri,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use time::OffsetDateTime;

use super::{DeliveryFailure, EmailState as Stand, delivery_status::kind_label};
use crate::{
    app::{App, Now},
    local_time,
    staff::{Staff, StaffLayout},
    web::{AppError, Cursor, Form, render_html},
};
use store::{EmailAction, EmailRow};

/// Letters on a page,
const EMAILS_PER_PAGE: usize = 50;
/// and how far they are counted.
const MAX_COUNTED: i64 = 100;

pub fn routes() -> Router<App> {
    Router::new().route("/staff/letters", get(list).post(update_all)).route("/staff/letters/{id}", post(update))
}

#[derive(Template)]
#[template(path = "emails/list.html")]
struct EmailListPage {
    frame: StaffLayout,
    shows_failed: bool,
    emails: Vec<EmailRow>,
    /// How many wait, how many need a person.
    counts: (i64, i64),
    is_later_page: bool,
    next_page_url: Option<String>,
    now: OffsetDateTime,
}

impl EmailListPage {
    fn format_time(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().format(&local_time::format_short(*at, self.now))
    }

    fn kind_label(&self, letter: &EmailRow) -> String {
        self.frame.t(kind_label(letter.kind)).into_owned()
    }

    /// What it is about, for who hears the page and for the link.
    fn subject_link(&self, letter: &EmailRow) -> (String, String) {
        match (&letter.reference, letter.incident_id) {
            (Some(reference), _) => (reference.to_string(), format!("/staff/tickets/{reference}")),
            (None, incident) => {
                let id = incident.unwrap_or_default();
                (format!("{} {id}", self.frame.t("incident")), format!("/staff/incidents/{id}"))
            }
        }
    }

    fn format_count(&self, count: &i64) -> String {
        if *count >= MAX_COUNTED { format!("{}+", MAX_COUNTED - 1) } else { count.to_string() }
    }

    /// Whether there is a way out at all.
    fn can_send_email(&self) -> bool {
        self.frame.app.mail.outbound.is_some()
    }

    /// Where a letter is, in words.
    fn state_text(&self, letter: &EmailRow) -> String {
        let lang = self.frame.lang();
        match letter.state {
            Stand::Sending => lang.t("email-state-sending").into_owned(),
            Stand::Queued if letter.next_attempt_at > self.now => {
                lang.t_with("email-next-attempt", "moment", self.format_time(&letter.next_attempt_at))
            }
            Stand::Queued | Stand::Sent | Stand::Failed | Stand::Cancelled => String::new(),
        }
    }

    fn failure_text(&self, letter: &EmailRow) -> Option<String> {
        letter.failure.map(|trouble| self.frame.t(trouble.label()).into_owned())
    }

    fn attempts_text(&self, letter: &EmailRow) -> Option<String> {
        (letter.attempts > 0).then(|| self.frame.lang().t_with("email-attempts", "count", i64::from(letter.attempts)))
    }

    /// What pressing "send" means for a letter of which nobody knows whether it went.
    fn retry_label(&self, letter: &EmailRow) -> &'static str {
        match (letter.state, letter.failure) {
            (Stand::Failed, Some(DeliveryFailure::Unconfirmed)) => "email-resend-unsure",
            (Stand::Failed, _) => "email-resend",
            (Stand::Queued | Stand::Sending | Stand::Sent | Stand::Cancelled, _) => "email-send-now",
        }
    }
}

async fn list(State(app): State<App>, staff: Staff, Now(now): Now, uri: Uri) -> Result<Response, AppError> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let mut db = app.db.acquire().await?;
    let counts = store::count_queued_and_failed(&mut db, MAX_COUNTED).await?;
    let stuck = match query.raw("view") {
        "stuck" => true,
        "waiting" => false,
        // what needs somebody comes first
        _ => counts.1 > 0,
    };
    let after = query.raw("after");
    let Cursor { at, id } = after.parse().unwrap_or(Cursor { at: OffsetDateTime::UNIX_EPOCH, id: 0 });
    let most = i64::try_from(EMAILS_PER_PAGE + 1).unwrap_or(i64::MAX);
    let mut letters = match stuck {
        true => store::list_failed(&mut db, id, most).await?,
        false => store::list_queued(&mut db, (at, id), most).await?,
    };
    let more = (letters.len() > EMAILS_PER_PAGE).then(|| {
        letters.truncate(EMAILS_PER_PAGE);
        let last =
            letters.last().map(|last| Cursor { at: last.next_attempt_at, id: last.id }.to_string()).unwrap_or_default();
        format!("/staff/letters?view={}&after={last}", view_param(stuck))
    });
    let frame = StaffLayout::new(&app, &staff, "letters");
    let page = EmailListPage {
        frame,
        shows_failed: stuck,
        emails: letters,
        counts,
        is_later_page: !after.is_empty(),
        next_page_url: more,
        now,
    };
    Ok(render_html(&page)?.into_response())
}

const fn view_param(stuck: bool) -> &'static str {
    if stuck { "stuck" } else { "waiting" }
}

async fn update(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    apply_action(&app, &staff, Some(id), &form, now).await
}

async fn update_all(State(app): State<App>, staff: Staff, Now(now): Now, form: Form) -> Result<Response, AppError> {
    apply_action(&app, &staff, None, &form, now).await
}

/// Pressed twice, or by two people: the second finds that it is so, or that the letter has gone.
async fn apply_action(
    app: &App,
    staff: &Staff,
    letter: Option<i64>,
    form: &Form,
    now: OffsetDateTime,
) -> Result<Response, AppError> {
    let wish = match form.raw("wish") {
        "again" => EmailAction::SendNow,
        "never" => EmailAction::Cancel,
        _ => return Err(AppError::BadRequest),
    };
    store::apply_action(&mut *app.db.acquire().await?, letter, wish, staff.id, now).await?;
    let stuck = form.raw("view") != "waiting";
    Ok(Redirect::to(&format!("/staff/letters?view={}", view_param(stuck))).into_response())
}
