//! The paths of a server and the account that runs it: PostgreSQL refuses to run as root, and socket paths must be short.

use std::env;
use std::fs::{self, DirBuilder, Permissions};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, lchown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::error::PostgresError;
use nix::unistd::{User, geteuid};

use super::connection;

/// The paths of one server, all derived from the configured folder.
#[derive(Debug)]
pub(super) struct ClusterPaths {
    /// Holds `data`, `log` and usually `socket`.
    pub(super) home: PathBuf,
    /// The folder of the socket.
    pub(super) socket_dir: PathBuf,
    pub(super) account: OsAccount,
}

impl ClusterPaths {
    /// Existing data is found again even if the permissions of the folder have changed.
    pub(super) fn resolve(folder: &Path) -> Result<ClusterPaths, PostgresError> {
        let account = OsAccount::for_data_dir(&folder.join("data"))?;
        let annex = fallback_dir(folder);
        let here = data_version(&folder.join("data"))?.is_some();
        let reachable = account.can_enter(folder);
        if here && !reachable {
            return Err(PostgresError::DataDirUnreachable(folder.to_owned()));
        }
        let there = account.is_other_user() && data_version(&annex.join("data"))?.is_some();
        let home = if here || reachable && !there { folder } else { &annex };

        let mut socket = home.join("socket");
        let name = connection::socket_path(&socket).into_os_string();
        if name.len() > MAX_SOCKET_PATH_LEN || name.as_bytes().contains(&b',') {
            socket = annex.join("socket");
        }
        if home == annex || socket.starts_with(&annex) {
            create_fallback_dir(&annex)?;
        }
        let home = home.to_owned();
        Ok(ClusterPaths { home, socket_dir: socket, account })
    }

    pub(super) fn data_dir(&self) -> PathBuf {
        self.home.join("data")
    }

    pub(super) fn log_file(&self) -> PathBuf {
        self.home.join("log")
    }

    /// The socket's folder as it is passed to the server, relative to the data folder. It never contains a character that is
    /// special to a shell or in PostgreSQL's list of folders.
    pub(super) fn socket_option(&self) -> String {
        if self.socket_dir.starts_with(&self.home) { "../socket".into() } else { self.socket_dir.display().to_string() }
    }

    /// Removes the fallback folder, unless it contains the data.
    pub(super) fn remove_empty_dirs(&self) {
        if !self.socket_dir.starts_with(&self.home) {
            let _ = fs::remove_dir(&self.socket_dir);
            let _ = self.socket_dir.parent().map(fs::remove_dir);
        }
    }
}

/// The account that runs the server. Root needs another one, because PostgreSQL refuses to run as root.
#[derive(Debug, Clone, Copy)]
pub(super) struct OsAccount(Option<(u32, u32)>);

impl OsAccount {
    /// Existing data stays with its owner, so root can continue with the data of an ordinary user.
    fn for_data_dir(data: &Path) -> Result<OsAccount, PostgresError> {
        if !geteuid().is_root() {
            return Ok(OsAccount(None));
        }
        let owner = fs::metadata(data).ok().filter(|owner| owner.uid() != 0);
        match owner
            .map(|owner| (owner.uid(), owner.gid()))
            .or_else(|| user_ids("postgres"))
            .or_else(|| user_ids("nobody"))
        {
            Some(ids) => Ok(OsAccount(Some(ids))),
            None => Err(PostgresError::NoUnprivilegedAccount),
        }
    }

    /// A command that runs one of PostgreSQL's programs as this account, without the PG* variables of the environment.
    pub(super) fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some((uid, gid)) = self.0 {
            command.uid(uid).gid(gid);
        }
        for (name, _) in env::vars_os().filter(|(name, _)| name.as_bytes().starts_with(b"PG")) {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C");
        command
    }

    /// Changes the owner of a path that root has created to this account.
    pub(super) fn chown(self, path: &Path) -> Result<(), PostgresError> {
        match self.0 {
            Some((uid, gid)) => {
                lchown(path, Some(uid), Some(gid)).map_err(PostgresError::from_io("change the owner of", path))
            }
            None => Ok(()),
        }
    }

    /// Creates a folder with mode 0700 if it is missing.
    pub(super) fn create_private_dir(self, path: &Path) -> Result<(), PostgresError> {
        match DirBuilder::new().mode(0o700).create(path) {
            Err(source) if source.kind() != ErrorKind::AlreadyExists => {
                Err(PostgresError::from_io("create", path)(source))
            }
            _ => self.chown(path),
        }
    }

    /// Does not interpret permission bits: a child process with the identity of the account tries to enter the folder.
    fn can_enter(self, folder: &Path) -> bool {
        let visit = || {
            let mut command = self.command(Path::new("true"));
            command.current_dir(folder).stdin(Stdio::null()).status()
        };
        !self.is_other_user() || visit().is_ok_and(|status| status.success())
    }

    fn is_other_user(self) -> bool {
        self.0.is_some()
    }
}

/// The major version that wrote this data. `None` if there is no data.
pub(super) fn data_version(data: &Path) -> Result<Option<String>, PostgresError> {
    let path = data.join("PG_VERSION");
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(source) if source.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(PostgresError::from_io("read", &path)(source)),
    }
}

/// `sockaddr_un` has 108 bytes including the terminating zero. A comma is not possible either: libpq would see two hosts.
const MAX_SOCKET_PATH_LEN: usize = 107;

/// The fallback folder, with a short path. In /var/tmp, because /tmp is emptied at boot. The hash (FNV-1a) is implemented
/// here, because the one of the standard library may change, and the data would not be found again.
fn fallback_dir(folder: &Path) -> PathBuf {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = folder.as_os_str().as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, step);
    PathBuf::from(format!("/var/tmp/dzwoni-{hash:016x}"))
}

/// Creates the fallback folder. Any user may have created that name in /var/tmp, so an existing folder is used only if it
/// has the right owner. The account can enter it, but not change its content.
fn create_fallback_dir(annex: &Path) -> Result<(), PostgresError> {
    if let Err(source) = fs::create_dir(annex)
        && source.kind() != ErrorKind::AlreadyExists
    {
        return Err(PostgresError::from_io("create", annex)(source));
    }
    let found = fs::symlink_metadata(annex).map_err(PostgresError::from_io("read", annex))?;
    if !found.is_dir() || ![0, geteuid().as_raw()].contains(&found.uid()) {
        return Err(PostgresError::FallbackDirNotOwned(annex.to_owned()));
    }
    if found.uid() == geteuid().as_raw() {
        let passable = Permissions::from_mode(0o711);
        fs::set_permissions(annex, passable).map_err(PostgresError::from_io("open", annex))?;
    }
    Ok(())
}

/// User and group id of an account. initdb needs an account that the system knows; an id alone is not enough.
fn user_ids(name: &str) -> Option<(u32, u32)> {
    let user = User::from_name(name).ok()??;
    Some((user.uid.as_raw(), user.gid.as_raw()))
}
