//! A cause, or what helped, that the words around the logs state themselves: "the cause was …", "it turned out that …", "fixed by …", or
//! what stands below a heading such as "Root cause". It is no evidence of anything: the report quotes it as the writer's own words.

use std::ops::Range;
use std::sync::LazyLock;

use super::signs::Signs;
use super::told::{Words, end_of_sentence};
use crate::formats::is_condition;
use crate::model::prose::{Said, SaidOf};
use crate::model::readings::Readings;
use crate::source::Line;

/// Bytes of a line that are looked at.
const MAX_LINE: usize = 2000;
/// Sentences kept over all sources.
const MAX_SAID: usize = 200;
/// A shorter sentence says nothing.
const MIN_CHARACTERS: usize = 12;
/// Lines between a heading and what it announces.
const BELOW: u32 = 3;
/// Bytes of a label at most.
const LABEL: usize = 40;
/// Characters of a heading at most.
const HEADING: usize = 60;

/// The heading that was seen last, as long as nothing stands below it, and the section that the lines are in.
#[derive(Default)]
pub(super) struct Causes {
    heading: Option<(u32, SaidOf)>,
    /// The level of the heading of the section about what helped.
    remedy: Option<usize>,
    /// What a sentence says that helped stands below it.
    block: Option<Block>,
    in_code: bool,
}

/// How far the block is that a sentence announces.
#[derive(Clone, Copy, PartialEq)]
enum Block {
    /// It is yet to begin.
    Announced,
    /// It has begun, and the next sentence ends it.
    Begun,
}

impl Causes {
    /// Notes what a line of prose states, or what it says below a heading that announces it.
    pub(super) fn read(&mut self, line: &Line<'_>, out: &mut Readings) {
        let text = line.body.get(..line.body.floor_char_boundary(MAX_LINE)).unwrap_or_default();
        let text = text.trim_end();
        let heading = self.heading.take().filter(|(at, _)| line.since(*at) <= BELOW);
        let level = text.bytes().take_while(|byte| *byte == b'#').count();
        let is_heading = !self.in_code && level > 0 && text.as_bytes().get(level) == Some(&b' ');
        if is_heading && self.remedy.is_none_or(|remedy| level <= remedy) {
            self.remedy = Some(level).filter(|_| announced(text) == Some(SaidOf::Remedy));
        }
        let said: Vec<(&str, Words)> = sentences(text).map(|sentence| (sentence, Words::of(sentence))).collect();
        if !self.in_code {
            self.note_block(text, &said);
        }
        if let Some(of) = announced(text).filter(|_| !self.in_code) {
            self.heading = Some((line.number, of));
            return;
        }
        // It introduces what follows, as code above it does.
        if heading.is_some() && (self.in_code || text.ends_with([':', '：'])) {
            self.heading = heading.map(|(_, of)| (line.number, of));
            return;
        }
        let sentence = || said.iter().find_map(|(sentence, words)| Some((stated(sentence, words)?, *sentence, false)));
        let below = || {
            let (_, of) = heading.filter(|_| !self.in_code && !is_heading && !ends_in_question(text))?;
            Some((of, text, true))
        };
        let Some((of, words, below)) = labelled(text).or_else(sentence).or_else(below) else { return };
        if words.trim().chars().count() < MIN_CHARACTERS || out.said.len() >= MAX_SAID {
            return;
        }
        if of == SaidOf::Remedy && words.trim_end().ends_with([':', '：']) {
            // What stands below says it.
            self.heading = Some((line.number, of));
            return;
        }
        out.keep_text(line.source, line.number, words.trim());
        out.said.push(Said { of, below, span: line.span_of(words.trim()) });
    }

    /// True below a heading or a sentence that announces what helped: options and sizes there were set afterwards.
    pub(super) fn in_remedy(&self) -> bool {
        self.remedy.is_some() || self.block.is_some()
    }

