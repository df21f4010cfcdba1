/** The documents of the API as types, for its clients. Each room's contract has the schemas. */
export type { Session } from '../access/contract.ts';
export type { ConsentEvent, Contact, CreateContact, ImportResult, UpdateContact } from '../contacts/contract.ts';
export type { StreamEvent } from '../feed/contract.ts';
export type {
  Enrollment,
  EnrollmentDetail,
  Flow,
  FlowCounts,
  FlowSummary,
  FlowVersion,
  GraphProblem,
  StepCounts,
} from '../flows/contract.ts';
export type { Problem } from '../http/contract.ts';
export type { Conversation, Message } from '../inbox/contract.ts';
