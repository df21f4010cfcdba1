import { en } from './messages/en.ts';

export type MessageKey = keyof typeof en;
export type MessageValues = Readonly<Record<string, string | number>>;
/** A sentence, or one per plural category of `n`. */
export type Message = string | { readonly one: string; readonly other: string };

const storageKey = 'signalbox.pseudo';

function readPseudo(): boolean {
  if (typeof window === 'undefined') return false;
  const asked = new URLSearchParams(window.location.search).get('pseudo');
  if (asked !== null) sessionStorage.setItem(storageKey, asked === '1' ? '1' : '0');
  return sessionStorage.getItem(storageKey) === '1';
}

const pseudo = readPseudo();

/** The language of texts, numbers and dates. */
export const locale = 'en';

const plurals = new Intl.PluralRules(locale);
const numbers = new Intl.NumberFormat(locale);

const catalogue: Readonly<Record<string, Message>> = en;

const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** A value that is written from the right is set apart from the sentence around it, so that neither turns the other round. */
const isolated = (value: string): string => (rightToLeft.test(value) ? `\u2068${value}\u2069` : value);

function fill(text: string, values: MessageValues): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? numbers.format(value) : isolated(value);
  });
}

function bracket(text: string): string {
  return pseudo ? `⟦${text}⟧` : text;
}

/** The text for `key` with `{name}` places filled; numbers are formatted, and `n` chooses the plural form. */
export function t(key: MessageKey, values: MessageValues = {}): string {
  const message = catalogue[key];
  if (message === undefined) return key;
  if (typeof message === 'string') return bracket(fill(message, values));
  const n = values.n;
  const form = plurals.select(typeof n === 'number' ? n : 0);
  return bracket(fill(form === 'one' ? message.one : message.other, values));
}

/** A text that comes with its own data (node titles, labels, problem titles), passed through the same translation. */
export function tr(source: string): string {
  return source === '' ? source : bracket(source);
}

/** A message whose key is made at run time (`state.live`); `fallback` stands where the catalogue has none. */
export function tOpen(key: string, fallback: string): string {
  const message = catalogue[key];
  return typeof message === 'string' ? bracket(message) : fallback;
}
