//! What a verb makes of a ticket: the rules, without a database.
//!
//! Who works on a ticket has it: answering, waiting, resolving and opening again give a ticket that nobody has to the
//! person who does it, in the same event. A new ticket is nobody's; one that is being worked on is somebody's.
//!
//! Duplicates stand below their main ticket, one deep, and follow it: see [`follow`].

pub(super) mod store;

mod customer;

use serde::Serialize;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    Actor, Fill, LetterKind, Message, NewExample, Note, Piece, Reference, Reply, Status, What, Whom, example,
    piece::Columns,
};
use crate::staff::Person;

/// How long after the end a customer can say that it still fails: a trouble that comes back later is another one, and the
/// records of that call are another search.
pub const FAILS_FOR: Duration = Duration::days(14);

/// What can be done to a ticket by itself. Merging takes two: see `verbs::merge`.
#[derive(Debug, Clone)]
pub enum Verb {
    /// Gives the ticket to a person. Taking it from somebody else needs a reason.
    Give {
        to: Person,
        reason: Option<Note>,
    },
    /// Puts it back, for anybody to take.
    Release {
        reason: Option<Note>,
    },
    /// Goes on with it, or opens it again.
    Open,
    /// Puts it back among the new ones, whatever it was.
    Renew,
    /// Waits for somebody, until a day if there is one.
    Wait {
        whom: Option<Whom>,
        until: Option<OffsetDateTime>,
        reason: Option<Note>,
    },
    Resolve {
        text: Option<Reply>,
    },
    Spam,
    Note {
        text: Note,
    },
    Reply {
        text: Reply,
    },
    /// It is no duplicate after all.
    Separate,
    /// Asks the customer for a piece of the call, and waits for it.
    Ask {
        piece: Piece,
        until: Option<OffsetDateTime>,
    },
    /// Takes such a question back.
    TakeBack {
        piece: Piece,
    },
    /// Puts a piece of the call in its place. A customer can only where staff have asked for it.
    Fill(Box<Fill>),
    /// What the customer says.
    Write {
        text: Message,
    },
    Works,
    Fails {
        text: Option<Message>,
    },
    Example(Box<NewExample>),
}

impl Verb {
    /// Whether a ticket's duplicates may have to follow, or its main ticket has to know.
    pub(super) fn moves_duplicates(&self) -> bool {
        match self {
            Verb::Open | Verb::Renew | Verb::Wait { .. } | Verb::Resolve { .. } | Verb::Spam | Verb::Separate => true,
            Verb::Fill(_) | Verb::Write { .. } | Verb::Works | Verb::Fails { .. } | Verb::Example(_) => true,
            Verb::Give { .. } | Verb::Release { .. } | Verb::Note { .. } | Verb::Reply { .. } => false,
            Verb::Ask { .. } | Verb::TakeBack { .. } => false,
        }
    }

    /// Whether an event tells of just this, whoever did it.
    pub fn comes_to(&self, what: &What) -> bool {
        match (self, what) {
            (Verb::Resolve { text }, What::Resolved { text: told, .. }) => text == told,
            (Verb::Wait { whom, until, reason }, What::Waits { whom: to, until: day, reason: why, .. }) => {
                (whom, until, reason) == (to, day, why)
            }
            // for the others it is enough how the ticket stands: see `decide`
            _ => false,
        }
    }

    /// Whether it is done whatever has happened to the ticket since it was seen: what somebody wrote is kept.
    /// What a customer says is said whatever staff do meanwhile.
    pub(super) fn is_never_late(&self, by: Actor) -> bool {
        matches!(self, Verb::Note { .. } | Verb::Reply { .. }) || by == Actor::Customer
    }

    /// Whether the people who work on a duplicate's main ticket must hear of it.
    pub(super) fn is_news_for_main(&self, by: Actor) -> bool {
        let is_said =
            matches!(self, Verb::Fill(_) | Verb::Write { .. } | Verb::Works | Verb::Fails { .. } | Verb::Example(_));
        is_said && by == Actor::Customer
    }
}

