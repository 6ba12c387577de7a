//! The page of figures, and each of them as a file.

use std::{collections::HashMap, sync::Arc};

use askama::Template;
use axum::{
    Extension, Router,
    extract::{Path, State},
    http::Uri,
    response::{IntoResponse, Response},
    routing::get,
};
use sqlx::PgConnection;

use super::{
    arrivals::{self, Arrivals},
    chart::AXIS,
    durations::{ANSWER, RESOLUTION, told},
    figures::{Figure, Maker, Name, in_words, tile},
    span::{CHOICES, Span},
    store,
    table::{grouped, share, whole_percent},
    walks::Walks,
};
use crate::{
    app::{App, Now},
    guides::Guides,
    staff::{Frame, Staff},
    web::{Error, Form, csv, html},
    words::Say,
    zone,
};

pub fn routes() -> Router<App> {
    Router::new().route("/staff/stats", get(stats)).route("/staff/stats/{file}", get(file))
}

#[derive(Template)]
#[template(path = "stats/page.html")]
struct StatsPage {
    frame: Frame,
    span: Span,
    tiles: [(String, String, String); 4],
    figures: Vec<Figure>,
}

impl StatsPage {
    fn title(&self) -> String {
        let lang = self.frame.lang();
        match self.span.days {
            1 => lang.say(&zone::long_date(self.span.today())),
            days => lang.t1("stats-last-days", "count", i64::from(days)),
        }
    }

    fn as_of(&self) -> String {
        self.frame.lang().say(&Say::new("stats-as-of").with("moment", zone::moment(self.span.now, self.span.now)))
    }

    fn choices(&self) -> Vec<(String, String, bool)> {
        let choice = |days: u16| {
            let label = match days {
                1 => self.frame.t("stats-today").into_owned(),
                days => self.frame.lang().t1("time-days", "count", i64::from(days)),
            };
            (format!("/staff/stats?days={days}"), label, days == self.span.days)
        };
        CHOICES.into_iter().map(choice).collect()
    }

    fn csv(&self, figure: &Figure) -> String {
        format!("/staff/stats/{}.csv?days={}", figure.name.as_str(), self.span.days)
    }

    fn more(&self, more: &usize) -> String {
        self.frame.lang().t1("stats-more", "count", *more)
    }

    fn download(&self, figure: &Figure) -> String {
        self.frame.lang().t1("stats-download", "figure", figure.title.as_str())
    }
}

async fn stats(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    staff: Staff,
    Now(now): Now,
    uri: Uri,
) -> Result<Response, Error> {
    let frame = Frame::new(&app, &staff, "stats");
    let lang = frame.lang();
    let span = asked(&uri, now);
    let make = Maker { lang, span, guides: &guides };
    let mut db = app.db.read().await?;
    let arrivals = read_arrivals(&mut db, span).await?;
    let answers = store::answers(&mut db, &span).await?;
    let walks = Walks::of(&store::walks(&mut db, &span).await?, &guides);
    let open = store::open(&mut db).await?;

    let by_now = if span.days == 1 { "stats-usual-by-now" } else { "stats-usual-then" };
    let usual = arrivals.usual_by_now().map(|usual| Say::new(by_now).with("count", in_words(lang, usual)));
    let ended = walks.all();
    let of_walks = Say::new("stats-of-walks")
        .with("part", grouped(ended.without, lang))
        .with("whole", grouped(ended.opened, lang));
    let without = share(ended.without, ended.opened);
    let most = answers.most.map(|most| Say::new("stats-most").with("duration", told(most)));
    let nobodys = Say::new("stats-nobodys").with("count", grouped(open.nobodys, lang));
    let tiles = [
        tile(lang, "stats-reports", Some(grouped(arrivals.all(), lang)), usual),
        tile(lang, "stats-ended-without", without.map(|share| whole_percent(share, lang)), without.and(Some(of_walks))),
        tile(lang, "stats-answer-median", answers.median.map(|median| lang.say(&told(median))), most),
        tile(lang, "stats-open-now", Some(grouped(open.all, lang)), Some(nobodys)),
    ];
    let mut figures = vec![make.hours(&arrivals)];
    if span.days > 1 {
        figures.push(make.days(&arrivals));
    }
    figures.push(make.durations(Name::Answers, &ANSWER, &answers));
    for name in [Name::Resolutions, Name::Categories, Name::Codes, Name::Symptoms, Name::Prefixes] {
        figures.push(read(name, &make, &mut db).await?);
    }
    figures.push(make.guides(&walks));
    figures.push(make.steps(&walks));
    figures.push(read(Name::Waiting, &make, &mut db).await?);
    drop(db);
    Ok(html(&StatsPage { frame, span, tiles, figures })?.into_response())
}

async fn file(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    staff: Staff,
    Now(now): Now,
    Path(file): Path<String>,
    uri: Uri,
) -> Result<Response, Error> {
    let name = file.strip_suffix(".csv").and_then(|name| Name::ALL.into_iter().find(|known| known.as_str() == name));
    let name = name.ok_or(Error::NotFound)?;
    let span = asked(&uri, now);
    let make = Maker { lang: staff.lang, span, guides: &guides };
    let figure = read(name, &make, &mut *app.db.read().await?).await?;
    Ok(csv::download(figure.table.csv(), name.as_str(), now))
}

fn asked(uri: &Uri, now: time::OffsetDateTime) -> Span {
    let form = Form::parse(uri.query().unwrap_or_default().as_bytes());
    Span::asked(form.raw("days"), now)
}

/// Reads one figure.
async fn read(name: Name, make: &Maker<'_>, db: &mut PgConnection) -> Result<Figure, sqlx::Error> {
    let span = &make.span;
    Ok(match name {
        Name::Hours => make.hours(&read_arrivals(db, *span).await?),
        Name::Days => make.days(&read_arrivals(db, *span).await?),
        Name::Answers => make.durations(name, &ANSWER, &store::answers(db, span).await?),
        Name::Resolutions => make.durations(name, &RESOLUTION, &store::resolutions(db, span).await?),
        Name::Categories => make.categories(&store::categories(db, span).await?),
        Name::Codes => make.codes(&store::codes(db, span).await?),
        Name::Symptoms => make.symptoms(&store::symptoms(db, span).await?),
        Name::Prefixes => make.prefixes(&store::prefixes(db, span).await?),
        Name::Guides => make.guides(&Walks::of(&store::walks(db, span).await?, make.guides)),
        Name::Steps => make.steps(&Walks::of(&store::walks(db, span).await?, make.guides)),
        Name::Waiting => make.waiting(&store::waiting(db).await?),
    })
}

async fn read_arrivals(db: &mut PgConnection, span: Span) -> Result<Arrivals, sqlx::Error> {
    let hours = store::arrivals(db, arrivals::since(&span), &span).await?;
    let first = hours.iter().find_map(|hour| hour.first).map(|first| zone::to_local(first).date());
    let counts: HashMap<_, _> = hours.into_iter().map(|hour| (hour.begins, hour.reports)).collect();
    Ok(Arrivals::new(span, &counts, first))
}
