//! Which kill a text is about: title, story, findings, and sizing ask here, so that they speak of one process.

use crate::analysis::jvm_threads::names_a_jvm;
use crate::model::oom::{OomKill, Victim};

/// The victim of a kill that is told about: of several (`memory.oom.group`) the JVM, else the one that was chosen first.
pub fn victim(kill: &OomKill) -> Option<&Victim> {
    kill.victims.iter().find(|victim| is_java(victim)).or_else(|| kill.victims.first())
}

/// Of some kills the last one of a JVM, else the last of any.
pub fn kill(kills: &[OomKill], of: impl Fn(&OomKill) -> bool) -> Option<(&OomKill, &Victim)> {
    let kills = || kills.iter().rev().filter(|kill| of(kill)).filter_map(|kill| Some((kill, victim(kill)?)));
    kills().find(|(_, victim)| is_java(victim)).or_else(|| kills().next())
}

fn is_java(victim: &Victim) -> bool {
    names_a_jvm(&victim.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn killed(names: &[(&str, u32)]) -> OomKill {
        let victim = |(name, pid): &(&str, u32)| Victim { name: (*name).to_owned(), pid: *pid, ..Victim::default() };
        OomKill { victims: names.iter().map(victim).collect(), ..OomKill::default() }
    }

    fn told(kills: &[OomKill]) -> Option<u32> {
        kill(kills, |_| true).map(|(_, victim)| victim.pid)
    }

    #[test]
    fn of_a_group_that_is_killed_as_a_whole_the_jvm_is_told() {
        assert_eq!(told(&[killed(&[("sh", 7), ("java", 8), ("sleep", 9)])]), Some(8));
        assert_eq!(told(&[killed(&[("sh", 7), ("sleep", 9)])]), Some(7));
    }

    #[test]
    fn the_last_kill_of_a_jvm_counts_more_than_a_later_one() {
        let kills = [killed(&[("java", 1)]), killed(&[("sh", 2), ("java", 3)]), killed(&[("python", 4)])];
        assert_eq!(told(&kills), Some(3));
        assert_eq!(told(&[killed(&[("python", 4)]), killed(&[("mysqld", 5)]), killed(&[])]), Some(5));
    }
}
