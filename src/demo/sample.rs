//! A few reports for an empty database. They go through the same form and the same verbs as real ones; the same seed
//! gives the same tickets.

use std::net::IpAddr;

use anyhow::Context;
use rand::{RngExt, SeedableRng, rngs::SmallRng, seq::IndexedRandom};
use time::Duration;
use uuid::Uuid;

use super::{
    DEMO_EMAIL, DEMO_PASSWORD, DEMO_STAFF, distributions::pick, guide_traffic::random_complete_path, incidents, store,
};
use crate::{
    app::App,
    blocklist::{
        BlockReason, BlockSource,
        mutations::{self, BlockDraft, ExternalBlock, ReportingProgram},
        net,
    },
    checks::{self, AudibleSpeakers, CheckOutcome, Lamp, LampResult, MicrophoneStatus, NumberResult, SoundResult},
    guides::Guides,
    i18n::{Lang, UiMessage},
    local_time,
    phone::advise_dialing,
    report::ReportForm,
    staff::{self, Password, StaffMember},
    tickets::{
        AccessKey, Actor, Note, Reply, Service, TicketCategory, TicketCommand,
        command::{self, CommandContext},
        find_by_reference,
    },
    token,
    web::Client,
};

const TICKET_COUNT: i64 = 120;
/// Letters of so long ago are told to have gone. Where there is a mail server all are: made-up people get no mail.
const EMAIL_QUEUE_AGE: Duration = Duration::hours(3);

const POLISH_NUMBERS: [&str; 10] = [
    "22 555 01 20",
    "601 555 210",
    "22 555 03 40",
    "48 371 67 86",
    "61 555 20 31",
    "602 555 118",
    "32 555 11 46",
    "505 555 901",
    "71 555 30 12",
    "58 555 77 00",
];
const FOREIGN_NUMBERS: [&str; 5] =
    ["0044 20 8190 0322", "+44 161 496 0190", "0049 30 5550 1700", "+420 222 555 101", "0033 1 70 18 99 00"];
const SIP_ACCOUNTS: [&str; 6] = ["48221-101", "10482-204", "10482-210", "10377-12", "10377-31", "10510-3"];
const ERROR_TEXTS: [&str; 8] = [
    "503 Service Unavailable",
    "abonent czasowo niedostępny",
    "480 chwilowo niedostępny",
    "403 Forbidden",
    "404 Not Found",
    "Request Timeout",
    "numer nieosiągalny, proszę zadzwonić później",
    "486 Busy Here",
];
const DESCRIPTIONS: [&str; 5] = [
    "Wczoraj jeszcze działało, dziś od rana ani razu.",
    "Tylko ten numer, na inne dzwonię normalnie.",
    "Klienci skarżą się, że słyszą komunikat, a u mnie telefon milczy.",
    "Zdarza się mniej więcej co drugi raz, zwykle koło południa.",
    "Po restarcie routera działa przez godzinę i znów to samo.",
];
const MAILBOX_NAMES: [&str; 6] = ["jan.nowak", "biuro", "recepcja", "ewa.lis", "serwis", "p.kowalczyk"];

