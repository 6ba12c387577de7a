//! Taking reports in. Most of what a report costs PostgreSQL is the statement and the commit, not the row: reports that
//! come while another is being stored wait for it and are then stored together.
//!
//! Left alone, a small lot follows a large one: while the large one is stored, nobody of it can come again. So a lot waits
//! for a moment until it is as large as the two before it were on average; while it is stored, the next one is read. Who
//! reports alone waits for nobody.

use std::{
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
    tickets::{AccessKey, CachedSecret, NewTicket, TicketReference, command::update},
    web::{
        AppError,
        rate_limit::{ClientRateLimiter, REPORT_QUOTA},
    },
};

/// How long a lot may wait to be filled: about as long as it takes to store one.
const MAX_BATCH_DELAY: Duration = Duration::from_millis(1);

/// A lot that needs no filling: by now its rows cost much more than its statement.
const MAX_BATCH_SIZE: usize = 24;

/// How long a lot may take to be stored. A database that hangs must not keep everybody's report in the air: the visitor reads
/// that it can't be taken now, and the same form sent again is the same ticket, even if it was stored after all.
const WRITE_TIMEOUT: Duration = Duration::from_secs(5);

/// How many lots are stored at once: while PostgreSQL writes one, it can begin with the next.
const MAX_CONCURRENT_WRITES: usize = 2;

/// The reports that wait to be stored.
pub(super) struct ReportWriter {
    rate_limiter: ClientRateLimiter,
    access_keys: CachedSecret,
    pending: Mutex<Vec<PendingReport>>,
    /// How many make a lot, and the call that so many wait.
    batch_size: AtomicUsize,
    batch_full: Notify,
    /// Held by who stores. The longer that takes, the more are stored together next.
    write_permits: Semaphore,
}

struct PendingReport {
    ticket: NewTicket,
    /// What checks found, to be attached.
    check_ids: CheckIds,
    received_at: OffsetDateTime,
    result_sender: oneshot::Sender<StoreReportResult>,
}

/// The way to the ticket.
type StoreReportResult = Result<(TicketReference, AccessKey), AppError>;

impl Default for ReportWriter {
    fn default() -> ReportWriter {
        ReportWriter {
            rate_limiter: ClientRateLimiter::new(&REPORT_QUOTA),
            access_keys: CachedSecret::default(),
            pending: Mutex::default(),
            batch_size: AtomicUsize::default(),
            batch_full: Notify::default(),
            write_permits: Semaphore::new(MAX_CONCURRENT_WRITES),
        }
    }
}

impl ReportWriter {
    /// Stores a report with what checks found; returns when it is safe. Who hangs up meanwhile has sent it nevertheless.
    ///
    /// # Errors
    /// When too many came from the address, or it could not be stored.
    pub async fn submit(
        self: &Arc<ReportWriter>,
        app: &App,
        new: NewTicket,
        checks: CheckIds,
        at: OffsetDateTime,
    ) -> StoreReportResult {
        self.rate_limiter.check(new.client_ip)?;
        let (answer, stored) = oneshot::channel();
        let count = {
            let mut waiting = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.push(PendingReport { ticket: new, check_ids: checks, received_at: at, result_sender: answer });
            waiting.len()
        };
        if count == self.batch_size.load(Ordering::Relaxed) {
            self.batch_full.notify_one();
        }
        // whoever comes later finds somebody on the way to store theirs, too
        if count == 1 {
            tokio::spawn(self.clone().write_pending_batch(app.clone()));
        }
        stored.await.unwrap_or_else(|_| Err(AppError::Internal(anyhow::anyhow!("reports could not be stored"))))
    }

