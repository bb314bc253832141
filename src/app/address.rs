//! What the address bar says after `#`: the view, so that a link, a reload and the way back lead to it again.
//!
//! ```text
//! #t=run-2.jstat-1:0~45000000,utc:1700000000000000~1700000060000000&hide=eden,max&open=line:120&lang=ko&r=…
//! ```
//!
//! | key | value |
//! | --- | --- |
//! | `t` | visible part of each section of the timeline: its id, from, to, in the section's own unit |
//! | `align` | sections without a clock that were placed by hand: id, time of the first and of the last sample |
//! | `hide` | names of the series that are not shown |
//! | `zone` | minutes east of UTC in which times are told, where it is not the zone of the logs |
//! | `set` | what the reader set of the heap's size: name and number of each |
//! | `memory` | id of the moment that the memory map shows |
//! | `open` | `source`, `line:<line>` or `line:<line>:<source>`, `finding:<rule>` or `finding:<rule>:<which of that rule>`, from 1 |
//! | `lang` | `en` or `ko` |
//!
//! Keys that are not known here belong to someone else and stay as they are. What cannot be understood of the known
//! ones is as if it were not there: an address is typed by hand, cut off by chat programs, or made to do harm.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::analysis::rule_id::RuleId;
use crate::analysis::sizing::Settings;
use crate::chart::theme::Role;
use crate::chart::timeline::View;
use crate::civil::Zone;
use crate::i18n::Language;

/// The key of the report in the address.
pub const LINK: &str = "r";

/// Ranges that an address may hold; more than any picture has sections.
const MOST_RANGES: usize = 64;

/// The part of an address after `#`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// What of the timeline is seen.
    pub view: View,
    /// What the reader set of the heap's size.
    pub settings: Option<Settings>,
    /// The moment of the memory map, by its id.
    pub moment: Option<String>,
    /// What is looked at.
    pub open: Option<Open>,
    /// Language of the page, where the reader chose one.
    pub language: Option<Language>,
    /// Everything else, in its order and untouched.
    others: Vec<String>,
}

/// Something that is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Open {
    /// The source, no line of it.
    Source,
    /// A line.
    Line {
        /// Index of the source.
        source: u16,
        /// 1-based.
        line: u32,
    },
    /// A finding.
    Finding {
        /// Its rule.
        rule: RuleId,
        /// Which one of that rule, from 0.
        nth: usize,
    },
}

impl Open {
    /// True for what is looked at in the source.
    pub fn is_of_source(&self) -> bool {
        match self {
            Open::Source | Open::Line { .. } => true,
            Open::Finding { .. } => false,
        }
    }
}

/// Says that nothing is set, not even what the report brings along.
const NOTHING: &str = "none";

impl Address {
    /// Reads a fragment, with or without its `#`. Never fails.
    pub fn read(fragment: &str) -> Address {
        let mut address = Address::default();
        for piece in fragment.strip_prefix('#').unwrap_or(fragment).split('&').filter(|piece| !piece.is_empty()) {
            let (key, value) = piece.split_once('=').unwrap_or((piece, ""));
            match key {
                "t" => address.view.ranges = ranges(&decoded(value)),
                "align" => address.view.aligned = ranges(&decoded(value)),
                "hide" => address.view.hidden = roles(&decoded(value)),
                "zone" => address.view.zone = zone(&decoded(value)),
                "set" => {
                    let settings = Settings::read(&decoded(value));
                    address.settings = (!settings.is_empty() || value == NOTHING).then_some(settings);
                }
                "memory" => address.moment = Some(decoded(value)).filter(|moment| !moment.is_empty()),
                "open" => address.open = open(&decoded(value)),
                "lang" => address.language = language(&decoded(value)),
                _ => address.others.push(piece.to_owned()),
            }
        }
        address
    }

    /// The value of someone else's key, as it stands in the address.
    pub fn other(&self, key: &str) -> Option<&str> {
        self.others.iter().find_map(|piece| value_of(piece, key))
    }

    /// Sets someone else's key, or takes it away. The value must need no escape in a fragment.
    pub fn set_other(&mut self, key: &str, value: Option<&str>) {
        let at = self.others.iter().position(|piece| value_of(piece, key).is_some());
        self.others.retain(|piece| value_of(piece, key).is_none());
        if let Some(value) = value {
            let at = at.unwrap_or(self.others.len()).min(self.others.len());
            self.others.insert(at, format!("{key}={value}"));
        }
    }