/// Where a ticket stands: what verbs look at, and what they change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standing {
    pub id: Uuid,
    #[serde(skip)]
    pub reference: Reference,
    /// Before the change.
    pub version: i32,
    pub status: Status,
    pub assignee: Option<Uuid>,
    #[serde(skip)]
    pub assignee_name: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub waiting_since: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub waiting_until: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub resolved_at: Option<OffsetDateTime>,
    pub merged_into: Option<Uuid>,
    /// The reference of the ticket that it is merged into.
    #[serde(skip)]
    pub main: Option<Reference>,
    /// Whether others are merged into it.
    #[serde(skip)]
    pub has_duplicates: bool,
    pub asked: Vec<Piece>,
}

impl Standing {
    /// The name of who has it.
    fn who(&self) -> String {
        self.assignee_name.clone().unwrap_or_default()
    }
}

/// A change of one ticket: where it stands afterwards, and the event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Step {
    #[serde(flatten)]
    pub to: Standing,
    pub what: What,
    /// The form that a text was written in: sent twice, it counts once.
    pub submission: Option<Uuid>,
    /// Whether somebody wanted it, or it followed from what they wanted.
    pub wanted: bool,
    /// A piece of the call that comes in its place,
    #[serde(flatten)]
    pub fill: Option<Columns>,
    /// or another call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<example::Columns>,
    /// The letter that tells of it.
    pub letter: Option<LetterKind>,
}

/// What a verb comes to on one ticket.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Decision {
    Change(Box<Step>),
    /// It is so already.
    Already,
    /// Somebody else has it, and nobody said why to take it away.
    Held,
    /// A duplicate ends with its main ticket, or is separated first.
    Duplicate,
    /// It is over, and too long ago to be opened again by its customer, or for anybody to be asked.
    Closed,
}

