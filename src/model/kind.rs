//! What a reading, an event, or an error of Java is: closed sets, and what follows from each kind.
//!
//! In JSON and in links a kind is its name. A name that this version does not know, in a report of a newer one, becomes
//! `Unknown`; so a kind is never a free word, and may leave in every shared form.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A closed set of kinds with their names, and with the keys of their words in the catalogues.
macro_rules! kinds {
    ($(#[$meta:meta])* $name:ident of $key:literal { $($(#[$about:meta])* $kind:ident = $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$about])* $kind,)*
            /// One that this version does not know.
            #[default]
            Unknown,
        }

        impl $name {
            /// All that this version knows, sorted by name.
            pub const ALL: &[$name] = &[$($name::$kind,)*];

            /// The name in JSON and in links.
            pub const fn name(self) -> &'static str {
                match self {
                    $($name::$kind => $text,)*
                    $name::Unknown => "unknown",
                }
            }

            /// The kind of that name; `Unknown` if there is none.
            pub fn of(name: &str) -> $name {
                match name {
                    $($text => $name::$kind,)*
                    _ => $name::Unknown,
                }
            }

            /// What it is called, as a key of the catalogues.
            pub const fn key(self) -> &'static str {
                match self {
                    $($name::$kind => concat!($key, $text),)*
                    $name::Unknown => concat!($key, "unknown"),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(self.name())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.name())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<$name, D::Error> {
                String::deserialize(from).map(|name| $name::of(&name))
            }
        }
    };
}

kinds! {
    /// What a [`HostReading`](super::host::HostReading) is: a command's answer, a file of the kernel, a manifest.
    HostKind of "host-kind." {
        /// `atop`.
        Atop = "atop",
        /// `/proc/user_beancounters` of OpenVZ.
        Beancounters = "beancounters",
        /// Files of a control group.
        Cgroup = "cgroup",
        /// `jcmd VM.command_line`.
        CommandLine = "command-line",
        /// `crictl stats`.
        Crictl = "crictl",
        /// `docker inspect`, Compose files, `docker run`.
        Docker = "docker",
        /// `docker stats`.
        DockerStats = "docker-stats",
        /// What earlyoom prints of the machine again and again.
        Earlyoom = "earlyoom",
        /// A container of an ECS task definition.
        Ecs = "ecs",
        /// The ECS task itself.
        EcsTask = "ecs-task",
        /// `-XX:+PrintFlagsFinal`.
        FlagsFinal = "flags-final",
        /// `free`.
        Free = "free",
        /// `Get-Process` of PowerShell.
        GetProcess = "get-process",
        /// `jcmd GC.heap_info`, and the same at the end of a JVM.
        HeapInfo = "heap-info",
        /// `jmap -histo`, `jcmd GC.class_histogram`.
        Histogram = "histogram",
        /// A crash file.
        HsErr = "hs-err",
        /// `java -version`.
        JavaVersion = "java-version",
        /// `jps`.
        Jps = "jps",
        /// A container of `kubectl describe pod` or of a manifest.
        Kubernetes = "kubernetes",
        /// `kubectl describe node`, `kubectl top node`.
        KubernetesNode = "kubernetes-node",
        /// The `REPORT` line of AWS Lambda.
        Lambda = "lambda",
        /// `lsmem`.
        Lsmem = "lsmem",
        /// `/proc/meminfo`.
        Meminfo = "meminfo",
        /// `jcmd VM.metaspace`.
        Metaspace = "metaspace",
        /// Metrics of Prometheus.
        Metrics = "metrics",
        /// `nomad alloc status`.
        Nomad = "nomad",
        /// `numastat`.
        Numastat = "numastat",
        /// Options that somebody wrote down: a command line, a manifest, a unit file.
        Options = "options",
        /// `pidstat`.
        Pidstat = "pidstat",
        /// `pmap`.
        Pmap = "pmap",
        /// `/proc/pressure/memory`.
        Pressure = "pressure",
        /// `-XX:+PrintCommandLineFlags`.
        PrintFlags = "print-flags",
        /// `/proc/PID/status`.
        ProcStatus = "proc-status",
        /// `/proc/vmstat`.
        ProcVmstat = "proc-vmstat",
        /// `ps`.
        Ps = "ps",
        /// `ps_mem`: all processes of a name.
        PsMem = "ps-mem",
        /// `sar`.
        Sar = "sar",
        /// `/proc/PID/smaps`, `smaps_rollup`.
        Smaps = "smaps",
        /// `smem`.
        Smem = "smem",
        /// `systemctl status`, `systemd-cgtop`.
        Systemd = "systemd",
        /// `systeminfo` of Windows.
        Systeminfo = "systeminfo",
        /// `tasklist` of Windows.
        Tasklist = "tasklist",
        /// A row of `top`.
        Top = "top",
        /// The head of `top`.
        TopSummary = "top-summary",
        /// `jcmd VM.flags`.
        VmFlags = "vm-flags",
        /// `jcmd VM.info`.
        VmInfo = "vm-info",
        /// `java -XshowSettings:vm`.
        VmSettings = "vm-settings",
        /// `vm_stat` of macOS.
        VmStat = "vm-stat",
        /// `vmstat`.
        Vmstat = "vmstat",
    }
}

