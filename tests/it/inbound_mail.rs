//! Inbound mail: what becomes of a message, from plain text to malicious input.

mod extraction;
mod maildir;
mod message_formats;
mod receive_command;
mod replies;
mod staff_pages;

use dzwoni::{
    config::MailConfig,
    emails::reply_address,
    inbound_mail::{Inbox, IngestOutcome, RawMessage},
    signing::SigningSecret,
    tickets::TicketReference,
};

use crate::support::World;

/// The mailbox that replies are sent to.
const MAILBOX: &str = "pomoc@example.com";

/// A world that receives mail at [`MAILBOX`].
pub async fn world_with_inbox() -> World {
    World::with_mail(&MailConfig {
        mail_from: Some(MAILBOX.into()),
        mail_reply: Some(MAILBOX.into()),
        ..MailConfig::default()
    })
    .await
}

/// Ingests a message; returns "disposition rule", as the command prints it.
pub async fn ingest(world: &World, raw: impl AsRef<[u8]>) -> String {
    let bytes = raw.as_ref().to_vec();
    let size = bytes.len() as u64;
    let outcome = Inbox::from_app(&world.app).ingest(RawMessage { bytes, size }, world.clock.now()).await.unwrap();
    describe(outcome)
}

pub fn describe(outcome: IngestOutcome) -> String {
    format!("{} {}", outcome.disposition.into_str(), outcome.reason)
}

/// A message with these header lines. Missing ones of From, To and Message-ID are added.
pub fn message(headers: &str, body: &str) -> String {
    let mut mail = String::new();
    let has = |name: &str| headers.lines().any(|line| line.to_lowercase().starts_with(&format!("{name}:")));
    if !has("from") {
        mail += "From: Jan Nowak <jan.nowak@example.com>\r\n";
    }
    if !has("to") {
        mail += "To: pomoc@example.com\r\n";
    }
    if !has("message-id") {
        mail += &format!("Message-ID: <{}@mail.example.com>\r\n", uuid::Uuid::new_v4().simple());
    }
    for line in headers.lines() {
        mail += line;
        mail += "\r\n";
    }
    format!("{mail}\r\n{body}")
}

/// The last message that was stored: "subject | body | quoted | attachments".
pub async fn last_message(world: &World) -> String {
    sqlx::query_scalar(
        "select concat_ws(' | ', subject, body, quoted,
            (select string_agg(file ->> 'name', ',') from jsonb_array_elements(attachments) file))
        from inbound_mail order by id desc limit 1",
    )
    .fetch_one(world.sql().await)
    .await
    .unwrap()
}

/// The signed reply address of a ticket.
pub async fn reply_address(world: &World, reference: &TicketReference) -> String {
    let mut db = world.app.db.acquire().await.unwrap();
    let secret = SigningSecret::load(&mut db).await.unwrap();
    reply_address::build_reply_address(&secret, &MAILBOX.parse().unwrap(), reference).unwrap().to_string()
}

/// Marks the first e-mail of a ticket as sent and returns its Message-ID.
pub async fn sent_message_id(world: &World, reference: &TicketReference) -> String {
    let email: i64 = sqlx::query_scalar(
        "update outgoing_email set state = 'sent', sent_at = now() where id = (
            select min(outgoing_email.id) from outgoing_email join ticket on ticket.id = ticket_id where reference = $1
        ) returning id",
    )
    .bind(reference.as_str())
    .fetch_one(world.sql().await)
    .await
    .unwrap();
    let mut db = world.app.db.acquire().await.unwrap();
    let secret = SigningSecret::load(&mut db).await.unwrap();
    reply_address::build_message_id(&secret, email, "example.com")
}

/// The Message-ID of the first e-mail to a subscriber of an incident.
pub async fn subscriber_message_id(world: &World) -> String {
    let first = "select min(id) from outgoing_email where subscriber_id is not null";
    let email: i64 = sqlx::query_scalar(first).fetch_one(world.sql().await).await.unwrap();
    let mut db = world.app.db.acquire().await.unwrap();
    let secret = SigningSecret::load(&mut db).await.unwrap();
    reply_address::build_message_id(&secret, email, "example.com")
}

/// The events of a ticket after its opening, as "actor kind".
pub async fn event_list(world: &World, reference: &TicketReference) -> Vec<String> {
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

/// The ticket that was opened last.
pub async fn newest_ticket(world: &World) -> TicketReference {
    let reference: String = sqlx::query_scalar("select reference from ticket order by id desc limit 1")
        .fetch_one(world.sql().await)
        .await
        .unwrap();
    reference.parse().unwrap()
}
