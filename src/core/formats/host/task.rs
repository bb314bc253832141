//! Reads task definitions of Amazon ECS and job files of Nomad, where a bare number of memory counts MiB.
//!
//! ```text
//! "containerDefinitions": [                resources {
//!     {                                        cpu        = 500
//!         "name": "orders",                    memory     = 1024
//!         "memory": 2048,                      memory_max = 2048
//!         "memoryReservation": 1024        }
//! ```
//!
//! Of ECS `memory` is the limit and `memoryReservation` what is set aside; `"memory": "3072"` beside the list is the limit of the
//! whole task, named by its family. Of Nomad `memory` is the limit, unless `memory_max` is one above it. Source: ECS,
//! `ContainerDefinition`; Nomad, `resources` block.

use super::draft::Draft;
use super::quantity::whole;
use super::{Block, Context, Shape};
use crate::formats::Claim;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::Line;
use crate::units::Bytes;

pub(super) const ECS: Shape = Shape { tool: "ecs", claim: claim_ecs, open: open_ecs };
pub(super) const NOMAD: Shape = Shape { tool: "nomad", claim: claim_nomad, open: open_nomad };

/// Lines of a task definition between two of its sizes.
const MAX_OTHERS: u32 = 80;

/// MiB, if it can be the memory of a container.
fn mebibytes(number: &str) -> Option<Bytes> {
    let count = whole(number).filter(|count| (4..=16 << 20).contains(count))?;
    Some(Bytes(count << 20))
}

fn indent(body: &str) -> usize {
    body.len() - body.trim_start().len()
}

fn claim_ecs(body: &str) -> Claim {
    let heading = body.trim_end().strip_prefix("\"containerDefinitions\":").map(str::trim_start);
    if matches!(heading, Some("[" | "[{")) { Claim::Strong } else { Claim::None }
}

struct Ecs {
    /// Where the heading starts, and so the fields of the task.
    task: usize,
    /// Where the fields of a container start.
    field: Option<usize>,
    /// True behind the end of the list.
    ended: bool,
    drafts: Vec<Draft>,
    family: Option<Draft>,
}

fn open_ecs(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    context.claimed.then_some(())?;
    out.keep(line);
    let drafts = if line.body.trim_end().ends_with('{') { vec![Draft::new(HostKind::Ecs, line)] } else { Vec::new() };
    Some(Box::new(Ecs { task: indent(line.body), field: None, ended: false, drafts, family: None }))
}

impl Block for Ecs {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let at = indent(line.body);
        let text = line.body.trim();
        if at <= self.task && text.starts_with(']') {
            self.ended = true;
            return true;
        }
        if !self.ended && self.field.is_none_or(|field| at < field) && text.ends_with('{') {
            self.drafts.push(Draft::new(HostKind::Ecs, line));
            return true;
        }
        let Some((key, printed)) = text.trim_end_matches(',').split_once(':') else { return false };
        let value = printed.trim();
        if self.ended && at == self.task {
            let family = self.family.get_or_insert_with(|| Draft::new(HostKind::EcsTask, line));
            let name = value.trim_matches('"');
            match key {
                "\"family\"" => family.name(line, name),
                "\"memory\"" => family.size("limit", mebibytes(name), line, name),
                _ => return false,
            }
            out.keep(line);
            return true;
        }
        let Some(draft) = self.drafts.last_mut().filter(|_| !self.ended) else { return false };
        if at != *self.field.get_or_insert(at) {
            return false;
        }
        match key {
            "\"name\"" => draft.name(line, value.trim_matches('"')),
            "\"memory\"" => draft.size("limit", mebibytes(value), line, value),
            "\"memoryReservation\"" => draft.size("request", mebibytes(value), line, value),
            _ => return false,
        }
        out.keep(line);
        true
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        for draft in self.drafts.into_iter().chain(self.family) {
            draft.push(out);
        }
    }

    fn patience(&self) -> u32 {
        MAX_OTHERS
    }
}

fn claim_nomad(body: &str) -> Claim {
    if body.trim_end() == "resources {" { Claim::Weak } else { Claim::None }
}

struct Nomad {
    draft: Draft,
}

fn open_nomad(line: &Line<'_>, context: &Context<'_>, _: &mut Readings) -> Option<Box<dyn Block>> {
    context.claimed.then(|| Box::new(Nomad { draft: Draft::new(HostKind::Nomad, line) }) as Box<dyn Block>)
}

impl Block for Nomad {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let Some((key, value)) = line.body.split_once('=') else { return false };
        let value = value.trim();
        let name = match key.trim() {
            "cpu" | "cores" => return whole(value).is_some(),
            "memory" => "limit",
            // The smaller one is set aside then.
            "memory_max" => {
                if let Some(size) = self.draft.reading.sizes.remove("limit") {
                    self.draft.reading.sizes.insert("request".to_owned(), size);
                    if let Some(span) = self.draft.reading.at.get("limit") {
                        self.draft.reading.at.put("request", span);
                    }
                }
                "limit"
            }
            _ => return false,
        };
        self.draft.size(name, mebibytes(value), line, value);
        out.keep(line);
        true
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        self.draft.push(out);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;

    /// Name, limit and request in MiB.
    fn seen(text: &str) -> Vec<(String, u64, u64)> {
        let host = read(text).host;
        let mib =
            |row: &crate::model::host::HostReading, name: &str| row.sizes.get(name).map_or(0, |size| size.0 >> 20);
        host.iter().map(|row| (row.name.clone().unwrap_or_default(), mib(row, "limit"), mib(row, "request"))).collect()
    }

    #[test]
    fn a_task_definition_tells_of_its_containers_and_of_the_task() {
        let text = "{\n  \"containerDefinitions\": [\n    {\n      \"name\": \"orders\",\n      \"cpu\": 512,\n      \"memory\": 2048,\n      \"memoryReservation\": 1024,\n      \"environment\": [\n        {\n          \"name\": \"X\",\n          \"memory\": 7\n        }\n      ]\n    },\n    {\n      \"name\": \"proxy\",\n      \"memory\": 256\n    }\n  ],\n  \"family\": \"shop\",\n  \"cpu\": \"1024\",\n  \"memory\": \"3072\"\n}\n";
        assert_eq!(
            seen(text),
            [("orders".to_owned(), 2048, 1024), ("proxy".to_owned(), 256, 0), ("shop".to_owned(), 3072, 0)]
        );
        assert_eq!(seen("\"memory\": 2048,\n\"memory\": \"3072\"\n"), [], "nobody says of what");
        assert_eq!(seen("\"containerDefinitions\": [\n  {\n    \"memory\": 2048,\n    \"memory\": 20"), []);
    }

    #[test]
    fn a_job_of_nomad_counts_mebibytes() {
        assert_eq!(
            seen("  resources {\n    cpu    = 500\n    memory = 1024\n    memory_max = 2048\n  }\n"),
            [(String::new(), 2048, 1024)]
        );
        assert_eq!(seen("resources {\n  memory = 1024\n}\n"), [(String::new(), 1024, 0)]);
        assert_eq!(seen("resources {\n  memory = \"512Mi\"\n}\nmemory = 12\n"), []);
    }
}
