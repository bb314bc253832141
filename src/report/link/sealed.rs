//! A link under a passphrase: the frame around what is encrypted. Who encrypts is the caller's matter.
//!
//! ```text
//! 2.<base64url>
//!   1 byte    scheme: 1
//!   4 bytes   iterations, most significant byte first
//!   16 bytes  salt
//!   12 bytes  nonce
//!   the rest  the link that is inside, encrypted, and a tag of 16 bytes
//! ```
//!
//! Scheme 1: the key is PBKDF2 with HMAC-SHA-256 of the passphrase (UTF-8, NFC), 256 bits; the cipher is AES-GCM, which
//! authenticates the bytes before what is encrypted, too. Inside stands a link, its version and point as text, the rest
//! as the bytes that base64url stands for.

use super::pack;
use crate::report::opened::LinkError;

/// Sealed links start with it.
pub(super) const VERSION: &str = "2.";
const SCHEME: u8 = 1;
/// What OWASP asks of PBKDF2 with HMAC-SHA-256.
pub const ITERATIONS: u32 = 600_000;
/// A link must not keep a browser busy for minutes.
const MOST_ITERATIONS: u32 = 6_000_000;
/// Characters of a sealed link.
const MOST_CHARS: usize = 200_000;
/// Bytes of the tag.
const TAG: usize = 16;

/// A sealed link, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// How often the passphrase goes through HMAC.
    pub iterations: u32,
    /// Random, for this link only.
    pub salt: [u8; 16],
    /// Random, for this link only.
    pub nonce: [u8; 12],
    /// What is encrypted, and its tag.
    pub content: Vec<u8>,
}

/// True if a link is under a passphrase.
pub fn is_sealed(link: &str) -> bool {
    link.starts_with(VERSION)
}

impl Sealed {
    /// Takes a link apart.
    pub fn read(link: &str) -> Result<Sealed, LinkError> {
        let letters = link.strip_prefix(VERSION).ok_or(LinkError::Damaged)?;
        if letters.len() > MOST_CHARS {
            return Err(LinkError::TooLarge);
        }
        let bytes = pack::from_letters(letters).ok_or(LinkError::Damaged)?;
        match bytes.split_first() {
            Some((scheme, rest)) if *scheme == SCHEME => Sealed::of(rest).ok_or(LinkError::Damaged),
            Some(_) => Err(LinkError::TooNew),
            None => Err(LinkError::Damaged),
        }
    }

    /// `None` if something is missing or out of bounds.
    fn of(bytes: &[u8]) -> Option<Sealed> {
        let (iterations, rest) = bytes.split_first_chunk::<4>()?;
        let (salt, rest) = rest.split_first_chunk::<16>()?;
        let (nonce, content) = rest.split_first_chunk::<12>()?;
        let iterations = u32::from_be_bytes(*iterations);
        let in_bounds = (ITERATIONS..=MOST_ITERATIONS).contains(&iterations) && content.len() > TAG;
        in_bounds.then(|| Sealed { iterations, salt: *salt, nonce: *nonce, content: content.to_vec() })
    }

    /// Puts the link together.
    pub fn write(&self) -> String {
        let bytes = [self.head().as_slice(), &self.content].concat();
        format!("{VERSION}{}", pack::to_letters(&bytes))
    }

    /// The bytes before what is encrypted, which are authenticated with it.
    pub fn head(&self) -> Vec<u8> {
        [&[SCHEME][..], &self.iterations.to_be_bytes(), &self.salt, &self.nonce].concat()
    }
}

/// What is encrypted of a link. `None` if it is none.
pub fn plain(link: &str) -> Option<Vec<u8>> {
    let (version, letters) = link.split_once('.')?;
    Some([version.as_bytes(), b".", &pack::from_letters(letters)?].concat())
}

/// The link that was inside. `None` if it was none, or was sealed itself.
pub fn link(plain: &[u8]) -> Option<String> {
    let point = plain.iter().take(8).position(|byte| *byte == b'.')?;
    let (version, rest) = plain.split_at_checked(point)?;
    let version = std::str::from_utf8(version).ok()?;
    let link = format!("{version}.{}", pack::to_letters(rest.get(1..)?));
    (!is_sealed(&link)).then_some(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed() -> Sealed {
        Sealed { iterations: ITERATIONS, salt: [7; 16], nonce: [9; 12], content: vec![1; TAG + 1] }
    }

    #[test]
    fn a_frame_is_read_as_it_was_written() {
        assert_eq!(Sealed::read(&sealed().write()), Ok(sealed()));
        assert!(is_sealed(&sealed().write()));
    }

    #[test]
    fn a_frame_out_of_bounds_is_refused() {
        for (iterations, length) in [(ITERATIONS - 1, 99), (MOST_ITERATIONS + 1, 99), (u32::MAX, 99), (ITERATIONS, TAG)]
        {
            let frame = Sealed { iterations, content: vec![0; length], ..sealed() };
            assert_eq!(Sealed::read(&frame.write()), Err(LinkError::Damaged), "{iterations}, {length}");
        }
        let link = sealed().write();
        for end in 0..link.len() {
            assert!(Sealed::read(link.get(..end).unwrap_or_default()).is_err(), "cut at {end}");
        }
        let later = pack::to_letters(&[SCHEME + 1, 0, 0]);
        assert_eq!(Sealed::read(&format!("{VERSION}{later}")), Err(LinkError::TooNew));
        assert_eq!(Sealed::read(&format!("{VERSION}{}", "A".repeat(MOST_CHARS + 1))), Err(LinkError::TooLarge));
    }

    #[test]
    fn a_link_survives_without_its_letters() {
        let open = format!("1.{}", pack::pack(b"readings"));
        let bytes = plain(&open).expect("a link");
        assert!(bytes.len() < open.len());
        assert_eq!(link(&bytes), Some(open));
        assert_eq!(link(&plain(&sealed().write()).expect("a link")), None, "not twice");
        assert_eq!((plain("no link"), link(b"no link at all")), (None, None));
    }
}
