//! The incidents as an Atom feed (RFC 4287).

use askama::Template;
use time::OffsetDateTime;

use crate::{notices::Notice, web::Page, zone};

#[derive(Template)]
#[template(path = "incidents/feed.xml")]
pub(super) struct Feed {
    pub page: Page,
    pub notices: Vec<Notice>,
}

impl Feed {
    /// When anything in it changed; a feed without entries has to say something, too.
    fn updated(&self) -> String {
        let newest = self.notices.iter().map(Notice::renewed_at).max();
        zone::iso(&newest.unwrap_or(OffsetDateTime::UNIX_EPOCH))
    }

    /// An address of ours that holds wherever it is read.
    fn place(&self, name: &str) -> String {
        format!("{}/{}/{name}", self.page.app.public_url, self.page.lang)
    }

    fn address(&self, notice: &Notice) -> String {
        format!("{}{}", self.page.app.public_url, notice.address(&self.page.lang))
    }

    /// What is known, the newest first, as paragraphs.
    fn content(&self, notice: &Notice) -> String {
        let news = notice.news.iter().map(|news| {
            format!("{}:\n{}", self.page.say(&zone::short_moment(news.at)), news.text.get(&self.page.lang))
        });
        let text = notice.text.get(&self.page.lang).to_owned();
        let span = self.page.say(&notice.span());
        news.chain([text, span]).collect::<Vec<_>>().join("\n\n")
    }
}
