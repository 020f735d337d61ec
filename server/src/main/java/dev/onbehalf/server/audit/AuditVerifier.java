package dev.onbehalf.server.audit;

import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.Sealer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes the audit chain from its sealed beginning to its sealed end, a page at a time, while
 * events are appended and old ones removed.
 *
 * <p>Found is every record that was altered, removed, moved or added, at the ends too, by somebody
 * without the keyset. Not found is a database put back as a whole to an earlier state of its own:
 * compare {@link Report#lastId()} and {@link Report#lastHash()} with those of an earlier report.
 */
public final class AuditVerifier {
  private static final int PAGE = 2_000;

  private final Database database;
  private final Sealer sealer;

  /** Hears how far it is. */
  @FunctionalInterface
  public interface Progress {
    /** {@code done} of {@code total} records were recomputed. */
    void verified(long done, long total);
  }

  /**
   * What was found.
   *
   * @param firstId the oldest record that is kept; one more than {@code lastId} if none is
   * @param lastId the newest record when the verification began; 0 if there never was one
   * @param records how many were recomputed
   * @param lastHash hash of the newest record, in hexadecimal; it vouches for all before it
   * @param fault what is wrong, in one sentence; null if every record is as it was written
   */
  public record Report(
      long firstId, long lastId, long records, String lastHash, @Nullable String fault) {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Sealed(AuditChain.Ends ends, byte[] seal) {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Chained(AuditRecord record, byte[] hash) {}

  private static final class Fault extends Exception {
    private static final long serialVersionUID = 1;

    Fault(String sentence) {
      super(sentence);
    }
  }

  public AuditVerifier(Database database, Sealer sealer) {
    this.database = database;
    this.sealer = sealer;
  }

  /** Recomputes the whole chain as it stands now; what is appended meanwhile is left out. */
  public Report verify(Progress progress) {
    Walk walk = new Walk(progress);
    try {
      walk.run();
      return walk.report(null);
    } catch (Fault e) {
      return walk.report(e.getMessage());
    }
  }

  private final class Walk {
    private final Progress progress;
    private AuditChain.Ends ends = new AuditChain.Ends(0, AuditChain.START, 0, AuditChain.START);
    private long id;
    private byte[] hash = AuditChain.START;
    private long records;

    Walk(Progress progress) {
      this.progress = progress;
    }

    Report report(@Nullable String fault) {
      return new Report(
          ends.baseId() + 1,
          ends.lastId(),
          records,
          HexFormat.of().formatHex(ends.lastHash()),
          fault);
    }

    void run() throws Fault {
      Optional<AuditChain.Ends> found = readEnds();
      if (found.isEmpty()) {
        return;
      }
      ends = found.get();
      id = ends.baseId();
      hash = ends.baseHash();
      while (id < ends.lastId()) {
        List<Chained> page = database.read(this::page);
        if ((page.isEmpty() || page.get(0).record().id() != id + 1) && jumpToNewBase()) {
          continue;
        }
        if (page.isEmpty()) {
          throw new Fault("Record " + (id + 1) + " is missing.");
        }
        for (Chained chained : page) {
          follow(chained);
        }
        progress.verified(records, ends.lastId() - ends.baseId());
      }
      if (id == ends.lastId() && !MessageDigest.isEqual(hash, ends.lastHash())) {
        throw new Fault("Record " + id + " is not the one that was written last.");
      }
      noStrays();
    }

    private void follow(Chained chained) throws Fault {
      AuditRecord record = chained.record();
      if (record.id() != id + 1) {
        throw new Fault("Record " + (id + 1) + " is missing.");
      }
      hash = AuditChain.hash(hash, record);
      if (!MessageDigest.isEqual(hash, chained.hash())) {
        throw new Fault(
            "Record " + record.id() + " was altered, or stood elsewhere when it was written.");
      }
      id = record.id();
      records++;
    }

    /** Retention may have removed what would be read next. */
    private boolean jumpToNewBase() throws Fault {
      Optional<AuditChain.Ends> now = readEnds();
      if (now.isEmpty() || now.get().baseId() <= id) {
        return false;
      }
      id = now.get().baseId();
      hash = now.get().baseHash();
      return true;
    }

    private List<Chained> page(Handle handle) {
      return handle
          .createQuery(
              "SELECT "
                  + JdbiAuditStore.COLUMNS
                  + ", hash FROM audit_event WHERE id > ? AND id <= ? ORDER BY id LIMIT ?")
          .bind(0, id)
          .bind(1, ends.lastId())
          .bind(2, PAGE)
          .map((row, context) -> new Chained(JdbiAuditStore.record(row), row.getBytes("hash")))
          .list();
    }
  }

  private Optional<AuditChain.Ends> readEnds() throws Fault {
    Optional<Sealed> sealed =
        database.read(
            handle ->
                handle
                    .createQuery("SELECT * FROM audit_chain WHERE id = 1")
                    .map(
                        (row, context) ->
                            new Sealed(JdbiAuditStore.ends(row), row.getBytes("seal")))
                    .findOne());
    if (sealed.isEmpty()) {
      long strays = count("SELECT COUNT(*) FROM audit_event");
      if (strays > 0) {
        throw new Fault("There are " + strays + " records but no chain: its row was removed.");
      }
      return Optional.empty();
    }
    AuditChain.Ends ends = sealed.get().ends();
    if (!MessageDigest.isEqual(sealed.get().seal(), ends.seal(sealer))) {
      throw new Fault(
          "The seal of the chain's ends is broken: they were changed, or the keyset is another.");
    }
    return Optional.of(ends);
  }

  private void noStrays() throws Fault {
    long before =
        count(
            "SELECT COUNT(*) FROM audit_event"
                + " WHERE id <= (SELECT base_id FROM audit_chain WHERE id = 1)");
    long behind =
        count(
            "SELECT COUNT(*) FROM audit_event"
                + " WHERE id > (SELECT last_id FROM audit_chain WHERE id = 1)");
    if (before + behind > 0) {
      throw new Fault(
          "There are "
              + before
              + " records before the chain's beginning and "
              + behind
              + " behind its end that were not written by Onbehalf.");
    }
  }

  private long count(String sql) {
    return database.read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }
}
