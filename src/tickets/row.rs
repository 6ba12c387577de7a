//! A ticket as columns, and back.

use std::net::IpAddr;

use sqlx::{
    Postgres, Type,
    postgres::{PgHasArrayType, PgTypeInfo},
    types::Json,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Billing, Category, Channel, Failure, GivenAnswer, Guess, NewTicket, Piece, Precision, Reference, Service, Side,
    Status, Symptom, Ticket, Told,
};
use crate::{
    causes,
    phone::{Kind, Party},
    words::Lang,
};

/// A ticket as it is written: the database's type `new_ticket`, column by column in its order.
#[derive(sqlx::Encode)]
pub(super) struct NewRow<'a> {
    pub id: Uuid,
    reference: &'a str,
    category: Category,
    status: Status,
    channel: Channel,
    lang: Lang,
    service: Service,
    caller_kind: Option<Kind>,
    caller: Option<String>,
    caller_extension: Option<&'a str>,
    caller_typed: Option<&'a str>,
    callee_kind: Option<Kind>,
    callee: Option<String>,
    callee_extension: Option<&'a str>,
    callee_typed: Option<&'a str>,
    call_at: Option<OffsetDateTime>,
    call_precision: Option<Precision>,
    in_billing: Option<Billing>,
    symptom: Option<Symptom>,
    account: Option<String>,
    device: Option<&'a str>,
    public_ip: Option<IpAddr>,
    error_text: Option<&'a str>,
    sip_code: Option<i16>,
    description: Option<&'a str>,
    email: Option<&'a str>,
    phone: Option<&'a str>,
    client_ip: IpAddr,
    client_agent: &'a str,
    trail: Option<&'a str>,
    answers: Json<&'a [GivenAnswer]>,
    pub submission_hash: [u8; 32],
    form_hash: [u8; 32],
    key_hash: [u8; 32],
    at: OffsetDateTime,
}

impl Type<Postgres> for NewRow<'_> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("new_ticket")
    }
}

impl PgHasArrayType for NewRow<'_> {
    fn array_type_info() -> PgTypeInfo {
        PgTypeInfo::array_of("new_ticket")
    }
}

/// The hashes that a ticket is kept under.
pub(super) struct Hashes {
    pub submission: [u8; 32],
    pub form: [u8; 32],
    pub key: [u8; 32],
}

impl<'a> NewRow<'a> {
    pub fn of(new: &'a NewTicket, reference: &'a Reference, hashes: &Hashes, now: OffsetDateTime) -> NewRow<'a> {
        let row = NewRow {
            id: Uuid::now_v7(),
            reference: reference.as_str(),
            category: new.category,
            status: if new.by_robot { Status::Spam } else { Status::New },
            channel: new.channel,
            lang: new.lang,
            service: new.service,
            caller_kind: None,
            caller: None,
            caller_extension: None,
            caller_typed: None,
            callee_kind: None,
            callee: None,
            callee_extension: None,
            callee_typed: None,
            call_at: None,
            call_precision: None,
            in_billing: None,
            symptom: None,
            account: None,
            device: None,
            public_ip: None,
            error_text: new.error_text.as_deref(),
            sip_code: new.error_text.as_deref().and_then(causes::sip_code),
            description: new.description.as_deref(),
            email: new.email.as_deref(),
            phone: new.phone.as_deref(),
            client_ip: new.client_ip,
            client_agent: &new.client_agent,
            trail: new.trail.path.as_deref(),
            answers: Json(&new.trail.answers),
            submission_hash: hashes.submission,
            form_hash: hashes.form,
            key_hash: hashes.key,
            at: now,
        };
        let canonical = |party: &Party| Some(party.canonical()).filter(|text| !text.is_empty());
        match &new.failure {
            Failure::Call { caller, callee, at, precision, in_billing, symptom } => NewRow {
                caller_kind: Some(caller.party.kind()),
                caller: canonical(&caller.party),
                caller_extension: caller.party.extension(),
                caller_typed: Some(&caller.typed),
                callee_kind: Some(callee.party.kind()),
                callee: canonical(&callee.party),
                callee_extension: callee.party.extension(),
                callee_typed: Some(&callee.typed),
                call_at: Some(*at),
                call_precision: Some(*precision),
                in_billing: Some(*in_billing),
                symptom: *symptom,
                ..row
            },
            Failure::LoggedOut { account, device, public_ip } => {
                NewRow { account: canonical(account), device: device.as_deref(), public_ip: *public_ip, ..row }
            }
            Failure::Told(told) => {
                let Told { caller, callee, at, precision, in_billing, symptom, account, public_ip } = told.as_ref();
                NewRow {
                    caller_kind: caller.as_ref().map(|side| side.party.kind()),
                    caller: caller.as_ref().and_then(|side| canonical(&side.party)),
                    caller_extension: caller.as_ref().and_then(|side| side.party.extension()),
                    caller_typed: caller.as_ref().map(|side| side.typed.as_str()),
                    callee_kind: callee.as_ref().map(|side| side.party.kind()),
                    callee: callee.as_ref().and_then(|side| canonical(&side.party)),
                    callee_extension: callee.as_ref().and_then(|side| side.party.extension()),
                    callee_typed: callee.as_ref().map(|side| side.typed.as_str()),
                    call_at: *at,
                    call_precision: *precision,
                    in_billing: *in_billing,
                    symptom: *symptom,
                    account: account.as_ref().and_then(canonical),
                    public_ip: *public_ip,
                    ..row
                }
            }
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
    pub guessed: Vec<Guess>,
    pub asked: Vec<Piece>,
    pub key_generation: i32,
    pub version: i32,
}

impl From<Row> for Ticket {
    fn from(row: Row) -> Ticket {
        let failure = failure(&row);
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
            guessed: row.guessed,
            asked: row.asked,
            key_generation: row.key_generation,
            version: row.version,
        }
    }
}

/// A call or an account if the row has all of it, which only an e-mail's may lack.
fn failure(row: &Row) -> Failure {
    let side = |kind: Option<Kind>, canonical: &Option<String>, extension: &Option<String>, typed: &Option<String>| {
        let party = Party::stored(kind?, canonical.as_deref().unwrap_or_default(), extension.as_deref());
        Some(Side { party, typed: typed.clone().unwrap_or_default() })
    };
    let caller = side(row.caller_kind, &row.caller, &row.caller_extension, &row.caller_typed);
    let callee = side(row.callee_kind, &row.callee, &row.callee_extension, &row.callee_typed);
    let account = row.account.as_deref().map(|account| Party::stored(Kind::Account, account, None));
    let told = Told {
        caller,
        callee,
        at: row.call_at,
        precision: row.call_precision,
        in_billing: row.in_billing,
        symptom: row.symptom,
        account,
        public_ip: row.public_ip,
    };
    match (row.category, told) {
        (
            Category::Audio | Category::Incoming | Category::Outgoing,
            Told {
                caller: Some(caller),
                callee: Some(callee),
                at: Some(at),
                precision: Some(precision),
                in_billing: Some(in_billing),
                symptom,
                account: None,
                ..
            },
        ) => Failure::Call { caller, callee, at, precision, in_billing, symptom },
        (Category::LoggedOut, Told { account: Some(account), public_ip, caller: None, callee: None, .. }) => {
            Failure::LoggedOut { account, device: row.device.clone(), public_ip }
        }
        (_, told) => Failure::Told(Box::new(told)),
    }
}
