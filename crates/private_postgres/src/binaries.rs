//! Finds PostgreSQL's server programs: those of the version of existing data, else the newest.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::PostgresError;
use super::paths::data_version;

/// The folder of `postgres`, `initdb` and `pg_ctl` for this data folder, which may not exist yet.
///
/// Existing data takes precedence over the newest version: a newer server cannot read it, and a new empty cluster would
/// look like lost data.
pub(super) fn find_bin_dir(data: &Path) -> Result<PathBuf, PostgresError> {
    let version = data_version(data)?;
    let folder = if let Some(chosen) = env::var_os("PG_BIN_DIR").filter(|value| !value.is_empty()) {
        let chosen = PathBuf::from(chosen);
        if !has_all_binaries(&chosen) {
            return Err(PostgresError::MissingBinaries(chosen));
        }
        chosen.canonicalize().ok()
    } else if let Some(version) = &version {
        Some(Path::new(DEBIAN_VERSIONS_DIR).join(version).join("bin"))
            .filter(|folder| has_all_binaries(folder))
            .or_else(find_on_path)
    } else {
        find_newest_installed().or_else(find_on_path)
    };
    match (folder, version) {
        (Some(folder), Some(version)) if server_version(&folder).as_ref() == Some(&version) => Ok(folder),
        (_, Some(version)) => Err(PostgresError::VersionMismatch { data: data.to_owned(), version }),
        (Some(folder), None) => Ok(folder),
        (None, None) => Err(PostgresError::NotInstalled),
    }
}

/// The folder in which Debian and Ubuntu install each major version; none of them is on PATH.
const DEBIAN_VERSIONS_DIR: &str = "/usr/lib/postgresql";

fn find_newest_installed() -> Option<PathBuf> {
    let number = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let versions = fs::read_dir(DEBIAN_VERSIONS_DIR).ok()?.flatten().map(|entry| entry.path());
    let usable = versions.filter(|folder| number(folder).is_some() && has_all_binaries(&folder.join("bin")));
    usable.max_by_key(number).map(|folder| folder.join("bin"))
}

/// Follows links, because `postgres` locates its libraries relative to its real path.
fn find_on_path() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let programs = env::split_paths(&path).filter_map(|folder| folder.join("postgres").canonicalize().ok());
    programs.filter_map(|program| program.parent().map(Path::to_owned)).find(|folder| has_all_binaries(folder))
}

fn has_all_binaries(folder: &Path) -> bool {
    ["postgres", "initdb", "pg_ctl"].iter().all(|name| folder.join(name).is_file())
}

/// Extracts the major version, in the format of `PG_VERSION`, from "postgres (PostgreSQL) 15.18 (Debian 15.18-0)" or "… 18beta1".
fn server_version(folder: &Path) -> Option<String> {
    let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let number = text.split_whitespace().nth(2)?;
    Some(number.chars().take_while(char::is_ascii_digit).collect())
}
