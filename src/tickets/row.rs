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
    AudioSymptom, BillingPresence, CallDetail, CallParty, CallTimePrecision, GivenAnswer, InferredField, NewTicket,
    PartialReport, ReportedFailure, Service, Ticket, TicketCategory, TicketChannel, TicketReference, TicketStatus,
};
use crate::{
    causes,
    i18n::Lang,
    phone::{Party, PartyKind},
};

/// A ticket as it is written: the database's type `new_ticket`, column by column in its order.
#[derive(sqlx::Encode)]
pub(super) struct InsertTicketRow<'a> {
    pub id: Uuid,
    reference: &'a str,
    category: TicketCategory,
    status: TicketStatus,
    channel: TicketChannel,
    lang: Lang,
    service: Service,
    caller_kind: Option<PartyKind>,
    caller: Option<String>,
    caller_extension: Option<&'a str>,
    caller_raw: Option<&'a str>,
    callee_kind: Option<PartyKind>,
    callee: Option<String>,
    callee_extension: Option<&'a str>,
    callee_raw: Option<&'a str>,
    call_at: Option<OffsetDateTime>,
    call_precision: Option<CallTimePrecision>,
    in_billing: Option<BillingPresence>,
    symptom: Option<AudioSymptom>,
    account: Option<String>,
    device: Option<&'a str>,
    public_ip: Option<IpAddr>,
    error_text: Option<&'a str>,
    sip_code: Option<i16>,
    description: Option<&'a str>,
    email: Option<&'a str>,
    phone: Option<&'a str>,
    client_ip: IpAddr,
    user_agent: &'a str,
    guide_path: Option<&'a str>,
    guide_answers: Json<&'a [GivenAnswer]>,
    pub submission_hash: [u8; 32],
    form_hash: [u8; 32],
    key_hash: [u8; 32],
    created_at: OffsetDateTime,
}

impl Type<Postgres> for InsertTicketRow<'_> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("new_ticket")
    }
}

impl PgHasArrayType for InsertTicketRow<'_> {
    fn array_type_info() -> PgTypeInfo {
        PgTypeInfo::array_of("new_ticket")
    }
}

/// The hashes that a ticket is kept under.
pub(super) struct TicketHashes {
    pub submission: [u8; 32],
    pub form: [u8; 32],
    pub key: [u8; 32],
}

