//! Telephone numbers in the search text. They may contain spaces, so a run of digit groups is one number or several.

use super::{
    condition::{PartyFilter, SearchCondition},
    tokens::{SearchToken, SearchTokenKind},
};
use crate::{
    causes::sip_code_label,
    phone::{NumberQuery, parse_number_query},
};

/// Two numbers together have fewer groups.
const MAX_DIGIT_GROUPS: usize = 12;

/// Parses the first number of a run of digit groups. Returns the number of its groups and the condition.
pub(super) fn parse_first(tokens: &[SearchToken<'_>], party: PartyFilter) -> Option<(usize, SearchCondition)> {
    let run: Vec<&str> =
        tokens.iter().take(MAX_DIGIT_GROUPS).take_while(|token| is_numeric(token)).map(|token| token.text).collect();
    let (count, query) = most_likely_split(&run)?;
    Some((count, SearchCondition::Number { party, query }))
}

/// A number that is also a known SIP code, such as "503", is taken for the code.
pub(super) fn prefer_sip_code(condition: SearchCondition) -> SearchCondition {
    let code = match &condition {
        SearchCondition::Number { query: NumberQuery::Exact(number), .. } => number.parse().ok(),
        _ => None,
    };
    code.filter(|code| sip_code_label(*code).is_some()).map_or(condition, SearchCondition::SipCode)
}

/// Digits and the punctuation of numbers. Dates and hours have been parsed before.
fn is_numeric(token: &SearchToken<'_>) -> bool {
    token.kind == SearchTokenKind::Word
        && token.text.contains(|c: char| c.is_ascii_digit() || "-/()".contains(c))
        && token.text.chars().all(|c| c.is_ascii_digit() || "+-./()[]".contains(c))
}

/// Splits a run of groups into numbers with the lowest total cost. Returns the first number and how many groups it has.
fn most_likely_split(run: &[&str]) -> Option<(usize, NumberQuery)> {
    // by index of the group: the lowest cost of the groups from there on, and the first number of that split
    let mut costs = vec![0; run.len() + 1];
    let mut first_numbers: Vec<Option<(usize, NumberQuery)>> = vec![None; run.len()];
    for start in (0..run.len()).rev() {
        costs[start] = IMPOSSIBLE_COST + costs[start + 1];
        for end in start + 1..=run.len() {
            let Some((cost, query)) = parse_with_cost(&run[start..end]) else { continue };
            if cost + costs[end] < costs[start] {
                costs[start] = cost + costs[end];
                first_numbers[start] = Some((end - start, query));
            }
        }
    }
    match run.len() {
        0 => None,
        _ => first_numbers.swap_remove(0),
    }
}

/// Cost of a group that is no number.
const IMPOSSIBLE_COST: u32 = 1_000_000;

/// Parses the groups as one number. The cost is lower the more likely that is.
fn parse_with_cost(groups: &[&str]) -> Option<(u32, NumberQuery)> {
    let text = groups.join(" ");
    let query = parse_number_query(&text)?;
    let is_international = || matches!(parse_number_query(&format!("+{text}")), Some(NumberQuery::Exact(_)));
    let cost = match &query {
        NumberQuery::Exact(number) if !number.bytes().all(|byte| byte.is_ascii_digit()) => 2,
        NumberQuery::Exact(number) if number.len() >= 7 => 1,
        NumberQuery::Exact(_) => 5,
        NumberQuery::Partial { has_plus: true, .. } => 3,
        NumberQuery::Partial { digits, .. } if digits.starts_with("00") || digits.len() < 9 => 3,
        // an international number without "00" or "+"
        NumberQuery::Partial { .. } if is_international() => 1,
        NumberQuery::Partial { .. } => 7,
    };
    Some((cost, query))
}
