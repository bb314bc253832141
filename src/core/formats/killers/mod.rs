//! Reads what else ends processes for their memory, or looks as if it did: systemd and its oomd, earlyoom, Kubernetes, Docker,
//! YARN, Slurm and their like, exit codes, and kernel messages that are no kill.
//!
//! ```text
//! Aug 05 03:54:04 web01 systemd[1]: orders.service: A process of this unit has been killed by the OOM killer.
//! Aug 05 03:54:11 web01 earlyoom[702]: sending SIGTERM to process 48213 uid 1000 "java": badness 911, VmRSS 14210 MiB
//!       Reason:       OOMKilled
//!       Exit Code:    137
//! ```
//!
//! Each becomes an event of its own kind. An exit code of 137 proves a SIGKILL and not who sent it. Sources: systemd
//! (`src/oom/oomd-manager.c`, `src/core/unit.c`), earlyoom (`kill.c`), Kubernetes (`pkg/kubelet`), Hadoop
//! (`ContainersMonitorImpl`), Slurm (`slurmstepd`).

pub(crate) mod exit_code;
mod found;
mod reader;
mod shapes;

use std::sync::LazyLock;

use self::found::{Found, Role, Shape};
use self::reader::KillerReader;
use self::shapes::SHAPES;
use super::shape::Shapes;
use super::{Claim, Format};
use crate::formats::quantity::is_digits;
use crate::source::Line;

/// Other killers and look-alikes.
pub static FORMAT: Format = Format { id: "event", claim, reader: || Box::new(KillerReader::default()) };

/// A longer line is no message of these programs.
const MAX_LINE: usize = 4096;

fn claim(line: &Line<'_>) -> Claim {
    if exit_code::is_asked(line.body) {
        return Claim::Strong;
    }
    match recognise(line.body.trim()) {
        // A question is a person's, but for one.
        Some(Found { kind: crate::model::kind::EventKind::ForkLost, .. }) => Claim::Strong,
        Some(_) if line.body.trim_end().ends_with('?') => Claim::None,
        Some(Found { role: Role::WeakEvent, .. }) => Claim::Weak,
        Some(_) => Claim::Strong,
        None => Claim::None,
    }
}

fn recognise(body: &str) -> Option<Found<'_>> {
    shape_of(body).map(|(_, found)| found)
}

fn shape_of(body: &str) -> Option<(&'static Shape, Found<'_>)> {
    static LINES: LazyLock<Shapes> = LazyLock::new(|| Shapes::new(all().map(|shape| shape.line)));
    if body.len() > MAX_LINE {
        return None;
    }
    let (index, captures) = LINES.read(without_tag(body))?;
    let shape = all().nth(index)?;
    Some((shape, Found::new(shape, captures)))
}

fn all() -> impl Iterator<Item = &'static Shape> {
    SHAPES.iter().flat_map(|(_, shapes)| *shapes)
}

