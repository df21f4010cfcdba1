import type { Flow } from '@signalbox/engine/api/contract';
import { CircleAlert, GitMerge } from 'lucide-react';
import { problemAdvice } from '../lib/api.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { useFlow, useOpenFlow } from './flow-context.tsx';
import { viewOf } from './library.ts';

/** What stands between the edits and the server, with what to do about it. */
export function Notices({ flow }: { readonly flow: Flow }) {
  const { store } = useOpenFlow();
  const save = useFlow((state) => state.save);
  const saved = useFlow((state) => state.saved);
  const steps = useFlow((state) => state.document.steps);
  if (save.kind === 'refused') {
    return (
      <div
        role="alert"
        className="flex flex-wrap items-center gap-2.5 border-line border-b bg-stop-soft px-6 py-2 text-sm"
      >
        <CircleAlert aria-hidden className="size-4 shrink-0 text-stop" />
        <span className="min-w-60 flex-1">
          <strong>{save.problem.title}.</strong> {problemAdvice(save.problem)}
        </span>
        <Button
          size="sm"
          onClick={() =>
            store.getState().dispatch({ type: 'replace', document: saved }, { label: t('edit.discarded') })
          }
        >
          {t('save.discard')}
        </Button>
        <Button size="sm" kind="primary" onClick={() => void store.getState().flush()}>
          {t('action.try_again')}
        </Button>
      </div>
    );
  }
  if (save.kind !== 'conflict') return null;
  const names = save.steps.map((id) => {
    const step = steps[id] ?? save.theirs.steps[id];
    if (step !== undefined) return viewOf(step).title;
    return t(id === 'description' ? 'conflict.description' : 'conflict.name');
  });
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-b bg-wait-soft px-6 py-2.5 text-sm"
    >
      <GitMerge aria-hidden className="size-4 shrink-0 text-wait" />
      <p className="min-w-60 flex-1">
        <strong>{t('conflict.title', { flow: flow.name })}</strong>{' '}
        {t('conflict.text', { places: [...new Set(names)].join(', ') })}
      </p>
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
    </div>
  );
}
