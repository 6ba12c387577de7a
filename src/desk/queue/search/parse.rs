//! Parses the search text into terms.

use time::Date;

use super::{
    condition::{PartyFilter, SearchCondition, SearchTerm},
    dates, numbers,
    tokens::{SearchKey, SearchToken, SearchTokenKind, tokenize},
};
use crate::{
    causes::extract_sip_code,
    email_address::EmailAddress,
    phone::{
        Party,
        normalize::{fold_diacritics, normalize_text},
        parse_number_query,
    },
    tickets::{TicketCategory, TicketReference, TicketStatus},
};

/// In characters. The rest of the text is ignored.
const MAX_QUERY_LEN: usize = 200;

/// Replaces invisible and unusual characters, and limits the length.
pub(crate) fn normalize_query(text: &str) -> String {
    normalize_text(&text.chars().take(MAX_QUERY_LEN).collect::<String>())
}

/// Parses a text from [`normalize_query`]. Connecting words and signs such as "i" belong to no term.
pub(crate) fn parse(line: &str, today: Date) -> Vec<SearchTerm> {
    let tokens = tokenize(line);
    let mut terms: Vec<SearchTerm> = Vec::new();
    let mut next = 0;
    // the previous token belongs to the last term, so that words can be appended to it
    let mut is_adjacent = false;
    while let Some(token) = tokens.get(next) {
        if is_connector(token) {
            next += 1;
            continue;
        }
        let last_condition = terms.last().filter(|_| is_adjacent).map(|term| &term.condition);
        let is_after_words = matches!(last_condition, Some(SearchCondition::Words { exact: false, .. }));
        let is_after_day = matches!(last_condition, Some(SearchCondition::Days { .. }));
        if token.kind == SearchTokenKind::Separator || (is_filler(token) && !is_after_words) {
            (next, is_adjacent) = (next + 1, false);
            continue;
        }
        let (count, condition) = parse_term(&tokens[next..], today, is_after_day);
        let range = token.range.start..tokens[next + count - 1].range.end;
        match (terms.last_mut(), &condition) {
            (
                Some(SearchTerm { range: words, condition: SearchCondition::Words { text, exact: false } }),
                SearchCondition::Words { text: more, exact: false },
            ) if is_adjacent => {
                words.end = range.end;
                *text = format!("{text} {more}");
            }
            _ => terms.push(SearchTerm { range, condition }),
        }
        (next, is_adjacent) = (next + count, true);
    }
    terms
}

/// Returns the text without one of its terms. The remaining terms keep their meaning: a term that depended on a neighbour
/// is spelled out, and a comma separates terms that would otherwise be parsed as one.
pub(crate) fn remove_term(line: &str, terms: &[SearchTerm], removed: usize, today: Date) -> String {
    let remaining: Vec<&SearchTerm> =
        terms.iter().enumerate().filter(|(index, _)| *index != removed).map(|(_, term)| term).collect();
    let parses_as = |text: &str, expected: &[&SearchTerm]| {
        parse(text, today).iter().map(|term| &term.condition).eq(expected.iter().map(|term| &term.condition))
    };
    let text_of = |term: &&SearchTerm| {
        let typed = &line[term.range.clone()];
        match term.condition.explicit_text() {
            Some(explicit) if !parses_as(typed, &[term]) => explicit,
            _ => typed.to_owned(),
        }
    };
    let texts: Vec<String> = remaining.iter().map(text_of).collect();
    let joined = texts.join(" ");
    if parses_as(&joined, &remaining) { joined } else { texts.join(", ") }
}

/// A sign that stands alone between two terms.
fn is_connector(token: &SearchToken<'_>) -> bool {
    token.kind == SearchTokenKind::Word && ["-", "&", "+", "/"].contains(&token.text)
}

/// "i" in "wczoraj i dziś".
fn is_filler(token: &SearchToken<'_>) -> bool {
    token.kind == SearchTokenKind::Word && ["i", "oraz", "and"].contains(&fold_diacritics(token.text).as_str())
}

