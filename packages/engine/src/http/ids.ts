import { readId, showId } from '../runtime/ids.ts';
import { ProblemError } from './problems.ts';

export const idPrefixes = {
  flow: 'flw',
  contact: 'con',
  message: 'msg',
  attempt: 'att',
  enrollment: 'enr',
  batch: 'bat',
  account: 'acc',
  sender: 'snd',
  event: 'evt',
  workspace: 'wsp',
  audit: 'aud',
  hold: 'hld',
  retry: 'rty',
  notice: 'ntc',
  route: 'rte',
  webhook: 'whk',
  delivery: 'dlv',
  price: 'prc',
  programme: 'prg',
  suppression: 'sup',
  media: 'med',
  field: 'fld',
  list: 'lst',
  deletion: 'del',
  segment: 'seg',
  template: 'tpl',
  goal: 'gol',
  test: 'tst',
  pool: 'cpl',
  campaign: 'cmp',
  form: 'frm',
} as const;

type Kind = keyof typeof idPrefixes;

/** An id as the API shows it. */
export function shown(kind: Kind, uuid: string): string {
  return showId(idPrefixes[kind], uuid);
}

/**
 * The UUID behind an id from an address.
 *
 * @throws ProblemError `not_found` where no such id can exist.
 */
export function idFrom(kind: Kind, text: string): string {
  const uuid = readId(idPrefixes[kind], text);
  if (uuid === null) throw new ProblemError('not_found');
  return uuid;
}

/** The UUID behind an id from a body, or null. */
export function readShown(kind: Kind, text: string): string | null {
  return readId(idPrefixes[kind], text);
}

/** The UUID behind an id that a search asks for: one that no such thing can have where it cannot exist, undefined where none is asked for. */
export function searchedId(kind: Kind, text: string | undefined): string | undefined {
  return text === undefined ? undefined : (readId(idPrefixes[kind], text) ?? '00000000-0000-0000-0000-000000000000');
}
