//! The guides' pages. They come from memory; the database is not asked.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Router,
    extract::State,
    http::{HeaderMap, Uri},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};

use super::{
    AnswerOption, AnswerTarget, CheckIds, CheckKind, Guide, GuidePosition, GuideProgress, GuideStep, Guides, StepBlock,
};
use crate::{
    app::App,
    phone::{DialingAdvice, advise_dialing},
    public_incidents::PublicIncident,
    web::{AppError, Form, PublicLayout, form},
};

/// The longest address that can be a walk: longer ones are not looked at.
const MAX_PATH_LEN: usize = 500;

pub fn routes() -> Router<App> {
    Router::new().route("/{lang}/guide/{*path}", get(show))
}

async fn show(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let edition = app.page_cache.generation();
    let page = PublicLayout::from_uri(&app, &uri)?;
    let path = uri.path().splitn(4, '/').nth(3).unwrap_or_default();
    if path.len() > MAX_PATH_LEN {
        return Err(AppError::NotFound);
    }
    let walk = guides.resolve_path(page.lang, path).ok_or(AppError::NotFound)?;
    let (carried, number) = match GuidePageQuery::parse(uri.query()) {
        GuidePageQuery::Step(carried, number) => (carried, number),
        GuidePageQuery::WholeGuide => {
            let guide = walk.current_guide();
            let notices = app.public_incidents.affecting(guide.category.as_str());
            let whole = WholeGuidePage { page, guide, incidents: notices, check_context: StepCheckContext::default() }
                .render()?;
            return Ok(app.page_cache.store(&uri, &headers, edition, whole));
        }
        GuidePageQuery::Unknown => return Ok(Redirect::permanent(uri.path()).into_response()),
    };
    if let GuidePosition::Report = walk.position {
        return Ok(Redirect::to(&report_url(&page, &walk, &carried)).into_response());
    }
    let is_everybodys = uri.query().is_none();
    let rendered = render_page(page, &walk, carried, number)?;
    // what a visitor carries is theirs alone
    Ok(if is_everybodys {
        app.page_cache.store(&uri, &headers, edition, rendered)
    } else {
        Html(rendered).into_response()
    })
}

/// What the address asks for behind its path.
enum GuidePageQuery {
    /// What is carried, and a number to be checked.
    Step(CheckIds, String),
    WholeGuide,
    /// A query that is not ours: the plain address is the page.
    Unknown,
}

impl GuidePageQuery {
    fn parse(query: Option<&str>) -> GuidePageQuery {
        match query {
            None => GuidePageQuery::Step(CheckIds::default(), String::new()),
            Some("all") => GuidePageQuery::WholeGuide,
            Some(query) => {
                let form = Form::parse(query.as_bytes());
                let (carried, number) = (CheckIds::parse(form.raw("checks")), form.single_line("number"));
                let is_ours = !carried.is_empty() || !number.is_empty();
                if is_ours { GuidePageQuery::Step(carried, number) } else { GuidePageQuery::Unknown }
            }
        }
    }
}

/// What the checks in a step's text need to lead back to it.
#[derive(Default)]
struct StepCheckContext {
    guide_path: String,
    check_ids: CheckIds,
    /// The number in the check's field, and what to dial.
    raw_number: String,
    advice: Option<DialingAdvice>,
}

impl StepCheckContext {
    /// A place in the guides, with what is carried.
    fn guide_url(&self, page: &PublicLayout, path: &str) -> String {
        self.check_ids.append_to_url(&format!("/{}/guide/{path}", page.lang))
    }

    /// Whether the check itself stands in the step; on the page of a whole guide there is no step to stay in.
    fn has_inline_form(&self, check: &CheckKind) -> bool {
        *check == CheckKind::Number && !self.guide_path.is_empty()
    }

    /// A check's address, with the way back.
    fn check_url(&self, page: &PublicLayout, check: &CheckKind) -> String {
        let address = format!("/{}/check/{}", page.lang, check.as_str());
        if self.guide_path.is_empty() {
            return address;
        }
        self.check_ids.append_to_url(&format!("{address}?walk={}", form::percent_encode(&self.guide_path)))
    }
}

fn render_page(
    page: PublicLayout,
    walk: &GuideProgress,
    carried: CheckIds,
    number: String,
) -> Result<String, askama::Error> {
    let report = report_url(&page, walk, &carried);
    let advice = Some(&number)
        .filter(|number| !number.is_empty())
        .map(|number| advise_dialing(number, &page.operator().short_codes));
    let way = StepCheckContext { guide_path: walk.path.clone(), check_ids: carried, raw_number: number, advice };
    match walk.position {
        GuidePosition::Step(guide, step) => {
            let back = walk.answered_steps.last().map(|taken| taken.path_before.clone());
            let notices = page.app.public_incidents.affecting(guide.category.as_str());
            GuideStepPage {
                report_url: report,
                page,
                progress: walk,
                guide,
                step,
                back_path: back,
                check_context: way,
                incidents: notices,
            }
            .render()
        }
        GuidePosition::Resolved | GuidePosition::Report => {
            GuideResolvedPage { report_url: report, page, progress: walk, check_context: way }.render()
        }
    }
}

