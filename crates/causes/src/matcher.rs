//! Matches a typed error message to a cause: by SIP code, else by Q.850 cause, else by its words. Case, diacritics and
//! small typing errors are ignored, and the words may be part of a longer text.

use std::sync::LazyLock;

use strsim::osa_distance;

use super::{
    cause::FailureCause,
    phrase::split_words,
    sip_code::extract_sip_code,
    table::{all, find_by_q850_cause, find_by_sip_code},
};
use phone::normalize::{fold_diacritics, normalize_text};

/// Maximum length of the text in characters; the rest is ignored. The report form has the same limit.
pub const MAX_TEXT_LEN: usize = 1000;
const MAX_WORDS: usize = 200;
/// Minimum score of the second cause, in percent of the best score, to be offered as an alternative.
const MIN_ALTERNATIVE_SCORE_PERCENT: i32 = 60;
/// Minimum score of a cause that is found by words beside another cause that is found by code.
const MIN_WORDS_SCORE_BESIDE_CODE: i32 = 16;

/// The cause that matches a text.
#[derive(Debug, Clone, PartialEq)]
pub struct CauseMatch {
    pub cause: &'static FailureCause,
    pub matched_by: MatchedBy,
    /// An alternative cause.
    pub alternative: Option<&'static FailureCause>,
}

/// How the cause was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchedBy {
    Sip(i16),
    Q850(u8),
    Words,
}

/// Finds the cause that matches a text. `None` if nothing matches.
pub fn match_text(text: &str) -> Option<CauseMatch> {
    let text: String = text.chars().take(MAX_TEXT_LEN).collect();
    let folded = fold_diacritics(&normalize_text(&text));
    let words: Vec<&str> = split_words(&folded).take(MAX_WORDS).collect();
    let ranked = rank_by_words(&words);
    let code = extract_sip_code(&text).and_then(|code| Some((find_by_sip_code(code)?, MatchedBy::Sip(code))));
    let code = code.or_else(|| {
        extract_q850_cause(&words).and_then(|code| Some((find_by_q850_cause(code)?, MatchedBy::Q850(code))))
    });
    if let Some((cause, by)) = code {
        let other = ranked.first().filter(|(other, fit)| *fit >= MIN_WORDS_SCORE_BESIDE_CODE && *other != cause);
        return Some(CauseMatch { cause, matched_by: by, alternative: other.map(|(other, _)| *other) });
    }
    let (cause, fit) = *ranked.first()?;
    let other =
        ranked.get(1).filter(|(_, next)| next * 100 >= fit * MIN_ALTERNATIVE_SCORE_PERCENT).map(|(other, _)| *other);
    Some(CauseMatch { cause, matched_by: MatchedBy::Words, alternative: other })
}

/// Words that introduce a Q.850 cause, and words that are skipped around it.
const CAUSE_MARKERS: [&str; 5] = ["cause", "przyczyna", "przyczyny", "q850", "isdn"];
const FILLER_WORDS: [&str; 14] =
    ["kod", "code", "blad", "bledu", "error", "nr", "numer", "number", "value", "komunikat", "to", "is", "q", "850"];

/// Extracts a Q.850 cause: "Q.850 cause=34", "przyczyna 34", "kod 34", and "34" alone.
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

/// A phrase of the table, prepared for matching.
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

/// The causes whose phrases match the words, with their scores, the best first.
fn rank_by_words(words: &[&str]) -> Vec<(&'static FailureCause, i32)> {
    let mut ranked: Vec<(&'static FailureCause, i32)> = Vec::new();
    let windows = build_windows(words);
    for phrase in PHRASES.iter() {
        let Some(fit) = phrase
            .match_contiguous(&windows)
            .or_else(|| phrase.match_unordered(words))
            .or_else(|| phrase.match_partial(words))
        else {
            continue;
        };
        match ranked.iter_mut().find(|(cause, _)| *cause == phrase.cause) {
            Some((_, best)) => *best = fit.max(*best),
            None => ranked.push((phrase.cause, fit)),
        }
    }
    ranked.sort_by_key(|(_, fit)| -fit);
    ranked
}

/// Consecutive words joined without spaces, because people put spaces in unusual places.
struct Window {
    letters: String,
    char_count: i32,
    letter_counts: LetterCounts,
    /// Whether it covers the whole text.
    is_whole: bool,
}

/// All windows that are no longer than the longest phrase with typing errors.
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
    /// Scores the phrase as a contiguous match, with typing errors and other spaces allowed. Longer phrases score higher.
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

    /// Longer phrases allow more typing errors; short phrases inside a longer text allow fewer.
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

    /// Scores a match of all its words in any order.
    fn match_unordered(&self, words: &[&str]) -> Option<i32> {
        let is_there = |wanted: &String| words.iter().any(|word| is_similar_word(word, wanted));
        (self.words.len() > 1 && self.words.iter().all(is_there)).then_some(self.char_count)
    }

    /// Scores a text that is a considerable part of the phrase: "niedostępny".
    fn match_partial(&self, words: &[&str]) -> Option<i32> {
        let text: String = words.concat();
        let length = char_count(&text);
        let is_part = length >= 5
            && 2 * length >= self.char_count
            && words.iter().all(|word| self.words.iter().any(|known| is_similar_word(word, known)));
        is_part.then_some(length - i32::from(!self.letters.contains(&text)))
    }
}

/// Whether two words are equal, up to one typing error.
fn is_similar_word(word: &str, wanted: &str) -> bool {
    word == wanted
        || (char_count(wanted) >= 5 && word.len().abs_diff(wanted.len()) <= 2 && osa_distance(word, wanted) <= 1)
}

fn char_count(text: &str) -> i32 {
    i32::try_from(text.chars().count()).unwrap_or(i32::MAX)
}

/// Counts of each character. They are cheap to compare, and most windows need no edit distance then.
struct LetterCounts([u8; 37]);

impl LetterCounts {
    fn from_text(text: &str) -> LetterCounts {
        let mut counts = [0_u8; 37];
        for c in text.chars() {
            let place = match c {
                'a'..='z' => c as usize - 'a' as usize,
                '0'..='9' => 26 + c as usize - '0' as usize,
                _ => 36,
            };
            counts[place] = counts[place].saturating_add(1);
        }
        LetterCounts(counts)
    }

    fn distance(&self, other: &LetterCounts) -> i32 {
        self.0.iter().zip(other.0).map(|(one, two)| i32::from(one.abs_diff(two))).sum()
    }
}
