//! Kernel kills: what the kernel wrote about each.

use super::{Fact, Facts, Part, Style, Teller, line_span};
use crate::model::oom::{OomKill, OomScope, Victim};

impl Teller<'_> {
    /// When it was.
    pub fn kill_time(&self, kill: &OomKill) -> Vec<Fact> {
        let mut facts = Facts::of(self, &kill.at, line_span(kill.source, kill.first_line));
        facts.text("page.kill.time", "time", self.clock(kill.time, None)).text(
            "page.kill.local-time",
            "local_time",
            self.clock(None, kill.local_time),
        );
        if self.is_page() {
            facts.noted("page.kill.local-time", "page.kill.local-time.note");
        }
        facts.text("page.kill.uptime", "uptime", kill.uptime.map(|time| self.duration(time)));
        facts.facts
    }

    /// The machine and the control group at that time, and how it ended.
    pub fn kill_around(&self, kill: &OomKill) -> Vec<Fact> {
        let line = line_span(kill.source, kill.first_line);
        let mut facts = Facts::of(self, &kill.at, line);
        facts
            .text("page.kill.host", "host", kill.host.clone())
            .text("page.kill.kernel", "kernel", kill.kernel.clone())
            .text("page.kill.trigger", "trigger", kill.trigger.as_ref().map(|trigger| trigger.name.clone()));
        if let (Some(trigger), Some(fact)) = (&kill.trigger, facts.facts.last_mut()) {
            let order = trigger.order.map(|order| format!("order {order}"));
            let more = order.into_iter().chain(trigger.gfp_mask.clone());
            fact.cell.extend(more.map(|text| Part::of(text).styled(Style::Aside)));
        }
        facts.sizes(&[
            ("page.kill.ram", "ram", kill.ram),
            ("page.kill.swap-total", "swap_total", kill.swap_total),
            ("page.kill.swap-free", "swap_free", kill.swap_free),
            ("text.page-size", "page_size", kill.page_size),
        ]);
        if let Some(cgroup) = &kill.cgroup {
            let mut of = Facts::of(self, &cgroup.at, line);
            let with_swap =
                cgroup.swap_limit.filter(|limit| cgroup.swap_includes_memory && Some(*limit) != cgroup.limit);
            of.text("page.kill.cgroup", "path", Some(cgroup.path.clone()).filter(|path| !path.is_empty())).sizes(&[
                ("page.kill.cgroup-usage", "usage", cgroup.usage),
                ("page.kill.cgroup-limit", "limit", cgroup.limit),
                ("page.kill.cgroup-swap-limit", "swap_limit", with_swap),
            ]);
            // Where the sums over the groups below are printed, too, they are what counts.
            let own = ["rss", "cache"].into_iter().filter(|key| !cgroup.stats.contains_key(&format!("total_{key}")));
            let swap = cgroup.stats.get("swap").filter(|size| size.0 > 0).map(|_| "swap");
            let stats = ["anon", "file", "kernel", "sock", "shmem"].into_iter().chain(own);
            for key in stats.chain(["total_rss", "total_cache"]).chain(swap) {
                if let Some(size) = cgroup.stats.get(key) {
                    of.push(("", self.name(key)), key, Part::size(*size));
                }
            }
            facts.facts.append(&mut of.facts);
        }
        let ends = [(kill.panic, "chart.mark.panic"), (kill.no_killable, "chart.mark.no-killable")];
        for (_, key) in ends.into_iter().filter(|(is, _)| *is) {
            facts.text("text.outcome", "outcome", Some(self.word(key)));
        }
        facts.facts
    }

    /// What had run out.
    pub fn kill_scope(&self, kill: &OomKill) -> String {
        self.word(match kill.scope {
            OomScope::Global => "scope.global",
            OomScope::Cgroup => "scope.cgroup",
            OomScope::Cpuset => "scope.cpuset",
            OomScope::Policy => "scope.policy",
            OomScope::Sysrq => "scope.sysrq",
            OomScope::Unknown => "scope.unknown",
        })
    }

    /// A process that was killed.
    pub fn victim(&self, kill: &OomKill, victim: &Victim) -> Vec<Fact> {
        let mut facts = Facts::of(self, &victim.at, line_span(kill.source, victim.line));
        if self.is_page() {
            facts
                .text("page.kill.pid", "pid", Some(victim.pid.to_string()))
                .text("page.kill.name", "name", Some(victim.name.clone()))
                .text("page.kill.uid", "uid", victim.uid.map(|uid| uid.to_string()));
        }
        facts
            .sizes(&[
                ("page.kill.anon-rss", "anon_rss", victim.anon_rss),
                ("page.kill.file-rss", "file_rss", victim.file_rss),
                ("page.kill.shmem-rss", "shmem_rss", victim.shmem_rss),
                ("page.kill.rss", "rss", victim.rss),
                ("page.kill.swap", "swap", victim.swap),
                ("page.kill.pgtables", "pgtables", victim.pgtables),
                ("page.kill.total-vm", "total_vm", victim.total_vm),
            ])
            .noted("page.kill.total-vm", "page.kill.total-vm.note")
            .text(
                "page.kill.score-adj",
                "oom_score_adj",
                victim.oom_score_adj.map(|adjustment| adjustment.to_string()),
            );
        facts.facts
    }
}
