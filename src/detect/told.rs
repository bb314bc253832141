//! Errors that the words around the logs tell: "since Monday we get java.lang.OutOfMemoryError: Java heap space".
//!
//! A sentence that names an error and its message may report it, or explain it, advise against it, or ask about it in general. It is
//! believed only where its own words say that it was seen: somebody got it, or something failed with it. In languages whose verb comes
//! last the first sign behind the error decides, in the others the words of its clause before it. What is not certain is not told.
//! Nothing of the text is kept but the error and its line.

use crate::formats::is_subject;
use crate::formats::java_error::{Named, named};
use crate::model::java::JavaError;
use crate::model::readings::Readings;
use crate::source::{Line, Places};

/// Bytes of a line that are looked at.
const MAX_LINE: usize = 4000;
/// Errors kept over all sources: one of a kind and source.
const MAX_TOLD: usize = 100;

/// Notes the errors that a line of prose tells.
pub fn read(line: &Line<'_>, out: &mut Readings) {
    let text = line.raw.get(..line.raw.floor_char_boundary(MAX_LINE)).unwrap_or_default();
    let mut from = 0;
    while let Some(error) = named(text, from) {
        from = error.end;
        let known = |other: &JavaError| (other.kind, other.source) == (error.kind, line.source);
        if out.told.len() < MAX_TOLD && !out.told.iter().any(known) && is_reported(text, &error) {
            let message = format!("java.lang.OutOfMemoryError: {}", error.message);
            let mut at = Places::default();
            at.put("message", line.span_of(text.get(error.start..error.end).unwrap_or_default()));
            out.told.push(JavaError { told: true, at, ..JavaError::on(line, error.kind, &message) });
            out.keep(line);
        }
    }
}

/// True if the sentence says that the error was seen.
fn is_reported(text: &str, error: &Named<'_>) -> bool {
    let trimmed = text.trim_start();
    // Headings, and comments in code.
    if trimmed.starts_with(['#', '/']) || is_subject(trimmed) {
        return false;
    }
    let (before, after) = (text.get(..error.start).unwrap_or_default(), text.get(error.end..).unwrap_or_default());
    let sentence = Words::of(before.get(begin_of_sentence(before)..).unwrap_or_default());
    let clause = Words::of(before.get(begin_of_clause(before)..).unwrap_or_default());
    let rest = Words::of(after.get(..end_of_sentence(after)).unwrap_or(after));
    VERB_BEFORE.iter().any(|tongue| tongue.reports(&sentence, &clause, &rest))
        || VERB_BEHIND.iter().any(|tongue| tongue.reports(&clause, &rest))
}

/// True where a sentence ends: a mark with a blank or nothing behind it, or one of a script that needs none.
fn ends_sentence(rest: &str) -> bool {
    let mut chars = rest.chars();
    match chars.next() {
        Some('。' | '！' | '？') => true,
        Some('.' | '!' | '?') => chars.next().is_none_or(char::is_whitespace),
        _ => false,
    }
}

fn begin_of_sentence(before: &str) -> usize {
    let last = before.char_indices().rev().find(|(at, _)| before.get(*at..).is_some_and(ends_sentence));
    last.map_or(0, |(at, c)| at + c.len_utf8())
}

fn end_of_sentence(after: &str) -> usize {
    let first = after.char_indices().find(|(at, _)| after.get(*at..).is_some_and(ends_sentence));
    // The mark belongs to it: it may be one of a question.
    first.map_or(after.len(), |(at, c)| at + c.len_utf8())
}

fn begin_of_clause(before: &str) -> usize {
    let open = before.trim_end_matches(|c: char| c == ' ' || c.is_ascii_punctuation() || "「『“（：".contains(c)).len();
    let text = before.get(..open).unwrap_or_default();
    let marks = text.rfind([',', ';', ':', '(', '，', '、', '；', '：', '（', '—', '…']);
    let mark = marks.and_then(|at| Some(at + text.get(at..)?.chars().next()?.len_utf8())).unwrap_or(0);
    mark.max(begin_of_sentence(text))
}

/// Words in lower case with one blank around each, so that ` get ` is a word and ` bekomm` the beginning of one.
struct Words(String);

