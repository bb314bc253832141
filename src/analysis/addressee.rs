//! Whom an answer is for: which JVM, whether it can still be asked, and where its commands have to be typed.
//!
//! Every command that a finding, a gap, or the heap's size offers is made here. Nothing of it comes from a shared report but names that hold letters, digits, `.`, `_`, and `-` only.

use std::collections::BTreeSet;

use crate::analysis::control_group::{Group, GroupKind};
use crate::analysis::incident::{Incident, is_loop};
use crate::analysis::jvm_threads;
use crate::analysis::place::{Surroundings, is_of_container};
use crate::formats::gc_log::openj9;
use crate::formats::heap_info::javacore;
use crate::model::host::HostReading;
use crate::model::java::JavaError;
use crate::model::joining::POD;
use crate::model::kind::{ErrorKind, EventKind, HostKind};
use crate::model::oom::{Event, OomKill, OomScope};
use crate::model::run::Run;
use crate::order::Gather as _;
use crate::source::Places;

pub use crate::analysis::place::{Cgroup, Place, System, Vendor};

/// Whom an answer is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// True if it is, or may be, a JVM.
    pub is_jvm: bool,
    /// Whose JVM.
    pub vendor: Vendor,
    /// The first and the last release it can be; the whole range where nothing tells.
    pub jdk: (u32, u32),
    /// True for an update of it that knows neither the limit of a container nor a heap as a part of it.
    pub unaware: bool,
    /// The process, if it may still be alive.
    pub pid: Option<u32>,
    /// True if the process ended or most likely did, so that only its successor can be asked.
    pub ended: bool,
    /// True if something says that it ended.
    pub end_is_known: bool,
    /// True if it never started, and will not until what it was refused for is changed.
    pub refused: bool,
    /// Where commands are typed.
    pub system: System,
    /// True if its kernel is older than systemd, so that there is no journal.
    pub old_kernel: bool,
    /// Which files tell the limits of its control group.
    pub cgroup: Cgroup,
    /// What the process runs in.
    pub place: Place,
    /// Limits of a process that the input prints.
    pub printed: BTreeSet<&'static str>,
    /// True if something else is the first process of its container.
    pub wrapped: bool,
    /// True if it is started again and again: it does not live long enough to be sampled.
    pub restarts: bool,
    /// True if a javacore of OpenJ9 was written, which names the options.
    pub has_javacore: bool,
}

/// What a command is to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The JVM's options, as they are in force.
    Flags,
    /// The JVM's options, as they were typed, files of arguments included.
    CommandLine,
    /// Committed memory by category.
    NativeMemory,
    /// The classes with most instances.
    Histogram,
    /// What is live in the heap.
    LiveSet,
    /// Which class loaders hold classes.
    ClassLoaders,
    /// The threads, counted by name.
    ThreadsByName,
    /// The threads, counted.
    Threads,
    /// How many threads and processes there may be.
    TaskLimits,
    /// The limit of direct memory.
    DirectLimit,
    /// Why collections happen.
    GcCause,
    /// Samples of the collector's counters with a clock.
    Samples,
    /// Whether the C library gives memory back.
    TrimNativeHeap,
    /// What the C library holds.
    NativeHeap,
    /// The largest blocks of memory of the process.
    Mappings,
    /// The largest blocks that are files.
    MappedFiles,
    /// How many blocks have the size of an arena of the C library.
    Arenas,
    /// Resident memory by what it is made of.
    Resident,
    /// Resident and committed memory at the same moment.
    ResidentAndCommitted,
    /// The limit that the process runs under.
    Limit,
    /// Swapping and stolen processor time.
    Swapping,
    /// What the process cannot grow beyond: the limit of its container, or the memory of the machine and a limit there.
    Bounds,
    /// Memory and swap of the machine.
    Machine,
    /// The largest processes.
    Processes,
    /// What the system allows of memory and mappings.
    SystemLimits,
    /// How many mappings the process has, and how many it may have.
    MappingLimits,
    /// What the JVM wrote down when it crashed.
    CrashFile,
    /// What it allows where memory is free.
    ProcessLimits,
    /// The kernel's report of a kill.
    KernelReport,
}

/// The first release that has `jcmd`, and the first of which every update tracks native memory.
const WITH_JCMD: u32 = 7;
const TRACKED: u32 = 8;

/// The releases that nothing narrows down.
pub(super) const ANY_JDK: (u32, u32) = (6, u32::MAX);

impl Incident<'_> {
    /// What holds for every process of the input.
    fn surroundings(&self) -> &Surroundings {
        self.surroundings.get_or_init(|| Surroundings::of(self))
    }

    /// True if a JVM of the input may still be alive.
    pub fn shows_living_jvm(&self) -> bool {
        !self.surroundings().alive.is_empty()
    }

    /// The command that tells the maximum heap of a run, or of a process that took its place; `None` where that of all who can be asked
    /// is printed.
    pub fn command_for_maximum(&self, run: Option<&str>) -> Option<String> {
        let own = Addressee::of(self, run);
        let alive = &self.surroundings().alive;
        let unknown = |id: &str| self.max_heap(id).is_none();
        if own.pid.is_some() || alive.is_empty() {
            return own.command(Ask::Flags).filter(|_| run.is_none_or(unknown));
        }
        let other = alive.iter().rev().find(|id| unknown(id))?;
        Addressee::instead_of(self, own, other).command(Ask::Flags)
    }

    /// The command that tells it of a run, or of the process that took its place.
    pub fn command(&self, run: Option<&str>, ask: Ask) -> Option<String> {
        Addressee::successor(self, run).command(ask)
    }
}

