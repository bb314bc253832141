//! An example of every kind: what somebody may paste, of which a reader makes a record of that kind. A new kind does not compile
//! without one.

use oomscope::model::kind::{ErrorKind, EventKind, HostKind};

pub fn host(kind: HostKind) -> &'static str {
    match kind {
        HostKind::Atop => "MEM | tot    23.5G | free   15.0G | cache   6.0G | buff  132.3M | slab    1.1G |\n",
        HostKind::Beancounters => concat!(
            "       uid  resource                     held              maxheld              barrier                limit              failcnt\n",
            "      101:  kmemsize                  9451254             14163968             50331648             56623104                    0\n",
        ),
        HostKind::Cgroup => concat!("$ cat /sys/fs/cgroup/memory/service/memory.limit_in_bytes\n", "314572800\n",),
        HostKind::ClassLoaders => {
            "ClassLoader         Parent              CLD*               Classes   ChunkSz   BlockSz  Type\nTotal = 3                                                      677    561280     45386  \n"
        }
        HostKind::CommandLine => "jvm_args: -XX:+UseZGC -Xmx96m \n",
        HostKind::Controllers => "#subsys_name\thierarchy\tnum_cgroups\tenabled\nmemory\t4\t37\t1\n",
        HostKind::Crictl => concat!(
            "CONTAINER           CPU %               MEM                 DISK                INODES\n",
            "1e33ed8ee0d4a       98.12               1.585GB             12.29kB             6\n",
        ),
        HostKind::Docker => concat!("services:\n", "  orders:\n", "    image: orders\n", "    mem_limit: 1g\n",),
        HostKind::DockerStats => {
            "77aa88bb99cc   nginx            0.00%     5.195MiB / 15.54GiB   0.03%     1.1kB / 0B        0B / 0B           3\n"
        }
        HostKind::Earlyoom => "mem avail:  1563 MiB ( 9 %), swap free:     0 MiB ( 0 %)\n",
        HostKind::Ecs => {
            concat!("      \"containerDefinitions\": [\n", "        {\n", "            \"memoryReservation\": 1024,\n",)
        }
        HostKind::EcsTask => {
            concat!("      \"containerDefinitions\": [\n", "      ],\n", "      \"memory\": \"3072\"\n",)
        }
        HostKind::FlagsFinal => {
            "     bool UseSerialGC                              = true                                      {product} {command line}\n"
        }
        HostKind::Free => concat!(
            "$ free -m | grep Mem\n",
            "Mem:          15895       14922         301          88         671         612\n",
        ),
        HostKind::GetProcess => concat!(
            " NPM(K)    PM(M)      WS(M)     CPU(s)      Id  SI ProcessName\n",
            "     71  1995.32    1889.23     512.34    4711   1 java\n",
        ),
        HostKind::HeapAtExit => concat!(
            "[1.074s][gc,heap,exit] Heap\n",
            "[1.075s][gc,heap,exit]  PSYoungGen      total 28672K, used 983K [0x00000000fe000000, 0x0000000100000000, 0x0000000100000000)\n",
        ),
        HostKind::HeapInfo => " ZHeap           used 76M, capacity 96M, max capacity 96M\n",
        HostKind::Heroku => "heroku[worker.2]: Process running mem=301M(58.8%)\n",
        HostKind::Histogram => concat!(
            " num     #instances         #bytes  class name (module)\n",
            "-------------------------------------------------------\n",
            "   1:         23011        1840056  [B (java.base@25.0.3)\n",
        ),
        HostKind::HsErr => "Memory: 4k page, physical 524288k(60k free), swap 0k(0k free)\n",
        HostKind::JavaVersion => "openjdk version \"17.0.7\" 2023-04-18 LTS\n",
        HostKind::Jps => concat!("$ jps -lvm | grep Incident\n", "32368 Incident none 15 900 -XX:+UseZGC -Xmx96m\n",),
        HostKind::Kubernetes => concat!("    Requests:\n", "      memory:  1Gi\n",),
        HostKind::KubernetesNode => concat!("Allocatable:\n", "  memory:             15189492Ki\n",),
        HostKind::Lambda => {
            "REPORT RequestId: 85b8c8e1-1111-4ac4-aa57-9699cd2b6996\tDuration: 15213.22 ms\tBilled Duration: 15214 ms\tMemory Size: 512 MB\tMax Memory Used: 513 MB\tInit Duration: 3212.18 ms\t\n"
        }
        HostKind::Limits => "max user processes                  (-u) 31202\n",
        HostKind::Lsmem => "Total online memory:      24G\n",
        HostKind::Meminfo => concat!("MemTotal:       16384256 kB\n", "MemFree:          308480 kB\n",),
        HostKind::Metaspace => concat!("Usage:\n", "       Both:    239.53 KB used.\n",),
        HostKind::Metrics => "process_resident_memory_bytes 1.48275200E9\n",
        HostKind::NativeHeap => concat!(
            "<malloc version=\"1\">\n</heap>\n<total type=\"fast\" count=\"0\" size=\"0\"/>\n",
            "<total type=\"rest\" count=\"4\" size=\"18633112\"/>\n<total type=\"mmap\" count=\"12\" size=\"10817536\"/>\n",
            "<system type=\"current\" size=\"38793216\"/>\n</malloc>\n",
        ),
        HostKind::Nomad => concat!("resources {\n", "  memory = 1024\n", "}\n",),
        HostKind::Numastat => concat!(
            "Per-node system memory usage (in MBs):\n",
            "                          Node 0           Total\n",
            "MemTotal                23642.21        23642.21\n",
        ),
        HostKind::Options => "JAVA_OPTS=-Xmx2g\n",
        HostKind::Pidstat => concat!(
            "01:30:26      UID       PID  minflt/s  majflt/s     VSZ     RSS   %MEM  Command\n",
            "01:30:28        0     30543      0.00      0.00 2529116  102616   0.42  java\n",
        ),
        HostKind::Pmap => "total kB         2712812  165284  143444\n",
        HostKind::Pressure => {
            concat!("$ cat /proc/pressure/memory\n", "some avg10=0.00 avg60=0.00 avg300=0.00 total=4635077\n",)
        }
        HostKind::PrintFlags => {
            "-XX:InitialHeapSize=67108864 -XX:MaxHeapSize=67108864 -XX:+PrintCommandLineFlags -XX:+UseCompressedClassPointers -XX:+UseSerialGC \n"
        }
        HostKind::ProcStatus => {
            concat!("Name:\tjava\n", "Pid:\t4711\n", "VmRSS:\t  913408 kB\n", "VmSwap:\t       0 kB\n",)
        }
        HostKind::ProcVmstat => concat!("$ grep oom_kill /proc/vmstat\n", "oom_kill 3\n",),
        HostKind::Ps => concat!(
            "$ ps -o pid,rss,args -p 4711\n",
            "  PID   RSS COMMAND\n",
            " 4711 913408 /usr/bin/java -Xmx1g -jar orders.jar\n",
        ),
        HostKind::PsMem => {
            concat!(" Private  +   Shared  =  RAM used\tProgram\n", "144.0 KiB +  13.5 KiB = 157.5 KiB\tagetty\n",)
        }
        HostKind::Sar => concat!(
            "# hostname;interval;timestamp;kbswpfree;kbswpused;%swpused;kbswpcad;%swpcad\n",
            "web01;1;2026-11-23 01:22:21 UTC;0;0;0.00;0;0.00\n",
        ),
        HostKind::Smaps => concat!(
            "7f4b00000000-7ffc1d5f2000 ---p 00000000 00:00 0                          [rollup]\n",
            "Rss:            13012336 kB\n",
        ),
        HostKind::Smem => concat!(
            "  PID User     Command                         Swap      USS      PSS      RSS \n",
            "21371 root     java -Xmx128m -XX:+UseSeria        0    82708    91639   102616 \n",
        ),
        HostKind::Stated => "The container has a memory limit of 512Mi.\n",
        HostKind::Sysctl => "vm.max_map_count = 65530\n",
        HostKind::Systemd => concat!("[Service]\n", "MemoryMax=2560M\n",),
        HostKind::Systeminfo => "Virtual Memory: In Use:    16,695 MB\n",
        HostKind::Tasklist => concat!(
            "\"Image Name\",\"PID\",\"Session Name\",\"Session#\",\"Mem Usage\"\n",
            "\"java.exe\",\"4711\",\"Console\",\"1\",\"1,934,568 K\"\n",
        ),
        HostKind::Recording => "jdk.ResidentSetSize {\n  size = 175.6 MB\n  peak = 180.0 MB\n}\n",
        HostKind::Threads => "$ jcmd 7 Thread.print | grep -c '^\"'\n31\n",
        HostKind::Top => concat!(
            "  PID USER      PR  NI  VIRT  RES  SHR S %CPU %MEM    TIME+  COMMAND\n",
            " 4242 tomcat    20   0 21.4g  13g 4312 S 96.1 84.2   1123:44 java\n",
        ),
        HostKind::TopSummary => "PhysMem: 15G used (2411M wired, 3144M compressor), 481M unused.\n",
        HostKind::TrimNativeHeap => "Trim native heap: RSS+Swap: 5832M->2410M (-3422M)\n",
        HostKind::Uname => "Linux web01 6.12.9-amd64 #1 SMP PREEMPT_DYNAMIC x86_64 GNU/Linux\n",
        HostKind::VmFlags => concat!("$ jinfo -flag MaxHeapSize 3641\n", "-XX:MaxHeapSize=100663296\n",),
        HostKind::VmInfo => concat!("29638:\n", "---------------  S U M M A R Y ------------\n",),
        HostKind::VmSettings => "    Max. Heap Size: 512.00M\n",
        HostKind::VmStat => concat!(
            "Mach Virtual Memory Statistics: (page size of 16384 bytes)\n",
            "Pages free:                               30812.\n",
        ),
        HostKind::Vmstat => concat!(
            " r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n",
            " 7  0      0  12220    309  10422    0    0     0     0  819 1155 94  7  0  0  0\n",
        ),
        HostKind::Unknown => "",
    }
}

