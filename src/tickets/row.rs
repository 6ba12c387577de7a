//! A ticket as columns, and back.

use std::net::IpAddr;

use serde::{Serialize, Serializer};
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Billing, Category, Channel, Failure, GivenAnswer, NewTicket, Precision, Reference, Service, Side, Status, Symptom,
    Ticket, What,
};
use crate::{
    causes,
    phone::{Kind, Party},
    token::hex,
    words::Lang,
};

/// A ticket as it is written. Tickets that come together are written by one statement, which takes them as JSON: the
/// names are the table's columns.
#[derive(Serialize)]
pub(super) struct NewRow<'a> {
    pub id: Uuid,
    reference: &'a str,
    category: Category,
    status: Status,
    channel: Channel,
    lang: Lang,
    service: Service,
    #[serde(flatten)]
    call: CallColumns,
    error_text: Option<&'a str>,
    sip_code: Option<i16>,
    description: Option<&'a str>,
    email: Option<&'a str>,
    phone: Option<&'a str>,
    client_ip: IpAddr,
    client_agent: &'a str,
    trail: Option<&'a str>,
    answers: &'a [GivenAnswer],
    #[serde(serialize_with = "bytea")]
    pub submission_hash: [u8; 32],
    #[serde(serialize_with = "bytea")]
    pub form_hash: [u8; 32],
    #[serde(serialize_with = "bytea")]
    key_hash: [u8; 32],
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    updated_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    waiting_since: OffsetDateTime,
}

/// The first event of a ticket's history.
#[derive(Serialize)]
pub(super) struct FirstEvent {
    ticket_id: Uuid,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    what: What,
}

/// The hashes that a ticket is kept under.
pub(super) struct Hashes {
    pub submission: [u8; 32],
    pub form: [u8; 32],
    pub key: [u8; 32],
}

impl<'a> NewRow<'a> {
    pub fn of(new: &'a NewTicket, reference: &'a Reference, hashes: &Hashes, now: OffsetDateTime) -> NewRow<'a> {
        NewRow {
            id: Uuid::now_v7(),
            reference: reference.as_str(),
            category: new.category,
            status: if new.by_robot { Status::Spam } else { Status::New },
            channel: new.channel,
            lang: new.lang,
            service: new.service,
            call: CallColumns::of(&new.failure),
            error_text: new.error_text.as_deref(),
            sip_code: new.error_text.as_deref().and_then(causes::sip_code),
            description: new.description.as_deref(),
            email: new.email.as_deref(),
            phone: new.phone.as_deref(),
            client_ip: new.client_ip,
            client_agent: &new.client_agent,
            trail: new.trail.path.as_deref(),
            answers: &new.trail.answers,
            submission_hash: hashes.submission,
            form_hash: hashes.form,
            key_hash: hashes.key,
            created_at: now,
            updated_at: now,
            waiting_since: now,
        }
    }

    pub fn first_event(&self) -> FirstEvent {
        FirstEvent { ticket_id: self.id, at: self.created_at, what: What::Opened { channel: self.channel } }
    }
}

/// Bytes as PostgreSQL reads them from text (8.4, Binary Data Types).
fn bytea<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format!("\\x{}", hex(bytes)))
}

/// The columns of what failed, when it is written.
#[derive(Default, Serialize)]
struct CallColumns {
    caller_kind: Option<Kind>,
    caller: Option<String>,
    caller_extension: Option<String>,
    caller_typed: Option<String>,
    callee_kind: Option<Kind>,
    callee: Option<String>,
    callee_extension: Option<String>,
    callee_typed: Option<String>,
    #[serde(rename = "call_at", with = "time::serde::rfc3339::option")]
    at: Option<OffsetDateTime>,
    #[serde(rename = "call_precision")]
    precision: Option<Precision>,
    in_billing: Option<Billing>,
    symptom: Option<Symptom>,
    account: Option<String>,
    device: Option<String>,
    public_ip: Option<IpAddr>,
}

