import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { type Json, type Operation, operationsOf, schemasOf } from './operations.ts';

/** An answer as the judge needs it. */
export type Observed = {
  readonly operation: string;
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
};

/** Compares answers with a document: status, content type, shape. */
export function createJudge(document: unknown) {
  const components = { schemas: schemasOf(document) };
  const operations = new Map(operationsOf(document).map((operation) => [nameOf(operation), operation]));
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  formats.default(ajv);
  const compiled = new Map<string, ValidateFunction>();
  const validatorOf = (key: string, schema: Json): ValidateFunction => {
    const known = compiled.get(key) ?? ajv.compile({ components, ...schema });
    compiled.set(key, known);
    return known;
  };

  return {
    /** What is wrong with an answer, or null. */
    complaint({ operation, status, type, body }: Observed): string | null {
      const where = `${operation} answered ${status}`;
      if (status >= 500) return `${where}: ${JSON.stringify(body)}`;
      const response = operations.get(operation)?.responses[String(status)];
      if (response === undefined) return `${where}, which is not documented: ${JSON.stringify(body)}`;
      const contents = Object.keys(response.content ?? {});
      if (contents.length === 0)
        return body === '' || body === null ? null : `${where} with a body that is not documented`;
      const content = response.content?.[type];
      if (content === undefined) return `${where} as ${type}, documented are ${contents.join(', ')}`;
      if (type === 'text/event-stream') return null;
      const validate = validatorOf(`${operation} ${status}`, content.schema);
      return validate(body)
        ? null
        : `${where} with a body that does not fit: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(body).slice(0, 600)}`;
    },
    /** Documented 2xx answers that were never seen. */
    unreached(seen: ReadonlySet<string>): string[] {
      return [...operations.values()].flatMap((operation) =>
        Object.keys(operation.responses)
          .filter((status) => status.startsWith('2') && !seen.has(`${nameOf(operation)} ${status}`))
          .map((status) => `${nameOf(operation)} ${status}`),
      );
    },
  };
}

/** `GET /v1/flows`. */
export function nameOf(operation: Pick<Operation, 'method' | 'path'>): string {
  return `${operation.method} ${operation.path}`;
}
