//! The program carries these folders inside. The compiler sees when one of their files changes, but not when one is added.

fn main() {
    for folder in ["migrations", "static", "templates"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
