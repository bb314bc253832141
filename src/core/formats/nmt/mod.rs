//! Reads Native Memory Tracking: what `jcmd <pid> VM.native_memory` answers, `-XX:+PrintNMTStatistics` prints when a JVM
//! ends, and hs_err files carry.
//!
//! ```text
//! 14830:
//!
//! Native Memory Tracking:
//!
//! Total: reserved=1710686KB +45KB, committed=332806KB +45KB
//!
//! -                    Thread (reserved=20533KB, committed=909KB +1KB)
//!                             (thread #20)
//!                             (stack: reserved=20480KB, committed=856KB +1KB)
//!                             (malloc=31KB #124) (peak=39KB #128)
//! ```
//!
//! Amounts are rounded to the unit behind them (1 KB = 1024 B; bytes have none), changes follow after a blank and are
//! left out where they are zero. *Reserved* is address space, *committed* is what the JVM may touch; neither is what is
//! resident. The blocks `Metadata` and `Class space` describe memory that is counted in the category above them.
//!
//! Here belong the grammar of a line (`line`), the lines that say what follows (`landmarks`), names and what they tell about the JDK (`names`), the reader, sums over
//! detail reports (`detail`) and what must add up (`check`). Source: OpenJDK, `memReporter.cpp`, `nmtDCmd.cpp`.

mod check;
mod detail;
mod jfr;
mod landmarks;
mod line;
mod names;
mod reader;
mod snapshot;
#[cfg(test)]
mod tests;

use memchr::memchr_iter;

use super::{Claim, Format};
use crate::source::Line;

/// True for the name of a category that OpenJDK prints.
pub fn is_category(name: &str) -> bool {
    names::is_known(names::unified(name))
}

/// Native Memory Tracking.
pub static FORMAT: Format = Format { id: "nmt", claim, reader: || Box::new(reader::NmtReader::default()) };

/// Asked for every line of every source, so it looks at first letters before anything else.
fn claim(line: &Line<'_>) -> Claim {
    let body = line.body.trim();
    let bytes = body.as_bytes();
    let strong = match bytes.first() {
        Some(b'T') => landmarks::is_total(body),
        Some(b'(') => body.starts_with("(Omitting categories weighting less than "),
        Some(b'[') => body.starts_with("[0x") && line::map_entry(body).is_some(),
        Some(b'N' | b'B' | b'S' | b'D') => {
            landmarks::is_heading(body) || landmarks::answer(body).is_some() || jfr::title(body).is_some()
        }
        Some(b'M') => jfr::is_header(body),
        _ => false,
    };
    let may_open =
        || line::pid_line(body).is_some() || landmarks::is_elided_total(body) || landmarks::date(line).is_some();
    if !strong && may_open() {
        return Claim::Weak;
    }
    let holds = |mark: &[u8]| {
        mark.first().is_some_and(|first| {
            memchr_iter(*first, bytes).any(|at| bytes.get(at..).is_some_and(|rest| rest.starts_with(mark)))
        })
    };
    if strong
        || (holds(b"(reserved=") && landmarks::category(body, false).is_some())
        || (holds(b"VM.native_memory") && line::prompt(body).is_some())
        || (bytes.ends_with(b"enabled") && landmarks::answer(body).is_some())
    {
        Claim::Strong
    } else {
        Claim::None
    }
}
