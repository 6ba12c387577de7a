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

use super::{Caller, Problem};
use crate::{
    addresses::{
        Entry, Reason, Source, net, store,
        write::{self, Given, Program, Put},
    },
    app::{App, Now},
    tickets::ActorKind,
    web::{Form, form},
    words::Lang,
    zone,
};

/// The largest body: a note and a few words.
const MOST_BYTES: usize = 8 * 1024;
/// The longest note, in characters.
const LONGEST_NOTE: usize = 500;
/// Longer blocks have no end.
const LONGEST: Duration = Duration::days(100 * 365);

/// A block as it is told; all of it may be missing.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Wanted {
    reason: Option<Reason>,
    note: Option<String>,
    until: Option<String>,
    /// From now on; fewer than none are without an end, as fail2ban means them.
    seconds: Option<i64>,
    source: Option<Source>,
}

pub(super) async fn show(
    State(app): State<App>,
    _: Caller,
    Now(now): Now,
    Path(cidr): Path<String>,
) -> Result<Response, Problem> {
    let net = read(&cidr)?;
    let entry = store::one(&mut *app.db.read().await?, net).await?.filter(|entry| entry.is_active(now));
    Ok(Json(told(&entry.ok_or_else(not_there)?)).into_response())
}

/// Blocks an address, or changes its block to what is told: the same again changes nothing.
pub(super) async fn put(
    State(app): State<App>,
    caller: Caller,
    Now(now): Now,
    Path(cidr): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let net = read(&cidr)?;
    let wanted = body(request).await?;
    let program = Program {
        reason: wanted.reason.unwrap_or(Reason::Other),
        source: wanted.source.unwrap_or(Source::Api),
        token: Some(caller.id),
    };
    let given = wanted.given(net, now)?;
    let mut tx = app.db.begin().await?;
    let put = write::put(&mut tx, &[given], program, now).await?;
    let entry = store::one(&mut tx, net).await?.ok_or_else(not_there)?;
    tx.commit().await?;
    if put == Put::default() && entry.source == Source::Staff {
        return Err(kept_by_staff());
    }
    let status = if put.new > 0 { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(told(&entry))).into_response())
}

pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Now(now): Now,
    Path(cidr): Path<String>,
) -> Result<Response, Problem> {
    let net = read(&cidr)?;
    let mut tx = app.db.begin().await?;
    let gone = write::remove_by_program(&mut tx, net, caller.id, now).await?;
    let left = store::one(&mut tx, net).await?.filter(|entry| entry.is_active(now));
    tx.commit().await?;
    match (gone, left) {
        (true, _) => Ok(StatusCode::NO_CONTENT.into_response()),
        (false, Some(_)) => Err(kept_by_staff()),
        (false, None) => Err(not_there()),
    }
}

/// What people have lifted in the portal, so that programs can do the same.
pub(super) async fn lifted(State(app): State<App>, _: Caller, uri: Uri) -> Result<Response, Problem> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let after = match query.raw("after") {
        "" => (0, 0),
        typed => place(typed)
            .ok_or_else(|| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "Take `after` from `next` of an answer."))?,
    };
    let lifted = store::lifted_by_people(&mut *app.db.read().await?, after).await?;
    let next = lifted.last().map_or(after, |last| (last.tx, last.id));
    let told = lifted.iter().map(|one| {
        let by = match one.actor {
            ActorKind::Customer => "customer",
            ActorKind::Staff | ActorKind::System => "staff",
        };
        json!({
            "address": net::shown(&one.net), "at": zone::iso(&one.at), "by": by,
            "reason": one.reason, "source": one.source,
        })
    });
    let told: Vec<_> = told.collect();
    let more = told.len() == store::LIFTED_AT_ONCE;
    Ok(Json(json!({ "lifted": told, "next": format!("{}.{}", next.0, next.1), "more": more })).into_response())
}

fn place(text: &str) -> Option<(i64, i64)> {
    let (tx, id) = text.split_once('.')?;
    let (tx, id) = (tx.parse().ok()?, id.parse().ok()?);
    (tx >= 0 && id >= 0).then_some((tx, id))
}

fn read(cidr: &str) -> Result<IpNet, Problem> {
    net::read(cidr).map_err(|wrong| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, Lang::En.say(&wrong.say())))
}

async fn body(request: Request) -> Result<Wanted, Problem> {
    let is_json = is_json(request.headers());
    let bytes =
        to_bytes(request.into_body(), MOST_BYTES).await.map_err(|error| Problem::from(form::broken_body(&error)))?;
    if bytes.is_empty() {
        return Ok(Wanted::default());
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

impl Wanted {
    /// What it comes to, or everything that is wrong with it.
    fn given(&self, net: IpNet, now: OffsetDateTime) -> Result<Given, Problem> {
        let mut wrong = Vec::new();
        let mut complain = |pointer, text: &str| wrong.push((pointer, text.to_owned()));
        let note = self.note.as_deref().map(form::line).filter(|note| !note.is_empty());
        if note.as_ref().is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
            complain("#/note", "`note` has room for 500 characters.");
        }
        if self.source == Some(Source::Staff) {
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
            return Err(Problem::wrong(wrong));
        }
        Ok(Given { net, note, since: now, until: until.filter(|until| *until - now < LONGEST) })
    }
}

fn told(entry: &Entry) -> Value {
    json!({
        "address": entry.shown(),
        "reason": entry.reason,
        "note": entry.note,
        "source": entry.source,
        "since": zone::iso(&entry.since),
        "until": entry.until.as_ref().map(zone::iso),
        "by": entry.who,
    })
}

fn not_there() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "This address or block is not on the list.")
}

fn kept_by_staff() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "Staff keep this entry: programs don't change it.")
}
