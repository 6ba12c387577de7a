//! What every page has around its content.

use askama::Template;
use axum::{
    extract::FromRequestParts,
    http::{Uri, request::Parts},
    response::Html,
};

use super::AppError;
use crate::{
    app::App,
    i18n::{Lang, UiMessage},
    operator::Operator,
};

/// The frame of a public page: the language is in the address, so the switch keeps the visitor where they are.
#[derive(Clone)]
pub struct PublicLayout {
    pub app: App,
    pub lang: Lang,
    /// The address behind the language, with its query.
    path_and_query: String,
}

impl PublicLayout {
    /// The page at `path`, with its query, such as `/pl/report?category=audio`.
    pub fn from_path(app: &App, path: &str) -> Option<PublicLayout> {
        let rest = path.strip_prefix('/')?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let lang = Lang::from_code(&rest[..end])?;
        Some(PublicLayout { app: app.clone(), lang, path_and_query: rest[end..].to_owned() })
    }

    /// The page that a request asks for.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the address has no language of ours.
    pub fn from_uri(app: &App, uri: &Uri) -> Result<PublicLayout, AppError> {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        PublicLayout::from_path(app, path).ok_or(AppError::NotFound)
    }

    pub fn t(&self, id: &str) -> std::borrow::Cow<'static, str> {
        self.lang.t(id)
    }

    pub fn format(&self, say: &UiMessage) -> String {
        self.lang.format(say)
    }

    pub fn operator(&self) -> &Operator {
        &self.app.operator
    }

    pub fn opening_hours(&self) -> String {
        self.app.operator.hours_text(self.lang)
    }

    /// The same page in the other language.
    pub fn other_language_url(&self) -> String {
        format!("/{}{}", self.lang.other(), self.path_and_query)
    }

    /// The address of the page without what must not be handed on, for a link to it.
    pub fn without_query(mut self) -> PublicLayout {
        self.path_and_query.truncate(self.path_and_query.find('?').unwrap_or(self.path_and_query.len()));
        self
    }
}

impl FromRequestParts<App> for PublicLayout {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<PublicLayout, AppError> {
        PublicLayout::from_uri(app, &parts.uri)
    }
}

/// Renders a page.
///
/// # Errors
/// When a template fails, which is a defect.
pub fn render_html(template: &impl Template) -> Result<Html<String>, AppError> {
    Ok(Html(template.render()?))
}
