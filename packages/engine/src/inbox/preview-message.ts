import type { Purpose } from '@signalbox/nodes/define/ports';
import { rules } from '@signalbox/nodes/gate/catalogue.gen';
import { linkCodeLength, replaceLinks } from '@signalbox/nodes/text/links';
import { parsePhone } from '@signalbox/nodes/text/phone-number';
import { countSegments } from '@signalbox/nodes/text/segments';
import { readHome } from '../access/home.ts';
import type { Work } from '../db/work.ts';
import { readFacts } from '../gate/facts.ts';
import { shown } from '../http/ids.ts';
import { fieldProblem } from '../http/problems.ts';
import { showReason } from '../http/reasons.ts';
import { fieldTexts } from '../http/texts.ts';
import { linkBase } from '../links/shorten.ts';
import { readFiles } from '../media/read-media.ts';
import { chooseSenders, readRouting, withoutProbes } from '../routing/store.ts';
import type { MessagePreview } from './contract.ts';
import { laneOf } from './send-messages.ts';

/** A message that somebody asks about without sending it. */
export type AskedAbout = {
  readonly to: string;
  readonly purpose: Purpose;
  readonly text: string;
  readonly sender: string | undefined;
  readonly shortenLinks: boolean;
  readonly media: readonly string[];
};

/** Stands for somebody who is no contact. */
const nobody = '00000000-0000-7000-8000-000000000000';

/**
 * What would happen to a message now: what it would go out from, and what every rule of the gate says of it. Nothing is written.
 *
 * @throws ProblemError at `to` where it is no number, and at `sender` where it is none of the workspace's.
 */
export async function previewMessage(
  publicUrl: string,
  work: Work,
  { to, purpose, text, sender, shortenLinks, media }: AskedAbout,
): Promise<MessagePreview> {
  const { tx, workspaceId } = work;
  const home = await readHome(work);
  const parsed = parsePhone(to, home.country);
  if (!parsed.ok) throw fieldProblem(['to'], parsed.code, fieldTexts[parsed.code]);
  const number = parsed.e164;
  const routing = withoutProbes(await readRouting(work, work.now));
  if (sender !== undefined && !routing.senders.some(({ address }) => address === sender))
    throw fieldProblem(['sender'], 'sender_unknown', fieldTexts.sender_unknown);
  const contact = await tx
    .selectFrom('contacts')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('phone', '=', number)
    .executeTakeFirst();
  const contactId = contact?.id ?? nobody;
  const addressee = { contactId, number, purpose, preferredSender: sender ?? null, hasMedia: media.length > 0 };
  const [files = []] = await readFiles(work, [{ mediaIds: media }]);
  const place = files.indexOf(null);
  if (place >= 0) throw fieldProblem(['media', place], 'media_unknown', fieldTexts.media_unknown);
  const [chosen = null] = await chooseSenders(work, routing, [addressee], work.now);
  const key = {
    media: files,
    contactId,
    number,
    purpose,
    lane: laneOf[purpose],
    text,
    sender: chosen?.sender.address ?? null,
  };
  const sample = linkBase(publicUrl, home.linkDomain) + '0'.repeat(linkCodeLength);
  const size = countSegments(shortenLinks ? replaceLinks(text, () => sample) : text);
  const [facts] = await readFacts(work, [{ ...key, queued: null, segments: size.segments, flowId: null }]);
  if (facts === undefined) throw new Error('A message without facts.');
  const { currency } = home;
  const price = facts.segmentPrice === null ? null : facts.segmentPrice * size.segments;
  return {
    to: number,
    country: facts.place.country,
    ...(await describeChosen(work, chosen)),
    segments: size.segments,
    encoding: size.encoding,
    price: price === null ? null : { micro_units: String(price), currency },
    rules: rules.map((rule) => {
      const verdict = rule.decide(facts);
      return {
        rule: rule.name,
        title: rule.title,
        verdict: verdict.kind,
        until: verdict.kind === 'later' ? verdict.until.toISOString() : null,
        reason: verdict.kind === 'send' ? null : showReason(verdict.reason),
      };
    }),
  };
}

type ChosenSender = Awaited<ReturnType<typeof chooseSenders>>[number];

/** The sender and the route by their names. */
async function describeChosen(
  { tx, workspaceId }: Work,
  chosen: ChosenSender,
): Promise<Pick<MessagePreview, 'sender' | 'route' | 'why'>> {
  if (chosen === null) return { sender: null, route: null, why: null };
  const { address } = chosen.sender;
  const sender = await tx
    .selectFrom('senders as s')
    .innerJoin('accounts as a', (join) =>
      join.onRef('a.workspace_id', '=', 's.workspace_id').onRef('a.id', '=', 's.account_id'),
    )
    .select(['s.id', 'a.name', 'a.provider'])
    .where('s.workspace_id', '=', workspaceId)
    .where('s.address', '=', address)
    .executeTakeFirstOrThrow();
  const route =
    chosen.routeId === null
      ? null
      : await tx
          .selectFrom('sender_routes')
          .select(['id', 'name'])
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', chosen.routeId)
          .executeTakeFirstOrThrow();
  return {
    sender: { id: shown('sender', sender.id), address, account_name: sender.name, provider: sender.provider },
    route: route === null ? null : { id: shown('route', route.id), name: route.name },
    why: chosen.why,
  };
}
