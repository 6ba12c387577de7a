//! `/staff/mail`: what came in and what became of it. Nothing is dropped behind anybody's back: each message can be read
//! here, and a ticket be made of one that was taken for a machine's.

mod download;

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::Uri,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    Attachment, Disposition, InboundMail, Inbox,
    store::{self, DispositionCount, InboundMailRow},
};
use crate::{
    app::{App, Now},
    i18n::{Lang, UiMessage},
    local_time,
    staff::{Staff, StaffLayout},
    web::{AppError, Cursor, Form, render_html},
};

/// Messages on a page.
const PAGE_SIZE: usize = 50;
/// The days over which they are counted.
const COUNT_PERIOD_DAYS: i64 = 30;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/mail", get(list))
        .route("/staff/mail/{id}", get(show))
        .route("/staff/mail/{id}/raw", get(download::download_raw))
        .route("/staff/mail/{id}/files/{number}", get(download::download_attachment))
        .route("/staff/mail/{id}/done", post(mark_handled))
        .route("/staff/mail/{id}/ticket", post(open_ticket))
}

#[derive(Template)]
#[template(path = "inbound_mail/list.html")]
struct InboundMailListPage {
    frame: StaffLayout,
    disposition: Option<Disposition>,
    rows: Vec<InboundMailRow>,
    counts: Vec<DispositionCount>,
    unhandled_count: i64,
    is_later_page: bool,
    next_page_url: Option<String>,
    now: OffsetDateTime,
}

/// A kind to choose.
struct DispositionTab {
    href: String,
    label: String,
    count: i64,
    is_current: bool,
}

impl InboundMailListPage {
    fn format_datetime(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().format(&local_time::format_short(*at, self.now))
    }

    fn tabs(&self) -> Vec<DispositionTab> {
        let all = DispositionTab {
            href: "/staff/mail".into(),
            label: self.frame.t("inbound-mail-all").into_owned(),
            count: self.counts.iter().map(|count| count.count).sum(),
            is_current: self.disposition.is_none(),
        };
        let each = Disposition::ALL.into_iter().map(|fate| DispositionTab {
            href: format!("/staff/mail?fate={}", fate.as_str()),
            label: self.frame.t(fate.label()).into_owned(),
            count: self.counts.iter().find(|count| count.disposition == fate).map_or(0, |count| count.count),
            is_current: self.disposition == Some(fate),
        });
        std::iter::once(all).chain(each).collect()
    }

    /// How many came more than once.
    fn redelivery_note(&self) -> Option<String> {
        let again: i64 = self.counts.iter().map(|count| count.duplicate_count).sum();
        (again > 0).then(|| self.frame.lang().t_with("inbound-mail-repeated-total", "count", again))
    }

    fn subject_or_placeholder(&self, line: &InboundMailRow) -> String {
        subject_or_placeholder(&line.subject, self.frame.lang())
    }

    fn reason_text(&self, line: &InboundMailRow) -> String {
        self.frame.t(reason_label(&line.reason)).into_owned()
    }

    fn format_size(&self, line: &InboundMailRow) -> String {
        format_size(line.size, self.frame.lang())
    }
}

/// What a subject is called when there is none.
fn subject_or_placeholder(subject: &str, lang: Lang) -> String {
    if subject.is_empty() { lang.t("inbound-mail-no-subject").into_owned() } else { subject.to_owned() }
}

/// The tone of a kind, beside its word.
pub(crate) const fn disposition_css_class(fate: &Disposition) -> &'static str {
    match fate {
        Disposition::TicketOpened | Disposition::AddedToTicket => "ok",
        Disposition::Bounce | Disposition::Unreadable => "warn",
        Disposition::Automatic | Disposition::Loop | Disposition::Flood => "info",
    }
}

/// Why a message became what it is, as a message of `words`.
fn reason_label(name: &str) -> &'static str {
    match name {
        "new" => "inbound-mail-reason-new",
        "signed-address" => "inbound-mail-reason-signed-address",
        "letter" => "inbound-mail-reason-email",
        "over" => "inbound-mail-reason-closed-ticket",
        "follower" => "inbound-mail-reason-subscriber",
        "by-hand" => "inbound-mail-reason-by-hand",
        "no-header" => "inbound-mail-reason-no-header",
        "no-sender" => "inbound-mail-reason-no-sender",
        "same-id" => "inbound-mail-reason-same-id",
        "own-address" => "inbound-mail-reason-own-address",
        "own-letter" => "inbound-mail-reason-own-email",
        "hops" => "inbound-mail-reason-hops",
        "report" => "inbound-mail-reason-report",
        "auto-submitted" | "autoreply" | "suppress" => "inbound-mail-reason-auto",
        "precedence" => "inbound-mail-reason-precedence",
        "no-return" => "inbound-mail-reason-no-return",
        "failed" => "inbound-mail-reason-failed",
        "delayed" => "inbound-mail-reason-delayed",
        "too-many" => "inbound-mail-reason-too-many",
        _ => "inbound-mail-reason-unreadable",
    }
}

/// "12 kB", "3,4 MB".
pub fn format_size(bytes: i64, lang: Lang) -> String {
    match bytes {
        ..1_000 => lang.t_with("inbound-mail-bytes", "count", bytes),
        1_000..1_000_000 => lang.t_with("inbound-mail-kilobytes", "count", bytes / 1_000),
        _ => lang.format(
            &UiMessage::new("inbound-mail-megabytes").with("size", crate::i18n::MessageArg::Decimal1(bytes / 100_000)),
        ),
    }
}

