//! What a reading, an event, or an error of Java is: closed sets, and what follows from each kind.
//!
//! In JSON and in links a kind is its name. A name that this version does not know, in a report of a newer one, becomes
//! `Unknown`; so a kind is never a free word, and may leave in every shared form.

/// A closed set of kinds with their names, and with the keys of their words in the catalogues.
#[macro_export]
#[doc(hidden)]
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
            /// All that this version knows, in order.
            pub const ALL: &[$name] = &[$($name::$kind,)*];

            /// The name of each in JSON and in links, and what it is called, as a key of the catalogues.
            const TABLE: &[(&'static str, &'static str)] =
                &[$(($text, concat!($key, $text)),)* ("unknown", concat!($key, "unknown"))];

            fn row(self) -> (&'static str, &'static str) {
                // A kind's number is its place in the table.
                $name::TABLE.get(self as usize).copied().unwrap_or_default()
            }

            /// The name in JSON and in links.
            pub fn name(self) -> &'static str {
                self.row().0
            }

            /// What it is called, as a key of the catalogues.
            pub fn key(self) -> &'static str {
                self.row().1
            }

            /// The kind of that name; `Unknown` if there is none.
            pub fn of(name: &str) -> $name {
                $name::ALL.iter().copied().find(|kind| kind.name() == name).unwrap_or_default()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.name())
            }
        }

        impl $crate::json::Json for $name {
            fn blank() -> $name {
                $name::Unknown
            }

            fn write(&self, to: &mut $crate::json::Writer) {
                to.text(self.name());
            }

            fn read(&mut self, from: &mut $crate::json::Reader<'_>) -> Option<()> {
                *self = $name::of(&from.text()?);
                Some(())
            }

            fn shape(schema: &mut $crate::json::Schema) -> $crate::json::Shape {
                let words: Vec<&str> = $name::TABLE.iter().map(|(name, _)| *name).collect();
                schema.words(concat!(module_path!(), "::", stringify!($name)), "", &words)
            }
        }
    };
}

pub use kinds;

