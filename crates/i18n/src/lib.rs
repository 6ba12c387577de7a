//! Every sentence of the interface, in both languages, so that no Rust file and no template contains one.
//!
//! The messages are Project Fluent files, one a room and language, in `templates/locales`.

mod typography;

use std::{borrow::Cow, fmt, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};
use unic_langid::langid;

use typography::nbsp_counts;
pub use typography::{nbsp_digit_groups, strip_typography, typeset};

/// A language that the portal speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "language", rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Pl,
    En,
}

impl Lang {
    pub const ALL: [Lang; 2] = [Lang::Pl, Lang::En];

    /// The ISO 639-1 code, as it stands in addresses and in `lang` attributes.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::Pl => "pl",
            Lang::En => "en",
        }
    }

    /// The language of an address segment, `None` for any other word.
    pub fn from_code(code: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// The language to offer instead.
    pub const fn other(self) -> Lang {
        match self {
            Lang::Pl => Lang::En,
            Lang::En => Lang::Pl,
        }
    }

    /// The best language for an `Accept-Language` header (RFC 9110, 12.5.4): the highest `q`, the first of equals;
    /// Polish when the header asks for neither.
    pub fn from_accept_language(header: &str) -> Lang {
        let mut best = (0.0, Lang::default());
        for range in header.split(',') {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let Some(lang) = Lang::from_code(tag.split('-').next().unwrap_or_default()) else {
                continue;
            };
            let quality =
                parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
            if quality > best.0 {
                best = (quality, lang);
            }
        }
        best.1
    }

    /// A message without arguments.
    pub fn t(self, id: &str) -> Cow<'static, str> {
        format_message(self, id, None)
    }

    /// A message with one argument, for templates.
    pub fn t_with<'a>(self, id: &str, name: &'a str, value: impl Into<FluentValue<'a>>) -> String {
        let mut args = FluentArgs::with_capacity(1);
        args.set(name, value);
        format_message(self, id, Some(&args)).into_owned()
    }

    /// A value that was put together elsewhere.
    pub fn format_arg(self, arg: &MessageArg) -> String {
        match arg {
            MessageArg::Text(text) => text.clone(),
            MessageArg::Number(number) => number.to_string(),
            MessageArg::Decimal1(number) => self.format_decimal(*number),
            MessageArg::Message(say) => self.format(say),
            MessageArg::PerLang(texts) => texts[self as usize].clone(),
        }
    }

    fn format_decimal(self, number: i64) -> String {
        let point = match self {
            Lang::Pl => ',',
            Lang::En => '.',
        };
        let sign = if number < 0 { "-" } else { "" };
        format!("{sign}{}{point}{}", number.abs() / 10, number.abs() % 10)
    }

    /// A sentence that was put together elsewhere.
    pub fn format(self, say: &UiMessage) -> String {
        let mut args = FluentArgs::with_capacity(say.args.len());
        for (name, value) in &say.args {
            match value {
                MessageArg::Text(text) => args.set(*name, text.clone()),
                MessageArg::Number(number) => args.set(*name, *number),
                MessageArg::Decimal1(number) => args.set(*name, self.format_decimal(*number)),
                MessageArg::Message(inner) => args.set(*name, self.format(inner)),
                MessageArg::PerLang(texts) => args.set(*name, texts[self as usize].clone()),
            }
        }
        format_message(self, say.id, Some(&args)).into_owned()
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A sentence to be said later, in the reader's language: a message id and its arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct UiMessage {
    pub id: &'static str,
    pub args: Vec<(&'static str, MessageArg)>,
}

/// What a sentence is about.
#[derive(Debug, Clone, PartialEq)]
pub enum MessageArg {
    Text(String),
    Number(i64),
    /// A number with one decimal.
    Decimal1(i64),
    Message(Box<UiMessage>),
    /// The same in each language: what the operator's file says.
    PerLang(Box<[String; 2]>),
}

impl UiMessage {
    pub const fn new(id: &'static str) -> UiMessage {
        UiMessage { id, args: Vec::new() }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<MessageArg>) -> UiMessage {
        self.args.push((name, value.into()));
        self
    }
}

impl From<String> for MessageArg {
    fn from(text: String) -> MessageArg {
        MessageArg::Text(text)
    }
}
impl From<&str> for MessageArg {
    fn from(text: &str) -> MessageArg {
        MessageArg::Text(text.to_owned())
    }
}
impl From<i64> for MessageArg {
    fn from(number: i64) -> MessageArg {
        MessageArg::Number(number)
    }
}
impl From<u16> for MessageArg {
    fn from(number: u16) -> MessageArg {
        MessageArg::Number(number.into())
    }
}
impl From<usize> for MessageArg {
    fn from(number: usize) -> MessageArg {
        MessageArg::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}
impl From<UiMessage> for MessageArg {
    fn from(say: UiMessage) -> MessageArg {
        MessageArg::Message(Box::new(say))
    }
}

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../templates/locales"]
struct LocaleFiles;

type LocaleBundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<[LocaleBundle; 2]> = LazyLock::new(|| Lang::ALL.map(load_bundle));

fn load_bundle(lang: Lang) -> LocaleBundle {
    let mut bundle = FluentBundle::new_concurrent(vec![match lang {
        Lang::Pl => langid!("pl"),
        Lang::En => langid!("en"),
    }]);
    bundle.set_use_isolating(false);
    let folder = format!("{lang}/");
    let files = LocaleFiles::iter().filter(|name| name.starts_with(&folder)).filter_map(|name| {
        let file = LocaleFiles::get(&name)?;
        Some((name, String::from_utf8_lossy(&file.data).into_owned()))
    });
    for (name, source) in files.chain([("causes.toml".into(), cause_messages(lang))]) {
        let source = typeset(lang, &source);
        let resource = match FluentResource::try_new(source) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                tracing::error!(file = %name, ?errors, "a words file has messages that can't be read");
                resource
            }
        };
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(file = %name, ?errors, "a words file repeats messages");
        }
    }
    bundle
}

