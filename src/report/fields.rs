//! What a field of the form shows: label, hint, what was typed, what is wrong with it, or how it was understood.

use super::{Reading, ReportForm};
use crate::{
    causes,
    phone::Party,
    tickets::{Billing, Category, Precision, Service, Symptom},
    words::{Lang, Say},
    zone,
};

/// A text field.
pub struct Field {
    pub name: &'static str,
    pub label: String,
    pub hint: Option<String>,
    pub value: String,
    pub wrong: Option<String>,
    /// How it was understood.
    pub echo: Option<String>,
    pub optional: bool,
    /// A style of the input: its width, or that it holds a number.
    pub class: &'static str,
    pub inputmode: &'static str,
    pub autocomplete: &'static str,
    /// The address that says while one types what it means, and the id of the place where that stands.
    pub live: Option<(String, &'static str)>,
    /// The page begins in it.
    pub begins: bool,
}

impl Field {
    /// The ids of what describes the field, for `aria-describedby`; empty when nothing does.
    pub fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("{}-hint", self.name));
        }
        if self.wrong.is_some() || self.echo.is_some() {
            ids.push(format!("{}-said", self.name));
        }
        ids.join(" ")
    }
}

/// A question with a few answers to choose from.
pub struct Choices {
    pub name: &'static str,
    pub legend: String,
    pub hint: Option<String>,
    pub wrong: Option<String>,
    pub options: Vec<Choice>,
    pub optional: bool,
    /// Short answers stand side by side.
    pub side: bool,
    /// The page begins in it.
    pub begins: bool,
}

pub struct Choice {
    pub value: &'static str,
    pub label: String,
    pub checked: bool,
}

impl Choices {
    /// The answer that has the focus when the page begins here: as by Tab, the one that is chosen, or else the first.
    pub fn begins_in(&self, option: &Choice) -> bool {
        let chosen = self.options.iter().find(|one| one.checked).or(self.options.first());
        self.begins && chosen.is_some_and(|one| one.value == option.value)
    }

    pub fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("{}-hint", self.name));
        }
        if self.wrong.is_some() {
            ids.push(format!("{}-said", self.name));
        }
        ids.join(" ")
    }
}

/// The form with what was read of it, ready to be drawn.
pub struct Fields<'a> {
    pub lang: Lang,
    pub form: &'a ReportForm,
    /// `None` while nothing has been sent: then nothing is wrong and nothing understood.
    pub reading: Option<&'a Reading>,
    /// The field that the page begins in, where it asks for nothing else.
    pub begins: Option<&'static str>,
}

