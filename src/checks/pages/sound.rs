//! The sound check's page: the microphone's level, a recording, a tone for each ear. Sound stays in the browser. The server
//! receives only a form with two words, when the visitor submits it.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use strum::VariantArray;

use super::{
    navigation::{CheckNavigation, allow_microphone_header},
    request::CheckRequest,
};
use crate::{
    checks::{AudibleSpeakers, CheckOutcome, Describe, MicrophoneStatus, SoundResult},
    guides::CheckKind,
    i18n::Label,
    tickets::TicketCategory,
    urls,
    web::{AppError, Form, PublicLayout, render_html},
};

#[derive(Template)]
#[template(path = "checks/sound.html")]
struct SoundCheckPage {
    page: PublicLayout,
    navigation: CheckNavigation,
    /// The summary of a result that could not be stored.
    unsaved_summary: Option<String>,
}

impl SoundCheckPage {
    fn line_test_url(&self) -> String {
        self.navigation.append_to_url(&urls::public::check(self.page.lang, CheckKind::LineTest.into_str()))
    }

    /// The recorder's texts at 0, 1, 2 … seconds, for the script.
    fn countdown_texts(&self) -> String {
        let texts: Vec<_> = (0..=5).map(|seconds| self.page.lang.t_with("sound-left", "seconds", seconds)).collect();
        texts.join("|")
    }
}

pub(super) async fn show(CheckRequest { page, navigation, .. }: CheckRequest) -> Result<Response, AppError> {
    render_page(SoundCheckPage { page, navigation, unsaved_summary: None })
}

pub(super) async fn create(request: CheckRequest, form: Form) -> Result<Response, AppError> {
    let CheckRequest { app, page, client, now, guides, result_store, .. } = request;
    let navigation = CheckNavigation::from_query(&form, &guides, page.lang);
    let microphone = form.single_line("microphone").parse::<MicrophoneStatus>().ok();
    let speakers = form.single_line("speakers").parse::<AudibleSpeakers>().ok();
    let redirect_to = |url: &str| Redirect::to(&navigation.append_to_url(url)).into_response();
    let Some(result) = SoundResult::new(microphone, speakers) else {
        return Ok(redirect_to(&urls::public::check(page.lang, CheckKind::Sound.into_str())));
    };
    let summary = page.format(&result.summary());
    match result_store.save(&app, &client, &CheckOutcome::Sound(result), now).await {
        Some(id) => Ok(redirect_to(&urls::public::check_result(page.lang, &id))),
        None => render_page(SoundCheckPage { page, navigation, unsaved_summary: Some(summary) }),
    }
}

fn render_page(page: SoundCheckPage) -> Result<Response, AppError> {
    Ok((allow_microphone_header(), render_html(&page)?).into_response())
}
