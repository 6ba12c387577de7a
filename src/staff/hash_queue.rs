//! The thread that computes all password hashes, one after the other, and the jobs that wait for it.
//!
//! A hash takes 19 MB, and the thread reuses its memory: allocating it separately left the allocator with 200 MB after
//! sixty concurrent logins. The queue is short, so that a flood of logins is refused at once and nobody waits for it.

use std::{
    collections::VecDeque,
    sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use crate::web::AppError;

/// A job that the thread runs.
pub(super) type HashJob = Box<dyn FnOnce() + Send>;

/// How urgent a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HashPriority {
    /// A staff member who is known: by session, invitation or an earlier login in the same browser.
    Known,
    /// Anybody.
    Unknown,
}

/// Jobs of each priority that may wait: a second or two of work.
const MAX_WAITING_JOBS: usize = 64;

/// When a refused client may try again.
const RETRY_AFTER: Duration = Duration::from_secs(2);

#[derive(Default)]
struct WaitingJobs {
    known: VecDeque<HashJob>,
    unknown: VecDeque<HashJob>,
}

/// Jobs that wait for one thread. Those of known staff members go first.
#[derive(Default)]
pub(super) struct HashQueue {
    waiting: Mutex<WaitingJobs>,
    arrived: Condvar,
}

static HASH_QUEUE: LazyLock<&HashQueue> = LazyLock::new(|| {
    let queue: &HashQueue = Box::leak(Box::default());
    thread::spawn(move || {
        loop {
            queue.next_job()();
        }
    });
    queue
});

/// Adds a job to the queue of the thread.
///
/// # Errors
/// Returns [`AppError::RateLimited`] if too many jobs of this priority wait.
pub(super) fn submit(priority: HashPriority, job: HashJob) -> Result<(), AppError> {
    HASH_QUEUE.push(priority, job)
}

impl HashQueue {
    fn push(&self, priority: HashPriority, job: HashJob) -> Result<(), AppError> {
        let mut waiting = self.lock();
        let jobs = match priority {
            HashPriority::Known => &mut waiting.known,
            HashPriority::Unknown => &mut waiting.unknown,
        };
        if jobs.len() >= MAX_WAITING_JOBS {
            return Err(AppError::RateLimited { retry_after: RETRY_AFTER });
        }
        jobs.push_back(job);
        self.arrived.notify_one();
        Ok(())
    }

    /// Waits for the next job.
    fn next_job(&self) -> HashJob {
        let mut waiting = self.lock();
        loop {
            if let Some(job) = waiting.known.pop_front() {
                return job;
            }
            if let Some(job) = waiting.unknown.pop_front() {
                return job;
            }
            waiting = self.arrived.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, WaitingJobs> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn jobs_of_known_staff_go_first_and_floods_are_refused() {
        let queue = HashQueue::default();
        let (sender, order) = mpsc::channel();
        let job = |name: &'static str| -> HashJob {
            let sender = sender.clone();
            Box::new(move || sender.send(name).unwrap())
        };
        for _ in 0..MAX_WAITING_JOBS {
            queue.push(HashPriority::Unknown, job("unknown")).unwrap();
        }
        let refused = queue.push(HashPriority::Unknown, job("unknown"));
        assert!(matches!(refused, Err(AppError::RateLimited { .. })));
        queue.push(HashPriority::Known, job("known")).unwrap();
        for _ in 0..=MAX_WAITING_JOBS {
            queue.next_job()();
        }
        let order: Vec<_> = order.try_iter().collect();
        assert_eq!(order[0], "known");
        assert_eq!(order.len(), MAX_WAITING_JOBS + 1);
    }
}
