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
    guides::Carried,
    tickets::{Key, KeyMaker, NewTicket, Reference, verbs},
    web::{
        Error,
        limit::{Limit, REPORTS},
    },
};

/// How long a lot may wait to be filled: about as long as it takes to store one.
const MOMENT: Duration = Duration::from_millis(1);

/// A lot that needs no filling: by now its rows cost much more than its statement.
const ENOUGH: usize = 24;

/// How long a lot may take to be stored. A database that hangs must not keep everybody's report in the air: the visitor reads
/// that it can't be taken now, and the same form sent again is the same ticket, even if it was stored after all.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many lots are stored at once: while PostgreSQL writes one, it can begin with the next.
const PENS: usize = 2;

/// The reports that wait to be stored.
pub(super) struct Intake {
    limit: Limit,
    keys: KeyMaker,
    waiting: Mutex<Vec<Waiting>>,
    /// How many make a lot, and the call that so many wait.
    lot: AtomicUsize,
    is_full: Notify,
    /// Held by who stores. The longer that takes, the more are stored together next.
    pens: Semaphore,
}

struct Waiting {
    new: NewTicket,
    /// What checks found, to be attached.
    checks: Carried,
    at: OffsetDateTime,
    answer: oneshot::Sender<Stored>,
}

/// The way to the ticket.
type Stored = Result<(Reference, Key), Error>;

impl Default for Intake {
    fn default() -> Intake {
        Intake {
            limit: Limit::new(&REPORTS),
            keys: KeyMaker::default(),
            waiting: Mutex::default(),
            lot: AtomicUsize::default(),
            is_full: Notify::default(),
            pens: Semaphore::new(PENS),
        }
    }
}

impl Intake {
    /// Stores a report with what checks found; returns when it is safe. Who hangs up meanwhile has sent it nevertheless.
    ///
    /// # Errors
    /// When too many came from the address, or it could not be stored.
    pub async fn take(self: &Arc<Intake>, app: &App, new: NewTicket, checks: Carried, at: OffsetDateTime) -> Stored {
        self.limit.check(new.client_ip)?;
        let (answer, stored) = oneshot::channel();
        let count = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.push(Waiting { new, checks, at, answer });
            waiting.len()
        };
        if count == self.lot.load(Ordering::Relaxed) {
            self.is_full.notify_one();
        }
        // whoever comes later finds somebody on the way to store theirs, too
        if count == 1 {
            tokio::spawn(self.clone().store_waiting(app.clone()));
        }
        stored.await.unwrap_or_else(|_| Err(Error::Internal(anyhow::anyhow!("reports could not be stored"))))
    }

    async fn store_waiting(self: Arc<Intake>, app: App) {
        // nobody ever closes it
        let Ok(_pen) = self.pens.acquire().await else { return };
        // full or not, what is there is stored now
        let _ = timeout(MOMENT, self.full()).await;
        let mut together = mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        let before = self.lot.load(Ordering::Relaxed);
        self.lot.store(usize::midpoint(before, together.len()).min(ENOUGH), Ordering::Relaxed);
        // two who store forms that were sent twice meet them in one order, or they would wait for each other
        together.sort_by_key(|waiting| waiting.new.submission);
        match self.store(&app, &together).await {
            Ok(stored) => {
                for (waiting, way) in together.into_iter().zip(stored) {
                    // nobody listens any more when the visitor has hung up
                    let _ = waiting.answer.send(Ok(way));
                }
            }
            Err(Error::Away(cause)) => {
                for waiting in together {
                    let the_same = sqlx::Error::Io(std::io::Error::other(cause.to_string()));
                    let _ = waiting.answer.send(Err(Error::Away(the_same)));
                }
            }
            // one that can't be stored must not take the others with it
            Err(_) => {
                for waiting in together {
                    let stored = self.store(&app, std::slice::from_ref(&waiting)).await;
                    let _ = waiting.answer.send(stored.and_then(|mut one| one.pop().ok_or(Error::BadRequest)));
                }
            }
        }
    }

    async fn full(&self) {
        let count = || self.waiting.lock().unwrap_or_else(PoisonError::into_inner).len();
        while count() < self.lot.load(Ordering::Relaxed) {
            self.is_full.notified().await;
        }
    }

    async fn store(&self, app: &App, together: &[Waiting]) -> Result<Vec<(Reference, Key)>, Error> {
        let mut db = app.db.read().await?;
        match timeout(PATIENCE, self.write(&mut db, together)).await {
            Ok(written) => written,
            Err(_) => {
                // whatever it was doing, nobody waits for its answer any more
                db.close_on_drop();
                Err(Error::Away(sqlx::Error::Io(ErrorKind::TimedOut.into())))
            }
        }
    }

    async fn write(&self, db: &mut PgConnection, together: &[Waiting]) -> Result<Vec<(Reference, Key)>, Error> {
        let mut keys = Vec::with_capacity(together.len());
        for waiting in together {
            keys.push(self.keys.key(db, waiting.new.submission).await?);
        }
        // one statement needs no transaction around it, and most reports come without checks
        let references = if together.iter().all(|waiting| waiting.checks.is_empty()) {
            open(db, together, &keys).await?
        } else {
            let mut tx = db.begin().await?;
            let references = open(&mut tx, together, &keys).await?;
            attach(&mut tx, together, &references).await?;
            tx.commit().await?;
            references
        };
        Ok(references.into_iter().zip(keys).collect())
    }
}

async fn open(db: &mut PgConnection, together: &[Waiting], keys: &[Key]) -> Result<Vec<Reference>, sqlx::Error> {
    let reports: Vec<_> = together.iter().zip(keys).map(|(one, key)| (&one.new, key, one.at)).collect();
    let opened = verbs::open_all(db, &reports).await?;
    let mut references = Vec::with_capacity(together.len());
    for (opened, (new, key, at)) in opened.into_iter().zip(reports) {
        references.push(match opened {
            Some(reference) => reference,
            None => {
                let mut tx = db.begin().await?;
                let (verbs::Opened::New(reference) | verbs::Opened::Already(reference)) =
                    verbs::open(&mut tx, new, key, at).await?;
                tx.commit().await?;
                reference
            }
        });
    }
    Ok(references)
}

/// Hands the checks over to their tickets, with them or not at all. What can't be handed over costs nobody the report.
async fn attach(db: &mut PgConnection, together: &[Waiting], references: &[Reference]) -> Result<(), sqlx::Error> {
    let Some(at) = together.iter().map(|waiting| waiting.at).max() else { return Ok(()) };
    let all = together.iter().zip(references);
    let pairs: Vec<_> =
        all.flat_map(|(one, reference)| one.checks.ids().iter().map(move |id| (id.as_str(), reference))).collect();
    let mut inside = db.begin().await?;
    match checks::attach(&mut inside, &pairs, at).await {
        Ok(_) => inside.commit().await,
        Err(error) => {
            Error::from(error).log();
            inside.rollback().await
        }
    }
}
