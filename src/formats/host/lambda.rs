//! Reads the line in which AWS Lambda reports an invocation.
//!
//! ```text
//! REPORT RequestId: 85b8…    Duration: 15213.22 ms    Billed Duration: 15214 ms    Memory Size: 512 MB    Max Memory Used: 513 MB    Init Duration: 3212.18 ms
//! ```
//!
//! MB are powers of 1024, whole ones. What was used is the most that the environment has held, not this invocation's own; one
//! environment serves several invocations.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::draft::Draft;
use super::quantity::binary;
use super::{Block, Context, Shape};
use crate::formats::Claim;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::Line;

pub(super) const SHAPE: Shape = Shape { tool: "lambda", claim, open };

fn claim(body: &str) -> Claim {
    static START: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("REPORT RequestId: "));
    let is_report = START.find(body.as_bytes()).is_some_and(|at| at <= 40) && body.contains("Memory Size: ");
    if is_report { Claim::Strong } else { Claim::None }
}

struct Report;

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    context.claimed.then_some(())?;
    let mut draft = Draft::new(HostKind::Lambda, line);
    let value = |mark: &str| {
        let (_, rest) = line.body.split_once(mark)?;
        let end = rest.find("MB").map(|at| at + 2)?;
        let printed = rest.get(..end)?;
        // `512 MB`, also where a web page took the blank.
        Some((printed, binary(&printed.split(' ').collect::<String>(), 1)?))
    };
    for (name, mark) in [("limit", "Memory Size: "), ("usage_peak", "Max Memory Used: ")] {
        if let Some((printed, size)) = value(mark) {
            draft.size(name, Some(size), line, printed);
        }
    }
    out.keep(line);
    draft.extend(line);
    draft.push(out);
    Some(Box::new(Report))
}

impl Block for Report {
    fn take(&mut self, _: &Line<'_>, _: &mut Readings) -> bool {
        false
    }

    fn close(self: Box<Self>, _: &mut Readings) {}
}

#[cfg(test)]
mod tests {
    use super::super::tests::{first, read};
    use crate::formats::quantity::MIB;
    use crate::units::Bytes;

    #[test]
    fn an_invocation_reports_its_limit_and_the_most_it_held() {
        let text = "REPORT RequestId: f6f5-4ac4\tDuration: 51.13 ms\tBilled Duration: 100 ms\tMemory Size: 512 MB\tMax Memory Used: 11 MB\t\n";
        let report = first(text, "lambda");
        assert_eq!(report.sizes.get("limit"), Some(&Bytes(512 * MIB)));
        assert_eq!(report.sizes.get("usage_peak"), Some(&Bytes(11 * MIB)));
        assert_eq!(read("Read the REPORT RequestId: line of your function").host, []);
    }
}
