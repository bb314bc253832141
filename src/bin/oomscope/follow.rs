//! Incidents as lines of JSON, out of files, standard input, and logs that go on.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use oomscope::i18n::{Language, fill};
use oomscope::report::redact::redact;
use oomscope::stream::{Incident, Position, Seen, Settings, Stream};

use crate::input::{self, Given};
use crate::output::{self, named};
use crate::state::{Place, State};

/// Bytes that are read at once.
const CHUNK: usize = 1 << 18;
/// Chunks of one input before the others have their turn.
const TURN: usize = 16;
/// How long nothing is looked for where nothing came.
const NAP: Duration = Duration::from_millis(100);
/// How often the state is written while nothing is told.
const KEEPING: Duration = Duration::from_secs(10);
/// Bytes that tell whether a file is still the same.
const HEAD: usize = 64;
/// The system's number for records of the kernel that were overwritten before they were read.
const EPIPE: i32 = 32;

/// What is wanted.
pub struct Wanted<'a> {
    pub files: &'a [OsString],
    pub language: Language,
    pub host: Option<String>,
    pub numbers_only: bool,
    /// Goes on where the inputs end.
    pub follows: bool,
    pub state: Option<&'a OsStr>,
}

/// What came of it.
#[derive(Default)]
pub struct Done {
    /// Incidents told.
    pub told: u64,
    /// True if something could not be read.
    pub failed: bool,
}

impl Wanted<'_> {
    fn settings(&self, source: &str) -> Settings {
        let (language, host) = (self.language, self.host.clone());
        Settings { source: source.to_owned(), language, host, numbers_only: self.numbers_only }
    }
}

/// Where lines go, each at once.
#[derive(Default)]
struct Sink {
    seen: Seen,
    told: u64,
    failed: Option<io::Error>,
}

impl Sink {
    fn tell(&mut self, incident: &Incident) {
        if self.failed.is_some() || !self.seen.is_new(&incident.id) {
            return;
        }
        self.told += 1;
        let mut out = io::stdout().lock();
        self.failed = writeln!(out, "{}", incident.line()).and_then(|()| out.flush()).err();
    }

