//! English messages, sorted by key.

pub(super) static MESSAGES: &[(&str, &str)] = &[
    ("warning.clocks-disagree", "Two clocks on this line differ by {micros} µs."),
    ("warning.columns-may-be-misread", "Many rows contradict themselves: the columns may be misread."),
    ("warning.cut-off", "This {format} block ends before its end: part of it was not pasted."),
    ("warning.duplicate", "The same event stands elsewhere too; counted once."),
    ("warning.layout-inferred", "No header: the columns were told by their number ({layout})."),
    ("warning.limit-reached", "A limit was reached ({what}); what came after was not read."),
    ("warning.long-line", "A line of {bytes} bytes: only its beginning was read."),
    ("warning.long-row", "Skipped a row: expected {expected} columns, found {found}."),
    ("warning.not-a-number", "Left out a value that is not a number: {column}."),
    ("warning.not-utf8", "Some bytes are not UTF-8; they are shown as \u{fffd}."),
    ("warning.page-size-assumed", "The page size is not printed; {page_size} bytes are assumed."),
    ("warning.short-row", "Skipped a row: expected {expected} columns, found {found} (cut off?)."),
    ("warning.sum-differs", "The parts of {of} and the printed total differ by {missing} bytes."),
    ("warning.too-many", "{dropped} more {dropped#warning is|warnings are} not listed."),
    ("warning.torn-sample", "A sample contradicts itself ({column}): its counters were read while they moved."),
    ("warning.unreadable", "This looks like {format}, but nothing could be read from it."),
    ("warning.wrap-repaired", "A wrapped row was put together again."),
    ("warning.year-unknown", "The year is not printed."),
];
