//! From what people type to a cause: a SIP code, else a cause of Q.850, else words. Case, Polish marks and small typing
//! errors don't matter, and the words may stand in a longer text.

use std::sync::LazyLock;

use strsim::osa_distance;

use super::{
    cause::FailureCause,
    phrase::split_words,
    sip_code::extract_sip_code,
    table::{all, find_by_q850_cause, find_by_sip_code},
};
use phone::normalize::{fold_diacritics, normalize_text};

/// The longest text that is read, in characters: what the report form takes.
pub const MAX_TEXT_LEN: usize = 1000;
const MAX_WORDS: usize = 200;
/// A second cause is worth a question when it fits at least this well, in hundredths of the best.
const MIN_ALTERNATIVE_SCORE_PERCENT: i32 = 60;
/// A cause in other words than the code's, when these fit this well.
const MIN_WORDS_SCORE_BESIDE_CODE: i32 = 16;

/// What a text was taken for.
#[derive(Debug, Clone, PartialEq)]
pub struct CauseMatch {
    pub cause: &'static FailureCause,
    pub matched_by: MatchedBy,
    /// What it may mean as well.
    pub alternative: Option<&'static FailureCause>,
}

/// What decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchedBy {
    Sip(i16),
    Q850(u8),
    Words,
}

/// Takes a text for a cause; `None` when nothing in it is known.
pub fn match_text(text: &str) -> Option<CauseMatch> {
    let text: String = text.chars().take(MAX_TEXT_LEN).collect();
    let folded = fold_diacritics(&normalize_text(&text));
    let words: Vec<&str> = split_words(&folded).take(MAX_WORDS).collect();
    let found = rank_by_words(&words);
    let code = extract_sip_code(&text).and_then(|code| Some((find_by_sip_code(code)?, MatchedBy::Sip(code))));
    let code = code.or_else(|| {
        extract_q850_cause(&words).and_then(|code| Some((find_by_q850_cause(code)?, MatchedBy::Q850(code))))
    });
    if let Some((cause, by)) = code {
        let other = found.first().filter(|(other, fit)| *fit >= MIN_WORDS_SCORE_BESIDE_CODE && *other != cause);
        return Some(CauseMatch { cause, matched_by: by, alternative: other.map(|(other, _)| *other) });
    }
    let (cause, fit) = *found.first()?;
    let other =
        found.get(1).filter(|(_, next)| next * 100 >= fit * MIN_ALTERNATIVE_SCORE_PERCENT).map(|(other, _)| *other);
    Some(CauseMatch { cause, matched_by: MatchedBy::Words, alternative: other })
}

/// Words that stand before a cause of Q.850, and words that may stand between or around.
const CAUSE_MARKERS: [&str; 5] = ["cause", "przyczyna", "przyczyny", "q850", "isdn"];
const FILLER_WORDS: [&str; 14] =
    ["kod", "code", "blad", "bledu", "error", "nr", "numer", "number", "value", "komunikat", "to", "is", "q", "850"];

/// "Q.850 cause=34", "przyczyna 34", "kod 34", and "34" alone.
fn extract_q850_cause(words: &[&str]) -> Option<u8> {
    let number = |word: &str| word.parse::<u8>().ok().filter(|code| (1..128).contains(code));
    let around = |word: &&&str| !FILLER_WORDS.contains(*word) && !CAUSE_MARKERS.contains(*word);
    for (at, word) in words.iter().enumerate() {
        let is_marked = CAUSE_MARKERS.contains(word) || (*word == "850" && at > 0 && words.get(at - 1) == Some(&"q"));
        if is_marked && let Some(code) = words.get(at + 1..)?.iter().find(around).and_then(|word| number(word)) {
            return Some(code);
        }
    }
    let mut left = words.iter().filter(around);
    let alone = left.next().and_then(|word| number(word));
    alone.filter(|_| left.next().is_none())
}

/// A phrase of the table, ready to be compared.
struct Phrase {
    cause: &'static FailureCause,
    letters: String,
    char_count: i32,
    words: Vec<String>,
    letter_counts: LetterCounts,
}

static PHRASES: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    let phrases = all().iter().flat_map(|cause| cause.phrases.iter().map(move |phrase| (cause, phrase)));
    let phrase = |(cause, phrase): (&'static FailureCause, &String)| {
        let folded = fold_diacritics(&normalize_text(phrase));
        let letters = split_words(&folded).collect::<String>();
        let words = split_words(&folded).map(str::to_owned).collect();
        Phrase {
            cause,
            char_count: char_count(&letters),
            letter_counts: LetterCounts::from_text(&letters),
            letters,
            words,
        }
    };
    phrases.map(phrase).collect()
});

