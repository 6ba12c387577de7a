//! A few reports for an empty database. They go through the same form and the same verbs as real ones; the same seed
//! gives the same tickets.

use std::net::IpAddr;

use anyhow::Context;
use rand::{RngExt, SeedableRng, rngs::SmallRng, seq::IndexedRandom};
use time::Duration;
use uuid::Uuid;

use super::{COLLEAGUES, EMAIL, PASSWORD, chance::one, store, trouble, walks::to_an_end};
use crate::{
    addresses::{
        Reason, Source, net,
        write::{self, Draft, Given, Program},
    },
    app::App,
    checks::{self, Finding, Lamp, LampSeen, Microphone, NumberRead, SoundChecked, Speakers},
    guides::Guides,
    phone::advise,
    report::ReportForm,
    staff::{self, Password, Person},
    tickets::{
        Actor, Category, Key, Note, Reply, Service, Verb, by_reference,
        verbs::{self, By},
    },
    token,
    web::Client,
    words::{Lang, Say},
    zone,
};

const TICKETS: i64 = 120;
/// Letters of so long ago are told to have gone. Where there is a mail server all are: made-up people get no mail.
const LETTERS_WAIT: Duration = Duration::hours(3);

const POLISH: [&str; 10] = [
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
const ABROAD: [&str; 5] =
    ["0044 20 8190 0322", "+44 161 496 0190", "0049 30 5550 1700", "+420 222 555 101", "0033 1 70 18 99 00"];
const ACCOUNTS: [&str; 6] = ["48221-101", "10482-204", "10482-210", "10377-12", "10377-31", "10510-3"];
const ERRORS: [&str; 8] = [
    "503 Service Unavailable",
    "abonent czasowo niedostępny",
    "480 chwilowo niedostępny",
    "403 Forbidden",
    "404 Not Found",
    "Request Timeout",
    "numer nieosiągalny, proszę zadzwonić później",
    "486 Busy Here",
];
const STORIES: [&str; 5] = [
    "Wczoraj jeszcze działało, dziś od rana ani razu.",
    "Tylko ten numer, na inne dzwonię normalnie.",
    "Klienci skarżą się, że słyszą komunikat, a u mnie telefon milczy.",
    "Zdarza się mniej więcej co drugi raz, zwykle koło południa.",
    "Po restarcie routera działa przez godzinę i znów to samo.",
];
const NAMES: [&str; 6] = ["jan.nowak", "biuro", "recepcja", "ewa.lis", "serwis", "p.kowalczyk"];

/// Fills an empty database; leaves any other alone.
///
/// # Errors
/// When the database is away.
pub async fn fill(app: &App, guides: &Guides) -> anyhow::Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if !staff::is_empty(&mut tx).await? {
        open_the_door(&mut tx).await?;
        tx.commit().await?;
        return Ok(());
    }
    let mut people = Vec::new();
    for (email, name, role) in COLLEAGUES {
        let id = staff::add(&mut tx, email, name, role, now).await?.context("an empty table has no namesakes")?;
        people.push(Person { id, name: name.to_owned() });
    }
    open_the_door(&mut tx).await?;

    let mut random = SmallRng::seed_from_u64(7);
    for number in (1..=TICKETS).rev() {
        // more of them lately than long ago
        let at = now - Duration::minutes(number * number / 3 + random.random_range(2..8));
        let form = made_up(&mut random, guides, at);
        let client = Client {
            ip: std::net::Ipv4Addr::new(203, 0, 113, random.random_range(1..250)).into(),
            agent: "Mozilla/5.0 (demo)".into(),
        };
        let trail = form.trail(guides, Lang::Pl);
        let reading = form.check(at, app.operator.records_days);
        let wrong = format!("{:?}", reading.wrong.all());
        let new = form.ticket(reading, Lang::Pl, &client, trail).with_context(|| format!("{form:?}: {wrong}"))?;
        let key = Key(token::random());
        let (verbs::Opened::New(reference) | verbs::Opened::Already(reference)) =
            verbs::open(&mut tx, &new, &key, at).await?;
        if number % 3 == 0 {
            let id = checks::keep(&mut tx, &checked(&form, app), client.ip, at).await?;
            checks::attach(&mut tx, &[(&id, &reference)], at).await?;
        }
        if number > 25 {
            handle(&mut tx, &reference, &people, &mut random, at).await?;
        }
    }
    block_some(&mut tx, &people[0], now).await?;
    trouble::publish(&mut tx, &people[1], now).await?;
    store::post_letters(&mut tx, now - if app.mail.way.is_some() { Duration::ZERO } else { LETTERS_WAIT }).await?;
    tx.commit().await?;
    tracing::info!(tickets = TICKETS, "the empty database was filled with made-up tickets");
    Ok(())
}

/// Blocks addresses that tickets have come from, as fail2ban would, and a block of somebody's own.
async fn block_some(
    db: &mut sqlx::PgConnection,
    person: &Person,
    now: time::OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let program = Program { reason: Reason::WrongPassword, source: Source::Fail2ban, token: None };
    let given = |number: u8| Given {
        net: IpAddr::from([203, 0, 113, number * 20]).into(),
        note: Some("jail: asterisk".into()),
        since: now - Duration::hours(number.into()),
        until: Some(now + Duration::hours(number.into())),
    };
    write::put(db, &(1..=9).map(given).collect::<Vec<_>>(), program, now).await?;
    let draft =
        Draft { reason: Reason::Scanning, note: Some("skanowanie portów SIP, całą noc".into()), until: None };
    if let Ok(net) = net::read("198.51.100.0/26") {
        write::add(db, net, &draft, person.id, now).await?;
    }
    Ok(())
}

