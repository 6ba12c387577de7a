//! A year of tickets, made up one after the other: the same seed gives the same year.

use rand::{Rng, RngExt, SeedableRng, rngs::SmallRng};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    calendar::{ArrivalCalendar, TicketArrival, next_working_time},
    customers::{self, DemoCustomers},
    distributions::{lognormal_duration, pick, pick_weighted},
    guide_traffic::GuideTraffic,
    texts,
    ticket::{DemoScenario, DemoTicket, Lifecycle, merge_duplicate},
};
use crate::{
    guides::Guides,
    phone::Party,
    staff::StaffMember,
    tickets::{BillingPresence, CallTimePrecision, ReportedFailure, TicketCategory, TicketChannel, TicketReference},
};

/// What is asked for.
#[derive(Clone, Copy)]
pub struct GeneratorParams {
    pub ticket_count: u32,
    pub seed: u64,
    /// The end of the year.
    pub now: OffsetDateTime,
}

/// The first reference of a seed's tickets: if it is taken, the seed has been used.
pub fn first_reference(seed: u64) -> TicketReference {
    TicketReference::from_bits(reference_rng(seed).random())
}

fn reference_rng(seed: u64) -> SmallRng {
    SmallRng::seed_from_u64(!seed)
}

/// The tickets that are still to come.
pub struct TicketGenerator {
    arrivals: std::vec::IntoIter<TicketArrival>,
    customers: DemoCustomers,
    pub guide_traffic: GuideTraffic,
    staff: Vec<StaffMember>,
    reference_rng: SmallRng,
    rng: SmallRng,
    params: GeneratorParams,
}

impl TicketGenerator {
    pub fn new(wanted: GeneratorParams, guides: &Guides, people: Vec<StaffMember>) -> TicketGenerator {
        let mut random = SmallRng::seed_from_u64(wanted.seed);
        let calendar = ArrivalCalendar::year_until(wanted.now, &mut random);
        let customers = DemoCustomers::for_ticket_count(wanted.ticket_count, &mut random);
        let walks = GuideTraffic::generate(guides, &mut random);
        let arrivals: Vec<_> = calendar.draw_arrivals(wanted.ticket_count, &mut random).collect();
        let arrivals = arrivals.into_iter();
        TicketGenerator {
            arrivals,
            customers,
            guide_traffic: walks,
            staff: people,
            reference_rng: reference_rng(wanted.seed),
            rng: random,
            params: wanted,
        }
    }
}

impl TicketGenerator {
    /// The next tickets, each later than all before it.
    pub fn next_batch(&mut self, count: usize) -> Vec<DemoTicket> {
        let mut lot = Vec::with_capacity(count);
        while lot.len() < count
            && let Some(arrival) = self.arrivals.next()
        {
            let made = self.next_ticket(&arrival, &mut lot);
            lot.push(made);
        }
        lot
    }

    fn next_ticket(&mut self, arrival: &TicketArrival, before: &mut [DemoTicket]) -> DemoTicket {
        let mut fate = self.draw_scenario(arrival.at);
        let mut ticket = self.new_ticket(arrival, fate);
        // whoever writes twice does so soon
        let back = self.rng.random_range(1..12);
        let first = before.len().checked_sub(back).and_then(|place| before.get_mut(place));
        let first = first.filter(|first| first.merged_into.is_none() && first.assignee.is_some());
        match &first {
            Some(first) if fate == DemoScenario::Duplicate => ticket.copy_report_from(first),
            _ if fate == DemoScenario::Duplicate => fate = DemoScenario::Normal,
            _ => {}
        }
        let (people, now) = (&self.staff, self.params.now);
        let seen = next_working_time(arrival.at + lognormal_duration(&mut self.rng, 20.0, 0.8), &mut self.rng);
        let mut life = Lifecycle { ticket: &mut ticket, staff: people, rng: &mut self.rng, now };
        life.simulate(fate);
        if let Some(first) = first.filter(|_| fate == DemoScenario::Duplicate)
            && (seen > now || merge_duplicate(first, life.ticket, seen).is_none())
        {
            life.simulate_normal();
        }
        ticket
    }

    fn draw_scenario(&mut self, at: OffsetDateTime) -> DemoScenario {
        let a_day = f64::from(self.params.ticket_count) / super::calendar::DAYS_BACK as f64;
        let backlog =
            (150.0 + f64::from(self.params.ticket_count) / 1000.0).min(f64::from(self.params.ticket_count) / 10.0);
        // how many hang on grows less the older they are: ten days on average
        let days = (self.params.now - at).as_seconds_f64() / 86_400.0;
        let stuck = (backlog / (10.0 * a_day) * (-days / 10.0).exp()).min(0.6);
        match self.rng.random::<f64>() {
            lot if lot < 0.005 => DemoScenario::Bot,
            lot if lot < 0.009 => DemoScenario::Spam,
            lot if lot < 0.03 => DemoScenario::Duplicate,
            lot if lot < 0.03 + stuck => DemoScenario::Stuck,
            _ => DemoScenario::Normal,
        }
    }

