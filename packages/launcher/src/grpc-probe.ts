import { connect, constants } from 'node:http2';

/** A length-delimited protobuf field number 1 holding a short ASCII text, in gRPC's five-byte frame. */
function frame(text: string): Buffer {
  const bytes = Buffer.from(text, 'ascii');
  const message = Buffer.concat([Buffer.from([0x0a, bytes.length]), bytes]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/**
 * Asks a Temporal server to describe a namespace, without loading its SDK into the launcher.
 * Resolves to true when it answers with success within the time.
 */
export function namespaceAnswers(address: string, namespace: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connect(`http://${address}`);
    let settled = false;
    const finish = (ok: boolean) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      session.destroy();
      resolve(ok);
    };
    const timer = setTimeout(finish, timeoutMs, false);
    session.once('error', () => finish(false));
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: '/temporal.api.workflowservice.v1.WorkflowService/DescribeNamespace',
      [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
      te: 'trailers',
    });
    stream.once('error', () => finish(false));
    const readStatus = (headers: { readonly 'grpc-status'?: unknown }) => {
      if (headers['grpc-status'] !== undefined) finish(String(headers['grpc-status']) === '0');
    };
    stream.once('response', (headers) => readStatus({ 'grpc-status': headers['grpc-status'] }));
    stream.once('trailers', (headers) => readStatus({ 'grpc-status': headers['grpc-status'] }));
    stream.resume();
    stream.end(frame(namespace));
  });
}
