//! Groups of files that use each other in a cycle.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    path::Path,
};

use super::crate_graph::FileUse;

/// What a file uses of each other file.
type Edges<'a> = BTreeMap<&'a Path, BTreeMap<&'a Path, BTreeSet<&'a str>>>;

/// Describes each group of files in which every file uses every other one, directly or through others.
pub fn describe_cycles(uses: &[FileUse]) -> Vec<String> {
    let mut edges: Edges = BTreeMap::new();
    // re-exports are followed to the file that defines the item, so they are no use of their own
    for file_use in uses.iter().filter(|file_use| !file_use.is_reexport && !file_use.in_test) {
        let targets = edges.entry(&file_use.from).or_default();
        targets.entry(&file_use.to).or_default().insert(&file_use.path);
    }
    let reachable: BTreeMap<&Path, BTreeSet<&Path>> =
        edges.keys().map(|file| (*file, reachable_from(file, &edges))).collect();
    let mut described = BTreeSet::new();
    let mut cycles = Vec::new();
    for (file, targets) in &reachable {
        if !targets.contains(file) || described.contains(file) {
            continue;
        }
        let group: BTreeSet<&Path> = targets
            .iter()
            .copied()
            .filter(|other| reachable.get(other).is_some_and(|targets| targets.contains(file)))
            .collect();
        cycles.push(describe(&group, &edges));
        described.extend(group);
    }
    cycles
}

fn reachable_from<'a>(file: &'a Path, edges: &Edges<'a>) -> BTreeSet<&'a Path> {
    let (mut found, mut remaining) = (BTreeSet::new(), vec![file]);
    while let Some(file) = remaining.pop() {
        for target in edges.get(file).into_iter().flat_map(BTreeMap::keys).copied() {
            if found.insert(target) {
                remaining.push(target);
            }
        }
    }
    found
}

/// The files of a group, and the paths by which they use each other.
fn describe(group: &BTreeSet<&Path>, edges: &Edges) -> String {
    let mut text = format!("{} files use each other:\n", group.len());
    for from in group {
        for (to, paths) in edges[from].iter().filter(|(to, _)| group.contains(**to)) {
            let paths: Vec<_> = paths.iter().copied().collect();
            writeln!(text, "  {} -> {}: {}", from.display(), to.display(), paths.join(", ")).unwrap();
        }
    }
    text
}
