//! The worked example, and what must hold for any numbers.

use super::*;
use crate::analysis::gaps::Gap;
use crate::analysis::statement::{Quantity, Statement};
use crate::i18n::Language;
use crate::units::{Bytes, MIB};

fn kib(kib: u64) -> Fact {
    Fact { bytes: Bytes(kib * 1024), at: None, origin: Origin::Measured }
}

fn live(tenths_of_kib: u64) -> LiveSet {
    let size = Fact { bytes: Bytes(tenths_of_kib * 1024 / 10), at: None, origin: Origin::Measured };
    LiveSet { run: "run-3".into(), size, after_full: false, growing: false }
}

/// A small server on a machine of 1 GB without swap: killed at 699,868 kB, with the NMT of a like process.
fn small_server() -> Facts {
    let area = |name: &str, size| Area { name: name.into(), bytes: kib(size).bytes, at: None };
    Facts {
        wall: Some(Wall { kind: WallKind::KilledAt, size: kib(699_868) }),
        non_heap: Some(kib(448_079 - 262_144)),
        areas: vec![area("Class", 77_903), area("GC", 48_246), area("Other", 8_275), area("Thread", 5_125)],
        threads: Some(50),
        classes: Some(14_122),
        live_sets: vec![live(510_783 + 71_680)],
        max_heaps: vec![kib(262_144), kib(524_288)],
        collector: Some("G1".into()),
        commands: commands(),
        ..Facts::default()
    }
}

/// One for each thing that can be asked.
fn commands() -> Vec<Gap> {
    let names = ["wall", "seen", "nmt.off", "live-set", "flags", "requests"];
    names.map(|name| Gap { key: format!("sizing.missing.{name}"), command: format!("ask {name}") }).to_vec()
}

fn busy(safety: u64) -> Knobs {
    Knobs { safety, concurrency: 20, per_request: Bytes(10 * MIB), ram: Some(Bytes(950 * MIB)), ..Knobs::default() }
}

fn sized(facts: &Facts, knobs: &Knobs) -> Sizing {
    compute(facts, knobs, Language::En)
}

/// Rounded to MiB.
fn mib(bytes: impl Into<Option<Bytes>>) -> u64 {
    (bytes.into().expect("a size").0 + MIB / 2) / MIB
}

fn term(sizing: &Sizing, name: &str) -> Bytes {
    sizing.terms.iter().find(|term| term.name == name).unwrap_or_else(|| panic!("no {name}")).bytes
}

#[test]
fn the_worked_example_comes_out_with_its_numbers() {
    let facts = small_server();
    let ten = sized(&facts, &busy(100));
    let five = sized(&facts, &busy(50));
    let budget = |sizing: &Sizing| mib(Bytes(term(sizing, "killed-at").0 - term(sizing, "safety").0));
    assert_eq!((budget(&ten), budget(&five)), (615, 649));
    assert_eq!(term(&ten, "non-heap").0 * 10 / MIB, 1815);
    let growth = ten.terms.iter().filter(|term| term.name.starts_with("growth-")).map(|term| term.bytes.0).sum();
    assert_eq!(mib(Bytes(growth)), 108);
    assert_eq!((mib(ten.ceiling), mib(five.ceiling)), (326, 360));
    assert_eq!(mib(term(&ten, "ceiling-by-ram")), 385);
    assert_eq!(mib(ten.floor), 321);
    assert_eq!(ten.verdict, Verdict::Range);
    let recommended = ten.recommended.expect("a value");
    assert!(ten.floor <= Some(recommended) && Some(recommended) <= ten.ceiling, "{recommended:?}");
    assert_eq!(ten.weakest, Some(Origin::Assumed));
}

#[test]
fn serial_gives_back_most_of_what_g1_takes() {
    let facts = small_server();
    let serial = Knobs { collector: Some(Collector::Serial), ..busy(100) };
    let gain =
        sized(&facts, &serial).ceiling.expect("a ceiling").0 - sized(&facts, &busy(100)).ceiling.expect("a ceiling").0;
    assert_eq!(gain / MIB, 40);
}

