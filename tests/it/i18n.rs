//! Every message that the code uses exists, and every message that exists is used.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use dzwoni::i18n::Lang;
use syn::{Attribute, Expr, ExprLit, ImplItem, Item, ItemEnum, ItemImpl, Lit, LitStr, Type, Variant};

use crate::architecture::source_files;

/// Messages whose ids are composed at run time.
fn composed_ids() -> BTreeSet<String> {
    let labels = labels_of_enums();
    assert!(labels.len() > 20, "{labels:?}");
    let with_prefix = |prefix: &str, labels: &[String]| -> Vec<String> {
        labels.iter().map(|label| format!("{prefix}-{label}")).collect()
    };
    let mut ids: BTreeSet<String> = labels.values().flatten().cloned().collect();
    ids.extend(with_prefix("customer", &labels["TicketStatus"]));
    ids.extend(with_prefix("customer", &labels["CallTimePrecision"]));
    ids.extend(with_prefix("guide", &labels["CheckKind"]));
    ids.extend(["now", "today", "yesterday", "other"].map(|day| format!("report-day-{day}")));
    let errors = [
        "not-found",
        "forbidden",
        "method-not-allowed",
        "timeout",
        "too-large",
        "rate-limited",
        "unavailable",
        "bad-request",
        "internal",
    ];
    ids.extend(errors.iter().flat_map(|kind| [format!("error-{kind}-title"), format!("error-{kind}-text")]));
    let lamps = ["blue", "green", "yellow", "red", "grey", "none"];
    for part in ["name", "mark", "text", "next"] {
        ids.extend(lamps.iter().map(|lamp| format!("lamps-{part}-{lamp}")).filter(|id| id != "lamps-mark-none"));
    }
    let fields = [
        "category",
        "service",
        "caller",
        "callee",
        "day",
        "date",
        "time",
        "fold",
        "precision",
        "error_text",
        "in_billing",
        "description",
        "email",
        "phone",
        "account",
        "device",
        "public_ip",
        "symptom",
    ];
    ids.extend(fields.iter().map(|field| format!("report-{field}")));
    ids
}

/// The message ids of the enums that implement `Label`, by the enum's name, read from the source. The names of the variants
/// follow the attributes of `strum`.
fn labels_of_enums() -> BTreeMap<String, Vec<String>> {
    let mut variants = BTreeMap::new();
    let mut prefixes = BTreeMap::new();
    for (file, text) in source_files(&["src", "crates"]) {
        let items = syn::parse_file(&text).unwrap_or_else(|error| panic!("{file}: {error}")).items;
        for item in items {
            match item {
                Item::Enum(item) => {
                    variants.insert(item.ident.to_string(), variant_names(&item));
                }
                Item::Impl(item) if is_label(&item) => {
                    let Type::Path(name) = &*item.self_ty else { panic!("{file}: a label of an unnamed type") };
                    prefixes.insert(name.path.require_ident().unwrap().to_string(), message_prefix(&item));
                }
                _ => {}
            }
        }
    }
    let labels_of = |(name, prefix): (String, String)| {
        let labels = variants[&name].iter().map(|variant| format!("{prefix}-{variant}")).collect();
        (name, labels)
    };
    prefixes.into_iter().map(labels_of).collect()
}

fn is_label(item: &ItemImpl) -> bool {
    item.trait_.as_ref().is_some_and(|(path, _)| path.is_ident("Label"))
}

fn message_prefix(item: &ItemImpl) -> String {
    let prefix = item.items.iter().find_map(|item| match item {
        ImplItem::Const(item) if item.ident == "MESSAGE_PREFIX" => string_literal(&item.expr),
        _ => None,
    });
    prefix.expect("a literal prefix")
}

