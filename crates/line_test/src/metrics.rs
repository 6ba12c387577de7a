//! Computes loss, jitter and delay from the arrivals.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::probe;

/// Length of a common fixed jitter buffer. A phone can't play packets that are later.
pub const JITTER_BUFFER_MS: f64 = 60.0;
/// Duration of the voice in one packet.
pub const PACKET_DURATION_MS: f64 = 1000.0 / probe::MESSAGES_PER_SECOND as f64;

/// A message that arrived. The clocks of the two sides need not agree, because only differences are used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PacketArrival {
    pub sequence_number: u32,
    pub sent_ms: f64,
    pub received_ms: f64,
}

/// The metrics of one direction.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DirectionMetrics {
    pub sent: u32,
    pub received: u32,
    /// Of the messages sent.
    pub lost_percent: f64,
    #[serde(rename = "doubled")]
    pub duplicates: u32,
    pub reordered: u32,
    /// The mean change of delay from one packet to the next.
    pub jitter_ms: f64,
    /// The interarrival jitter of RFC 3550, 6.4.1, at the end of the test: a moving average over about sixteen packets.
    #[serde(rename = "jitter_rfc_ms")]
    pub jitter_rfc3550_ms: f64,
    /// Median delay beyond that of the fastest packet.
    #[serde(rename = "behind_p50_ms")]
    pub excess_delay_p50_ms: f64,
    /// The 95th percentile of it.
    #[serde(rename = "behind_p95_ms")]
    pub excess_delay_p95_ms: f64,
    /// The 99th percentile of it.
    #[serde(rename = "behind_p99_ms")]
    pub excess_delay_p99_ms: f64,
    /// Arrived later than [`JITTER_BUFFER_MS`] after the fastest packet; of the messages sent.
    pub late_percent: f64,
    /// The longest run of lost packets, as time.
    #[serde(rename = "gap_ms")]
    pub longest_gap_ms: f64,
}

impl DirectionMetrics {
    /// `sent` messages are numbered from 0. `arrivals` are in the order of arrival.
    pub fn from_arrivals(arrivals: &[PacketArrival], sent: u32) -> DirectionMetrics {
        let mut seen = HashSet::new();
        let (mut duplicates, mut reordered, mut highest) = (0, 0, None);
        let mut unique = Vec::with_capacity(arrivals.len());
        for arrival in arrivals {
            if !seen.insert(arrival.sequence_number) {
                duplicates += 1;
                continue;
            }
            if highest.is_some_and(|highest| arrival.sequence_number < highest) {
                reordered += 1;
            }
            highest = highest.max(Some(arrival.sequence_number));
            unique.push(*arrival);
        }
        let sent = sent.max(highest.map_or(0, |highest| highest + 1));
        let received = u32::try_from(unique.len()).unwrap_or(u32::MAX);
        let delays: Vec<f64> = unique.iter().map(|arrival| arrival.received_ms - arrival.sent_ms).collect();
        let fastest = delays.iter().copied().fold(f64::INFINITY, f64::min);
        let excess_delays: Vec<f64> = delays.iter().map(|delay| delay - fastest).collect();
        let late = excess_delays.iter().filter(|excess| **excess > JITTER_BUFFER_MS).count();
        let changes: Vec<f64> = delays.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
        DirectionMetrics {
            sent,
            received,
            lost_percent: percent_of(f64::from(sent - received), sent),
            duplicates,
            reordered,
            jitter_ms: if changes.is_empty() { 0.0 } else { changes.iter().sum::<f64>() / changes.len() as f64 },
            jitter_rfc3550_ms: changes.iter().fold(0.0, |jitter, change| jitter + (change - jitter) / 16.0),
            excess_delay_p50_ms: quantile(&excess_delays, 0.50),
            excess_delay_p95_ms: quantile(&excess_delays, 0.95),
            excess_delay_p99_ms: quantile(&excess_delays, 0.99),
            late_percent: percent_of(late as f64, sent),
            longest_gap_ms: longest_gap(&seen, sent),
        }
    }

    /// Packets that a phone can't play, in percent: lost or late.
    pub fn effective_loss_percent(&self) -> f64 {
        (self.lost_percent + self.late_percent).min(100.0)
    }
}

