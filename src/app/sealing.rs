//! Puts a link under a passphrase and opens it again, by the browser's own cryptography.

use gloo::utils::window;
use js_sys::{Array, ArrayBuffer, JsString, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

use crate::report::link::sealed::{self, ITERATIONS, Sealed};

/// True where browsers offer cryptography: on `https` and on this machine itself.
pub fn can_seal() -> bool {
    window().is_secure_context()
}

/// The link under a passphrase, with salt and nonce of its own. `None` where the browser offers no cryptography.
pub async fn seal(link: &str, passphrase: &str) -> Option<String> {
    let mut frame = Sealed { iterations: ITERATIONS, salt: [0; 16], nonce: [0; 12], content: Vec::new() };
    let crypto = window().crypto().ok().filter(|_| can_seal())?;
    crypto.get_random_values_with_u8_array(&mut frame.salt).ok()?;
    crypto.get_random_values_with_u8_array(&mut frame.nonce).ok()?;
    let (subtle, plain) = (crypto.subtle(), sealed::plain(link)?);
    let key = key(&subtle, passphrase, &frame, "encrypt").await?;
    let content = subtle.encrypt_with_object_and_u8_array(&cipher(&frame), &key, &plain).ok()?;
    frame.content = bytes(JsFuture::from(content).await.ok()?)?;
    Some(frame.write())
}

/// The link that is inside. `None` if the passphrase is not the one, or somebody changed the link.
pub async fn unseal(link: &str, passphrase: &str) -> Option<String> {
    let frame = Sealed::read(link).ok()?;
    let subtle = window().crypto().ok().filter(|_| can_seal())?.subtle();
    let key = key(&subtle, passphrase, &frame, "decrypt").await?;
    let plain = subtle.decrypt_with_object_and_u8_array(&cipher(&frame), &key, &frame.content).ok()?;
    sealed::link(&bytes(JsFuture::from(plain).await.ok()?)?)
}

async fn key(subtle: &SubtleCrypto, passphrase: &str, frame: &Sealed, usage: &str) -> Option<CryptoKey> {
    // The same letters typed on another system may come as other code points.
    let normal = String::from(JsString::from(passphrase).normalize("NFC"));
    let secret = Uint8Array::from(normal.as_bytes());
    let usages = |usage: &str| Array::of1(&usage.into());
    let raw = subtle.import_key_with_str("raw", &secret, "PBKDF2", false, &usages("deriveKey")).ok()?;
    let raw: CryptoKey = JsFuture::from(raw).await.ok()?.dyn_into().ok()?;
    let derivation = object(&[
        ("name", "PBKDF2".into()),
        ("hash", "SHA-256".into()),
        ("salt", Uint8Array::from(frame.salt.as_slice()).into()),
        ("iterations", frame.iterations.into()),
    ]);
    let kind = object(&[("name", "AES-GCM".into()), ("length", 256.into())]);
    let key = subtle.derive_key_with_object_and_object(&derivation, &raw, &kind, false, &usages(usage)).ok()?;
    JsFuture::from(key).await.ok()?.dyn_into().ok()
}

fn cipher(frame: &Sealed) -> Object {
    object(&[
        ("name", "AES-GCM".into()),
        ("iv", Uint8Array::from(frame.nonce.as_slice()).into()),
        ("additionalData", Uint8Array::from(frame.head().as_slice()).into()),
    ])
}

fn object(entries: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in entries {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

fn bytes(buffer: JsValue) -> Option<Vec<u8>> {
    Some(Uint8Array::new(buffer.dyn_ref::<ArrayBuffer>()?).to_vec())
}