#[test]
fn the_unknown_maximum_of_the_failed_run_decides_between_a_narrow_range_and_none() {
    let facts = small_server();
    let planned = Knobs { per_request: Bytes(0), ..busy(50) };
    let unknown = sized(&facts, &planned);
    let claims = |text: &str| text.contains("20 concurrent");
    assert!(unknown.scenarios.iter().all(|one| one.per_request.is_none() && !claims(&one.statement.text)));
    let sizing = sized(&facts, &Knobs { failed: 20, ..planned });
    let answers: Vec<(u64, u64, Verdict)> =
        sizing.scenarios.iter().map(|one| (mib(one.heap.bytes), mib(one.floor), one.verdict)).collect();
    assert_eq!(answers, [(256, 320, Verdict::Range), (512, 640, Verdict::None)]);
    let per_request: Vec<u64> = sizing.scenarios.iter().filter_map(|one| Some(one.per_request?.0 * 10 / MIB)).collect();
    assert_eq!(per_request, [99, 227]);
    assert!(sizing.decides.is_some());
}

#[test]
fn without_a_number_of_requests_the_same_scenarios_stand() {
    let sizing = sized(&small_server(), &Knobs::default());
    let floors: Vec<u64> = sizing.scenarios.iter().map(|one| mib(one.floor)).collect();
    assert_eq!(floors, [320, 640]);
    assert!(sizing.scenarios.iter().all(|one| one.per_request.is_none()));
}

#[test]
fn where_no_value_works_it_is_said_what_would_have_to_change() {
    let facts = small_server();
    let sizing = sized(&facts, &Knobs { per_request: Bytes(21 * MIB), ..busy(100) });
    assert_eq!(sizing.verdict, Verdict::None);
    assert_eq!(sizing.recommended, None);
    let keys: Vec<&str> = sizing.changes.iter().map(|change| change.key.as_str()).collect();
    assert_eq!(
        keys,
        ["sizing.change.per-request", "sizing.change.concurrency", "sizing.change.collector", "sizing.change.ram"]
    );
    assert!(sizing.flags.is_empty());
}

#[test]
fn common_advice_is_replayed_on_the_same_host() {
    let sizing = sized(&small_server(), &busy(100));
    let replays: Vec<(&str, u64, Outcome)> =
        sizing.advice.iter().map(|replay| (replay.name.as_str(), mib(replay.heap), replay.outcome)).collect();
    assert_eq!(
        replays,
        [
            ("default", 238, Outcome::TooSmall),
            ("three-quarters", 713, Outcome::Killed),
            ("calculator", 359, Outcome::Tight),
            ("calculator-threads", 559, Outcome::Killed),
            ("three-live-sets", 171, Outcome::TooSmall),
        ]
    );
}

#[test]
fn the_range_moves_with_what_is_assumed() {
    let sizing = sized(&small_server(), &busy(100));
    let moves: Vec<String> = sizing.sensitivity.iter().map(|statement| statement.say(Language::En)).collect();
    assert_eq!(
        moves,
        [
            "10.0 MiB more per request raises the minimum by 250.0 MiB.",
            "100 more threads lower the maximum by 10.0 MiB.",
            "5 percentage points more safety margin lower the maximum by 34.2 MiB.",
        ]
    );
}

#[test]
fn swap_that_a_reader_counts_as_room_is_said_to_stall_and_is_not_asked_for() {
    let unknown = Statement::new("sizing.caveat.swap-unknown");
    let facts = Facts { caveats: vec![unknown], ..small_server() };
    let keys = |swap| {
        let sizing = sized(&facts, &Knobs { swap, ..busy(50) });
        sizing.caveats.into_iter().map(|caveat| caveat.key).filter(|key| key.contains("swap")).collect::<Vec<_>>()
    };
    assert_eq!(keys(Bytes(0)), ["sizing.caveat.swap-unknown"]);
    assert_eq!(keys(Bytes(2048 * MIB)), ["sizing.caveat.swap-counted"]);
}

#[test]
fn a_wide_range_is_not_filled_up() {
    let facts = Facts { wall: Some(Wall { kind: WallKind::Ram, size: kib(24 << 20) }), ..small_server() };
    let sizing = sized(&facts, &Knobs::default());
    assert_eq!(sizing.reason.key, "sizing.reason.range.idle");
    let sizing = sized(&facts, &Knobs { ram: None, ..busy(100) });
    assert_eq!((mib(sizing.floor), mib(sizing.recommended)), (321, 481));
    assert_eq!(sizing.reason.key, "sizing.reason.range.wide");
}

#[test]
fn direct_memory_is_capped_at_what_was_seen_and_may_come() {
    let sizing = sized(&small_server(), &busy(100));
    let flags: Vec<&str> = sizing.flags.iter().map(|flag| flag.text.as_str()).collect();
    assert_eq!(flags, ["-Xmx322m", "-XX:MaxDirectMemorySize=33m", "MALLOC_ARENA_MAX=2"]);
}

