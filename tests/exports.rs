//! What is written of every corpus case: well-formed, from nowhere else, without script; and it opens again as the same report.

#![cfg(not(target_arch = "wasm32"))]

#[path = "support/closed.rs"]
mod closed;
#[path = "support/corpus.rs"]
mod corpus;

use closed::{as_xml, complaints};

use oomscope::export::svg::{Look, Picture, Style};
use oomscope::export::{Back, html, markdown, png, svg, text};
use oomscope::i18n::Language;
use oomscope::report::Report;
use oomscope::report::link::{self, LinkError};
use oomscope::report::open::{self, Opened};
use oomscope::report::redact::redact;

/// The corpus, case by case in turn in either language and in each of the looks.
fn each(check: impl Fn(&corpus::Case, &Report, Language, Look) -> Vec<String>) {
    let turns = Language::ALL.into_iter().cycle().zip([Look::Light, Look::Dark, Look::Both].into_iter().cycle());
    let mut failed = Vec::new();
    for (case, (language, look)) in corpus::cases().iter().zip(turns) {
        failed.extend(check(case, &redact(&corpus::read(&case.input), true).report, language, look));
    }
    assert!(failed.is_empty(), "{} complaints:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn every_picture_is_well_formed_and_closed_in_itself() {
    each(|case, report, language, look| {
        let mut failed = Vec::new();
        for picture in [Picture::Card, Picture::Report, Picture::Timeline, Picture::Memory] {
            match svg::write(
                report,
                picture,
                &Style { look, back: Back { link: "1.abc", page: "" }, ..Style::plain(language, 720) },
            ) {
                Some(svg) => failed.extend(complaints(&case.name, &format!("{picture:?} {look:?}"), &svg, &[])),
                None if picture == Picture::Card => failed.push(format!("{}: no card", case.name)),
                None => {}
            }
        }
        failed
    });
}

#[test]
fn every_page_is_well_formed_and_closed_in_itself() {
    each(|case, report, language, _| {
        let texts = [(case.name.clone(), String::from_utf8_lossy(&case.input).into_owned())];
        let page = html::write(report, language, &texts, Back::default());
        complaints(&case.name, "HTML", &as_xml(&page), &[html::REPORT_ID, html::TEXTS_ID])
    });
}

#[test]
fn every_form_opens_again_as_the_same_report() {
    let mut empty = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    empty.extend([0; 17]);
    each(|case, report, language, look| {
        let link = link::write(report, usize::MAX);
        let small = link::write(report, link::MAX_CHARS).text;
        let texts = vec![(case.name.clone(), String::from_utf8_lossy(&case.input).into_owned())];
        let whole = link::write_texts(&texts);
        let json = oomscope::json::text(report);
        let is_same = |opened: Option<Result<Opened, LinkError>>| matches!(opened, Some(Ok(Opened::Report(back))) if oomscope::json::text(&*back) == json);
        let carried = link::read(&small);
        let card = svg::write(
            report,
            Picture::Card,
            &Style { look, back: Back { link: &small, page: "" }, ..Style::plain(language, 720) },
        )
        .unwrap_or_default();
        let checks = [
            ("JSON", is_same(open::text(&json))),
            ("HTML", is_same(open::text(&html::write(report, language, &[], Back::default())))),
            ("link", link.reduced.is_some() || is_same(Some(link::read(&link.text)))),
            ("short link", matches!(carried, Ok(Opened::Report(_)))),
            ("SVG", open::text(&card).as_ref() == Some(&carried)),
            ("PNG", open::png(&png::with_link(&empty, &small)).as_ref() == Some(&carried)),
            ("whole", link::read(&whole) == Ok(Opened::Texts(texts))),
        ];
        let failed = checks.into_iter().filter(|(_, holds)| !holds);
        failed.map(|(form, _)| format!("{}: {form} is another report", case.name)).collect()
    });
}

#[test]
fn what_leads_away_is_found() {
    for (file, leads) in [
        ("<p id=\"a\">url(http://x) href=</p>", false),
        ("<p style=\"fill:url(#a)\"/>", false),
        ("<p style=\"fill:url(http://x)\"/>", true),
        ("<p href=\"#a\"/>", false),
        ("<p href=\"http://x\"/>", true),
        ("<p onclick=\"x\"/>", true),
        ("<style>@import 'x'</style>", true),
        ("<script>x</script>", true),
        ("<p><img/></p>", true),
        ("<p>", true),
    ] {
        assert_eq!(!complaints("", "", file, &[]).is_empty(), leads, "{file}");
    }
}

#[test]
fn warnings_of_one_kind_are_one_line_with_a_count_in_every_form() {
    let header = " S0C    S1C    S0U    S1U      EC       EU        OC         OU       MC     MU    CCSC   CCSU   YGC     YGCT    FGC    FGCT     GCT   ";
    let rows = "1.0 2.0\n1.0 2.0 3.0\n1.0 2.0 3.0\n";
    let input = format!("$ jstat -gc 77 1000\n{header}\n{rows}");
    let report = corpus::read(input.as_bytes());
    assert!(report.warnings.iter().filter(|warning| warning.kind == "short-row").count() > 2, "{:?}", report.warnings);
    for form in [text::write(&report, Language::En, None), markdown::write(&report, Language::En, Back::default())] {
        assert_eq!(form.matches("Skipped a row").count(), 1, "{form}");
        assert!(form.contains("2 more of this kind (lines 4, 5)"), "{form}");
    }
    // The file carries the report as data, too.
    let html = html::write(&report, Language::En, &[], Back::default());
    assert_eq!(html.matches("2 more of this kind (lines 4, 5)").count(), 1, "{html}");
}