    /// Takes away what belongs to one report: ranges, hidden series, settings, the moment, what is open.
    pub fn forget_view(&mut self) {
        self.view = View::default();
        self.settings = None;
        self.moment = None;
        self.open = None;
    }
}

/// The value, if the piece is that key's.
fn value_of<'a>(piece: &'a str, key: &str) -> Option<&'a str> {
    let (found, value) = piece.split_once('=').unwrap_or((piece, ""));
    (found == key).then_some(value)
}

impl fmt::Display for Address {
    /// Without `#`; empty if there is nothing to say.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pieces: Vec<String> = Vec::new();
        for (key, ranges) in [("t", &self.view.ranges), ("align", &self.view.aligned)] {
            let ranges: Vec<String> =
                ranges.iter().map(|(id, (from, to))| format!("{}:{from}~{to}", encoded(id))).collect();
            if !ranges.is_empty() {
                pieces.push(format!("{key}={}", ranges.join(",")));
            }
        }
        if !self.view.hidden.is_empty() {
            let names: Vec<&str> = self.view.hidden.iter().map(|role| role.name()).collect();
            pieces.push(format!("hide={}", names.join(",")));
        }
        if let Some(Zone(minutes)) = self.view.zone {
            pieces.push(format!("zone={minutes}"));
        }
        if let Some(settings) = &self.settings {
            let nothing = settings.is_empty().then_some(NOTHING);
            pieces.push(format!("set={}", nothing.map_or_else(|| settings.to_string(), str::to_owned)));
        }
        if let Some(moment) = &self.moment {
            pieces.push(format!("memory={}", encoded(moment)));
        }
        match &self.open {
            Some(Open::Source) => pieces.push("open=source".to_owned()),
            Some(Open::Line { source: 0, line }) => pieces.push(format!("open=line:{line}")),
            Some(Open::Line { source, line }) => {
                pieces.push(format!("open=line:{line}:{}", u32::from(*source).saturating_add(1)));
            }
            Some(Open::Finding { rule, nth: 0 }) => pieces.push(format!("open=finding:{rule}")),
            Some(Open::Finding { rule, nth }) => {
                pieces.push(format!("open=finding:{rule}:{}", nth.saturating_add(1)));
            }
            None => {}
        }
        if let Some(language) = self.language {
            pieces.push(format!("lang={}", language.tag()));
        }
        pieces.extend(self.others.iter().cloned());
        f.write_str(&pieces.join("&"))
    }
}

fn ranges(value: &str) -> Vec<(String, (i64, i64))> {
    let range = |text: &str| {
        let (id, range) = text.rsplit_once(':')?;
        let (from, to) = range.split_once('~')?;
        let (from, to) = (from.parse::<i64>().ok()?, to.parse::<i64>().ok()?);
        (from < to && !id.is_empty()).then(|| (id.to_owned(), (from, to)))
    };
    let mut found: Vec<(String, (i64, i64))> = Vec::new();
    for (id, range) in value.split(',').filter_map(range).take(MOST_RANGES) {
        if !found.iter().any(|(known, _)| *known == id) {
            found.push((id, range));
        }
    }
    found
}

fn roles(value: &str) -> Vec<Role> {
    let mut found = Vec::new();
    for role in value.split(',').filter_map(|name| Role::ALL.into_iter().find(|role| role.name() == name)) {
        if !found.contains(&role) {
            found.push(role);
        }
    }
    found
}

fn zone(value: &str) -> Option<Zone> {
    let zone = Zone(value.parse().ok()?);
    Some(zone).filter(|zone| zone.if_any_clock_shows_it() == *zone)
}

fn open(value: &str) -> Option<Open> {
    if value == "source" {
        return Some(Open::Source);
    }
    let mut parts = value.split(':');
    let (kind, what, which) = (parts.next()?, parts.next()?, parts.next());
    let nth = which.map_or(Some(0), |which| which.parse::<u32>().ok()?.checked_sub(1))?;
    match kind {
        "line" => {
            let line = what.parse().ok().filter(|line| *line > 0)?;
            Some(Open::Line { source: u16::try_from(nth).ok()?, line })
        }
        "finding" => {
            let rule = Some(RuleId::of(what)).filter(|rule| *rule != RuleId::Unknown)?;
            Some(Open::Finding { rule, nth: usize::try_from(nth).ok()? })
        }
        _ => None,
    }
}