impl Words {
    fn of(text: &str) -> Words {
        let mut words = String::from(" ");
        for c in text.chars().flat_map(char::to_lowercase) {
            match c {
                '’' => words.push('\''),
                c if c.is_alphanumeric() || matches!(c, '\'' | '?' | '？') => words.push(c),
                _ if words.ends_with(' ') => {}
                _ => words.push(' '),
            }
        }
        if !words.ends_with(' ') {
            words.push(' ');
        }
        Words(words)
    }

    fn has(&self, any: &[&str]) -> bool {
        any.iter().any(|word| self.0.contains(word))
    }

    /// The last of them, as many as have so many characters.
    fn last(&self, characters: usize) -> Words {
        let from = self.0.char_indices().rev().nth(characters).map_or(0, |(at, _)| at);
        Words(self.0.get(from..).unwrap_or_default().to_owned())
    }

    /// What stands behind the last of some words; all of them where there is none.
    fn behind(&self, any: &[&str]) -> Words {
        let from = any.iter().filter_map(|word| Some(self.0.rfind(word)? + word.trim_end().len())).max().unwrap_or(0);
        Words(self.0.get(from..).unwrap_or_default().to_owned())
    }

    /// Where the first of some words begins.
    fn first(&self, any: &[&str]) -> Option<usize> {
        any.iter().filter_map(|word| self.0.find(word)).min()
    }
}

/// What sentences are made of in a language whose verb comes before the error.
struct VerbBefore {
    /// Verbs that say by themselves that it was seen.
    seen: &'static [&'static str],
    /// Verbs that say so of somebody's own program, or of something that goes on; of programs at large they explain.
    happens: &'static [&'static str],
    /// Whose it is, or how often.
    own: &'static [&'static str],
    /// Words that make the clause a condition, a possibility, advice, a denial, or an explanation.
    general: &'static [&'static str],
    /// Words of a condition that may follow.
    condition: &'static [&'static str],
    /// With which a question asks for the reason of what was seen.
    why: &'static [&'static str],
}

impl VerbBefore {
    fn reports(&self, sentence: &Words, clause: &Words, rest: &Words) -> bool {
        let is_own = sentence.has(self.own) || rest.has(self.own);
        // "Can anybody tell me why I get …": what is asked for is the reason.
        let clause = &clause.behind(self.why);
        let verb = clause.last(NEAR);
        let is_seen = verb.has(self.seen) && (is_own || !rest.has(self.condition));
        let asks = rest.has(&["?", "？"]) && !sentence.has(self.why);
        (is_seen || verb.has(self.happens) && is_own && !asks) && !clause.has(self.general)
    }
}

/// What sentences are made of in a language whose verb comes behind the error.
struct VerbBehind {
    /// What says that it was seen.
    seen: &'static [&'static str],
    /// What says something else, wherever it comes first.
    general: &'static [&'static str],
    /// Endings of a verb that make it a condition or a denial.
    unless: &'static [&'static str],
    /// Words before the error that make it an example or a condition.
    opening: &'static [&'static str],
}

/// Characters before an error among which the verb stands that is about it.
const NEAR: usize = 60;
/// Characters behind a verb that its ending takes.
const ENDING: usize = 8;

impl VerbBehind {
    fn reports(&self, clause: &Words, rest: &Words) -> bool {
        let Some(at) = rest.first(self.seen) else { return false };
        if clause.has(self.opening) || rest.first(self.general).is_some_and(|general| general < at) {
            return false;
        }
        let verb: String = rest.0.get(at..).unwrap_or_default().chars().take(ENDING).collect();
        !self.unless.iter().any(|ending| verb.contains(ending))
    }
}

