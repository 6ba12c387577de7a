//! Addresses of a ticket's customer pages. They contain the access key.

use crate::{
    i18n::Lang,
    tickets::{AccessKey, TicketReference},
};

/// The ticket's page, or a page below it, such as `/example`.
pub(crate) fn ticket_url(lang: Lang, reference: &TicketReference, below: &str, key: &AccessKey) -> String {
    format!("/{lang}/ticket/{reference}{below}?key={}", key.0)
}

/// The ticket's page with a flash message; see `flash_message_id`.
pub(crate) fn ticket_url_with_flash(lang: Lang, reference: &TicketReference, key: &AccessKey, flash: &str) -> String {
    format!("{}&flash={flash}#flash", ticket_url(lang, reference, "", key))
}
