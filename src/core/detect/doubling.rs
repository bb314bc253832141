//! Lines that copying put between the lines of a text: a blank one behind each (Word, mail programs, CR CR LF), or each line
//! once more (a log with two loggers). Readers get the text without them; line numbers stay as they are.
//!
//! A few lines are held back until so many in a row look like this that it is no accident. What does not go on like that is handed
//! over as it came.

/// Lines with a blank one behind each that are no accident, sentences not counted: paragraphs of one line look the same.
const MIN_SPACED: u32 = 8;
/// The same if the whole source looks like that.
const MIN_SPACED_WHOLE: u32 = 3;
/// What pairs of equal lines count together to be no accident: [`WORDS`] for one with words, 1 for a row of numbers. A JVM with
/// nothing to do gives the same row again and again, so that equal pairs without a heading count nothing.
const MIN_TWICE: u32 = 12;
/// The same if the whole source looks like that.
const MIN_TWICE_WHOLE: u32 = 6;
/// See [`MIN_TWICE`].
const WORDS: u32 = 2;
/// Lines in a row that stand once where all others stand twice, of which one logger has lost one.
const MAX_SINGLE: u32 = 2;
/// Lines and bytes held back at most.
const MAX_HELD: usize = 64;
const MAX_HELD_BYTES: usize = 1 << 18;

/// What a line is in its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// A line of the text.
    Own,
    /// One that copying put there.
    Between,
}

/// What stands behind every line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Blank,
    Twice,
}

/// Where a stretch is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Nothing to see.
    #[default]
    Plain,
    /// Lines are held back.
    Suspected(Kind),
    /// So it is.
    Known(Kind),
}

struct Held {
    number: u32,
    text: String,
    copied: Copied,
}

type Each<'e> = dyn FnMut(u32, &str, Copied) + 'e;

/// Tells which lines of a source copying put there.
#[derive(Default)]
pub struct Doubling {
    state: State,
    held: Vec<Held>,
    held_bytes: usize,
    points: u32,
    /// The stretch began with the first line.
    whole: bool,
    /// The last line that was not blank; of a pair the first.
    previous: String,
    /// Blank lines since then.
    blanks: u32,
    /// Another line has come since `previous` stood twice, and is the new one.
    is_first: bool,
    /// Lines since one stood twice.
    single: u32,
}

impl Doubling {
    /// Takes the next line; hands over those of which it is known what they are.
    pub fn line(&mut self, number: u32, text: &str, each: &mut Each<'_>) {
        let is_blank = is_blank(text);
        match self.state {
            State::Plain => self.plain(number, text, is_blank, each),
            State::Suspected(kind) => {
                let told = match kind {
                    Kind::Blank => self.spaced(text, is_blank),
                    Kind::Twice => self.twice(text),
                };
                match told {
                    Some(copied) => self.hold(kind, number, text, copied, each),
                    None => {
                        self.release(false, each);
                        self.plain(number, text, is_blank, each);
                    }
                }
            }
            State::Known(Kind::Blank) => match self.spaced(text, is_blank) {
                Some(copied) => each(number, text, copied),
                // Two lines without a blank one between them.
                None if self.blanks == 0 => self.plain(number, text, is_blank, each),
                None => {
                    self.blanks = 0;
                    self.keep(text);
                    each(number, text, Copied::Own);
                }
            },
            State::Known(Kind::Twice) => match self.twice(text) {
                Some(copied) => {
                    self.single = if copied == Copied::Between { 0 } else { self.single };
                    each(number, text, copied);
                }
                None if self.single < MAX_SINGLE => {
                    self.single += 1;
                    self.keep(text);
                    each(number, text, Copied::Own);
                }
                None => self.plain(number, text, is_blank, each),
            },
        }
    }

