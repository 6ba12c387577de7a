//! The server's loop: takes connections, gives slow ones up, and lets the last answers out before it ends.

use std::{convert::Infallible, time::Duration};

use hyper::service::service_fn;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
};
use tokio::{net::TcpListener, time::timeout};

use crate::portal::Portal;

/// How long a client may take to say what it wants.
const HEADERS: Duration = Duration::from_secs(10);
/// How long the last answers may take when the server ends.
const FAREWELL: Duration = Duration::from_secs(10);

/// Serves until `stop` comes true.
pub async fn serve(listener: TcpListener, portal: Portal, stop: impl Future<Output = ()>) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEADERS).max_concurrent_streams(100);
    let connections = GracefulShutdown::new();
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
            async move { Ok::<_, Infallible>(portal.answer(request, peer).await) }
        });
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
        let connection = connections.watch(connection.into_owned());
        tokio::spawn(async move {
            // a client that hangs up or is too slow is its own matter
            let _ = connection.await;
        });
    }
    drop(listener);
    if timeout(FAREWELL, connections.shutdown()).await.is_err() {
        tracing::warn!("some answers took too long and were cut off");
    }
}
