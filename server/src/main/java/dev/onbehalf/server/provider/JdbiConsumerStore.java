package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.server.access.ImpersonationLimits;
import dev.onbehalf.server.access.Permissions;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.Sealer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

/** Keeps consumers; shared secrets are sealed. */
final class JdbiConsumerStore {
  private static final String SELECT =
      "SELECT consumer_key, name, description, signature_method, three_legged, two_legged,"
          + " execute_as, impersonation, legacy_flow, enabled, protected_people, token_life_ms,"
          + " idle_limit_ms, created_ms, changed_ms FROM consumer";

  private static final String INSERT =
      "INSERT INTO consumer (consumer_key, folded_key, name, description, signature_method,"
          + " three_legged, two_legged, execute_as, impersonation, legacy_flow, enabled,"
          + " protected_people, token_life_ms, idle_limit_ms, created_ms, changed_ms)"
          + " VALUES (:key, :folded, :name, :description, :method, :threeLegged, :twoLegged,"
          + " :executeAs, :impersonation, :legacyFlow, :enabled, :protectedPeople, :tokenLife,"
          + " :idleLimit, :created, :changed) ON CONFLICT DO NOTHING";

  private static final String UPDATE =
      "UPDATE consumer SET name = :name, description = :description, signature_method = :method,"
          + " three_legged = :threeLegged, two_legged = :twoLegged, execute_as = :executeAs,"
          + " impersonation = :impersonation, legacy_flow = :legacyFlow, enabled = :enabled,"
          + " protected_people = :protectedPeople, token_life_ms = :tokenLife,"
          + " idle_limit_ms = :idleLimit, changed_ms = :changed WHERE consumer_key = :key";

  private final Database database;
  private final Changes changes;
  private final ConsumerDetails details;

  JdbiConsumerStore(Database database, Sealer sealer, Changes changes) {
    this.database = database;
    this.changes = changes;
    this.details = new ConsumerDetails(sealer);
  }

  /** Returns all consumers in the order of their keys. */
  List<Consumer> all() {
    return snapshot(null);
  }

  Optional<Consumer> find(String key) {
    return snapshot(key).stream().findFirst();
  }

  /**
   * Adds a consumer.
   *
   * @throws IllegalArgumentException if the key is taken, in this or another case
   */
  void add(Consumer consumer) {
    database.execute(
        handle -> {
          int added =
              handle
                  .createUpdate(INSERT)
                  .bindMap(columns(consumer))
                  .bind("folded", consumer.key().toLowerCase(Locale.ROOT))
                  .bind("created", consumer.created().toEpochMilli())
                  .execute();
          if (added == 0) {
            throw new IllegalArgumentException(
                "There is a consumer '"
                    + consumer.key()
                    + "' already, in this or another case; edit it or choose another key.");
          }
          details.insertItems(handle, consumer);
          details.syncCredentials(handle, consumer);
          changes.record(handle, Changes.Kind.CONSUMERS, null);
        });
  }

  /**
   * Changes a consumer by {@code edit}, which sees it as it is now and keeps its key.
   *
   * @return the consumer before and after
   * @throws IllegalArgumentException if there is none of that key, or {@code edit} throws it
   */
  Edited change(String key, UnaryOperator<Consumer> edit) {
    return database.write(
        handle -> {
          handle
              .createQuery("SELECT name FROM consumer WHERE consumer_key = ? FOR UPDATE")
              .bind(0, key)
              .mapTo(String.class)
              .findOne();
          Consumer before =
              load(handle, key).stream()
                  .findFirst()
                  .orElseThrow(
                      () -> new IllegalArgumentException("There is no consumer '" + key + "'."));
          Consumer after = edit.apply(before);
          if (!after.key().equals(key)) {
            throw new IllegalArgumentException("The key of a consumer cannot be changed.");
          }
          handle.createUpdate(UPDATE).bindMap(columns(after)).execute();
          handle.execute("DELETE FROM consumer_item WHERE consumer_key = ?", key);
          details.insertItems(handle, after);
          details.syncCredentials(handle, after);
          changes.record(handle, Changes.Kind.CONSUMERS, null);
          return new Edited(before, after);
        });
  }

