//! The form's fields, as strings: whatever was typed stays on the page.

use uuid::Uuid;

use crate::{
    guides::{CheckIds, GuideProgress, Guides},
    i18n::Lang,
    tickets::{BillingPresence, TicketCategory},
    urls,
    web::Form,
};

/// Maximum length of a guide path, in characters: a constraint of the `ticket` table.
const MAX_GUIDE_PATH_LEN: usize = 500;

/// The fields that links to the form carry, in the order of the URL.
const URL_FIELDS: [&str; 4] = ["category", "trail", "error_text", "incident"];

/// What a field is about. It decides in which categories the form shows the field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FieldRole {
    /// Not typed by the visitor.
    Control,
    /// Shown in every category.
    Common,
    Call,
    /// Answers a question about the call's time. It is not compared when a form is sent twice.
    CallTimeFold,
    Account,
    Symptom,
}

struct FormField<'a> {
    name: &'static str,
    role: FieldRole,
    value: &'a str,
}

/// The one list of the form's fields: the name of the field in [`ReportForm`], its name in HTML, how its text is read and
/// its role.
macro_rules! report_form {
    ($($(#[$doc:meta])* $field:ident: $name:literal, $read:ident, $role:ident;)*) => {
        /// The form as it was typed.
        #[derive(Debug, Clone, Default)]
        pub struct ReportForm {
            $($(#[$doc])* pub $field: String,)*
            /// The check results to attach.
            pub check_ids: CheckIds,
        }

        impl ReportForm {
            pub fn from_form(form: &Form) -> ReportForm {
                ReportForm {
                    $($field: form.$read($name),)*
                    check_ids: CheckIds::parse(form.raw("checks")),
                }
            }

            fn fields(&self) -> impl Iterator<Item = FormField<'_>> {
                [$(FormField { name: $name, role: FieldRole::$role, value: &self.$field }),*].into_iter()
            }
        }
    };
}

report_form! {
    /// The form's own id. A form that is sent twice with the same content makes one ticket.
    submission: "submission", single_line, Control;
    category: "category", single_line, Common;
    guide_path: "trail", single_line, Control;
    service: "service", single_line, Common;
    caller: "caller", single_line, Call;
    callee: "callee", single_line, Call;
    day: "day", single_line, Call;
    date: "date", single_line, Call;
    time: "time", single_line, Call;
    /// `earlier` or `later`: which of two equal local times is meant, in the night when clocks go back.
    fold: "fold", single_line, CallTimeFold;
    precision: "precision", single_line, Call;
    error_text: "error_text", single_line, Common;
    /// `yes`: no message was played and no code was displayed.
    no_error: "no_error", single_line, Call;
    in_billing: "in_billing", single_line, Call;
    description: "description", multi_line, Common;
    email: "email", single_line, Common;
    phone: "phone", single_line, Common;
    account: "account", single_line, Account;
    device: "device", single_line, Account;
    public_ip: "public_ip", single_line, Account;
    symptom: "symptom", single_line, Symptom;
    /// The id of the incident that the visitor says the problem belongs to.
    incident: "incident", single_line, Control;
    /// Hidden from people; only bots fill it in.
    honeypot: "website", single_line, Control;
}

impl ReportForm {
    /// A new form, filled in with the query of its URL.
    pub fn from_query(query: &Form) -> ReportForm {
        let mut form = ReportForm { submission: Uuid::new_v4().to_string(), ..ReportForm::from_form(query) };
        form.honeypot.clear();
        if form.day.is_empty() {
            form.day = "today".into();
        }
        form
    }

    /// The visitor's path through the guides. Returns `None` without one, or when today's guides do not have it.
    pub fn resolve_guide_path<'a>(&self, guides: &'a Guides, lang: Lang) -> Option<GuideProgress<'a>> {
        let path = Some(self.guide_path.as_str()).filter(|path| path.len() <= MAX_GUIDE_PATH_LEN)?;
        guides.resolve_path(lang, path)
    }

    /// Fills in what the answers in the guide say already. A path that can't be resolved (`None`) is dropped.
    pub fn fill_from_guide(&mut self, progress: Option<&GuideProgress<'_>>) {
        if progress.is_none() {
            self.guide_path.clear();
        }
        for answered in progress.iter().flat_map(|progress| &progress.answered_steps) {
            let answer = answered.answer.id.as_str();
            match answered.step.id.as_str() {
                "symptom" => self.symptom = if answer == "silence" { "none" } else { answer }.to_owned(),
                "history" | "test-call" | "ready" if answer.parse::<BillingPresence>().is_ok() => {
                    self.in_billing = answer.to_owned();
                }
                _ => {}
            }
        }
    }

    /// What was heard or displayed, as typed, or the answer that there was nothing. The answer is stored as a sentence of its
    /// own in the customer's language; `None` means that the question was not answered.
    pub(super) fn error_answer(&self, lang: Lang) -> Option<String> {
        let typed = non_empty(&self.error_text);
        typed.or_else(|| (self.no_error == "yes").then(|| lang.t("report-no_error-answer").into_owned()))
    }

    pub fn incident_id(&self) -> Option<i64> {
        self.incident.parse().ok()
    }

    pub fn category(&self) -> Option<TicketCategory> {
        self.category.parse().ok().filter(|category| TicketCategory::WITH_GUIDE.contains(category))
    }

    /// The URL of a new form with the same [`URL_FIELDS`], in a language and, if one is given, another category.
    pub(super) fn to_url(&self, lang: Lang, category: Option<TicketCategory>) -> String {
        let value = |name: &str| match category {
            Some(category) if name == "category" => category.into_str(),
            _ => self.fields().find(|field| field.name == name).map_or("", |field| field.value),
        };
        let url = urls::with_query(&urls::public::report(lang), &URL_FIELDS.map(|name| (name, value(name))));
        self.check_ids.append_to_url(&url)
    }

    /// What was typed into fields that the form of this category does not show. The form carries it as hidden fields, so
    /// that a visitor who chose the wrong category first loses nothing.
    pub(super) fn hidden_fields(&self) -> Vec<(&'static str, &str)> {
        let is_hidden = |role| match (role, self.category()) {
            (FieldRole::Control | FieldRole::Common, _) => false,
            (FieldRole::Call | FieldRole::CallTimeFold, category) => category == Some(TicketCategory::LoggedOut),
            (FieldRole::Account, category) => category != Some(TicketCategory::LoggedOut),
            (FieldRole::Symptom, category) => category != Some(TicketCategory::Audio),
        };
        self.fields()
            .filter(|field| is_hidden(field.role) && !field.value.is_empty())
            .map(|field| (field.name, field.value))
            .collect()
    }

    /// What the visitor typed. A second form with the same id is compared by it.
    pub(super) fn raw_fields(&self) -> Vec<(String, String)> {
        self.fields()
            .filter(|field| !matches!(field.role, FieldRole::Control | FieldRole::CallTimeFold))
            .filter(|field| !field.value.is_empty())
            .map(|field| (field.name.to_owned(), field.value.to_owned()))
            .collect()
    }
}

/// The text, or `None` if it is empty.
pub(super) fn non_empty(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}
