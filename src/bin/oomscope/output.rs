//! Where the report goes. A file is replaced as a whole or stays as it was, and what is printed cannot command a terminal.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use oomscope::visible::{shown, shown_line};

/// Names that stand for standard output on Unix: what is there already goes on.
const STDOUT: [&str; 3] = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];
/// Links from one name to the next, as many as Linux follows.
const MAX_LINKS: usize = 40;
/// Other writers in the same folder at the same moment.
const MAX_TRIES: u32 = 100;

/// Prints a report for people.
pub fn print(text: &str) -> io::Result<()> {
    print_bytes(shown(text).as_bytes())
}

/// Prints what programs read: as it is for them, and like a report where a terminal shows it.
pub fn print_for_programs(text: &str) -> io::Result<()> {
    if io::stdout().is_terminal() { print(text) } else { print_bytes(text.as_bytes()) }
}

/// A name in a message: one line, whatever stands in it.
pub fn named(name: &OsStr) -> String {
    shown_line(&name.to_string_lossy()).into_owned()
}

/// Prints a problem, each of its lines as one of ours.
pub fn complain(problem: &str) {
    for line in problem.split('\n') {
        // Where nobody hears it, the exit code tells.
        let _ = writeln!(io::stderr(), "oomscope: {}", shown_line(line));
    }
}

/// Whoever reads standard output may have read enough.
fn print_bytes(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Writes a file: beside it first, so that it is there as a whole, or what was there before. What is no file (a pipe, a device) is
/// written to as it is.
pub fn write(path: &OsStr, text: &str) -> io::Result<()> {
    if STDOUT.iter().any(|name| path == *name) {
        return print_for_programs(text);
    }
    let path = behind_links(Path::new(path))?;
    match fs::metadata(&path) {
        Ok(known) if known.is_file() && !is_of_system(&path) => replace(&path, text, Some(&known)),
        Ok(known) if known.is_dir() => Err(ErrorKind::IsADirectory.into()),
        Ok(_) => OpenOptions::new().write(true).open(&path)?.write_all(text.as_bytes()),
        Err(error) if error.kind() == ErrorKind::NotFound => replace(&path, text, None),
        Err(error) => Err(error),
    }
}

/// What Unix names like files, and where nothing can stand beside them.
fn is_of_system(path: &Path) -> bool {
    cfg!(unix) && ["/dev/fd", "/proc"].iter().any(|folder| path.starts_with(folder))
}

/// The file that a name leads to, which need not be there.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        if is_of_system(&path) || !fs::symlink_metadata(&path).is_ok_and(|known| known.is_symlink()) {
            return Ok(path);
        }
        let next = fs::read_link(&path)?;
        path = path.parent().map_or_else(|| next.clone(), |folder| folder.join(&next));
    }
    Err(io::Error::other("too many symbolic links"))
}

fn replace(path: &Path, text: &str, known: Option<&Metadata>) -> io::Result<()> {
    let (beside, mut file) = create_beside(path)?;
    let written = known
        .map_or(Ok(()), |known| adopt(&file, known))
        .and_then(|()| file.write_all(text.as_bytes()))
        // A disk that is full may say so only here.
        .and_then(|()| file.sync_all());
    drop(file);
    let written = written.and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // It is ours and holds nothing whole; if it cannot go, the reason is the one that is told.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// A new file in the same folder.
fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut nth = 0;
    loop {
        let beside = folder.join(format!(".oomscope-{}-{nth}", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&beside) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists && nth < MAX_TRIES => nth += 1,
            opened => return opened.map(|file| (beside, file)),
        }
    }
}

/// Gives a file the owner, as far as that is allowed, and the permissions of the one that it will replace.
fn adopt(file: &File, known: &Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, fchown};
        let ours = file.metadata()?;
        if (ours.uid(), ours.gid()) != (known.uid(), known.gid()) {
            let _ = fchown(file, Some(known.uid()), Some(known.gid()));
        }
    }
    file.set_permissions(known.permissions())
}

/// The first input that the output would overwrite, whatever the names of both.
pub fn overwritten<'i>(output: &OsStr, inputs: &'i [OsString]) -> Option<&'i OsStr> {
    let output = identity(Path::new(output))?;
    inputs.iter().map(OsString::as_os_str).find(|input| {
        let input = if *input == "-" { identity_of_stdin() } else { identity(Path::new(input)) };
        input.as_ref() == Some(&output)
    })
}

/// What is the same for all names of a file. `None` for what is no file.
#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    fs::metadata(path).ok().and_then(|known| number(&known))
}

#[cfg(unix)]
fn identity_of_stdin() -> Option<(u64, u64)> {
    use std::os::fd::AsFd as _;
    let stdin = io::stdin().as_fd().try_clone_to_owned().ok()?;
    File::from(stdin).metadata().ok().and_then(|known| number(&known))
}

#[cfg(unix)]
fn number(known: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    known.is_file().then(|| (known.dev(), known.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<PathBuf> {
    fs::metadata(path).ok().filter(Metadata::is_file)?;
    fs::canonicalize(path).ok()
}

#[cfg(not(unix))]
fn identity_of_stdin() -> Option<PathBuf> {
    None
}