kinds! {
    /// What an [`Event`](super::oom::Event) is: who ended or hurt a process, or what a tool answered instead of figures.
    EventKind of "event." {
        /// Android's low memory killer.
        AndroidLowMemory = "android-low-memory",
        /// Cloud Foundry.
        CloudFoundryOom = "cloud-foundry-oom",
        /// The kernel refused memory that it could not promise.
        CommitRefused = "commit-refused",
        /// A container runtime's own report.
        ContainerOom = "container-oom",
        /// `-XX:+CrashOnOutOfMemoryError`.
        CrashOnOom = "crash-on-oom",
        /// Docker's `OOMKilled`.
        DockerOomkilled = "docker-oomkilled",
        /// earlyoom killed.
        Earlyoom = "earlyoom",
        /// earlyoom found little memory.
        EarlyoomLowMemory = "earlyoom-low-memory",
        /// ECS: `OutOfMemoryError: Container killed due to memory usage`.
        EcsOomkilled = "ecs-oomkilled",
        /// SIGKILL by whomever.
        Exit137 = "exit-137",
        /// SIGTERM.
        Exit143 = "exit-143",
        /// `-XX:+ExitOnOutOfMemoryError`.
        ExitOnOom = "exit-on-oom",
        /// FreeBSD's kernel killed.
        FreebsdOutOfMemory = "freebsd-out-of-memory",
        /// `jstat` could not attach.
        JstatFailed = "jstat-failed",
        /// The kubelet evicted a pod.
        KubernetesEvicted = "kubernetes-evicted",
        /// The kubelet began to reclaim.
        KubernetesLowMemory = "kubernetes-low-memory",
        /// Kubernetes' `OOMKilled`.
        KubernetesOomkilled = "kubernetes-oomkilled",
        /// A node's `SystemOOM`.
        KubernetesSystemOom = "kubernetes-system-oom",
        /// AWS Lambda: SIGKILL.
        LambdaKilled = "lambda-killed",
        /// The kernel's memory figures without a kill.
        MemoryInfo = "memory-info",
        /// A platform's own limit.
        MemoryLimitExceeded = "memory-limit-exceeded",
        /// `jcmd` could not attach.
        NmtAttachFailed = "nmt-attach-failed",
        /// A baseline was taken.
        NmtBaseline = "nmt-baseline",
        /// There is no baseline.
        NmtNoBaseline = "nmt-no-baseline",
        /// Only summaries are tracked.
        NmtNoDetail = "nmt-no-detail",
        /// The baseline is a summary.
        NmtNoDetailBaseline = "nmt-no-detail-baseline",
        /// Tracking is off.
        NmtNotEnabled = "nmt-not-enabled",
        /// A retired option.
        NmtOptionIgnored = "nmt-option-ignored",
        /// Tracking was shut down.
        NmtShutDown = "nmt-shut-down",
        /// Statistics of the tracking itself.
        NmtStatistics = "nmt-statistics",
        /// An argument that `VM.native_memory` does not know.
        NmtUnknownArgument = "nmt-unknown-argument",
        /// nohang acted.
        Nohang = "nohang",
        /// The kernel found no pages.
        PageAllocationFailure = "page-allocation-failure",
        /// `Killed` by a shell.
        ShellKilled = "shell-killed",
        /// Slurm.
        Slurm = "slurm",
        /// systemd-oomd killed.
        SystemdOomd = "systemd-oomd",
        /// systemd: the main process was killed.
        SystemdUnitKilled = "systemd-unit-killed",
        /// systemd: `oom-kill`.
        SystemdUnitOom = "systemd-unit-oom",
        /// Talos.
        TalosOom = "talos-oom",
        /// The kernel's TCP memory.
        TcpOutOfMemory = "tcp-out-of-memory",
        /// A thread could not be started.
        ThreadNotStarted = "thread-not-started",
        /// A page fault found no memory.
        VmFaultOom = "vm-fault-oom",
        /// `vmalloc` failed.
        VmallocFailure = "vmalloc-failure",
        /// The Java Service Wrapper and its like.
        WrapperSigkill = "wrapper-sigkill",
        /// YARN, by resident memory.
        Yarn = "yarn",
        /// YARN, by address space.
        YarnVirtual = "yarn-virtual",
    }
}

