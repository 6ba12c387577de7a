//! The sound check's page: a microphone's level, a recording, a tone for each ear. All of it stays in the browser; what
//! comes here is a form with two words, when the visitor sends it.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};

use super::{CheckNavigation, CheckRequest, allow_microphone_header};
use crate::{
    app::{App, Now},
    checks::{AudibleSpeakers, CheckOutcome, CheckResultStore, Describe, MicrophoneStatus, SoundResult},
    guides::Guides,
    tickets::TicketCategory,
    web::{AppError, Client, Form, PublicLayout, render_html},
};

#[derive(Template)]
#[template(path = "checks/sound.html")]
struct SoundCheckPage {
    page: PublicLayout,
    navigation: CheckNavigation,
    /// Sent, but not kept: it is said at least.
    unsaved_summary: Option<String>,
}

impl SoundCheckPage {
    fn line_test_url(&self) -> String {
        self.navigation.append_to_url(&format!("/{}/check/link", self.page.lang))
    }

    /// What the recorder says at 0, 1, 2 … seconds, for the script.
    fn countdown_texts(&self) -> String {
        let said: Vec<_> = (0..=5).map(|seconds| self.page.lang.t_with("sound-left", "seconds", seconds)).collect();
        said.join("|")
    }
}

pub(super) async fn show(CheckRequest { page, navigation: way, .. }: CheckRequest) -> Result<Response, AppError> {
    Ok((allow_microphone_header(), render_html(&SoundCheckPage { page, navigation: way, unsaved_summary: None })?)
        .into_response())
}

pub(super) async fn create(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    Extension(keeper): Extension<CheckResultStore>,
    Now(now): Now,
    page: PublicLayout,
    client: Client,
    form: Form,
) -> Result<Response, AppError> {
    let way = CheckNavigation::from_query(&form, &guides, page.lang);
    let microphone = MicrophoneStatus::from_name(&form.single_line("microphone"));
    let speakers = AudibleSpeakers::from_name(&form.single_line("speakers"));
    let Some(checked) = SoundResult::new(microphone, speakers) else {
        return Ok(Redirect::to(&way.append_to_url(&format!("/{}/check/sound", page.lang))).into_response());
    };
    let said = page.format(&checked.summary());
    match keeper.save(&app, &client, &CheckOutcome::Sound(checked), now).await {
        Some(id) => Ok(Redirect::to(&way.append_to_url(&format!("/{}/check/result/{id}", page.lang))).into_response()),
        None => Ok((
            allow_microphone_header(),
            render_html(&SoundCheckPage { page, navigation: way, unsaved_summary: Some(said) })?,
        )
            .into_response()),
    }
}
