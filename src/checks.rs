//! The checks that are built into the guides. Today: the visitor's public address, as the server sees it.

use std::net::IpAddr;

use askama::Template;
use axum::{Router, response::Html, routing::get};

use crate::{
    app::App,
    web::{Client, Error, Page, html},
};

pub fn routes() -> Router<App> {
    Router::new().route("/{lang}/check/address", get(address))
}

#[derive(Template)]
#[template(path = "checks/address.html")]
struct AddressPage {
    page: Page,
    ip: IpAddr,
}

async fn address(page: Page, client: Client) -> Result<Html<String>, Error> {
    html(&AddressPage { page, ip: client.ip })
}
