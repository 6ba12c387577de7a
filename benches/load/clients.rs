//! HTTP clients that keep their connections open and do as little as possible, so that the servers get the CPU.

use std::{
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::{JoinSet, LocalSet},
};

/// Writes the next request into a buffer.
type NextRequest = Rc<dyn Fn(&mut Vec<u8>)>;

/// The requests to a server.
pub(crate) struct Load {
    address: SocketAddr,
    next: NextRequest,
}

/// The result of a run.
#[derive(Default)]
pub(crate) struct LoadResult {
    pub(crate) accepted: u64,
    pub(crate) refused: u64,
    /// The first unexpected response.
    pub(crate) first_unexpected: Option<String>,
    elapsed: Duration,
}

impl LoadResult {
    /// Accepted requests per second.
    pub(crate) fn rate(&self) -> f64 {
        self.accepted as f64 / self.elapsed.as_secs_f64()
    }
}

impl Load {
    /// Different requests: `next` writes one into an empty buffer.
    pub(crate) fn new(address: SocketAddr, next: impl Fn(&mut Vec<u8>) + 'static) -> Load {
        Load { address, next: Rc::new(next) }
    }

    /// The same request every time.
    pub(crate) fn repeated(address: SocketAddr, request: Vec<u8>) -> Load {
        Load::new(address, move |buffer| buffer.extend_from_slice(&request))
    }

    /// Sends requests over each of the connections for `duration`, at least one. A connection waits for the response before
    /// it sends the next request.
    pub(crate) async fn run(&self, connections: usize, duration: Duration) -> anyhow::Result<LoadResult> {
        let mut opened = Vec::new();
        for _ in 0..connections {
            opened.push(Connection::open(self.address).await?);
        }
        let started_at = Instant::now();
        let end = started_at + duration;
        let tasks = opened.into_iter().map(|connection| connection.run_until(end, self.next.clone()));
        let mut total = LoadResult::default();
        for result in run_concurrently(tasks).await? {
            let result = result?;
            total.accepted += result.accepted;
            total.refused += result.refused;
            total.first_unexpected = total.first_unexpected.or(result.first_unexpected);
        }
        total.elapsed = started_at.elapsed();
        Ok(total)
    }
}

/// Fetches a path and returns the whole response with its headers.
pub(crate) async fn fetch(address: SocketAddr, path: &str, headers: &str) -> anyhow::Result<Vec<u8>> {
    let mut connection = Connection::open(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n");
    let length = connection.send(request.as_bytes()).await?;
    connection.buffer.truncate(length);
    Ok(connection.buffer)
}

/// A keep-alive connection.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> anyhow::Result<Connection> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, buffer: vec![0; 64 * 1024] })
    }

    async fn run_until(mut self, end: Instant, next: NextRequest) -> anyhow::Result<LoadResult> {
        let mut result = LoadResult::default();
        let mut request = Vec::new();
        loop {
            request.clear();
            next(&mut request);
            let length = self.send(&request).await?;
            // 200: a page, 303: the redirect to the new ticket
            if self.buffer.starts_with(b"HTTP/1.1 200") || self.buffer.starts_with(b"HTTP/1.1 303") {
                result.accepted += 1;
            } else {
                result.refused += 1;
                result
                    .first_unexpected
                    .get_or_insert_with(|| String::from_utf8_lossy(&self.buffer[..length]).into_owned());
            }
            if Instant::now() >= end {
                return Ok(result);
            }
        }
    }

    /// Sends a request and reads the response into the buffer. Returns its length.
    pub(crate) async fn send(&mut self, request: &[u8]) -> anyhow::Result<usize> {
        self.stream.write_all(request).await?;
        let (mut read, mut response_len) = (0, None);
        loop {
            if read == self.buffer.len() {
                self.buffer.resize(read * 2, 0);
            }
            let count = self.stream.read(&mut self.buffer[read..]).await?;
            if count == 0 {
                bail!("the server closed the connection");
            }
            read += count;
            if response_len.is_none() {
                response_len = parse_response_len(&self.buffer[..read])?;
            }
            if let Some(response_len) = response_len
                && read >= response_len
            {
                return Ok(response_len);
            }
        }
    }
}

/// The length of a response, once its headers are complete.
fn parse_response_len(response: &[u8]) -> anyhow::Result<Option<usize>> {
    let Some(end) = response.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { return Ok(None) };
    let headers = std::str::from_utf8(&response[..end])?;
    let content_length = headers.lines().find_map(|line| line.strip_prefix("content-length: "));
    let body_len: usize = content_length.with_context(|| format!("no content-length: {headers}"))?.parse()?;
    Ok(Some(end + 4 + body_len))
}

/// Runs all tasks concurrently on this thread. The results are in no particular order.
pub(crate) async fn run_concurrently<T: 'static>(
    tasks: impl Iterator<Item = impl Future<Output = T> + 'static>,
) -> anyhow::Result<Vec<T>> {
    let local = LocalSet::new();
    let mut running = JoinSet::new();
    for task in tasks {
        running.spawn_local_on(task, &local);
    }
    let mut results = Vec::new();
    local
        .run_until(async {
            while let Some(result) = running.join_next().await {
                results.push(result?);
            }
            anyhow::Ok(())
        })
        .await?;
    Ok(results)
}
