package dev.onbehalf.server.provider;

import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.Sealer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The rows that belong to a consumer: its lists and its credentials. */
final class ConsumerDetails {
  static final String CALLBACK = "callback";
  static final String APPLICATION = "application";
  static final String PERMISSION = "permission";
  static final String IMPERSONABLE_USER = "impersonable-user";
  static final String IMPERSONABLE_GROUP = "impersonable-group";

  private final Sealer sealer;

  ConsumerDetails(Sealer sealer) {
    this.sealer = sealer;
  }

  /** The lists of one consumer, in order. */
  record Lists(
      Map<String, List<String>> items,
      List<ConsumerPublicKey> publicKeys,
      List<ConsumerSecret> sharedSecrets) {
    static final Lists NONE = new Lists(Map.of(), List.of(), List.of());

    static Lists empty() {
      return new Lists(new HashMap<>(), new ArrayList<>(), new ArrayList<>());
    }

    List<String> of(String kind) {
      return items.getOrDefault(kind, List.of());
    }
  }

  Map<String, Lists> load(Handle handle, @Nullable String key) {
    Map<String, Lists> all = new HashMap<>();
    String where = key == null ? "" : " WHERE consumer_key = :key";
    bindKey(
            handle.createQuery(
                "SELECT consumer_key, kind, content FROM consumer_item"
                    + where
                    + " ORDER BY consumer_key, kind, place"),
            key)
        .map(
            (row, context) ->
                all.computeIfAbsent(row.getString("consumer_key"), k -> Lists.empty())
                    .items()
                    .computeIfAbsent(row.getString("kind"), k -> new ArrayList<>())
                    .add(row.getString("content")))
        .list();
    bindKey(
            handle.createQuery(
                "SELECT id, consumer_key, public_key, sealed_secret, created_ms, last_used_ms"
                    + " FROM consumer_credential"
                    + where
                    + " ORDER BY consumer_key, place"),
            key)
        .map(
            (row, context) -> {
              Lists lists = all.computeIfAbsent(row.getString("consumer_key"), k -> Lists.empty());
              String id = row.getString("id");
              Instant created = Rows.instant(row, "created_ms");
              Instant lastUsed = Rows.nullableInstant(row, "last_used_ms");
              byte[] publicKey = row.getBytes("public_key");
              if (publicKey != null) {
                return lists
                    .publicKeys()
                    .add(
                        new ConsumerPublicKey(
                            id, KeyCodec.publicKey(publicKey), created, lastUsed));
              }
              return lists
                  .sharedSecrets()
                  .add(
                      new ConsumerSecret(
                          id,
                          sealer.open(row.getBytes("sealed_secret"), context(id)),
                          created,
                          lastUsed));
            })
        .list();
    return all;
  }

  void insertItems(Handle handle, Consumer consumer) {
    insert(
        handle,
        consumer.key(),
        CALLBACK,
        consumer.callbacks().stream().map(CallbackUrl::text).toList());
    insert(handle, consumer.key(), APPLICATION, consumer.applications());
    insert(handle, consumer.key(), PERMISSION, consumer.limits().permissions().texts());
    insert(handle, consumer.key(), IMPERSONABLE_USER, consumer.limits().impersonation().users());
    insert(handle, consumer.key(), IMPERSONABLE_GROUP, consumer.limits().impersonation().groups());
  }

  /** Adds the credentials that are new and removes those that are retired. */
  void syncCredentials(Handle handle, Consumer consumer) {
    Set<String> stored =
        new HashSet<>(
            handle
                .createQuery("SELECT id FROM consumer_credential WHERE consumer_key = ?")
                .bind(0, consumer.key())
                .mapTo(String.class)
                .list());
    int place = 0;
    for (ConsumerPublicKey key : consumer.publicKeys()) {
      put(
          handle,
          consumer.key(),
          stored.remove(key.id()),
          key.id(),
          place++,
          key.key().getEncoded(),
          null,
          key.created());
    }
    for (ConsumerSecret secret : consumer.sharedSecrets()) {
      put(
          handle,
          consumer.key(),
          stored.remove(secret.id()),
          secret.id(),
          place++,
          null,
          sealer.seal(secret.value(), context(secret.id())),
          secret.created());
    }
    for (String retired : stored) {
      handle.execute("DELETE FROM consumer_credential WHERE id = ?", retired);
    }
  }

  void noteUse(Database database, Map<String, Instant> lastUsed) {
    database.execute(handle -> Rows.noteUse(handle, "consumer_credential", lastUsed));
  }

  private static void insert(Handle handle, String key, String kind, Collection<String> contents) {
    int place = 0;
    for (String content : contents) {
      handle.execute(
          "INSERT INTO consumer_item (consumer_key, kind, place, content) VALUES (?, ?, ?, ?)",
          key,
          kind,
          place++,
          content);
    }
  }

  private static void put(
      Handle handle,
      String key,
      boolean stored,
      String id,
      int place,
      byte @Nullable [] publicKey,
      byte @Nullable [] sealedSecret,
      Instant created) {
    if (stored) {
      handle.execute("UPDATE consumer_credential SET place = ? WHERE id = ?", place, id);
      return;
    }
    handle
        .createUpdate(
            "INSERT INTO consumer_credential"
                + " (id, consumer_key, place, public_key, sealed_secret, created_ms)"
                + " VALUES (:id, :key, :place, :publicKey, :sealedSecret, :created)")
        .bind("id", id)
        .bind("key", key)
        .bind("place", place)
        .bind("publicKey", publicKey)
        .bind("sealedSecret", sealedSecret)
        .bind("created", created.toEpochMilli())
        .execute();
  }

  private static Query bindKey(Query query, @Nullable String key) {
    return key == null ? query : query.bind("key", key);
  }

  private static String context(String credentialId) {
    return "consumer-secret:" + credentialId;
  }
}