    /// True if nobody reads any more.
    fn is_closed(&self) -> Result<bool, String> {
        match &self.failed {
            None => Ok(false),
            Some(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(true),
            Some(error) => Err(error.to_string()),
        }
    }
}

/// Tells the incidents of all inputs.
pub fn run(wanted: &Wanted<'_>) -> Result<Done, String> {
    if wanted.follows { follow(wanted) } else { read(wanted) }
}

/// Reads every input to its end, one after the other.
fn read(wanted: &Wanted<'_>) -> Result<Done, String> {
    let mut sink = Sink::default();
    let mut done = Done::default();
    for path in wanted.files {
        if let Err(problem) = read_one(path, wanted, &mut sink) {
            output::complain(&problem);
            done.failed = true;
        }
        if sink.is_closed()? {
            break;
        }
    }
    done.told = sink.told;
    Ok(done)
}

fn read_one(path: &OsStr, wanted: &Wanted<'_>, sink: &mut Sink) -> Result<(), String> {
    let wrong = |error: io::Error| format!("{}: {}", named(path), input::told(&error, wanted.language));
    match input::given(path, wanted.language)? {
        Given::Report(report) => {
            let report = if wanted.numbers_only { redact(&report, false).report } else { *report };
            Incident::of_report(&report, wanted.language).iter().for_each(|incident| sink.tell(incident));
            Ok(())
        }
        Given::Texts(texts) => {
            for (name, text) in texts {
                stream(&mut text.as_bytes(), wanted.settings(&name), sink).map_err(wrong)?;
            }
            Ok(())
        }
        Given::Bytes(mut bytes) => stream(&mut bytes, wanted.settings(&path.to_string_lossy()), sink).map_err(wrong),
    }
}

fn stream(from: &mut dyn Read, settings: Settings, sink: &mut Sink) -> io::Result<()> {
    let mut stream = Stream::new(settings, Position::default());
    let mut chunk = vec![0; CHUNK];
    let ended = loop {
        match from.read(&mut chunk) {
            Ok(0) => break Ok(()),
            Ok(read) => {
                let bytes = chunk.get(..read).unwrap_or_default();
                stream.feed(bytes, Duration::ZERO, &mut |incident| sink.tell(&incident));
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break Err(error),
        }
        if sink.failed.is_some() {
            return Ok(());
        }
    };
    stream.finish(Duration::ZERO, &mut |incident| sink.tell(&incident));
    ended
}

/// Follows all inputs at once, until each of them ended. Files never do.
fn follow(wanted: &Wanted<'_>) -> Result<Done, String> {
    let start = Instant::now();
    let mut state = wanted.state.map(State::read).transpose()?.unwrap_or_default();
    let mut sink = Sink::default();
    state.seen.iter().for_each(|id| {
        sink.seen.is_new(id);
    });
    let mut inputs: Vec<Input> = wanted.files.iter().map(|path| Input::open(path, wanted, &state)).collect();
    let mut kept_at = Duration::ZERO;
    let mut failed = false;
    loop {
        let (mut is_busy, told) = (false, sink.told);
        for input in &mut inputs {
            match input.turn(start.elapsed(), &mut sink) {
                Ok(came) => is_busy |= came,
                Err(problem) => {
                    output::complain(&format!("{}: {problem}", named(&input.name)));
                    failed = true;
                    input.end(start.elapsed(), &mut sink);
                }
            }
        }
        let is_over = inputs.iter().all(|input| matches!(input.from, From::Ended));
        let closed = sink.is_closed()?;
        let now = start.elapsed();
        // What was written is noted afterwards: killed between both, it is told twice with one id, and never lost.
        if let Some(path) = wanted.state.filter(|_| !closed)
            && (sink.told > told || is_over || now.saturating_sub(kept_at) >= KEEPING)
        {
            kept_at = now;
            state.seen = sink.seen.ids().map(str::to_owned).collect();
            for input in &inputs {
                input.keep(&mut state);
            }
            state.write(path)?;
        }
        if is_over || closed {
            return Ok(Done { told: sink.told, failed });
        }
        if !is_busy {
            thread::sleep(NAP);
        }
    }
}

/// One input that is followed.
struct Input {
    name: OsString,
    stream: Stream,
    from: From,
    chunk: Vec<u8>,
}

enum From {
    File(Tail),
    /// What another thread reads, since reading waits.
    Pipe(Receiver<io::Result<Vec<u8>>>),
    Ended,
}

impl Input {
    fn open(path: &OsStr, wanted: &Wanted<'_>, state: &State) -> Input {
        let settings = wanted.settings(&path.to_string_lossy());
        let is_file = path != "-" && std::fs::metadata(path).map_or(true, |known| known.is_file());
        let (from, position) = if is_file {
            let (tail, position) = Tail::open(Path::new(path), state.place(path), wanted.language);
            (From::File(tail), position)
        } else {
            (From::Pipe(pipe(path.to_owned())), Position::default())
        };
        Input { name: path.to_owned(), stream: Stream::new(settings, position), from, chunk: vec![0; CHUNK] }
    }

    /// Reads what came. True if something did.
    fn turn(&mut self, now: Duration, sink: &mut Sink) -> Result<bool, String> {
        let mut tell = |incident: Incident| sink.tell(&incident);
        let mut came = false;
        for _ in 0..TURN {
            let is_over = match &mut self.from {
                From::Ended => return Ok(false),
                From::File(tail) => match tail.read(&mut self.chunk).map_err(|error| error.to_string())? {
                    Came::Nothing => break,
                    Came::NextFile => {
                        self.stream.next_file(now);
                        false
                    }
                    Came::Bytes(read) => {
                        self.stream.feed(self.chunk.get(..read).unwrap_or_default(), now, &mut tell);
                        false
                    }
                },
                From::Pipe(pipe) => match pipe.try_recv() {
                    Ok(Ok(bytes)) => {
                        self.stream.feed(&bytes, now, &mut tell);
                        false
                    }
                    Ok(Err(error)) => return Err(error.to_string()),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => true,
                },
            };
            came = true;
            if is_over {
                self.end(now, sink);
                return Ok(true);
            }
        }
        self.stream.tick(now, &mut tell);
        Ok(came)
    }

    fn end(&mut self, now: Duration, sink: &mut Sink) {
        self.stream.finish(now, &mut |incident| sink.tell(&incident));
        self.from = From::Ended;
    }

    /// Notes from where to read it again.
    fn keep(&self, state: &mut State) {
        let From::File(tail) = &self.from else { return };
        let Position { file, offset, lines } = self.stream.position();
        if let Some((_, known)) = tail.known.iter().find(|(nth, _)| *nth == file) {
            let head = known.head.clone();
            state.set(&self.name, Place { device: known.device, inode: known.inode, offset, lines, head });
        }
    }
}

/// Reads what waits for its bytes in a thread of its own, which is some chunks ahead at most.
fn pipe(path: OsString) -> Receiver<io::Result<Vec<u8>>> {
    let (to, from) = sync_channel(4);
    thread::spawn(move || {
        let mut file: Box<dyn Read> = match path == "-" {
            true => Box::new(io::stdin()),
            false => match File::open(&path) {
                Ok(file) => Box::new(file),
                Err(error) => {
                    let _ = to.send(Err(error));
                    return;
                }
            },
        };
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = match file.read(&mut chunk) {
                Ok(0) => return,
                Ok(read) => Ok(chunk.get(..read).unwrap_or_default().to_vec()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                // Records of the kernel that nobody can read any more.
                Err(error) if error.raw_os_error() == Some(EPIPE) && path != "-" => continue,
                Err(error) => Err(error),
            };
            let is_last = read.is_err();
            if to.send(read).is_err() || is_last {
                return;
            }
        }
    });
    from
}

/// What tells a file from another of its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Known {
    device: u64,
    inode: u64,
    /// Its first bytes.
    head: Vec<u8>,
}

/// What came of a file.
enum Came {
    Nothing,
    Bytes(usize),
    /// Another file has its name, or it begins anew.
    NextFile,
}

/// A file that is followed by its name, as `tail -F` does.
struct Tail {
    path: PathBuf,
    file: Option<File>,
    offset: u64,
    /// Files that were read, the last one now, by the number that the stream gives them.
    known: VecDeque<(u64, Known)>,
    /// True if the file that was read until now is another one.
    was_read: bool,
}

impl Tail {
    /// At its beginning, or where it was left, be it by another name by now.
    fn open(path: &Path, place: Option<&Place>, language: Language) -> (Tail, Position) {
        let mut tail = Tail { path: path.to_owned(), file: None, offset: 0, known: VecDeque::new(), was_read: false };
        let left = place.and_then(|place| Some((place, left_file(path, place)?)));
        if let Some((place, mut file)) = left
            && file.seek(SeekFrom::Start(place.offset)).is_ok()
        {
            let known = Known { device: place.device, inode: place.inode, head: place.head.clone() };
            tail.known.push_back((0, known));
            tail.file = Some(file);
            tail.offset = place.offset;
            return (tail, Position { file: 0, offset: place.offset, lines: place.lines });
        }
        if File::open(path).is_err() {
            output::complain(&fill(language, "cli.waits", &[("name", &named(path.as_os_str()))]));
        }
        (tail, Position::default())
    }

