//! Lots that are not even: what the made-up year needs beside those of `rand`.

use rand::{RngExt, rngs::SmallRng};
use time::Duration;

/// One of them.
pub fn pick<T: Copy>(random: &mut SmallRng, from: &[T]) -> T {
    from[random.random_range(0..from.len())]
}

/// One of them, as often as its weight says.
pub fn pick_weighted<T: Copy>(random: &mut SmallRng, from: &[(u32, T)]) -> T {
    let all: u32 = from.iter().map(|(weight, _)| weight).sum();
    let mut place = random.random_range(0..all.max(1));
    for (weight, one) in from {
        match place.checked_sub(*weight) {
            Some(rest) => place = rest,
            None => return *one,
        }
    }
    from[0].1
}

/// A place among `count`, the first far more often than the last.
pub fn skewed_index(random: &mut SmallRng, count: usize) -> usize {
    let place = random.random::<f64>().powi(3) * count as f64;
    // below the count, so it fits
    (place as usize).min(count.saturating_sub(1))
}

/// How long a thing takes: half the time less than `median` minutes, now and then many times as much.
pub fn lognormal_duration(random: &mut SmallRng, median: f64, spread: f64) -> Duration {
    // twelve even lots make one that is all but normal
    let normal: f64 = (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
    Duration::seconds_f64(60.0 * median * (normal * spread).exp())
}
