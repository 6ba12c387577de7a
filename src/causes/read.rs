//! From what people type to a cause: a SIP code, else a cause of Q.850, else words. Case, Polish marks and small typing
//! errors don't matter, and the words may stand in a longer text.

use std::sync::LazyLock;

use strsim::osa_distance;

use super::{Cause, all, by_q850, by_sip, sip_code};
use crate::phone::typed::{fold, tidy};

/// The longest text that is read, in characters: what the report form takes.
pub const LONGEST: usize = 1000;
const MOST_WORDS: usize = 200;
/// A second cause is worth a question when it fits at least this well, in hundredths of the best.
const NEARLY: i32 = 60;
/// A cause in other words than the code's, when these fit this well.
const PLAIN_WORDS: i32 = 16;

/// What a text was taken for.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub cause: &'static Cause,
    pub by: By,
    /// What it may mean as well.
    pub other: Option<&'static Cause>,
}

/// What decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Sip(i16),
    Q850(u8),
    Words,
}

/// Takes a text for a cause; `None` when nothing in it is known.
pub fn read(text: &str) -> Option<Reading> {
    let text: String = text.chars().take(LONGEST).collect();
    let folded = fold(&tidy(&text));
    let words: Vec<&str> = split(&folded).take(MOST_WORDS).collect();
    let found = by_words(&words);
    let code = sip_code(&text).and_then(|code| Some((by_sip(code)?, By::Sip(code))));
    let code = code.or_else(|| q850_code(&words).and_then(|code| Some((by_q850(code)?, By::Q850(code)))));
    if let Some((cause, by)) = code {
        let other = found.first().filter(|(other, fit)| *fit >= PLAIN_WORDS && *other != cause);
        return Some(Reading { cause, by, other: other.map(|(other, _)| *other) });
    }
    let (cause, fit) = *found.first()?;
    let other = found.get(1).filter(|(_, next)| next * 100 >= fit * NEARLY).map(|(other, _)| *other);
    Some(Reading { cause, by: By::Words, other })
}

/// Letters and digits alone, folded: two phrases that are the same here are the same to the reader.
pub(super) fn plain(text: &str) -> String {
    split(&fold(&tidy(text))).collect()
}

fn split(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Words that stand before a cause of Q.850, and words that may stand between or around.
const CAUSE: [&str; 5] = ["cause", "przyczyna", "przyczyny", "q850", "isdn"];
const AROUND: [&str; 14] =
    ["kod", "code", "blad", "bledu", "error", "nr", "numer", "number", "value", "komunikat", "to", "is", "q", "850"];

/// "Q.850 cause=34", "przyczyna 34", "kod 34", and "34" alone.
fn q850_code(words: &[&str]) -> Option<u8> {
    let number = |word: &str| word.parse::<u8>().ok().filter(|code| (1..128).contains(code));
    let around = |word: &&&str| !AROUND.contains(*word) && !CAUSE.contains(*word);
    for (at, word) in words.iter().enumerate() {
        let is_marked = CAUSE.contains(word) || (*word == "850" && at > 0 && words.get(at - 1) == Some(&"q"));
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
    cause: &'static Cause,
    letters: String,
    length: i32,
    words: Vec<String>,
    bag: Bag,
}

static PHRASES: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    let phrases = all().iter().flat_map(|cause| cause.phrases.iter().map(move |phrase| (cause, phrase)));
    let phrase = |(cause, phrase): (&'static Cause, &String)| {
        let folded = fold(&tidy(phrase));
        let letters = split(&folded).collect::<String>();
        let words = split(&folded).map(str::to_owned).collect();
        Phrase { cause, length: length(&letters), bag: Bag::of(&letters), letters, words }
    };
    phrases.map(phrase).collect()
});

