//! A UDP relay between a client and a server that behaves like a simulated line, in real time.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use line_test::simulated_line::{LineConditions, SimulatedDirection};
use tokio::{net::UdpSocket, task::JoinHandle};

/// One direction, shared with the task that relays.
#[derive(Clone)]
pub(crate) struct RelayDirection(Arc<Mutex<SimulatedDirection>>);

impl RelayDirection {
    fn new(conditions: LineConditions, seed: u64) -> RelayDirection {
        RelayDirection(Arc::new(Mutex::new(SimulatedDirection::new(conditions, seed))))
    }

    /// The loss in percent.
    pub(crate) fn lost_percent(&self) -> f64 {
        let direction = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        100.0 * direction.lost_count() as f64 / direction.message_delays().len().max(1) as f64
    }

    fn forward(&self, socket: &Arc<UdpSocket>, destination: SocketAddr, datagram: &[u8]) {
        let delay = self.0.lock().unwrap_or_else(PoisonError::into_inner).draw_delay(datagram);
        let Some(delay) = delay else { return };
        let (socket, datagram) = (socket.clone(), datagram.to_vec());
        tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            let _ = socket.send_to(&datagram, destination).await;
        });
    }
}

/// The relay. It stops when it is dropped.
pub(crate) struct Relay {
    pub(crate) address: SocketAddr,
    pub(crate) up: RelayDirection,
    pub(crate) down: RelayDirection,
    task: JoinHandle<()>,
}

impl Relay {
    /// Relays between one client and `server`, with the same conditions in both directions.
    pub(crate) async fn start(server: SocketAddr, conditions: LineConditions) -> anyhow::Result<Relay> {
        let outside = Arc::new(UdpSocket::bind("127.0.0.1:0").await?);
        let inside = Arc::new(UdpSocket::bind("127.0.0.1:0").await?);
        let address = outside.local_addr()?;
        let (up, down) = (RelayDirection::new(conditions, 1), RelayDirection::new(conditions, 2));
        let (relay_up, relay_down) = (up.clone(), down.clone());
        let task = tokio::spawn(async move {
            let (mut from_client, mut from_server) = ([0; 2048], [0; 2048]);
            let mut client = None;
            loop {
                tokio::select! {
                    Ok((length, from)) = outside.recv_from(&mut from_client) => {
                        client = Some(from);
                        relay_up.forward(&inside, server, &from_client[..length]);
                    }
                    Ok((length, _)) = inside.recv_from(&mut from_server) => {
                        if let Some(client) = client {
                            relay_down.forward(&outside, client, &from_server[..length]);
                        }
                    }
                }
            }
        });
        Ok(Relay { address, up, down, task })
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}
