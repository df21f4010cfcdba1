/**
 * The ways out of the steps that a flow in code could have before a run's input named them. Runs that began then are read with this; it
 * never grows, and may go when none of them is open (docs/decisions/0005).
 */
const known: Readonly<Record<string, readonly string[]>> = {
  'check-consent': ['yes', 'no'],
  'record-consent': ['next'],
  'score-engagement': ['next'],
  'update-contact': ['next'],
  'send-sms': ['sent', 'not_sent'],
  'wait-for-reply': ['replied', 'timeout'],
};

/** The outlets of a declared step, in published order. */
export function outletsBefore({ type, config }: { readonly type: string; readonly config: object }): readonly string[] {
  return known[type] ?? [...branchIds(config), 'else'];
}

function branchIds(config: object): readonly string[] {
  const branches = 'branches' in config && Array.isArray(config.branches) ? config.branches : [];
  return branches.map((branch: { readonly id: string }) => branch.id);
}