impl Surroundings {
    /// Of an input.
    fn of(incident: &Incident<'_>) -> Surroundings {
        // Words may tell of another process than the one whose error is read.
        let is_own = |event: &&Event| {
            !event.told || !event.is_past() && incident.readings.java_errors.iter().all(|error| error.told)
        };
        let ends = incident.readings.events.iter().filter(|event| event.kind.ends_process()).filter(is_own);
        // An end that names no process is that of the only JVM.
        let only = || match incident.runs {
            [only] => Some(only.id.clone()),
            _ => None,
        };
        let ended: BTreeSet<String> = ends
            .filter(|event| !event.kind.is_sigterm())
            .filter_map(|event| incident.run_of_event(event).map(str::to_owned).or_else(only))
            .gathered();
        let in_container = incident.readings.oom_kills.iter().any(|kill| kill.scope == OomScope::Cgroup);
        let alive = |run: &&Run| {
            run.pid.is_some_and(|pid| !in_container || !is_of_container(pid))
                && incident.is_jvm(run)
                && !has_ended(incident, &ended, run)
                && !has_lost_main(incident, run)
                && !is_gone(incident, run)
        };
        Surroundings {
            vendor: vendor(incident),
            system: system(incident),
            printed_jdk: printed_jdk(incident),
            old_kernel: has_old_kernel(incident),
            cgroup: cgroup(incident),
            container: container(incident),
            alive: incident.runs.iter().filter(alive).map(|run| run.id.clone()).collect(),
            printed: PROCESS_LIMITS.into_iter().filter(|name| prints(incident, name)).gathered(),
            wrapped: incident.runs.iter().any(|run| is_wrapped(incident, run)),
            restarts: incident.readings.events.iter().any(is_loop),
            has_javacore: has_javacore(incident),
            ended,
        }
    }
}

impl Addressee {
    /// The run that may be this killed process as its container sees it: pids are counted anew there, and the first is 1.
    pub(super) fn seen_inside<'a>(&self, incident: &'a Incident<'_>, killed: Option<&str>) -> Option<&'a str> {
        let in_container = matches!(self.place, Place::Docker { .. } | Place::Kubernetes { .. });
        let was_killed = killed.and_then(|run| incident.run(run)).is_some_and(|run| run.killed);
        let mut inside = incident.runs.iter().filter(|run| run.pid.is_some_and(is_of_container) && !run.killed);
        let only = inside.next().filter(|_| in_container && was_killed && inside.next().is_none())?;
        Some(only.id.as_str())
    }

    /// Of a run, or of the only JVM there is.
    pub fn of(incident: &Incident<'_>, run: Option<&str>) -> Addressee {
        let around = incident.surroundings();
        let run = run.and_then(|run| incident.run(run));
        let end_is_known = run.is_some_and(|run| has_ended(incident, &around.ended, run));
        let ended = end_is_known || run.is_some_and(|run| has_lost_main(incident, run));
        Addressee {
            is_jvm: run.map_or_else(|| shows_jvm(incident), |run| incident.is_jvm(run)),
            vendor: around.vendor,
            jdk: by_layout(incident, run, jdk(around, run)),
            unaware: run.and_then(|run| run.jdk.as_deref()).or(around.printed_jdk.as_deref()).is_some_and(is_unaware),
            pid: run.filter(|_| !ended).and_then(|run| run.pid),
            ended,
            end_is_known,
            refused: run.is_some_and(|run| was_refused(incident, run)),
            system: around.system,
            old_kernel: around.old_kernel,
            cgroup: around.cgroup,
            place: place(incident, around, run),
            printed: around.printed.clone(),
            wrapped: around.wrapped,
            restarts: around.restarts,
            has_javacore: around.has_javacore,
        }
    }

    /// Whom to ask instead of a process that ended: the last JVM that may be alive, such as the one that took its place.
    pub fn successor(incident: &Incident<'_>, run: Option<&str>) -> Addressee {
        let own = Addressee::of(incident, run);
        match incident.surroundings().alive.last().filter(|_| own.pid.is_none()) {
            Some(other) => Addressee::instead_of(incident, own, other),
            None => own,
        }
    }

    /// Another JVM, in the place of the one that it is asked for.
    fn instead_of(incident: &Incident<'_>, own: Addressee, other: &str) -> Addressee {
        let other = Addressee::of(incident, Some(other));
        let place = if own.place == Place::Machine { other.place.clone() } else { own.place };
        Addressee { place, ..other }
    }

