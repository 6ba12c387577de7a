//! The Atom feed of the incidents (RFC 4287).

use askama::Template;
use time::OffsetDateTime;

use crate::{local_time, public_incidents::PublicIncident, urls, web::PublicLayout};

#[derive(Template)]
#[template(path = "incidents/feed.xml")]
pub(super) struct IncidentFeed {
    pub page: PublicLayout,
    pub incidents: Vec<PublicIncident>,
}

impl IncidentFeed {
    /// The last change of any entry. Atom requires the element, so an empty feed has a constant.
    fn updated_at(&self) -> String {
        let newest = self.incidents.iter().map(PublicIncident::last_changed_at).max();
        local_time::iso(&newest.unwrap_or(OffsetDateTime::UNIX_EPOCH))
    }

    fn absolute_url(&self, url: &str) -> String {
        format!("{}{url}", self.page.app.public_url)
    }

    fn feed_url(&self) -> String {
        self.absolute_url(&urls::public::incident_feed(self.page.lang))
    }

    fn list_url(&self) -> String {
        self.absolute_url(&urls::public::incidents(self.page.lang))
    }

    fn incident_url(&self, incident: &PublicIncident) -> String {
        self.absolute_url(&incident.path(&self.page.lang))
    }

    /// The updates, the newest first, the text and the period, as paragraphs.
    fn entry_text(&self, incident: &PublicIncident) -> String {
        let lang = &self.page.lang;
        let updates = incident.updates.iter().map(|update| {
            format!("{}:\n{}", self.page.format(&local_time::format_date_time(update.at)), update.text.get(lang))
        });
        let text = incident.text.get(lang).to_owned();
        let period = self.page.format(&incident.period_message());
        updates.chain([text, period]).collect::<Vec<_>>().join("\n\n")
    }
}
