//! What can be done to tickets, and the rules that each verb keeps.

mod bulk;
mod claim;
mod following;
mod merging;
mod stale;
mod waiting;

use dzwoni::tickets::TicketReference;
use sqlx::Row;

use crate::{
    given,
    support::{Answer, Browser, World},
};

pub fn desk(reference: &TicketReference) -> String {
    format!("/staff/tickets/{reference}")
}

/// Sends a verb's form as the ticket's page has drawn it just now.
pub async fn act(browser: &Browser, reference: &TicketReference, path: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(&desk(reference)).await.expect(200);
    act_from(browser, &page, reference, path, fields).await
}

/// The same from a page that was opened before.
pub async fn act_from(
    browser: &Browser,
    page: &Answer,
    reference: &TicketReference,
    path: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let version = page.value("version");
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    browser.post(&format!("{}/{path}", desk(reference)), &all).await
}

/// Tickets that came one after another, a minute apart.
pub async fn tickets(world: &World, count: usize) -> Vec<TicketReference> {
    let mut references = Vec::new();
    for number in 0..count {
        world.advance(time::Duration::minutes(1));
        let visitor = world.visitor().from_ip(&format!("198.51.100.{}", number % 250));
        let answer = given::report().with("day", "now").send(&visitor).await.expect(303);
        references.push(answer.location().split(['/', '?']).nth(3).unwrap().parse().unwrap());
    }
    references
}

/// Where a ticket stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Stands {
    pub status: String,
    pub who: Option<String>,
    pub main: Option<String>,
}

pub async fn stands(world: &World, reference: &TicketReference) -> Stands {
    let row = sqlx::query(
        "select status::text, staff.name, (select main.reference from ticket main where main.id = ticket.merged_into)
        from ticket left join staff on staff.id = assignee where reference = $1",
    )
    .bind(reference.as_str())
    .fetch_one(world.sql().await)
    .await
    .unwrap();
    Stands { status: row.get(0), who: row.get(1), main: row.get(2) }
}

pub fn stand(status: &str, who: Option<&str>, main: Option<&TicketReference>) -> Stands {
    Stands { status: status.into(), who: who.map(Into::into), main: main.map(|main| main.as_str().into()) }
}

/// The kinds of a ticket's events, the oldest first.
pub async fn history(world: &World, reference: &TicketReference) -> Vec<String> {
    sqlx::query_scalar(
        "select payload ->> 'kind' from ticket_event join ticket on ticket.id = ticket_id where reference = $1
        order by ticket_event.id",
    )
    .bind(reference.as_str())
    .fetch_all(world.sql().await)
    .await
    .unwrap()
}

/// What holds whatever was done: one event a change, a tree that is one deep, duplicates that follow their main.
pub async fn must_be_sound(world: &World) {
    for (rule, sql) in [
        (
            "each change left one event",
            "select count(*) from ticket
            where version <> (select count(*) from ticket_event where ticket_id = ticket.id)",
        ),
        (
            "a duplicate points to a ticket that is none",
            "select count(*) from ticket join ticket main on main.id = ticket.merged_into
            where main.merged_into is not null",
        ),
        (
            "a duplicate of what is not over is not over",
            "select count(*) from ticket join ticket main on main.id = ticket.merged_into
            where ticket.status <> 'duplicate' and main.status in ('new', 'open', 'waiting')",
        ),
        (
            "nobody waits for what is over",
            "select count(*) from ticket join ticket main on main.id = ticket.merged_into
            where ticket.status = 'duplicate' and main.status in ('resolved', 'spam')",
        ),
        ("what is worked on is somebody's", "select count(*) from ticket where status = 'open' and assignee is null"),
    ] {
        let count: i64 = sqlx::query_scalar(sql).fetch_one(world.sql().await).await.unwrap();
        assert_eq!(count, 0, "{rule}");
    }
}
