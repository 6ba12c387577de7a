//! The kind of problem, by the words that people use for it.

use super::extraction::{ExtractedCategory, ExtractedSymptom};

/// Parts of words without diacritics, and their weights.
const LOGGED_OUT_WEIGHTS: [(&str, i32); 20] = [
    ("wylogowan", 3),
    ("wylogow", 3),
    ("niezalogowan", 3),
    ("nie loguj", 3),
    ("nie zaloguj", 3),
    ("zalogowac", 2),
    ("nie rejestruj", 3),
    ("nie zarejestr", 3),
    ("rejestracj", 2),
    ("szara lampk", 3),
    ("na szaro", 2),
    ("offline", 2),
    ("logged out", 3),
    ("log in", 2),
    ("login", 1),
    ("not register", 3),
    ("unregistered", 3),
    ("registration", 2),
    ("401 unauthorized", 2),
    ("can't register", 3),
];
const AUDIO_WEIGHTS: [(&str, i32); 26] = [
    ("nie slysz", 3),
    ("nie slych", 3),
    ("slabo slych", 3),
    ("zle slych", 3),
    ("slyszaln", 2),
    ("dzwiek", 2),
    ("echo", 3),
    ("szum", 2),
    ("trzask", 3),
    ("przeryw", 2),
    ("rwie", 2),
    ("jakosc rozm", 3),
    ("jakosc polacz", 3),
    ("glos", 1),
    ("jednostronn", 3),
    ("opoznieni", 1),
    ("rozlacza", 2),
    ("zrywa", 2),
    ("can't hear", 3),
    ("cannot hear", 3),
    ("can not hear", 3),
    ("one-way", 3),
    ("one way audio", 3),
    ("choppy", 3),
    ("sound", 1),
    ("audio", 2),
];
const INCOMING_WEIGHTS: [(&str, i32); 18] = [
    ("przychodzac", 3),
    ("nikt nie moze sie", 3),
    ("dodzwonic do nas", 4),
    ("dodzwonic do mnie", 4),
    ("do nas dodzwonic", 4),
    ("do mnie dodzwonic", 4),
    ("dodzwonic sie do nas", 4),
    ("dodzwonic sie do mnie", 4),
    ("nie moga sie dodzwonic", 4),
    ("nie moga dodzwonic", 4),
    ("klienci nie moga", 3),
    ("klient nie moze", 2),
    ("telefon nie dzwoni", 3),
    ("incoming", 3),
    ("inbound", 3),
    ("reach us", 3),
    ("reach me", 3),
    ("call us", 2),
];
const OUTGOING_WEIGHTS: [(&str, i32); 25] = [
    ("wychodzac", 3),
    ("nie moge zadzwonic", 3),
    ("nie mozemy zadzwonic", 3),
    ("nie moge dzwonic", 3),
    ("nie mozemy dzwonic", 3),
    ("nie moge sie dodzwonic", 3),
    ("nie mozemy sie dodzwonic", 3),
    ("nie moge dodzwonic", 3),
    ("nie da sie zadzwonic", 3),
    ("nie da sie dodzwonic", 2),
    ("nie moge wykonac pol", 3),
    ("nie mozna wykonac pol", 3),
    ("nie mozna zadzwonic", 3),
    ("nie mozna bylo zadzwonic", 3),
    ("nie moglem zadzwonic", 3),
    ("nie moglam zadzwonic", 3),
    ("za granice", 2),
    ("zagraniczn", 1),
    ("outgoing", 3),
    ("outbound", 3),
    ("can't call", 2),
    ("cannot call", 2),
    ("can't dial", 3),
    ("calls abroad", 2),
    ("unable to call", 3),
];

/// Weight below which a category is not assigned.
const MIN_WEIGHT: i32 = 2;

/// Symptoms and their phrases without diacritics, the most specific first.
const SYMPTOM_PHRASES: [(ExtractedSymptom, &[&str]); 8] = [
    (
        ExtractedSymptom::NoAudio,
        &["nic nie slych", "zadnego dzwieku", "cisza z obu", "no sound at all", "nobody hears"],
    ),
    (
        ExtractedSymptom::NoOutboundAudio,
        &[
            "nie slysza mnie",
            "mnie nie slysz",
            "nas nie slysz",
            "nie slyszy mnie",
            "nie slysza nas",
            "nie slyszy nas",
            "can't hear me",
            "cannot hear me",
            "can't hear us",
            "cannot hear us",
        ],
    ),
    (
        ExtractedSymptom::NoInboundAudio,
        &["nie slysze", "nie slyszymy", "nie slychac rozmowcy", "ja nie slysz", "can't hear", "cannot hear"],
    ),
    (ExtractedSymptom::Echo, &["echo"]),
    (ExtractedSymptom::Choppy, &["przeryw", "rwie", "choppy", "breaks up"]),
    (ExtractedSymptom::Noise, &["szum", "trzask", "noise", "crackl"]),
    (ExtractedSymptom::Dropped, &["rozlacza", "zrywa", "dropped", "cuts off"]),
    (ExtractedSymptom::Delay, &["opoznieni", "delay"]),
];

/// Returns the category with the highest weight, or nothing if two are equal or none reaches [`MIN_WEIGHT`]. `folded` is the
/// text without diacritics.
pub(crate) fn detect_category(folded: &str) -> Option<ExtractedCategory> {
    let weight_of = |words: &[(&str, i32)]| -> i32 {
        words.iter().filter(|(word, _)| folded.contains(word)).map(|(_, weight)| weight).sum()
    };
    let mut weights = [
        (weight_of(&LOGGED_OUT_WEIGHTS), ExtractedCategory::LoggedOut),
        (weight_of(&AUDIO_WEIGHTS), ExtractedCategory::Audio),
        (weight_of(&INCOMING_WEIGHTS), ExtractedCategory::Incoming),
        (weight_of(&OUTGOING_WEIGHTS), ExtractedCategory::Outgoing),
    ];
    weights.sort_by_key(|(weight, _)| -weight);
    let [(first, category), (second, _), ..] = weights;
    (first > second && first >= MIN_WEIGHT).then_some(category)
}

/// Returns the first matching symptom. `folded` is the text without diacritics.
pub(crate) fn detect_symptom(folded: &str) -> Option<ExtractedSymptom> {
    SYMPTOM_PHRASES
        .iter()
        .find(|(_, phrases)| phrases.iter().any(|phrase| folded.contains(phrase)))
        .map(|(symptom, _)| *symptom)
}