    /// The command that tells it. `None` where this process, this JVM, or this system has none.
    pub fn command(&self, ask: Ask) -> Option<String> {
        let pid = self.pid_word();
        if self.place == Place::Platform {
            return None;
        }
        let is_asked = self.is_jvm && !self.refused;
        let hotspot = is_asked && self.vendor == Vendor::HotSpot;
        let java = |text: String| is_asked.then(|| self.inside(&text));
        let of_hotspot = |text: String| hotspot.then(|| self.inside(&text));
        let linux = |text: &str| (self.system == System::Linux).then(|| text.to_owned());
        let linux_inside = |text: String| (self.system == System::Linux).then(|| self.inside(&text));
        match ask {
            Ask::DirectLimit if self.system == System::Linux => {
                of_hotspot(format!("jcmd {pid} VM.flags | tr ' ' '\\n' | grep MaxDirectMemorySize"))
            }
            Ask::DirectLimit => of_hotspot(format!("jcmd {pid} VM.flags")),
            // Before 7 there is no `jcmd`, and no tracking before an update of 7.
            Ask::NativeMemory | Ask::ResidentAndCommitted if self.jdk.1 < TRACKED => None,
            Ask::Flags if self.jdk.1 < WITH_JCMD => of_hotspot(format!("jinfo -flags {pid}")),
            Ask::Histogram | Ask::LiveSet if self.jdk.1 < WITH_JCMD => {
                java(self.head(&format!("jmap -histo {pid}"), 25))
            }
            Ask::Flags if self.has_javacore => Some("grep -E '1CICMDLINE|2CIUSERARG' javacore*.txt".to_owned()),
            Ask::Flags if self.vendor == Vendor::OpenJ9 => java(format!("jcmd {pid} Dump.java")),
            Ask::Flags => of_hotspot(format!("jcmd {pid} VM.flags")),
            Ask::CommandLine => of_hotspot(format!("jcmd {pid} VM.command_line")),
            Ask::NativeMemory => of_hotspot(format!("jcmd {pid} VM.native_memory summary")),
            Ask::Histogram => java(self.head(&format!("jcmd {pid} GC.class_histogram"), 25)),
            // The histogram of a living JVM counts after a full GC, in every release.
            Ask::LiveSet => of_hotspot(match self.system {
                System::Windows => format!("jcmd {pid} GC.class_histogram"),
                System::Linux | System::MacOs | System::Other => {
                    format!("jcmd {pid} GC.class_histogram | sed -n '1,9p;$p'")
                }
            }),
            // PermGen, which 8 no longer has.
            Ask::ClassLoaders if self.jdk.1 < 8 => of_hotspot(format!("jmap -permstat {pid}")),
            Ask::ClassLoaders => of_hotspot(format!("jcmd {pid} VM.classloader_stats")).filter(|_| self.jdk.1 >= 9),
            Ask::ThreadsByName if self.system == System::Linux => java(format!(
                "jcmd {pid} Thread.print | grep '^\"' | cut -d'\"' -f2 | sed 's/[0-9]*$//' | sort | uniq -c"
            )),
            Ask::Threads if self.system == System::Linux => java(format!("jcmd {pid} Thread.print | grep -c '^\"'")),
            Ask::Threads | Ask::ThreadsByName => java(format!("jcmd {pid} Thread.print")),
            Ask::GcCause | Ask::Samples if self.restarts => None,
            Ask::GcCause => of_hotspot(format!("jstat -gccause {pid} 1000 60")),
            Ask::Samples => of_hotspot(match self.system {
                System::Windows => format!("jstat -gc -t {pid} 1000 60"),
                System::Linux | System::MacOs | System::Other => format!("date; jstat -gc -t {pid} 1000 60"),
            }),
            Ask::TrimNativeHeap => of_hotspot(format!("jcmd {pid} System.trim_native_heap"))
                .filter(|_| self.system == System::Linux && self.jdk.1 >= 17),
            Ask::NativeHeap => of_hotspot(format!("jcmd {pid} System.native_heap_info"))
                .filter(|_| self.system == System::Linux && self.jdk.1 >= 25),
            Ask::Mappings => linux_inside(format!("pmap -x {pid} | sort -k 3 -n | tail -20")),
            Ask::MappedFiles => linux_inside(format!("pmap -x {pid} | grep -v anon | sort -k 3 -n | tail -20")),
            Ask::Arenas => linux_inside(format!("pmap -x {pid} | awk '$2 >= 60000 && $2 <= 65536' | wc -l")),
            Ask::Swapping => linux("vmstat 1 10"),
            Ask::Resident => linux_inside(format!("cat /proc/{pid}/smaps_rollup")),
            Ask::ResidentAndCommitted => {
                of_hotspot(format!("jcmd {pid} VM.native_memory summary; grep -E 'VmRSS|Rss' /proc/{pid}/status"))
                    .filter(|_| self.system == System::Linux)
            }
            Ask::Limit => self.limit(),
            Ask::TaskLimits => self.task_limits(),
            Ask::Bounds => match (self.system, &self.place) {
                (System::Linux, Place::Machine | Place::Group) => {
                    Some(format!("free -m; grep -H . {}", self.cgroup.limit_file()))
                }
                (System::Linux, _) => self.limit(),
                _ => self.command(Ask::Machine),
            },
            Ask::Machine => match self.system {
                System::Linux => Some("free -m".to_owned()),
                System::Windows => Some("systeminfo".to_owned()),
                System::MacOs => Some("vm_stat; sysctl hw.memsize".to_owned()),
                System::Other => None,
            },
            Ask::Processes => match self.system {
                System::Linux => Some("ps aux --sort=-rss | head -15".to_owned()),
                System::Windows => Some("tasklist".to_owned()),
                System::MacOs => Some("top -l 1 -o mem -n 15".to_owned()),
                System::Other => None,
            },
            Ask::SystemLimits if self.system == System::Linux => {
                Some("free -m; sysctl vm.max_map_count vm.overcommit_memory".to_owned())
            }
            Ask::SystemLimits => self.command(Ask::Machine),
            Ask::MappingLimits => {
                linux_inside(format!("ulimit -v; sysctl vm.max_map_count vm.overcommit_memory; wc -l /proc/{pid}/maps"))
            }
            // The one word that both shells of Windows know.
            Ask::CrashFile if self.system == System::Windows => Some("type hs_err_pid*.log".to_owned()),
            Ask::CrashFile => Some(self.inside("cat hs_err_pid*.log")),
            Ask::ProcessLimits => {
                let asks = |name: &'static str| !self.printed.contains(name);
                let sysctl = ["overcommit_memory", "max_map_count"].into_iter().filter(|name| asks(name));
                let sysctl: String = sysctl.map(|name| format!(" vm.{name}")).collect();
                let mut asked = Vec::new();
                asked.extend(asks("address_space_max").then(|| "ulimit -v".to_owned()));
                asked.extend((!sysctl.is_empty()).then(|| format!("sysctl{sysctl}")));
                asked.extend(asks("commit_limit").then(|| "grep Commit /proc/meminfo".to_owned()));
                if asked.is_empty() { None } else { linux_inside(asked.join("; ")) }
            }
            Ask::KernelReport if self.old_kernel => linux("grep -i -B 80 -A 5 'killed process' /var/log/messages"),
            Ask::KernelReport => linux("journalctl -k --utc --no-pager | grep -i -B 80 -A 5 'killed process'"),
        }
    }