fn longest_gap(seen: &HashSet<u32>, sent: u32) -> f64 {
    let (mut longest, mut run) = (0_u32, 0_u32);
    for number in 0..sent {
        run = if seen.contains(&number) { 0 } else { run + 1 };
        longest = longest.max(run);
    }
    f64::from(longest) * PACKET_DURATION_MS
}

/// Statistics of the round-trip times.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RoundTrip {
    pub min_ms: f64,
    pub p50_ms: f64,
    pub p95_ms: f64,
    pub max_ms: f64,
    pub jitter_ms: f64,
}

impl RoundTrip {
    /// Returns `None` without any times.
    pub fn from_times(times: &[f64]) -> Option<RoundTrip> {
        let changes: Vec<f64> = times.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
        (!times.is_empty()).then(|| RoundTrip {
            min_ms: quantile(times, 0.0),
            p50_ms: quantile(times, 0.5),
            p95_ms: quantile(times, 0.95),
            max_ms: quantile(times, 1.0),
            jitter_ms: if changes.is_empty() { 0.0 } else { changes.iter().sum::<f64>() / changes.len() as f64 },
        })
    }
}

/// One second of the chart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct SecondMetrics {
    pub lost_up: u32,
    pub lost_down: u32,
    /// The 90th percentile of the round-trip times; `None` if no echo arrived.
    #[serde(rename = "trip_ms")]
    pub round_trip_p90_ms: Option<f64>,
}

impl SecondMetrics {
    /// The seconds of a test of `sent` probes. `received` are the probes that reached the server, `echoes` those whose echo
    /// reached the browser, with the round-trip time.
    pub fn per_second(sent: u32, received: &[u32], echoes: &[(u32, f64)]) -> Vec<SecondMetrics> {
        let received: HashSet<u32> = received.iter().copied().collect();
        let returned: HashSet<u32> = echoes.iter().map(|(number, _)| *number).collect();
        let numbers: Vec<u32> = (0..sent).collect();
        numbers
            .chunks(probe::MESSAGES_PER_SECOND as usize)
            .map(|second| {
                let count = |is_lost: &dyn Fn(&u32) -> bool| {
                    u32::try_from(second.iter().filter(|n| is_lost(n)).count()).unwrap_or(0)
                };
                let times: Vec<f64> =
                    echoes.iter().filter(|(number, _)| second.contains(number)).map(|(_, time)| *time).collect();
                SecondMetrics {
                    lost_up: count(&|n| !received.contains(n)),
                    lost_down: count(&|n| received.contains(n) && !returned.contains(n)),
                    round_trip_p90_ms: (!times.is_empty()).then(|| quantile(&times, 0.9)),
                }
            })
            .collect()
    }
}

fn percent_of(part: f64, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part / f64::from(whole) }
}

