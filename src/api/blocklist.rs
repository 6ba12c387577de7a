//! Blocked addresses for programs: fail2ban tells of each ban and of its end, and hears what people have lifted.

use axum::{
    Json,
    body::to_bytes,
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, Uri, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use ipnet::IpNet;
use serde::Deserialize;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use super::{ApiClient, Problem};
use crate::{
    app::{App, Now},
    blocklist::{
        BlockEntry, BlockReason, BlockSource,
        mutations::{self, ExternalBlock, ReportingProgram, UpsertCounts},
        net, store,
    },
    i18n::Lang,
    local_time,
    tickets::ActorKind,
    web::{Form, form},
};

/// The largest body: a note and a few words.
const MAX_BODY_BYTES: usize = 8 * 1024;
/// The longest note, in characters.
const MAX_NOTE_LEN: usize = 500;
/// Longer blocks have no end.
const MAX_BLOCK_DURATION: Duration = Duration::days(100 * 365);

/// A block as it is told; all of it may be missing.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct BlockRequest {
    reason: Option<BlockReason>,
    note: Option<String>,
    until: Option<String>,
    /// From now on; fewer than none are without an end, as fail2ban means them.
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

/// Blocks an address, or changes its block to what is told: the same again changes nothing.
pub(super) async fn put(
    State(app): State<App>,
    caller: ApiClient,
    Now(now): Now,
    Path(cidr): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let net = parse_net(&cidr)?;
    let wanted = parse_body(request).await?;
    let program = ReportingProgram {
        reason: wanted.reason.unwrap_or(BlockReason::Other),
        source: wanted.source.unwrap_or(BlockSource::Api),
        token_id: Some(caller.id),
    };
    let given = wanted.to_external_block(net, now)?;
    let mut tx = app.db.begin().await?;
    let put = mutations::upsert_external(&mut tx, &[given], program, now).await?;
    let entry = store::find(&mut tx, net).await?.ok_or_else(not_found)?;
    tx.commit().await?;
    if put == UpsertCounts::default() && entry.source == BlockSource::Staff {
        return Err(managed_by_staff());
    }
    let status = if put.inserted > 0 { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(to_json(&entry))).into_response())
}

pub(super) async fn delete(
    State(app): State<App>,
    caller: ApiClient,
    Now(now): Now,
    Path(cidr): Path<String>,
) -> Result<Response, Problem> {
    let net = parse_net(&cidr)?;
    let mut tx = app.db.begin().await?;
    let gone = mutations::delete_by_program(&mut tx, net, caller.id, now).await?;
    let left = store::find(&mut tx, net).await?.filter(|entry| entry.is_active(now));
    tx.commit().await?;
    match (gone, left) {
        (true, _) => Ok(StatusCode::NO_CONTENT.into_response()),
        (false, Some(_)) => Err(managed_by_staff()),
        (false, None) => Err(not_found()),
    }
}

/// What people have lifted in the portal, so that programs can do the same.
pub(super) async fn list_lifted(State(app): State<App>, _: ApiClient, uri: Uri) -> Result<Response, Problem> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let after = match query.raw("after") {
        "" => (0, 0),
        typed => parse_cursor(typed)
            .ok_or_else(|| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "Take `after` from `next` of an answer."))?,
    };
    let lifted = store::list_lifted(&mut *app.db.acquire().await?, after).await?;
    let next = lifted.last().map_or(after, |last| (last.tx, last.id));
    let told = lifted.iter().map(|one| {
        let by = match one.actor {
            ActorKind::Customer => "customer",
            ActorKind::Staff | ActorKind::System => "staff",
        };
        json!({
            "address": net::format(&one.net), "at": local_time::iso(&one.at), "by": by,
            "reason": one.reason, "source": one.source,
        })
    });
    let told: Vec<_> = told.collect();
    let more = told.len() == store::LIFTED_BATCH_SIZE;
    Ok(Json(json!({ "lifted": told, "next": format!("{}.{}", next.0, next.1), "more": more })).into_response())
}

fn parse_cursor(text: &str) -> Option<(i64, i64)> {
    let (tx, id) = text.split_once('.')?;
    let (tx, id) = (tx.parse().ok()?, id.parse().ok()?);
    (tx >= 0 && id >= 0).then_some((tx, id))
}

fn parse_net(cidr: &str) -> Result<IpNet, Problem> {
    net::parse(cidr)
        .map_err(|wrong| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, Lang::En.format(&wrong.error_message())))
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
    serde_json::from_slice(&bytes).map_err(|error| {
        let status = if error.is_data() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::BAD_REQUEST };
        Problem::new(status, error.to_string())
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

impl BlockRequest {
    /// What it comes to, or everything that is wrong with it.
    fn to_external_block(&self, net: IpNet, now: OffsetDateTime) -> Result<ExternalBlock, Problem> {
        let mut wrong = Vec::new();
        let mut complain = |pointer, text: &str| wrong.push((pointer, text.to_owned()));
        let note = self.note.as_deref().map(form::single_line).filter(|note| !note.is_empty());
        if note.as_ref().is_some_and(|note| note.chars().count() > MAX_NOTE_LEN) {
            complain("#/note", "`note` has room for 500 characters.");
        }
        if self.source == Some(BlockSource::Staff) {
            complain(
                "#/source",
                "`source` is api, fail2ban, kamailio or import: what staff block, they block at the desk.",
            );
        }
        let mut until = None;
        match (self.until.as_deref(), self.seconds) {
            (Some(_), Some(_)) => complain("#/seconds", "Send `until` or `seconds`, not both."),
            (Some(typed), None) => match OffsetDateTime::parse(typed, &Rfc3339) {
                Ok(at) if at <= now => complain("#/until", "`until` is over."),
                Ok(at) => until = Some(at),
                Err(_) => complain("#/until", "`until` is a moment such as 2026-11-20T13:30:00Z (RFC 3339)."),
            },
            (None, Some(0)) => complain("#/seconds", "`seconds` is more than 0, or less for a block without an end."),
            (None, Some(seconds)) if seconds > 0 => until = now.checked_add(Duration::seconds(seconds)),
            (None, Some(_) | None) => {}
        }
        if !wrong.is_empty() {
            return Err(Problem::from_field_errors(wrong));
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
    Problem::new(StatusCode::NOT_FOUND, "This address or block is not on the list.")
}

fn managed_by_staff() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "Staff keep this entry: programs don't change it.")
}
