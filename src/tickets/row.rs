//! A ticket as columns, and back.

use std::net::IpAddr;

use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Billing, Category, Channel, Failure, GivenAnswer, Precision, Reference, Service, Side, Status, Symptom, Ticket,
};
use crate::{
    phone::{Kind, Party},
    words::Lang,
};

/// The columns of what failed, when it is written.
#[derive(Default)]
pub(super) struct CallColumns {
    pub caller_kind: Option<Kind>,
    pub caller: Option<String>,
    pub caller_extension: Option<String>,
    pub caller_typed: Option<String>,
    pub callee_kind: Option<Kind>,
    pub callee: Option<String>,
    pub callee_extension: Option<String>,
    pub callee_typed: Option<String>,
    pub at: Option<OffsetDateTime>,
    pub precision: Option<Precision>,
    pub in_billing: Option<Billing>,
    pub symptom: Option<Symptom>,
    pub account: Option<String>,
    pub device: Option<String>,
    pub public_ip: Option<IpAddr>,
}

impl CallColumns {
    pub(super) fn of(failure: &Failure) -> CallColumns {
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
    pub resolved_at: Option<OffsetDateTime>,
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
            resolved_at: row.resolved_at,
            version: row.version,
        }
    }
}