/// The causes whose phrases are in the text, the best first, each with how well it fits.
fn rank_by_words(words: &[&str]) -> Vec<(&'static FailureCause, i32)> {
    let mut found: Vec<(&'static FailureCause, i32)> = Vec::new();
    let windows = build_windows(words);
    for phrase in PHRASES.iter() {
        let Some(fit) = phrase
            .match_contiguous(&windows)
            .or_else(|| phrase.match_unordered(words))
            .or_else(|| phrase.match_partial(words))
        else {
            continue;
        };
        match found.iter_mut().find(|(cause, _)| *cause == phrase.cause) {
            Some((_, best)) => *best = fit.max(*best),
            None => found.push((phrase.cause, fit)),
        }
    }
    found.sort_by_key(|(_, fit)| -fit);
    found
}

/// Words that follow each other, joined: people put spaces where they like.
struct Window {
    letters: String,
    char_count: i32,
    letter_counts: LetterCounts,
    /// The whole text.
    is_whole: bool,
}

/// All that may be a phrase: none is longer than the longest one and its typing errors.
fn build_windows(words: &[&str]) -> Vec<Window> {
    let longest = PHRASES.iter().map(|phrase| phrase.char_count).max().unwrap_or_default() + 3;
    let mut windows = Vec::new();
    for start in 0..words.len() {
        let mut letters = String::new();
        for end in start..words.len() {
            letters += words[end];
            let length = char_count(&letters);
            if length > longest {
                break;
            }
            let is_whole = start == 0 && end + 1 == words.len();
            windows.push(Window {
                letter_counts: LetterCounts::from_text(&letters),
                letters: letters.clone(),
                char_count: length,
                is_whole,
            });
        }
    }
    windows
}

impl Phrase {
    /// The phrase as it stands, perhaps with typing errors and with other spaces. The longer it is the better it fits.
    fn match_contiguous(&self, windows: &[Window]) -> Option<i32> {
        let fits = windows.iter().filter_map(|window| {
            let allowed = self.max_typos(window.is_whole);
            if (self.char_count - window.char_count).abs() > allowed {
                return None;
            }
            let errors = self.count_typos(window, allowed)?;
            Some(2 * self.char_count - 5 * errors + if window.is_whole { 4 } else { 0 })
        });
        fits.max()
    }

    /// More in longer phrases, fewer where a short one stands among other words.
    fn max_typos(&self, is_whole: bool) -> i32 {
        match (self.char_count, is_whole) {
            (..4, _) | (4..6, false) => 0,
            (..14, _) => 1,
            (..22, _) => 2,
            _ => 3,
        }
    }

    fn count_typos(&self, window: &Window, allowed: i32) -> Option<i32> {
        if window.letters == self.letters {
            return Some(0);
        }
        if allowed == 0 || self.letter_counts.distance(&window.letter_counts) > 2 * allowed {
            return None;
        }
        i32::try_from(osa_distance(&window.letters, &self.letters)).ok().filter(|errors| *errors <= allowed)
    }

    /// All its words, wherever they stand.
    fn match_unordered(&self, words: &[&str]) -> Option<i32> {
        let is_there = |wanted: &String| words.iter().any(|word| is_similar_word(word, wanted));
        (self.words.len() > 1 && self.words.iter().all(is_there)).then_some(self.char_count)
    }

    /// The text is a good part of it: "niedostępny".
    fn match_partial(&self, words: &[&str]) -> Option<i32> {
        let text: String = words.concat();
        let length = char_count(&text);
        let is_part = length >= 5
            && 2 * length >= self.char_count
            && words.iter().all(|word| self.words.iter().any(|known| is_similar_word(word, known)));
        is_part.then_some(length - i32::from(!self.letters.contains(&text)))
    }
}

/// The same word, perhaps with one typing error.
fn is_similar_word(word: &str, wanted: &str) -> bool {
    word == wanted
        || (char_count(wanted) >= 5 && word.len().abs_diff(wanted.len()) <= 2 && osa_distance(word, wanted) <= 1)
}

fn char_count(text: &str) -> i32 {
    i32::try_from(text.chars().count()).unwrap_or(i32::MAX)
}

/// How often each letter is there: cheap to compare, so that most windows need no closer look.
struct LetterCounts([u8; 37]);

impl LetterCounts {
    fn from_text(text: &str) -> LetterCounts {
        let mut bag = [0_u8; 37];
        for c in text.chars() {
            let place = match c {
                'a'..='z' => c as usize - 'a' as usize,
                '0'..='9' => 26 + c as usize - '0' as usize,
                _ => 36,
            };
            bag[place] = bag[place].saturating_add(1);
        }
        LetterCounts(bag)
    }

    fn distance(&self, other: &LetterCounts) -> i32 {
        self.0.iter().zip(other.0).map(|(one, two)| i32::from(one.abs_diff(two))).sum()
    }
}
