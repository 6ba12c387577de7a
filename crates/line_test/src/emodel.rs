//! The E-model: rates how a call sounds from its delay and loss.
//!
//! ITU-T G.107 with all parameters at their defaults, in the simplified form of R. Cole and J. Rosenbluth, "Voice over IP
//! Performance Monitoring", ACM SIGCOMM CCR 31(2), 2001. Up to 300 ms it differs from the full
//! model by at most 0.9.

/// R of a call without delay and loss: the parameters of G.107 at their defaults.
const BASE_R_FACTOR: f64 = 93.2;

/// How a codec reacts to loss (G.113, Appendix I).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Codec {
    /// Ie: the impairment by the codec itself.
    pub equipment_impairment: f64,
    /// Bpl: the loss, in percent, at which half of the remaining quality (95 - Ie) is lost.
    pub packet_loss_robustness: f64,
}

/// G.711 with packet loss concealment, as in today's phones.
pub const G711_WITH_PLC: Codec = Codec { equipment_impairment: 0.0, packet_loss_robustness: 25.1 };
/// G.711 without packet loss concealment.
pub const G711_WITHOUT_PLC: Codec = Codec { equipment_impairment: 0.0, packet_loss_robustness: 4.3 };
/// G.729A with voice activity detection.
pub const G729A: Codec = Codec { equipment_impairment: 11.0, packet_loss_robustness: 19.0 };

/// The rating factor R, 0 to 93.2, for a mouth-to-ear delay in milliseconds and a loss in percent.
pub fn r_factor(codec: Codec, delay_ms: f64, loss_percent: f64) -> f64 {
    (BASE_R_FACTOR - delay_impairment(delay_ms.max(0.0)) - loss_impairment(codec, loss_percent.clamp(0.0, 100.0)))
        .clamp(0.0, 100.0)
}

/// Id in the approximation of Cole and Rosenbluth. From 177.3 ms on it grows faster, because both sides talk at the same
/// time.
fn delay_impairment(delay_ms: f64) -> f64 {
    0.024 * delay_ms + 0.11 * (delay_ms - 177.3).max(0.0)
}

/// Ie,eff for random loss (G.107, 7.5, with BurstR = 1).
fn loss_impairment(codec: Codec, loss_percent: f64) -> f64 {
    codec.equipment_impairment
        + (95.0 - codec.equipment_impairment) * loss_percent / (loss_percent + codec.packet_loss_robustness)
}

/// The estimated mean opinion score, 1 to 4.5 (G.107, Annex B).
pub fn mos(r: f64) -> f64 {
    if r <= 0.0 {
        return 1.0;
    }
    if r >= 100.0 {
        return 4.5;
    }
    // the polynomial is below 1 near R = 3
    (1.0 + 0.035 * r + r * (r - 60.0) * (100.0 - r) * 7e-6).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_near(actual: f64, expected: f64, tolerance: f64) {
        assert!((actual - expected).abs() <= tolerance, "{actual} is not {expected}");
    }

    #[test]
    fn the_defaults_of_g107_have_the_published_rating() {
        // G.107, Annex D: R = 93.2, MOS 4.41
        assert_near(r_factor(G711_WITH_PLC, 0.0, 0.0), 93.2, 0.05);
        assert_near(mos(93.2), 4.41, 0.005);
    }

    #[test]
    fn mos_matches_the_class_limits_of_g107_annex_b() {
        // G.107, table B.1: the limits of the classes of user satisfaction
        for (r, expected) in [(90.0, 4.34), (80.0, 4.03), (70.0, 3.60), (60.0, 3.10), (50.0, 2.58)] {
            // the table rounds 4.024 up
            assert_near(mos(r), expected, 0.0065);
        }
        assert_near(mos(0.0), 1.0, 0.0);
        assert_near(mos(-5.0), 1.0, 0.0);
        assert_near(mos(100.0), 4.5, 0.0);
        assert_near(mos(120.0), 4.5, 0.0);
        for tenth in 0..1000 {
            assert!((1.0..=4.5).contains(&mos(f64::from(tenth) / 10.0)));
        }
    }

    #[test]
    fn delay_impairment_matches_cole_and_rosenbluth() {
        for (ms, id) in [(0.0, 0.0), (100.0, 2.4), (177.3, 4.26), (200.0, 7.3), (300.0, 20.7), (400.0, 34.1)] {
            assert_near(delay_impairment(ms), id, 0.05);
        }
    }

    #[test]
    fn loss_impairment_matches_the_codec_parameters_of_g113() {
        // at a loss of Bpl half of 95 - Ie is lost
        assert_near(loss_impairment(G711_WITH_PLC, 25.1), 47.5, 1e-9);
        assert_near(loss_impairment(G711_WITHOUT_PLC, 4.3), 47.5, 1e-9);
        assert_near(loss_impairment(G729A, 19.0), 11.0 + 42.0, 1e-9);
        for (loss, g711, g729a) in
            [(0.0, 0.0, 11.0), (1.0, 3.6, 15.2), (2.0, 7.0, 19.0), (5.0, 15.8, 28.5), (20.0, 42.1, 54.1)]
        {
            assert_near(loss_impairment(G711_WITH_PLC, loss), g711, 0.06);
            assert_near(loss_impairment(G729A, loss), g729a, 0.06);
        }
    }

    #[test]
    fn more_delay_or_loss_never_raises_the_rating() {
        for codec in [G711_WITH_PLC, G711_WITHOUT_PLC, G729A] {
            for step in 0..100 {
                let (delay, loss) = (f64::from(step) * 10.0, f64::from(step));
                assert!(r_factor(codec, delay, 3.0) >= r_factor(codec, delay + 10.0, 3.0));
                assert!(r_factor(codec, 80.0, loss) >= r_factor(codec, 80.0, loss + 1.0));
            }
        }
        assert_near(r_factor(G711_WITH_PLC, 10_000.0, 100.0), 0.0, 0.0);
        assert_near(r_factor(G711_WITH_PLC, -5.0, -1.0), 93.2, 0.05);
    }
}
