//! The messages of a test. Probe and echo have the same layout: little endian, 96 bytes.
//!
//! With the overhead of WebRTC a message makes a datagram of about 180 bytes. A G.711 packet of 20 ms has 172.

/// Length of a message, in bytes.
pub const MESSAGE_LEN: usize = 96;
/// Messages per second, as in a G.711 call with packets of 20 ms.
pub const MESSAGES_PER_SECOND: u32 = 50;
/// How long a test sends, in seconds.
pub const TEST_SECONDS: u32 = 10;
/// Maximum number of messages in a test. Further messages are not echoed.
pub const MAX_MESSAGES: u32 = MESSAGES_PER_SECOND * TEST_SECONDS + 100;

const PROBE_TYPE: u8 = 1;
const ECHO_TYPE: u8 = 2;
/// Limit of a plausible browser clock, in milliseconds (30 years).
const MAX_CLOCK_MS: f64 = 1e12;

/// A message from the browser.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Probe {
    pub sequence_number: u32,
    /// By the browser's clock, in milliseconds.
    pub sent_ms: f64,
}

/// The response to a probe.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Echo {
    pub probe: Probe,
    /// When the probe arrived, by the server's clock, in milliseconds.
    pub received_ms: f64,
    /// The number of the echo, so that the browser can distinguish a lost echo from a lost probe.
    pub echo_number: u32,
}

impl Probe {
    /// Returns `None` for anything but a well-formed probe.
    pub fn parse(bytes: &[u8]) -> Option<Probe> {
        let bytes: &[u8; MESSAGE_LEN] = bytes.try_into().ok()?;
        let probe = Probe { sequence_number: u32_at(bytes, 4), sent_ms: f64_at(bytes, 8) };
        let is_valid =
            bytes[0] == PROBE_TYPE && probe.sequence_number < MAX_MESSAGES && probe.sent_ms.abs() < MAX_CLOCK_MS;
        is_valid.then_some(probe)
    }

    pub fn to_bytes(&self) -> [u8; MESSAGE_LEN] {
        let mut bytes = [0; MESSAGE_LEN];
        bytes[0] = PROBE_TYPE;
        bytes[4..8].copy_from_slice(&self.sequence_number.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.sent_ms.to_le_bytes());
        bytes
    }
}

impl Echo {
    pub fn parse(bytes: &[u8]) -> Option<Echo> {
        let bytes: &[u8; MESSAGE_LEN] = bytes.try_into().ok()?;
        let probe = Probe { sequence_number: u32_at(bytes, 4), sent_ms: f64_at(bytes, 8) };
        (bytes[0] == ECHO_TYPE).then(|| Echo { probe, received_ms: f64_at(bytes, 16), echo_number: u32_at(bytes, 24) })
    }

    pub fn to_bytes(&self) -> [u8; MESSAGE_LEN] {
        let mut bytes = self.probe.to_bytes();
        bytes[0] = ECHO_TYPE;
        bytes[16..24].copy_from_slice(&self.received_ms.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.echo_number.to_le_bytes());
        bytes
    }
}

fn u32_at(bytes: &[u8; MESSAGE_LEN], offset: usize) -> u32 {
    let mut field = [0; 4];
    field.copy_from_slice(&bytes[offset..offset + 4]);
    u32::from_le_bytes(field)
}

fn f64_at(bytes: &[u8; MESSAGE_LEN], offset: usize) -> f64 {
    let mut field = [0; 8];
    field.copy_from_slice(&bytes[offset..offset + 8]);
    f64::from_le_bytes(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_parse_back_from_their_bytes() {
        let probe = Probe { sequence_number: 499, sent_ms: 10_234.5 };
        assert_eq!(Probe::parse(&probe.to_bytes()), Some(probe));
        let echo = Echo { probe, received_ms: 55.25, echo_number: 480 };
        assert_eq!(Echo::parse(&echo.to_bytes()), Some(echo));
    }

    #[test]
    fn malformed_probes_are_rejected() {
        let valid = Probe { sequence_number: 1, sent_ms: 2.0 };
        let mut wrong_type = valid.to_bytes();
        wrong_type[0] = ECHO_TYPE;
        assert_eq!(Probe::parse(&wrong_type), None);
        assert_eq!(Probe::parse(&valid.to_bytes()[..95]), None);
        assert_eq!(Probe::parse(&[&valid.to_bytes()[..], &[0]].concat()), None);
        assert_eq!(Probe::parse(b""), None);
        for probe in [
            Probe { sequence_number: MAX_MESSAGES, ..valid },
            Probe { sent_ms: f64::NAN, ..valid },
            Probe { sent_ms: f64::INFINITY, ..valid },
            Probe { sent_ms: 1e300, ..valid },
        ] {
            assert_eq!(Probe::parse(&probe.to_bytes()), None, "{probe:?}");
        }
    }
}
