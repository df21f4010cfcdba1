import type { FlowSummary } from '@signalbox/engine/flows/contract';
import { showKey } from '@signalbox/nodes/define/trigger';
import { keywordMatches, matchKeyword } from '@signalbox/nodes/text/keywords';
import { t } from '../lib/translate.ts';

/** Said on the phone about a text that starts nothing, with the flow that it is about where that is not on screen. */
export type PhoneNotice = { readonly text: string; readonly flow: Pick<FlowSummary, 'id' | 'name'> | null };

/** Why a text that calls for a keyword of some flow starts nothing; null where a live flow has the keyword, or none has it. */
export function quietKeyword(flows: readonly FlowSummary[], text: string): PhoneNotice | null {
  const calls = (triggers: FlowSummary['draft_triggers']) =>
    triggers.find(
      ({ kind, value, match }) =>
        kind === 'keyword' &&
        matchKeyword(text, value, keywordMatches.find((known) => known === match) ?? 'first_word'),
    );
  if (flows.some((flow) => flow.state === 'live' && calls(flow.triggers) !== undefined)) return null;
  for (const flow of flows) {
    const found = calls([...flow.draft_triggers, ...flow.triggers]);
    if (found === undefined) continue;
    const values = { flow: flow.name, keyword: showKey('keyword', found.value) };
    const notice = flow.state === 'live' ? t('phone.other_unpublished', values) : t('phone.other_not_live', values);
    return { text: notice, flow };
  }
  return null;
}
