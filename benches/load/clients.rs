//! Clients that keep their connections open and do as little as they can, so that the servers get the processor.

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

/// What to send to a server, again and again.
pub struct Load {
    address: SocketAddr,
    next: NextRequest,
}

/// What came of it.
#[derive(Default)]
pub struct Done {
    pub accepted: u64,
    pub refused: u64,
    /// The first answer that was not what it should be.
    pub odd: Option<String>,
    took: Duration,
}

impl Done {
    pub fn rate(&self) -> f64 {
        self.accepted as f64 / self.took.as_secs_f64()
    }
}

impl Load {
    /// Requests that differ: `next` writes one into an empty buffer.
    pub fn new(address: SocketAddr, next: impl Fn(&mut Vec<u8>) + 'static) -> Load {
        Load { address, next: Rc::new(next) }
    }

    /// The same request each time.
    pub fn same(address: SocketAddr, request: Vec<u8>) -> Load {
        Load::new(address, move |buffer| buffer.extend_from_slice(&request))
    }

    /// Sends for as long as told over so many connections, and at least once over each, which waits for its answer before it
    /// asks again.
    pub async fn run(&self, connections: usize, duration: Duration) -> anyhow::Result<Done> {
        let mut open = Vec::new();
        for _ in 0..connections {
            open.push(Connection::open(self.address).await?);
        }
        let begun = Instant::now();
        let end = begun + duration;
        let each = open.into_iter().map(|connection| connection.work(self.next.clone(), end));
        let mut all = Done::default();
        for done in together(each).await? {
            let done = done?;
            all.accepted += done.accepted;
            all.refused += done.refused;
            all.odd = all.odd.or(done.odd);
        }
        all.took = begun.elapsed();
        Ok(all)
    }
}

/// Fetches one address and gives the whole answer, headers and all.
pub async fn fetch(address: SocketAddr, path: &str, headers: &str) -> anyhow::Result<Vec<u8>> {
    let mut connection = Connection::open(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n");
    let length = connection.ask(request.as_bytes()).await?;
    connection.buffer.truncate(length);
    Ok(connection.buffer)
}

/// A connection that is kept open.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> anyhow::Result<Connection> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, buffer: vec![0; 64 * 1024] })
    }

    async fn work(mut self, next: NextRequest, end: Instant) -> anyhow::Result<Done> {
        let mut done = Done::default();
        let mut request = Vec::new();
        loop {
            request.clear();
            next(&mut request);
            let length = self.ask(&request).await?;
            // 200 a page, 303 the way to the new ticket
            if self.buffer.starts_with(b"HTTP/1.1 200") || self.buffer.starts_with(b"HTTP/1.1 303") {
                done.accepted += 1;
            } else {
                done.refused += 1;
                done.odd.get_or_insert_with(|| String::from_utf8_lossy(&self.buffer[..length]).into_owned());
            }
            if Instant::now() >= end {
                return Ok(done);
            }
        }
    }

    /// Sends a request and reads its answer; says how long that is.
    pub async fn ask(&mut self, request: &[u8]) -> anyhow::Result<usize> {
        self.stream.write_all(request).await?;
        let (mut read, mut whole) = (0, None);
        loop {
            if read == self.buffer.len() {
                self.buffer.resize(read * 2, 0);
            }
            let count = self.stream.read(&mut self.buffer[read..]).await?;
            if count == 0 {
                bail!("the server hung up");
            }
            read += count;
            if whole.is_none() {
                whole = length(&self.buffer[..read])?;
            }
            if let Some(whole) = whole
                && read >= whole
            {
                return Ok(whole);
            }
        }
    }
}

/// How long an answer is, once its headers are there.
fn length(answer: &[u8]) -> anyhow::Result<Option<usize>> {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let headers = std::str::from_utf8(&answer[..end])?;
    let length = headers.lines().find_map(|line| line.strip_prefix("content-length: "));
    let body: usize = length.with_context(|| format!("no length: {headers}"))?.parse()?;
    Ok(Some(end + 4 + body))
}

/// Lets all run at the same time, on this thread; gives the results in no order.
pub async fn together<T: 'static>(
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
