//! What each field of the form shows: label, hint, value, error, or how the value was understood.

use strum::VariantArray;

use super::{form::ReportForm, validation::ParsedReport};
use crate::{
    causes,
    i18n::{Label, Lang, UiMessage},
    local_time,
    phone::Party,
    tickets::{AudioSymptom, BillingPresence, CallTimePrecision, Service, TicketCategory},
    urls,
};

/// A text field.
pub struct TextField {
    pub name: &'static str,
    pub label: String,
    pub hint: Option<String>,
    pub value: String,
    pub error: Option<String>,
    /// How the value was understood.
    pub understood_as: Option<String>,
    pub optional: bool,
    /// CSS classes of the input: its width, or that it holds a number.
    pub class: &'static str,
    pub inputmode: &'static str,
    pub autocomplete: &'static str,
    /// The URL that explains the value while it is typed, and the id of the element that shows the explanation.
    pub live_hint: Option<(String, &'static str)>,
    /// Focused when the page opens.
    pub autofocus: bool,
}

impl TextField {
    /// The ids of hint and feedback, for `aria-describedby`; empty if the field has neither.
    pub fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("{}-hint", self.name));
        }
        if self.error.is_some() || self.understood_as.is_some() {
            ids.push(format!("{}-feedback", self.name));
        }
        ids.join(" ")
    }
}

/// A group of radio buttons.
pub struct ChoiceField {
    pub name: &'static str,
    pub legend: String,
    pub hint: Option<String>,
    pub error: Option<String>,
    pub options: Vec<ChoiceOption>,
    pub optional: bool,
    /// Lays out short options side by side.
    pub side_by_side: bool,
    /// Focused when the page opens.
    pub autofocus: bool,
}

pub struct ChoiceOption {
    pub value: &'static str,
    pub label: String,
    pub checked: bool,
}

impl ChoiceField {
    /// Whether this option is focused when the page opens. It is the checked one, or else the first, as with the Tab key.
    pub fn has_autofocus(&self, option: &ChoiceOption) -> bool {
        let focused = self.options.iter().find(|option| option.checked).or(self.options.first());
        self.autofocus && focused.is_some_and(|focused| focused.value == option.value)
    }

    pub fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("{}-hint", self.name));
        }
        if self.error.is_some() {
            ids.push(format!("{}-feedback", self.name));
        }
        ids.join(" ")
    }
}

/// The form and its parsed values, as the templates show them.
pub struct ReportFormView<'a> {
    pub lang: Lang,
    pub form: &'a ReportForm,
    /// `None` before the form is sent: then no field shows an error or a parsed value.
    pub parsed: Option<&'a ParsedReport>,
    /// The field that is focused when the page opens, on pages that ask only for it.
    pub autofocus_field: Option<&'static str>,
}