/// The form, filled in with what the walk knows.
fn report_url(page: &PublicLayout, walk: &GuideProgress, carried: &CheckIds) -> String {
    let category = walk.current_guide().category.as_str();
    carried.append_to_url(&format!(
        "/{}/report?category={category}&trail={}",
        page.lang,
        form::percent_encode(&walk.path)
    ))
}

#[derive(Template)]
#[template(path = "guides/step.html")]
struct GuideStepPage<'a> {
    page: PublicLayout,
    progress: &'a GuideProgress<'a>,
    guide: &'a Guide,
    step: &'a GuideStep,
    /// The walk without its last answer.
    back_path: Option<String>,
    report_url: String,
    check_context: StepCheckContext,
    incidents: Vec<PublicIncident>,
}

impl GuideStepPage<'_> {
    fn step_number(&self) -> usize {
        self.progress.answered_steps.len() + 1
    }

    fn answer_url(&self, answer: &AnswerOption) -> String {
        match answer.target {
            AnswerTarget::Report => {
                let path = format!("{}/{}", self.progress.path, answer.id);
                let category = self.guide.category.as_str();
                let address =
                    format!("/{}/report?category={category}&trail={}", self.page.lang, form::percent_encode(&path));
                self.check_context.check_ids.append_to_url(&address)
            }
            AnswerTarget::Step(_) | AnswerTarget::Guide(_) | AnswerTarget::Resolved => self
                .check_context
                .check_ids
                .append_to_url(&format!("/{}/guide/{}/{}", self.page.lang, self.progress.path, answer.id)),
        }
    }

    /// The line with its points: answered, now, and a dashed rest.
    fn answered_dots_x(&self) -> Vec<u16> {
        (0..self.progress.answered_steps.len().min(9)).map(|at| 8 + 24 * u16::try_from(at).unwrap_or(0)).collect()
    }

    fn current_dot_x(&self) -> u16 {
        8 + 24 * u16::try_from(self.progress.answered_steps.len().min(9)).unwrap_or(0)
    }

    fn line_end_x(&self) -> u16 {
        self.current_dot_x() + if self.step.max_remaining > 0 { 56 } else { 0 }
    }
}

#[derive(Template)]
#[template(path = "guides/resolved.html")]
struct GuideResolvedPage<'a> {
    page: PublicLayout,
    progress: &'a GuideProgress<'a>,
    report_url: String,
    check_context: StepCheckContext,
}

#[derive(Template)]
#[template(path = "guides/full.html")]
struct WholeGuidePage<'a> {
    page: PublicLayout,
    guide: &'a Guide,
    incidents: Vec<PublicIncident>,
    check_context: StepCheckContext,
}

impl WholeGuidePage<'_> {
    /// Where an answer leads, within this page where it can.
    fn answer_url(&self, answer: &AnswerOption) -> String {
        let lang = self.page.lang;
        match answer.target {
            AnswerTarget::Step(at) => format!("#{}", self.guide.steps.get(at).map_or("", |step| step.id.as_str())),
            AnswerTarget::Guide(category) => format!("/{lang}/guide/{}?all", category.as_str()),
            AnswerTarget::Resolved => String::new(),
            AnswerTarget::Report => format!("/{lang}/report?category={}", self.guide.category.as_str()),
        }
    }

    /// The same in words, for paper.
    fn target_label(&self, answer: &AnswerOption) -> String {
        let lang = self.page.lang;
        match answer.target {
            AnswerTarget::Step(at) => lang.t_with("guide-go-to", "number", at + 1),
            AnswerTarget::Guide(category) => lang.t_with("guide-go-to-guide", "guide", lang.t(category.label())),
            AnswerTarget::Resolved => lang.t("guide-end-resolved").into_owned(),
            AnswerTarget::Report => lang.t("guide-end-report").into_owned(),
        }
    }
}

/// The picture before an answer: a lamp of the panel, or the sign that its meaning has.
fn answer_icon(answer: &AnswerOption) -> AnswerIcon {
    match (answer.id.as_str(), answer.target) {
        (lamp @ ("blue" | "green" | "yellow" | "red" | "grey" | "none"), _) => AnswerIcon::Lamp(lamp.into()),
        ("unknown", _) => AnswerIcon::Icon("ask".into()),
        (_, AnswerTarget::Resolved) | ("yes", _) => AnswerIcon::Icon("check".into()),
        // all is as it should be, and it still fails
        ("no" | "right" | "on", _) => AnswerIcon::Icon("cross".into()),
        (_, AnswerTarget::Report) => AnswerIcon::Icon("mail".into()),
        _ => AnswerIcon::None,
    }
}

enum AnswerIcon {
    Lamp(String),
    Icon(String),
    None,
}
