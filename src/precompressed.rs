//! Response bodies that are compressed once and sent many times, and compression of pages that are sent once.

use std::io::Write;

use axum::{
    body::{Body, Bytes, HttpBody, to_bytes},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{
            ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
        },
    },
    response::Response,
};

use crate::token::sha256;

/// Brotli quality for a page that is sent once.
const PAGE_BROTLI_QUALITY: u32 = 5;
/// A shorter page fits into one packet anyway.
const MIN_COMPRESSED_BYTES: u64 = 1024;

/// A response body, uncompressed and compressed with Brotli and gzip.
#[derive(Debug, Clone)]
pub struct PrecompressedBody {
    plain: Bytes,
    brotli: Bytes,
    gzip: Bytes,
    etag: HeaderValue,
    content_type: HeaderValue,
    cache_control: HeaderValue,
}

impl PrecompressedBody {
    /// Compresses a body. `brotli_quality` is from 0 to 11.
    pub fn new(
        body: impl Into<Bytes>,
        content_type: &'static str,
        cache_control: &'static str,
        brotli_quality: u32,
    ) -> PrecompressedBody {
        let plain = body.into();
        PrecompressedBody {
            brotli: brotli(&plain, brotli_quality),
            gzip: gzip(&plain),
            etag: etag(&plain),
            plain,
            content_type: HeaderValue::from_static(content_type),
            cache_control: HeaderValue::from_static(cache_control),
        }
    }

    /// The first eight hexadecimal digits of the SHA-256, for URLs that change with the content.
    pub fn fingerprint(body: &[u8]) -> String {
        hex::encode(&sha256(body)[..4])
    }

    /// Returns 304 if the client has the current content, otherwise the body in the best encoding that the client
    /// accepts.
    pub fn respond(&self, request: &HeaderMap) -> Response {
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.insert(ETAG, self.etag.clone());
        headers.insert(CACHE_CONTROL, self.cache_control.clone());
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if request.get(IF_NONE_MATCH).is_some_and(|tags| matches_etag(tags, &self.etag)) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        headers.insert(CONTENT_TYPE, self.content_type.clone());
        let encoding = ContentEncoding::best_accepted(request.get(ACCEPT_ENCODING));
        let body = match encoding {
            Some(ContentEncoding::Brotli) => &self.brotli,
            Some(ContentEncoding::Gzip) => &self.gzip,
            None => &self.plain,
        };
        if let Some(encoding) = encoding {
            headers.insert(CONTENT_ENCODING, encoding.header_value());
        }
        *response.body_mut() = Body::from(body.clone());
        response
    }

    /// The size in bytes.
    pub fn size_in_memory(&self) -> u64 {
        (self.plain.len() + self.brotli.len() + self.gzip.len()) as u64
    }
}

/// Compresses an HTML page that was rendered for one request. The whole page is in memory already, so compressing it at
/// once needs less memory than a stream would hold while a slow client reads.
pub async fn compress_page(accept_encoding: Option<&HeaderValue>, response: Response) -> Response {
    let headers = response.headers();
    let is_html = headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    let is_long = response.body().size_hint().exact().is_some_and(|length| length >= MIN_COMPRESSED_BYTES);
    if !is_html || !is_long || headers.contains_key(CONTENT_ENCODING) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    parts.headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    let Some(encoding) = ContentEncoding::best_accepted(accept_encoding) else {
        return Response::from_parts(parts, body);
    };
    // a body of a known length is in memory, and reading it does not fail
    let page = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let compressed = match encoding {
        ContentEncoding::Brotli => brotli(&page, PAGE_BROTLI_QUALITY),
        ContentEncoding::Gzip => gzip(&page),
    };
    parts.headers.insert(CONTENT_ENCODING, encoding.header_value());
    parts.headers.insert(CONTENT_LENGTH, compressed.len().into());
    Response::from_parts(parts, Body::from(compressed))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ContentEncoding {
    Brotli,
    Gzip,
}

impl ContentEncoding {
    fn best_accepted(header: Option<&HeaderValue>) -> Option<ContentEncoding> {
        let accepted = header?.to_str().ok()?;
        if accepts_encoding(accepted, "br") {
            Some(ContentEncoding::Brotli)
        } else if accepts_encoding(accepted, "gzip") {
            Some(ContentEncoding::Gzip)
        } else {
            None
        }
    }

    const fn header_value(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            ContentEncoding::Brotli => "br",
            ContentEncoding::Gzip => "gzip",
        })
    }
}

/// Whether an `Accept-Encoding` header (RFC 9110, 12.5.3) lists an encoding without `q=0`.
fn accepts_encoding(header: &str, encoding: &str) -> bool {
    header.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        parts.next() == Some(encoding) && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// Whether an `If-None-Match` header (RFC 9110, 13.1.2) contains the tag, by weak comparison.
fn matches_etag(tags: &HeaderValue, etag: &HeaderValue) -> bool {
    let (Ok(tags), Ok(etag)) = (tags.to_str(), etag.to_str()) else { return false };
    let etag = etag.trim_start_matches("W/");
    tags.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

/// A hash of the content as a weak tag, because all encodings share it (RFC 9110, 8.8.3).
fn etag(body: &[u8]) -> HeaderValue {
    let tag = format!("W/\"{}\"", hex::encode(&sha256(body)[..12]));
    HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("W/\"\""))
}

fn brotli(body: &[u8], quality: u32) -> Bytes {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, quality, 18);
    // writing to memory does not fail
    let _ = writer.write_all(body);
    writer.into_inner().into()
}

fn gzip(body: &[u8]) -> Bytes {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    let _ = writer.write_all(body);
    writer.finish().unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_encoding_is_parsed_with_quality_values() {
        assert!(accepts_encoding("gzip, deflate, br", "br"));
        assert!(accepts_encoding("br;q=0.5", "br"));
        assert!(!accepts_encoding("br;q=0, gzip", "br"));
        assert!(!accepts_encoding("brotli", "br"));
        assert!(!accepts_encoding("", "gzip"));
    }

    #[test]
    fn a_matching_etag_is_answered_with_304() {
        let body = PrecompressedBody::new("hello", "text/plain", "no-cache", 5);
        let mut request = HeaderMap::new();
        request.insert(
            IF_NONE_MATCH,
            HeaderValue::from_str(&format!("\"x\", {}", body.etag.to_str().unwrap().replace("W/", ""))).unwrap(),
        );
        assert_eq!(body.respond(&request).status(), StatusCode::NOT_MODIFIED);
        request.insert(IF_NONE_MATCH, HeaderValue::from_static("*"));
        assert_eq!(body.respond(&request).status(), StatusCode::NOT_MODIFIED);
        request.insert(IF_NONE_MATCH, HeaderValue::from_static("\"x\""));
        assert_eq!(body.respond(&request).status(), StatusCode::OK);
    }
}
