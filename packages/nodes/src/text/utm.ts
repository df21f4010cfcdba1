import { replaceLinks } from './links.ts';

/** What links say of where somebody came from, by the last part of each parameter's name. */
export const utmFields = ['source', 'medium', 'campaign', 'content'] as const;
export type Utm = Readonly<Record<(typeof utmFields)[number], string>>;

/** How the links of a text look once it goes out, by where they lead. */
export type LinkLook = (target: string) => string;

/** A link with what says where somebody came from; what it says of that already stays as it is. */
export function withUtm(target: string, utm: Utm): string {
  const [, rest = '', fragment = ''] = /^([^#]*)(#.*)?$/s.exec(target) ?? [];
  const [, query = ''] = /\?(.*)$/s.exec(rest) ?? [];
  const said = new Set([...new URLSearchParams(query).keys()].map((name) => name.toLowerCase()));
  const added = utmFields.flatMap((field) =>
    utm[field] === '' || said.has(`utm_${field}`) ? [] : [`utm_${field}=${encodeURIComponent(utm[field])}`],
  );
  if (added.length === 0) return target;
  const joint = !rest.includes('?') ? '?' : query === '' || query.endsWith('&') ? '' : '&';
  return `${rest}${joint}${added.join('&')}${fragment}`;
}

/** A text whose links say where somebody came from. */
export const markLinks = (text: string, utm: Utm): string => replaceLinks(text, (target) => withUtm(target, utm));

/** How links look that become short ones, or say where somebody came from; null where they stay as they are. A short link hides what it leads to. */
export function linkLook(shortLink: string | null, utm: Utm | null): LinkLook | null {
  if (shortLink !== null) return () => shortLink;
  return utm === null ? null : (target) => withUtm(target, utm);
}