/// What `verb` makes of a ticket.
pub(super) fn decide(verb: &Verb, at: &Standing, by: Actor, now: OffsetDateTime) -> Decision {
    let merged = at.merged_into.is_some();
    // who works on a ticket that nobody has, has it
    let took = at.assignee.is_none() && by.staff().is_some();
    let worked_on = Standing { assignee: at.assignee.or(by.staff()), ..at.clone() };
    match verb {
        Verb::Give { to, .. } if at.assignee == Some(to.id) => Decision::Already,
        Verb::Give { reason: None, .. } if at.assignee.is_some() && at.assignee != by.staff() => Decision::Held,
        Verb::Give { to, reason } => {
            let status = if at.status == Status::New { Status::Open } else { at.status };
            let (to, name, was) = (to.id, to.name.clone(), at.assignee_name.clone());
            let after = Standing { status, assignee: Some(to), ..at.clone() };
            change(after, What::Assigned { to, name, was, reason: reason.clone() })
        }
        Verb::Release { .. } if at.assignee.is_none() => Decision::Already,
        Verb::Release { reason } => {
            let status = if at.status == Status::Open { Status::New } else { at.status };
            let after = Standing { status, assignee: None, ..at.clone() };
            change(after, What::Released { was: at.who(), reason: reason.clone() })
        }
        // it leaves its main ticket as it was, as somebody's work, or for anybody to take
        Verb::Separate => separate(at, at.assignee, now),
        Verb::Open if merged => separate(at, worked_on.assignee, now),
        Verb::Renew if merged => separate(at, None, now),
        Verb::Open => {
            let after = at_work(Standing { status: working(worked_on.assignee), ..worked_on }, at, now);
            match (at.status, after.status) {
                (from, to) if from == to => Decision::Already,
                (from @ (Status::Resolved | Status::Spam | Status::Duplicate), _) => {
                    change(after, What::Reopened { from, took })
                }
                (from @ (Status::New | Status::Open | Status::Waiting), to) => {
                    change(after, What::StatusChanged { from, to, took })
                }
            }
        }
        Verb::Renew => {
            let after = at_work(Standing { status: Status::New, assignee: None, ..at.clone() }, at, now);
            let to = Status::New;
            match at.status {
                Status::New => Decision::Already,
                Status::Open | Status::Waiting if at.assignee.is_some() => {
                    change(after, What::Released { was: at.who(), reason: None })
                }
                from @ (Status::Open | Status::Waiting) => change(after, What::StatusChanged { from, to, took: false }),
                from @ (Status::Resolved | Status::Spam | Status::Duplicate) => {
                    change(after, What::Reopened { from, took: false })
                }
            }
        }
        Verb::Wait { .. } | Verb::Spam if merged => Decision::Duplicate,
        Verb::Wait { whom: None, until, reason: None }
            if at.status == Status::Waiting && at.waiting_until == *until =>
        {
            Decision::Already
        }
        Verb::Wait { whom, until, reason } => {
            let what = What::Waits { whom: *whom, until: *until, reason: reason.clone(), took };
            let after = at_work(worked_on, at, now);
            change(Standing { status: Status::Waiting, waiting_until: *until, ..after }, what)
        }
        Verb::Resolve { text: None } if at.status == Status::Resolved => Decision::Already,
        Verb::Resolve { .. } if merged => Decision::Duplicate,
        Verb::Resolve { text } => {
            let resolved_at = at.resolved_at.or(Some(now));
            let after = Standing { status: Status::Resolved, resolved_at, waiting_until: None, ..worked_on };
            change(after, What::Resolved { text: text.clone(), took })
        }
        Verb::Spam if at.status == Status::Spam => Decision::Already,
        Verb::Spam => {
            let after = Standing { status: Status::Spam, resolved_at: None, waiting_until: None, ..at.clone() };
            change(after, What::MarkedSpam)
        }
        Verb::Note { text } => change(at.clone(), What::Noted { text: text.clone() }),
        Verb::Reply { text } => {
            let status = if at.status == Status::New { working(worked_on.assignee) } else { at.status };
            change(Standing { status, ..worked_on }, What::Replied { text: text.clone(), took })
        }
        Verb::Ask { .. } if matches!(at.status, Status::Resolved | Status::Spam) => Decision::Closed,
        Verb::Ask { piece, .. } if at.asked.contains(piece) => Decision::Already,
        Verb::Ask { piece, until } => {
            let what = What::Asked { piece: *piece, until: (!merged).then_some(*until).flatten(), took };
            // a duplicate waits for nobody: it stands where its main ticket does
            let after = match merged {
                true => worked_on,
                false => Standing { status: Status::Waiting, waiting_until: *until, ..worked_on },
            };
            let asked = at.asked.iter().chain([piece]).copied().collect();
            change(Standing { asked, ..after }, what)
        }
        Verb::TakeBack { piece } if !at.asked.contains(piece) => Decision::Already,
        Verb::TakeBack { piece } => {
            let asked: Vec<_> = at.asked.iter().filter(|one| *one != piece).copied().collect();
            let status = match at.status {
                Status::Waiting if asked.is_empty() => working(worked_on.assignee),
                Status::New => working(worked_on.assignee),
                status => status,
            };
            // a mistake costs its customer no place in the queue: the ticket waits since when it did before
            let waiting_until = at.waiting_until.filter(|_| status == Status::Waiting);
            change(Standing { status, asked, waiting_until, ..worked_on }, What::TookBack { piece: *piece, took })
        }
        Verb::Fill(fill) => customer::fill(fill, at, by, now),
        Verb::Write { text } => customer::says(at, now, |back| What::Wrote { text: text.clone(), back }),
        Verb::Works => customer::works(at, now),
        Verb::Fails { text } => customer::says(at, now, |back| What::Fails { text: text.clone(), back }),
        Verb::Example(example) => customer::example(example, at, now),
    }
}

