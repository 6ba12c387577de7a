//! The descriptions in `.sqlx`, which the compiler checks the queries against, are those of the migrated database.

use std::{collections::HashSet, fs, path::Path};

use proc_macro2::{TokenStream, TokenTree};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, Executor, SqlSafeStr};

use crate::support::migrated_database;

const DESCRIPTIONS: &str = ".sqlx";

#[tokio::test]
async fn stored_descriptions_are_those_of_the_migrated_database() {
    let (mut db, _database) = migrated_database().await;
    let stored = read_descriptions();
    assert!(stored.len() > 100, "{} descriptions", stored.len());
    let mut differing = Vec::new();
    for (file, description) in stored {
        let sql = description["query"].as_str().unwrap().to_owned();
        let stored = without_overridden_nullability(description["describe"].clone());
        match db.describe(AssertSqlSafe(sql).into_sql_str()).await {
            Ok(current) => {
                let current = without_overridden_nullability(serde_json::to_value(&current).unwrap());
                if current != stored {
                    differing.push(format!("{file}: now {current}, stored {stored}"));
                }
            }
            Err(error) => differing.push(format!("{file}: {error}")),
        }
    }
    db.close().await.unwrap();
    assert!(differing.is_empty(), "run scripts/sqlx-prepare:\n{}", differing.join("\n"));
}

/// The nullability of a column after an outer join is read from the plan, which depends on statistics. The queries state
/// it in the column's name, with `?` or `!`, and the macros then ignore what is stored.
fn without_overridden_nullability(mut description: Value) -> Value {
    let names: Vec<_> =
        description["columns"].as_array().unwrap().iter().map(|column| column["name"].clone()).collect();
    let nullable = description["nullable"].as_array_mut().unwrap();
    for (name, nullable) in names.iter().zip(nullable) {
        if name.as_str().unwrap().contains(['?', '!']) {
            *nullable = Value::Null;
        }
    }
    description
}

/// The queries are files or literals, some joined by macros: each stored query must be a sequence of these.
#[test]
fn stored_descriptions_belong_to_queries_in_the_source() {
    let mut literals = HashSet::new();
    collect_literals_below(Path::new("src"), &mut literals);
    let unused: Vec<_> = read_descriptions()
        .into_iter()
        .filter(|(_, description)| !consists_of(description["query"].as_str().unwrap(), &literals))
        .map(|(file, _)| file)
        .collect();
    assert!(unused.is_empty(), "run scripts/sqlx-prepare: no query in src has the text of {unused:?}");
}

#[test]
fn a_query_that_is_no_longer_in_the_source_is_found() {
    let literals = HashSet::from(["select a".to_owned(), " from b".to_owned()]);
    assert!(consists_of("select a from b", &literals));
    assert!(!consists_of("select a from c", &literals));
    assert!(!consists_of("select a from b where a", &literals));
}

/// The stored descriptions with their file names.
fn read_descriptions() -> Vec<(String, Value)> {
    let files = fs::read_dir(DESCRIPTIONS).unwrap().map(|entry| entry.unwrap());
    files
        .map(|file| {
            let json = fs::read_to_string(file.path()).unwrap();
            (file.file_name().into_string().unwrap(), serde_json::from_str(&json).unwrap())
        })
        .collect()
}

/// Whether a text is a sequence of these literals.
fn consists_of(text: &str, literals: &HashSet<String>) -> bool {
    let mut reachable = vec![false; text.len() + 1];
    reachable[0] = true;
    for start in 0..text.len() {
        if reachable[start] {
            for literal in literals.iter().filter(|literal| text[start..].starts_with(literal.as_str())) {
                reachable[start + literal.len()] = true;
            }
        }
    }
    reachable[text.len()]
}

fn collect_literals_below(folder: &Path, literals: &mut HashSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_literals_below(&path, literals);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            collect_literals(fs::read_to_string(&path).unwrap().parse().unwrap(), literals);
        } else if path.extension().is_some_and(|extension| extension == "sql") {
            literals.insert(fs::read_to_string(&path).unwrap());
        }
    }
}

fn collect_literals(tokens: TokenStream, literals: &mut HashSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect_literals(group.stream(), literals),
            TokenTree::Literal(literal) => {
                if let syn::Lit::Str(text) = syn::Lit::new(literal)
                    && !text.value().is_empty()
                {
                    literals.insert(text.value());
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}
