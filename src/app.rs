//! What every room needs: made once in `main`, handed to every handler.

use std::{convert::Infallible, ops::Deref, sync::Arc};

use axum::{extract::FromRequestParts, http::request::Parts};
use ipnet::IpNet;
use linktest::engine::Engine;
use time::OffsetDateTime;

use crate::{
    assets::Assets, clock::Clock, config::is_this_machine, db::Db, live::Live, mail::Mail, notices::Notices,
    operator::Operator, page_cache::PageCache, visits::Visits,
};

/// The running application.
#[derive(Clone)]
pub struct App(Arc<Inside>);

/// What is in it.
pub struct Inside {
    pub db: Db,
    pub clock: Clock,
    pub operator: Operator,
    pub assets: Arc<Assets>,
    pub pages: PageCache,
    pub visits: Visits,
    pub notices: Notices,
    pub live: Arc<Live>,
    pub mail: Mail,
    /// Where people reach the portal, without a slash at the end.
    pub public_url: String,
    pub trusted_proxies: Vec<IpNet>,
    /// The line test's media ports, where there are any.
    pub media: Option<Engine>,
}

/// The operator, and the files in the operator's colours. These take a while to compress: whoever makes many apps makes one
/// of these for all of them.
#[derive(Clone)]
pub struct Appearance {
    operator: Operator,
    assets: Arc<Assets>,
}

impl From<Operator> for Appearance {
    fn from(operator: Operator) -> Appearance {
        Appearance { assets: Arc::new(Assets::load(&operator)), operator }
    }
}

impl App {
    pub fn new(
        db: Db,
        clock: Clock,
        appearance: impl Into<Appearance>,
        public_url: &str,
        trusted_proxies: Vec<IpNet>,
        mail: Mail,
        media: Option<Engine>,
    ) -> App {
        let Appearance { operator, assets } = appearance.into();
        App(Arc::new(Inside {
            assets,
            pages: PageCache::default(),
            visits: Visits::default(),
            notices: Notices::default(),
            live: Arc::new(Live::new(clock.clone())),
            db,
            clock,
            operator,
            public_url: public_url.trim_end_matches('/').to_owned(),
            trusted_proxies,
            mail,
            media,
        }))
    }

    /// Whether people reach the portal in a way on which browsers keep `Secure` cookies: HTTPS, or this machine.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://") || is_this_machine(&self.public_url)
    }
}

impl Deref for App {
    type Target = Inside;

    fn deref(&self) -> &Inside {
        &self.0
    }
}

/// The moment at which a request is answered.
pub struct Now(pub OffsetDateTime);

impl FromRequestParts<App> for Now {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, app: &App) -> Result<Now, Infallible> {
        Ok(Now(app.clock.now()))
    }
}