    /// The source has ended.
    pub fn finish(mut self, each: &mut Each<'_>) {
        let enough = match self.state {
            State::Suspected(Kind::Blank) => self.points >= MIN_SPACED_WHOLE,
            State::Suspected(Kind::Twice) => self.points >= MIN_TWICE_WHOLE && !self.is_first,
            State::Plain | State::Known(_) => false,
        };
        self.release(enough && self.whole, each);
    }

    /// A line of a text in which nothing is known to stand between lines.
    fn plain(&mut self, number: u32, text: &str, is_blank: bool, each: &mut Each<'_>) {
        self.state = State::Plain;
        if !is_blank && text == self.previous && self.blanks == 0 {
            self.whole = number == 2;
            self.points = points_of_pair(text);
            self.is_first = false;
            self.hold(Kind::Twice, number, text, Copied::Between, each);
        } else if is_blank && !self.previous.is_empty() && self.blanks == 0 {
            self.whole = number == 2;
            self.points = u32::from(!is_sentence(&self.previous));
            self.blanks = 1;
            self.hold(Kind::Blank, number, text, Copied::Between, each);
        } else {
            if is_blank {
                self.blanks = self.blanks.saturating_add(1);
            } else {
                self.blanks = 0;
                self.keep(text);
            }
            each(number, text, Copied::Own);
        }
    }

    /// A line where a blank one should stand behind every line: of three in a row, the one in the middle is the text's own. `None`
    /// for a line above which none stands, or one too many.
    fn spaced(&mut self, text: &str, is_blank: bool) -> Option<Copied> {
        if is_blank {
            self.blanks = self.blanks.saturating_add(1);
            return Some(if self.blanks % 2 == 1 { Copied::Between } else { Copied::Own });
        }
        let odd = self.blanks % 2 == 1;
        if odd {
            self.blanks = 0;
            self.points = self.points.saturating_add(u32::from(!is_sentence(text)));
            self.keep(text);
        }
        odd.then_some(Copied::Own)
    }

    /// A line where every line should stand twice. `None` if the one before it stands once.
    fn twice(&mut self, text: &str) -> Option<Copied> {
        if !self.is_first {
            let counts = text != self.previous || self.points >= WORDS;
            let points = if counts { points_of_pair(text) } else { 0 };
            self.points = self.points.saturating_add(points);
            self.keep(text);
            self.is_first = true;
            return Some(Copied::Own);
        }
        let same = text == self.previous;
        self.is_first = !same;
        same.then_some(Copied::Between)
    }

    fn keep(&mut self, text: &str) {
        self.previous.clear();
        self.previous.push_str(text);
    }

    fn hold(&mut self, kind: Kind, number: u32, text: &str, copied: Copied, each: &mut Each<'_>) {
        self.state = State::Suspected(kind);
        self.held_bytes += text.len();
        self.held.push(Held { number, text: text.to_owned(), copied });
        let enough = match kind {
            Kind::Blank => MIN_SPACED,
            Kind::Twice => MIN_TWICE,
        };
        if self.points >= enough && copied == Copied::Between {
            self.release(true, each);
            self.single = 0;
            self.state = State::Known(kind);
        } else if self.held.len() >= MAX_HELD || self.held_bytes > MAX_HELD_BYTES {
            self.release(false, each);
            self.state = State::Plain;
        }
    }

    fn release(&mut self, known: bool, each: &mut Each<'_>) {
        for Held { number, text, copied } in self.held.drain(..) {
            each(number, &text, if known { copied } else { Copied::Own });
        }
        self.held_bytes = 0;
    }
}

/// Nothing on it, but perhaps the mark of a quoted mail.
fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'>'))
}

/// Written for people: begins like a sentence, and hardly holds anything but words.
fn is_sentence(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_uppercase() || c.is_alphabetic() && !c.is_ascii());
    let is_word = |word: &&str| word.trim_matches(|c: char| c.is_ascii_punctuation()).chars().all(char::is_alphabetic);
    let words = text.split_ascii_whitespace().count();
    starts && words >= 4 && text.split_ascii_whitespace().filter(is_word).count() * 4 > words * 3
}