    /// What switches a GC log on: an option for each range of releases that the JVM may be of.
    pub fn gc_log_options(&self) -> Vec<&'static str> {
        let mut options = Vec::new();
        match self.vendor {
            _ if !self.is_jvm => {}
            Vendor::OpenJ9 => options.push(GC_LOG_OPENJ9),
            Vendor::HotSpot => {
                options.extend((self.jdk.1 >= 9).then_some(GC_LOG));
                options.extend((self.jdk.0 <= 8).then_some(GC_LOG_TO_8));
            }
        }
        options
    }

    /// The number of the process, or the word that stands for it.
    fn pid_word(&self) -> String {
        match (&self.place, self.pid) {
            (_, Some(pid)) => pid.to_string(),
            // In a container of its own a program is the first process.
            (Place::Docker { .. } | Place::Kubernetes { .. }, None) if !self.wrapped => "1".to_owned(),
            (_, None) => "PID".to_owned(),
        }
    }

    /// The same command where the process is: in its container.
    fn inside(&self, command: &str) -> String {
        match &self.place {
            Place::Docker { container } => in_shell(&format!("docker exec {}", name(container, "CONTAINER")), command),
            Place::Kubernetes { pod, container } => {
                let of = container.as_deref().filter(|name| is_harmless(name));
                let of = of.map(|name| format!(" -c {name}")).unwrap_or_default();
                in_shell(&format!("kubectl exec {}{of} --", name(pod, "POD")), command)
            }
            Place::Machine | Place::Unit(_) | Place::Group | Place::Platform => command.to_owned(),
        }
    }

    fn head(&self, command: &str, lines: u32) -> String {
        match self.system {
            System::Windows => command.to_owned(),
            System::Linux | System::MacOs | System::Other => format!("{command} | head -{lines}"),
        }
    }

    /// Who set the limit answers for it.
    fn limit(&self) -> Option<String> {
        if self.system != System::Linux {
            return None;
        }
        Some(match &self.place {
            Place::Docker { container } => format!("docker inspect {}", name(container, "CONTAINER")),
            Place::Kubernetes { pod, .. } => format!("kubectl describe pod {}", name(pod, "POD")),
            Place::Unit(unit) => format!("systemctl status {}", name(&Some(unit.clone()), "UNIT")),
            Place::Machine | Place::Group | Place::Platform => format!("grep -H . {}", self.cgroup.limit_file()),
        })
    }

    /// Who limits threads where the process is: its container, its unit, its user, or the kernel.
    fn task_limits(&self) -> Option<String> {
        if self.system != System::Linux {
            return None;
        }
        let file = self.cgroup.tasks_file();
        Some(match (&self.place, self.pid) {
            // Nothing can be asked in a container that did not start.
            (Place::Docker { container }, _) if self.refused => {
                format!("docker inspect --format '{{{{.HostConfig.PidsLimit}}}}' {}", name(container, "CONTAINER"))
            }
            (Place::Kubernetes { .. }, _) if self.refused => return None,
            (Place::Docker { .. } | Place::Kubernetes { .. }, _) => self.inside(&format!("cat {file}; ulimit -u")),
            (Place::Unit(unit), _) => {
                format!(
                    "systemctl show {} -p TasksMax -p TasksCurrent -p LimitNPROCSoft",
                    name(&Some(unit.clone()), "UNIT")
                )
            }
            (_, Some(pid)) => format!("grep processes /proc/{pid}/limits; grep -H . {file}; {KERNELS_TASKS}"),
            (_, None) if self.printed.contains("user_processes_max") => format!("grep -H . {file}; {KERNELS_TASKS}"),
            (_, None) => format!("ulimit -u; grep -H . {file}; {KERNELS_TASKS}"),
        })
    }
}