    /// True where nothing that stands above says anything of the next line.
    pub(super) fn is_idle(&self) -> bool {
        self.heading.is_none() && !self.in_remedy() && !self.in_code
    }

    /// A sentence announces a block, or ends one.
    fn note_block(&mut self, text: &str, said: &[(&str, Words)]) {
        let is_open = text.trim_end_matches('*').ends_with([':', '：']);
        if announces_block(text, said) {
            self.block = Some(Block::Announced);
        } else if self.block == Some(Block::Begun) || !is_open {
            self.block = None;
        }
    }

    /// Code begins or ends, or there is a rule between paragraphs.
    pub(super) fn fence(&mut self, number: u32, raw: &str) {
        let is_code = raw.trim_start().starts_with(['`', '~']);
        self.in_code ^= is_code;
        self.block = match self.block {
            // A block ends with its fence.
            Some(Block::Begun) if is_code && !self.in_code => None,
            Some(_) if is_code => Some(Block::Begun),
            block => block,
        };
        self.heading = self.heading.map(|(_, of)| (number, of));
    }

    /// A line that is no prose ends what a heading announces.
    pub(super) fn end(&mut self) {
        self.heading = None;
        self.block = self.block.map(|_| Block::Begun);
    }
}

/// `Root cause: …`, on one line.
fn labelled(text: &str) -> Option<(SaidOf, &str, bool)> {
    let at = text
        .find([':', '：'])
        .filter(|at| *at <= LABEL && !text.get(at + 1..).is_some_and(|rest| rest.starts_with("//")))?;
    let (label, words) = text.split_at_checked(at + text.get(at..)?.chars().next()?.len_utf8())?;
    let words = words.trim_start_matches(['*', ' ']);
    let of = announced(label).filter(|_| !words.is_empty() && !ends_in_question(words))?;
    Some((of, words, false))
}

/// Sentences of a text that say what helped: what they name was set afterwards. Where they stand in it.
pub(super) fn remedies(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    sentences(text).filter_map(move |sentence| {
        let from = at;
        at += sentence.len();
        is_remedy(sentence, &Words::of(sentence)).then_some(from..at)
    })
}

/// True for a sentence below which that stands which helped, or for the label of what was set afterwards.
fn announces_block(text: &str, said: &[(&str, Words)]) -> bool {
    let text = text.trim_end_matches('*');
    let has_colon = text.ends_with([':', '：']);
    let is_section = text.starts_with('#');
    let is_label = || {
        let label = text.trim_matches(['*', ' ', ':', '：', '#']).to_lowercase();
        AFTER.contains(&label.as_str())
    };
    said.last().is_some_and(|(last, words)| (has_colon || words.has(&BELOW_IT)) && is_remedy(last, words))
        || !is_section && (has_colon && is_label() || announced(text) == Some(SaidOf::Remedy))
}

/// True for a sentence that says what helped.
fn is_remedy(sentence: &str, words: &Words) -> bool {
    stated(sentence, words) == Some(SaidOf::Remedy) || is_afterwards(sentence, words)
}

/// True for words that say of a change that all was well with it.
fn is_afterwards(sentence: &str, words: &Words) -> bool {
    words.has(&CHANGED) && !words.has(&FAILED) && !words.has(GENERAL) && !ends_in_question(sentence)
}

/// Words of a change.
const CHANGED: [&str; 8] = [
    " after changing ",
    " after raising ",
    " after increasing ",
    " after setting ",
    " after switching ",
    " changed it to ",
    " raised it to ",
    " increased it to ",
];
/// Words that say that it did not help.
#[rustfmt::skip]
const FAILED: [&str; 14] = [
    " still ", " again ", " but ", " same ", " error", " fail", " crash", " kill", " oom", " outof", " dies ", " died ", " however ", " exit",
];
/// What says that something follows.
const BELOW_IT: [&str; 4] = [" below ", " the following ", "아래", "如下"];
/// Labels of what was set afterwards.
const AFTER: [&str; 10] =
    ["after", "변경 후", "변경후", "수정 후", "수정후", "개선 후", "修改后", "调整后", "変更後", "修正後"];

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (sentence, behind) = rest.split_at_checked(end_of_sentence(rest))?;
        rest = behind;
        (!sentence.is_empty()).then_some(sentence)
    })
}

