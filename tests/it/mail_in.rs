//! Mail in: what becomes of messages, from the plainest to those that are made to hurt.

mod awkward;
mod customers;
mod desk;
mod maildir;
mod program;
mod replies;

use dzwoni::{
    config::MailConfig,
    emails::reply_address,
    inbound_mail::{Inbox, IngestOutcome, RawMessage},
    tickets::{SigningSecret, TicketReference},
};

use crate::support::World;

/// The mailbox that answers go to.
const MAILBOX: &str = "pomoc@example.com";

/// A world that takes mail at `pomoc@example.com`.
pub async fn world() -> World {
    World::with_mail(&MailConfig {
        mail_from: Some(MAILBOX.into()),
        mail_reply: Some(MAILBOX.into()),
        ..MailConfig::default()
    })
    .await
}

/// Hands a message over; says what became of it, as the command does.
pub async fn arrives(world: &World, raw: impl AsRef<[u8]>) -> String {
    let bytes = raw.as_ref().to_vec();
    let size = bytes.len() as u64;
    let received = Inbox::from_app(&world.app).ingest(RawMessage { bytes, size }, world.clock.now()).await.unwrap();
    told(received)
}

pub fn told(received: IngestOutcome) -> String {
    format!("{} {}", received.disposition.as_str(), received.reason)
}

/// A message of a person's, with what a test changes in its head.
pub fn letter(head: &str, body: &str) -> String {
    let mut mail = String::new();
    let has = |name: &str| head.lines().any(|line| line.to_lowercase().starts_with(&format!("{name}:")));
    if !has("from") {
        mail += "From: Jan Nowak <jan.nowak@example.com>\r\n";
    }
    if !has("to") {
        mail += "To: pomoc@example.com\r\n";
    }
    if !has("message-id") {
        mail += &format!("Message-ID: <{}@mail.example.com>\r\n", uuid::Uuid::new_v4().simple());
    }
    for line in head.lines() {
        mail += line;
        mail += "\r\n";
    }
    format!("{mail}\r\n{body}")
}

/// The last message that came: "subject | body | quoted | files".
pub async fn last(world: &World) -> String {
    sqlx::query_scalar(
        "select concat_ws(' | ', subject, body, quoted,
            (select string_agg(file ->> 'name', ',') from jsonb_array_elements(attachments) file))
        from inbound_mail order by id desc limit 1",
    )
    .fetch_one(world.sql().await)
    .await
    .unwrap()
}

/// The address that answers to a ticket go to.
pub async fn reply_address(world: &World, reference: &TicketReference) -> String {
    let mut db = world.app.db.acquire().await.unwrap();
    let seal = SigningSecret::load(&mut db).await.unwrap();
    reply_address::build_reply_address(&seal, &MAILBOX.parse().unwrap(), reference).unwrap().to_string()
}

/// The name of the first letter of a ticket, which has been sent.
pub async fn letter_id(world: &World, reference: &TicketReference) -> String {
    let letter: i64 = sqlx::query_scalar(
        "update outgoing_email set state = 'sent', sent_at = now() where id = (
            select min(outgoing_email.id) from outgoing_email join ticket on ticket.id = ticket_id where reference = $1
        ) returning id",
    )
    .bind(reference.as_str())
    .fetch_one(world.sql().await)
    .await
    .unwrap();
    let mut db = world.app.db.acquire().await.unwrap();
    let seal = SigningSecret::load(&mut db).await.unwrap();
    reply_address::build_message_id(&seal, letter, "example.com")
}

/// The name of the first letter to somebody who follows an incident.
pub async fn follower_letter_id(world: &World) -> String {
    let first = "select min(id) from outgoing_email where subscriber_id is not null";
    let letter: i64 = sqlx::query_scalar(first).fetch_one(world.sql().await).await.unwrap();
    let mut db = world.app.db.acquire().await.unwrap();
    let seal = SigningSecret::load(&mut db).await.unwrap();
    reply_address::build_message_id(&seal, letter, "example.com")
}

/// The history of a ticket as kinds of events, after its opening.
pub async fn events(world: &World, reference: &TicketReference) -> Vec<String> {
    sqlx::query_scalar(
        "select concat_ws(' ', actor, payload ->> 'kind') from ticket_event join ticket on ticket.id = ticket_id
        where reference = $1 order by ticket_event.id offset 1",
    )
    .bind(reference.as_str())
    .fetch_all(world.sql().await)
    .await
    .unwrap()
}

pub async fn status(world: &World, reference: &TicketReference) -> String {
    sqlx::query_scalar("select status::text from ticket where reference = $1")
        .bind(reference.as_str())
        .fetch_one(world.sql().await)
        .await
        .unwrap()
}

/// The ticket that came last.
pub async fn newest(world: &World) -> TicketReference {
    let reference: String = sqlx::query_scalar("select reference from ticket order by id desc limit 1")
        .fetch_one(world.sql().await)
        .await
        .unwrap();
    reference.parse().unwrap()
}
