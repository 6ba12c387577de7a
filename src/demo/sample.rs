//! Sample tickets for an empty database. They are created through the report form and the ticket commands. The random
//! generator has a fixed seed.

use std::net::IpAddr;

use anyhow::Context;
use rand::{RngExt, SeedableRng, rngs::SmallRng, seq::IndexedRandom};
use strum::VariantArray;
use time::Duration;
use uuid::Uuid;

use super::{DEMO_EMAIL, DEMO_STAFF, distributions::pick, guide_traffic::random_complete_path, incidents, store};
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
/// Emails older than this are marked as sent. With a mail server all emails are marked, so that none goes to a demo
/// customer.
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

/// Fills an empty database. In a database with staff accounts only the demo password is set.
pub async fn fill_empty(app: &App, guides: &Guides) -> anyhow::Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if !staff::is_empty(&mut tx).await? {
        set_demo_password(&mut tx).await?;
        tx.commit().await?;
        return Ok(());
    }
    let mut staff_members = Vec::new();
    for (email, name, role) in DEMO_STAFF {
        let id = staff::insert(&mut tx, email, name, role, now).await?.context("an account with this email exists")?;
        staff_members.push(StaffMember { id, name: name.to_owned() });
    }
    set_demo_password(&mut tx).await?;

    let mut rng = SmallRng::seed_from_u64(7);
    for number in (1..=TICKET_COUNT).rev() {
        // recent tickets are more frequent than old ones
        let at = now - Duration::minutes(number * number / 3 + rng.random_range(2..8));
        let form = random_report(&mut rng, guides, at);
        let client = Client {
            ip: std::net::Ipv4Addr::new(203, 0, 113, rng.random_range(1..250)).into(),
            user_agent: "Mozilla/5.0 (demo)".into(),
        };
        let guide_history =
            form.resolve_guide_path(guides, Lang::Pl).map(|progress| progress.history()).unwrap_or_default();
        let validation = form.validate(at, app.operator.records_days);
        let errors = format!("{:?}", validation.errors.as_slice());
        let new_ticket = form
            .to_new_ticket(validation, Lang::Pl, &client, guide_history)
            .with_context(|| format!("{form:?}: {errors}"))?;
        let key = AccessKey(token::random());
        let (command::OpenOutcome::Created(reference) | command::OpenOutcome::Existing(reference)) =
            command::open_from_report(&mut tx, &new_ticket, &key, at).await?;
        if number % 3 == 0 {
            let id = checks::find_or_insert(&mut tx, &random_check_outcome(&form, app), client.ip, at).await?;
            checks::attach_to_tickets(&mut tx, &[(&id, &reference)], at).await?;
        }
        if number > 25 {
            simulate_handling(&mut tx, &reference, &staff_members, &mut rng, at).await?;
        }
    }
    insert_blocks(&mut tx, &staff_members[0], now).await?;
    incidents::publish_demo_incidents(&mut tx, &staff_members[1], now).await?;
    store::mark_emails_sent(&mut tx, now - if app.mail.outbound.is_some() { Duration::ZERO } else { EMAIL_QUEUE_AGE })
        .await?;
    tx.commit().await?;
    tracing::info!(tickets = TICKET_COUNT, "demo tickets created in the empty database");
    Ok(())
}

/// Blocks some client addresses of tickets, as fail2ban would, and adds one block set by a staff member.
async fn insert_blocks(
    db: &mut sqlx::PgConnection,
    staff_member: &StaffMember,
    now: time::OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let program =
        ReportingProgram { reason: BlockReason::WrongPassword, source: BlockSource::Fail2ban, token_id: None };
    let external_block = |number: u8| ExternalBlock {
        net: IpAddr::from([203, 0, 113, number * 20]).into(),
        note: Some("jail: asterisk".into()),
        since: now - Duration::hours(number.into()),
        until: Some(now + Duration::hours(number.into())),
    };
    mutations::upsert_external(db, &(1..=9).map(external_block).collect::<Vec<_>>(), program, now).await?;
    let draft =
        BlockDraft {
            reason: BlockReason::Scanning, note: Some("skanowanie portów SIP, całą noc".into()), until: None
        };
    if let Ok(net) = net::parse("198.51.100.0/26") {
        mutations::insert(db, net, &draft, staff_member.id, now).await?;
    }
    Ok(())
}

/// Sets the demo password of the demo admin, unless the account has a password.
async fn set_demo_password(db: &mut sqlx::PgConnection) -> anyhow::Result<()> {
    if let Some(admin) = staff::find_by_email(db, DEMO_EMAIL).await?.filter(|account| account.password_hash.is_none()) {
        staff::set_password(db, admin.id, &Password::published().hash().await?).await?;
    }
    Ok(())
}

