//! A new ticket as a row.

use std::net::IpAddr;

use sqlx::{
    Postgres, Type,
    postgres::{PgHasArrayType, PgTypeInfo},
    types::Json,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    TicketReference,
    columns::FailureColumns,
    fields::{AudioSymptom, BillingPresence, Service, TicketCategory, TicketChannel, TicketStatus},
    ticket::{GivenAnswer, NewTicket},
};
use crate::{call_time::CallTimePrecision, causes, email_address::EmailAddress, i18n::Lang, phone::PartyKind};

/// A value of the database's type `new_ticket`, with its attributes in their order.
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
    caller_extension: Option<String>,
    caller_raw: Option<String>,
    callee_kind: Option<PartyKind>,
    callee: Option<String>,
    callee_extension: Option<String>,
    callee_raw: Option<String>,
    call_at: Option<OffsetDateTime>,
    call_precision: Option<CallTimePrecision>,
    in_billing: Option<BillingPresence>,
    symptom: Option<AudioSymptom>,
    account: Option<String>,
    device: Option<String>,
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
    access_key_hash: [u8; 32],
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

/// The hashes that a ticket stores.
pub(super) struct TicketHashes {
    pub submission: [u8; 32],
    pub form: [u8; 32],
    pub access_key: [u8; 32],
}

impl<'a> InsertTicketRow<'a> {
    pub(super) fn new(
        new: &'a NewTicket,
        reference: &'a TicketReference,
        hashes: &TicketHashes,
        now: OffsetDateTime,
    ) -> InsertTicketRow<'a> {
        let failure = FailureColumns::from(&new.failure);
        InsertTicketRow {
            id: Uuid::now_v7(),
            reference: reference.as_str(),
            category: new.category,
            status: if new.is_bot { TicketStatus::Spam } else { TicketStatus::New },
            channel: new.channel,
            lang: new.lang,
            service: new.service,
            caller_kind: failure.caller.kind,
            caller: failure.caller.canonical,
            caller_extension: failure.caller.extension,
            caller_raw: failure.caller.raw_text,
            callee_kind: failure.callee.kind,
            callee: failure.callee.canonical,
            callee_extension: failure.callee.extension,
            callee_raw: failure.callee.raw_text,
            call_at: failure.call_at,
            call_precision: failure.call_precision,
            in_billing: failure.in_billing,
            symptom: failure.symptom,
            account: failure.account,
            device: failure.device,
            public_ip: failure.public_ip,
            error_text: new.error_text.as_deref(),
            sip_code: new.error_text.as_deref().and_then(causes::extract_sip_code),
            description: new.description.as_deref(),
            email: new.email.as_ref().map(EmailAddress::as_str),
            phone: new.phone.as_deref(),
            client_ip: new.client_ip,
            user_agent: &new.user_agent,
            guide_path: new.guide_history.path.as_deref(),
            guide_answers: Json(&new.guide_history.answers),
            submission_hash: hashes.submission,
            form_hash: hashes.form,
            access_key_hash: hashes.access_key,
            created_at: now,
        }
    }
}