impl CallColumns {
    fn of(failure: &Failure) -> CallColumns {
        let canonical = |party: &Party| Some(party.canonical()).filter(|text| !text.is_empty());
        let extension = |party: &Party| party.extension().map(str::to_owned);
        match failure {
            Failure::Call { caller, callee, at, precision, in_billing, symptom } => CallColumns {
                caller_kind: Some(caller.party.kind()),
                caller: canonical(&caller.party),
                caller_extension: extension(&caller.party),
                caller_typed: Some(caller.typed.clone()),
                callee_kind: Some(callee.party.kind()),
                callee: canonical(&callee.party),
                callee_extension: extension(&callee.party),
                callee_typed: Some(callee.typed.clone()),
                at: Some(*at),
                precision: Some(*precision),
                in_billing: Some(*in_billing),
                symptom: *symptom,
                ..CallColumns::default()
            },
            Failure::LoggedOut { account, device, public_ip } => CallColumns {
                account: canonical(account),
                device: device.clone(),
                public_ip: *public_ip,
                ..CallColumns::default()
            },
        }
    }
}

/// The row as PostgreSQL gives it.
pub(super) struct Row {
    pub id: Uuid,
    pub reference: Reference,
    pub category: Category,
    pub status: Status,
    pub channel: Channel,
    pub lang: Lang,
    pub service: Service,
    pub caller_kind: Option<Kind>,
    pub caller: Option<String>,
    pub caller_extension: Option<String>,
    pub caller_typed: Option<String>,
    pub callee_kind: Option<Kind>,
    pub callee: Option<String>,
    pub callee_extension: Option<String>,
    pub callee_typed: Option<String>,
    pub call_at: Option<OffsetDateTime>,
    pub call_precision: Option<Precision>,
    pub in_billing: Option<Billing>,
    pub symptom: Option<Symptom>,
    pub account: Option<String>,
    pub device: Option<String>,
    pub public_ip: Option<IpAddr>,
    pub error_text: Option<String>,
    pub sip_code: Option<i16>,
    pub description: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub client_ip: IpAddr,
    pub client_agent: String,
    pub trail: Option<String>,
    pub answers: Json<Vec<GivenAnswer>>,
    pub assignee: Option<Uuid>,
    pub assignee_name: Option<String>,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
    pub waiting_since: OffsetDateTime,
    pub waiting_until: Option<OffsetDateTime>,
    pub resolved_at: Option<OffsetDateTime>,
    pub merged_into: Option<Uuid>,
    pub main: Option<Reference>,
    pub version: i32,
}

impl From<Row> for Ticket {
    fn from(row: Row) -> Ticket {
        let side = |kind: Kind, canonical: Option<String>, extension: Option<String>, typed: Option<String>| Side {
            party: Party::stored(kind, &canonical.unwrap_or_default(), extension.as_deref()),
            typed: typed.unwrap_or_default(),
        };
        let call = row.caller_kind.zip(row.callee_kind).zip(row.call_at).zip(row.call_precision).zip(row.in_billing);
        let failure = match call {
            Some(((((caller_kind, callee_kind), at), precision), in_billing)) => Failure::Call {
                caller: side(caller_kind, row.caller, row.caller_extension, row.caller_typed),
                callee: side(callee_kind, row.callee, row.callee_extension, row.callee_typed),
                at,
                precision,
                in_billing,
                symptom: row.symptom,
            },
            None => Failure::LoggedOut {
                account: Party::stored(Kind::Account, &row.account.unwrap_or_default(), None),
                device: row.device,
                public_ip: row.public_ip,
            },
        };
        Ticket {
            id: row.id,
            reference: row.reference,
            category: row.category,
            status: row.status,
            channel: row.channel,
            lang: row.lang,
            service: row.service,
            failure,
            error_text: row.error_text,
            sip_code: row.sip_code,
            description: row.description,
            email: row.email,
            phone: row.phone,
            client_ip: row.client_ip,
            client_agent: row.client_agent,
            trail: row.trail,
            answers: row.answers,
            assignee: row.assignee,
            assignee_name: row.assignee_name,
            created_at: row.created_at,
            updated_at: row.updated_at,
            waiting_since: row.waiting_since,
            waiting_until: row.waiting_until,
            resolved_at: row.resolved_at,
            merged_into: row.merged_into,
            main: row.main,
            version: row.version,
        }
    }
}
