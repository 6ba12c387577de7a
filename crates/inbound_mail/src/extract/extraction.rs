//! What is extracted from a message.

use std::net::IpAddr;

use call_time::CallTimePrecision;
use i18n::Lang;
use phone::Party;
use time::OffsetDateTime;

/// The report found in a message. Everything in it is inferred, and `None` where nothing was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Extraction {
    pub category: Option<ExtractedCategory>,
    pub caller: Option<ExtractedParty>,
    pub callee: Option<ExtractedParty>,
    /// The account that is logged out.
    pub account: Option<Party>,
    /// When the call happened, and how exactly that is known.
    pub call_time: Option<(OffsetDateTime, CallTimePrecision)>,
    pub symptom: Option<ExtractedSymptom>,
    pub public_ip: Option<IpAddr>,
    pub error_text: Option<String>,
    /// The sender's telephone number, in E.164.
    pub contact_phone: Option<String>,
    pub lang: Lang,
}

/// The kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtractedCategory {
    LoggedOut,
    Audio,
    Incoming,
    Outgoing,
}

/// What is wrong with the sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtractedSymptom {
    /// Neither side hears the other.
    NoAudio,
    /// The sender does not hear the other side.
    NoInboundAudio,
    /// The other side does not hear the sender.
    NoOutboundAudio,
    Choppy,
    Echo,
    Noise,
    Dropped,
    Delay,
}

/// One party of the call: the text in the message, and what it means.
#[derive(Debug, Clone, PartialEq)]
pub struct ExtractedParty {
    pub raw_text: String,
    pub party: Party,
}

impl Extraction {
    pub(crate) fn has_party(&self) -> bool {
        self.caller.is_some() || self.callee.is_some() || self.account.is_some()
    }

    /// Fills what is missing from `other`. Details of another kind of problem are not taken over.
    pub(crate) fn or_missing_from(self, other: Extraction) -> Extraction {
        let category = self.category.or(other.category);
        let is_same = category == other.category;
        Extraction {
            category,
            caller: self.caller.or(other.caller.filter(|_| is_same)),
            callee: self.callee.or(other.callee.filter(|_| is_same)),
            account: self.account.or(other.account.filter(|_| is_same)),
            call_time: self.call_time.or(other.call_time),
            symptom: self.symptom.or(other.symptom.filter(|_| is_same)),
            public_ip: self.public_ip.or(other.public_ip),
            error_text: self.error_text.or(other.error_text),
            ..self
        }
    }
}