#[rustfmt::skip]
const ENGLISH_GENERAL: &[&str] = &[
    " if ", " whether ", " how ", " avoid", " prevent", " fix", " to solve ", " solve ", " solving ", " resolv",
    " to handle ", " handle ", " handling ", " catch ", " catching ", " can ", " can't ", " could ", " may ", " might ",
    " would ", " should ", " will ", " want to get ", " want to see ", " possible", " possibly ", " maybe ", " cause ",
    " causes ", " means ", " meaning ", " no ", " not ", "n't ", " never ", " without a ", " without an ",
    " without getting ", " without the ", " without seeing ", " instead ", " such as ", " for example ", " e g ",
    " usually ", " typical", " commonly ", " you ", " your ", " article ", " tutorial ", " chapter ", " guide ",
    " all about ", " article about ", " know about ", " learn about ", " question about ", " questions about ",
    " read about ", " talk about ", " think about ", " unless ", " rather than ", " simulate", " to trigger ",
    " in case ", " to throw ", " a jvm ", " the jvm throws ", " java throws ", " difference ", " kinds of ",
    " types of ", " ensure ", " otherwise ",
];

#[rustfmt::skip]
static VERB_BEFORE: &[VerbBefore] = &[
    // English.
    VerbBefore {
        seen: &[
            " got ", " getting ", " saw ", " seeing ", " seen ", " received ", " receiving ", " ran into ",
            " running into ", " threw ", " thrown ", " throwing ", " failed with ", " failing with ", " crashed with ",
            " crashing with ", " died with ", " dying with ", " died of ", " died from ", " killed by ", " hit ",
            " hitting ", " faced ", " facing ", " encountered ", " encountering ", " experienced ", " experiencing ",
            " reported ", " reporting ", " logged ", " ended with ", " ended in ", " exited with ", " stopped with ",
            " went down with ", " aborted with ", " caused by ", " resulted in ", " terminated with ", " broke with ",
            " logs show ", " log shows ", " log says ", " logs say ", " error is ", " error was ", " exception is ",
            " exception was ", " following error ", " following exception ", " this error ", " this exception ",
            " same error ", " same exception ", " with error ", " with the error ", " with the exception ",
            " the log had ", " logs had ", " because of ", " went oom ", " error message ", " giving me ", " gave me ",
            " gave us ", " gives me ", " gives us ",
        ],
        happens: &[
            " get ", " gets ", " see ", " sees ", " receive ", " receives ", " hit ", " hits ", " run into ",
            " runs into ", " throws ", " throw ", " is throwing ", " fails with ", " fail with ", " crashes with ",
            " crash with ", " dies with ", " dies of ", " die with ", " die of ", " face ", " faces ", " encounter ",
            " encounters ", " experience ", " experiences ", " reports ", " logs ", " shows ", " ends with ",
            " ends in ", " exits with ", " stops with ", " goes down with ", " have an ", " having an ", " raises ",
            " dies ", " crashes ", " fails ", " aborts ", " abort with ", " restarts ", " restart with ", " is down ",
            " prints ", " says ",
        ],
        own: &[
            " i ", " i'm ", " i've ", " we ", " we're ", " we've ", " my ", " our ", " me ", " us ", " every ",
            " keeps ", " keep ", " kept ", " again ", " daily ", " nightly ", " randomly ", " constantly ", " still ",
            " minutes ", " hours ", " hour ", " days ", " this morning ", " this week ", " last night ", " since ",
            " today ", " yesterday ",
        ],
        general: ENGLISH_GENERAL,
        condition: &[" if "],
        why: &[" why "],
    },
    // German.
    VerbBefore {
        seen: &[
            " bekam", " erhielt", " warf ", " geworfen ", " abgestürzt ", " gestorben ", " aufgetreten ", " trat ",
            " gesehen ", " kam ", " flog ", " fiel ", " starb ", " stürzte ", " endete ", " brach ", " scheiterte ",
            " meldete ",
        ],
        happens: &[
            " bekomm", " erhalt", " erhält ", " wirft ", " sehe ", " sehen ", " stürzt ", " bricht ", " kommt ",
            " haben ", " habe ", " scheitert ", " läuft ", " stirbt ", " fliegt ", " meldet ", " endet ", " tritt ",
            " steigt ", " steht ",
        ],
        own: &[
            " ich ", " wir ", " unser", " mein", " uns ", " mir ", " jede ", " jeden ", " täglich ", " ständig ",
            " immer wieder ", " seit ", " heute ", " gestern ", " bei uns ",
        ],
        general: &[
            " wenn ", " falls ", " kann ", " könn", " würde", " soll", " vermeid", " verhinder", " beheb", " wie ",
            " kein", " nicht ", " ohne ", " statt ", " beispiel", " z b ", " normalerweise ", " meist", " man ",
            " bedeutet ", " ob ", " sie ", " nie ",
        ],
        condition: &[" wenn ", " falls "],
        why: &[" warum ", " wieso ", " weshalb "],
    },
    // Spanish.
    VerbBefore {
        seen: &[
            " obtengo ", " obtenemos ", " obtuv", " recibo ", " recibimos ", " recibí ", " veo ", " vemos ", " me da ",
            " nos da ", " me sale ", " nos sale ", " me aparece ", " nos aparece ", " me lanza ", " nos lanza ",
            " lanzó ", " falló ", " murió ", " cayó ", " salió ", " apareció ", " se produjo ", " ocurrió ",
            " obteniendo ", " lanzando ", " recibiendo ", " tenemos ", " tuvimos ", " arrojó ",
        ],
        happens: &[
            " lanza ", " falla ", " cae ", " muere ", " da ", " sale ", " aparece ", " arroja ", " muestra ", " tengo ",
            " termina ",
        ],
        own: &[
            " me ", " mi ", " mis ", " nos ", " nuestr", " cada ", " todos los ", " todas las ", " desde ", " hoy ",
            " ayer ", " siempre que ", " otra vez ", " sigue ",
        ],
        general: &[
            " si ", " puede", " podría", " evitar", " cómo ", " como ", " solucionar", " corregir", " no ", " sin ",
            " ejemplo ", " suele", " significa", " nunca ", " en lugar ", " deb",
        ],
        condition: &[" si "],
        why: &[" por qué ", " porque "],
    },
    // Russian.
    VerbBefore {
        seen: &[
            " получаю", " получаем", " получил", " вижу ", " видим ", " упал", " вылетел", " вылетает", " возник",
            " появил", " ловлю", " ловим", " словил", " поймал", " вываливается", " выдает", " выдаёт", " выдал",
            " крашится", " умер", " умирает", " падает", " падают", " выбросил", " бросил", " завершился",
            " завершилась", " завершилось", " рухнул",
        ],
        happens: &[" бросает ", " выбрасывает ", " возникает ", " появляется ", " случается ", " лезет ", " сыпется "],
        own: &[
            " у нас ", " у меня ", " мой ", " моя ", " моё", " мое", " моей ", " моём ", " моего ", " наш", " каждый ", " каждую ", " каждые ", " снова ", " постоянно ",
            " сегодня ", " вчера ",
        ],
        general: &[
            " если ", " может", " могут ", " как ", " избежать", " избег", " исправ", " не ", " без ", " например ",
            " обычно ", " означает", " что такое ", " вместо ", " чтобы ", " будет ", " нет ", " когда ",
        ],
        condition: &[" если ", " когда "],
        why: &[" почему ", " из за чего "],
    },
    // Chinese, which has no blanks.
    VerbBefore {
        seen: &[
            "报错", "报出", "报了", "报 ", "出现", "抛出", "抛 ", "遇到", "发生了", "提示", "显示", "收到", "得到", "碰到", "日志", "出了", "挂了", "崩溃",
        ],
        happens: &[],
        own: &[],
        general: &[
            "如果", "可能", "会", "若", "如何", "怎么", "怎样", "避免", "防止", "解决", "处理", "不", "没有", "例如", "比如", "一般", "通常", "可以",
            "什么是", "当", "时抛", "时就", "则", "常见", "容易", "未",
        ],
        condition: &["如果"],
        why: &["为什么", "为何"],
    },
];

