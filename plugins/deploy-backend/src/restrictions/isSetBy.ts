/**
 * Whether a hold or a quarantine in force was set by this call, or by an earlier attempt of the same
 * operation, whose process died before it could say so.
 */
export function isSetBy(
  row: { id: string; operation_id?: string | null },
  call: { id: string; operationId?: string },
): boolean {
  return (
    row.id === call.id ||
    (call.operationId !== undefined && row.operation_id === call.operationId)
  );
}