/// A ticket on which staff have something to do from now on, if they had not before.
fn at_work(after: Standing, before: &Standing, now: OffsetDateTime) -> Standing {
    let waits_for_staff = matches!(before.status, Status::New | Status::Open);
    let waiting_since = if waits_for_staff { before.waiting_since } else { now };
    Standing { waiting_since, waiting_until: None, resolved_at: None, ..after }
}

/// A ticket of its own again.
fn separate(at: &Standing, assignee: Option<Uuid>, now: OffsetDateTime) -> Decision {
    let Some(main) = at.main.clone() else { return Decision::Already };
    let status = working(assignee);
    // a customer has waited all the time, unless it was over
    let waiting_since = if at.status == Status::Resolved { now } else { at.waiting_since };
    let after =
        Standing { status, assignee, merged_into: None, main: None, resolved_at: None, waiting_since, ..at.clone() };
    let what = What::Separated { main, took: at.assignee.is_none() && assignee.is_some(), spam: false };
    // whom we wrote that it is over is told that it is not
    let letter = (at.status == Status::Resolved).then_some(LetterKind::Reopened);
    Decision::Change(Box::new(Step { letter, ..step(after, what) }))
}

/// What staff have to do something on is somebody's, or for anybody to take.
const fn working(assignee: Option<Uuid>) -> Status {
    if assignee.is_some() { Status::Open } else { Status::New }
}

/// A ticket that waited for a day which has come.
pub(super) fn come_back(at: &Standing, now: OffsetDateTime) -> Step {
    let status = working(at.assignee);
    step(Standing { status, waiting_since: now, waiting_until: None, ..at.clone() }, What::CameBack)
}

/// A ticket that becomes a duplicate. What is over for the main ticket is over for it.
pub(super) fn merge_into(at: &Standing, main: &Standing, now: OffsetDateTime) -> Step {
    let resolved = main.status == Status::Resolved;
    let after = Standing {
        status: if resolved { Status::Resolved } else { Status::Duplicate },
        merged_into: Some(main.id),
        waiting_until: None,
        resolved_at: resolved.then_some(at.resolved_at.unwrap_or(now)),
        ..at.clone()
    };
    step(after, What::MergedInto { main: main.reference.clone(), resolved })
}

/// What becomes of a duplicate when its main ticket has come to `main`: resolved together, opened again together. Of
/// spam nothing is a duplicate: its customer would wait for what nobody looks at.
pub(super) fn follow(at: &Standing, main: &Standing, now: OffsetDateTime) -> Option<Step> {
    let reference = main.reference.clone();
    match (main.status, at.status) {
        (Status::Resolved, Status::Duplicate) => {
            let after = Standing { status: Status::Resolved, resolved_at: Some(now), ..at.clone() };
            Some(step(after, What::ResolvedWith { main: reference }))
        }
        (Status::New | Status::Open | Status::Waiting, Status::Resolved) => {
            let after = Standing { status: Status::Duplicate, resolved_at: None, ..at.clone() };
            Some(step(after, What::FollowsAgain { main: reference }))
        }
        (Status::Spam, Status::Duplicate) => {
            let after = Standing { status: working(at.assignee), merged_into: None, main: None, ..at.clone() };
            Some(step(after, What::Separated { main: reference, took: false, spam: true }))
        }
        _ => None,
    }
}

fn change(to: Standing, what: What) -> Decision {
    Decision::Change(Box::new(step(to, what)))
}

pub(super) fn step(to: Standing, what: What) -> Step {
    let letter = what.letter();
    Step { to, what, submission: None, wanted: false, letter, fill: None, example: None }
}

/// The main ticket hears of what the customer of a duplicate did.
pub(super) fn heard_from(main: &Standing, duplicate: &Reference) -> Step {
    step(main.clone(), What::HeardFrom { duplicate: duplicate.clone() })
}

#[cfg(test)]
mod tests;
