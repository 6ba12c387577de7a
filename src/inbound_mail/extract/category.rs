//! Which of the problems it is, by the words that people use for each.

use crate::tickets::{AudioSymptom, TicketCategory};

/// Pieces of words, folded, and how much they tell.
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

/// The problem that most words speak for; unknown when none does, or two equally.
pub fn detect_category(folded: &str) -> TicketCategory {
    let score =
        |words: &[(&str, i32)]| words.iter().filter(|(word, _)| folded.contains(word)).map(|(_, score)| score).sum();
    let mut scores: [(i32, TicketCategory); 4] = [
        (score(&LOGGED_OUT_WEIGHTS), TicketCategory::LoggedOut),
        (score(&AUDIO_WEIGHTS), TicketCategory::Audio),
        (score(&INCOMING_WEIGHTS), TicketCategory::Incoming),
        (score(&OUTGOING_WEIGHTS), TicketCategory::Outgoing),
    ];
    scores.sort_by_key(|(score, _)| -score);
    match scores {
        [(first, category), (second, _), ..] if first > second && first > 1 => category,
        _ => TicketCategory::Unknown,
    }
}

/// What is wrong with the sound.
pub fn detect_symptom(folded: &str) -> Option<AudioSymptom> {
    const SYMPTOM_PHRASES: [(AudioSymptom, &[&str]); 8] = [
        (
            AudioSymptom::NoAudio,
            &["nic nie slych", "zadnego dzwieku", "cisza z obu", "no sound at all", "nobody hears"],
        ),
        (
            AudioSymptom::NoOutboundAudio,
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
            AudioSymptom::NoInboundAudio,
            &["nie slysze", "nie slyszymy", "nie slychac rozmowcy", "ja nie slysz", "can't hear", "cannot hear"],
        ),
        (AudioSymptom::Echo, &["echo"]),
        (AudioSymptom::Choppy, &["przeryw", "rwie", "choppy", "breaks up"]),
        (AudioSymptom::Noise, &["szum", "trzask", "noise", "crackl"]),
        (AudioSymptom::Dropped, &["rozlacza", "zrywa", "dropped", "cuts off"]),
        (AudioSymptom::Delay, &["opoznieni", "delay"]),
    ];
    SYMPTOM_PHRASES
        .iter()
        .find(|(_, signs)| signs.iter().any(|sign| folded.contains(sign)))
        .map(|(symptom, _)| *symptom)
}
