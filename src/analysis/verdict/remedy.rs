//! What helps against what leads, where no finding has a next step of its own: which limit to raise, or whom to relieve.

use super::lead::What;
use super::lede::{Outside, mostly_malloc, outside_heap};
use super::{Case, around};
use crate::analysis::addressee::{Ask, Place, Vendor};
use crate::analysis::control_group::{Group, GroupKind};
use crate::analysis::rules::mostly;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::java::{IN_ALLOCATOR, JavaError};
use crate::model::kind::{ErrorKind, EventKind, Strength};
use crate::model::oom::{Event, OomKill, OomScope};

/// Whose setting a limit is: what there is to raise.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Setting {
    Cgroup,
    Container,
    Docker,
    Ecs,
    Job,
    Kubernetes,
    Lambda,
    Unit,
}

impl Setting {
    /// What it is called, as a key of the catalogues.
    const fn key(self) -> &'static str {
        match self {
            Setting::Cgroup => "setting.cgroup",
            Setting::Container => "setting.container",
            Setting::Docker => "setting.docker",
            Setting::Ecs => "setting.ecs",
            Setting::Job => "setting.job",
            Setting::Kubernetes => "setting.kubernetes",
            Setting::Lambda => "setting.lambda",
            Setting::Unit => "setting.unit",
        }
    }

    /// Of the place that a process runs in.
    fn of_place(place: &Place) -> Setting {
        match place {
            Place::Docker { .. } => Setting::Docker,
            Place::Kubernetes { .. } => Setting::Kubernetes,
            Place::Unit(_) => Setting::Unit,
            Place::Group | Place::Machine | Place::Platform => Setting::Cgroup,
        }
    }

    /// Of the control group that reached its limit, else of the place.
    fn of_kill(case: &Case<'_>, kill: &OomKill) -> Setting {
        let path = kill.cgroup.as_ref().map_or("", |cgroup| cgroup.path.as_str());
        match Group::of(path).kind {
            GroupKind::Docker => Setting::Docker,
            GroupKind::Kubernetes | GroupKind::Pod | GroupKind::Containerd | GroupKind::Crio => Setting::Kubernetes,
            GroupKind::Container | GroupKind::Lxc | GroupKind::Podman => Setting::Container,
            GroupKind::Service => Setting::Unit,
            GroupKind::Cgroup | GroupKind::Slice => Setting::of_place(&case.addressee.place),
        }
    }

    /// Of what says that a limit was passed.
    fn of_event(case: &Case<'_>, kind: EventKind) -> Setting {
        match kind {
            EventKind::EcsOomkilled => Setting::Ecs,
            EventKind::LambdaKilled => Setting::Lambda,
            EventKind::MemoryLimitExceeded | EventKind::Slurm => Setting::Job,
            EventKind::DockerOomkilled => Setting::Docker,
            EventKind::KubernetesOomkilled => Setting::Kubernetes,
            _ => match Setting::of_place(&case.addressee.place) {
                Setting::Cgroup => Setting::Container,
                setting => setting,
            },
        }
    }
}

/// To raise a limit, or to need less.
fn raise(case: &Case<'_>, setting: Setting) -> Statement {
    let key = match (case.addressee.is_jvm, case.addressee.vendor) {
        (true, Vendor::HotSpot) => "verdict.action.limit",
        (true, Vendor::OpenJ9) => "verdict.action.limit.openj9",
        (false, _) => "verdict.action.limit.process",
    };
    let statement = Statement::new(key).with("setting", Quantity::Term(setting.key().to_owned()), None);
    let option = case.incident.heap_option(case.lead.run.unwrap_or_default());
    if case.addressee.is_jvm { statement.with("option", option, None) } else { statement }
}

/// The limit of the platform that says that it was passed.
pub(super) fn of_platform(case: &Case<'_>, kind: EventKind) -> Statement {
    raise(case, Setting::of_event(case, kind))
}

/// What helps, where anything does.
pub(super) fn of_lead(case: &Case<'_>) -> Option<Statement> {
    // Neither a limit nor a heap of another size would change what malloc took.
    let is_end = match case.lead.what {
        What::Kill(..) | What::Unfinished(_) | What::Counted(..) => true,
        What::Event(event) => {
            let other = event.kind.is_sigterm() || event.kind.tells_sender();
            !other && !matches!(event.kind, EventKind::KubernetesEvictedDisk | EventKind::YarnVirtual)
        }
        What::Error(_) | What::State(_) | What::Nothing => false,
    };
    if let Some(mut malloc) = mostly_malloc(case).filter(|_| is_end) {
        malloc.values.remove("committed");
        return Some(Statement { key: "verdict.action.malloc".to_owned(), ..malloc });
    }
    match case.lead.what {
        What::Kill(kill, _) | What::Unfinished(kill) => of_kill(case, kill),
        What::Counted(..) => Some(raise(case, Setting::of_event(case, EventKind::ContainerOom))),
        What::Event(event) => of_event(case, event),
        What::Error(error) => of_error(error),
        What::State(_) | What::Nothing => None,
    }
}