impl ReportFormView<'_> {
    pub fn t(&self, id: impl AsRef<str>) -> String {
        self.lang.t(id).into_owned()
    }

    fn error_for(&self, field: &str) -> Option<String> {
        self.parsed?.errors.get(field).map(|error| self.lang.format(error))
    }

    fn text_field(&self, name: &'static str, value: &str) -> TextField {
        TextField {
            name,
            label: self.t(format!("report-{name}")),
            hint: None,
            value: value.to_owned(),
            error: self.error_for(name),
            understood_as: None,
            optional: false,
            class: "",
            inputmode: "text",
            autocomplete: "on",
            live_hint: None,
            autofocus: self.autofocus_field == Some(name),
        }
    }

    fn choice_field(&self, name: &'static str, value: &str, options: &[(&'static str, String)]) -> ChoiceField {
        let option = |(option, label): &(&'static str, String)| ChoiceOption {
            value: option,
            label: self.t(label),
            checked: *option == value,
        };
        ChoiceField {
            name,
            legend: self.t(format!("report-{name}")),
            hint: None,
            error: self.error_for(name),
            options: options.iter().map(option).collect(),
            optional: false,
            side_by_side: false,
            autofocus: self.autofocus_field == Some(name),
        }
    }

    fn format_party(&self, party: Option<&Party>) -> Option<String> {
        let party = party?;
        Some(self.lang.format(&party_description(party)))
    }

    pub fn category(&self) -> ChoiceField {
        let options: Vec<_> =
            TicketCategory::WITH_GUIDE.iter().map(|category| (category.into_str(), category.label())).collect();
        self.choice_field("category", &self.form.category, &options)
    }

    pub fn caller(&self) -> TextField {
        let hint = match self.form.category() {
            Some(TicketCategory::Incoming) => "report-caller-hint-incoming",
            _ => "report-caller-hint",
        };
        TextField {
            hint: Some(self.t(hint)),
            understood_as: self.format_party(self.parsed.and_then(|parsed| parsed.caller.as_ref())),
            class: "num width-number",
            ..self.text_field("caller", &self.form.caller)
        }
    }

    pub fn callee(&self) -> TextField {
        let hint = match self.form.category() {
            Some(TicketCategory::Incoming) => "report-callee-hint-incoming",
            _ => "report-callee-hint",
        };
        TextField {
            hint: Some(self.t(hint)),
            understood_as: self.format_party(self.parsed.and_then(|parsed| parsed.callee.as_ref())),
            class: "num width-number",
            ..self.text_field("callee", &self.form.callee)
        }
    }

    pub fn day(&self) -> ChoiceField {
        let options = ["now", "today", "yesterday", "other"].map(|day| (day, format!("report-day-{day}")));
        ChoiceField {
            side_by_side: true,
            ..self.choice_field("day", if self.form.day.is_empty() { "other" } else { &self.form.day }, &options)
        }
    }

    pub fn date(&self) -> TextField {
        TextField {
            hint: Some(self.t("report-date-hint")),
            class: "num width-number",
            ..self.text_field("date", &self.form.date)
        }
    }

    pub fn time(&self) -> TextField {
        TextField {
            hint: Some(self.t("report-time-hint")),
            class: "num width-time",
            ..self.text_field("time", &self.form.time)
        }
    }

    /// How day and time together were understood.
    pub fn call_time(&self) -> Option<String> {
        let call_time = self.parsed?.call_time.as_ref()?;
        Some(self.lang.format(&local_time::format_call_time(call_time.at)))
    }

    /// Which of two equal local times is meant. Returns `None` if the time is not ambiguous.
    pub fn fold(&self) -> Option<ChoiceField> {
        let parsed = self.parsed?;
        let unanswered = parsed.errors.ambiguous_times.map(|(first, _)| first);
        let answered = parsed
            .call_time
            .as_ref()
            .filter(|call_time| call_time.is_ambiguous && !self.form.fold.is_empty())
            .map(|call_time| call_time.at);
        let time = local_time::format_clock(local_time::to_local(unanswered.or(answered)?));
        let options = [("earlier", "call-time-fold-earlier"), ("later", "call-time-fold-later")];
        let option = |(value, label): (&'static str, &'static str)| ChoiceOption {
            value,
            label: self.lang.t_with(label, "time", time.as_str()),
            checked: value == self.form.fold,
        };
        Some(ChoiceField { options: options.map(option).into(), ..self.choice_field("fold", "", &[]) })
    }

    pub fn precision(&self) -> ChoiceField {
        let options: Vec<_> =
            CallTimePrecision::VARIANTS.iter().map(|precision| (precision.into_str(), precision.label())).collect();
        let value =
            if self.form.precision.is_empty() { CallTimePrecision::Exact.into_str() } else { &self.form.precision };
        ChoiceField { side_by_side: true, ..self.choice_field("precision", value, &options) }
    }

    pub fn symptom(&self) -> ChoiceField {
        let options: Vec<_> =
            AudioSymptom::VARIANTS.iter().map(|symptom| (symptom.into_str(), symptom.label())).collect();
        self.choice_field("symptom", &self.form.symptom, &options)
    }

    pub fn in_billing(&self) -> ChoiceField {
        let options: Vec<_> =
            BillingPresence::VARIANTS.iter().map(|presence| (presence.into_str(), presence.label())).collect();
        self.choice_field("in_billing", &self.form.in_billing, &options)
    }

    pub fn service(&self) -> ChoiceField {
        let options: Vec<_> = Service::VARIANTS.iter().map(|service| (service.into_str(), service.label())).collect();
        let value = if self.form.service.is_empty() { Service::Unknown.into_str() } else { &self.form.service };
        self.choice_field("service", value, &options)
    }

    pub fn account(&self) -> TextField {
        TextField {
            hint: Some(self.t("report-account-hint")),
            understood_as: self.format_party(self.parsed.and_then(|parsed| parsed.account.as_ref())),
            class: "num width-number",
            ..self.text_field("account", &self.form.account)
        }
    }

    pub fn device(&self) -> TextField {
        TextField {
            hint: Some(self.t("report-device-hint")),
            optional: true,
            ..self.text_field("device", &self.form.device)
        }
    }

    pub fn public_ip(&self, client_ip: &str) -> TextField {
        TextField {
            hint: Some(self.lang.t_with("report-public_ip-hint", "ip", client_ip)),
            optional: true,
            class: "num width-number",
            ..self.text_field("public_ip", &self.form.public_ip)
        }
    }

    pub fn error_text(&self) -> TextField {
        let text = self.form.error_text.as_str();
        TextField {
            hint: Some(self.t("report-error_text-hint")),
            understood_as: self
                .parsed
                .and_then(|_| causes::match_text(text))
                .map(|matched| self.t(&matched.cause.name)),
            live_hint: Some((urls::public::message_hint(self.lang), "error_text-live")),
            optional: true,
            ..self.text_field("error_text", text)
        }
    }

    /// Whether the visitor said that there was no message and no code.
    pub fn has_no_error(&self) -> bool {
        self.form.no_error == "yes"
    }

    /// The field in the staff's form: the address of the request is not the customer's, so the hint is left out.
    pub fn customer_public_ip(&self) -> TextField {
        TextField { hint: None, ..self.public_ip("") }
    }

    /// The field on a page that asks only for it.
    pub fn error_text_required(&self) -> TextField {
        TextField { optional: false, ..self.error_text() }
    }

    pub fn description(&self) -> TextField {
        let is_account = self.form.category() == Some(TicketCategory::LoggedOut);
        let hint = if is_account { "report-description-hint-account" } else { "report-description-hint" };
        TextField { hint: Some(self.t(hint)), optional: true, ..self.text_field("description", &self.form.description) }
    }

    pub fn email(&self) -> TextField {
        TextField { inputmode: "email", autocomplete: "email", ..self.text_field("email", &self.form.email) }
    }

    pub fn phone(&self) -> TextField {
        TextField {
            hint: Some(self.t("report-phone-hint")),
            understood_as: self.format_party(self.parsed.and_then(|parsed| parsed.phone.as_ref())),
            class: "num width-number",
            inputmode: "tel",
            autocomplete: "tel",
            ..self.text_field("phone", &self.form.phone)
        }
    }

    /// The errors as links: the id of the field and the message.
    pub fn error_summary(&self) -> Vec<(String, String)> {
        let errors = self.parsed.map_or(&[][..], |parsed| parsed.errors.as_slice());
        errors.iter().map(|(field, error)| ((*field).to_owned(), self.lang.format(error))).collect()
    }
}

/// Number and kind of a party, such as "22 122 80 22, numer stacjonarny", and its extension if it has one.
pub fn party_description(party: &Party) -> UiMessage {
    match (party, party.extension()) {
        (Party::Withheld, _) => party.description(),
        (_, Some(extension)) => UiMessage::new("party-with-extension")
            .with("number", party.display())
            .with("extension", extension)
            .with("kind", party.description()),
        (_, None) => {
            UiMessage::new("party-description").with("number", party.display()).with("kind", party.description())
        }
    }
}
