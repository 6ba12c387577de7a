//! What every page has around its content.

use askama::Template;
use axum::{
    extract::FromRequestParts,
    http::{Uri, request::Parts},
    response::Html,
};

use crate::{
    app::App,
    operator::Operator,
    web::Error,
    words::{Lang, Say},
};

/// The frame of a public page: the language is in the address, so the switch keeps the visitor where they are.
#[derive(Clone)]
pub struct Page {
    pub app: App,
    pub lang: Lang,
    /// The address behind the language, with its query.
    place: String,
}

impl Page {
    /// The page at `path`, with its query, such as `/pl/report?category=audio`.
    pub fn at(app: &App, path: &str) -> Option<Page> {
        let rest = path.strip_prefix('/')?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let lang = Lang::from_code(&rest[..end])?;
        Some(Page { app: app.clone(), lang, place: rest[end..].to_owned() })
    }

    /// The page that a request asks for.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the address has no language of ours.
    pub fn of(app: &App, uri: &Uri) -> Result<Page, Error> {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Page::at(app, path).ok_or(Error::NotFound)
    }

    pub fn t(&self, id: &str) -> std::borrow::Cow<'static, str> {
        self.lang.t(id)
    }

    pub fn say(&self, say: &Say) -> String {
        self.lang.say(say)
    }

    pub fn operator(&self) -> &Operator {
        &self.app.operator
    }

    pub fn hours(&self) -> String {
        self.app.operator.hours_text(self.lang)
    }

    /// The same page in the other language.
    pub fn switch(&self) -> String {
        format!("/{}{}", self.lang.other(), self.place)
    }

    /// The address of the page without what must not be handed on, for a link to it.
    pub fn without_query(mut self) -> Page {
        self.place.truncate(self.place.find('?').unwrap_or(self.place.len()));
        self
    }
}

impl FromRequestParts<App> for Page {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Page, Error> {
        Page::of(app, &parts.uri)
    }
}

/// Renders a page.
///
/// # Errors
/// When a template fails, which is a defect.
pub fn html(template: &impl Template) -> Result<Html<String>, Error> {
    Ok(Html(template.render()?))
}
