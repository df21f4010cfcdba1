import { isHostName } from '../access/host-name.ts';

/** Whether this is an https address that anybody can follow, without a login in it. */
export function isWebAddress(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null && url.protocol === 'https:' && isHostName(url.hostname) && url.username === '' && url.password === ''
  );
}
