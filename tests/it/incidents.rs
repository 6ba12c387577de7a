//! Incidents: trouble that many have at once.

mod following;
mod joining;
mod proposals;
mod public;
mod resolving;
mod writing;

use dzwoni::tickets::TicketReference;

use crate::{
    given,
    support::{Answer, Browser, World},
};

const TITLE: &str = "Połączenia do Wielkiej Brytanii";

/// The fields of an incident that is right, with what a test changes in it.
fn fields<'a>(change: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let right = [
        ("title_pl", TITLE),
        ("title_en", "Calls to the United Kingdom"),
        ("text_pl", "Część rozmów na numery 0044 kończy się kodem 503. Naprawiamy to."),
        ("text_en", "Some calls to numbers in 0044 end with 503. We are mending it."),
        ("category", "outgoing"),
        ("prefixes", "0044 20"),
        ("began", "2026-11-20T13:50"),
    ];
    let kept = right.into_iter().filter(|(name, _)| !change.iter().any(|(changed, _)| changed == name));
    change.iter().copied().filter(|(_, value)| !value.is_empty()).chain(kept).collect()
}

/// A draft; gives its address.
async fn draft(staff: &Browser, change: &[(&str, &str)]) -> String {
    let answer = staff.post("/staff/incidents", &fields(change)).await.expect(303);
    answer.location().to_owned()
}

/// Presses a button of its page, as that is now.
pub async fn press(staff: &Browser, incident: &str, resource: &str, fields: &[(&str, &str)]) -> Answer {
    let page = staff.get(incident).await.expect(200);
    press_from(staff, &page, incident, resource, fields).await
}

/// The same from a page that was opened before.
async fn press_from(staff: &Browser, page: &Answer, incident: &str, resource: &str, fields: &[(&str, &str)]) -> Answer {
    let version = page.value("version");
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    staff.post(&format!("{incident}/{resource}"), &all).await
}

/// One that everybody can read.
pub async fn published(staff: &Browser, change: &[(&str, &str)]) -> String {
    let incident = draft(staff, change).await;
    press(staff, &incident, "publication", &[]).await.expect(303);
    incident
}

fn number(incident: &str) -> &str {
    incident.rsplit('/').next().unwrap()
}

pub async fn join(staff: &Browser, reference: &TicketReference, incident: &str) -> Answer {
    staff.post(&format!("/staff/tickets/{reference}/incident"), &[("incident", number(incident))]).await
}

/// A report of somebody else.
async fn report_of(world: &World, email: &str) -> TicketReference {
    given::report().with("email", email).accepted(world).await.0
}

/// What is written to all who joined.
const NEWS: [(&str, &str); 2] = [("text_pl", "Operator naprawia trasę."), ("text_en", "The carrier mends the route.")];

/// The same as a form that is sent once.
pub fn news(submission: &str) -> Vec<(&str, &str)> {
    [NEWS.as_slice(), &[("submission", submission)]].concat()
}

/// Which kinds of letters about incidents there are for whom.
async fn letters(world: &World) -> Vec<(String, String)> {
    sqlx::query_as(
        "select outgoing_email.kind::text, email from outgoing_email join ticket on ticket.id = ticket_id
        where incident_update_id is not null order by outgoing_email.id",
    )
    .fetch_all(world.sql().await)
    .await
    .unwrap()
}
