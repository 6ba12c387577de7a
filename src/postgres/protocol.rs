//! As much of PostgreSQL's protocol as it takes to see whether the server is up and to create a database.
//!
//! Spoken here, since `psql` is a package of its own, and only the protocol tells "starting up" from "up".

use std::io::{self, Error, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The server's only account, a superuser.
pub(super) const SUPERUSER: &str = "postgres";
/// No port is opened; the number is part of the socket's name.
pub(super) const PORT: u16 = 5432;

/// The socket itself.
pub(super) fn socket_path(folder: &Path) -> PathBuf {
    folder.join(format!(".s.PGSQL.{PORT}"))
}

/// Why there was no answer.
#[derive(Debug)]
pub(super) enum ConnectionError {
    /// The socket is not there, or went silent.
    Io(Error),
    /// The server itself said no: SQLSTATE and text.
    Server { code: String, message: String },
}

impl From<Error> for ConnectionError {
    fn from(error: Error) -> ConnectionError {
        ConnectionError::Io(error)
    }
}

/// A connection to the database `postgres`, which every server has. After a failure it is of no more use.
pub(super) struct PostgresConnection(UnixStream);

impl PostgresConnection {
    pub fn connect(folder: &Path) -> Result<PostgresConnection, ConnectionError> {
        let stream = UnixStream::connect(socket_path(folder))?;
        stream.set_read_timeout(Some(IO_TIMEOUT))?;
        stream.set_write_timeout(Some(IO_TIMEOUT))?;
        let mut connection = PostgresConnection(stream);
        let parameters = format!("user\0{SUPERUSER}\0database\0postgres\0\0");
        connection.send(&[], &[&PROTOCOL_VERSION_3.to_be_bytes(), parameters.as_bytes()].concat())?;
        connection.read_until_ready()?;
        Ok(connection)
    }

    /// Runs a statement and counts the rows it gives back.
    pub fn execute(&mut self, sql: &str) -> Result<usize, ConnectionError> {
        self.send(b"Q", &[sql.as_bytes(), b"\0"].concat())?;
        self.read_until_ready()
    }

    fn send(&mut self, kind: &[u8], body: &[u8]) -> io::Result<()> {
        let length = u32::try_from(body.len() + 4).map_err(Error::other)?;
        self.0.write_all(&[kind, &length.to_be_bytes(), body].concat())
    }

    /// Reads until the server is ready for the next statement.
    fn read_until_ready(&mut self) -> Result<usize, ConnectionError> {
        let mut rows = 0;
        loop {
            match self.read_message()? {
                (b'Z', _) => return Ok(rows),
                (b'D', _) => rows += 1,
                (b'E', body) => return Err(parse_error_response(&body)),
                (b'R', body) if body != [0; 4] => {
                    let message = "it asks for a password".into();
                    let code = "28P01".into();
                    return Err(ConnectionError::Server { code, message });
                }
                _ => {}
            }
        }
    }

    fn read_message(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let mut head = [0; 5];
        self.0.read_exact(&mut head)?;
        let [kind, length @ ..] = head;
        let length = u32::from_be_bytes(length) as usize;
        if !(4..MAX_MESSAGE_LEN).contains(&length) {
            return Err(Error::new(ErrorKind::InvalidData, "not PostgreSQL"));
        }
        let mut body = vec![0; length - 4];
        self.0.read_exact(&mut body)?;
        Ok((kind, body))
    }
}

const PROTOCOL_VERSION_3: u32 = 3 << 16;
const MAX_MESSAGE_LEN: usize = 1 << 20;
/// Creating a database copies one; on a busy disk that takes its time.
const IO_TIMEOUT: Duration = Duration::from_secs(60);

/// An error's fields: a letter, a text and a zero each.
fn parse_error_response(body: &[u8]) -> ConnectionError {
    let field = |letter: u8| {
        let found = body.split(|byte| *byte == 0).find(|field| field.first() == Some(&letter));
        found.map(|field| String::from_utf8_lossy(&field[1..]).into_owned()).unwrap_or_default()
    };
    ConnectionError::Server { code: field(b'C'), message: field(b'M') }
}
