//! Numbers in the search line. People write them with spaces, so a run of digit groups may be one number or several.

use super::{
    PartyFilter, SearchCondition,
    tokens::{SearchToken, SearchTokenKind},
};
use crate::{
    causes::sip_code_label,
    phone::{NumberQuery, parse_number_query},
};

/// More groups than any two numbers have.
const MAX_DIGIT_GROUPS: usize = 12;

/// Reads the first number of a run of digit groups.
pub(crate) fn parse_first(tokens: &[SearchToken<'_>], side: PartyFilter) -> Option<(usize, SearchCondition)> {
    let run: Vec<&str> =
        tokens.iter().take(MAX_DIGIT_GROUPS).take_while(|token| is_numeric(token)).map(|token| token.text).collect();
    let (count, query) = most_likely_split(&run)?;
    Some((count, SearchCondition::Number { party: side, query }))
}

/// "503" alone is the code sooner than an extension.
pub(crate) fn prefer_sip_code(condition: SearchCondition) -> SearchCondition {
    let code = match &condition {
        SearchCondition::Number { query: NumberQuery::Exact(whole), .. } => whole.parse().ok(),
        _ => None,
    };
    code.filter(|code| sip_code_label(*code).is_some()).map_or(condition, SearchCondition::SipCode)
}

/// Digits and what stands between those of a number; dates and hours are read before.
fn is_numeric(token: &SearchToken<'_>) -> bool {
    token.kind == SearchTokenKind::Word
        && token.text.contains(|c: char| c.is_ascii_digit() || "-/()".contains(c))
        && token.text.chars().all(|c| c.is_ascii_digit() || "+-./()[]".contains(c))
}

/// The division of a run into numbers that is the most likely, by its first one.
fn most_likely_split(run: &[&str]) -> Option<(usize, NumberQuery)> {
    // the cheapest reading of what begins at each group
    let mut costs = vec![0; run.len() + 1];
    let mut firsts: Vec<Option<(usize, NumberQuery)>> = vec![None; run.len()];
    for from in (0..run.len()).rev() {
        costs[from] = IMPOSSIBLE_COST + costs[from + 1];
        for to in from + 1..=run.len() {
            let Some((cost, query)) = parse_with_cost(&run[from..to]) else { continue };
            if cost + costs[to] < costs[from] {
                costs[from] = cost + costs[to];
                firsts[from] = Some((to - from, query));
            }
        }
    }
    match run.len() {
        0 => None,
        _ => firsts.swap_remove(0),
    }
}

const IMPOSSIBLE_COST: u32 = 1_000_000;

/// How far-fetched it is that these groups are one number.
fn parse_with_cost(groups: &[&str]) -> Option<(u32, NumberQuery)> {
    let text = groups.join(" ");
    let query = parse_number_query(&text)?;
    let abroad = || matches!(parse_number_query(&format!("+{text}")), Some(NumberQuery::Exact(_)));
    let cost = match &query {
        NumberQuery::Exact(whole) if !whole.bytes().all(|byte| byte.is_ascii_digit()) => 2,
        NumberQuery::Exact(whole) if whole.len() >= 7 => 1,
        NumberQuery::Exact(_) => 5,
        NumberQuery::Partial { has_plus: true, .. } => 3,
        NumberQuery::Partial { digits, .. } if digits.starts_with("00") || digits.len() < 9 => 3,
        // from abroad, without the 00
        NumberQuery::Partial { .. } if abroad() => 1,
        NumberQuery::Partial { .. } => 7,
    };
    Some((cost, query))
}
