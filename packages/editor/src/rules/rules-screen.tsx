import type { GateRuleDocument } from '@signalbox/engine/gate/contract';
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import type { FlowProblem } from '../flow-model/flow-problems.ts';
import type { JsonSchema } from '../flow-model/json-schema.ts';
import { toJson } from '../flow-model/library.ts';
import { SchemaForm } from '../forms/schema-form.tsx';
import { ApiError, type Page, problemFrom, request } from '../lib/api.ts';
import { formNote } from '../lib/form-problems.ts';
import { queryClient } from '../lib/queries.ts';
import { t, tr } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { FormProblem } from '../ui/field.tsx';
import { Section } from '../ui/section.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';

const rulesQuery = queryOptions({
  queryKey: ['rules'],
  queryFn: ({ signal }) => request<Page<GateRuleDocument>>('GET', '/gate/rules', { signal }),
});

type Values = Parameters<Parameters<typeof SchemaForm>[0]['onChange']>[0];

const valuesOf = (settings: GateRuleDocument['settings']): Values =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, toJson(value)]));

/** The rules that every message passes, those with something to set before the others. */
export function RulesScreen() {
  const rules = useQuery(rulesQuery);
  const sorted = [...(rules.data?.data ?? [])].sort(
    (a, b) => Number(a.settings_schema === null) - Number(b.settings_schema === null) || a.title.localeCompare(b.title),
  );
  return (
    <>
      <TopBar title={<ScreenTitle>{t('rules.title')}</ScreenTitle>} pageTitle={t('rules.title')} />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-3xl flex-col gap-4 px-4 py-5 md:px-8 md:py-7">
          <p className="text-pretty text-ink-2 text-sm">{t('rules.intro')}</p>
          {rules.isPending ? <Skeleton className="h-120" /> : null}
          {rules.isError ? (
            <ErrorState problem={problemFrom(rules.error)} onRetry={() => void rules.refetch()} />
          ) : null}
          {sorted.map((rule) => (
            <Rule key={rule.id} rule={rule} />
          ))}
        </div>
      </div>
    </>
  );
}

function isRule(value: unknown): value is GateRuleDocument {
  return typeof value === 'object' && value !== null && 'settings' in value && 'revision' in value;
}

function keep(next: GateRuleDocument): void {
  queryClient.setQueryData(rulesQuery.queryKey, (old) =>
    old === undefined ? old : { ...old, data: old.data.map((each) => (each.id === next.id ? next : each)) },
  );
}

/** One rule with its form. What nobody can set says what it sees to. */
function Rule({ rule }: { readonly rule: GateRuleDocument }) {
  const schema: JsonSchema | null = rule.settings_schema;
  const [edits, setEdits] = useState<Values | null>(null);
  const save = useMutation({
    mutationFn: (settings: Values) =>
      request<GateRuleDocument>('PATCH', `/gate/rules/${rule.id}`, { body: { settings }, revision: rule.revision }),
    onSuccess: (next) => {
      keep(next);
      setEdits(null);
      toast.success(t('rules.saved', { rule: tr(rule.title) }));
    },
    onError: (error) => {
      if (error instanceof ApiError && error.problem.status === 412 && isRule(error.problem.current))
        keep(error.problem.current);
    },
  });
  const problem = save.isError ? problemFrom(save.error) : null;
  const errors = (problem?.errors ?? []).filter(({ path }) => path[0] === 'settings');
  const problems = errors.map(
    ({ path, code, message }): FlowProblem => ({
      code,
      severity: 'error',
      stepId: null,
      path: path.slice(1),
      title: tr(message),
      action: '',
    }),
  );
  const above = formNote(
    problem,
    errors.map(({ path }) => path.join('.')),
    { title: t('rules.changed_elsewhere'), action: t('rules.save_again') },
  );
  return (
    <Section title={tr(rule.title)} text={tr(rule.says)}>
      {schema === null ? (
        <p className="text-ink-3 text-sm">{t('rules.always')}</p>
      ) : (
        <form
          className="flex flex-col gap-5"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (edits !== null) save.mutate(edits);
          }}
        >
          <FormProblem note={above} />
          <SchemaForm
            id={`rule-${rule.id}`}
            schema={schema}
            values={edits ?? valuesOf(rule.settings)}
            problems={problems}
            disabled={false}
            onChange={(values) => setEdits(values)}
          />
          <div className="flex gap-2">
            <Button
              kind={edits === null ? 'plain' : 'primary'}
              type="submit"
              disabled={edits === null || save.isPending}
            >
              {t('rules.save')}
            </Button>
            {edits === null ? null : (
              <Button
                onClick={() => {
                  save.reset();
                  setEdits(null);
                }}
              >
                {t('action.discard')}
              </Button>
            )}
          </div>
        </form>
      )}
    </Section>
  );
}
