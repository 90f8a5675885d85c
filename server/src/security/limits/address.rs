//! What of an address counts as one client. Knows no limit.

use std::net::{IpAddr, Ipv6Addr};

/// An IPv4 address is a client; of IPv6, whoever has one address has the 2⁶⁴ of its network (RFC 6177).
pub(crate) fn client(ip: &str) -> String {
    match ip.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        Ok(address) => address.to_string(),
        // No address is known: all of those are one client.
        Err(_) => "-".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::client;

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        assert_eq!(client("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(client("2001:db8:1:2:ffff::1"), client("2001:db8:1:2:3:4:5:6"));
        assert_ne!(client("2001:db8:1:3::1"), client("2001:db8:1:2::1"));
        assert_eq!(client("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(client("192.0.2.7"), "192.0.2.7");
        assert_eq!(client(""), "-");
    }
}
