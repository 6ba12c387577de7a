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
    RESTS, State, Trouble,
    line::{Failure, Line, Patience},
    next, of,
    store::{self, Due, NotSent},
    written::Letter,
};
use crate::{app::App, mail::Way, tickets::Seal};

/// Letters that are taken at once,
const LOT: usize = 100;
/// and lines on which they go.
const LINES: usize = 4;

/// How far letters that need a person are counted for the sign on staff's pages.
const COUNTED: i64 = 100;

/// One for each program; several programs share the letters.
pub struct Post {
    patience: Patience,
    /// Held while letters are being sent.
    at_work: tokio::sync::Mutex<()>,
    is_closing: AtomicBool,
    /// How often in a row the server could not be reached, and until when it is left alone.
    rest: Mutex<(usize, Option<OffsetDateTime>)>,
}

/// What became of the letters that were due.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    pub sent: usize,
    /// To be tried again.
    pub later: usize,
    /// Put before a person.
    pub stuck: usize,
    /// Whether there may be more.
    pub is_full: bool,
}

impl Default for Post {
    fn default() -> Post {
        Post::patient(Patience::default())
    }
}

impl Post {
    pub fn patient(patience: Patience) -> Post {
        Post {
            patience,
            at_work: tokio::sync::Mutex::default(),
            is_closing: AtomicBool::new(false),
            rest: Mutex::default(),
        }
    }

    /// Sends what is due.
    ///
    /// # Errors
    /// When the database is away. A letter that was being handed over then is put before a person.
    pub async fn tick(&self, app: &App) -> Result<Sent, sqlx::Error> {
        let _at_work = self.at_work.lock().await;
        let now = app.clock.now();
        let mut db = app.db.read().await?;
        let mut done = Sent::default();
        if app.mail.way.is_some() {
            done.stuck += usize::try_from(store::put_aside(&mut db, now).await?).unwrap_or(usize::MAX);
        }
        app.mail.stuck.store(store::stuck(&mut db, COUNTED).await?, Ordering::Relaxed);
        let Some(way) = &app.mail.way else { return Ok(done) };
        let Some(most) = self.lot(now) else { return Ok(done) };
        let due = store::claim(&mut db, most, now).await?;
        if due.is_empty() {
            return Ok(done);
        }
        done.is_full = due.len() == LOT;
        let round = Round { post: self, app, way, seal: Seal::read(&mut db).await?, left: Mutex::new(due.into()) };
        drop(db);
        let lines = (0..LINES).map(|_| round.line());
        let ends = futures_util::future::join_all(lines).await;
        let left = std::mem::take(&mut *round.left.lock().unwrap_or_else(PoisonError::into_inner));
        if !left.is_empty() {
            store::give_back(&mut *app.db.read().await?, &Vec::from(left)).await?;
        }
        for end in ends {
            let end = end?;
            done.sent += end.sent;
            done.later += end.later;
            done.stuck += end.stuck;
            done.is_full &= end.later == 0;
        }
        Ok(done)
    }

    /// Ends: letters that are being handed over may still go, no other is begun. Returns when that is done, or the
    /// patience is over.
    pub async fn close(&self, patience: Duration) {
        self.is_closing.store(true, Ordering::Relaxed);
        if tokio::time::timeout(patience, self.at_work.lock()).await.is_err() {
            tracing::warn!("a letter was being handed over when the program ended: a person has to look after it");
        }
    }

    /// How many letters may be taken now. After the server could not be reached one is enough to try.
    fn lot(&self, now: OffsetDateTime) -> Option<usize> {
        let (failures, until) = *self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        match until {
            _ if self.is_closing.load(Ordering::Relaxed) => None,
            Some(until) if now < until => None,
            _ if failures > 0 => Some(1),
            _ => Some(LOT),
        }
    }

    fn reached(&self) {
        *self.rest.lock().unwrap_or_else(PoisonError::into_inner) = (0, None);
    }

    fn not_reached(&self, now: OffsetDateTime) {
        let mut rest = self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        // several lines fail together
        if rest.1.is_none_or(|until| until <= now) {
            let failures = rest.0 + 1;
            *rest = (failures, Some(now + of(RESTS, failures)));
        }
    }

    fn is_resting(&self, now: OffsetDateTime) -> bool {
        self.lot(now).is_none()
    }
}

/// The letters of one tick, and what all its lines need.
struct Round<'a> {
    post: &'a Post,
    app: &'a App,
    way: &'a Way,
    seal: Seal,
    left: Mutex<VecDeque<Due>>,
}

