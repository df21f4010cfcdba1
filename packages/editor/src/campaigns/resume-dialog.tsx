import type { Campaign } from '@signalbox/engine/campaigns/contract';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { problemFrom, request } from '../lib/api.ts';
import { formNote } from '../lib/form-problems.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { FormProblem } from '../ui/field.tsx';
import { PaceFields } from './pace-fields.tsx';
import { showCampaign } from './queries.ts';

/** Goes on with a paused campaign, at the pace that is chosen here. */
export function ResumeDialog({ campaign, onClose }: { readonly campaign: Campaign; readonly onClose: () => void }) {
  const [pace, setPace] = useState(campaign.pace);
  const resume = useMutation({
    mutationFn: () => request<Campaign>('POST', `/campaigns/${campaign.id}/resume`, { body: { pace } }),
    onSuccess: (resumed) => {
      showCampaign(resumed);
      onClose();
    },
  });
  const problem = resume.isError ? problemFrom(resume.error) : null;
  const note = formNote(problem, ['pace.hours', 'pace.people_per_hour'], {
    title: t('campaigns.changed_elsewhere'),
    action: t('campaigns.look_again'),
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t('campaigns.resume_of', { name: campaign.name })}
      description={t('campaigns.resume.text')}
      width="max-w-md"
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" disabled={resume.isPending} onClick={() => resume.mutate()}>
            {t('campaigns.resume')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <FormProblem note={note} />
        <PaceFields
          editing={{
            shown: { pace },
            problem,
            edit: (edits) => {
              if (edits.pace !== undefined) setPace(edits.pace);
            },
          }}
          disabled={false}
        />
      </div>
    </Dialog>
  );
}