#[test]
fn a_limit_of_direct_memory_that_is_set_counts_and_is_not_set_again() {
    let limit = Fact { bytes: Bytes(300 * MIB), at: None, origin: Origin::Flags };
    let facts = Facts { direct_max: Some(limit), non_heap: None, areas: Vec::new(), ..small_server() };
    let sizing = compute(&facts, &facts.knobs(), Language::En);
    let direct: Vec<_> = sizing.terms.iter().filter(|term| term.name.ends_with("direct")).collect();
    assert_eq!(direct.iter().map(|term| (term.bytes, term.origin)).collect::<Vec<_>>(), [(limit.bytes, limit.origin)]);
    let measured = Facts { direct_max: Some(limit), ..small_server() };
    let sizing = compute(&measured, &measured.knobs(), Language::En);
    assert!(sizing.flags.iter().all(|flag| !flag.text.contains("MaxDirectMemorySize")), "{:?}", sizing.flags);
}

#[test]
fn a_limit_of_direct_memory_that_was_not_enough_is_not_set_again() {
    let facts = Facts { direct_exhausted: Some(kib(96 * 1024)), ..small_server() };
    let flags = sized(&facts, &busy(100)).flags;
    assert!(flags.iter().any(|flag| flag.text == "-XX:MaxDirectMemorySize=120m"), "{flags:?}");
}

#[test]
fn allowances_for_growth_are_in_proportion_to_what_was_measured() {
    assert_eq!(small_server().knobs().growth.threads, Knobs::default().growth.threads);
    let area = |name: &str, size| Area { name: name.into(), bytes: Bytes(size * MIB), at: None };
    let areas = vec![area("Code", 7), area("Class", 2), area("Thread", 1)];
    let small = Facts { non_heap: Some(kib(60 * 1024)), areas, ..small_server() };
    let growth = small.knobs().growth;
    let sizes =
        [growth.code, growth.metaspace, growth.direct, growth.threads, growth.malloc].map(|bytes| bytes.0 / MIB);
    assert_eq!(sizes, [21, 8, 24, 4, 9]);
    assert_eq!(Facts::default().knobs(), Knobs::default());
}

#[test]
fn a_range_that_only_the_margin_closes_is_told_as_such() {
    let after_full = |tenths: u64| vec![LiveSet { after_full: true, ..live(tenths) }];
    let known = Facts { max_heaps: Vec::new(), ..small_server() };
    let tight = Facts { live_sets: after_full(1_800_000), ..known.clone() };
    let sizing = sized(&tight, &Knobs::default());
    assert_eq!((sizing.verdict, sizing.reason.key.as_str()), (Verdict::None, "sizing.reason.none.margin"));
    let too_much = Facts { live_sets: after_full(3_000_000), ..known.clone() };
    assert_eq!(sized(&too_much, &Knobs::default()).reason.key, "sizing.reason.none");
    let guessed = Facts { live_sets: vec![live(2_200_000)], non_heap: None, areas: Vec::new(), ..known.clone() };
    assert_eq!(sized(&guessed, &Knobs::default()).reason.key, "sizing.reason.upper.estimate");
    let perhaps = Facts { live_sets: vec![live(3_000_000)], ..known };
    let perhaps = sized(&perhaps, &Knobs::default());
    assert_eq!((perhaps.verdict, perhaps.reason.key.as_str()), (Verdict::Unknown, "sizing.reason.upper"));
}

#[test]
fn while_a_fact_decides_there_is_an_answer_for_each_case_and_nothing_to_copy() {
    let sizing = sized(&small_server(), &Knobs::default());
    assert!(sizing.decides.is_some() && sizing.scenarios.len() == 2);
    assert_eq!((sizing.verdict, sizing.reason.key.as_str()), (Verdict::Unknown, "sizing.reason.cases"));
    assert!(sizing.recommended.is_none() && sizing.flags.is_empty());
}

#[test]
fn a_limit_is_told_in_all_and_not_as_a_difference() {
    let wall = Some(Wall { kind: WallKind::Limit, size: kib(400 * 1024) });
    let facts = Facts { wall, exhausted: Some(kib(256 * 1024)), max_heaps: Vec::new(), ..small_server() };
    let sizing = sized(&facts, &Knobs::default());
    assert_eq!(sizing.verdict, Verdict::None);
    let limit = sizing.changes.iter().find(|change| change.key == "sizing.change.limit").expect("a limit");
    let to = match limit.values.get("to").map(|value| &value.quantity) {
        Some(Quantity::Size(to)) => *to,
        other => panic!("{other:?}"),
    };
    let raised = Facts { wall: Some(Wall { kind: WallKind::Limit, size: Fact { bytes: to, ..kib(0) } }), ..facts };
    assert_eq!(sized(&raised, &Knobs::default()).verdict, Verdict::Range, "that limit is enough");
}