/// The value at a share (0 to 1) of the sorted values; 0 without values.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * share).round() as usize).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Packets every 20 ms, each with its own delay; `None` is lost.
    fn arrivals(delays: &[Option<f64>]) -> Vec<PacketArrival> {
        let all = delays.iter().enumerate().filter_map(|(number, delay)| {
            let sent_ms = number as f64 * PACKET_DURATION_MS;
            Some(PacketArrival { sequence_number: number as u32, sent_ms, received_ms: sent_ms + (*delay)? })
        });
        let mut all: Vec<_> = all.collect();
        all.sort_by(|a, b| a.received_ms.total_cmp(&b.received_ms));
        all
    }

    #[test]
    fn a_clean_line_has_no_impairments() {
        let up = DirectionMetrics::from_arrivals(&arrivals(&[Some(7.0); 500]), 500);
        assert_eq!(up, DirectionMetrics { sent: 500, received: 500, ..DirectionMetrics::default() });
    }

    #[test]
    fn loss_and_the_longest_gap_include_the_last_packets() {
        let mut delays = vec![Some(5.0); 100];
        for number in [3, 10, 11, 12, 97, 98, 99] {
            delays[number] = None;
        }
        let up = DirectionMetrics::from_arrivals(&arrivals(&delays), 100);
        assert_eq!((up.received, up.lost_percent, up.longest_gap_ms), (93, 7.0, 60.0));
        assert_eq!(DirectionMetrics::from_arrivals(&[], 50).lost_percent, 100.0);
        assert_eq!(DirectionMetrics::from_arrivals(&[], 50).longest_gap_ms, 1000.0);
        assert_eq!(DirectionMetrics::from_arrivals(&[], 0), DirectionMetrics::default());
    }

    #[test]
    fn duplicates_and_reordered_packets_are_not_lost() {
        let mut list = arrivals(&[Some(1.0); 10]);
        list.swap(4, 5);
        list.push(list[2]);
        let up = DirectionMetrics::from_arrivals(&list, 10);
        assert_eq!((up.received, up.duplicates, up.reordered, up.lost_percent), (10, 1, 1, 0.0));
    }

    #[test]
    fn packets_are_late_if_they_miss_the_jitter_buffer() {
        let mut delays = vec![Some(30.0); 100];
        delays[50] = Some(90.0);
        delays[70] = Some(90.1);
        delays[71] = Some(300.0);
        let up = DirectionMetrics::from_arrivals(&arrivals(&delays), 100);
        assert_eq!(up.late_percent, 2.0);
        assert_eq!(up.effective_loss_percent(), 2.0);
    }

    #[test]
    fn jitter_is_the_mean_change_of_delay() {
        // 10, 20, 10, 20 …: each change is 10, and the average of RFC 3550 converges to it
        let delays: Vec<_> = (0..500).map(|n| Some(if n % 2 == 0 { 10.0 } else { 20.0 })).collect();
        let up = DirectionMetrics::from_arrivals(&arrivals(&delays), 500);
        assert!((up.jitter_ms - 10.0).abs() < 1e-9);
        assert!((up.jitter_rfc3550_ms - 10.0).abs() < 0.01);
        // after one change of 16 from 0, J is 1
        let up = DirectionMetrics::from_arrivals(&arrivals(&[Some(0.0), Some(16.0)]), 2);
        assert!((up.jitter_rfc3550_ms - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_clock_offset_changes_no_metric() {
        let delays: Vec<_> = (0..200).map(|n| (n % 9 != 4).then_some(f64::from(n * 7 % 50))).collect();
        let list = arrivals(&delays);
        let shifted: Vec<_> = list
            .iter()
            .map(|arrival| PacketArrival { received_ms: arrival.received_ms - 86_400_000.0, ..*arrival })
            .collect();
        let (original, offset) =
            (DirectionMetrics::from_arrivals(&list, 200), DirectionMetrics::from_arrivals(&shifted, 200));
        assert_eq!((original.lost_percent, original.late_percent), (offset.lost_percent, offset.late_percent));
        assert!((original.jitter_ms - offset.jitter_ms).abs() < 1e-6);
    }

    #[test]
    fn each_second_counts_loss_per_direction() {
        let received: Vec<u32> = (0..100).filter(|n| *n != 7).collect();
        let echoes: Vec<(u32, f64)> = (0..100).filter(|n| ![7, 60, 61].contains(n)).map(|n| (n, 40.0)).collect();
        let series = SecondMetrics::per_second(100, &received, &echoes);
        let first = SecondMetrics { lost_up: 1, lost_down: 0, round_trip_p90_ms: Some(40.0) };
        assert_eq!(series, [first, SecondMetrics { lost_up: 0, lost_down: 2, ..first }]);
        assert_eq!(SecondMetrics::per_second(0, &[], &[]), []);
        assert_eq!(SecondMetrics::per_second(50, &[], &[])[0].round_trip_p90_ms, None);
    }

    proptest! {
        #[test]
        fn arbitrary_arrivals_stay_within_bounds(list in prop::collection::vec((0_u32..600, -1e12..1e12, -1e12..1e12), 0..50), sent in 0_u32..600) {
            let list: Vec<_> =
                list.into_iter().map(|(sequence_number, sent_ms, received_ms)| PacketArrival { sequence_number, sent_ms, received_ms }).collect();
            let up = DirectionMetrics::from_arrivals(&list, sent);
            prop_assert!((0.0..=100.0).contains(&up.lost_percent));
            prop_assert!((0.0..=100.0).contains(&up.effective_loss_percent()));
            prop_assert!(up.jitter_ms.is_finite() && up.longest_gap_ms >= 0.0);
            prop_assert_eq!(list.len(), (up.received + up.duplicates) as usize);
        }
    }
}
