//! Which addresses may be connected to: those of the public internet, and the private networks a setting names. Knows
//! addresses only, no names and no URLs.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::base::config::Network;

/// IPv4 that is not the public internet: the IANA special-purpose registry (RFC 6890 and what followed) without the few
/// blocks that are global, multicast, and one address that looks global and is a cloud's own.
const REFUSED_V4: [([u8; 4], u32); 16] = [
    ([0, 0, 0, 0], 8),        // this network; Linux takes 0.0.0.0 for itself
    ([10, 0, 0, 0], 8),       // private
    ([100, 64, 0, 0], 10),    // carrier-grade NAT; a cloud keeps its metadata here
    ([127, 0, 0, 0], 8),      // loopback
    ([168, 63, 129, 16], 32), // Azure's host, from inside every virtual machine
    ([169, 254, 0, 0], 16),   // link-local; metadata of most clouds
    ([172, 16, 0, 0], 12),    // private
    ([192, 0, 0, 0], 24),     // protocol assignments
    ([192, 0, 2, 0], 24),     // documentation
    ([192, 88, 99, 0], 24),   // 6to4 relays
    ([192, 168, 0, 0], 16),   // private
    ([198, 18, 0, 0], 15),    // benchmarking
    ([198, 51, 100, 0], 24),  // documentation
    ([203, 0, 113, 0], 24),   // documentation
    ([224, 0, 0, 0], 4),      // multicast
    ([240, 0, 0, 0], 4),      // reserved, and broadcast
];

/// Parts of 2000::/3 that are not the public internet. All outside of 2000::/3 is refused: loopback, ULA, link-local,
/// site-local, multicast, discard, NAT64 and IPv4-compatible addresses.
const REFUSED_V6: [([u16; 3], u32); 4] = [
    ([0x2001, 0, 0], 23),     // protocol assignments: Teredo, benchmarking, ORCHID, …
    ([0x2001, 0xdb8, 0], 32), // documentation
    ([0x2002, 0, 0], 16),     // 6to4
    ([0x3fff, 0, 0], 20),     // documentation
];

/// Whether the address is one of the public internet or of a network in `excepted`; an IPv4 address that travels inside
/// of an IPv6 one must be so, too.
pub(super) fn admitted(address: IpAddr, excepted: &[Network]) -> bool {
    let own = |address: IpAddr| excepted.iter().any(|network| network.contains(address));
    match address.to_canonical() {
        IpAddr::V4(v4) => is_public_v4(v4) || own(v4.into()),
        IpAddr::V6(v6) => {
            let carried = carried_v4(v6).is_none_or(|v4| is_public_v4(v4) || own(v4.into()));
            carried && (is_public_v6(v6) || own(v6.into()))
        }
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let inside = |(network, prefix): &([u8; 4], u32)| {
        let shift = 32 - prefix;
        address.to_bits() >> shift == u32::from_be_bytes(*network) >> shift
    };
    !REFUSED_V4.iter().any(inside)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let inside = |([a, b, c], prefix): &([u16; 3], u32)| {
        let network = Ipv6Addr::new(*a, *b, *c, 0, 0, 0, 0, 0);
        let shift = 128 - prefix;
        address.to_bits() >> shift == network.to_bits() >> shift
    };
    address.to_bits() >> 125 == 0b001 && !REFUSED_V6.iter().any(inside)
}

/// The IPv4 address that a gateway would take out of this one.
fn carried_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match [a, b, c, d, e, f] {
        // IPv4-compatible (RFC 4291, 2.5.5.1), IPv4-translated (RFC 2765), NAT64 (RFC 6052, RFC 8215).
        [0, 0, 0, 0, 0, 0] | [0, 0, 0, 0, 0xffff, 0] | [0x64, 0xff9b, 0, 0, 0, 0] | [0x64, 0xff9b, 1, ..] => {
            Some(v4(g, h))
        }
        // 6to4 (RFC 3056).
        [0x2002, high, low, ..] => Some(v4(high, low)),
        // Teredo (RFC 4380): the client's address, every bit turned around.
        [0x2001, 0, ..] => Some(v4(!g, !h)),
        // ISATAP (RFC 5214).
        [_, _, _, _, 0 | 0x200, 0x5efe] => Some(v4(g, h)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(list: &[&str]) -> Vec<Network> {
        list.iter().map(|text| Network::parse(text).unwrap()).collect()
    }

    #[test]
    fn the_public_internet_is_admitted_and_nothing_else() {
        for public in [
            "8.8.8.8",
            "1.1.1.1",
            "172.15.255.255",
            "172.32.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "198.17.255.255",
            "198.20.0.1",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "2606:4700:4700::1111",
            "2001:4860:4860::8888",
            "2a00:1450::1",
        ] {
            assert!(admitted(public.parse().unwrap(), &[]), "{public}");
        }
    }

    #[test]
    fn an_exception_admits_its_network_and_not_what_hides_inside() {
        let loopback = networks(&["127.0.0.0/8"]);
        assert!(admitted("127.0.0.1".parse().unwrap(), &loopback));
        assert!(admitted("::ffff:127.0.0.1".parse().unwrap(), &loopback));
        assert!(!admitted("::1".parse().unwrap(), &loopback));
        assert!(!admitted("10.0.0.1".parse().unwrap(), &loopback));

        let gateway = networks(&["64:ff9b::/96"]);
        assert!(admitted("64:ff9b::8.8.8.8".parse().unwrap(), &gateway));
        assert!(!admitted("64:ff9b::127.0.0.1".parse().unwrap(), &gateway));
        assert!(!admitted("64:ff9b::10.1.1.1".parse().unwrap(), &gateway));
    }
}
