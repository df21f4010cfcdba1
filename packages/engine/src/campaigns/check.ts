import type { Reason } from '@signalbox/nodes/define/decision';
import type { ContactView } from '@signalbox/nodes/define/ports';
import type { Verdict } from '@signalbox/nodes/gate/define-rule';
import { askGate } from '@signalbox/nodes/gate/gate';
import { reckonedShortLink, replaceLinks } from '@signalbox/nodes/text/links';
import { personNumber } from '@signalbox/nodes/text/phone-number';
import { countSegments } from '@signalbox/nodes/text/segments';
import { firstZone, instantOf } from '@signalbox/nodes/time/zoned-time';
import { readHome } from '../access/home.ts';
import type { Work } from '../db/work.ts';
import { type MessageFacts, readFacts } from '../gate/facts.ts';
import { shown } from '../http/ids.ts';
import { showReason } from '../http/reasons.ts';
import { readFiles } from '../media/read-media.ts';
import { chooseSenders, readRouting, withoutProbes } from '../routing/store.ts';
import { previewCondition } from '../segments/preview.ts';
import { audienceCondition } from './audience.ts';
import type { CampaignCheck, Schedule } from './contract.ts';
import { finishTime, rateOfSenders } from './finish.ts';
import { type CampaignMessage, type PersonsText, textsFor } from './message.ts';
import { drawPeople } from './sample.ts';
import { nextOccurrence } from './schedule.ts';
import type { CampaignRow } from './store.ts';

/** People who are looked at one by one. */
const mostChecked = 5_000;
const page = 1_000;
const mostSamples = 10;
const textable = new RegExp(personNumber);

type Looked = {
  readonly person: ContactView;
  readonly text: PersonsText;
  readonly facts: MessageFacts | null;
  readonly verdict: Verdict | null;
  readonly sender: string | null;
};

/**
 * What would become of a campaign's message as things stand: each person's text through the gate's own rules, at the moment at which they get it.
 * Of large audiences five thousand people are drawn, and the counts reckoned from them. Nothing is written.
 */
export async function checkCampaign(
  work: Work,
  campaign: CampaignRow,
  message: CampaignMessage | null,
): Promise<Omit<CampaignCheck, 'links'>> {
  const at = nextOccurrence(campaign.schedule, work.now) ?? work.now;
  const home = await readHome(work);
  const condition = audienceCondition(campaign.audience);
  const none = { size: 0, reach: { blocked: 0, unreachable: 0, consenting: [] } };
  const { size, reach } = condition === null ? none : await previewCondition(work, condition);
  const people = condition === null ? [] : await drawPeople(work, condition, mostChecked);
  const asked = people.filter(({ phone }) => textable.test(phone));
  const looked: Looked[] = [];
  if (message !== null)
    for (let start = 0; start < asked.length; start += page)
      looked.push(
        ...(await lookAt({ ...work, now: at }, campaign, message, asked.slice(start, start + page), home.timeZone)),
      );
  const exact = size <= people.length;
  const scale = exact ? 1 : size / people.length;
  const scaled = (n: number) => Math.round(n * scale);
  const reached = looked.filter(({ verdict }) => verdict !== null && verdict.kind !== 'refuse');
  const countries = byCountry(reached);
  const perSecond = await rateOfSenders(
    work,
    new Set(reached.flatMap(({ sender }) => (sender === null ? [] : [sender]))),
  );
  const segments = scaled(sum(reached, segmentsOf));
  return {
    at: at.toISOString(),
    size,
    reach: { ...reach, consenting: [...reach.consenting] },
    looked_at: people.length,
    exact,
    reached: scaled(reached.length),
    outcomes: outcomesOf(looked).map((outcome) => ({ ...outcome, people: scaled(outcome.people) })),
    with_gaps: scaled(looked.filter(({ text }) => text.kind === 'text' && text.hasGaps).length),
    segments,
    by_country: countries.map((row) => ({
      country: row.country,
      people: scaled(row.people),
      segments: scaled(row.segments),
      micro_units: row.microUnits === null ? null : String(scaled(row.microUnits)),
    })),
    cost: { micro_units: String(scaled(sum(countries, ({ microUnits }) => microUnits ?? 0))), currency: home.currency },
    unpriced: scaled(reached.filter(({ facts }) => facts?.segmentPrice == null).length),
    per_second: perSecond,
    finishes_at: finishTime({
      at,
      people: scaled(reached.length),
      expected: size,
      segments,
      perSecond,
      pace: campaign.pace,
    }),
  };
}