/// What the kernel allows of threads.
const KERNELS_TASKS: &str = "sysctl kernel.threads-max kernel.pid_max";

/// Since JDK 9.
const GC_LOG: &str = "-Xlog:gc*:file=gc.log:time,uptime,level,tags";
/// Until JDK 8, which does not start with the newer one.
const GC_LOG_TO_8: &str = "-Xloggc:gc.log -XX:+PrintGCDetails -XX:+PrintGCDateStamps";
/// OpenJ9.
const GC_LOG_OPENJ9: &str = "-Xverbosegclog:gc.log";

/// A command behind what leads into the container; a pipe there has to run inside of it only if its files are there.
fn in_shell(way: &str, command: &str) -> String {
    if command.contains("; ") || command.contains("&& ") {
        format!("{way} sh -c \"{}\"", command.replace('"', "\\\""))
    } else {
        format!("{way} {command}")
    }
}

/// A name that may stand in a command, or the word that stands for it.
fn name(known: &Option<String>, word: &str) -> String {
    known.clone().filter(|name| is_harmless(name)).unwrap_or_else(|| word.to_owned())
}

/// True for a name that no shell reads as anything else, whoever wrote it. What redaction put in its place names nothing.
fn is_harmless(name: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let stands_for =
        |(kind, number): (&str, &str)| matches!(kind, "host" | "id" | "process" | "word") && is_number(number);
    !name.rsplit_once('-').is_some_and(stands_for)
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.len() <= 128
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// What limits a process, by the names of the figures.
const PROCESS_LIMITS: [&str; 5] =
    ["address_space_max", "commit_limit", "max_map_count", "overcommit_memory", "user_processes_max"];

/// True if a reading has a figure of that name.
fn prints(incident: &Incident<'_>, name: &str) -> bool {
    let has = |host: &HostReading| {
        host.sizes.contains_key(name) || host.counts.contains_key(name) || host.words.contains_key(name)
    };
    incident.readings.host.iter().any(has)
}

/// True if something in the input is about a JVM.
pub fn shows_jvm(incident: &Incident<'_>) -> bool {
    let readings = incident.readings;
    let is_silent = readings.jstat.is_empty()
        && readings.nmt.is_empty()
        && readings.gc_logs.is_empty()
        && readings.java_errors.is_empty();
    !is_silent
        || incident.runs.iter().any(|run| incident.is_jvm(run))
        || readings.host.iter().any(|host| host.kind.subject() == crate::model::kind::Subject::Jvm)
        || readings.events.iter().any(|event| event.kind.is_of_jvm())
        || incident.stated("stated_heap_max").is_some()
        || readings.events.iter().any(|event| {
            event.kind == EventKind::OomKiller && event.name.as_deref().is_some_and(jvm_threads::names_a_jvm)
        })
        || readings.oom_kills.iter().any(|kill| {
            kill.chosen.as_ref().is_some_and(|chosen| jvm_threads::names_a_jvm(&chosen.name))
                || kill.trigger.as_ref().is_some_and(|trigger| jvm_threads::names_a_jvm(&trigger.name))
                || kill.processes.iter().any(|row| jvm_threads::names_a_jvm(&row.name))
        })
}

/// True for a JVM that may be counted inside a container, and is not the first process there.
fn is_wrapped(incident: &Incident<'_>, run: &Run) -> bool {
    !run.killed && run.pid.is_some_and(|pid| pid != 1) && incident.is_jvm(run)
}

/// True if a JVM did not come up.
fn was_refused(incident: &Incident<'_>, run: &Run) -> bool {
    incident.errors(&run.id).any(|error| error.kind == ErrorKind::Startup || error.is_of_own_thread())
}

/// True if the process of a run ended, by whatever says so.
fn has_ended(incident: &Incident<'_>, by_event: &BTreeSet<String>, run: &Run) -> bool {
    let fatal = |error: &JavaError| match error.kind {
        ErrorKind::InsufficientMemory | ErrorKind::FatalError | ErrorKind::Startup => true,
        ErrorKind::Native => error.is_of_commit(),
        _ => false,
    };
    run.killed
        || incident.was_replaced(run)
        || by_event.contains(&run.id)
        || incident.errors(&run.id).any(fatal)
        || incident.has_crash_file(&run.id)
        || incident.host(&run.id).any(|host| incident.is_at_exit(host))
}

/// True if an error that nobody caught ended the thread that the program began with: most JVMs end with it, unless other threads go
/// on.
fn has_lost_main(incident: &Incident<'_>, run: &Run) -> bool {
    let ends = |error: &JavaError| error.kind != ErrorKind::NativeThread && error.thread.as_deref() == Some("main");
    incident.errors(&run.id).any(ends)
}

/// True if a part of a javacore is in the input.
fn has_javacore(incident: &Incident<'_>) -> bool {
    let of_host = |host: &HostReading| host.words.get("vendor").is_some_and(|name| name == "OpenJ9");
    incident.readings.gc_logs.iter().any(|log| log.style == javacore::STYLE)
        || incident.readings.host.iter().any(|host| host.kind == HostKind::HeapInfo && of_host(host))
}

/// True if a kernel killed in the words of 2.4 and early 2.6, which tell no sizes.
fn has_old_kernel(incident: &Incident<'_>) -> bool {
    let mut victims =
        incident.readings.oom_kills.iter().flat_map(|kill| kill.victims.iter().map(move |own| (kill, own)));
    victims.any(|(kill, victim)| {
        victim.total_vm.is_none() && victim.resident().is_none() && kill.local_time.is_some() && kill.kernel.is_none()
    })
}

/// The first release of Linux whose distributions may have the second version of control groups.
const SECOND_CGROUPS: u32 = 5;

/// Which version of control groups the machine has: by what only one of them prints, else by the release of its kernel.
fn cgroup(incident: &Incident<'_>) -> Cgroup {
    let of_kill = |kill: &OomKill| {
        let group = kill.cgroup.as_ref()?;
        let has = |key: &str| group.stats.contains_key(key);
        let is_first = group.swap_includes_memory || group.kmem_usage.is_some() || has("rss") && !has("anon");
        let is_second = has("anon") || group.swap_usage.is_some() && !group.swap_includes_memory;
        is_first.then_some(Cgroup::First).or_else(|| is_second.then_some(Cgroup::Second))
    };
    let of_host = |host: &HostReading| match host.words.get("cgroup").map(String::as_str) {
        Some("cgroupv1") => Some(Cgroup::First),
        Some("cgroupv2") => Some(Cgroup::Second),
        _ => {
            let path = host.words.get("path").filter(|_| host.kind == HostKind::Cgroup)?;
            let of_first = ["/sys/fs/cgroup/memory", "/sys/fs/cgroup/pids"].iter().any(|root| path.starts_with(root));
            Some(if of_first { Cgroup::First } else { Cgroup::Second }).filter(|_| path.starts_with("/sys/fs/cgroup"))
        }
    };
    let of_kernel = |kill: &OomKill| {
        let major = kill.kernel.as_deref().and_then(|kernel| kernel.split('.').next()?.parse::<u32>().ok());
        // Only those before say whom they choose before they kill.
        let is_old = major.map_or(kill.chosen.is_some(), |major| major < SECOND_CGROUPS);
        is_old.then_some(Cgroup::First)
    };
    let kills = &incident.readings.oom_kills;
    let by_words = kills.iter().find_map(of_kill).or_else(|| incident.readings.host.iter().find_map(of_host));
    by_words.or_else(|| kills.iter().find_map(of_kernel)).unwrap_or(Cgroup::Second)
}

/// True if all that is known of a process is that `top` listed it, and a later `top` lists another one and not this.
fn is_gone(incident: &Incident<'_>, run: &Run) -> bool {
    let hosts = &incident.readings.host;
    let own = |host: &HostReading| host.kind == HostKind::Top && host.pid == run.pid;
    let Some(last) = hosts.iter().rposition(own) else { return false };
    let later = || hosts.get(last..).into_iter().flatten();
    let head = later().any(|host| host.kind == HostKind::TopSummary);
    head && later().skip(1).any(|host| host.kind == HostKind::Top)
        && incident.host(&run.id).all(|host| host.kind == HostKind::Top)
        && incident.jstat(&run.id).next().is_none()
        && incident.nmt(&run.id).next().is_none()
}

fn vendor(incident: &Incident<'_>) -> Vendor {
    let printed =
        incident.readings.host.iter().any(|host| host.words.get("vendor").is_some_and(|name| name == "OpenJ9"));
    // Only OpenJ9 writes names of classes as the class file does, numbers its messages, and has these reasons.
    const SIGNS: [&str; 4] = ["java/lang/", "JVMJ9", "native memory exhausted", ": retVal "];
    let of_openj9 = |error: &JavaError| SIGNS.iter().any(|sign| error.message.contains(sign));
    let by_error = incident.readings.java_errors.iter().any(of_openj9);
    let of_openj9 = |flag: &String| flag.starts_with("-Xgcpolicy:") || flag.starts_with("-Xverbosegclog");
    let by_flags = incident.runs.iter().flat_map(|run| &run.flags).any(of_openj9);
    let by_log =
        incident.readings.gc_logs.iter().any(|log| matches!(log.style.as_str(), openj9::STYLE | javacore::STYLE));
    // The kernel names the thread that asked for memory.
    let of_openj9 =
        |kill: &OomKill| kill.trigger.as_ref().is_some_and(|trigger| jvm_threads::is_of_openj9(&trigger.name));
    let by_thread = incident.readings.oom_kills.iter().any(of_openj9);
    if printed || by_error || by_flags || by_log || by_thread { Vendor::OpenJ9 } else { Vendor::HotSpot }
}

fn system(incident: &Incident<'_>) -> System {
    // Containers are Linux's, whoever looks at them from another system.
    let is_elsewhere = !incident.readings.oom_kills.is_empty() || container(incident).is_some();
    for host in &incident.readings.host {
        if host.kind == HostKind::Stated && is_elsewhere {
            continue;
        }
        match host.kind {
            HostKind::GetProcess | HostKind::Systeminfo | HostKind::Tasklist => return System::Windows,
            HostKind::VmStat => return System::MacOs,
            _ => match host.words.get("platform") {
                Some(name) if name.starts_with("windows") => return System::Windows,
                Some(name) if name.starts_with("bsd-") || name == "macos" => return System::MacOs,
                _ => {}
            },
        }
    }
    if incident.readings.events.iter().any(|event| event.kind == EventKind::FreebsdOutOfMemory) {
        return System::Other;
    }
    if incident.readings.java_errors.iter().any(JavaError::is_of_windows) { System::Windows } else { System::Linux }
}

/// The version that the only JVM printed.
fn printed_jdk(incident: &Incident<'_>) -> Option<String> {
    let mut versions = incident.readings.host.iter().rev().filter(|host| host.kind == HostKind::JavaVersion);
    versions.find_map(|host| host.words.get("jdk")).filter(|_| incident.jvms() <= 1).cloned()
}

/// The releases that a run can be of. What a layout leaves open a printed version decides.
fn jdk(around: &Surroundings, run: Option<&Run>) -> (u32, u32) {
    let own = run.and_then(|run| range(run.jdk.as_deref()?));
    let exact = own.filter(|(first, last)| first == last);
    exact.or_else(|| range(around.printed_jdk.as_deref()?)).or(own).unwrap_or(ANY_JDK)
}

/// Only releases before 8 have a permanent generation, of which an error or a GC log tells; only those before 9 the older layout of the log.
fn by_layout(incident: &Incident<'_>, run: Option<&Run>, (first, last): (u32, u32)) -> (u32, u32) {
    let in_old_layout = |run: &Run| incident.gc_logs(&run.id).any(|log| log.style == "legacy");
    let last = if run.is_some_and(in_old_layout) && first <= 8 { last.min(8) } else { last };
    const LAST: u32 = 7;
    let by_error = |run: &Run| incident.errors(&run.id).any(|error| error.kind == ErrorKind::Permgen);
    let by_log = |run: &Run| {
        let may_be_old = incident.gc_logs(&run.id).any(|log| log.style != "unified");
        may_be_old && incident.gc_events(&run.id).any(|event| event.figures.contains_key("perm_used"))
    };
    let is_old = match run {
        Some(run) => by_error(run) || by_log(run),
        None => incident.readings.java_errors.iter().any(|error| error.kind == ErrorKind::Permgen),
    };
    (first, if is_old && first <= LAST { last.min(LAST) } else { last })
}

/// `17.0.9`, `1.8.0_131`, `11+`, `8-10`: the first and the last release.
fn range(text: &str) -> Option<(u32, u32)> {
    let major = |text: &str| {
        let text = text.strip_prefix("1.").unwrap_or(text);
        let digits = text.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse::<u32>().ok().filter(|release| (1..1000).contains(release))
    };
    if let Some(from) = text.strip_suffix('+') {
        return Some((major(from)?, u32::MAX));
    }
    match text.split_once('-') {
        Some((from, to)) if to.len() <= 2 => Some((major(from)?, major(to)?)),
        _ => major(text).map(|release| (release, release)),
    }
}

/// First update of JDK 8 that reads the limits of a container, and knows heaps as a part of them.
const AWARE_8: u32 = 191;

/// Certain only: `1.8.0_131-b11`, `8u131`, `25.131-b11` (HotSpot's own number), `9.0.4`.
pub fn is_unaware(jdk: &str) -> bool {
    let numbers: Vec<u32> = jdk
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .filter_map(|part| part.parse().ok())
        .collect();
    let old_update = |update: u32| update < AWARE_8;
    match (jdk, numbers.as_slice()) {
        (jdk, [1, 8, 0, update, ..]) if jdk.starts_with("1.8.0_") => old_update(*update),
        (jdk, [8, update, ..]) if jdk.starts_with("8u") => old_update(*update),
        // HotSpot 25 is that of JDK 8; JDK 25 has no build of two parts.
        (jdk, [25, update, ..]) if *update >= 20 && jdk.contains("-b") => old_update(*update),
        (jdk, [9, ..]) => jdk.starts_with("9.") || jdk.starts_with("9+"),
        _ => false,
    }
}

/// What a run is in: by its kill, else by the definitions and the ends of containers that can be its own.
fn place(incident: &Incident<'_>, around: &Surroundings, run: Option<&Run>) -> Place {
    // Whom the kernel chose is no run before a line says that it was killed.
    let unconfirmed = || incident.readings.oom_kills.iter().rfind(|kill| kill.victims.is_empty() && run.is_none());
    let own_kill = run.and_then(|run| incident.kills_of(&run.id).next_back()).map(|(kill, _)| kill);
    let by_kill = own_kill.or_else(unconfirmed).and_then(|kill| {
        // Who asks for memory in a group that has reached its limit is in it.
        let trigger = kill.trigger.as_ref().filter(|_| kill.scope == OomScope::Cgroup);
        let by_group =
            kill.cgroup.as_ref().and_then(|group| by_path(group.task_path.as_deref().unwrap_or(&group.path)));
        by_group.or_else(|| Some(by_cpuset(trigger?.cpuset.as_deref()?)))
    });
    let own = || {
        run.and_then(|run| {
            incident.host(&run.id).find_map(|host| by_definition(host.kind, Named::of(&host.name, &host.at)))
        })
    };
    let named = || own().or_else(|| around.container.clone());
    // A path names a container by an id of the runtime; a definition names the pod that people ask for.
    match by_kill {
        Some(Place::Kubernetes { .. }) => match named() {
            Some(place @ Place::Kubernetes { .. }) => place,
            _ => Place::Kubernetes { pod: None, container: None },
        },
        Some(place) => place,
        None => named().unwrap_or(Place::Machine),
    }
}

/// The container that ends and definitions are about; what names it tells more than what only says that there is one.
fn container(incident: &Incident<'_>) -> Option<Place> {
    let events = || incident.readings.events.iter().rev();
    let hosts = || incident.readings.host.iter().rev().filter(|host| host.run.is_none() && host.pid.is_none());
    let told = || {
        let by_end = events().filter_map(|event| by_event(event.kind, Named::of(&event.name, &event.at)));
        by_end.chain(hosts().filter_map(|host| by_definition(host.kind, Named::of(&host.name, &host.at))))
    };
    told().find(Place::is_named).or_else(|| told().next())
}

fn by_path(path: &str) -> Option<Place> {
    let pods = path.contains("kubepods");
    let group = Group::of(path);
    Some(match group.kind {
        _ if pods => Place::Kubernetes { pod: None, container: None },
        GroupKind::Docker | GroupKind::Podman => Place::Docker { container: Some(group.name) },
        GroupKind::Kubernetes | GroupKind::Pod => Place::Kubernetes { pod: None, container: None },
        GroupKind::Service => Place::Unit(group.name),
        _ if path.is_empty() || path == "/" => return None,
        _ => Place::Group,
    })
}

/// The cpuset of a container has the name of its group, or its bare id, by which Docker knows it.
fn by_cpuset(name: &str) -> Place {
    let group = Group::of(name);
    let is_id = matches!(group.kind, GroupKind::Container | GroupKind::Docker | GroupKind::Podman);
    match name.contains("kubepods") {
        true => Place::Kubernetes { pod: None, container: None },
        false => Place::Docker { container: is_id.then_some(group.name) },
    }
}

/// A name, and whether it is that of a pod.
#[derive(Clone, Copy)]
struct Named<'a> {
    name: Option<&'a str>,
    is_pod: bool,
}

