//! The customer's page: what is told there, and everything that can be added.

mod keys;
mod lost;
mod questions;
mod taken_down;
mod writes;

use dzwoni::tickets::TicketReference;

use crate::{
    given,
    support::{Answer, Browser, World},
};

/// An address of the ticket's pages, made from the page's own.
pub fn below(page: &str, path: &str) -> String {
    page.replacen('?', &format!("{path}?"), 1)
}

/// Sends a form as the ticket's page has it.
pub async fn send(browser: &Browser, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let id = given::uuid();
    let mut all = vec![("submission", id.as_str())];
    all.extend_from_slice(fields);
    browser.post(&below(page, path), &all).await
}

pub fn key(page: &str) -> &str {
    page.split_once("key=").unwrap().1.split('&').next().unwrap()
}

/// A ticket that somebody at the desk has, and the address of its customer's page.
pub async fn taken(world: &World, anna: &Browser) -> (TicketReference, String) {
    let (reference, page) = given::report().accepted(world).await;
    crate::tickets::act(anna, &reference, "assignment", &[("assignee", "me")]).await.expect(303);
    (reference, page)
}
