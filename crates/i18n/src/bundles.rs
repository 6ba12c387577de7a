//! The message files, and formatting of messages in a language.

use std::{borrow::Cow, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use rust_embed::RustEmbed;
use unic_langid::langid;

use crate::{
    lang::Lang,
    message::{MessageArg, UiMessage},
    typography::{nbsp_counts, typeset},
};

impl Lang {
    /// Formats a message without arguments.
    pub fn t(self, id: impl AsRef<str>) -> Cow<'static, str> {
        format_message(self, id.as_ref(), None)
    }

    /// Formats a message with one argument, for templates.
    pub fn t_with<'a>(self, id: &str, name: &'a str, value: impl Into<FluentValue<'a>>) -> String {
        let mut args = FluentArgs::with_capacity(1);
        args.set(name, value);
        format_message(self, id, Some(&args)).into_owned()
    }

    /// Formats an argument.
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

    /// Formats a [`UiMessage`].
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
        format_message(self, &say.id, Some(&args)).into_owned()
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

/// The texts of the causes as messages such as `cause-busy-name`. The crate `causes` has their codes.
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
    // arguments may be numbers
    Cow::Owned(if args.is_some() { nbsp_counts(&text) } else { text.into_owned() })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fluent_bundle::FluentResource;

    use crate::bundles::*;

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
        let text = Lang::Pl.format(&UiMessage::new("login-locked-out").with("seconds", 7_i64));
        assert!(text.ends_with("za 7\u{a0}sekund"), "{text}");
        assert_eq!(Lang::En.t("report-phone-invalid"), "Write a whole phone number, for example 601\u{a0}555\u{a0}210");
    }
}
