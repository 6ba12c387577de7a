//! The line test: what was measured, in the words of somebody who wants to make a call.

use linktest::{
    figures::{Direction, Trip},
    verdict::{Cause, Nat, Note, Outcome, Reason, Verdict},
};
use serde::{Deserialize, Serialize};

use super::Told;
use crate::words::{Arg, Say};

/// How the device was connected, as the visitor says: two runs tell more than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Connection {
    Cable,
    Wireless,
    Mobile,
}

impl Connection {
    pub const ALL: [Connection; 3] = [Connection::Cable, Connection::Wireless, Connection::Mobile];

    pub const fn as_str(self) -> &'static str {
        match self {
            Connection::Cable => "cable",
            Connection::Wireless => "wireless",
            Connection::Mobile => "mobile",
        }
    }

    pub fn from_name(name: &str) -> Option<Connection> {
        Connection::ALL.into_iter().find(|connection| connection.as_str() == name)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Connection::Cable => "link-by-cable",
            Connection::Wireless => "link-by-wireless",
            Connection::Mobile => "link-by-mobile",
        }
    }
}

/// A finished line test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinkTested {
    pub connection: Option<Connection>,
    #[serde(flatten)]
    pub outcome: Outcome,
}

impl LinkTested {
    /// What costs the call most, or what the verdict means.
    pub fn why(&self) -> Say {
        let outcome = &self.outcome;
        match outcome.verdict {
            Verdict::Good => Say::new("link-why-good"),
            Verdict::Heard | Verdict::BreaksUp | Verdict::Impossible => self.cause(),
            Verdict::Blocked => Say::new("link-why-blocked"),
            Verdict::NotMeasured => Say::new(match outcome.reason {
                Some(Reason::NoWebRtc) => "link-why-no-webrtc",
                Some(Reason::NoMedia) => "link-why-no-media",
                Some(Reason::Hidden) => "link-why-hidden",
                Some(Reason::Asleep) => "link-why-asleep",
                Some(Reason::BrokenOff) | None => "link-why-broken-off",
            }),
        }
    }

    fn cause(&self) -> Say {
        let share = |direction: &Option<Direction>, of: fn(&Direction) -> f64| {
            Arg::Tenths(tenths(direction.as_ref().map_or(0.0, of)))
        };
        let outcome = &self.outcome;
        let trip = outcome.trip.as_ref().map_or(0.0, |trip| trip.p50_ms);
        let lost = |direction: &Direction| direction.lost_percent;
        let behind = |direction: &Option<Direction>| direction.as_ref().map_or(0.0, |d| d.behind_p99_ms);
        match outcome.cause {
            Some(Cause::LossUp) => Say::new("link-why-loss-up").with("percent", share(&outcome.up, lost)),
            Some(Cause::LossDown) => Say::new("link-why-loss-down").with("percent", share(&outcome.down, lost)),
            Some(Cause::LateUp) => Say::new("link-why-late-up").with("ms", whole(behind(&outcome.up))),
            Some(Cause::LateDown) => Say::new("link-why-late-down").with("ms", whole(behind(&outcome.down))),
            Some(Cause::Delay) => Say::new("link-why-delay").with("ms", whole(trip / 2.0)),
            Some(Cause::Crowded) => Say::new("link-why-crowded"),
            Some(Cause::NoChannel) | None => Say::new("link-why-no-channel"),
        }
    }

    /// What should be known beside it.
    pub fn notes(&self) -> Vec<Say> {
        let said = |note: &Note| {
            Say::new(match note {
                Note::Approximate => "link-note-approximate",
                Note::Busy => "link-note-busy",
                Note::Gap => "link-note-gap",
                Note::Wireless => "link-note-wireless",
            })
        };
        // who says that it was no Wi-Fi knows better than the figures
        let is_wireless = matches!(self.connection, Some(Connection::Wireless) | None);
        self.outcome.notes.iter().filter(|note| is_wireless || **note != Note::Wireless).map(said).collect()
    }

