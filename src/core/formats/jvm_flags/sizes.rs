//! Which options are sizes, and in which unit.

use crate::formats::quantity::{self, KIB, amount, whole};
use crate::units::Bytes;

/// Names of flags that are sizes in bytes, and ours.
const FLAGS: &[(&str, &str)] = &[
    ("CompressedClassSpaceSize", "class_space_max"),
    ("G1HeapRegionSize", "region_size"),
    ("InitialHeapSize", "heap_initial"),
    ("MaxDirectMemorySize", "direct_max"),
    ("MaxHeapSize", "heap_max"),
    ("MaxMetaspaceSize", "metaspace_max"),
    ("MaxNewSize", "young_max"),
    ("MaxPermSize", "perm_max"),
    ("MaxRAM", "ram_max"),
    ("MetaspaceSize", "metaspace_threshold"),
    ("ReservedCodeCacheSize", "code_cache_max"),
    ("SoftMaxHeapSize", "heap_soft_max"),
];

/// What stands for "no limit" is larger than this.
const UNLIMITED: u64 = 1 << 60;

/// Our name of a flag's value, and the value. Zero means that the flag was not set.
pub(super) fn of_flag(name: &str, value: &str) -> Option<(&'static str, Bytes)> {
    if name == "ThreadStackSize" {
        // The only one in KiB, however it is written.
        return whole(value)
            .and_then(|_| amount(value, KIB))
            .filter(|size| size.0 > 0)
            .map(|size| ("thread_stack", size));
    }
    let (_, ours) = FLAGS.iter().find(|(known, _)| *known == name)?;
    let size = quantity::option(value)?;
    (size.0 < UNLIMITED).then_some((*ours, size))
}

/// Our name of an option's value, and the value: `-Xmx1g`, `-XX:MaxHeapSize=1073741824`.
pub(super) fn of_option(option: &str) -> Option<(&'static str, Bytes)> {
    if let Some(flag) = option.strip_prefix("-XX:") {
        let (name, value) = flag.split_once('=')?;
        return of_flag(name, value);
    }
    let short = [("-Xmx", "heap_max"), ("-Xms", "heap_initial"), ("-Xss", "thread_stack"), ("-Xmn", "young_max")];
    let (value, ours) = short.iter().find_map(|(start, ours)| Some((option.strip_prefix(start)?, *ours)))?;
    quantity::option(value).map(|size| (ours, size))
}

/// False for a size that no JVM would print: those of memory fill pages. What has lost some digits hardly ever does.
pub(super) fn is_plausible(option: &str) -> bool {
    of_option(option).is_none_or(|(_, size)| size.0.is_multiple_of(1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_options_are_powers_of_1024() {
        assert_eq!(of_option("-Xmx2G"), Some(("heap_max", Bytes(2 << 30))));
        assert_eq!(of_option("-Xss512k"), Some(("thread_stack", Bytes(512 << 10))));
        assert_eq!(of_option("-XX:ThreadStackSize=1024"), Some(("thread_stack", Bytes(1 << 20))));
        assert_eq!(of_option("-XX:MaxDirectMemorySize=64m"), Some(("direct_max", Bytes(64 << 20))));
        assert_eq!(of_option("-XX:MaxMetaspaceSize=18446744073709551615"), None);
        assert_eq!(of_option("-XX:MaxDirectMemorySize=0"), None);
        assert_eq!(of_option("-Xmx"), None);
        assert_eq!(of_option("-Xmx1.5g"), None);
        assert_eq!(of_option("-Xmx99999999999999999999g"), None);
    }
}