fn ends_in_question(text: &str) -> bool {
    text.trim_end().ends_with(['?', '？'])
}

/// What a heading announces: a line of Markdown's, or a few words with a colon behind them.
fn announced(text: &str) -> Option<SaidOf> {
    let trimmed = text.trim();
    let plain = trimmed.trim_start_matches(['#', '*', ' ', '>', '-']).trim_end_matches(['*', ' ', ':', '：']);
    let is_bold = trimmed.starts_with("**") && trimmed.ends_with("**");
    let is_marked = trimmed.starts_with('#') || is_bold || trimmed.ends_with([':', '：']);
    if !is_marked || plain.chars().count() > HEADING || ends_in_question(trimmed) {
        return None;
    }
    let words = Words::of(plain);
    let general = words.has(&[
        " possible ",
        " common ",
        " potential ",
        " suspected ",
        " expected ",
        " how ",
        " why ",
        " 가능",
        " 가능한",
        "可能",
        "常见",
        " mögliche",
        " posibles ",
        " possíveis ",
    ]);
    let of = |names: &[&str]| !general && words.has(names);
    if of(&HEADS_OF_CAUSE) {
        Some(SaidOf::Cause)
    } else if of(&HEADS_OF_REMEDY) || is_fix(plain) {
        Some(SaidOf::Remedy)
    } else {
        None
    }
}

/// `Fix`, `Fix (in this repo)`; of another word the fix is of something else.
fn is_fix(heading: &str) -> bool {
    let rest = heading.get("fix".len()..).unwrap_or_default();
    heading.get(.."fix".len()).is_some_and(|word| word.eq_ignore_ascii_case("fix"))
        && (rest.is_empty() || rest.starts_with(" ("))
}

#[rustfmt::skip]
const HEADS_OF_CAUSE: [&str; 14] = [
    " root cause ", " cause ", " the cause ", " the reason ", " diagnosis ", "원인", "根因", "原因", " ursache ", " causa ", " cause racine ",
    " causa raiz ", " causa raíz ", " причина ",
];
#[rustfmt::skip]
const HEADS_OF_REMEDY: [&str; 13] = [
    " solution ", " resolution ", " the fix ", " resolved ", "해결", "조치", "解決", "解决", "对策", " lösung ", " solución ", " solução ",
    " решение ",
];

/// What a sentence states.
fn stated(sentence: &str, words: &Words) -> Option<SaidOf> {
    static STATED: LazyLock<Signs> = LazyLock::new(|| Signs::of(CAUSE.iter().chain(FOUND).chain(REMEDY).copied()));
    // Most sentences state nothing.
    if !words.have(&STATED) || words.has(GENERAL) || ends_in_question(sentence) || is_condition(sentence.trim_start()) {
        return None;
    }
    if words.has(CAUSE) || words.has(FOUND) && words.has(MATTER) {
        Some(SaidOf::Cause)
    } else if words.has(REMEDY) {
        Some(SaidOf::Remedy)
    } else {
        None
    }
}

