//! The customer's ticket page: what it shows, and everything that a customer can add.

mod access_keys;
mod detail_requests;
mod link_requests;
mod messages;
mod phone_report;

use dzwoni::tickets::TicketReference;

use crate::{
    given,
    support::{Browser, TestResponse, World},
};

/// The address of a page below the ticket's page, with the same key.
pub fn subpage(page: &str, path: &str) -> String {
    page.replacen('?', &format!("{path}?"), 1)
}

/// Posts a form of the ticket's page with a new submission.
pub async fn post_form(browser: &Browser, page: &str, path: &str, fields: &[(&str, &str)]) -> TestResponse {
    let id = given::uuid();
    let mut all = vec![("submission", id.as_str())];
    all.extend_from_slice(fields);
    browser.post(&subpage(page, path), &all).await
}

pub fn access_key(page: &str) -> &str {
    page.split_once("key=").unwrap().1.split('&').next().unwrap()
}

/// A ticket that is assigned to Anna, and the address of its customer's page.
pub async fn assigned_ticket(world: &World, anna: &Browser) -> (TicketReference, String) {
    let (reference, page) = given::report().accepted(world).await;
    crate::tickets::post_action(anna, &reference, "assignment", &[("assignee", "me")]).await.expect(303);
    (reference, page)
}
