//! The server's loop: takes connections, gives slow ones up, and lets the last answers out before it ends.

use std::{convert::Infallible, time::Duration};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{net::TcpListener, sync::watch, time::timeout};

use crate::router::PortalService;

/// How long a client may take to say what it wants, from the moment that it could.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the last answers may take when the server ends.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

/// Serves until `stop` comes true.
///
/// HTTP/1.1 alone: a proxy speaks HTTP/2 with browsers and this with us. To tell the two apart a server must read first,
/// and whoever sends nothing would be waited for without end.
pub async fn serve(listener: TcpListener, portal: PortalService, stop: impl Future<Output = ()>) {
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEADER_READ_TIMEOUT);
    let (ending, open) = watch::channel(());
    tokio::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // out of file descriptors, mostly: what is open must end first
                    tracing::warn!(%error, "a connection can't be taken");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let _ = stream.set_nodelay(true);
        let portal = portal.clone();
        let service = service_fn(move |request| {
            let portal = portal.clone();
            async move { Ok::<_, Infallible>(portal.handle(request, peer).await) }
        });
        let connection = server.serve_connection(TokioIo::new(stream), service).with_upgrades();
        let mut open = open.clone();
        tokio::spawn(async move {
            tokio::pin!(connection);
            // a client that hangs up or is too slow is its own matter
            tokio::select! {
                _ = &mut connection => return,
                _ = open.changed() => connection.as_mut().graceful_shutdown(),
            }
            let _ = connection.await;
        });
    }
    drop((listener, open));
    let _ = ending.send(());
    // each connection holds its end of the channel
    if timeout(SHUTDOWN_GRACE, ending.closed()).await.is_err() {
        tracing::warn!("some answers took too long and were cut off");
    }
}
