//! The post office: takes letters that are due and hands them to the mail server.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use time::OffsetDateTime;

use super::{
    DeliveryFailure, EmailState, SERVER_DOWN_BACKOFFS,
    compose::OutgoingEmail,
    next_attempt, nth_delay,
    smtp::{SendError, SmtpSession, SmtpTimeouts},
    store::{self, ClaimedEmail, FailedAttempt},
};
use crate::{app::App, mail_settings::OutboundMail, tickets::SigningSecret};

/// Letters that are taken at once,
const BATCH_SIZE: usize = 100;
/// and lines on which they go.
const MAX_SMTP_SESSIONS: usize = 4;

/// How far letters that need a person are counted for the sign on staff's pages.
const MAX_FAILED_COUNTED: i64 = 100;

/// One for each program; several programs share the letters.
pub struct Mailer {
    timeouts: SmtpTimeouts,
    /// Held while letters are being sent.
    send_lock: tokio::sync::Mutex<()>,
    is_shutting_down: AtomicBool,
    /// How often in a row the server could not be reached, and until when it is left alone.
    backoff: Mutex<(usize, Option<OffsetDateTime>)>,
}

/// What became of the letters that were due.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct SendSummary {
    pub sent: usize,
    /// To be tried again.
    pub deferred: usize,
    /// Put before a person.
    pub failed: usize,
    /// Whether there may be more.
    pub may_have_more: bool,
}

impl Default for Mailer {
    fn default() -> Mailer {
        Mailer::with_timeouts(SmtpTimeouts::default())
    }
}

impl Mailer {
    pub fn with_timeouts(patience: SmtpTimeouts) -> Mailer {
        Mailer {
            timeouts: patience,
            send_lock: tokio::sync::Mutex::default(),
            is_shutting_down: AtomicBool::new(false),
            backoff: Mutex::default(),
        }
    }

    /// Sends what is due.
    ///
    /// # Errors
    /// When the database is away. A letter that was being handed over then is put before a person.
    pub async fn send_due(&self, app: &App) -> Result<SendSummary, sqlx::Error> {
        let _at_work = self.send_lock.lock().await;
        let now = app.clock.now();
        let mut db = app.db.acquire().await?;
        let mut done = SendSummary::default();
        if app.mail.outbound.is_some() {
            done.failed += usize::try_from(store::fail_stalled_and_expired(&mut db, now).await?).unwrap_or(usize::MAX);
        }
        app.mail.failed_count.store(store::count_failed(&mut db, MAX_FAILED_COUNTED).await?, Ordering::Relaxed);
        let Some(way) = &app.mail.outbound else { return Ok(done) };
        let Some(most) = self.batch_size(now) else { return Ok(done) };
        let due = store::claim_due(&mut db, most, now).await?;
        if due.is_empty() {
            return Ok(done);
        }
        done.may_have_more = due.len() == BATCH_SIZE;
        let round = SendBatch {
            mailer: self,
            app,
            outbound: way,
            signing_secret: SigningSecret::load(&mut db).await?,
            remaining: Mutex::new(due.into()),
        };
        drop(db);
        let lines = (0..MAX_SMTP_SESSIONS).map(|_| round.run_session());
        let ends = futures_util::future::join_all(lines).await;
        let left = std::mem::take(&mut *round.remaining.lock().unwrap_or_else(PoisonError::into_inner));
        if !left.is_empty() {
            store::release_claims(&mut *app.db.acquire().await?, &Vec::from(left)).await?;
        }
        for end in ends {
            let end = end?;
            done.sent += end.sent;
            done.deferred += end.deferred;
            done.failed += end.failed;
            done.may_have_more &= end.deferred == 0;
        }
        Ok(done)
    }

    /// Ends: letters that are being handed over may still go, no other is begun. Returns when that is done, or the
    /// patience is over.
    pub async fn shutdown(&self, patience: Duration) {
        self.is_shutting_down.store(true, Ordering::Relaxed);
        if tokio::time::timeout(patience, self.send_lock.lock()).await.is_err() {
            tracing::warn!("a letter was being handed over when the program ended: a person has to look after it");
        }
    }

    /// How many letters may be taken now. After the server could not be reached one is enough to try.
    fn batch_size(&self, now: OffsetDateTime) -> Option<usize> {
        let (failures, until) = *self.backoff.lock().unwrap_or_else(PoisonError::into_inner);
        match until {
            _ if self.is_shutting_down.load(Ordering::Relaxed) => None,
            Some(until) if now < until => None,
            _ if failures > 0 => Some(1),
            _ => Some(BATCH_SIZE),
        }
    }

    fn mark_server_up(&self) {
        *self.backoff.lock().unwrap_or_else(PoisonError::into_inner) = (0, None);
    }

    fn mark_server_down(&self, now: OffsetDateTime) {
        let mut rest = self.backoff.lock().unwrap_or_else(PoisonError::into_inner);
        // several lines fail together
        if rest.1.is_none_or(|until| until <= now) {
            let failures = rest.0 + 1;
            *rest = (failures, Some(now + nth_delay(SERVER_DOWN_BACKOFFS, failures)));
        }
    }

    fn is_backing_off(&self, now: OffsetDateTime) -> bool {
        self.batch_size(now).is_none()
    }
}

/// The letters of one tick, and what all its lines need.
struct SendBatch<'a> {
    mailer: &'a Mailer,
    app: &'a App,
    outbound: &'a OutboundMail,
    signing_secret: SigningSecret,
    remaining: Mutex<VecDeque<ClaimedEmail>>,
}

