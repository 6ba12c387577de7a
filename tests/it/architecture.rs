//! The structure of the source code: the order of modules, imports without cycles, the place of SQL and of axum, the length
//! of files, unique type names, and the module table in the documentation.

mod crate_graph;
mod cycles;
mod paths;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate_graph::CrateGraph;
use cycles::describe_cycles;

const LIBRARY: &str = "src/lib.rs";

const MAX_LINES: usize = 400;

/// Files that may be longer, and why.
const LONG_FILES: &[(&str, &str)] = &[(
    "tests/it/inbound_mail/message_formats.rs",
    "one table of messages, whose rows would not be clearer in two files",
)];

/// Files with SQL that are no store, and why.
const SQL_OUTSIDE_STORES: &[(&str, &str)] = &[
    ("src/db.rs", "the connection pool itself"),
    ("src/page_views.rs", "one statement"),
    ("src/signing.rs", "one statement"),
    ("src/tickets/columns.rs", "the list of columns that the stores share"),
];

#[test]
fn modules_use_only_modules_above_them() {
    let graph = CrateGraph::parse(Path::new(LIBRARY));
    let modules = graph.top_level_modules();
    assert!(modules.len() > 20, "lib.rs declares {modules:?}");
    let position = |module: &Option<String>| modules.iter().position(|other| Some(other) == module.as_ref());
    let below =
        graph.uses.iter().filter(|file_use| match (position(&file_use.from_module), position(&file_use.to_module)) {
            (Some(from), Some(to)) => to > from,
            // the root of the crate declares modules and defines nothing
            _ => file_use.from_module.is_some(),
        });
    let violations: Vec<_> =
        below.map(|file_use| format!("{} uses {}", file_use.from.display(), file_use.path)).collect();
    assert_none(&violations);
}

#[test]
fn no_source_files_import_each_other_in_a_cycle() {
    let roots = ["src/bin/dzwoni/main.rs".into(), LIBRARY.into()].into_iter().chain(crate_roots());
    let cycles = roots.flat_map(|root: PathBuf| describe_cycles(&CrateGraph::parse(&root).uses));
    assert_none(&cycles.collect::<Vec<_>>());
}

fn crate_roots() -> impl Iterator<Item = PathBuf> {
    let folders = fs::read_dir("crates").unwrap().map(|entry| entry.unwrap().path());
    folders.map(|folder| folder.join("src/lib.rs")).filter(|root| root.exists())
}

/// Makes sure that the test above would find something.
#[test]
fn cycles_are_found_through_reexports_super_and_macros() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("architecture-{}", uuid::Uuid::new_v4().simple()));
    for (file, text) in [
        ("lib.rs", "mod a; mod b; mod c; mod d;"),
        // a and b: through the re-export of a/mod.rs
        ("a/mod.rs", "mod inner; pub use inner::Inner;"),
        ("a/inner.rs", "pub struct Inner(super::super::b::Outer);"),
        ("b.rs", "use crate::{a::{self}, c}; pub struct Outer(Box<a::Inner>, c::Leaf);"),
        // c and d: through a macro call; the test module does not count
        ("c.rs", "pub struct Leaf; fn f() { vec![crate::d::g()]; } #[cfg(test)] mod tests { use crate::b::Outer; }"),
        ("d.rs", "use super::c::Leaf; pub fn g() -> Leaf { Leaf }"),
    ] {
        let file = folder.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let cycles = describe_cycles(&CrateGraph::parse(&folder.join("lib.rs")).uses);
    fs::remove_dir_all(&folder).unwrap();
    let expected = [["a/inner.rs", "b.rs"], ["c.rs", "d.rs"]];
    assert_eq!(cycles.len(), expected.len(), "{}", cycles.join("\n"));
    for (cycle, files) in cycles.iter().zip(expected) {
        assert!(cycle.starts_with("2 files") && files.iter().all(|file| cycle.contains(file)), "{cycle}");
    }
}

#[test]
fn sql_is_only_in_stores() {
    let violations: Vec<_> = source_files(&["src"])
        .into_iter()
        .filter(|(file, text)| text.contains("sqlx::query") && !file.contains("/store"))
        .map(|(file, _)| file)
        .filter(|file| !SQL_OUTSIDE_STORES.iter().any(|(allowed, _)| allowed == file))
        .map(|file| format!("{file} contains SQL, which belongs into store.rs"))
        .collect();
    assert_none(&violations);
}

#[test]
fn tickets_and_crates_do_not_use_axum() {
    let violations: Vec<_> = source_files(&["src/tickets", "crates"])
        .into_iter()
        .filter(|(_, text)| text.contains("axum::"))
        .map(|(file, _)| format!("{file} uses axum"))
        .collect();
    assert_none(&violations);
}

#[test]
fn source_files_are_at_most_400_lines_long() {
    let files = source_files(&["src", "crates", "tests/it", "benches"]);
    let mut violations = Vec::new();
    for (file, text) in &files {
        let lines = text.lines().count();
        let is_listed = LONG_FILES.iter().any(|(listed, _)| listed == file);
        match (lines > MAX_LINES, is_listed) {
            (true, false) => violations.push(format!("{file} has {lines} lines")),
            (false, true) => violations.push(format!("{file} is no longer too long, but it is in LONG_FILES")),
            _ => {}
        }
    }
    let missing = LONG_FILES.iter().filter(|(listed, _)| !files.iter().any(|(file, _)| listed == file));
    violations.extend(missing.map(|(listed, _)| format!("{listed} does not exist, but it is in LONG_FILES")));
    assert_none(&violations);
}

#[test]
fn type_names_are_unique_in_the_library() {
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for definition in CrateGraph::parse(Path::new(LIBRARY)).types() {
        files.entry(definition.name).or_default().push(definition.file.display().to_string());
    }
    let violations: Vec<_> = files
        .into_iter()
        .filter(|(_, files)| files.len() > 1)
        .map(|(name, files)| format!("{name} is defined in {}", files.join(" and ")))
        .collect();
    assert_none(&violations);
}

#[test]
fn the_module_table_in_the_documentation_equals_lib_rs() {
    let text = fs::read_to_string("docs/architecture.md").unwrap();
    let section = text.split("\n## ").find(|section| section.starts_with("Modules\n")).expect("a section Modules");
    let documented: Vec<&str> =
        section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert_eq!(documented, CrateGraph::parse(Path::new(LIBRARY)).top_level_modules());
}

/// All Rust files below some folders, each with its text.
pub fn source_files(folders: &[&str]) -> Vec<(String, String)> {
    let mut folders: Vec<PathBuf> = folders.iter().map(PathBuf::from).collect();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

/// Fails with all violations.
#[track_caller]
fn assert_none(violations: &[String]) {
    assert!(violations.is_empty(), "{} violations:\n{}", violations.len(), violations.join("\n"));
}