    /// What the visitor can do now: messages, the most promising first.
    pub fn advice(&self) -> Vec<&'static str> {
        let outcome = &self.outcome;
        let mut advice = Vec::new();
        match outcome.verdict {
            Verdict::Good => advice.extend(["link-do-good", "link-do-on-the-phone"]),
            Verdict::Heard | Verdict::BreaksUp | Verdict::Impossible => {
                match self.connection {
                    Some(Connection::Wireless) | None => advice.push("link-do-cable"),
                    Some(Connection::Mobile) => advice.push("link-do-no-mobile"),
                    Some(Connection::Cable) => {}
                }
                advice.extend(["link-do-downloads", "link-do-other-line"]);
            }
            Verdict::Blocked => advice.extend(["link-do-firewall", "link-do-vpn", "link-do-other-line"]),
            Verdict::NotMeasured => match outcome.reason {
                Some(Reason::NoWebRtc) => advice.push("link-do-browser"),
                Some(Reason::NoMedia) => advice.push("link-do-later"),
                Some(Reason::Hidden | Reason::Asleep) => advice.push("link-do-stay"),
                Some(Reason::BrokenOff) | None => advice.extend(["link-do-again", "link-do-other-line"]),
            },
        }
        advice
    }
}

impl Told for LinkTested {
    fn verdict(&self) -> &str {
        match self.outcome.verdict {
            Verdict::Good => "good",
            Verdict::Heard => "heard",
            Verdict::BreaksUp => "breaks-up",
            Verdict::Impossible => "impossible",
            Verdict::Blocked => "blocked",
            Verdict::NotMeasured => "not-measured",
        }
    }

    fn sentence(&self) -> Say {
        Say::new(match self.outcome.verdict {
            Verdict::Good => "link-said-good",
            Verdict::Heard => "link-said-heard",
            Verdict::BreaksUp => "link-said-breaks-up",
            Verdict::Impossible => "link-said-impossible",
            Verdict::Blocked => "link-said-blocked",
            Verdict::NotMeasured => "link-said-not-measured",
        })
    }

    fn figures(&self) -> Vec<(Say, Arg)> {
        let outcome = &self.outcome;
        let mut rows: Vec<(Say, Arg)> = Vec::new();
        let mut row = |name: &'static str, value: Say| rows.push((Say::new(name), value.into()));
        row("link-row-cause", self.why());
        if let Some(quality) = &outcome.quality {
            let value = Say::new("link-value-quality")
                .with("mos", Arg::Tenths(tenths(quality.mos)))
                .with("r", whole(quality.r))
                .with("other", Arg::Tenths(tenths(quality.mos_g729)));
            row("link-row-quality", value);
        }
        for (name, direction) in [("link-row-up", &outcome.up), ("link-row-down", &outcome.down)] {
            if let Some(direction) = direction {
                row(name, one_way(direction));
            }
        }
        for (name, trip) in [("link-row-trip", &outcome.trip), ("link-row-web", &outcome.web)] {
            if let Some(trip) = trip {
                row(name, there_and_back(trip));
            }
        }
        match outcome.nat {
            Nat::Keeps => row("link-row-nat", Say::new("link-nat-keeps")),
            Nat::Changes => row("link-row-nat", Say::new("link-nat-changes")),
            Nat::Unknown => {}
        }
        if let Some(connection) = self.connection {
            row("link-row-connection", Say::new(connection.label()));
        }
        for note in self.notes() {
            row("link-row-note", note);
        }
        rows
    }
}

fn one_way(direction: &Direction) -> Say {
    Say::new("link-value-way")
        .with("lost", Arg::Tenths(tenths(direction.lost_percent)))
        .with("late", Arg::Tenths(tenths(direction.late_percent)))
        .with("jitter", whole(direction.jitter_ms))
        .with("rfc", whole(direction.jitter_rfc_ms))
        .with("gap", Arg::Tenths(tenths(direction.gap_ms / 1000.0)))
        .with("reordered", i64::from(direction.reordered))
        .with("doubled", i64::from(direction.doubled))
        .with("received", i64::from(direction.received))
        .with("sent", i64::from(direction.sent))
}