/// Fills an empty database; leaves any other alone.
///
/// # Errors
/// When the database is away.
pub async fn fill_empty(app: &App, guides: &Guides) -> anyhow::Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if !staff::is_empty(&mut tx).await? {
        set_demo_password(&mut tx).await?;
        tx.commit().await?;
        return Ok(());
    }
    let mut people = Vec::new();
    for (email, name, role) in DEMO_STAFF {
        let id = staff::insert(&mut tx, email, name, role, now).await?.context("an empty table has no namesakes")?;
        people.push(StaffMember { id, name: name.to_owned() });
    }
    set_demo_password(&mut tx).await?;

    let mut random = SmallRng::seed_from_u64(7);
    for number in (1..=TICKET_COUNT).rev() {
        // more of them lately than long ago
        let at = now - Duration::minutes(number * number / 3 + random.random_range(2..8));
        let form = random_report(&mut random, guides, at);
        let client = Client {
            ip: std::net::Ipv4Addr::new(203, 0, 113, random.random_range(1..250)).into(),
            user_agent: "Mozilla/5.0 (demo)".into(),
        };
        let trail = form.resolve_guide_path(guides, Lang::Pl).map(|progress| progress.history()).unwrap_or_default();
        let reading = form.validate(at, app.operator.records_days);
        let wrong = format!("{:?}", reading.errors.as_slice());
        let new =
            form.to_new_ticket(reading, Lang::Pl, &client, trail).with_context(|| format!("{form:?}: {wrong}"))?;
        let key = AccessKey(token::random());
        let (command::OpenOutcome::Created(reference) | command::OpenOutcome::Existing(reference)) =
            command::open_from_report(&mut tx, &new, &key, at).await?;
        if number % 3 == 0 {
            let id = checks::find_or_insert(&mut tx, &random_check_outcome(&form, app), client.ip, at).await?;
            checks::attach_to_tickets(&mut tx, &[(&id, &reference)], at).await?;
        }
        if number > 25 {
            simulate_handling(&mut tx, &reference, &people, &mut random, at).await?;
        }
    }
    insert_blocks(&mut tx, &people[0], now).await?;
    incidents::publish_demo_incidents(&mut tx, &people[1], now).await?;
    store::mark_emails_sent(&mut tx, now - if app.mail.outbound.is_some() { Duration::ZERO } else { EMAIL_QUEUE_AGE })
        .await?;
    tx.commit().await?;
    tracing::info!(tickets = TICKET_COUNT, "the empty database was filled with made-up tickets");
    Ok(())
}

/// Blocks addresses that tickets have come from, as fail2ban would, and a block of somebody's own.
async fn insert_blocks(
    db: &mut sqlx::PgConnection,
    person: &StaffMember,
    now: time::OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let program =
        ReportingProgram { reason: BlockReason::WrongPassword, source: BlockSource::Fail2ban, token_id: None };
    let given = |number: u8| ExternalBlock {
        net: IpAddr::from([203, 0, 113, number * 20]).into(),
        note: Some("jail: asterisk".into()),
        since: now - Duration::hours(number.into()),
        until: Some(now + Duration::hours(number.into())),
    };
    mutations::upsert_external(db, &(1..=9).map(given).collect::<Vec<_>>(), program, now).await?;
    let draft =
        BlockDraft {
            reason: BlockReason::Scanning, note: Some("skanowanie portów SIP, całą noc".into()), until: None
        };
    if let Ok(net) = net::parse("198.51.100.0/26") {
        mutations::insert(db, net, &draft, person.id, now).await?;
    }
    Ok(())
}

/// Lets the made-up admin sign in, if there is one who could not yet.
async fn set_demo_password(db: &mut sqlx::PgConnection) -> anyhow::Result<()> {
    if let Some(admin) = staff::find_by_email(db, DEMO_EMAIL).await?.filter(|account| account.password_hash.is_none()) {
        let password = Password::new(DEMO_PASSWORD, DEMO_EMAIL).map_err(|say| anyhow::anyhow!("{say:?}"))?;
        staff::set_password(db, admin.id, &password.hash().await?).await?;
    }
    Ok(())
}

/// A report as a customer would type it.
fn random_report(random: &mut SmallRng, guides: &Guides, at: time::OffsetDateTime) -> ReportForm {
    let category = pick(random, &TicketCategory::WITH_GUIDE);
    let local = local_time::to_local(at - Duration::minutes(random.random_range(3..50)));
    let pick_text = |random: &mut SmallRng, from: &[&str]| pick(random, from).to_owned();
    let mut form = ReportForm {
        submission: Uuid::from_u128(random.random::<u128>() & !(0xf << 76) | (4 << 76)).to_string(),
        category: category.as_str().into(),
        service: pick(random, Service::ALL).as_str().into(),
        day: "other".into(),
        date: local.date().to_string(),
        time: format!("{:02}:{:02}", local.hour(), local.minute()),
        precision: pick(random, &["exact", "exact", "5min", "30min"]).into(),
        in_billing: pick(random, &["yes", "no", "unknown"]).into(),
        email: format!("{}@example.com", pick(random, &MAILBOX_NAMES)),
        ..ReportForm::default()
    };
    match category {
        TicketCategory::LoggedOut => {
            form.account = pick_text(random, &SIP_ACCOUNTS);
            form.device = "telefon biurkowy".into();
        }
        TicketCategory::Incoming => (form.caller, form.callee) = two_polish_numbers(random),
        TicketCategory::Outgoing => {
            (form.caller, form.callee) = (pick_text(random, &SIP_ACCOUNTS), pick_text(random, &FOREIGN_NUMBERS))
        }
        TicketCategory::Audio => {
            (form.caller, form.callee) = two_polish_numbers(random);
            form.symptom = pick(random, &["one-way-me", "one-way-them", "choppy", "echo", "dropped"]).into();
        }
        TicketCategory::Unknown => {}
    }
    if random.random_bool(0.7) {
        form.error_text = pick_text(random, &ERROR_TEXTS);
    }
    if random.random_bool(0.6) {
        form.description = pick_text(random, &DESCRIPTIONS);
    }
    if random.random_bool(0.7) {
        form.guide_path = random_complete_path(guides, category, random).map_or(String::new(), |walk| walk.path);
    }
    form
}

