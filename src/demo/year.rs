//! A year of tickets, made up one after the other: the same seed gives the same year.

use rand::{Rng, RngExt, SeedableRng, rngs::SmallRng};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    calendar::{Arrival, Calendar, at_work},
    chance::{lasting, one, weighted},
    people::{self, Customers},
    texts,
    ticket::{Fate, Life, MadeUp, merge},
    walks::Walks,
};
use crate::{
    guides::Guides,
    phone::Party,
    staff::Person,
    tickets::{Billing, Category, Channel, Failure, Precision, Reference},
};

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Wanted {
    pub tickets: u32,
    pub seed: u64,
    /// The end of the year.
    pub now: OffsetDateTime,
}

/// The first reference of a seed's tickets: if it is taken, the seed has been used.
pub fn first_reference(seed: u64) -> Reference {
    Reference::of(references(seed).random())
}

fn references(seed: u64) -> SmallRng {
    SmallRng::seed_from_u64(!seed)
}

/// The tickets that are still to come.
pub struct Year {
    arrivals: std::vec::IntoIter<Arrival>,
    customers: Customers,
    pub walks: Walks,
    people: Vec<Person>,
    references: SmallRng,
    random: SmallRng,
    wanted: Wanted,
}

impl Year {
    pub fn new(wanted: Wanted, guides: &Guides, people: Vec<Person>) -> Year {
        let mut random = SmallRng::seed_from_u64(wanted.seed);
        let calendar = Calendar::before(wanted.now, &mut random);
        let customers = Customers::with_tickets(wanted.tickets, &mut random);
        let walks = Walks::draw(guides, &mut random);
        let arrivals: Vec<_> = calendar.arrivals(wanted.tickets, &mut random).collect();
        let arrivals = arrivals.into_iter();
        Year { arrivals, customers, walks, people, references: references(wanted.seed), random, wanted }
    }
}

impl Year {
    /// The next tickets, each later than all before it.
    pub fn lot(&mut self, count: usize) -> Vec<MadeUp> {
        let mut lot = Vec::with_capacity(count);
        while lot.len() < count
            && let Some(arrival) = self.arrivals.next()
        {
            let made = self.next(&arrival, &mut lot);
            lot.push(made);
        }
        lot
    }

    fn next(&mut self, arrival: &Arrival, before: &mut [MadeUp]) -> MadeUp {
        let mut fate = self.fate(arrival.at);
        let mut ticket = self.report(arrival, fate);
        // whoever writes twice does so soon
        let back = self.random.random_range(1..12);
        let first = before.len().checked_sub(back).and_then(|place| before.get_mut(place));
        let first = first.filter(|first| first.merged_into.is_none() && first.assignee.is_some());
        match &first {
            Some(first) if fate == Fate::Twice => ticket.tell_again(first),
            _ if fate == Fate::Twice => fate = Fate::Usual,
            _ => {}
        }
        let (people, now) = (&self.people, self.wanted.now);
        let seen = at_work(arrival.at + lasting(&mut self.random, 20.0, 0.8), &mut self.random);
        let mut life = Life { ticket: &mut ticket, people, random: &mut self.random, now };
        life.live(fate);
        if let Some(first) = first.filter(|_| fate == Fate::Twice)
            && (seen > now || merge(first, life.ticket, seen).is_none())
        {
            life.go_on();
        }
        ticket
    }

    fn fate(&mut self, at: OffsetDateTime) -> Fate {
        let a_day = f64::from(self.wanted.tickets) / super::calendar::DAYS as f64;
        let backlog = (150.0 + f64::from(self.wanted.tickets) / 1000.0).min(f64::from(self.wanted.tickets) / 10.0);
        // how many hang on grows less the older they are: ten days on average
        let days = (self.wanted.now - at).as_seconds_f64() / 86_400.0;
        let stuck = (backlog / (10.0 * a_day) * (-days / 10.0).exp()).min(0.6);
        match self.random.random::<f64>() {
            lot if lot < 0.005 => Fate::Robot,
            lot if lot < 0.009 => Fate::Spam,
            lot if lot < 0.03 => Fate::Twice,
            lot if lot < 0.03 + stuck => Fate::Stuck,
            _ => Fate::Usual,
        }
    }

