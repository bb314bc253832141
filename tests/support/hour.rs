//! Samples that take more than a link can hold.

/// One hour of `jstat` at a sample a second.
pub fn an_hour() -> String {
    let mut text = String::from(
        "$ jstat -gc 17692 1000\n S0C    S1C    S0U    S1U      EC       EU        OC         OU       MC     MU    CCSC   CCSU   YGC     YGCT    FGC    FGCT    CGC    CGCT     GCT\n",
    );
    let mut state = 88_172_645_463_325_252_u64;
    for row in 0..3600_u64 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let old = if row == 1777 { 104_000 } else { 60_000 + row * 10 + state % 900 };
        text.push_str(&format!(
            "0.0 1024.0 0.0 1024.0 156672.0 {}.0 104448.0 {old}.0 86128.0 83693.6 10536.0 9725.2 {} {:.3} 140 18.955 519 7.467 {:.3}\n",
            state % 150_000,
            958 + row,
            5.534 + row as f64 * 0.005,
            31.956 + row as f64 * 0.005,
        ));
    }
    text
}
