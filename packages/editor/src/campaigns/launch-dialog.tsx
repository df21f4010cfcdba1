import type { Campaign } from '@signalbox/engine/campaigns/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { toast } from 'sonner';
import { problemAdvice, problemFrom, request } from '../lib/api.ts';
import { formatExact } from '../lib/format.ts';
import { shownAmount } from '../lib/micro-units.ts';
import { t, tr } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { FieldProblem } from '../ui/field.tsx';
import { checkQuery, showCampaign } from './queries.ts';
import { scheduleInWords } from './schedule-words.ts';
import type { Editing } from './use-edits.ts';

/** What will happen, once more, before it does. */
export function LaunchDialog({
  campaign,
  editing,
  onClose,
}: {
  readonly campaign: Campaign;
  readonly editing: Editing;
  readonly onClose: () => void;
}) {
  const { data: check } = useQuery(checkQuery(campaign.id, campaign.revision));
  const launch = useMutation({
    mutationFn: async () => {
      const saved = await editing.save();
      if (saved === null) return null;
      return request<Campaign>('POST', `/campaigns/${campaign.id}/launch`, { revision: saved.revision });
    },
    onSuccess: (launched) => {
      if (launched !== null) {
        showCampaign(launched);
        toast.success(t('campaigns.launched', { name: launched.name }));
      }
      onClose();
    },
  });
  const problem = launch.isError ? problemFrom(launch.error) : null;
  const lines = [
    ...(problem?.errors ?? []).map(({ message }) => message),
    ...(problem?.problems ?? []).filter(({ severity }) => severity === 'error').map(({ title }) => tr(title)),
  ];
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t('campaigns.launch_of', { name: campaign.name })}
      description={t('campaigns.launch.text')}
      width="max-w-lg"
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" disabled={launch.isPending} onClick={() => launch.mutate()}>
            {t('campaigns.launch')}
          </Button>
        </>
      }
    >
      <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-2">
        <dt className="text-ink-3">{t('campaigns.audience')}</dt>
        <dd dir="auto" className="first-letter:uppercase [overflow-wrap:anywhere]">
          {tr(campaign.audience_sentence)}
        </dd>
        <dt className="text-ink-3">{t('campaigns.check.reached_short')}</dt>
        <dd className="num">{check === undefined ? '…' : t('campaigns.people_n', { n: check.reached })}</dd>
        <dt className="text-ink-3">{t('campaigns.schedule')}</dt>
        <dd>{scheduleInWords(editing.shown.schedule)}</dd>
        <dt className="text-ink-3">{t('campaigns.check.cost')}</dt>
        <dd className="num">
          {check === undefined ? '…' : shownAmount(check.cost.micro_units, check.cost.currency)}
          {check === undefined || check.unpriced === 0 ? null : (
            <span className="text-ink-3"> {t('campaigns.check.unpriced', { n: check.unpriced })}</span>
          )}
        </dd>
        <dt className="text-ink-3">{t('campaigns.check.finishes')}</dt>
        <dd>
          {check === undefined || check.finishes_at === null
            ? t('campaigns.check.finishes.unknown')
            : formatExact(check.finishes_at)}
        </dd>
      </dl>
      {problem === null ? null : (
        <div role="alert" className="mt-4 flex flex-col gap-1">
          <FieldProblem
            note={{
              severity: 'error',
              title: `${problem.title}.`,
              action: lines.length > 0 ? '' : problemAdvice(problem),
            }}
          />
          {lines.map((line) => (
            <FieldProblem key={line} note={{ severity: 'error', title: line, action: '' }} />
          ))}
        </div>
      )}
    </Dialog>
  );
}
