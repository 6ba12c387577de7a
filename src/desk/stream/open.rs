//! What every open page is told in the same way: that it is heard, its own news, and when it is over.

use std::time::Duration;

use axum::response::{Response, sse::Event};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::{Line, Told, heard, line::Turn, over};

/// What one kind of page wants to know.
pub(super) trait Page: Send + 'static {
    /// How often to look for those who closed their laptops.
    const LOOK: Duration;

    /// What it is told first: the name under which it may tell something itself, or nothing.
    fn hello(&self) -> String;

    /// The next thing that it was not told yet.
    fn news(&mut self, line: &Line) -> Option<Event>;

    /// Waits until there may be some. Dropped when something else happens first.
    fn changed(&mut self) -> impl Future<Output = ()> + Send;
}

/// A page that is open.
struct Open<P> {
    page: P,
    line: Line,
    look: Interval,
    greeted: bool,
    over: bool,
}

/// Tells a page of its news until it is over.
pub(super) fn tell<P: Page>(page: P, line: Line) -> Response {
    let mut look = interval(P::LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    Open { page, line, look, greeted: false, over: false }.stream()
}

impl<P: Page> Told for Open<P> {
    async fn next(&mut self) -> Option<Event> {
        if self.over {
            return None;
        }
        if !self.greeted {
            self.greeted = true;
            return Some(Event::default().event("hello").data(self.page.hello()));
        }
        loop {
            if let Some(event) = self.page.news(&self.line) {
                return Some(event);
            }
            tokio::select! {
                turn = self.line.turn() => match turn {
                    Turn::Ended => return None,
                    Turn::Heard(connected) => return Some(heard(connected)),
                    Turn::SignedOut => {
                        self.over = true;
                        return Some(over());
                    }
                },
                () = self.page.changed() => {}
                _ = self.look.tick() => {}
            }
        }
    }
}
