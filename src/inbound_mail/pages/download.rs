//! What a message brought is given out to be saved: the whole of it, or one file.

use axum::{
    body::Body,
    extract::{Path, State},
    http::{
        HeaderValue,
        header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
    response::Response,
};

use super::load_mail;
use crate::{
    app::App,
    inbound_mail::{attachments, store},
    staff::Staff,
    web::AppError,
};

/// The message as it came, to be kept or opened in a mail program; never shown by the browser.
pub(crate) async fn download_raw(
    State(app): State<App>,
    _staff: Staff,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let mut db = app.db.acquire().await?;
    let mail = load_mail(&mut db, &id).await?;
    let raw = store::load_raw(&mut db, mail.id).await?.ok_or(AppError::NotFound)?;
    let disposition = format!("attachment; filename=\"{}.eml\"", mail.id.simple());
    Ok(download_response(raw, "application/octet-stream", &disposition))
}

/// One file of a message, to be saved.
pub(crate) async fn download_attachment(
    State(app): State<App>,
    _staff: Staff,
    Path((id, number)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let number: usize = number.parse().map_err(|_| AppError::NotFound)?;
    let mut db = app.db.acquire().await?;
    let mail = load_mail(&mut db, &id).await?;
    if !mail.is_raw_complete() {
        return Err(AppError::NotFound);
    }
    let raw = store::load_raw(&mut db, mail.id).await?.ok_or(AppError::NotFound)?;
    drop(db);
    // a long message takes a while to be read
    let found = tokio::task::spawn_blocking(move || attachments::extract_attachment(&raw, number)).await.ok().flatten();
    let (file, bytes) = found.ok_or(AppError::NotFound)?;
    Ok(download_response(bytes, file.safe_content_type(), &file.content_disposition(number)))
}

/// What a stranger sent: saved and not shown, whatever the browser would make of it; and if it shows it all the same, as
/// a page of nobody's, in which nothing runs.
fn download_response(bytes: Vec<u8>, kind: &'static str, disposition: &str) -> Response {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    let disposition = HeaderValue::from_str(disposition).unwrap_or(HeaderValue::from_static("attachment"));
    headers.insert(CONTENT_DISPOSITION, disposition);
    response
}
