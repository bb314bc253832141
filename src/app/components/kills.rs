//! Kernel kills: what the kernel wrote about each.

use oomscope_derive::part;
use yew::prelude::*;

use super::fact::line_span;
use super::facts_table::{FactsTable, Row, Rows};
use super::pane::Pane;
use super::process_table::ProcessTable;
use crate::app::controls::PageReady;
use crate::app::hooks::window::{Shape, use_window};
use crate::app::words::{Words, use_words};
use crate::civil::Zone;
use crate::i18n::format;
use crate::model::oom::{OomKill, OomScope, Victim};

/// Kills that are in the document all the time.
const WHOLE: usize = 5;
/// Height of what is said of a kill, about.
const KILL: f64 = 600.0;

/// All kills.
#[part]
pub fn Kills(ready: &PageReady) -> Html {
    let words = use_words();
    let kills = &ready.report.oom_kills;
    let window = use_window(kills.len(), WHOLE, KILL);
    let item = |nth: usize| {
        let Some(kill) = kills.get(nth) else { return html! {} };
        html! {
            <div class="kill" key={nth}>
                for victim in kill.victims.iter() {
                    <FactsTable caption={victim_caption(words, victim)} rows={victim_rows(words, kill, victim, ready.report.zone)} />
                }
                { around(words, kill) }
                if !kill.processes.is_empty() {
                    <details class="details">
                        <summary>{ words.count("page.kill.processes", kill.processes.len() as u64) }</summary>
                        <ProcessTable ready={ready.clone()} kill={nth} />
                    </details>
                }
            </div>
        }
    };
    html! {
        <>
            { window.parts(words) }
            <Pane long={window.is_long()} name={words.text("page.section.kills")}>
                <div class="window" ref={window.body()}>{ window.rows(Shape::Blocks, item) }</div>
            </Pane>
        </>
    }
}

fn victim_caption(words: Words, victim: &Victim) -> String {
    words.fill("page.kill.victim", &[("name", &victim.name), ("pid", &victim.pid.to_string())])
}

fn victim_rows(words: Words, kill: &OomKill, victim: &Victim, zone: Zone) -> Vec<Row> {
    let line = line_span(kill.source, victim.line);
    let mut rows = Rows::new(words, &kill.at, line)
        .text("page.kill.time", "time", kill.time.map(|time| format::time(time, zone)))
        .text("page.kill.local-time", "local_time", kill.local_time.map(format::local_time))
        .noted("page.kill.local-time.note", kill.local_time.is_some())
        .text("page.kill.uptime", "uptime", kill.uptime.map(|time| format::duration(words.0, time)))
        .rows();
    rows.extend(
        Rows::new(words, &victim.at, line)
            .text("page.kill.pid", "pid", Some(victim.pid.to_string()))
            .text("page.kill.name", "name", Some(victim.name.clone()))
            .text("page.kill.uid", "uid", victim.uid.map(|uid| uid.to_string()))
            .size("page.kill.anon-rss", "anon_rss", victim.anon_rss)
            .size("page.kill.file-rss", "file_rss", victim.file_rss)
            .size("page.kill.shmem-rss", "shmem_rss", victim.shmem_rss)
            .size("page.kill.rss", "rss", victim.rss)
            .size("page.kill.swap", "swap", victim.swap)
            .size("page.kill.total-vm", "total_vm", victim.total_vm)
            .noted("page.kill.total-vm.note", victim.total_vm.is_some())
            .size("page.kill.pgtables", "pgtables", victim.pgtables)
            .text("page.kill.score-adj", "oom_score_adj", victim.oom_score_adj.map(|adj| adj.to_string()))
            .rows(),
    );
    rows
}

/// The machine and the control group at the time of the kill.
fn around(words: Words, kill: &OomKill) -> Html {
    let line = line_span(kill.source, kill.first_line);
    let scope = words.text(match kill.scope {
        OomScope::Global => "page.scope.global",
        OomScope::Cgroup => "page.scope.cgroup",
        OomScope::Cpuset => "page.scope.cpuset",
        OomScope::Policy => "page.scope.policy",
        OomScope::Sysrq => "page.scope.sysrq",
        OomScope::Unknown => "page.scope.unknown",
    });
    let mut rows = Rows::new(words, &kill.at, line)
        .text("page.kill.scope", "scope", Some(scope))
        .text("page.kill.trigger", "trigger", kill.trigger.as_ref().map(|trigger| trigger.name.clone()))
        .text("page.kill.kernel", "kernel", kill.kernel.clone())
        .text("page.kill.host", "host", kill.host.clone())
        .size("page.kill.ram", "ram", kill.ram)
        .size("page.kill.swap-total", "swap_total", kill.swap_total)
        .size("page.kill.swap-free", "swap_free", kill.swap_free)
        .rows();
    if let Some(cgroup) = &kill.cgroup {
        rows.extend(
            Rows::new(words, &cgroup.at, line)
                .text("page.kill.cgroup", "path", Some(cgroup.path.clone()).filter(|path| !path.is_empty()))
                .size("page.kill.cgroup-usage", "usage", cgroup.usage)
                .size("page.kill.cgroup-limit", "limit", cgroup.limit)
                .rows(),
        );
    }
    html! { <FactsTable caption={words.text("page.kill.around")} {rows} /> }
}
