import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Networks that nobody on the internet has: this machine, private and shared ones, ones with a purpose, and IPv6 forms that lead to an IPv4 address (one that is written as IPv6 is IPv4). */
const [ipv4, ipv6] = [
  [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.88.99.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/4',
    '240.0.0.0/4',
  ],
  [
    '::/96',
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '100::/64',
    '2001::/23',
    '2001:db8::/32',
    '2002::/16',
    'fc00::/7',
    'fe80::/10',
    'fec0::/10',
    'ff00::/8',
  ],
] as const;

const refused = new BlockList();
for (const [networks, family] of [
  [ipv4, 'ipv4'],
  [ipv6, 'ipv6'],
] as const)
  for (const network of networks) {
    const [base = '', bits = ''] = network.split('/');
    refused.addSubnet(base, Number(bits), family);
  }

/** False for an address of this machine or of a network that is somebody's own; true for a name, which is looked up first. */
export function isPublicAddress(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const family = isIP(address);
  return family === 0 || !refused.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** Looks a name up where a connection is made, so that no answer in between is another one. One address that is refused refuses the name. */
export const publicLookup: LookupFunction = (host, options, callback) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    if (error !== null) return callback(error, '', 0);
    const [first] = found;
    if (first === undefined || found.some(({ address }) => !isPublicAddress(address)))
      return callback(Object.assign(new Error('The address is refused.'), { code: 'address_refused' }), '', 0);
    if (options.all === true) return callback(null, found);
    return callback(null, first.address, first.family);
  });
};
