//! Every message that the code uses exists, and every message that exists is used.

use std::{collections::BTreeSet, fs, path::PathBuf};

use dzwoni::{
    blocklist::{BlockChangeKind, BlockReason, BlockSource},
    i18n::Lang,
    inbound_mail::Disposition,
    tickets::{
        AudioSymptom, BillingPresence, CallDetail, CallTimePrecision, InferredField, Service, TicketCategory,
        TicketChannel, TicketStatus, WaitingFor,
    },
};

/// Messages whose ids are composed at run time.
fn composed_ids() -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut add = |labels: Vec<&'static str>| ids.extend(labels.into_iter().map(str::to_owned));
    add(TicketCategory::ALL.iter().map(|value| value.label()).collect());
    add(TicketStatus::ALL.iter().map(|value| value.label()).collect());
    add(TicketChannel::ALL.iter().map(|value| value.label()).collect());
    add(Service::ALL.iter().map(|value| value.label()).collect());
    add(CallTimePrecision::ALL.iter().map(|value| value.label()).collect());
    add(BillingPresence::ALL.iter().map(|value| value.label()).collect());
    add(CallDetail::ALL.iter().map(|value| value.label()).collect());
    add(AudioSymptom::ALL.iter().map(|value| value.label()).collect());
    add(InferredField::ALL.iter().map(|value| value.label()).collect());
    add(BlockReason::ALL.iter().map(|value| value.label()).collect());
    add(BlockSource::ALL.iter().map(|value| value.label()).collect());
    add(BlockChangeKind::ALL.iter().map(|value| value.label()).collect());
    add(Disposition::ALL.iter().map(|value| value.label()).collect());
    add(WaitingFor::ALL.iter().map(|value| value.label()).collect());
    ids.extend(TicketStatus::ALL.iter().map(|value| format!("customer-{}", value.label())));
    ids.extend(CallTimePrecision::ALL.iter().map(|value| format!("customer-{}", value.label())));
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
