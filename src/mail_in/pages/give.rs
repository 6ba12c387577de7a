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

use super::find;
use crate::{
    app::App,
    mail_in::{files, store},
    staff::Staff,
    web::Error,
};

/// The message as it came, to be kept or opened in a mail program; never shown by the browser.
pub(super) async fn raw(State(app): State<App>, _staff: Staff, Path(id): Path<String>) -> Result<Response, Error> {
    let mut db = app.db.read().await?;
    let mail = find(&mut db, &id).await?;
    let raw = store::raw(&mut db, mail.id).await?.ok_or(Error::NotFound)?;
    let disposition = format!("attachment; filename=\"{}.eml\"", mail.id.simple());
    Ok(given_out(raw, "application/octet-stream", &disposition))
}

/// One file of a message, to be saved.
pub(super) async fn file(
    State(app): State<App>,
    _staff: Staff,
    Path((id, number)): Path<(String, String)>,
) -> Result<Response, Error> {
    let number: usize = number.parse().map_err(|_| Error::NotFound)?;
    let mut db = app.db.read().await?;
    let mail = find(&mut db, &id).await?;
    if !mail.can_be_opened() {
        return Err(Error::NotFound);
    }
    let raw = store::raw(&mut db, mail.id).await?.ok_or(Error::NotFound)?;
    drop(db);
    // a long message takes a while to be read
    let found = tokio::task::spawn_blocking(move || files::file(&raw, number)).await.ok().flatten();
    let (file, bytes) = found.ok_or(Error::NotFound)?;
    Ok(given_out(bytes, file.safe_kind(), &file.disposition(number)))
}

/// What a stranger sent: saved and not shown, whatever the browser would make of it; and if it shows it all the same, as
/// a page of nobody's, in which nothing runs.
fn given_out(bytes: Vec<u8>, kind: &'static str, disposition: &str) -> Response {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    let disposition = HeaderValue::from_str(disposition).unwrap_or(HeaderValue::from_static("attachment"));
    headers.insert(CONTENT_DISPOSITION, disposition);
    response
}
