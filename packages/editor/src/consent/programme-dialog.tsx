import type { Programme } from '@signalbox/engine/programmes/contract';
import { purposes } from '@signalbox/nodes/define/ports';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { problemFrom, request } from '../lib/api.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { queryClient } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, FormProblem } from '../ui/field.tsx';
import { Input, Textarea } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';

/** Adds something that people sign up for; of one that is there, another version of its words. */
export function ProgrammeDialog({
  programme,
  onClose,
}: {
  readonly programme: Programme | null;
  readonly onClose: () => void;
}) {
  const newest = programme?.versions[0];
  const [name, setName] = useState('');
  const [brand, setBrand] = useState('');
  const [purpose, setPurpose] = useState<string>(programme?.purpose ?? 'marketing');
  const [disclosure, setDisclosure] = useState(newest?.disclosure ?? '');
  const [question, setQuestion] = useState(newest?.question ?? '');
  const words = { disclosure, question: purpose === 'marketing' && question.trim() !== '' ? question : null };
  const save = useMutation({
    mutationFn: () =>
      programme === null
        ? request<Programme>('POST', '/consent/programmes', { body: { name, brand, purpose, ...words } })
        : request<Programme>('POST', `/consent/programmes/${programme.id}/versions`, {
            body: words,
            revision: programme.revision,
          }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['programmes'] });
      onClose();
    },
  });
  const problem = save.isError ? problemFrom(save.error) : null;
  const above = formNote(problem, ['name', 'brand', 'disclosure', 'question'], {
    title: t('programmes.changed_elsewhere'),
    action: t('programmes.look_again'),
  });
  const title = programme === null ? t('programmes.add') : t('programmes.reword_of', { name: programme.name });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={title}
      description={t(programme === null ? 'programmes.add_text' : 'programmes.reword_text')}
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" disabled={save.isPending} onClick={() => save.mutate()}>
            {t(programme === null ? 'programmes.save' : 'programmes.save_version')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <FormProblem note={above} />
        {programme === null ? (
          <>
            <Field id="programme-name" label={t('programmes.name')} notes={fieldNotes(problem, 'name')}>
              <Input
                id="programme-name"
                value={name}
                maxLength={100}
                onChange={(event) => setName(event.target.value)}
              />
            </Field>
            <Field id="programme-brand" label={t('programmes.brand')} notes={fieldNotes(problem, 'brand')}>
              <Input
                id="programme-brand"
                value={brand}
                maxLength={60}
                onChange={(event) => setBrand(event.target.value)}
              />
            </Field>
            <Field id="programme-purpose" label={t('programmes.purpose')}>
              <Select
                id="programme-purpose"
                label={t('programmes.purpose')}
                value={purpose}
                choices={purposes.map((value) => ({ value, label: t(`purpose.${value}`) }))}
                onChange={setPurpose}
              />
            </Field>
          </>
        ) : null}
        <Field
          id="programme-disclosure"
          label={t('programmes.disclosure')}
          help={t('programmes.disclosure_help')}
          notes={fieldNotes(problem, 'disclosure')}
        >
          <Textarea
            id="programme-disclosure"
            rows={4}
            value={disclosure}
            maxLength={4000}
            aria-describedby="programme-disclosure-help programme-disclosure-problems"
            onChange={(event) => setDisclosure(event.target.value)}
          />
        </Field>
        {purpose === 'marketing' ? (
          <Field
            id="programme-question"
            label={t('programmes.question')}
            help={t('programmes.question_help')}
            notes={fieldNotes(problem, 'question')}
          >
            <Textarea
              id="programme-question"
              rows={3}
              value={question}
              maxLength={640}
              aria-describedby="programme-question-help programme-question-problems"
              onChange={(event) => setQuestion(event.target.value)}
            />
          </Field>
        ) : null}
      </div>
    </Dialog>
  );
}
