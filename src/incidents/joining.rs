//! "Me too": one tap, without a script, counted once for each visitor however often they tap.

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};

use super::{public::JOINED, store};
use crate::{
    app::{App, Now},
    tickets::KeyMaker,
    web::{
        Client, Error, Form, Page,
        limit::{JOININGS, Limit, household},
    },
};

/// What the address of the visitor is mixed into a mark for.
const PURPOSE: &str = "me too";

/// The limit, and the secret that hides who came.
struct Door {
    limit: Limit,
    keys: KeyMaker,
}

pub fn routes() -> Router<App> {
    let door = Door { limit: Limit::new(&JOININGS), keys: KeyMaker::default() };
    Router::new().route("/{lang}/incident/{id}/join", post(join).get(to_the_incident)).layer(Extension(Arc::new(door)))
}

/// A visitor is known again by address and browser alone, and only by who has the secret: no cookie, and no list of
/// addresses.
async fn join(
    State(app): State<App>,
    Extension(door): Extension<Arc<Door>>,
    Path((_, id)): Path<(String, String)>,
    page: Page,
    client: Client,
    Now(now): Now,
    _: Form,
) -> Result<Response, Error> {
    let notice = id.parse().ok().and_then(|id| app.notices.one(id)).ok_or(Error::NotFound)?;
    let address = notice.address(&page.lang);
    if notice.is_over() {
        return Ok(Redirect::to(&address).into_response());
    }
    door.limit.check(client.ip)?;
    let mut db = app.db.read().await?;
    let seal = door.keys.seal(&mut db).await?;
    let visitor = seal.mark(PURPOSE, &format!("{} {} {}", notice.id, household(client.ip).addr(), client.agent));
    let is_known = store::add_visitor(&mut db, notice.id, &visitor, now).await?;
    Ok(Redirect::to(&if is_known { format!("{address}?{JOINED}") } else { address }).into_response())
}

/// Who opens the address of a form is taken to the page that has it.
pub(super) async fn to_the_incident(Path((_, id)): Path<(String, String)>, page: Page) -> Result<Redirect, Error> {
    let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
    Ok(Redirect::to(&format!("/{}/incident/{id}", page.lang)))
}
