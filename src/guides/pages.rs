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

use super::{Answer, Block, Carried, Check, Guide, Guides, Place, Step, Target, Walk};
use crate::{
    app::App,
    notices::Notice,
    phone::{Advice, advise},
    web::{Error, Form, Page, form},
};

/// The longest address that can be a walk: longer ones are not looked at.
const LONGEST_PATH: usize = 500;

pub fn routes() -> Router<App> {
    Router::new().route("/{lang}/guide/{*path}", get(step))
}

async fn step(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let edition = app.pages.edition();
    let page = Page::of(&app, &uri)?;
    let path = uri.path().splitn(4, '/').nth(3).unwrap_or_default();
    if path.len() > LONGEST_PATH {
        return Err(Error::NotFound);
    }
    let walk = guides.walk(page.lang, path).ok_or(Error::NotFound)?;
    let (carried, number) = match Asked::of(uri.query()) {
        Asked::Step(carried, number) => (carried, number),
        Asked::Whole => {
            let guide = walk.guide();
            let notices = app.notices.concerning(guide.category.as_str());
            let whole = WholePage { page, guide, notices, way: Way::default() }.render()?;
            return Ok(app.pages.keep(&uri, &headers, edition, whole));
        }
        Asked::Nothing => return Ok(Redirect::permanent(uri.path()).into_response()),
    };
    if let Place::Report = walk.place {
        return Ok(Redirect::to(&report_address(&page, &walk, &carried)).into_response());
    }
    let is_everybodys = uri.query().is_none();
    let rendered = render(page, &walk, carried, number)?;
    // what a visitor carries is theirs alone
    Ok(if is_everybodys { app.pages.keep(&uri, &headers, edition, rendered) } else { Html(rendered).into_response() })
}

/// What the address asks for behind its path.
enum Asked {
    /// What is carried, and a number to be checked.
    Step(Carried, String),
    Whole,
    /// A query that is not ours: the plain address is the page.
    Nothing,
}

impl Asked {
    fn of(query: Option<&str>) -> Asked {
        match query {
            None => Asked::Step(Carried::default(), String::new()),
            Some("all") => Asked::Whole,
            Some(query) => {
                let form = Form::parse(query.as_bytes());
                let (carried, number) = (Carried::read(form.raw("checks")), form.line("number"));
                let is_ours = !carried.is_empty() || !number.is_empty();
                if is_ours { Asked::Step(carried, number) } else { Asked::Nothing }
            }
        }
    }
}

/// What the checks in a step's text need to lead back to it.
#[derive(Default)]
struct Way {
    walk: String,
    carried: Carried,
    /// The number in the check's field, and what to dial.
    number: String,
    advice: Option<Advice>,
}

impl Way {
    /// A place in the guides, with what is carried.
    fn guide(&self, page: &Page, path: &str) -> String {
        self.carried.onto(&format!("/{}/guide/{path}", page.lang))
    }

    /// Whether the check itself stands in the step; on the page of a whole guide there is no step to stay in.
    fn has_form(&self, check: &Check) -> bool {
        *check == Check::Number && !self.walk.is_empty()
    }

    /// A check's address, with the way back.
    fn check(&self, page: &Page, check: &Check) -> String {
        let address = format!("/{}/check/{}", page.lang, check.as_str());
        if self.walk.is_empty() {
            return address;
        }
        self.carried.onto(&format!("{address}?walk={}", form::escape(&self.walk)))
    }
}

fn render(page: Page, walk: &Walk, carried: Carried, number: String) -> Result<String, askama::Error> {
    let report = report_address(&page, walk, &carried);
    let advice =
        Some(&number).filter(|number| !number.is_empty()).map(|number| advise(number, &page.operator().short_codes));
    let way = Way { walk: walk.path.clone(), carried, number, advice };
    match walk.place {
        Place::Step(guide, step) => {
            let back = walk.taken.last().map(|taken| taken.before.clone());
            let notices = page.app.notices.concerning(guide.category.as_str());
            StepPage { report, page, walk, guide, step, back, way, notices }.render()
        }
        Place::Resolved | Place::Report => ResolvedPage { report, page, walk, way }.render(),
    }
}

