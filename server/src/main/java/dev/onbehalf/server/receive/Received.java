package dev.onbehalf.server.receive;

import java.util.List;
import java.util.Set;

/**
 * One entity on its way into the store.
 *
 * @param identity digest of what identifies it
 * @param sequenceNumber orders its updates
 * @param updatedMillis when it last changed, as its sender says
 * @param document its JSON
 * @param issueKeys the issues it belongs to, in capitals
 * @param properties digests of the properties it came with
 */
@SuppressWarnings("ArrayRecordComponent")
record Received(
    byte[] identity,
    long sequenceNumber,
    long updatedMillis,
    byte[] document,
    Set<String> issueKeys,
    List<byte[]> properties) {}