/// A report form as a customer would fill it in.
fn random_report(rng: &mut SmallRng, guides: &Guides, at: time::OffsetDateTime) -> ReportForm {
    let category = pick(rng, &TicketCategory::WITH_GUIDE);
    let local = local_time::to_local(at - Duration::minutes(rng.random_range(3..50)));
    let pick_text = |rng: &mut SmallRng, from: &[&str]| pick(rng, from).to_owned();
    let mut form = ReportForm {
        submission: Uuid::from_u128(rng.random::<u128>() & !(0xf << 76) | (4 << 76)).to_string(),
        category: category.into_str().into(),
        service: pick(rng, Service::VARIANTS).into_str().into(),
        day: "other".into(),
        date: local.date().to_string(),
        time: format!("{:02}:{:02}", local.hour(), local.minute()),
        precision: pick(rng, &["exact", "exact", "5min", "30min"]).into(),
        in_billing: pick(rng, &["yes", "no", "unknown"]).into(),
        email: format!("{}@example.com", pick(rng, &MAILBOX_NAMES)),
        ..ReportForm::default()
    };
    match category {
        TicketCategory::LoggedOut => {
            form.account = pick_text(rng, &SIP_ACCOUNTS);
            form.device = "telefon biurkowy".into();
        }
        TicketCategory::Incoming => (form.caller, form.callee) = two_polish_numbers(rng),
        TicketCategory::Outgoing => {
            (form.caller, form.callee) = (pick_text(rng, &SIP_ACCOUNTS), pick_text(rng, &FOREIGN_NUMBERS))
        }
        TicketCategory::Audio => {
            (form.caller, form.callee) = two_polish_numbers(rng);
            form.symptom = pick(rng, &["one-way-me", "one-way-them", "choppy", "echo", "dropped"]).into();
        }
        TicketCategory::Unknown => {}
    }
    if rng.random_bool(0.7) {
        form.error_text = pick_text(rng, &ERROR_TEXTS);
    }
    if rng.random_bool(0.6) {
        form.description = pick_text(rng, &DESCRIPTIONS);
    }
    if rng.random_bool(0.7) {
        form.guide_path = random_complete_path(guides, category, rng).map_or(String::new(), |progress| progress.path);
    }
    form
}

/// A check result that the customer attached to the report.
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

/// Simulates the handling of a ticket by staff.
async fn simulate_handling(
    db: &mut sqlx::PgConnection,
    reference: &crate::tickets::TicketReference,
    staff_members: &[StaffMember],
    rng: &mut SmallRng,
    at: time::OffsetDateTime,
) -> anyhow::Result<()> {
    let staff_member = staff_members.choose(rng).context("there are no staff members")?;
    let actor = Actor::Staff(staff_member.id);
    let mut minutes = 4;
    let mut next_time = || {
        minutes += 7;
        at + Duration::minutes(minutes)
    };
    let load_ticket = async |db: &mut sqlx::PgConnection| {
        find_by_reference(db, reference).await?.context("the new ticket does not exist")
    };
    let id = Uuid::from_u128(rng.random());
    let ticket = load_ticket(db).await?;
    let assign = TicketCommand::Assign { assignee: staff_member.clone(), reason: None };
    let _ =
        command::apply(db, ticket.expected_version(), &assign, None, CommandContext::new(actor, next_time())).await?;
    if rng.random_bool(0.5) {
        let text = "Ten sam operator tranzytowy co w poprzednim zgłoszeniu. Sprawdzam drugą trasę.";
        command::add_note(db, &ticket, message_to_error(Note::parse(text.to_owned()))?, id, actor, next_time()).await?;
    }
    let text = "Dzień dobry, przyczyna leżała u operatora po drugiej stronie. Połączenia znów działają.";
    let resolve = TicketCommand::Resolve { text: Some(message_to_error(Reply::parse(text.to_owned()))?) };
    let snooze = TicketCommand::Snooze { waiting_for: None, until: None, reason: None };
    let final_command =
        pick(rng, &[&TicketCommand::SetOpen, &snooze, &resolve, &resolve, &TicketCommand::MarkSpam]).clone();
    let ticket = load_ticket(db).await?;
    let _ =
        command::apply(db, ticket.expected_version(), &final_command, None, CommandContext::new(actor, next_time()))
            .await?;
    Ok(())
}

fn message_to_error<T>(result: Result<T, UiMessage>) -> anyhow::Result<T> {
    result.map_err(|message| anyhow::anyhow!("{message:?}"))
}

/// Two different Polish numbers.
fn two_polish_numbers(rng: &mut SmallRng) -> (String, String) {
    let first = rng.random_range(0..POLISH_NUMBERS.len());
    let second = (first + rng.random_range(1..POLISH_NUMBERS.len())) % POLISH_NUMBERS.len();
    (POLISH_NUMBERS[first].to_owned(), POLISH_NUMBERS[second].to_owned())
}
