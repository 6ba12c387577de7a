//! A ticket's history as sentences for staff.

use super::{ActorKind, Event, Reference, Value, What, Whom, event::Back, incident::How, settle::Corrected};
use crate::{
    words::{Arg, Lang, Say},
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
            What::Opened { channel } => {
                let channel = Say::new(channel.label());
                match self.actor {
                    ActorKind::Staff => say("event-taken-down").with("channel", channel),
                    ActorKind::Customer | ActorKind::System => Say::new("event-opened").with("channel", channel),
                }
            }
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
            What::JoinedIncident { incident, title, how } => match how {
                How::Customer => say("event-joined-incident-customer"),
                How::Staff | How::Matched => say("event-joined-incident"),
            }
            .with("title", titled(*incident, title)),
            What::LeftIncident { incident, title } => {
                say("event-left-incident").with("title", titled(*incident, title))
            }
            What::ResolvedInIncident { incident, .. } => {
                Say::new("event-resolved-in-incident").with("incident", incident.to_string())
            }
            What::Asked { piece, until, .. } => {
                let asked = say("event-asked").with("piece", Say::new(piece.label()));
                match until {
                    Some(until) => {
                        Say::new("event-until").with("told", asked).with("until", zone::short_moment(*until))
                    }
                    None => asked,
                }
            }
            What::TookBack { piece, .. } => say("event-took-back").with("piece", Say::new(piece.label())),
            What::Filled { piece, was, now, .. } => {
                let filled = say(if was.is_some() { "event-filled-over" } else { "event-filled" });
                let was = was.as_ref().map_or_else(|| Arg::Text(String::new()), |was| was.say().into());
                filled.with("piece", Say::new(piece.label())).with("was", was).with("now", now_and_typed(now))
            }
            What::Wrote { back, .. } => came_back(say("event-wrote"), back),
            What::Works { resolved: true } => say("event-works-resolved"),
            What::Works { resolved: false } => say("event-works"),
            What::Fails { back, .. } => came_back(say("event-fails"), back),
            What::Example { back, .. } => came_back(say("event-example"), back),
            What::HeardFrom { duplicate } => Say::new("event-heard-from").with("duplicate", duplicate.to_string()),
            What::Rekeyed => say("event-rekeyed"),
            What::Link => Say::new("event-link"),
        }
    }
}

/// The title that an incident had, in the reader's language.
fn titled(incident: i64, title: &[String; 2]) -> Arg {
    let titles = Lang::ALL.map(|lang| Some(title[lang as usize].clone()).filter(|title| !title.is_empty()));
    Arg::Each(Box::new(titles.map(|title| title.unwrap_or_else(|| incident.to_string()))))
}

/// How it was understood, and how it was typed where that differs.
fn now_and_typed(value: &Value) -> Say {
    let typed = match value {
        Value::Party { typed, canonical, .. } if typed != canonical => Some(typed.as_str()),
        Value::Time { typed, .. } => typed.as_deref(),
        Value::Party { .. } | Value::Message { .. } => None,
    };
    match typed {
        Some(typed) => Say::new("event-typed").with("text", typed).with("value", value.say()),
        None => value.say(),
    }
}

/// A ticket that was over is open again.
fn came_back(told: Say, back: &Back) -> Say {
    match (&back.left, back.reopened) {
        (Some(main), _) => Say::new("event-back-separated").with("told", told).with("main", main.to_string()),
        (None, true) => Say::new("event-back").with("told", told),
        (None, false) => told,
    }
}

fn said_of(say: Say, duplicates: &[Reference]) -> Say {
    let named: Vec<_> = duplicates.iter().map(Reference::to_string).collect();
    say.with("count", duplicates.len()).with("duplicates", named.join(", "))
}
