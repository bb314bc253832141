//! Links under a passphrase, by another implementation of the same cryptography than the browser's.

#![cfg(not(target_arch = "wasm32"))]

#[path = "support/passphrase.rs"]
mod passphrase;

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use oomscope::report::link::sealed::{self, Sealed};
use oomscope::report::link::{self, LinkError};
use oomscope::report::open::{self, Opened};
use passphrase::{PASSPHRASE, cipher, fixture, link_in};

fn unsealed(frame: &Sealed, cipher: &Aes256Gcm) -> Option<String> {
    let payload = Payload { msg: &frame.content, aad: &frame.head() };
    sealed::link(&cipher.decrypt(&Nonce::from(frame.nonce), payload).ok()?)
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

    let other = passphrase::cipher(&frame, "another");
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
