//! What a field of the form shows: label, hint, what was typed, what is wrong with it, or how it was understood.

use super::{ParsedReport, ReportForm};
use crate::{
    causes,
    i18n::{Lang, UiMessage},
    local_time,
    phone::Party,
    tickets::{AudioSymptom, BillingPresence, CallTimePrecision, Service, TicketCategory},
};

/// A text field.
pub struct TextField {
    pub name: &'static str,
    pub label: String,
    pub hint: Option<String>,
    pub value: String,
    pub error: Option<String>,
    /// How it was understood.
    pub understood_as: Option<String>,
    pub optional: bool,
    /// A style of the input: its width, or that it holds a number.
    pub class: &'static str,
    pub inputmode: &'static str,
    pub autocomplete: &'static str,
    /// The address that says while one types what it means, and the id of the place where that stands.
    pub live_hint: Option<(String, &'static str)>,
    /// The page begins in it.
    pub autofocus: bool,
}

impl TextField {
    /// The ids of what describes the field, for `aria-describedby`; empty when nothing does.
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

/// A question with a few answers to choose from.
pub struct ChoiceField {
    pub name: &'static str,
    pub legend: String,
    pub hint: Option<String>,
    pub error: Option<String>,
    pub options: Vec<ChoiceOption>,
    pub optional: bool,
    /// Short answers stand side by side.
    pub side_by_side: bool,
    /// The page begins in it.
    pub autofocus: bool,
}

pub struct ChoiceOption {
    pub value: &'static str,
    pub label: String,
    pub checked: bool,
}

impl ChoiceField {
    /// The answer that has the focus when the page begins here: as by Tab, the one that is chosen, or else the first.
    pub fn has_autofocus(&self, option: &ChoiceOption) -> bool {
        let chosen = self.options.iter().find(|one| one.checked).or(self.options.first());
        self.autofocus && chosen.is_some_and(|one| one.value == option.value)
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

/// The form with what was read of it, ready to be drawn.
pub struct ReportFormView<'a> {
    pub lang: Lang,
    pub form: &'a ReportForm,
    /// `None` while nothing has been sent: then nothing is wrong and nothing understood.
    pub parsed: Option<&'a ParsedReport>,
    /// The field that the page begins in, where it asks for nothing else.
    pub autofocus_field: Option<&'static str>,
}

impl ReportFormView<'_> {
    pub fn t(&self, id: &str) -> String {
        self.lang.t(id).into_owned()
    }

    fn error_for(&self, field: &str) -> Option<String> {
        self.parsed?.errors.get(field).map(|say| self.lang.format(say))
    }

