//! Addresses of a ticket's customer pages that only these pages lead to.

use crate::{
    i18n::Lang,
    tickets::{AccessKey, TicketReference},
    urls::{public, with_query},
};

/// The ticket's page with a flash message; see `flash_message_id`.
pub(crate) fn ticket_url_with_flash(lang: Lang, reference: &TicketReference, key: &AccessKey, flash: &str) -> String {
    format!("{}#flash", with_query(&public::ticket(lang, reference, "", Some(key)), &[("flash", flash)]))
}
