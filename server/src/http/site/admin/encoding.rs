//! Which form of a file a client takes (RFC 9110, 12.5.3): of those that there are, the shortest.

use super::PageFile;

/// How a file is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Plain,
    /// With the name for `Content-Encoding`.
    Compressed(&'static str),
}

/// The form, and its bytes.
pub(super) fn choose(file: &PageFile, accepted: &str) -> (Encoding, &'static [u8]) {
    let forms = [("br", file.brotli), ("gzip", file.gzip)];
    let taken = forms
        .into_iter()
        .find_map(|(name, bytes)| Some((name, bytes.filter(|_| accepts(accepted, name))?)));
    taken.map_or((Encoding::Plain, file.plain), |(name, bytes)| {
        (Encoding::Compressed(name), bytes)
    })
}

/// Whether the header names it, or all of them, with a weight that is not zero.
fn accepts(header: &str, name: &str) -> bool {
    let weight = |wanted: &str| {
        header.split(',').find_map(|part| {
            let mut words = part.split(';').map(str::trim);
            let named = words.next().is_some_and(|word| word.eq_ignore_ascii_case(wanted));
            let weight = words.find_map(|word| word.strip_prefix("q=").or_else(|| word.strip_prefix("Q=")));
            named.then(|| weight.map_or(1.0, |weight| weight.parse::<f32>().unwrap_or(0.0)))
        })
    };
    weight(name).or_else(|| weight("*")).is_some_and(|weight| weight > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: PageFile = PageFile {
        path: "assets/a.js",
        content_type: "text/javascript",
        plain: b"plain",
        brotli: Some(b"br"),
        gzip: Some(b"gzip"),
    };

    #[test]
    fn the_shortest_form_that_is_taken_is_sent() {
        for (accepted, sent) in [
            ("gzip, deflate, br, zstd", "br"),
            ("gzip, deflate", "gzip"),
            ("BR;q=0.5, gzip", "br"),
            ("br;q=0, gzip;q=0.1", "gzip"),
            ("br;q=0.000, gzip;q=0", "plain"),
            ("*", "br"),
            ("*;q=0", "plain"),
            ("br;q=0, *", "gzip"),
            ("identity", "plain"),
            ("brotli, xgzip, gzip;q=much", "plain"),
            ("", "plain"),
        ] {
            assert_eq!(choose(&FILE, accepted).1, sent.as_bytes(), "{accepted}");
        }
        let alone = PageFile { brotli: None, ..FILE };
        assert_eq!(choose(&alone, "br, gzip"), (Encoding::Compressed("gzip"), &b"gzip"[..]));
        assert_eq!(choose(&alone, "br"), (Encoding::Plain, &b"plain"[..]));
    }
}