fn of_kill(case: &Case<'_>, kill: &OomKill) -> Option<Statement> {
    if let Some(Outside { heap, .. }) = outside_heap(case) {
        let command = Quantity::Word("-XX:NativeMemoryTracking=summary".to_owned());
        let statement = Statement::new("verdict.action.outside-heap").with("heap", Quantity::Size(heap.bytes), heap.at);
        return Some(statement.with("command", command, None));
    }
    match kill.scope {
        OomScope::Unknown if kill.trigger.as_ref().is_some_and(|trigger| trigger.in_container) => {
            Some(raise(case, Setting::Container))
        }
        OomScope::Cgroup => Some(raise(case, Setting::of_kill(case, kill))),
        OomScope::Cpuset | OomScope::Policy => Some(Statement::new("verdict.action.nodes")),
        OomScope::Global | OomScope::Unknown => Some(match (case.incident.most_of_machine(kill), &kill.chosen) {
            (Some(share), Some(chosen)) => mostly(case.incident, case.lead.run, &chosen.name, share),
            _ => of_machine(case),
        }),
        OomScope::Sysrq => None,
    }
}

fn of_event(case: &Case<'_>, event: &Event) -> Option<Statement> {
    if around::beyond_resident(case).is_some() {
        return Some(Statement::new("verdict.action.memory-stat"));
    }
    match (event.kind, event.strength()?) {
        (EventKind::KubernetesEvicted, _) => Some(Statement::new("verdict.action.evicted")),
        (EventKind::KubernetesEvictedDisk, _) => Some(Statement::new("verdict.action.evicted.disk")),
        (EventKind::SystemdUnitOom, _) => Some(Statement::new("verdict.action.unit")),
        (EventKind::ForkRefused, _) if event.lacks_memory() => {
            let command = Quantity::Word(case.addressee.command(Ask::Processes)?);
            Some(Statement::new("rule.memory-refused.next.others").with("command", command, None))
        }
        (EventKind::ThreadNotStarted | EventKind::ForkRefused, _) => {
            let command = Quantity::Word(case.addressee.command(Ask::TaskLimits)?);
            Some(Statement::new("rule.memory-refused.next.task-limits").with("command", command, None))
        }
        (EventKind::CommitRefused, _) => {
            let command = Quantity::Word(case.addressee.command(Ask::SystemLimits)?);
            Some(Statement::new("rule.memory-refused.next.native").with("command", command, None))
        }
        (EventKind::PageAllocationFailure, _) => Some(Statement::new("verdict.action.page-allocation")),
        (EventKind::CircuitBreaker, _) => Some(Statement::new("verdict.action.circuit-breaker")),
        (EventKind::SparkResultSize, _) => Some(Statement::new("verdict.action.spark-result-size")),
        (EventKind::ImageWatchdog, _) => Some(Statement::new("verdict.action.image")),
        (EventKind::LambdaKilled, _) | (_, Strength::Runtime | Strength::Platform) => {
            Some(raise(case, Setting::of_event(case, event.kind)))
        }
        (_, Strength::Kernel | Strength::UserSpace) => Some(of_machine(case)),
        // Words do not say where it ran, but that a container has a limit.
        (kind, Strength::Told) if kind.is_oomkilled() => Some(raise(case, Setting::of_event(case, kind))),
        (_, Strength::Jvm | Strength::Guard | Strength::Told | Strength::Signal | Strength::Trouble) => None,
    }
}

/// Of a machine: who else uses it, or, where no command is known that tells, that it is too small.
fn of_machine(case: &Case<'_>) -> Statement {
    match case.addressee.command(Ask::Processes) {
        Some(command) => {
            Statement::new("rule.machine-out-of-memory.others").with("command", Quantity::Word(command), None)
        }
        None => Statement::new("verdict.action.machine"),
    }
}

fn of_error(error: &JavaError) -> Option<Statement> {
    let key = match error.kind {
        ErrorKind::FatalError if error.at.get(IN_ALLOCATOR).is_some() => "verdict.action.native-code",
        ErrorKind::ArraySize => "verdict.action.array",
        ErrorKind::Metaspace => "rule.metaspace-threshold-collections.limit.next",
        ErrorKind::Startup => "verdict.action.startup",
        ErrorKind::Other if error.told => "verdict.action.message",
        // The JVM had no room for a trace.
        ErrorKind::Other if error.is_uncaught() => return None,
        ErrorKind::Other => "verdict.action.stack",
        _ => return None,
    };
    Some(Statement::new(key))
}
