//! Links under a passphrase, by another implementation of the same cryptography than the browser's.

#![cfg(not(target_arch = "wasm32"))]

use std::path::PathBuf;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use oomscope::report::link::sealed::{self, ITERATIONS, Sealed};
use oomscope::report::link::{self, LinkError};
use oomscope::report::open::{self, Opened};

/// The passphrase of the fixture.
const PASSPHRASE: &str = "힙은 512 MiB, correct horse";

fn cipher(frame: &Sealed, passphrase: &str) -> Aes256Gcm {
    let key: [u8; 32] =
        pbkdf2::pbkdf2_hmac_array::<sha2::Sha256, 32>(passphrase.as_bytes(), &frame.salt, frame.iterations);
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(key))
}

fn sealed(mut frame: Sealed, link: &str) -> Sealed {
    let plain = sealed::plain(link).expect("a link");
    let payload = Payload { msg: &plain, aad: &frame.head() };
    frame.content = cipher(&frame, PASSPHRASE).encrypt(&Nonce::from(frame.nonce), payload).expect("encrypts");
    frame
}

fn unsealed(frame: &Sealed, cipher: &Aes256Gcm) -> Option<String> {
    let payload = Payload { msg: &frame.content, aad: &frame.head() };
    sealed::link(&cipher.decrypt(&Nonce::from(frame.nonce), payload).ok()?)
}

fn fixture(name: &str) -> String {
    let path = PathBuf::from(format!("{}/tests/links/{name}.txt", env!("CARGO_MANIFEST_DIR")));
    std::fs::read_to_string(path).expect("a fixture").trim().to_owned()
}

fn link_in(address: &str) -> &str {
    address.split_once("#r=").expect("a link").1
}

#[test]
fn the_link_that_was_given_away_opens_with_its_passphrase_only() {
    let address = fixture("2-draft-numbers");
    let Some(Ok(Opened::Sealed(closed))) = open::text(&address) else { panic!("no sealed link") };
    let frame = Sealed::read(&closed).expect("a frame");
    let cipher = cipher(&frame, PASSPHRASE);
    let inside = unsealed(&frame, &cipher).expect("opens");
    assert_eq!(inside, link_in(&fixture("1-draft-numbers")));
    assert!(matches!(link::read(&inside), Ok(Opened::Report(_))));

    let other = self::cipher(&frame, "another");
    assert_eq!(unsealed(&frame, &other), None);
    // What stands before the content is authenticated, too.
    let mut salted = frame.clone();
    salted.salt[0] ^= 1;
    assert_eq!(unsealed(&salted, &cipher), None);
    for at in [0, frame.content.len() / 2, frame.content.len() - 1] {
        let mut changed = frame.clone();
        changed.content[at] ^= 1;
        assert_eq!(unsealed(&changed, &cipher), None, "byte {at}");
    }
}

#[test]
fn a_passphrase_makes_a_link_hardly_longer() {
    let open = fixture("1-draft-numbers");
    assert!(fixture("2-draft-numbers").len() < open.len() + 90);
}

#[test]
fn a_sealed_link_that_is_cut_is_damaged_and_a_later_scheme_is_too_new() {
    let closed = fixture("2-draft-numbers");
    let closed = link_in(&closed);
    for end in (2..60).chain([closed.len() - 1]) {
        let cut = &closed[..end];
        // The tag tells the rest, once the passphrase is there.
        assert!(matches!(link::read(cut), Err(LinkError::Damaged) | Ok(Opened::Sealed(_))), "cut at {end}");
    }
    assert_eq!(link::read("2.AgAA"), Err(LinkError::TooNew));
    assert_eq!(link::read("2."), Err(LinkError::Damaged));
}

#[test]
#[ignore = "writes a fixture of a new version of links"]
fn write_sealed() {
    let frame =
        Sealed { iterations: ITERATIONS, salt: *b"salt of 16 bytes", nonce: *b"nonce of 12!", content: Vec::new() };
    let address = fixture("1-draft-numbers");
    let link = sealed(frame, link_in(&address)).write();
    std::fs::write(std::env::var("OUT").expect("OUT names a file"), format!("#r={link}\n")).expect("writes");
}