    fn read(&mut self, chunk: &mut [u8]) -> io::Result<Came> {
        let Some(file) = &mut self.file else {
            return Ok(if self.opens() && self.was_read { Came::NextFile } else { Came::Nothing });
        };
        // Looked at first: what is written until it gets another name is still read below.
        let change = changed(file, &self.path, self.offset, self.known.back().map(|(_, known)| known));
        if change == Change::Anew {
            self.file = None;
            self.was_read = true;
            return Ok(if self.opens() { Came::NextFile } else { Came::Nothing });
        }
        let read = loop {
            match file.read(chunk) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        if read == 0 && change == Change::OtherFile {
            self.file = None;
            self.was_read = true;
            return Ok(if self.opens() { Came::NextFile } else { Came::Nothing });
        }
        if let Some((_, known)) = self.known.back_mut().filter(|(_, known)| known.head.len() < HEAD)
            && known.head.len() as u64 == self.offset
        {
            let room = HEAD - known.head.len();
            known.head.extend(chunk.iter().take(read.min(room)));
        }
        self.offset += read as u64;
        Ok(if read == 0 { Came::Nothing } else { Came::Bytes(read) })
    }

    /// Opens the file of that name. False if there is none.
    fn opens(&mut self) -> bool {
        let Ok(file) = File::open(&self.path) else { return false };
        let (device, inode) = numbers(&file);
        let nth = self.known.back().map_or(0, |(nth, _)| nth + 1);
        self.known.push_back((nth, Known { device, inode, head: Vec::new() }));
        // The stream waits in one file, and goes on in the next.
        while self.known.len() > 8 {
            self.known.pop_front();
        }
        (self.file, self.offset) = (Some(file), 0);
        true
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    None,
    /// Its name is that of another file.
    OtherFile,
    /// It became shorter, or begins with other bytes.
    Anew,
}

fn changed(file: &File, path: &Path, offset: u64, known: Option<&Known>) -> Change {
    let length = file.metadata().map_or(offset, |known| known.len());
    let begins_anew = known.is_some_and(|known| !begins_with(file, &known.head));
    if length < offset || begins_anew {
        return Change::Anew;
    }
    match File::open(path) {
        Ok(other) if numbers(&other) != numbers(file) => Change::OtherFile,
        _ => Change::None,
    }
}

/// Where a place is to be read on: the file of that name, or the one that it became.
fn left_file(path: &Path, place: &Place) -> Option<File> {
    let is_it = |file: &File| {
        let length = file.metadata().map_or(0, |known| known.len());
        numbers(file) == (place.device, place.inode) && length >= place.offset && begins_with(file, &place.head)
    };
    if let Some(file) = File::open(path).ok().filter(is_it) {
        return Some(file);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let stem = path.file_name()?.to_string_lossy().into_owned();
    let others = std::fs::read_dir(folder).ok()?.flatten();
    let rotated = others.filter(|other| other.file_name().to_string_lossy().starts_with(&stem));
    rotated.filter_map(|other| File::open(other.path()).ok()).find(is_it)
}

#[cfg(unix)]
fn numbers(file: &File) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    file.metadata().map_or((0, 0), |known| (known.dev(), known.ino()))
}

#[cfg(not(unix))]
fn numbers(_: &File) -> (u64, u64) {
    (0, 0)
}

#[cfg(unix)]
fn begins_with(file: &File, head: &[u8]) -> bool {
    use std::os::unix::fs::FileExt as _;
    let mut now = vec![0; head.len()];
    file.read_exact_at(&mut now, 0).is_ok() && now == head
}

#[cfg(not(unix))]
fn begins_with(_: &File, _: &[u8]) -> bool {
    true
}
