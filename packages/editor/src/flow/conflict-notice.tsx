import type { Flow } from '@signalbox/engine/flows/contract';
import type { Step } from '@signalbox/nodes/flow/graph';
import { GitMerge } from 'lucide-react';
import { useFlow, useOpenFlow } from '../canvas/flow-context.tsx';
import type { FlowDocument } from '../flow-model/document.ts';
import type { Overwritten, SaveState } from '../flow-model/flow-state.ts';
import { fullTextOf, viewOf } from '../flow-model/library.ts';
import { t } from '../lib/translate.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';

type Conflict = Extract<SaveState, { kind: 'conflict' }>;

/** One thing that two people wrote differently. */
type Pair = { readonly id: string; readonly name: string; readonly mine: string; readonly theirs: string };

/** Two people changed the same thing: shows what each wrote, and asks which of it shall stand. */
export function ConflictNotice({ flow, save }: { readonly flow: Flow; readonly save: Conflict }) {
  const { store } = useOpenFlow();
  const document = useFlow((state) => state.document);
  const pairs = save.steps.map((what) => pairAt(what, document, save.theirs));
  return (
    <Banner
      tone="wait"
      icon={GitMerge}
      title={t('conflict.title', { flow: flow.name })}
      text={t('conflict.text')}
      urgent
      below={<Pairs pairs={pairs} />}
    >
      <Button size="sm" onClick={() => store.getState().takeOther()}>
        {t('conflict.use_other')}
      </Button>
      <Button
        size="sm"
        kind="primary"
        onClick={() => {
          store.getState().reapply();
          void store.getState().flush();
        }}
      >
        {t('conflict.reapply')}
      </Button>
    </Banner>
  );
}

/** What was saved here was written over elsewhere: shows both, so that nobody's words go unseen. */
export function OverwrittenNotice({ overwritten }: { readonly overwritten: readonly Overwritten[] }) {
  const { store } = useOpenFlow();
  const pairs = overwritten.map(({ mine, theirs }) => pairOf(mine, theirs));
  return (
    <Banner
      tone="wait"
      icon={GitMerge}
      title={t('overwritten.title')}
      text={t('overwritten.text')}
      below={<Pairs pairs={pairs} />}
    >
      <Button size="sm" onClick={() => store.getState().settleOverwritten(null)}>
        {t('overwritten.keep')}
      </Button>
      <Button size="sm" kind="primary" onClick={() => store.getState().settleOverwritten(t('overwritten.done'))}>
        {t('overwritten.use_mine')}
      </Button>
    </Banner>
  );
}

function pairOf(mine: Step, theirs: Step): Pair {
  const [own, other] = [viewOf(mine), viewOf(theirs)];
  const same = fullTextOf(mine) === fullTextOf(theirs);
  return {
    id: mine.id,
    name: own.called,
    mine: same ? own.title : fullTextOf(mine),
    theirs: same ? other.title : fullTextOf(theirs),
  };
}

/** What both sides have at a step, or for the flow's name or description. */
function pairAt(what: string, document: FlowDocument, theirs: FlowDocument): Pair {
  const [mine, other] = [document.steps[what], theirs.steps[what]];
  if (mine !== undefined && other !== undefined) return pairOf(mine, other);
  const step = mine ?? other;
  if (step !== undefined) {
    const gone = t('conflict.deleted');
    const text = fullTextOf(step);
    return {
      id: what,
      name: viewOf(step).called,
      mine: mine === undefined ? gone : text,
      theirs: mine === undefined ? text : gone,
    };
  }
  return what === 'description'
    ? { id: what, name: t('conflict.description'), mine: document.description, theirs: theirs.description }
    : { id: what, name: t('conflict.name'), mine: document.name, theirs: theirs.name };
}

function Pairs({ pairs }: { readonly pairs: readonly Pair[] }) {
  return (
    <ul className="thin-scroll max-h-56 basis-full space-y-3 overflow-y-auto pb-1">
      {pairs.map(({ id, name, mine, theirs }) => (
        <li key={id}>
          <p dir="auto" className="font-medium [overflow-wrap:anywhere]">
            {name}
          </p>
          {mine === theirs ? null : (
            <dl className="mt-1 grid gap-2 sm:grid-cols-2">
              <Side term={t('conflict.mine')} text={mine} />
              <Side term={t('conflict.theirs')} text={theirs} />
            </dl>
          )}
        </li>
      ))}
    </ul>
  );
}

function Side({ term, text }: { readonly term: string; readonly text: string }) {
  return (
    <div className="min-w-0 rounded-md border border-line bg-surface px-3 py-2">
      <dt className="text-ink-3 text-xs">{term}</dt>
      <dd dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
        {text === '' ? <span className="text-ink-3">{t('conflict.empty')}</span> : text}
      </dd>
    </div>
  );
}
