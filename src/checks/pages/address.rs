//! The visitor's public address, as the server sees it.

use std::net::IpAddr;

use askama::Template;
use axum::response::Html;

use crate::web::{Client, Error, Page, html};

#[derive(Template)]
#[template(path = "checks/address.html")]
struct AddressPage {
    page: Page,
    ip: IpAddr,
}

pub(super) async fn show(page: Page, client: Client) -> Result<Html<String>, Error> {
    html(&AddressPage { page, ip: client.ip })
}