/// The causes whose phrases are in the text, the best first, each with how well it fits.
fn by_words(words: &[&str]) -> Vec<(&'static Cause, i32)> {
    let mut found: Vec<(&'static Cause, i32)> = Vec::new();
    let windows = windows(words);
    for phrase in PHRASES.iter() {
        let Some(fit) = phrase.in_order(&windows).or_else(|| phrase.in_any_order(words)).or_else(|| phrase.part(words))
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
    length: i32,
    bag: Bag,
    /// The whole text.
    is_whole: bool,
}

/// All that may be a phrase: none is longer than the longest one and its typing errors.
fn windows(words: &[&str]) -> Vec<Window> {
    let longest = PHRASES.iter().map(|phrase| phrase.length).max().unwrap_or_default() + 3;
    let mut windows = Vec::new();
    for start in 0..words.len() {
        let mut letters = String::new();
        for end in start..words.len() {
            letters += words[end];
            let length = length(&letters);
            if length > longest {
                break;
            }
            let is_whole = start == 0 && end + 1 == words.len();
            windows.push(Window { bag: Bag::of(&letters), letters: letters.clone(), length, is_whole });
        }
    }
    windows
}

impl Phrase {
    /// The phrase as it stands, perhaps with typing errors and with other spaces. The longer it is the better it fits.
    fn in_order(&self, windows: &[Window]) -> Option<i32> {
        let fits = windows.iter().filter_map(|window| {
            let allowed = self.errors_allowed(window.is_whole);
            if (self.length - window.length).abs() > allowed {
                return None;
            }
            let errors = self.errors(window, allowed)?;
            Some(2 * self.length - 5 * errors + if window.is_whole { 4 } else { 0 })
        });
        fits.max()
    }

    /// More in longer phrases, fewer where a short one stands among other words.
    fn errors_allowed(&self, is_whole: bool) -> i32 {
        match (self.length, is_whole) {
            (..4, _) | (4..6, false) => 0,
            (..14, _) => 1,
            (..22, _) => 2,
            _ => 3,
        }
    }

    fn errors(&self, window: &Window, allowed: i32) -> Option<i32> {
        if window.letters == self.letters {
            return Some(0);
        }
        if allowed == 0 || self.bag.differs(&window.bag) > 2 * allowed {
            return None;
        }
        i32::try_from(osa_distance(&window.letters, &self.letters)).ok().filter(|errors| *errors <= allowed)
    }

    /// All its words, wherever they stand.
    fn in_any_order(&self, words: &[&str]) -> Option<i32> {
        let is_there = |wanted: &String| words.iter().any(|word| is_nearly(word, wanted));
        (self.words.len() > 1 && self.words.iter().all(is_there)).then_some(self.length)
    }

    /// The text is a good part of it: "niedostępny".
    fn part(&self, words: &[&str]) -> Option<i32> {
        let text: String = words.concat();
        let length = length(&text);
        let is_part = length >= 5
            && 2 * length >= self.length
            && words.iter().all(|word| self.words.iter().any(|known| is_nearly(word, known)));
        is_part.then_some(length - i32::from(!self.letters.contains(&text)))
    }
}

/// The same word, perhaps with one typing error.
fn is_nearly(word: &str, wanted: &str) -> bool {
    word == wanted || (length(wanted) >= 5 && word.len().abs_diff(wanted.len()) <= 2 && osa_distance(word, wanted) <= 1)
}

fn length(text: &str) -> i32 {
    i32::try_from(text.chars().count()).unwrap_or(i32::MAX)
}

/// How often each letter is there: cheap to compare, so that most windows need no closer look.
struct Bag([u8; 37]);

impl Bag {
    fn of(text: &str) -> Bag {
        let mut bag = [0_u8; 37];
        for c in text.chars() {
            let place = match c {
                'a'..='z' => c as usize - 'a' as usize,
                '0'..='9' => 26 + c as usize - '0' as usize,
                _ => 36,
            };
            bag[place] = bag[place].saturating_add(1);
        }
        Bag(bag)
    }

    fn differs(&self, other: &Bag) -> i32 {
        self.0.iter().zip(other.0).map(|(one, two)| i32::from(one.abs_diff(two))).sum()
    }
}
