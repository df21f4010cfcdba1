import type { Workspace } from '@signalbox/engine/access/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { ApiError, problemFrom, request } from '../lib/api.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { queryClient } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { ZoneField } from '../people/zone-field.tsx';
import { Button } from '../ui/button.tsx';
import { Field, FieldProblem } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Section } from '../ui/section.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';

const workspaceQuery = {
  queryKey: ['workspace'],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) => request<Workspace>('GET', '/workspace', { signal }),
};

type Values = { name: string; time_zone: string };
const valuesOf = ({ name, time_zone }: Workspace): Values => ({ name, time_zone });

function isWorkspace(value: unknown): value is Workspace {
  return typeof value === 'object' && value !== null && 'revision' in value && 'time_zone' in value;
}

/** What holds for the whole workspace. */
export function SettingsScreen() {
  const workspace = useQuery(workspaceQuery);
  return (
    <>
      <TopBar title={<ScreenTitle>{t('settings.title')}</ScreenTitle>} pageTitle={t('settings.title')} />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-3xl px-4 py-5 md:px-8 md:py-7">
          {workspace.isPending ? <Skeleton className="h-56" /> : null}
          {workspace.isError ? (
            <ErrorState problem={problemFrom(workspace.error)} onRetry={() => void workspace.refetch()} />
          ) : null}
          {workspace.data === undefined ? null : <WorkspaceForm workspace={workspace.data} />}
        </div>
      </div>
    </>
  );
}

/** Saved with the revision it was read at: a change made elsewhere is not written over. */
function WorkspaceForm({ workspace }: { readonly workspace: Workspace }) {
  const form = useForm<Values>({ defaultValues: valuesOf(workspace) });
  const { isDirty, dirtyFields } = form.formState;
  useEffect(() => form.reset(valuesOf(workspace), { keepDirtyValues: true }), [workspace, form]);
  const save = useMutation({
    mutationFn: (values: Values) => {
      const body = Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(dirtyFields, name)));
      return request<Workspace>('PATCH', '/workspace', { body, revision: workspace.revision });
    },
    onSuccess: (next) => {
      queryClient.setQueryData(workspaceQuery.queryKey, next);
      void queryClient.invalidateQueries({ queryKey: ['session'] });
      form.reset(valuesOf(next));
      toast.success(t('settings.saved'));
    },
    onError: (error) => {
      if (error instanceof ApiError && error.problem.status === 412 && isWorkspace(error.problem.current))
        queryClient.setQueryData(workspaceQuery.queryKey, error.problem.current);
    },
  });
  const problem = save.isError ? problemFrom(save.error) : null;
  const above = formNote(problem, ['name', 'time_zone'], {
    title: t('settings.changed_elsewhere'),
    action: t('settings.save_again'),
  });
  return (
    <Section title={t('settings.workspace')} text={t('settings.workspace.text')}>
      <form className="flex flex-col gap-4" noValidate onSubmit={form.handleSubmit((values) => save.mutate(values))}>
        {above === null ? null : (
          <div role="alert">
            <FieldProblem note={above} />
          </div>
        )}
        <Field
          id="workspace-name"
          label={t('settings.name')}
          help={t('settings.name.help')}
          notes={fieldNotes(problem, 'name')}
        >
          <Input
            id="workspace-name"
            maxLength={80}
            autoComplete="organization"
            aria-invalid={fieldNotes(problem, 'name').length > 0 || undefined}
            aria-describedby="workspace-name-help workspace-name-problems"
            {...form.register('name')}
          />
        </Field>
        <Controller
          control={form.control}
          name="time_zone"
          render={({ field }) => (
            <ZoneField
              id="workspace-zone"
              value={field.value}
              onChange={field.onChange}
              notes={fieldNotes(problem, 'time_zone')}
              required={t('settings.zone.help')}
            />
          )}
        />
        <div className="flex gap-2">
          <Button kind="primary" type="submit" disabled={!isDirty || save.isPending}>
            {t('settings.save')}
          </Button>
          {isDirty ? <Button onClick={() => form.reset(valuesOf(workspace))}>{t('action.discard')}</Button> : null}
        </div>
      </form>
    </Section>
  );
}
