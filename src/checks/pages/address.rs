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

use super::CheckNavigation;
use crate::{
    app::{App, Now},
    blocklist::{AddressScope, SelfServiceLift, check_self_service, mutations, store},
    checks::{
        AddressBlockStatus, AddressResult, CheckOutcome, CheckResultStore, Describe, address::customer_reason_label,
    },
    guides::Guides,
    i18n::UiMessage,
    local_time,
    tickets::TicketCategory,
    web::{AppError, Client, Form, PublicLayout, form::percent_encode, render_html},
};

#[derive(Template)]
#[template(path = "checks/address.html")]
struct AddressCheckPage {
    page: PublicLayout,
    navigation: CheckNavigation,
    ip: String,
    is_ipv4: bool,
    scope: AddressScope,
    /// Nothing while the database is away: then only the address can be told.
    result: Option<AddressResult>,
    self_service: SelfServiceLift,
    /// Somebody has just asked for what can't be done.
    was_lift_refused: bool,
    result_id: Option<String>,
}

impl AddressCheckPage {
    fn summary(&self) -> String {
        match &self.result {
            Some(checked) => self.page.format(&checked.summary()),
            None => self.page.lang.t_with("address-result-unknown", "ip", self.ip.as_str()),
        }
    }

    fn format_kind(&self, checked: &AddressResult) -> String {
        self.page.format(&checked.kind())
    }

    fn format_time(&self, at: &OffsetDateTime) -> String {
        self.page.format(&local_time::format_date_time(*at))
    }

    fn format_until(&self, until: &Option<OffsetDateTime>) -> String {
        self.page.format(&until.map_or(UiMessage::new("block-until-lifted"), local_time::format_date_time))
    }

    /// When the customer may lift a block again, if only later.
    fn next_lift_at(&self) -> Option<OffsetDateTime> {
        match self.self_service {
            SelfServiceLift::AllowedFrom(at) => Some(at),
            SelfServiceLift::Allowed | SelfServiceLift::StaffOnly => None,
        }
    }

    fn guide_url(&self) -> String {
        self.navigation.guide_url(&TicketCategory::LoggedOut)
    }

    /// The form about an account, with the address in it.
    fn report_url(&self) -> String {
        format!(
            "{}&public_ip={}",
            self.navigation.report_url(Some(TicketCategory::LoggedOut)),
            percent_encode(&self.ip)
        )
    }
}

pub(super) async fn show(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    Extension(keeper): Extension<CheckResultStore>,
    Now(now): Now,
    page: PublicLayout,
    client: Client,
    uri: Uri,
) -> Result<Response, AppError> {
    let way = CheckNavigation::from_query(&Form::parse(uri.query().unwrap_or_default().as_bytes()), &guides, page.lang);
    Ok(render_html(&load_page(&app, &keeper, page, way, &client, now).await)?.into_response())
}

/// Lifts the block of the address that the request comes from, and of no other: the form names none.
pub(super) async fn lift(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    Extension(keeper): Extension<CheckResultStore>,
    Now(now): Now,
    page: PublicLayout,
    client: Client,
    form: Form,
) -> Result<Response, AppError> {
    let way = CheckNavigation::from_query(&form, &guides, page.lang);
    let again = way.append_to_url(&format!("/{}/check/address", page.lang));
    let mut tx = app.db.begin().await?;
    // in this order, who presses twice finds the block gone, not a count that is used up
    let lifted = store::list_customer_lifts(&mut tx, client.ip, now - Duration::DAY).await?;
    let entries = store::list_covering(&mut tx, client.ip, now).await?;
    let may = check_self_service(&entries, client.ip, &lifted, now);
    if may == SelfServiceLift::Allowed {
        mutations::lift_by_customer(&mut tx, client.ip, now).await?;
    }
    tx.commit().await?;
    // also for those who were late: the page says how it stands now
    if may == SelfServiceLift::Allowed || entries.is_empty() {
        return Ok(Redirect::to(&again).into_response());
    }
    let page = AddressCheckPage {
        was_lift_refused: true,
        ..load_page(&app, &keeper, page.without_query(), way, &client, now).await
    };
    let page = render_html(&page)?;
    let SelfServiceLift::AllowedFrom(from) = may else { return Ok((StatusCode::CONFLICT, page).into_response()) };
    let wait = [(RETRY_AFTER, HeaderValue::from((from - now).whole_seconds().max(1)))];
    Ok((StatusCode::TOO_MANY_REQUESTS, wait, page).into_response())
}

/// How it stands with the visitor's address.
async fn load_page(
    app: &App,
    keeper: &CheckResultStore,
    page: PublicLayout,
    mut way: CheckNavigation,
    client: &Client,
    now: OffsetDateTime,
) -> AddressCheckPage {
    let asked = async {
        let mut db = app.db.acquire().await?;
        let entries = store::list_covering(&mut db, client.ip, now).await?;
        let lifted = store::list_customer_lifts(&mut db, client.ip, now - Duration::DAY).await?;
        Ok::<_, AppError>((entries, lifted))
    };
    let (mut checked, mut may, mut id) = (None, SelfServiceLift::StaffOnly, None);
    match asked.await {
        Ok((entries, lifted)) => {
            may = check_self_service(&entries, client.ip, &lifted, now);
            let found = AddressResult::new(client.ip, &entries, &lifted);
            id = keeper.save(app, client, &CheckOutcome::Address(found.clone()), now).await;
            checked = Some(found);
        }
        Err(error) => error.log(),
    }
    way.check_ids.add(id.as_deref().unwrap_or_default());
    AddressCheckPage {
        page,
        navigation: way,
        ip: client.ip.to_string(),
        is_ipv4: client.ip.is_ipv4(),
        scope: AddressScope::from_ip(client.ip),
        result: checked,
        self_service: may,
        was_lift_refused: false,
        result_id: id,
    }
}
