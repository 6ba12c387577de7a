//! The visitor's public address, as the server sees it: whether it is shut out, and what to do about it.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::{
        StatusCode, Uri,
        header::{HeaderValue, RETRY_AFTER},
    },
    response::{IntoResponse, Redirect, Response},
};
use time::{Duration, OffsetDateTime};

use super::Way;
use crate::{
    addresses::{Scope, SelfService, self_service, store, write},
    app::{App, Now},
    checks::{AddressChecked, Finding, Found, Keeper, Told, address::why},
    guides::Guides,
    tickets::Category,
    web::{Client, Error, Form, Page, form::escape, html},
    words::Say,
    zone,
};

#[derive(Template)]
#[template(path = "checks/address.html")]
struct AddressPage {
    page: Page,
    way: Way,
    ip: String,
    is_v4: bool,
    scope: Scope,
    /// Nothing while the database is away: then only the address can be told.
    checked: Option<AddressChecked>,
    may: SelfService,
    /// Somebody has just asked for what can't be done.
    refused: bool,
    id: Option<String>,
}

impl AddressPage {
    fn sentence(&self) -> String {
        match &self.checked {
            Some(checked) => self.page.say(&checked.sentence()),
            None => self.page.lang.t1("address-said-unknown", "ip", self.ip.as_str()),
        }
    }

    fn kind(&self, checked: &AddressChecked) -> String {
        self.page.say(&checked.kind())
    }

    fn moment(&self, at: &OffsetDateTime) -> String {
        self.page.say(&zone::short_moment(*at))
    }

    fn until(&self, until: &Option<OffsetDateTime>) -> String {
        self.page.say(&until.map_or(Say::new("block-until-lifted"), zone::short_moment))
    }

    /// When the customer may lift a block again, if only later.
    fn later(&self) -> Option<OffsetDateTime> {
        match self.may {
            SelfService::From(at) => Some(at),
            SelfService::Now | SelfService::No => None,
        }
    }

    fn guide(&self) -> String {
        self.way.guide(&Category::LoggedOut)
    }

    /// The form about an account, with the address in it.
    fn report(&self) -> String {
        format!("{}&public_ip={}", self.way.report(Some(Category::LoggedOut)), escape(&self.ip))
    }
}

pub(super) async fn show(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    Extension(keeper): Extension<Keeper>,
    Now(now): Now,
    page: Page,
    client: Client,
    uri: Uri,
) -> Result<Response, Error> {
    let way = Way::of(&Form::parse(uri.query().unwrap_or_default().as_bytes()), &guides, page.lang);
    Ok(html(&look(&app, &keeper, page, way, &client, now).await)?.into_response())
}

/// Lifts the block of the address that the request comes from, and of no other: the form names none.
pub(super) async fn lift(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    Extension(keeper): Extension<Keeper>,
    Now(now): Now,
    page: Page,
    client: Client,
    form: Form,
) -> Result<Response, Error> {
    let way = Way::of(&form, &guides, page.lang);
    let again = way.onward(&format!("/{}/check/address", page.lang));
    let mut tx = app.db.begin().await?;
    // in this order: what somebody else lifts meanwhile is no longer there, and not counted yet
    let lifted = store::lifted(&mut tx, client.ip, now - Duration::DAY).await?;
    let entries = store::covering(&mut tx, client.ip, now).await?;
    let may = self_service(&entries, client.ip, &lifted, now);
    if may == SelfService::Now {
        write::lift(&mut tx, client.ip, now).await?;
    }
    tx.commit().await?;
    // also for those who were late: the page says how it stands now
    if may == SelfService::Now || entries.is_empty() {
        return Ok(Redirect::to(&again).into_response());
    }
    let page = AddressPage { refused: true, ..look(&app, &keeper, page.without_query(), way, &client, now).await };
    let page = html(&page)?;
    let SelfService::From(from) = may else { return Ok((StatusCode::CONFLICT, page).into_response()) };
    let wait = [(RETRY_AFTER, HeaderValue::from((from - now).whole_seconds().max(1)))];
    Ok((StatusCode::TOO_MANY_REQUESTS, wait, page).into_response())
}

/// How it stands with the visitor's address.
async fn look(
    app: &App,
    keeper: &Keeper,
    page: Page,
    mut way: Way,
    client: &Client,
    now: OffsetDateTime,
) -> AddressPage {
    let asked = async {
        let mut db = app.db.read().await?;
        let lifted = store::lifted(&mut db, client.ip, now - Duration::DAY).await?;
        let entries = store::covering(&mut db, client.ip, now).await?;
        Ok::<_, Error>((entries, lifted))
    };
    let (mut checked, mut may, mut id) = (None, SelfService::No, None);
    match asked.await {
        Ok((entries, lifted)) => {
            may = self_service(&entries, client.ip, &lifted, now);
            let found = AddressChecked::of(client.ip, &entries, &lifted);
            id = keeper.keep(app, client, &Finding::Address(found.clone()), now).await;
            checked = Some(found);
        }
        Err(error) => error.log(),
    }
    way.carried.add(id.as_deref().unwrap_or_default());
    AddressPage {
        page,
        way,
        ip: client.ip.to_string(),
        is_v4: client.ip.is_ipv4(),
        scope: Scope::of(client.ip),
        checked,
        may,
        refused: false,
        id,
    }
}
