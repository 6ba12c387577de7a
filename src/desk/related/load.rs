//! Loads the related tickets of a ticket or of a call.

use sqlx::PgConnection;
use strum::VariantArray;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    keys::{PartialCall, RelationKeys, RelationReason, party_account},
    store::{self, MAX_PER_REASON, RelatedTicketRow},
};
use crate::{
    desk::{call_summary, queue::query},
    i18n::Lang,
    phone::{Party, PartyKind},
    tickets::{ReportedFailure, Ticket, TicketReference, TicketStatus},
};

/// Tickets that are visible without opening the list.
const MAX_PREVIEW: usize = 6;

pub(crate) struct RelatedTicket {
    pub reference: TicketReference,
    pub status: TicketStatus,
    pub occurred_at: OffsetDateTime,
    /// "A → B", or the account.
    pub parties: String,
    pub sip_code: Option<i16>,
    /// Empty for the main ticket and for duplicates.
    pub reasons: String,
}

#[derive(Default)]
pub(crate) struct RelatedTickets {
    pub main: Option<RelatedTicket>,
    pub duplicates: Vec<RelatedTicket>,
    pub similar: Vec<RelatedTicket>,
    /// Reasons with more tickets than are listed, each with the URL of a search for them.
    pub more_searches: Vec<(String, String)>,
}

impl RelatedTickets {
    pub(crate) async fn load(
        db: &mut PgConnection,
        ticket: &Ticket,
        lang: Lang,
    ) -> Result<RelatedTickets, sqlx::Error> {
        let keys = RelationKeys::from_ticket(ticket);
        let (mut main, mut duplicates, mut merged_references) = (None, Vec::new(), Vec::new());
        for row in store::list_main_and_duplicates(db, ticket.id).await? {
            merged_references.push(row.reference.clone());
            match row.reasons.iter().any(|reason| reason == "main") {
                true => main = Some(to_related_ticket(row, String::new(), lang)),
                false => duplicates.push(to_related_ticket(row, String::new(), lang)),
            }
        }
        let mut counts = [0; RelationReason::VARIANTS.len()];
        let mut similar = Vec::new();
        for row in store::list_similar(db, ticket.id, &keys).await? {
            let row_reasons: Vec<_> =
                row.reasons.iter().filter_map(|name| RelationReason::from_name(name, &ticket.failure)).collect();
            let mut reasons = Vec::new();
            for reason in RelationReason::VARIANTS.iter().copied().filter(|reason| row_reasons.contains(reason)) {
                counts[reason as usize] += 1;
                if counts[reason as usize] <= MAX_PER_REASON {
                    reasons.push(lang.format(&reason.message(&keys)));
                }
            }
            if !reasons.is_empty() && !merged_references.contains(&row.reference) {
                similar.push(to_related_ticket(row, reasons.join(", "), lang));
            }
        }
        let more_searches = RelationReason::VARIANTS
            .iter()
            .copied()
            .filter(|reason| counts[*reason as usize] > MAX_PER_REASON)
            .filter_map(|reason| Some((lang.format(&reason.message(&keys)), search_url(reason, ticket)?)))
            .collect();
        Ok(RelatedTickets { main, duplicates, similar, more_searches })
    }

    /// The latest ones, and those behind "show more".
    pub(crate) fn split_preview(&self) -> (&[RelatedTicket], &[RelatedTicket]) {
        self.similar.split_at(self.similar.len().min(MAX_PREVIEW))
    }

    pub(crate) fn has_main_or_duplicates(&self) -> bool {
        self.main.is_some() || !self.duplicates.is_empty()
    }

    pub(crate) fn is_empty(&self) -> bool {
        !self.has_main_or_duplicates() && self.similar.is_empty()
    }
}

/// Active tickets that have a number or an account in common with the call, the latest first.
pub(crate) async fn list_similar_to_call(
    db: &mut PgConnection,
    call: &PartialCall,
    lang: Lang,
) -> Result<Vec<RelatedTicket>, sqlx::Error> {
    const REASONS: [RelationReason; 3] = [RelationReason::Caller, RelationReason::Callee, RelationReason::Account];
    let keys = RelationKeys::from_partial_call(call);
    // no ticket has the nil id, so none is excluded
    let rows = store::list_similar(db, Uuid::nil(), &keys).await?;
    let mut tickets = Vec::new();
    for row in rows.into_iter().filter(|row| row.status.is_active()) {
        let has_reason = |reason: &RelationReason| row.reasons.iter().any(|name| name == reason.into_str());
        let reasons: Vec<_> =
            REASONS.into_iter().filter(has_reason).map(|reason| lang.format(&reason.message(&keys))).collect();
        tickets.push(to_related_ticket(row, reasons.join(", "), lang));
    }
    tickets.truncate(MAX_PER_REASON);
    Ok(tickets)
}

fn to_related_ticket(row: RelatedTicketRow, reasons: String, lang: Lang) -> RelatedTicket {
    let format_party = |kind: Option<PartyKind>, canonical: Option<String>| {
        kind.map(|kind| {
            call_summary::format_party(&Party::from_stored(kind, &canonical.unwrap_or_default(), None), lang)
        })
    };
    let parties = [format_party(row.caller_kind, row.caller), format_party(row.callee_kind, row.callee), row.account];
    RelatedTicket {
        reference: row.reference,
        status: row.status,
        occurred_at: row.occurred_at,
        parties: parties.into_iter().flatten().collect::<Vec<_>>().join(" → "),
        sip_code: row.sip_code,
        reasons,
    }
}

/// The URL of a search for all tickets with the same number or account. None if a search cannot express the reason.
fn search_url(reason: RelationReason, ticket: &Ticket) -> Option<String> {
    let search = match (reason, &ticket.failure) {
        (RelationReason::Caller, ReportedFailure::Call { caller, .. }) => format!("a:{}", caller.party.canonical()),
        (RelationReason::Callee, ReportedFailure::Call { callee, .. }) => format!("b:{}", callee.party.canonical()),
        (RelationReason::Account, ReportedFailure::LoggedOut { account, .. }) => account.canonical(),
        (RelationReason::Account, ReportedFailure::Call { caller, callee, .. }) => {
            party_account(&caller.party).or_else(|| party_account(&callee.party))?
        }
        (RelationReason::Caller, ReportedFailure::Partial(report)) => {
            format!("a:{}", report.caller.as_ref()?.party.canonical())
        }
        (RelationReason::Callee, ReportedFailure::Partial(report)) => {
            format!("b:{}", report.callee.as_ref()?.party.canonical())
        }
        (RelationReason::Account, ReportedFailure::Partial(report)) => {
            let call_parties =
                [&report.caller, &report.callee].into_iter().flatten().map(|call_party| &call_party.party);
            report.account.iter().chain(call_parties).find_map(party_account)?
        }
        (RelationReason::Caller | RelationReason::Callee, ReportedFailure::LoggedOut { .. })
        | (RelationReason::IpAddress | RelationReason::CodeAndDestination, _) => return None,
    };
    Some(query::search_url(&search))
}
