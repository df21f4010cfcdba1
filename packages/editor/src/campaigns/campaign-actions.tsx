import type { Campaign } from '@signalbox/engine/campaigns/contract';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  Archive,
  ArchiveRestore,
  CircleStop,
  Copy,
  Ellipsis,
  MousePointerClick,
  Pause,
  Play,
  Rocket,
  Trash2,
} from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx';
import { LaunchDialog } from './launch-dialog.tsx';
import { showCampaign } from './queries.ts';
import { ResumeDialog } from './resume-dialog.tsx';
import type { Editing } from './use-edits.ts';

type Asking = 'launch' | 'resume' | 'cancel' | 'remove' | null;

/** What can be done with a campaign as it stands: one thing first, the rest in a menu. */
export function CampaignActions({ campaign, editing }: { readonly campaign: Campaign; readonly editing: Editing }) {
  const [asking, setAsking] = useState<Asking>(null);
  const navigate = useNavigate();
  const { id, state, name } = campaign;
  const failed = (error: unknown) => {
    setAsking(null);
    toast.error(problemLine(problemFrom(error)));
  };
  const act = useMutation({
    mutationFn: (what: 'pause' | 'cancel' | 'restore') => request<Campaign>('POST', `/campaigns/${id}/${what}`),
    onSuccess: (changed) => {
      showCampaign(changed);
      setAsking(null);
    },
    onError: failed,
  });
  const duplicate = useMutation({
    mutationFn: (audience: 'same' | 'not_clicked') =>
      request<Campaign>('POST', `/campaigns/${id}/duplicate`, { body: { audience }, idempotencyKey: randomId() }),
    onSuccess: (made) => {
      showCampaign(made);
      toast.success(t('campaigns.duplicated', { name: made.name }));
      void navigate({ to: '/campaigns/$campaignId', params: { campaignId: made.id } });
    },
    onError: failed,
  });
  const remove = useMutation({
    mutationFn: () => request('DELETE', `/campaigns/${id}`, { revision: campaign.revision }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['campaigns'] });
      void navigate({ to: '/campaigns' });
    },
    onError: failed,
  });
  const isUnderWay = state === 'scheduled' || state === 'running' || state === 'paused';
  const isArchived = campaign.archived_at !== null;
  return (
    <>
      <Menu
        trigger={
          <Button size="icon" aria-label={t('campaigns.more')}>
            <Ellipsis aria-hidden />
          </Button>
        }
      >
        <MenuItem icon={Copy} onSelect={() => duplicate.mutate('same')}>
          {t('campaigns.duplicate')}
        </MenuItem>
        {campaign.people.let_in > 0 ? (
          <MenuItem icon={MousePointerClick} onSelect={() => duplicate.mutate('not_clicked')}>
            {t('campaigns.not_clicked')}
          </MenuItem>
        ) : null}
        <MenuLine />
        {isUnderWay ? (
          <MenuItem icon={CircleStop} danger onSelect={() => setAsking('cancel')}>
            {t('campaigns.cancel')}
          </MenuItem>
        ) : isArchived ? (
          <MenuItem icon={ArchiveRestore} onSelect={() => act.mutate('restore')}>
            {t('campaigns.restore')}
          </MenuItem>
        ) : (
          <MenuItem
            icon={state === 'draft' ? Trash2 : Archive}
            danger={state === 'draft'}
            onSelect={() => setAsking('remove')}
          >
            {t(state === 'draft' ? 'campaigns.delete' : 'campaigns.archive')}
          </MenuItem>
        )}
      </Menu>
      {editing.isDirty && isUnderWay ? (
        <>
          <Button onClick={editing.discard}>{t('campaigns.discard')}</Button>
          <Button kind="primary" disabled={editing.isSaving} onClick={() => void editing.save()}>
            {t('campaigns.apply')}
          </Button>
        </>
      ) : null}
      {state === 'draft' ? (
        <Button kind="primary" onClick={() => setAsking('launch')}>
          <Rocket aria-hidden />
          {t('campaigns.launch')}
        </Button>
      ) : null}
      {(state === 'scheduled' || state === 'running') && !editing.isDirty ? (
        <Button disabled={act.isPending} onClick={() => act.mutate('pause')}>
          <Pause aria-hidden />
          {t('campaigns.pause')}
        </Button>
      ) : null}
      {state === 'paused' && !editing.isDirty ? (
        <Button kind="primary" onClick={() => setAsking('resume')}>
          <Play aria-hidden />
          {t('campaigns.resume')}
        </Button>
      ) : null}
      {asking === 'launch' ? (
        <LaunchDialog campaign={campaign} editing={editing} onClose={() => setAsking(null)} />
      ) : null}
      {asking === 'resume' ? <ResumeDialog campaign={campaign} onClose={() => setAsking(null)} /> : null}
      <Confirm
        open={asking === 'cancel'}
        onOpenChange={(open) => setAsking(open ? 'cancel' : null)}
        title={t('campaigns.cancel_of', { name })}
        description={t('campaigns.cancel.text', { n: campaign.progress.sent })}
        confirm={t('campaigns.cancel')}
        danger
        busy={act.isPending}
        onConfirm={() => act.mutate('cancel')}
      />
      <Confirm
        open={asking === 'remove'}
        onOpenChange={(open) => setAsking(open ? 'remove' : null)}
        title={t(state === 'draft' ? 'campaigns.delete_of' : 'campaigns.archive_of', { name })}
        description={t(state === 'draft' ? 'campaigns.delete.text' : 'campaigns.archive.text')}
        confirm={t(state === 'draft' ? 'campaigns.delete' : 'campaigns.archive')}
        danger={state === 'draft'}
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      />
    </>
  );
}