/// Lets the made-up admin sign in, if there is one who could not yet.
async fn open_the_door(db: &mut sqlx::PgConnection) -> anyhow::Result<()> {
    if let Some(admin) = staff::find(db, EMAIL).await?.filter(|account| account.password_hash.is_none()) {
        let password = Password::new(PASSWORD, EMAIL).map_err(|say| anyhow::anyhow!("{say:?}"))?;
        staff::set_password(db, admin.id, &password.hash().await?).await?;
    }
    Ok(())
}

/// A report as a customer would type it.
fn made_up(random: &mut SmallRng, guides: &Guides, at: time::OffsetDateTime) -> ReportForm {
    let category = one(random, &Category::KNOWN);
    let local = zone::to_local(at - Duration::minutes(random.random_range(3..50)));
    let pick = |random: &mut SmallRng, from: &[&str]| one(random, from).to_owned();
    let mut form = ReportForm {
        submission: Uuid::from_u128(random.random::<u128>() & !(0xf << 76) | (4 << 76)).to_string(),
        category: category.as_str().into(),
        service: one(random, Service::ALL).as_str().into(),
        day: "other".into(),
        date: local.date().to_string(),
        time: format!("{:02}:{:02}", local.hour(), local.minute()),
        precision: one(random, &["exact", "exact", "5min", "30min"]).into(),
        in_billing: one(random, &["yes", "no", "unknown"]).into(),
        email: format!("{}@example.com", one(random, &NAMES)),
        ..ReportForm::default()
    };
    match category {
        Category::LoggedOut => {
            form.account = pick(random, &ACCOUNTS);
            form.device = "telefon biurkowy".into();
        }
        Category::Incoming => (form.caller, form.callee) = two(random),
        Category::Outgoing => (form.caller, form.callee) = (pick(random, &ACCOUNTS), pick(random, &ABROAD)),
        Category::Audio => {
            (form.caller, form.callee) = two(random);
            form.symptom = one(random, &["one-way-me", "one-way-them", "choppy", "echo", "dropped"]).into();
        }
        Category::Unknown => {}
    }
    if random.random_bool(0.7) {
        form.error_text = pick(random, &ERRORS);
    }
    if random.random_bool(0.6) {
        form.description = pick(random, &STORIES);
    }
    if random.random_bool(0.7) {
        form.trail = to_an_end(guides, category, random).map_or(String::new(), |walk| walk.path);
    }
    form
}

/// What its customer has found out before.
fn checked(form: &ReportForm, app: &App) -> Finding {
    match form.category() {
        Some(Category::LoggedOut | Category::Unknown) | None => Finding::Lamps(LampSeen { lamp: Lamp::Grey }),
        Some(Category::Incoming) => Finding::Lamps(LampSeen { lamp: Lamp::Yellow }),
        Some(Category::Audio) => {
            Finding::Sound(SoundChecked { microphone: Some(Microphone::Quiet), speakers: Some(Speakers::Both) })
        }
        Some(Category::Outgoing) => {
            let advice = advise(&form.callee, &app.operator.short_codes);
            Finding::Number(NumberRead::of(&form.callee, &advice))
        }
    }
}

/// What staff have done with it since.
async fn handle(
    db: &mut sqlx::PgConnection,
    reference: &crate::tickets::Reference,
    people: &[Person],
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
    let read = async |db: &mut sqlx::PgConnection| by_reference(db, reference).await?.context("it was just opened");
    let id = Uuid::from_u128(random.random());
    let ticket = read(db).await?;
    let give = Verb::Give { to: person.clone(), reason: None };
    let _ = verbs::act_on(db, ticket.seen(), &give, None, By::new(actor, later())).await?;
    if random.random_bool(0.5) {
        let text = "Ten sam operator tranzytowy co w poprzednim zgłoszeniu. Sprawdzam drugą trasę.";
        verbs::note(db, &ticket, wrong(Note::written(text.to_owned()))?, id, actor, later()).await?;
    }
    let text = "Dzień dobry, przyczyna leżała u operatora po drugiej stronie. Połączenia znów działają.";
    let resolve = Verb::Resolve { text: Some(wrong(Reply::written(text.to_owned()))?) };
    let wait = Verb::Wait { whom: None, until: None, reason: None };
    let verb = one(random, &[&Verb::Open, &wait, &resolve, &resolve, &Verb::Spam]).clone();
    let ticket = read(db).await?;
    let _ = verbs::act_on(db, ticket.seen(), &verb, None, By::new(actor, later())).await?;
    Ok(())
}

fn wrong<T>(written: Result<T, Say>) -> anyhow::Result<T> {
    written.map_err(|say| anyhow::anyhow!("{say:?}"))
}

/// Two numbers that are not the same.
fn two(random: &mut SmallRng) -> (String, String) {
    let first = random.random_range(0..POLISH.len());
    let second = (first + random.random_range(1..POLISH.len())) % POLISH.len();
    (POLISH[first].to_owned(), POLISH[second].to_owned())
}