impl<'a> Named<'a> {
    fn of(name: &'a Option<String>, at: &Places) -> Named<'a> {
        Named { name: name.as_deref(), is_pod: at.get(POD).is_some() }
    }
}

/// `pod/container`, or the name of the container alone, or that of the pod.
fn of_pod(Named { name, is_pod }: Named<'_>) -> Place {
    let (pod, container) = match name.and_then(|name| name.split_once('/')) {
        Some((pod, container)) => (Some(pod.to_owned()), Some(container.to_owned())),
        None if is_pod => (name.map(str::to_owned), None),
        None => (None, name.map(str::to_owned)),
    };
    Place::Kubernetes { pod, container }
}

fn by_definition(kind: HostKind, named: Named<'_>) -> Option<Place> {
    let name = named.name;
    match kind {
        HostKind::Docker | HostKind::DockerStats => Some(Place::Docker { container: name.map(str::to_owned) }),
        HostKind::Crictl | HostKind::Kubernetes => Some(of_pod(named)),
        HostKind::Heroku | HostKind::Lambda => Some(Place::Platform),
        _ => None,
    }
}

fn by_event(kind: EventKind, named: Named<'_>) -> Option<Place> {
    let name = named.name;
    match kind {
        EventKind::DockerOomkilled => Some(Place::Docker { container: name.map(str::to_owned) }),
        EventKind::KubernetesOomkilled => Some(of_pod(named)),
        EventKind::LambdaKilled | EventKind::CloudFoundryOom | EventKind::QuotaExceeded => Some(Place::Platform),
        EventKind::SystemdUnitOom | EventKind::SystemdUnitKilled | EventKind::StopTimedOut => {
            name.map(|name| Place::Unit(name.to_owned()))
        }
        _ => None,
    }
}