kinds! {
    /// What a [`JavaError`](super::java::JavaError) says that ran out.
    ErrorKind of "error-kind." {
        /// `Requested array size exceeds VM limit`.
        ArraySize = "array-size",
        /// `Compressed class space`.
        ClassSpace = "class-space",
        /// `Direct buffer memory`.
        DirectBuffer = "direct-buffer",
        /// The head of a crash file that is about no memory.
        FatalError = "fatal-error",
        /// `GC overhead limit exceeded`.
        GcOverhead = "gc-overhead",
        /// `Java heap space`.
        HeapSpace = "heap-space",
        /// `There is insufficient memory for the Java Runtime Environment to continue`.
        InsufficientMemory = "insufficient-memory",
        /// `Map failed`.
        MapFailed = "map-failed",
        /// `Metaspace`.
        Metaspace = "metaspace",
        /// Native memory.
        Native = "native",
        /// `unable to create native thread`.
        NativeThread = "native-thread",
        /// An `OutOfMemoryError` whose message says nothing of it.
        Other = "other",
        /// `PermGen space`.
        Permgen = "permgen",
        /// The JVM refused to start.
        Startup = "startup",
    }
}

/// What a reading is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The whole machine.
    Machine,
    /// A machine among the many of a cluster: not always the one that the rest of a text is about.
    Node,
    /// A container, a task, a unit, or another group with a limit of its own.
    Container,
    /// A process of whatever kind.
    Process,
    /// A JVM.
    Jvm,
    /// Nobody knows.
    Unknown,
}

/// How a reading knows what it tells of a JVM, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Witness {
    /// The options of a process.
    Options,
    /// What a JVM wrote of itself when it ended or was asked for everything.
    File,
    /// What a JVM says of its heap.
    Heap,
    /// What somebody wrote down; others may overrule it.
    Written,
}

/// How much an event proves of the end of a process, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// A kernel says that it killed for memory.
    Kernel,
    /// Who runs the process says that it was killed for memory.
    Runtime,
    /// The JVM says that it ended itself.
    Jvm,
    /// Who enforces a limit says that it was passed.
    Platform,
    /// A program that watches memory says what it did.
    UserSpace,
    /// A signal ended it; who sent it and why is not said.
    Signal,
    /// Nothing ended, and memory was short.
    Trouble,
}

/// Whose a reading is that names no process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unnamed {
    /// Of a JVM that was asked without its pid being printed.
    OneJvm,
    /// Of some JVM: the one beside it, one that only printed its options, or one that is yet to start.
    SomeJvm,
    /// Of no process.
    NoProcess,
}

impl HostKind {
    /// What it is about.
    pub const fn subject(self) -> Subject {
        match self {
            HostKind::Atop
            | HostKind::Earlyoom
            | HostKind::Free
            | HostKind::Lsmem
            | HostKind::Meminfo
            | HostKind::Numastat
            | HostKind::Pressure
            | HostKind::ProcVmstat
            | HostKind::Sar
            | HostKind::Systeminfo
            | HostKind::TopSummary
            | HostKind::VmStat
            | HostKind::Vmstat => Subject::Machine,
            HostKind::KubernetesNode => Subject::Node,
            HostKind::Beancounters
            | HostKind::Cgroup
            | HostKind::Crictl
            | HostKind::Docker
            | HostKind::DockerStats
            | HostKind::Ecs
            | HostKind::EcsTask
            | HostKind::Kubernetes
            | HostKind::Lambda
            | HostKind::Metrics
            | HostKind::Nomad
            | HostKind::Systemd => Subject::Container,
            HostKind::GetProcess
            | HostKind::Pidstat
            | HostKind::Pmap
            | HostKind::ProcStatus
            | HostKind::Ps
            | HostKind::PsMem
            | HostKind::Smaps
            | HostKind::Smem
            | HostKind::Tasklist
            | HostKind::Top => Subject::Process,
            HostKind::CommandLine
            | HostKind::FlagsFinal
            | HostKind::HeapInfo
            | HostKind::Histogram
            | HostKind::HsErr
            | HostKind::JavaVersion
            | HostKind::Jps
            | HostKind::Metaspace
            | HostKind::Options
            | HostKind::PrintFlags
            | HostKind::VmFlags
            | HostKind::VmInfo
            | HostKind::VmSettings => Subject::Jvm,
            HostKind::Unknown => Subject::Unknown,
        }
    }

