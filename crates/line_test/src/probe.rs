//! The messages of a test: the browser's and the echo have the same shape, little endian, 96 bytes.
//!
//! With what WebRTC puts around it, such a message makes a datagram of about 180 bytes: a G.711 packet of 20 ms has 172.

/// Bytes in a message.
pub const MESSAGE_LEN: usize = 96;
/// Messages a second, as many as a G.711 call has.
pub const MESSAGES_PER_SECOND: u32 = 50;
/// Seconds that a test sends.
pub const TEST_SECONDS: u32 = 10;
/// Messages that a test may have at most: what is above is not answered.
pub const MAX_MESSAGES: u32 = MESSAGES_PER_SECOND * TEST_SECONDS + 100;

const PROBE_TYPE: u8 = 1;
const ECHO_TYPE: u8 = 2;
/// No browser has been open for so many milliseconds.
const MAX_CLOCK_MS: f64 = 1e12;

/// What the browser sends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Probe {
    pub sequence_number: u32,
    /// By the browser's clock, in milliseconds.
    pub sent_ms: f64,
}

/// What comes back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Echo {
    pub probe: Probe,
    /// When the probe came in, by our clock, in milliseconds.
    pub received_ms: f64,
    /// Counts the echoes, so that the browser can tell a lost echo from a lost probe.
    pub echo_number: u32,
}

impl Probe {
    /// Nothing else than a well-formed probe is read.
    pub fn parse(bytes: &[u8]) -> Option<Probe> {
        let bytes: &[u8; MESSAGE_LEN] = bytes.try_into().ok()?;
        let probe = Probe { sequence_number: u32_at(bytes, 4), sent_ms: f64_at(bytes, 8) };
        let is_sane =
            bytes[0] == PROBE_TYPE && probe.sequence_number < MAX_MESSAGES && probe.sent_ms.abs() < MAX_CLOCK_MS;
        is_sane.then_some(probe)
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

fn u32_at(bytes: &[u8; MESSAGE_LEN], at: usize) -> u32 {
    let mut four = [0; 4];
    four.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(four)
}

fn f64_at(bytes: &[u8; MESSAGE_LEN], at: usize) -> f64 {
    let mut eight = [0; 8];
    eight.copy_from_slice(&bytes[at..at + 8]);
    f64::from_le_bytes(eight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_as_it_was_written() {
        let probe = Probe { sequence_number: 499, sent_ms: 10_234.5 };
        assert_eq!(Probe::parse(&probe.to_bytes()), Some(probe));
        let echo = Echo { probe, received_ms: 55.25, echo_number: 480 };
        assert_eq!(Echo::parse(&echo.to_bytes()), Some(echo));
    }

    #[test]
    fn anything_else_is_not_read() {
        let good = Probe { sequence_number: 1, sent_ms: 2.0 };
        let mut wrong_kind = good.to_bytes();
        wrong_kind[0] = ECHO_TYPE;
        assert_eq!(Probe::parse(&wrong_kind), None);
        assert_eq!(Probe::parse(&good.to_bytes()[..95]), None);
        assert_eq!(Probe::parse(&[&good.to_bytes()[..], &[0]].concat()), None);
        assert_eq!(Probe::parse(b""), None);
        for probe in [
            Probe { sequence_number: MAX_MESSAGES, ..good },
            Probe { sent_ms: f64::NAN, ..good },
            Probe { sent_ms: f64::INFINITY, ..good },
            Probe { sent_ms: 1e300, ..good },
        ] {
            assert_eq!(Probe::parse(&probe.to_bytes()), None, "{probe:?}");
        }
    }
}
