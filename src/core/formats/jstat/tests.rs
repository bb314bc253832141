use super::*;

fn read(text: &str) -> Readings {
    let mut reader = JstatReader::default();
    let mut out = Readings::default();
    for (at, raw) in text.lines().enumerate() {
        let line = Line { number: at as u32 + 1, ..Line::of(raw) };
        if !reader.bulk(&line, &mut out) && !reader.resume(&line, &mut out) && claim(&line) != Claim::None {
            reader.open(&line, &mut out);
        }
    }
    reader.finish(&mut out);
    out
}

const GC: &str = " S0C    S1C    S0U    S1U      EC       EU        OC         OU       MC     MU    CCSC   CCSU   YGC     YGCT    FGC    FGCT    CGC    CGCT     GCT";
const ROW: &str = " 0.0   1024.0  0.0   1024.0 156672.0 26624.0   104448.0   89281.0   86128.0 83693.6 10536.0 9725.2    958    5.534  140    18.955  519     7.467   31.956";

#[test]
fn a_date_above_each_row_is_its_time() {
    let row = "  0.00   3.60  21.89  35.81  97.03  94.76     91    3.773     0    0.000    3.773\n";
    let header = "  S0     S1     E      O      M     CCS    YGC     YGCT    FGC    FGCT     GCT\n";
    let first = "Tue Aug  5 03:50:00 UTC 2025\n";
    let second = "Tue Aug  5 03:51:00 UTC 2025\n";
    let walls = |text: &str| {
        let tables = read(text).jstat;
        let of = |table: &JstatTable| {
            (table.pid, table.wall.iter().map(|wall| wall.map(|at| at.0 / 1_000_000)).collect::<Vec<_>>())
        };
        tables.iter().map(of).collect::<Vec<_>>()
    };
    let both = vec![Some(1_754_365_800), Some(1_754_365_860)];
    let prompt = "$ while true; do date; jstat -gcutil 4711 | tail -1; sleep 60; done\n";
    assert_eq!(walls(&format!("{prompt}{first}{row}{second}{row}")), [(Some(4711), both.clone())]);
    let prompt = "$ while true; do date; jstat -gcutil 4711; sleep 60; done\n";
    assert_eq!(
        walls(&format!("{prompt}{first}{header}{row}{second}{header}{row}")),
        [(Some(4711), both)],
        "with a header each time"
    );
    assert_eq!(walls(&format!("{header}{row}{first}prose\nprose\n{row}")), [(None, vec![])], "of something else");
}

#[test]
fn a_table_without_the_time_of_young_collections_does_not_contradict_itself() {
    let header = "   OGCMN        OGCMX         OGC          OC       YGC    FGC    FGCT     CGC    CGCT       GCT\n";
    let row = "  43712.0     87424.0     87424.0     87424.0    338     4     0.019    20     0.006     0.790\n";
    assert_eq!(read(&format!("{header}{}", row.repeat(5))).warnings, []);
    let more = row.replace("0.790", "0.011");
    assert_eq!(read(&format!("{header}{}", more.repeat(5))).warnings.len(), 1);
}

#[test]
fn a_column_behind_the_causes_has_as_many_cells_as_the_others() {
    let header = "  S0     S1     E      O      M     CCS    YGC     YGCT    FGC    FGCT     GCT    LGCC                 GCC              ";
    let row =
        "  0.00 100.00  40.00  99.90  97.00  95.00     12    0.120    90    9.050    9.170 Allocation Failure   No GC";
    let out = read(&format!("{header} web-3\n{row}\n{row}   7.5\n"));
    let table = out.jstat.first().expect("a table");
    assert_eq!(table.columns.last().map(|name| &**name), Some("web-3"));
    let cells: Vec<usize> = table.data.0.iter().map(Column::len).collect();
    assert_eq!((table.rows, cells), (2, vec![2; table.columns.len()]));
    assert_eq!(table.value("web-3", 1), None, "behind words nobody can tell where a number begins");
}

