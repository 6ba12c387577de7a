//! What happens later, and again and again. Each job is a `tick` that tests call directly.

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
    tickets::command::{bulk, update},
};

/// How often what is over is dropped; nothing depends on it, since every query looks at the time itself.
const PURGE_INTERVAL: Duration = Duration::from_secs(3600);
/// How often tickets are looked for whose day has come.
const REOPEN_INTERVAL: Duration = Duration::from_secs(30);
/// How many of them come back in one transaction.
const REOPEN_BATCH_SIZE: i64 = 500;

/// How often letters are looked for that are due.
const EMAIL_SEND_INTERVAL: Duration = Duration::from_secs(2);

/// How often tickets are looked through for those that belong together: a clerk who reads the tenth of the same kind should
/// find them put together.
const INCIDENT_DETECTION_INTERVAL: Duration = Duration::from_secs(20);
/// How often tickets of incidents that are over are looked for.
const INCIDENT_RESOLUTION_INTERVAL: Duration = Duration::from_secs(2);
/// How often the maildir is looked into.
const MAILDIR_POLL_INTERVAL: Duration = Duration::from_secs(3);

/// How often visits are stored: a crash loses at most those since then.
const PAGE_VIEW_FLUSH_INTERVAL: Duration = Duration::from_secs(10);

/// How often the database is asked whether it has all tables by now.
const DATABASE_POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Works until the program ends, once the database is there. A job that fails is tried again at its next turn.
pub async fn run(app: App, post: Arc<Mailer>) {
    while !app.db.is_ready().await {
        tokio::time::sleep(DATABASE_POLL_INTERVAL).await;
    }
    tokio::join!(
        purge_loop(&app),
        reopen_loop(&app),
        send_emails_loop(&app, &post),
        detect_incidents_loop(&app),
        resolve_incidents_loop(&app),
        incidents::follow_changes(&app),
        ingest_mail_loop(&app),
        store_page_views_loop(&app)
    );
}

/// What is done once more before the program ends.
pub async fn flush_on_shutdown(app: &App) {
    if let Err(error) = store_page_views(app).await {
        tracing::warn!(%error, "the last visits of the guides were not counted");
    }
}

async fn purge_loop(app: &App) {
    loop {
        tokio::time::sleep(PURGE_INTERVAL).await;
        match purge_expired(app).await {
            Ok(rows) => tracing::info!(rows, "what was over is forgotten"),
            Err(error) => tracing::warn!(%error, "what is over could not be dropped"),
        }
    }
}

async fn reopen_loop(app: &App) {
    loop {
        tokio::time::sleep(REOPEN_INTERVAL).await;
        match reopen_due(app).await {
            Ok(0) => {}
            Ok(tickets) => tracing::info!(tickets, "tickets came back from waiting"),
            Err(error) => tracing::warn!(%error, "tickets that wait could not be brought back"),
        }
    }
}

async fn send_emails_loop(app: &App, post: &Mailer) {
    loop {
        match post.send_due(app).await {
            Ok(done) => {
                if done != SendSummary::default() {
                    tracing::info!(sent = done.sent, later = done.deferred, stuck = done.failed, "letters were sent");
                }
                if done.may_have_more {
                    continue;
                }
            }
            Err(error) => tracing::warn!(%error, "letters could not be sent"),
        }
        tokio::time::sleep(EMAIL_SEND_INTERVAL).await;
    }
}

async fn detect_incidents_loop(app: &App) {
    loop {
        tokio::time::sleep(INCIDENT_DETECTION_INTERVAL).await;
        match incidents::detect(app).await {
            Ok(found) if found == incidents::DetectionReport::default() => {}
            Ok(found) => {
                tracing::info!(
                    candidates = found.new_candidates,
                    proposals = found.new_proposals,
                    "tickets look alike"
                );
            }
            Err(error) => tracing::warn!(%error, "tickets could not be looked through for incidents"),
        }
    }
}

async fn resolve_incidents_loop(app: &App) {
    loop {
        tokio::time::sleep(INCIDENT_RESOLUTION_INTERVAL).await;
        match incidents::resolve_tickets(app).await {
            Ok(0) => {}
            Ok(tickets) => tracing::info!(tickets, "tickets were resolved with their incident"),
            Err(error) => tracing::warn!(%error, "tickets of an incident could not be resolved yet"),
        }
    }
}

async fn ingest_mail_loop(app: &App) {
    let Some(folder) = &app.mail.maildir else { return };
    let postbox = Inbox::from_app(app);
    loop {
        match maildir::ingest_new_files(folder, &postbox, app.clock.now()).await {
            Ok(taken) if taken == MaildirReport::default() => {}
            Ok(taken) => tracing::info!(messages = taken.ingested_count, stuck = taken.failed_count, "mail came in"),
            Err(error) => {
                tracing::warn!(error = format!("{:#}", anyhow::Error::from(error)), "mail could not be taken")
            }
        }
        tokio::time::sleep(MAILDIR_POLL_INTERVAL).await;
    }
}

async fn store_page_views_loop(app: &App) {
    loop {
        tokio::time::sleep(PAGE_VIEW_FLUSH_INTERVAL).await;
        if let Err(error) = store_page_views(app).await {
            tracing::warn!(%error, "the guides' visits could not be stored yet");
        }
    }
}

/// Drops sessions, links and failed sign-ins that are over, what can no longer be undone, checks that nobody attached to
/// a report, blocks of addresses that ended, and who left an address for an incident that is long over. Gives how many rows went.
///
/// # Errors
/// When the database is away.
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

/// Adds the guides' visits since the last time to those of today. Gives how many different pages were opened.
///
/// # Errors
/// When the database is away; then they wait for the next time.
pub async fn store_page_views(app: &App) -> Result<usize, sqlx::Error> {
    let counted = app.page_views.drain();
    if counted.is_empty() {
        return Ok(0);
    }
    let day = local_time::to_local(app.clock.now()).date();
    let stored = async {
        let mut tx = app.db.begin().await?;
        page_views::add_to_day(&mut tx, day, &counted).await?;
        tx.commit().await
    };
    if let Err(error) = stored.await {
        counted.iter().for_each(|(path, visits)| app.page_views.add(path, *visits));
        return Err(error);
    }
    Ok(counted.len())
}

/// Brings tickets back whose day has come, all of them. Gives how many.
///
/// # Errors
/// When the database is away; those that came before stay.
pub async fn reopen_due(app: &App) -> Result<usize, sqlx::Error> {
    let mut count = 0;
    loop {
        let mut tx = app.db.begin().await?;
        let came = update::end_due_snoozes(&mut tx, REOPEN_BATCH_SIZE, app.clock.now()).await?;
        tx.commit().await?;
        count += came;
        if came == 0 {
            return Ok(count);
        }
    }
}
