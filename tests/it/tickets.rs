//! Actions on tickets, and the rules that each action keeps.

mod assignment;
mod bulk;
mod conflicts;
mod duplicates_for_customers;
mod merging;
mod waiting;

use dzwoni::tickets::TicketReference;
use sqlx::Row;

use crate::{
    given,
    support::{Browser, TestResponse, World},
};

pub fn ticket_path(reference: &TicketReference) -> String {
    format!("/staff/tickets/{reference}")
}

/// Posts a form of the ticket's page as the page is now.
pub async fn post_action(
    browser: &Browser,
    reference: &TicketReference,
    path: &str,
    fields: &[(&str, &str)],
) -> TestResponse {
    let page = browser.get(&ticket_path(reference)).await.expect(200);
    post_action_from(browser, &page, reference, path, fields).await
}

/// Posts a form of a page that was loaded earlier.
pub async fn post_action_from(
    browser: &Browser,
    page: &TestResponse,
    reference: &TicketReference,
    path: &str,
    fields: &[(&str, &str)],
) -> TestResponse {
    let version = page.value("version");
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    browser.post(&format!("{}/{path}", ticket_path(reference)), &all).await
}

/// Reports `count` tickets, one minute apart.
pub async fn create_tickets(world: &World, count: usize) -> Vec<TicketReference> {
    let mut references = Vec::new();
    for number in 0..count {
        world.advance(time::Duration::minutes(1));
        let visitor = world.visitor().from_ip(&format!("198.51.100.{}", number % 250));
        let response = given::report().with("day", "now").send(&visitor).await.expect(303);
        references.push(response.location().split(['/', '?']).nth(3).unwrap().parse().unwrap());
    }
    references
}

/// Status, assignee and main ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketState {
    pub status: String,
    pub assignee: Option<String>,
    pub main: Option<String>,
}

pub async fn ticket_state(world: &World, reference: &TicketReference) -> TicketState {
    let row = sqlx::query(
        "select status::text, staff.name, (select main.reference from ticket main where main.id = ticket.merged_into)
        from ticket left join staff on staff.id = assignee where reference = $1",
    )
    .bind(reference.as_str())
    .fetch_one(world.sql().await)
    .await
    .unwrap();
    TicketState { status: row.get(0), assignee: row.get(1), main: row.get(2) }
}

pub fn expected_state(status: &str, assignee: Option<&str>, main: Option<&TicketReference>) -> TicketState {
    TicketState {
        status: status.into(),
        assignee: assignee.map(Into::into),
        main: main.map(|main| main.as_str().into()),
    }
}

/// The kinds of a ticket's events, oldest first.
pub async fn event_kinds(world: &World, reference: &TicketReference) -> Vec<String> {
    sqlx::query_scalar(
        "select payload ->> 'kind' from ticket_event join ticket on ticket.id = ticket_id where reference = $1
        order by ticket_event.id",
    )
    .bind(reference.as_str())
    .fetch_all(world.sql().await)
    .await
    .unwrap()
}
