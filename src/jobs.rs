//! Periodic background jobs. Each job is a function that does one round of work; tests call it directly.

use std::{sync::Arc, time::Duration};

use crate::{
    app::App,
    blocklist, checks,
    emails::{Mailer, SendSummary},
    inbound_mail::{
        self, Inbox,
        maildir::{self, MaildirReport},
    },
    incidents, local_time, page_views, staff,
    tickets::command::{self, bulk},
};

/// How often expired data is deleted. Correctness does not depend on it, because all queries check the expiry
/// themselves.
const PURGE_INTERVAL: Duration = Duration::from_secs(3600);
/// How often snoozed tickets that are due are reopened.
const REOPEN_INTERVAL: Duration = Duration::from_secs(30);
/// Tickets that are reopened in one transaction.
const REOPEN_BATCH_SIZE: i64 = 500;

/// How often queued e-mails are sent.
const EMAIL_SEND_INTERVAL: Duration = Duration::from_secs(2);

/// How often tickets are searched for incidents. An incident should be proposed before staff have read ten similar
/// tickets.
const INCIDENT_DETECTION_INTERVAL: Duration = Duration::from_secs(20);
/// How often tickets of resolved incidents are resolved.
const INCIDENT_RESOLUTION_INTERVAL: Duration = Duration::from_secs(2);
/// How often the maildir is read.
const MAILDIR_POLL_INTERVAL: Duration = Duration::from_secs(3);

/// How often page views are stored. A crash loses the page views of at most this time.
const PAGE_VIEW_FLUSH_INTERVAL: Duration = Duration::from_secs(10);

/// How often the database is checked at start, until it is ready.
const DATABASE_POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Waits for the database and then runs all jobs. A job that fails is retried at its next interval.
pub async fn run(app: App, mailer: Arc<Mailer>) {
    while !app.db.is_ready().await {
        tokio::time::sleep(DATABASE_POLL_INTERVAL).await;
    }
    tokio::join!(
        purge_loop(&app),
        reopen_loop(&app),
        send_emails_loop(&app, &mailer),
        detect_incidents_loop(&app),
        resolve_incidents_loop(&app),
        incidents::follow_changes(&app),
        ingest_mail_loop(&app),
        store_page_views_loop(&app)
    );
}

/// Stores what is still in memory at shutdown.
pub async fn flush_on_shutdown(app: &App) {
    if let Err(error) = store_page_views(app).await {
        tracing::warn!(%error, "the last page views of the guides are lost");
    }
}

async fn purge_loop(app: &App) {
    loop {
        tokio::time::sleep(PURGE_INTERVAL).await;
        match purge_expired(app).await {
            Ok(rows) => tracing::info!(rows, "deleted expired data"),
            Err(error) => tracing::warn!(%error, "could not delete expired data"),
        }
    }
}

async fn reopen_loop(app: &App) {
    loop {
        tokio::time::sleep(REOPEN_INTERVAL).await;
        match reopen_due(app).await {
            Ok(0) => {}
            Ok(tickets) => tracing::info!(tickets, "reopened tickets"),
            Err(error) => tracing::warn!(%error, "could not reopen tickets"),
        }
    }
}

async fn send_emails_loop(app: &App, mailer: &Mailer) {
    loop {
        match mailer.send_due(app).await {
            Ok(summary) => {
                if summary != SendSummary::default() {
                    let SendSummary { sent, deferred, failed, .. } = summary;
                    tracing::info!(sent, deferred, failed, "sent e-mails");
                }
                if summary.may_have_more {
                    continue;
                }
            }
            Err(error) => tracing::warn!(%error, "could not send e-mails"),
        }
        tokio::time::sleep(EMAIL_SEND_INTERVAL).await;
    }
}

async fn detect_incidents_loop(app: &App) {
    loop {
        tokio::time::sleep(INCIDENT_DETECTION_INTERVAL).await;
        match incidents::detect(app).await {
            Ok(report) if report == incidents::DetectionReport::default() => {}
            Ok(report) => {
                tracing::info!(
                    candidates = report.new_candidates,
                    proposals = report.new_proposals,
                    "detected incidents"
                );
            }
            Err(error) => tracing::warn!(%error, "could not search tickets for incidents"),
        }
    }
}

async fn resolve_incidents_loop(app: &App) {
    loop {
        tokio::time::sleep(INCIDENT_RESOLUTION_INTERVAL).await;
        match incidents::resolve_tickets(app).await {
            Ok(0) => {}
            Ok(tickets) => tracing::info!(tickets, "resolved tickets of incidents"),
            Err(error) => tracing::warn!(%error, "could not resolve tickets of incidents"),
        }
    }
}

async fn ingest_mail_loop(app: &App) {
    let Some(folder) = &app.mail.maildir else { return };
    let inbox = Inbox::from_app(app);
    loop {
        match maildir::ingest_new_files(folder, &inbox, app.clock.now()).await {
            Ok(report) if report == MaildirReport::default() => {}
            Ok(report) => {
                tracing::info!(messages = report.ingested_count, failed = report.failed_count, "received mail");
            }
            Err(error) => {
                tracing::warn!(error = format!("{:#}", anyhow::Error::from(error)), "could not receive mail")
            }
        }
        tokio::time::sleep(MAILDIR_POLL_INTERVAL).await;
    }
}

async fn store_page_views_loop(app: &App) {
    loop {
        tokio::time::sleep(PAGE_VIEW_FLUSH_INTERVAL).await;
        if let Err(error) = store_page_views(app).await {
            tracing::warn!(%error, "could not store page views");
        }
    }
}

/// Deletes expired sessions, invitations and login failures, undo records of bulk actions, check results without a
/// ticket, inbound mail, blocklist entries, and subscriptions to old incidents. Returns the number of deleted rows.
pub async fn purge_expired(app: &App) -> Result<u64, sqlx::Error> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let rows = staff::purge_expired(&mut tx, now).await?
        + bulk::purge_expired(&mut tx, now).await?
        + checks::delete_expired(&mut tx, now).await?
        + inbound_mail::purge_expired(&mut tx, now).await?
        + blocklist::mutations::purge_expired(&mut tx, now).await?
        + incidents::purge_expired(&mut tx, now).await?;
    tx.commit().await?;
    Ok(rows)
}

/// Adds the page views since the last call to those of today. Returns the number of different pages.
///
/// # Errors
/// After a database error the page views are kept for the next call.
pub async fn store_page_views(app: &App) -> Result<usize, sqlx::Error> {
    let views = app.page_views.drain();
    if views.is_empty() {
        return Ok(0);
    }
    let day = local_time::to_local(app.clock.now()).date();
    let stored = async {
        let mut tx = app.db.begin().await?;
        page_views::add_to_day(&mut tx, day, &views).await?;
        tx.commit().await
    };
    if let Err(error) = stored.await {
        views.iter().for_each(|(path, count)| app.page_views.add(path, *count));
        return Err(error);
    }
    Ok(views.len())
}

/// Reopens all snoozed tickets that are due, in batches. Returns their number.
pub async fn reopen_due(app: &App) -> Result<usize, sqlx::Error> {
    let mut count = 0;
    loop {
        let mut tx = app.db.begin().await?;
        let reopened = command::end_due_snoozes(&mut tx, REOPEN_BATCH_SIZE, app.clock.now()).await?;
        tx.commit().await?;
        count += reopened;
        if reopened == 0 {
            return Ok(count);
        }
    }
}
