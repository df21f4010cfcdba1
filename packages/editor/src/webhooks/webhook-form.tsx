import type { EventTypeDescription, Webhook } from '@signalbox/engine/integrations/contract';
import { useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { formNote } from '../lib/form-problems.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { FormProblem } from '../ui/field.tsx';
import { Section } from '../ui/section.tsx';
import { useWebhookChange } from './use-webhook-change.ts';
import { placedFields, WebhookFields, type WebhookValues } from './webhook-fields.tsx';

const sameTypes = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((type) => b.includes(type));

/** Where it is and what it hears of; what was changed is sent, and nothing else. */
export function WebhookForm({
  webhook,
  types,
}: {
  readonly webhook: Webhook;
  readonly types: readonly EventTypeDescription[];
}) {
  const [edits, setEdits] = useState<Partial<WebhookValues>>({});
  const save = useWebhookChange(webhook, () => t('webhook.saved'));
  const values = { url: webhook.url, description: webhook.description, types: webhook.types, ...edits };
  const changed = {
    ...(values.url === webhook.url ? {} : { url: values.url }),
    ...(values.description === webhook.description ? {} : { description: values.description }),
    ...(sameTypes(values.types, webhook.types) ? {} : { types: values.types }),
  };
  const dirty = Object.keys(changed).length > 0;
  const problem = save.isError ? problemFrom(save.error) : null;
  const above = formNote(problem, placedFields(problem), {
    title: t('webhook.changed_elsewhere'),
    action: t('webhook.save_again'),
  });
  return (
    <Section title={t('webhook.details')}>
      <form
        className="flex flex-col gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ method: 'PATCH', body: changed }, { onSuccess: () => setEdits({}) });
        }}
      >
        <WebhookFields id="webhook" types={types} values={values} onChange={setEdits} problem={problem} />
        <FormProblem note={above} />
        <div className="flex gap-2">
          <Button kind="primary" type="submit" disabled={!dirty || save.isPending}>
            {t('webhook.save')}
          </Button>
          {dirty ? <Button onClick={() => setEdits({})}>{t('action.discard')}</Button> : null}
        </div>
      </form>
    </Section>
  );
}
