import type { Webhook } from '@signalbox/engine/integrations/contract';
import { useQuery } from '@tanstack/react-query';
import { Copy, Eye, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom } from '../lib/api.ts';
import { writeClipboard } from '../lib/clipboard.ts';
import { formNote } from '../lib/form-problems.ts';
import { formatExact } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { FormProblem } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Section } from '../ui/section.tsx';
import { Skeleton } from '../ui/states.tsx';
import { secretQuery } from './queries.ts';
import { useWebhookChange } from './use-webhook-change.ts';

/** What requests are signed with, shown once somebody asks for it, and made anew. */
export function WebhookSecretSection({ webhook }: { readonly webhook: Webhook }) {
  const [shown, setShown] = useState(false);
  const [asking, setAsking] = useState(false);
  const secret = useQuery({ ...secretQuery(webhook.id), enabled: shown });
  const rotate = useWebhookChange(webhook, () => t('webhook.rotate.done'));
  const failed = rotate.isError ? rotate.error : secret.isError ? secret.error : null;
  const problem = formNote(failed === null ? null : problemFrom(failed), [], {
    title: t('webhook.changed_elsewhere'),
    action: t('webhook.save_again'),
  });
  const previous = secret.data?.previous ?? null;
  return (
    <Section
      title={t('webhook.secret')}
      text={t('webhook.secret.text')}
      actions={
        <Button onClick={() => setAsking(true)}>
          <RefreshCw aria-hidden />
          {t('webhook.rotate')}
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        {shown ? (
          secret.data === undefined ? (
            secret.isError ? null : (
              <Skeleton className="h-9" />
            )
          ) : (
            <Secret what={t('webhook.secret.now')} text={secret.data.secret} />
          )
        ) : (
          <Button className="self-start" onClick={() => setShown(true)}>
            <Eye aria-hidden />
            {t('webhook.secret.show')}
          </Button>
        )}
        {shown && previous !== null ? (
          <Secret what={t('webhook.secret.previous', { at: formatExact(previous.until) })} text={previous.secret} />
        ) : null}
        <FormProblem note={problem} />
      </div>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('webhook.rotate.title')}
        description={t('webhook.rotate.text')}
        confirm={t('webhook.rotate')}
        busy={rotate.isPending}
        onConfirm={() =>
          rotate.mutate(
            { method: 'POST', path: '/rotate-secret', body: {} },
            { onSuccess: () => setShown(true), onSettled: () => setAsking(false) },
          )
        }
      />
    </Section>
  );
}

function Secret({ what, text }: { readonly what: string; readonly text: string }) {
  return (
    <div>
      <p className="mb-1 font-medium text-sm">{what}</p>
      <div className="flex items-center gap-1 rounded-md border border-line bg-sunken py-0.5 pr-0.5 pl-3">
        <code
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than its place is moved with the keyboard too
          tabIndex={0}
          className="thin-scroll min-w-0 flex-1 overflow-x-auto whitespace-nowrap py-1 text-xs"
        >
          {text}
        </code>
        <IconButton
          icon={Copy}
          size="icon-sm"
          label={t('webhook.secret.copy')}
          onClick={async () => {
            if (await writeClipboard(text)) toast.success(t('webhook.secret.copied'));
          }}
        />
      </div>
    </div>
  );
}
