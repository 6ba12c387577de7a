//! The cookie of a browser in which an account has logged in before. Failed logins of such a browser are counted by
//! themselves, so that strangers cannot lock the owner of an account out
//! (<https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies>).

use axum_extra::extract::cookie::{Cookie, CookieJar};
use time::Duration;

use super::session::build_cookie;
use crate::{app::App, signing::SigningSecret, token};

const COOKIE_MAX_AGE: Duration = Duration::days(365);

/// Separates these keys from others that the secret derives.
const KEY_PURPOSE: &str = "known browser";

/// A browser in which an account has logged in before, by its random id.
pub(super) struct KnownBrowser(String);

impl KnownBrowser {
    /// The browser that sent these cookies, if the account with this e-mail address has logged in there.
    pub(super) fn find(app: &App, jar: &CookieJar, secret: &SigningSecret, email: &str) -> Option<KnownBrowser> {
        let (id, key) = jar.get(cookie_name(app))?.value().split_once('.')?;
        (key == derive_key(secret, id, email)).then(|| KnownBrowser(id.to_owned()))
    }

    pub(super) fn id(&self) -> &str {
        &self.0
    }
}

/// The cookie for a browser in which an account has logged in. It proves nothing but that: it opens no page.
pub(super) fn new_cookie(app: &App, secret: &SigningSecret, email: &str) -> Cookie<'static> {
    let id = token::random();
    let value = format!("{id}.{}", derive_key(secret, &id, email));
    build_cookie(app, cookie_name(app), value, COOKIE_MAX_AGE)
}

fn derive_key(secret: &SigningSecret, id: &str, email: &str) -> String {
    secret.derive_key(KEY_PURPOSE, format!("{id} {email}"))
}

fn cookie_name(app: &App) -> &'static str {
    if app.is_secure() { "__Host-dzwoni-browser" } else { "dzwoni-browser" }
}
