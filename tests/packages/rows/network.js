// Hosts and addresses: tldts, ipaddr.js.
import ipaddr from "ipaddr.js";
import { getDomain, parse } from "tldts";

export const cases = {
  domains: () => ["https://www.a.co.uk/x", "mail.google.com", "x@y.github.io", "localhost", "127.0.0.1", "münchen.de"].map((text) => [getDomain(text), parse(text).publicSuffix, parse(text).isIp]),
  addresses: () => ["127.0.0.1", "10.1.2.3", "::1", "::ffff:8.8.8.8", "fe80::1", "2001:db8::1"].map((text) => { const address = ipaddr.parse(text); return [address.kind(), address.range(), address.toNormalizedString(), address.toByteArray()]; }),
  cidr: () => [ipaddr.parse("10.1.2.3").match(ipaddr.parseCIDR("10.0.0.0/8")), ipaddr.process("::ffff:1.2.3.4").toString(), ipaddr.isValid("1.2.3.4.5")],
  bad: () => ipaddr.parse("x"),
};