impl Fields<'_> {
    pub fn t(&self, id: &str) -> String {
        self.lang.t(id).into_owned()
    }

    fn wrong(&self, field: &str) -> Option<String> {
        self.reading?.wrong.of(field).map(|say| self.lang.say(say))
    }

    fn field(&self, name: &'static str, value: &str) -> Field {
        Field {
            name,
            label: self.t(&format!("report-{name}")),
            hint: None,
            value: value.to_owned(),
            wrong: self.wrong(name),
            echo: None,
            optional: false,
            class: "",
            inputmode: "text",
            autocomplete: "on",
            live: None,
            begins: self.begins == Some(name),
        }
    }

    fn choices(&self, name: &'static str, value: &str, options: &[(&'static str, &'static str)]) -> Choices {
        let option = |(text, label): &(&'static str, &'static str)| Choice {
            value: text,
            label: self.t(label),
            checked: *text == value,
        };
        Choices {
            name,
            legend: self.t(&format!("report-{name}")),
            hint: None,
            wrong: self.wrong(name),
            options: options.iter().map(option).collect(),
            optional: false,
            side: false,
            begins: self.begins == Some(name),
        }
    }

    fn party(&self, party: Option<&Party>) -> Option<String> {
        let party = party?;
        Some(self.lang.say(&understood(party)))
    }

    pub fn category(&self) -> Choices {
        let options: Vec<_> = Category::KNOWN.iter().map(|one| (one.as_str(), one.label())).collect();
        self.choices("category", &self.form.category, &options)
    }

    pub fn caller(&self) -> Field {
        let hint = match self.form.category() {
            Some(Category::Incoming) => "report-caller-hint-incoming",
            _ => "report-caller-hint",
        };
        Field {
            hint: Some(self.t(hint)),
            echo: self.party(self.reading.and_then(|reading| reading.caller.as_ref())),
            class: "num w-num",
            ..self.field("caller", &self.form.caller)
        }
    }

    pub fn callee(&self) -> Field {
        let hint = match self.form.category() {
            Some(Category::Incoming) => "report-callee-hint-incoming",
            _ => "report-callee-hint",
        };
        Field {
            hint: Some(self.t(hint)),
            echo: self.party(self.reading.and_then(|reading| reading.callee.as_ref())),
            class: "num w-num",
            ..self.field("callee", &self.form.callee)
        }
    }

    pub fn day(&self) -> Choices {
        let options = [
            ("now", "report-day-now"),
            ("today", "report-day-today"),
            ("yesterday", "report-day-yesterday"),
            ("other", "report-day-other"),
        ];
        Choices {
            side: true,
            ..self.choices("day", if self.form.day.is_empty() { "other" } else { &self.form.day }, &options)
        }
    }

    pub fn date(&self) -> Field {
        Field { hint: Some(self.t("report-date-hint")), class: "num w-num", ..self.field("date", &self.form.date) }
    }

    pub fn time(&self) -> Field {
        Field { hint: Some(self.t("report-time-hint")), class: "num w-time", ..self.field("time", &self.form.time) }
    }

    /// How the day and the time together were understood.
    pub fn when(&self) -> Option<String> {
        let when = self.reading?.when.as_ref()?;
        Some(self.lang.say(&zone::call_moment(when.at)))
    }

    /// Which of the two hours; only asked when there are two.
    pub fn fold(&self) -> Option<Choices> {
        let reading = self.reading?;
        let asked = reading.wrong.fold.map(|(first, _)| first);
        let answered =
            reading.when.as_ref().filter(|when| when.twice && !self.form.fold.is_empty()).map(|when| when.at);
        let time = zone::clock(zone::to_local(asked.or(answered)?));
        let options = [("earlier", "when-fold-earlier"), ("later", "when-fold-later")];
        let choice = |(value, label): (&'static str, &'static str)| Choice {
            value,
            label: self.lang.t1(label, "time", time.as_str()),
            checked: value == self.form.fold,
        };
        Some(Choices { options: options.map(choice).into(), ..self.choices("fold", "", &[]) })
    }

    pub fn precision(&self) -> Choices {
        let options: Vec<_> = Precision::ALL.iter().map(|one| (one.as_str(), one.label())).collect();
        let value = if self.form.precision.is_empty() { Precision::Exact.as_str() } else { &self.form.precision };
        Choices { side: true, ..self.choices("precision", value, &options) }
    }

    pub fn symptom(&self) -> Choices {
        let options: Vec<_> = Symptom::ALL.iter().map(|one| (one.as_str(), one.label())).collect();
        self.choices("symptom", &self.form.symptom, &options)
    }

    pub fn in_billing(&self) -> Choices {
        let options: Vec<_> = Billing::ALL.iter().map(|one| (one.as_str(), one.label())).collect();
        self.choices("in_billing", &self.form.in_billing, &options)
    }

    pub fn service(&self) -> Choices {
        let options: Vec<_> = Service::ALL.iter().map(|one| (one.as_str(), one.label())).collect();
        let value = if self.form.service.is_empty() { Service::Unknown.as_str() } else { &self.form.service };
        self.choices("service", value, &options)
    }

    pub fn account(&self) -> Field {
        Field {
            hint: Some(self.t("report-account-hint")),
            echo: self.party(self.reading.and_then(|reading| reading.account.as_ref())),
            class: "num w-num",
            ..self.field("account", &self.form.account)
        }
    }

    pub fn device(&self) -> Field {
        Field { hint: Some(self.t("report-device-hint")), optional: true, ..self.field("device", &self.form.device) }
    }

    pub fn public_ip(&self, seen: &str) -> Field {
        Field {
            hint: Some(self.lang.t1("report-public_ip-hint", "ip", seen)),
            optional: true,
            class: "num w-num",
            ..self.field("public_ip", &self.form.public_ip)
        }
    }

    pub fn error_text(&self) -> Field {
        let text = self.form.error_text.as_str();
        Field {
            hint: Some(self.t("report-error_text-hint")),
            echo: self.reading.and_then(|_| causes::read(text)).map(|read| self.t(&read.cause.name)),
            live: Some((format!("/{}/check/message/said", self.lang), "error_text-live")),
            optional: true,
            ..self.field("error_text", text)
        }
    }

    /// The address of somebody else's telephone: ours tells nothing.
    pub fn public_ip_of_customer(&self) -> Field {
        Field { hint: None, ..self.public_ip("") }
    }

    /// The same where nothing else is asked.
    pub fn error_text_needed(&self) -> Field {
        Field { optional: false, ..self.error_text() }
    }

    pub fn description(&self) -> Field {
        let is_account = self.form.category() == Some(Category::LoggedOut);
        let hint = if is_account { "report-description-hint-account" } else { "report-description-hint" };
        Field { hint: Some(self.t(hint)), optional: true, ..self.field("description", &self.form.description) }
    }

    pub fn email(&self) -> Field {
        Field { inputmode: "email", autocomplete: "email", ..self.field("email", &self.form.email) }
    }

    pub fn phone(&self) -> Field {
        Field {
            hint: Some(self.t("report-phone-hint")),
            echo: self.party(self.reading.and_then(|reading| reading.phone.as_ref())),
            class: "num w-num",
            inputmode: "tel",
            autocomplete: "tel",
            ..self.field("phone", &self.form.phone)
        }
    }

    /// The complaints as links: the id to jump to and the sentence.
    pub fn summary(&self) -> Vec<(String, String)> {
        let complaints = self.reading.map_or(&[][..], |reading| reading.wrong.all());
        complaints.iter().map(|(field, say)| ((*field).to_owned(), self.lang.say(say))).collect()
    }
}

/// "22 122 80 22, numer stacjonarny", with an extension if there is one.
pub fn understood(party: &Party) -> Say {
    match (party, party.extension()) {
        (Party::Withheld, _) => party.reading(),
        (_, Some(extension)) => Say::new("party-with-extension")
            .with("number", party.display())
            .with("extension", extension)
            .with("kind", party.reading()),
        (_, None) => Say::new("party-read").with("number", party.display()).with("kind", party.reading()),
    }
}