  /** Removes a consumer with its tokens; says whether there was one. */
  boolean remove(String key) {
    return database.write(
        handle -> {
          int removed = handle.execute("DELETE FROM consumer WHERE consumer_key = ?", key);
          if (removed > 0) {
            changes.record(handle, Changes.Kind.CONSUMERS, null);
          }
          return removed > 0;
        });
  }

  /** Notes when credentials were used; a time before the one that is known is passed over. */
  void noteUse(Map<String, Instant> lastUsed) {
    details.noteUse(database, lastUsed);
  }

  record Edited(Consumer before, Consumer after) {}

  /** Reads the tables of a consumer as of one moment. */
  private List<Consumer> snapshot(@Nullable String key) {
    return database.read(
        handle ->
            handle.inTransaction(
                TransactionIsolationLevel.REPEATABLE_READ, inside -> load(inside, key)));
  }

  private List<Consumer> load(Handle handle, @Nullable String key) {
    String where = key == null ? "" : " WHERE consumer_key = :key";
    Map<String, ConsumerDetails.Lists> lists = details.load(handle, key);
    var query = handle.createQuery(SELECT + where + " ORDER BY consumer_key");
    if (key != null) {
      query.bind("key", key);
    }
    return query
        .map(
            (row, context) ->
                consumer(
                    row,
                    lists.getOrDefault(row.getString("consumer_key"), ConsumerDetails.Lists.NONE)))
        .list();
  }

  private static Consumer consumer(ResultSet row, ConsumerDetails.Lists lists) throws SQLException {
    return new Consumer(
        row.getString("consumer_key"),
        row.getString("name"),
        row.getString("description"),
        SignatureMethod.valueOf(row.getString("signature_method")),
        lists.publicKeys(),
        lists.sharedSecrets(),
        lists.of(ConsumerDetails.CALLBACK).stream().map(CallbackUrl::new).toList(),
        row.getBoolean("three_legged"),
        row.getBoolean("two_legged"),
        row.getString("execute_as"),
        row.getBoolean("impersonation"),
        row.getBoolean("legacy_flow"),
        new HashSet<>(lists.of(ConsumerDetails.APPLICATION)),
        row.getBoolean("enabled"),
        new ConsumerLimits(
            Permissions.parse(lists.of(ConsumerDetails.PERMISSION)),
            new ImpersonationLimits(
                new HashSet<>(lists.of(ConsumerDetails.IMPERSONABLE_USER)),
                new HashSet<>(lists.of(ConsumerDetails.IMPERSONABLE_GROUP)),
                row.getBoolean("protected_people")),
            Rows.nullableDuration(row, "token_life_ms"),
            Rows.nullableDuration(row, "idle_limit_ms")),
        Rows.instant(row, "created_ms"),
        Rows.instant(row, "changed_ms"));
  }

  private static Map<String, @Nullable Object> columns(Consumer consumer) {
    Map<String, @Nullable Object> columns = new HashMap<>();
    columns.put("key", consumer.key());
    columns.put("name", consumer.name());
    columns.put("description", consumer.description());
    columns.put("method", consumer.signatureMethod().name());
    columns.put("threeLegged", consumer.threeLegged());
    columns.put("twoLegged", consumer.twoLegged());
    columns.put("executeAs", consumer.executeAs());
    columns.put("impersonation", consumer.impersonation());
    columns.put("legacyFlow", consumer.legacyFlow());
    columns.put("enabled", consumer.enabled());
    columns.put("protectedPeople", consumer.limits().impersonation().protectedPeople());
    columns.put("tokenLife", Rows.millis(consumer.limits().tokenLife()));
    columns.put("idleLimit", Rows.millis(consumer.limits().idleLimit()));
    columns.put("changed", consumer.changed().toEpochMilli());
    return columns;
  }
}