#[test]
fn a_heap_that_ran_out_is_a_floor() {
    let facts = Facts { exhausted: Some(kib(262_144)), ..small_server() };
    let sizing = sized(&facts, &Knobs::default());
    assert_eq!(sizing.floor, Some(Bytes(320 * MIB)));
    assert_eq!((mib(term(&sizing, "exhausted")), mib(term(&sizing, "fill"))), (256, 64));
}

#[test]
fn a_heap_is_not_recommended_smaller_than_is_worth_it() {
    let facts = Facts { live_sets: vec![live(2048 * 10)], max_heaps: Vec::new(), ..small_server() };
    let sizing = sized(&facts, &Knobs::default());
    assert_eq!((mib(sizing.floor), mib(sizing.recommended)), (4, 32));
    assert_eq!(sizing.reason.key, "sizing.reason.range.small");
    let full = Facts { non_heap: Some(kib(500 * 1024)), ..facts };
    let sizing = sized(&full, &Knobs::default());
    assert!(sizing.recommended <= sizing.ceiling && mib(sizing.ceiling) < 32, "a ceiling below that is not exceeded");
}

#[test]
fn without_evidence_there_is_no_verdict_and_the_missing_commands_are_named() {
    let sizing = sized(&Facts { commands: commands(), ..Facts::default() }, &Knobs::default());
    assert_eq!((sizing.verdict, sizing.floor, sizing.ceiling), (Verdict::Unknown, None, None));
    let missing: Vec<&str> = sizing.missing.iter().map(|gap| gap.key.as_str()).collect();
    assert_eq!(missing.first(), Some(&"sizing.missing.wall"));
    assert!(missing.contains(&"sizing.missing.nmt.off"));
}

#[test]
fn what_lies_outside_of_the_heap_is_estimated_but_never_decides() {
    let facts = Facts { non_heap: None, areas: Vec::new(), metaspace: Some(kib(86_128)), ..small_server() };
    let sizing = sized(&facts, &busy(100));
    assert_eq!(sizing.verdict, Verdict::Unknown);
    assert!(sizing.ceiling.is_some());
    assert!(sizing.recommended.is_none());
}

#[test]
fn the_memory_that_a_jvm_saw_may_be_a_limit_and_never_rules_everything_out() {
    let seen = |mib: u64| Facts { wall: Some(Wall { kind: WallKind::Seen, size: kib(mib * 1024) }), ..small_server() };
    let enough = sized(&seen(950), &Knobs::default());
    assert_eq!((enough.verdict, mib(term(&enough, "seen"))), (Verdict::Range, 950));
    let little = sized(&seen(512), &Knobs::default());
    assert_eq!((little.verdict, little.reason.key.as_str()), (Verdict::Unknown, "sizing.reason.estimate.no-room"));
    assert_eq!(little.missing.first().map(|gap| gap.key.as_str()), Some("sizing.missing.seen"));
}

/// Small numbers from a seed: the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn size(&mut self) -> Bytes {
        let largest = [1, MIB, 700 * MIB, 1 << 40, u64::MAX / 2][self.below(5) as usize];
        Bytes(self.below(1 << 31).wrapping_mul(977) % largest)
    }

    fn fact(&mut self) -> Option<Fact> {
        let bytes = self.size();
        (self.below(4) > 0).then_some(Fact { bytes, at: None, origin: Origin::Measured })
    }

    fn facts(&mut self) -> Facts {
        let kind = [WallKind::Limit, WallKind::KilledAt, WallKind::Ram, WallKind::Seen][self.below(4) as usize];
        Facts {
            wall: self.fact().map(|size| Wall { kind, size }),
            ram: self.fact(),
            others: self.fact(),
            kernel: self.fact(),
            non_heap: self.fact(),
            untracked: self.fact(),
            areas: self
                .fact()
                .map(|fact| Area { name: "GC".into(), bytes: fact.bytes, at: None })
                .into_iter()
                .collect(),
            live_sets: self
                .fact()
                .map(|size| LiveSet { run: "run-1".into(), size, after_full: true, growing: false })
                .into_iter()
                .collect(),
            max_heaps: self.fact().into_iter().collect(),
            exhausted: self.fact(),
            target: Target { contained: self.below(2) > 0, pod: self.below(2) > 0, ..Target::default() },
            collector: Some("G1".into()),
            threads: Some(self.below(500)),
            classes: Some(self.below(100_000)),
            ..Facts::default()
        }
    }

    fn knobs(&mut self) -> Knobs {
        let collector = Collector::ALL.get(self.below(6) as usize).copied();
        Knobs {
            concurrency: self.below(100),
            failed: self.below(3) * self.below(50),
            per_request: self.size(),
            safety: self.below(1100),
            collector,
            swap: self.size(),
            added: self.size(),
            ram: self.fact().map(|fact| fact.bytes),
            factor: self.below(4000),
            fill: self.below(1100),
            ..Knobs::default()
        }
    }
}