fn string_literal(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

/// The value of `name = "value"` in the attributes `#[strum(…)]`.
fn strum_value(attributes: &[Attribute], name: &str) -> Option<String> {
    let mut found = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("strum")) {
        attribute
            .parse_nested_meta(|meta| {
                if let Ok(value) = meta.value() {
                    let value: LitStr = value.parse()?;
                    if meta.path.is_ident(name) {
                        found = Some(value.value());
                    }
                }
                Ok(())
            })
            .unwrap();
    }
    found
}

fn variant_names(item: &ItemEnum) -> Vec<String> {
    let style = strum_value(&item.attrs, "serialize_all");
    let name_of = |variant: &Variant| {
        strum_value(&variant.attrs, "serialize").unwrap_or_else(|| {
            let ident = variant.ident.to_string();
            match style.as_deref() {
                Some("lowercase") => ident.to_lowercase(),
                Some("kebab-case") => separate_words(&ident, '-'),
                Some("snake_case") => separate_words(&ident, '_'),
                _ => ident,
            }
        })
    };
    item.variants.iter().map(name_of).collect()
}

/// `CallTime` as `call-time` or `call_time`.
fn separate_words(ident: &str, separator: char) -> String {
    let mut words = String::new();
    for letter in ident.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(separator);
        }
        words.extend(letter.to_lowercase());
    }
    words
}

fn read_all(folders: &[&str], extensions: &[&str]) -> String {
    let mut folders: Vec<PathBuf> = folders.iter().map(PathBuf::from).collect();
    let mut text = String::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|defined| extensions.iter().any(|value| defined == *value)) {
                text += &fs::read_to_string(path).unwrap();
            }
        }
    }
    text
}

#[test]
fn every_used_message_is_defined_and_every_defined_one_is_used() {
    let files = read_all(&["templates/locales"], &["ftl"]);
    let defined: BTreeSet<&str> = files
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| Some(line.split_once(" =")?.0))
        .collect();
    let code = read_all(&["src", "crates", "templates"], &["rs", "html", "xml", "txt"]);
    let composed = composed_ids();

    let missing: Vec<_> = composed.iter().filter(|id| !defined.contains(id.as_str())).collect();
    assert!(missing.is_empty(), "used but not defined: {missing:?}");
    for marker in [".t(\"", ".t_with(\"", ".t_with(\n            \"", "UiMessage::new(\""] {
        for rest in code.split(marker).skip(1) {
            let id = rest.split('"').next().unwrap();
            assert!(defined.contains(id), "used but not defined: {id:?}");
        }
    }
    let unused: Vec<_> = defined
        .iter()
        .filter(|id| {
            let quoted = code.contains(&format!("\"{id}\""));
            let inside = files.contains(&format!("{{ {id} }}"));
            !quoted && !inside && !composed.contains(**id)
        })
        .collect();
    assert!(unused.is_empty(), "defined but not used: {unused:?}");
}

#[test]
fn no_message_is_defined_twice() {
    for lang in Lang::ALL {
        let mut defined = BTreeSet::new();
        let files = fs::read_dir(format!("templates/locales/{lang}")).unwrap().map(|entry| entry.unwrap().path());
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            let ids = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
            for id in ids.filter_map(|line| Some(line.split_once(" =")?.0)) {
                assert!(defined.insert(id.to_owned()), "{id} is in {} and in another file", file.display());
            }
        }
    }
}

#[test]
fn polish_plural_forms_are_correct() {
    let message = |count: usize| Lang::Pl.t_with("form-errors-title", "count", count);
    assert_eq!(message(1), "Trzeba poprawić jedną rzecz");
    assert_eq!(message(4), "Trzeba poprawić 4\u{a0}rzeczy");
    let remaining = |count: usize| Lang::Pl.t_with("guide-questions-left", "left", count);
    assert_eq!(remaining(0), "To ostatnie pytanie.");
    assert_eq!(remaining(1), "Zostało najwyżej 1.");
    assert_eq!(remaining(3), "Zostały najwyżej 3.");
    assert_eq!(remaining(5), "Zostało najwyżej 5.");
    assert_eq!(remaining(22), "Zostały najwyżej 22.");
}
