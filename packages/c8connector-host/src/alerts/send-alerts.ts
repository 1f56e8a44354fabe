import { eventError, render, waitFor } from 'c8connector';
import type { Values } from '../document/document.ts';
import type { Host } from '../host.ts';
import type { RunView } from '../run/view.ts';
import { alertEvents } from './alert.ts';
import type { LoadedAlert } from './load-alerts.ts';
import { type AlertedFailure, type AlertMemory, alertedAfter, failuresOf, newFailures } from './memory.ts';
import { type AlertFields, alertMessage } from './message.ts';

/** The time limit for all alerts of a run together. */
const limitMilliseconds = 30_000;

/** What {@link sendAlerts} needs besides the alerts. */
export interface AlertRequest {
  /** The view of a run that has ended. */
  readonly view: RunView;
  /** The failures for which earlier runs have sent alerts; {} when unknown. */
  readonly memory: AlertMemory;
  /** Cancels the alerts that are not sent yet. */
  readonly signal: AbortSignal;
}

/**
 * Calls the integrations for what happened in a run, once for each kind of event, and resolves with the memory for the next run. Never rejects: when an
 * alert cannot be sent within 30 s, a warning is logged and its failures count as new in the next run, unless the integration reports `outcome_unknown`.
 */
export async function sendAlerts(
  alerts: readonly LoadedAlert[],
  request: AlertRequest,
  host: Pick<Host, 'log' | 'mask'>,
): Promise<AlertMemory> {
  const { view, memory } = request;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error('there was no answer in time')), limitMilliseconds);
  const sender = { host, signal: AbortSignal.any([limit.signal, request.signal]) };
  try {
    const after = await Promise.all(
      alerts.map(async (alert) => [alert.id, await sendAlert(alert, view, memory[alert.id] ?? [], sender)] as const),
    );
    return Object.fromEntries(after.filter(([, alerted]) => alerted.length > 0));
  } finally {
    clearTimeout(timer);
  }
}

interface Sender {
  readonly host: Pick<Host, 'log' | 'mask'>;
  readonly signal: AbortSignal;
}

/** The failures that count as alerted from now on. A failure whose alert was not sent is new again in the next run. */
async function sendAlert(
  alert: LoadedAlert,
  view: RunView,
  alerted: readonly AlertedFailure[],
  sender: Sender,
): Promise<readonly AlertedFailure[]> {
  const failures = newFailures(alerted, failuresOf(view));
  let isFailureSent = false;
  for (const event of alertEvents) {
    const input = alert.inputs[event];
    const fields = input === undefined ? undefined : alertMessage(event, view, failures);
    if (input === undefined || fields === undefined) continue;
    const isSent = await call(alert, input, fields, sender);
    if (event === 'failure') isFailureSent = isSent;
  }
  return alertedAfter(alerted, view, isFailureSent);
}

/** Whether the alert counts as sent. It does when the outcome is unknown, since an alert that is sent twice is noise. */
async function call(
  { integration, action, config }: LoadedAlert,
  input: Values,
  fields: AlertFields,
  { host: { log, mask }, signal }: Sender,
): Promise<boolean> {
  const masked = Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, mask(text)]));
  const filled = render(input, masked, (text) => integration.escape?.(text) ?? text);
  try {
    // An integration that ignores its signal must not keep the program from ending.
    const answered = await waitFor(integration.call(action, config, filled, { signal, log }), { signal });
    if (answered === undefined) throw signal.reason;
    return true;
  } catch (error) {
    const { code, message } = eventError(error);
    const { event } = fields;
    const isUnknown = code === 'outcome_unknown';
    const warning = isUnknown
      ? 'it is unknown whether an alert was sent; it is not sent again'
      : 'an alert was not sent';
    log.warn(warning, { event, connector: integration.packageName, action, code, message });
    return isUnknown;
  }
}
