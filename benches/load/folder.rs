//! A folder on the disk that the checkout is on: a commit into memory would prove nothing.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use dzwoni::postgres::{Durability, PostgresServer};

pub struct Folder {
    path: PathBuf,
}

impl Folder {
    pub fn new(name: &str) -> anyhow::Result<Folder> {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&path).with_context(|| format!("can't make {}", path.display()))?;
        Ok(Folder { path })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // root's server may keep its data elsewhere; only it knows where
        if let Ok(server) = PostgresServer::start(&self.path.join("postgres"), Durability::Safe) {
            let home = server.home().to_owned();
            let _ = server.stop();
            let _ = fs::remove_dir_all(home);
        }
        let _ = fs::remove_dir_all(&self.path);
    }
}
