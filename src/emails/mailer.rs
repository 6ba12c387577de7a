//! The mailer claims emails that are due and sends them to the mail server.

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
use crate::{app::App, mail_settings::OutboundMail, signing::SigningSecret};

/// Emails that are claimed at once.
const BATCH_SIZE: usize = 100;
/// SMTP sessions in which a batch is sent.
const MAX_SMTP_SESSIONS: usize = 4;

/// How far failed emails are counted for the badge on staff pages.
const MAX_FAILED_COUNTED: i64 = 100;

/// One for each process; several processes share the emails.
pub struct Mailer {
    timeouts: SmtpTimeouts,
    /// Held while emails are being sent.
    send_lock: tokio::sync::Mutex<()>,
    is_shutting_down: AtomicBool,
    /// How often in a row the server could not be reached, and until when no attempt is made.
    backoff: Mutex<(usize, Option<OffsetDateTime>)>,
}

/// The results of the emails that were due.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct SendSummary {
    pub sent: usize,
    /// To be retried.
    pub deferred: usize,
    /// Left to a staff member.
    pub failed: usize,
    /// Whether more emails may be due.
    pub may_have_more: bool,
}

impl Default for Mailer {
    fn default() -> Mailer {
        Mailer::with_timeouts(SmtpTimeouts::default())
    }
}

impl Mailer {
    pub fn with_timeouts(timeouts: SmtpTimeouts) -> Mailer {
        Mailer {
            timeouts,
            send_lock: tokio::sync::Mutex::default(),
            is_shutting_down: AtomicBool::new(false),
            backoff: Mutex::default(),
        }
    }

    /// Sends the emails that are due.
    ///
    /// # Errors
    /// A database error. An email that was being sent at that moment is left to a staff member.
    pub async fn send_due(&self, app: &App) -> Result<SendSummary, sqlx::Error> {
        let _guard = self.send_lock.lock().await;
        let now = app.clock.now();
        let mut db = app.db.acquire().await?;
        let mut summary = SendSummary::default();
        if app.mail.outbound.is_some() {
            let failed = store::fail_stalled_and_expired(&mut db, now).await?;
            summary.failed += usize::try_from(failed).unwrap_or(usize::MAX);
        }
        app.mail.failed_count.store(store::count_failed(&mut db, MAX_FAILED_COUNTED).await?, Ordering::Relaxed);
        let Some(outbound) = &app.mail.outbound else { return Ok(summary) };
        let Some(batch_size) = self.batch_size(now) else { return Ok(summary) };
        let claimed = store::claim_due(&mut db, batch_size, now).await?;
        if claimed.is_empty() {
            return Ok(summary);
        }
        summary.may_have_more = claimed.len() == BATCH_SIZE;
        let batch = SendBatch {
            mailer: self,
            app,
            outbound,
            signing_secret: app.signing_secret.get(&mut db).await?,
            remaining: Mutex::new(claimed.into()),
        };
        drop(db);
        let sessions = (0..MAX_SMTP_SESSIONS).map(|_| batch.run_session());
        let results = futures_util::future::join_all(sessions).await;
        let not_attempted = std::mem::take(&mut *batch.remaining.lock().unwrap_or_else(PoisonError::into_inner));
        if !not_attempted.is_empty() {
            store::release_claims(&mut *app.db.acquire().await?, &Vec::from(not_attempted)).await?;
        }
        for result in results {
            let session = result?;
            summary.sent += session.sent;
            summary.deferred += session.deferred;
            summary.failed += session.failed;
            summary.may_have_more &= session.deferred == 0;
        }
        Ok(summary)
    }

    /// Starts no further email, and waits at most `grace_period` for those that are being sent.
    pub async fn shutdown(&self, grace_period: Duration) {
        self.is_shutting_down.store(true, Ordering::Relaxed);
        if tokio::time::timeout(grace_period, self.send_lock.lock()).await.is_err() {
            tracing::warn!("an email was being sent when the process ended: a staff member has to decide about it");
        }
    }

    /// How many emails may be claimed now. After a failure to reach the server, one email is enough for a test.
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
        let mut backoff = self.backoff.lock().unwrap_or_else(PoisonError::into_inner);
        // several sessions fail together
        if backoff.1.is_none_or(|until| until <= now) {
            let failures = backoff.0 + 1;
            *backoff = (failures, Some(now + nth_delay(SERVER_DOWN_BACKOFFS, failures)));
        }
    }

    fn is_backing_off(&self, now: OffsetDateTime) -> bool {
        self.batch_size(now).is_none()
    }
}

/// The emails of one run, and what all its sessions need.
struct SendBatch<'a> {
    mailer: &'a Mailer,
    app: &'a App,
    outbound: &'a OutboundMail,
    signing_secret: &'a SigningSecret,
    remaining: Mutex<VecDeque<ClaimedEmail>>,
}

