import type { Flow } from '@signalbox/engine/api/contract';
import { useMutation } from '@tanstack/react-query';
import { Archive, CirclePause, CirclePlay, CircleStop, EllipsisVertical, PencilLine } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { counts } from '../lib/counts-store.ts';
import { flowQuery, queryClient } from '../lib/queries.ts';
import { type MessageKey, t } from '../lib/translate.ts';
import { Confirm } from '../ui/confirm.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { ArchiveConfirm } from './archive-confirm.tsx';
import { DescribeDialog } from './describe-dialog.tsx';

type Action = 'pause' | 'resume' | 'stop';

const texts: Readonly<Record<Action, { title: MessageKey; text: MessageKey; confirm: MessageKey; done: MessageKey }>> =
  {
    pause: { title: 'pause.title', text: 'pause.text', confirm: 'pause.confirm', done: 'pause.done' },
    resume: { title: 'resume.title', text: 'resume.text', confirm: 'resume.confirm', done: 'resume.done' },
    stop: { title: 'stop.title', text: 'stop.text', confirm: 'stop.confirm', done: 'stop.done' },
  };

/** Describing, pausing, resuming, stopping and archiving a flow; what changes it for people asks first and says what it does. */
export function FlowMenu({ flow }: { readonly flow: Flow }) {
  const [asking, setAsking] = useState<Action | null>(null);
  const [opened, setOpened] = useState<'describe' | 'archive' | null>(null);
  const act = useMutation({
    mutationFn: (action: Action) =>
      request<Flow>('POST', `/flows/${flow.id}/${action}`, { idempotencyKey: crypto.randomUUID() }),
    onSuccess: (next, action) => {
      queryClient.setQueryData(flowQuery(flow.id).queryKey, next);
      void queryClient.invalidateQueries({ queryKey: ['flows'] });
      toast.success(t(texts[action].done, { flow: flow.name }));
      setAsking(null);
    },
  });
  const drawn = flow.kind === 'drawn';
  if (flow.state === 'draft' && !drawn) return null;
  const here = flow.graph.steps.reduce((sum, step) => sum + (counts.step(flow.id, step.id)?.here ?? 0), 0);
  const shown = asking ?? 'pause';
  return (
    <>
      <Menu trigger={<IconButton icon={EllipsisVertical} label={t('flow.menu')} />}>
        {drawn ? (
          <MenuItem icon={PencilLine} onSelect={() => setOpened('describe')}>
            {t('describe.title')}
          </MenuItem>
        ) : null}
        {flow.state === 'live' ? (
          <MenuItem icon={CirclePause} onSelect={() => setAsking('pause')}>
            {t('pause.confirm')}
          </MenuItem>
        ) : null}
        {flow.state === 'paused' ? (
          <MenuItem icon={CirclePlay} onSelect={() => setAsking('resume')}>
            {t('resume.confirm')}
          </MenuItem>
        ) : null}
        {flow.state === 'live' || flow.state === 'paused' ? (
          <MenuItem icon={CircleStop} danger onSelect={() => setAsking('stop')}>
            {t('stop.confirm')}
          </MenuItem>
        ) : null}
        {drawn && (flow.state === 'draft' || flow.state === 'stopped') ? (
          <MenuItem icon={Archive} danger onSelect={() => setOpened('archive')}>
            {t('archive.confirm')}
          </MenuItem>
        ) : null}
        {flow.state === 'stopped' ? (
          <p className="max-w-60 px-2 py-1.5 text-ink-3 text-sm">{t('stop.is_stopped')}</p>
        ) : null}
      </Menu>
      <Confirm
        open={asking !== null}
        onOpenChange={(open) => {
          if (open) return;
          setAsking(null);
          act.reset();
        }}
        title={t(texts[shown].title, { flow: flow.name })}
        description={t(texts[shown].text, { n: here })}
        confirm={t(texts[shown].confirm)}
        danger={shown === 'stop'}
        busy={act.isPending}
        onConfirm={() => asking !== null && act.mutate(asking)}
      >
        {act.isError ? (
          <p role="alert" className="text-sm text-stop">
            {problemLine(problemFrom(act.error))}
          </p>
        ) : null}
      </Confirm>
      {opened === 'describe' ? <DescribeDialog onClose={() => setOpened(null)} /> : null}
      <ArchiveConfirm flow={flow} open={opened === 'archive'} onClose={() => setOpened(null)} />
    </>
  );
}
