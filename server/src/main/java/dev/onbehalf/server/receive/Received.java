package dev.onbehalf.server.receive;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One entity on its way into the store.
 *
 * @param kind name of its kind, or of the kind of part it is
 * @param parent digest of the identity of the entity it is a part of, of the kind of the request;
 *     null for an entity of its own
 * @param identity digest of what identifies it
 * @param sequenceNumber orders its updates
 * @param updatedMillis when it last changed, as its sender says
 * @param document its JSON
 * @param issueKeys the issues it belongs to, in capitals
 * @param absentKeys those of them that were said not to exist when it came
 * @param properties digests of the properties it came with
 * @param facets what it can be looked for by; null for what is only found by its issues
 */
@SuppressWarnings("ArrayRecordComponent")
record Received(
    String kind,
    byte @Nullable [] parent,
    byte[] identity,
    long sequenceNumber,
    long updatedMillis,
    byte[] document,
    Set<String> issueKeys,
    Set<String> absentKeys,
    List<byte[]> properties,
    @Nullable Facets facets) {

  /** One whose issues are all there. */
  Received(
      String kind,
      byte @Nullable [] parent,
      byte[] identity,
      long sequenceNumber,
      long updatedMillis,
      byte[] document,
      Set<String> issueKeys,
      List<byte[]> properties,
      @Nullable Facets facets) {
    this(
        kind,
        parent,
        identity,
        sequenceNumber,
        updatedMillis,
        document,
        issueKeys,
        Set.of(),
        properties,
        facets);
  }

  /** Kind of what no person sees, whatever is looked for. */
  static final String HIDDEN_KIND = "own";

  /** Returns it as it is stored where it is the server's own. */
  Received hidden() {
    return new Received(
        HIDDEN_KIND,
        parent,
        identity,
        sequenceNumber,
        updatedMillis,
        document,
        Set.of(),
        List.of(),
        null);
  }
}