/// Parses the first term, which there always is. Returns the number of its tokens and the condition.
fn parse_term(tokens: &[SearchToken<'_>], today: Date, is_after_day: bool) -> (usize, SearchCondition) {
    let first = &tokens[0];
    match first.kind {
        SearchTokenKind::Key(key) => parse_keyed(key, &tokens[1..], today)
            .map(|(count, condition)| (1 + count, condition))
            .unwrap_or_else(|| (1, words_condition(first.text.trim_end_matches(':'), false))),
        SearchTokenKind::Quoted => (1, words_condition(first.text, true)),
        SearchTokenKind::Word | SearchTokenKind::Separator => parse_reference(tokens)
            .or_else(|| dates::parse(tokens, today, is_after_day))
            .or_else(|| parse_keyword(tokens))
            .or_else(|| Some((1, parse_email_or_ip(first.text)?)))
            .or_else(|| {
                numbers::parse_first(tokens, PartyFilter::Either)
                    .map(|(count, number)| (count, numbers::prefer_sip_code(number)))
            })
            .or_else(|| {
                Some((
                    1,
                    SearchCondition::Number { party: PartyFilter::Either, query: parse_number_query(first.text)? },
                ))
            })
            .unwrap_or_else(|| (1, words_condition(first.text, false))),
    }
}

/// Parses the value after a key. None if the value does not fit the key. Both are then parsed as words.
fn parse_keyed(key: SearchKey, tokens: &[SearchToken<'_>], today: Date) -> Option<(usize, SearchCondition)> {
    let first = tokens.first().filter(|first| matches!(first.kind, SearchTokenKind::Word | SearchTokenKind::Quoted))?;
    let text = first.text;
    let single = |condition| Some((1, condition));
    match key {
        SearchKey::Caller => parse_party(tokens, PartyFilter::Caller),
        SearchKey::Callee => parse_party(tokens, PartyFilter::Callee),
        SearchKey::Number => parse_party(tokens, PartyFilter::Either),
        SearchKey::Account => {
            single(SearchCondition::Account { party: PartyFilter::Either, name: parse_account(text)? })
        }
        SearchKey::Email => single(parse_email(text)?),
        SearchKey::SipCode => single(SearchCondition::SipCode(extract_sip_code(text).filter(|_| text.len() == 3)?)),
        SearchKey::Status => parse_status(tokens),
        SearchKey::Category => single(SearchCondition::Category(parse_category(text)?)),
        SearchKey::Ip => single(SearchCondition::Ip(text.parse().ok()?)),
        SearchKey::DateTime => dates::parse(tokens, today, true),
        SearchKey::Words => single(words_condition(text, first.kind == SearchTokenKind::Quoted)),
    }
}

fn parse_party(tokens: &[SearchToken<'_>], party: PartyFilter) -> Option<(usize, SearchCondition)> {
    let text = tokens[0].text;
    let number = || Some((1, SearchCondition::Number { party, query: parse_number_query(text)? }));
    numbers::parse_first(tokens, party).or_else(number).or_else(|| {
        let condition = match Party::parse_caller(text) {
            Ok(Party::Withheld) if party != PartyFilter::Callee => SearchCondition::WithheldCaller,
            _ => SearchCondition::Account { party, name: parse_account(text)? },
        };
        Some((1, condition))
    })
}

fn parse_account(text: &str) -> Option<String> {
    Party::parse_account(text).ok().map(|account| account.canonical())
}

/// Parses a reference. With its prefix "DZ" it may be spaced in any way. Without the prefix, it is recognized only if it has
/// both letters and digits, so that it cannot be anything else.
fn parse_reference(tokens: &[SearchToken<'_>]) -> Option<(usize, SearchCondition)> {
    let first = tokens[0].text;
    let word_count = tokens.iter().take(3).take_while(|token| token.kind == SearchTokenKind::Word).count();
    let joined = |count: usize| tokens[..count].iter().map(|token| token.text).collect::<String>();
    let alphanumeric = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    if let Some(rest) = first.get(2..).filter(|_| first[..2].eq_ignore_ascii_case("dz")) {
        let valid =
            (1..=word_count).rev().find_map(|count| Some((count, joined(count).parse::<TicketReference>().ok()?)));
        if let Some((count, reference)) = valid {
            return Some((count, SearchCondition::Ticket(reference)));
        }
        // "dziś" and "dzwonek" are words, a typing error in a reference has digits after the prefix
        let count = if rest.is_empty() { word_count } else { 1 };
        let code = alphanumeric(&joined(count)[2..]);
        let has_prefix = rest.is_empty() || rest.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        let is_typo = has_prefix && code.len() <= 12 && code.contains(|c: char| c.is_ascii_digit());
        return is_typo.then_some((count, SearchCondition::InvalidReference));
    }
    let code = alphanumeric(first);
    let is_unambiguous = code.len() == 10
        && code.contains(|c: char| c.is_ascii_digit())
        && code.contains(|c: char| c.is_ascii_alphabetic())
        && first.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let reference = is_unambiguous.then(|| code.parse().ok())??;
    Some((1, SearchCondition::Ticket(reference)))
}

/// Parses a word that is a condition without a key.
fn parse_keyword(tokens: &[SearchToken<'_>]) -> Option<(usize, SearchCondition)> {
    let text = tokens[0].text;
    match fold_diacritics(text).as_str() {
        "moje" | "mine" => return Some((1, SearchCondition::AssignedToMe)),
        "wolne" | "niczyje" | "free" | "unassigned" => return Some((1, SearchCondition::Unassigned)),
        _ => {}
    }
    parse_status(tokens).or_else(|| Some((1, SearchCondition::Category(parse_category(text)?))))
}

fn parse_status(tokens: &[SearchToken<'_>]) -> Option<(usize, SearchCondition)> {
    let two_words =
        tokens.get(1).map(|second| format!("{} {}", fold_diacritics(tokens[0].text), fold_diacritics(second.text)));
    if matches!(two_words.as_deref(), Some("w toku" | "in progress")) {
        return Some((2, SearchCondition::Status(&[TicketStatus::Open])));
    }
    let statuses: &[TicketStatus] = match fold_diacritics(tokens[0].text).as_str() {
        "nowe" | "nowy" | "new" => &[TicketStatus::New],
        "otwarte" | "open" | "w toku" => &[TicketStatus::Open],
        "wstrzymane" | "czeka" | "czekaja" | "czekajace" | "waiting" | "hold" => &[TicketStatus::Waiting],
        "rozwiazane" | "resolved" | "zamkniete" | "closed" => &[TicketStatus::Resolved],
        "spam" => &[TicketStatus::Spam],
        "duplikat" | "duplikaty" | "duplicate" | "duplicates" => &[TicketStatus::Duplicate],
        "aktywne" | "active" => &[TicketStatus::New, TicketStatus::Open, TicketStatus::Waiting],
        _ => return None,
    };
    Some((1, SearchCondition::Status(statuses)))
}

fn parse_category(text: &str) -> Option<TicketCategory> {
    match fold_diacritics(text).as_str() {
        "wylogowane" | "wylogowany" | "logged-out" => Some(TicketCategory::LoggedOut),
        "dzwiek" | "audio" | "sound" => Some(TicketCategory::Audio),
        "przychodzace" | "incoming" => Some(TicketCategory::Incoming),
        "wychodzace" | "outgoing" => Some(TicketCategory::Outgoing),
        "nieznane" | "niejasne" | "unknown" => Some(TicketCategory::Unknown),
        _ => None,
    }
}

/// Parses an email or IP address. Four groups with dots may also be a telephone number, which then has precedence.
fn parse_email_or_ip(text: &str) -> Option<SearchCondition> {
    parse_email(text).or_else(|| {
        let ip = text.parse().ok().filter(|_| parse_number_query(text).is_none())?;
        Some(SearchCondition::Ip(ip))
    })
}

fn parse_email(text: &str) -> Option<SearchCondition> {
    text.parse::<EmailAddress>().ok().map(|email| SearchCondition::Email(email.as_str().to_lowercase()))
}

fn words_condition(text: &str, exact: bool) -> SearchCondition {
    match text.contains(char::is_alphanumeric) {
        true => SearchCondition::Words { text: text.to_owned(), exact },
        false => SearchCondition::Unrecognized,
    }
}
