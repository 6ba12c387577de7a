//! `dzwoni demo`: as many made-up tickets as one likes, straight into the tables.

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

/// Tickets in one transaction.
const BATCH_SIZE: usize = 2_000;
/// Connections that write: one ticket is made up in less time than it is stored.
const WRITER_COUNT: usize = 2;

/// Those who work at the desk beside the first few.
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

/// Puts so many tickets of the last year into the database, and says on standard output how it goes on. Without a seed it
/// takes the first that has not been used there.
///
/// # Errors
/// When the database has accounts of real people, the seed was used in it, or it is away.
pub async fn fill_bulk(
    db: &Db,
    guides: Guides,
    tickets: u32,
    seed: Option<u64>,
    now: OffsetDateTime,
) -> anyhow::Result<()> {
    let mut tx = db.begin().await?;
    if store::has_real_staff(&mut tx).await? {
        bail!("this database has accounts that are not made up: made-up tickets would stand among real ones");
    }
    let seed = choose_seed(&mut tx, seed).await?;
    let people = insert_staff(&mut tx, now).await?;
    for (lang, title, body) in texts::SAVED_REPLIES {
        store::insert_saved_reply(&mut tx, lang, title, body, now).await?;
    }
    tx.commit().await?;

    let begun = Instant::now();
    let stored = Arc::new(AtomicU32::new(0));
    let (send, receive) = mpsc::channel(WRITER_COUNT);
    let receive = Arc::new(Mutex::new(receive));
    let wanted = GeneratorParams { ticket_count: tickets, seed, now };
    let making = tokio::task::spawn_blocking(move || generate_batches(wanted, &guides, people, &send));
    let mut writing = JoinSet::new();
    for _ in 0..WRITER_COUNT {
        writing.spawn(write_batches(db.clone(), receive.clone(), stored.clone()));
    }
    drop(receive);

    let mut tick = interval(Duration::from_secs(if std::io::stdout().is_terminal() { 1 } else { 10 }));
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    tick.tick().await;
    loop {
        tokio::select! {
            written = writing.join_next() => match written {
                Some(written) => written??,
                None => break,
            },
            _ = tick.tick() => print_progress(stored.load(Ordering::Relaxed), tickets, begun),
        }
    }
    let year = making.await?;
    let mut tx = db.begin().await?;
    store::add_page_views(&mut tx, &year.guide_traffic.page_views()).await?;
    tx.commit().await?;
    store::vacuum_analyze(&mut *db.acquire().await?).await?;
    let stored = stored.load(Ordering::Relaxed);
    let rate = f64::from(stored) / begun.elapsed().as_secs_f64();
    println!("{stored} tickets in {:.1} s, {rate:.0} a second (seed {seed})", begun.elapsed().as_secs_f64());
    Ok(())
}

async fn choose_seed(db: &mut sqlx::PgConnection, asked: Option<u64>) -> anyhow::Result<u64> {
    if let Some(seed) = asked {
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

/// A desk of twelve; those who are there already stay. Nobody has a password yet.
async fn insert_staff(db: &mut sqlx::PgConnection, now: OffsetDateTime) -> anyhow::Result<Vec<StaffMember>> {
    let more = MORE_STAFF.map(|(email, name)| (email, name, StaffRole::Agent));
    for (email, name, role) in super::DEMO_STAFF.into_iter().chain(more) {
        staff::insert(db, email, name, role, now).await?;
    }
    Ok(staff::list_active(db).await?)
}

/// Makes tickets up until there are enough or nobody wants them any more.
fn generate_batches(
    wanted: GeneratorParams,
    guides: &Guides,
    people: Vec<StaffMember>,
    lots: &mpsc::Sender<DemoTicketBatch>,
) -> TicketGenerator {
    let mut year = TicketGenerator::new(wanted, guides, people);
    loop {
        let made = year.next_batch(BATCH_SIZE);
        if made.is_empty() || lots.blocking_send(DemoTicketBatch::from_tickets(&made)).is_err() {
            return year;
        }
    }
}

async fn write_batches(
    db: Db,
    lots: Arc<Mutex<mpsc::Receiver<DemoTicketBatch>>>,
    stored: Arc<AtomicU32>,
) -> anyhow::Result<()> {
    loop {
        let lot = lots.lock().await.recv().await;
        let Some(lot) = lot else { return Ok(()) };
        let count = lot.count;
        let mut tx = db.begin().await?;
        store::disable_synchronous_commit(&mut tx).await?;
        lot.insert(&mut tx).await.context("a lot of tickets can't be stored")?;
        tx.commit().await?;
        stored.fetch_add(count, Ordering::Relaxed);
    }
}

fn print_progress(stored: u32, of: u32, begun: Instant) {
    let rate = f64::from(stored) / begun.elapsed().as_secs_f64();
    println!("{stored} of {of} tickets, {rate:.0} a second");
    let _ = std::io::stdout().flush();
}
