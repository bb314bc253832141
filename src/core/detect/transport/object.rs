//! Lines that are JSON: journal entries (`journalctl -o json`, `json-pretty`, `json-sse`), `dmesg -J`, Docker's log files, and
//! what log collectors make of a line.
//!
//! ```text
//! {"__REALTIME_TIMESTAMP":"1795352794015938","_SOURCE_MONOTONIC_TIMESTAMP":"1376046332","MESSAGE":"Out of memory: …"}
//! {"log":"Out of memory: …\n","stream":"stdout","time":"2025-08-05T03:54:03.123456789Z"}
//! ```

use serde_json::{Map, Value};

use crate::civil;
use crate::civil::iso_time;
use crate::detect::transport::journal;
use crate::look;
use crate::source::{Stamp, Wall};
use crate::units::{Micros, fixed_decimal};

/// Bytes of one message over many lines at most.
const MAX_MESSAGE_BYTES: usize = 1 << 20;

/// A text with what its wrapper says.
#[derive(Debug, Default)]
pub(super) struct Message {
    pub(super) text: String,
    pub(super) stamp: Stamp<'static>,
    pub(super) host: Option<String>,
}

/// Lines of an Event of Kubernetes, in JSON or YAML, between when it was seen last and its message: members are sorted by name.
const EVENT_LINES: u32 = 40;

/// When an Event of Kubernetes was seen last.
#[derive(Debug, Default)]
pub(super) struct Happened {
    at: Option<(u32, Wall)>,
}

impl Happened {
    /// The time of the Event whose message this line is.
    pub(super) fn time_of(&mut self, number: u32, trimmed: &str) -> Option<Wall> {
        let trimmed = trimmed.trim_start_matches(['"', '-', ' ']);
        if let Some(value) = trimmed.strip_prefix("lastTimestamp") {
            let time = iso_time(value.trim_start_matches(['"', ':', ' ', '\'']));
            self.at = time.map(|(wall, _)| (number, wall));
            return None;
        }
        let (at, wall) = self.at?;
        let is_message = trimmed.strip_prefix("message").is_some_and(|rest| rest.starts_with([':', '"']));
        if is_message || number.saturating_sub(at) > EVENT_LINES {
            self.at = None;
        }
        (is_message && number.saturating_sub(at) <= EVENT_LINES).then_some(wall)
    }
}

/// A message whose object has ended, with the line that it stood on.
#[derive(Debug, Default)]
pub(super) struct Pending {
    pub(super) message: Message,
    pub(super) number: u32,
    pub(super) raw: String,
}

/// What a line is to an object over many lines.
pub(super) enum Part {
    /// Not part of one.
    None,
    /// A member without text for readers.
    Own,
    /// The object has ended and held a message.
    Message(Box<Pending>),
}

/// An object over many lines: members in any order, one per line.
#[derive(Debug, Default)]
pub(super) struct Pretty {
    pending: Pending,
    has_text: bool,
    /// A member of a journal entry or of `dmesg -J` was seen in this object.
    open: bool,
    /// `"pri"`, the first member of an entry of `dmesg -J`.
    dmesg: bool,
    /// Such an object was read before, so a lone brace opens the next.
    known: bool,
    /// Bytes of a text printed as an array over several lines.
    array: Option<Vec<u8>>,
}

impl Pretty {
    /// True outside of objects.
    pub(super) fn is_idle(&self) -> bool {
        !self.open && self.array.is_none()
    }

    pub(super) fn line(&mut self, number: u32, raw: &str, trimmed: &str) -> Part {
        if let Some(bytes) = &mut self.array {
            let ended = read_array(trimmed, bytes);
            if ended || bytes.len() > MAX_MESSAGE_BYTES {
                let bytes = self.array.take().unwrap_or_default();
                self.pending.message.text = text_of(bytes);
            }
            return Part::Own;
        }
        match trimmed.as_bytes().first() {
            Some(b'"') => self.member(number, raw, trimmed),
            Some(b'}') => self.end(trimmed),
            Some(b'{') if self.known && trimmed == "{" => Part::Own,
            _ => Part::None,
        }
    }