/// What its customer has found out before.
fn random_check_outcome(form: &ReportForm, app: &App) -> CheckOutcome {
    match form.category() {
        Some(TicketCategory::LoggedOut | TicketCategory::Unknown) | None => {
            CheckOutcome::Lamps(LampResult { lamp: Lamp::Grey })
        }
        Some(TicketCategory::Incoming) => CheckOutcome::Lamps(LampResult { lamp: Lamp::Yellow }),
        Some(TicketCategory::Audio) => CheckOutcome::Sound(SoundResult {
            microphone: Some(MicrophoneStatus::Quiet),
            speakers: Some(AudibleSpeakers::Both),
        }),
        Some(TicketCategory::Outgoing) => {
            let advice = advise_dialing(&form.callee, &app.operator.short_codes);
            CheckOutcome::Number(NumberResult::new(&form.callee, &advice))
        }
    }
}

/// What staff have done with it since.
async fn simulate_handling(
    db: &mut sqlx::PgConnection,
    reference: &crate::tickets::TicketReference,
    people: &[StaffMember],
    random: &mut SmallRng,
    at: time::OffsetDateTime,
) -> anyhow::Result<()> {
    let person = people.choose(random).context("there are people")?;
    let actor = Actor::Staff(person.id);
    let mut minutes = 4;
    let mut later = || {
        minutes += 7;
        at + Duration::minutes(minutes)
    };
    let read =
        async |db: &mut sqlx::PgConnection| find_by_reference(db, reference).await?.context("it was just opened");
    let id = Uuid::from_u128(random.random());
    let ticket = read(db).await?;
    let give = TicketCommand::Assign { assignee: person.clone(), reason: None };
    let _ = command::apply(db, ticket.expected_version(), &give, None, CommandContext::new(actor, later())).await?;
    if random.random_bool(0.5) {
        let text = "Ten sam operator tranzytowy co w poprzednim zgłoszeniu. Sprawdzam drugą trasę.";
        command::add_note(db, &ticket, message_to_error(Note::parse(text.to_owned()))?, id, actor, later()).await?;
    }
    let text = "Dzień dobry, przyczyna leżała u operatora po drugiej stronie. Połączenia znów działają.";
    let resolve = TicketCommand::Resolve { text: Some(message_to_error(Reply::parse(text.to_owned()))?) };
    let wait = TicketCommand::Snooze { waiting_for: None, until: None, reason: None };
    let verb = pick(random, &[&TicketCommand::SetOpen, &wait, &resolve, &resolve, &TicketCommand::MarkSpam]).clone();
    let ticket = read(db).await?;
    let _ = command::apply(db, ticket.expected_version(), &verb, None, CommandContext::new(actor, later())).await?;
    Ok(())
}

fn message_to_error<T>(written: Result<T, UiMessage>) -> anyhow::Result<T> {
    written.map_err(|say| anyhow::anyhow!("{say:?}"))
}

/// Two numbers that are not the same.
fn two_polish_numbers(random: &mut SmallRng) -> (String, String) {
    let first = random.random_range(0..POLISH_NUMBERS.len());
    let second = (first + random.random_range(1..POLISH_NUMBERS.len())) % POLISH_NUMBERS.len();
    (POLISH_NUMBERS[first].to_owned(), POLISH_NUMBERS[second].to_owned())
}
