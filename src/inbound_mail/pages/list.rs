//! The list of inbound messages, by disposition.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use strum::VariantArray;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::labels::{format_size, reason_label, subject_or_placeholder};
use crate::{
    app::{App, Now},
    i18n::Label,
    inbound_mail::{
        disposition::Disposition,
        store::{self, DispositionCount, InboundMailRow},
    },
    local_time,
    staff::{Staff, StaffLayout},
    urls,
    web::{AppError, Cursor, QueryForm, render_html},
};

const PAGE_SIZE: usize = 50;
/// Period over which messages are counted.
const COUNT_PERIOD: Duration = Duration::days(30);

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

/// A link to the messages with one disposition, or to all.
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
            href: urls::staff::INBOX.into(),
            label: self.frame.t("inbound-mail-all").into_owned(),
            count: self.counts.iter().map(|count| count.count).sum(),
            is_current: self.disposition.is_none(),
        };
        let by_disposition = Disposition::VARIANTS.iter().map(|disposition| DispositionTab {
            href: urls::with_query(urls::staff::INBOX, &[("disposition", disposition.into_str())]),
            label: self.frame.t(disposition.label()).into_owned(),
            count: self.counts.iter().find(|count| count.disposition == *disposition).map_or(0, |count| count.count),
            is_current: self.disposition == Some(*disposition),
        });
        std::iter::once(all).chain(by_disposition).collect()
    }

    /// Says how many messages were delivered more than once.
    fn redelivery_note(&self) -> Option<String> {
        let redeliveries: i64 = self.counts.iter().map(|count| count.duplicate_count).sum();
        (redeliveries > 0).then(|| self.frame.lang().t_with("inbound-mail-repeated-total", "count", redeliveries))
    }

    fn subject_or_placeholder(&self, row: &InboundMailRow) -> String {
        subject_or_placeholder(&row.subject, self.frame.lang())
    }

    fn reason_text(&self, row: &InboundMailRow) -> String {
        self.frame.t(reason_label(&row.reason)).into_owned()
    }

    fn format_size(&self, row: &InboundMailRow) -> String {
        format_size(row.size, self.frame.lang())
    }
}

pub(crate) async fn list(
    State(app): State<App>,
    staff: Staff,
    Now(now): Now,
    QueryForm(query): QueryForm,
) -> Result<Response, AppError> {
    let disposition: Option<Disposition> = query.raw("disposition").parse().ok();
    let before = query.raw("before").parse::<Cursor<Uuid>>().ok();
    let mut db = app.db.acquire().await?;
    // one more than fits shows that there is a next page
    let limit = i64::try_from(PAGE_SIZE + 1).unwrap_or(i64::MAX);
    let mut rows = store::list(&mut db, disposition, before, limit).await?;
    let next_page_url = (rows.len() > PAGE_SIZE).then(|| {
        rows.truncate(PAGE_SIZE);
        let cursor = rows.last().map(|last| Cursor { at: last.received_at, id: last.id }.to_string());
        let disposition = disposition.map_or("", |disposition| disposition.into_str());
        urls::with_query(urls::staff::INBOX, &[("disposition", disposition), ("before", &cursor.unwrap_or_default())])
    });
    let page = InboundMailListPage {
        frame: StaffLayout::new(&app, &staff, "inbox"),
        disposition,
        counts: store::count_by_disposition(&mut db, now - COUNT_PERIOD).await?,
        unhandled_count: store::count_unhandled(&mut db).await?,
        rows,
        is_later_page: before.is_some(),
        next_page_url,
        now,
    };
    Ok(render_html(&page)?.into_response())
}
