//! Numbers in the search line. People write them with spaces, so a run of digit groups may be one number or several.

use super::{
    Condition, Side,
    tokens::{Token, TokenKind},
};
use crate::{
    causes::sip_meaning,
    phone::{NumberQuery, number_query},
};

/// More groups than any two numbers have.
const MOST: usize = 12;

/// Reads the first number of a run of digit groups.
pub(super) fn read(tokens: &[Token<'_>], side: Side) -> Option<(usize, Condition)> {
    let run: Vec<&str> =
        tokens.iter().take(MOST).take_while(|token| is_numeric(token)).map(|token| token.text).collect();
    let (count, query) = best(&run)?;
    Some((count, Condition::Number { side, query }))
}

/// "503" alone is the code sooner than an extension.
pub(super) fn or_code(condition: Condition) -> Condition {
    let code = match &condition {
        Condition::Number { query: NumberQuery::Exact(whole), .. } => whole.parse().ok(),
        _ => None,
    };
    code.filter(|code| sip_meaning(*code).is_some()).map_or(condition, Condition::Code)
}

/// Digits and what stands between those of a number; dates and hours are read before.
fn is_numeric(token: &Token<'_>) -> bool {
    token.kind == TokenKind::Word
        && token.text.contains(|c: char| c.is_ascii_digit() || "-/()".contains(c))
        && token.text.chars().all(|c| c.is_ascii_digit() || "+-./()[]".contains(c))
}

/// The division of a run into numbers that is the most likely, by its first one.
fn best(run: &[&str]) -> Option<(usize, NumberQuery)> {
    // the cheapest reading of what begins at each group
    let mut costs = vec![0; run.len() + 1];
    let mut firsts: Vec<Option<(usize, NumberQuery)>> = vec![None; run.len()];
    for from in (0..run.len()).rev() {
        costs[from] = IMPOSSIBLE + costs[from + 1];
        for to in from + 1..=run.len() {
            let Some((cost, query)) = reading(&run[from..to]) else { continue };
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

const IMPOSSIBLE: u32 = 1_000_000;

/// How far-fetched it is that these groups are one number.
fn reading(groups: &[&str]) -> Option<(u32, NumberQuery)> {
    let text = groups.join(" ");
    let query = number_query(&text)?;
    let abroad = || matches!(number_query(&format!("+{text}")), Some(NumberQuery::Exact(_)));
    let cost = match &query {
        NumberQuery::Exact(whole) if !whole.bytes().all(|byte| byte.is_ascii_digit()) => 2,
        NumberQuery::Exact(whole) if whole.len() >= 7 => 1,
        NumberQuery::Exact(_) => 5,
        NumberQuery::Part { plus: true, .. } => 3,
        NumberQuery::Part { digits, .. } if digits.starts_with("00") || digits.len() < 9 => 3,
        // from abroad, without the 00
        NumberQuery::Part { .. } if abroad() => 1,
        NumberQuery::Part { .. } => 7,
    };
    Some((cost, query))
}
