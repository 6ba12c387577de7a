//! What the handle asks of the media thread, and the answers.

use tokio::sync::oneshot;

use super::session::SessionKind;
use crate::verdict::ServerReport;

/// The id of a session: our ICE username fragment, which the browser's first datagrams carry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SessionId(pub(super) String);

/// A session that waits for its browser to connect.
#[derive(Debug)]
pub struct OpenedSession {
    pub session_id: SessionId,
    pub sdp_answer: String,
}

/// Why a session was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenSessionError {
    #[error("the SDP offer is invalid")]
    InvalidOffer,
    #[error("too many sessions")]
    AtCapacity,
    #[error("the media thread has stopped")]
    Stopped,
}

pub(super) enum MediaCommand {
    Open(SessionKind, String, oneshot::Sender<Result<OpenedSession, OpenSessionError>>),
    Finish(SessionId, oneshot::Sender<Option<ServerReport>>),
}
