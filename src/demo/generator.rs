//! Generator of one year of demo tickets. The same seed generates the same tickets.

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

/// Parameters of the generator.
#[derive(Clone, Copy)]
pub(super) struct GeneratorParams {
    pub ticket_count: u32,
    pub seed: u64,
    /// The end of the generated year.
    pub now: OffsetDateTime,
}

/// Reference of the first ticket of a seed. If a ticket has it, the seed has been used.
pub(super) fn first_reference(seed: u64) -> TicketReference {
    TicketReference::from_bits(reference_rng(seed).random())
}

fn reference_rng(seed: u64) -> SmallRng {
    SmallRng::seed_from_u64(!seed)
}

/// Generates the tickets in order of arrival.
pub(super) struct TicketGenerator {
    arrivals: std::vec::IntoIter<TicketArrival>,
    customers: DemoCustomers,
    pub guide_traffic: GuideTraffic,
    staff: Vec<StaffMember>,
    reference_rng: SmallRng,
    rng: SmallRng,
    params: GeneratorParams,
}

impl TicketGenerator {
    pub(super) fn new(params: GeneratorParams, guides: &Guides, staff: Vec<StaffMember>) -> TicketGenerator {
        let mut rng = SmallRng::seed_from_u64(params.seed);
        let calendar = ArrivalCalendar::year_until(params.now, &mut rng);
        let customers = DemoCustomers::for_ticket_count(params.ticket_count, &mut rng);
        let guide_traffic = GuideTraffic::generate(guides, &mut rng);
        let arrivals = calendar.draw_arrivals(params.ticket_count, &mut rng).collect::<Vec<_>>().into_iter();
        TicketGenerator {
            arrivals,
            customers,
            guide_traffic,
            staff,
            reference_rng: reference_rng(params.seed),
            rng,
            params,
        }
    }
}

impl TicketGenerator {
    /// Returns up to `count` further tickets in order of arrival, or none at the end.
    pub(super) fn next_batch(&mut self, count: usize) -> Vec<DemoTicket> {
        let mut batch = Vec::with_capacity(count);
        while batch.len() < count
            && let Some(arrival) = self.arrivals.next()
        {
            let ticket = self.next_ticket(&arrival, &mut batch);
            batch.push(ticket);
        }
        batch
    }

    fn next_ticket(&mut self, arrival: &TicketArrival, earlier: &mut [DemoTicket]) -> DemoTicket {
        let mut scenario = self.draw_scenario(arrival.at);
        let mut ticket = self.new_ticket(arrival, scenario);
        // a duplicate follows soon after the first report
        let distance = self.rng.random_range(1..12);
        let first = earlier.len().checked_sub(distance).and_then(|index| earlier.get_mut(index));
        let first = first.filter(|first| first.merged_into.is_none() && first.assignee.is_some());
        match &first {
            Some(first) if scenario == DemoScenario::Duplicate => ticket.copy_report_from(first),
            _ if scenario == DemoScenario::Duplicate => scenario = DemoScenario::Normal,
            _ => {}
        }
        let (staff, now) = (&self.staff, self.params.now);
        let seen_at = next_working_time(arrival.at + lognormal_duration(&mut self.rng, 20.0, 0.8), &mut self.rng);
        let mut lifecycle = Lifecycle { ticket: &mut ticket, staff, rng: &mut self.rng, now };
        lifecycle.simulate(scenario);
        if let Some(first) = first.filter(|_| scenario == DemoScenario::Duplicate)
            && (seen_at > now || merge_duplicate(first, lifecycle.ticket, seen_at).is_none())
        {
            lifecycle.simulate_normal();
        }
        ticket
    }

    fn draw_scenario(&mut self, at: OffsetDateTime) -> DemoScenario {
        let tickets_per_day = f64::from(self.params.ticket_count) / super::calendar::DAYS_BACK as f64;
        let backlog =
            (150.0 + f64::from(self.params.ticket_count) / 1000.0).min(f64::from(self.params.ticket_count) / 10.0);
        // the number of stuck tickets falls exponentially with their age, with a mean of ten days
        let age_days = (self.params.now - at).as_seconds_f64() / 86_400.0;
        let stuck_probability = (backlog / (10.0 * tickets_per_day) * (-age_days / 10.0).exp()).min(0.6);
        match self.rng.random::<f64>() {
            draw if draw < 0.005 => DemoScenario::Bot,
            draw if draw < 0.009 => DemoScenario::Spam,
            draw if draw < 0.03 => DemoScenario::Duplicate,
            draw if draw < 0.03 + stuck_probability => DemoScenario::Stuck,
            _ => DemoScenario::Normal,
        }
    }