kinds! {
    /// What a [`HostReading`](super::host::HostReading) is: a command's answer, a file of the kernel, a manifest.
    HostKind of "host-kind." {
        /// `atop`.
        Atop = "atop",
        /// `/proc/user_beancounters` of OpenVZ.
        Beancounters = "beancounters",
        /// Files of a control group.
        Cgroup = "cgroup",
        /// `jcmd VM.classloader_stats`.
        ClassLoaders = "class-loaders",
        /// `jcmd VM.command_line`.
        CommandLine = "command-line",
        /// `/proc/cgroups`: the controllers that the kernel has.
        Controllers = "controllers",
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
        /// The heap that a JVM prints into its log when it ends.
        HeapAtExit = "heap-at-exit",
        /// `jcmd GC.heap_info`, and the same where other programs print it.
        HeapInfo = "heap-info",
        /// What Heroku measures of a dyno.
        Heroku = "heroku",
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
        /// `ulimit -a`, `/proc/PID/limits`: what a process may use.
        Limits = "limits",
        /// `lsmem`.
        Lsmem = "lsmem",
        /// `/proc/meminfo`.
        Meminfo = "meminfo",
        /// `jcmd VM.metaspace`.
        Metaspace = "metaspace",
        /// Metrics of Prometheus.
        Metrics = "metrics",
        /// `jcmd System.native_heap_info`: what malloc holds.
        NativeHeap = "native-heap",
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
        /// `jfr print`, `jfr view`: a recording of the JVM.
        Recording = "recording",
        /// `sar`.
        Sar = "sar",
        /// `/proc/PID/smaps`, `smaps_rollup`.
        Smaps = "smaps",
        /// `smem`.
        Smem = "smem",
        /// What the words around the logs state.
        Stated = "stated",
        /// `sysctl`: what the kernel allows.
        Sysctl = "sysctl",
        /// `systemctl status`, `systemd-cgtop`.
        Systemd = "systemd",
        /// `systeminfo` of Windows.
        Systeminfo = "systeminfo",
        /// `tasklist` of Windows.
        Tasklist = "tasklist",
        /// Threads of a dump, counted.
        Threads = "threads",
        /// A row of `top`.
        Top = "top",
        /// The head of `top`.
        TopSummary = "top-summary",
        /// `jcmd System.trim_native_heap`.
        TrimNativeHeap = "trim-native-heap",
        /// `uname -a`: which kernel it is.
        Uname = "uname",
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
        /// The circuit breaker of Elasticsearch, OpenSearch, and their like refused a request.
        CircuitBreaker = "circuit-breaker",
        /// Cloud Foundry.
        CloudFoundryOom = "cloud-foundry-oom",
        /// The kernel refused memory that it could not promise.
        CommitRefused = "commit-refused",
        /// A container runtime's own report.
        ContainerOom = "container-oom",
        /// What runs a container or a unit starts it again and again.
        CrashLoop = "crash-loop",
        /// `-XX:+CrashOnOutOfMemoryError`.
        CrashOnOom = "crash-on-oom",
        /// Gradle lost the daemon that built.
        DaemonLost = "daemon-lost",
        /// Docker's `OOMKilled`.
        DockerOomkilled = "docker-oomkilled",
        /// earlyoom killed.
        Earlyoom = "earlyoom",
        /// earlyoom asked a process to end (SIGTERM); what came of it is not told.
        EarlyoomAsked = "earlyoom-asked",
        /// earlyoom asked or killed, and the process did not end in time.
        EarlyoomFailed = "earlyoom-failed",
        /// earlyoom found little memory.
        EarlyoomLowMemory = "earlyoom-low-memory",
        /// ECS: `OutOfMemoryError: Container killed due to memory usage`.
        EcsOomkilled = "ecs-oomkilled",
        /// Spark lost an executor, whatever ended it.
        ExecutorLost = "executor-lost",
        /// It ended by itself, and well.
        Exit0 = "exit-0",
        /// SIGABRT: it aborted itself.
        Exit134 = "exit-134",
        /// SIGKILL by whomever.
        Exit137 = "exit-137",
        /// SIGTERM.
        Exit143 = "exit-143",
        /// The code with which a JVM ends by `-XX:+ExitOnOutOfMemoryError`.
        Exit3 = "exit-3",
        /// It ended by itself, and says that something failed.
        ExitFailed = "exit-failed",
        /// `-XX:+ExitOnOutOfMemoryError`.
        ExitOnOom = "exit-on-oom",
        /// Surefire lost the JVM that it had started for tests.
        ForkLost = "fork-lost",
        /// The kernel refused to start another process.
        ForkRefused = "fork-refused",
        /// FreeBSD's kernel killed.
        FreebsdOutOfMemory = "freebsd-out-of-memory",
        /// The JVM could not set the pages that guard a stack.
        GuardPagesFailed = "guard-pages-failed",
        /// The watchdog of GraalVM's native-image ended the build.
        ImageWatchdog = "image-watchdog",
        /// `jstat` could not attach.
        JstatFailed = "jstat-failed",
        /// A fault of the kernel itself.
        KernelOops = "kernel-oops",
        /// The kubelet evicted a pod.
        KubernetesEvicted = "kubernetes-evicted",
        /// The kubelet evicted a pod, for disk and not for memory.
        KubernetesEvictedDisk = "kubernetes-evicted-disk",
        /// The kubelet began to reclaim.
        KubernetesLowMemory = "kubernetes-low-memory",
        /// Kubernetes' `OOMKilled`.
        KubernetesOomkilled = "kubernetes-oomkilled",
        /// A node's `SystemOOM`.
        KubernetesSystemOom = "kubernetes-system-oom",
        /// AWS Lambda: SIGKILL.
        LambdaKilled = "lambda-killed",
        /// The memory calculator of a build pack found the limit too small.
        MemoryCalculator = "memory-calculator",
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
        /// nohang acted; how is not told.
        Nohang = "nohang",
        /// nohang asked a process to end (SIGTERM); what came of it is not told.
        NohangAsked = "nohang-asked",
        /// nohang acted, and the process did not end in time.
        NohangFailed = "nohang-failed",
        /// nohang killed, or what it asked ended.
        NohangKilled = "nohang-killed",
        /// The kernel's OOM killer, where only words tell of it, or the process is masked.
        OomKiller = "oom-killer",
        /// oomd killed a control group.
        Oomd = "oomd",
        /// The kernel found no pages.
        PageAllocationFailure = "page-allocation-failure",
        /// The kubelet killed a container, since its probe failed.
        ProbeFailed = "probe-failed",
        /// Heroku: more memory than the dyno's quota, which swaps and lives.
        QuotaExceeded = "quota-exceeded",
        /// `Killed` by a shell.
        ShellKilled = "shell-killed",
        /// SIGTERM, by the word of who got it.
        Sigterm = "sigterm",
        /// Slurm.
        Slurm = "slurm",
        /// An executor of Spark ended with the code that stands for an `OutOfMemoryError`.
        SparkOom = "spark-oom",
        /// Spark refused to gather results beyond `spark.driver.maxResultSize`.
        SparkResultSize = "spark-result-size",
        /// systemd killed what did not stop in time.
        StopTimedOut = "stop-timed-out",
        /// systemd-oomd killed.
        SystemdOomd = "systemd-oomd",
        /// systemd-oomd found nobody whom it could kill.
        SystemdOomdFailed = "systemd-oomd-failed",
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

impl ErrorKind {
    /// The heap was full.
    pub const fn is_of_heap(self) -> bool {
        matches!(self, ErrorKind::HeapSpace | ErrorKind::GcOverhead)
    }

    /// The operating system refused memory that the JVM asked it for.
    pub const fn is_refusal(self) -> bool {
        matches!(self, ErrorKind::Native | ErrorKind::InsufficientMemory)
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
    /// A program refused work by a limit of its own, and no memory ran out.
    Guard,
    /// Only words tell of it.
    Told,
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

/// What follows from a kind of reading.
#[derive(Clone, Copy)]
struct Reading {
    subject: Subject,
    tells_machine: bool,
    witness: Witness,
    unnamed: Unnamed,
    is_file_of_process: bool,
    prints_options: bool,
    quotes_command_line: bool,
    defines_container: bool,
    is_of_manifest: bool,
}

impl Reading {
    /// What a table of processes is, and all others but for what they say.
    const PROCESS: Reading = Reading {
        subject: Subject::Process,
        tells_machine: false,
        witness: Witness::Options,
        unnamed: Unnamed::NoProcess,
        is_file_of_process: false,
        prints_options: false,
        quotes_command_line: false,
        defines_container: false,
        is_of_manifest: false,
    };
    const MACHINE: Reading = Reading { subject: Subject::Machine, tells_machine: true, ..Reading::PROCESS };
    const CONTAINER: Reading = Reading { subject: Subject::Container, ..Reading::PROCESS };
    const JVM: Reading = Reading { subject: Subject::Jvm, ..Reading::PROCESS };
}

impl HostKind {
    /// A new kind says here what it is; the compiler asks.
    const fn reading(self) -> Reading {
        match self {
            HostKind::Atop
            | HostKind::Free
            | HostKind::Lsmem
            | HostKind::Meminfo
            | HostKind::Numastat
            | HostKind::Pressure
            | HostKind::ProcVmstat
            | HostKind::Sar
            | HostKind::Sysctl
            | HostKind::Systeminfo
            | HostKind::TopSummary
            | HostKind::VmStat
            | HostKind::Vmstat => Reading::MACHINE,
            // What earlyoom calls the total is without the kernel's own memory.
            HostKind::Controllers | HostKind::Earlyoom | HostKind::Uname => {
                Reading { tells_machine: false, ..Reading::MACHINE }
            }
            HostKind::KubernetesNode => Reading { subject: Subject::Node, ..Reading::PROCESS },
            HostKind::Beancounters
            | HostKind::Cgroup
            | HostKind::Crictl
            | HostKind::DockerStats
            | HostKind::EcsTask
            | HostKind::Heroku
            | HostKind::Lambda
            | HostKind::Metrics
            | HostKind::Nomad
            | HostKind::Systemd => Reading::CONTAINER,
            HostKind::Ecs => Reading { defines_container: true, ..Reading::CONTAINER },
            HostKind::Docker | HostKind::Kubernetes => Reading {
                quotes_command_line: true,
                defines_container: true,
                is_of_manifest: true,
                ..Reading::CONTAINER
            },
            HostKind::GetProcess | HostKind::Pidstat | HostKind::PsMem | HostKind::Smem | HostKind::Tasklist => {
                Reading::PROCESS
            }
            HostKind::Ps | HostKind::Top => Reading { quotes_command_line: true, ..Reading::PROCESS },
            HostKind::Limits | HostKind::ProcStatus | HostKind::Smaps => {
                Reading { is_file_of_process: true, ..Reading::PROCESS }
            }
            HostKind::Pmap => Reading { is_file_of_process: true, quotes_command_line: true, ..Reading::PROCESS },
            HostKind::Histogram | HostKind::JavaVersion | HostKind::Jps => Reading::JVM,
            HostKind::CommandLine => {
                Reading { unnamed: Unnamed::OneJvm, prints_options: true, quotes_command_line: true, ..Reading::JVM }
            }
            HostKind::ClassLoaders | HostKind::Metaspace | HostKind::NativeHeap | HostKind::TrimNativeHeap => {
                Reading { unnamed: Unnamed::OneJvm, ..Reading::JVM }
            }
            HostKind::VmFlags => Reading { unnamed: Unnamed::OneJvm, prints_options: true, ..Reading::JVM },
            HostKind::HeapAtExit | HostKind::HeapInfo => {
                Reading { witness: Witness::Heap, unnamed: Unnamed::OneJvm, ..Reading::JVM }
            }
            HostKind::FlagsFinal
            | HostKind::PrintFlags
            | HostKind::Recording
            | HostKind::Threads
            | HostKind::VmSettings => Reading { unnamed: Unnamed::SomeJvm, ..Reading::JVM },
            HostKind::Options => {
                Reading { witness: Witness::Written, unnamed: Unnamed::SomeJvm, is_of_manifest: true, ..Reading::JVM }
            }
            HostKind::HsErr => Reading { witness: Witness::File, quotes_command_line: true, ..Reading::JVM },
            HostKind::VmInfo => Reading { witness: Witness::File, ..Reading::JVM },
            HostKind::Stated | HostKind::Unknown => Reading { subject: Subject::Unknown, ..Reading::PROCESS },
        }
    }

    /// What it is about.
    pub const fn subject(self) -> Subject {
        self.reading().subject
    }

    /// Tells the memory and the swap of the machine.
    pub const fn tells_machine(self) -> bool {
        self.reading().tells_machine
    }

    /// How it knows what it tells of a JVM.
    pub const fn witness(self) -> Witness {
        self.reading().witness
    }

    /// Whose it is where it names no process.
    pub const fn unnamed(self) -> Unnamed {
        self.reading().unnamed
    }

    /// A file or a map of one process, where the program's name may be missing.
    pub const fn is_file_of_process(self) -> bool {
        self.reading().is_file_of_process
    }

    /// Prints the options of a process that runs.
    pub const fn prints_options(self) -> bool {
        self.reading().prints_options
    }

    /// Prints a command line as it was written.
    pub const fn quotes_command_line(self) -> bool {
        self.reading().quotes_command_line
    }

    /// Defines a container by its name.
    pub const fn defines_container(self) -> bool {
        self.reading().defines_container
    }

    /// Stands in a manifest or a description, which names the container elsewhere.
    pub const fn is_of_manifest(self) -> bool {
        self.reading().is_of_manifest
    }
}

/// What follows from a kind of event.
#[derive(Clone, Copy)]
struct Effect {
    strength: Option<Strength>,
    is_answer_of_tool: bool,
    ends_process: bool,
    is_oomkilled: bool,
    enforces_limit: bool,
    is_of_manifest: bool,
}

impl Effect {
    /// Memory was short, and nothing says that a process ended by it.
    const SHORTAGE: Effect = Effect {
        strength: Some(Strength::Trouble),
        is_answer_of_tool: false,
        ends_process: false,
        is_oomkilled: false,
        enforces_limit: false,
        is_of_manifest: false,
    };
    /// Figures without a word on how things went.
    const FIGURES: Effect = Effect { strength: None, ..Effect::SHORTAGE };
    const ANSWER: Effect = Effect { is_answer_of_tool: true, ..Effect::FIGURES };

    /// A process ended, by the word of a witness of that strength.
    const fn end(strength: Strength) -> Effect {
        Effect { strength: Some(strength), ends_process: true, ..Effect::FIGURES }
    }
}

impl EventKind {
    /// A new kind says here what it did; the compiler asks.
    const fn effect(self) -> Effect {
        match self {
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
            | EventKind::NmtUnknownArgument => Effect::ANSWER,
            // The kubelet hands on what the kernel says.
            EventKind::FreebsdOutOfMemory | EventKind::KubernetesSystemOom | EventKind::OomKiller => {
                Effect::end(Strength::Kernel)
            }
            EventKind::DockerOomkilled | EventKind::KubernetesOomkilled => {
                Effect { is_oomkilled: true, is_of_manifest: true, ..Effect::end(Strength::Runtime) }
            }
            EventKind::EcsOomkilled => Effect { is_oomkilled: true, ..Effect::end(Strength::Runtime) },
            EventKind::ContainerOom
            | EventKind::KubernetesEvicted
            | EventKind::KubernetesEvictedDisk
            | EventKind::SystemdUnitOom => Effect::end(Strength::Runtime),
            EventKind::CrashOnOom | EventKind::ExitOnOom | EventKind::ImageWatchdog | EventKind::SparkOom => {
                Effect::end(Strength::Jvm)
            }
            EventKind::MemoryLimitExceeded | EventKind::Yarn => {
                Effect { enforces_limit: true, ..Effect::end(Strength::Platform) }
            }
            EventKind::CloudFoundryOom | EventKind::Slurm | EventKind::YarnVirtual => Effect::end(Strength::Platform),
            EventKind::AndroidLowMemory
            | EventKind::Earlyoom
            | EventKind::Nohang
            | EventKind::NohangKilled
            | EventKind::Oomd
            | EventKind::SystemdOomd
            | EventKind::TalosOom => Effect::end(Strength::UserSpace),
            // Asked to end, or not ended: what came of the process is not told.
            EventKind::EarlyoomAsked
            | EventKind::EarlyoomFailed
            | EventKind::NohangAsked
            | EventKind::NohangFailed
            | EventKind::SystemdOomdFailed => Effect { strength: Some(Strength::UserSpace), ..Effect::SHORTAGE },
            EventKind::Exit137 => Effect { is_of_manifest: true, ..Effect::end(Strength::Signal) },
            EventKind::Exit0 | EventKind::ExitFailed => Effect { ends_process: true, ..Effect::FIGURES },
            EventKind::CrashLoop
            | EventKind::DaemonLost
            | EventKind::ExecutorLost
            | EventKind::ForkLost
            | EventKind::Exit134
            | EventKind::Exit143
            | EventKind::Exit3
            | EventKind::LambdaKilled
            | EventKind::ProbeFailed
            | EventKind::ShellKilled
            | EventKind::Sigterm
            | EventKind::StopTimedOut
            | EventKind::SystemdUnitKilled
            | EventKind::WrapperSigkill => Effect::end(Strength::Signal),
            EventKind::MemoryCalculator => Effect::end(Strength::Platform),
            EventKind::QuotaExceeded => Effect { strength: Some(Strength::Platform), ..Effect::SHORTAGE },
            EventKind::CircuitBreaker | EventKind::SparkResultSize => {
                Effect { strength: Some(Strength::Guard), ..Effect::SHORTAGE }
            }
            EventKind::CommitRefused
            | EventKind::EarlyoomLowMemory
            | EventKind::ForkRefused
            | EventKind::GuardPagesFailed
            | EventKind::KernelOops
            | EventKind::KubernetesLowMemory
            | EventKind::PageAllocationFailure
            | EventKind::TcpOutOfMemory
            | EventKind::ThreadNotStarted
            | EventKind::VmFaultOom
            | EventKind::VmallocFailure => Effect::SHORTAGE,
            EventKind::MemoryInfo | EventKind::Unknown => Effect::FIGURES,
        }
    }

    /// It was asked to end, by whomever.
    pub const fn is_sigterm(self) -> bool {
        matches!(self, EventKind::Exit143 | EventKind::Sigterm)
    }

    /// How much it proves where a log shows it. `None` for what says nothing of an end or of short memory.
    pub const fn strength(self) -> Option<Strength> {
        self.effect().strength
    }

    /// Only a JVM, or a tool that asks one, prints it.
    pub const fn is_of_jvm(self) -> bool {
        matches!(
            self,
            EventKind::CircuitBreaker
                | EventKind::CrashOnOom
                | EventKind::DaemonLost
                | EventKind::ExecutorLost
                | EventKind::ExitOnOom
                | EventKind::ForkLost
                | EventKind::GuardPagesFailed
                | EventKind::MemoryCalculator
                | EventKind::SparkOom
                | EventKind::SparkResultSize
                | EventKind::ThreadNotStarted
        ) || self.is_answer_of_tool()
    }

    /// An end by a SIGKILL that anybody may have sent.
    pub const fn is_sigkill(self) -> bool {
        matches!(
            self,
            EventKind::Exit137 | EventKind::ShellKilled | EventKind::SystemdUnitKilled | EventKind::WrapperSigkill
        )
    }

    /// Says who sent SIGKILL, and that it was for something else than memory.
    pub const fn tells_sender(self) -> bool {
        matches!(self, EventKind::ProbeFailed | EventKind::StopTimedOut)
    }

    /// What `jcmd` and `jstat` answered instead of figures: it says how the process was asked, not what befell it.
    pub const fn is_answer_of_tool(self) -> bool {
        self.effect().is_answer_of_tool
    }

    /// A process, a container, or a pod ended.
    pub const fn ends_process(self) -> bool {
        self.effect().ends_process
    }

    /// A container was killed for its memory, by the word of what runs it.
    pub const fn is_oomkilled(self) -> bool {
        self.effect().is_oomkilled
    }

    /// Says which memory limit of a platform was exceeded.
    pub const fn enforces_limit(self) -> bool {
        self.effect().enforces_limit
    }

    /// The processes of what was killed are listed below.
    pub const fn lists_processes(self) -> bool {
        matches!(self, EventKind::Yarn | EventKind::YarnVirtual)
    }

    /// Stands in a manifest or a description, which names the container elsewhere.
    pub const fn is_of_manifest(self) -> bool {
        self.effect().is_of_manifest
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
        let read = |text: &str| crate::json::read::<EventKind>(text.as_bytes()).expect("a kind");
        assert_eq!(read("\"yarn\""), EventKind::Yarn);
        for word in ["\"acme-billing\"", "\"…\"", "\"\"", "\"YARN\""] {
            assert_eq!(read(word), EventKind::Unknown);
            assert_eq!(crate::json::text(&read(word)), "\"unknown\"");
        }
    }
}
