//! The guides' pages. They are rendered from memory, without the database.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Uri},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};

use super::{
    check_ids::CheckIds,
    guide::{AnswerOption, AnswerTarget, CheckKind, Guide, GuideStep, StepBlock},
    progress::{GuidePosition, GuideProgress},
    state::GuidesState,
};
use crate::{
    i18n::Label,
    phone::{DialingAdvice, advise_dialing},
    public_incidents::PublicIncident,
    urls,
    web::{AppError, Form, PublicLayout},
};

/// Maximum length of a guide path, in bytes. Longer ones are not resolved.
const MAX_PATH_LEN: usize = 500;

pub fn routes() -> Router<GuidesState> {
    Router::new().route("/{lang}/guide/{*path}", get(show))
}

async fn show(
    State(GuidesState { app, guides }): State<GuidesState>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let generation = app.page_cache.generation();
    let page = PublicLayout::from_uri(&app, &uri)?;
    let path = uri.path().splitn(4, '/').nth(3).unwrap_or_default();
    if path.len() > MAX_PATH_LEN {
        return Err(AppError::NotFound);
    }
    let progress = guides.resolve_path(page.lang, path).ok_or(AppError::NotFound)?;
    let (check_ids, raw_number) = match GuidePageQuery::parse(&uri) {
        GuidePageQuery::Step(check_ids, raw_number) => (check_ids, raw_number),
        GuidePageQuery::WholeGuide => {
            let guide = progress.current_guide();
            let incidents = app.public_incidents.affecting(guide.category.into_str());
            let rendered =
                WholeGuidePage { page, guide, incidents, check_context: StepCheckContext::default() }.render()?;
            return Ok(app.page_cache.store(&uri, &headers, generation, rendered));
        }
        GuidePageQuery::Unknown => return Ok(Redirect::permanent(uri.path()).into_response()),
    };
    if let GuidePosition::Report = progress.position {
        return Ok(Redirect::to(&report_url(&page, &progress, &check_ids)).into_response());
    }
    let is_shared = uri.query().is_none();
    let rendered = render_page(page, &progress, check_ids, raw_number)?;
    // a page with a visitor's check ids is not cached
    Ok(if is_shared {
        app.page_cache.store(&uri, &headers, generation, rendered)
    } else {
        Html(rendered).into_response()
    })
}

/// The query of a guide's URL.
enum GuidePageQuery {
    /// The check ids, and a number to check.
    Step(CheckIds, String),
    WholeGuide,
    /// A query of unknown parameters. It is redirected to the URL without it.
    Unknown,
}

impl GuidePageQuery {
    fn parse(uri: &Uri) -> GuidePageQuery {
        match uri.query() {
            None => GuidePageQuery::Step(CheckIds::default(), String::new()),
            Some("all") => GuidePageQuery::WholeGuide,
            Some(_) => {
                let form = Form::from_query(uri);
                let (check_ids, raw_number) = (CheckIds::parse(form.raw("checks")), form.single_line("number"));
                if check_ids.is_empty() && raw_number.is_empty() {
                    GuidePageQuery::Unknown
                } else {
                    GuidePageQuery::Step(check_ids, raw_number)
                }
            }
        }
    }
}

/// What the checks in a step need to link back to it.
#[derive(Default)]
struct StepCheckContext {
    guide_path: String,
    check_ids: CheckIds,
    /// The value of the number check's field.
    raw_number: String,
    /// The result of the number check.
    advice: Option<DialingAdvice>,
}

impl StepCheckContext {
    /// The URL of a guide path, with the check ids.
    fn guide_url(&self, page: &PublicLayout, path: &str) -> String {
        self.check_ids.append_to_url(&urls::public::guide(page.lang, path))
    }

    /// Whether the step contains the check's form. The page of a whole guide does not, because it has no step to return to.
    fn has_inline_form(&self, check: &CheckKind) -> bool {
        *check == CheckKind::Number && !self.guide_path.is_empty()
    }

    /// The URL of a check, with the path to return to.
    fn check_url(&self, page: &PublicLayout, check: &CheckKind) -> String {
        let url = urls::public::check(page.lang, check.into_str());
        self.check_ids.append_to_url(&urls::with_query(&url, &[("trail", &self.guide_path)]))
    }
}