fn there_and_back(trip: &Trip) -> Say {
    Say::new("link-value-trip")
        .with("usual", whole(trip.p50_ms))
        .with("least", whole(trip.min_ms))
        .with("slow", whole(trip.p95_ms))
        .with("most", whole(trip.max_ms))
}

/// Tenths, rounded, for a value with one decimal.
pub fn tenths(value: f64) -> i64 {
    (value * 10.0).round() as i64
}

pub fn whole(value: f64) -> i64 {
    value.round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    fn tested(verdict: Verdict) -> LinkTested {
        let outcome = Outcome {
            verdict,
            cause: None,
            notes: Vec::new(),
            reason: None,
            quality: None,
            up: None,
            down: None,
            trip: None,
            web: None,
            seconds: Vec::new(),
            nat: Nat::Unknown,
        };
        LinkTested { connection: None, outcome }
    }

    /// Every sentence that can be said is there, in both languages, with all its arguments.
    #[test]
    fn every_outcome_has_its_words() {
        use Cause::{Crowded, Delay, LateDown, LateUp, LossDown, LossUp, NoChannel};
        let mut all: Vec<LinkTested> =
            [Verdict::Good, Verdict::Heard, Verdict::BreaksUp, Verdict::Impossible, Verdict::Blocked]
                .map(tested)
                .into();
        for cause in [LossUp, LossDown, LateUp, LateDown, Delay, Crowded, NoChannel] {
            let mut one = tested(Verdict::Heard);
            one.outcome.cause = Some(cause);
            one.outcome.up = Some(Direction { lost_percent: 1.25, ..Direction::default() });
            one.outcome.trip = Some(Trip::default());
            one.outcome.quality = Some(linktest::verdict::Quality::default());
            one.outcome.notes = vec![Note::Approximate, Note::Busy, Note::Gap, Note::Wireless];
            one.outcome.nat = Nat::Changes;
            for connection in Connection::ALL {
                all.push(LinkTested { connection: Some(connection), ..one.clone() });
            }
        }
        for reason in [Reason::NoWebRtc, Reason::NoMedia, Reason::Hidden, Reason::Asleep, Reason::BrokenOff] {
            let mut one = tested(Verdict::NotMeasured);
            one.outcome.reason = Some(reason);
            all.push(one);
        }
        for lang in Lang::ALL {
            for one in &all {
                let mut texts = vec![lang.say(&one.sentence()), lang.say(&one.why())];
                texts.extend(one.figures().iter().flat_map(|(name, value)| [lang.say(name), lang.arg(value)]));
                texts.extend(one.advice().into_iter().map(|id| lang.t(id).into_owned()));
                for text in texts {
                    assert!(!text.is_empty() && !text.contains("link-") && !text.contains('{'), "{text}");
                }
            }
        }
        assert!(Lang::Pl.say(&all[5].why()).contains("1,3"), "{}", Lang::Pl.say(&all[5].why()));
        assert!(Lang::En.say(&all[5].why()).contains("1.3"));
    }

    #[test]
    fn advice_goes_by_what_the_visitor_says_of_the_connection() {
        for (connection, notes, first) in [
            (None, 1, "link-do-cable"),
            (Some(Connection::Wireless), 1, "link-do-cable"),
            (Some(Connection::Mobile), 0, "link-do-no-mobile"),
            (Some(Connection::Cable), 0, "link-do-downloads"),
        ] {
            let mut one = LinkTested { connection, ..tested(Verdict::BreaksUp) };
            one.outcome.notes = vec![Note::Wireless];
            assert_eq!((one.notes().len(), one.advice()[0]), (notes, first), "{connection:?}");
        }
    }

    #[test]
    fn what_is_stored_is_read_again() {
        let mut one = tested(Verdict::BreaksUp);
        one.connection = Some(Connection::Cable);
        one.outcome.up = Some(Direction { sent: 500, ..Direction::default() });
        let text = serde_json::to_string(&one).unwrap();
        assert_eq!(serde_json::from_str::<LinkTested>(&text).unwrap(), one);
    }
}
