//! A data directory on the disk of the checkout. A commit to a memory file system would prove nothing.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use private_postgres::{Durability, PostgresServer};

pub(crate) struct DataDir {
    path: PathBuf,
}

impl DataDir {
    pub(crate) fn new(name: &str) -> anyhow::Result<DataDir> {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&path).with_context(|| format!("could not create {}", path.display()))?;
        Ok(DataDir { path })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for DataDir {
    fn drop(&mut self) {
        // a server started by root may keep its data in a fallback directory, which only the server knows
        if let Ok(server) = PostgresServer::start(&self.path.join("postgres"), Durability::Safe) {
            let home = server.home().to_owned();
            let _ = server.stop();
            let _ = fs::remove_dir_all(home);
        }
        let _ = fs::remove_dir_all(&self.path);
    }
}