#[rustfmt::skip]
const CAUSE: &[&str] = &[
    " root cause was ", " root cause is ", " root cause of ", " cause was ", " the cause is ", " the culprit ", " culprit was ",
    " reason was ", " the problem was ", " the issue was ", " was caused by ", " were caused by ",
    " leak was in ", " leak is in ", " boiled down to ", " because of a bug in ", " due to a bug in ",
    "원인은 ", "원인이었", "원인으로 확인", "때문이었", "것이 원인", "게 원인",
    "原因は", "原因でし", "原因だっ", "が原因で",
    "原因是", "原因在于", "根因是", "问题在于", "问题出在", "是由于",
    " ursache war ", " die ursache ist ", " lag daran ", " grund war ", " schuld war ",
    " la causa era ", " la causa fue ", " el problema era ", " se debía a ",
    " a causa era ", " a causa foi ", " o problema era ",
    " la cause était ", " le problème venait ", " le problème était ", " était dû à ",
    " причина была ", " причиной был", " причина в ", " причина оказал", " проблема была в ", " дело было в ",
];
/// What was found is a cause only where it is about memory.
#[rustfmt::skip]
const FOUND: &[&str] = &[
    " turned out ", " turns out that ", " found out that ", "로 밝혀", "임을 확인", "ことが判明", "ことがわかりました", "ことが分かりました", "最终发现", "最后发现",
    " stellte sich heraus ", " resultó ser ", " resulta que ", " descobri que ", " оказалось ",
];
/// Words about memory, and of what takes it.
#[rustfmt::skip]
const MATTER: &[&str] = &[
    " memory", " heap", " leak", " cache", " oom", " outofmemory", " gc ", " garbage ", " jvm", " limit", " swap", " ram ", " threads", " xmx", " metaspace",
    " buffer", " queue", " gb ", " gib ", " mb ", " mib ", " kill",
    "메모리", "힙", "누수", "캐시", "스레드", "メモリ", "ヒープ", "リーク", "キャッシュ", "スレッド", "内存", "堆", "泄漏", "泄露", "缓存", "线程", "一次性",
    " speicher", " arbeitsspeicher", " memoria", " memória", " mémoire", " fuga", " памят", " утечк", " кеш", " кэш", " поток",
];
#[rustfmt::skip]
const REMEDY: &[&str] = &[
    " fixed by ", " fixed it by ", " fixed this by ", " fixed the issue by ", " fixed the problem by ", " solved by ", " solved it by ",
    " solved this by ", " solved the problem by ", " solved the issue by ", " resolved by ", " resolved it by ", " resolved this by ",
    " resolved the issue by ", " fixed it with ", " the fix was ", " the solution was ", " what helped was ", " solved the problem ",
    " got it working ", " got it to work ", " got this working ", " made it work ", " works now with ", " it works with ", " works fine with ",
    " solved my problem ", " fixed the problem ", " fixed my problem ", " went away after ", " disappeared after ", " worked for me ",
    "해결했", "해결하였", "해결되었", "해결됐", "해결됨",
    "解決しました", "解決した", "直りました", "解消しました",
    "解决了", "问题解决", "得到解决", "恢复正常",
    " gelöst durch ", " gelöst indem ", " behoben durch ", " hat geholfen ",
    " lo solucioné ", " se solucionó ", " se resolvió ", " solucionado ",
    " resolvi ", " foi resolvido ", " resolvido com ",
    " résolu en ", " résolu par ", " j'ai résolu ",
    " решил проблему ", " решилось ", " помогло ",
];
/// What makes a sentence a question, a possibility, advice, or a rule of thumb.
#[rustfmt::skip]
const GENERAL: &[&str] = &[
    " if ", " whether ", " how ", " could ", " may ", " might ", " would ", " should ", " usually ", " often ", " typically ", " commonly ", " you ",
    " your ", " not sure ", " no idea ", " unknown ", " unclear ", "n't ", " can be ", " must be ", " was not ", " wasn't ", " is not ", " nothing ",
    "을까", "일까", "ㄹ까", "모르", "수 있", "수도 ", "알 수 없", "아니", "무엇", "않",
    "でしょう", "わから", "分から", "不明", "かもしれ", "可能性", "ません",
    "可能", "如果", "为什么", "不知道", "怎么", "没有解决", "一般", "通常",
    " könnte ", " vielleicht ", " nicht ", " wenn ", " podría ", " quizás ", " si ", " poderia ", " talvez ", " se ", " pourrait ", " peut-être ",
    " может ", " возможно ", " не ", " если ",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<(SaidOf, u32)> {
        let (mut out, mut causes) = (Readings::default(), Causes::default());
        for (body, number) in text.lines().zip(1..) {
            if !body.trim().is_empty() {
                causes.read(&Line { number, ..Line::of(body) }, &mut out);
            }
        }
        out.said.into_iter().map(|said| (said.of, said.span.line)).collect()
    }

    #[test]
    fn a_cause_and_what_helped_are_taken_from_sentences_and_from_below_headings() {
        for (text, of) in [
            ("After days of digging: the root cause was a cache without a limit.", SaidOf::Cause),
            ("It turned out that another JVM on the same host took 12 GB.", SaidOf::Cause),
            ("We fixed it by setting MALLOC_ARENA_MAX=2.", SaidOf::Remedy),
            ("원인은 세션 객체를 담아 두던 static Map이었습니다.", SaidOf::Cause),
            ("**Root cause:** the export loads all orders at once", SaidOf::Cause),
            ("解决方法：把批次改小，并且限制队列长度", SaidOf::Remedy),
            ("배치 크기를 줄여서 해결했습니다.", SaidOf::Remedy),
            ("原因はログ用のキューに上限がなかったことです。", SaidOf::Cause),
            ("最终发现是导出功能一次性加载了全部订单。", SaidOf::Cause),
            ("Die Ursache war ein Cache ohne Obergrenze.", SaidOf::Cause),
            ("Оказалось, что кеш рос без ограничения.", SaidOf::Cause),
        ] {
            assert_eq!(said(text), [(of, 1)], "{text}");
        }
        assert_eq!(said("## Root cause\n\nThe importer keeps every row in memory."), [(SaidOf::Cause, 3)]);
        assert_eq!(
            said("## 원인 분석\n### 직접 원인\n채팅방마다 구독 스레드를 하나씩 만드는 구조."),
            [(SaidOf::Cause, 3)]
        );
    }

    #[test]
    fn a_sentence_announces_what_was_set_afterwards_up_to_the_next_sentence() {
        let afterwards = |text: &str| {
            let (mut out, mut causes) = (Readings::default(), Causes::default());
            let mut lines = Vec::new();
            for (body, number) in text.lines().zip(1..) {
                if causes.in_remedy() {
                    lines.push(number);
                }
                match body {
                    "```" => causes.fence(number, body),
                    _ if body.starts_with(' ') => causes.end(),
                    "" => {}
                    _ => causes.read(&Line { number, ..Line::of(body) }, &mut out),
                }
            }
            lines
        };
        assert_eq!(
            afterwards("I got it working with:\n  memory: 4Gi\n  cpu: 1\nThat is all.\n  memory: 1Gi\n"),
            [2, 3, 4]
        );
        assert_eq!(afterwards("Solved by the settings below.\n```\n  a: 1\n```\n  b: 2\n"), [2, 3, 4]);
        assert_eq!(afterwards("After changing it to:\n  a: 1\n"), [2]);
        assert_eq!(afterwards("변경 후:\n  a: 1\n"), [2]);
        for text in [
            "After changing it to G1 it still fails:\n  a: 1\n",
            "Our settings:\n  a: 1\n",
            "Is it solved by this?\n  a: 1\n",
        ] {
            let none: [u32; 0] = [];
            assert_eq!(afterwards(text), none, "{text}");
        }
    }

    #[test]
    fn questions_possibilities_and_advice_state_nothing() {
        for text in [
            "What was the cause of this?",
            "The cause could be a leak in the driver.",
            "If the root cause is a leak, a larger heap does not help.",
            "You fixed it by luck.",
            "원인은 무엇일까요?",
            "원인을 모르겠습니다.",
            "## Possible causes\nA cache without a limit is one of them.",
            "## Cause\n## Solution",
            "### Suspected cause\n\nHere is the log of the run",
            "I found out that my disk is slow.",
            "Es stellte sich heraus, dass die Platte langsam ist.",
        ] {
            assert_eq!(said(text), [], "{text}");
        }
    }
}
