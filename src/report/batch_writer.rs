//! Stores reports that arrive at the same time with one statement.

use std::{
    collections::BTreeMap,
    io::ErrorKind,
    mem,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sqlx::{Connection, PgConnection};
use time::OffsetDateTime;
use tokio::{
    sync::{Notify, Semaphore, oneshot},
    time::timeout,
};

use crate::{
    app::App,
    checks,
    guides::CheckIds,
    tickets::{
        AccessKey, NewTicket, TicketReference,
        command::{self, OpenOutcome, incident::join_as_customer},
    },
    web::{
        AppError,
        rate_limit::{ClientRateLimiter, REPORT_QUOTA},
    },
};

/// How long a batch waits for more reports: about as long as it takes to store a batch.
const MAX_BATCH_DELAY: Duration = Duration::from_millis(1);

/// A batch of this size does not wait for more reports: its rows cost much more than its statement.
const MAX_BATCH_SIZE: usize = 24;

/// How long it may take to store a batch. After that the visitors see their form again with an explanation. The report may
/// have been stored after all; the same form sent again then leads to the same ticket.
const WRITE_TIMEOUT: Duration = Duration::from_secs(5);

/// How many batches are stored at once. PostgreSQL can begin with the next batch while it commits the first.
const MAX_CONCURRENT_WRITES: usize = 2;

/// A report to store.
#[derive(Debug)]
pub(super) struct NewReport {
    pub(super) ticket: NewTicket,
    /// The check results to attach.
    pub(super) check_ids: CheckIds,
    /// The incident that the ticket joins.
    pub(super) incident_id: Option<i64>,
    pub(super) received_at: OffsetDateTime,
}

/// Stores reports in batches. Most of what a report costs PostgreSQL is the statement and the commit, not the row, so
/// reports that arrive while a batch is being stored wait and are then stored together.
///
/// Decision record: `docs/decisions/0003-reports-are-stored-in-batches.md`.
pub(super) struct ReportWriter {
    rate_limiter: ClientRateLimiter,
    pending: Mutex<Vec<PendingReport>>,
    /// The expected size of the next batch: a moving average of the sizes so far.
    batch_size: AtomicUsize,
    /// Notified when as many reports are pending.
    batch_full: Notify,
    /// The longer a write takes, the more reports share the next one.
    write_permits: Semaphore,
}

struct PendingReport {
    report: NewReport,
    result_sender: oneshot::Sender<StoreReportResult>,
}

type StoreReportResult = Result<(TicketReference, AccessKey), AppError>;

impl Default for ReportWriter {
    fn default() -> ReportWriter {
        ReportWriter {
            rate_limiter: ClientRateLimiter::new(&REPORT_QUOTA),
            pending: Mutex::default(),
            batch_size: AtomicUsize::default(),
            batch_full: Notify::default(),
            write_permits: Semaphore::new(MAX_CONCURRENT_WRITES),
        }
    }
}

impl ReportWriter {
    /// Stores a report and returns when it is committed. If the caller is dropped meanwhile, the report is stored anyway.
    ///
    /// # Errors
    /// [`AppError::RateLimited`] for the client's address, [`AppError::Unavailable`] after [`WRITE_TIMEOUT`].
    pub(super) async fn submit(self: &Arc<ReportWriter>, app: &App, report: NewReport) -> StoreReportResult {
        self.rate_limiter.check(report.ticket.client_ip)?;
        let (result_sender, result) = oneshot::channel();
        let pending_count = {
            let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
            pending.push(PendingReport { report, result_sender });
            pending.len()
        };
        if pending_count == self.batch_size.load(Ordering::Relaxed) {
            self.batch_full.notify_one();
        }
        // the first report of a batch starts the task that writes it
        if pending_count == 1 {
            tokio::spawn(self.clone().write_pending_batch(app.clone()));
        }
        result.await.unwrap_or_else(|_| Err(AppError::Internal(anyhow::anyhow!("reports could not be stored"))))
    }

    async fn write_pending_batch(self: Arc<ReportWriter>, app: App) {
        // the semaphore is never closed
        let Ok(_permit) = self.write_permits.acquire().await else { return };
        // after a timeout the batch is written as it is
        let _ = timeout(MAX_BATCH_DELAY, self.wait_until_full()).await;
        let mut batch = mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        let average = usize::midpoint(self.batch_size.load(Ordering::Relaxed), batch.len());
        self.batch_size.store(average.min(MAX_BATCH_SIZE), Ordering::Relaxed);
        // two writers that received the same forms lock their rows in the same order, so they can't deadlock
        batch.sort_by_key(|pending| pending.report.ticket.submission_id);
        // a send fails only if the visitor has closed the connection
        match write_batch(&app, &batch).await {
            Ok(stored) => {
                for (pending, stored) in batch.into_iter().zip(stored) {
                    let _ = pending.result_sender.send(Ok(stored));
                }
            }
            Err(AppError::Unavailable(cause)) => {
                for pending in batch {
                    let cause = sqlx::Error::Io(std::io::Error::other(cause.to_string()));
                    let _ = pending.result_sender.send(Err(AppError::Unavailable(cause)));
                }
            }
            // one report that can't be stored must not fail the others
            Err(_) => {
                for pending in batch {
                    let stored = write_batch(&app, std::slice::from_ref(&pending)).await;
                    let result = stored.and_then(|mut stored| stored.pop().ok_or(AppError::BadRequest));
                    let _ = pending.result_sender.send(result);
                }
            }
        }
    }

    async fn wait_until_full(&self) {
        let pending_count = || self.pending.lock().unwrap_or_else(PoisonError::into_inner).len();
        while pending_count() < self.batch_size.load(Ordering::Relaxed) {
            self.batch_full.notified().await;
        }
    }
}

async fn write_batch(app: &App, batch: &[PendingReport]) -> Result<Vec<(TicketReference, AccessKey)>, AppError> {
    let mut db = app.db.acquire().await?;
    match timeout(WRITE_TIMEOUT, insert_batch(app, &mut db, batch)).await {
        Ok(result) => result,
        Err(_) => {
            // the statement may still be running, so the connection can't be used again
            db.close_on_drop();
            Err(AppError::Unavailable(sqlx::Error::Io(ErrorKind::TimedOut.into())))
        }
    }
}

async fn insert_batch(
    app: &App,
    db: &mut PgConnection,
    batch: &[PendingReport],
) -> Result<Vec<(TicketReference, AccessKey)>, AppError> {
    let secret = app.signing_secret.get(db).await?;
    let key = |pending: &PendingReport| AccessKey::initial(secret, pending.report.ticket.submission_id);
    let keys: Vec<_> = batch.iter().map(key).collect();
    let is_ticket_only =
        |pending: &PendingReport| pending.report.check_ids.is_empty() && pending.report.incident_id.is_none();
    // most batches are a single statement, which needs no transaction
    let references = if batch.iter().all(is_ticket_only) {
        open_tickets(db, batch, &keys).await?
    } else {
        let mut tx = db.begin().await?;
        let references = open_tickets(&mut tx, batch, &keys).await?;
        attach_checks(&mut tx, batch, &references).await?;
        join_incidents(&mut tx, batch, &references).await?;
        tx.commit().await?;
        references
    };
    Ok(references.into_iter().zip(keys).collect())
}

async fn open_tickets(
    db: &mut PgConnection,
    batch: &[PendingReport],
    keys: &[AccessKey],
) -> Result<Vec<TicketReference>, sqlx::Error> {
    let reports: Vec<_> = batch
        .iter()
        .zip(keys)
        .map(|(pending, key)| (&pending.report.ticket, key, pending.report.received_at))
        .collect();
    let opened = command::open_batch(db, &reports).await?;
    let mut references = Vec::with_capacity(batch.len());
    for (opened, (ticket, key, received_at)) in opened.into_iter().zip(reports) {
        references.push(match opened {
            Some(reference) => reference,
            None => {
                let mut tx = db.begin().await?;
                let (OpenOutcome::Created(reference) | OpenOutcome::Existing(reference)) =
                    command::open_from_report(&mut tx, ticket, key, received_at).await?;
                tx.commit().await?;
                reference
            }
        });
    }
    Ok(references)
}

/// Attaches the check results to their tickets. A failure is logged and does not fail the reports.
async fn attach_checks(
    db: &mut PgConnection,
    batch: &[PendingReport],
    references: &[TicketReference],
) -> Result<(), sqlx::Error> {
    let Some(now) = batch.iter().map(|pending| pending.report.received_at).max() else { return Ok(()) };
    let pairs: Vec<_> = batch
        .iter()
        .zip(references)
        .flat_map(|(pending, reference)| pending.report.check_ids.ids().iter().map(move |id| (id.as_str(), reference)))
        .collect();
    if pairs.is_empty() {
        return Ok(());
    }
    let mut savepoint = db.begin().await?;
    match checks::attach_to_tickets(&mut savepoint, &pairs, now).await {
        Ok(_) => savepoint.commit().await,
        Err(error) => {
            AppError::from(error).log();
            savepoint.rollback().await
        }
    }
}

/// Joins the tickets to the incidents that their customers chose. A failure is logged and does not fail the reports.
async fn join_incidents(
    db: &mut PgConnection,
    batch: &[PendingReport],
    references: &[TicketReference],
) -> Result<(), sqlx::Error> {
    let Some(now) = batch.iter().map(|pending| pending.report.received_at).max() else { return Ok(()) };
    let mut by_incident: BTreeMap<i64, Vec<&TicketReference>> = BTreeMap::new();
    for (pending, reference) in batch.iter().zip(references) {
        if let Some(incident_id) = pending.report.incident_id {
            by_incident.entry(incident_id).or_default().push(reference);
        }
    }
    for (incident_id, references) in by_incident {
        let mut savepoint = db.begin().await?;
        match join_as_customer(&mut savepoint, &references, incident_id, now).await {
            Ok(()) => savepoint.commit().await?,
            Err(error) => {
                AppError::from(error).log();
                savepoint.rollback().await?;
            }
        }
    }
    Ok(())
}
