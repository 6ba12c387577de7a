//! Random distributions that the demo generator needs in addition to those of `rand`.

use rand::{RngExt, rngs::SmallRng};
use time::Duration;

/// Returns a uniformly chosen item.
pub(super) fn pick<T: Copy>(rng: &mut SmallRng, items: &[T]) -> T {
    items[rng.random_range(0..items.len())]
}

/// Returns an item chosen in proportion to its weight.
pub(super) fn pick_weighted<T: Copy>(rng: &mut SmallRng, items: &[(u32, T)]) -> T {
    let total_weight: u32 = items.iter().map(|(weight, _)| weight).sum();
    let mut remaining = rng.random_range(0..total_weight.max(1));
    for (weight, item) in items {
        match remaining.checked_sub(*weight) {
            Some(rest) => remaining = rest,
            None => return *item,
        }
    }
    items[0].1
}

/// An index below `count`. Low indexes are far more frequent than high ones.
pub(super) fn skewed_index(rng: &mut SmallRng, count: usize) -> usize {
    let position = rng.random::<f64>().powi(3) * count as f64;
    // the value is below `count`, so the cast does not truncate it to another index
    (position as usize).min(count.saturating_sub(1))
}

/// A log-normally distributed duration with the given median in minutes. `spread` is the standard deviation of its
/// logarithm.
pub(super) fn lognormal_duration(rng: &mut SmallRng, median: f64, spread: f64) -> Duration {
    // the sum of twelve uniform values, less six, is approximately standard normal
    let normal: f64 = (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0;
    Duration::seconds_f64(60.0 * median * (normal * spread).exp())
}
