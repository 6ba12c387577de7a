//! Where a server keeps its files, and as whom it runs: PostgreSQL refuses to be root, and sockets have short names only.

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

/// The places of one server, all made from the folder its user named.
#[derive(Debug)]
pub(super) struct ClusterPaths {
    /// Holds `data`, `log` and usually `socket`.
    pub(super) home: PathBuf,
    /// The folder the socket is in.
    pub(super) socket_dir: PathBuf,
    pub(super) account: OsAccount,
}

impl ClusterPaths {
    /// Data that is there is found again, even if the folder has meanwhile become easier or harder to reach.
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

    /// The socket's folder as the server is told, which looks from its data folder: never with a character that a shell or
    /// PostgreSQL's list of folders would take for its own.
    pub(super) fn socket_option(&self) -> String {
        if self.socket_dir.starts_with(&self.home) { "../socket".into() } else { self.socket_dir.display().to_string() }
    }

    /// Leaves nothing outside the user's folder, unless the data is there.
    pub(super) fn remove_empty_dirs(&self) {
        if !self.socket_dir.starts_with(&self.home) {
            let _ = fs::remove_dir(&self.socket_dir);
            let _ = self.socket_dir.parent().map(fs::remove_dir);
        }
    }
}

/// The account that runs the server: for root another one, since PostgreSQL refuses; for anybody else nothing to change.
#[derive(Debug, Clone, Copy)]
pub(super) struct OsAccount(Option<(u32, u32)>);

impl OsAccount {
    /// Whoever owns the data goes on with it; so root can carry on what an ordinary user began.
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

    /// One of PostgreSQL's programs, to be run as this account and with nothing in the environment that would mislead it.
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

    /// Gives the account what root has made for it.
    pub(super) fn chown(self, path: &Path) -> Result<(), PostgresError> {
        match self.0 {
            Some((uid, gid)) => lchown(path, Some(uid), Some(gid)).map_err(PostgresError::from_io("give away", path)),
            None => Ok(()),
        }
    }

    /// Makes a folder that nobody else can enter, if it is missing.
    pub(super) fn create_private_dir(self, path: &Path) -> Result<(), PostgresError> {
        match DirBuilder::new().mode(0o700).create(path) {
            Err(source) if source.kind() != ErrorKind::AlreadyExists => {
                Err(PostgresError::from_io("create", path)(source))
            }
            _ => self.chown(path),
        }
    }

    /// Asks the kernel rather than reading permission bits: a child that has become the account tries to go there.
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

/// The major version that wrote this data; none if there is no data.
pub(super) fn data_version(data: &Path) -> Result<Option<String>, PostgresError> {
    let path = data.join("PG_VERSION");
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(source) if source.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(PostgresError::from_io("read", &path)(source)),
    }
}

/// `sockaddr_un` has 108 bytes, one of them for the closing zero. (A comma is not possible either: libpq would see two hosts.)
const MAX_SOCKET_PATH_LEN: usize = 107;

/// A short place for what the folder cannot hold. /var/tmp, since /tmp is emptied when the machine starts. The hash (FNV-1a)
/// is spelled out, since the standard library's may change with the compiler, and the data would be lost from sight.
fn fallback_dir(folder: &Path) -> PathBuf {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = folder.as_os_str().as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, step);
    PathBuf::from(format!("/var/tmp/dzwoni-{hash:016x}"))
}

/// Makes that place. Anybody may have put something of that name into /var/tmp, so it is used only if it is ours. The account
/// may pass through it, but not change what is in it.
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

/// User and group of an account. initdb needs an account that the system lists, a bare number is not enough.
fn user_ids(name: &str) -> Option<(u32, u32)> {
    let user = User::from_name(name).ok()??;
    Some((user.uid.as_raw(), user.gid.as_raw()))
}
