//! The incidents as an Atom feed (RFC 4287).

use askama::Template;
use time::OffsetDateTime;

use crate::{local_time, public_incidents::PublicIncident, web::PublicLayout};

#[derive(Template)]
#[template(path = "incidents/feed.xml")]
pub(super) struct IncidentFeed {
    pub page: PublicLayout,
    pub incidents: Vec<PublicIncident>,
}

impl IncidentFeed {
    /// When anything in it changed; a feed without entries has to say something, too.
    fn updated_at(&self) -> String {
        let newest = self.incidents.iter().map(PublicIncident::last_changed_at).max();
        local_time::iso(&newest.unwrap_or(OffsetDateTime::UNIX_EPOCH))
    }

    /// An address of ours that holds wherever it is read.
    fn absolute_url(&self, name: &str) -> String {
        format!("{}/{}/{name}", self.page.app.public_url, self.page.lang)
    }

    fn incident_url(&self, notice: &PublicIncident) -> String {
        format!("{}{}", self.page.app.public_url, notice.path(&self.page.lang))
    }

    /// What is known, the newest first, as paragraphs.
    fn entry_text(&self, notice: &PublicIncident) -> String {
        let news = notice.updates.iter().map(|news| {
            format!("{}:\n{}", self.page.format(&local_time::format_date_time(news.at)), news.text.get(&self.page.lang))
        });
        let text = notice.text.get(&self.page.lang).to_owned();
        let span = self.page.format(&notice.period_message());
        news.chain([text, span]).collect::<Vec<_>>().join("\n\n")
    }
}
