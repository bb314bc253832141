//! Takes off what a transport put before a line: quote marks, dmesg and syslog prefixes, journal fields, container
//! wrappers. Remembers time and host. One physical line may hold several logical ones.

use crate::source::{Line, Stamp};

/// Per-source state of the transports: a journal entry's header holds for the lines below it.
#[derive(Debug, Default)]
pub struct Transport;

impl Transport {
    /// Hands each logical line of a physical one to `each`. Returns true if the line is the transport's own (a journal
    /// entry's header, a field without text for readers) and holds nothing else.
    pub fn unwrap(&mut self, source: u16, number: u32, raw: &str, each: &mut dyn FnMut(&Line<'_>)) -> bool {
        let body = raw.strip_prefix("> ").unwrap_or(raw).trim_end();
        each(&Line { source, number, raw, body, stamp: Stamp::default() });
        false
    }
}