    /// Creates the ticket in its state at arrival.
    fn new_ticket(&mut self, arrival: &TicketArrival, scenario: DemoScenario) -> DemoTicket {
        let rng = &mut self.rng;
        let customer = self.customers.pick(rng);
        let lang = customer.lang;
        let outage = arrival.incident.is_some_and(|incident| incident % 3 == 0);
        let category = match arrival.incident {
            Some(_) if outage => TicketCategory::LoggedOut,
            Some(_) => TicketCategory::Outgoing,
            None => pick_weighted(
                rng,
                &[
                    (38, TicketCategory::Outgoing),
                    (27, TicketCategory::LoggedOut),
                    (20, TicketCategory::Incoming),
                    (15, TicketCategory::Audio),
                ],
            ),
        };
        let failure = random_failure(rng, arrival, category, customer);
        let spam = matches!(scenario, DemoScenario::Bot | DemoScenario::Spam);
        let guide_path = if spam || scenario == DemoScenario::Duplicate || rng.random_bool(0.3) {
            None
        } else {
            self.guide_traffic.record_report(category, arrival.at, rng)
        };
        let error_text = match arrival.incident {
            _ if spam => None,
            Some(_) if outage => Some("408 Request Timeout"),
            Some(_) => Some("503 Service Unavailable"),
            None => texts::random_error_text(rng, category, lang),
        };
        let description = match () {
            () if spam => Some(pick(rng, &texts::SPAM_TEXTS).to_owned()),
            () => rng.random_bool(0.6).then(|| texts::random_description(rng, category, lang)),
        };
        let email = rng.random_bool(0.88).then(|| customer.email.clone());
        let phone = (email.is_none() || rng.random_bool(0.3)).then(|| customer.main_number_e164());
        DemoTicket {
            id: uuid_v7_at(arrival.at, rng),
            reference: TicketReference::from_bits(self.reference_rng.random()),
            category,
            status: crate::tickets::TicketStatus::New,
            channel: pick_weighted(
                rng,
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
            user_agent: if scenario == DemoScenario::Bot { "python-requests/2.32" } else { customer.user_agent },
            guide_path: guide_path.map(|guide_path| guide_path.path.clone()),
            guide_answers: guide_path.map_or("[]", |guide_path| guide_path.answers(lang)).to_owned(),
            hashes: std::array::from_fn(|_| rng.random()),
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
    rng: &mut SmallRng,
    arrival: &TicketArrival,
    category: TicketCategory,
    customer: &customers::DemoCustomer,
) -> ReportedFailure {
    if category == TicketCategory::LoggedOut {
        return ReportedFailure::LoggedOut {
            account: Party::Account(customer.random_account(rng)),
            device: rng.random_bool(0.8).then(|| customer.device.to_owned()),
            public_ip: rng.random_bool(0.6).then_some(customer.ip),
        };
    }
    let own_number = customer.random_own_number(rng);
    let (caller, callee) = match (category, arrival.incident) {
        (TicketCategory::Incoming, _) => (customers::random_caller(rng), own_number),
        (TicketCategory::Audio, _) if rng.random_bool(0.4) => (customers::random_caller(rng), own_number),
        (_, Some(incident)) => (own_number, customers::random_number_in_incident(rng, incident)),
        (
            TicketCategory::Audio | TicketCategory::Outgoing | TicketCategory::LoggedOut | TicketCategory::Unknown,
            None,
        ) => (own_number, customers::random_callee(rng)),
    };
    let at = arrival.at - lognormal_duration(rng, 14.0, 1.2);
    let at = if rng.random_bool(0.9) { at.truncate_to_minute() } else { at.truncate_to_second() };
    ReportedFailure::Call {
        caller: customers::parse_call_party(caller, Party::parse_caller),
        callee: customers::parse_call_party(callee, Party::parse_callee),
        call_at: at,
        precision: pick_weighted(
            rng,
            &[(6, CallTimePrecision::Exact), (3, CallTimePrecision::FiveMinutes), (1, CallTimePrecision::HalfHour)],
        ),
        in_billing: pick_weighted(
            rng,
            &[(5, BillingPresence::Yes), (2, BillingPresence::No), (3, BillingPresence::Unknown)],
        ),
        symptom: (category == TicketCategory::Audio).then(|| pick_weighted(rng, &texts::SYMPTOMS)),
    }
}

/// A version 7 UUID for the given time, so that ids sort by arrival (RFC 9562, section 5.7). The microseconds are in the
/// first random bits (section 6.2, method 3).
fn uuid_v7_at(at: OffsetDateTime, rng: &mut SmallRng) -> Uuid {
    let millis = u64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or_default();
    let mut rest = [0; 10];
    rng.fill_bytes(&mut rest);
    let micros_fraction = u16::try_from(at.nanosecond() / 1000 % 1000 * 4096 / 1000).unwrap_or_default();
    rest[..2].copy_from_slice(&micros_fraction.to_be_bytes());
    uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()
}