    /// Tells the memory and the swap of the machine. What earlyoom calls the total is without the kernel's own memory.
    pub fn tells_machine(self) -> bool {
        self.subject() == Subject::Machine && self != HostKind::Earlyoom
    }

    /// How it knows what it tells of a JVM.
    pub const fn witness(self) -> Witness {
        match self {
            HostKind::HsErr | HostKind::VmInfo => Witness::File,
            HostKind::HeapInfo => Witness::Heap,
            HostKind::Options => Witness::Written,
            _ => Witness::Options,
        }
    }

    /// Whose it is where it names no process.
    pub const fn unnamed(self) -> Unnamed {
        match self {
            HostKind::CommandLine | HostKind::HeapInfo | HostKind::VmFlags => Unnamed::OneJvm,
            HostKind::FlagsFinal | HostKind::Options | HostKind::PrintFlags | HostKind::VmSettings => Unnamed::SomeJvm,
            _ => Unnamed::NoProcess,
        }
    }

    /// A file or a map of one process, where the program's name may be missing.
    pub const fn is_file_of_process(self) -> bool {
        matches!(self, HostKind::Pmap | HostKind::ProcStatus | HostKind::Smaps)
    }

    /// Prints the options of a process that runs.
    pub const fn prints_options(self) -> bool {
        matches!(self, HostKind::CommandLine | HostKind::VmFlags)
    }

    /// Prints a command line as it was written.
    pub const fn quotes_command_line(self) -> bool {
        matches!(
            self,
            HostKind::CommandLine
                | HostKind::Docker
                | HostKind::HsErr
                | HostKind::Kubernetes
                | HostKind::Pmap
                | HostKind::Ps
                | HostKind::Top
        )
    }

    /// Defines a container by its name.
    pub const fn defines_container(self) -> bool {
        matches!(self, HostKind::Docker | HostKind::Ecs | HostKind::Kubernetes)
    }

    /// Stands in a manifest or a description, which names the container elsewhere.
    pub const fn is_of_manifest(self) -> bool {
        matches!(self, HostKind::Docker | HostKind::Kubernetes | HostKind::Options)
    }
}

impl EventKind {
    /// How much it proves. `None` for what says nothing of an end or of short memory.
    pub const fn strength(self) -> Option<Strength> {
        Some(match self {
            EventKind::FreebsdOutOfMemory => Strength::Kernel,
            EventKind::ContainerOom
            | EventKind::DockerOomkilled
            | EventKind::EcsOomkilled
            | EventKind::KubernetesEvicted
            | EventKind::KubernetesOomkilled
            | EventKind::KubernetesSystemOom
            | EventKind::SystemdUnitOom => Strength::Runtime,
            EventKind::CrashOnOom | EventKind::ExitOnOom => Strength::Jvm,
            EventKind::CloudFoundryOom
            | EventKind::MemoryLimitExceeded
            | EventKind::Slurm
            | EventKind::Yarn
            | EventKind::YarnVirtual => Strength::Platform,
            EventKind::AndroidLowMemory
            | EventKind::Earlyoom
            | EventKind::Nohang
            | EventKind::SystemdOomd
            | EventKind::TalosOom => Strength::UserSpace,
            EventKind::Exit137
            | EventKind::Exit143
            | EventKind::LambdaKilled
            | EventKind::ShellKilled
            | EventKind::SystemdUnitKilled
            | EventKind::WrapperSigkill => Strength::Signal,
            EventKind::CommitRefused
            | EventKind::EarlyoomLowMemory
            | EventKind::KubernetesLowMemory
            | EventKind::PageAllocationFailure
            | EventKind::TcpOutOfMemory
            | EventKind::ThreadNotStarted
            | EventKind::VmFaultOom
            | EventKind::VmallocFailure => Strength::Trouble,
            EventKind::JstatFailed
            | EventKind::MemoryInfo
            | EventKind::NmtAttachFailed
            | EventKind::NmtBaseline
            | EventKind::NmtNoBaseline
            | EventKind::NmtNoDetail
            | EventKind::NmtNoDetailBaseline
            | EventKind::NmtNotEnabled
            | EventKind::NmtOptionIgnored
            | EventKind::NmtShutDown
            | EventKind::NmtStatistics
            | EventKind::NmtUnknownArgument
            | EventKind::Unknown => return None,
        })
    }

    /// Only a JVM, or a tool that asks one, prints it.
    pub const fn is_of_jvm(self) -> bool {
        matches!(self.strength(), Some(Strength::Jvm))
            || matches!(self, EventKind::ThreadNotStarted)
            || self.is_answer_of_tool()
    }

