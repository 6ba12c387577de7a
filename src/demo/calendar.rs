//! Arrival times of demo tickets over one year: the load by hour of day, weekday and public holiday.

use rand::{RngExt, rngs::SmallRng};
use time::{Date, Duration, OffsetDateTime, Weekday};

use crate::local_time;

/// Length of the generated period in days.
pub(super) const DAYS_BACK: i64 = 365;

/// Expected tickets in each hour of a working day, in Warsaw time.
const TICKETS_PER_HOUR: [f64; 24] = [
    0.10, 0.06, 0.05, 0.05, 0.08, 0.20, 0.60, 1.70, 4.10, 6.30, 6.70, 5.70, 4.70, 4.90, 5.00, 4.30, 3.00, 1.80, 1.20,
    0.90, 0.60, 0.40, 0.25, 0.15,
];
/// Public holidays with a fixed date (ustawa o dniach wolnych od pracy), as month and day. Movable holidays are omitted.
const HOLIDAYS: [(u8, u8); 9] = [(1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26)];
/// Incidents in the generated year that cause many reports.
const INCIDENTS_PER_YEAR: usize = 18;

/// One hour and its share of the load.
struct HourSlot {
    starts_at: OffsetDateTime,
    duration: Duration,
    /// Sum of the load of this hour and all earlier hours.
    cumulative_load: f64,
    /// The fraction of tickets in this hour that report an incident, and the index of the incident.
    incident: Option<(f64, usize)>,
}

/// The hours of the generated year.
pub(super) struct ArrivalCalendar {
    slots: Vec<HourSlot>,
}

/// The arrival of one ticket.
pub(super) struct TicketArrival {
    pub at: OffsetDateTime,
    /// Index of the incident that the ticket reports.
    pub incident: Option<usize>,
}

impl ArrivalCalendar {
    pub(super) fn year_until(now: OffsetDateTime, rng: &mut SmallRng) -> ArrivalCalendar {
        let period_start = now - Duration::days(DAYS_BACK);
        let hours = usize::try_from(DAYS_BACK * 24).unwrap_or_default();
        let mut hourly_incidents = vec![None; hours];
        for incident in 0..INCIDENTS_PER_YEAR {
            let at = rng.random_range(0..hours);
            let factor = rng.random_range(2.0..5.0);
            let end = hours.min(at + rng.random_range(1..4));
            hourly_incidents[at..end].fill(Some((factor, incident)));
        }
        let mut cumulative_load = 0.0;
        let slots = hourly_incidents.into_iter().zip(0_i64..).map(|(incident, hour)| {
            let starts_at = period_start + Duration::hours(hour);
            let growth = 0.85 + 0.3 * hour as f64 / hours as f64;
            let load = expected_load(local_time::to_local(starts_at)) * growth * rng.random_range(0.85..1.15);
            cumulative_load += load * incident.map_or(1.0, |(factor, _)| factor);
            let incident = incident.map(|(factor, index)| (1.0 - 1.0 / factor, index));
            HourSlot { starts_at, duration: Duration::HOUR, cumulative_load, incident }
        });
        ArrivalCalendar { slots: slots.collect() }
    }

    /// Draws `count` arrivals in chronological order.
    pub(super) fn draw_arrivals(&self, count: u32, rng: &mut SmallRng) -> impl Iterator<Item = TicketArrival> {
        let total_load = self.slots.last().map_or(0.0, |slot| slot.cumulative_load);
        let mut slots = self.slots.iter();
        let mut slot = slots.next();
        let mut load_before = 0.0;
        // one arrival in each of `count` equal shares of the load: sorted without a sort
        (0..count).map_while(move |number| {
            let position = (f64::from(number) + rng.random::<f64>()) / f64::from(count) * total_load;
            while let Some(passed) = slot.filter(|slot| slot.cumulative_load < position) {
                load_before = passed.cumulative_load;
                slot = slots.next();
            }
            let slot = slot.or(self.slots.last())?;
            let at = slot.starts_at
                + slot.duration
                    * ((position - load_before) / (slot.cumulative_load - load_before)).clamp(0.0, 0.999_999);
            let at = at.replace_nanosecond(at.microsecond() * 1000).unwrap_or(at);
            let incident = slot.incident.filter(|(part, _)| rng.random_bool(*part)).map(|(_, index)| index);
            Some(TicketArrival { at, incident })
        })
    }
}

/// Expected number of tickets in the hour of this local time.
fn expected_load(local: OffsetDateTime) -> f64 {
    let day_factor = match local.weekday() {
        _ if is_holiday(local.date()) => 0.12,
        Weekday::Monday => 1.25,
        Weekday::Tuesday | Weekday::Wednesday => 1.05,
        Weekday::Thursday => 1.0,
        Weekday::Friday => 0.9,
        Weekday::Saturday => 0.3,
        Weekday::Sunday => 0.18,
    };
    day_factor * TICKETS_PER_HOUR[usize::from(local.hour()) % 24]
}

fn is_holiday(date: Date) -> bool {
    HOLIDAYS.contains(&(u8::from(date.month()), date.day()))
}

/// Moves `at` into working hours (7 to 21 local time): a time at night becomes a time soon after the next 7 o'clock.
pub(super) fn next_working_time(at: OffsetDateTime, rng: &mut SmallRng) -> OffsetDateTime {
    let hour = local_time::to_local(at).hour();
    let until_seven = match hour {
        ..7 => 7 - i64::from(hour),
        7..21 => return at,
        _ => 31 - i64::from(hour),
    };
    at + Duration::hours(until_seven) - Duration::minutes(i64::from(at.minute()))
        + Duration::minutes(rng.random_range(2..50))
}