/// A file's name, kind and size in one line.
pub fn describe_attachment(file: &Attachment, lang: Lang) -> String {
    let bytes = i64::try_from(file.size).unwrap_or(i64::MAX);
    let parts = [file.name.as_str(), &file.content_type, &format_size(bytes, lang)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

async fn list(State(app): State<App>, staff: Staff, Now(now): Now, uri: Uri) -> Result<Response, AppError> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let fate = Disposition::from_name(query.raw("fate"));
    let before = query.raw("before").parse::<Cursor<Uuid>>().ok();
    let mut db = app.db.acquire().await?;
    let most = i64::try_from(PAGE_SIZE + 1).unwrap_or(i64::MAX);
    let mut lines = store::list(&mut db, fate, before, most).await?;
    let more = (lines.len() > PAGE_SIZE).then(|| {
        lines.truncate(PAGE_SIZE);
        let last = lines.last().map(|last| Cursor { at: last.received_at, id: last.id }.to_string());
        let kind = fate.map(|fate| format!("fate={}&", fate.as_str())).unwrap_or_default();
        format!("/staff/mail?{kind}before={}", last.unwrap_or_default())
    });
    let page = InboundMailListPage {
        frame: StaffLayout::new(&app, &staff, "mail"),
        disposition: fate,
        counts: store::count_by_disposition(&mut db, now - Duration::days(COUNT_PERIOD_DAYS)).await?,
        unhandled_count: store::count_unhandled(&mut db).await?,
        rows: lines,
        is_later_page: before.is_some(),
        next_page_url: more,
        now,
    };
    Ok(render_html(&page)?.into_response())
}

#[derive(Template)]
#[template(path = "inbound_mail/detail.html")]
struct InboundMailPage {
    frame: StaffLayout,
    mail: InboundMail,
    now: OffsetDateTime,
}

impl InboundMailPage {
    fn format_datetime(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().format(&local_time::format_short(*at, self.now))
    }

    fn subject_or_placeholder(&self) -> String {
        subject_or_placeholder(&self.mail.subject, self.frame.lang())
    }

    fn reason_text(&self) -> String {
        self.frame.t(reason_label(&self.mail.reason)).into_owned()
    }

    fn format_size(&self) -> String {
        format_size(self.mail.size, self.frame.lang())
    }

    fn describe_attachment(&self, file: &Attachment) -> String {
        describe_attachment(file, self.frame.lang())
    }

    /// What is kept of it as it came: all, its beginning, or nothing any more.
    fn raw_retention_label(&self) -> &'static str {
        match self.mail.raw_size {
            None => "inbound-mail-stored-nothing",
            Some(kept) if i64::from(kept) < self.mail.size => "inbound-mail-stored-beginning",
            Some(_) => "inbound-mail-stored-whole",
        }
    }

    fn needs_handling(&self) -> bool {
        self.mail.disposition == Disposition::Unreadable && self.mail.handled_at.is_none()
    }

    /// Whether a ticket can be made of it: somebody sent it, and it has none.
    fn can_open_ticket(&self) -> bool {
        self.mail.reference.is_none() && !self.mail.sender.is_empty() && self.mail.raw_size.is_some()
    }
}

async fn show(
    State(app): State<App>,
    staff: Staff,
    Now(now): Now,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let mut db = app.db.acquire().await?;
    let mail = load_mail(&mut db, &id).await?;
    Ok(render_html(&InboundMailPage { frame: StaffLayout::new(&app, &staff, "mail"), mail, now })?.into_response())
}

async fn load_mail(db: &mut sqlx::PgConnection, id: &str) -> Result<InboundMail, AppError> {
    let id = Uuid::parse_str(id).map_err(|_| AppError::NotFound)?;
    store::find(db, id).await?.ok_or(AppError::NotFound)
}

async fn mark_handled(
    State(app): State<App>,
    staff: Staff,
    Now(now): Now,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let mut tx = app.db.begin().await?;
    let mail = load_mail(&mut tx, &id).await?;
    // who was second finds it done
    store::mark_handled(&mut tx, mail.id, staff.id, now).await?;
    tx.commit().await?;
    Ok(Redirect::to("/staff/mail?fate=unreadable").into_response())
}

/// Makes a ticket of a message that was not taken for a person's.
async fn open_ticket(
    State(app): State<App>,
    staff: Staff,
    Now(now): Now,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id = Uuid::parse_str(&id).map_err(|_| AppError::NotFound)?;
    match Inbox::from_app(&app).open_ticket_by_staff(id, staff.id, now).await? {
        Some(reference) => Ok(Redirect::to(&format!("/staff/tickets/{reference}")).into_response()),
        None => Ok(Redirect::to(&format!("/staff/mail/{id}")).into_response()),
    }
}

#[cfg(test)]
mod tests {
    use crate::inbound_mail::pages::*;

    #[test]
    fn sizes_are_told_as_people_read_them() {
        for (bytes, polish) in [(0, "0 B"), (999, "999 B"), (12_345, "12 kB"), (20_400_000, "20,4 MB")] {
            assert_eq!(format_size(bytes, Lang::Pl).replace('\u{a0}', " "), polish);
        }
    }
}
