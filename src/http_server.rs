//! The HTTP server: accept loop, timeouts, graceful shutdown.

use std::{convert::Infallible, time::Duration};

use axum::{
    http::{Request, StatusCode, Version, header::HOST},
    response::IntoResponse,
};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{net::TcpListener, sync::watch, time::timeout};

use crate::router::PortalService;

/// How long open requests may take at shutdown.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

/// The delay after a failed accept.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(100);

/// Serves until `shutdown` completes.
///
/// Only HTTP/1.1: browsers use HTTP/2 with the proxy. A server that supports both must read the first bytes to tell
/// them apart, and that read has no timeout (see `docs/decisions/0013-http-1-only.md`).
pub async fn serve(
    listener: TcpListener,
    portal: PortalService,
    header_timeout: Duration,
    shutdown: impl Future<Output = ()>,
) {
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(header_timeout);
    let (shutdown_sender, connections) = watch::channel(());
    tokio::pin!(shutdown);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // mostly because of too many open files; other connections must close first
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(ACCEPT_RETRY_DELAY).await;
                    continue;
                }
            },
            () = &mut shutdown => break,
        };
        let _ = stream.set_nodelay(true);
        let portal = portal.clone();
        let service = service_fn(move |request| {
            let portal = portal.clone();
            async move {
                let response = if has_one_host(&request) {
                    portal.handle(request, peer).await
                } else {
                    StatusCode::BAD_REQUEST.into_response()
                };
                Ok::<_, Infallible>(response)
            }
        });
        let connection = server.serve_connection(TokioIo::new(stream), service).with_upgrades();
        let mut shutdown = connections.clone();
        tokio::spawn(async move {
            tokio::pin!(connection);
            // errors of the client, such as a timeout, are ignored
            tokio::select! {
                _ = &mut connection => return,
                _ = shutdown.changed() => connection.as_mut().graceful_shutdown(),
            }
            let _ = connection.await;
        });
    }
    drop((listener, connections));
    let _ = shutdown_sender.send(());
    // each open connection holds a receiver
    if timeout(SHUTDOWN_GRACE, shutdown_sender.closed()).await.is_err() {
        tracing::warn!("some responses took too long and were aborted");
    }
}

/// Whether the request names its host exactly once, as HTTP/1.1 demands (RFC 9112, 3.2). A proxy and the portal could
/// otherwise take it for requests to different hosts.
fn has_one_host<B>(request: &Request<B>) -> bool {
    let count = request.headers().get_all(HOST).iter().count();
    count == 1 || (count == 0 && request.version() < Version::HTTP_11)
}
