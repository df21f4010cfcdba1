import type { Flow } from '@signalbox/engine/flows/contract';
import { showKey } from '@signalbox/nodes/define/trigger';
import { matchKeyword } from '@signalbox/nodes/text/keywords';
import type { FlowDocument } from '../flow-model/document.ts';
import { stepsOf } from '../flow-model/document.ts';
import { triggerOf } from '../flow-model/library.ts';
import { t } from '../lib/translate.ts';

/** The keyword among some steps that a text calls for. */
function calledFor(text: string, steps: Flow['graph']['steps']): string | undefined {
  for (const step of steps) {
    const trigger = triggerOf(step);
    if (trigger?.kind !== 'keyword') continue;
    const found = trigger.keys.find(({ key }) => matchKeyword(text, key, trigger.match ?? 'first_word'));
    if (found !== undefined) return showKey('keyword', found.key);
  }
  return undefined;
}

/** Why a text that calls for a keyword of the flow on screen starts nothing; null where it does, or calls for none. */
export function phoneNotice(flow: Flow, document: FlowDocument, text: string): string | null {
  const live = calledFor(text, flow.live_graph?.steps ?? []);
  const keyword = calledFor(text, stepsOf(document)) ?? live;
  if (keyword === undefined) return null;
  if (flow.state === 'paused') return t('phone.flow_paused', { keyword });
  if (flow.state === 'stopped') return t('phone.flow_stopped', { keyword });
  if (flow.state === 'draft') return t('phone.flow_not_live', { keyword });
  return live === undefined ? t('phone.keyword_not_live', { keyword }) : null;
}