    async fn write_pending_batch(self: Arc<ReportWriter>, app: App) {
        // nobody ever closes it
        let Ok(_pen) = self.write_permits.acquire().await else { return };
        // full or not, what is there is stored now
        let _ = timeout(MAX_BATCH_DELAY, self.wait_until_full()).await;
        let mut together = mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        let before = self.batch_size.load(Ordering::Relaxed);
        self.batch_size.store(usize::midpoint(before, together.len()).min(MAX_BATCH_SIZE), Ordering::Relaxed);
        // two who store forms that were sent twice meet them in one order, or they would wait for each other
        together.sort_by_key(|waiting| waiting.ticket.submission_id);
        match self.write_batch(&app, &together).await {
            Ok(stored) => {
                for (waiting, way) in together.into_iter().zip(stored) {
                    // nobody listens any more when the visitor has hung up
                    let _ = waiting.result_sender.send(Ok(way));
                }
            }
            Err(AppError::Unavailable(cause)) => {
                for waiting in together {
                    let the_same = sqlx::Error::Io(std::io::Error::other(cause.to_string()));
                    let _ = waiting.result_sender.send(Err(AppError::Unavailable(the_same)));
                }
            }
            // one that can't be stored must not take the others with it
            Err(_) => {
                for waiting in together {
                    let stored = self.write_batch(&app, std::slice::from_ref(&waiting)).await;
                    let _ =
                        waiting.result_sender.send(stored.and_then(|mut one| one.pop().ok_or(AppError::BadRequest)));
                }
            }
        }
    }

    async fn wait_until_full(&self) {
        let count = || self.pending.lock().unwrap_or_else(PoisonError::into_inner).len();
        while count() < self.batch_size.load(Ordering::Relaxed) {
            self.batch_full.notified().await;
        }
    }

    async fn write_batch(
        &self,
        app: &App,
        together: &[PendingReport],
    ) -> Result<Vec<(TicketReference, AccessKey)>, AppError> {
        let mut db = app.db.acquire().await?;
        match timeout(WRITE_TIMEOUT, self.insert_batch(&mut db, together)).await {
            Ok(written) => written,
            Err(_) => {
                // whatever it was doing, nobody waits for its answer any more
                db.close_on_drop();
                Err(AppError::Unavailable(sqlx::Error::Io(ErrorKind::TimedOut.into())))
            }
        }
    }

    async fn insert_batch(
        &self,
        db: &mut PgConnection,
        together: &[PendingReport],
    ) -> Result<Vec<(TicketReference, AccessKey)>, AppError> {
        let mut keys = Vec::with_capacity(together.len());
        for waiting in together {
            keys.push(self.access_keys.initial_access_key(db, waiting.ticket.submission_id).await?);
        }
        // one statement needs no transaction around it, and most reports come without checks
        let references = if together.iter().all(|waiting| waiting.check_ids.is_empty()) {
            open_tickets(db, together, &keys).await?
        } else {
            let mut tx = db.begin().await?;
            let references = open_tickets(&mut tx, together, &keys).await?;
            attach_checks(&mut tx, together, &references).await?;
            tx.commit().await?;
            references
        };
        Ok(references.into_iter().zip(keys).collect())
    }
}

async fn open_tickets(
    db: &mut PgConnection,
    together: &[PendingReport],
    keys: &[AccessKey],
) -> Result<Vec<TicketReference>, sqlx::Error> {
    let reports: Vec<_> = together.iter().zip(keys).map(|(one, key)| (&one.ticket, key, one.received_at)).collect();
    let opened = update::open_batch(db, &reports).await?;
    let mut references = Vec::with_capacity(together.len());
    for (opened, (new, key, at)) in opened.into_iter().zip(reports) {
        references.push(match opened {
            Some(reference) => reference,
            None => {
                let mut tx = db.begin().await?;
                let (update::OpenOutcome::Created(reference) | update::OpenOutcome::Existing(reference)) =
                    update::open_from_report(&mut tx, new, key, at).await?;
                tx.commit().await?;
                reference
            }
        });
    }
    Ok(references)
}

/// Hands the checks over to their tickets, with them or not at all. What can't be handed over costs nobody the report.
async fn attach_checks(
    db: &mut PgConnection,
    together: &[PendingReport],
    references: &[TicketReference],
) -> Result<(), sqlx::Error> {
    let Some(at) = together.iter().map(|waiting| waiting.received_at).max() else { return Ok(()) };
    let all = together.iter().zip(references);
    let pairs: Vec<_> =
        all.flat_map(|(one, reference)| one.check_ids.ids().iter().map(move |id| (id.as_str(), reference))).collect();
    let mut inside = db.begin().await?;
    match checks::attach_to_tickets(&mut inside, &pairs, at).await {
        Ok(_) => inside.commit().await,
        Err(error) => {
            AppError::from(error).log();
            inside.rollback().await
        }
    }
}
