//! Addresses of the staff pages.

use uuid::Uuid;

use super::{percent_encode, with_query};
use crate::ticket_reference::TicketReference;

/// The queue, and the start page of staff.
pub const QUEUE: &str = "/staff";
/// The rows of the queue as a CSV file.
pub const QUEUE_CSV: &str = "/staff.csv";
/// The event stream with the changes of the queue.
pub const QUEUE_LIVE: &str = "/staff/live";
/// The login page.
pub const LOGIN: &str = "/staff/login";
/// The accounts of the staff members.
pub const ACCOUNTS: &str = "/staff/accounts";
/// The tokens of the API.
pub const TOKENS: &str = "/staff/tokens";
/// The saved replies.
pub const REPLIES: &str = "/staff/replies";
/// The form for a call that a customer reports by phone.
pub const PHONE_REPORT: &str = "/staff/report";
/// The incidents.
pub const INCIDENTS: &str = "/staff/incidents";
/// The inbound mail.
pub const INBOX: &str = "/staff/inbox";
/// The outgoing emails.
pub const EMAILS: &str = "/staff/emails";
/// The blocklist.
pub const BLOCKLIST: &str = "/staff/blocklist";
/// The statistics.
pub const STATS: &str = "/staff/stats";
/// All pages of tickets are below this path.
pub const TICKETS: &str = "/staff/tickets/";

/// Whether a URL without host is one of a staff page.
pub fn is_staff_page(url: &str) -> bool {
    url.strip_prefix(QUEUE).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '.']))
}

/// The login page, which then leads to a staff page.
pub fn login_before(next: &str) -> String {
    with_query(LOGIN, &[("next", next)])
}

/// The page on which an invited staff member sets a password.
pub fn invitation(token: &str) -> String {
    format!("/staff/welcome/{token}")
}

/// The page of a ticket.
pub fn ticket(reference: &TicketReference) -> String {
    format!("{TICKETS}{reference}")
}

/// The page of a ticket, scrolled to the section with this element id. The keyboard focus starts there.
pub fn ticket_section(reference: &TicketReference, section: &str) -> String {
    format!("{TICKETS}{reference}#{section}")
}

/// A page or a form target of a ticket, such as `details/caller`.
pub fn ticket_resource(reference: &TicketReference, resource: &str) -> String {
    format!("{TICKETS}{reference}/{resource}")
}

/// The page of an incident.
pub fn incident(id: i64) -> String {
    format!("{INCIDENTS}/{id}")
}

/// The page of an inbound message.
pub fn inbound_mail(id: Uuid) -> String {
    format!("{INBOX}/{id}")
}

/// The page of a saved reply.
pub fn saved_reply(id: Uuid) -> String {
    format!("{REPLIES}/{id}")
}

/// The page of a blocked address or block of addresses.
pub fn blocklist_entry(net: &str) -> String {
    format!("{BLOCKLIST}/{}", percent_encode(net))
}

/// A figure of the statistics as a CSV file.
pub fn stats_csv(figure: &str) -> String {
    format!("{STATS}/{figure}.csv")
}

#[cfg(test)]
mod tests {
    use crate::urls::staff::*;

    #[test]
    fn staff_pages_are_recognized_by_their_whole_first_segment() {
        for url in ["/staff", "/staff?view=mine", "/staff.csv", "/staff/", "/staff/tickets/DZ-1"] {
            assert!(is_staff_page(url), "{url}");
        }
        for url in ["", "/", "/pl", "/staffx", "/pl/staff", "//staff", "https://example.com/staff"] {
            assert!(!is_staff_page(url), "{url}");
        }
    }
}
