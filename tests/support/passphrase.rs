//! Links under a passphrase, made by RustCrypto.

#![allow(dead_code)] // Not everybody uses all of it.

use std::path::PathBuf;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use oomscope::report::link::sealed::{self, Sealed};

/// The passphrase of the fixture.
pub const PASSPHRASE: &str = "힙은 512 MiB, correct horse";

/// The cipher of a frame under a passphrase.
pub fn cipher(frame: &Sealed, passphrase: &str) -> Aes256Gcm {
    let key: [u8; 32] =
        pbkdf2::pbkdf2_hmac_array::<sha2::Sha256, 32>(passphrase.as_bytes(), &frame.salt, frame.iterations);
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(key))
}

/// The frame with a link in it, under the passphrase of the fixture.
pub fn sealed(mut frame: Sealed, link: &str) -> Sealed {
    let plain = sealed::plain(link).expect("a link");
    let payload = Payload { msg: &plain, aad: &frame.head() };
    frame.content = cipher(&frame, PASSPHRASE).encrypt(&Nonce::from(frame.nonce), payload).expect("encrypts");
    frame
}

/// A link that was given away.
pub fn fixture(name: &str) -> String {
    let path = PathBuf::from(format!("{}/tests/links/{name}.txt", env!("CARGO_MANIFEST_DIR")));
    std::fs::read_to_string(path).expect("a fixture").trim().to_owned()
}

/// The link in an address.
pub fn link_in(address: &str) -> &str {
    address.split_once("#r=").expect("a link").1
}
