//! Incidents, which concern many customers at the same time.

mod editing;
mod joining;
mod proposals;
mod public;
mod resolving;
mod subscriptions;

use dzwoni::tickets::TicketReference;

use crate::{
    given,
    support::{Browser, TestResponse, World},
};

const TITLE: &str = "Połączenia do Wielkiej Brytanii";

/// The fields of a valid incident form. `changes` replaces fields; an empty value removes one.
fn fields<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let defaults = [
        ("title_pl", TITLE),
        ("title_en", "Calls to the United Kingdom"),
        ("text_pl", "Część rozmów na numery 0044 kończy się kodem 503. Naprawiamy to."),
        ("text_en", "Some calls to numbers in 0044 end with 503. We are mending it."),
        ("category", "outgoing"),
        ("prefixes", "0044 20"),
        ("began", "2026-11-20T13:50"),
    ];
    let unchanged = defaults.into_iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    changes.iter().copied().filter(|(_, value)| !value.is_empty()).chain(unchanged).collect()
}

/// Creates a draft; returns its address.
async fn create_draft(staff: &Browser, changes: &[(&str, &str)]) -> String {
    let response = staff.post("/staff/incidents", &fields(changes)).await.expect(303);
    response.location().to_owned()
}

/// Posts a form of the incident's page as the page is now.
pub async fn post_incident_action(
    staff: &Browser,
    incident: &str,
    resource: &str,
    fields: &[(&str, &str)],
) -> TestResponse {
    let page = staff.get(incident).await.expect(200);
    post_incident_action_from(staff, &page, incident, resource, fields).await
}

/// Posts a form of a page that was loaded earlier.
async fn post_incident_action_from(
    staff: &Browser,
    page: &TestResponse,
    incident: &str,
    resource: &str,
    fields: &[(&str, &str)],
) -> TestResponse {
    let version = page.value("version");
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    staff.post(&format!("{incident}/{resource}"), &all).await
}

/// Creates and publishes an incident; returns its address.
pub async fn publish_incident(staff: &Browser, changes: &[(&str, &str)]) -> String {
    let incident = create_draft(staff, changes).await;
    post_incident_action(staff, &incident, "publication", &[]).await.expect(303);
    incident
}

fn incident_number(incident: &str) -> &str {
    incident.rsplit('/').next().unwrap()
}

pub async fn join_incident(staff: &Browser, reference: &TicketReference, incident: &str) -> TestResponse {
    staff.post(&format!("/staff/tickets/{reference}/incident"), &[("incident", incident_number(incident))]).await
}

/// Sends a report from a customer with this e-mail address.
async fn report_from(world: &World, email: &str) -> TicketReference {
    given::report().with("email", email).accepted(world).await.0
}

/// The texts of an update.
const UPDATE_TEXTS: [(&str, &str); 2] =
    [("text_pl", "Operator naprawia trasę."), ("text_en", "The carrier mends the route.")];

/// The form of an update.
pub fn update_form(submission: &str) -> Vec<(&str, &str)> {
    [UPDATE_TEXTS.as_slice(), &[("submission", submission)]].concat()
}

/// The e-mails to customers about incidents: kind and address.
async fn incident_emails(world: &World) -> Vec<(String, String)> {
    sqlx::query_as(
        "select outgoing_email.kind::text, email from outgoing_email join ticket on ticket.id = ticket_id
        where incident_update_id is not null order by outgoing_email.id",
    )
    .fetch_all(world.sql().await)
    .await
    .unwrap()
}
