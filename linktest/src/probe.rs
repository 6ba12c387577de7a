//! The messages of a test: the browser's and the echo have the same shape, little endian, 96 bytes.
//!
//! With what WebRTC puts around it, such a message makes a datagram of about 180 bytes: a G.711 packet of 20 ms has 172.

/// Bytes in a message.
pub const SIZE: usize = 96;
/// Messages a second, as many as a G.711 call has.
pub const PACE: u32 = 50;
/// Seconds that a test sends.
pub const SECONDS: u32 = 10;
/// Messages that a test may have at most: what is above is not answered.
pub const MOST: u32 = PACE * SECONDS + 100;

const PROBE: u8 = 1;
const ECHO: u8 = 2;
/// No browser has been open for so many milliseconds.
const FOREVER_MS: f64 = 1e12;

/// What the browser sends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Probe {
    pub number: u32,
    /// By the browser's clock, in milliseconds.
    pub sent_ms: f64,
}

/// What comes back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Echo {
    pub probe: Probe,
    /// When the probe came in, by our clock, in milliseconds.
    pub got_ms: f64,
    /// Counts the echoes, so that the browser can tell a lost echo from a lost probe.
    pub number: u32,
}

impl Probe {
    /// Nothing else than a well-formed probe is read.
    pub fn read(bytes: &[u8]) -> Option<Probe> {
        let bytes: &[u8; SIZE] = bytes.try_into().ok()?;
        let probe = Probe { number: u32_at(bytes, 4), sent_ms: f64_at(bytes, 8) };
        let is_sane = bytes[0] == PROBE && probe.number < MOST && probe.sent_ms.abs() < FOREVER_MS;
        is_sane.then_some(probe)
    }

    pub fn write(&self) -> [u8; SIZE] {
        let mut bytes = [0; SIZE];
        bytes[0] = PROBE;
        bytes[4..8].copy_from_slice(&self.number.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.sent_ms.to_le_bytes());
        bytes
    }
}

impl Echo {
    pub fn read(bytes: &[u8]) -> Option<Echo> {
        let bytes: &[u8; SIZE] = bytes.try_into().ok()?;
        let probe = Probe { number: u32_at(bytes, 4), sent_ms: f64_at(bytes, 8) };
        (bytes[0] == ECHO).then(|| Echo { probe, got_ms: f64_at(bytes, 16), number: u32_at(bytes, 24) })
    }

    pub fn write(&self) -> [u8; SIZE] {
        let mut bytes = self.probe.write();
        bytes[0] = ECHO;
        bytes[16..24].copy_from_slice(&self.got_ms.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.number.to_le_bytes());
        bytes
    }
}

fn u32_at(bytes: &[u8; SIZE], at: usize) -> u32 {
    let mut four = [0; 4];
    four.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(four)
}

fn f64_at(bytes: &[u8; SIZE], at: usize) -> f64 {
    let mut eight = [0; 8];
    eight.copy_from_slice(&bytes[at..at + 8]);
    f64::from_le_bytes(eight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_as_it_was_written() {
        let probe = Probe { number: 499, sent_ms: 10_234.5 };
        assert_eq!(Probe::read(&probe.write()), Some(probe));
        let echo = Echo { probe, got_ms: 55.25, number: 480 };
        assert_eq!(Echo::read(&echo.write()), Some(echo));
    }

    #[test]
    fn anything_else_is_not_read() {
        let good = Probe { number: 1, sent_ms: 2.0 };
        let mut wrong_kind = good.write();
        wrong_kind[0] = ECHO;
        assert_eq!(Probe::read(&wrong_kind), None);
        assert_eq!(Probe::read(&good.write()[..95]), None);
        assert_eq!(Probe::read(&[&good.write()[..], &[0]].concat()), None);
        assert_eq!(Probe::read(b""), None);
        for probe in [
            Probe { number: MOST, ..good },
            Probe { sent_ms: f64::NAN, ..good },
            Probe { sent_ms: f64::INFINITY, ..good },
            Probe { sent_ms: 1e300, ..good },
        ] {
            assert_eq!(Probe::read(&probe.write()), None, "{probe:?}");
        }
    }
}
