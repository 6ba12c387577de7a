//! `dzwoni demo`: writes any number of demo tickets directly to the tables.

use std::{
    io::{IsTerminal, Write},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, bail};
use time::OffsetDateTime;
use tokio::{
    sync::{Mutex, mpsc},
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval},
};

use super::{
    generator::{GeneratorParams, TicketGenerator, first_reference},
    store::{self, DemoTicketBatch},
    texts,
};
use crate::{
    db::Db,
    guides::Guides,
    staff::{self, StaffMember, StaffRole},
};

/// Tickets per transaction.
const BATCH_SIZE: usize = 2_000;
/// Concurrent writers. Storing a ticket takes longer than generating it, so one generator serves several writers.
const WRITER_COUNT: usize = 2;

/// Agents in addition to [`super::DEMO_STAFF`].
const MORE_STAFF: [(&str, &str); 9] = [
    ("ewa@example.com", "Ewa Lis"),
    ("jan@example.com", "Jan Sowa"),
    ("ola@example.com", "Ola Maj"),
    ("piotr@example.com", "Piotr Gil"),
    ("zofia@example.com", "Zofia Kos"),
    ("tomasz@example.com", "Tomasz Rybak"),
    ("iga@example.com", "Iga Wolska"),
    ("adam@example.com", "Adam Żuk"),
    ("maja@example.com", "Maja Bąk"),
];

/// Stores `tickets` tickets of the last year and prints the progress to standard output. Without a seed, the first unused
/// seed is taken.
///
/// # Errors
/// Fails when the database has real staff accounts or tickets of the same seed.
pub async fn fill_bulk(
    db: &Db,
    guides: Guides,
    tickets: u32,
    seed: Option<u64>,
    now: OffsetDateTime,
) -> anyhow::Result<()> {
    let mut tx = db.begin().await?;
    if store::has_real_staff(&mut tx).await? {
        bail!("this database has real staff accounts: demo tickets must not be mixed with real tickets");
    }
    let seed = choose_seed(&mut tx, seed).await?;
    let staff_members = insert_staff(&mut tx, now).await?;
    for (lang, title, body) in texts::SAVED_REPLIES {
        store::insert_saved_reply(&mut tx, lang, title, body, now).await?;
    }
    tx.commit().await?;

    let started_at = Instant::now();
    let stored = Arc::new(AtomicU32::new(0));
    let (sender, receiver) = mpsc::channel(WRITER_COUNT);
    let receiver = Arc::new(Mutex::new(receiver));
    let params = GeneratorParams { ticket_count: tickets, seed, now };
    let generator_task = tokio::task::spawn_blocking(move || generate_batches(params, &guides, staff_members, &sender));
    let mut writers = JoinSet::new();
    for _ in 0..WRITER_COUNT {
        writers.spawn(write_batches(db.clone(), receiver.clone(), stored.clone()));
    }
    drop(receiver);

    let mut progress_timer = interval(Duration::from_secs(if std::io::stdout().is_terminal() { 1 } else { 10 }));
    progress_timer.set_missed_tick_behavior(MissedTickBehavior::Skip);
    progress_timer.tick().await;
    loop {
        tokio::select! {
            result = writers.join_next() => match result {
                Some(result) => result??,
                None => break,
            },
            _ = progress_timer.tick() => print_progress(stored.load(Ordering::Relaxed), tickets, started_at),
        }
    }
    let generator = generator_task.await?;
    let mut tx = db.begin().await?;
    store::add_page_views(&mut tx, &generator.guide_traffic.page_views()).await?;
    tx.commit().await?;
    store::vacuum_analyze(&mut *db.acquire().await?).await?;
    let stored = stored.load(Ordering::Relaxed);
    let rate = f64::from(stored) / started_at.elapsed().as_secs_f64();
    println!("{stored} tickets in {:.1} s, {rate:.0} a second (seed {seed})", started_at.elapsed().as_secs_f64());
    Ok(())
}

async fn choose_seed(db: &mut sqlx::PgConnection, requested: Option<u64>) -> anyhow::Result<u64> {
    if let Some(seed) = requested {
        if store::has_ticket(db, &first_reference(seed)).await? {
            bail!("the tickets of seed {seed} are in this database already");
        }
        return Ok(seed);
    }
    for seed in 1.. {
        if !store::has_ticket(db, &first_reference(seed)).await? {
            return Ok(seed);
        }
    }
    bail!("all seeds have been used")
}

/// Inserts the twelve demo staff members without passwords. Existing accounts stay unchanged.
async fn insert_staff(db: &mut sqlx::PgConnection, now: OffsetDateTime) -> anyhow::Result<Vec<StaffMember>> {
    let more_agents = MORE_STAFF.map(|(email, name)| (email, name, StaffRole::Agent));
    for (email, name, role) in super::DEMO_STAFF.into_iter().chain(more_agents) {
        staff::insert(db, email, name, role, now).await?;
    }
    Ok(staff::list_active(db).await?)
}

/// Generates batches until all tickets are sent or the receivers are closed.
fn generate_batches(
    params: GeneratorParams,
    guides: &Guides,
    staff_members: Vec<StaffMember>,
    batches: &mpsc::Sender<DemoTicketBatch>,
) -> TicketGenerator {
    let mut generator = TicketGenerator::new(params, guides, staff_members);
    loop {
        let tickets = generator.next_batch(BATCH_SIZE);
        if tickets.is_empty() || batches.blocking_send(DemoTicketBatch::from_tickets(&tickets)).is_err() {
            return generator;
        }
    }
}

async fn write_batches(
    db: Db,
    batches: Arc<Mutex<mpsc::Receiver<DemoTicketBatch>>>,
    stored: Arc<AtomicU32>,
) -> anyhow::Result<()> {
    loop {
        let batch = batches.lock().await.recv().await;
        let Some(batch) = batch else { return Ok(()) };
        let count = batch.count;
        let mut tx = db.begin().await?;
        store::disable_synchronous_commit(&mut tx).await?;
        batch.insert(&mut tx).await.context("cannot store a batch of tickets")?;
        tx.commit().await?;
        stored.fetch_add(count, Ordering::Relaxed);
    }
}

fn print_progress(stored: u32, total: u32, started_at: Instant) {
    let rate = f64::from(stored) / started_at.elapsed().as_secs_f64();
    println!("{stored} of {total} tickets, {rate:.0} a second");
    let _ = std::io::stdout().flush();
}
