import type { EventTypeDescription, Webhook } from '@signalbox/engine/integrations/contract';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, request } from '../lib/api.ts';
import { formNote } from '../lib/form-problems.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { FormProblem } from '../ui/field.tsx';
import { placedFields, WebhookFields, type WebhookValues } from './webhook-fields.tsx';

/** Adds a webhook, and goes to its page, where its secret is. */
export function AddWebhookDialog({
  types,
  onClose,
}: {
  readonly types: readonly EventTypeDescription[];
  readonly onClose: () => void;
}) {
  const navigate = useNavigate();
  const [values, setValues] = useState<WebhookValues>({ url: '', description: '', types: [] });
  const add = useMutation({
    mutationFn: () => request<Webhook>('POST', '/webhooks', { body: values, idempotencyKey: randomId() }),
    onSuccess: (webhook) => {
      void queryClient.invalidateQueries({ queryKey: ['webhooks'] });
      toast.success(t('webhook.added'));
      onClose();
      void navigate({ to: '/settings/webhooks/$webhookId', params: { webhookId: webhook.id } });
    },
  });
  const problem = add.isError ? problemFrom(add.error) : null;
  const above = formNote(problem, placedFields(problem), {
    title: problem?.title ?? '',
    action: problem?.action ?? '',
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('webhooks.add')}
      description={t('webhooks.add.text')}
      width="max-w-2xl"
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" type="submit" form="add-webhook-form" disabled={add.isPending}>
            {t('webhooks.add')}
          </Button>
        </>
      }
    >
      <form
        id="add-webhook-form"
        className="flex flex-col gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <FormProblem note={above} />
        <WebhookFields id="add-webhook" types={types} values={values} onChange={setValues} problem={problem} />
      </form>
    </Dialog>
  );
}
