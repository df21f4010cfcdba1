import type { Template, TemplateVersion } from '@signalbox/engine/templates/contract';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, request } from '../lib/api.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t, tr } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, FieldProblem, FormProblem } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { ContentDiff } from './content-diff.tsx';
import { templateVersionsQuery } from './queries.ts';
import { showTemplate } from './use-draft.ts';

/** Publishes what is written as the next version, with what changes against the one before and what keeps it from it. */
export function PublishDialog({
  template,
  onPublished,
  onClose,
}: {
  readonly template: Template;
  readonly onPublished: (template: Template) => void;
  readonly onClose: () => void;
}) {
  const [note, setNote] = useState('');
  const next = (template.newest ?? 0) + 1;
  const versions = useInfiniteQuery(templateVersionsQuery(template.id));
  const before: TemplateVersion | undefined = versions.data?.pages[0]?.data[0];
  const errors = template.problems.filter(({ severity }) => severity === 'error');
  const publish = useMutation({
    mutationFn: () =>
      request<Template>('POST', `/message-templates/${template.id}/publish`, {
        body: { note },
        revision: template.revision,
        idempotencyKey: randomId(),
      }),
    onSuccess: (published) => {
      showTemplate(published);
      void queryClient.invalidateQueries({ queryKey: ['templates'] });
      toast.success(t('templates.published', { n: next, name: template.name }));
      onPublished(published);
    },
  });
  const problem = publish.isError ? problemFrom(publish.error) : null;
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('templates.publish_n', { n: next })}
      description={t(template.newest === null ? 'templates.publish.first' : 'templates.publish.text')}
      width="max-w-2xl"
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" disabled={errors.length > 0 || publish.isPending} onClick={() => publish.mutate()}>
            {t('templates.publish_n', { n: next })}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <FormProblem
          note={problem === null ? null : { severity: 'error', title: `${problem.title}.`, action: problem.action }}
        />
        {template.problems.length === 0 ? null : (
          <ul aria-label={t('templates.problems')} className="flex flex-col gap-1.5">
            {template.problems.map(({ code, severity, title, action, path }) => (
              <li key={`${code} ${path.join('.')} ${title}`}>
                <FieldProblem
                  note={{ severity: severity === 'error' ? 'error' : 'warning', title: tr(title), action: tr(action) }}
                />
              </li>
            ))}
          </ul>
        )}
        <Field id="publish-note" label={t('templates.note')} help={t('templates.note.help')}>
          <Input
            id="publish-note"
            value={note}
            maxLength={200}
            aria-describedby="publish-note-help"
            onChange={(event) => setNote(event.target.value)}
          />
        </Field>
        {before === undefined ? null : (
          <section aria-label={t('templates.diff.title', { n: before.number })}>
            <h2 className="mb-2 font-semibold text-sm">{t('templates.diff.title', { n: before.number })}</h2>
            <ContentDiff before={before.content} after={template.content} />
          </section>
        )}
      </div>
    </Dialog>
  );
}
