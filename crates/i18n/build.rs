//! The crate embeds the locale files. The compiler sees when one of them changes, but not when one is added.

fn main() {
    println!("cargo::rerun-if-changed=../../templates/locales");
}
