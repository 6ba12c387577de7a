//! The layout around every public page.

use askama::Template;
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{Uri, request::Parts},
    response::Html,
};

use super::AppError;
use crate::{
    app::App,
    i18n::{Lang, UiMessage},
    operator::Operator,
};

/// The layout of a public page. The language is part of the path, so the language switch stays on the same page.
#[derive(Clone)]
pub struct PublicLayout {
    pub app: App,
    pub lang: Lang,
    /// The path after the language, with the query.
    path_and_query: String,
}

impl PublicLayout {
    /// The layout for a path with its query, such as `/pl/report?category=audio`. `None` if the path has no known
    /// language.
    pub fn from_path(app: &App, path: &str) -> Option<PublicLayout> {
        let rest = path.strip_prefix('/')?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let lang = Lang::from_code(&rest[..end])?;
        Some(PublicLayout { app: app.clone(), lang, path_and_query: rest[end..].to_owned() })
    }

    /// The layout for the URI of a request.
    ///
    /// # Errors
    /// Returns [`AppError::NotFound`] if the path has no known language.
    pub fn from_uri(app: &App, uri: &Uri) -> Result<PublicLayout, AppError> {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        PublicLayout::from_path(app, path).ok_or(AppError::NotFound)
    }

    pub fn t(&self, id: impl AsRef<str>) -> std::borrow::Cow<'static, str> {
        self.lang.t(id)
    }

    pub fn format(&self, message: &UiMessage) -> String {
        self.lang.format(message)
    }

    pub fn operator(&self) -> &Operator {
        &self.app.operator
    }

    pub fn opening_hours(&self) -> String {
        self.app.operator.hours_text(self.lang)
    }

    /// The URL of the same page in the other language.
    pub fn other_language_url(&self) -> String {
        format!("/{}{}", self.lang.other(), self.path_and_query)
    }

    /// The layout with links to this page that lack the query, which may contain a key.
    pub fn without_query(mut self) -> PublicLayout {
        self.path_and_query.truncate(self.path_and_query.find('?').unwrap_or(self.path_and_query.len()));
        self
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PublicLayout
where
    App: FromRef<S>,
{
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<PublicLayout, AppError> {
        PublicLayout::from_uri(&App::from_ref(state), &parts.uri)
    }
}

/// Renders a page. An error is a defect of the template.
pub fn render_html(template: &impl Template) -> Result<Html<String>, AppError> {
    Ok(Html(template.render()?))
}