#[test]
fn the_terms_add_up_exactly_for_any_numbers() {
    let mut numbers = Numbers(1);
    for _ in 0..3000 {
        let sizing = sized(&numbers.facts(), &numbers.knobs());
        let sum = |role: Role| -> u128 {
            sizing.terms.iter().filter(|term| term.role == role).map(|term| u128::from(term.bytes.0)).sum()
        };
        if let Some(ceiling) = sizing.ceiling {
            let below_zero = sizing.shortfall().map_or(0, |short| u128::from(short.0));
            assert_eq!(u128::from(ceiling.0) + sum(Role::Takes), sum(Role::Adds) + below_zero, "{:?}", sizing.terms);
            assert!(ceiling.0 == 0 || below_zero == 0, "{:?}", sizing.terms);
        }
        assert_eq!(sizing.floor.map_or(0, |floor| u128::from(floor.0)), sum(Role::Floor), "{:?}", sizing.terms);
        if let Some(recommended) = sizing.recommended {
            assert!(sizing.floor <= Some(recommended) && Some(recommended) <= sizing.ceiling);
            let failed = sizing.facts.exhausted.map_or(Bytes(0), |failed| failed.bytes);
            let is_less = sizing.knobs.failed > sizing.knobs.concurrency && sizing.knobs.concurrency > 0;
            assert!(recommended >= failed || is_less, "nothing below what has failed, but for fewer requests");
        }
        assert!(sizing.decides.is_none() || sizing.flags.is_empty(), "cases, or something to copy");
        if let Some(flag) = sizing.flags.iter().find(|flag| flag.comment.key == "sizing.flag.share") {
            let heap = heap_of_shares(&flag.text, sizing.facts.wall.expect("a limit").size.bytes);
            let near = |bytes: Option<Bytes>| bytes.map_or(0, |bytes| bytes.0);
            assert!(near(sizing.floor) <= heap + 1 && heap <= near(sizing.ceiling), "{} is {heap}", flag.text);
        }
        let refused = sizing.flags.iter().any(|flag| matches!(flag.text.as_str(), "-Xmx0m" | "-Xmx1m"));
        assert!(!refused, "HotSpot does not start with it");
        let at_least = matches!(sizing.reason.key.as_str(), "sizing.reason.none.proven" | "sizing.reason.no-wall");
        assert!(!at_least || sizing.facts.exhausted.is_some() || sizing.knobs.concurrency > 0, "a lower bound");
        let about_ceiling = |moves: &Statement| moves.key != "sizing.sensitivity.per-request";
        assert!(
            sizing.ceiling.is_some() || !sizing.sensitivity.iter().any(about_ceiling),
            "a ceiling that is not there"
        );
        let all = [&sizing.reason].into_iter().chain(&sizing.changes).chain(&sizing.sensitivity);
        for statement in all {
            assert!(is_filled(statement), "{}: {}", statement.key, statement.text);
        }
    }
}

/// The heap that HotSpot takes of a limit with these options (`Arguments::set_heap_size`).
fn heap_of_shares(options: &str, limit: Bytes) -> u64 {
    let share = |name: &str, default: u64| {
        let option = options.split(' ').find_map(|option| option.strip_prefix(&format!("-XX:{name}RAMPercentage=")));
        let tenths = option.map_or(default, |value| value.replace('.', "").parse().expect("a number"));
        u64::try_from(u128::from(limit.0) * u128::from(tenths) / 1000).expect("a size")
    };
    let (max, min) = (share("Max", 250), share("Min", 500));
    if min < 126 * MIB { min } else { max.max(126 * MIB) }
}

fn is_filled(statement: &Statement) -> bool {
    crate::i18n::knows(&statement.key) && !statement.text.contains('{')
}

