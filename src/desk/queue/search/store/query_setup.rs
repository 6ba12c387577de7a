//! Statements that prepare a search.

use sqlx::PgConnection;

/// Changes the planner settings for the rest of the transaction. Each statement is planned for its actual values, because the
/// number of tickets with a number or a word varies by factors of thousands. Indexes are read in their order, because a sort
/// would read all rows first.
pub(crate) async fn set_planner_options(db: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select set_config('plan_cache_mode', 'force_custom_plan', true) as plan,
            set_config('enable_seqscan', 'off', true) as seqscan,
            set_config('enable_sort', 'off', true) as sort,
            set_config('jit', 'off', true) as jit"
    )
    .fetch_one(db)
    .await?;
    Ok(())
}

/// Combines texts into one full-text query. None if they contain no word.
pub(crate) async fn build_tsquery(
    db: &mut PgConnection,
    words: &[(String, bool)],
) -> Result<Option<String>, sqlx::Error> {
    let (texts, exact): (Vec<_>, Vec<_>) = words.iter().cloned().unzip();
    sqlx::query_scalar!(
        r#"select string_agg('(' || query::text || ')', ' & ')
        from (
            select case
                when exact then phraseto_tsquery('simple', search_text(text))
                else plainto_tsquery('simple', search_text(text))
            end as query
            from unnest($1::text[], $2::boolean[]) term(text, exact)
        ) queries
        where numnode(query) > 0"#,
        &texts,
        &exact,
    )
    .fetch_one(db)
    .await
}