/// What the causes' table says, as messages such as `cause-busy-name`; see `causes`, which knows their codes.
fn cause_messages(lang: Lang) -> String {
    #[derive(serde::Deserialize)]
    struct CausesFile {
        cause: Vec<toml::Table>,
    }
    let Ok(table) = toml::from_str::<CausesFile>(include_str!("../../../templates/causes/causes.toml")) else {
        return String::new();
    };
    let mut source = String::new();
    for cause in &table.cause {
        let id = cause.get("id").and_then(toml::Value::as_str).unwrap_or_default();
        for (name, text) in cause.get(lang.code()).and_then(toml::Value::as_table).into_iter().flatten() {
            source += &format!("cause-{id}-{name} = {}\n", text.as_str().unwrap_or_default());
        }
    }
    source
}

fn format_message(lang: Lang, id: &str, args: Option<&FluentArgs>) -> Cow<'static, str> {
    let bundle = &BUNDLES[lang as usize];
    let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
        tracing::error!(id, %lang, "a message is missing");
        return Cow::Owned(id.to_owned());
    };
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, args, &mut errors);
    if !errors.is_empty() {
        tracing::error!(id, %lang, ?errors, "a message lacks an argument");
    }
    // a number may be an argument
    Cow::Owned(if args.is_some() { nbsp_counts(&text) } else { text.into_owned() })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fluent_bundle::FluentResource;

    use crate::*;

    fn message_ids(lang: Lang) -> BTreeSet<String> {
        let folder = format!("{lang}/");
        let mut ids = BTreeSet::new();
        for name in LocaleFiles::iter().filter(|name| name.starts_with(&folder)) {
            let file = LocaleFiles::get(&name).unwrap();
            let source = String::from_utf8(file.data.into_owned()).unwrap();
            let resource = FluentResource::try_new(source).unwrap_or_else(|(_, errors)| panic!("{name}: {errors:?}"));
            for entry in resource.entries() {
                if let fluent_syntax::ast::Entry::Message(message) = entry {
                    assert!(ids.insert(message.id.name.to_owned()), "{name} repeats {}", message.id.name);
                }
            }
        }
        ids
    }

    #[test]
    fn both_languages_have_the_same_messages() {
        assert_eq!(message_ids(Lang::Pl), message_ids(Lang::En));
    }

    #[test]
    fn a_number_that_is_put_in_stays_with_what_it_counts() {
        let told = Lang::Pl.format(&UiMessage::new("login-locked-out").with("seconds", 7_i64));
        assert!(told.ends_with("za 7\u{a0}sekund"), "{told}");
        assert_eq!(Lang::En.t("report-phone-invalid"), "Write a whole phone number, for example 601\u{a0}555\u{a0}210");
    }

    #[test]
    fn the_browser_chooses_the_language() {
        let table = [
            ("", Lang::Pl),
            ("de", Lang::Pl),
            ("en-GB,en;q=0.9", Lang::En),
            ("pl-PL,pl;q=0.9,en;q=0.8", Lang::Pl),
            ("de, en;q=0.4, pl;q=0.3", Lang::En),
            ("en;q=0, pl;q=0.1", Lang::Pl),
            ("en;q=nonsense", Lang::Pl),
        ];
        for (header, lang) in table {
            assert_eq!(Lang::from_accept_language(header), lang, "{header}");
        }
    }
}
