import type { Flow } from '@signalbox/engine/flows/contract';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { toast } from 'sonner';
import type { FlowProblem } from '../flow-model/flow-problems.ts';
import type { JsonSchema } from '../flow-model/json-schema.ts';
import { SchemaForm } from '../forms/schema-form.tsx';
import { ApiError, problemFrom } from '../lib/api.ts';
import { formNote } from '../lib/form-problems.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { FormProblem } from '../ui/field.tsx';
import { saveReply } from './save-reply.ts';
import { type SimpleFlow, schemaWith, textSchema } from './simple-flow.ts';

type FormProps = {
  readonly id: string;
  /** What it was until now; null for a new one. */
  readonly flow: Flow | null;
  readonly simple: SimpleFlow;
  /** The fields of the trigger that stand above the text. */
  readonly above?: readonly string[];
  /** Those that nobody sets here. */
  readonly without?: readonly string[];
  /** What the flow is called. */
  readonly nameOf: (simple: SimpleFlow) => string;
  readonly onDone: () => void;
  /** Stands beside the button that saves. */
  readonly children?: ReactNode;
};

const none: readonly string[] = [];

function isFlow(value: unknown): value is Flow {
  return typeof value === 'object' && value !== null && 'graph' in value && 'revision' in value;
}

/** A trigger and the text that answers it: saved as an ordinary flow, and published. */
export function ReplyForm({ id, flow, simple, above = none, without = none, nameOf, onDone, children }: FormProps) {
  const [edits, setEdits] = useState<SimpleFlow | null>(null);
  // What is edited is what it was when the first edit was made: whoever changed it meanwhile is not overwritten unseen.
  const [base, setBase] = useState<Flow | null>(null);
  const [problems, setProblems] = useState<readonly FlowProblem[]>([]);
  const draft = edits ?? simple;
  const triggerType = simple.trigger.type;
  const aboveSchema = useMemo(() => schemaWith(triggerType, (field) => above.includes(field)), [triggerType, above]);
  const belowSchema = useMemo(
    () => schemaWith(triggerType, (field) => !above.includes(field) && !without.includes(field)),
    [triggerType, above, without],
  );
  const sendSchema = useMemo(textSchema, []);
  const name = nameOf(draft);
  const edit = (next: SimpleFlow) => {
    if (edits === null) setBase(flow);
    setEdits(next);
  };
  const save = useMutation({
    mutationFn: () => saveReply(base, name, draft),
    onSuccess: (result) => {
      setProblems(result.problems);
      if (result.flow === null) return;
      setBase(result.flow);
      if (result.problems.length > 0) return;
      setEdits(null);
      toast.success(t('replies.saved', { name }));
      onDone();
    },
    onError: (error) => {
      if (error instanceof ApiError && error.problem.status === 412 && isFlow(error.problem.current))
        setBase(error.problem.current);
    },
  });
  const problem = save.isError ? problemFrom(save.error) : null;
  const note = formNote(problem, [], {
    title: t('replies.changed_elsewhere'),
    action: t('replies.save_again'),
  });
  const at = (stepId: string) => problems.filter((each) => each.stepId === stepId);
  const triggerForm = (place: string, schema: JsonSchema) => (
    <SchemaForm
      id={`${id}-${place}`}
      schema={schema}
      values={draft.trigger.config}
      problems={at(draft.trigger.id)}
      disabled={false}
      onChange={(config) => edit({ ...draft, trigger: { ...draft.trigger, config } })}
    />
  );
  return (
    <form
      className="flex flex-col gap-5"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <FormProblem note={note} />
      {above.length === 0 ? null : triggerForm('above', aboveSchema)}
      <SchemaForm
        id={`${id}-text`}
        schema={sendSchema}
        values={draft.send.config}
        problems={at(draft.send.id)}
        disabled={false}
        onChange={(config) => edit({ ...draft, send: { ...draft.send, config } })}
      />
      {triggerForm('below', belowSchema)}
      <div className="flex flex-wrap items-center gap-2">
        <Button
          kind={edits === null && flow !== null ? 'plain' : 'primary'}
          type="submit"
          disabled={save.isPending || (edits === null && flow !== null)}
        >
          {t('replies.save')}
        </Button>
        {children}
      </div>
    </form>
  );
}