impl SendBatch<'_> {
    /// Sends emails in one SMTP session until none remains or the server cannot be reached.
    async fn run_session(&self) -> Result<SendSummary, sqlx::Error> {
        let (mut session, mut summary) = (None, SendSummary::default());
        let result = loop {
            if self.mailer.is_backing_off(self.app.clock.now()) {
                break Ok(());
            }
            let next = self.remaining.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some(claimed) = next else { break Ok(()) };
            if let Err(error) = self.process_email(&mut session, &claimed, &mut summary).await {
                break Err(error);
            }
        };
        if let Some(session) = session {
            session.close().await;
        }
        result.map(|()| summary)
    }

    async fn process_email(
        &self,
        session: &mut Option<SmtpSession>,
        claimed: &ClaimedEmail,
        summary: &mut SendSummary,
    ) -> Result<(), sqlx::Error> {
        let result = match OutgoingEmail::compose(claimed, self.app, self.outbound, self.signing_secret) {
            Some(email) => self.send(session, claimed, &email).await?,
            None => Err(SendError { failure: DeliveryFailure::Invalid, server_response: String::new() }),
        };
        let now = self.app.clock.now();
        let SendError { failure, server_response } = match result {
            Ok(SendOutcome::Sent) => {
                self.mailer.mark_server_up();
                summary.sent += 1;
                return Ok(());
            }
            Ok(SendOutcome::ClaimLost) => return Ok(()),
            Err(error) => error,
        };
        let attempts = usize::try_from(claimed.attempts).unwrap_or(0) + 1;
        let (state, next_attempt_at, counts_as_attempt) = match failure {
            DeliveryFailure::ServerUnavailable => (EmailState::Queued, now, false),
            DeliveryFailure::Deferred => (EmailState::Queued, next_attempt(now, attempts), true),
            DeliveryFailure::Rejected
            | DeliveryFailure::Unconfirmed
            | DeliveryFailure::Invalid
            | DeliveryFailure::Expired => (EmailState::Failed, now, true),
        };
        match failure {
            DeliveryFailure::ServerUnavailable => {
                tracing::warn!("the mail server accepts no emails: its response is on /staff/emails");
                self.mailer.mark_server_down(now);
            }
            // the server responds
            DeliveryFailure::Deferred | DeliveryFailure::Rejected => self.mailer.mark_server_up(),
            DeliveryFailure::Unconfirmed | DeliveryFailure::Invalid | DeliveryFailure::Expired => {}
        }
        if state == EmailState::Failed {
            tracing::warn!(email = claimed.id, ?failure, "an email needs a decision by a staff member");
            summary.failed += 1;
        } else {
            summary.deferred += 1;
        }
        let attempt =
            FailedAttempt { state, failure, server_response: &server_response, next_attempt_at, counts_as_attempt };
        store::record_failed_attempt(&mut *self.app.db.acquire().await?, claimed, &attempt).await
    }

    /// Sends one email. Opens the session when it is needed, and once more when the server has closed it.
    async fn send(
        &self,
        session: &mut Option<SmtpSession>,
        claimed: &ClaimedEmail,
        email: &OutgoingEmail,
    ) -> Result<Result<SendOutcome, SendError>, sqlx::Error> {
        let from = &self.outbound.from.email;
        let mut open = loop {
            let mut open = match session.take() {
                Some(open) => open,
                None => match SmtpSession::open(&self.outbound.server, self.mailer.timeouts).await {
                    Ok(open) => open,
                    Err(error) => return Ok(Err(error)),
                },
            };
            match open.send_envelope(from, &email.to).await {
                Ok(()) => break open,
                Err(error) if error.failure == DeliveryFailure::ServerUnavailable => {
                    let was_used = open.emails_attempted > 1;
                    open.close().await;
                    if !was_used {
                        return Ok(Err(error));
                    }
                }
                Err(error) => {
                    if open.reset().await {
                        *session = Some(open);
                    }
                    return Ok(Err(error));
                }
            }
        };
        // From here on the email may be sent without our knowledge. Without the claim it must not be sent at all.
        let is_ours =
            store::mark_sending(&mut *self.app.db.acquire().await?, claimed, &email.message_id, self.app.clock.now())
                .await?;
        if !is_ours {
            // only closing the connection takes back the DATA command
            drop(open);
            return Ok(Ok(SendOutcome::ClaimLost));
        }
        let result = open.send_data(&email.bytes).await;
        match &result {
            Ok(()) => {
                *session = Some(open);
                self.record_sent(claimed).await?;
            }
            Err(error) if error.failure == DeliveryFailure::Unconfirmed => drop(open),
            Err(_) => {
                if open.reset().await {
                    *session = Some(open);
                }
            }
        }
        Ok(result.map(|()| SendOutcome::Sent))
    }

    /// Records that the email was sent. Retries for about six seconds, because otherwise a staff
    /// member would have to find out.
    async fn record_sent(&self, claimed: &ClaimedEmail) -> Result<(), sqlx::Error> {
        let mut delay = Duration::from_millis(100);
        loop {
            let recorded =
                async { store::mark_sent(&mut *self.app.db.acquire().await?, claimed, self.app.clock.now()).await };
            match recorded.await {
                Ok(()) => return Ok(()),
                Err(error) if delay > Duration::from_secs(5) => return Err(error),
                Err(_) => tokio::time::sleep(delay).await,
            }
            delay *= 2;
        }
    }
}

enum SendOutcome {
    Sent,
    /// A staff member cancelled the email, or another process has claimed it.
    ClaimLost,
}