    fn text_field(&self, name: &'static str, value: &str) -> TextField {
        TextField {
            name,
            label: self.t(&format!("report-{name}")),
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

    fn choice_field(&self, name: &'static str, value: &str, options: &[(&'static str, &'static str)]) -> ChoiceField {
        let option = |(text, label): &(&'static str, &'static str)| ChoiceOption {
            value: text,
            label: self.t(label),
            checked: *text == value,
        };
        ChoiceField {
            name,
            legend: self.t(&format!("report-{name}")),
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
        let options: Vec<_> = TicketCategory::WITH_GUIDE.iter().map(|one| (one.as_str(), one.label())).collect();
        self.choice_field("category", &self.form.category, &options)
    }

    pub fn caller(&self) -> TextField {
        let hint = match self.form.category() {
            Some(TicketCategory::Incoming) => "report-caller-hint-incoming",
            _ => "report-caller-hint",
        };
        TextField {
            hint: Some(self.t(hint)),
            understood_as: self.format_party(self.parsed.and_then(|reading| reading.caller.as_ref())),
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
            understood_as: self.format_party(self.parsed.and_then(|reading| reading.callee.as_ref())),
            class: "num width-number",
            ..self.text_field("callee", &self.form.callee)
        }
    }

    pub fn day(&self) -> ChoiceField {
        let options = [
            ("now", "report-day-now"),
            ("today", "report-day-today"),
            ("yesterday", "report-day-yesterday"),
            ("other", "report-day-other"),
        ];
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

    /// How the day and the time together were understood.
    pub fn call_time(&self) -> Option<String> {
        let when = self.parsed?.call_time.as_ref()?;
        Some(self.lang.format(&local_time::format_call_time(when.at)))
    }

    /// Which of the two hours; only asked when there are two.
    pub fn fold(&self) -> Option<ChoiceField> {
        let reading = self.parsed?;
        let asked = reading.errors.ambiguous_times.map(|(first, _)| first);
        let answered = reading
            .call_time
            .as_ref()
            .filter(|when| when.is_ambiguous && !self.form.fold.is_empty())
            .map(|when| when.at);
        let time = local_time::format_clock(local_time::to_local(asked.or(answered)?));
        let options = [("earlier", "call-time-fold-earlier"), ("later", "call-time-fold-later")];
        let choice = |(value, label): (&'static str, &'static str)| ChoiceOption {
            value,
            label: self.lang.t_with(label, "time", time.as_str()),
            checked: value == self.form.fold,
        };
        Some(ChoiceField { options: options.map(choice).into(), ..self.choice_field("fold", "", &[]) })
    }

    pub fn precision(&self) -> ChoiceField {
        let options: Vec<_> = CallTimePrecision::ALL.iter().map(|one| (one.as_str(), one.label())).collect();
        let value =
            if self.form.precision.is_empty() { CallTimePrecision::Exact.as_str() } else { &self.form.precision };
        ChoiceField { side_by_side: true, ..self.choice_field("precision", value, &options) }
    }

    pub fn symptom(&self) -> ChoiceField {
        let options: Vec<_> = AudioSymptom::ALL.iter().map(|one| (one.as_str(), one.label())).collect();
        self.choice_field("symptom", &self.form.symptom, &options)
    }

    pub fn in_billing(&self) -> ChoiceField {
        let options: Vec<_> = BillingPresence::ALL.iter().map(|one| (one.as_str(), one.label())).collect();
        self.choice_field("in_billing", &self.form.in_billing, &options)
    }

    pub fn service(&self) -> ChoiceField {
        let options: Vec<_> = Service::ALL.iter().map(|one| (one.as_str(), one.label())).collect();
        let value = if self.form.service.is_empty() { Service::Unknown.as_str() } else { &self.form.service };
        self.choice_field("service", value, &options)
    }

    pub fn account(&self) -> TextField {
        TextField {
            hint: Some(self.t("report-account-hint")),
            understood_as: self.format_party(self.parsed.and_then(|reading| reading.account.as_ref())),
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

    pub fn public_ip(&self, seen: &str) -> TextField {
        TextField {
            hint: Some(self.lang.t_with("report-public_ip-hint", "ip", seen)),
            optional: true,
            class: "num width-number",
            ..self.text_field("public_ip", &self.form.public_ip)
        }
    }

    pub fn error_text(&self) -> TextField {
        let text = self.form.error_text.as_str();
        TextField {
            hint: Some(self.t("report-error_text-hint")),
            understood_as: self.parsed.and_then(|_| causes::match_text(text)).map(|read| self.t(&read.cause.name)),
            live_hint: Some((format!("/{}/check/message/said", self.lang), "error_text-live")),
            optional: true,
            ..self.text_field("error_text", text)
        }
    }

    /// The address of somebody else's telephone: ours tells nothing.
    pub fn customer_public_ip(&self) -> TextField {
        TextField { hint: None, ..self.public_ip("") }
    }

    /// The same where nothing else is asked.
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
            understood_as: self.format_party(self.parsed.and_then(|reading| reading.phone.as_ref())),
            class: "num width-number",
            inputmode: "tel",
            autocomplete: "tel",
            ..self.text_field("phone", &self.form.phone)
        }
    }

    /// The complaints as links: the id to jump to and the sentence.
    pub fn error_summary(&self) -> Vec<(String, String)> {
        let complaints = self.parsed.map_or(&[][..], |reading| reading.errors.as_slice());
        complaints.iter().map(|(field, say)| ((*field).to_owned(), self.lang.format(say))).collect()
    }
}

/// "22 122 80 22, numer stacjonarny", with an extension if there is one.
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
