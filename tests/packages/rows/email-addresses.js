import addresses from "email-addresses";

export const cases = {
  list: () => addresses.parseAddressList("Jane Doe <jane@example.com>, \"x, y\" <x@y.z>").map(({ name, address, local, domain }) => [name, address, local, domain]),
  bad: () => addresses("not an address <"),
  one: () => addresses.parseOneAddress("a@b.co").parts.domain.tokens,
};
