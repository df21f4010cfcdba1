import type { Segment } from '@signalbox/engine/segments/contract';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { toast } from 'sonner';
import type { FlowProblem } from '../flow-model/flow-problems.ts';
import { ConditionControl } from '../forms/condition-control.tsx';
import { ConditionPlace } from '../forms/condition-place.ts';
import { problemFrom, request } from '../lib/api.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { segmentsQuery } from '../lib/segments.ts';
import { t } from '../lib/translate.ts';
import { Field, FormProblem } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Section } from '../ui/section.tsx';
import { conditionProblems } from './condition-problems.ts';
import { Preview } from './preview.tsx';
import { segmentQuery } from './queries.ts';

/** Whoever wrote to us lately: a condition to begin with. */
const firstCondition = { field: 'messages.received', op: 'happened', within_days: 30 };

/** The form that the screen's button sends off. */
export const segmentForm = 'segment-form';

/** A segment's name and condition, with whom it fits beside it. */
export function SegmentForm({ segment }: { readonly segment: Segment | null }) {
  const [name, setName] = useState(segment?.name ?? '');
  const [condition, setCondition] = useState<unknown>(segment?.condition ?? firstCondition);
  const navigate = useNavigate();
  const save = useMutation({
    mutationFn: () =>
      segment === null
        ? request<Segment>('POST', '/segments', { body: { name, condition }, idempotencyKey: randomId() })
        : request<Segment>('PATCH', `/segments/${segment.id}`, {
            body: { name, condition },
            revision: segment.revision,
          }),
    onSuccess: (saved) => {
      queryClient.setQueryData(segmentQuery(saved.id).queryKey, saved);
      void queryClient.invalidateQueries({ queryKey: segmentsQuery.queryKey });
      toast.success(t('segments.saved', { name: saved.name }));
      if (segment === null)
        void navigate({ to: '/contacts/segments/$segmentId', params: { segmentId: saved.id }, replace: true });
    },
  });
  const problem = save.isError ? problemFrom(save.error) : null;
  const refused = conditionProblems(problem);
  const above = formNote(
    problem,
    [
      'name',
      ...(problem?.errors ?? []).filter(({ path }) => path[0] === 'condition').map(({ path }) => path.join('.')),
    ],
    { title: t('segments.changed_elsewhere'), action: t('segments.look_again') },
  );
  const [found, setFound] = useState<readonly FlowProblem[]>([]);
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,22rem)]">
      <Section title={t('segments.condition')} text={t('segments.condition.text')}>
        <form
          id={segmentForm}
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            if (!save.isPending) save.mutate();
          }}
        >
          <FormProblem note={above} />
          <Field id="segment-name" label={t('segments.name')} notes={fieldNotes(problem, 'name')}>
            <Input
              id="segment-name"
              value={name}
              maxLength={80}
              placeholder={t('segments.name.placeholder')}
              aria-describedby="segment-name-problems"
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
          <ConditionPlace value="segment">
            <ConditionControl
              id="segment-condition"
              label={t('segments.condition')}
              ui={null}
              schema={{}}
              value={condition}
              beside={() => undefined}
              onChange={(next) => {
                setCondition(next);
                if (save.isError) save.reset();
              }}
              problems={refused.length > 0 ? refused : found}
              disabled={false}
            />
          </ConditionPlace>
        </form>
      </Section>
      <div className="lg:sticky lg:top-0">
        <Preview condition={condition} segmentId={segment?.id ?? null} onProblems={setFound} />
      </div>
    </div>
  );
}
