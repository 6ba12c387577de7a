//! The links between the check pages, the guides and the report form.

use axum::http::HeaderName;

use crate::{
    guides::{CheckIds, Guides},
    i18n::Lang,
    tickets::TicketCategory,
    urls,
    web::Form,
};

/// Where a visitor comes from: the guide path that they left for a check, and the ids of their check results.
pub(super) struct CheckNavigation {
    lang: Lang,
    /// Empty for a visitor who does not come from a guide.
    pub(super) guide_path: String,
    category: Option<TicketCategory>,
    pub(super) check_ids: CheckIds,
}

impl CheckNavigation {
    /// Reads the query of a URL, or the hidden fields of a form.
    pub(super) fn from_query(query: &Form, guides: &Guides, lang: Lang) -> CheckNavigation {
        let progress = guides.resolve_path(lang, &query.single_line("trail"));
        CheckNavigation {
            lang,
            category: progress.as_ref().map(|progress| progress.current_guide().category),
            guide_path: progress.map(|progress| progress.path).unwrap_or_default(),
            check_ids: CheckIds::parse(&query.single_line("checks")),
        }
    }

    /// Adds guide path and check ids to the URL of a check page.
    pub(super) fn append_to_url(&self, url: &str) -> String {
        self.check_ids.append_to_url(&urls::with_query(url, &[("trail", &self.guide_path)]))
    }

    /// The guide's page, or the home page.
    pub(super) fn back_url(&self) -> String {
        if self.guide_path.is_empty() {
            return urls::public::home(self.lang);
        }
        self.check_ids.append_to_url(&urls::public::guide(self.lang, &self.guide_path))
    }

    /// The first page of a guide.
    pub(super) fn guide_url(&self, category: &TicketCategory) -> String {
        self.check_ids.append_to_url(&urls::public::guide(self.lang, category.into_str()))
    }

    /// The report form with all results attached. `category` applies if the visitor does not come from a guide.
    pub(super) fn report_url(&self, category: Option<TicketCategory>) -> String {
        let category = self.category.or(category).map_or("", Into::into);
        let parameters = [("category", category), ("trail", &self.guide_path)];
        self.check_ids.append_to_url(&urls::with_query(&urls::public::report(self.lang), &parameters))
    }
}

/// Allows the microphone on the pages that use it. All other pages deny it.
pub(super) fn allow_microphone_header() -> [(HeaderName, &'static str); 1] {
    [(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
    )]
}