    /// A message whose object has no end.
    pub(super) fn finish(&mut self) -> Option<Pending> {
        let ended = std::mem::take(self);
        ended.has_text.then_some(ended.pending)
    }

    fn end(&mut self, trimmed: &str) -> Part {
        let is_end = trimmed.bytes().all(|b| matches!(b, b'}' | b',' | b'{' | b' ' | b']'));
        if !self.open || !is_end {
            return Part::None;
        }
        let ended = self.finish();
        self.known = true;
        match ended {
            Some(message) => Part::Message(Box::new(message)),
            None => Part::Own,
        }
    }

    fn member(&mut self, number: u32, raw: &str, trimmed: &str) -> Part {
        let Some((key, value)) = trimmed.strip_prefix('"').and_then(|rest| rest.split_once('"')) else {
            return Part::None;
        };
        let Some(value) = value.trim_start().strip_prefix(':') else { return Part::None };
        let value = value.trim().trim_end_matches(',').trim_end();
        let is_field = !key.is_empty() && key.bytes().all(|b| matches!(b, b'_' | b'A'..=b'Z' | b'0'..=b'9'));
        match key {
            "pri" | "fac" => self.dmesg = true,
            "time" | "caller" | "msg" if self.dmesg => {}
            // The beginning of the entry is missing.
            "msg" if value.starts_with('"') => {}
            "time" if fixed_decimal(value, 6).is_some() => {}
            // `"JAVA_OPTS": "-Xmx1g"` is no field of a journal.
            _ if is_field && !value.starts_with("\"-") => {}
            _ => return Part::None,
        }
        self.open = true;
        let string = || serde_json::from_str::<String>(value).ok();
        let Message { text, stamp, host } = &mut self.pending.message;
        match key {
            "MESSAGE" | "msg" => {
                self.has_text = true;
                self.pending.number = number;
                self.pending.raw = raw.to_owned();
                if let Some(start) = value.strip_prefix('[') {
                    let mut bytes = Vec::new();
                    if read_array(start, &mut bytes) {
                        *text = text_of(bytes);
                    } else {
                        self.array = Some(bytes);
                    }
                } else {
                    match string() {
                        Some(value) => *text = value,
                        None => self.has_text = false,
                    }
                }
            }
            "time" => stamp.uptime = fixed_decimal(value, 6).map(Micros),
            "__REALTIME_TIMESTAMP" => stamp.wall = number_of(string()).map(journal::utc),
            "_SOURCE_MONOTONIC_TIMESTAMP" => stamp.uptime = number_of(string()).map(Micros).or(stamp.uptime),
            "__MONOTONIC_TIMESTAMP" if stamp.uptime.is_none() => stamp.uptime = number_of(string()).map(Micros),
            "_HOSTNAME" => *host = string(),
            _ => {}
        }
        Part::Own
    }
}

fn number_of(text: Option<String>) -> Option<i64> {
    text?.parse().ok()
}

/// Reads `72, 101, …` up to a `]`. True if it came.
fn read_array(text: &str, bytes: &mut Vec<u8>) -> bool {
    let (numbers, ended) = match text.split_once(']') {
        Some((numbers, _)) => (numbers, true),
        None => (text, false),
    };
    bytes.extend(numbers.split(',').filter_map(|number| number.trim().parse::<u8>().ok()));
    ended
}

fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Reads a line that is one object with a text in it.
pub(super) fn one_line(text: &str) -> Option<Message> {
    const TEXTS: [&str; 8] = ["MESSAGE", "log", "message", "msg", "textPayload", "short_message", "_raw", "line"];
    /// Objects of collectors in which the one of the log stands.
    const INNER: [&str; 6] = ["jsonPayload", "_source", "content", "attributes", "result", "fields"];
    const TIMES: [&str; 4] = ["time", "timestamp", "@timestamp", "ts"];
    let text = text.trim_start_matches('\u{1e}').trim_end_matches(',');
    let has = |key: &&str| look::has(text, key);
    if !TEXTS.iter().any(has) {
        return None;
    }
    let outer: Map<String, Value> =
        if text.ends_with('}') { serde_json::from_str(text).ok()? } else { begun_object(text)? };
    let text_in = |object: &Map<String, Value>| TEXTS.iter().find_map(|key| string(object.get(*key)?));
    let inner = || INNER.iter().find_map(|key| outer.get(*key)?.as_object());
    let (object, mut text) = match text_in(&outer) {
        Some(text) => (&outer, text),
        None => inner().and_then(|object| Some((object, text_in(object)?)))?,
    };
    let get = |key: &str| object.get(key).or_else(|| outer.get(key));
    if let Some(trace) = trace(object).filter(|trace| trace.contains("OutOfMemoryError")) {
        text.push('\n');
        text.push_str(&trace);
    }
    let micros = |key: &str| match get(key)? {
        Value::String(number) => number.parse().ok(),
        Value::Number(number) => number.as_i64(),
        _ => None,
    };
    let wall = micros("__REALTIME_TIMESTAMP").map(journal::utc);
    let uptime = micros("_SOURCE_MONOTONIC_TIMESTAMP").or_else(|| micros("__MONOTONIC_TIMESTAMP")).map(Micros);
    let stamp =
        Stamp { wall: wall.or_else(|| TIMES.iter().find_map(|key| time(get(key)?))), uptime, ..Stamp::default() };
    Some(Message { text, stamp, host: ["_HOSTNAME", "hostname", "host"].iter().find_map(|key| string(get(key)?)) })
}

/// An object whose end is missing: its whole members, or the beginning of the only one.
fn begun_object(text: &str) -> Option<Map<String, Value>> {
    if !text.starts_with("{\"") {
        return None;
    }
    let object = |text: &str, end: &str| serde_json::from_str(&format!("{text}{end}")).ok();
    let members = text.rfind(",\"").and_then(|at| object(text.get(..at)?, "}"));
    object(text, "}").or(members).or_else(|| object(text.trim_end_matches('\\'), "\"}"))
}

/// The stack trace that a logger puts beside the message, as one text or as an array of lines.
fn trace(object: &Map<String, Value>) -> Option<String> {
    const KEYS: [&str; 7] =
        ["error.stack_trace", "stack_trace", "stacktrace", "stackTrace", "exception", "stack", "throwable"];
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(lines) => {
            let lines: Option<Vec<&str>> = lines.iter().map(Value::as_str).collect();
            lines.map(|lines| lines.join("\n"))
        }
        _ => None,
    };
    const OBJECTS: [&str; 4] = ["error", "thrown", "throwable", "exception"];
    let nested = |key: &&str| exception(object.get(*key)?.as_object()?);
    KEYS.iter().find_map(|key| text(object.get(*key)?)).or_else(|| OBJECTS.iter().find_map(nested))
}

/// An exception as an object: its stack trace, or its class and message, as Log4j, Logback, and JBoss name them.
fn exception(object: &Map<String, Value>) -> Option<String> {
    let first = |keys: &[&str]| keys.iter().find_map(|key| object.get(*key)?.as_str());
    if let Some(trace) = first(&["stack_trace", "stacktrace", "stackTrace"]) {
        return Some(trace.to_owned());
    }
    let class =
        first(&["name", "className", "exceptionType", "exception_class"]).filter(|class| class.contains('.'))?;
    Some(match first(&["message", "exception_message"]) {
        Some(message) => format!("{class}: {message}"),
        None => class.to_owned(),
    })
}

/// A string, or a text that is no UTF-8 as an array of bytes.
fn string(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(bytes) => {
            let byte = |value: &Value| u8::try_from(value.as_u64()?).ok();
            bytes.iter().map(byte).collect::<Option<Vec<u8>>>().filter(|bytes| !bytes.is_empty()).map(text_of)
        }
        _ => None,
    }
}

/// An ISO time, or milliseconds since the epoch.
fn time(value: &Value) -> Option<Wall> {
    match value {
        Value::String(text) => civil::iso_time(text).filter(|(_, rest)| rest.is_empty()).map(|(wall, _)| wall),
        Value::Number(number) => match number.as_i64()? {
            millis @ 1_000_000_000_000..10_000_000_000_000 => millis.checked_mul(1000).map(journal::utc),
            _ => None,
        },
        _ => None,
    }
}