/// See [`MIN_TWICE`].
fn points_of_pair(text: &str) -> u32 {
    let is_number = |word: &&str| !word.bytes().any(|byte| byte.is_ascii_alphabetic());
    let numbers = text.split_ascii_whitespace().filter(is_number).count();
    match text.split_ascii_whitespace().count() {
        0 => 0,
        words if numbers * 2 > words => 1,
        _ => WORDS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of a text that are its own, by their numbers.
    fn own(lines: &[&str]) -> Vec<u32> {
        let mut own = Vec::new();
        let mut all = Vec::new();
        let mut each = |number: u32, text: &str, copied: Copied| {
            all.push(text.to_owned());
            if copied == Copied::Own {
                own.push(number);
            }
        };
        let mut doubling = Doubling::default();
        for (number, text) in (1..).zip(lines) {
            doubling.line(number, text, &mut each);
        }
        doubling.finish(&mut each);
        assert_eq!(all, lines, "every line is handed over, in order");
        own
    }

    const LOG: [&str; 10] = ["a: 1", "b: 2", "c: 3", "", "d: 4", "e: 5", "f: 6", "g: 7", "h: 8", "i: 9"];

    fn each_then(lines: &[&'static str], behind: impl Fn(&'static str) -> &'static str) -> Vec<&'static str> {
        lines.iter().flat_map(|line| [*line, behind(line)]).collect()
    }

    fn odd(count: u32) -> Vec<u32> {
        (0..count).map(|nth| nth * 2 + 1).collect()
    }

    #[test]
    fn a_blank_line_behind_every_line_is_not_the_texts_own() {
        assert_eq!(own(&each_then(&LOG, |_| "")), odd(10));
        assert_eq!(own(&each_then(&["a: 1", "b: 2", "c: 3"], |_| "")), odd(3), "a whole source needs fewer");
        assert_eq!(own(&each_then(&["> a: 1", "> b: 2", "> c: 3"], |_| ">")), odd(3));
    }

    #[test]
    fn every_line_twice_counts_once() {
        assert_eq!(own(&each_then(&LOG, |line| line)), odd(10));
        let mut lost = each_then(&LOG, |line| line);
        lost.remove(17);
        assert_eq!(own(&lost), [&odd(9)[..], &[18]].concat(), "one logger has lost a line");
    }

    #[test]
    fn a_text_goes_on_as_it_is_behind_a_stretch() {
        let mut text = each_then(&LOG, |_| "");
        text.extend(["x", "y", "", "z"]);
        assert_eq!(own(&text), [&odd(10)[..], &[21, 22, 23, 24]].concat());
        let mut text = each_then(&LOG, |line| line);
        text.extend(["v", "w", "x", "y", "z", "z"]);
        assert_eq!(own(&text), [&odd(10)[..], &[21, 22, 23, 24, 25, 26]].concat());
    }

    #[test]
    fn what_programs_print_stays() {
        let all = |lines: &[&str]| assert_eq!(own(lines).len(), lines.len(), "{lines:?}");
        all(&["a: 1", "", "b: 2", "c: 3", "", "d: 4"]);
        // Paragraphs of one line.
        all(&each_then(&["It was a long night for all of us."; 12], |_| ""));
        // A JVM with nothing to do, and one that does something in every other sample.
        all(&["S0C S1C", "1.0 2.0", "1.0 2.0", "1.0 2.0", "1.0 2.0", "1.0 2.0", "1.0 2.0", "1.0 2.0", "1.0 2.0"]);
        all(&["S0C S1C", "1 1", "1 1", "2 2", "2 2", "3 3", "3 3", "4 4", "4 4", "5 5", "5 5"]);
        all(&["at a.B.c(B.java:1)", "at a.B.c(B.java:1)", "at d.E.f(E.java:2)", "at d.E.f(E.java:2)"]);
        all(&["x 1", "x 1", "y 2"]);
    }
}