fn render_page(
    page: PublicLayout,
    progress: &GuideProgress,
    check_ids: CheckIds,
    raw_number: String,
) -> Result<String, askama::Error> {
    let report_url = report_url(&page, progress, &check_ids);
    let advice = Some(&raw_number)
        .filter(|number| !number.is_empty())
        .map(|number| advise_dialing(number, &page.operator().short_codes));
    let check_context = StepCheckContext { guide_path: progress.path.clone(), check_ids, raw_number, advice };
    match progress.position {
        GuidePosition::Step(guide, step) => {
            let back_path = progress.answered_steps.last().map(|answered| answered.path_before.clone());
            let incidents = page.app.public_incidents.affecting(guide.category.into_str());
            GuideStepPage { report_url, page, progress, guide, step, back_path, check_context, incidents }.render()
        }
        GuidePosition::Resolved | GuidePosition::Report => {
            GuideResolvedPage { report_url, page, progress, check_context }.render()
        }
    }
}

/// The URL of the report form, filled in from the path.
fn report_url(page: &PublicLayout, progress: &GuideProgress, check_ids: &CheckIds) -> String {
    report_url_for(page, progress.current_guide(), &progress.path, check_ids)
}

fn report_url_for(page: &PublicLayout, guide: &Guide, path: &str, check_ids: &CheckIds) -> String {
    let parameters = [("category", guide.category.into_str()), ("trail", path)];
    check_ids.append_to_url(&urls::with_query(&urls::public::report(page.lang), &parameters))
}

#[derive(Template)]
#[template(path = "guides/step.html")]
struct GuideStepPage<'a> {
    page: PublicLayout,
    progress: &'a GuideProgress<'a>,
    guide: &'a Guide,
    step: &'a GuideStep,
    /// The path without its last answer.
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
        let path = format!("{}/{}", self.progress.path, answer.id);
        match answer.target {
            AnswerTarget::Report => report_url_for(&self.page, self.guide, &path, &self.check_context.check_ids),
            AnswerTarget::Step(_) | AnswerTarget::Guide(_) | AnswerTarget::Resolved => {
                self.check_context.guide_url(&self.page, &path)
            }
        }
    }

    /// The progress line, in pixels: dots for answered steps, one for the current step, a dashed rest.
    fn answered_dots_x(&self) -> Vec<u16> {
        (0..self.progress.answered_steps.len().min(9)).map(|index| 8 + 24 * u16::try_from(index).unwrap_or(0)).collect()
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
    /// Where an answer leads: within this page if possible.
    fn answer_url(&self, answer: &AnswerOption) -> String {
        let lang = self.page.lang;
        match answer.target {
            AnswerTarget::Step(index) => {
                format!("#{}", self.guide.steps.get(index).map_or("", |step| step.id.as_str()))
            }
            AnswerTarget::Guide(category) => urls::public::whole_guide(lang, category.into_str()),
            AnswerTarget::Resolved => String::new(),
            AnswerTarget::Report => {
                urls::with_query(&urls::public::report(lang), &[("category", self.guide.category.into_str())])
            }
        }
    }

    /// The same as text, for print.
    fn target_label(&self, answer: &AnswerOption) -> String {
        let lang = self.page.lang;
        match answer.target {
            AnswerTarget::Step(index) => lang.t_with("guide-go-to", "number", index + 1),
            AnswerTarget::Guide(category) => lang.t_with("guide-go-to-guide", "guide", lang.t(category.label())),
            AnswerTarget::Resolved => lang.t("guide-end-resolved").into_owned(),
            AnswerTarget::Report => lang.t("guide-end-report").into_owned(),
        }
    }
}

/// The picture before an answer: a lamp as in the customer panel, or an icon for its meaning.
fn answer_icon(answer: &AnswerOption) -> AnswerIcon {
    match (answer.id.as_str(), answer.target) {
        (lamp @ ("blue" | "green" | "yellow" | "red" | "grey" | "none"), _) => AnswerIcon::Lamp(lamp.into()),
        ("unknown", _) => AnswerIcon::Icon("ask".into()),
        (_, AnswerTarget::Resolved) | ("yes", _) => AnswerIcon::Icon("check".into()),
        // the setting is right, and calls still fail
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
