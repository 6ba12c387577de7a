//! What the kernel knows about a process, and how to end one.

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

/// A server that was started here. It does not outlive this.
pub struct Process {
    pub id: u32,
    child: Child,
}

impl Process {
    pub fn new(child: Child) -> Process {
        Process { id: child.id(), child }
    }

    /// Resident memory that is this process's own, and its share of what it has in common with others, in bytes.
    pub fn memory(&self) -> anyhow::Result<u64> {
        memory(self.id)
    }

    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        let _ = Command::new("kill").args(["-TERM", &self.id.to_string()]).status();
        let patience = Instant::now() + Duration::from_secs(20);
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < patience {
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
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).context("the kernel tells no PSS")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse::<u64>()? * 1024)
}

/// Processor time of all its threads so far.
pub fn cpu(id: u32) -> anyhow::Result<Duration> {
    let mut nanoseconds = 0;
    for thread in fs::read_dir(format!("/proc/{id}/task")).context("the server has ended")? {
        let text = fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
        nanoseconds += text.split(' ').next().and_then(|first| first.parse::<u64>().ok()).unwrap_or(0);
    }
    Ok(Duration::from_nanos(nanoseconds))
}

/// Processor time so far of all programs that have to do with PostgreSQL's commits: the server `id`, its children, and
/// more that are named.
pub fn cpu_of_family(id: u32, more: &[u32]) -> anyhow::Result<Duration> {
    let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).context("PostgreSQL has ended")?;
    let family = children.split_whitespace().filter_map(|child| child.parse().ok()).chain([id]);
    let mut all = Duration::ZERO;
    for id in family.chain(more.iter().copied()) {
        // a child may have ended just now
        all += cpu(id).unwrap_or_default();
    }
    Ok(all)
}

/// Looks at a process's memory ten times a second and keeps the most.
pub struct Peak {
    stop: Arc<AtomicBool>,
    watcher: JoinHandle<u64>,
}

impl Peak {
    pub fn watch(id: u32) -> Peak {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let watcher = thread::spawn(move || {
            let mut most = 0;
            while !stopped.load(Ordering::Relaxed) {
                most = most.max(memory(id).unwrap_or(0));
                thread::sleep(Duration::from_millis(100));
            }
            most
        });
        Peak { stop, watcher }
    }

    pub fn end(self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        self.watcher.join().unwrap_or(0)
    }
}