impl SendBatch<'_> {
    /// Sends letters over one line until none is left or the server can't be reached.
    async fn run_session(&self) -> Result<SendSummary, sqlx::Error> {
        let (mut line, mut done) = (None, SendSummary::default());
        let result = loop {
            if self.mailer.is_backing_off(self.app.clock.now()) {
                break Ok(());
            }
            let next = self.remaining.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some(due) = next else { break Ok(()) };
            if let Err(error) = self.process_email(&mut line, &due, &mut done).await {
                break Err(error);
            }
        };
        if let Some(line) = line {
            line.close().await;
        }
        result.map(|()| done)
    }

    async fn process_email(
        &self,
        line: &mut Option<SmtpSession>,
        due: &ClaimedEmail,
        done: &mut SendSummary,
    ) -> Result<(), sqlx::Error> {
        let sent = match OutgoingEmail::compose(due, self.app, self.outbound, &self.signing_secret) {
            Some(letter) => self.send(line, due, &letter).await?,
            None => Err(SendError { failure: DeliveryFailure::Invalid, server_response: String::new() }),
        };
        let now = self.app.clock.now();
        let failure = match sent {
            Ok(SendOutcome::Sent) => {
                self.mailer.mark_server_up();
                done.sent += 1;
                return Ok(());
            }
            Ok(SendOutcome::ClaimLost) => return Ok(()),
            Err(failure) => failure,
        };
        let tries = usize::try_from(due.attempts).unwrap_or(0) + 1;
        let (state, next_at, counts) = match failure.failure {
            DeliveryFailure::ServerUnavailable => (EmailState::Queued, now, false),
            DeliveryFailure::Deferred => (EmailState::Queued, next_attempt(now, tries), true),
            DeliveryFailure::Rejected
            | DeliveryFailure::Unconfirmed
            | DeliveryFailure::Invalid
            | DeliveryFailure::Expired => (EmailState::Failed, now, true),
        };
        match failure.failure {
            DeliveryFailure::ServerUnavailable => {
                tracing::warn!("the mail server takes no letters: the page of letters says what it said");
                self.mailer.mark_server_down(now);
            }
            // it answers
            DeliveryFailure::Deferred | DeliveryFailure::Rejected => self.mailer.mark_server_up(),
            DeliveryFailure::Unconfirmed | DeliveryFailure::Invalid | DeliveryFailure::Expired => {}
        }
        if state == EmailState::Failed {
            tracing::warn!(letter = due.id, trouble = ?failure.failure, "a letter needs a person");
            done.failed += 1;
        } else {
            done.deferred += 1;
        }
        let how = FailedAttempt {
            state,
            failure: failure.failure,
            server_response: &failure.server_response,
            next_attempt_at: next_at,
            counts_as_attempt: counts,
        };
        store::record_failed_attempt(&mut *self.app.db.acquire().await?, due, &how).await
    }

    /// Hands one letter over. The line is opened when it is needed, and once more when the server has ended it.
    async fn send(
        &self,
        line: &mut Option<SmtpSession>,
        due: &ClaimedEmail,
        letter: &OutgoingEmail,
    ) -> Result<Result<SendOutcome, SendError>, sqlx::Error> {
        let from = &self.outbound.from.email;
        let mut open = loop {
            let mut open = match line.take() {
                Some(open) => open,
                None => match SmtpSession::open(&self.outbound.server, self.mailer.timeouts).await {
                    Ok(open) => open,
                    Err(failure) => return Ok(Err(failure)),
                },
            };
            match open.send_envelope(from, &letter.to).await {
                Ok(()) => break open,
                Err(failure) if failure.failure == DeliveryFailure::ServerUnavailable => {
                    let was_used = open.emails_attempted > 1;
                    open.close().await;
                    if !was_used {
                        return Ok(Err(failure));
                    }
                }
                Err(failure) => {
                    if open.reset().await {
                        *line = Some(open);
                    }
                    return Ok(Err(failure));
                }
            }
        };
        // from here on it may be gone without our knowing; who has lost it to another program does not begin
        let marked =
            store::mark_sending(&mut *self.app.db.acquire().await?, due, &letter.message_id, self.app.clock.now())
                .await?;
        if !marked {
            // nothing but the end of the line takes the word back
            drop(open);
            return Ok(Ok(SendOutcome::ClaimLost));
        }
        let handed = open.send_data(&letter.bytes).await;
        match &handed {
            Ok(()) => {
                *line = Some(open);
                self.record_sent(due).await?;
            }
            Err(failure) if failure.failure == DeliveryFailure::Unconfirmed => drop(open),
            Err(_) => {
                if open.reset().await {
                    *line = Some(open);
                }
            }
        }
        Ok(handed.map(|()| SendOutcome::Sent))
    }

    /// Writes down that it has gone. That is worth some patience: without it a person would have to find out.
    async fn record_sent(&self, due: &ClaimedEmail) -> Result<(), sqlx::Error> {
        let mut pause = Duration::from_millis(100);
        loop {
            let recorded =
                async { store::mark_sent(&mut *self.app.db.acquire().await?, due, self.app.clock.now()).await };
            match recorded.await {
                Ok(()) => return Ok(()),
                Err(error) if pause > Duration::from_secs(5) => return Err(error),
                Err(_) => tokio::time::sleep(pause).await,
            }
            pause *= 2;
        }
    }
}

enum SendOutcome {
    Sent,
    /// A person gave it up meanwhile, or another program has it.
    ClaimLost,
}