#[test]
fn a_table_takes_pid_and_interval_from_its_prompt() {
    let out = read(&format!("$ sudo jstat -gc 17692 1000\n{GC}\n{ROW}\n{ROW}\n"));
    let table = out.jstat.first().expect("a table");
    assert_eq!((table.pid, table.interval, table.rows), (Some(17692), Some(Micros(1_000_000)), 2));
    assert_eq!((table.option.as_str(), table.generation.as_deref()), ("gc", Some("11+")));
    assert_eq!(table.collector.as_deref(), Some("G1"));
    assert_eq!(table.value("OU", 1), Some(89281.0));
    assert_eq!(table.value("GCT", 0), Some(31.956));
    assert_eq!(table.lines, [3, 4]);
    assert_eq!(out.warnings, []);
}

#[test]
fn a_repeated_header_goes_on_and_a_new_prompt_starts_anew() {
    let out = read(&format!("{GC}\n{ROW}\n{GC}\n{ROW}\njstat -gc 7\n{GC}\n{ROW}\n"));
    let rows: Vec<(usize, Option<u32>)> = out.jstat.iter().map(|table| (table.rows, table.pid)).collect();
    assert_eq!(rows, [(2, None), (1, Some(7))]);
}

#[test]
fn a_row_cut_in_the_middle_is_skipped_with_a_warning() {
    let out = read(&format!("{GC}\n{ROW}\n 0.0   1024.0  0.0   10\nsome prose\n"));
    assert_eq!(out.jstat.first().map(|table| table.rows), Some(1));
    let kinds: Vec<&WarningKind> = out.warnings.iter().map(|warning| &warning.kind).collect();
    assert_eq!(kinds, [&WarningKind::ShortRow { expected: 19, found: 4 }]);
}

#[test]
fn a_wrapped_row_is_joined_at_a_blank_and_inside_a_number() {
    let (at_blank, rest_blank) = ROW.split_at(60);
    let (inside, rest_inside) = ROW.split_at(ROW.find("281.0").expect("a value"));
    let out = read(&format!("{GC}\n{at_blank}\n{rest_blank}\n{inside}\n{rest_inside}\n{ROW}\n"));
    let table = out.jstat.first().expect("a table");
    let values: Vec<Option<f64>> = (0..3).map(|row| table.value("OU", row)).collect();
    assert_eq!(values, [Some(89281.0); 3]);
}

#[test]
fn a_dash_is_absent_and_does_not_warn() {
    let out = read(
        "  S0     S1     E      O      M     CCS    YGC     YGCT     FGC    FGCT     CGC    CGCT       GCT\n     -      -      -  91.67  39.57   4.17      -         -     -         -   198     0.002     0.002\n",
    );
    let table = out.jstat.first().expect("a table");
    assert_eq!(table.value("E", 0), None);
    assert_eq!(table.value("O", 0), Some(91.67));
    assert_eq!(table.collector.as_deref(), Some("ZGC"));
    assert_eq!(out.warnings, []);
}

#[test]
fn a_row_of_numbers_alone_names_no_method() {
    let rows = "     185     75    1 java/util/Arrays copyOfRange\n678202 32843 5464 1 0 56960 0\n26 1 0 1.1G 1.2G 1.2G\n       0      0    0\n";
    let out = read(&format!("Compiled  Size  Type Method\n{rows}"));
    let table = out.jstat.first().expect("a table");
    assert_eq!((table.rows, table.value("Compiled", 0), table.value("Compiled", 1)), (2, Some(185.0), Some(0.0)));
}

#[test]
fn causes_with_blanks_are_told_apart() {
    let header = "  S0     S1     E      O      M     CCS    YGC     YGCT     FGC    FGCT     CGC    CGCT       GCT    LGCC                 GCC";
    let row = "  0.00  61.18  52.86  53.24  30.11   3.40    185     1.145     1     0.035    16     0.011     1.191 G1 Evacuation Pause  No GC               ";
    let out = read(&format!("{header}\n{row}\n"));
    let table = out.jstat.first().expect("a table");
    assert_eq!(table.column("LGCC").and_then(|column| column.text(0)), Some("G1 Evacuation Pause"));
    assert_eq!(table.column("GCC").and_then(|column| column.text(0)), Some("No GC"));
}

#[test]
fn decimal_commas_glued_cells_and_markdown_tables_are_read() {
    let comma = ROW.replace('.', ",");
    let glued = ROW.replace("86128.0 83693.6", "86128.083693.6");
    let markdown = format!("| {} |", words(ROW).collect::<Vec<_>>().join(" | "));
    let rule = format!("|{}", "---|".repeat(19));
    let out = read(&format!("{GC}\n{comma}\n{glued}\n{rule}\n{markdown}\n"));
    let table = out.jstat.first().expect("a table");
    let values: Vec<Option<f64>> = (0..3).map(|row| table.value("MU", row)).collect();
    assert_eq!(values, [Some(83693.6); 3]);
}

