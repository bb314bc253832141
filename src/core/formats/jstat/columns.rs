//! Which columns `jstat` prints, what they tell about the option and the JDK, and which collector wrote them.

use crate::model::jstat::{ABSENT, Cells, JstatTable, decimals_of};

/// All column names of JDK 5 to 25.
pub(super) const VOCABULARY: &[&str] = &[
    "Timestamp",
    "S0C",
    "S1C",
    "S0U",
    "S1U",
    "S0",
    "S1",
    "EC",
    "EU",
    "E",
    "OC",
    "OU",
    "O",
    "PC",
    "PU",
    "P",
    "MC",
    "MU",
    "M",
    "CCSC",
    "CCSU",
    "CCS",
    "YGC",
    "YGCT",
    "FGC",
    "FGCT",
    "CGC",
    "CGCT",
    "GCT",
    "NGCMN",
    "NGCMX",
    "NGC",
    "OGCMN",
    "OGCMX",
    "OGC",
    "PGCMN",
    "PGCMX",
    "PGC",
    "MCMN",
    "MCMX",
    "CCSMN",
    "CCSMX",
    "S0CMX",
    "S1CMX",
    "ECMX",
    "TT",
    "MTT",
    "DSS",
    "LGCC",
    "GCC",
    "Loaded",
    "Bytes",
    "Unloaded",
    "Time",
    "Compiled",
    "Failed",
    "Invalid",
    "FailedType",
    "FailedMethod",
    "Size",
    "Type",
    "Method",
];

/// The layouts of `-gc` and `-gcutil`, for tables that lost their header.
const LAYOUTS: &[(&str, &str, &str)] = &[
    ("gc", "11+", "S0C S1C S0U S1U EC EU OC OU MC MU CCSC CCSU YGC YGCT FGC FGCT CGC CGCT GCT"),
    ("gc", "8-10", "S0C S1C S0U S1U EC EU OC OU MC MU CCSC CCSU YGC YGCT FGC FGCT GCT"),
    ("gc", "5-7", "S0C S1C S0U S1U EC EU OC OU PC PU YGC YGCT FGC FGCT GCT"),
    ("gcutil", "11+", "S0 S1 E O M CCS YGC YGCT FGC FGCT CGC CGCT GCT"),
    ("gcutil", "8-10", "S0 S1 E O M CCS YGC YGCT FGC FGCT GCT"),
    ("gcutil", "5-7", "S0 S1 E O P YGC YGCT FGC FGCT GCT"),
];

/// True if the words are a header: at least three, all known; or nearly all known, as vendor builds add their own.
pub fn is_header<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    let (mut known, mut unknown) = (0usize, 0usize);
    for word in words {
        if VOCABULARY.contains(&word) {
            known += 1;
        } else if word.starts_with(|c: char| c.is_ascii_alphabetic()) && word.len() <= 16 {
            unknown += 1;
            if unknown > 4 {
                return false;
            }
        } else {
            return false;
        }
    }
    known >= 3 && (unknown == 0 || known >= 8)
}

/// True for columns whose cells are text, always the last ones of a table.
pub fn is_text(column: &str) -> bool {
    matches!(column, "LGCC" | "GCC" | "Method" | "FailedMethod")
}

/// The option that prints these columns. `None` for a mixture that no option prints.
pub fn option_of(columns: &[String]) -> Option<&'static str> {
    let has = |name: &str| columns.iter().any(|column| column == name);
    Some(if has("LGCC") {
        "gccause"
    } else if has("S0U") && has("OU") {
        "gc"
    } else if has("TT") {
        "gcnew"
    } else if has("E") || has("O") {
        "gcutil"
    } else if has("NGCMN") && has("OGCMN") {
        "gccapacity"
    } else if has("NGCMN") {
        "gcnewcapacity"
    } else if has("OGCMN") {
        "gcoldcapacity"
    } else if has("MCMN") {
        "gcmetacapacity"
    } else if has("PGCMN") {
        "gcpermcapacity"
    } else if has("OU") {
        "gcold"
    } else if has("Loaded") {
        "class"
    } else if has("Failed") {
        "compiler"
    } else if has("Compiled") {
        "printcompilation"
    } else {
        return None;
    })
}