#[test]
fn more_memory_never_lowers_the_ceiling() {
    let mut numbers = Numbers(2);
    for _ in 0..3000 {
        let (facts, knobs, more) = (numbers.facts(), numbers.knobs(), numbers.size());
        let before = sized(&facts, &knobs).ceiling;
        let mut larger = facts.clone();
        for size in larger.wall.iter_mut().map(|wall| &mut wall.size).chain(&mut larger.ram) {
            size.bytes = size.bytes.plus(more);
        }
        assert!(sized(&larger, &knobs).ceiling >= before, "{facts:?} {knobs:?} {more:?}");
        let ram = knobs.ram.map(|ram| ram.plus(more));
        assert!(sized(&facts, &Knobs { ram, ..knobs.clone() }).ceiling >= before, "{facts:?} {knobs:?} {more:?}");
        let added = knobs.added.plus(more);
        assert!(sized(&facts, &Knobs { added, ..knobs.clone() }).ceiling >= before, "{facts:?} {knobs:?} {more:?}");
        let swap = knobs.swap.plus(more);
        assert!(sized(&facts, &Knobs { swap, ..knobs.clone() }).ceiling >= before, "{facts:?} {knobs:?} {more:?}");
    }
}

#[test]
fn the_memory_that_is_said_to_be_missing_is_enough() {
    let mut numbers = Numbers(4);
    let mut tried = 0;
    for _ in 0..3000 {
        let (facts, knobs) = (numbers.facts(), Knobs { collector: None, ..numbers.knobs() });
        let sizing = sized(&facts, &knobs);
        let change = sizing.changes.last().and_then(|change| change.values.get("more"));
        let Some(Quantity::Size(more)) = change.map(|value| &value.quantity) else { continue };
        if more.0 > 1 << 50 || knobs.safety > 900 {
            continue;
        }
        tried += 1;
        let added = knobs.added.plus(*more);
        let after = sized(&facts, &Knobs { added, ..knobs.clone() });
        // To a byte: shares are rounded.
        let ceiling = after.ceiling.unwrap_or_default().plus(Bytes(2));
        assert!(Some(ceiling) >= after.floor, "{more:?} {facts:?} {knobs:?}");
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn more_requests_never_lower_the_floor() {
    let mut numbers = Numbers(3);
    for _ in 0..3000 {
        let (facts, knobs, more) = (numbers.facts(), numbers.knobs(), numbers.below(50));
        let before = sized(&facts, &knobs).floor;
        // None is no number.
        let concurrency = knobs.concurrency.max(1) + more;
        let before = before.filter(|_| knobs.concurrency > 0);
        assert!(sized(&facts, &Knobs { concurrency, ..knobs.clone() }).floor >= before, "{facts:?} {knobs:?}");
    }
}

/// A heap of 256 MiB in which 20 requests ran out of room.
fn failed() -> (Facts, Knobs) {
    let facts = Facts { exhausted: Some(kib(262_144)), max_heaps: vec![kib(262_144)], ..small_server() };
    (facts, Knobs { failed: 20, ..Knobs::default() })
}

#[test]
fn the_load_that_failed_and_the_load_to_plan_for_are_two_numbers() {
    let (facts, knobs) = failed();
    let floor = |concurrency| mib(sized(&facts, &Knobs { concurrency, ..knobs.clone() }).floor);
    // 256 MiB less a live set of 56.9 MiB, by 20: 9.96 MiB each.
    assert_eq!((floor(20), floor(40)), (320, 569));
    let half = sized(&facts, &Knobs { concurrency: 10, ..knobs.clone() });
    assert_eq!(mib(half.floor), 196, "the live set and 10 times as much");
    assert!(half.recommended >= Some(Bytes(256 * MIB)), "never below what has failed");
    assert_eq!(mib(term(&sized(&facts, &Knobs { concurrency: 40, ..knobs.clone() }), "requests")), 398);
    let set = Knobs { concurrency: 40, per_request: Bytes(5 * MIB), ..knobs };
    assert_eq!(mib(sized(&facts, &set).floor), 321, "what the reader sets counts");
}

#[test]
fn what_the_failed_run_held_is_a_case_for_the_load_to_plan_for() {
    let sizing = sized(&small_server(), &Knobs { failed: 20, concurrency: 10, ..Knobs::default() });
    let cases: Vec<(u64, u64)> = sizing.scenarios.iter().map(|one| (mib(one.heap.bytes), mib(one.floor))).collect();
    assert_eq!(cases, [(256, 196), (512, 356)], "half the requests hold half as much");
    assert!(sizing.scenarios.iter().all(|one| one.statement.text.contains("with 20 concurrent requests")));
}

#[test]
fn all_figures_are_of_the_case_that_is_chosen_and_follow_the_requests() {
    for failed_heap in [0, 256, 512] {
        let mut floors = Vec::new();
        for concurrency in [5, 10, 20] {
            let failed_heap = Bytes(failed_heap * MIB);
            let sizing = sized(&small_server(), &Knobs { failed: 20, concurrency, failed_heap, ..Knobs::default() });
            let shown = |case: &&Scenario| {
                Some(case.floor) == sizing.floor && [Bytes(0), case.heap.bytes].contains(&failed_heap)
            };
            let case = sizing.scenarios.iter().find(shown).expect("the case that the sums are of");
            let summed = sizing.terms.iter().filter(|term| term.role == Role::Floor).map(|term| term.bytes.0).sum();
            assert_eq!(case.floor, Bytes(summed));
            if failed_heap.0 > 0 {
                assert_eq!((sizing.verdict, &sizing.flags), (case.verdict, &case.flags));
                let said = crate::i18n::format::size(case.floor);
                let bound = |text: &str| {
                    ["at least", "about"].into_iter().find(|bound| text.contains(&format!("{bound} {said}")))
                };
                let [reason, statement] = [&sizing.reason, &case.statement].map(|said| bound(&said.text));
                assert!(reason.is_some() && reason == statement, "{} {}", sizing.reason.text, case.statement.text);
            }
            floors.push(case.floor);
        }
        assert!(floors.is_sorted() && floors.first() < floors.last(), "{floors:?}");
    }
}

#[test]
fn a_case_that_is_none_is_as_if_none_was_chosen() {
    let knobs = Knobs { failed: 20, ..Knobs::default() };
    let chosen = sized(&small_server(), &Knobs { failed_heap: Bytes(7 * MIB), ..knobs.clone() });
    assert_eq!(chosen.reason, sized(&small_server(), &knobs).reason);
}

#[test]
fn where_all_cases_end_alike_theirs_is_the_answer() {
    let none = sized(&small_server(), &Knobs { failed: 20, concurrency: 40, ..Knobs::default() });
    assert!(none.scenarios.iter().all(|one| one.verdict == Verdict::None));
    assert_eq!((none.reason.key.as_str(), none.recommended, none.flags.len()), ("sizing.reason.cases.none", None, 0));
    let range = sized(&small_server(), &Knobs { failed: 20, concurrency: 5, ..Knobs::default() });
    assert!(range.scenarios.iter().all(|one| one.verdict == Verdict::Range && Some(one.floor) <= range.recommended));
}

#[test]
fn more_failed_requests_never_raise_the_floor() {
    let mut numbers = Numbers(5);
    for _ in 0..3000 {
        let (facts, knobs) = (numbers.facts(), Knobs { per_request: Bytes(0), failed: 7, ..numbers.knobs() });
        let floor = |failed: u64| sized(&facts, &Knobs { failed, ..knobs.clone() }).floor;
        assert!(floor(7) >= floor(8 + numbers.below(100)), "{facts:?} {knobs:?}");
    }
}

#[test]
fn a_heap_is_also_told_as_a_share_of_the_limit() {
    let limited = |limit: u64, kept: u64| {
        let wall = Some(Wall { kind: WallKind::Limit, size: kib(limit * 1024) });
        let live_sets = vec![LiveSet { after_full: true, ..live(kept * 10_240) }];
        Facts { wall, live_sets, max_heaps: Vec::new(), non_heap: Some(kib(80 * 1024)), ..small_server() }
    };
    let share = |facts: &Facts| {
        let flags = sized(facts, &facts.knobs()).flags;
        flags.into_iter().find(|flag| flag.comment.key == "sizing.flag.share").map(|flag| flag.text)
    };
    assert_eq!(share(&limited(2048, 300)).as_deref(), Some("-XX:MaxRAMPercentage=65.0"));
    let small = share(&limited(400, 20)).expect("a share");
    assert!(small.contains("MinRAMPercentage"), "{small}");
    let on_machine = Facts { wall: Some(Wall { kind: WallKind::Ram, size: kib(2 << 20) }), ..limited(2048, 300) };
    assert_eq!(share(&on_machine), None);
    let target = Target { jdk: Some((8, 8)), unaware: true, ..Target::default() };
    assert_eq!(share(&Facts { target, ..limited(2048, 300) }), None, "before 8u191");
    let target = Target { openj9: true, ..Target::default() };
    assert_eq!(share(&Facts { target, ..limited(2048, 300) }), None, "OpenJ9 has other options");
    let pod = Facts { target: Target { pod: true, ..Target::default() }, ..limited(2048, 300) };
    let flags = sized(&pod, &Knobs::default()).flags;
    assert!(flags.iter().any(|flag| flag.text == "memory: 2048Mi"), "{flags:?}");
    assert!(flags.iter().filter(|flag| flag.is_option()).all(|flag| !flag.text.contains("Percentage")));
}

#[test]
fn an_initial_heap_above_the_advice_is_lowered_with_it() {
    let target = Target { initial_heap: Some(Bytes(400 * MIB)), ..Target::default() };
    let flags = sized(&Facts { target, ..small_server() }, &busy(100)).flags;
    assert_eq!(flags.iter().filter(|flag| flag.text == "-Xms322m").count(), 1, "{flags:?}");
}

#[test]
fn a_container_without_a_known_limit_is_told_which_one_it_needs() {
    let target = Target { contained: true, ..Target::default() };
    let live_sets = vec![LiveSet { after_full: true, ..live(1_000_000) }];
    let facts = Facts { target, wall: None, live_sets, max_heaps: Vec::new(), ..small_server() };
    let sizing = sized(&facts, &Knobs::default());
    let change = sizing.changes.first().expect("a limit");
    assert_eq!(change.key, "sizing.change.limit-for-heap.needed");
    let Some(Quantity::Size(to)) = change.values.get("to").map(|value| &value.quantity) else { panic!("{change:?}") };
    let limited = Facts { wall: Some(Wall { kind: WallKind::Limit, size: Fact { bytes: *to, ..kib(0) } }), ..facts };
    assert_eq!(sized(&limited, &Knobs::default()).verdict, Verdict::Range, "that limit is enough");
}

#[test]
fn a_heap_a_little_above_what_short_references_reach_stays_below() {
    let gib = |gib: u64| kib(gib << 20);
    let live_sets = vec![LiveSet { size: gib(12), after_full: true, ..live(0) }];
    let wall = Some(Wall { kind: WallKind::Limit, size: gib(64) });
    let facts = Facts { wall, live_sets, max_heaps: Vec::new(), ..small_server() };
    let sizing = sized(&facts, &Knobs::default());
    assert_eq!(sizing.flags.first().map(|flag| flag.text.as_str()), Some("-Xmx31744m"), "{}", sizing.reason.text);
}

#[test]
fn what_a_release_takes_by_default_is_by_the_release_that_is_known() {
    let wall = Some(Wall { kind: WallKind::Limit, size: kib(1 << 20) });
    let of = |jdk: Option<(u32, u32)>, ram: u64| {
        let target = Target { jdk, ..Target::default() };
        let max_heap = Some(kib(400 * 1024));
        let ram = Some(kib(ram * 1024));
        Facts { wall, ram, target, max_heap, non_heap: None, areas: Vec::new(), collector: None, ..small_server() }
    };
    let structures = |facts: &Facts| term(&sized(facts, &Knobs::default()), "gc");
    let serial = structures(&of(Some((17, 17)), 1024));
    assert_eq!(serial, Collector::Serial.structures(Bytes(400 * MIB), None));
    assert_eq!(structures(&of(Some((17, 17)), 4096)), Collector::G1.structures(Bytes(400 * MIB), None));
    let everywhere = structures(&of(Some((27, 27)), 1024));
    assert!(everywhere > structures(&of(None, 1024)), "the second card table from 26 on, where that is known");
    assert!(structures(&of(None, 1024)) > serial, "unknown: the larger");
}

#[test]
fn live_sets_of_releases_with_other_headers_are_not_the_same() {
    use super::facts::headers_differ;
    assert!(headers_differ(((25, 25), (27, 27))) && headers_differ(((28, u32::MAX), (11, 17))));
    assert!(!headers_differ(((25, 25), (26, 26))) && !headers_differ(((11, u32::MAX), (27, 27))), "only what is known");
}

#[test]
fn openj9_takes_more_of_a_container_and_a_quarter_of_a_machine() {
    let taken = |mib: u64, is_limit: bool| super::default_heap_of_openj9(Bytes(mib << 20), is_limit).0 >> 20;
    assert_eq!([512, 1024, 2048, 4096].map(|limit| taken(limit, true)), [256, 512, 1536, 3072]);
    assert_eq!([512, 4096, 200 << 10].map(|memory| taken(memory, false)), [128, 1024, 25 << 10]);
}
