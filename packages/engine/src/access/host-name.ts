const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
/** The last part is letters, or a name in another script as DNS writes it: an address in digits is no name. */
const hostName = new RegExp(`^(?:${label}\\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9])$`);

/** Whether this is the name of a host as DNS knows it: in lower case, with a domain, and nothing before or behind it. */
export function isHostName(text: string): boolean {
  return text.length <= 253 && hostName.test(text);
}
