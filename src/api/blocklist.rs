//! The blocklist for programs. fail2ban reports each ban and its end, and learns which blocks were lifted in the
//! portal.

use axum::{
    Json,
    body::to_bytes,
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use ipnet::IpNet;
use serde::Deserialize;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use super::{auth::ApiClient, problem::Problem};
use crate::{
    app::{App, Now},
    blocklist::{
        BlockEntry, BlockReason, BlockSource,
        mutations::{self, ExternalBlock, ReportingProgram, UpsertCounts},
        net::{self, AddressScope},
        store,
    },
    i18n::Lang,
    local_time,
    tickets::ActorKind,
    web::{self, QueryForm, form},
};

/// The maximum size of a body.
const MAX_BODY_BYTES: usize = 8 * 1024;
/// The maximum length of a note, in characters.
const MAX_NOTE_LEN: usize = 500;
/// Programs may not enter larger blocks.
const MIN_PROGRAM_PREFIX_LEN_V4: u8 = 16;
const MIN_PROGRAM_PREFIX_LEN_V6: u8 = 32;
/// Longer blocks are stored without an end.
const MAX_BLOCK_DURATION: Duration = Duration::days(100 * 365);

/// The body of a PUT. All fields are optional.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct BlockRequest {
    reason: Option<BlockReason>,
    note: Option<String>,
    until: Option<String>,
    /// The duration from now. A negative value means no end, as in fail2ban.
    seconds: Option<i64>,
    source: Option<BlockSource>,
}

pub(super) async fn show(
    State(app): State<App>,
    _: ApiClient,
    Now(now): Now,
    Path(cidr): Path<String>,
) -> Result<Response, Problem> {
    let net = parse_net(&cidr)?;
    let entry = store::find(&mut *app.db.acquire().await?, net).await?.filter(|entry| entry.is_active(now));
    Ok(Json(to_json(&entry.ok_or_else(not_found)?)).into_response())
}

/// Blocks an address, or updates its entry. The same request again changes nothing.
pub(super) async fn put(
    State(app): State<App>,
    client: ApiClient,
    Now(now): Now,
    Path(cidr): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let net = parse_net(&cidr)?;
    check_scope(&net, &app)?;
    let block = parse_body(request).await?;
    let program = ReportingProgram {
        reason: block.reason.unwrap_or(BlockReason::Other),
        source: block.source.unwrap_or(BlockSource::Api),
        token_id: Some(client.id),
    };
    let external = block.to_external_block(net, now)?;
    let mut tx = app.db.begin().await?;
    let counts = mutations::upsert_external(&mut tx, &[external], program, now).await?;
    let entry = store::find(&mut tx, net).await?.ok_or_else(not_found)?;
    tx.commit().await?;
    if counts == UpsertCounts::default() && entry.source == BlockSource::Staff {
        return Err(managed_by_staff());
    }
    let status = if counts.inserted > 0 { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(to_json(&entry))).into_response())
}

pub(super) async fn delete(
    State(app): State<App>,
    client: ApiClient,
    Now(now): Now,
    Path(cidr): Path<String>,
) -> Result<Response, Problem> {
    let net = parse_net(&cidr)?;
    let mut tx = app.db.begin().await?;
    let is_deleted = mutations::delete_by_program(&mut tx, net, client.id, now).await?;
    let remaining = store::find(&mut tx, net).await?.filter(|entry| entry.is_active(now));
    tx.commit().await?;
    match (is_deleted, remaining) {
        (true, _) => Ok(StatusCode::NO_CONTENT.into_response()),
        (false, Some(_)) => Err(managed_by_staff()),
        (false, None) => Err(not_found()),
    }
}

/// Lists the blocks that customers and staff have lifted in the portal, so that programs can lift them too.
pub(super) async fn list_lifted(
    State(app): State<App>,
    _: ApiClient,
    QueryForm(query): QueryForm,
) -> Result<Response, Problem> {
    let after = match query.raw("after") {
        "" => (0, 0),
        cursor => parse_cursor(cursor).ok_or_else(|| {
            Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "`after` must be the value of `next` in an earlier response.",
            )
        })?,
    };
    let lifted = store::list_lifted(&mut *app.db.acquire().await?, after).await?;
    let next = lifted.last().map_or(after, |last| (last.tx, last.id));
    let items = lifted.iter().map(|block| {
        let by = match block.actor {
            ActorKind::Customer => "customer",
            ActorKind::Staff | ActorKind::System => "staff",
        };
        json!({
            "address": net::format(&block.net), "at": local_time::iso(&block.at), "by": by,
            "reason": block.reason, "source": block.source,
        })
    });
    let items: Vec<_> = items.collect();
    let has_more = items.len() == store::LIFTED_BATCH_SIZE;
    Ok(Json(json!({ "lifted": items, "next": format!("{}.{}", next.0, next.1), "more": has_more })).into_response())
}