impl<'a> InsertTicketRow<'a> {
    pub fn new(
        new: &'a NewTicket,
        reference: &'a TicketReference,
        hashes: &TicketHashes,
        now: OffsetDateTime,
    ) -> InsertTicketRow<'a> {
        let row = InsertTicketRow {
            id: Uuid::now_v7(),
            reference: reference.as_str(),
            category: new.category,
            status: if new.is_bot { TicketStatus::Spam } else { TicketStatus::New },
            channel: new.channel,
            lang: new.lang,
            service: new.service,
            caller_kind: None,
            caller: None,
            caller_extension: None,
            caller_raw: None,
            callee_kind: None,
            callee: None,
            callee_extension: None,
            callee_raw: None,
            call_at: None,
            call_precision: None,
            in_billing: None,
            symptom: None,
            account: None,
            device: None,
            public_ip: None,
            error_text: new.error_text.as_deref(),
            sip_code: new.error_text.as_deref().and_then(causes::extract_sip_code),
            description: new.description.as_deref(),
            email: new.email.as_deref(),
            phone: new.phone.as_deref(),
            client_ip: new.client_ip,
            user_agent: &new.user_agent,
            guide_path: new.guide_history.path.as_deref(),
            guide_answers: Json(&new.guide_history.answers),
            submission_hash: hashes.submission,
            form_hash: hashes.form,
            key_hash: hashes.key,
            created_at: now,
        };
        let canonical = |party: &Party| Some(party.canonical()).filter(|text| !text.is_empty());
        match &new.failure {
            ReportedFailure::Call { caller, callee, call_at: at, precision, in_billing, symptom } => InsertTicketRow {
                caller_kind: Some(caller.party.kind()),
                caller: canonical(&caller.party),
                caller_extension: caller.party.extension(),
                caller_raw: Some(&caller.raw_text),
                callee_kind: Some(callee.party.kind()),
                callee: canonical(&callee.party),
                callee_extension: callee.party.extension(),
                callee_raw: Some(&callee.raw_text),
                call_at: Some(*at),
                call_precision: Some(*precision),
                in_billing: Some(*in_billing),
                symptom: *symptom,
                ..row
            },
            ReportedFailure::LoggedOut { account, device, public_ip } => {
                InsertTicketRow { account: canonical(account), device: device.as_deref(), public_ip: *public_ip, ..row }
            }
            ReportedFailure::Partial(told) => {
                let PartialReport { caller, callee, call_at: at, precision, in_billing, symptom, account, public_ip } =
                    told.as_ref();
                InsertTicketRow {
                    caller_kind: caller.as_ref().map(|side| side.party.kind()),
                    caller: caller.as_ref().and_then(|side| canonical(&side.party)),
                    caller_extension: caller.as_ref().and_then(|side| side.party.extension()),
                    caller_raw: caller.as_ref().map(|side| side.raw_text.as_str()),
                    callee_kind: callee.as_ref().map(|side| side.party.kind()),
                    callee: callee.as_ref().and_then(|side| canonical(&side.party)),
                    callee_extension: callee.as_ref().and_then(|side| side.party.extension()),
                    callee_raw: callee.as_ref().map(|side| side.raw_text.as_str()),
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
pub(super) struct TicketRow {
    pub id: Uuid,
    pub reference: TicketReference,
    pub category: TicketCategory,
    pub status: TicketStatus,
    pub channel: TicketChannel,
    pub lang: Lang,
    pub service: Service,
    pub caller_kind: Option<PartyKind>,
    pub caller: Option<String>,
    pub caller_extension: Option<String>,
    pub caller_raw: Option<String>,
    pub callee_kind: Option<PartyKind>,
    pub callee: Option<String>,
    pub callee_extension: Option<String>,
    pub callee_raw: Option<String>,
    pub call_at: Option<OffsetDateTime>,
    pub call_precision: Option<CallTimePrecision>,
    pub in_billing: Option<BillingPresence>,
    pub symptom: Option<AudioSymptom>,
    pub account: Option<String>,
    pub device: Option<String>,
    pub public_ip: Option<IpAddr>,
    pub error_text: Option<String>,
    pub sip_code: Option<i16>,
    pub description: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub client_ip: IpAddr,
    pub user_agent: String,
    pub guide_path: Option<String>,
    pub guide_answers: Json<Vec<GivenAnswer>>,
    pub assignee: Option<Uuid>,
    pub assignee_name: Option<String>,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
    pub awaiting_staff_since: OffsetDateTime,
    pub snoozed_until: Option<OffsetDateTime>,
    pub resolved_at: Option<OffsetDateTime>,
    pub merged_into: Option<Uuid>,
    pub main_reference: Option<TicketReference>,
    pub inferred_fields: Vec<InferredField>,
    pub requested_details: Vec<CallDetail>,
    pub access_key_generation: i32,
    pub version: i32,
}

impl From<TicketRow> for Ticket {
    fn from(row: TicketRow) -> Ticket {
        let failure = failure_from_row(&row);
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
            user_agent: row.user_agent,
            guide_path: row.guide_path,
            guide_answers: row.guide_answers,
            assignee: row.assignee,
            assignee_name: row.assignee_name,
            created_at: row.created_at,
            updated_at: row.updated_at,
            awaiting_staff_since: row.awaiting_staff_since,
            snoozed_until: row.snoozed_until,
            resolved_at: row.resolved_at,
            merged_into: row.merged_into,
            main_reference: row.main_reference,
            inferred_fields: row.inferred_fields,
            requested_details: row.requested_details,
            access_key_generation: row.access_key_generation,
            version: row.version,
        }
    }
}

/// A call or an account if the row has all of it, which only an e-mail's may lack.
fn failure_from_row(row: &TicketRow) -> ReportedFailure {
    let side =
        |kind: Option<PartyKind>, canonical: &Option<String>, extension: &Option<String>, typed: &Option<String>| {
            let party = Party::from_stored(kind?, canonical.as_deref().unwrap_or_default(), extension.as_deref());
            Some(CallParty { party, raw_text: typed.clone().unwrap_or_default() })
        };
    let caller = side(row.caller_kind, &row.caller, &row.caller_extension, &row.caller_raw);
    let callee = side(row.callee_kind, &row.callee, &row.callee_extension, &row.callee_raw);
    let account = row.account.as_deref().map(|account| Party::from_stored(PartyKind::Account, account, None));
    let told = PartialReport {
        caller,
        callee,
        call_at: row.call_at,
        precision: row.call_precision,
        in_billing: row.in_billing,
        symptom: row.symptom,
        account,
        public_ip: row.public_ip,
    };
    match (row.category, told) {
        (
            TicketCategory::Audio | TicketCategory::Incoming | TicketCategory::Outgoing,
            PartialReport {
                caller: Some(caller),
                callee: Some(callee),
                call_at: Some(at),
                precision: Some(precision),
                in_billing: Some(in_billing),
                symptom,
                account: None,
                ..
            },
        ) => ReportedFailure::Call { caller, callee, call_at: at, precision, in_billing, symptom },
        (
            TicketCategory::LoggedOut,
            PartialReport { account: Some(account), public_ip, caller: None, callee: None, .. },
        ) => ReportedFailure::LoggedOut { account, device: row.device.clone(), public_ip },
        (_, told) => ReportedFailure::Partial(Box::new(told)),
    }
}