const sum = <T>(rows: readonly T[], of: (row: T) => number): number => rows.reduce((total, row) => total + of(row), 0);

const segmentsOf = ({ facts }: Looked): number => facts?.segments ?? 0;

async function lookAt(
  work: Work,
  { schedule, flow_id: flowId }: CampaignRow,
  message: CampaignMessage,
  people: readonly ContactView[],
  workspaceZone: string,
): Promise<Looked[]> {
  const texts = await textsFor(work, message, people);
  const { purpose, media: mediaIds, shortenLinks } = message;
  const [files = []] = await readFiles(work, [{ mediaIds }]);
  const routing = withoutProbes(await readRouting(work, work.now));
  const hasMedia = mediaIds.length > 0;
  const addressees = people.map(({ id, phone }) => ({
    contactId: id,
    number: phone,
    purpose,
    preferredSender: null,
    hasMedia,
  }));
  const chosen = await chooseSenders(work, routing, addressees, work.now);
  const keys = people.map(({ id, phone }, index) => {
    const text = texts[index]?.kind === 'text' ? texts[index].text : '';
    const segments = countSegments(shortenLinks ? replaceLinks(text, () => reckonedShortLink) : text).segments;
    return {
      contactId: id,
      number: phone,
      purpose,
      lane: 'campaign' as const,
      text,
      segments,
      flowId,
      sender: chosen[index]?.sender.address ?? null,
      media: files,
      queued: null,
    };
  });
  const facts = await readFacts(work, keys);
  return people.map((person, index) => {
    const text = texts[index] ?? { kind: 'left_out', code: 'template_gone', values: {} };
    const found = facts[index] ?? null;
    const sender = chosen[index]?.sender.address ?? null;
    if (text.kind !== 'text' || found === null) return { person, text, facts: null, verdict: null, sender };
    const zone = firstZone(person.time_zone, workspaceZone);
    const verdict = askGate({ ...found, now: momentOf(schedule, zone, work.now) }, null);
    return { person, text, facts: found, verdict, sender };
  });
}

/** When somebody gets it: at local time when it is that time where they are. */
function momentOf(schedule: Schedule, zone: string, at: Date): Date {
  if (schedule.kind !== 'local') return at;
  const own = instantOf(Date.parse(`${schedule.date}T${schedule.time}:00Z`), zone);
  return new Date(Math.max(own, at.getTime()));
}

/** Why somebody does not get it, or not at once; null for whoever gets it at once. */
function whyNot({
  text,
  verdict,
}: Looked): { readonly kind: 'refuse' | 'later' | 'left_out'; readonly reason: Reason } | null {
  if (text.kind === 'left_out') return { kind: 'left_out', reason: { code: text.code, values: text.values } };
  return verdict === null || verdict.kind === 'send' ? null : { kind: verdict.kind, reason: verdict.reason };
}

function outcomesOf(looked: readonly Looked[]): CampaignCheck['outcomes'] {
  const found = looked.flatMap((each) => {
    const why = whyNot(each);
    return why === null ? [] : [{ ...why, person: each.person }];
  });
  return [...Map.groupBy(found, ({ kind, reason }) => `${kind} ${reason.code}`).values()]
    .sort((a, b) => b.length - a.length)
    .flatMap((those) => {
      const [first] = those;
      if (first === undefined) return [];
      const { kind, reason } = first;
      const samples = those.slice(0, mostSamples).map(({ person: { id, first_name, last_name, phone } }) => ({
        contact_id: shown('contact', id),
        first_name,
        last_name,
        phone,
      }));
      return [
        { kind, code: reason.code, text: showReason(reason)?.text ?? reason.code, people: those.length, samples },
      ];
    });
}

function byCountry(reached: readonly Looked[]) {
  const grouped = Map.groupBy(reached, ({ facts }) => facts?.place.country ?? null);
  return [...grouped]
    .map(([country, rows]) => {
      const prices = rows.map(({ facts }) =>
        facts?.segmentPrice == null ? null : facts.segmentPrice * facts.segments,
      );
      const known = prices.filter((price) => price !== null);
      return {
        country,
        people: rows.length,
        segments: sum(rows, segmentsOf),
        microUnits: known.length === 0 ? null : sum(known, (price) => price),
      };
    })
    .sort((a, b) => b.people - a.people);
}