fn language(value: &str) -> Option<Language> {
    Language::ALL.into_iter().find(|language| language.tag() == value)
}

/// What stands for itself in a fragment of ours.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// With `%` in place of everything that means something in a fragment of ours.
fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// Programs that pass links on write `%2C` for a comma. What is no escape stays; what is no UTF-8 becomes U+FFFD.
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = "t=run-2.jstat-1:-5~45000000,utc:1~2&hide=eden,max&memory=nmt-2&open=line:120&lang=ko";

    #[test]
    fn an_address_is_written_as_it_was_read() {
        for text in [
            FULL,
            "",
            "t=utc:1~2&align=run-1.jstat-1:5~9",
            "open=finding:heap-exhausted:2",
            "open=line:7:3",
            "open=source",
            "hide=old&r=1.AbC_-&x=&y",
            "t=utc:1~2&zone=-210",
            "zone=0",
            "set=concurrency:20,per-request:3145728,collector:G1&memory=nmt-2",
            "set=none",
        ] {
            assert_eq!(Address::read(text).to_string(), text);
            assert_eq!(Address::read(&format!("#{text}")).to_string(), text);
        }
        let address = Address::read(FULL);
        assert_eq!(address.view.ranges[0], ("run-2.jstat-1".to_owned(), (-5, 45_000_000)));
        assert_eq!(address.view.hidden, [Role::Eden, Role::Max]);
        assert_eq!(address.moment.as_deref(), Some("nmt-2"));
        assert_eq!(address.open, Some(Open::Line { source: 0, line: 120 }));
        assert_eq!(address.language, Some(Language::Ko));
    }

    #[test]
    fn keys_of_others_stay_untouched_wherever_they_stand() {
        let mut address = Address::read("a=%2C&t=utc:1~2&r=x=y&b");
        assert_eq!((address.other("r"), address.other("b"), address.other("t")), (Some("x=y"), Some(""), None));
        address.set_other("r", Some("new"));
        assert_eq!(address.to_string(), "t=utc:1~2&a=%2C&r=new&b");
        address.set_other("r", None);
        address.set_other("c", Some("1"));
        address.forget_view();
        assert_eq!(address.to_string(), "a=%2C&b&c=1");
    }

    #[test]
    fn what_a_chat_program_escaped_is_read_all_the_same() {
        let escaped =
            "t=run-2.jstat-1%3A-5%7E45000000%2Cutc%3a1%7e2&hide=eden%2Cmax&memory=nmt%2D2&open=line%3A120&lang=ko";
        assert_eq!(Address::read(escaped).to_string(), FULL);
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("%zz%e"), "%zz%e");
        assert_eq!(decoded("%ff"), "\u{fffd}");
        let odd = Address { moment: Some("a:b&c".into()), ..Address::default() };
        assert_eq!(odd.to_string(), "memory=a%3Ab%26c");
    }

    #[test]
    fn nonsense_is_as_if_it_were_not_there() {
        for text in [
            "t=",
            "t=utc:2~1",
            "t=utc:1",
            "t=:1~2",
            "t=utc:99999999999999999999~1",
            "hide=nothing",
            "zone=UTC",
            "zone=841",
            "zone=99999",
            "memory=",
            "set=",
            "set=tides:7,concurrency:many",
            "open=line:0",
            "open=line:-1",
            "open=line:1:0",
            "open=line:1:70000",
            "open=finding:",
            "open=finding:no-such-rule",
            "open=finding:unknown",
            "open=4294967296",
            "lang=xx",
            "&&&",
            "#",
        ] {
            assert_eq!(Address::read(text), Address::default(), "{text}");
        }
        let many: Vec<String> = (0..1000).map(|at| format!("s{at}:1~2")).collect();
        assert_eq!(Address::read(&format!("t={}", many.join(","))).view.ranges.len(), MOST_RANGES);
        assert_eq!(Address::read("t=utc:1~2,utc:3~4&hide=old,old").to_string(), "t=utc:1~2&hide=old");
    }
}