/// Takes `systemd[1]: ` from the front, which stands without a date where the kernel's log or a person shortened it.
fn without_tag(body: &str) -> &str {
    let rest = body.strip_prefix("systemd").map(|rest| rest.strip_prefix("-oomd").unwrap_or(rest));
    let behind = rest.and_then(|rest| rest.strip_prefix('[')?.split_once("]: "));
    behind.filter(|(pid, _)| is_digits(pid)).map_or(body, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Reader as _;
    use crate::model::readings::Readings;
    use crate::source::Around;
    use crate::units::{Bytes, Micros};

    fn read(text: &str) -> Readings {
        crate::formats::read_alone(&FORMAT, text)
    }

    fn kinds(text: &str) -> Vec<(String, Option<String>, Option<u32>)> {
        read(text).events.into_iter().map(|event| (event.kind.name().to_owned(), event.name, event.pid)).collect()
    }

    fn event(kind: &str, name: Option<&str>, pid: Option<u32>) -> (String, Option<String>, Option<u32>) {
        (kind.to_owned(), name.map(str::to_owned), pid)
    }

    #[test]
    fn every_sample_is_read_by_its_own_shape_and_gives_all_that_the_shape_names() {
        for shape in all() {
            let (by, found) = shape_of(shape.sample).unwrap_or_else(|| panic!("nobody reads {}", shape.sample));
            assert!(std::ptr::eq(by, shape), "{}\nis read as\n{}", shape.sample, by.line);
            let mut known: Vec<_> = found.sizes.iter().map(|(word, ..)| *word).collect();
            known.extend(found.name.map(|_| "name"));
            known.extend(found.pid.map(|_| "pid"));
            known.extend(found.restarts.map(|_| "restarts"));
            known.extend(found.share.map(|_| "share"));
            known.extend(found.time.map(|_| "time"));
            let captures = shape.line.split('{').skip(1).filter_map(|part| part.split_once('}'));
            for (capture, _) in captures {
                let (name, of) = capture.split_once(':').unwrap_or((capture, ""));
                let is_capture = !name.is_empty() && !capture.contains(['|', ' ']) && !of.ends_with('?');
                assert!(!is_capture || known.contains(&name), "{name} of {}", shape.sample);
            }
        }
    }

    #[test]
    fn a_sample_cut_anywhere_tells_no_other_value() {
        let values = |text: &str| {
            let line = Line { around: &Around::of(text), ..Line::of(text) };
            let mut out = Readings::default();
            KillerReader::default().open(&line, &mut out);
            let mut found = Vec::new();
            for event in out.events {
                found.extend(event.sizes.into_iter().map(|(word, bytes)| (word, bytes.0)));
                found.extend(event.pid.map(|pid| ("pid".to_owned(), u64::from(pid))));
            }
            found.extend(out.host.into_iter().flat_map(|of| of.sizes).map(|(word, bytes)| (word, bytes.0)));
            found
        };
        for shape in all() {
            let whole = values(&format!("{}.", shape.sample));
            for (end, _) in shape.sample.char_indices() {
                let cut = shape.sample.get(..end).unwrap_or_default();
                for value in values(cut) {
                    assert!(whole.contains(&value), "{value:?} of {cut}");
                }
            }
        }
    }

    #[test]
    fn the_document_shows_every_shape() {
        let mut table = String::new();
        for (who, shapes) in &SHAPES {
            table += &format!("\n### {who}\n\n| Kind | Line | Read |\n|---|---|---|\n");
            for shape in *shapes {
                let found = recognise(shape.sample).unwrap_or_default();
                let mut read: Vec<_> = found.sizes.iter().map(|(word, part, _)| format!("{word} {part}")).collect();
                let words = [("time", found.time.map(|(part, _)| part)), ("pid", found.pid), ("name", found.name)];
                for (word, part) in words {
                    read.extend(part.map(|part| format!("{word} {part}")));
                }
                read.reverse();
                let sample = shape.sample.replace('|', "\\|");
                table += &format!("| `{}` | `{sample}` | {} |\n", shape.name(), read.join(", "));
            }
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/formats/killers.md");
        let document = std::fs::read_to_string(path).expect("the document");
        let (before, rest) = document.split_once("<!-- shapes -->\n").expect("where the list begins");
        let (_, after) = rest.split_once("\n<!-- end of shapes -->").expect("where the list ends");
        let wanted = format!("{before}<!-- shapes -->\n{table}\n<!-- end of shapes -->{after}");
        if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
            std::fs::write(path, &wanted).expect("written");
        }
        assert!(document == wanted, "INSTA_UPDATE=always cargo test --lib the_document_shows writes {path}");
    }

    #[test]
    fn words_about_a_kill_are_no_event() {
        for line in [
            "An exit code 137 means that the container was killed",
            "종료 코드가 exit code 137 이었다",
            "\"OOMKilled\": false,",
            "The pod was OOMKilled again",
            "exit code 1",
            "Exit Code:    143",
            "Killed by the deadline",
            "Killed 12 sessions",
            "Why was it evicted: The node was low on resource: memory.?",
        ] {
            assert_eq!(kinds(line), [], "{line}");
        }
    }

    #[test]
    fn a_container_state_is_one_event_with_the_time_of_its_end() {
        let described = "    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n      Started:      Tue, 05 Aug 2025 03:50:00 +0200\n      Finished:     Tue, 05 Aug 2025 05:54:03 +0200\n";
        let out = read(described);
        assert_eq!(out.events.len(), 1);
        let event = out.events.first().expect("an event");
        assert_eq!((event.kind.name(), event.first_line, event.last_line), ("kubernetes-oomkilled", 2, 5));
        assert_eq!(event.time, Some(Micros(1_754_366_043_000_000)));
        let yaml = "terminated:\n  exitCode: 137\n  finishedAt: \"2025-08-05T03:54:03Z\"\n  reason: OOMKilled\n";
        let out = read(yaml);
        let found: Vec<_> =
            out.events.iter().map(|event| (event.kind.name(), event.time, event.first_line, event.last_line)).collect();
        assert_eq!(found, [("kubernetes-oomkilled", Some(Micros(1_754_366_043_000_000)), 2, 4)]);
    }

    #[test]
    fn restarts_are_those_of_the_container_that_ended() {
        let described = "  app:\n    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n      Started:      Thu, 02 Oct 2025 11:23:33 +0200\n      Finished:     Thu, 02 Oct 2025 11:23:48 +0200\n    Ready:          True\n    Restart Count:  12\n  proxy:\n    Restart Count:  0\n";
        let restarts = |text: &str| -> Vec<_> {
            read(text)
                .events
                .iter()
                .map(|event| (event.restarts, event.lasted.map(|lasted| lasted.0 / 1_000_000)))
                .collect()
        };
        assert_eq!(restarts(described), [(Some(12), Some(15))]);
        assert_eq!(restarts(&described.replace("    Restart Count:  12\n", "")), [(None, Some(15))]);
    }

    #[test]
    fn the_end_before_and_the_last_one_keep_their_own_times() {
        let yaml = "lastState:\n  terminated:\n    exitCode: 137\n    finishedAt: \"2025-08-05T03:54:03Z\"\n    reason: OOMKilled\nname: app\nstate:\n  terminated:\n    exitCode: 137\n    finishedAt: \"2025-08-05T04:10:00Z\"\n    reason: OOMKilled\n";
        let times: Vec<_> = read(yaml).events.iter().map(|event| event.time.map(|time| time.0 / 1_000_000)).collect();
        assert_eq!(times, [Some(1_754_366_043), Some(1_754_367_000)]);
    }

    #[test]
    fn a_container_of_docker_may_not_know_who_killed_it() {
        assert_eq!(
            kinds("\"OOMKilled\": true,\n\"Dead\": false,\n\"ExitCode\": 137,"),
            [event("docker-oomkilled", None, None)]
        );
        assert_eq!(
            kinds("\"OOMKilled\": false,\n\"Dead\": false,\n\"ExitCode\": 137,"),
            [event("exit-137", None, None)]
        );
    }

    #[test]
    fn the_lines_of_one_kill_are_one_event() {
        let slurm = "slurmstepd: error: Detected 1 oom-kill event(s) in step 3495064.0 cgroup. Some of your processes may have been killed by the cgroup out-of-memory handler.\nsrun: error: node-01: task 4: Out Of Memory\n";
        assert_eq!(kinds(slurm), [event("slurm", Some("3495064.0"), None)]);
        let unit = "a.service: A process of this unit has been killed by the OOM killer.\na.service: Main process exited, code=killed, status=9/KILL\na.service: Failed with result 'oom-kill'.\n";
        assert_eq!(kinds(unit).len(), 2);
        let oomd = "Considered 2 cgroups for killing, top candidates were:\n\tPath: /a\n\t\tPressure: Avg10: 83.20 Avg60: 1 Avg300: 1 Total: 9s\nKilled /a due to memory used (100) / total (120) and swap used (5) / total (9) being more than 90%\n";
        let out = read(oomd);
        let found: Vec<_> = out
            .events
            .iter()
            .map(|event| (event.first_line, event.last_line, event.sizes.get("usage").copied()))
            .collect();
        assert_eq!(found, [(1, 4, Some(Bytes(100)))]);
    }

    #[test]
    fn sizes_are_powers_of_1024() {
        let out = read(
            "Container [pid=48213,containerID=container_1] is running 123B beyond the 'PHYSICAL' memory limit. Current usage: 2.5 GB of 2 GB physical memory used; 4 GB of 4.2 GB virtual memory used. Killing container.\nExit code is 143\n",
        );
        let found: Vec<_> = out
            .events
            .iter()
            .map(|event| {
                (
                    event.kind.name(),
                    event.sizes.get("usage").copied(),
                    event.sizes.get("limit").copied(),
                    event.last_line,
                )
            })
            .collect();
        assert_eq!(found, [("yarn", Some(Bytes(2_684_354_560)), Some(Bytes(2_147_483_648)), 2)]);
        let sizes = |text: &str| {
            let event = read(text).events.into_iter().next().expect("an event");
            (event.sizes.get("usage").copied(), event.sizes.get("limit").copied())
        };
        let mib = |count: u64| Some(Bytes(count << 20));
        assert_eq!(sizes("Memory limit of 512 MiB exceeded with 530 MiB used."), (mib(530), mib(512)));
        assert_eq!(
            sizes(
                "Container killed by YARN for exceeding memory limits. 5.5 GB of 5 GB physical memory used. Consider"
            ),
            (mib(5632), mib(5120))
        );
        let condor = "Error from slot1_8@worker: Job has gone over memory limit of 16384 megabytes. Peak usage: 16328 megabytes.";
        assert_eq!(sizes(condor), (mib(16_328), mib(16_384)));
        let moab = "job 3132467 exceeded MEM usage hard limit (2528 > 1126)";
        assert_eq!(sizes(moab), (mib(2528), mib(1126)));
        let torque = "Job exceeded a memory resource limit (vmem, pvmem, etc.). Job was aborted\nSee Administrator for help\nExit_status=-10\nresources_used.vmem=286793240kb\nresources_used.mem=1048576kb\n";
        assert_eq!(sizes(torque), (mib(1024), None));
        let lsf = "TERM_MEMLIMIT: job killed after reaching LSF memory usage limit.\nExited with exit code 137.\n\n    Max Memory :    23183 MB\n";
        assert_eq!((sizes(lsf), kinds(lsf).len()), ((mib(23_183), None), 1));
        let heroku = "Process running mem=513M(100.4%)\nError R14 (Memory quota exceeded)\nProcess running mem=520M(101.6%)\nError R14 (Memory quota exceeded)\n";
        assert_eq!((sizes(heroku), kinds(heroku).len()), ((mib(520), None), 1));
        assert_eq!(sizes("=>> PBS: job killed: mem 4194304kb exceeded limit 1048576kb"), (mib(4096), mib(1024)));
        let evicted = read(
            "Evicted  The node was low on resource: memory. Container app was using 5204Ki, which exceeds its request of 0. ",
        );
        assert_eq!(
            evicted.events.first().and_then(|event| event.sizes.get("usage").copied()),
            Some(Bytes(5204 * 1024))
        );
    }

    #[test]
    fn the_lines_of_nohang_are_one_event() {
        let out = read(
            "2023-08-10 16:53:26,460: Memory status that requires corrective actions:\n  PID: 903309, name: mysqld, badness: 849\nMemory status that requires corrective actions:\nVictim VmRSS: 3268608 KiB\n",
        );
        let found: Vec<_> = out
            .events
            .iter()
            .map(|event| (event.name.as_deref(), event.pid, event.sizes.get("rss").copied()))
            .collect();
        assert_eq!(found, [(Some("mysqld"), Some(903_309), Some(Bytes(3_268_608 << 10)))]);
    }

    #[test]
    fn earlyoom_gives_a_series() {
        let out = read("mem avail:  1290 of 23909 MiB ( 5.40%), swap free:    0 of 2048 MiB ( 0.00%)");
        let sizes = out.host.first().map(|reading| reading.sizes.clone()).unwrap_or_default();
        assert_eq!(sizes.get("mem_available"), Some(&Bytes(1290 << 20)));
        assert_eq!(sizes.get("swap_free"), Some(&Bytes(0)));
    }
}
