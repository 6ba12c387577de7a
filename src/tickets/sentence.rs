//! A ticket's history as sentences for staff.

use super::{ActorKind, Event, Reference, What, Whom, settle::Corrected};
use crate::{
    words::{Arg, Say},
    zone,
};

impl Event {
    /// The event as a sentence for staff.
    pub fn sentence(&self) -> Say {
        let carried = self.what.carried();
        let told = match carried.reason {
            Some(reason) => Say::new("event-because").with("told", self.deed()).with("reason", reason.for_staff()),
            None => self.deed(),
        };
        match carried.took {
            true => Say::new("event-and-took").with("told", told),
            false => told,
        }
    }

    /// What was done, without why.
    fn deed(&self) -> Say {
        let who = self.name.clone().unwrap_or_default();
        let doer = || match self.actor {
            ActorKind::Staff => Arg::Text(who.clone()),
            ActorKind::Customer => Say::new("actor-customer").into(),
            ActorKind::System => Say::new("actor-system").into(),
        };
        let say = |id| Say::new(id).with("who", doer());
        match &self.what.0 {
            What::Opened { channel } => Say::new("event-opened").with("channel", Say::new(channel.label())),
            What::SentAgain { .. } => Say::new("event-sent-again"),
            What::Assigned { name, was: None, .. } if *name == who => say("event-taken"),
            What::Assigned { name, was: Some(was), .. } if *name == who => {
                say("event-taken-over").with("was", was.as_str())
            }
            What::Assigned { name, .. } => say("event-assigned").with("name", name.as_str()),
            What::Released { was, .. } if *was == who => say("event-released"),
            What::Released { was, .. } => say("event-released-of").with("was", was.as_str()),
            What::StatusChanged { to, .. } => say("event-status").with("status", Say::new(to.label())),
            What::Waits { whom, until, .. } => {
                let waits = say(match whom {
                    None => "event-waits",
                    Some(Whom::Customer) => "event-waits-customer",
                    Some(Whom::Carrier) => "event-waits-carrier",
                });
                match until {
                    Some(until) => {
                        Say::new("event-until").with("told", waits).with("until", zone::short_moment(*until))
                    }
                    None => waits,
                }
            }
            What::CameBack => Say::new("event-came-back"),
            What::Resolved { .. } => say("event-resolved"),
            What::Reopened { .. } => say("event-reopened"),
            What::MarkedSpam => say("event-spam"),
            What::Noted { .. } => say("event-noted"),
            What::Replied { .. } => say("event-replied"),
            What::MergedInto { main, resolved: false } => say("event-merged").with("main", main.to_string()),
            What::MergedInto { main, resolved: true } => say("event-merged-resolved").with("main", main.to_string()),
            What::Absorbed { duplicates } => said_of(say("event-absorbed"), duplicates),
            What::Separated { main, spam: false, .. } => say("event-separated").with("main", main.to_string()),
            What::Separated { main, spam: true, .. } => say("event-separated-spam").with("main", main.to_string()),
            What::LetGo { duplicates } => said_of(say("event-let-go"), duplicates),
            What::ResolvedWith { main } => say("event-resolved-with").with("main", main.to_string()),
            What::FollowsAgain { main } => say("event-follows-again").with("main", main.to_string()),
            What::Settled { corrected } if corrected.is_empty() => say("event-settled"),
            What::Settled { corrected } => say("event-corrected").with("fields", Corrected::all(corrected)),
            What::Undone => say("event-undone"),
        }
    }
}

fn said_of(say: Say, duplicates: &[Reference]) -> Say {
    let named: Vec<_> = duplicates.iter().map(Reference::to_string).collect();
    say.with("count", duplicates.len()).with("duplicates", named.join(", "))
}