pub fn event(kind: EventKind) -> &'static str {
    match kind {
        EventKind::AndroidLowMemory => {
            "lmkd: Kill 'com.example.app' (48213), uid 10123, oom_score_adj 900 to free 51234kB rss, 0kB swap; reason: low watermark is breached\n"
        }
        EventKind::CircuitBreaker => {
            "CircuitBreakingException: [parent] Data too large, data for [<http_request>] would be [1028306994/980.6mb], which is larger than the limit of [1020054732/972.7mb]\n"
        }
        EventKind::CloudFoundryOom => {
            "2025-08-05T03:54:03.12+0000 [CELL/0] OUT Exited with status 137 (out of memory)\n"
        }
        EventKind::CommitRefused => {
            "[  512.101112] __vm_enough_memory: pid: 4711, comm: java, bytes: 8589934592 not enough memory for the allocation\n"
        }
        EventKind::ContainerOom => "Container 'orders' was terminated with exit code '137' and reason 'OOMKilled'\n",
        EventKind::CrashLoop => "orders-7d9   0/1     CrashLoopBackOff   7 (2m ago)   3d\n",
        EventKind::CrashOnOom => "Aborting due to java.lang.OutOfMemoryError: Java heap space\n",
        EventKind::DockerOomkilled => concat!(
            "\"State\": {\n",
            "    \"Status\": \"exited\",\n",
            "    \"OOMKilled\": true,\n",
            "    \"ExitCode\": 137\n",
            "}\n",
        ),
        EventKind::Earlyoom => "Killing process 8611 (chrome)\n",
        EventKind::EarlyoomAsked => {
            "sending SIGTERM to process 48213 uid 1000 \"java\": badness 911, VmRSS 14210 MiB\n"
        }
        EventKind::EarlyoomFailed => {
            "sending SIGTERM to process 48213 uid 1000 \"java\": badness 911, VmRSS 14210 MiB\nprocess 48213 did not exit\n"
        }
        EventKind::EarlyoomLowMemory => "Out of memory! avail: 314 MiB < min: 314 MiB\n",
        EventKind::EcsOomkilled => "OutOfMemoryError: Container killed due to memory usage\n",
        EventKind::Exit0 => "$ wait 48213; echo $?\n0\n",
        EventKind::Exit134 => "$ wait 48213; echo $?\n134\n",
        EventKind::Exit137 => "orders-1 exited with code 137\n",
        EventKind::Exit143 => "Container exited with a non-zero exit code 143. Exit code is 143\n",
        EventKind::Exit3 => "$ wait 48213; echo $?\n3\n",
        EventKind::ExitFailed => "$ wait 48213; echo $?\n1\n",
        EventKind::ExitOnOom => "Terminating due to java.lang.OutOfMemoryError: Java heap space\n",
        EventKind::DaemonLost => {
            "Gradle build daemon disappeared unexpectedly (it may have been killed or may have crashed)\n"
        }
        EventKind::ExecutorLost => {
            "15/10/26 16:13:40 ERROR cluster.YarnClusterScheduler: Lost executor 4 on node1: remote Rpc client disassociated\n"
        }
        EventKind::ForkLost => {
            "The forked VM terminated without properly saying goodbye. VM crash or System.exit called?\n"
        }
        EventKind::ForkRefused => "bash: fork: retry: Resource temporarily unavailable\n",
        EventKind::FreebsdOutOfMemory => {
            "Aug  5 03:54:03 bsd kernel: pid 48214 (java), uid 1000, was killed: out of swap space\n"
        }
        EventKind::GuardPagesFailed => {
            "OpenJDK 64-Bit Server VM warning: Attempt to protect stack guard pages failed.\n"
        }
        EventKind::ImageWatchdog => {
            "=== Image generator watchdog is aborting image generation. To configure the watchdog\n"
        }
        EventKind::JstatFailed => "sun.jvmstat.monitor.MonitorException: 2785 not found\n",
        EventKind::KernelOops => "[  512.101112] BUG: unable to handle kernel paging request at ffffea00149a9b80\n",
        EventKind::KubernetesEvicted => {
            "  Warning  Evicted  3m  kubelet  The node was low on resource: memory. Container batch was using 5204128Ki, request is 1Gi.\n"
        }
        EventKind::KubernetesEvictedDisk => {
            "The node was low on resource: ephemeral-storage. Container app was using 12Gi, which exceeds its request of 0.\n"
        }
        EventKind::KubernetesLowMemory => {
            "  Warning  EvictionThresholdMet     10m   kubelet  Attempting to reclaim memory\n"
        }
        EventKind::KubernetesOomkilled => "        reason: OOMKilled\n",
        EventKind::KubernetesSystemOom => {
            "  Warning  SystemOOM   12s   kubelet         System OOM encountered, victim process: java, pid: 51007\n"
        }
        EventKind::LambdaKilled => {
            "RequestId: 85b8c8e1-1111-4ac4-aa57-9699cd2b6996 Error: Runtime exited with error: signal: killed\n"
        }
        EventKind::MemoryCalculator => {
            "required memory 819590K is greater than 512M available for allocation: -XX:MaxDirectMemorySize=10M\n"
        }
        EventKind::MemoryInfo => concat!(
            "[  12.345678] Mem-Info:\n",
            "[  12.345679] active_anon:1 inactive_anon:2 isolated_anon:0\n",
            "[  12.345680] Node 0 active_anon:4kB inactive_anon:8kB\n",
        ),
        EventKind::MemoryLimitExceeded => "slurmstepd: error: Exceeded job memory limit\n",
        EventKind::NmtAttachFailed => {
            concat!("$ jcmd 504 VM.native_memory\n", "java.io.IOException: No such process\n",)
        }
        EventKind::NmtBaseline => "Baseline taken\n",
        EventKind::NmtNoBaseline => "No baseline for comparison\n",
        EventKind::NmtNoDetail => "Detail tracking is not enabled\n",
        EventKind::NmtNoDetailBaseline => "No detail baseline for comparison\n",
        EventKind::NmtNotEnabled => "Native memory tracking is not enabled\n",
        EventKind::NmtOptionIgnored => {
            concat!("$ jcmd 502 VM.native_memory shutdown\n", "This option is deprecated and will be ignored.\n",)
        }
        EventKind::NmtShutDown => concat!("4711:\n", "Native memory tracking has been shutdown by user\n",),
        EventKind::NmtStatistics => "Native Memory Tracking Statistics:\n",
        EventKind::NmtUnknownArgument => concat!(
            "$ jcmd 502 VM.native_memory foo\n",
            "java.lang.IllegalArgumentException: Unknown argument 'foo' in diagnostic command.\n",
        ),
        EventKind::Nohang => concat!("Sending SIGKILL to the victim\n", "  PID: 48213, Name: java, badness: 911\n",),
        EventKind::NohangAsked => "  PID: 903309, name: mysqld, badness: 849\nSending SIGTERM to the victim\n",
        EventKind::NohangFailed => {
            "  PID: 903309, name: mysqld, badness: 849\nThe victim doesn't respond on corrective action in 3.039 sec\n"
        }
        EventKind::NohangKilled => "  PID: 903309, name: mysqld, badness: 849\nThe victim died in 0.539 sec\n",
        EventKind::OomKiller => "Last night the OOM killer killed our java process.\n",
        EventKind::Oomd => {
            "oomd kill: 80.00 60.00 20.00 system.slice/orders.service 14210000000 ruleset:[memory] killer:kill_by_memory_size_or_growth v2\n"
        }
        EventKind::PageAllocationFailure => {
            "[ 5012.100001] java: page allocation failure: order:5, mode:0x40dc0(GFP_KERNEL|__GFP_COMP|__GFP_ZERO), nodemask=(null),cpuset=/,mems_allowed=0\n"
        }
        EventKind::QuotaExceeded => "heroku[worker.2]: Error R14 (Memory quota exceeded)\n",
        EventKind::ShellKilled => "[1]+  Killed                  java -jar batch.jar\n",
        EventKind::Sigterm => "*** JBossAS process (334) received TERM signal ***\n",
        EventKind::Slurm => "State: OUT_OF_MEMORY (exit code 0)\n",
        EventKind::SparkOom => "ERROR TaskSchedulerImpl: Lost executor 3 on 10.0.0.5: Command exited with code 52\n",
        EventKind::SparkResultSize => {
            "Total size of serialized results of 349 tasks (1024.7 MiB) is bigger than spark.driver.maxResultSize (1024.0 MiB)\n"
        }
        EventKind::SystemdOomd => {
            "Aug 05 03:53:41 web01 systemd[1]: orders.service: systemd-oomd killed 48 process(es) in this unit.\n"
        }
        EventKind::SystemdOomdFailed => {
            "Failed to kill any cgroup(s) under /system.slice based on pressure: No such file or directory\n"
        }
        EventKind::SystemdUnitKilled => {
            "Nov 22 13:31:22 web01 systemd[1]: orders.service: Main process exited, code=killed, status=9/KILL\n"
        }
        EventKind::SystemdUnitOom => {
            "Nov 22 13:31:22 web01 systemd[1]: orders.service: Failed with result 'oom-kill'.\n"
        }
        EventKind::TalosOom => {
            "10.0.0.5: user: warning: [2025-11-08T10:11:12.345678901Z]: [talos] Sending SIGKILL to cgroup {\"component\": \"controller-runtime\", \"controller\": \"runtime.OOMController\", \"cgroup\": \"/sys/fs/cgroup/kubepods/besteffort/pod1234\", \"processes\": [\"java\"]}\n"
        }
        EventKind::TcpOutOfMemory => "[ 5090.000000] TCP: out of memory -- consider tuning tcp_mem\n",
        EventKind::ThreadNotStarted => {
            "[0.239s][warning][os,thread] Failed to start the native thread for java.lang.Thread \"worker-40\"\n"
        }
        EventKind::VmFaultOom => "[ 5091.000000] Huh VM_FAULT_OOM leaked out to the #PF handler. Retrying PF\n",
        EventKind::VmallocFailure => "[  12.345678] java: vmalloc: allocation failure: 2147483648 bytes, mode:0xcc2\n",
        EventKind::WrapperSigkill => "INFO   | jvm 1    | JVM received a signal SIGKILL (9).\n",
        EventKind::Yarn => {
            "Container [pid=188212,containerID=container_e04_1548839040935_6713_01_000002] is running beyond physical memory limits. Current usage: 1.1 GB of 1 GB physical memory used; 2.8 GB of 2.1 GB virtual memory used. Killing container.\n"
        }
        EventKind::YarnVirtual => {
            "Container [pid=188212,containerID=container_e04_1548839040935_6713_01_000002] is running beyond virtual memory limits. Current usage: 264.3 MB of 1 GB physical memory used; 2.8 GB of 2.1 GB virtual memory used. Killing container.\n"
        }
        EventKind::Unknown => "",
    }
}