/// The form, filled in with what the walk knows.
fn report_address(page: &Page, walk: &Walk, carried: &Carried) -> String {
    let category = walk.guide().category.as_str();
    carried.onto(&format!("/{}/report?category={category}&trail={}", page.lang, form::escape(&walk.path)))
}

#[derive(Template)]
#[template(path = "guides/step.html")]
struct StepPage<'a> {
    page: Page,
    walk: &'a Walk<'a>,
    guide: &'a Guide,
    step: &'a Step,
    /// The walk without its last answer.
    back: Option<String>,
    report: String,
    way: Way,
    notices: Vec<Notice>,
}

impl StepPage<'_> {
    fn number(&self) -> usize {
        self.walk.taken.len() + 1
    }

    fn href(&self, answer: &Answer) -> String {
        match answer.target {
            Target::Report => {
                let path = format!("{}/{}", self.walk.path, answer.id);
                let category = self.guide.category.as_str();
                let address = format!("/{}/report?category={category}&trail={}", self.page.lang, form::escape(&path));
                self.way.carried.onto(&address)
            }
            Target::Step(_) | Target::Guide(_) | Target::Resolved => {
                self.way.carried.onto(&format!("/{}/guide/{}/{}", self.page.lang, self.walk.path, answer.id))
            }
        }
    }

    /// The line with its points: answered, now, and a dashed rest.
    fn dots(&self) -> Vec<u16> {
        (0..self.walk.taken.len().min(9)).map(|at| 8 + 24 * u16::try_from(at).unwrap_or(0)).collect()
    }

    fn now_x(&self) -> u16 {
        8 + 24 * u16::try_from(self.walk.taken.len().min(9)).unwrap_or(0)
    }

    fn end_x(&self) -> u16 {
        self.now_x() + if self.step.left > 0 { 56 } else { 0 }
    }
}

#[derive(Template)]
#[template(path = "guides/resolved.html")]
struct ResolvedPage<'a> {
    page: Page,
    walk: &'a Walk<'a>,
    report: String,
    way: Way,
}

#[derive(Template)]
#[template(path = "guides/whole.html")]
struct WholePage<'a> {
    page: Page,
    guide: &'a Guide,
    notices: Vec<Notice>,
    way: Way,
}

impl WholePage<'_> {
    /// Where an answer leads, within this page where it can.
    fn href(&self, answer: &Answer) -> String {
        let lang = self.page.lang;
        match answer.target {
            Target::Step(at) => format!("#{}", self.guide.steps.get(at).map_or("", |step| step.id.as_str())),
            Target::Guide(category) => format!("/{lang}/guide/{}?all", category.as_str()),
            Target::Resolved => String::new(),
            Target::Report => format!("/{lang}/report?category={}", self.guide.category.as_str()),
        }
    }

    /// The same in words, for paper.
    fn leads_to(&self, answer: &Answer) -> String {
        let lang = self.page.lang;
        match answer.target {
            Target::Step(at) => lang.t1("guide-go-to", "number", at + 1),
            Target::Guide(category) => lang.t1("guide-go-to-guide", "guide", lang.t(category.label())),
            Target::Resolved => lang.t("guide-end-resolved").into_owned(),
            Target::Report => lang.t("guide-end-report").into_owned(),
        }
    }
}

/// The picture before an answer: a lamp of the panel, or the sign that its meaning has.
fn sign(answer: &Answer) -> Sign {
    match (answer.id.as_str(), answer.target) {
        (lamp @ ("blue" | "green" | "yellow" | "red" | "grey" | "none"), _) => Sign::Lamp(lamp.into()),
        ("unknown", _) => Sign::Icon("ask".into()),
        (_, Target::Resolved) | ("yes", _) => Sign::Icon("check".into()),
        // all is as it should be, and it still fails
        ("no" | "right" | "on", _) => Sign::Icon("cross".into()),
        (_, Target::Report) => Sign::Icon("mail".into()),
        _ => Sign::None,
    }
}

enum Sign {
    Lamp(String),
    Icon(String),
    None,
}