/// The JDK generation of the `jstat` that printed these columns.
pub fn generation_of(option: &str, columns: &[String]) -> Option<&'static str> {
    let has = |name: &str| columns.iter().any(|column| column == name);
    if has("CGC") {
        return Some("11+");
    }
    if ["P", "PC", "PGC"].iter().any(|name| has(name)) {
        return Some("5-7");
    }
    let metaspace = ["M", "MC"].iter().any(|name| has(name));
    (metaspace && option != "gcnew").then_some("8-10")
}

/// The layout that a headerless row can only be, told by the decimals of its cells. `-` fits everything.
pub fn layout_of_row(words: &[&str]) -> Option<(&'static str, &'static str, Vec<String>)> {
    let fits = |columns: &[&str]| {
        columns.len() == words.len()
            && columns.iter().zip(words).all(|(column, word)| match *word {
                "-" => *column != "Timestamp" && *column != "GCT",
                word => printed_decimals(word) == Some(decimals_of(column)),
            })
    };
    LAYOUTS.iter().find_map(|(option, generation, columns)| {
        let plain: Vec<&str> = columns.split(' ').collect();
        let stamped: Vec<&str> = std::iter::once("Timestamp").chain(plain.iter().copied()).collect();
        let layout = if fits(&plain) {
            plain
        } else if fits(&stamped) {
            stamped
        } else {
            return None;
        };
        Some((*option, *generation, layout.into_iter().map(str::to_owned).collect()))
    })
}

fn printed_decimals(word: &str) -> Option<u8> {
    let (whole, decimals) = word.split_once(['.', ',']).unwrap_or((word, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!whole.is_empty() && digits(whole) && digits(decimals)).then_some(u8::try_from(decimals.len()).ok()?)
}

/// The collector whose counters look like this, and the catalogue key of the reason. `None` if the table cannot tell.
pub fn collector_of(table: &JstatTable) -> Option<(&'static str, &'static str)> {
    let any = |names: [&str; 2], test: fn(i64) -> bool| -> Option<bool> {
        let column = names.iter().find_map(|name| table.column(name))?;
        match &column.cells {
            Cells::Fixed { values, .. } => Some(values.changes().any(|(_, value)| test(value))),
            Cells::Text { .. } => None,
        }
    };
    if table.rows == 0 || !matches!(table.option.as_str(), "gc" | "gcutil" | "gccause" | "gccapacity" | "gcnew") {
        return None;
    }
    let numeric = |names| any(names, |value| value != ABSENT);
    let positive = |names| any(names, |value| value > 0);
    let survivors = numeric(["S0C", "S0"])?;
    let eden = numeric(["EC", "E"])?;
    let full = numeric(["FGC", "FGC"]);
    let young = numeric(["YGC", "YGC"]);
    let concurrent = numeric(["CGC", "CGC"]);
    if !survivors && !eden {
        return match (young, concurrent) {
            (Some(false), _) => Some(("ZGC", "collector.zgc-columns")),
            (Some(true), Some(false)) => Some(("Shenandoah", "collector.shenandoah-columns")),
            _ => None,
        };
    }
    if !survivors && eden {
        // jstat 25 prints `-` under S0 of G1 too; only generational ZGC has no full collections.
        return match full {
            Some(false) => Some(("generational ZGC", "collector.zgc-generational-columns")),
            Some(true) => Some(("G1", "collector.g1-columns")),
            None => None,
        };
    }
    let s0_never = table.column("S0C").is_some() && positive(["S0C", "S0C"]) == Some(false);
    if s0_never && positive(["EC", "EC"]) == Some(true) {
        return Some(("G1", "collector.g1-columns"));
    }
    let both_survivors = positive(["S0C", "S0"]) == Some(true);
    if concurrent == Some(true) && !both_survivors && table.generation.as_deref() == Some("11+") {
        return Some(("G1", "collector.g1-concurrent"));
    }
    if table.column("S0C").is_some() && concurrent != Some(true) {
        let unequal = (0..table.rows).any(|row| {
            let cell = |name| table.column(name).and_then(|column| column.fixed(row));
            matches!((cell("S0C"), cell("S1C")), (Some(a), Some(b)) if a != b)
        });
        if unequal {
            return Some(("Parallel", "collector.parallel-survivors"));
        }
    }
    None
}