fn parse_cursor(text: &str) -> Option<(i64, i64)> {
    let (tx, id) = text.split_once('.')?;
    let (tx, id) = (tx.parse().ok()?, id.parse().ok()?);
    (tx >= 0 && id >= 0).then_some((tx, id))
}

fn parse_net(cidr: &str) -> Result<IpNet, Problem> {
    net::parse(cidr)
        .map_err(|error| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, Lang::En.format(&error.error_message())))
}

/// A program that goes wrong must not block half of the internet, the machine itself or the proxy in front of it.
///
/// # Errors
/// Returns 422 for a block that is larger than programs may enter, or that contains an address which all visitors share.
fn check_scope(net: &IpNet, app: &App) -> Result<(), Problem> {
    let overlaps = |other: &IpNet| net.contains(other) || other.contains(net);
    let min_prefix_len = if net.addr().is_ipv4() { MIN_PROGRAM_PREFIX_LEN_V4 } else { MIN_PROGRAM_PREFIX_LEN_V6 };
    let reason = if net.prefix_len() < min_prefix_len {
        "Programs may block an IPv4 /16 or an IPv6 /32 at most. Larger blocks are entered by staff."
    } else if net.addr().is_multicast() || AddressScope::from_ip(net.addr()) == AddressScope::Local {
        "This is the address of a machine itself, of one link or of a group (RFC 6890)."
    } else if app.trusted_proxies.iter().any(overlaps) {
        "This is the address of a proxy in front of the portal."
    } else {
        return Ok(());
    };
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, reason))
}

async fn parse_body(request: Request) -> Result<BlockRequest, Problem> {
    let is_json = is_json(request.headers());
    let bytes =
        to_bytes(request.into_body(), MAX_BODY_BYTES).await.map_err(|error| Problem::from(form::body_error(&error)))?;
    if bytes.is_empty() {
        return Ok(BlockRequest::default());
    }
    if !is_json {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send application/json."));
    }
    web::parse_json_object(&bytes).map_err(|error| {
        let status = if error.is_data() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::BAD_REQUEST };
        Problem::new(status, error.to_string())
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let media_type = web::media_type(headers);
    media_type == "application/json" || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}

impl BlockRequest {
    /// Validates the body. Returns all errors at once.
    fn to_external_block(&self, net: IpNet, now: OffsetDateTime) -> Result<ExternalBlock, Problem> {
        let mut errors = Vec::new();
        let mut add_error = |pointer, text: &str| errors.push((pointer, text.to_owned()));
        let note = self.note.as_deref().map(form::single_line).filter(|note| !note.is_empty());
        if note.as_ref().is_some_and(|note| note.chars().count() > MAX_NOTE_LEN) {
            add_error("#/note", "`note` must have at most 500 characters.");
        }
        if self.source == Some(BlockSource::Staff) {
            add_error(
                "#/source",
                "`source` must be api, fail2ban, kamailio or import; staff is for entries that staff members make.",
            );
        }
        let mut until = None;
        match (self.until.as_deref(), self.seconds) {
            (Some(_), Some(_)) => add_error("#/seconds", "Send `until` or `seconds`, not both."),
            (Some(text), None) => match OffsetDateTime::parse(text, &Rfc3339) {
                Ok(at) if at <= now => add_error("#/until", "`until` must be in the future."),
                Ok(at) => until = Some(at),
                Err(_) => add_error("#/until", "`until` must be a time such as 2026-11-20T13:30:00Z (RFC 3339)."),
            },
            (None, Some(0)) => {
                add_error("#/seconds", "`seconds` must be positive, or negative for a block without an end.")
            }
            (None, Some(seconds)) if seconds > 0 => until = now.checked_add(Duration::seconds(seconds)),
            (None, Some(_) | None) => {}
        }
        if !errors.is_empty() {
            return Err(Problem::from_field_errors(errors));
        }
        Ok(ExternalBlock { net, note, since: now, until: until.filter(|until| *until - now < MAX_BLOCK_DURATION) })
    }
}

fn to_json(entry: &BlockEntry) -> Value {
    json!({
        "address": entry.display_net(),
        "reason": entry.reason,
        "note": entry.note,
        "source": entry.source,
        "since": local_time::iso(&entry.since),
        "until": entry.until.as_ref().map(local_time::iso),
        "by": entry.actor_name,
    })
}

fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "This address or block is not on the blocklist.")
}

fn managed_by_staff() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "Staff maintain this entry. Programs cannot change it.")
}
