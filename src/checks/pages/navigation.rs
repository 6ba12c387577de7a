//! The links between the check pages, the guides and the report form.

use axum::http::HeaderName;

use crate::{
    guides::{CheckIds, Guides},
    i18n::Lang,
    tickets::TicketCategory,
    web::{Form, form::percent_encode},
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
        let query = if self.guide_path.is_empty() {
            String::new()
        } else {
            format!("?trail={}", percent_encode(&self.guide_path))
        };
        self.check_ids.append_to_url(&format!("{url}{query}"))
    }

    /// The guide's page, or the home page.
    pub(super) fn back_url(&self) -> String {
        if self.guide_path.is_empty() {
            return format!("/{}", self.lang);
        }
        self.check_ids.append_to_url(&format!("/{}/guide/{}", self.lang, self.guide_path))
    }

    /// The first page of a guide.
    pub(super) fn guide_url(&self, category: &TicketCategory) -> String {
        self.check_ids.append_to_url(&format!("/{}/guide/{}", self.lang, category.as_str()))
    }

    /// The report form with all results attached. `category` applies if the visitor does not come from a guide.
    pub(super) fn report_url(&self, category: Option<TicketCategory>) -> String {
        let parameters = [
            ("category", self.category.or(category).map(|category| category.as_str().to_owned())),
            ("trail", Some(percent_encode(&self.guide_path)).filter(|path| !path.is_empty())),
        ];
        let query: Vec<_> =
            parameters.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?))).collect();
        let separator = if query.is_empty() { "" } else { "?" };
        self.check_ids.append_to_url(&format!("/{}/report{separator}{}", self.lang, query.join("&")))
    }
}

/// Allows the microphone on the pages that use it. All other pages deny it.
pub(super) fn allow_microphone_header() -> [(HeaderName, &'static str); 1] {
    [(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
    )]
}
