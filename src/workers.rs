//! What happens later, and again and again. Each job is a `tick` that tests call directly.

use std::{sync::Arc, time::Duration};

use crate::{
    addresses,
    app::App,
    checks, incidents,
    letters::{Post, Sent},
    mail_in::{
        self, Postbox,
        maildir::{self, Taken},
    },
    staff,
    tickets::{bulk, verbs},
    visits, zone,
};

/// How often what is over is dropped; nothing depends on it, since every query looks at the time itself.
const TIDY: Duration = Duration::from_secs(3600);
/// How often tickets are looked for whose day has come.
const BRING_BACK: Duration = Duration::from_secs(30);
/// How many of them come back in one transaction.
const AT_ONCE: i64 = 500;

/// How often letters are looked for that are due.
const POST: Duration = Duration::from_secs(2);

/// How often tickets are looked through for those that belong together: a clerk who reads the tenth of the same kind should
/// find them put together.
const LOOK: Duration = Duration::from_secs(20);
/// How often tickets of incidents that are over are looked for.
const RESOLVE: Duration = Duration::from_secs(2);
/// How often the maildir is looked into.
const TAKE_MAIL: Duration = Duration::from_secs(3);

/// How often visits are stored: a crash loses at most those since then.
const STORE_VISITS: Duration = Duration::from_secs(10);

/// How often the database is asked whether it has all tables by now.
const BEGIN: Duration = Duration::from_secs(1);

/// Works until the program ends, once the database is there. A job that fails is tried again at its next turn.
pub async fn work(app: App, post: Arc<Post>) {
    while !app.db.ready().await {
        tokio::time::sleep(BEGIN).await;
    }
    tokio::join!(
        tidy_now_and_then(&app),
        bring_back_now_and_then(&app),
        send_letters_now_and_then(&app, &post),
        look_for_incidents_now_and_then(&app),
        resolve_incidents_now_and_then(&app),
        incidents::keep_up(&app),
        take_mail_now_and_then(&app),
        store_visits_now_and_then(&app)
    );
}

/// What is done once more before the program ends.
pub async fn finish(app: &App) {
    if let Err(error) = store_visits(app).await {
        tracing::warn!(%error, "the last visits of the guides were not counted");
    }
}

async fn tidy_now_and_then(app: &App) {
    loop {
        tokio::time::sleep(TIDY).await;
        match tidy(app).await {
            Ok(rows) => tracing::info!(rows, "what was over is forgotten"),
            Err(error) => tracing::warn!(%error, "what is over could not be dropped"),
        }
    }
}

async fn bring_back_now_and_then(app: &App) {
    loop {
        tokio::time::sleep(BRING_BACK).await;
        match bring_back(app).await {
            Ok(0) => {}
            Ok(tickets) => tracing::info!(tickets, "tickets came back from waiting"),
            Err(error) => tracing::warn!(%error, "tickets that wait could not be brought back"),
        }
    }
}

async fn send_letters_now_and_then(app: &App, post: &Post) {
    loop {
        match post.tick(app).await {
            Ok(done) => {
                if done != Sent::default() {
                    tracing::info!(sent = done.sent, later = done.later, stuck = done.stuck, "letters were sent");
                }
                if done.is_full {
                    continue;
                }
            }
            Err(error) => tracing::warn!(%error, "letters could not be sent"),
        }
        tokio::time::sleep(POST).await;
    }
}

async fn look_for_incidents_now_and_then(app: &App) {
    loop {
        tokio::time::sleep(LOOK).await;
        match incidents::look(app).await {
            Ok(found) if found == incidents::Looked::default() => {}
            Ok(found) => {
                tracing::info!(candidates = found.candidates, proposals = found.proposals, "tickets look alike");
            }
            Err(error) => tracing::warn!(%error, "tickets could not be looked through for incidents"),
        }
    }
}

async fn resolve_incidents_now_and_then(app: &App) {
    loop {
        tokio::time::sleep(RESOLVE).await;
        match incidents::resolve(app).await {
            Ok(0) => {}
            Ok(tickets) => tracing::info!(tickets, "tickets were resolved with their incident"),
            Err(error) => tracing::warn!(%error, "tickets of an incident could not be resolved yet"),
        }
    }
}

async fn take_mail_now_and_then(app: &App) {
    let Some(folder) = &app.mail.maildir else { return };
    let postbox = Postbox::of(app);
    loop {
        match maildir::take(folder, &postbox, app.clock.now()).await {
            Ok(taken) if taken == Taken::default() => {}
            Ok(taken) => tracing::info!(messages = taken.messages, stuck = taken.stuck, "mail came in"),
            Err(error) => {
                tracing::warn!(error = format!("{:#}", anyhow::Error::from(error)), "mail could not be taken")
            }
        }
        tokio::time::sleep(TAKE_MAIL).await;
    }
}

async fn store_visits_now_and_then(app: &App) {
    loop {
        tokio::time::sleep(STORE_VISITS).await;
        if let Err(error) = store_visits(app).await {
            tracing::warn!(%error, "the guides' visits could not be stored yet");
        }
    }
}

/// Drops sessions, links and failed sign-ins that are over, what can no longer be undone, checks that nobody attached to
/// a report, blocks of addresses that ended, and who left an address for an incident that is long over. Gives how many rows went.
///
/// # Errors
/// When the database is away.
pub async fn tidy(app: &App) -> Result<u64, sqlx::Error> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let rows = staff::forget_what_is_over(&mut tx, now).await?
        + bulk::forget_old(&mut tx, now).await?
        + checks::forget_old(&mut tx, now).await?
        + mail_in::forget_old(&mut tx, now).await?
        + addresses::write::forget_old(&mut tx, now).await?
        + incidents::forget_old(&mut tx, now).await?;
    tx.commit().await?;
    Ok(rows)
}

/// Adds the guides' visits since the last time to those of today. Gives how many different pages were opened.
///
/// # Errors
/// When the database is away; then they wait for the next time.
pub async fn store_visits(app: &App) -> Result<usize, sqlx::Error> {
    let counted = app.visits.take();
    if counted.is_empty() {
        return Ok(0);
    }
    let day = zone::to_local(app.clock.now()).date();
    let stored = async {
        let mut tx = app.db.begin().await?;
        visits::store(&mut tx, day, &counted).await?;
        tx.commit().await
    };
    if let Err(error) = stored.await {
        counted.iter().for_each(|(path, visits)| app.visits.add(path, *visits));
        return Err(error);
    }
    Ok(counted.len())
}

/// Brings tickets back whose day has come, all of them. Gives how many.
///
/// # Errors
/// When the database is away; those that came before stay.
pub async fn bring_back(app: &App) -> Result<usize, sqlx::Error> {
    let mut count = 0;
    loop {
        let mut tx = app.db.begin().await?;
        let came = verbs::bring_back(&mut tx, AT_ONCE, app.clock.now()).await?;
        tx.commit().await?;
        count += came;
        if came == 0 {
            return Ok(count);
        }
    }
}
