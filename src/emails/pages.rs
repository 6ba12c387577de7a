//! `/staff/emails`: queued and failed emails. Staff send or cancel them there.

mod store;

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use time::OffsetDateTime;

use super::{DeliveryFailure, EmailState, delivery_status::kind_label};
use crate::{
    app::{App, Now},
    i18n::Label,
    local_time,
    staff::{Staff, StaffLayout},
    urls,
    web::{AppError, Cursor, Form, QueryForm, render_html},
};
use store::{EmailAction, EmailRow};

const EMAILS_PER_PAGE: usize = 50;
/// How far the emails of a tab are counted; from there on the tab shows "99+".
const MAX_COUNTED: i64 = 100;

pub fn routes() -> Router<App> {
    Router::new().route("/staff/emails", get(list).post(update_all)).route("/staff/emails/{id}", post(update))
}

#[derive(Template)]
#[template(path = "emails/list.html")]
struct EmailListPage {
    frame: StaffLayout,
    shows_failed: bool,
    emails: Vec<EmailRow>,
    /// The numbers of queued and of failed emails.
    counts: (i64, i64),
    is_later_page: bool,
    next_page_url: Option<String>,
    now: OffsetDateTime,
}

impl EmailListPage {
    fn format_time(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().format(&local_time::format_short(*at, self.now))
    }

    fn kind_label(&self, email: &EmailRow) -> String {
        self.frame.t(kind_label(email.kind)).into_owned()
    }

    /// The accessible name of the entry and the URL of its ticket or incident.
    fn subject_link(&self, email: &EmailRow) -> (String, String) {
        match (&email.reference, email.incident_id) {
            (Some(reference), _) => (reference.to_string(), urls::staff::ticket(reference)),
            (None, incident_id) => {
                let id = incident_id.unwrap_or_default();
                (format!("{} {id}", self.frame.t("incident")), urls::staff::incident(id))
            }
        }
    }

    fn format_count(&self, count: &i64) -> String {
        if *count >= MAX_COUNTED { format!("{}+", MAX_COUNTED - 1) } else { count.to_string() }
    }

    /// Whether a mail server is configured.
    fn can_send_email(&self) -> bool {
        self.frame.app.mail.outbound.is_some()
    }

    fn state_text(&self, email: &EmailRow) -> String {
        let lang = self.frame.lang();
        match email.state {
            EmailState::Sending => lang.t("email-state-sending").into_owned(),
            EmailState::Queued if email.next_attempt_at > self.now => {
                lang.t_with("email-next-attempt", "moment", self.format_time(&email.next_attempt_at))
            }
            EmailState::Queued | EmailState::Sent | EmailState::Failed | EmailState::Cancelled => String::new(),
        }
    }

    fn failure_text(&self, email: &EmailRow) -> Option<String> {
        email.failure.map(|failure| self.frame.t(failure.label()).into_owned())
    }

    fn attempts_text(&self, email: &EmailRow) -> Option<String> {
        (email.attempts > 0).then(|| self.frame.lang().t_with("email-attempts", "count", i64::from(email.attempts)))
    }

    /// The label of the send button. It warns if the email may already have been sent.
    fn retry_label(&self, email: &EmailRow) -> &'static str {
        match (email.state, email.failure) {
            (EmailState::Failed, Some(DeliveryFailure::Unconfirmed)) => "email-resend-unsure",
            (EmailState::Failed, _) => "email-resend",
            (EmailState::Queued | EmailState::Sending | EmailState::Sent | EmailState::Cancelled, _) => {
                "email-send-now"
            }
        }
    }
}

async fn list(
    State(app): State<App>,
    staff: Staff,
    Now(now): Now,
    QueryForm(query): QueryForm,
) -> Result<Response, AppError> {
    let mut db = app.db.acquire().await?;
    let counts = store::count_queued_and_failed(&mut db, MAX_COUNTED).await?;
    let shows_failed = match query.raw("view") {
        "failed" => true,
        "waiting" => false,
        // emails that need a decision come first
        _ => counts.1 > 0,
    };
    let after = query.raw("after");
    let Cursor { at, id } = after.parse().unwrap_or(Cursor { at: OffsetDateTime::UNIX_EPOCH, id: 0 });
    let limit = i64::try_from(EMAILS_PER_PAGE + 1).unwrap_or(i64::MAX);
    let mut emails = match shows_failed {
        true => store::list_failed(&mut db, id, limit).await?,
        false => store::list_queued(&mut db, (at, id), limit).await?,
    };
    let next_page_url = (emails.len() > EMAILS_PER_PAGE).then(|| {
        emails.truncate(EMAILS_PER_PAGE);
        let last =
            emails.last().map(|last| Cursor { at: last.next_attempt_at, id: last.id }.to_string()).unwrap_or_default();
        urls::with_query(urls::staff::EMAILS, &[("view", view_param(shows_failed)), ("after", &last)])
    });
    let frame = StaffLayout::new(&app, &staff, "emails");
    let page =
        EmailListPage { frame, shows_failed, emails, counts, is_later_page: !after.is_empty(), next_page_url, now };
    Ok(render_html(&page)?.into_response())
}

const fn view_param(shows_failed: bool) -> &'static str {
    if shows_failed { "failed" } else { "waiting" }
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

/// A second request for the same email changes nothing.
async fn apply_action(
    app: &App,
    staff: &Staff,
    email_id: Option<i64>,
    form: &Form,
    now: OffsetDateTime,
) -> Result<Response, AppError> {
    let action = match form.raw("command") {
        "resend" => EmailAction::SendNow,
        "discard" => EmailAction::Cancel,
        _ => return Err(AppError::BadRequest),
    };
    store::apply_action(&mut *app.db.acquire().await?, email_id, action, staff.id, now).await?;
    let shows_failed = form.raw("view") != "waiting";
    Ok(Redirect::to(&urls::with_query(urls::staff::EMAILS, &[("view", view_param(shows_failed))])).into_response())
}
