//! Addresses of the public pages. The path begins with the language.

use super::with_query;
use crate::{i18n::Lang, ticket_reference::TicketReference, token::AccessKey};

/// The home page.
pub fn home(lang: Lang) -> String {
    format!("/{lang}")
}

/// A step of a guide. The path is the guide's name and the answers that lead to the step: `outgoing/yes/abroad`.
pub fn guide(lang: Lang, path: &str) -> String {
    format!("/{lang}/guide/{path}")
}

/// A whole guide on one page.
pub fn whole_guide(lang: Lang, guide_name: &str) -> String {
    format!("{}?all", guide(lang, guide_name))
}

/// A step on the page of the whole guide.
pub fn step_of_whole_guide(lang: Lang, guide_name: &str, step_id: &str) -> String {
    format!("{}#{step_id}", whole_guide(lang, guide_name))
}

/// The page of a check, by its name.
pub fn check(lang: Lang, name: &str) -> String {
    format!("/{lang}/check/{name}")
}

/// The page of a stored check result.
pub fn check_result(lang: Lang, result_id: &str) -> String {
    format!("/{lang}/check/result/{result_id}")
}

/// What a message means, alone: for a page on which it is being typed.
pub fn message_hint(lang: Lang) -> String {
    format!("/{lang}/check/message/hint")
}

/// The report form.
pub fn report(lang: Lang) -> String {
    format!("/{lang}/report")
}

/// The list of the incidents.
pub fn incidents(lang: Lang) -> String {
    format!("/{lang}/incidents")
}

/// The Atom feed of the incidents.
pub fn incident_feed(lang: Lang) -> String {
    format!("/{lang}/incidents.atom")
}

/// The page of an incident.
pub fn incident(lang: Lang, id: i64) -> String {
    format!("/{lang}/incident/{id}")
}

/// A subscriber's own page, or a form below it, such as `/end`. Without the key it is not found.
pub fn subscription(lang: Lang, subscriber_id: i64, below: &str, key: &AccessKey) -> String {
    with_query(&format!("/{lang}/follow/{subscriber_id}{below}"), &[("key", &key.0)])
}

/// The customer's page of a ticket, or a page below it, such as `/example`. Without the key the page asks for it.
pub fn ticket(lang: Lang, reference: &TicketReference, below: &str, key: Option<&AccessKey>) -> String {
    with_query(&format!("/{lang}/ticket/{reference}{below}"), &[("key", key.map_or("", |key| &key.0))])
}
