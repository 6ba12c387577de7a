//! The composer on the ticket's page: one text field, sent as a reply to the customer or saved as a note.

use uuid::Uuid;

use crate::{desk::replies, i18n::UiMessage, tickets::Reply, web::Form};

/// The composer's content. A rejected text stays in it, with the reason.
pub(crate) struct ComposerState {
    /// `reply` or `note`.
    pub kind: &'static str,
    pub text: String,
    pub error: Option<UiMessage>,
    /// The form's id: a text that is sent twice is stored once.
    pub submission: Uuid,
}

impl ComposerState {
    pub(crate) fn empty() -> ComposerState {
        ComposerState::from_form("reply", &Form::default(), None)
    }

    pub(crate) fn from_form(kind: &'static str, form: &Form, error: Option<UiMessage>) -> ComposerState {
        let submission = Uuid::parse_str(form.raw("submission")).unwrap_or_else(|_| Uuid::new_v4());
        ComposerState { kind, text: form.multi_line("text"), error, submission }
    }
}

/// Parses a reply: not empty, and no placeholder left to fill in. A text that is marked as a note is never sent to the
/// customer: a browser without styles, or a keyboard shortcut of the browser, may press the wrong button.
pub(crate) fn parse_reply(form: &Form) -> Result<Reply, ComposerState> {
    if form.raw("kind") == "note" {
        return Err(ComposerState::from_form("note", form, Some(UiMessage::new("compose-note-not-sent"))));
    }
    let text = form.multi_line("text");
    let reply = match replies::unfilled_placeholder_error(&text) {
        Some(error) => Err(error),
        None => Reply::parse(text),
    };
    reply.map_err(|error| ComposerState::from_form("reply", form, Some(error)))
}
