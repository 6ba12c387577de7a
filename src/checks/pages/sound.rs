//! The sound check's page: a microphone's level, a recording, a tone for each ear. All of it stays in the browser; what
//! comes here is a form with two words, when the visitor sends it.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::{Asking, Way, microphone_allowed};
use crate::{
    app::{App, Now},
    checks::{Finding, Keeper, Microphone, SoundChecked, Speakers, Told},
    guides::Guides,
    tickets::Category,
    web::{Client, Error, Form, Page, html},
};

#[derive(Template)]
#[template(path = "checks/sound.html")]
struct SoundPage {
    page: Page,
    way: Way,
    /// Sent, but not kept: it is said at least.
    said: Option<String>,
}

impl SoundPage {
    fn link(&self) -> String {
        self.way.onward(&format!("/{}/check/link", self.page.lang))
    }

    /// What the recorder says at 0, 1, 2 … seconds, for the script.
    fn left(&self) -> String {
        let said: Vec<_> = (0..=5).map(|seconds| self.page.lang.t1("sound-left", "seconds", seconds)).collect();
        said.join("|")
    }
}

pub(super) async fn show(Asking { page, way, .. }: Asking) -> Result<Response, Error> {
    Ok((microphone_allowed(), html(&SoundPage { page, way, said: None })?).into_response())
}

pub(super) async fn keep(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    Extension(keeper): Extension<Keeper>,
    Now(now): Now,
    page: Page,
    client: Client,
    form: Form,
) -> Result<Response, Error> {
    let way = Way::of(&form, &guides, page.lang);
    let microphone = Microphone::from_name(&form.line("microphone"));
    let speakers = Speakers::from_name(&form.line("speakers"));
    let Some(checked) = SoundChecked::new(microphone, speakers) else {
        return Ok(Redirect::to(&way.onward(&format!("/{}/check/sound", page.lang))).into_response());
    };
    let said = page.say(&checked.sentence());
    match keeper.keep(&app, &client, &Finding::Sound(checked), now).await {
        Some(id) => Ok(Redirect::to(&way.onward(&format!("/{}/check/result/{id}", page.lang))).into_response()),
        None => Ok((microphone_allowed(), html(&SoundPage { page, way, said: Some(said) })?).into_response()),
    }
}
