//! Variables that Kubernetes sets in every container for each Service of its namespace: the address of one that is called
//! `aerocall` arrives as `AEROCALL_PORT=tcp://10.96.0.7:80`. They begin like settings, and nobody has set them.

use std::net::IpAddr;

const PROTOCOLS: [&str; 3] = ["tcp", "udp", "sctp"];

/// Whether both name and value are what Kubernetes makes for a Service.
pub(super) fn is_one(name: &str, value: &str) -> bool {
    let is_address = || value.parse::<IpAddr>().is_ok();
    let is_port = || value.parse::<u16>().is_ok();
    if name.ends_with("_SERVICE_HOST") {
        return is_address();
    }
    // Of a port without a name, and of one with: `…_SERVICE_PORT_HTTP`.
    if name.ends_with("_SERVICE_PORT") || name.contains("_SERVICE_PORT_") {
        return is_port();
    }
    if name.ends_with("_PORT") && is_url(value) {
        return true;
    }
    // `…_PORT_80_TCP`, and its parts.
    let Some((number, rest)) = name.rsplit_once("_PORT_").and_then(|(_, rest)| rest.split_once('_')) else {
        return false;
    };
    let (protocol, part) = rest.split_once('_').unwrap_or((rest, ""));
    let is_made = number.parse::<u16>().is_ok() && PROTOCOLS.contains(&protocol.to_ascii_lowercase().as_str());
    is_made
        && match part {
            "" => is_url(value),
            "PROTO" => PROTOCOLS.contains(&value),
            "ADDR" => is_address(),
            "PORT" => is_port(),
            _ => false,
        }
}

/// `tcp://10.96.0.7:80`
fn is_url(value: &str) -> bool {
    let scheme = value.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| PROTOCOLS.contains(&scheme))
}

#[cfg(test)]
mod tests {
    use super::is_one;

    #[test]
    fn a_service_link_is_known_by_its_name_and_its_value() {
        for (name, value) in [
            ("AEROCALL_PORT", "tcp://10.96.0.7:80"),
            ("AEROCALL_SERVICE_HOST", "10.96.0.7"),
            ("AEROCALL_SERVICE_HOST", "fd00::7"),
            ("AEROCALL_SERVICE_PORT", "80"),
            ("AEROCALL_METRICS_SERVICE_PORT_HTTP", "8080"),
            ("AEROCALL_PORT_80_TCP", "tcp://10.96.0.7:80"),
            ("AEROCALL_PORT_80_TCP_PROTO", "tcp"),
            ("AEROCALL_PORT_80_TCP_PORT", "80"),
            ("AEROCALL_PORT_80_TCP_ADDR", "10.96.0.7"),
            ("AEROCALL_DNS_PORT_53_UDP", "udp://10.96.0.8:53"),
        ] {
            assert!(is_one(name, value), "{name}={value}");
        }
        for (name, value) in [
            ("AEROCALL_PORT", "8080"),
            ("AEROCALL_PORT", "http://127.0.0.1"),
            ("AEROCALL_SERVICE_HOST", "auth.example.com"),
            ("AEROCALL_SERVICE_PORT", "http"),
            ("AEROCALL_PORT_80_TCP", "80"),
            ("AEROCALL_PORT_80_TCP_NAME", "tcp"),
            ("AEROCALL_PORT_HTTP_TCP", "tcp://10.96.0.7:80"),
            ("AEROCALL_LISTN", "tcp://10.96.0.7:80"),
        ] {
            assert!(!is_one(name, value), "{name}={value}");
        }
    }
}
