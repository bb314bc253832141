//! Series and tables as one CSV file: a row a value, so that every table fits under the same header.

use crate::model::jstat::{Column, decimals_of};
use crate::model::record::{Head, Record};
use crate::report::Report;
use crate::units::{Bytes, Micros, to_civil};
use crate::visible::shown_line;

/// Writes the file: a header, then a row for every value that the report has.
pub fn write(report: &Report) -> String {
    let mut out = Rows(String::from("table,run,pid,source,line,time_utc,seconds,name,value,unit\n"));
    for (at, table) in report.jstat.iter().enumerate() {
        let name = format!("jstat-{} {}", table.option, at + 1);
        for row in 0..table.rows {
            let wall = table.wall.get(row).copied().flatten().filter(|_| table.wall_zone_known);
            let place = Place {
                table: &name,
                run: &table.run,
                pid: table.pid,
                source: table.source,
                line: table.lines.get(row).copied().unwrap_or(0),
                time: wall,
                seconds: table.relative_time(row),
            };
            for column in &table.data.0 {
                let value = match column.text(row) {
                    Some(text) => text.to_owned(),
                    None => match column.fixed(row) {
                        Some(value) => decimal(value, column),
                        None => continue,
                    },
                };
                out.row(&place, &column.name, &value, unit(&column.name));
            }
        }
    }
    for event in &report.gc_events {
        let log = report.gc_logs.get(event.log as usize);
        let place = Place {
            table: "gc-log",
            run: log.map_or("", |log| log.run.as_str()),
            pid: log.and_then(|log| log.pid),
            source: log.map_or(0, |log| log.source),
            line: event.line,
            time: event.time,
            seconds: event.uptime,
        };
        out.size(&place, &format!("{}, before", event.name), event.before);
        out.size(&place, &format!("{}, after", event.name), event.after);
        out.size(&place, &format!("{}, committed", event.name), event.committed);
        if let Some(duration) = event.duration {
            out.row(&place, &format!("{}, duration", event.name), &seconds(duration), "s");
        }
    }
    for (at, snapshot) in report.nmt.iter().enumerate() {
        let name = format!("nmt {}", at + 1);
        let mut place = Place::of(&name, Record::Nmt(snapshot));
        out.size(&place, "Total, reserved", snapshot.total.reserved);
        out.size(&place, "Total, committed", snapshot.total.committed);
        for category in &snapshot.categories {
            place.line = category.line;
            out.size(&place, &format!("{}, reserved", category.name), category.reserved);
            out.size(&place, &format!("{}, committed", category.name), category.committed);
        }
    }
    for (at, kill) in report.oom_kills.iter().enumerate() {
        let name = format!("kill {}", at + 1);
        let of_kill = Place::of(&name, Record::Kill(kill));
        for victim in &kill.victims {
            let run = victim.run.as_deref().unwrap_or_default();
            let place = Place { run, pid: Some(victim.pid), line: victim.line, ..of_kill };
            out.size(&place, "anon_rss", victim.anon_rss);
            out.size(&place, "file_rss", victim.file_rss);
            out.size(&place, "shmem_rss", victim.shmem_rss);
            out.size(&place, "rss", victim.rss);
            out.size(&place, "swap", victim.swap);
            out.size(&place, "total_vm", victim.total_vm);
        }
        for process in &kill.processes {
            let place = Place { run: "", pid: Some(process.pid), line: process.line, ..of_kill };
            out.size(&place, &format!("{}, rss", process.name), process.rss);
            out.size(&place, &format!("{}, swap", process.name), process.swap);
        }
    }
    for host in &report.host {
        let place = Place::of(host.kind.name(), Record::Host(host));
        for (name, size) in &host.sizes {
            out.size(&place, name, Some(*size));
        }
        for (name, count) in &host.counts {
            out.row(&place, name, &count.to_string(), "");
        }
    }
    out.0
}

#[derive(Clone, Copy)]
struct Place<'a> {
    table: &'a str,
    run: &'a str,
    pid: Option<u32>,
    source: u16,
    line: u32,
    time: Option<Micros>,
    seconds: Option<Micros>,
}

impl<'a> Place<'a> {
    fn of(table: &'a str, record: Record<'a>) -> Place<'a> {
        let Head { run, pid, source, first_line, time, uptime, .. } = record.head();
        Place { table, run: run.unwrap_or_default(), pid, source, line: first_line, time, seconds: uptime }
    }
}

struct Rows(String);

impl Rows {
    fn size(&mut self, place: &Place<'_>, name: &str, size: Option<Bytes>) {
        if let Some(size) = size {
            self.row(place, name, &size.0.to_string(), "B");
        }
    }

    fn row(&mut self, place: &Place<'_>, name: &str, value: &str, unit: &str) {
        let cells = [
            cell(place.table),
            cell(place.run),
            place.pid.map(|pid| pid.to_string()).unwrap_or_default(),
            place.source.to_string(),
            place.line.to_string(),
            place.time.map(utc).unwrap_or_default(),
            place.seconds.map(seconds).unwrap_or_default(),
            cell(name),
            cell(value),
            unit.to_owned(),
        ];
        self.0.push_str(&cells.join(","));
        self.0.push('\n');
    }
}

/// A cell: quoted where it must be, and never a formula for the program that opens it.
fn cell(text: &str) -> String {
    let number = text.strip_prefix('-').unwrap_or(text).starts_with(|c: char| c.is_ascii_digit());
    let formula = !number && text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = shown_line(&text.replace(['\n', '\r', '\t'], " ")).into_owned();
    let text = if formula { format!("'{text}") } else { text };
    if text.contains([',', '"', '\'']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn decimal(value: i64, column: &Column) -> String {
    let scale = column.scale();
    if scale <= 1.0 { value.to_string() } else { format!("{}", value as f64 / scale) }
}

fn unit(column: &str) -> &'static str {
    match decimals_of(column) {
        _ if matches!(column, "Timestamp" | "Time") => "s",
        1 => "KB",
        2 => "%",
        3 if column.ends_with('T') => "s",
        _ => "",
    }
}

fn seconds(micros: Micros) -> String {
    format!("{}", micros.0 as f64 / 1e6)
}

/// `2022-11-23T07:35:42Z`
fn utc(time: Micros) -> String {
    let ((year, month, day), (hour, minute, second)) = to_civil(time);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_quoted_where_it_must_be_and_is_no_formula() {
        assert_eq!(cell("plain"), "plain");
        assert_eq!(cell("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(cell("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
        assert_eq!(cell("-12.5"), "-12.5");
        assert_eq!(cell("a\nb"), "a b");
    }

    #[test]
    fn every_value_is_a_row_with_its_line_and_unit() {
        let mut analyzer = crate::Analyzer::new(crate::i18n::Language::En);
        analyzer
            .feed(b"Out of memory: Killed process 7 (java) total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB\n");
        let csv = write(&analyzer.finish().report);
        assert!(csv.contains("kill 1,run-1,7,0,1,,,anon_rss,4096,B\n"), "{csv}");
    }
}
