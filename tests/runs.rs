//! Which readings belong to one process.

use oomscope::model::run::Run;
use oomscope::units::Bytes;

fn runs_of(text: &str) -> Vec<Run> {
    let mut analyzer = oomscope::Analyzer::new(oomscope::i18n::Language::En);
    analyzer.feed(text.as_bytes());
    analyzer.finish().report.runs
}

const HEADER: &str = "NGCMN    NGCMX     NGC     S0C   S1C       EC      OGCMN      OGCMX       OGC         OC       MCMN     MCMX      MC     CCSMN    CCSMX     CCSC    YGC    FGC   CGC";

#[test]
fn both_maxima_of_g1_are_the_whole_heap() {
    let row = "0.0 262144.0 157696.0 0.0 1024.0 156672.0 0.0 262144.0 104448.0 104448.0 0.0 1124352.0 86128.0 0.0 1048576.0 10536.0 958 140 519";
    let runs = runs_of(&format!("$ jstat -gccapacity 17692\n{HEADER}\n{row}\n"));
    assert_eq!(runs.first().and_then(|run| run.max_heap), Some(Bytes(262_144 * 1024)));
    assert_eq!(runs.first().and_then(|run| run.pid), Some(17692));
}

#[test]
fn the_maxima_of_serial_are_added() {
    let row = "10240.0 87360.0 10240.0 1024.0 1024.0 8192.0 20480.0 174784.0 20480.0 20480.0 0.0 1124352.0 86128.0 0.0 1048576.0 10536.0 958 140 -";
    let runs = runs_of(&format!("$ jstat -gccapacity 7\n{HEADER}\n{row}\n"));
    assert_eq!(runs.first().and_then(|run| run.max_heap), Some(Bytes((87_360 + 174_784) * 1024)));
}

#[test]
fn tables_of_different_pids_stay_apart() {
    let row = "0.0 262144.0 157696.0 0.0 1024.0 156672.0 0.0 262144.0 104448.0 104448.0 0.0 1124352.0 86128.0 0.0 1048576.0 10536.0 958 140 519";
    let text = format!(
        "jstat -gccapacity 1\n{HEADER}\n{row}\njstat -gccapacity 2\n{HEADER}\n{row}\njstat -gccapacity 1\n{HEADER}\n{row}\n"
    );
    let pids: Vec<Option<u32>> = runs_of(&text).iter().map(|run| run.pid).collect();
    assert_eq!(pids, [Some(1), Some(2)]);
}