    /// The ticket as it came.
    fn report(&mut self, arrival: &Arrival, fate: Fate) -> MadeUp {
        let random = &mut self.random;
        let customer = self.customers.one(random);
        let lang = customer.lang;
        let outage = arrival.trouble.is_some_and(|trouble| trouble % 3 == 0);
        let category = match arrival.trouble {
            Some(_) if outage => Category::LoggedOut,
            Some(_) => Category::Outgoing,
            None => weighted(
                random,
                &[(38, Category::Outgoing), (27, Category::LoggedOut), (20, Category::Incoming), (15, Category::Audio)],
            ),
        };
        let failure = failure(random, arrival, category, customer);
        let spam = matches!(fate, Fate::Robot | Fate::Spam);
        let walked = if spam || fate == Fate::Twice || random.random_bool(0.3) {
            None
        } else {
            self.walks.reported(category, arrival.at, random)
        };
        let error_text = match arrival.trouble {
            _ if spam => None,
            Some(_) if outage => Some("408 Request Timeout"),
            Some(_) => Some("503 Service Unavailable"),
            None => texts::error(random, category, lang),
        };
        let description = match () {
            () if spam => Some(one(random, &texts::SPAM).to_owned()),
            () => random.random_bool(0.6).then(|| texts::story(random, category, lang)),
        };
        let email = random.random_bool(0.88).then(|| customer.email.clone());
        let phone = (email.is_none() || random.random_bool(0.3)).then(|| customer.phone());
        MadeUp {
            id: id(arrival.at, random),
            reference: Reference::of(self.references.random()),
            category,
            status: crate::tickets::Status::New,
            channel: weighted(
                random,
                &[(86, Channel::Web), (8, Channel::Phone), (4, Channel::Chat), (2, Channel::Email)],
            ),
            lang,
            service: customer.service,
            failure,
            error_text,
            description,
            email,
            phone,
            client_ip: customer.address,
            client_agent: if fate == Fate::Robot { "python-requests/2.32" } else { customer.agent },
            trail: walked.map(|known| known.path.clone()),
            answers: walked.map_or("[]", |known| known.answers(lang)).to_owned(),
            hashes: std::array::from_fn(|_| random.random()),
            assignee: None,
            created_at: arrival.at,
            waiting_since: arrival.at,
            waiting_until: None,
            resolved_at: None,
            merged_into: None,
            events: Vec::with_capacity(6),
        }
    }
}

fn failure(random: &mut SmallRng, arrival: &Arrival, category: Category, customer: &people::Customer) -> Failure {
    if category == Category::LoggedOut {
        return Failure::LoggedOut {
            account: Party::Account(customer.account(random)),
            device: random.random_bool(0.8).then(|| customer.device.to_owned()),
            public_ip: random.random_bool(0.6).then_some(customer.address),
        };
    }
    let ours = customer.side(random);
    let (caller, callee) = match (category, arrival.trouble) {
        (Category::Incoming, _) => (people::caller(random), ours),
        (Category::Audio, _) if random.random_bool(0.4) => (people::caller(random), ours),
        (_, Some(trouble)) => (ours, people::abroad_to(random, trouble)),
        (Category::Audio | Category::Outgoing | Category::LoggedOut | Category::Unknown, None) => {
            (ours, people::callee(random))
        }
    };
    let at = arrival.at - lasting(random, 14.0, 1.2);
    let at = if random.random_bool(0.9) { at.truncate_to_minute() } else { at.truncate_to_second() };
    Failure::Call {
        caller: people::side(caller, Party::caller),
        callee: people::side(callee, Party::callee),
        at,
        precision: weighted(random, &[(6, Precision::Exact), (3, Precision::FiveMinutes), (1, Precision::HalfHour)]),
        in_billing: weighted(random, &[(5, Billing::Yes), (2, Billing::No), (3, Billing::Unknown)]),
        symptom: (category == Category::Audio).then(|| weighted(random, &texts::SYMPTOMS)),
    }
}

/// An id of this time, as `Uuid::now_v7` makes them: ids are in the order of arrival (RFC 9562, 5.7; the microseconds
/// stand in its first random bits, 6.2, method 3).
fn id(at: OffsetDateTime, random: &mut SmallRng) -> Uuid {
    let millis = u64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or_default();
    let mut rest = [0; 10];
    random.fill_bytes(&mut rest);
    let part = u16::try_from(at.nanosecond() / 1000 % 1000 * 4096 / 1000).unwrap_or_default();
    rest[..2].copy_from_slice(&part.to_be_bytes());
    uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()
}
