import type { Campaign } from '@signalbox/engine/campaigns/contract';
import { Link } from '@tanstack/react-router';
import { Workflow } from 'lucide-react';
import type { FlowProblem } from '../flow-model/flow-problems.ts';
import { keptConfig, schemaOf, toConfig } from '../flow-model/library.ts';
import { SchemaForm } from '../forms/schema-form.tsx';
import { t, tr } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { FieldProblem } from '../ui/field.tsx';
import { Section } from '../ui/section.tsx';
import { messageType } from './message-node.ts';
import type { Editing } from './use-edits.ts';

/** What is wrong with the message, at its fields. */
function problemsOf({ problems, message }: Campaign, { problem }: Editing): FlowProblem[] {
  if (message === null) return [];
  const found = problems
    .filter(({ step_id: id, path }) => id === 'message' && path[0] === 'config')
    .map(
      ({ code, severity, path, title, action }): FlowProblem => ({
        code,
        severity: severity === 'error' ? 'error' : 'warning',
        stepId: 'message',
        path: path.slice(1),
        title: tr(title),
        action: tr(action),
      }),
    );
  const sent = (problem?.errors ?? [])
    .filter(({ path }) => path[0] === 'message')
    .map(
      ({ code, path, message: title }): FlowProblem => ({
        code,
        severity: 'error',
        stepId: 'message',
        path: path.slice(1),
        title,
        action: '',
      }),
    );
  return [...found, ...sent];
}

/** What the campaign says: the form of a step that sends a text. What was drawn further is on the canvas. */
export function MessageSection({
  campaign,
  editing,
  disabled,
}: {
  readonly campaign: Campaign;
  readonly editing: Editing;
  readonly disabled: boolean;
}) {
  const schema = schemaOf(messageType);
  const { message } = editing.shown;
  const problems = problemsOf(campaign, editing);
  const others = campaign.problems.filter(
    ({ step_id: id, severity }) => severity === 'error' && (message === null || id !== 'message'),
  );
  return (
    <Section
      title={t('campaigns.message')}
      text={t('campaigns.message.text')}
      actions={
        <Button asChild size="sm">
          <Link to="/flows/$flowId" params={{ flowId: campaign.flow_id }}>
            <Workflow aria-hidden />
            {t('campaigns.open_canvas')}
          </Link>
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        {campaign.drawn_further ? (
          <p className="rounded-md bg-action-soft px-3 py-2 text-sm">
            {t(message === null ? 'campaigns.message.on_canvas' : 'campaigns.message.drawn_further')}
          </p>
        ) : null}
        {others.map((problem) => (
          <FieldProblem
            key={`${problem.code} ${problem.step_id ?? ''}`}
            note={{ severity: 'error', title: tr(problem.title), action: tr(problem.action) }}
          />
        ))}
        {message === null || schema === null ? null : (
          <SchemaForm
            id="campaign-message"
            schema={schema}
            values={toConfig(message)}
            problems={problems}
            disabled={disabled}
            onChange={(values) => editing.edit({ message: keptConfig(values) })}
          />
        )}
      </div>
    </Section>
  );
}
