//! Where a process runs, and in what: what decides which commands reach it.

use std::collections::BTreeSet;

/// Pids as containers count them: anew from 1, with few processes before the program.
const PIDS_OF_CONTAINER: u32 = 32;

/// True for a pid that is counted inside a container.
pub fn is_of_container(pid: u32) -> bool {
    pid < PIDS_OF_CONTAINER
}

/// Which virtual machine runs the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    /// OpenJDK and what is built from it.
    HotSpot,
    /// Eclipse OpenJ9, IBM Semeru.
    OpenJ9,
}

/// The operating system that commands are typed into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Linux, and where nothing says otherwise.
    Linux,
    /// Windows.
    Windows,
    /// macOS.
    MacOs,
    /// Another one, of which no command is known to have a reader.
    Other,
}

/// The version of the kernel's control groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cgroup {
    /// A hierarchy for each controller.
    First,
    /// One for all, and where nothing says otherwise.
    Second,
}

impl Cgroup {
    /// The file with the memory limit, as a container sees it.
    pub(super) const fn limit_file(self) -> &'static str {
        match self {
            Cgroup::First => "/sys/fs/cgroup/memory/memory.limit_in_bytes",
            Cgroup::Second => "/sys/fs/cgroup/memory.max",
        }
    }

    /// The file with the limit of tasks.
    pub(super) const fn tasks_file(self) -> &'static str {
        match self {
            Cgroup::First => "/sys/fs/cgroup/pids/pids.max",
            Cgroup::Second => "/sys/fs/cgroup/pids.max",
        }
    }
}

/// What the process runs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The machine itself, as far as the input shows.
    Machine,
    /// A container of Docker or Podman.
    Docker {
        /// Its name or short id.
        container: Option<String>,
    },
    /// A container of a pod.
    Kubernetes {
        /// The pod.
        pod: Option<String>,
        /// The container in it.
        container: Option<String>,
    },
    /// A unit of systemd.
    Unit(String),
    /// Another control group with a limit.
    Group,
    /// A platform on which nobody types commands.
    Platform,
}

impl Place {
    /// True if it is known which one it is.
    pub(super) fn is_named(&self) -> bool {
        match self {
            Place::Docker { container } => container.is_some(),
            Place::Kubernetes { pod, container } => pod.is_some() || container.is_some(),
            Place::Unit(_) => true,
            Place::Machine | Place::Group | Place::Platform => false,
        }
    }
}

/// What holds for every process of an input.
pub struct Surroundings {
    pub(super) vendor: Vendor,
    pub(super) system: System,
    /// Its kernel is older than systemd.
    pub(super) old_kernel: bool,
    pub(super) cgroup: Cgroup,
    /// The version that the only JVM printed.
    pub(super) printed_jdk: Option<String>,
    /// The container that definitions and ends of containers name.
    pub(super) container: Option<Place>,
    /// Runs that ended by an event.
    pub(super) ended: BTreeSet<String>,
    /// The JVMs with a pid that may be alive.
    pub(super) alive: Vec<String>,
    /// Limits of a process that the input prints.
    pub(super) printed: BTreeSet<&'static str>,
    /// A JVM is counted inside a container and is not the first process there.
    pub(super) wrapped: bool,
    /// Something is started again and again.
    pub(super) restarts: bool,
    /// A part of a javacore is there.
    pub(super) has_javacore: bool,
}
