import type { Template } from '@signalbox/engine/templates/contract';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { problemFrom, request } from '../lib/api.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';
import { workspaceQuery } from '../lib/workspace.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, FormProblem } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';

/** Adds a template or a snippet, or renames one. */
export function NameDialog({
  template,
  onDone,
  onClose,
}: {
  readonly template: Template | null;
  readonly onDone: (template: Template) => void;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(template?.name ?? '');
  const [kind, setKind] = useState<string>('template');
  const save = useMutation({
    mutationFn: async () => {
      if (template !== null)
        return request<Template>('PATCH', `/message-templates/${template.id}`, {
          body: { name },
          revision: template.revision,
        });
      const { language } = await queryClient.fetchQuery({ ...workspaceQuery, staleTime: 60_000 });
      const content = { default_language: language, texts: [{ language, text: '', missing: [] }] };
      return request<Template>('POST', '/message-templates', {
        body: { kind, name, content },
        idempotencyKey: randomId(),
      });
    },
    onSuccess: (saved) => {
      void queryClient.invalidateQueries({ queryKey: ['templates'] });
      onDone(saved);
    },
  });
  const problem = save.isError ? problemFrom(save.error) : null;
  const above = formNote(problem, ['name', 'key'], {
    title: t('templates.changed_elsewhere'),
    action: t('fields.look_again'),
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={template === null ? t('templates.new') : t('templates.rename_of', { name: template.name })}
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" disabled={save.isPending || name.trim() === ''} onClick={() => save.mutate()}>
            {t(template === null ? 'templates.create' : 'templates.rename')}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '' && !save.isPending) save.mutate();
        }}
      >
        <FormProblem note={above} />
        <Field
          id="template-name"
          label={t('templates.name')}
          notes={[...fieldNotes(problem, 'name'), ...fieldNotes(problem, 'key')]}
        >
          <Input
            id="template-name"
            autoFocus
            value={name}
            maxLength={80}
            aria-describedby="template-name-problems"
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        {template === null ? (
          <Field id="template-kind" label={t('templates.kind')}>
            <Select
              id="template-kind"
              label={t('templates.kind')}
              value={kind}
              choices={[
                { value: 'template', label: t('templates.kind.template'), help: t('templates.kind.template.help') },
                { value: 'snippet', label: t('templates.kind.snippet'), help: t('templates.kind.snippet.help') },
              ]}
              onChange={setKind}
            />
          </Field>
        ) : null}
      </form>
    </Dialog>
  );
}
