//! When tickets come: the hours of a year in a call centre, from its Monday mornings to its Christmas.

use rand::{RngExt, rngs::SmallRng};
use time::{Date, Duration, OffsetDateTime, Weekday};

use crate::local_time;

/// How far back it goes.
pub const DAYS_BACK: i64 = 365;

/// Calls for help in each hour of a working day, in Warsaw.
const TICKETS_PER_HOUR: [f64; 24] = [
    0.10, 0.06, 0.05, 0.05, 0.08, 0.20, 0.60, 1.70, 4.10, 6.30, 6.70, 5.70, 4.70, 4.90, 5.00, 4.30, 3.00, 1.80, 1.20,
    0.90, 0.60, 0.40, 0.25, 0.15,
];
/// Days on which nearly nobody works (ustawa o dniach wolnych od pracy), as month and day; those that move are left out.
const HOLIDAYS: [(u8, u8); 9] = [(1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26)];
/// A year has about so many troubles that everybody calls about.
const INCIDENTS_PER_YEAR: usize = 18;

/// An hour and how much comes in it.
struct HourSlot {
    starts_at: OffsetDateTime,
    duration: Duration,
    /// With all hours before it.
    cumulative_load: f64,
    /// The part of its tickets that tell of a common trouble, and which.
    incident: Option<(f64, usize)>,
}

/// All hours of the year before a moment.
pub struct ArrivalCalendar {
    slots: Vec<HourSlot>,
}

/// A moment at which a ticket comes.
pub struct TicketArrival {
    pub at: OffsetDateTime,
    /// The common trouble that it tells of.
    pub incident: Option<usize>,
}

impl ArrivalCalendar {
    pub fn year_until(now: OffsetDateTime, random: &mut SmallRng) -> ArrivalCalendar {
        let begin = now - Duration::days(DAYS_BACK);
        let hours = usize::try_from(DAYS_BACK * 24).unwrap_or_default();
        let mut troubles = vec![None; hours];
        for trouble in 0..INCIDENTS_PER_YEAR {
            let at = random.random_range(0..hours);
            let factor = random.random_range(2.0..5.0);
            let end = hours.min(at + random.random_range(1..4));
            troubles[at..end].fill(Some((factor, trouble)));
        }
        let mut until = 0.0;
        let slots = troubles.into_iter().zip(0_i64..).map(|(trouble, hour)| {
            let begins = begin + Duration::hours(hour);
            let growth = 0.85 + 0.3 * hour as f64 / hours as f64;
            let usual = expected_load(local_time::to_local(begins)) * growth * random.random_range(0.85..1.15);
            until += usual * trouble.map_or(1.0, |(factor, _)| factor);
            let trouble = trouble.map(|(factor, which)| (1.0 - 1.0 / factor, which));
            HourSlot { starts_at: begins, duration: Duration::HOUR, cumulative_load: until, incident: trouble }
        });
        ArrivalCalendar { slots: slots.collect() }
    }

    /// So many arrivals, in their order.
    pub fn draw_arrivals(&self, count: u32, random: &mut SmallRng) -> impl Iterator<Item = TicketArrival> {
        let all = self.slots.last().map_or(0.0, |slot| slot.cumulative_load);
        let mut slots = self.slots.iter();
        let mut slot = slots.next();
        let mut before = 0.0;
        // one in each of as many equal pieces of the year's work: in order without sorting
        (0..count).map_while(move |number| {
            let place = (f64::from(number) + random.random::<f64>()) / f64::from(count) * all;
            while let Some(over) = slot.filter(|slot| slot.cumulative_load < place) {
                before = over.cumulative_load;
                slot = slots.next();
            }
            let slot = slot.or(self.slots.last())?;
            let at = slot.starts_at
                + slot.duration * ((place - before) / (slot.cumulative_load - before)).clamp(0.0, 0.999_999);
            let at = at.replace_nanosecond(at.microsecond() * 1000).unwrap_or(at);
            let trouble = slot.incident.filter(|(part, _)| random.random_bool(*part)).map(|(_, which)| which);
            Some(TicketArrival { at, incident: trouble })
        })
    }
}

/// What usually comes in the hour of this local time.
fn expected_load(local: OffsetDateTime) -> f64 {
    let day = match local.weekday() {
        _ if is_holiday(local.date()) => 0.12,
        Weekday::Monday => 1.25,
        Weekday::Tuesday | Weekday::Wednesday => 1.05,
        Weekday::Thursday => 1.0,
        Weekday::Friday => 0.9,
        Weekday::Saturday => 0.3,
        Weekday::Sunday => 0.18,
    };
    day * TICKETS_PER_HOUR[usize::from(local.hour()) % 24]
}

fn is_holiday(date: Date) -> bool {
    HOLIDAYS.contains(&(u8::from(date.month()), date.day()))
}

/// When somebody at the desk gets round to what would be done at `at`: in the small hours only the next morning.
pub fn next_working_time(at: OffsetDateTime, random: &mut SmallRng) -> OffsetDateTime {
    let hour = local_time::to_local(at).hour();
    let until_seven = match hour {
        ..7 => 7 - i64::from(hour),
        7..21 => return at,
        _ => 31 - i64::from(hour),
    };
    at + Duration::hours(until_seven) - Duration::minutes(i64::from(at.minute()))
        + Duration::minutes(random.random_range(2..50))
}