#[test]
fn rows_without_header_are_read_where_their_shape_leaves_one_layout() {
    let out = read(&format!("{ROW}\n{ROW}\n"));
    let table = out.jstat.first().expect("a table");
    assert_eq!((table.option.as_str(), table.rows, table.columns_inferred), ("gc", 2, true));
    assert_eq!(read("1 2 3 4 5 6 7 8 9 10 11\n").jstat.len(), 0);
}

#[test]
fn a_header_below_other_lines_begins_a_table_if_the_counters_do_not_go_on() {
    let header = "  S0     S1     E      O      M     CCS    YGC     YGCT     FGC    FGCT     CGC    CGCT       GCT";
    let row = |gcs: u32| {
        format!(
            "  0.00  61.18  52.86  53.24  30.11   3.40    {gcs}     1.145     1     0.035    16     0.011     1.191"
        )
    };
    let tables = |between: &str, then: u32| {
        let text =
            format!("{header}\n{}\n{}\n{between}{header}\n{}\n{}\n", row(185), row(186), row(then), row(then + 1));
        let tables = read(&text).jstat;
        tables.iter().map(|table| (table.rows, table.restarts.clone(), table.first_line)).collect::<Vec<_>>()
    };
    assert_eq!(tables("\nAnd on the other server:\n", 12), [(2, vec![], 1), (2, vec![], 6)]);
    assert_eq!(tables("\nA minute later:\n", 190), [(4, vec![], 1)]);
    assert_eq!(tables("", 12), [(4, vec![2], 1)]);
}

#[test]
fn falling_counters_are_a_restart() {
    let after = ROW.replace("    958    5.534", "      3    5.534");
    let out = read(&format!("{GC}\n{ROW}\n{after}\n"));
    assert_eq!(out.jstat.first().map(|table| table.restarts.clone()), Some(vec![1]));
}

#[test]
fn a_clock_before_the_row_is_kept_as_its_time() {
    let out = read(&format!("{GC}\n2022-11-23 07:35:42 {ROW}\n"));
    let table = out.jstat.first().expect("a table");
    assert_eq!(table.wall, [Some(Micros(1_669_188_942_000_000))]);
    assert_eq!(table.value("OU", 0), Some(89281.0));
}

#[test]
fn both_bytes_columns_of_class_are_kept() {
    let out = read("Loaded  Bytes  Unloaded  Bytes     Time\n  9412 18712.3       12    10.5       2.91\n");
    let table = out.jstat.first().expect("a table");
    assert_eq!(table.value("Bytes", 0), Some(18712.3));
    assert_eq!(table.value("Bytes#2", 0), Some(10.5));
}

#[test]
fn answers_of_a_process_that_is_not_there_are_events() {
    let failed = |text: &str| {
        let events = read(text).events;
        events.iter().map(|event| (event.kind.name(), event.pid)).collect::<Vec<_>>()
    };
    let of = |pid| vec![("jstat-failed", pid)];
    assert_eq!(failed("$ jstat -gc 17692 1000\n17692 not found\n"), of(Some(17692)));
    assert_eq!(failed("$ jstat -gc 17692\nCould not attach to 17692\n"), of(Some(17692)));
    assert_eq!(failed("sun.jvmstat.monitor.MonitorException: 999999 not found\n"), of(None));
    assert_eq!(failed("$ jstat -gc 17692\n17693 not found\n"), []);
    assert_eq!(failed("17692 not found\n"), []);
}

#[test]
fn an_interrupt_may_stand_right_behind_the_last_number() {
    for end in ["^C", " ^C", "^C^C", "^Cubuntu@ip-192-168-1-212:~$ ", "   ^C$"] {
        let rows = read(&format!("{GC}\n{ROW}{end}\n")).jstat.iter().map(|table| table.rows).collect::<Vec<_>>();
        assert_eq!(rows, [1], "{end}");
    }
    assert_eq!(read(&format!("{GC}\n^C\n")).jstat.iter().map(|table| table.rows).collect::<Vec<_>>(), [0]);
}