pub fn error(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::ArraySize => {
            "Exception in thread \"main\" java.lang.OutOfMemoryError: Requested array size exceeds VM limit\n"
        }
        ErrorKind::ClassSpace => "Exception in thread \"main\" java.lang.OutOfMemoryError: Compressed class space\n",
        ErrorKind::DirectBuffer => "java.lang.OutOfMemoryError: Direct buffer memory\n",
        ErrorKind::FatalError => concat!(
            "#\n",
            "# A fatal error has been detected by the Java Runtime Environment:\n",
            "#\n",
            "#  SIGSEGV (0xb) at pc=0x00007f1, pid=7, tid=8\n",
            "#\n",
        ),
        ErrorKind::GcOverhead => "java.lang.OutOfMemoryError: GC overhead limit exceeded\n",
        ErrorKind::HeapSpace => "java.lang.OutOfMemoryError: Java heap space\n",
        ErrorKind::InsufficientMemory => {
            "# There is insufficient memory for the Java Runtime Environment to continue.\n"
        }
        ErrorKind::MapFailed => "java.lang.OutOfMemoryError: Map failed\n",
        ErrorKind::Metaspace => "java.lang.OutOfMemoryError: Metaspace\n",
        ErrorKind::Native => {
            "java.lang.OutOfMemoryError: requested 32756 bytes for ChunkPool::allocate. Out of swap space?\n"
        }
        ErrorKind::NativeThread => "java.lang.OutOfMemoryError: unable to create new native thread\n",
        ErrorKind::Other => "java.lang.OutOfMemoryError (no error message)\n",
        ErrorKind::Permgen => "java.lang.OutOfMemoryError: PermGen space\n",
        ErrorKind::Startup => "Error occurred during initialization of VM\n",
        ErrorKind::Unknown => "",
    }
}
