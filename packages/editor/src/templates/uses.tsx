import type { Template, TemplateUse } from '@signalbox/engine/templates/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { NotebookText, Workflow } from 'lucide-react';
import { problemFrom } from '../lib/api.ts';
import { t } from '../lib/translate.ts';
import { Section } from '../ui/section.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { templateUsesQuery } from './queries.ts';

/** The flows that send it, and of a snippet also the templates that name it. */
export function Uses({ template }: { readonly template: Template }) {
  const uses = useQuery(templateUsesQuery(template.id));
  return (
    <Section title={t('templates.uses')}>
      {uses.isPending ? <Skeleton className="h-12" /> : null}
      {uses.isError ? (
        <ErrorState problem={problemFrom(uses.error)} onRetry={() => void uses.refetch()} className="py-4" />
      ) : null}
      {uses.data?.length === 0 ? (
        <p className="text-ink-3 text-sm">
          {template.key === null ? t('templates.uses.none') : t('templates.uses.none_snippet', { key: template.key })}
        </p>
      ) : null}
      {uses.data === undefined || uses.data.length === 0 ? null : (
        <ul aria-label={t('templates.uses')} className="divide-y divide-line rounded-md border border-line">
          {uses.data.map((use) => (
            <Use key={use.id} use={use} />
          ))}
        </ul>
      )}
    </Section>
  );
}

const linkLook = 'min-w-0 font-medium text-sm [overflow-wrap:anywhere] hover:underline';

function Use({ use }: { readonly use: TemplateUse }) {
  const { kind, id, name, live, follows, versions } = use;
  const Icon = kind === 'template' ? NotebookText : Workflow;
  const what = [
    follows ? t('templates.uses.newest') : null,
    versions.length === 0 ? null : t('templates.uses.versions', { versions: versions.join(', '), n: versions.length }),
    live ? null : t('templates.uses.not_live'),
  ];
  return (
    <li className="flex items-start gap-2.5 px-3 py-2">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" />
      <div className="min-w-0">
        {kind === 'template' ? (
          <Link to="/messages/templates/$templateId" params={{ templateId: id }} dir="auto" className={linkLook}>
            {name}
          </Link>
        ) : (
          <Link to="/flows/$flowId" params={{ flowId: id }} dir="auto" className={linkLook}>
            {name}
          </Link>
        )}
        <p className="text-ink-3 text-sm">{what.filter((each) => each !== null).join(' · ')}</p>
      </div>
    </li>
  );
}
