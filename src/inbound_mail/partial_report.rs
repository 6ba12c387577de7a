//! Converts what was extracted from a message to the values of a ticket.

use ::inbound_mail::{ExtractedCategory, ExtractedParty, ExtractedSymptom, Extraction};

use crate::tickets::{AudioSymptom, BillingPresence, CallParty, InferredField, PartialReport, TicketCategory};

pub(crate) fn ticket_category(extraction: &Extraction) -> TicketCategory {
    match extraction.category {
        Some(ExtractedCategory::LoggedOut) => TicketCategory::LoggedOut,
        Some(ExtractedCategory::Audio) => TicketCategory::Audio,
        Some(ExtractedCategory::Incoming) => TicketCategory::Incoming,
        Some(ExtractedCategory::Outgoing) => TicketCategory::Outgoing,
        None => TicketCategory::Unknown,
    }
}

pub(crate) fn partial_report(extraction: &Extraction) -> PartialReport {
    let is_call = extraction.category != Some(ExtractedCategory::LoggedOut);
    PartialReport {
        caller: extraction.caller.as_ref().map(call_party),
        callee: extraction.callee.as_ref().map(call_party),
        call_at: extraction.call_time.map(|(at, _)| at),
        precision: extraction.call_time.map(|(_, precision)| precision),
        in_billing: is_call.then_some(BillingPresence::Unknown),
        symptom: extraction.symptom.map(audio_symptom),
        account: extraction.account.clone(),
        public_ip: extraction.public_ip,
    }
}

/// Returns the fields that staff must confirm: all that were extracted.
pub(crate) fn inferred_fields(extraction: &Extraction) -> Vec<InferredField> {
    let fields = [
        (InferredField::Category, extraction.category.is_some()),
        (InferredField::Caller, extraction.caller.is_some()),
        (InferredField::Callee, extraction.callee.is_some()),
        (InferredField::CallTime, extraction.call_time.is_some()),
        (InferredField::ErrorText, extraction.error_text.is_some()),
        (InferredField::Symptom, extraction.symptom.is_some()),
        (InferredField::Account, extraction.account.is_some()),
    ];
    fields.into_iter().filter(|(_, is_present)| *is_present).map(|(field, _)| field).collect()
}

fn call_party(extracted: &ExtractedParty) -> CallParty {
    CallParty { raw_text: extracted.raw_text.clone(), party: extracted.party.clone() }
}

fn audio_symptom(symptom: ExtractedSymptom) -> AudioSymptom {
    match symptom {
        ExtractedSymptom::NoAudio => AudioSymptom::NoAudio,
        ExtractedSymptom::NoInboundAudio => AudioSymptom::NoInboundAudio,
        ExtractedSymptom::NoOutboundAudio => AudioSymptom::NoOutboundAudio,
        ExtractedSymptom::Choppy => AudioSymptom::Choppy,
        ExtractedSymptom::Echo => AudioSymptom::Echo,
        ExtractedSymptom::Noise => AudioSymptom::Noise,
        ExtractedSymptom::Dropped => AudioSymptom::Dropped,
        ExtractedSymptom::Delay => AudioSymptom::Delay,
    }
}

#[cfg(test)]
mod tests {
    use ::inbound_mail::{ParsedMessage, extract};
    use time::macros::datetime;

    use super::*;

    fn extract_from_mail(subject: &str, body: &str) -> Extraction {
        let now = datetime!(2026-11-20 14:00 UTC);
        let mail = ParsedMessage { subject: subject.into(), body: body.into(), ..ParsedMessage::default() };
        extract(&mail, now, 90)
    }

    #[test]
    fn every_extracted_field_must_be_confirmed_and_no_other() {
        let extraction =
            extract_from_mail("Nie mogę zadzwonić", "dziś o 14:05 z 22 555 01 20 na 601 555 210, błąd 503");
        assert_eq!(
            inferred_fields(&extraction),
            [
                InferredField::Category,
                InferredField::Caller,
                InferredField::Callee,
                InferredField::CallTime,
                InferredField::ErrorText
            ]
        );
        assert_eq!(inferred_fields(&extract_from_mail("", "Dzień dobry")), []);
    }

    #[test]
    fn only_a_report_of_a_call_has_a_billing_entry() {
        let logged_out = extract_from_mail("Telefon się nie loguje", "Konto 12345-101 jest wylogowane. IP 203.0.113.8");
        let report = partial_report(&logged_out);
        assert_eq!((report.in_billing, report.public_ip), (None, Some([203, 0, 113, 8].into())));
        assert_eq!(ticket_category(&logged_out), TicketCategory::LoggedOut);
        let unknown = extract_from_mail("", "Dzień dobry");
        assert_eq!(partial_report(&unknown).in_billing, Some(BillingPresence::Unknown));
        assert_eq!(ticket_category(&unknown), TicketCategory::Unknown);
    }
}