    /// What `jcmd` and `jstat` answered instead of figures: it says how the process was asked, not what befell it.
    pub const fn is_answer_of_tool(self) -> bool {
        matches!(
            self,
            EventKind::JstatFailed
                | EventKind::NmtAttachFailed
                | EventKind::NmtBaseline
                | EventKind::NmtNoBaseline
                | EventKind::NmtNoDetail
                | EventKind::NmtNoDetailBaseline
                | EventKind::NmtNotEnabled
                | EventKind::NmtOptionIgnored
                | EventKind::NmtShutDown
                | EventKind::NmtStatistics
                | EventKind::NmtUnknownArgument
        )
    }

    /// A process, a container, or a pod ended.
    pub const fn ends_process(self) -> bool {
        match self {
            EventKind::AndroidLowMemory
            | EventKind::CloudFoundryOom
            | EventKind::ContainerOom
            | EventKind::CrashOnOom
            | EventKind::DockerOomkilled
            | EventKind::Earlyoom
            | EventKind::EcsOomkilled
            | EventKind::Exit137
            | EventKind::Exit143
            | EventKind::ExitOnOom
            | EventKind::FreebsdOutOfMemory
            | EventKind::KubernetesEvicted
            | EventKind::KubernetesOomkilled
            | EventKind::KubernetesSystemOom
            | EventKind::LambdaKilled
            | EventKind::MemoryLimitExceeded
            | EventKind::Nohang
            | EventKind::ShellKilled
            | EventKind::Slurm
            | EventKind::SystemdOomd
            | EventKind::SystemdUnitKilled
            | EventKind::SystemdUnitOom
            | EventKind::TalosOom
            | EventKind::WrapperSigkill
            | EventKind::Yarn
            | EventKind::YarnVirtual => true,
            EventKind::CommitRefused
            | EventKind::EarlyoomLowMemory
            | EventKind::JstatFailed
            | EventKind::KubernetesLowMemory
            | EventKind::MemoryInfo
            | EventKind::NmtAttachFailed
            | EventKind::NmtBaseline
            | EventKind::NmtNoBaseline
            | EventKind::NmtNoDetail
            | EventKind::NmtNoDetailBaseline
            | EventKind::NmtNotEnabled
            | EventKind::NmtOptionIgnored
            | EventKind::NmtShutDown
            | EventKind::NmtStatistics
            | EventKind::NmtUnknownArgument
            | EventKind::PageAllocationFailure
            | EventKind::TcpOutOfMemory
            | EventKind::ThreadNotStarted
            | EventKind::VmFaultOom
            | EventKind::VmallocFailure
            | EventKind::Unknown => false,
        }
    }

    /// A container was killed for its memory, by the word of what runs it.
    pub const fn is_oomkilled(self) -> bool {
        matches!(self, EventKind::DockerOomkilled | EventKind::EcsOomkilled | EventKind::KubernetesOomkilled)
    }

    /// Says which memory limit of a platform was exceeded.
    pub const fn enforces_limit(self) -> bool {
        matches!(self, EventKind::MemoryLimitExceeded | EventKind::Yarn)
    }

    /// Stands in a manifest or a description, which names the container elsewhere.
    pub const fn is_of_manifest(self) -> bool {
        matches!(self, EventKind::DockerOomkilled | EventKind::Exit137 | EventKind::KubernetesOomkilled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_to_its_kind_and_back_and_lists_are_sorted() {
        assert!(HostKind::ALL.iter().all(|kind| HostKind::of(kind.name()) == *kind));
        assert!(EventKind::ALL.iter().all(|kind| EventKind::of(kind.name()) == *kind));
        assert!(ErrorKind::ALL.iter().all(|kind| ErrorKind::of(kind.name()) == *kind));
        assert!(HostKind::ALL.is_sorted_by_key(|kind| kind.name()));
        assert!(EventKind::ALL.is_sorted_by_key(|kind| kind.name()));
        assert!(ErrorKind::ALL.is_sorted_by_key(|kind| kind.name()));
    }

    #[test]
    fn a_word_that_is_no_kind_becomes_unknown() {
        let read = |text: &str| serde_json::from_str::<EventKind>(text).expect("a kind");
        assert_eq!(read("\"yarn\""), EventKind::Yarn);
        for word in ["\"acme-billing\"", "\"…\"", "\"\"", "\"YARN\""] {
            assert_eq!(read(word), EventKind::Unknown);
            assert_eq!(serde_json::to_string(&read(word)).expect("text"), "\"unknown\"");
        }
    }
}
