//! Downloads: the raw message, or one of its attachments. A browser saves them and never shows them.

use ::inbound_mail::{Attachment, extract_attachment};
use axum::{
    body::Body,
    extract::{Path, State},
    http::{
        HeaderValue,
        header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
    response::Response,
};

use super::detail::load_mail;
use crate::{app::App, inbound_mail::store, staff::Staff, urls::percent_encode, web::AppError};

const UNKNOWN_CONTENT_TYPE: &str = "application/octet-stream";

/// Content types that are sent as the message states them: images, recordings and texts that contain no code. For any other
/// attachment the browser is told [`UNKNOWN_CONTENT_TYPE`].
const SAFE_CONTENT_TYPES: [&str; 20] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/heic",
    "application/pdf",
    "text/plain",
    "text/csv",
    "audio/wav",
    "audio/x-wav",
    "audio/mpeg",
    "audio/mp4",
    "audio/aac",
    "audio/ogg",
    "audio/amr",
    "audio/flac",
    "video/mp4",
    "video/webm",
    "video/quicktime",
    "video/3gpp",
];

pub(crate) async fn download_raw(
    State(app): State<App>,
    _staff: Staff,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let mut db = app.db.acquire().await?;
    let mail = load_mail(&mut db, &id).await?;
    let raw = store::load_raw(&mut db, mail.id).await?.ok_or(AppError::NotFound)?;
    let disposition = format!("attachment; filename=\"{}.eml\"", mail.id.simple());
    Ok(download_response(raw, UNKNOWN_CONTENT_TYPE, &disposition))
}

pub(crate) async fn download_attachment(
    State(app): State<App>,
    _staff: Staff,
    Path((id, index)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let index: usize = index.parse().map_err(|_| AppError::NotFound)?;
    let mut db = app.db.acquire().await?;
    let mail = load_mail(&mut db, &id).await?;
    if !mail.is_raw_complete() {
        return Err(AppError::NotFound);
    }
    let raw = store::load_raw(&mut db, mail.id).await?.ok_or(AppError::NotFound)?;
    drop(db);
    // parsing a large message would block other requests
    let extracted = tokio::task::spawn_blocking(move || extract_attachment(&raw, index)).await.ok().flatten();
    let (attachment, bytes) = extracted.ok_or(AppError::NotFound)?;
    Ok(download_response(bytes, safe_content_type(&attachment), &content_disposition(&attachment, index)))
}

/// The headers make the browser save the file. The policy protects against a browser that shows it all the same: the page
/// has no origin, and nothing runs in it.
fn download_response(bytes: Vec<u8>, content_type: &'static str, disposition: &str) -> Response {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    let disposition = HeaderValue::from_str(disposition).unwrap_or(HeaderValue::from_static("attachment"));
    headers.insert(CONTENT_DISPOSITION, disposition);
    response
}

fn safe_content_type(attachment: &Attachment) -> &'static str {
    let is_stated = |content_type: &&str| *content_type == attachment.content_type;
    SAFE_CONTENT_TYPES.into_iter().find(is_stated).unwrap_or(UNKNOWN_CONTENT_TYPE)
}

/// Returns the header value (RFC 6266): the file name in ASCII for old programs, and in UTF-8 for all others. Path separators
/// and quotation marks are replaced, so that a name stays a name.
fn content_disposition(attachment: &Attachment, index: usize) -> String {
    let name: String = attachment.name.chars().map(|c| if "/\\:\"".contains(c) { '_' } else { c }).collect();
    let name = name.trim_start_matches('.');
    let name = if name.is_empty() { format!("{}.bin", index + 1) } else { name.to_owned() };
    let ascii_name: String = name.chars().map(|c| if c == ' ' || c.is_ascii_graphic() { c } else { '_' }).collect();
    format!("attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{}", percent_encode(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attachment(name: &str, content_type: &str) -> Attachment {
        Attachment { name: name.into(), content_type: content_type.into(), size: 1 }
    }

    #[test]
    fn file_names_cannot_leave_the_header_or_the_folder() {
        for (name, header) in [
            ("zrzut ekranu.png", "attachment; filename=\"zrzut ekranu.png\"; filename*=UTF-8''zrzut%20ekranu.png"),
            ("żółw.png", "attachment; filename=\"___w.png\"; filename*=UTF-8''%C5%BC%C3%B3%C5%82w.png"),
            ("../../etc/passwd", "attachment; filename=\"_.._etc_passwd\"; filename*=UTF-8''_.._etc_passwd"),
            ("a\"; x=\"b", "attachment; filename=\"a_; x=_b\"; filename*=UTF-8''a_%3B%20x%3D_b"),
            ("", "attachment; filename=\"3.bin\"; filename*=UTF-8''3.bin"),
        ] {
            assert_eq!(content_disposition(&attachment(name, ""), 2), header);
        }
    }

    #[test]
    fn only_content_types_without_code_are_sent_as_stated() {
        for (stated, sent) in [
            ("image/png", "image/png"),
            ("application/pdf", "application/pdf"),
            ("text/html", "application/octet-stream"),
            ("image/svg+xml", "application/octet-stream"),
            ("application/javascript", "application/octet-stream"),
            ("", "application/octet-stream"),
        ] {
            assert_eq!(safe_content_type(&attachment("x", stated)), sent);
        }
    }
}
