package dev.onbehalf.server.audit;

import dev.onbehalf.server.store.Sealer;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * How the trail is chained: each record's hash covers its fields and the hash before it, and the
 * chain's two ends are sealed with the keyset, so that neither an altered, missing or moved record
 * nor a cut-off end goes unnoticed.
 */
final class AuditChain {
  /** What comes before the first record. */
  static final byte[] START = new byte[32];

  private AuditChain() {}

  /**
   * The two ends of the chain.
   *
   * @param baseId the last record that retention removed; 0 for none
   * @param baseHash its hash
   * @param lastId the newest record
   * @param lastHash its hash
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Ends(long baseId, byte[] baseHash, long lastId, byte[] lastHash) {

    byte[] seal(Sealer sealer) {
      HexFormat hex = HexFormat.of();
      return sealer.fingerprint(
          "audit-chain",
          baseId + ":" + hex.formatHex(baseHash) + ":" + lastId + ":" + hex.formatHex(lastHash));
    }
  }

  /** Returns the hash of a record that follows one with the hash {@code previous}. */
  static byte[] hash(byte[] previous, AuditRecord record) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      AuditEvent event = record.event();
      out.write(previous);
      out.writeLong(record.id());
      out.writeLong(event.at().toEpochMilli());
      text(out, event.requestId());
      text(out, event.action());
      text(out, event.outcome().name());
      text(out, event.consumer());
      text(out, event.person());
      text(out, event.actedAs());
      text(out, event.application());
      text(out, event.method());
      text(out, event.path());
      text(out, event.problem());
      text(out, event.detail());
      text(out, event.remoteAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }

  private static void text(DataOutputStream out, @Nullable String value) throws IOException {
    if (value == null) {
      out.writeInt(-1);
      return;
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
