//! The items that a module defines, what it imports, and all paths that it mentions.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Attribute, Item, UseTree, Visibility,
    visit::{self, Visit},
};

#[derive(Default)]
pub struct ModuleContent {
    pub items: HashSet<String>,
    /// The items that are types, outside test code.
    pub types: Vec<String>,
    pub imports: Vec<(String, Vec<String>)>,
    pub globs: Vec<Vec<String>>,
    pub path_uses: Vec<PathUse>,
}

pub struct PathUse {
    pub path: Vec<String>,
    pub kind: PathKind,
    pub in_test: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PathKind {
    /// A path in code, or a private `use`.
    Use,
    /// A `use` with a visibility.
    Reexport,
}

/// Collects the content of a module without its child modules.
pub fn collect(items: &[Item], in_test: bool) -> ModuleContent {
    let mut collector = Collector { content: ModuleContent::default(), in_test };
    for item in items {
        if let Some((name, is_type)) = definition(item) {
            collector.content.items.insert(name.clone());
            if is_type && !in_test && !is_test_only(attributes(item)) {
                collector.content.types.push(name);
            }
        }
        collector.visit_item(item);
    }
    collector.content
}

/// Whether an item is compiled only for tests.
pub fn is_test_only(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else { return false };
        list.path.is_ident("cfg") && list.tokens.to_string() == "test"
    })
}

/// The name that an item defines, and whether it is a type.
fn definition(item: &Item) -> Option<(String, bool)> {
    let (ident, is_type) = match item {
        Item::Enum(item) => (&item.ident, true),
        Item::Struct(item) => (&item.ident, true),
        Item::Trait(item) => (&item.ident, true),
        Item::Type(item) => (&item.ident, true),
        Item::Union(item) => (&item.ident, true),
        Item::Const(item) => (&item.ident, false),
        Item::Fn(item) => (&item.sig.ident, false),
        Item::Macro(item) => (item.ident.as_ref()?, false),
        Item::Static(item) => (&item.ident, false),
        _ => return None,
    };
    Some((ident.to_string(), is_type))
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

struct Collector {
    content: ModuleContent,
    in_test: bool,
}

impl Collector {
    fn add(&mut self, path: Vec<String>, kind: PathKind) {
        self.content.path_uses.push(PathUse { path, kind, in_test: self.in_test });
    }

    /// Visits something with the flag for test code set if it has `#[cfg(test)]`.
    fn within(&mut self, attributes: &[Attribute], visit: impl FnOnce(&mut Collector)) {
        let before = self.in_test;
        self.in_test |= is_test_only(attributes);
        visit(self);
        self.in_test = before;
    }

    fn add_use(&mut self, tree: &UseTree, prefix: &[String], kind: PathKind) {
        let with = |name: &syn::Ident| [prefix, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(tree) => self.add_use(&tree.tree, &with(&tree.ident), kind),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_use(tree, prefix, kind)),
            UseTree::Glob(_) => {
                self.content.globs.push(prefix.to_vec());
                self.add(prefix.to_vec(), kind);
            }
            UseTree::Name(name) if name.ident == "self" => {
                self.add_import(prefix.last().cloned(), prefix.to_vec(), kind)
            }
            UseTree::Name(name) => self.add_import(Some(name.ident.to_string()), with(&name.ident), kind),
            UseTree::Rename(tree) if tree.ident == "self" => {
                self.add_import(Some(tree.rename.to_string()), prefix.to_vec(), kind);
            }
            UseTree::Rename(tree) => self.add_import(Some(tree.rename.to_string()), with(&tree.ident), kind),
        }
    }

    fn add_import(&mut self, name: Option<String>, path: Vec<String>, kind: PathKind) {
        self.content.imports.extend(name.map(|name| (name, path.clone())));
        self.add(path, kind);
    }

    /// Finds paths in the tokens of a macro call, which have no syntax of their own. A single name counts if it looks like a
    /// type; others may be variables.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let (mut path, mut colons): (Vec<String>, usize) = (Vec::new(), 0);
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if colons == 2 => {
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Ident(ident) => {
                    self.add_token_path(std::mem::replace(&mut path, vec![ident.to_string()]));
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && !path.is_empty() => colons += 1,
                other => {
                    self.add_token_path(std::mem::take(&mut path));
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.add_tokens(group.stream());
                    }
                }
            }
        }
        self.add_token_path(path);
    }

    fn add_token_path(&mut self, path: Vec<String>) {
        let is_type = |name: &String| name.starts_with(|c: char| c.is_ascii_uppercase());
        if path.len() > 1 || path.first().is_some_and(is_type) {
            self.add(path, PathKind::Use);
        }
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item(&mut self, item: &'ast Item) {
        self.within(attributes(item), |collector| visit::visit_item(collector, item));
    }

    /// Child modules have a content of their own.
    fn visit_item_mod(&mut self, _: &'ast syn::ItemMod) {}

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let kind = if matches!(item.vis, Visibility::Inherited) { PathKind::Use } else { PathKind::Reexport };
        self.add_use(&item.tree, &[], kind);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.within(&item.attrs, |collector| visit::visit_impl_item_fn(collector, item));
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            self.add(path.segments.iter().map(|segment| segment.ident.to_string()).collect(), PathKind::Use);
        }
        visit::visit_path(self, path);
    }

    /// `pub(super)` and `pub(in path)` use nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.visit_path(&mac.path);
        self.add_tokens(mac.tokens.clone());
    }
}
