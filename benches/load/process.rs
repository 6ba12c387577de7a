//! Memory and CPU time of a process, from procfs, and how to end it.

use std::{
    fs,
    process::{Child, Command},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use anyhow::Context;

/// A server process. It is ended when this is dropped.
pub(crate) struct Process {
    pub(crate) id: u32,
    child: Child,
}

impl Process {
    pub(crate) fn new(child: Child) -> Process {
        Process { id: child.id(), child }
    }

    /// The proportional set size, in bytes: private memory, and the share of memory that is shared with other processes.
    pub(crate) fn memory(&self) -> anyhow::Result<u64> {
        memory(self.id)
    }

    pub(crate) fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        let _ = Command::new("kill").args(["-TERM", &self.id.to_string()]).status();
        let deadline = Instant::now() + Duration::from_secs(20);
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

fn memory(id: u32) -> anyhow::Result<u64> {
    let text = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).context("the server has ended")?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).context("no PSS in smaps_rollup")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse::<u64>()? * 1024)
}

/// CPU time of all threads of a process so far.
pub(crate) fn cpu(id: u32) -> anyhow::Result<Duration> {
    let mut nanoseconds = 0;
    for thread in fs::read_dir(format!("/proc/{id}/task")).context("the server has ended")? {
        let text = fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
        nanoseconds += text.split(' ').next().and_then(|first| first.parse::<u64>().ok()).unwrap_or(0);
    }
    Ok(Duration::from_nanos(nanoseconds))
}

/// CPU time so far of the PostgreSQL server `id`, its child processes and the processes `others`.
pub(crate) fn cpu_of_family(id: u32, others: &[u32]) -> anyhow::Result<Duration> {
    let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).context("PostgreSQL has ended")?;
    let family = children.split_whitespace().filter_map(|child| child.parse().ok()).chain([id]);
    let mut total = Duration::ZERO;
    for id in family.chain(others.iter().copied()) {
        // a child may have ended meanwhile
        total += cpu(id).unwrap_or_default();
    }
    Ok(total)
}

/// Samples a process's memory ten times per second and keeps the maximum.
pub(crate) struct MemoryPeak {
    stop: Arc<AtomicBool>,
    watcher: JoinHandle<u64>,
}

impl MemoryPeak {
    pub(crate) fn watch(id: u32) -> MemoryPeak {
        let stop = Arc::new(AtomicBool::new(false));
        let should_stop = stop.clone();
        let watcher = thread::spawn(move || {
            let mut max = 0;
            while !should_stop.load(Ordering::Relaxed) {
                max = max.max(memory(id).unwrap_or(0));
                thread::sleep(Duration::from_millis(100));
            }
            max
        });
        MemoryPeak { stop, watcher }
    }

    pub(crate) fn end(self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        self.watcher.join().unwrap_or(0)
    }
}
