//! The modules of a crate, parsed from its source files, and which file uses which.
//!
//! Paths in `use` declarations, in code and in macro calls are resolved through the module tree, through `use` and through
//! re-exports down to the file that defines the item. Methods and fields are not paths, so they count for nothing.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use super::paths::{self, PathKind, PathUse};

/// A crate from its root file on.
pub struct CrateGraph {
    modules: Vec<Module>,
    /// Every use of an item of another file.
    pub uses: Vec<FileUse>,
}

/// One file uses an item that another file defines.
#[derive(Debug, Clone)]
pub struct FileUse {
    pub from: PathBuf,
    pub to: PathBuf,
    /// The top-level modules of both files; `None` is the crate root.
    pub from_module: Option<String>,
    pub to_module: Option<String>,
    /// The path as it is written.
    pub path: String,
    pub is_reexport: bool,
    pub in_test: bool,
}

/// A type that is defined outside test modules.
pub struct TypeDefinition {
    pub name: String,
    pub file: PathBuf,
}

struct Module {
    file: PathBuf,
    /// The segments of its path from the crate root.
    path: Vec<String>,
    parent: Option<usize>,
    in_test: bool,
    children: HashMap<String, usize>,
    /// Children in the order of declaration.
    child_order: Vec<String>,
    items: HashSet<String>,
    types: Vec<String>,
    /// What `use` binds: name and path.
    imports: Vec<(String, Vec<String>)>,
    /// Paths of `use path::*`.
    globs: Vec<Vec<String>>,
    path_uses: Vec<PathUse>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Target {
    Module(usize),
    /// An item of this module.
    Item(usize),
}

impl CrateGraph {
    /// Parses all files of a crate.
    pub fn parse(root: &Path) -> CrateGraph {
        let mut graph = CrateGraph { modules: Vec::new(), uses: Vec::new() };
        let folder = root.parent().unwrap();
        graph.add_module(root, folder, parse_file(root), Vec::new(), None, false);
        graph.uses = (0..graph.modules.len()).flat_map(|module| graph.uses_of(module)).collect();
        graph
    }

    /// The top-level modules in the order of their declaration.
    pub fn top_level_modules(&self) -> &[String] {
        &self.modules[0].child_order
    }

    pub fn types(&self) -> impl Iterator<Item = TypeDefinition> {
        let modules = self.modules.iter().filter(|module| !module.in_test);
        modules.flat_map(|module| {
            let definition = |name: &String| TypeDefinition { name: name.clone(), file: module.file.clone() };
            module.types.iter().map(definition)
        })
    }

    /// Adds a module and its children. `folder` is where the files of its children are.
    fn add_module(
        &mut self,
        file: &Path,
        folder: &Path,
        items: Vec<syn::Item>,
        path: Vec<String>,
        parent: Option<usize>,
        in_test: bool,
    ) -> usize {
        let id = self.modules.len();
        let content = paths::collect(&items, in_test);
        self.modules.push(Module {
            file: file.to_owned(),
            path: path.clone(),
            parent,
            in_test,
            children: HashMap::new(),
            child_order: Vec::new(),
            items: content.items,
            types: content.types,
            imports: content.imports,
            globs: content.globs,
            path_uses: content.path_uses,
        });
        for item in items {
            let syn::Item::Mod(item) = item else { continue };
            let name = item.ident.to_string();
            let in_test = in_test || paths::is_test_only(&item.attrs);
            let child_folder = folder.join(&name);
            let child_path = [path.clone(), vec![name.clone()]].concat();
            let child = match item.content {
                Some((_, items)) => self.add_module(file, &child_folder, items, child_path, Some(id), in_test),
                None => {
                    let beside = folder.join(format!("{name}.rs"));
                    let file = if beside.exists() { beside } else { child_folder.join("mod.rs") };
                    self.add_module(&file, &child_folder, parse_file(&file), child_path, Some(id), in_test)
                }
            };
            self.modules[id].children.insert(name.clone(), child);
            self.modules[id].child_order.push(name);
        }
        id
    }

    fn uses_of(&self, id: usize) -> Vec<FileUse> {
        let module = &self.modules[id];
        let mut uses = Vec::new();
        for path_use in &module.path_uses {
            for target in self.resolve(id, &path_use.path, &mut HashSet::new()) {
                let Target::Item(target) = target else { continue };
                let target = &self.modules[target];
                if target.file != module.file {
                    uses.push(FileUse {
                        from: module.file.clone(),
                        to: target.file.clone(),
                        from_module: module.path.first().cloned(),
                        to_module: target.path.first().cloned(),
                        path: path_use.path.join("::"),
                        is_reexport: path_use.kind == PathKind::Reexport,
                        in_test: path_use.in_test,
                    });
                }
            }
        }
        uses
    }

    /// What a path in a module may mean. Paths of other crates mean nothing. A name may have a meaning as a module and as an
    /// item.
    fn resolve(&self, module: usize, path: &[String], visited: &mut HashSet<(usize, String)>) -> Vec<Target> {
        let Some((first, rest)) = path.split_first() else { return Vec::new() };
        let mut targets = match first.as_str() {
            "crate" => vec![Target::Module(0)],
            "self" => vec![Target::Module(module)],
            "super" => self.modules[module].parent.map(Target::Module).into_iter().collect(),
            name => self.lookup(module, name, visited),
        };
        for segment in rest {
            targets = targets
                .into_iter()
                .flat_map(|target| match (target, segment.as_str()) {
                    (Target::Module(module), "super") => {
                        self.modules[module].parent.map(Target::Module).into_iter().collect()
                    }
                    (Target::Module(module), name) => self.lookup(module, name, visited),
                    // an associated item or a variant
                    (Target::Item(module), _) => vec![Target::Item(module)],
                })
                .collect();
        }
        targets
    }

    fn lookup(&self, id: usize, name: &str, visited: &mut HashSet<(usize, String)>) -> Vec<Target> {
        if !visited.insert((id, name.to_owned())) {
            return Vec::new();
        }
        let module = &self.modules[id];
        let mut targets: Vec<Target> =
            module.children.get(name).map(|child| Target::Module(*child)).into_iter().collect();
        if module.items.contains(name) {
            targets.push(Target::Item(id));
        }
        for (_, path) in module.imports.iter().filter(|(bound, _)| bound == name) {
            targets.extend(self.resolve(id, path, visited));
        }
        if targets.is_empty() {
            for glob in &module.globs {
                for target in self.resolve(id, glob, visited) {
                    match target {
                        Target::Module(module) => targets.extend(self.lookup(module, name, visited)),
                        Target::Item(_) => {}
                    }
                }
            }
        }
        visited.remove(&(id, name.to_owned()));
        targets
    }
}

fn parse_file(file: &Path) -> Vec<syn::Item> {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display())).items
}
