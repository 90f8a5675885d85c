//! Who the client is behind proxies: `X-Forwarded-For`, and `Forwarded` (RFC 7239). Every proxy appends the address it was
//! connected from, so the lists are read from the right, and only as far as trusted proxies wrote them. What is left of that
//! may be the client's own invention.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use actix_web::http::header::{HeaderMap, HeaderValue};

use crate::base::config::Network;

pub(super) const X_FORWARDED_FOR: &str = "x-forwarded-for";
pub(super) const FORWARDED: &str = "forwarded";

/// Who is at the other end of all trusted proxies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Client {
    /// The client; where a proxy does not name it, that proxy.
    pub(super) address: IpAddr,
    /// Whether it is the client, and not a proxy that speaks for somebody unknown.
    pub(super) is_known: bool,
}

/// Follows the addresses from the peer to the first that is not a trusted proxy. An element that is no address (`unknown`,
/// `_hidden`, rubbish) ends it: nobody knows who is behind it.
///
/// `Forwarded` is read where there is no `X-Forwarded-For`: a proxy that writes the latter may let a client's `Forwarded`
/// through.
pub(super) fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> Client {
    let trusted = |address: IpAddr| proxies.iter().any(|proxy| proxy.contains(address));
    let mut client = Client {
        address: peer,
        is_known: true,
    };
    if !trusted(peer) {
        return client;
    }
    let mut hops = match headers.contains_key(X_FORWARDED_FOR) {
        true => hops(headers, X_FORWARDED_FOR, listed),
        false => hops(headers, FORWARDED, described),
    };
    while trusted(client.address) {
        match hops.next() {
            None => break,
            Some(None) => {
                client.is_known = false;
                break;
            }
            Some(Some(hop)) => client.address = hop,
        }
    }
    client
}

/// The elements of all lines of a header, from the last to the first. `None`: one that is no address.
fn hops<'a>(
    headers: &'a HeaderMap,
    name: &str,
    read: fn(&[u8]) -> Vec<Option<IpAddr>>,
) -> impl Iterator<Item = Option<IpAddr>> + use<'a> {
    let lines: Vec<&HeaderValue> = headers.get_all(name).collect();
    lines
        .into_iter()
        .rev()
        .flat_map(move |line| read(line.as_bytes()).into_iter().rev())
}

/// `203.0.113.7, 10.0.0.2`. Elements without text are none (RFC 9110, 5.6.1).
fn listed(line: &[u8]) -> Vec<Option<IpAddr>> {
    let elements = line.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    let elements = elements.filter(|element| !element.is_empty());
    elements
        .map(|element| node(std::str::from_utf8(element).ok()?))
        .collect()
}

/// `for=203.0.113.7;proto=https, for="[2001:db8::1]:4711"`. A line that breaks the syntax says nothing at all: a quote that a
/// client opens would otherwise swallow what a proxy appended.
fn described(line: &[u8]) -> Vec<Option<IpAddr>> {
    let elements = std::str::from_utf8(line).ok().and_then(elements);
    elements.unwrap_or_else(|| vec![None])
}

/// The `for` of each element, in their order.
fn elements(line: &str) -> Option<Vec<Option<IpAddr>>> {
    let (mut all, mut rest) = (Vec::new(), line.trim());
    loop {
        rest = rest.trim_start();
        match rest.chars().next() {
            None => return Some(all),
            Some(',') => rest = &rest[1..],
            Some(_) => {
                let (node, after) = element(rest)?;
                all.push(node);
                rest = after.trim_start();
                rest = match rest.strip_prefix(',') {
                    Some(after) => after,
                    None if rest.is_empty() => rest,
                    None => return None,
                };
            }
        }
    }
}

/// One element: pairs of a name and a value, each name once (RFC 7239, 4). Its `for`, and what comes after it.
fn element(text: &str) -> Option<(Option<IpAddr>, &str)> {
    let (mut names, mut node_of, mut rest) = (Vec::new(), None, text);
    loop {
        let (name, after) = token(rest)?;
        let (value, after) = value(after.strip_prefix('=')?)?;
        let name = name.to_ascii_lowercase();
        if names.contains(&name) {
            return None;
        }
        if name == "for" {
            node_of = node(&value);
        }
        names.push(name);
        match after.trim_start().strip_prefix(';') {
            Some(next) => rest = next.trim_start(),
            None => return Some((node_of, after)),
        }
    }
}

/// A token (RFC 9110, 5.6.2) at the beginning of the text, and the rest. In values, what an address is made of is taken too:
/// some proxies forget the quotes.
fn token(text: &str) -> Option<(&str, &str)> {
    let legal = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~:[]".contains(c);
    let end = text.find(|c| !legal(c)).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// A token or a quoted string (RFC 9110, 5.6.4), and the rest.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        return token(text).map(|(token, rest)| (token.to_owned(), rest));
    };
    let (mut value, mut chars) = (String::new(), quoted.char_indices());
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, &quoted[at + 1..])),
            '\\' => value.push(chars.next()?.1),
            c => value.push(c),
        }
    }
    None
}

