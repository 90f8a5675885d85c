//! Names of domains, in the one spelling that is kept, compared and sent: the A-labels of IDNA (RFC 5890, 2.3.2.1), lower
//! case. The only place that names the library for it.

use std::net::IpAddr;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

/// The domain in ASCII: mapped as UTS 46 says (no transitional mapping), of letters, digits and hyphens, of labels and a
/// length that DNS has room for. `None` if it is no name: neither is an IP address.
pub(crate) fn to_ascii(domain: &str) -> Option<String> {
    let mapped = Uts46::new().to_ascii(
        domain.as_bytes(),
        AsciiDenyList::STD3,
        Hyphens::CheckFirstLast,
        DnsLength::Verify,
    );
    let ascii = mapped.ok()?.into_owned();
    // No top-level domain is a number (RFC 3696, 2): what ends in one is an address, or is taken for one.
    let last = ascii.rsplit('.').next().unwrap_or_default();
    (!last.bytes().all(|byte| byte.is_ascii_digit())).then_some(ascii)
}

/// The same domain as people read it: its U-labels.
pub(crate) fn to_unicode(ascii: &str) -> String {
    let (readable, checked) = Uts46::new().to_unicode(ascii.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast);
    match checked {
        Ok(()) => readable.into_owned(),
        Err(_) => ascii.to_owned(),
    }
}

/// An IP address in the place of a domain, with or without its brackets (RFC 5321, 4.1.3).
pub(crate) fn address_literal(domain: &str) -> Option<IpAddr> {
    let bare = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let bare = bare.unwrap_or(domain);
    bare.strip_prefix("IPv6:").unwrap_or(bare).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_domain_is_one() {
        for (spelled, ascii) in [
            ("Example.COM", "example.com"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("BU\u{308}CHER.example", "xn--bcher-kva.example"),
            ("XN--BCHER-KVA.Example", "xn--bcher-kva.example"),
            ("ｍａｉｌｉｎａｔｏｒ.com", "mailinator.com"),
            ("mailinator\u{3002}com", "mailinator.com"),
            ("ma\u{ad}ilinator.com", "mailinator.com"),
            ("faß.example", "xn--fa-hia.example"),
            ("संगठन", "xn--i1b6b1a6a2e"),
        ] {
            for again in [spelled.to_owned(), ascii.to_owned(), to_unicode(ascii)] {
                assert_eq!(to_ascii(&again).as_deref(), Some(ascii), "{spelled}: {again}");
            }
        }
        assert_eq!(to_unicode("xn--bcher-kva.example"), "bücher.example");
    }

    #[test]
    fn what_is_no_domain_is_refused() {
        let (long, label) = (format!("{}.example", "a.".repeat(130)), "a".repeat(64));
        for bad in [
            "",
            ".",
            "a..b",
            "a.",
            ".a",
            "-a.b",
            "a-.b",
            "a_b.c",
            "a b.c",
            "a@b",
            "a/b",
            "127.0.0.1",
            "[127.0.0.1]",
            "１２７.０.０.１",
            "0x7f.1",
            "2130706433",
            "xn--a",
            "xn--.example",
            "xn--example-.com",
            "\u{301}a.example",
            "a\u{200d}b.example",
            "א1a.example",
            long.as_str(),
            label.as_str(),
        ] {
            assert_eq!(to_ascii(bad), None, "{bad:?}");
        }
    }
}