    /// The ticket as it came.
    fn new_ticket(&mut self, arrival: &TicketArrival, fate: DemoScenario) -> DemoTicket {
        let random = &mut self.rng;
        let customer = self.customers.pick(random);
        let lang = customer.lang;
        let outage = arrival.incident.is_some_and(|trouble| trouble % 3 == 0);
        let category = match arrival.incident {
            Some(_) if outage => TicketCategory::LoggedOut,
            Some(_) => TicketCategory::Outgoing,
            None => pick_weighted(
                random,
                &[
                    (38, TicketCategory::Outgoing),
                    (27, TicketCategory::LoggedOut),
                    (20, TicketCategory::Incoming),
                    (15, TicketCategory::Audio),
                ],
            ),
        };
        let failure = random_failure(random, arrival, category, customer);
        let spam = matches!(fate, DemoScenario::Bot | DemoScenario::Spam);
        let walked = if spam || fate == DemoScenario::Duplicate || random.random_bool(0.3) {
            None
        } else {
            self.guide_traffic.record_report(category, arrival.at, random)
        };
        let error_text = match arrival.incident {
            _ if spam => None,
            Some(_) if outage => Some("408 Request Timeout"),
            Some(_) => Some("503 Service Unavailable"),
            None => texts::random_error_text(random, category, lang),
        };
        let description = match () {
            () if spam => Some(pick(random, &texts::SPAM_TEXTS).to_owned()),
            () => random.random_bool(0.6).then(|| texts::random_description(random, category, lang)),
        };
        let email = random.random_bool(0.88).then(|| customer.email.clone());
        let phone = (email.is_none() || random.random_bool(0.3)).then(|| customer.main_number_e164());
        DemoTicket {
            id: uuid_v7_at(arrival.at, random),
            reference: TicketReference::from_bits(self.reference_rng.random()),
            category,
            status: crate::tickets::TicketStatus::New,
            channel: pick_weighted(
                random,
                &[
                    (86, TicketChannel::Web),
                    (8, TicketChannel::Phone),
                    (4, TicketChannel::Chat),
                    (2, TicketChannel::Email),
                ],
            ),
            lang,
            service: customer.service,
            failure,
            error_text,
            description,
            email,
            phone,
            client_ip: customer.ip,
            user_agent: if fate == DemoScenario::Bot { "python-requests/2.32" } else { customer.user_agent },
            guide_path: walked.map(|known| known.path.clone()),
            guide_answers: walked.map_or("[]", |known| known.answers(lang)).to_owned(),
            hashes: std::array::from_fn(|_| random.random()),
            assignee: None,
            created_at: arrival.at,
            awaiting_staff_since: arrival.at,
            snoozed_until: None,
            resolved_at: None,
            merged_into: None,
            events: Vec::with_capacity(6),
        }
    }
}

fn random_failure(
    random: &mut SmallRng,
    arrival: &TicketArrival,
    category: TicketCategory,
    customer: &customers::DemoCustomer,
) -> ReportedFailure {
    if category == TicketCategory::LoggedOut {
        return ReportedFailure::LoggedOut {
            account: Party::Account(customer.random_account(random)),
            device: random.random_bool(0.8).then(|| customer.device.to_owned()),
            public_ip: random.random_bool(0.6).then_some(customer.ip),
        };
    }
    let ours = customer.random_own_number(random);
    let (caller, callee) = match (category, arrival.incident) {
        (TicketCategory::Incoming, _) => (customers::random_caller(random), ours),
        (TicketCategory::Audio, _) if random.random_bool(0.4) => (customers::random_caller(random), ours),
        (_, Some(trouble)) => (ours, customers::random_number_in_incident(random, trouble)),
        (
            TicketCategory::Audio | TicketCategory::Outgoing | TicketCategory::LoggedOut | TicketCategory::Unknown,
            None,
        ) => (ours, customers::random_callee(random)),
    };
    let at = arrival.at - lognormal_duration(random, 14.0, 1.2);
    let at = if random.random_bool(0.9) { at.truncate_to_minute() } else { at.truncate_to_second() };
    ReportedFailure::Call {
        caller: customers::parse_call_party(caller, Party::parse_caller),
        callee: customers::parse_call_party(callee, Party::parse_callee),
        call_at: at,
        precision: pick_weighted(
            random,
            &[(6, CallTimePrecision::Exact), (3, CallTimePrecision::FiveMinutes), (1, CallTimePrecision::HalfHour)],
        ),
        in_billing: pick_weighted(
            random,
            &[(5, BillingPresence::Yes), (2, BillingPresence::No), (3, BillingPresence::Unknown)],
        ),
        symptom: (category == TicketCategory::Audio).then(|| pick_weighted(random, &texts::SYMPTOMS)),
    }
}

/// An id of this time, as `Uuid::now_v7` makes them: ids are in the order of arrival (RFC 9562, 5.7; the microseconds
/// stand in its first random bits, 6.2, method 3).
fn uuid_v7_at(at: OffsetDateTime, random: &mut SmallRng) -> Uuid {
    let millis = u64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or_default();
    let mut rest = [0; 10];
    random.fill_bytes(&mut rest);
    let part = u16::try_from(at.nanosecond() / 1000 % 1000 * 4096 / 1000).unwrap_or_default();
    rest[..2].copy_from_slice(&part.to_be_bytes());
    uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()
}
