//! The address check's page: the visitor's public address as the server sees it, whether it is blocked, and what to do.

use askama::Template;
use axum::{
    http::{
        StatusCode,
        header::{HeaderValue, RETRY_AFTER},
    },
    response::{IntoResponse, Redirect, Response},
};
use time::{Duration, OffsetDateTime};

use super::{navigation::CheckNavigation, request::CheckRequest};
use crate::{
    blocklist::{AddressScope, SelfServiceLift, check_self_service, mutations, store},
    checks::{AddressBlockStatus, AddressResult, CheckOutcome, Describe, address::customer_reason_label},
    guides::CheckKind,
    i18n::{Label, UiMessage},
    local_time,
    tickets::TicketCategory,
    urls,
    web::{AppError, Form, PublicLayout, render_html},
};

#[derive(Template)]
#[template(path = "checks/address.html")]
struct AddressCheckPage {
    page: PublicLayout,
    navigation: CheckNavigation,
    ip: String,
    is_ipv4: bool,
    scope: AddressScope,
    /// `None` while the database is unavailable: then the page shows only the address.
    result: Option<AddressResult>,
    self_service: SelfServiceLift,
    /// The request to lift the block was refused.
    was_lift_refused: bool,
    result_id: Option<String>,
}

impl AddressCheckPage {
    fn summary(&self) -> String {
        match &self.result {
            Some(result) => self.page.format(&result.summary()),
            None => self.page.lang.t_with("address-result-unknown", "ip", self.ip.as_str()),
        }
    }

    fn format_kind(&self, result: &AddressResult) -> String {
        self.page.format(&result.kind())
    }

    fn format_time(&self, at: &OffsetDateTime) -> String {
        self.page.format(&local_time::format_date_time(*at))
    }

    fn format_until(&self, until: &Option<OffsetDateTime>) -> String {
        self.page.format(&until.map_or(UiMessage::new("block-until-lifted"), local_time::format_date_time))
    }

    /// When the customer may lift a block again, if that is in the future.
    fn next_lift_at(&self) -> Option<OffsetDateTime> {
        match self.self_service {
            SelfServiceLift::AllowedFrom(at) => Some(at),
            SelfServiceLift::Allowed | SelfServiceLift::StaffOnly => None,
        }
    }

    fn guide_url(&self) -> String {
        self.navigation.guide_url(&TicketCategory::LoggedOut)
    }

    /// The report form about an account, with the address filled in.
    fn report_url(&self) -> String {
        urls::with_query(&self.navigation.report_url(Some(TicketCategory::LoggedOut)), &[("public_ip", &self.ip)])
    }
}

pub(super) async fn show(request: CheckRequest) -> Result<Response, AppError> {
    Ok(render_html(&load_page(request).await)?.into_response())
}

/// Lifts the block of the client's own address. The form names no address, so no other can be lifted.
pub(super) async fn lift(mut request: CheckRequest, form: Form) -> Result<Response, AppError> {
    request.navigation = CheckNavigation::from_query(&form, &request.guides, request.page.lang);
    let (client_ip, now) = (request.client.ip, request.now);
    let page_url =
        request.navigation.append_to_url(&urls::public::check(request.page.lang, CheckKind::Address.into_str()));
    let mut tx = request.app.db.begin().await?;
    // the lifts are read before the entries: after a double click the second request finds no block, instead of a used-up
    // quota
    let lifts = store::list_customer_lifts(&mut tx, client_ip, now - Duration::DAY).await?;
    let entries = store::list_covering(&mut tx, client_ip, now).await?;
    let self_service = check_self_service(&entries, client_ip, &lifts, now);
    if self_service == SelfServiceLift::Allowed {
        mutations::lift_by_customer(&mut tx, client_ip, now).await?;
    }
    tx.commit().await?;
    // if the block has ended meanwhile, the page shows that
    if self_service == SelfServiceLift::Allowed || entries.is_empty() {
        return Ok(Redirect::to(&page_url).into_response());
    }
    request.page = request.page.without_query();
    let page = render_html(&AddressCheckPage { was_lift_refused: true, ..load_page(request).await })?;
    let SelfServiceLift::AllowedFrom(allowed_from) = self_service else {
        return Ok((StatusCode::CONFLICT, page).into_response());
    };
    let retry_after = [(RETRY_AFTER, HeaderValue::from((allowed_from - now).whole_seconds().max(1)))];
    Ok((StatusCode::TOO_MANY_REQUESTS, retry_after, page).into_response())
}

/// Checks the client's address and stores the result.
async fn load_page(mut request: CheckRequest) -> AddressCheckPage {
    let (client_ip, now) = (request.client.ip, request.now);
    let blocks = async {
        let mut db = request.app.db.acquire().await?;
        let entries = store::list_covering(&mut db, client_ip, now).await?;
        let lifts = store::list_customer_lifts(&mut db, client_ip, now - Duration::DAY).await?;
        Ok::<_, AppError>((entries, lifts))
    };
    let (mut result, mut self_service, mut result_id) = (None, SelfServiceLift::StaffOnly, None);
    match blocks.await {
        Ok((entries, lifts)) => {
            self_service = check_self_service(&entries, client_ip, &lifts, now);
            let address_result = AddressResult::new(client_ip, &entries, &lifts);
            result_id = request.save(&CheckOutcome::Address(address_result.clone())).await;
            result = Some(address_result);
        }
        Err(error) => error.log(),
    }
    AddressCheckPage {
        page: request.page,
        navigation: request.navigation,
        ip: client_ip.to_string(),
        is_ipv4: client_ip.is_ipv4(),
        scope: AddressScope::from_ip(client_ip),
        result,
        self_service,
        was_lift_refused: false,
        result_id,
    }
}
