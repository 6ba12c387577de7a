//! Addresses of a ticket's staff pages.

use crate::tickets::TicketReference;

/// All pages of a ticket are below this path.
pub(crate) const TICKETS_PATH: &str = "/staff/tickets/";

/// The ticket's page.
pub(crate) fn ticket_url(reference: &TicketReference) -> String {
    format!("{TICKETS_PATH}{reference}")
}

/// The ticket's page, scrolled to the section with this element id. The keyboard focus starts there.
pub(crate) fn ticket_section_url(reference: &TicketReference, section: &str) -> String {
    format!("{TICKETS_PATH}{reference}#{section}")
}

/// A page or a form target of the ticket, such as `details/caller`.
pub(crate) fn ticket_resource_url(reference: &TicketReference, resource: &str) -> String {
    format!("{TICKETS_PATH}{reference}/{resource}")
}