impl Round<'_> {
    /// Sends letters over one line until none is left or the server can't be reached.
    async fn line(&self) -> Result<Sent, sqlx::Error> {
        let (mut line, mut done) = (None, Sent::default());
        let result = loop {
            if self.post.is_resting(self.app.clock.now()) {
                break Ok(());
            }
            let next = self.left.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some(due) = next else { break Ok(()) };
            if let Err(error) = self.letter(&mut line, &due, &mut done).await {
                break Err(error);
            }
        };
        if let Some(line) = line {
            line.close().await;
        }
        result.map(|()| done)
    }

    async fn letter(&self, line: &mut Option<Line>, due: &Due, done: &mut Sent) -> Result<(), sqlx::Error> {
        let sent = match Letter::of(due, self.app, self.way, &self.seal) {
            Some(letter) => self.send(line, due, &letter).await?,
            None => Err(Failure { trouble: Trouble::Unwritable, said: String::new() }),
        };
        let now = self.app.clock.now();
        let failure = match sent {
            Ok(Handed::Over) => {
                self.post.reached();
                done.sent += 1;
                return Ok(());
            }
            Ok(Handed::NotOurs) => return Ok(()),
            Err(failure) => failure,
        };
        let tries = usize::try_from(due.attempts).unwrap_or(0) + 1;
        let (state, next_at, counts) = match failure.trouble {
            Trouble::Server => (State::Waiting, now, false),
            Trouble::Later => (State::Waiting, next(now, tries), true),
            Trouble::Refused | Trouble::Unsure | Trouble::Unwritable | Trouble::Late => (State::Stuck, now, true),
        };
        match failure.trouble {
            Trouble::Server => {
                tracing::warn!("the mail server takes no letters: the page of letters says what it said");
                self.post.not_reached(now);
            }
            // it answers
            Trouble::Later | Trouble::Refused => self.post.reached(),
            Trouble::Unsure | Trouble::Unwritable | Trouble::Late => {}
        }
        if state == State::Stuck {
            tracing::warn!(letter = due.id, trouble = ?failure.trouble, "a letter needs a person");
            done.stuck += 1;
        } else {
            done.later += 1;
        }
        let how = NotSent { state, trouble: failure.trouble, said: &failure.said, next_at, counts };
        store::not_sent(&mut *self.app.db.read().await?, due, &how).await
    }

    /// Hands one letter over. The line is opened when it is needed, and once more when the server has ended it.
    async fn send(
        &self,
        line: &mut Option<Line>,
        due: &Due,
        letter: &Letter,
    ) -> Result<Result<Handed, Failure>, sqlx::Error> {
        let from = &self.way.from.email;
        let mut open = loop {
            let mut open = match line.take() {
                Some(open) => open,
                None => match Line::open(&self.way.server, self.post.patience).await {
                    Ok(open) => open,
                    Err(failure) => return Ok(Err(failure)),
                },
            };
            match open.offer(from, &letter.to).await {
                Ok(()) => break open,
                Err(failure) if failure.trouble == Trouble::Server => {
                    let was_used = open.used > 1;
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
            store::mark(&mut *self.app.db.read().await?, due, &letter.message_id, self.app.clock.now()).await?;
        if !marked {
            // nothing but the end of the line takes the word back
            drop(open);
            return Ok(Ok(Handed::NotOurs));
        }
        let handed = open.hand_over(&letter.bytes).await;
        match &handed {
            Ok(()) => {
                *line = Some(open);
                self.record(due).await?;
            }
            Err(failure) if failure.trouble == Trouble::Unsure => drop(open),
            Err(_) => {
                if open.reset().await {
                    *line = Some(open);
                }
            }
        }
        Ok(handed.map(|()| Handed::Over))
    }

    /// Writes down that it has gone. That is worth some patience: without it a person would have to find out.
    async fn record(&self, due: &Due) -> Result<(), sqlx::Error> {
        let mut pause = Duration::from_millis(100);
        loop {
            let recorded = async { store::sent(&mut *self.app.db.read().await?, due, self.app.clock.now()).await };
            match recorded.await {
                Ok(()) => return Ok(()),
                Err(error) if pause > Duration::from_secs(5) => return Err(error),
                Err(_) => tokio::time::sleep(pause).await,
            }
            pause *= 2;
        }
    }
}

enum Handed {
    Over,
    /// A person gave it up meanwhile, or another program has it.
    NotOurs,
}
