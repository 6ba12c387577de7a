//! Every message that is said exists, and every message that exists is said.

use std::{collections::BTreeSet, fs, path::PathBuf};

use dzwoni::{
    blocklist::{BlockChangeKind, BlockReason, BlockSource},
    i18n::Lang,
    tickets::{
        AudioSymptom, BillingPresence, CallDetail, CallTimePrecision, InferredField, Service, TicketCategory,
        TicketChannel, TicketStatus,
    },
};

/// Messages whose names are put together where they are said.
fn put_together() -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut add = |labels: Vec<&'static str>| ids.extend(labels.into_iter().map(str::to_owned));
    add(TicketCategory::ALL.iter().map(|one| one.label()).collect());
    add(TicketStatus::ALL.iter().map(|one| one.label()).collect());
    add(TicketChannel::ALL.iter().map(|one| one.label()).collect());
    add(Service::ALL.iter().map(|one| one.label()).collect());
    add(CallTimePrecision::ALL.iter().map(|one| one.label()).collect());
    add(BillingPresence::ALL.iter().map(|one| one.label()).collect());
    add(CallDetail::ALL.iter().map(|one| one.label()).collect());
    add(AudioSymptom::ALL.iter().map(|one| one.label()).collect());
    add(InferredField::ALL.iter().map(|one| one.label()).collect());
    add(BlockReason::ALL.iter().map(|one| one.label()).collect());
    add(BlockSource::ALL.iter().map(|one| one.label()).collect());
    add(BlockChangeKind::ALL.iter().map(|one| one.label()).collect());
    ids.extend(TicketStatus::ALL.iter().map(|one| format!("customer-{}", one.label())));
    ids.extend(CallTimePrecision::ALL.iter().map(|one| format!("customer-{}", one.label())));
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
            } else if path.extension().is_some_and(|known| extensions.iter().any(|one| known == *one)) {
                text += &fs::read_to_string(path).unwrap();
            }
        }
    }
    text
}

#[test]
fn messages_and_their_use_agree() {
    let files = read_all(&["templates/locales"], &["ftl"]);
    let known: BTreeSet<&str> = files
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| Some(line.split_once(" =")?.0))
        .collect();
    let code = read_all(&["src", "templates"], &["rs", "html"]);
    let composed = put_together();

    let missing: Vec<_> = composed.iter().filter(|id| !known.contains(id.as_str())).collect();
    assert!(missing.is_empty(), "said but not there: {missing:?}");
    for marker in [".t(\"", ".t_with(\"", ".t_with(\n            \"", "UiMessage::new(\""] {
        for piece in code.split(marker).skip(1) {
            let id = piece.split('"').next().unwrap();
            assert!(known.contains(id), "said but not there: {id:?}");
        }
    }
    let unsaid: Vec<_> = known
        .iter()
        .filter(|id| {
            let quoted = code.contains(&format!("\"{id}\""));
            let inside = files.contains(&format!("{{ {id} }}"));
            !quoted && !inside && !composed.contains(**id)
        })
        .collect();
    assert!(unsaid.is_empty(), "there but never said: {unsaid:?}");
}

#[test]
fn no_message_is_there_twice() {
    for lang in Lang::ALL {
        let mut known = BTreeSet::new();
        let files = fs::read_dir(format!("templates/locales/{lang}")).unwrap().map(|entry| entry.unwrap().path());
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            let ids = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
            for id in ids.filter_map(|line| Some(line.split_once(" =")?.0)) {
                assert!(known.insert(id.to_owned()), "{id} is in {} and in another file", file.display());
            }
        }
    }
}

#[test]
fn polish_counts_as_people_count() {
    let say = |count: usize| Lang::Pl.t_with("form-errors-title", "count", count);
    assert_eq!(say(1), "Trzeba poprawić jedną rzecz");
    assert_eq!(say(4), "Trzeba poprawić 4\u{a0}rzeczy");
    let left = |count: usize| Lang::Pl.t_with("guide-questions-left", "left", count);
    assert_eq!(left(0), "To ostatnie pytanie.");
    assert_eq!(left(1), "Zostało najwyżej 1.");
    assert_eq!(left(3), "Zostały najwyżej 3.");
    assert_eq!(left(5), "Zostało najwyżej 5.");
    assert_eq!(left(22), "Zostały najwyżej 22.");
}