#[rustfmt::skip]
static VERB_BEHIND: &[VerbBehind] = &[
    // English: "OutOfMemoryError: Metaspace was thrown".
    VerbBehind {
        seen: &[
            " occurred ", " happened ", " was thrown ", " was logged ", " was raised ", " appeared ", " showed up ",
            " came up ", " has occurred ", " keeps ", " crashed ", " killed ", " brought down ", " took down ",
            " started to appear ", " in our logs ", " in our log ", " in my logs ", " in my log ",
            " in production since ", " every night ", " every day ",
        ],
        general: &[
            " if ", " can ", " may ", " might ", " could ", " would ", " should ", " will ", " mean", " when ",
            " occurs ", " happens ", " is ", " are ", " indicates ", " avoid", " prevent", " fix", " not ", "n't ",
            " never ", " you ", " usually ", " often ", "?", " how ", " what ",
        ],
        unless: &[],
        opening: ENGLISH_GENERAL,
    },
    // German: "… ist aufgetreten", "… bekommen".
    VerbBehind {
        seen: &[" aufgetreten ", " bekommen ", " abgestürzt ", " geworfen ", " gestorben ", " gesehen ", " beendet "],
        general: &[" wenn ", " kann ", " könn", " nicht ", " bedeutet ", " vermeid", " beheb", "?"],
        unless: &[],
        opening: &[" wenn ", " falls ", " kein", " kann ", " könn", " ohne ", " wie "],
    },
    // Spanish and Russian: "… apareció", "… возникла".
    VerbBehind {
        seen: &[" ocurrió ", " apareció ", " se produjo ", " возник", " появил", " случил", " произош", " вылетел"],
        general: &[" si ", " puede", " no ", " если ", " может", " не ", " означает", "?"],
        unless: &[],
        opening: &[" si ", " evitar", " cómo ", " если ", " как ", " может", " без ", " избежать"],
    },
    // Korean.
    VerbBehind {
        seen: &[
            "발생했", "발생하였", "발생하고 있", "발생하며", "발생하여", "발생해서", "발생해 ", "발생됩니다", "발생되고", "났", "나고 있", "나면서", "나서 ", "나네",
            "나는데", "뜨는데", "떠요", "나요", "납니다", "떴", "뜹니다", "뜨네", "뜨면서", "떠서", "뜨고", "나왔", "나옵니다", "나와서", "나오고", "터졌",
            "터집니다", "터지고", "터져", "찍혔", "찍힙니다", "찍혀", "남았", "남아 ", "던지고", "던졌", "죽었", "죽습니다", "죽어", "죽고", "내려갔", "내려가",
            "뻗", "떨어졌", "떨어집니다", "떨어지고", "보입니다", "보였", "보이고", "겪", "종료됐", "종료되었", "종료됩니다", "멈췄", "실패했", "실패합니다", "마주쳤",
            "만났",
        ],
        general: &[
            "수 있", "방법", "해결", "이란", "란 ", "원인", "방지", "예방", "막기", "막으려", "피하", "않", "없", "아니", " 안 ", "보통", "의미", "대신",
            "무엇", "때문에 발생할", "발생하면", "발생할", "나면 ", "뜨면", "경우", "대처", "대응", "처리하", "라면", "뜻",
        ],
        unless: &["을 때", "다면", "을 경우", "을 수", "을까", "지 않", "으면", "한 경우", "는 경우"],
        opening: &["예를 들", "만약", "만일", "흔한", "대표적"],
    },
    // Japanese.
    VerbBehind {
        seen: &[
            "発生しまし", "発生した", "発生して", "発生しており", "になってしま", "出た", "出て", "出まし", "出ました", "出ます", "出る", "出力され", "になりま", "になった",
            "落ちま", "落ちた", "落ちて", "で死", "死にま", "スローされ", "表示され", "起き", "吐い", "吐き", "エラーになり", "失敗し", "クラッシュし", "停止し",
            "投げられ", "発生中", "で落ち", "記録され",
        ],
        general: &[
            "場合", "可能性", "ことがあ", "方法", "対処", "対策", "原因", "とは", "防", "避け", "ない", "ません", "なら", "れば", "たら", "とき", "意味",
            "解決", "かもしれ", "解説", "について", "発生する",
        ],
        unless: &["場合", "たら", "とき", "た時", "ない", "うる", "得る", "ません", "やすい", "れば", "る場", "る可", "ること"],
        opening: &["例えば", "たとえば", "もし", "よくある"],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::java_error::FORMAT;
    use crate::model::kind::ErrorKind;

    fn told(text: &str) -> Vec<(ErrorKind, String)> {
        let mut out = Readings::default();
        read(&Line::of(text), &mut out);
        out.told.into_iter().map(|error| (error.kind, error.message)).collect()
    }

    #[test]
    fn a_sentence_that_says_it_was_seen_is_believed() {
        let mut wrong = Vec::new();
        for (text, kind) in [
            (
                "After two hours I get java.lang.OutOfMemoryError: Java heap space and have to restart.",
                ErrorKind::HeapSpace,
            ),
            (
                "The build failed, caused by a java.lang.OutOfMemoryError: GC overhead limit exceeded",
                ErrorKind::GcOverhead,
            ),
            ("we see `OutOfMemoryError: Metaspace` every night", ErrorKind::Metaspace),
            (
                "If we set -Xmx4g, we get \"java.lang.OutOfMemoryError: Java heap space\" within a minute.",
                ErrorKind::HeapSpace,
            ),
            ("My consumer throws java.lang.OutOfMemoryError: Direct buffer memory", ErrorKind::DirectBuffer),
            (
                "Tomcat crashed with OutOfMemoryError (unable to create new native thread) twice.",
                ErrorKind::NativeThread,
            ),
            (
                "When I read a large file after about two hours I get java.lang.OutOfMemoryError: Java heap space",
                ErrorKind::HeapSpace,
            ),
            ("Can anyone tell me why I get java.lang.OutOfMemoryError: Java heap space?", ErrorKind::HeapSpace),
            ("I started to get OutOfMemoryError: Metaspace without any change.", ErrorKind::Metaspace),
            ("Why does our job fail with java.lang.OutOfMemoryError: Java heap space?", ErrorKind::HeapSpace),
            ("> As you can see, it died with **OutOfMemoryError: Compressed class space**.", ErrorKind::ClassSpace),
            ("Then an OutOfMemoryError: Metaspace was thrown on two of the nodes.", ErrorKind::Metaspace),
            ("Getting OOM: Java heap space on the workers since the upgrade", ErrorKind::HeapSpace),
            (
                "배포 후 `java.lang.OutOfMemoryError: Java heap space`가 발생했는데 어떻게 해결하나요?",
                ErrorKind::HeapSpace,
            ),
            ("새벽마다 OutOfMemoryError: Metaspace 로 서버가 죽습니다.", ErrorKind::Metaspace),
            (
                "로그를 보니 java.lang.OutOfMemoryError: GC overhead limit exceeded 에러가 찍혀 있었습니다.",
                ErrorKind::GcOverhead,
            ),
            ("빌드하면 java.lang.OutOfMemoryError: Metaspace 에러가 나는데 도와주세요.", ErrorKind::Metaspace),
            ("Jenkins dies every few days with an \"OutOfMemoryError: Metaspace\".", ErrorKind::Metaspace),
            (
                "It throws an exception java.lang.OutOfMemoryError: Java heap space after 10 minutes.",
                ErrorKind::HeapSpace,
            ),
            (
                "Unfortunately the import aborts with OutOfMemoryError: Java heap space every time.",
                ErrorKind::HeapSpace,
            ),
            ("昨夜 java.lang.OutOfMemoryError: Java heap space が発生しました。", ErrorKind::HeapSpace),
            ("バッチを流すと「java.lang.OutOfMemoryError: Metaspace」で落ちます。", ErrorKind::Metaspace),
            ("线上服务今天早上报错 java.lang.OutOfMemoryError: Java heap space，怎么解决？", ErrorKind::HeapSpace),
            ("启动之后抛出了java.lang.OutOfMemoryError：Metaspace。", ErrorKind::Metaspace),
            (
                "Seit dem Update bekommen wir jede Nacht java.lang.OutOfMemoryError: Java heap space.",
                ErrorKind::HeapSpace,
            ),
            ("Der Dienst ist mit OutOfMemoryError: Metaspace abgestürzt.", ErrorKind::Metaspace),
            ("Al arrancar me da java.lang.OutOfMemoryError: Java heap space.", ErrorKind::HeapSpace),
            ("После часа работы сервис падает с java.lang.OutOfMemoryError: Java heap space.", ErrorKind::HeapSpace),
            ("У нас приложение выбрасывает OutOfMemoryError: GC overhead limit exceeded", ErrorKind::GcOverhead),
        ] {
            let told = told(text);
            if told.iter().map(|(kind, _)| *kind).ne([kind]) {
                wrong.push(format!("not believed: {text}"));
            }
            if !crate::formats::read_alone(&FORMAT, text).java_errors.is_empty() {
                wrong.push(format!("taken for a line of a log: {text}"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn what_explains_advises_denies_or_asks_in_general_is_not_believed() {
        let mut wrong = Vec::new();
        for text in [
            "How to avoid java.lang.OutOfMemoryError: Java heap space",
            "How can I fix the OutOfMemoryError: Java heap space?",
            "If you see OutOfMemoryError: Metaspace, raise -XX:MaxMetaspaceSize.",
            "A full old generation can throw OutOfMemoryError: Java heap space.",
            "The JVM throws java.lang.OutOfMemoryError: GC overhead limit exceeded when 98% of the time goes into GC.",
            "With -XX:+HeapDumpOnOutOfMemoryError: Java heap space is dumped.",
            "## We get OutOfMemoryError: Java heap space",
            "java.lang.OutOfMemoryError: Metaspace explained",
            "With the new limit we no longer get OutOfMemoryError: Metaspace.",
            "We don't get an OutOfMemoryError: Java heap space, the process just grows.",
            "} catch (OutOfMemoryError e) {",
            "throw new OutOfMemoryError(\"Java heap space\");",
            "// we get OutOfMemoryError: Java heap space here",
            "In this article we see how OutOfMemoryError: Metaspace comes about.",
            "It would fail with an OutOfMemoryError: Java heap space instead of being killed.",
            "Will my service get an OutOfMemoryError: Direct buffer memory?",
            "There are many kinds of errors, such as OutOfMemoryError: unable to create new native thread.",
            "OutOfMemoryError: Java heap space means that the heap is full.",
            "OutOfMemoryError: Java heap space occurs when the heap is too small.",
            "We saw java.lang.OutOfMemoryError in production.",
            "힙이 부족하면 OutOfMemoryError: Java heap space가 발생할 수 있습니다.",
            "OutOfMemoryError: Metaspace가 발생하면 MaxMetaspaceSize를 올립니다.",
            "OutOfMemoryError: Java heap space 해결 방법을 정리했습니다.",
            "java.lang.OutOfMemoryError: Java heap space가 발생했을 때 확인할 것들",
            "이제 OutOfMemoryError: Metaspace가 나지 않습니다.",
            "OutOfMemoryError: Java heap space が発生した場合の対処法",
            "OutOfMemoryError: Java heap space とは",
            "Metaspace が不足すると OutOfMemoryError: Metaspace が発生します。",
            "Most developers get java.lang.OutOfMemoryError: Java heap space sooner or later.",
            "A java.lang.OutOfMemoryError: Java heap space is thrown when there is no room for an object.",
            "OutOfMemoryError: Java heap space 에러는 힙이 가득 찼을 때 발생합니다.",
            "OutOfMemoryError: Metaspace が発生する原因",
            "当堆内存不足时，会抛出 OutOfMemoryError: Java heap space。",
            "如何解决 java.lang.OutOfMemoryError: Java heap space",
            "Wenn man OutOfMemoryError: Java heap space bekommt, hilft mehr Heap.",
            "Wie kann ich OutOfMemoryError: Metaspace vermeiden?",
            "Cómo evitar java.lang.OutOfMemoryError: Java heap space",
            "Если приложение падает с OutOfMemoryError: Java heap space, увеличьте -Xmx.",
            "Как исправить java.lang.OutOfMemoryError: Java heap space",
        ] {
            if !told(text).is_empty() {
                wrong.push(text);
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn its_place_is_where_it_stands_and_one_of_a_kind_is_kept() {
        let mut out = Readings::default();
        read(&Line::of("Then we got OutOfMemoryError: Metaspace, and later I got `OOM (Java heap space)`."), &mut out);
        read(&Line { number: 2, ..Line::of("We got OutOfMemoryError: Metaspace again.") }, &mut out);
        let places: Vec<_> = out.told.iter().filter_map(|error| error.at.get("message")).collect();
        assert_eq!(
            places.iter().map(|span| (span.line, span.start, span.end)).collect::<Vec<_>>(),
            [(1, 12, 39), (1, 58, 78)]
        );
        assert_eq!(
            out.told.last().map(|error| error.message.as_str()),
            Some("java.lang.OutOfMemoryError: Java heap space")
        );
    }
}
