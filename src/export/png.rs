//! PNG pictures that carry their report.

use crate::report::open::PNG_KEYWORD;

/// The picture with a link in it, in a chunk that programs keep and nobody sees. The picture as it is if it is no PNG.
pub fn with_link(png: &[u8], link: &str) -> Vec<u8> {
    // Signature and header chunk; others follow in any order.
    const HEAD: usize = 8 + 25;
    let (Some(head), Some(rest), true) = (png.get(..HEAD), png.get(HEAD..), png.starts_with(b"\x89PNG\r\n\x1a\n"))
    else {
        return png.to_vec();
    };
    let mut chunk = b"tEXt".to_vec();
    chunk.extend(PNG_KEYWORD.as_bytes());
    chunk.push(0);
    chunk.extend(link.bytes());
    let length = u32::try_from(chunk.len().saturating_sub(4)).unwrap_or(0);
    let sum = check_sum(&chunk);
    [head, &length.to_be_bytes(), &chunk, &sum.to_be_bytes(), rest].concat()
}

/// CRC-32 as PNG wants it.
fn check_sum(bytes: &[u8]) -> u32 {
    let byte = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 })
    };
    !bytes.iter().fold(!0, byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::link;
    use crate::report::open::{self, Opened};

    #[test]
    fn a_picture_carries_its_report() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        png.extend([0; 17]);
        png.extend(b"\0\0\0\0IEND\xae\x42\x60\x82");
        assert_eq!(open::png(&png), None);
        let texts = vec![("a".to_owned(), "b".to_owned())];
        let carrying = with_link(&png, &link::write_texts(&texts));
        assert_eq!(open::png(&carrying), Some(Ok(Opened::Texts(texts))));
        assert_eq!(with_link(b"GIF", "x"), b"GIF");
    }

    #[test]
    fn the_check_sum_is_the_usual_one() {
        assert_eq!(check_sum(b"IEND"), 0xae42_6082);
    }
}