/// An address with or without a port: `192.0.2.1:4711`, `[2001:db8::1]:4711`, and as many proxies write it, `2001:db8::1`.
fn node(text: &str) -> Option<IpAddr> {
    let text = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text);
    if let Ok(address) = IpAddr::from_str(text) {
        return Some(address.to_canonical());
    }
    let (address, port) = match text.strip_prefix('[') {
        Some(bracketed) => {
            let (address, port) = bracketed.split_once(']')?;
            (IpAddr::from(Ipv6Addr::from_str(address).ok()?), port)
        }
        None => {
            let (address, _) = text.split_once(':')?;
            (IpAddr::from(Ipv4Addr::from_str(address).ok()?), &text[address.len()..])
        }
    };
    is_port(port).then(|| address.to_canonical())
}

/// Nothing, a number, or a name that hides it (RFC 7239, 6).
fn is_port(text: &str) -> bool {
    let Some(port) = text.strip_prefix(':') else {
        return text.is_empty();
    };
    let is_hidden = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    port.strip_prefix('_').is_some_and(is_hidden)
        || (!port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderName;

    use super::*;

    /// What becomes of these lines if they come from 10.0.0.1 and everything in 10.0.0.0/8 and fd00::/8 is a proxy. With a `?`
    /// where somebody is behind the address whom nobody knows.
    fn seen(name: &'static str, lines: &[&[u8]]) -> String {
        let proxies = ["10.0.0.0/8", "fd00::/8"].map(|network| Network::parse(network).unwrap());
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(HeaderName::from_static(name), HeaderValue::from_bytes(line).unwrap());
        }
        let Client { address, is_known } = client("10.0.0.1".parse().unwrap(), &headers, &proxies);
        format!("{address}{}", if is_known { "" } else { "?" })
    }

    #[test]
    fn x_forwarded_for_is_read_from_the_right_through_trusted_proxies() {
        let rows: &[(&[&str], &str)] = &[
            (&["1.2.3.4"], "1.2.3.4"),
            (&["6.6.6.6, 1.2.3.4, 10.0.0.2"], "1.2.3.4"),
            (&["6.6.6.6", "1.2.3.4", "10.0.0.2"], "1.2.3.4"),
            (&["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            (&[], "10.0.0.1"),
            // Ports, as Azure's gateways and others write them.
            (&["1.2.3.4:4711"], "1.2.3.4"),
            (&["1.2.3.4:0, 10.0.0.2:65535"], "1.2.3.4"),
            (&["[2001:db8::1]:4711"], "2001:db8::1"),
            (&["[2001:db8::1]"], "2001:db8::1"),
            (&["2001:db8::1"], "2001:db8::1"),
            (&["2001:DB8:0:0::1, fd00::2, [fd00::3]:80"], "2001:db8::1"),
            (&["\"[2001:db8::1]:4711\""], "2001:db8::1"),
            (&["::ffff:1.2.3.4"], "1.2.3.4"),
            (&["[::ffff:10.0.0.2]:80, ::ffff:10.0.0.3"], "10.0.0.2"),
            // Elements without text.
            (&["1.2.3.4,"], "1.2.3.4"),
            (&["1.2.3.4, ,\t,"], "1.2.3.4"),
            (&["", "1.2.3.4", ","], "1.2.3.4"),
            (&[" \t1.2.3.4 \t, 10.0.0.2 "], "1.2.3.4"),
            // Nobody knows who is behind these, and nothing further left is read.
            (&["1.2.3.4, unknown"], "10.0.0.1?"),
            (&["1.2.3.4, _hidden, 10.0.0.2"], "10.0.0.2?"),
            (&["<script>"], "10.0.0.1?"),
            (&["1.2.3.4, x"], "10.0.0.1?"),
            (&["1.2.3.4:"], "10.0.0.1?"),
            (&["1.2.3.4:65536"], "10.0.0.1?"),
            (&["1.2.3.4:+80"], "10.0.0.1?"),
            (&["1.2.3.4:80:80"], "10.0.0.1?"),
            (&["1.2.3.4.5"], "10.0.0.1?"),
            (&["01.2.3.4"], "10.0.0.1?"),
            (&["0x7f.1"], "10.0.0.1?"),
            (&["1.2.3"], "10.0.0.1?"),
            (&["1.2.3.4/8"], "10.0.0.1?"),
            (&["[1.2.3.4]:80"], "10.0.0.1?"),
            (&["[2001:db8::1"], "10.0.0.1?"),
            (&["2001:db8::1]:80"], "10.0.0.1?"),
            (&["[2001:db8::1]80"], "10.0.0.1?"),
            (&["[2001:db8::1]:80]"], "10.0.0.1?"),
            (&["fe80::1%eth0"], "10.0.0.1?"),
            (&["1.2.3.4 5.6.7.8"], "10.0.0.1?"),
            (&["1.2.3.4;5.6.7.8"], "10.0.0.1?"),
            (&["for=1.2.3.4"], "10.0.0.1?"),
            (&["\"1.2.3.4"], "10.0.0.1?"),
            // What the client wrote itself is left of what the proxy appended.
            (&["10.0.0.9, <script>, 1.2.3.4"], "1.2.3.4"),
        ];
        for (lines, client) in rows {
            let bytes: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
            assert_eq!(seen(X_FORWARDED_FOR, &bytes), *client, "{lines:?}");
        }
        assert_eq!(seen(X_FORWARDED_FOR, &[b"\xff\xfe, 1.2.3.4, 10.0.0.2"]), "1.2.3.4");
        assert_eq!(seen(X_FORWARDED_FOR, &[b"1.2.3.4, \xff\xfe"]), "10.0.0.1?");
        assert_eq!(seen(X_FORWARDED_FOR, &[b"1.2.3.4", b"\xff\xfe"]), "10.0.0.1?");
    }

    #[test]
    fn forwarded_is_read_the_same_way() {
        let rows: &[(&[&str], &str)] = &[
            (&["for=1.2.3.4"], "1.2.3.4"),
            (
                &["For=\"[2001:db8::1]:4711\";proto=https, for=10.0.0.2;by=10.0.0.1"],
                "2001:db8::1",
            ),
            (
                &[
                    "for=6.6.6.6, for=1.2.3.4:4711;proto=http;by=203.0.113.43",
                    "FOR=10.0.0.2",
                ],
                "1.2.3.4",
            ),
            (&["for=\"1.2.3.4:_x-1\""], "1.2.3.4"),
            (&["proto=https ; for=1.2.3.4;host=\"a;b,c\\\"d\""], "1.2.3.4"),
            (&[",, for=1.2.3.4 , ,"], "1.2.3.4"),
            (&["for=\"\\1.2.3.4\""], "1.2.3.4"),
            // As some proxies write it, against the standard.
            (&["for=[2001:db8::1]:80"], "2001:db8::1"),
            (&["for=2001:db8::1"], "2001:db8::1"),
            (&["for=1.2.3.4, for=unknown"], "10.0.0.1?"),
            (&["for=1.2.3.4, for=_hidden, for=10.0.0.2"], "10.0.0.2?"),
            (&["for=1.2.3.4, proto=https;by=10.0.0.1"], "10.0.0.1?"),
            (&["for=\"\""], "10.0.0.1?"),
            (&["for=1.2.3.4;for=5.6.7.8"], "10.0.0.1?"),
            (&["for"], "10.0.0.1?"),
            (&["for=1.2.3.4 for=5.6.7.8"], "10.0.0.1?"),
            (&["for =1.2.3.4"], "10.0.0.1?"),
            (&["for=1.2.3.4;"], "10.0.0.1?"),
            (&["1.2.3.4"], "10.0.0.1?"),
            // A quote that the client opened swallows nothing of what the proxy appended.
            (&["for=\"6.6.6.6, for=1.2.3.4"], "10.0.0.1?"),
            (&["for=\", for=\"[2001:db8::1]:4711\""], "10.0.0.1?"),
            (
                &["for=6.6.6.6;x=\", for=\"[2001:db8::1]\";proto=\"https\""],
                "10.0.0.1?",
            ),
            (&["for=6.6.6.6;x=\"\\", "for=1.2.3.4"], "1.2.3.4"),
        ];
        for (lines, client) in rows {
            let bytes: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
            assert_eq!(seen(FORWARDED, &bytes), *client, "{lines:?}");
        }
    }

    #[test]
    fn a_client_s_own_header_says_nothing() {
        let proxies = [Network::parse("10.0.0.0/8").unwrap()];
        let of = |peer: &str, lines: &[(&'static str, &'static str)], proxies: &[Network]| {
            let pair = |(name, line): &(&'static str, &'static str)| {
                (HeaderName::from_static(name), HeaderValue::from_static(line))
            };
            let headers: HeaderMap = lines.iter().map(pair).collect();
            client(peer.parse().unwrap(), &headers, proxies).address.to_string()
        };
        let both = [(X_FORWARDED_FOR, "1.2.3.4"), (FORWARDED, "for=5.6.7.8")];
        assert_eq!(of("10.0.0.1", &both, &[]), "10.0.0.1", "nobody is trusted");
        assert_eq!(of("9.9.9.9", &both, &proxies), "9.9.9.9", "not this one");
        assert_eq!(
            of("10.0.0.1", &both, &proxies),
            "1.2.3.4",
            "one header, never a mixture"
        );
        let odd = [(X_FORWARDED_FOR, ""), (FORWARDED, "for=5.6.7.8")];
        assert_eq!(of("10.0.0.1", &odd, &proxies), "10.0.0.1");
    }
}
